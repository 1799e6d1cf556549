"""The command line: what it prints, what it writes, and how it refuses."""

from __future__ import annotations

import contextlib
import json
import os
import signal
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from types import ModuleType, SimpleNamespace
from typing import Any

import numpy as np
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import sim.comparison
from sim.cli import main
from sim.commands import progress as progress_module
from sim.commands.progress import Progress, in_words
from sim.engine.problems import InputError
from sim.result import ParameterSet, Result, new_summaries

ROOT = Path(__file__).parent.parent
GROUPS = ("all", "size=small")
MEASURES = (
    ("structural_partnership", "initiatives", "higher"),
    ("homes_reached", "homes", "higher"),
    ("public_euros", "euros", "lower"),
)


# A model of three lines, so that these tests are about the command line only ------------------------------------------


def small_compare(scenarios: Any, **options: Any) -> Result:
    """Stands in for the model: every scenario adds its place in the row to the same random worlds."""
    months = [f"2027-{month:02d}" for month in range(1, (options["months"] or 12) + 1)]
    measures = [SimpleNamespace(id=name, unit=unit, better=better) for name, unit, better in MEASURES]
    summaries = new_summaries(len(scenarios), GROUPS, measures, months, every_month=options["every_month"])
    rng = np.random.default_rng(options["seed"])
    for done in range(options["replicates"]):
        if options["cancelled"]():
            raise sim.comparison.Cancelled
        base = rng.normal(50, 5, summaries.shape[1:])
        summaries.add(np.stack([base + place for place in range(len(scenarios))]))
        options["progress"](done + 1, options["replicates"])
    return Result.from_summaries(
        summaries,
        documents=[{"id": scenario.id} for scenario in scenarios],
        groups=GROUPS,
        indicators=measures,
        months=months,
        world={"id": options["world"].id},
        seed=options["seed"],
        parameter_set=ParameterSet("prior-median", "0123456789ab", calibrated=False),
        model_hash="ba9876543210",
    )


@pytest.fixture
def small_model(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sim.comparison, "compare", small_compare)


Told = tuple[int, str, str]


@pytest.fixture
def samenspel(capsys: pytest.CaptureFixture[str]) -> Callable[..., Told]:
    """Runs the command; gives exit status, standard output, standard error."""

    def run(*arguments: object) -> Told:
        status = main([str(argument) for argument in arguments])
        out, err = capsys.readouterr()
        return status, out, err

    return run


def refused(told: Told, *words: str) -> None:
    """Status 2, nothing on standard output, and one line FILE: FIELD: problem that has these words."""
    status, out, err = told
    assert status == 2, err
    assert out == ""
    assert err.endswith("\n")
    assert err.count("\n") == 1
    assert err.count(": ") >= 2
    assert "Traceback" not in err
    for word in words:
        assert word in err


# Comparing ----------------------------------------------------------------------------------------------------------


@pytest.mark.usefixtures("small_model")
def test_compare_tells_order_size_and_state_of_the_parameters(samenspel: Callable[..., Told]) -> None:
    status, out, err = samenspel("compare", "as-now", "structural-funding", "--replicates", 40)
    assert (status, err) == (0, "")
    assert "not calibrated" in out
    assert "In all 40 worlds with the same chance events structural-funding comes out higher than as-now" in out
    assert "on homes reached" in out, "homes reached always stand beside structural partnership"
    assert "not forecasts" in out
    assert "perceived" in out
    assert "; 1 world; seed 1." in samenspel("run", "as-now", "--replicates", 1)[1]


@pytest.mark.usefixtures("small_model")
def test_json_is_one_document_and_nothing_else(samenspel: Callable[..., Told]) -> None:
    status, out, err = samenspel("compare", "as-now", "structural-funding", "--replicates", 3, "--json")
    assert (status, err) == (0, "")
    told = json.loads(out)
    assert told["scenarios"] == ["as-now", "structural-funding"]
    assert (told["world"], told["replicates"], told["seed"]) == ("reference", 3, 1)
    assert told["parameters"]["calibrated"] is False
    assert len(told["summary"]) == 2 * 2 * 3 * 12
    assert list(told["differences"][0])[-3:] == ["share_better", "share_same", "share_worse"]


@pytest.mark.usefixtures("small_model")
def test_out_writes_a_folder_that_says_how_it_was_made(samenspel: Callable[..., Told], tmp_path: Path) -> None:
    status, out, _ = samenspel("compare", "as-now", "regular-meetings", "--replicates", 5, "--out", tmp_path / "a")
    assert status == 0
    manifest = json.loads((tmp_path / "a" / "manifest.json").read_text(encoding="utf-8"))
    assert manifest["command"] == (
        "samenspel compare as-now regular-meetings --world reference --replicates 5 --months 12 --seed 1 "
        "--parameters prior-median"
    )
    assert manifest["command"] in out
    again = [*manifest["command"].split()[1:], "--out", str(tmp_path / "b"), "--quiet"]
    assert samenspel(*again) == (0, "", "")
    for name in ("summary.csv", "differences.csv", "runs.parquet"):
        assert (tmp_path / "a" / name).read_bytes() == (tmp_path / "b" / name).read_bytes()


@pytest.mark.usefixtures("small_model")
def test_run_has_no_differences(samenspel: Callable[..., Told]) -> None:
    status, out, _ = samenspel("run", "structural-funding", "--replicates", 30)
    assert status == 0
    assert "comes out" not in out
    told = json.loads(samenspel("run", "as-now", "regular-meetings", "--replicates", 3, "--json")[1])
    assert told["differences"] == []
    assert len(told["summary"]) == 2 * 2 * 3 * 12


@pytest.mark.usefixtures("small_model")
def test_a_scenario_a_world_and_parameters_may_be_files(samenspel: Callable[..., Told], tmp_path: Path) -> None:
    from sim.evidence.parameters import PARAMETERS

    parameter = next(iter(PARAMETERS.values()))
    (tmp_path / "mine.yaml").write_text(
        "id: mine\nname: {nl: a, en: a}\ndescription: {nl: a, en: a}\n", encoding="utf-8"
    )
    (tmp_path / "town.yaml").write_text("kind: municipality\ninhabitants: 40000\n", encoding="utf-8")
    (tmp_path / "numbers.yaml").write_text(f"{parameter.name}: {parameter.value}\n", encoding="utf-8")
    arguments = ("--world", tmp_path / "town.yaml", "--parameters", tmp_path / "numbers.yaml", "--replicates", 3)
    status, out, err = samenspel("compare", "as-now", tmp_path / "mine.yaml", *arguments)
    assert (status, err) == (0, "")
    assert "mine" in out
    assert "my-municipality" in out


def test_the_model_itself_gives_the_same_numbers_on_one_thread_and_on_two(
    samenspel: Callable[..., Told], tmp_path: Path
) -> None:
    arguments = ("compare", "as-now", "regular-meetings", "--replicates", 4, "--months", 13)
    for workers in (1, 2):
        told = samenspel(*arguments, "--workers", workers, "--out", tmp_path / str(workers))
        assert told[0] == 0, told
        assert "posterior, calibrated" in told[1]
        assert "not calibrated" not in told[1]
    assert "not calibrated" in samenspel(*arguments, "--parameters", "prior-median")[1]
    for name in ("summary.csv", "differences.csv", "runs.parquet"):
        assert (tmp_path / "1" / name).read_bytes() == (tmp_path / "2" / name).read_bytes()


# Refusing -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["compare"], ["SCENARIO", "at least two"]),
        (["compare", "as-now"], ["SCENARIO", "at least two"]),
        (["run"], ["SCENARIO", "at least one"]),
        (["run", ""], ["samenspel run: SCENARIO: is an empty name"]),
        (["run", "as-now", "--world", " "], ["samenspel run: --world: is an empty name"]),
        (["run", "as-now", "--parameters", ""], ["''", "the folder of a fit"]),
        (["run", "as-now", "--parameters", str(ROOT / "docs")], ["holds no fit", "the folder of a fit"]),
        (["run", "as-now", "--out", os.fsdecode(b"r\xff")], ["samenspel: r?: ", "UTF-8"]),
        (["discover", "x", "--bar", "inf"], ["--bar", "'inf' must be a number"]),
        (["discover", "x", "--bar", "1e400"], ["--bar", "'1e400' must be a number"]),
        (["discover", "x", "--budget", "-5"], ["--budget", "a number, 0 or more"]),
        (["discover", "x", "--budget", "nan"], ["--budget", "a number, 0 or more"]),
        (["discover", "x", "--budget", "x"], ["--budget", "a number, 0 or more"]),
        (["check", str(ROOT / "scenarios" / "costs.yaml")], ["costs.yaml: file: ", "scenario, world, sweep"]),
        (["compare", "as-now", "structural-fundin"], ["did you mean 'structural-funding'?"]),
        (["compare", "as-now", "as-now"], ["as-now", "given already"]),
        (["compare", "as-now", "regular-meetings", "--world", "refrence"], ["did you mean 'reference'?"]),
        (["compare", "as-now", "nowhere/mine.yaml"], ["nowhere/mine.yaml", "no such file"]),
        (["compare", "as-now", "a\nb"], ["unknown scenario"]),
        (["compare", "as-now", "regular-meetings", "--replicates", "0"], ["--replicates", "from 1 to 1,000,000"]),
        (["compare", "as-now", "regular-meetings", "--replicates", "1000001"], ["--replicates", "from 1 to 1,000,000"]),
        (["compare", "as-now", "regular-meetings", "--replicates", "9" * 5000], ["--replicates", "1,000,000"]),
        (["compare", "as-now", "regular-meetings", "--replicates", "1e3"], ["--replicates", "'1e3'"]),
        (["compare", "as-now", "regular-meetings", "--replicates", "nan"], ["--replicates", "'nan'"]),
        (["compare", "as-now", "regular-meetings", "--months", "0"], ["--months", "from 1"]),
        (["compare", "as-now", "regular-meetings", "--seed", "-1"], ["--seed", "from 0"]),
        (["compare", "as-now", "regular-meetings", "--workers", "0"], ["--workers", "from 1"]),
        (["compare", "as-now", "regular-meetings", "--out", ""], ["--out", "not the name of a folder"]),
        (["compare", "as-now", "regular-meetings", "--out", str(ROOT / "sim")], ["--out", "holds other things"]),
        (["compare", "as-now", "regular-meetings", "--out", __file__], ["--out", "is a file"]),
        (["compare", "as-now", "regular-meetings", "--parameters", "prior-medain"], ["did you mean 'prior-median'?"]),
        (
            ["compare", "as-now", "regular-meetings", "--replicate", "5"],
            ["--replicate", "did you mean '--replicates'?"],
        ),
        (["compare", "as-now", "regular-meetings", "--seed"], ["--seed", "requires an argument"]),
        (["compre"], ["compre", "did you mean 'compare'?"]),
        ([], ["missing command"]),
        (["check"], ["FILE", "missing"]),
        (["list", "lever"], ["KIND", "did you mean 'levers'?"]),
        (["serve", "--port", "65536"], ["--port", "from 0 to 65,535"]),
        (["serve", "--host", "not a host"], ["--host", "not an address"]),
        (["serve", "--json", "--workshop", "--root-path", "a b"], ["serve: --root-path: 'a b' is no root path"]),
        (["serve", "extra"], ["samenspel serve", "unexpected extra argument"]),
    ],
)
@pytest.mark.usefixtures("small_model")
def test_a_mistake_gives_one_line_and_status_2(
    samenspel: Callable[..., Told], arguments: list[str], words: list[str]
) -> None:
    refused(samenspel(*arguments), *words)


@pytest.mark.usefixtures("small_model")
def test_nothing_is_calculated_when_the_result_could_not_be_written(
    samenspel: Callable[..., Told], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    def never(*_: Any, **__: Any) -> Result:
        raise AssertionError("calculated all the same")

    monkeypatch.setattr(sim.comparison, "compare", never)
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    refused(samenspel("compare", "as-now", "regular-meetings", "--out", tmp_path), "holds other things")
    if Path("/proc/self").exists():
        refused(samenspel("compare", "as-now", "regular-meetings", "--out", "/proc/here"), "cannot be written")


@pytest.mark.usefixtures("small_model")
def test_what_does_not_fit_in_memory_is_refused_before_the_work(
    samenspel: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.commands import memory

    arguments = ("run", "as-now", "--replicates", 1000, "--months", 120, "--quiet")
    assert samenspel(*arguments)[0] == 0
    monkeypatch.setattr(memory, "bytes_to_be_had", lambda: 50_000_000)
    refused(samenspel(*arguments), "memory: ", "50 MB can be had", "give fewer scenarios or months, or at most 200")
    refused(samenspel(*arguments, "--every-month"), "give no --every-month, or fewer")
    monkeypatch.setattr(memory, "bytes_to_be_had", lambda: None)
    assert samenspel(*arguments)[0] == 0


@pytest.mark.skipif(not Path("/proc/meminfo").exists(), reason="only there the free memory is told")
def test_what_memory_is_to_be_had_follows_the_limit_of_the_process() -> None:
    script = "from sim.commands.memory import bytes_to_be_had; print(bytes_to_be_had())"
    limited = f"import resource; resource.setrlimit(resource.RLIMIT_AS, (200_000_000, -1)); {script}"
    free, left = (
        int(subprocess.run([sys.executable, "-c", each], cwd=ROOT, check=True, capture_output=True, text=True).stdout)
        for each in (script, limited)
    )
    assert free > left
    assert 50_000_000 < left < 200_000_000


@pytest.mark.parametrize(("months", "replicates", "every_month"), [(24, 40, False), (24, 500, True), (60, 300, False)])
def test_memory_is_reckoned_from_above_and_not_by_far(months: int, replicates: int, every_month: bool) -> None:
    import tracemalloc

    from sim.result_files import memory_needed

    measures = [SimpleNamespace(id=f"m{k}", unit="u", better="higher") for k in range(16)]
    labels = [f"{2027 + k // 12}-{k % 12 + 1:02d}" for k in range(months)]
    shape, groups = (3, 7, 16, months), tuple(f"g{k}" for k in range(7))
    rng = np.random.default_rng(1)
    new_summaries(1, ("g",), measures[:1], labels[:1]).add(np.zeros((1, 1, 1, 1)))  # compiled before it is counted
    tracemalloc.start()
    try:
        summaries = new_summaries(*shape[:1], groups, measures, labels, every_month=every_month)
        for _ in range(replicates):
            summaries.add(rng.normal(size=shape))
        Result.from_summaries(
            summaries, documents=[{"id": f"s{k}"} for k in range(3)], groups=groups, indicators=measures,
            months=labels, world={"id": "w"}, seed=1, parameter_set=ParameterSet("p", "0", calibrated=False),
            model_hash="0",
        )  # fmt: skip
        taken = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()
    sampled = months if every_month else months // 12 + 1
    assert taken <= memory_needed(*shape, sampled, replicates, threads=1) <= 2 * taken


def test_a_generator_of_chance_that_does_not_exist_is_refused(
    samenspel: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    from sim.cli import GENERATORS
    from sim.engine import compiling

    assert GENERATORS == compiling.GENERATORS
    monkeypatch.setenv("SAMENSPEL_GENERATOR", "foo")
    refused(samenspel("run", "as-now"), "SAMENSPEL_GENERATOR: 'foo'", "hash, philox")


@pytest.mark.usefixtures("small_model")
def test_parameters_that_are_not_there_are_refused_before_the_work(
    samenspel: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    def none_shipped(name: object) -> None:
        raise InputError("parameters", str(name), "no fitted parameters are shipped yet; allowed: prior-median")

    monkeypatch.setattr(sim.comparison, "load_parameters", none_shipped)
    for name in ("posterior", "posterior-median"):
        told = samenspel("compare", "as-now", "regular-meetings", "--parameters", name)
        refused(told, "samenspel compare: --parameters: ", name, "no fitted parameters", "prior-median")


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("no_such_parameter: 1\n", ["no_such_parameter", "unknown parameter"]),
        ("{name}: 1.0e+300\n", ["{name}", "allowed: "]),
        ("{name}: many\n", ["{name}", "allowed: "]),
        ("{name}: true\n", ["{name}", "allowed: "]),
        ("{name}: .nan\n", ["{name}"]),
        ("", ["empty"]),
        ("!!python/object:os.system {name}\n", ["tag"]),
    ],
)
@pytest.mark.usefixtures("small_model")
def test_a_bad_parameter_file_is_refused(
    samenspel: Callable[..., Told], tmp_path: Path, text: str, words: list[str]
) -> None:
    from sim.evidence.parameters import PARAMETERS

    name = next(iter(PARAMETERS))
    file = tmp_path / "numbers.yaml"
    file.write_text(text.replace("{name}", name), encoding="utf-8")
    told = samenspel("compare", "as-now", "regular-meetings", "--parameters", file)
    refused(told, str(file), *[word.replace("{name}", name) for word in words])


@settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(
    st.lists(
        st.text(max_size=12) | st.sampled_from(["compare", "list", "check", "as-now", "--out", "--json", "-"]),
        max_size=4,
    )
)
def test_whatever_is_typed_ends_with_0_or_2_and_at_most_a_line_an_argument(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path, words: list[str]
) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setattr(sim.comparison, "compare", small_compare)
    if "serve" in words:
        return
    status = main(words)
    err = capsys.readouterr().err
    assert status in {0, 2}, err
    assert (status == 2) == (err != "")
    assert err.count("\n") <= max(1, len(words))


# Checking and listing -----------------------------------------------------------------------------------------------


def test_check_says_of_every_file_whether_it_is_right(samenspel: Callable[..., Told], tmp_path: Path) -> None:
    bad = tmp_path / "bad.yaml"
    bad.write_text("id: bad\nname: {nl: a, en: a}\ndescription: {nl: a, en: a}\nlevrs: []\n", encoding="utf-8")
    good, world = ROOT / "scenarios" / "structural-funding.yaml", ROOT / "scenarios" / "worlds" / "reference.yaml"
    status, out, err = samenspel("check", good, bad, world)
    assert status == 2
    assert "a scenario file, all right (structural-funding)" in out
    assert "a world file, all right (reference)" in out
    assert err.startswith(f"{bad}: levrs: ")
    assert err.count("\n") == 1
    told = json.loads(samenspel("check", good, bad, "--json")[1])
    assert [entry["ok"] for entry in told["files"]] == [True, False]
    assert told["files"][1]["field"] == "levrs"
    assert samenspel("check", good, world, "--quiet") == (0, "", "")


def test_check_says_when_an_own_file_has_the_id_of_a_shipped_one(
    samenspel: Callable[..., Told], tmp_path: Path
) -> None:
    shipped, own = ROOT / "scenarios" / "structural-funding.yaml", tmp_path / "mine.yaml"
    own.write_text(shipped.read_text(encoding="utf-8"), encoding="utf-8")
    status, out, err = samenspel("check", own, shipped)
    assert (status, err) == (0, "")
    assert [" has this id too" in line for line in out.splitlines()] == [True, False]
    told = json.loads(samenspel("check", own, shipped, "--json")[1])["files"]
    assert [entry["notice"] is None for entry in told] == [False, True]


@pytest.mark.parametrize("kind", ["levers", "shocks", "indicators", "scenarios", "worlds", "parameters"])
def test_list_shows_every_entry_with_unit_and_meaning(samenspel: Callable[..., Told], kind: str) -> None:
    told = json.loads(samenspel("list", kind, "--json")[1])
    assert list(told) == [kind]
    status, out, err = samenspel("list", kind)
    assert (status, err) == (0, "")
    promised = {
        "levers": {"id", "unit", "minimum", "maximum", "default", "evidence", "sections", "meaning", "name"},
        "shocks": {"id", "unit", "minimum", "maximum", "default", "evidence", "sections", "meaning", "name"},
        "indicators": {"id", "unit", "better", "meaning"},
        "scenarios": {"id", "name", "description"},
        "worlds": {"id", "name", "description"},
        "parameters": {"name", "unit", "prior", "role", "status", "source", "value"},
    }[kind]
    assert told[kind]
    for entry in told[kind]:
        assert promised <= entry.keys()
        assert (entry.get("id") or entry["name"]) in out
        if "meaning" in promised:  # of a parameter it is not promised in two languages
            assert entry["meaning"]["en"]
            assert entry["meaning"]["nl"]
    quiet = samenspel("list", kind, "--quiet")[1].split()
    assert quiet == [entry.get("id") or entry["name"] for entry in told[kind]]


@pytest.mark.parametrize("command", ["serve", "compare", "run", "check", "list"])
def test_every_command_explains_itself_and_takes_quiet_and_json(samenspel: Callable[..., Told], command: str) -> None:
    status, out, err = samenspel(command, "--help")
    assert (status, err) == (0, "")
    assert out.startswith(f"Usage: samenspel {command}")
    assert "--quiet" in out
    assert "--json" in out


# Serving ------------------------------------------------------------------------------------------------------------


def test_serve_hands_its_options_to_the_dashboard(
    samenspel: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    given_options: dict[str, Any] = {}
    server = ModuleType("dashboard.server")

    def serve(**options: Any) -> None:
        given_options.update(options)
        print("Samenspel: here")

    server.serve = serve  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dashboard.server", server)
    status, out, _ = samenspel("serve", "--port", 0, "--no-open", "--root-path", "/samenspel", "--json")
    assert status == 0
    assert json.loads(out) == {
        "address": f"http://localhost:{given_options['port']}/samenspel/",
        "port": given_options["port"],
    }
    assert given_options["port"] > 0
    assert given_options["open_browser"] is False
    assert samenspel("serve", "--port", 0)[1] == "Samenspel: here\n"


def test_control_c_ends_the_dashboard_with_130_though_the_web_server_swallows_it(
    samenspel: Callable[..., Told], monkeypatch: pytest.MonkeyPatch
) -> None:
    def serve(**_: Any) -> None:
        with contextlib.suppress(KeyboardInterrupt):
            signal.raise_signal(signal.SIGINT)

    server = ModuleType("dashboard.server")
    server.serve = serve  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "dashboard.server", server)
    assert samenspel("serve", "--port", 0) == (130, "", "samenspel: interrupted\n")


def test_a_port_that_is_taken_is_said_at_once(samenspel: Callable[..., Told]) -> None:
    import socket

    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        refused(samenspel("serve", "--port", taken.getsockname()[1]), "--port", "choose another")


# A process of its own -----------------------------------------------------------------------------------------------

SLOW = """
import sys, threading, time
sys.path.insert(0, {root!r})
import sim.comparison
def slow(*_, **options):
    while not options["cancelled"]():
        options["progress"](1, 100)
        time.sleep(0.01)
    raise sim.comparison.Cancelled
def deaf(*_, **options):
    threading.Thread(target=lambda: time.sleep(30)).start()
    time.sleep(30)
sim.comparison.compare = {which}
print("ready", file=sys.stderr, flush=True)
from sim.cli import main
sys.exit(main())
"""


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
@pytest.mark.parametrize("which", ["slow", "deaf"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_an_interruption_ends_at_once_with_130_and_leaves_nothing(
    tmp_path: Path, which: str, number: signal.Signals
) -> None:
    script = SLOW.format(root=str(ROOT), which=which)
    arguments = ["compare", "as-now", "regular-meetings", "--out", str(tmp_path / "out" / "first")]
    command = [sys.executable, "-c", script, *arguments]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True) as process:
        assert process.stderr is not None
        assert process.stdout is not None
        assert process.stderr.readline() == "ready\n"
        line = process.stderr.readline()  # progress comes after two seconds: the work is going on
        assert line.startswith("samenspel compare: worlds: ")
        started = time.monotonic()
        process.send_signal(number)
        assert process.wait(timeout=20) == 130
        assert time.monotonic() - started < 1.0
        assert process.stdout.read() == ""
        assert "Traceback" not in process.stderr.read()
    assert list(tmp_path.iterdir()) == []


def test_help_is_there_within_half_a_second() -> None:
    times = []
    for _ in range(5):
        started = time.perf_counter()
        subprocess.run([sys.executable, "-m", "sim.cli", "--help"], cwd=ROOT, check=True, capture_output=True)
        times.append(time.perf_counter() - started)
    assert min(times) < 0.5


@pytest.mark.parametrize("command", [["--help"], ["compare", "--help"], ["serve", "--port", "x"]])
def test_nothing_heavy_is_imported_for_help_or_a_mistake(command: list[str]) -> None:
    script = (
        "import sys\nfrom sim.cli import main\nmain(sys.argv[1:])\n"
        "heavy = {'numpy', 'numba', 'pandas', 'xarray', 'mesa', 'pyarrow', 'solara', 'rich'} & set(sys.modules)\n"
        "sys.exit(', '.join(sorted(heavy)) or 0)"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *command], cwd=ROOT, capture_output=True, text=True, check=False
    )
    assert done.returncode == 0, done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="pipes")
def test_a_reader_that_has_seen_enough_is_no_fault() -> None:
    command = [sys.executable, "-m", "sim.cli", "list", "levers"]
    with subprocess.Popen(command, cwd=ROOT, stdout=subprocess.PIPE, stderr=subprocess.PIPE) as process:
        assert process.stdout is not None
        assert process.stderr is not None
        process.stdout.close()
        assert process.stderr.read() == b""
        assert process.wait(timeout=20) == 0


@pytest.mark.skipif(sys.platform == "win32", reason="needs a shell")
@pytest.mark.parametrize("command", ["list levers", "list levers --json", "check scenarios/as-now.yaml"])
def test_without_a_standard_output_nothing_is_amiss(command: str) -> None:
    done = subprocess.run(
        f"'{sys.executable}' -m sim.cli {command} >&-", shell=True, cwd=ROOT, stderr=subprocess.PIPE, check=False
    )
    assert (done.returncode, done.stderr) == (0, b"")


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="needs /dev/full")
def test_a_full_disk_on_standard_output_is_one_line() -> None:
    with Path("/dev/full").open("w") as full:
        command = [sys.executable, "-m", "sim.cli", "list", "levers", "--json"]
        done = subprocess.run(command, cwd=ROOT, stdout=full, stderr=subprocess.PIPE, text=True, check=False)
    assert done.returncode == 2
    assert done.stderr == "samenspel: standard output: No space left on device\n"


# Progress -----------------------------------------------------------------------------------------------------------


def test_progress_is_silent_when_work_is_short_and_speaks_when_it_is_long(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    with Progress("short") as progress:
        progress(1, 2)
    assert capsys.readouterr().err == ""
    monkeypatch.setattr(progress_module, "SILENT_SECONDS", 0.05)
    monkeypatch.setattr(progress_module, "SECONDS_BETWEEN_LINES", 0.05)
    with Progress("long") as progress:
        time.sleep(0.1)
        for done in range(1, 6):
            progress(done, 10)
            time.sleep(0.05)
    err = capsys.readouterr().err
    assert err.startswith("long: preparing\n")
    assert "of 10, 1 s left" in err
    with Progress("quiet", quiet=True) as progress:
        time.sleep(0.1)
    assert capsys.readouterr().err == ""


def test_the_time_left_follows_the_pace() -> None:
    progress = Progress("work")
    assert progress.seconds_left() is None
    progress(10, 100)
    progress.first_done = (time.monotonic() - 4, 10)
    progress(50, 100)
    left = progress.seconds_left()
    assert left is not None
    assert abs(left - 5) < 0.5
    assert (in_words(0.2), in_words(59), in_words(150), in_words(7300)) == ("1 s", "59 s", "2 min", "2 h 2 min")


def test_progress_may_be_told_from_any_thread() -> None:
    progress = Progress("work")
    threads = [threading.Thread(target=progress, args=(done, 8)) for done in range(1, 9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert progress.total == 8
