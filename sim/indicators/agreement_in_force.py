"""Initiatives with an agreement in force."""

from __future__ import annotations

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="agreement_in_force",
    kind="total",
    better="higher",
    unit={"nl": "initiatieven", "en": "initiatives"},
    meaning={
        "nl": "Initiatieven met een afspraak die nu geldt.",
        "en": "Initiatives with an agreement in force.",
    },
    denominator={
        "nl": "Aantal; een afspraak eindigt als het initiatief stopt.",
        "en": "A count; an agreement ends when its initiative stops.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return pick(s.agreements[i].in_force == 1, 1.0, 0.0)
