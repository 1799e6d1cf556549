"""Scenario discovery: a known box is found, what is not there is not, and packages are compared as by hand."""

from __future__ import annotations

import json
import shutil
from pathlib import Path
from typing import Any

import numpy as np
import pytest

from sim.cli import main
from sim.research.conduct import conduct
from sim.research.discovery import find_boxes
from sim.research.reading import open_sweep
from sim.research.robustness import compare_packages
from sim.research.task import Bench, job_of
from tests.research.trial import SMALL, Serial, small

NAMES = ["a", "b", "c", "d", "e"]


def test_a_known_box_is_found() -> None:
    rng = np.random.default_rng(3)
    x = rng.random((900, 5))
    failed = (x[:, 0] > 0.6) & (x[:, 2] < 0.5) & (rng.random(900) < 0.9)
    box = find_boxes(x, failed, NAMES)[0]
    limits = {each.name: each for each in box.restrictions}
    assert set(limits) == {"a", "c"}
    assert limits["a"].low == pytest.approx(0.6, abs=0.05)
    assert limits["a"].high is None
    assert limits["c"].high == pytest.approx(0.5, abs=0.05)
    assert limits["c"].low is None
    assert box.held_coverage is not None
    assert box.held_density is not None
    assert box.held_coverage > 0.85
    assert box.held_density > 0.75


def test_chance_makes_no_box_that_holds() -> None:
    for seed in range(3):
        rng = np.random.default_rng(seed)
        boxes = find_boxes(rng.random((600, 5)), rng.random(600) < 0.3, NAMES)
        for box in boxes:
            assert box.held_density is not None
            assert box.held_density < 0.55, "points kept apart unmask a box that is only chance"


def test_too_few_failures_make_no_box() -> None:
    x = np.random.default_rng(1).random((200, 5))
    assert find_boxes(x, np.arange(200) < 3, NAMES) == ()
    assert find_boxes(x, np.ones(200, bool), NAMES) == ()


SCENARIOS: list[Any] = ["as-now", "structural-funding", "regular-meetings", "municipal-capacity"]


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("packages") / "sweep"
    plan = small(scenarios=SCENARIOS, vary=[], design={"kind": "prior", "draws": 24},
                 indicators=["homes_reached", "public_euros"])  # fmt: skip
    conduct(plan, target, Serial())
    return target


def test_packages_are_compared_as_by_hand(folder: Path) -> None:
    result = open_sweep(folder)
    gains = {name: result.differences("homes_reached", name).mean(axis=1) for name in result.scenarios}
    euros = {name: result.differences("public_euros", name).mean(axis=1) / 3 for name in result.scenarios}
    found = compare_packages(result, "homes_reached")
    assert found.initiatives == 3
    best = np.max(list(gains.values()), axis=0)
    for package in found.packages:
        assert package.affordable
        assert package.largest_regret == pytest.approx((best - gains[package.scenario]).max())
        assert package.good_enough == pytest.approx((gains[package.scenario] > 0).mean())
    dearest = max(euros, key=lambda name: float(np.quantile(euros[name], 0.9)))
    budget = float(np.quantile(euros[dearest], 0.5))
    limited = compare_packages(result, "homes_reached", budget=budget)
    allowed = {name for name, each in euros.items() if (each <= budget).mean() >= 0.9}
    assert {each.scenario for each in limited.packages if each.affordable} == allowed
    assert dearest not in allowed
    best = np.max([gains[name] for name in allowed], axis=0)
    for package in limited.packages:
        expected = (best - gains[package.scenario]).max() if package.scenario in allowed else None
        assert package.largest_regret == (None if expected is None else pytest.approx(expected))


def test_the_command_tells_where_and_which(folder: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["discover", str(folder), "--budget", "100000", "--language", "nl"]) == 0
    told = capsys.readouterr().out
    assert "Waar valt het tegen?" in told
    assert "van de 24 punten" in told
    assert "Het minst te betreuren op bereikte woningen binnen 100.000 euro" in told
    assert "niet afgesteld" in told
    assert main(["discover", str(folder), "--json"]) == 0
    data = json.loads(capsys.readouterr().out)
    assert [each["policy"] for each in data["discoveries"]] == SCENARIOS[1:]
    assert data["packages"]["points"] == 24


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        (["--policy", "as-now"], "--policy: as-now is what the others are set against"),
        (["--policy", "structural-fundin"], "did you mean 'structural-funding'?"),
        (["--indicator", "homes"], "unknown indicator of this sweep 'homes'"),
    ],
)
def test_bad_input_is_one_line(
    folder: Path, arguments: list[str], words: str, capsys: pytest.CaptureFixture[str]
) -> None:
    assert main(["discover", str(folder), *arguments]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert words in err


@pytest.mark.parametrize("name", ["results.parquet", "points.parquet", "finished.json"])
def test_files_that_are_cut_or_of_another_sweep_are_refused(
    folder: Path, tmp_path: Path, name: str, capsys: pytest.CaptureFixture[str]
) -> None:
    copy = tmp_path / "sweep"
    shutil.copytree(folder, copy)
    (copy / name).write_bytes((copy / name).read_bytes()[:-7])
    assert main(["discover", str(copy)]) == 2
    out, err = capsys.readouterr()
    assert (out, err.count("\n")) == ("", 1)
    assert "give `samenspel sweep` again" in err


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_workbench_drives_the_model() -> None:
    from ema_workbench import perform_experiments

    from sim.research.ema import ema_model

    plan = small(worlds=["reference"], replicates=2)
    experiments, outcomes = perform_experiments(ema_model(plan), scenarios=3, policies=2)
    assert len(experiments) == 6
    assert set(outcomes) >= {"homes_reached", "homes_reached_difference", "trust_initiative_difference"}
    assert np.isfinite(outcomes["homes_reached"]).all()
    bench = Bench(job_of(plan))
    for i, row in experiments[[axis.name for axis in plan.axes]].iterrows():
        own = bench.outcomes((0, 0, 2, 0, plan.sweep.seeds[0]), row.to_numpy(float))
        k = plan.sweep.indicators.index("homes_reached")
        assert outcomes["homes_reached"][i] == own[:, -1, 0, k, -1].mean()
    assert len(np.unique(outcomes["homes_reached"])) > 1
    assert (outcomes["homes_reached_difference"] != 0).all()


def test_reading_with_pandas_xarray_and_sql(folder: Path) -> None:
    result = open_sweep(folder)
    differences = result.differences("homes_reached", "structural-funding")
    data = result.to_xarray()
    assert data["homes_reached"].attrs["units"] == "homes"
    cells = data["homes_reached"].sel(group="all", month=result.last_month)
    own = cells.sel(scenario="structural-funding") - cells.sel(scenario="as-now")
    np.testing.assert_array_equal(own.transpose("point", "replicate").values, differences)
    told = result.sql(
        "SELECT point, avg(a.homes_reached - b.homes_reached) AS gain, any_value(commission_rate) AS rate "
        'FROM runs a JOIN runs b USING (point, replicate, "group", month) JOIN points USING (point) '
        "WHERE a.scenario = 'structural-funding' AND b.scenario = 'as-now' "
        f"AND month = '{result.last_month}' GROUP BY point ORDER BY point"
    ).fetchall()
    np.testing.assert_allclose([row[1] for row in told], differences.mean(axis=1))
    np.testing.assert_array_equal([row[2] for row in told], result.points["commission_rate"])


def test_summaries_can_be_read_too(tmp_path: Path) -> None:
    conduct(small(keep="summaries"), tmp_path / "s", Serial())
    data = open_sweep(tmp_path / "s").to_xarray()
    cell = data["homes_reached"].sel(statistic="mean", versus="as-now", scenario="structural-funding")
    assert cell.notnull().any()
    assert SMALL["replicates"] == 3
