"""Contact: meetings come about, understanding grows and fades (§2.2.1, §3.1.4, §5.3.1).

Meetings are recurring where agreed, else ad hoc, as far as both have time; where hours fall short they are put off at
random, so that on average they take no more than there is. While a post stands empty the colleague who knows the
initiative best stands in. A meeting teaches most those who are new to
each other. Without contact understanding fades, only after some quiet months, and slower in an old tie.

Reads: hours, the official's presence and openness, direction style, talks, facilitation,
`on_initiative.regular_meetings/early_engagement/ perspective_training/broad_embedding/execution_plan_talk`,
`on_municipality.governor_engagement`. Writes: `meetings` (a month), `contact` (a month, moving mean), `quality` (0-1),
ties' `knows`, `known` (0-1), `silent` (months), `met`.
"""

from __future__ import annotations

from sim.engine.arithmetic import pick, share, whole_part
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.needs import hours_wanted
from sim.world.state import ACTIVE, ALDERMAN, COLLEAGUE_1, CONTACT, SLOTS, TOPIC_PROCESS, State

LEARNING = 1.3  # keeps the first meetings as fruitful as the linear rule would, though (1 - U) is squared


@compiled
def understanding_after(understanding: float, meetings: float, gain: float) -> float:
    """Understanding (0-1) after a month's meetings: those who know each other little learn most.

    >>> round(understanding_after(0.0, 1.0, 0.1), 3)
    0.13
    """
    gap = 1.0 - understanding
    return share(understanding + LEARNING * gain * meetings * gap * gap)


@compiled
def faded(level: float, base: float, loss: float, years_together: float) -> float:
    """What is left of a level (0-1) after a silent month: it falls toward the base by ``loss`` (share a month), slower
    in an old tie.
    """
    return level - max(0.0, level - base) * (loss / (1.0 + years_together))


@compiled
def ad_hoc_hazard(rate: float, maturity: float, openness: float, style: float) -> float:
    """Hazard of a meeting nobody planned: strong initiatives seek it, open officials grant it, an absent town hall has
    no time for it.
    """
    return rate * (0.5 + maturity) * (0.5 + openness) * (0.5 + min(0.5, style))


@compiled
def work_quality(hours: float, meeting_hours: float, need: float) -> float:
    """Share of what an initiative needs of the town hall that it gets (0-1), after meetings took their hours (half of
    each is work done too).
    """
    return share((hours - 0.5 * meeting_hours) / need) if need > 0.0 else 1.0


@rule
def reached_early(i: int, s: State) -> bool:
    """Does early engagement reach this initiative?"""
    wanted = s.on_initiative[i].early_engagement
    return wanted > 0.0 and uniform(s.clock[0].key, i, when.ALWAYS, why.REACHED_EARLY) < wanted


@rule
def planned_meetings(i: int, s: State) -> float:
    """Recurring meetings a month: agreed, by the lever, and about the execution plan once there is a plan."""
    p, me, deal, on = s.parameters[0], s.initiatives[i], s.agreements[i], s.on_initiative[i]
    a_year = on.regular_meetings
    a_year += pick((deal.in_force == 1) & (deal.topics & TOPIC_PROCESS != 0), p.agreed_meetings, 0.0)
    a_year += pick(me.phase >= 2, on.execution_plan_talk, 0.0)
    return a_year / 12.0


@rule
def initiative(i: int, s: State) -> None:
    """One initiative's month of meetings."""
    clock, p, me, on = s.clock[0], s.parameters[0], s.initiatives[i], s.on_initiative[i]
    me.meetings = 0.0
    if me.status != ACTIVE:
        return
    key, t = clock.key, clock.month
    town, post = s.municipalities[me.municipality], s.posts[me.post]
    available, openness = 1.0, post.openness
    if post.present == 0:  # the colleague who knows it best stands in, in a manner of their own
        available = 0.0
        for slot in range(COLLEAGUE_1, ALDERMAN):
            tie = s.ties[i * SLOTS + slot]
            if tie.person >= 0 and s.posts[tie.person].present == 1:
                stands_in = p.substitute_share * min(1.0, 2.0 * tie.knows)
                if stands_in > available:
                    available, openness = stands_in, s.posts[tie.person].openness
    wanted = 0.0
    if available > 0.0:
        rate = ad_hoc_hazard(p.ad_hoc_meetings, me.maturity, openness, town.style) * me.own_line + me.supported
        rate *= pick(me.talks_opened >= 0, p.talks_contact, 1.0)
        if reached_early(i, s) and t - me.entry < p.early_months:
            rate += 0.5
        if happens(rate * available, uniform(key, i, t, why.AD_HOC_MEETING)):
            wanted += 1.0
        planned = planned_meetings(i, s) * available
        wanted += whole_part(planned, uniform(key, i, t, why.REGULAR_MEETING))
    formal = 1.0 if on.regular_meetings__form > 0.5 else 0.0
    hours_each = p.meeting_hours * (1.0 + 0.3 * formal)
    c = wanted
    if wanted * hours_each > me.hours:
        c = min(wanted, whole_part(me.hours / hours_each, uniform(key, i, t, why.MEETING_TIME)))
    me.meetings = c
    me.contact += (c - me.contact) / 6.0
    needed = hours_wanted(me.ambition, me.phase, p.hours_needed)
    me.quality = pick(post.present == 1, work_quality(me.hours, c * hours_each, needed), 0.5 * available)
    if c > 0.0 and me.met_month < 0:
        me.met_month = t
        if me.phase == 0:
            me.phase = 1
            me.progress = 0.0
        s.ledger[i].first_talks = t
    meet_people(i, c, formal, s)


@rule
def meet_people(i: int, c: float, formal: float, s: State) -> None:
    """Who sat at the table this month, and what each learned of the other."""
    clock, p, me, on = s.clock[0], s.parameters[0], s.initiatives[i], s.on_initiative[i]
    key, t = clock.key, clock.month
    training = on.perspective_training
    trained = training > 0.0 and uniform(key, i, when.ALWAYS, why.REACHED_TRAINING) < training
    gain = p.understanding_gain * (1.0 + (p.training_gain if trained else 0.0))
    embedded = on.broad_embedding > 0.0 and uniform(key, i, when.ALWAYS, why.REACHED_EMBEDDING) < on.broad_embedding
    for slot in range(SLOTS):
        tie = s.ties[i * SLOTS + slot]
        if tie.person < 0:
            continue
        met = 0.0
        if slot == ALDERMAN:
            governor, town_on = s.aldermen[tie.person], s.on_municipality[me.municipality]
            talks = p.governor_talks * (0.5 + governor.openness)
            if town_on.governor_engagement__alderman > 0.5:
                talks += town_on.governor_engagement
            received = (governor.present == 1) & (me.met_month >= 0)
            met = whole_part(pick(received, talks / 12.0, 0.0), uniform(key, i, t, why.GOVERNOR_TALK))
        elif c > 0.0 and s.posts[tie.person].present == 1:
            if slot == CONTACT:
                met = c
            else:
                joins = p.colleague_joins + 0.1 * formal + (0.2 if trained else 0.0)
                if s.posts[me.post].present == 0:
                    joins = 1.0
                elif embedded and slot <= on.broad_embedding__colleagues:
                    joins = max(joins, 0.6)
                if uniform(key, i * SLOTS + slot, t, why.COLLEAGUE_JOINS) < joins:
                    met = c
        tie.met = met
        if met > 0.0:
            warm = 1.0 + 0.5 * tie.click - (0.1 * formal)
            tie.knows = understanding_after(tie.knows, met, gain * warm)
            tie.known = understanding_after(tie.known, met, gain)
            tie.silent = 0
        else:
            tie.silent += 1
            loss = pick(tie.silent > p.quiet_months, s.monthly[0].understanding_loss, 0.0)
            years = (t - tie.holder_since) / 12.0
            tie.knows = faded(tie.knows, p.base_understanding, loss, years)
            tie.known = faded(tie.known, p.base_understanding, loss, years)


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
