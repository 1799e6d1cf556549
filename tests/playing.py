"""What tests share about playing worlds: scenarios in a line, single replicates month by month, and paired
differences.
"""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

import numpy as np

from sim.comparison import Parameters, Stage, load_parameters
from sim.evidence.parameters import PARAMETERS, draw_from_prior, record
from sim.indicators import GROUPS, INDICATOR_IDS, INDICATORS
from sim.levers import LEVERS
from sim.scenario import Scenario, parse_scenario
from sim.shocks import SHOCKS
from sim.world.files import World, load_world
from sim.world.state import State, copy_state

HEAD = {"id": "plan", "name": {"nl": "Plan", "en": "Plan"}, "description": {"nl": "Een plan", "en": "A plan"}}
UNCERTAIN = tuple(name for name, each in PARAMETERS.items() if each.role in ("calibrated", "sensitivity"))


def scenario(**more: Any) -> Scenario:
    """A scenario with these keys."""
    return parse_scenario({**HEAD, **more}, "plan.yaml")


def stage(
    world: str | World = "reference", *, months: int = 60, seed: int = 1, parameters: Any = "prior-median", **more: Any
) -> Stage:
    """A stage of so many months."""
    return Stage(
        load_world(world) if isinstance(world, str) else world, months, seed, load_parameters(parameters), **more
    )


def prior_draws(count: int, seed: int = 5) -> Parameters:
    """Draws of all uncertain parameters from their priors."""
    rng = np.random.default_rng(seed)
    return Parameters("prior", np.concatenate([record(draw_from_prior(rng, UNCERTAIN)) for _ in range(count)]))


def every_lever(start: str, scale: float = 1.0, **more: Any) -> list[dict[str, Any]]:
    """An entry for each lever, at this multiple of its default (at most its maximum)."""
    return [
        {"lever": each.id, "start": start, "intensity": min(each.maximum, scale * each.default), **more}
        for each in LEVERS.values()
    ]


def every_shock(month: str) -> list[dict[str, Any]]:
    """An entry for each shock at its default."""
    return [{"shock": name, "month": month} for name in SHOCKS]


def months_of(ready: Stage, plan: Scenario | None = None, replicate: int = 0) -> Iterator[State]:
    """The state after each month of one replicate; it is changed by the next."""
    track = ready.trunk if plan is None else ready.track(plan)
    state = copy_state(ready.start)
    ready.begin(state, replicate)
    out = np.full((ready.total, len(GROUPS), len(INDICATORS)), np.nan)
    for month in range(ready.total):
        ready.run(state, track, replicate, month, month + 1, out)
        yield state


def end_of(ready: Stage, plan: Scenario | None = None, replicate: int = 0) -> State:
    """The state at the end of one replicate, run without a stop."""
    track = ready.trunk if plan is None else ready.track(plan)
    state = copy_state(ready.start)
    ready.begin(state, replicate)
    ready.run(state, track, replicate, 0, ready.total, np.empty((ready.total, len(GROUPS), len(INDICATORS))))
    return state


def outcomes(ready: Stage, plan: Scenario | None = None, replicates: int = 10, first: int = 0) -> np.ndarray:
    """Outcomes (replicates, groups, indicators, months)."""
    track = ready.trunk if plan is None else ready.track(plan)
    return np.stack([ready.outcomes({"plan": track}, r)["plan"] for r in range(first, first + replicates)])


def t_of(differences: np.ndarray) -> np.ndarray:
    """Mean over replicates (axis 0) in units of its standard error; 0 where nothing differs."""
    mean = differences.mean(axis=0)
    error = differences.std(axis=0, ddof=1) / np.sqrt(len(differences))
    return np.divide(mean, error, out=np.zeros_like(mean), where=error > 0)


def of(values: np.ndarray, indicator: str, group: str = "all") -> np.ndarray:
    """One indicator of outcomes: (replicates, months)."""
    return values[:, GROUPS.index(group), INDICATOR_IDS.index(indicator)]


def rows_that_differ(first: np.ndarray, second: np.ndarray) -> np.ndarray:
    """For each row of two tables of records: do any of the bits differ?"""
    width = first.dtype.itemsize
    one = np.ascontiguousarray(first).view(np.uint8).reshape(len(first), width)
    two = np.ascontiguousarray(second).view(np.uint8).reshape(len(second), width)
    return (one != two).any(axis=1)


SET_FROM_OUTSIDE = ("on_initiative", "on_municipality", "on_post")


def same_bits(first: State, second: State, *, but: tuple[str, ...] = ()) -> bool:
    """Are all tables equal to the last bit (NaN too), but for those named?"""
    return all(
        getattr(first, name).tobytes() == getattr(second, name).tobytes() for name in first._fields if name not in but
    )
