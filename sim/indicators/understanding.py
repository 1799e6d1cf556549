"""How well initiative and contact know each other's world."""

from __future__ import annotations

import math

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.in_touch import in_touch
from sim.indicators.indicator import Indicator
from sim.world.state import CONTACT, SLOTS, State

INDICATOR = Indicator(
    id="understanding",
    kind="average",
    better="higher",
    unit={"nl": "0 tot 1", "en": "0 to 1"},
    meaning={
        "nl": "Hoe goed initiatief en contactpersoon elkaars wereld kennen.",
        "en": "How well initiative and contact know each other’s world.",
    },
    denominator={
        "nl": "Gemiddelde over actieve en stilgevallen initiatieven die de gemeente ontmoet hebben.",
        "en": "Mean over active and dormant initiatives that have met the town hall.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """Mean of the understanding both ways."""
    tie = s.ties[i * SLOTS + CONTACT]
    return pick(in_touch(i, s), 0.5 * (tie.knows + tie.known), math.nan)
