"""Months without money, after the acquaintance."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="months_without_money",
    kind="total",
    better="lower",
    unit={"nl": "maanden", "en": "months"},
    meaning={
        "nl": "Maanden zonder geld, na de kennismaking.",
        "en": "Months without money, after the acquaintance.",
    },
    denominator={
        "nl": "Opgeteld over initiatieven en maanden; na het stoppen loopt het niet door.",
        "en": "Added up over initiatives and months; it does not go on after an initiative stops.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return s.initiatives[i].months_without_money
