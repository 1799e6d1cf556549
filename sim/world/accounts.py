"""The accounts: what this month cost, in hours and euros, of what happens anyway and of policy (product page: cost
against effect).

Reads each initiative's `hours`, the cost fields of `on_initiative` and `on_municipality` (a month), prices. Writes
`municipal_hours`, `facilitator_hours` (hours) and `public_euros` (euros), which only grow. A municipality's own policy
costs are shared equally by the initiatives that have entered.
"""

from __future__ import annotations

from sim.engine.compiling import plural, rule
from sim.world.state import ACTIVE, DORMANT, NOT_YET, State


@rule
def initiative(i: int, s: State) -> None:
    """Book this month on one initiative."""
    p, me, policy = s.parameters[0], s.initiatives[i], s.on_initiative[i]
    if me.status == NOT_YET:
        return
    town, on = s.municipalities[me.municipality], s.on_municipality[me.municipality]
    worked = on.cost_municipal_hours / town.entered if on.cost_municipal_hours != 0.0 else 0.0
    euros = on.cost_euros / town.entered if on.cost_euros != 0.0 else 0.0
    helped, priced = 0.0, worked
    if me.status == ACTIVE or me.status == DORMANT:
        extra = on.municipal_capacity + on.capacity_boost
        own = town.fte / (town.fte + extra) if extra > 0.0 else 1.0  # extra staff is booked whole, as policy
        # what a scenario says a lever costs less than was counted is taken off again, but no more than was counted
        worked += max(0.0, me.hours + policy.cost_municipal_hours)
        priced += max(0.0, own * me.hours + policy.cost_municipal_hours)
        helped = max(-me.facilitator_hours_now, policy.cost_facilitator_hours)
        euros += policy.cost_euros
    me.municipal_hours += worked
    me.facilitator_hours += helped
    me.public_euros += euros + priced * p.official_hour + (helped + me.facilitator_hours_now) * p.facilitator_hour


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
