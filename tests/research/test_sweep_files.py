"""Sweep files: what is wrong is said in one line, and designs are what they say."""

from __future__ import annotations

import itertools
import json
import sys
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import jsonschema
import numpy as np
import pytest

from sim.cli import main
from sim.engine.documents import read_document
from sim.engine.problems import InputError
from sim.evidence.parameters import PARAMETERS
from sim.research.designs import varied_parameters
from sim.research.plan import Plan, make_plan, plan_of
from sim.research.schema import FILE, sweep_schema
from sim.research.slurm import recipe
from sim.research.sweep_file import SWEEPS, parse_sweep, shipped_sweeps
from sim.schema import schema_text
from tests.research.trial import SMALL, small

GRID = {"vary": [{"parameter": "renewal_base", "values": [-1, 0]}], "design": {"kind": "grid"}}
SWEEP_FILES = sorted(SWEEPS.glob("*.yaml"))


def problem(**more: Any) -> str:
    with pytest.raises(InputError) as caught:
        plan_of(parse_sweep({**SMALL, **more}, "s.yaml"), "s.yaml")
    assert "\n" not in str(caught.value)
    return str(caught.value)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"vary": [{"parameter": "renewal_bse"}]}, "s.yaml: vary[1].parameter: unknown parameter 'renewal_bse'; did"),
        ({"vary": [{"lever": "structural_funding", "option": "amout"}]}, "vary[1].option: unknown option"),
        ({"vary": [{"lever": "structural_funding", "high": 2}]}, "vary[1].high: 2 is out of range; allowed: 0 to 1"),
        ({"vary": [{"parameter": "grant_smallest"}]}, "is empty; give low and high"),
        ({"vary": [{"lever": "regular_meetings"}]}, "no scenario of this sweep has regular_meetings"),
        ({"vary": [{"lever": "regular_meetings", "scenario": "as-now"}]}, "as-now has no levers"),
        ({"vary": [{"lever": "regular_meetings", "scenario": "x"}]}, "allowed: as-now, structural-funding"),
        ({"vary": [{"parameter": "renewal_base"}, {"parameter": "renewal_base"}]}, "is varied twice"),
        ({"vary": [{}]}, "needs exactly one of"),
        ({"design": {"kind": "sobol", "base": 100}}, "design.base: 100 must be a power of two"),
        ({"design": {"kind": "sobol"}}, "design.base: missing; sobol needs it"),
        ({"design": {"kind": "grid", "points": 3}}, "design.points: does not belong to grid"),
        ({"design": {"kind": "grid"}}, "vary[1]: a grid needs values, or steps"),
        ({"indicators": ["homes"]}, "indicators[1]: unknown indicator 'homes'"),
        ({"groups": ["size=huge"]}, "groups[1]: unknown group"),
        ({"keep_months": ["1999-12"]}, "keep_months[1]: 1999-12 lies outside"),
        ({"keep_months": "junes"}, "keep_months[1]: 'junes' is not allowed; allowed: decembers"),
        ({"scenarios": ["as-now", "as-now"]}, "'as-now' stands there twice"),
        ({"scenarios": ["as-now", "nowhere"]}, "nowhere: scenario: unknown scenario"),
        ({"scenarios": ["as-now", {"id": "own"}]}, "scenarios[2].name: missing"),
        ({"worlds": "moon"}, "moon: world: unknown world"),
        ({"parameters": "prior-medain"}, "parameters: unknown set of parameters 'prior-medain'; did you mean"),
        ({"replicates": 0}, "replicates: 0 is out of range"),
        ({"surprise": 1}, "surprise: unknown field"),
        ({"design": {"kind": "list", "rows": [{"renewal_base": 0}]}}, "design.rows[1].structural_funding: missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_is_said(more: dict[str, Any], words: str) -> None:
    assert words in problem(**more)


def test_a_lever_at_an_end_that_cannot_be_is_found_before_the_work() -> None:
    own = {"id": "own", "name": {"nl": "E", "en": "O"}, "description": {"nl": "E", "en": "O"}}
    entry = {"lever": "structural_funding", "start": "2040-01"}
    assert "lies outside the world" in problem(scenarios=["as-now", {**own, "levers": [entry]}])


def test_a_grid_holds_every_combination() -> None:
    amounts = {"lever": "structural_funding", "option": "amount", "low": 5000, "high": 20000, "steps": 4}
    plan = small(vary=[*GRID["vary"], amounts], design={"kind": "grid"}, seeds=[1, 2])
    rows = {(*plan.setting(point)[2].tolist(), plan.setting(point)[1]) for point in range(plan.points)}
    assert rows == set(itertools.product([-1.0, 0.0], [5000.0, 10000.0, 15000.0, 20000.0], [1, 2]))
    assert plan.points == 16


def test_a_latin_hypercube_has_one_point_in_each_slice() -> None:
    plan = small(design={"kind": "latin_hypercube", "points": 50})
    prior = PARAMETERS["renewal_base"].prior
    for column, (low, high) in enumerate([(prior.low, prior.high), (0.1, 1.0)]):
        u = (plan.design.values(0, 50)[:, column] - low) / (high - low)
        assert sorted(np.floor(u * 50).astype(int)) == list(range(50))


def test_a_prior_design_draws_what_calibration_draws() -> None:
    from calibration.reference import prior_draws

    plan = small(vary=[], design={"kind": "prior", "draws": 7, "seed": 3})
    rows = prior_draws(7, 3)
    assert [axis.name for axis in plan.axes] == list(varied_parameters("all"))
    for k, axis in enumerate(plan.axes):
        np.testing.assert_array_equal(plan.design.values(0, 7)[:, k], rows[axis.name])


def test_sobol_and_morris_have_the_points_their_methods_need() -> None:
    assert small(design={"kind": "sobol", "base": 16}).points == 16 * (2 + 2)
    assert small(design={"kind": "morris", "trajectories": 5}).points == 5 * (2 + 1)


@pytest.mark.parametrize("kind", ["latin_hypercube", "sobol", "morris"])
def test_a_design_is_the_same_whenever_it_is_made(kind: str) -> None:
    more = {"latin_hypercube": {"points": 9}, "sobol": {"base": 8}, "morris": {"trajectories": 4}}[kind]
    first, second = small(design={"kind": kind, **more}), small(design={"kind": kind, **more})
    assert first.identity == second.identity
    np.testing.assert_array_equal(first.design.values(0, 9), second.design.values(0, 9))
    assert small(design={"kind": kind, **more, "seed": 2}).identity != first.identity


def test_shards_cover_everything_once() -> None:
    for more in ({"replicates": 3}, {"replicates": 5000}, {"replicates": 5000, "keep": "summaries"}):
        plan = small(**more)
        seen = [plan.unit(unit) for shard in range(plan.shards) for unit in plan.shard(shard)]
        cells = [(unit.point, replicate) for unit in seen for replicate in range(unit.first, unit.last)]
        assert len(cells) == len(set(cells)) == plan.points * plan.sweep.replicates


def test_a_lever_of_a_scenario_that_lacks_it_is_added() -> None:
    plan = small(vary=[{"lever": "regular_meetings", "scenario": "structural-funding", "values": [2, 6]}],
                 design={"kind": "grid"})  # fmt: skip
    from sim.research.task import scenario_at

    changed = scenario_at(plan.scenarios[1], plan.axes, plan.design.values(1, 2)[0])
    assert [(each.lever, each.intensity) for each in changed.levers][-1] == ("regular_meetings", 6.0)
    assert scenario_at(plan.scenarios[0], plan.axes, plan.design.values(1, 2)[0]) is plan.scenarios[0]


# The shipped ones ---------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("path", SWEEP_FILES, ids=lambda path: path.stem)
def test_shipped_sweeps_are_right(path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    jsonschema.Draft202012Validator(sweep_schema()).validate(read_document(path))
    assert make_plan(path).points > 1
    assert main(["check", str(path)]) == 0
    assert "a sweep file, all right" in capsys.readouterr().out


def test_ids_are_names_of_files() -> None:
    assert {name: sweep.id for name, sweep in shipped_sweeps().items()} == {
        path.stem: path.stem for path in SWEEP_FILES
    }


def test_the_shipped_schema_is_that_of_the_code() -> None:
    assert FILE.read_text(encoding="utf-8") == schema_text(sweep_schema()), "run `python -m sim.research.schema`"
    jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(sweep_schema())))


# The command --------------------------------------------------------------------------------------------------------


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "sweep.yaml"
    path.write_text(json.dumps({**SMALL, "design": {"kind": "latin_hypercube", "points": 4}}), encoding="utf-8")
    return path


def test_the_command_runs_and_goes_on(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(file), "--out", str(tmp_path / "out"), "--workers", "1"]) == 0
    out, err = capsys.readouterr()
    assert "24 runs at 4 points" in out
    assert "not calibrated" in out
    assert err == "" or "pieces" in err
    assert main(["sweep", str(file), "--out", str(tmp_path / "out"), "--json", "--quiet"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert (told["done_now"], told["runs"], told["failed"]) == (0, 24, [])


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--out", ""], "--out"),
        ([], "samenspel sweep: --out: is missing"),
        (["--out", "/proc/samenspel"], "--out: /proc/samenspel: cannot be written"),
        (["--out", "o", "--workers", "0"], "must be a whole number from 1"),
    ],
)
def test_bad_input_is_one_line(
    file: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str], tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
) -> None:  # fmt: skip
    monkeypatch.chdir(tmp_path)
    assert main(["sweep", str(file), *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err
    assert sorted(path.name for path in tmp_path.iterdir()) == ["sweep.yaml"]


def test_a_million_million_runs_ask_for_consent(file: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    values = list(np.linspace(0.01, 1, 1000))
    vary = [{"lever": "structural_funding", "values": values},
            {"parameter": "renewal_base", "low": -1, "high": 0, "steps": 1000},
            {"parameter": "commission_rate", "steps": 500}]  # fmt: skip
    file.write_text(json.dumps({**SMALL, "vary": vary, "design": {"kind": "grid"}, "replicates": 1000}))
    assert main(["sweep", str(file), "--out", str(tmp_path / "out")]) == 2
    err = capsys.readouterr().err
    assert "1,000,000,000,000 runs take about" in err
    assert "core hours" in err
    assert "--yes" in err
    assert not (tmp_path / "out").exists()


def test_the_recipe_for_slurm_is_python_that_names_the_sweep(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["sweep", str(file), "--out", "out", "--slurm"]) == 0
    text = capsys.readouterr().out
    compile(text, "recipe", "exec")
    assert "SLURMCluster(" in text
    assert "as one job of 16 cores" in text
    assert repr(str(file)) in text
    assert "SAMENSPEL_MECHANISM" not in text
    assert main(["sweep", str(file), "--out", "out", "--slurm", "--json"]) == 0
    told = json.loads(capsys.readouterr().out)
    assert told["recipe"] == text.removesuffix("\n")
    assert told["folder"] == "out"


def test_the_recipe_takes_a_mechanism_of_your_own_along(monkeypatch: pytest.MonkeyPatch, plan: Plan) -> None:
    monkeypatch.setenv("SAMENSPEL_MECHANISM", "/data/allowance")
    text = recipe(plan, "my-sweep.yaml", "out")
    compile(text, "recipe", "exec")
    assert "import os\n" in text
    assert "os.environ[\"SAMENSPEL_MECHANISM\"] = '/data/allowance'" in text


class Jobs:
    """Stands for the cluster of a recipe: jobs by number, and what was asked."""

    def __init__(self, worked: bool) -> None:
        self.workers = {"first": SimpleNamespace(job_id=1)}
        self.scheduler_info: dict[str, Any] = {"workers": {"tcp://one": {}} if worked else {}}
        self.asked: list[int] = []

    def scale(self, n: int | None = None, jobs: int | None = None) -> None:
        self.asked.append(n if jobs is None else jobs)  # type: ignore[arg-type]
        self.workers = {"again": SimpleNamespace(job_id=2)} if jobs else {}


@pytest.mark.parametrize(
    ("queue", "worked", "asked"),
    [
        ("1", True, []),  # they run, or wait
        ("", True, [0, 1]),  # they came to the end of their time
        (None, True, []),  # SLURM does not answer just now
        ("7", True, [0, 1]),  # another job of yours
    ],
)
def test_the_recipe_asks_for_jobs_anew_when_all_have_ended(
    queue: str | None, worked: bool, asked: list[int], plan: Plan, monkeypatch: pytest.MonkeyPatch
) -> None:
    names, jobs = recipe_parts(plan, queue, monkeypatch), Jobs(worked)
    sweep = SimpleNamespace(poll=iter([None, 0]).__next__, returncode=0)
    assert names["watch"](jobs, sweep) == 0
    assert jobs.asked == asked


def test_the_recipe_ends_when_jobs_cannot_work(plan: Plan, monkeypatch: pytest.MonkeyPatch) -> None:
    names, ended = recipe_parts(plan, "", monkeypatch), []
    sweep = SimpleNamespace(poll=lambda: None, terminate=lambda: ended.append(True))
    with pytest.raises(SystemExit, match="they ended before a worker came"):
        names["watch"](Jobs(worked=False), sweep)
    assert ended == [True]


def recipe_parts(plan: Plan, queue: str | None, monkeypatch: pytest.MonkeyPatch) -> dict[str, Any]:
    """The functions of a recipe, where `squeue` says `queue` (None: it fails) and no time passes."""
    names: dict[str, Any] = {"__name__": "recipe"}
    monkeypatch.setitem(sys.modules, "dask_jobqueue", SimpleNamespace(SLURMCluster=Jobs))
    exec(recipe(plan, "my-sweep.yaml", "out"), names)  # noqa: S102
    told = SimpleNamespace(returncode=1 if queue is None else 0, stdout=queue or "")
    names["subprocess"] = SimpleNamespace(run=lambda *_, **__: told)
    names["time"] = SimpleNamespace(sleep=lambda _: None)
    return names


def test_a_plan_from_its_document_is_the_same(plan: Plan) -> None:
    from sim.research.plan import plan_of_document

    sweep, scenarios, worlds = plan_of_document(json.loads(json.dumps(plan.document)))
    assert scenarios == plan.scenarios
    assert worlds == plan.worlds
    assert sweep.replicates == plan.sweep.replicates
