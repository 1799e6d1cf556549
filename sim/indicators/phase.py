"""How far initiatives are, from 0 (start) to 5 (realisation)."""

from __future__ import annotations

import math

from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import NOT_YET, State

INDICATOR = Indicator(
    id="phase",
    kind="average",
    better="higher",
    unit={"nl": "0 tot 5", "en": "0 to 5"},
    meaning={
        "nl": "Hoe ver initiatieven zijn, van 0 (start) tot 5 (uitvoering).",
        "en": "How far initiatives are, from 0 (start) to 5 (realisation).",
    },
    denominator={
        "nl": "Gemiddelde over alle initiatieven die begonnen zijn; gestopte houden hun fase.",
        "en": "Mean over all initiatives that have entered; stopped ones keep their phase.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return float(s.initiatives[i].phase) if s.initiatives[i].status != NOT_YET else math.nan
