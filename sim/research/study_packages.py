"""Packages within a budget: what each gives, what it costs, and how much it is regretted, over worlds."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.research.reading import SweepResult
from sim.research.robustness import COST, initiatives_in
from sim.research.study_numbers import Difference, difference_of, level

REGRETTED = 0.9


@dataclass(frozen=True)
class Choice:
    """One package within a budget. `gain` is its difference from the first scenario, `euros` what it costs more an
    initiative in the mean world, `regret` (units of the outcome) what it gives less than the best package in 9 of 10
    worlds.
    """

    scenario: str
    gain: Difference
    euros: float
    regret: float


def choices(result: SweepResult, indicator: str, scenarios: list[str]) -> list[Choice]:
    """The packages and doing nothing, the least regretted first."""
    first = result.scenarios[0]
    names = [first, *scenarios]
    levels = {name: level(result, indicator, name) for name in names}
    best = np.max([levels[name] for name in names], axis=0)
    count = initiatives_in(result)
    base = level(result, COST, first)
    found = [
        Choice(
            name,
            difference_of(levels[name] - levels[first]),
            float((level(result, COST, name) - base).mean()) / count,
            float(np.quantile(best - levels[name], REGRETTED)),
        )
        for name in names
    ]
    return sorted(found, key=lambda each: each.regret)


def between(result: SweepResult, indicator: str, one: str, other: str) -> Difference:
    """One package against another."""
    return difference_of(level(result, indicator, one) - level(result, indicator, other))
