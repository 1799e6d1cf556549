"""Initiatives' trust in their contact at the town hall."""

from __future__ import annotations

import math

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.in_touch import in_touch
from sim.indicators.indicator import Indicator
from sim.world.state import CONTACT, SLOTS, State

INDICATOR = Indicator(
    id="trust_initiative",
    kind="average",
    better="higher",
    unit={"nl": "0 tot 1", "en": "0 to 1"},
    meaning={
        "nl": "Vertrouwen van initiatieven in hun contactpersoon bij de gemeente.",
        "en": "Initiatives’ trust in their contact at the town hall.",
    },
    denominator={
        "nl": "Gemiddelde over actieve en stilgevallen initiatieven die de gemeente ontmoet hebben.",
        "en": "Mean over active and dormant initiatives that have met the town hall.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return pick(in_touch(i, s), s.ties[i * SLOTS + CONTACT].trust, math.nan)
