"""The numbers of a study: paired differences over worlds, how much of their spread is chance, and what decides them.

A world is one state of what is not known and one set of chance events; a state comes back in several worlds, each
with chance events of its own (`chance: fresh`).
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.engine.problems import InputError
from sim.research.designs import Floats
from sim.research.reading import SweepResult
from sim.verdict import Order, order_of

BLOCKS = 30  # of the jackknife
NINETY = 1.645  # standard errors on either side of 90%
DECIDING = 3
ALPHA = 0.05

Luck = Literal["most", "half", "least", "some", "none"]


@dataclass(frozen=True)
class Share:
    """Share of the spread that is chance: an unbiased estimate, which can fall outside 0 to 1, and the ends of its
    90% interval, which are kept within.
    """

    estimate: float
    low: float
    high: float

    @property
    def luck(self) -> Luck:
        """What the interval carries: most of it, about half, the least part, or some of it."""
        if self.low != self.low:
            return "none"
        if self.low >= 0.5:
            return "most"
        if self.high <= 0.5:
            return "least"
        return "half" if self.low >= 0.35 and self.high <= 0.65 else "some"


@dataclass(frozen=True)
class Decider:
    """An unknown that a difference goes with: rank correlation over the states."""

    name: str
    rho: float


@dataclass(frozen=True, eq=False)
class Difference:
    """One difference of one outcome over all worlds, in the outcome's unit.

    `higher`, `same`, `lower`: numbers of worlds. `low` to `high`: the middle half of the worlds; `lowest` to
    `highest`: 90 of 100.
    """

    values: Floats
    worlds: int
    higher: int
    same: int
    lower: int
    low: float
    middle: float
    high: float
    lowest: float
    highest: float
    chance: Share

    @property
    def order(self) -> Order:
        """The words that the numbers of worlds carry, as for any comparison."""
        return order_of(self.worlds, self.higher, self.same, self.lower)

    @property
    def clear(self) -> bool:
        """Whether there is an order."""
        return self.order in ("mostly", "more_often")

    @property
    def more(self) -> bool:
        """Whether the commoner side is that of more."""
        return self.higher >= self.lower

    @property
    def of_hundred(self) -> tuple[int, int, int]:
        """Higher, same and lower of 100 worlds. The commoner side is rounded down, so that no claim grows."""
        lead = 100 * max(self.higher, self.lower) // self.worlds
        same = min(100 - lead, round(100 * self.same / self.worlds))
        rest = 100 - lead - same
        return (lead, same, rest) if self.more else (rest, same, lead)

    @property
    def leading(self) -> int:
        """Of 100 worlds, those on the commoner side."""
        return max(self.of_hundred[0], self.of_hundred[2])


def chance_share(values: Floats) -> Share:
    """How much of the variance between worlds is chance; `values` (states, worlds a state).

    One-way analysis of variance with states as random effects: within states is chance, and between them what is left
    of the variance of their means. The interval is by jackknife over blocks of states. NaN where nothing varies.
    """
    states = len(values)
    whole = _share(values)
    if whole != whole or states < BLOCKS:
        return Share(whole, float("nan"), float("nan"))
    block = np.arange(states) % BLOCKS
    without = np.array([_share(values[block != each]) for each in range(BLOCKS)])
    error = float(np.sqrt((BLOCKS - 1) * without.var()))
    low, high = np.clip([whole - NINETY * error, whole + NINETY * error], 0.0, 1.0)
    return Share(whole, float(low), float(high))


def _share(values: Floats) -> float:
    within = float(values.var(axis=1, ddof=1).mean())
    between = float(values.mean(axis=1).var(ddof=1)) - within / values.shape[1]
    return within / (within + between) if within + between > 0 else float("nan")


def difference_of(values: Floats) -> Difference:
    """A difference from its values (states, worlds a state), of which none may be missing."""
    ordered = np.sort(values, axis=None)
    worlds = len(ordered)

    def middle(left_out: float) -> tuple[float, float]:
        skipped = int(worlds * left_out)
        return float(ordered[skipped]), float(ordered[worlds - 1 - skipped])

    low, high = middle(0.25)
    lowest, highest = middle(0.05)
    return Difference(
        values,
        worlds,
        int((ordered > 0).sum()),
        int((ordered == 0).sum()),
        int((ordered < 0).sum()),
        low,
        float(np.median(ordered)),
        high,
        lowest,
        highest,
        chance_share(values),
    )


def level(result: SweepResult, indicator: str, scenario: str, group: str = "all") -> Floats:
    """An outcome itself: (states, worlds a state). Raises `InputError` where a run is missing or states share their
    chance events.
    """
    if result.manifest["sweep"].get("chance") != "fresh":
        raise InputError(
            str(result.folder), "chance", "a study needs chance: fresh, else luck cannot be told from not knowing",
            "een studie heeft chance: fresh nodig, anders is toeval niet te scheiden van niet weten",
        )  # fmt: skip
    values = result.values(indicator, scenario, group)
    if np.isnan(values).any():
        raise InputError(
            str(result.folder), indicator, f"was not measured in every world of {scenario} ({group})",
            f"is niet in elke wereld van {scenario} gemeten ({group})",
        )  # fmt: skip
    return values


def contrast(result: SweepResult, spec: dict[str, Any], indicator: str) -> Difference:
    """The difference that a study names: the sum of the scenarios under `more`, less that of those under `less`."""
    group = spec.get("group", "all")
    total = np.zeros((int(result.manifest["points"]), result.replicates))
    for side, sign in (("more", 1.0), ("less", -1.0)):
        for scenario in spec[side]:
            total = total + sign * level(result, indicator, scenario, group)
    return difference_of(total)


def deciders(result: SweepResult, values: Floats) -> tuple[Decider, ...]:
    """The unknowns that a difference goes with most, over the states (means of their worlds): only those of which that
    is unlikely to be chance among all unknowns (Bonferroni).
    """
    from scipy.stats import spearmanr

    means = values.mean(axis=1)
    if not means.std() > 0:
        return ()
    found = []
    x = result.x()
    for k, axis in enumerate(result.axes):
        if np.ptp(x[:, k]) > 0:
            told = spearmanr(x[:, k], means)
            if float(told.pvalue) * len(result.axes) < ALPHA:
                found.append(Decider(axis["name"], float(told.statistic)))
    return tuple(sorted(found, key=lambda each: -abs(each.rho))[:DECIDING])
