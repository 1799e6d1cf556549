"""Observing a month: every indicator in every group, in one pass over the initiatives.

Groups are fixed at entry: all, the three size classes of the municipality, the three ambitions (the order of
`sim.indicators.GROUPS`). Parts are added up by cell, a size class with an ambition, and cells make the groups.
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.arithmetic import pick, row_number
from sim.engine.compiling import compiled, plural, rule
from sim.indicators import (
    INDICATORS,
    active,
    agreement_in_force,
    energy,
    facilitator_hours,
    formalised,
    homes_reached,
    months_to_agreement,
    months_without_money,
    municipal_hours,
    phase,
    public_euros,
    restarts,
    structural_partnership,
    trust_initiative,
    trust_official,
    understanding,
)
from sim.world.state import AMBITIONS, NOT_YET, SIZES, State

TOTALS = tuple(k for k, each in enumerate(INDICATORS.values()) if each.kind == "total")
AVERAGES = tuple(k for k, each in enumerate(INDICATORS.values()) if each.kind == "average")

CELLS = len(SIZES) * len(AMBITIONS)
COUNTS, PART = CELLS, 2 * CELLS  # where in the sums the numbers of measured parts stand, and one initiative's parts


def new_sums() -> np.ndarray:
    """A table to add up in: a row of indicators for the sums of each cell, for its counts, and for one initiative."""
    return np.empty((2 * CELLS + 1, len(INDICATORS)))


@plural
def observe(s: State, out: np.ndarray, sums: np.ndarray) -> None:
    """Write the indicators of this month to ``out`` (groups, indicators); ``sums``: what `new_sums` gives. NaN: nobody
    to measure.
    """
    sums[:, :] = 0.0
    observe_rows(s, row_number(0), s.clock[0].initiatives, sums)
    observe_groups(out, sums)


@plural
def observe_rows(s: State, first: int, last: int, sums: np.ndarray) -> None:
    """Add the parts of these initiatives (without the last) to their cells."""
    for number in range(first, last):
        i = row_number(number)
        me = s.initiatives[i]
        if me.status == NOT_YET:
            continue
        cell = row_number(len(AMBITIONS) * me.size + me.ambition)
        part = sums[PART]
        part[0] = active.measure(i, s)
        part[1] = formalised.measure(i, s)
        part[2] = agreement_in_force.measure(i, s)
        part[3] = structural_partnership.measure(i, s)
        part[4] = months_to_agreement.measure(i, s)
        part[5] = trust_initiative.measure(i, s)
        part[6] = trust_official.measure(i, s)
        part[7] = understanding.measure(i, s)
        part[8] = energy.measure(i, s)
        part[9] = restarts.measure(i, s)
        part[10] = months_without_money.measure(i, s)
        part[11] = phase.measure(i, s)
        part[12] = homes_reached.measure(i, s)
        part[13] = municipal_hours.measure(i, s)
        part[14] = public_euros.measure(i, s)
        part[15] = facilitator_hours.measure(i, s)
        for k in TOTALS:
            sums[cell, k] += part[k]
        for k in AVERAGES:  # a part that is NaN is left out, without a branch
            known = part[k] == part[k]
            sums[cell, k] += pick(known, part[k], 0.0)
            sums[COUNTS + cell, k] += pick(known, 1.0, 0.0)


@rule
def of_cells(sums: np.ndarray, first: int, step: int, k: int) -> float:
    """The sum over three cells, the one so many after the other."""
    return sums[first, k] + sums[first + step, k] + sums[first + 2 * step, k]


@plural
def observe_groups(out: np.ndarray, sums: np.ndarray) -> None:
    """Sums of cells in every group; of an average, divided by how many were measured."""
    sizes, ambitions = 1, 1 + len(SIZES)
    for k in range(out.shape[1]):
        for g in range(len(SIZES)):
            out[sizes + g, k] = of_cells(sums, g * len(AMBITIONS), 1, k)
            out[ambitions + g, k] = of_cells(sums, g, len(AMBITIONS), k)
        out[0, k] = out[1, k] + out[2, k] + out[3, k]
    for k in AVERAGES:
        measured = 0.0
        for g in range(len(SIZES)):
            here = of_cells(sums, COUNTS + g * len(AMBITIONS), 1, k)
            out[sizes + g, k] = mean(out[sizes + g, k], here)
            measured += here
            out[ambitions + g, k] = mean(out[ambitions + g, k], of_cells(sums, COUNTS + g, len(AMBITIONS), k))
        out[0, k] = mean(out[0, k], measured)


@compiled
def mean(total: float, measured: float) -> float:
    """The mean of so many; NaN: of none."""
    return total / measured if measured > 0.0 else math.nan
