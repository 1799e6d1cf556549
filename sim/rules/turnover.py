"""Turnover: people leave, posts stand empty, successors start with what others bore (§3.1.3, §3.2.5, §5.3.4, §7.2.2).

Officials and aldermen leave at a hazard, aldermen at elections too. A successor draws their own openness, standing and
click, so a change can help; but the ties of the leaver are gone, and what survives is what colleagues, a hand-over,
concrete agreements and the council's adoption bear, and the history. The arrival is addressed by post and month, so
that two worlds that parted meet again at the next arrival they share.

Reads: hazards, `on_post.official_leaves`, `on_municipality.alderman_falls/election/hiring_freeze`,
`on_initiative.broad_embedding`, agreements, history. Writes: posts, aldermen, council support (0-1), ties (trust,
understanding 0-1), `restarts` (count), the end of agreements nobody else bears.
"""

from __future__ import annotations

from sim.engine.arithmetic import share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, normal, uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.state import ACTIVE, ALDERMAN, CONTACT, NOT_YET, SLOTS, STOPPED, State
from sim.world.ties import empty_seat


@compiled
def inherited_share(handover: float, colleagues: float, council: float, agreement: float) -> float:
    """Share of an old tie that survives the person: each bearer saves its part of what the others lose.

    >>> round(inherited_share(0.3, 0.4, 0.0, 0.0), 2)
    0.58
    """
    return 1.0 - (1.0 - handover) * (1.0 - colleagues) * (1.0 - council) * (1.0 - agreement)


@compiled
def trust_in_successor(old: float, base: float, inherited: float, character: float, history: float) -> float:
    """Trust with which a successor starts: the base, what is inherited of the old, their own character, and the
    history.
    """
    return share(base + inherited * (old - base) + character + history)


@rule
def official(j: int, s: State) -> None:
    """One post: the holder leaves, or a successor arrives."""
    clock, p, post, key = s.clock[0], s.parameters[0], s.posts[j], s.clock[0].key
    t = clock.month
    post.just_left = 0
    post.just_arrived = 0
    if post.present == 1:
        leaves = happens(p.official_leaving_rate, uniform(key, j, t, why.OFFICIAL_LEAVES))
        pushed = s.on_post[j].official_leaves
        if pushed > 0.0 and uniform(key, j, t, why.OFFICIAL_PUSHED) < pushed:
            leaves = True
        if leaves:
            spread = p.vacancy_longest - p.vacancy_shortest + 1.0
            post.present = 0
            post.just_left = 1
            post.departures += 1
            post.vacant_until = t + int(p.vacancy_shortest + uniform(key, j, t, why.VACANCY) * spread)
    elif t >= post.vacant_until:
        freeze = s.on_municipality[post.municipality].hiring_freeze
        if freeze <= 0.0 or uniform(key, j, when.ALWAYS, why.FREEZE) >= freeze:
            post.present = 1
            post.just_arrived = 1
            post.holder_since = t
            post.openness = share(0.5 + p.openness_sd * normal(key, j, t, why.OPENNESS))
            post.standing = share(0.5 + p.standing_sd * normal(key, j, t, why.STANDING))


@rule
def election_strength(m: int, s: State) -> float:
    """How much of an election there is this month here: 1 at the date in the calendar, 0-1 by the shock."""
    return max(float(s.clock[0].election), s.on_municipality[m].election)


@compiled
def shakiness(coalition: float) -> float:
    """How much likelier than the average an alderman leaves in mid-term: one with a weak coalition behind them sooner
    (1 at one half).
    """
    return 1.5 - coalition


@rule
def alderman(m: int, s: State) -> None:
    """One alderman: leaves in between or at elections; and the council's support is partly drawn anew at elections."""
    clock, p, who, town, key = s.clock[0], s.parameters[0], s.aldermen[m], s.municipalities[m], s.clock[0].key
    t = clock.month
    who.just_left = 0
    who.just_arrived = 0
    election = election_strength(m, s)
    if election > 0.0:
        fresh = share(0.5 + 0.25 * normal(key, m, t, why.COUNCIL_DRAW))
        town.council_support += election * p.council_renewal * (fresh - town.council_support)
    if who.present == 1:
        leaves = happens(p.alderman_leaving_rate * shakiness(who.coalition), uniform(key, m, t, why.ALDERMAN_LEAVES))
        back = 1
        if election > 0.0 and uniform(key, m, t, why.ALDERMAN_ELECTED) < election * (1.0 - p.alderman_return_share):
            leaves = True
            back = int(p.coalition_months)
        falls = s.on_municipality[m].alderman_falls
        if falls > 0.0 and uniform(key, m, t, why.ALDERMAN_FALLS) < falls:
            leaves = True
        if leaves:
            who.present = 0
            who.just_left = 1
            who.departures += 1
            who.vacant_until = t + back
    elif t >= who.vacant_until:
        who.present = 1
        who.just_arrived = 1
        who.holder_since = t
        who.openness = share(0.5 + p.openness_sd * normal(key, m, t, why.ALDERMAN_OPENNESS))
        who.priority = share(0.5 + 0.2 * normal(key, m, t, why.ALDERMAN_PRIORITY))
        who.coalition = share(0.3 * who.priority + 0.7 * town.council_support)
    changed = who.just_left + who.just_arrived + (1 if election > 0.0 else 0)
    for j in range(town.post_from, town.post_to):
        changed += s.posts[j].just_left + s.posts[j].just_arrived
    town.people_changed = changed


@rule
def colleagues_bear(i: int, slot: int, s: State) -> float:
    """How well the best colleague still there knows the initiative (0-1); the alderman does not stand in for an
    official.
    """
    best = 0.0
    for other in range(ALDERMAN):
        if other != slot:
            tie = s.ties[i * SLOTS + other]
            if tie.person >= 0 and s.posts[tie.person].present == 1 and s.posts[tie.person].just_arrived == 0:
                best = max(best, tie.knows)
    return best


@rule
def borne_by_others(i: int, slot: int, s: State) -> float:
    """Share of the tie in a slot that outlives its person."""
    clock, p, deal = s.clock[0], s.parameters[0], s.agreements[i]
    key, row = clock.key, i * SLOTS + slot
    on = s.on_initiative[i]
    chance = p.handover_chance
    if on.broad_embedding > 0.0 and uniform(key, i, when.ALWAYS, why.REACHED_EMBEDDING) < on.broad_embedding:
        chance = max(chance, on.broad_embedding__handover)
    handover = p.handover_share if uniform(key, row, clock.month, why.HANDOVER) < chance else 0.0
    colleagues = p.colleague_share * min(1.0, 2.0 * colleagues_bear(i, slot, s))
    council = p.council_share if deal.in_force == 1 and deal.adopted == 1 else 0.0
    paper = p.agreement_share * deal.concreteness if deal.in_force == 1 else 0.0
    return inherited_share(handover, colleagues, council, paper)


@rule
def succeed(i: int, slot: int, openness: float, click: float, s: State) -> float:
    """Start the tie with a successor; returns the inherited share."""
    p, me, tie, former = s.parameters[0], s.initiatives[i], s.ties[i * SLOTS + slot], s.former[i * SLOTS + slot]
    inherited = borne_by_others(i, slot, s)
    history = p.history_pull * (me.history_delivery - 2.0 * me.history_damage)
    character = p.openness_pull * (openness - 0.5)
    tie.click = click
    tie.trust = trust_in_successor(former.trust, p.base_trust, inherited, character + click, history)
    tie.intentions = trust_in_successor(former.intentions, p.base_trust, inherited, character + click, 0.5 * history)
    tie.knows = share(p.base_understanding + inherited * (former.knows - p.base_understanding))
    kept = max(inherited, p.lore_share)
    tie.known = share(p.base_understanding + kept * (former.known - p.base_understanding))
    first = 1.0 + me.maturity
    remembered = max(inherited, me.history_delivery)
    tie.alpha = first + remembered * max(0.0, tie.alpha - first)
    tie.beta = p.capability_doubt + remembered * max(0.0, tie.beta - p.capability_doubt)
    tie.holder_since = s.clock[0].month
    tie.silent = 0
    tie.met = 0.0
    return inherited


@rule
def initiative(i: int, s: State) -> None:
    """One initiative: what the leaving and arriving of others does to its ties, its talks and its agreement; and its
    own people.
    """
    clock, p, me, deal = s.clock[0], s.parameters[0], s.initiatives[i], s.agreements[i]
    if me.status == NOT_YET or me.status == STOPPED:
        return
    key, t = clock.key, clock.month
    if me.status == ACTIVE and happens(p.member_leaving_rate, uniform(key, i, t, why.MEMBER_LEAVES)):
        for slot in range(SLOTS):
            s.ties[i * SLOTS + slot].known *= 1.0 - p.member_loss
        me.energy *= 1.0 - 0.3 * p.member_loss
    if s.municipalities[me.municipality].people_changed == 0:
        return
    for slot in range(SLOTS):
        tie = s.ties[i * SLOTS + slot]
        if tie.person < 0:
            continue
        if slot == ALDERMAN:
            governor = s.aldermen[tie.person]
            left, arrived, openness, click_purpose = (
                governor.just_left,
                governor.just_arrived,
                governor.openness,
                why.ALDERMAN_CLICK,
            )
        else:
            post = s.posts[tie.person]
            left, arrived, openness, click_purpose = post.just_left, post.just_arrived, post.openness, why.CLICK
        if left == 1:
            empty_seat(i * SLOTS + slot, s)
        if arrived == 1:
            click = p.click_sd * normal(key, i * SLOTS + slot, t, click_purpose)
            inherited = succeed(i, slot, openness, click, s)
            if slot == CONTACT:
                welcome = inherited + max(0.0, p.openness_pull * (openness - 0.5) + click)
                if me.talks_opened >= 0 and uniform(key, i, t, why.TALKS_RESTART) > welcome:
                    me.talks_opened = -1
                    me.restarts += 1.0
                if deal.in_force == 1 and uniform(key, i, t, why.PLUG_PULLED) < p.plug_pulled * (1.0 - inherited) * (
                    1.0 - openness
                ):
                    end_agreement(i, s)
    election = election_strength(me.municipality, s)
    if election > 0.0 and deal.in_force == 1 and deal.adopted == 0:
        support = s.municipalities[me.municipality].council_support
        chance = election * p.election_lapse * (1.0 - deal.known) * (1.5 - support)
        if uniform(key, i, t, why.ELECTION_LAPSE) < chance:
            end_agreement(i, s)


@rule
def end_agreement(i: int, s: State) -> None:
    """An agreement is dropped before its time: a broken promise that the ledger and the history remember."""
    me, deal, ledger = s.initiatives[i], s.agreements[i], s.ledger[i]
    deal.in_force = 0
    me.broken += 1.0
    me.restarts += 1.0
    ledger.promises_broken += 1.0


@plural
def officials(s: State) -> None:
    """All posts."""
    for j in range(s.clock[0].posts):
        official(j, s)


@plural
def aldermen(s: State) -> None:
    """All aldermen and councils."""
    for m in range(s.clock[0].municipalities):
        alderman(m, s)


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
