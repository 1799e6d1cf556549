"""Capacity: the hours of a town hall and who gets them (§3.2.2, §4.3.1, §5.4.1, §7.4.1).

Hours go to the vision until it is adopted, then to other neighbourhoods and duties, and what is left is divided over
the initiatives by priority. Shortage bites hardest where there are few hours: in small municipalities. Where a
steering town hall has hours to spare it takes work back: so new staff speeds one initiative and crowds out another.

Reads: `fte`, posts filled, `on_municipality.municipal_capacity/capacity_boost`, alderman's priority, agreements,
turns. Writes: `hours`, `hours_for_vision`, `hours_for_initiatives`, `hours_wanted`, `hours_offered`, `hours_spent`
(hours a month), `surplus`, `take_back` (0-1), `entered` (initiatives so far), and each member's `hours`.
"""

from __future__ import annotations

from sim.engine.arithmetic import pick
from sim.engine.compiling import compiled, plural, rule
from sim.world.needs import hours_wanted
from sim.world.state import ACTIVE, DORMANT, NOT_YET, State

HOURS_PER_FTE = 1363.0 / 12.0  # productive hours a month; ROB 2024


@compiled
def taken_back(style: float, surplus: float, strength: float) -> float:
    """Share of an initiative's room that a town hall takes back: only a steering one, and only with hours to spare."""
    return min(1.0, strength * surplus * max(0.0, 2.0 * style - 1.0))


@rule
def municipality(m: int, s: State) -> None:
    """One town hall: count the hours and divide them over those who ask."""
    town = s.municipalities[m]
    count_hours(m, s)
    for k in range(town.member_from, town.member_to):
        ask(s.members[k], s)
    divide(m, s)


@rule
def count_hours(m: int, s: State) -> None:
    """The hours that a town hall has this month, before anybody asked."""
    p, town, on, governor = s.parameters[0], s.municipalities[m], s.on_municipality[m], s.aldermen[m]
    filled = 0.0
    for j in range(town.post_from, town.post_to):
        filled += 1.0 if s.posts[j].present == 1 else 1.0 - p.vacancy_loss
    filled /= max(1, town.post_to - town.post_from)
    town.hours = HOURS_PER_FTE * (town.fte * filled + on.municipal_capacity + on.capacity_boost)
    town.hours_for_vision = p.vision_share * town.hours if town.vision_adopted == 0 else 0.0
    priority = governor.priority if governor.present == 1 else 0.3
    town.hours_for_initiatives = (town.hours - town.hours_for_vision) * min(
        1.0, p.initiative_share * (0.6 + 0.8 * priority)
    )
    town.hours_wanted = 0.0
    town.entered = 0


@rule
def ask(i: int, s: State) -> None:
    """An initiative asks for the hours it needs, and has them for the moment."""
    me = s.initiatives[i]
    town = s.municipalities[me.municipality]
    me.hours = 0.0
    town.entered += 0 if me.status == NOT_YET else 1
    if me.status == ACTIVE or me.status == DORMANT:
        me.hours = need_of(i, s)
        town.hours_wanted += me.hours


@rule
def divide(m: int, s: State) -> None:
    """What the town hall has for all who asked, and what it does with hours to spare."""
    p, town = s.parameters[0], s.municipalities[m]
    wanted, at_hand = town.hours_wanted, town.hours_for_initiatives
    town.hours_offered = min(wanted, at_hand)
    town.hours_spent = town.hours_offered
    town.surplus = min(1.0, max(0.0, at_hand / wanted - 1.0)) if wanted > 0.0 else 0.0
    town.take_back = taken_back(town.style, town.surplus, p.take_back)
    if at_hand < wanted:
        ration_where_short(m, s)


@rule
def ration_where_short(m: int, s: State) -> None:
    """Too few hours: in a first round they go by priority, to none more than it needs; in a second, what the sated
    leave over goes to those still short.
    """
    town = s.municipalities[m]
    asked = 0.0
    for k in range(town.member_from, town.member_to):
        i = s.members[k]
        asked += s.initiatives[i].hours * weight(i, s)
    spent, short = 0.0, 0.0
    for k in range(town.member_from, town.member_to):
        i = s.members[k]
        me = s.initiatives[i]
        need = me.hours
        me.hours = min(need, town.hours_offered * need * weight(i, s) / asked)
        spent += me.hours
        short += need - me.hours
    left = town.hours_offered - spent
    if left > 1e-9 and short > 1e-9:
        top_up = min(1.0, left / short)
        for k in range(town.member_from, town.member_to):
            i = s.members[k]
            me = s.initiatives[i]
            if me.status == ACTIVE or me.status == DORMANT:
                extra = top_up * (need_of(i, s) - me.hours)
                me.hours += extra
                spent += extra
    town.hours_spent = spent


@rule
def need_of(i: int, s: State) -> float:
    """Hours a month that this initiative asks now: little before the two have met, or while it is dormant."""
    me = s.initiatives[i]
    return hours_wanted(me.ambition, me.phase, s.parameters[0].hours_needed) * pick(
        (me.met_month < 0) | (me.status == DORMANT), 0.3, 1.0
    )


@rule
def weight(i: int, s: State) -> float:
    """Priority of an initiative when hours are divided: more with an agreement in force or when its neighbourhood's
    turn has come.
    """
    me, deal, p = s.initiatives[i], s.agreements[i], s.parameters[0]
    w = 1.0
    w += pick(deal.in_force == 1, p.priority_weight, 0.0)
    w += pick((me.turn_month >= 0) & (me.turn_month <= s.clock[0].month), p.priority_weight, 0.0)
    return w


@plural
def municipalities(s: State) -> None:
    """All town halls."""
    for m in range(s.clock[0].municipalities):
        municipality(m, s)
