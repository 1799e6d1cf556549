"""Paired experiments: the same worlds, with the same chance events, lived through twice or more, and what differs in
the end.

An `Arm` says how one life differs from going on as now: levers and shocks, parameters, what is set before the first
month, and what is held every month. A `measure` drives a `Run` (one replicate of one arm) and returns a number. An
`Experiment` is arms, a measure and the effect that is read off them; `run` gives one paired effect a replicate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cache
from typing import Any

import numpy as np
from scipy import stats

from sim.engine.blocks import in_order
from sim.engine.catalogue import Text
from sim.engine.randomness import key_of
from sim.evidence.parameters import record
from sim.indicators import GROUPS, INDICATORS
from sim.indicators.observe import new_sums
from sim.month import advance, begin_replicate
from sim.scenario import LeverEntry, Scenario, ShockEntry
from sim.schedule import Layout, Segment, compile_schedule, layout_of, set_from_outside
from sim.world.build import build
from sim.world.files import World, load_world
from sim.world.state import State, copy_state

NAME = Text(nl="proef", en="experiment")
SEED = 2019
CONFIDENCE = 0.99
Change = Callable[[State], None]  # changes the state in place


@dataclass(frozen=True)
class Held:
    """A change that is made before each month from ``first`` to ``last`` (both included)."""

    change: Change
    first: int = 0
    last: int = 10_000


@dataclass(frozen=True)
class Arm:
    """How one life of a world differs from going on as now.

    ``levers``: intensity by id (with ``options`` by lever); ``shocks``: (id, engine month, intensity, months);
    ``parameters``: values by name, over the base set; ``begin``: changes before the first month, after characters were
    drawn; ``held``: changes made every month.
    """

    levers: Mapping[str, float] = field(default_factory=dict)
    options: Mapping[str, Mapping[str, float]] = field(default_factory=dict)
    shocks: tuple[tuple[str, int, float, int], ...] = ()
    parameters: Mapping[str, float] = field(default_factory=dict)
    begin: tuple[Change, ...] = ()
    held: tuple[Held, ...] = ()

    def and_also(self, other: Arm) -> Arm:
        """Both differences together; where both set a parameter, lever or option the other's holds."""
        return Arm(
            levers={**self.levers, **other.levers},
            options={**self.options, **other.options},
            shocks=(*self.shocks, *other.shocks),
            parameters={**self.parameters, **other.parameters},
            begin=(*self.begin, *other.begin),
            held=(*self.held, *other.held),
        )


@dataclass(frozen=True, eq=False)
class Setting:
    """A world of a certain length, laid out once."""

    world: World
    months: int
    start: State
    layout: Layout


def setting(world: str | World, months: int) -> Setting:
    """The world with this id (or this world itself), ``months`` long from its first month on."""
    return _shipped(world, months) if isinstance(world, str) else _laid_out(world, months)


@cache
def _shipped(world: str, months: int) -> Setting:
    return _laid_out(load_world(world), months)


def _laid_out(world: World, months: int) -> Setting:
    start = build(world, months=months)
    return Setting(world, months, start, layout_of(start))


def segments_of(arm: Arm, place: Setting) -> list[Segment]:
    """What is set from outside in each month of an arm."""
    scenario = Scenario(
        id="experiment",
        name=NAME,
        description=NAME,
        levers=tuple(
            LeverEntry(lever=name, intensity=value, options=dict(arm.options.get(name, {})))
            for name, value in arm.levers.items()
        ),
        shocks=tuple(
            ShockEntry(shock=name, month=place.world.month_name(month), intensity=value, months=months)
            for name, month, value, months in arm.shocks
        ),
    )
    return compile_schedule(scenario, place.world, place.layout, months=place.months)


class Run:
    """One replicate of one arm, to be driven by a measure: ``until(month)``, then look at ``state``."""

    def __init__(
        self,
        arm: Arm,
        place: Setting,
        segments: list[Segment],
        parameters: np.ndarray,
        replicate: int,
        room: State | None = None,
    ):
        self.arm, self.place, self.segments = arm, place, segments
        self.state = copy_state(place.start, room)
        self.month = 0
        self.replicate = replicate
        self._parameters = parameters
        self.state.parameters[0] = parameters[replicate % len(parameters)]
        for name, value in arm.parameters.items():
            self.state.parameters[name] = value
        self.own = self.state.parameters.copy()
        begin_replicate(self.state, key_of(SEED, replicate))
        for change in arm.begin:
            change(self.state)
        self.outcomes = np.empty((place.world.past_months + place.months, len(GROUPS), len(INDICATORS)))
        self._sums = new_sums()

    def until(self, month: int) -> State:
        """Live on until ``month`` months have passed; returns the state."""
        while self.month < month:
            changes = [held.change for held in self.arm.held if held.first <= self.month <= held.last]
            for change in changes:
                change(self.state)
            until = self.month + 1 if self.arm.held else month
            self._advance(until)
        return self.state

    def _advance(self, until: int) -> None:
        s = self.state
        for segment in self.segments:
            first, last = max(self.month, segment.month_from), min(until, segment.month_to_exclusive)
            if first < last:
                set_from_outside(s, segment)
                advance(s, last - first, self.outcomes[first:last], self._sums)
        self.month = until

    @property
    def end(self) -> State:
        """The state after the last month."""
        return self.until(self.place.world.past_months + self.place.months)


Measure = Callable[[Run], Any]


def difference(found: Mapping[str, Any]) -> float:
    """The ordinary effect: arm ``b`` less arm ``a``."""
    return float(found["b"] - found["a"])


@dataclass(frozen=True)
class Experiment:
    """Arms, what is measured in each, and the effect that is read off one replicate of all arms."""

    arms: Mapping[str, Arm]
    measure: Measure
    effect: Callable[[Mapping[str, Any]], float] = difference
    months: int = 36
    replicates: int = 40
    world: str | World = "reference"

    def switched(self, off: Arm) -> Experiment:
        """The same experiment with a mechanism switched off in every arm."""
        return replace(self, arms={name: arm.and_also(off) for name, arm in self.arms.items()})

    def run(self, parameters: np.ndarray | None = None, replicates: int | None = None, *, first: int = 0) -> np.ndarray:
        """One effect a replicate (shape: replicates; NaN where a replicate has nothing to measure), from replicate
        ``first`` on. ``parameters``: one row, or many draws of which replicate r takes row r modulo their number; left
        out: the medians of the priors.
        """
        base = record() if parameters is None else parameters
        place = setting(self.world, self.months)
        compiled = {name: segments_of(arm, place) for name, arm in self.arms.items()}

        def one(replicate: int) -> float:
            found = {
                name: self.measure(Run(arm, place, compiled[name], base, replicate)) for name, arm in self.arms.items()
            }
            return self.effect(found)

        last = first + (self.replicates if replicates is None else replicates)
        return np.array(list(in_order(one, first, last)))


@dataclass(frozen=True)
class Estimate:
    """A mean paired effect with its 99% interval."""

    mean: float
    low: float
    high: float
    replicates: int

    def beyond(self, smallest: float, direction: int) -> bool:
        """Is the whole interval beyond the smallest effect that matters, on the right side (+1 or -1)?"""
        return self.low > smallest if direction > 0 else self.high < -smallest


def estimate(effects: np.ndarray) -> Estimate:
    """Mean and 99% interval (Student's t) of paired effects; replicates with nothing to measure are left out."""
    values = effects[np.isfinite(effects)]
    count = len(values)
    if count < 2:
        return Estimate(math.nan, math.nan, math.nan, count)
    mean, error = float(values.mean()), float(values.std(ddof=1)) / math.sqrt(count)
    half = float(stats.t.ppf(0.5 + CONFIDENCE / 2, count - 1)) * error
    return Estimate(mean, mean - half, mean + half, count)
