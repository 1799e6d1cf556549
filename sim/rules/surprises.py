"""Surprises: actions collide where the two do not inform each other, and the vision names or forgets an initiative
(§2.1, §2.4.2, §3.2.4, §4.3.3).

Campaigns above all hit those who save energy or activate neighbours. When the vision is adopted an initiative can be
named in it (a way of being formalised, if it stands behind it) or be written out of it.

Reads: `contact` (meetings a month), style, understanding, trust, backing, the vision's adoption,
`on_initiative.crossing_campaign/left_out_of_vision/early_engagement`. Writes: `crossed` (count), `left_out`,
agreements of the policy form, what is seen of the direction, ledger.
"""

from __future__ import annotations

import math

from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.agreements import put_in_force
from sim.world.state import (
    ACTIVE,
    AWARE,
    CONTACT,
    CROSSED,
    FORM_JOINT,
    FORM_MONEY,
    FORM_POLICY,
    HEAT_NETWORK,
    RING,
    SLOTS,
    TOPIC_GOALS,
    State,
)


@compiled
def crossing_hazard(base: float, contact: float, informing: float, style: float, ambition: int) -> float:
    """Hazard (a month) that actions collide: falls with contact, rises with a steering style, and hits heat networks
    less.
    """
    exposed = 0.4 if ambition == HEAT_NETWORK else 1.0
    return base * math.exp(-informing * contact) * (0.5 + style) * exposed


@compiled
def written_out_chance(base: float, knows: float, borne: float) -> float:
    """Chance to be left out of the vision: least for the one the town hall understands and has an agreement with that
    governors know.
    """
    return base * (1.0 - knows) * (1.0 - borne)


@rule
def initiative(i: int, s: State) -> None:
    """One initiative: what takes it by surprise this month."""
    clock, p, me, deal, on, ledger = (
        s.clock[0],
        s.parameters[0],
        s.initiatives[i],
        s.agreements[i],
        s.on_initiative[i],
        s.ledger[i],
    )
    if me.status != ACTIVE:
        return
    key, t = clock.key, clock.month
    town, tie = s.municipalities[me.municipality], s.ties[i * SLOTS + CONTACT]
    early = on.early_engagement > 0.0 and uniform(key, i, when.ALWAYS, why.REACHED_EARLY) < on.early_engagement
    me.informed = me.contact + (1.0 if early else 0.0)
    u = uniform(key, i, t, why.CROSSING)
    hazard = 0.0
    if u < 1.5 * p.crossing_rate:  # above that bound of the hazard nothing crosses: no need to reckon it
        hazard = crossing_hazard(p.crossing_rate, me.informed, p.informing, town.style, me.ambition)
    if on.crossing_campaign > 0.0:
        hazard = crossing_hazard(p.crossing_rate, me.informed, p.informing, town.style, me.ambition)
        hazard -= math.log(max(1e-9, 1.0 - on.crossing_campaign)) * math.exp(-p.informing * me.informed)
    if happens(hazard, u):
        me.crossed += 1.0
        me.clash += 1.0
        s.seen[t % RING, i, CROSSED] += 1
    if happens(
        p.awareness_rate + 0.3 * me.meetings + (0.2 if town.vision_just_adopted else 0.0),
        uniform(key, i, t, why.AWARENESS),
    ):
        s.seen[t % RING, i, AWARE] += 1
    out = False
    if town.vision_just_adopted == 1:
        borne = deal.known if deal.in_force == 1 else 0.0
        if uniform(key, i, t, why.WRITTEN_OUT) < written_out_chance(p.written_out_base, tie.knows, borne):
            out = True
        else:
            named = p.named_base * (tie.knows + tie.intentions) * (0.5 + me.backing)
            if me.met_month >= 0 and uniform(key, i, t, why.NAMED_IN_POLICY) < named:
                name_in_policy(i, s)
    if on.left_out_of_vision > 0.0 and uniform(key, i, t, why.PUSHED_OUT) < on.left_out_of_vision:
        out = True
    if out:
        me.left_out = 1
        me.refused += 1.0
        me.clash += 1.0
        ledger.written_out += 1.0
        if deal.in_force == 1 and (deal.forms & (FORM_MONEY | FORM_JOINT)) == 0:
            deal.in_force = 0
            me.broken += 1.0


@rule
def name_in_policy(i: int, s: State) -> None:
    """The vision names the initiative and it stands behind that: formalised, with goals and little detail, adopted by
    the council.
    """
    t, me, deal, ledger = s.clock[0].month, s.initiatives[i], s.agreements[i], s.ledger[i]
    if deal.in_force == 0 and deal.pending == 1:  # the draft is settled with it
        put_in_force(i, max(t + int(deal.horizon), me.money_until), s)
        deal.topics |= TOPIC_GOALS
        deal.known = 0.5
        me.talks_opened = -1
    elif deal.in_force == 0:
        put_in_force(i, t + 48, s)
        deal.start = t
        deal.horizon = 48.0
        deal.forms = 0
        deal.topics = TOPIC_GOALS
        deal.concreteness = 0.25
        deal.known = 0.5
    deal.forms |= FORM_POLICY
    deal.adopted = 1
    deal.known = max(deal.known, 0.7)
    me.left_out = 0
    me.recognition = min(1.0, me.recognition + 0.3)
    ledger.recognition += 1.0
    if me.formalised_month < 0:
        me.formalised_month = t


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
