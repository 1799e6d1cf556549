"""The example at work: in the ensemble, as agents, in commands, in a sweep, on the pages, on a server."""

# Cases are read a line each.
# ruff: noqa: E501
# mypy: disable-error-code="arg-type"

import json
import signal
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import numpy as np
import pyarrow.parquet as pq
import pytest
import yaml

import sim
from sim.engine.compiling import model_hash
from sim.indicators import INDICATOR_IDS

pytestmark = pytest.mark.slow  # compiles a model of its own, starts commands and a server
SMALL = {"world": "my-municipality-small", "replicates": 4, "months": 48, "seed": 3}
# Two scenarios that a model without the lever reads as going on as now, and one that it does not know.
RUN = """
import numpy as np, sim
from sim.scenario import parse_scenario
from sim.engine.compiling import model_hash
words = {"name": {"nl": "x", "en": "x"}, "description": {"nl": "x", "en": "x"}}
def allowance(intensity):
    lever = {"lever": "volunteer_allowance", "intensity": intensity}
    return parse_scenario({"id": f"allowance-{intensity}", **words, "levers": [lever]}, "x")
"""
COMPARED = f"""
result = sim.compare(["as-now", "structural-funding", allowance(0), allowance(300)], parameters="prior-median",
                     every_month=True, **{SMALL!r})
values = {{name: np.nan_to_num(result.sample_values[k], nan=-1.0).tolist() for k, name in enumerate(result.scenarios)}}
"""


@pytest.fixture(scope="module")
def compared(woven):
    """Outcomes of the woven model, by scenario: arrays (replicate, group, indicator, month); its hash, its indicators."""
    code = (
        f"{RUN}{COMPARED}\nanswer = {{'values': values, 'model': model_hash(), 'indicators': list(result.indicators)}}"
    )
    found = woven.python(code)
    return {**found, "values": {name: np.array(values) for name, values in found["values"].items()}}


def test_another_model_with_its_own_hash(compared):
    assert compared["model"] != model_hash()
    assert compared["indicators"] == [*INDICATOR_IDS, "volunteer_hours"]


def test_at_zero_every_run_is_that_of_the_model_without_it(compared):
    plain = sim.compare(["as-now", "structural-funding"], parameters="prior-median", every_month=True, **SMALL)
    for name in ("as-now", "structural-funding"):
        here = np.nan_to_num(plain.sample_values[plain.scenarios.index(name)], nan=-1.0)
        np.testing.assert_array_equal(compared["values"][name][:, :, : len(INDICATOR_IDS)], here)
    np.testing.assert_array_equal(compared["values"]["allowance-0"], compared["values"]["as-now"])


def test_it_moves_its_outcome_and_what_follows_from_it(compared):
    now, paid = (compared["values"][name][:, 0, :, -1] for name in ("as-now", "allowance-300"))
    for outcome in ("volunteer_hours", "energy", "homes_reached", "public_euros"):
        column = compared["indicators"].index(outcome)
        assert (paid[:, column] > now[:, column]).all(), outcome


def test_the_agents_live_through_the_same_to_the_last_bit(woven, compared):
    code = (
        RUN
        + f"""
answer = []
for replicate in range(2):
    model = sim.CollaborationModel(scenario=allowance(300), world="my-municipality-small", parameters="prior-median",
                                   months={SMALL["months"]}, rng={SMALL["seed"]}, replicate=replicate)
    seen = []
    while model.running:
        model.step()
        seen.append(np.nan_to_num(model.observed, nan=-1.0).tolist())
    answer.append({{"seen": seen[-{SMALL["months"]}:], "used": max(each.accustomed for each in model.initiatives)}})
"""
    )
    for replicate, found in enumerate(woven.python(code)):
        months = np.moveaxis(np.array(found["seen"]), 0, -1)
        np.testing.assert_array_equal(months, compared["values"]["allowance-300"][replicate])
        assert 0.0 < found["used"] <= 1.0


def test_an_allowance_that_ends_is_missed(woven):
    code = (
        RUN
        + """
lever = {"lever": "volunteer_allowance", "intensity": 300, "start": "2026-01", "end": "2026-12"}
ends = parse_scenario({"id": "ends", **words, "levers": [lever]}, "x")
def after(regret):
    model = sim.CollaborationModel(scenario=ends, world="my-municipality-small", parameters={"allowance_regret": regret}, rng=1)
    while model.running and model.month_name < "2027-06":
        model.step()
    return model.indicators()["energy"], max(each.accustomed for each in model.initiatives)
answer = [after(0.05), after(0.3)]
"""
    )
    (mild, _), (hard, used) = woven.python(code)
    assert hard < mild
    assert used < 1.0


def test_the_command_writes_the_outcome_and_how_to_make_it_again(woven, tmp_path):
    words = ["run", "volunteer-allowance", "--world", "my-municipality-small", "--months", "36", "--replicates", "3"]
    folder = str(Path("docs") / "examples" / "volunteer-allowance")
    ended = woven.command("--mechanism", folder, *words, "--out", str(tmp_path / "result"), "--quiet")
    assert (ended.returncode, ended.stderr) == (0, "")
    table = pq.read_table(tmp_path / "result" / "runs.parquet").to_pandas()
    assert (table[table.indicator == "volunteer_hours"].value > 0).any()
    said = json.loads((tmp_path / "result" / "manifest.json").read_text(encoding="utf-8"))
    assert said["command"].startswith("samenspel --mechanism volunteer-allowance run volunteer-allowance ")
    listed = json.loads(woven.command("list", "--json", folder=Path(folder)).stdout)
    assert "allowance_relief" in [each["name"] for each in listed["parameters"]]
    assert "volunteer_allowance" in [each["id"] for each in listed["levers"]]


def test_a_sweep_varies_its_lever_and_parameter_in_processes_of_its_own(woven, tmp_path):
    text = {
        "id": "allowances", "name": {"nl": "x", "en": "x"}, "description": {"nl": "x", "en": "x"},
        "scenarios": ["volunteer-allowance"], "worlds": ["my-municipality-small"], "months": 36, "replicates": 2,
        "vary": [{"parameter": "allowance_relief"}, {"lever": "volunteer_allowance", "low": 100, "high": 900}],
        "design": {"kind": "latin_hypercube", "points": 8}, "indicators": ["volunteer_hours"], "keep": "runs",
    }  # fmt: skip
    file = tmp_path / "sweep.yaml"
    file.write_text(yaml.safe_dump(text), encoding="utf-8")
    out = tmp_path / "out"
    ended = woven.command(
        "--mechanism",
        "docs/examples/volunteer-allowance",
        "sweep",
        str(file),
        "--out",
        str(out),
        "--workers",
        "2",
        "--yes",
    )
    assert ended.returncode == 0, ended.stderr
    shards = list(out.rglob("*.parquet"))
    assert any("volunteer_hours" in pq.read_table(shard).to_pandas().astype(str).to_string() for shard in shards)
    refused = woven.command("sweep", str(file), "--out", str(out), "--workers", "2", "--yes")
    assert refused.returncode == 2 and "allowance_relief" in refused.stderr


@pytest.mark.parametrize("first", ["sim.research.task", "dashboard.simulation", "calibration.space"])
def test_a_worker_has_the_same_model_whatever_it_imports_first(woven, compared, first):
    code = f"import {first} as it\nfrom sim.engine.compiling import model_hash\nanswer = [model_hash(), it.__file__]"
    model, place = woven.python(code)
    assert model == compared["model"]
    assert Path(place).is_relative_to(woven.cache)


def test_the_fit_of_another_model_is_passed_over(woven):
    code = (
        "import sim\nfrom sim.comparison import load_parameters\nfrom sim.engine.problems import InputError\n"
        "answer = [load_parameters(None).name]\n"
        "try:\n    load_parameters('posterior')\nexcept InputError as error:\n    answer.append(str(error))"
    )
    name, said = woven.python(code)
    assert name == "prior-median"
    assert "was fitted to model" in said and "\n" not in said


def test_the_pages_know_lever_outcome_and_parameters_in_both_languages(woven):
    code = """
from dataclasses import replace
import dashboard
from dashboard import builder, chooser, outcomes, simulation
from dashboard.answer import answer as answered
from dashboard.evidence.page import page as evidence
from dashboard.explained.page import page as explained
from dashboard.precomputed import SHIPPED, key_of, load
from dashboard.session import Standing
from dashboard.state import Choice
from dashboard.terms import explained as terms
from dashboard.words import grammar
from sim.engine.compiling import model_hash
from sim.scenario import load_scenario

answer = {}
for language in ("nl", "en"):
    choice = Choice("reference", (("A", "volunteer-allowance"),), language=language)
    shown = builder.builder(choice, "A")
    key = key_of([load_scenario("as-now"), load_scenario("structural-funding")], simulation.setting(choice), 100, seed=1)
    result = simulation.run(replace(choice, months=36), 8)
    answer[language] = {
        "rows": [(row["key"], row["name"]) for row in shown["rows"]],
        "cards": [card["name"] for group in chooser.cards(choice)["groups"] for card in group["cards"]],
        "outcome": terms(language)["volunteer_hours"]["name"], "offered": "volunteer_hours" in outcomes.OUTCOMES,
        "grammar": grammar(language, "volunteer_hours"), "shipped": load(key, SHIPPED) is None,
        "explained": str(explained(language)), "evidence": str(evidence(language, model_hash())),
        "outdated": evidence(language, model_hash())["outdated"], "command": result.command,
        "answer": len(str(answered(Standing(choice, "done", result)))),
    }
"""
    found = woven.python(code)
    assert found["nl"]["rows"] == [["volunteer_allowance", "Vrijwilligersvergoeding"]]
    assert found["en"]["rows"] == [["volunteer_allowance", "Volunteers' allowance"]]
    assert "Vrijwilligersvergoeding" in found["nl"]["cards"]
    assert found["nl"]["outcome"] == "Uren van vrijwilligers" and found["en"]["outcome"] == "Hours of volunteers"
    assert "hours of volunteers" in found["en"]["grammar"].values() and "fewer" in found["en"]["grammar"].values()
    for language, step, meaning in (
        ("nl", "een vergoeding verlicht het werk", "euro per maand"),
        ("en", "an allowance eases the work", "euros a month"),
    ):
        page = found[language]
        assert step in page["explained"] and meaning in page["evidence"]
        assert page["offered"] and page["shipped"] and page["outdated"] and page["answer"] > 1000
        assert page["command"].startswith(
            "samenspel --mechanism volunteer-allowance compare as-now volunteer-allowance"
        )


@pytest.mark.browser
def test_a_visitor_finds_the_lever_and_the_outcome(woven, chromium):
    api = pytest.importorskip("playwright.sync_api")
    words = [str(Path(sys.executable).with_name("samenspel")), "--mechanism", "docs/examples/volunteer-allowance"]
    server = subprocess.Popen(
        [*words, "serve", "--port", "0", "--no-open", "--json"],
        env=woven.environment(None), cwd=Path(__file__).parents[2], stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    try:
        assert server.stdout is not None
        address = json.loads(server.stdout.readline())["address"]
        _until_warm(server, address)
        with api.sync_playwright() as playwright:
            browser = playwright.chromium.launch(
                executable_path=chromium, args=["--headless", "--no-sandbox", "--disable-gpu"]
            )
            page = browser.new_page()
            page.set_default_timeout(240_000)
            problems: list[str] = []
            page.on("pageerror", lambda error: problems.append(str(error)))
            page.goto(f"{address}?world=reference&A=volunteer-allowance&about=volunteer_hours&lang=en")
            page.get_by_text("hours of volunteers").first.wait_for()
            page.locator("[data-edit=A]").click()
            slider = page.locator("[data-lever=volunteer_allowance] input[type=range]")
            slider.first.wait_for()
            assert slider.first.get_attribute("max") == "1000"
            assert problems == []
            browser.close()
    finally:
        server.send_signal(signal.SIGKILL)
        server.wait(10)


def _until_warm(server, address):
    deadline = time.monotonic() + 400
    while time.monotonic() < deadline:
        assert server.poll() is None
        try:
            with urllib.request.urlopen(f"{address}health", timeout=5) as answer:
                if json.load(answer)["warm"]:
                    return
        except OSError:
            pass
        time.sleep(0.3)
    raise AssertionError("the server was not ready")


# What numba says -----------------------------------------------------------------------------------------------------


def test_a_field_that_is_not_there_is_one_line_of_the_rules_own_file(woven, changed):
    folder = changed(it=("rules/allowance.py", "me.accustomed = 0.0", "me.acustomed = 0.0"))
    ended = woven.command("--mechanism", str(folder), "list", "levers")
    assert ended.returncode == 2 and ended.stdout == ""
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"{folder}/rules/allowance.py: line ") and "numba cannot compile it: " in line
    assert "acustomed" in line


def test_a_mistake_that_the_environment_brings_is_one_line_too(woven, changed):
    folder = changed(it=("mechanism.yaml", "after: energy", "after: lunch"))
    ended = woven.command("list", "levers", folder=folder)
    assert ended.returncode == 2
    (line,) = ended.stderr.splitlines()
    assert line.startswith(f"{folder}/mechanism.yaml: rules.allowance.after: unknown step")
    imported = woven.run([sys.executable, "-c", "import sim"], folder)
    assert imported.returncode == 1
    assert imported.stderr.splitlines()[-1].startswith(f"ImportError: {folder}/mechanism.yaml: rules.allowance.after")


@pytest.mark.parametrize(
    ("old", "new", "line"),
    [
        ("s.initiatives[i].volunteer_hours", "1", "indicators/volunteer_hours.py: measure: returns "),
        ("s.initiatives[i].volunteer_hours", "s.initiatives[i].nothing", "indicators/volunteer_hours.py: line "),
        ("@rule\n", "", "indicators/volunteer_hours.py: measure: is not compiled; write @rule above it"),
        ('id="volunteer_hours"', 'id="hours"', "indicators/volunteer_hours.py: INDICATOR.id: 'hours' must be"),
        ('kind="total"', 'kind="sum"', "indicators/volunteer_hours.py: INDICATOR.kind: 'sum' is not allowed"),
        ("import State", "import Staat", "indicators/volunteer_hours.py: import: ImportError: cannot import name 'Staat'"),
    ],
)  # fmt: skip
def test_what_only_the_trial_finds_is_one_line(woven, changed, old, new, line):
    folder = changed(it=("indicators/volunteer_hours.py", old, new))
    code = (
        "from sim.engine.problems import InputError\nfrom sim.mechanism.weave import woven\n"
        f"try:\n    answer = str(woven({str(folder)!r}))\nexcept InputError as error:\n    answer = str(error)"
    )
    assert woven.python(code, None).startswith(f"{folder}/{line}")
