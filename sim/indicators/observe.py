"""Observing a month: every indicator in every group, in one pass over the initiatives.

Groups are fixed at entry: all, the three size classes of the municipality, the three ambitions (the order of
`sim.indicators.GROUPS`).
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiling import plural, rule
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

COUNT = len(INDICATORS)
AVERAGED = tuple(each.kind == "average" for each in INDICATORS.values())


@rule
def add(out: np.ndarray, size: int, ambition: int, k: int, part: float) -> None:
    """Add one initiative's part of a total to its groups."""
    out[1 + size, k] += part
    out[4 + ambition, k] += part


@rule
def average(out: np.ndarray, counts: np.ndarray, size: int, ambition: int, k: int, part: float) -> None:
    """Add one initiative's part of an average to its groups, and count it there; one that is NaN is left out."""
    if not math.isnan(part):
        add(out, size, ambition, k, part)
        add(counts, size, ambition, k, 1.0)


@plural
def observe(s: State, out: np.ndarray, counts: np.ndarray) -> None:
    """Write the indicators of this month to ``out`` (groups, indicators); ``counts`` is room of the same shape. NaN:
    nobody to measure.
    """
    out[:, :] = 0.0
    counts[:, :] = 0.0
    for i in range(s.clock[0].initiatives):
        me = s.initiatives[i]
        if me.status == NOT_YET:
            continue
        a, b = me.size, me.ambition
        add(out, a, b, 0, active.measure(i, s))
        add(out, a, b, 1, formalised.measure(i, s))
        add(out, a, b, 2, agreement_in_force.measure(i, s))
        add(out, a, b, 3, structural_partnership.measure(i, s))
        average(out, counts, a, b, 4, months_to_agreement.measure(i, s))
        average(out, counts, a, b, 5, trust_initiative.measure(i, s))
        average(out, counts, a, b, 6, trust_official.measure(i, s))
        average(out, counts, a, b, 7, understanding.measure(i, s))
        average(out, counts, a, b, 8, energy.measure(i, s))
        add(out, a, b, 9, restarts.measure(i, s))
        add(out, a, b, 10, months_without_money.measure(i, s))
        average(out, counts, a, b, 11, phase.measure(i, s))
        add(out, a, b, 12, homes_reached.measure(i, s))
        add(out, a, b, 13, municipal_hours.measure(i, s))
        add(out, a, b, 14, public_euros.measure(i, s))
        add(out, a, b, 15, facilitator_hours.measure(i, s))
    for k in range(COUNT):
        out[0, k] = out[1, k] + out[2, k] + out[3, k]
        counts[0, k] = counts[1, k] + counts[2, k] + counts[3, k]
        if AVERAGED[k]:
            for g in range(len(out)):
                out[g, k] = out[g, k] / counts[g, k] if counts[g, k] > 0.0 else math.nan
