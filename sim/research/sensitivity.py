"""Sensitivity: how much of an outcome's spread is chance, and how much is not knowing which parameter.

Morris screening (which unknowns matter at all) and Sobol indices with bootstrap intervals (how much each is due), of
outcomes and of paired differences between policies. Runs are averaged over the replicates first: on single noisy runs
parameters that do nothing would seem to do something. What chance itself does is told apart by analysis of variance:
points × replicates, the replicates having the same chance events at all points.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np

from sim.engine.problems import InputError
from sim.research.designs import Axis, Floats, problem_of, unit_sample
from sim.research.reading import SweepResult
from sim.research.sweep_file import Design

METHODS = ("sobol", "morris")
CONFIDENCE = 0.95
RESAMPLES = 500
Quantity = Literal["outcome", "difference"]


@dataclass(frozen=True)
class Index:
    """What one unknown does to one outcome. Sobol: first-order and total index with the ends of their 95% interval
    (shares of the variance of the mean over chance). Morris: `mu_star` (mean absolute elementary effect over the whole
    range, in the outcome's unit) with its interval, `mu` and `sigma`.
    """

    parameter: str
    numbers: dict[str, float]


@dataclass(frozen=True)
class Sensitivity:
    """One outcome: its spread (variances, in squared units), the share of it that is chance, and what each unknown
    does. `noise` is the share of the variance between points that chance still makes after averaging.
    """

    quantity: Quantity
    scenario: str
    indicator: str
    group: str
    world: str
    unit: str
    mean: float
    spread: float
    chance: float
    noise: float
    indices: tuple[Index, ...]

    @property
    def ranked(self) -> list[Index]:
        """The unknowns, the strongest first."""
        key = "ST" if self.indices and "ST" in self.indices[0].numbers else "mu_star"
        return sorted(self.indices, key=lambda each: -each.numbers[key])


def axes_from(result: SweepResult) -> list[Axis]:
    """The axes of a sweep that was kept."""
    from sim.engine.catalogue import Text

    return [
        Axis(each["name"], each["target"], each["key"], Text(nl=each["unit"], en=each["unit"]), each["low"],
             each["high"], each["law"], each["option"], each["scenario"],
             tuple(each["values"]) if each["values"] else None)
        for each in result.axes
    ]  # fmt: skip


def parting(values: Floats) -> tuple[float, float, float]:
    """Variance between points, variance of chance (alone and together with the point), and the share of the variance
    of the points' means that chance still makes; `values` (points, replicates).

    Two-way analysis of variance: replicate r has the same chance events at all points, so what it does everywhere
    does not blur the differences between points. Negative estimates count as zero.
    """
    points, replicates = values.shape
    if points < 2:
        return 0.0, float(values.var(ddof=1)) if replicates > 1 else 0.0, 0.0
    if replicates < 2:
        return float(values[:, 0].var(ddof=1)), float("nan"), float("nan")
    whole = values.mean()
    by_point, by_replicate = values.mean(axis=1), values.mean(axis=0)
    rest = values - by_point[:, None] - by_replicate[None, :] + whole
    of_rest = float((rest**2).sum() / ((points - 1) * (replicates - 1)))
    of_points = float(by_point.var(ddof=1))
    between = max(0.0, of_points - of_rest / replicates)
    together = float(by_replicate.var(ddof=1))
    chance = of_rest + max(0.0, together - of_rest / points)
    return between, chance, (of_rest / replicates / of_points if of_points > 0 else 0.0)


def sobol_indices(design: Design, axes: list[Axis], means: Floats) -> tuple[Index, ...]:
    """Sobol indices of points' means, with bootstrap intervals."""
    from SALib.analyze import sobol

    if not means.var() > 0:
        nothing = dict.fromkeys(("S1", "S1_low", "S1_high", "ST", "ST_low", "ST_high"), 0.0)
        return tuple(Index(axis.name, nothing) for axis in axes)
    found: dict[str, Any] = sobol.analyze(
        problem_of(axes), means, calc_second_order=False, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
        seed=design.seed,
    )  # fmt: skip
    rows = []
    for k, axis in enumerate(axes):
        numbers: dict[str, float] = {}
        for name in ("S1", "ST"):
            value, half = float(found[name][k]), float(found[f"{name}_conf"][k])
            numbers |= {name: value, f"{name}_low": value - half, f"{name}_high": value + half}
        rows.append(Index(axis.name, numbers))
    return tuple(rows)


def morris_indices(design: Design, axes: list[Axis], means: Floats) -> tuple[Index, ...]:
    """Elementary effects of points' means."""
    from SALib.analyze import morris

    u = unit_sample(design, axes)
    found: dict[str, Any] = morris.analyze(
        problem_of(axes), u, means, num_levels=design.levels or 4, num_resamples=RESAMPLES, conf_level=CONFIDENCE,
        seed=design.seed,
    )  # fmt: skip
    rows = []
    for k, axis in enumerate(axes):
        star, half = float(found["mu_star"][k]), float(found["mu_star_conf"][k])
        numbers = {"mu_star": star, "mu_star_low": star - half, "mu_star_high": star + half,
                   "mu": float(found["mu"][k]), "sigma": float(found["sigma"][k])}  # fmt: skip
        rows.append(Index(axis.name, numbers))
    return tuple(rows)


def indices_of(design: Design, axes: list[Axis], values: Floats) -> tuple[Index, ...]:
    """What each axis does to the mean over replicates; `values` (points, replicates)."""
    means = values.mean(axis=1)
    return (sobol_indices if design.kind == "sobol" else morris_indices)(design, axes, means)


def analyse(result: SweepResult) -> list[Sensitivity]:
    """Every outcome and every paired difference of a sweep with a Sobol or Morris design, at its last month.

    Raises `InputError` when the design is another one, or runs are missing.
    """
    design = Design.model_validate({k: v for k, v in result.manifest["sweep"]["design"].items() if v is not None})
    if design.kind not in METHODS:
        raise InputError(
            str(result.folder), "design.kind", f"{design.kind} says nothing of sensitivity; allowed: sobol, morris",
            f"{design.kind} zegt niets over gevoeligheid; toegestaan: sobol, morris",
        )  # fmt: skip
    if result.finished["failed"]:
        raise InputError(
            str(result.folder), "runs", "some could not be done, and the design needs them all",
            "sommige konden niet worden gedaan, en het ontwerp heeft ze allemaal nodig",
        )  # fmt: skip
    axes = axes_from(result)
    return [
        _one(design, axes, quantity, scenario, indicator, group, world, result.units[indicator], values)
        for quantity, scenario, indicator, group, world, values in quantities(result)
    ]


def _one(
    design: Design, axes: list[Axis], quantity: Quantity, scenario: str, indicator: str, group: str, world: str,
    unit: str, values: Floats,
) -> Sensitivity:  # fmt: skip
    between, chance, noise = parting(values)
    total = between + chance
    share = chance / total if total > 0 else 0.0
    indices = indices_of(design, axes, values)
    return Sensitivity(
        quantity, scenario, indicator, group, world, unit, float(values.mean()), total, share, noise, indices
    )


def quantities(result: SweepResult) -> Iterator[tuple[Quantity, str, str, str, str, Floats]]:
    """Outcomes of each scenario and their differences from the first, by indicator, group and world, as (design
    points, replicates over all seeds). One that could not be measured somewhere is left out.
    """
    worlds = [each["id"] for each in result.manifest["sweep"]["worlds"]]
    seeds = len(result.manifest["sweep"]["seeds"])
    for indicator in result.indicators:
        for group in result.groups:
            first = result.values(indicator, result.scenarios[0], group)
            for scenario in result.scenarios:
                own = first if scenario == result.scenarios[0] else result.values(indicator, scenario, group)
                kinds: list[tuple[Quantity, Floats]] = [("outcome", own)]
                if scenario != result.scenarios[0]:
                    kinds.append(("difference", own - first))
                for quantity, cells in kinds:
                    by_world = cells.reshape(-1, len(worlds), seeds * result.replicates)
                    for w, world in enumerate(worlds):
                        if not np.isnan(by_world[:, w]).any():
                            yield quantity, scenario, indicator, group, world, by_world[:, w]
