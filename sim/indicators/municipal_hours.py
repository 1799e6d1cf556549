"""Hours of officials for initiatives, those for the policy itself too."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="municipal_hours",
    kind="total",
    better="neither",
    unit={"nl": "uur", "en": "hours"},
    meaning={
        "nl": "Uren van ambtenaren voor initiatieven, ook voor het beleid zelf.",
        "en": "Hours of officials for initiatives, those for the policy itself too.",
    },
    denominator={
        "nl": "Opgeteld vanaf het begin.",
        "en": "Added up from the start.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return s.initiatives[i].municipal_hours
