"""The accounts: what this month cost, in hours and euros, of what happens anyway and of policy (product page: cost against effect).

Reads each initiative's `hours`, the cost fields of `on_initiative` and `on_municipality` (a month), prices. Writes `municipal_hours`, `facilitator_hours`
(hours) and `public_euros` (euros), which only grow. A municipality's own policy costs are shared equally by the initiatives that have entered.
"""

from __future__ import annotations

from sim.engine.compiling import plural, rule
from sim.world.state import ACTIVE, DORMANT, NOT_YET, State


@rule
def municipality(m: int, s: State) -> None:
    """Book a municipality's month on its initiatives."""
    p, town, on = s.parameters[0], s.municipalities[m], s.on_municipality[m]
    entered = 0
    for k in range(town.member_from, town.member_to):
        if s.initiatives[s.members[k]].status != NOT_YET:
            entered += 1
    if entered == 0:
        return
    hours = on.cost_municipal_hours / entered
    own = town.fte / (town.fte + on.municipal_capacity) if on.municipal_capacity > 0.0 else 1.0  # extra staff is booked whole, as policy
    euros = on.cost_euros / entered
    for k in range(town.member_from, town.member_to):
        i = s.members[k]
        me, policy = s.initiatives[i], s.on_initiative[i]
        if me.status == NOT_YET:
            continue
        worked, helped, paid, priced = hours, 0.0, euros, hours
        if me.status == ACTIVE or me.status == DORMANT:
            worked += me.hours + policy.cost_municipal_hours
            priced += own * me.hours + policy.cost_municipal_hours
            helped += policy.cost_facilitator_hours
            paid += policy.cost_euros
        me.municipal_hours += worked
        me.facilitator_hours += helped
        me.public_euros += paid + priced * p.official_hour + (helped + me.facilitator_hours_now) * p.facilitator_hour


@plural
def municipalities(s: State) -> None:
    """All municipalities."""
    for m in range(s.clock[0].municipalities):
        municipality(m, s)
