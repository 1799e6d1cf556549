"""How a replicate begins: characters drawn by number, and initiatives that enter (§0, §1.2-§1.4, §2.2.1).

What the world's layout fixes (place, ambition, entry) is the same in every replicate; characters (style, will, staff,
openness, maturity) are drawn, each addressed by the number of whose character it is.
"""

from __future__ import annotations

import math

from sim.engine.arithmetic import remaining, share
from sim.engine.compiling import plural, rule
from sim.engine.randomness import normal, uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.state import ACTIVE, ALDERMAN, HEAT_NETWORK, NOT_YET, RING, SEEN, SLOTS, State
from sim.world.ties import empty_seat

SEEN_KINDS = len(SEEN)


@rule
def adoption_month(u: float, s: State) -> int:
    """Month of adoption of the vision at a quantile of the timetable (linear between its points; never: 100,000)."""
    last_share, last_month = 0.0, 0
    for k in range(len(s.timetable)):
        point = s.timetable[k]
        if u <= point.share:
            width = point.share - last_share
            part = (u - last_share) / width if width > 0.0 else 1.0
            return math.ceil(last_month + part * (point.month - last_month))  # so that by a point's month its share has
        last_share, last_month = point.share, point.month
    return 100_000


@rule
def monthly_rates(s: State) -> None:
    """What the half-lives among the parameters mean a month; to be called whenever parameters were set."""
    p, rates = s.parameters[0], s.monthly[0]
    rates.trust_keep = remaining(p.trust_half_life)
    rates.history_keep = remaining(p.history_half_life)
    rates.recognition_keep = remaining(p.recognition_half_life)
    rates.understanding_loss = 1.0 - remaining(p.understanding_half_life)
    rates.partner_keep = 1.0 - 1.0 / p.partner_memory
    rates.rush_keep = 1.0 - 1.0 / p.rush_months


@plural
def characters(s: State) -> None:
    """Draw the characters of municipalities, officials, aldermen and facilitators that are there at the start."""
    p, key = s.parameters[0], s.clock[0].key
    for m in range(s.clock[0].municipalities):
        town, governor = s.municipalities[m], s.aldermen[m]
        if town.style < 0.0:
            town.style = share(0.5 + p.style_sd * normal(key, m, when.ALWAYS, why.STYLE))
        town.will = share(0.7 + p.will_sd * normal(key, m, when.ALWAYS, why.WILL))
        if town.fte < 0.0:
            town.fte = town.fte_low * (town.fte_high / town.fte_low) ** uniform(key, m, when.ALWAYS, why.STAFF)
        town.equal_care = uniform(key, m, when.ALWAYS, why.EQUAL_CARE)
        town.council_support = share(0.5 + 0.2 * normal(key, m, when.ALWAYS, why.COUNCIL_START))
        town.base_procurement_room = 0.3 * uniform(key, m, when.ALWAYS, why.BASE_ROOM)
        if town.vision_month < 0:
            town.vision_month = adoption_month(uniform(key, m, when.ALWAYS, why.VISION_DATE), s)
        ratio = p.budget_high / p.budget_low
        town.budget_a_year = town.inhabitants * p.budget_low * ratio ** uniform(key, m, when.ALWAYS, why.BUDGET)
        town.budget_left = town.budget_a_year
        governor.present = 1
        governor.holder_since = -24
        governor.openness = share(0.5 + p.openness_sd * normal(key, m, when.BEFORE, why.ALDERMAN_OPENNESS))
        governor.priority = share(0.5 + 0.2 * normal(key, m, when.BEFORE, why.ALDERMAN_PRIORITY))
        governor.coalition = share(0.3 * governor.priority + 0.7 * town.council_support)
    for j in range(s.clock[0].posts):
        post = s.posts[j]
        post.present = 1
        post.holder_since = -24
        post.openness = share(0.5 + p.openness_sd * normal(key, j, when.BEFORE, why.OPENNESS))
        post.standing = share(0.5 + p.standing_sd * normal(key, j, when.BEFORE, why.STANDING))
    for f in range(s.clock[0].facilitators):
        helper = s.facilitators[f]
        width = helper.style_high - helper.style_low
        helper.style = helper.style_low + width * uniform(key, f, when.ALWAYS, why.FACILITATOR_STYLE)
        helper.experience = uniform(key, f, when.ALWAYS, why.FACILITATOR_EXPERIENCE)
        helper.adaptivity = 1.0 if uniform(key, f, when.ALWAYS, why.FACILITATOR_ADAPTS) < helper.adaptive_share else 0.0


@rule
def initiative(i: int, s: State) -> None:
    """An initiative whose month has come enters the world, with its character and its first ties."""
    clock, p, me = s.clock[0], s.parameters[0], s.initiatives[i]
    if me.status != NOT_YET:
        now = clock.month % RING
        for kind in range(SEEN_KINDS):  # what was noticed a year ago makes room for this month
            s.seen[now, i, kind] = 0
        return
    if clock.month < me.entry:
        return
    key = clock.key
    me.status = ACTIVE
    drawn = 0.1 + 0.5 * uniform(key, i, when.ALWAYS, why.START_MATURITY) + (0.1 if me.ambition == HEAT_NETWORK else 0.0)
    me.maturity = me.start_maturity if me.start_maturity >= 0.0 else drawn
    u = uniform(key, i, when.ALWAYS, why.LEGAL_FORM)
    me.legal_form = 0 if u > 0.3 + 0.8 * me.maturity else (2 if u < me.maturity else 1)
    me.energy = 0.5 + 0.35 * uniform(key, i, when.ALWAYS, why.START_ENERGY)
    me.backing = 0.2 + 0.4 * uniform(key, i, when.ALWAYS, why.START_BACKING)
    me.own_line = 1.0
    me.quality = 0.5
    older = 1 if me.older_tie == 1 else 0
    if older == 1:
        me.met_month = clock.month
        me.phase = 1
        me.history_delivery = 0.4 * uniform(key, i, when.ALWAYS, why.OLDER_TRUST)
        s.ledger[i].first_talks = clock.month
    for slot in range(SLOTS):
        tie = s.ties[i * SLOTS + slot]
        if tie.person < 0:
            continue
        if slot == ALDERMAN:
            there, openness = s.aldermen[tie.person].present, s.aldermen[tie.person].openness
        else:
            there, openness = s.posts[tie.person].present, s.posts[tie.person].openness
        tie.click, character = 0.0, 0.0
        if there == 1:  # somebody who is gone has no part in it
            tie.click = p.click_sd * normal(key, i * SLOTS + slot, when.BEFORE, why.CLICK)
            character = tie.click + p.openness_pull * (openness - 0.5)
        near = 1.0 if slot == 0 else 0.4
        tie.trust = share(p.base_trust + character + 0.2 * older * near)
        tie.intentions = tie.trust
        tie.knows = share(p.base_understanding + 0.25 * older * near)
        tie.known = share(p.base_understanding + 0.25 * older * near)
        tie.alpha = 1.0 + me.maturity + (1.5 * me.history_delivery if older else 0.0)
        tie.beta = p.capability_doubt
        tie.holder_since = clock.month
        if there == 0:
            empty_seat(i * SLOTS + slot, s)


@plural
def initiatives(s: State) -> None:
    """All initiatives whose month has come."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)


@plural
def tick(s: State) -> None:
    """The calendar of this month: elections and national rounds."""
    clock = s.clock[0]
    today = s.calendar[clock.month]
    clock.election = today.election
    clock.subsidy_round = today.subsidy_round
    clock.january = today.january
    for m in range(clock.municipalities):
        town = s.municipalities[m]
        town.vision_just_adopted = 1 if town.vision_adopted == 0 and clock.month >= town.vision_month else 0
        if town.vision_just_adopted == 1:
            town.vision_adopted = 1
