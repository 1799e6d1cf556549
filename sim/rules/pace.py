"""Pace and room: steps wait, requests are granted, refused or left unanswered (§3.1.5, §3.2.3, §4.1-§4.4).

Steps wait for the vision, for the neighbourhood's turn, for layers and the council. Strong initiatives ask for room,
weak ones for help. A steering town hall overrules; an absent one leaves a request for help unanswered but gives all
room: so hands-off stimulates the strong and disappoints the weak without a rule that says so. A request for help that
finds no hours is a refusal stated as capacity.

Reads: vision, style, `take_back`, quality, trust in intentions, openness, maturity,
`on_initiative.execution_plan_talk`, `on_municipality.governor_engagement`. Writes: `waiting` (0 or 1), `gap` (0-1),
`refused`, `clash`, `overruled` (counts), what is seen of the direction, `turn_month`, `commercial_tie`, governors'
priority and council support (0-1).
"""

from __future__ import annotations

from sim.engine.arithmetic import pick, share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.state import (
    ACTIVE,
    CONTACT,
    FORM_POLICY,
    GRANTED,
    HEAT_NETWORK,
    LARGE,
    NO_CAPACITY,
    OVERRULED,
    RING,
    SAVE,
    SLOTS,
    SMALL,
    STAFF_HELP,
    UNANSWERED,
    WAITED,
    State,
)


@compiled
def depends_on_turn(ambition: int, phase: int) -> float:
    """How much a step depends on the vision and the neighbourhood's turn (0-1): least for those who activate, more as
    plans grow.
    """
    base = 1.0 if ambition == HEAT_NETWORK else (0.6 if ambition == SAVE else 0.45)
    return base * (0.6 if phase <= 1 else 1.0)


@compiled
def layer_chance(size: int, small: float, large: float) -> float:
    """Chance that a step waits for layers and council, by size class."""
    if size == SMALL:
        return small
    return large if size == LARGE else 0.5 * (small + large)


@compiled
def overruled_chance(style: float, take_back: float, knows: float, openness: float, slope: float) -> float:
    """Chance that a request for room is overruled: by a steering hand or work taken back, softened by learning and
    openness, never wholly.
    """
    hand = share(style + take_back) * (1.0 - 0.3 * knows)
    return share(slope * (hand - 0.45) * (1.2 - 0.6 * openness))


@compiled
def pace_gap(energy: float, paid: float, maturity: float, quality: float, waiting: float) -> float:
    """Gap (0-1) between the pace an initiative wants and the answer it gets."""
    return share((energy + paid) * (0.5 + 0.5 * maturity) - 0.8 * quality * (1.0 - 0.5 * waiting))


@compiled
def decided_together(trust: float, knows: float, known: float) -> float:
    """Chance that a step which goes on was decided together: it takes trust, and understanding both ways."""
    return share(2.0 * trust * (knows + known))


@compiled
def champions_pull(openness: float, standing: float) -> float:
    """How hard somebody works inside the town hall for initiatives (0-1): only the open do, and it takes standing to
    be heard.
    """
    return max(0.0, 2.0 * openness - 1.0) * standing


@rule
def municipality(m: int, s: State) -> None:
    """Governors and council: champions inside win them over little by little, and engaging them by talks does, most
    where there was little.
    """
    p, on, town, governor = s.parameters[0], s.on_municipality[m], s.municipalities[m], s.aldermen[m]
    pull = champions_pull(governor.openness, 1.0) if governor.present == 1 else 0.0
    for j in range(town.post_from, town.post_to):
        if s.posts[j].present == 1:
            pull = max(pull, champions_pull(s.posts[j].openness, s.posts[j].standing))
    town.council_support += p.champion_gain * pull * (1.0 - town.council_support)
    talks = on.governor_engagement / 12.0
    if talks > 0.0:
        if on.governor_engagement__alderman > 0.5 and governor.present == 1:
            governor.priority += p.engagement_gain * talks * (1.0 - governor.priority) * (0.5 + governor.openness)
        if on.governor_engagement__council > 0.5:
            town.council_support += p.engagement_gain * talks * (1.0 - town.council_support)


@rule
def initiative(i: int, s: State) -> None:
    """One initiative: does its step wait, and what does it get when it asks?"""
    clock, p, me = s.clock[0], s.parameters[0], s.initiatives[i]
    me.waiting = 0.0
    me.overruled = 0.0
    if me.status != ACTIVE:
        return
    key, t = clock.key, clock.month
    town = s.municipalities[me.municipality]
    if (town.vision_just_adopted == 1) | ((me.turn_month < 0) & (town.vision_adopted == 1)):
        deal = s.agreements[i]
        sooner = 0.5 if deal.in_force == 1 and (deal.forms & FORM_POLICY) else 1.0
        wait = uniform(key, i, when.ALWAYS, why.TURN) * p.turn_spread * sooner + (24.0 if me.left_out == 1 else 0.0)
        me.turn_month = max(t, town.vision_month + int(wait))
    if happens(pick(me.phase >= 1, p.step_rate * (0.5 + me.energy), 0.0), uniform(key, i, t, why.STEP_DUE)):
        take_step(i, s)
    me.gap = pace_gap(me.energy, me.paid_hours, me.maturity, me.quality, me.waiting)
    if happens(p.request_rate * (0.5 + me.energy), uniform(key, i, t, why.REQUEST)):
        ask(i, s)
    steered = max(0.0, 2.0 * share(town.style + town.take_back) - 1.0)
    if happens(pick(me.phase >= 2, p.intervention_rate * steered, 0.0), uniform(key, i, t, why.INTERVENTION)):
        overrule(i, 1.0, s)
    open_field = (me.ambition == HEAT_NETWORK) & (me.commercial_tie == 0) & (me.phase < 4)
    if happens(pick(open_field, p.commercial_rate * town.style, 0.0), uniform(key, i, t, why.COMMERCIAL)):
        me.commercial_tie = 1
        overrule(i, 1.0, s)


@rule
def take_step(i: int, s: State) -> None:
    """A step that needs the town hall is due: it goes on, or waits for the vision, the turn, layers or hours."""
    clock, p, me, on = s.clock[0], s.parameters[0], s.initiatives[i], s.on_initiative[i]
    key, t = clock.key, clock.month
    town, post, governor = s.municipalities[me.municipality], s.posts[me.post], s.aldermen[me.municipality]
    clear = 1.0 - 0.4 * min(1.0, on.execution_plan_talk / 4.0) * (1.0 if me.phase >= 2 else 0.0)
    open_question = town.vision_adopted == 0 or me.turn_month > t
    if (
        open_question
        and uniform(key, i, t, why.STEP_WAITS) < p.step_awaits * depends_on_turn(me.ambition, me.phase) * clear
    ):
        me.waiting = 1.0
        s.seen[t % RING, i, WAITED] += 1
        return
    backing = (
        0.4 * (post.standing if post.present == 1 else 0.2)
        + 0.3 * (governor.priority if governor.present == 1 else 0.2)
        + 0.3 * town.council_support
    )
    chance = layer_chance(town.size, p.layers_small, p.layers_large) * (1.5 - backing) * clear
    if uniform(key, i, t, why.LAYER_WAITS) < chance:
        me.waiting = 1.0
        s.seen[t % RING, i, WAITED] += 1
    elif uniform(key, i, t, why.HOURS_FOUND) > 0.3 + me.quality:
        me.waiting = 1.0
        s.seen[t % RING, i, NO_CAPACITY] += 1
    elif post.present == 1:
        tie = s.ties[i * SLOTS + CONTACT]
        if tie.silent <= p.quiet_months and uniform(key, i, t, why.JOINT_DECISION) < decided_together(
            tie.trust, tie.knows, tie.known
        ):
            me.decisions_24 += 1.0


@rule
def ask(i: int, s: State) -> None:
    """A request to the town hall: for room by the strong, for help by the others."""
    clock, p, me = s.clock[0], s.parameters[0], s.initiatives[i]
    key, t = clock.key, clock.month
    town, post, tie = s.municipalities[me.municipality], s.posts[me.post], s.ties[i * SLOTS + CONTACT]
    u = uniform(key, i, t, why.REQUEST_ANSWER)
    if uniform(key, i, t, why.REQUEST_KIND) < share(1.4 * me.maturity - 0.1):
        openness = post.openness if post.present == 1 else 0.5  # nobody's in particular
        if u < overruled_chance(town.style, town.take_back, tie.knows, openness, p.overrule_slope):
            overrule(i, 0.5, s)
        elif post.present == 1 or me.met_month >= 0:
            s.seen[t % RING, i, GRANTED] += 1
            me.recognition += 0.1 * (1.0 - me.recognition)
        else:
            s.seen[t % RING, i, UNANSWERED] += 1
        return
    heard = post.present == 1 and me.met_month >= 0 and u < share(2.0 * town.style + 0.4 * tie.intentions)
    if not heard:
        s.seen[t % RING, i, UNANSWERED] += 1
        me.refused += 0.25
        return
    would = 0.3 + 0.5 * town.will + 0.2 * post.openness
    v = uniform(key, i, t, why.HELP_GIVEN)
    if v < me.quality * would:
        s.seen[t % RING, i, GRANTED] += 1
        s.seen[t % RING, i, STAFF_HELP] += 1
        me.recognition += 0.1 * (1.0 - me.recognition)
    elif v < would:  # given, had there been hours enough
        s.seen[t % RING, i, NO_CAPACITY] += 1
    else:
        s.seen[t % RING, i, UNANSWERED] += 1
        me.refused += 0.25


@rule
def overrule(i: int, weight: float, s: State) -> None:
    """The town hall decides otherwise than the initiative asked."""
    me = s.initiatives[i]
    me.refused += weight
    me.clash += weight
    me.overruled += weight
    s.seen[s.clock[0].month % RING, i, OVERRULED] += 1


@plural
def municipalities(s: State) -> None:
    """All town halls."""
    for m in range(s.clock[0].municipalities):
        municipality(m, s)


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
