"""Replicates of the reference world, from 2019 to the end of 2021, when the interviews were held."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np

from sim.comparison import Parameters, Stage
from sim.evidence.parameters import PARAMETERS, record_dtype
from sim.indicators import GROUPS, INDICATORS
from sim.world.files import World, load_world
from sim.world.state import State, copy_state

WORLD = "reference"
VARIED = tuple(
    name
    for name, p in PARAMETERS.items()
    if p.prior.distribution != "fixed" and p.role in ("calibrated", "sensitivity")
)


def prior_draws(draws: int, seed: int, names: tuple[str, ...] = VARIED) -> np.ndarray:
    """Independent draws from the priors of the named parameters (default: all that have one and are calibrated or
    in the sensitivity), the others at their medians: parameter records of shape (draws,). The first draws are the
    same however many are asked for.
    """
    found = np.zeros(draws, record_dtype())
    for name, parameter in PARAMETERS.items():
        found[name] = parameter.value
    u = np.random.default_rng(seed).random((draws, len(names)))
    for k, name in enumerate(names):
        found[name] = PARAMETERS[name].prior.quantile(u[:, k])
    return found


def lived(stage: Stage, replicate: int, state: State | None = None, *, months: int | None = None) -> State:
    """A replicate of going on as now, from its beginning on: all its months, or the first ``months`` of engine months.
    ``state``: room to live in, so that nothing is allocated.
    """
    s = copy_state(stage.start) if state is None else state
    stage.begin(s, replicate)
    return lived_on(stage, replicate, s, 0, months)


def lived_on(stage: Stage, replicate: int, state: State, first: int, last: int | None = None) -> State:
    """The same state, after engine months ``first`` to ``last`` (without; default: the end)."""
    until = stage.total if last is None else last
    out = np.empty((stage.total, len(GROUPS), len(INDICATORS)))  # indicators, which nobody looks at here
    stage.run(state, stage.trunk, replicate, first, until, out)
    return state


def finished_worlds(
    parameters: Parameters, replicates: int, seed: int, world: World | None = None
) -> Iterator[tuple[int, State]]:
    """Run replicates as now and yield (replicate, state after the last month); the state is used again for the next
    one, so read it at once.
    """
    setting = world if world is not None else load_world(WORLD)
    stage = Stage(setting, setting.horizon, seed, parameters)
    s = copy_state(stage.start)
    for replicate in range(replicates):
        yield replicate, lived(stage, replicate, s)
