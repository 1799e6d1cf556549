"""Times that talks began anew or an agreement lapsed because somebody left."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="restarts",
    kind="total",
    better="lower",
    unit={"nl": "keer", "en": "times"},
    meaning={
        "nl": "Keren dat gesprekken opnieuw moesten beginnen of een afspraak verviel doordat iemand vertrok.",
        "en": "Times that talks began anew or an agreement lapsed because somebody left.",
    },
    denominator={
        "nl": "Opgeteld vanaf het begin, gestopte initiatieven erbij.",
        "en": "Added up from the start, stopped initiatives too.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return s.initiatives[i].restarts
