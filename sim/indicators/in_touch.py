"""Whether an initiative counts where trust and understanding are averaged."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.world.state import ACTIVE, DORMANT, State


@rule
def in_touch(i: int, s: State) -> bool:
    """Active or dormant, and it has met the town hall."""
    me = s.initiatives[i]
    return ((me.status == ACTIVE) | (me.status == DORMANT)) & (me.met_month >= 0)
