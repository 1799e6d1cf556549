"""Months from an initiative's start to its first agreement, or to now if there is none (restricted mean)."""

from __future__ import annotations

import math

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import NOT_YET, State

INDICATOR = Indicator(
    id="months_to_agreement",
    kind="average",
    better="lower",
    unit={"nl": "maanden", "en": "months"},
    meaning={
        "nl": (
            "Maanden van de start van een initiatief tot de eerste afspraak. "
            "Wie nog geen afspraak heeft, telt mee tot nu."
        ),
        "en": "Months from an initiative’s start to its first agreement. One that has none yet counts up to now.",
    },
    denominator={
        "nl": "Gemiddelde over alle initiatieven die begonnen zijn, ook gestopte.",
        "en": "Mean over all initiatives that have entered, stopped ones too.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """Months from entry to the first agreement, or to now."""
    me = s.initiatives[i]
    if me.status == NOT_YET:
        return math.nan
    agreed, now = float(me.formalised_month), float(s.clock[0].month)
    return pick(me.formalised_month >= 0, agreed, now) - me.entry
