"""Energy of the volunteers."""

from __future__ import annotations

import math

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import ACTIVE, DORMANT, State

INDICATOR = Indicator(
    id="energy",
    kind="average",
    better="higher",
    unit={"nl": "0 tot 1", "en": "0 to 1"},
    meaning={
        "nl": "Energie van de vrijwilligers.",
        "en": "Energy of the volunteers.",
    },
    denominator={
        "nl": "Gemiddelde over actieve en stilgevallen initiatieven; gestopte tellen niet mee.",
        "en": "Mean over active and dormant initiatives; the stopped are left out.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    me = s.initiatives[i]
    return pick((me.status == ACTIVE) | (me.status == DORMANT), me.energy, math.nan)
