"""Hours that volunteers have worked."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="volunteer_hours",
    kind="total",
    better="higher",
    unit={"nl": "uren", "en": "hours"},
    meaning={"nl": "Uren die vrijwilligers hebben gewerkt.", "en": "Hours that volunteers have worked."},
    denominator={
        "nl": "Totaal van alle initiatieven; wat gestopte eerder werkten telt mee.",
        "en": "Total of all initiatives; what stopped ones worked before counts.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return s.initiatives[i].volunteer_hours
