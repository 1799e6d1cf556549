"""Volunteers' allowance (§2.2.4): money for volunteers eases the work, and is missed when it ends.

The interviews name allowances only as what volunteer work may cost. That they give energy, and that people get used to
them, is assumed; how much is a range. An allowance twice as high does less than twice as much.

Reads: `on_initiative.volunteer_allowance` (euros a month). Writes: `energy`, `accustomed` (0-1).
"""

from __future__ import annotations

from sim.engine.arithmetic import share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, uniform
from sim.world import purposes as why
from sim.world.state import ACTIVE, State

MONTHS_TO_GET_USED = 12.0
SETBACK = 0.8  # what is left of the energy where the end of an allowance hits


@compiled
def eased(energy: float, euros: float, relief: float, half: float) -> float:
    """Energy (0-1) after a month with an allowance; it works on the distance to full energy, ever less for each euro.

    >>> round(eased(0.5, 300.0, 0.02, 300.0), 4)
    0.505
    """
    return share(energy + relief * euros / (euros + half) * (1.0 - energy))


@rule
def initiative(i: int, s: State) -> None:
    """One initiative's month with an allowance, or without the one it was used to."""
    clock, p, me = s.clock[0], s.parameters[0], s.initiatives[i]
    if me.status != ACTIVE:
        return
    euros = s.on_initiative[i].volunteer_allowance
    if euros > 0.0:
        me.energy = eased(me.energy, euros, p.allowance_relief, p.allowance_half)
        me.accustomed += (1.0 - me.accustomed) / MONTHS_TO_GET_USED
    elif me.accustomed > 0.0:
        missed = uniform(clock.key, i, clock.month, why.ALLOWANCE_MISSED)
        if happens(p.allowance_regret * me.accustomed, missed):
            me.energy *= SETBACK
            me.accustomed = 0.0


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
