"""Plain Mesa and the ensemble are one model: means agree within Monte Carlo error, in a still and in a busy world."""

from __future__ import annotations

import functools
import math

import numpy as np
import pytest
from scipy import stats

from sim.comparison import Parameters, Stage, Track, load_parameters
from sim.engine.blocks import in_order
from sim.evidence.parameters import PARAMETERS
from sim.indicators import INDICATORS
from sim.levers import LEVERS
from sim.scenario import Scenario, load_scenario, parse_scenario
from sim.shocks import SHOCKS
from sim.world.files import load_world
from tests.bench.pure_mesa import run

PLAIN, COMPILED = 60, 600  # replicates; those of the ensemble cost next to nothing
LEVEL = 0.01  # chance that one of all indicators is called different though none is (Holm)
MONTHS = 36


def everything_at_once() -> Scenario:
    """All levers from the first month, all shocks in the second year, as by default: every line of the rules runs."""
    name = {"nl": "alles", "en": "everything"}
    shocks = [{"shock": shock, "month": "2020-03"} for shock in SHOCKS]
    levers = [{"lever": lever} for lever in LEVERS]
    return parse_scenario(
        {"id": "everything", "name": name, "description": name, "levers": levers, "shocks": shocks}, "everything"
    )


SCENARIOS = {"as now": lambda: load_scenario("as-now"), "everything": everything_at_once}


def stage_with(parameters: Parameters) -> Stage:
    return Stage(load_world("reference"), MONTHS, 1, parameters)


def ensemble(stage: Stage, track: Track) -> np.ndarray:
    """Indicators of all initiatives in the last month (replicates, indicators), compiled."""
    return np.stack(list(in_order(lambda r: stage.outcomes({"it": track}, r)["it"][0, :, -1], 0, COMPILED)))


@functools.cache
def plain(name: str) -> np.ndarray:
    """The same in plain Mesa."""
    stage = stage_with(load_parameters("prior-median"))
    segments = stage.track(SCENARIOS[name]()).segments
    return np.stack([run(stage.start, MONTHS, segments=segments, seed=seed)[-1, 0] for seed in range(PLAIN)])


def told_apart(one: np.ndarray, other: np.ndarray) -> dict[str, float]:
    """Indicators whose means differ, with their z: Holm's procedure at `LEVEL` over all indicators."""
    error = np.sqrt(one.var(axis=0, ddof=1) / len(one) + other.var(axis=0, ddof=1) / len(other))
    gap = one.mean(axis=0) - other.mean(axis=0)
    z = np.divide(gap, error, out=np.where(gap == 0.0, 0.0, math.inf), where=error > 0.0)
    p = 2.0 * stats.norm.sf(np.abs(z))
    found = {}
    for rank, k in enumerate(np.argsort(p)):
        if p[k] > LEVEL / (len(p) - rank):
            break
        found[list(INDICATORS)[k]] = float(z[k])
    return found


@pytest.mark.parametrize("name", SCENARIOS)
def test_means_agree(name: str) -> None:
    stage = stage_with(load_parameters("prior-median"))
    compiled = ensemble(stage, stage.track(SCENARIOS[name]()))
    mine = plain(name)
    print()
    for k, indicator in enumerate(INDICATORS):
        print(f"  {name}: {indicator}: plain {mine[:, k].mean():,.4g}, ensemble {compiled[:, k].mean():,.4g}")
    assert told_apart(mine, compiled) == {}


@pytest.mark.parametrize("parameter", ["agreement_rate", "exit_rate", "hours_needed"])
def test_a_slightly_different_model_is_told_apart(parameter: str) -> None:
    """The comparison above has eyes: one parameter a quarter higher in one of the two is seen."""
    stage = stage_with(load_parameters({parameter: 1.25 * PARAMETERS[parameter].value}))
    assert told_apart(plain("as now"), ensemble(stage, stage.track(load_scenario("as-now")))) != {}


def test_every_group_is_counted_the_same_way() -> None:
    """Totals over the sizes and over the ambitions are the total of all, in plain Mesa as in the ensemble."""
    stage = stage_with(load_parameters("prior-median"))
    last = run(stage.start, MONTHS, segments=stage.trunk.segments, seed=1)[-1]
    compiled = stage.outcomes({"it": stage.trunk}, 0)["it"][:, :, -1]
    for k, indicator in enumerate(INDICATORS.values()):
        if indicator.kind == "total":
            for found in (last, compiled):
                assert found[1:4, k].sum() == pytest.approx(found[0, k]) == pytest.approx(found[4:7, k].sum())
