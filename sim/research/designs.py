"""Designs: from a sweep's axes to its points.

An axis is a column of the design. Samples are taken in the unit cube and then laid over the axes' ranges, so that a
design of many axes is the same whatever their units are. A grid is not built: its points are counted out.
"""

from __future__ import annotations

import math
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engine.catalogue import Text
from sim.evidence.parameters import PARAMETERS
from sim.research.sweep_file import Design, Sweep, Vary

Floats = NDArray[np.float64]
Target = Literal["parameter", "lever", "shock"]


@dataclass(frozen=True)
class Axis:
    """What a column of the design sets: `parameter` `key`, or the intensity or `option` of lever or shock `key` (in
    `scenario`, or wherever it stands). `values` are what it can be, or None for a range.
    """

    name: str
    target: Target
    key: str
    unit: Text
    low: float
    high: float
    law: Literal["linear", "log"] = "linear"
    option: str | None = None
    scenario: str | None = None
    values: tuple[float, ...] | None = None
    whole: bool = False

    def at(self, u: Floats) -> Floats:
        """Values at places `u` (0 to 1) of the axis."""
        if self.values is not None:
            place = np.minimum((u * len(self.values)).astype(np.int64), len(self.values) - 1)
            return np.asarray(self.values, np.float64)[place]
        if self.law == "log":
            found = np.exp(math.log(self.low) + u * math.log(self.high / self.low))
        else:
            found = self.low + u * (self.high - self.low)
        found = np.clip(found, self.low, self.high)
        return np.asarray(np.rint(found) if self.whole else found, np.float64)


def axis_of(vary: Vary) -> Axis:
    """The axis of one thing that is varied."""
    low, high = vary.range()
    _, _, unit, whole = vary.bounds()
    target: Target = "parameter" if vary.parameter else "lever" if vary.lever else "shock"
    axis = Axis(
        name=vary.name,
        target=target,
        key=str(vary.parameter or vary.lever or vary.shock),
        unit=unit,
        low=low,
        high=high,
        law=vary.law,
        option=vary.option,
        scenario=vary.scenario,
        values=vary.values,
        whole=whole,
    )
    if vary.steps is None:
        return axis
    values = axis.at(np.linspace(0.0, 1.0, vary.steps))
    return Axis(**{**axis.__dict__, "values": tuple(dict.fromkeys(values.tolist()))})


def parameter_axis(name: str) -> Axis:
    """The axis of a parameter over its prior."""
    return axis_of(Vary(parameter=name))


def varied_parameters(role: str) -> tuple[str, ...]:
    """Parameters that have a prior, of a role: calibrated, sensitivity, or all of these two."""
    roles = ("calibrated", "sensitivity") if role == "all" else (role,)
    return tuple(name for name, p in PARAMETERS.items() if p.prior.distribution != "fixed" and p.role in roles)


def axes_of(sweep: Sweep) -> tuple[Axis, ...]:
    """All axes of a sweep, in order; a role of parameters is an axis each (but for those varied by their name)."""
    named = {each.parameter for each in sweep.vary if each.parameter}
    found: list[Axis] = []
    for each in sweep.vary:
        if each.parameters is None:
            found.append(axis_of(each))
        else:
            found += [parameter_axis(name) for name in varied_parameters(each.parameters) if name not in named]
    return tuple(found)


class Points(Protocol):
    """The points of a design: how many, and the values (points, axes) of some of them."""

    @property
    def count(self) -> int:
        """Number of points."""

    def values(self, first: int, last: int) -> Floats:
        """Values of points `first` to `last` (without)."""


@dataclass(frozen=True, eq=False)
class Table:
    """Points that stand in memory: (points, axes)."""

    cells: Floats

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.cells)

    def values(self, first: int, last: int) -> Floats:
        """Values of points `first` to `last` (without)."""
        return self.cells[first:last]


@dataclass(frozen=True, eq=False)
class Grid:
    """Every combination of the rows of `table` (points, columns; none: one row of nothing) and of `levels`, counted
    out; the last varies fastest.
    """

    table: Floats
    levels: tuple[tuple[float, ...], ...]

    @property
    def count(self) -> int:
        """Number of points."""
        return len(self.table) * math.prod(len(each) for each in self.levels)

    def values(self, first: int, last: int) -> Floats:
        """Values of points `first` to `last` (without)."""
        rest = np.arange(first, last, dtype=np.int64)
        columns: list[Floats] = []
        for each in reversed(self.levels):
            columns.append(np.asarray(each, np.float64)[rest % len(each)])
            rest = rest // len(each)
        drawn = self.table[rest]
        return np.column_stack([drawn, *reversed(columns)]) if columns else drawn


def problem_of(axes: Sequence[Axis]) -> dict[str, object]:
    """The axes as SALib wants them: the unit cube."""
    return {"num_vars": len(axes), "names": [axis.name for axis in axes], "bounds": [[0.0, 1.0]] * len(axes)}


def unit_sample(design: Design, axes: Sequence[Axis]) -> Floats:
    """A sample of the unit cube (points, axes), the same whenever it is taken."""
    if design.kind == "latin_hypercube":
        from scipy.stats import qmc

        sampler = qmc.LatinHypercube(d=len(axes), rng=np.random.default_rng(design.seed))
        return np.asarray(sampler.random(design.points or 1), np.float64)
    if design.kind == "sobol":
        from SALib.sample import sobol

        sample = sobol.sample(problem_of(axes), design.base or 2, calc_second_order=False, seed=design.seed)
        return np.asarray(sample, np.float64)
    from SALib.sample import morris

    levels = design.levels or 4
    sample = morris.sample(problem_of(axes), design.trajectories or 2, num_levels=levels, seed=design.seed)
    return np.asarray(sample, np.float64)


def points_of(design: Design, axes: Sequence[Axis], drawn: Floats | None = None) -> Points:
    """The points of a design. `drawn` (draws, columns) are the parameters that `prior` and `posterior` draw; their
    axes come first.
    """
    if design.kind == "list":
        rows = [[row[axis.name] for axis in axes] for row in design.rows or ()]
        return Table(np.asarray(rows, np.float64).reshape(len(rows), len(axes)))
    if design.kind in ("grid", "prior", "posterior"):
        table = np.zeros((1, 0)) if drawn is None else drawn
        return Grid(table, tuple(axis.values or () for axis in axes[table.shape[1] :]))
    u = unit_sample(design, axes)
    return Table(np.column_stack([axis.at(u[:, k]) for k, axis in enumerate(axes)]))
