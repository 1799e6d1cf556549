"""Initiatives that work with the municipality as a partner: for two years promises were kept and decisions taken
together. Measured by what was done, not by what was written.
"""

from __future__ import annotations

from sim.engine.arithmetic import pick
from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import ACTIVE, State

INDICATOR = Indicator(
    id="structural_partnership",
    kind="total",
    better="higher",
    unit={"nl": "initiatieven", "en": "initiatives"},
    meaning={
        "nl": (
            "Initiatieven die als partner met de gemeente werken: twee jaar lang beloften nagekomen en samen "
            "besluiten genomen. Gemeten aan wat er gebeurde, niet aan wat er op papier staat."
        ),
        "en": (
            "Initiatives that work with the municipality as a partner: for two years promises were kept and "
            "decisions taken together. Measured by what was done, not by what was written."
        ),
    },
    denominator={
        "nl": "Aantal; alleen actieve initiatieven.",
        "en": "A count; active initiatives only.",
    },
)
PROMISES, DECISIONS, BROKEN = 3.0, 3.0, 0.5


@rule
def measure(i: int, s: State) -> float:
    """1 for a partner: enough promises kept and decisions taken together in the memory of two years, few broken, and
    known for two years.
    """
    me = s.initiatives[i]
    lasting = (me.status == ACTIVE) & (me.met_month >= 0) & (s.clock[0].month - me.met_month >= 24)
    together = (me.kept_24 >= PROMISES) & (me.decisions_24 >= DECISIONS) & (me.broken_24 <= BROKEN * me.kept_24)
    return pick(lasting & together, 1.0, 0.0)
