"""Negotiation: talks open, drag on, end in an agreement or a refusal; next stages are granted or not (§2.1-§2.5,
§5.1.3, §5.2.2, §7.1).

The first agreement becomes likelier with the town hall's trust, hours, a willing alderman and a facilitator, and less
likely with care for equal treatment and with the detail that is asked for. First steps are easily made concrete, the
long term stays abstract. Money that is promised for years makes it likelier that an agreement is for years too.
Money is asked here and granted, or not, in the money step; an agreement that rests on money alone waits for it.
Where a facilitator has taken over an initiative's line to the town hall, what is agreed without money or policy is
between that intermediary and the municipality (§2.1).

Reads: trust, quality, aldermen, council support, facilitation,
`on_initiative.concrete_agreements/execution_plan_talk/broad_embedding`, budget answers. Writes: agreements,
`talks_opened`, `refused`, `clash`, `phase` (next stages), `formalised_month`, recognition, joint decisions, ledger.
"""

from __future__ import annotations

import math

from sim.engine.arithmetic import logistic, share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, normal, uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.agreements import put_in_force
from sim.world.funding import lasting_money_reaches, lasting_part, money_form
from sim.world.state import (
    ACTIVE,
    ALDERMAN,
    CONTACT,
    FORM_COVENANT,
    FORM_INTERMEDIARY,
    FORM_POLICY,
    HEAT_NETWORK,
    LAST_PHASE,
    SLOTS,
    TOPIC_GOALS,
    TOPIC_PARTICIPATION,
    TOPIC_PERFORMANCE,
    TOPIC_PROCESS,
    TOPIC_ROLES,
    TOPIC_TECHNIQUE,
    State,
)


@compiled
def closing_hazard(
    base: float, trust: float, trust_effect: float, quality: float, support: float, barrier: float
) -> float:
    """Hazard (a month) that talks end in an agreement; every argument but the first is a term of the log hazard.

    >>> round(closing_hazard(0.1, 0.5, 2.0, 0.5, 0.0, 0.0), 3)
    0.1
    """
    return base * math.exp(trust_effect * (trust - 0.5) + quality - 0.5 + support - barrier)


@compiled
def concreteness_of(
    long_term: float, term_detail: float, maturity: float, knows: float, asked: float, noise: float
) -> float:
    """How concrete an agreement is (0-1): less for the long term, more for a mature initiative the town hall
    understands, and as asked.
    """
    return share(
        0.55 - term_detail * long_term + 0.3 * (maturity - 0.4) + 0.3 * (knows - 0.3) + 0.5 * asked + 0.12 * noise
    )


@rule
def town_halls_trust(i: int, s: State) -> float:
    """The town hall's trust (0-1): mean of intentions and capability in the tie with the contact person."""
    tie = s.ties[i * SLOTS + CONTACT]
    return 0.5 * (tie.intentions + tie.alpha / (tie.alpha + tie.beta))


@rule
def initiative(i: int, s: State) -> None:
    """One initiative: its agreement's term, its talks, its next stage."""
    clock, me, deal = s.clock[0], s.initiatives[i], s.agreements[i]
    if me.status != ACTIVE:
        return
    t = clock.month
    if (deal.in_force == 1) & (deal.expiry <= t):
        if me.money_until >= t:  # what becomes of money that ends now is decided later this month
            deal.expiry = max(me.money_until, t + 1)
            deal.extended += 1 if me.money_until > t else 0
        else:
            deal.in_force = 0
    if deal.pending == 1:
        conclude(i, s)
    elif me.talks_opened >= 0:
        talk(i, s)
    elif (me.met_month >= 0) & ((deal.in_force == 0) | (deal.expiry - t <= 6)):
        open_talks(i, s)
    if me.asks_next == 1:
        decide_next_stage(i, s)
    review(i, s)
    # a draft is not an agreement, and a later agreement does not undo an earlier one
    every = -1 if (deal.in_force == 1) & (deal.pending == 0) else 0
    s.ledger[i].forms |= deal.forms & every
    s.ledger[i].topics |= deal.topics & every


@rule
def open_talks(i: int, s: State) -> None:
    """Do talks about an agreement open?"""
    clock, p, me, tie = s.clock[0], s.parameters[0], s.initiatives[i], s.ties[i * SLOTS + CONTACT]
    if s.posts[me.post].present == 0:
        return
    hazard = p.opening_rate * (0.5 + tie.known + me.maturity) * (1.0 + 1.5 * me.facilitated) * (0.7 + 0.6 * me.energy)
    if s.on_initiative[i].concrete_agreements > 0.0:
        hazard *= 1.0 + 0.3 * s.on_initiative[i].concrete_agreements__roles
    if happens(hazard, uniform(clock.key, i, clock.month, why.TALKS_OPEN)):
        me.talks_opened = clock.month


@rule
def talk(i: int, s: State) -> None:
    """A month of talks: they end in an agreement, in a refusal, or go on."""
    clock, p, me, deal, ledger = s.clock[0], s.parameters[0], s.initiatives[i], s.agreements[i], s.ledger[i]
    key, t = clock.key, clock.month
    town, post, governor = s.municipalities[me.municipality], s.posts[me.post], s.aldermen[me.municipality]
    months = t - me.talks_opened
    if months == int(p.long_talks_months) + 1:
        ledger.long_talks += 1.0
    if me.energy < 0.15:
        me.talks_opened = -1
        return
    if post.present == 0:
        return
    resistance = 1.6 - 0.6 * post.standing - 0.6 * town.council_support - 0.4 * town.will
    if happens(p.refusal_rate * resistance * (1.0 + 1.5 * town.take_back), uniform(key, i, t, why.TALKS_REFUSED)):
        me.talks_opened = -1
        me.refused += 1.0
        me.clash += 1.0
        ledger.refused += 1.0
        return
    on = s.on_initiative[i]
    willing = 0.8 * (governor.priority - 0.5) + 0.4 * (governor.openness - 0.5) if governor.present == 1 else -0.6
    first = 1.0 if me.formalised_month < 0 else 0.0
    barrier = p.equal_care_effect * (town.equal_care - 0.5) * first + p.detail_cost * on.concrete_agreements
    if me.left_out == 1:
        barrier += 0.7
    support = willing + 0.6 * me.facilitated + 0.8 * (town.will - 0.7)
    hazard = closing_hazard(p.agreement_rate, town_halls_trust(i, s), p.trust_effect, me.quality, support, barrier)
    if happens(hazard, uniform(key, i, t, why.TALKS_CLOSE)):
        draft(i, s)
        deal.pending = 1
        deal.start = t
        conclude(i, s)


@rule
def draft(i: int, s: State) -> None:
    """What the agreement says: term, detail, topics and forms; money is asked, not yet granted."""
    clock, p, me, deal, on = s.clock[0], s.parameters[0], s.initiatives[i], s.agreements[i], s.on_initiative[i]
    key, t = clock.key, clock.month
    town, tie = s.municipalities[me.municipality], s.ties[i * SLOTS + CONTACT]
    lasting = lasting_part(on.structural_funding__horizon) if lasting_money_reaches(i, s) else 0.0
    long_term = (
        1.0 if uniform(key, i, t, why.TERM) < p.long_term_share * (0.5 + tie.intentions) + 0.3 * lasting else 0.0
    )
    months = 48.0 if long_term > 0.5 else 12.0 + 12.0 * uniform(key, i, t, why.FIGURES)
    noise = normal(key, i, t, why.CONCRETENESS)
    deal.horizon = months
    deal.concreteness = concreteness_of(long_term, p.term_detail, me.maturity, tie.knows, on.concrete_agreements, noise)
    topics = 0
    c = deal.concreteness
    if uniform(key, i, t, why.TOPIC_FIRST) < 0.65:
        topics |= TOPIC_PARTICIPATION
    roles = (
        0.15
        + 0.5 * c * (0.5 + tie.known)
        + (0.5 if on.concrete_agreements > 0.0 and on.concrete_agreements__roles > 0.5 else 0.0)
    )
    if uniform(key, i, t, why.TOPIC_FIRST + 1) < roles:
        topics |= TOPIC_ROLES
    if uniform(key, i, t, why.TOPIC_FIRST + 2) < 0.3 + 0.3 * long_term:
        topics |= TOPIC_GOALS
    if uniform(key, i, t, why.TOPIC_FIRST + 3) < 0.2 + 0.4 * tie.known:
        topics |= TOPIC_PROCESS
    if uniform(key, i, t, why.TOPIC_FIRST + 4) < 0.45 * c:
        topics |= TOPIC_PERFORMANCE
    if uniform(key, i, t, why.TOPIC_FIRST + 5) < (0.3 if me.ambition == HEAT_NETWORK else 0.12):
        topics |= TOPIC_TECHNIQUE
    deal.topics = topics
    forms = 0
    if uniform(key, i, t, why.FORM_IS_COVENANT) < p.covenant_form * (0.7 + 0.6 * long_term):
        forms |= FORM_COVENANT
    if town.vision_adopted == 1 and uniform(key, i, t, why.FORM_IS_POLICY) < p.policy_form:
        forms |= FORM_POLICY
    if forms != 0 or deal.in_force == 0:
        deal.forms = forms  # else the form that it has goes on while money is asked
    me.money_asked = 0
    if me.money_until <= t and uniform(key, i, t, why.FORM_IS_MONEY) < p.money_form:
        me.money_asked = 1
    elif forms == 0:
        if me.money_until > t:
            deal.forms = money_form(me.money_source)
        else:
            deal.forms = FORM_INTERMEDIARY if me.own_line < p.intermediary_line else FORM_COVENANT


@rule
def conclude(i: int, s: State) -> None:
    """Put a drafted agreement in force once it has a form; drop it when the money it waited for did not come within
    half a year.
    """
    clock, p, me, deal, ledger, on = (
        s.clock[0],
        s.parameters[0],
        s.initiatives[i],
        s.agreements[i],
        s.ledger[i],
        s.on_initiative[i],
    )
    key, t = clock.key, clock.month
    if deal.forms == 0:
        if t - deal.start > 6:
            deal.pending = 0
            me.money_asked = 0
        return
    town, tie = s.municipalities[me.municipality], s.ties[i * SLOTS + ALDERMAN]
    put_in_force(i, max(t + int(deal.horizon), me.money_until), s)
    me.talks_opened = -1
    chance = p.adoption_chance * 2.0 * town.council_support
    if on.broad_embedding > 0.0 and uniform(key, i, when.ALWAYS, why.REACHED_EMBEDDING) < on.broad_embedding:
        chance = max(chance, 0.9 * on.broad_embedding__council_adoption)
    deal.adopted = 1 if (deal.forms & FORM_POLICY) or uniform(key, i, t, why.ADOPTION) < chance else 0
    knows = tie.knows if tie.person >= 0 else 0.0
    deal.known = share(0.15 + 0.5 * knows + 0.3 * deal.adopted + 0.3 * me.backing)
    gained = p.recognition_of_signing * (0.5 + 0.5 * deal.known)
    me.recognition += gained * (1.0 - me.recognition)
    if uniform(key, i, t, why.KNOWN_OF) < 0.3 + 0.7 * deal.known:
        ledger.recognition += 1.0
    if me.formalised_month < 0:
        me.formalised_month = t


@rule
def review(i: int, s: State) -> None:
    """Reviewing an agreement in force: on the dates it names, else seldom; what was open is filled in, as far as both
    understand each other.
    """
    clock, me, deal, on, tie = (
        s.clock[0],
        s.initiatives[i],
        s.agreements[i],
        s.on_initiative[i],
        s.ties[i * SLOTS + CONTACT],
    )
    dated = on.concrete_agreements > 0.0 and on.concrete_agreements__review_dates > 0.5
    every = 12 if dated else 24
    if (deal.in_force == 1) & (me.meetings > 0.0) & (clock.month - deal.reviewed >= every):
        deal.reviewed = clock.month
        aim = share(0.4 + 0.3 * tie.known + 0.5 * on.concrete_agreements)
        deal.concreteness += (0.6 if dated else 0.3) * (aim - deal.concreteness)
        if dated:
            deal.known = share(deal.known + 0.15 * (1.0 - deal.known))


@compiled
def next_stage_log_odds(
    base: float, trust: float, roles: float, talked: float, priority: float, short_perspective: float, left_out: float
) -> float:
    """Log odds that the town hall grants a next stage."""
    return base + 3.0 * (trust - 0.5) + roles + 0.8 * talked + priority - 0.5 - short_perspective - 2.0 * left_out


@rule
def decide_next_stage(i: int, s: State) -> None:
    """A finished phase asks for the next: the town hall grants it, refuses it, or has not decided yet."""
    clock, p, me, deal, ledger, on = (
        s.clock[0],
        s.parameters[0],
        s.initiatives[i],
        s.agreements[i],
        s.ledger[i],
        s.on_initiative[i],
    )
    key, t = clock.key, clock.month
    governor = s.aldermen[me.municipality]
    talked = min(1.0, on.execution_plan_talk / 2.0)
    # what was left open, or never written down, has to be settled first
    settled = 1.0 - p.openness_cost * (1.0 - (deal.concreteness if deal.in_force == 1 else 0.0))
    rate = (
        p.decision_rate
        * settled
        * (0.4 + 0.6 * me.quality)
        * (1.0 + 0.5 * me.facilitated + 0.5 * talked)
        * (1.0 - 0.7 * me.waiting)
    )
    if me.refused_next_stage >= 0 and t - me.refused_next_stage < 12:
        return
    if not happens(rate, uniform(key, i, t, why.NEXT_STAGE)):
        return
    roles = p.roles_effect if deal.in_force == 1 and deal.topics & TOPIC_ROLES else 0.0
    short = 0.0 if deal.in_force == 1 and deal.expiry - t > 24 else p.perspective_cost
    priority = governor.priority if governor.present == 1 else 0.3
    odds = next_stage_log_odds(
        p.next_stage_base, town_halls_trust(i, s), roles, talked, priority, short, float(me.left_out)
    )
    if uniform(key, i, t, why.REVIEW) < logistic(odds):
        me.phase = min(LAST_PHASE, me.phase + 1)
        me.progress = 0.0
        me.asks_next = 0
        me.refused_next_stage = -1
        me.decisions_24 += 1.0
        ledger.follow_on += 1.0
    else:
        me.refused_next_stage = t
        me.refused += 1.0
        me.clash += 1.0
        ledger.refused += 1.0


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
