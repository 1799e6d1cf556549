"""Scenario discovery: in which worlds does a policy fail? Boxes in the space of unknowns (PRIM), in plain numbers.

A point counts as a failure when the policy's mean paired difference from the first scenario is not above a bar. A box
is a few unknowns with the range in which failures are common. *Coverage* is the share of all failures that lie in it,
*density* the share of points in it that fail. With enough points a third of them is kept apart: coverage and density
of those are what to believe, for a box always fits the points it was found on.
"""

from __future__ import annotations

import warnings
from dataclasses import dataclass

import numpy as np

from sim.engine.problems import InputError
from sim.indicators import INDICATORS
from sim.research.designs import Floats
from sim.research.reading import SweepResult

MOST_BOXES = 3
SMALLEST_MASS = 0.05
LARGEST_QP = 0.05
FEWEST_TO_HOLD_OUT = 90
FEWEST_FAILURES = 5


@dataclass(frozen=True)
class Restriction:
    """One unknown of a box: it lies between `low` and `high` (None: up to its end)."""

    name: str
    low: float | None
    high: float | None


@dataclass(frozen=True)
class Box:
    """Where failures are common. `held_coverage` and `held_density` are of points kept apart, if any."""

    restrictions: tuple[Restriction, ...]
    coverage: float
    density: float
    points: int
    held_coverage: float | None
    held_density: float | None
    held_points: int


@dataclass(frozen=True)
class Discovery:
    """What was found of one policy: failures among the points, and boxes."""

    policy: str
    versus: str
    indicator: str
    bar: float
    points: int
    failures: int
    boxes: tuple[Box, ...]

    @property
    def share(self) -> float:
        """Share of the points that fail."""
        return self.failures / self.points if self.points else 0.0


def failures(result: SweepResult, policy: str, indicator: str, bar: float) -> np.ndarray:
    """Whether the policy fails, by point. `bar` is in the indicator's unit, towards what is better; NaN never fails."""
    differences = result.differences(indicator, policy)
    sign = -1.0 if INDICATORS[indicator].better == "lower" else 1.0
    with warnings.catch_warnings():
        warnings.simplefilter("ignore", RuntimeWarning)  # points of which every run failed
        means = np.nanmean(differences, axis=1)
    return np.asarray(sign * means <= bar)


def discover(result: SweepResult, policy: str, indicator: str, bar: float = 0.0, *, seed: int = 1) -> Discovery:
    """Where a policy fails. Raises `InputError` when there is no such policy, or nothing was varied."""
    if policy == result.scenarios[0]:
        raise InputError(
            str(result.folder), "--policy", f"{policy} is what the others are set against; allowed: "
            f"{', '.join(result.scenarios[1:]) or 'nothing'}",
            f"{policy} is waar de andere tegenover staan; toegestaan: {', '.join(result.scenarios[1:]) or 'niets'}",
        )  # fmt: skip
    x = result.x()
    if x.shape[1] == 0:
        raise InputError(str(result.folder), "vary", "nothing was varied", "er is niets gevarieerd")
    failed = failures(result, policy, indicator, bar)
    boxes = find_boxes(x, failed, [axis["name"] for axis in result.axes], seed=seed)
    return Discovery(policy, result.scenarios[0], indicator, bar, len(failed), int(failed.sum()), boxes)


def find_boxes(x: Floats, failed: np.ndarray, names: list[str], *, seed: int = 1) -> tuple[Box, ...]:
    """Boxes of failures, most important first; `x` (points, unknowns). None where failures are too few, or nearly all
    points fail.
    """
    held = np.zeros(len(x), bool)
    if len(x) >= FEWEST_TO_HOLD_OUT:
        held[np.random.default_rng(seed).permutation(len(x))[: len(x) // 3]] = True
    inside_fit = ~held
    if failed[inside_fit].sum() < FEWEST_FAILURES or (~failed[inside_fit]).sum() < FEWEST_FAILURES:
        return ()
    base = float(failed[inside_fit].mean())
    found: list[Box] = []
    for limits in _prim(x[inside_fit], failed[inside_fit], names):
        within = np.ones(len(x), bool)
        for restriction in limits:
            column = x[:, names.index(restriction.name)]
            within &= (column >= (restriction.low if restriction.low is not None else -np.inf)) & (
                column <= (restriction.high if restriction.high is not None else np.inf)
            )
        box = _box(limits, within, failed, held)
        if limits and box.density > min(1.25 * base, (1 + base) / 2):
            found.append(box)
    return tuple(found)


def _box(limits: tuple[Restriction, ...], within: np.ndarray, failed: np.ndarray, held: np.ndarray) -> Box:
    def of(points: np.ndarray) -> tuple[float | None, float | None, int]:
        inside = within & points
        all_failed, number = int((failed & points).sum()), int(inside.sum())
        hit = int((failed & inside).sum())
        return (hit / all_failed if all_failed else None), (hit / number if number else None), number

    coverage, density, points = of(~held)
    held_coverage, held_density, held_points = of(held)
    return Box(limits, coverage or 0.0, density or 0.0, points, held_coverage, held_density, held_points)


def _prim(x: Floats, failed: np.ndarray, names: list[str]) -> list[tuple[Restriction, ...]]:
    """The limits of boxes as PRIM finds them, each the best balance of coverage and density on its way, without
    restrictions that could be chance.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # packages of the workbench that we do not use, and empty slices in it
        import pandas
        from ema_workbench.analysis.prim import Prim

        frame = pandas.DataFrame(x, columns=names)
        prim = Prim(frame, failed.astype(bool), mass_min=SMALLEST_MASS)
        found = []
        for _ in range(MOST_BOXES):
            box = prim.find_box()
            if box is None or len(box.peeling_trajectory) < 2:
                break
            way = box.peeling_trajectory
            balance = 2 * way["coverage"] * way["density"] / (way["coverage"] + way["density"]).replace(0.0, np.nan)
            best = int(np.nanargmax(balance.to_numpy()))
            box.select(best)
            ((_, table),) = box.inspect(best, style="data")
            limits = tuple(
                limit for name, row in zip(table.index, table.to_numpy(), strict=True)
                if (limit := _restriction(str(name), *row[:4])) is not None
            )  # fmt: skip
            if not limits:
                break
            found.append(limits)
    return found


def _restriction(name: str, low: float, high: float, qp_low: float, qp_high: float) -> Restriction | None:
    """A restriction of the sides that are hardly chance (quasi p-values; NaN: that side is not restricted)."""
    sides = (low if qp_low <= LARGEST_QP else None, high if qp_high <= LARGEST_QP else None)
    return None if sides == (None, None) else Restriction(name, *sides)
