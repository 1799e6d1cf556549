"""Homes that an initiative's work has reached."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="homes_reached",
    kind="total",
    better="higher",
    unit={"nl": "woningen", "en": "homes"},
    meaning={
        "nl": "Woningen die met werk van een initiatief bereikt zijn.",
        "en": "Homes that an initiative’s work has reached.",
    },
    denominator={
        "nl": "Opgeteld vanaf het begin, gestopte initiatieven erbij.",
        "en": "Added up from the start, stopped initiatives too.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return s.initiatives[i].homes
