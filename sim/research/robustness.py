"""Which package is robust: how much each is regretted over all worlds, and how often it is good enough.

*Regret* at a point is how much less a package gives there than the best one that the budget allows; *satisficing* is
the share of points at which it gives more than a bar. Doing nothing is a package too.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np

from sim.comparison import Stage, load_parameters
from sim.engine.problems import InputError
from sim.indicators import INDICATORS
from sim.research.reading import SweepResult
from sim.world.files import parse_world

COST = "public_euros"
SHARE_WITHIN = 0.9


@dataclass(frozen=True)
class Package:
    """One package over all points: gains are from the first scenario, towards what is better."""

    scenario: str
    gain: float
    gain_low: float
    gain_high: float
    euros: float | None
    euros_high: float | None
    within_budget: float | None
    affordable: bool
    largest_regret: float | None
    regret_90: float | None
    mean_regret: float | None
    good_enough: float


@dataclass(frozen=True)
class Comparison:
    """Packages side by side. `budget` is euros an initiative over all months (None: no limit); `initiatives` how many
    there are in the world by its end.
    """

    indicator: str
    unit: str
    bar: float
    budget: float | None
    initiatives: int
    points: int
    packages: tuple[Package, ...]

    @property
    def ranked(self) -> list[Package]:
        """Those that can be afforded, the least regretted first."""
        affordable = [each for each in self.packages if each.affordable]
        return sorted(affordable, key=lambda each: each.largest_regret or 0.0)


def initiatives_in(result: SweepResult) -> int:
    """Number of initiatives that have entered the (first) world by the end."""
    sweep = result.manifest["sweep"]
    world = parse_world(sweep["worlds"][0], "sweep")
    stage = Stage(world, sweep.get("months") or world.horizon, 1, load_parameters())
    return int((stage.start.initiatives["entry"] < stage.total).sum())


def compare_packages(
    result: SweepResult, indicator: str, *, bar: float = 0.0, budget: float | None = None
) -> Comparison:
    """Gains, costs, regret and satisficing of every scenario but the first, and of the first itself (which gains
    nothing and costs nothing more). Raises `InputError` when a budget is asked for and costs were not kept.
    """
    if budget is not None and COST not in result.indicators:
        raise InputError(
            str(result.folder), "--budget", f"the sweep did not keep {COST}; add it to its indicators",
            f"de sweep bewaarde {COST} niet; zet het bij indicators",
        )  # fmt: skip
    count = initiatives_in(result)
    gains, euros = [], []
    for scenario in result.scenarios:
        differences = result.differences(indicator, scenario)
        sign = -1.0 if INDICATORS[indicator].better == "lower" else 1.0
        gains.append(sign * np.nanmean(differences, axis=1))
        if COST in result.indicators:
            euros.append(np.nanmean(result.differences(COST, scenario), axis=1) / count)
    table = np.array(gains)
    costs = np.array(euros) if euros else None
    within: list[float | None] = [None] * len(result.scenarios)
    if costs is not None and budget is not None:
        within = [float((each <= budget).mean()) for each in costs]
    affordable = np.array([share is None or share >= SHARE_WITHIN for share in within])
    regrets = table[affordable].max(axis=0) - table
    packages = []
    for s, scenario in enumerate(result.scenarios):
        low, high = np.quantile(table[s], [0.05, 0.95])
        own = regrets[s]
        packages.append(
            Package(
                scenario,
                float(table[s].mean()),
                float(low),
                float(high),
                float(costs[s].mean()) if costs is not None else None,
                float(np.quantile(costs[s], SHARE_WITHIN)) if costs is not None else None,
                within[s],
                bool(affordable[s]),
                float(own.max()) if affordable[s] else None,
                float(np.quantile(own, 0.9)) if affordable[s] else None,
                float(own.mean()) if affordable[s] else None,
                float((table[s] > bar).mean()),
            )
        )
    return Comparison(indicator, result.units[indicator], bar, budget, count, table.shape[1], tuple(packages))
