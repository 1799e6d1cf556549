"""What an initiative needs of the town hall: capacity divides hours by it, contact measures by it what was given."""

from __future__ import annotations

from sim.engine.compiling import compiled
from sim.world.state import HEAT_NETWORK


@compiled
def hours_wanted(ambition: int, phase: int, need: float) -> float:
    """Hours a month that an initiative asks of the town hall: more for a heat network, more in later phases."""
    return need * (1.25 if ambition == HEAT_NETWORK else 0.9) * (0.7 + 0.15 * phase)
