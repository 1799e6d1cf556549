"""The contact's trust in the initiative: intentions and capability, half each."""

from __future__ import annotations

import math

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.in_touch import in_touch
from sim.indicators.indicator import Indicator
from sim.world.state import CONTACT, SLOTS, State

INDICATOR = Indicator(
    id="trust_official",
    kind="average",
    better="higher",
    unit={"nl": "0 tot 1", "en": "0 to 1"},
    meaning={
        "nl": "Vertrouwen van de contactpersoon in het initiatief: bedoelingen en kunnen, elk voor de helft.",
        "en": "The contact’s trust in the initiative: intentions and capability, half each.",
    },
    denominator={
        "nl": "Gemiddelde over actieve en stilgevallen initiatieven die de gemeente ontmoet hebben.",
        "en": "Mean over active and dormant initiatives that have met the town hall.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """Mean of trust in intentions and in capability (mean of its beta distribution)."""
    tie = s.ties[i * SLOTS + CONTACT]
    return pick(in_touch(i, s), 0.5 * (tie.intentions + tie.alpha / (tie.alpha + tie.beta)), math.nan)
