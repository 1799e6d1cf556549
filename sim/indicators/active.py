"""Initiatives that are active."""

from __future__ import annotations

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import ACTIVE, State

INDICATOR = Indicator(
    id="active",
    kind="total",
    better="higher",
    unit={"nl": "initiatieven", "en": "initiatives"},
    meaning={
        "nl": "Initiatieven die actief zijn.",
        "en": "Initiatives that are active.",
    },
    denominator={
        "nl": "Aantal; wie is stilgevallen of gestopt, telt niet mee.",
        "en": "A count; the dormant and the stopped are not in it.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return pick(s.initiatives[i].status == ACTIVE, 1.0, 0.0)
