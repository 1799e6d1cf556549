"""Observing a month: every indicator in every group, in one pass over the initiatives.

Groups are fixed at entry: all, the three size classes of the municipality, the three ambitions (the order of
`sim.indicators.GROUPS`).
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.arithmetic import pick, row_number
from sim.engine.compiling import plural
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
from sim.world.state import NOT_YET, State

TOTALS = tuple(k for k, each in enumerate(INDICATORS.values()) if each.kind == "total")
AVERAGES = tuple(k for k, each in enumerate(INDICATORS.values()) if each.kind == "average")


@plural
def observe(s: State, out: np.ndarray, counts: np.ndarray) -> None:
    """Write the indicators of this month to ``out`` (groups, indicators); ``counts`` is room of the same shape. NaN:
    nobody to measure.
    """
    out[:, :] = 0.0
    counts[:, :] = 0.0
    observe_rows(s, row_number(0), s.clock[0].initiatives, out, counts)
    observe_groups(out, counts)


@plural
def observe_rows(s: State, first: int, last: int, out: np.ndarray, counts: np.ndarray) -> None:
    """Add the parts of these initiatives (without the last)."""
    for number in range(first, last):
        i = row_number(number)
        me = s.initiatives[i]
        if me.status == NOT_YET:
            continue
        size, ambition = 1 + me.size, 4 + me.ambition
        part = counts[0]  # room for this initiative's parts; the group of all is counted at the end
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
            out[size, k] += part[k]
            out[ambition, k] += part[k]
        for k in AVERAGES:  # a part that is NaN is left out, without a branch
            known = part[k] == part[k]
            x = pick(known, part[k], 0.0)
            out[size, k] += x
            out[ambition, k] += x
            counts[size, k] += 1.0 * known
            counts[ambition, k] += 1.0 * known


@plural
def observe_groups(out: np.ndarray, counts: np.ndarray) -> None:
    """What sums of parts mean: the group of all, and averages."""
    for k in TOTALS:
        out[0, k] = out[1, k] + out[2, k] + out[3, k]
    for k in AVERAGES:
        out[0, k] = out[1, k] + out[2, k] + out[3, k]
        counts[0, k] = counts[1, k] + counts[2, k] + counts[3, k]
        for g in range(len(out)):
            out[g, k] = out[g, k] / counts[g, k] if counts[g, k] > 0.0 else math.nan
