"""How an agreement begins to hold, however it came about: concluded, with money, or named in the vision (§2.1)."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.world.state import State


@rule
def put_in_force(i: int, until: int, s: State) -> None:
    """What the agreement of an initiative says holds from this month on, to the month ``until``."""
    deal = s.agreements[i]
    deal.in_force = 1
    deal.pending = 0
    deal.reviewed = s.clock[0].month
    deal.expiry = until
    deal.extended = 0
    s.ledger[i].agreements += 1
