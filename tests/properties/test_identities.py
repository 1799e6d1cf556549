"""Identities, to the last bit: what must not matter does not matter at all."""

import functools
import json
import math
import os
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest

from sim.comparison import compare
from sim.engine.compiling import target
from sim.levers import LEVERS
from sim.scenario import load_scenario, shipped_scenarios
from sim.shocks import SHOCKS
from sim.world.files import NationalWorld, load_world
from sim.world.state import STOPPED, State, copy_state
from tests.playing import (
    SET_FROM_OUTSIDE,
    end_of,
    every_lever,
    every_shock,
    months_of,
    of,
    outcomes,
    rows_that_differ,
    same_bits,
    scenario,
    stage,
)

ROOT = Path(__file__).resolve().parents[2]
BUSY = scenario(levers=every_lever("2019-07"), shocks=every_shock("2020-06"))


def same_results(first, second) -> bool:
    return (
        first.summary_values.tobytes() == second.summary_values.tobytes()
        and first.difference_values.tobytes() == second.difference_values.tobytes()
        and first.sample_values.tobytes() == second.sample_values.tobytes()
    )


# Threads, replicates, hash seeds -------------------------------------------------------------------------------------


def test_one_thread_gives_what_many_give():
    plans = ["as-now", "regular-meetings", "structural-funding"]
    one, two, seven = (compare(plans, replicates=24, months=30, workers=workers) for workers in (1, 2, 7))
    assert same_results(one, two)
    assert same_results(one, seven)
    assert not same_results(one, compare(plans, replicates=24, months=30, workers=1, seed=2))


def test_ten_replicates_and_ten_more_are_twenty():
    ready = stage(months=40)
    twenty = outcomes(ready, BUSY, 20)
    ten = outcomes(stage(months=40), BUSY, 10)
    more = outcomes(stage(months=40), BUSY, 10, first=10)
    assert twenty.tobytes() == np.concatenate([ten, more]).tobytes()
    assert len({each.tobytes() for each in twenty}) == 20


def test_a_replicate_is_the_same_whichever_were_run_before_it_and_beside_it():
    ready = stage(months=40)
    alone = {r: outcomes(stage(months=40), BUSY, 1, first=r).tobytes() for r in (0, 3, 7)}
    for r in (7, 0, 3, 7):
        tracks = {"busy": ready.track(BUSY), "now": ready.trunk, "talk": ready.track(load_scenario("regular-meetings"))}
        found = ready.outcomes(tracks, r)
        assert found["busy"].tobytes() == alone[r]
        assert found["now"].tobytes() == outcomes(ready, None, 1, first=r).tobytes()


def test_a_compared_world_is_the_replicate_of_that_number():
    names = ["as-now", "structural-funding"]
    result = compare(names, replicates=5, months=24, every_month=True, parameters="prior-median")
    ready = stage(months=24)
    alone = np.stack([outcomes(ready, load_scenario(name), 5) for name in names])
    # the sample holds the same numbers, whatever the order of its axes
    assert sorted(result.sample_values.shape) == sorted(alone.shape)
    assert np.array_equal(np.sort(result.sample_values, axis=None), np.sort(alone, axis=None), equal_nan=True)


PLAY = """
import hashlib, json
from sim.comparison import compare
found = compare(["as-now", "recommendations", "high-turnover"], replicates=4, months=40)
values = (found.summary_values, found.difference_values, found.sample_values)
digest = hashlib.sha256(b"".join(each.tobytes() for each in values))
print(json.dumps([digest.hexdigest(), found.model_hash, found.parameter_set.hash]))
"""


def test_no_hash_seed_of_python_changes_a_number():
    said = set()
    for hash_seed in ("0", "4294967295"):
        environment = {**os.environ, "PYTHONHASHSEED": hash_seed}
        done = subprocess.run(
            [sys.executable, "-c", PLAY], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=300
        )
        assert done.returncode == 0, done.stderr
        said.add(done.stdout)
    assert len(said) == 1
    assert len(json.loads(said.pop())[0]) == 64


@pytest.mark.slow
@pytest.mark.skipif(target() == "generic", reason="this processor is compiled for in one way only")
def test_no_processor_changes_a_number(tmp_path):
    """Compiled for what every processor of a kind can do or for what this one can: the same bits."""
    said = {}
    for name in ("generic", target()):
        environment = {**os.environ, "NUMBA_CPU_NAME": name, "SAMENSPEL_CACHE": str(tmp_path / name)}
        done = subprocess.run(
            [sys.executable, "-c", PLAY], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stderr
        said[name] = done.stdout
    assert len(said) == 2 and len(set(said.values())) == 1


# Nothing is nothing --------------------------------------------------------------------------------------------------


@functools.cache
def as_now_at_the_end(replicate: int) -> State:
    return end_of(stage(months=48), None, replicate)


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_of_intensity_zero_is_no_lever(lever):
    options = {name: option.maximum for name, option in LEVERS[lever].options.items()}
    plan = scenario(levers=[{"lever": lever, "start": "2019-06", "intensity": 0, "options": options}])
    for r in (0, 1):
        assert same_bits(end_of(stage(months=48), plan, r), as_now_at_the_end(r))


@pytest.mark.parametrize("shock", SHOCKS)
def test_a_shock_of_intensity_zero_is_no_shock(shock):
    plan = scenario(shocks=[{"shock": shock, "month": "2020-03", "intensity": 0}])
    for r in (0, 1):
        assert same_bits(end_of(stage(months=48), plan, r), as_now_at_the_end(r))


@pytest.mark.parametrize("lever", LEVERS)
def test_options_without_their_lever_change_nothing_inside_the_rules(lever):
    """The schedule leaves out a lever of intensity zero; the rules must not read its options either."""
    ready = stage(months=48)
    plan = scenario(levers=[{"lever": lever}])
    segments = []
    for segment in ready.track(plan).segments:
        tables = []
        for table in segment[2:5]:
            kept = table.copy()
            for name in kept.dtype.names or ():
                if name == lever or name.startswith("cost_"):
                    kept[name] = 0
            tables.append(kept)
        segments.append(segment._replace(on_initiative=tables[0], on_municipality=tables[1], on_post=tables[2]))
    state = copy_state(ready.start)
    ready.begin(state, 0)
    track = ready.track(plan)
    track.segments = segments
    ready.run(state, track, 0, 0, ready.total, np.empty((ready.total, *outcomes(ready, None, 1).shape[1:3])))
    assert same_bits(state, as_now_at_the_end(0), but=SET_FROM_OUTSIDE)


def test_parameters_set_to_what_they_are_change_nothing():
    values = {name: float(stage(months=1).parameters.rows[0][name]) for name in ("official_leaving_rate", "bridging")}
    for r in (0, 1):
        assert same_bits(end_of(stage(months=48), scenario(parameters=values), r), as_now_at_the_end(r))


# Before its first month, and the common past -------------------------------------------------------------------------


@pytest.mark.parametrize("name", [name for name in shipped_scenarios() if name != "as-now"])
def test_before_its_first_month_a_scenario_is_as_now(name):
    ready = stage("projection", months=72)
    plan = load_scenario(name)
    departs = min(ready.track(plan).departs, ready.total)
    assert departs == load_world("projection").engine_month("2027-01")
    now, other = outcomes(ready, None, 2), outcomes(ready, plan, 2)
    before = int(departs) - ready.past
    assert now[..., :before].tobytes() == other[..., :before].tobytes()
    assert now[..., before:].tobytes() != other[..., before:].tobytes()


def test_a_world_taken_up_at_its_fork_is_the_world_run_from_its_beginning():
    plans = {
        "talk": load_scenario("regular-meetings"),
        "turnover": load_scenario("high-turnover-embedded"),
        "now": load_scenario("as-now"),
    }
    early = scenario(
        levers=[{"lever": "regular_meetings", "start": "2023-01"}],
        shocks=[{"shock": "official_leaves", "month": "2024-05"}],
    )
    plans["early"] = early
    fresh = stage("projection", months=72)
    remembering = stage("projection", months=72, remember=True)
    expected = {key: outcomes(fresh, plan, 3) for key, plan in plans.items()}
    for _ in range(2):  # the second time everything is remembered
        for keys in (["talk"], ["turnover", "now"], ["early", "talk"], list(plans)):
            for r in range(3):
                found = remembering.outcomes({key: remembering.track(plans[key]) for key in keys}, r)
                assert set(found) == set(keys)
                for key in keys:
                    assert found[key].tobytes() == expected[key][r].tobytes()
    remembering.forget({"now"})
    found = remembering.outcomes({"talk": remembering.track(plans["talk"])}, 1)
    assert found["talk"].tobytes() == expected["talk"][1].tobytes()


def test_months_run_one_by_one_are_the_months_run_at_once():
    ready = stage(months=48)
    for plan in (None, BUSY):
        last = None
        for state in months_of(ready, plan):
            last = state
        assert last is not None
        assert same_bits(last, end_of(ready, plan))


# Whom a lever cannot reach -------------------------------------------------------------------------------------------


@functools.cache
def scattered():
    """Few initiatives and many facilitators, so that most have nobody in common."""
    world = load_world("reference")
    assert isinstance(world, NationalWorld)
    few = world.initiatives.model_copy(update={"supported": 90})
    many = world.facilitators.model_copy(update={"number": 70})
    return stage(world.model_copy(update={"initiatives": few, "facilitators": many}), months=48)


def reachable(seeds: set[int]) -> set[int]:
    """Everyone that a change at these initiatives can reach: through the town hall (its people, hours, budget) or a
    facilitator's load.
    """
    initiatives = scattered().start.initiatives
    town, helper = initiatives["municipality"], initiatives["facilitator"]
    found: set[int] = set()
    waiting = list(seeds)
    while waiting:
        i = waiting.pop()
        if i in found:
            continue
        found.add(i)
        waiting += np.flatnonzero((town == town[i]) | (helper == helper[i])).tolist()
    return found


def some_initiatives() -> list[int]:
    """Initiatives of three ambitions whose circles are small."""
    count = len(scattered().start.initiatives)
    circles = sorted(range(count), key=lambda i: (len(reachable({i})), i))
    return circles[:: max(1, count // 12)][:6]


def scoped(kind: str, name: str):
    """The entry of a lever or shock for some, and the initiatives that it is about."""
    ready = scattered()
    town = ready.start.initiatives["municipality"]
    whom = some_initiatives()
    towns = sorted({int(town[i]) for i in whom})
    if kind == "lever":
        entry = LEVERS[name]
        by_initiative = entry.level == "initiative"
        scope = {"initiative": whom} if by_initiative else {"municipality": towns}
        plan = scenario(levers=[{"lever": name, "intensity": entry.maximum, "scope": scope}])
    else:
        by_initiative = SHOCKS[name].level == "initiative"
        scope = {"initiative": whom} if by_initiative else {"municipality": towns}
        lasts = {"months": 27} if SHOCKS[name].lasts else {}
        shock = {"shock": name, "month": "2020-09", "intensity": SHOCKS[name].maximum, "scope": scope, **lasts}
        plan = scenario(shocks=[shock])
    return plan, set(whom) if by_initiative else set(np.flatnonzero(np.isin(town, towns)).tolist())


@pytest.mark.parametrize(
    ("kind", "name"), [*(("lever", name) for name in LEVERS), *(("shock", name) for name in SHOCKS)]
)
def test_a_change_for_some_leaves_everyone_it_cannot_reach_as_they_were(kind, name):
    ready = scattered()
    plan, about = scoped(kind, name)
    near = reachable(about)
    count = len(ready.start.initiatives)
    far = np.array(sorted(set(range(count)) - near))
    assert len(far) > 20 and len(near) >= 6
    town = ready.start.initiatives["municipality"]
    far_towns = np.setdiff1d(np.arange(len(ready.start.municipalities)), town[sorted(near)])
    moved = False
    for r in range(3):
        for now, other in zip(months_of(ready, None, r), months_of(ready, plan, r), strict=True):
            for table in ("initiatives", "agreements", "ledger"):
                assert not rows_that_differ(getattr(now, table)[far], getattr(other, table)[far]).any(), table
            ties = (far[:, None] * 4 + np.arange(4)).reshape(-1)
            assert not rows_that_differ(now.ties[ties], other.ties[ties]).any()
            assert now.seen[:, far].tobytes() == other.seen[:, far].tobytes()
            for table in ("municipalities", "aldermen"):
                assert not rows_that_differ(getattr(now, table)[far_towns], getattr(other, table)[far_towns]).any(), (
                    table
                )
            posts = np.isin(now.posts["municipality"], far_towns)
            assert not rows_that_differ(now.posts[posts], other.posts[posts]).any()
            moved = moved or bool(
                rows_that_differ(now.initiatives[sorted(near)], other.initiatives[sorted(near)]).any()
            )
    assert moved


def test_the_reachable_are_really_reached_through_a_shared_town_hall():
    """Without it the set above could be drawn too wide: a neighbour in the same municipality does notice."""
    ready = scattered()
    town = ready.start.initiatives["municipality"]
    shared = [m for m in np.unique(town) if (town == m).sum() > 1]
    whom = [int(np.flatnonzero(town == m)[0]) for m in shared]
    neighbours = [int(i) for m in shared for i in np.flatnonzero(town == m)[1:]]
    funding = {"lever": "structural_funding", "intensity": 1, "scope": {"initiative": whom}}
    boosted = end_of(ready, scenario(levers=[funding]))
    assert rows_that_differ(end_of(ready).initiatives[neighbours], boosted.initiatives[neighbours]).any()


# Another generator ---------------------------------------------------------------------------------------------------

SIGNS = """
import json
import numpy as np
from sim.engine.compiling import generator
from tests.playing import of, outcomes, scenario, stage, t_of
plans = {plans!r}
ready = stage(months=72)
now = outcomes(ready, None, {replicates})
active = of(now, "active")[:, -1]
found = {{"generator": generator(), "active": float(active.mean()), "first": now[0].tobytes().hex()[:4000]}}
for name, (indicator, plan) in plans.items():
    difference = of(outcomes(ready, scenario(**plan), {replicates}), indicator) - of(now, indicator)
    found[name] = float(t_of(difference[:, -1]))
print(json.dumps(found))
"""
CONCLUSIONS = {
    "meetings make understanding": ("understanding", {"levers": [{"lever": "regular_meetings"}]}),
    "meetings make trust": ("trust_initiative", {"levers": [{"lever": "regular_meetings"}]}),
    "lasting money keeps money": ("months_without_money", {"levers": [{"lever": "structural_funding"}]}),
    "embedding spares restarts": ("restarts", {"levers": [{"lever": "broad_embedding"}]}),
    "capacity carries phases": ("phase", {"levers": [{"lever": "municipal_capacity", "intensity": 2}]}),
    "training makes understanding": ("understanding", {"levers": [{"lever": "perspective_training"}]}),
    "plan talks carry phases": ("phase", {"levers": [{"lever": "execution_plan_talk"}]}),
    "turnover costs trust": ("trust_official", {"parameters": {"official_leaving_rate": 0.05}}),
    "campaigns cost trust": ("trust_initiative", {"shocks": [{"shock": "crossing_campaign", "month": "2024-03"}]}),
    "out of the vision costs energy": ("energy", {"shocks": [{"shock": "left_out_of_vision", "month": "2023-03"}]}),
}
EXPECTED_SIGN = {
    "lasting money keeps money": -1,
    "embedding spares restarts": -1,
    "turnover costs trust": -1,
    "campaigns cost trust": -1,
    "out of the vision costs energy": -1,
}


@pytest.mark.slow
def test_another_generator_gives_other_numbers_and_the_same_conclusions():
    said = {}
    for name in ("hash", "philox"):
        environment = {**os.environ, "SAMENSPEL_GENERATOR": name, "PYTHONPATH": str(ROOT)}
        code = SIGNS.format(plans=CONCLUSIONS, replicates=30)
        done = subprocess.run(
            [sys.executable, "-c", code], cwd=ROOT, env=environment, capture_output=True, text=True, timeout=900
        )
        assert done.returncode == 0, done.stderr
        said[name] = json.loads(done.stdout)
        assert said[name]["generator"] == name
    assert said["hash"]["first"] != said["philox"]["first"]
    assert math.isclose(said["hash"]["active"], said["philox"]["active"], rel_tol=0.03)
    for conclusion in CONCLUSIONS:
        for name in said:
            assert said[name][conclusion] * EXPECTED_SIGN.get(conclusion, 1) > 4, (conclusion, name)


def test_initiatives_that_stopped_before_a_change_keep_what_they_had():
    """A policy for everyone does not reach those who are gone; only what their municipality pays is still booked."""
    ready = stage(months=60)
    plan = scenario(levers=every_lever("2022-01"))
    start = load_world("reference").engine_month("2022-01")
    for r in range(2):
        gone = None
        for month, (now, other) in enumerate(zip(months_of(ready, None, r), months_of(ready, plan, r), strict=True)):
            if month == start - 1:
                assert same_bits(now, other, but=SET_FROM_OUTSIDE)
                gone = now.initiatives["status"] == STOPPED
        assert gone is not None and gone.sum() > 5
        for name in ("energy", "maturity", "phase", "progress", "homes", "money_in", "money_out", "recognition"):
            assert (now.initiatives[name][gone] == other.initiatives[name][gone]).all(), name
        differ = [
            name for name in now.ledger.dtype.names or () if (now.ledger[name][gone] != other.ledger[name][gone]).any()
        ]
        assert differ == []
    assert of(outcomes(ready, plan, 1), "active")[0, -1] > 0
