"""What each initiative adds to an indicator, compiled: to find the initiatives whose outcome a link changed."""

from __future__ import annotations

import math

import numpy as np

from sim.engine.compiling import entry
from sim.indicators import (
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

# As in `measure_all`: a column an indicator.
MEASURED = (
    active,
    formalised,
    agreement_in_force,
    structural_partnership,
    months_to_agreement,
    trust_initiative,
    trust_official,
    understanding,
    energy,
    restarts,
    months_without_money,
    phase,
    homes_reached,
    municipal_hours,
    public_euros,
    facilitator_hours,
)


@entry
def measure_all(s: State, out: np.ndarray) -> None:
    """Write every initiative's part of every indicator to ``out`` (initiatives, indicators); NaN: not measured."""
    for i in range(s.clock[0].initiatives):
        if s.initiatives[i].status == NOT_YET:
            out[i, :] = math.nan
            continue
        out[i, 0] = active.measure(i, s)
        out[i, 1] = formalised.measure(i, s)
        out[i, 2] = agreement_in_force.measure(i, s)
        out[i, 3] = structural_partnership.measure(i, s)
        out[i, 4] = months_to_agreement.measure(i, s)
        out[i, 5] = trust_initiative.measure(i, s)
        out[i, 6] = trust_official.measure(i, s)
        out[i, 7] = understanding.measure(i, s)
        out[i, 8] = energy.measure(i, s)
        out[i, 9] = restarts.measure(i, s)
        out[i, 10] = months_without_money.measure(i, s)
        out[i, 11] = phase.measure(i, s)
        out[i, 12] = homes_reached.measure(i, s)
        out[i, 13] = municipal_hours.measure(i, s)
        out[i, 14] = public_euros.measure(i, s)
        out[i, 15] = facilitator_hours.measure(i, s)
