"""A sweep goes on after any interruption, and its result is the same to the last bit."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow.parquet as pq
import pytest

from sim.comparison import Parameters, compare
from sim.engine.blocks import Cancelled
from sim.engine.problems import InputError
from sim.evidence.parameters import record
from sim.research.conduct import conduct
from sim.research.crew import LocalCrew
from sim.research.plan import Plan
from sim.research.task import Task, scenario_at
from tests.research.faulty import dies_on_three, dies_once, hangs_on_three, raises_on_three
from tests.research.trial import Serial, contents, small

KILLING = Path(__file__).parent / "killing.py"


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A sweep that was never interrupted."""
    target = tmp_path_factory.mktemp("whole") / "sweep"
    conduct(small(), target, Serial())
    return target


def shards(folder: Path) -> list[Path]:
    return sorted((folder / "shards").iterdir())


# What is run --------------------------------------------------------------------------------------------------------


def test_a_run_is_that_of_the_ensemble(whole: Path, plan: Plan) -> None:
    runs = pq.read_table(whole / "shards").to_pandas()
    points = pq.read_table(whole / "points.parquet").to_pandas().set_index("point")
    for point in (0, 13):
        row = points.loc[point]
        values = np.array([row["renewal_base"], row["structural_funding"]])
        result = compare(
            [scenario_at(each, plan.axes, values) for each in plan.scenarios],
            world="my-municipality-small",
            months=36,
            replicates=3,
            seed=1,
            parameters=Parameters("point", record({"renewal_base": row["renewal_base"]})),
        )
        assert result.documents[1]["levers"][0]["intensity"] == row["structural_funding"]
        mine = runs[runs["point"] == point]
        for indicator in ("homes_reached", "trust_initiative"):
            for scenario in ("as-now", "structural-funding"):
                cells = result.sample.sel(scenario=scenario, group="all", indicator=indicator)
                for month in cells["month"].values:
                    here = mine[(mine["scenario"] == scenario) & (mine["month"] == month)].sort_values("replicate")
                    np.testing.assert_array_equal(here[indicator], cells.sel(month=month).values)


def test_summaries_are_those_of_the_runs(whole: Path, tmp_path: Path) -> None:
    conduct(small(keep="summaries"), tmp_path / "s", Serial())
    told = pq.read_table(tmp_path / "s" / "shards").to_pandas()
    runs = pq.read_table(whole / "shards").to_pandas()
    cell = runs[(runs["point"] == 5) & (runs["month"] == "2028-12")]
    wide = cell.pivot(index="replicate", columns="scenario", values="homes_reached")
    difference = wide["structural-funding"] - wide["as-now"]
    rows = told[(told["point"] == 5) & (told["month"] == "2028-12") & (told["scenario"] == "structural-funding")]
    own = rows[rows["versus"].isna()].set_index("statistic")["homes_reached"]
    paired = rows[rows["versus"] == "as-now"].set_index("statistic")["homes_reached"]
    assert own["mean"] == pytest.approx(wide["structural-funding"].mean())
    assert own["p25"] == pytest.approx(wide["structural-funding"].quantile(0.25))
    assert own["measured"] == 3
    assert paired["mean"] == pytest.approx(difference.mean())
    assert paired["sd"] == pytest.approx(difference.std())
    assert paired["share_higher"] == pytest.approx((difference > 0).mean())
    assert "share_higher" not in own


def test_fresh_chance_is_other_chance_at_every_point(tmp_path: Path) -> None:
    design = {"vary": [{"parameter": "renewal_base", "values": [-1.0, -0.5]}], "design": {"kind": "grid"}}
    same, fresh = small(**design), small(**design, chance="fresh")
    found = []
    for name, each in (("same", same), ("fresh", fresh)):
        conduct(each, tmp_path / name, Serial())
        runs = pq.read_table(tmp_path / name / "shards").to_pandas()
        found.append(runs[(runs["scenario"] == "as-now") & (runs["month"] == "2026-12")])
    first = [each[each["point"] == 0]["trust_initiative"].to_numpy() for each in found]
    np.testing.assert_array_equal(first[0], first[1])
    second = [each[each["point"] == 1]["trust_initiative"].to_numpy() for each in found]
    assert (second[0] != second[1]).any()


def test_columns_say_their_units(whole: Path) -> None:
    schema = pq.read_schema(shards(whole)[0])
    assert schema.field("homes_reached").metadata[b"unit"] == b"homes"
    points = pq.read_schema(whole / "points.parquet")
    assert points.field("renewal_base").metadata[b"unit"] == b"log odds"
    assert points.field("structural_funding").metadata[b"unit"] == b"share of initiatives"


# The same result ----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("workers", [1, 3])
def test_any_number_of_workers_gives_the_same_files(whole: Path, tmp_path: Path, workers: int) -> None:
    conduct(small(), tmp_path / "s", LocalCrew(workers))
    assert contents(tmp_path / "s") == contents(whole)


def test_an_interruption_leaves_what_was_done_and_nothing_else(whole: Path, plan: Plan, tmp_path: Path) -> None:
    target = tmp_path / "s"
    done: list[int] = []

    def stop() -> bool:
        done.append(1)
        return len(done) == 3

    with pytest.raises(Cancelled):
        conduct(plan, target, Serial(), cancelled=stop)
    assert not (target / "finished.json").exists()
    assert len(shards(target)) == 3
    outcome = conduct(plan, target, Serial())
    assert outcome.done_now == plan.shards - 3
    assert contents(target) == contents(whole)


@pytest.mark.parametrize("damage", ["flip", "cut", "empty", "wrong name", "twice", "leftover"])
def test_damage_is_found_and_mended(whole: Path, plan: Plan, tmp_path: Path, damage: str) -> None:
    target = tmp_path / "s"
    conduct(plan, target, Serial())
    victim = shards(target)[4]
    content = bytearray(victim.read_bytes())
    if damage == "flip":
        content[len(content) // 2] ^= 1
    elif damage == "cut":
        content = content[:-7]
    elif damage == "empty":
        content = bytearray()
    if damage == "wrong name":
        victim.rename(victim.with_name(victim.name.replace("00004", "00005")))
    elif damage == "twice":
        victim.with_name("00004-" + "0" * 24 + ".parquet").write_bytes(b"else")
    elif damage == "leftover":
        victim.with_name(".abc.part").write_bytes(b"half")
    else:
        victim.write_bytes(content)
    outcome = conduct(plan, target, Serial())
    assert contents(target) == contents(whole)
    assert outcome.done_now == (0 if damage in ("twice", "leftover") else 1)


@pytest.mark.parametrize("name", ["points.parquet", "results.parquet", "finished.json", "manifest.json"])
@pytest.mark.parametrize("damage", ["flip", "gone"])
def test_damage_beside_the_shards_is_mended_too(
    whole: Path, plan: Plan, tmp_path: Path, name: str, damage: str
) -> None:
    target = tmp_path / "s"
    shutil.copytree(whole, target)
    victim = target / name
    content = bytearray(victim.read_bytes())
    if damage == "gone":
        victim.unlink()
    else:  # in the manifest a bit of a unit: a word that the sweep is known by is refused instead
        content[content.index(b"homes_reached") if name == "manifest.json" else len(content) // 2] ^= 1
        victim.write_bytes(content)
    assert conduct(plan, target, Serial()).done_now == 0
    assert contents(target) == contents(whole)


@pytest.mark.parametrize("number", range(8))
def test_every_bit_flip_is_found(plan: Plan, tmp_path: Path, number: int) -> None:
    target = tmp_path / "s"
    conduct(plan, target, Serial())
    chance = np.random.default_rng(number)
    victim = shards(target)[int(chance.integers(plan.shards))]
    content = bytearray(victim.read_bytes())
    content[int(chance.integers(len(content)))] ^= 1 << int(chance.integers(8))
    victim.write_bytes(content)
    assert conduct(plan, target, Serial()).done_now == 1


@pytest.mark.parametrize(("how", "times"), [("random", 25), ("every", 500)])
def test_killed_again_and_again(whole: Path, tmp_path: Path, how: str, times: int) -> None:
    killed(whole, tmp_path, how, times)


@pytest.mark.slow
def test_killed_two_hundred_times(whole: Path, tmp_path: Path) -> None:
    killed(whole, tmp_path, "random", 200)


def killed(whole: Path, tmp_path: Path, how: str, times: int) -> None:
    target = tmp_path / "s"
    command = [sys.executable, str(KILLING), str(target), how, "1", str(times)]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=900)
    assert done.returncode == 0, done.stderr
    told = json.loads(done.stdout)
    assert told["error"] == 0, done.stderr
    assert told["killed"] >= (20 if how == "every" else times)
    assert contents(target) == contents(whole)


# Workers that fail --------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("run", "words"),
    [
        pytest.param(dies_on_three, "process died", marks=pytest.mark.slow),
        (raises_on_three, "ZeroDivisionError: three"),
        pytest.param(hangs_on_three, "did not end", marks=pytest.mark.slow),
    ],
)
def test_a_run_that_fails_each_time_is_named_and_the_rest_done(
    whole: Path, plan: Plan, tmp_path: Path, run: Any, words: str
) -> None:
    patience = 25 if run is hangs_on_three else None  # seconds in which a worker also starts, on a busy machine
    outcome = conduct(plan, tmp_path / "s", LocalCrew(2, run=run, patience=patience))
    (failed,) = outcome.failed
    assert failed["shard"] == 3
    assert words in failed["why"]
    assert failed["points"] == [plan.unit(plan.shard(3)[0]).point, plan.unit(plan.shard(3)[-1]).point]
    assert len(shards(tmp_path / "s")) == plan.shards - 1
    again = conduct(plan, tmp_path / "s", Serial())
    assert (again.done_now, again.failed) == (1, [])
    assert contents(tmp_path / "s") == contents(whole)


def test_a_worker_that_dies_once_costs_nothing(
    whole: Path, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("SAMENSPEL_TEST_MARK", str(tmp_path / "mark"))
    outcome = conduct(plan, tmp_path / "s", LocalCrew(2, run=dies_once))
    assert outcome.failed == []
    assert contents(tmp_path / "s") == contents(whole)


# Refusals -----------------------------------------------------------------------------------------------------------


def refused(plan: Plan, target: Path) -> str:
    with pytest.raises(InputError) as caught:
        conduct(plan, target, Serial())
    return str(caught.value)


@pytest.mark.parametrize(
    ("more", "words"),
    [
        ({"replicates": 4}, "another sweep"),
        ({"design": {"kind": "latin_hypercube", "points": 25}}, "another sweep"),
        ({"parameters": "other"}, "other parameters"),
    ],
)
def test_another_sweep_in_a_folder_is_refused(whole: Path, tmp_path: Path, more: dict[str, Any], words: str) -> None:
    before = contents(whole)
    if "parameters" in more:
        (tmp_path / "p.yaml").write_text("trust_half_life: 20\n")
        more = {"parameters": str(tmp_path / "p.yaml")}
    assert words in refused(small(**more), whole)
    assert contents(whole) == before


def test_another_model_in_an_old_folder_is_refused(whole: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.research import plan as plan_module

    monkeypatch.setattr(plan_module, "this_model", lambda: "0123456789ab")
    assert "another version of the model" in refused(small(), whole)


def test_two_at_once_in_one_folder_are_refused(plan: Plan, tmp_path: Path) -> None:
    class Impatient(Serial):
        def work(self, tasks: Iterator[Task], cancelled: Any) -> Iterator[Any]:
            assert "another process is working in this folder" in refused(small(), tmp_path / "s")
            yield from super().work(tasks, cancelled)

    assert conduct(plan, tmp_path / "s", Impatient()).failed == []


def test_a_folder_with_other_things_is_left_alone(plan: Plan, tmp_path: Path) -> None:
    (tmp_path / "holiday.jpg").write_bytes(b"x")
    assert "holds other things (holiday.jpg)" in refused(plan, tmp_path)
    assert [path.name for path in tmp_path.iterdir()] == ["holiday.jpg"]
    assert "is a file" in refused(plan, tmp_path / "holiday.jpg")


def test_too_little_room_is_said_before_the_work(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from types import SimpleNamespace

    monkeypatch.setattr(shutil, "disk_usage", lambda _: SimpleNamespace(free=1000))
    assert "may need" in refused(plan, tmp_path / "s")
    assert list(tmp_path.iterdir()) == []


def test_a_disk_that_fills_up_on_the_way(
    whole: Path, plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    real, written = os.fsync, []

    def full(descriptor: int) -> None:
        written.append(descriptor)
        if len(written) > 20:
            raise OSError(28, "No space left on device")
        real(descriptor)

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        assert "no space left on device); what was done is kept" in refused(plan, tmp_path / "s")
    assert not list((tmp_path / "s").rglob("*.part"))
    conduct(plan, tmp_path / "s", Serial())
    assert contents(tmp_path / "s") == contents(whole)


def test_a_worker_with_another_model_is_refused(plan: Plan, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    from sim.research import task as task_module

    monkeypatch.setattr(task_module, "this_model", lambda: "0123456789ab")
    assert "this worker has model 0123456789ab" in refused(plan, tmp_path / "s")
