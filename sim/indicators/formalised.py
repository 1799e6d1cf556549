"""Initiatives that ever recorded an agreement with the municipality."""

from __future__ import annotations

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="formalised",
    kind="total",
    better="higher",
    unit={"nl": "initiatieven", "en": "initiatives"},
    meaning={
        "nl": "Initiatieven die ooit een afspraak met de gemeente vastlegden.",
        "en": "Initiatives that ever recorded an agreement with the municipality.",
    },
    denominator={
        "nl": "Aantal; wie later stopte telt mee.",
        "en": "A count; those that stopped later are in it.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return pick(s.initiatives[i].formalised_month >= 0, 1.0, 0.0)
