"""Why a policy differs from going on as now: its links freed one after another, in paired worlds.

World 0 of a replicate is the as-now twin; world k has the first k links freed; the last is the policy as it is. What
one world has more than the one before it is the part of that link (and last, of what the policy itself costs), so that
the parts add up to the whole difference in every replicate. Which links come first matters: the order is the chain's.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING

import numpy as np

from sim.comparison import Cancelled, Parameters, Stage, load_parameters
from sim.engine.blocks import in_order
from sim.engine.compiling import this_model
from sim.indicators import GROUPS, INDICATOR_IDS
from sim.indicators.observe import new_sums
from sim.result import ParameterSet, sample_months
from sim.scenario import Scenario, load_scenario
from sim.schedule import Segment
from sim.why.driver import EVENT_STEPS, TWIN, lived_month
from sim.why.feels import first_part, set_differently
from sim.why.links import LINKS, PARTS
from sim.why.plan import TALLIES, Words, room_for, runs, tape_for, words_of
from sim.world.files import World, load_world
from sim.world.state import State, copy_state

if TYPE_CHECKING:
    import xarray

    from sim.why.stories import Story

WORLDS = ("as now", *LINKS, "policy")  # the worlds of a replicate, each named by the last link freed in it
STATISTICS = ("mean", "error", "p05", "p95")
OWN = ("on_initiative", "on_municipality", "on_post", "parameters", "monthly", "facilitators")
Names = Sequence[str]


@dataclass(frozen=True)
class Freed:
    """A world with the first ``free`` links freed: two states that share all but what is set from outside."""

    free: int
    now: State
    policy: State
    words: Words


class Chain:
    """A scenario on a stage, to be run with its links freed. Safe to use from several threads."""

    def __init__(self, stage: Stage, scenario: Scenario) -> None:
        self.stage, self.scenario, self.track = stage, scenario, stage.track(scenario)
        self.departs = int(min(self.track.departs, stage.total))
        named = set_differently(stage.trunk.segments, self.track.segments, self.departs)
        self.first = first_part(named)  # with so many links freed, or fewer, a world is the twin
        self._plans = [runs(stage.start, free) for free in range(len(LINKS) + 1)]

    def outcomes(self, replicate: int, cancelled: Callable[[], bool] | None = None) -> np.ndarray:
        """Outcomes (worlds, groups, indicators, months) of one replicate."""
        frees = [free for free in range(1, len(LINKS) + 1) if free > self.first]
        out = self.live(replicate, frees, cancelled=cancelled)[0]
        found = np.empty((len(WORLDS), *out.shape[1:]))
        found[: len(WORLDS) - 1 - len(frees)] = out[0]
        found[len(WORLDS) - 1 - len(frees) :] = out[1:]
        return np.ascontiguousarray(np.moveaxis(found[:, self.stage.past :], 1, 3))

    def live(
        self, replicate: int, frees: Sequence[int], *, cancelled: Callable[[], bool] | None = None
    ) -> tuple[np.ndarray, State, list[Freed], State]:
        """Run the twin, a world for each number of freed links, and the policy. Returns outcomes (2 + len(frees),
        engine months, groups, indicators), and the states of the twin, the freed worlds and the policy at the end.
        """
        stage = self.stage
        out = np.empty((len(frees) + 2, stage.total, len(GROUPS), len(INDICATOR_IDS)))
        twin = copy_state(stage.start)
        stage.begin(twin, replicate)
        stage.run(twin, stage.trunk, replicate, 0, self.departs, out[0])
        out[1:, : self.departs] = out[0, : self.departs]
        policy = copy_state(twin)
        stage.run(policy, self.track, replicate, self.departs, stage.total, out[-1])
        freed = [_freed(twin, free) for free in frees]
        if not freed:
            stage.run(twin, stage.trunk, replicate, self.departs, stage.total, out[0])
            return out, twin, freed, policy
        tape, words, room = tape_for(twin, self._plans[0]), words_of(twin), room_for(twin)
        changes = np.zeros((EVENT_STEPS, len(twin.initiatives), TALLIES))
        sums = new_sums()
        ours: Segment | None = None
        theirs: Segment | None = None
        for month in range(self.departs, stage.total):
            if cancelled is not None and cancelled():
                raise Cancelled
            if (here := _at(stage.trunk.segments, month)) is not ours:
                ours = here
                for state in (twin, *(world.now for world in freed)):
                    stage.set_from_outside(state, here, replicate)
            if (there := _at(self.track.segments, month)) is not theirs:
                theirs = there
                for world in freed:
                    stage.set_from_outside(world.policy, there, replicate)
            lived_month(twin, twin, TWIN, words, tape, self._plans[0], changes, room, out[0, month], sums)
            for k, world in enumerate(freed, start=1):
                plan = self._plans[world.free]
                lived_month(
                    world.now, world.policy, world.free, world.words, tape, plan, changes, room, out[k, month], sums
                )
        return out, twin, freed, policy


def _freed(start: State, free: int) -> Freed:
    now = copy_state(start)
    policy = now._replace(**{name: getattr(now, name).copy() for name in OWN})
    return Freed(free, now, policy, words_of(now))


def _at(segments: Sequence[Segment], month: int) -> Segment:
    return next(each for each in segments if month < each.month_to_exclusive)


@dataclass(frozen=True, eq=False)
class Explanation:
    """The parts of one policy's effect. ``values``: (replicates, worlds, groups, indicators, months) in the months that
    are kept; the worlds are those of `WORLDS`.
    """

    chain: Chain
    months: tuple[str, ...]
    values: np.ndarray
    parameter_set: ParameterSet
    model_hash: str

    @property
    def replicates(self) -> int:
        """Pairs of worlds."""
        return len(self.values)

    @property
    def scenario(self) -> Scenario:
        """The policy that is explained."""
        return self.chain.scenario

    @cached_property
    def _differences(self) -> np.ndarray:
        return np.diff(self.values, axis=1)

    def _place(self, indicator: str, group: str, month: int | str) -> tuple[int, int, int]:
        _known("indicator", indicator, INDICATOR_IDS)
        _known("group", group, GROUPS)
        if isinstance(month, str):
            _known("month", month, self.months)
            month = self.months.index(month)
        if not -len(self.months) <= month < len(self.months):
            raise ValueError(f"month: {month} is out of range; allowed: {-len(self.months)} to {len(self.months) - 1}")
        return GROUPS.index(group), INDICATOR_IDS.index(indicator), month

    def worlds(self, link: str, indicator: str, group: str = "all", month: int | str = -1) -> np.ndarray:
        """What a link (or `costs`, or `whole`: the whole difference) adds in each replicate; NaN: nobody to measure.

        ``month``: one of `months`, or its number among them (default the last). Raises `ValueError` for a name that
        is not known.
        """
        _known("link", link, (*PARTS, "whole"))
        g, k, m = self._place(indicator, group, month)
        if link == "whole":
            return np.asarray(self.values[:, -1, g, k, m] - self.values[:, 0, g, k, m])
        return np.asarray(self._differences[:, PARTS.index(link), g, k, m])

    def story(self, link: str, indicator: str, *, group: str = "all", replicate: int | None = None) -> Story | None:
        """A story behind a part; see `sim.why.stories.story`."""
        from sim.why.stories import story  # it needs this module

        return story(self, link, indicator, group=group, replicate=replicate)

    def parts(self, indicator: str, group: str = "all", month: int | str = -1) -> xarray.DataArray:
        """The parts of the difference and the whole: dimensions part (the links, costs, whole) and statistic (mean,
        error: its standard error, p05 and p95 over worlds), over the worlds in which all of them can be measured.

        Raises `ValueError` for a name that is not known.
        """
        import xarray  # heavy, and not needed to run

        names = (*PARTS, "whole")
        found = np.stack([self.worlds(name, indicator, group, month) for name in names], axis=1)
        found = found[~np.isnan(found).any(axis=1)]
        table = np.full((len(names), len(STATISTICS)), np.nan)
        if len(found):
            table[:, 0] = found.mean(axis=0)
            table[:, 2:] = np.quantile(found, (0.05, 0.95), axis=0).T
        if len(found) > 1:
            table[:, 1] = found.std(axis=0, ddof=1) / np.sqrt(len(found))
        return xarray.DataArray(
            table,
            dims=("part", "statistic"),
            coords={"part": list(names), "statistic": list(STATISTICS)},
            attrs={"indicator": indicator, "group": group, "worlds": len(found)},
        )


def _known(what: str, name: str, allowed: Names) -> None:
    if name not in allowed:
        raise ValueError(f"{what}: {name!r} is not known; allowed: {', '.join(allowed)}")


def explain(
    scenario: Scenario | str | Path,
    *,
    world: World | str | Path = "reference",
    months: int | None = None,
    seed: int = 1,
    parameters: str | Path | Mapping[str, float] | Parameters | None = None,
    replicates: int = 50,
    workers: int | None = None,
    every_month: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    stage: Stage | None = None,
) -> Explanation:
    """Part the effect of a scenario, against going on as now, over the links of the chain.

    Arguments as of `sim.compare`; replicate r is its replicate r. Kept are Decembers and the last month, or
    ``every_month``. A ``stage`` given is used instead of world, months, seed and parameters. Raises `InputError` for
    input that does not fit, `ValueError` for fewer than one replicate, and `Cancelled` within a fraction of a second
    when ``cancelled()`` is true.
    """
    if replicates < 1:
        raise ValueError(f"replicates: {replicates} is out of range; allowed: 1 and more")
    if stage is None:
        setting = world if isinstance(world, World) else load_world(world)
        stage = Stage(setting, setting.horizon if months is None else months, seed, load_parameters(parameters))
    chain = Chain(stage, scenario if isinstance(scenario, Scenario) else load_scenario(scenario))
    labels = [stage.world.month_name(month) for month in range(stage.past, stage.total)]
    kept = sample_months(labels, every_month=every_month)

    def work(replicate: int) -> np.ndarray:
        return chain.outcomes(replicate, cancelled)[..., kept]

    found = []
    for replicate, values in enumerate(in_order(work, 0, replicates, workers=workers, cancelled=cancelled)):
        found.append(values)
        if progress is not None:
            progress(replicate + 1, replicates)
    return Explanation(
        chain, tuple(labels[month] for month in kept), np.stack(found), stage.parameters.described(), this_model()
    )
