"""Work: progress, pieces of work delivered, promises kept or broken, homes reached (§2.2.1, §2.4.1, §2.5, §3.2.3,
§7.1.2).

Progress comes from volunteer energy and paid hours, grows with maturity, and waits for the town hall, more so in later
phases. A finished phase asks for the next one. Delivered work earns trust, recognition and backing. Promises fall due
by how concrete an agreement is (and small ones by meetings); the town hall keeps them better with hours and when
governors and rank and file know of them.

Reads: energy, paid hours, maturity, quality, waiting, agreements, meetings, understanding,
`on_initiative.professionalising`. Writes: `progress` (0-1), `phase` (0-5), `homes` (count), `kept`, `broken`,
`delivered`, `failed` (counts), `kept_24`, `broken_24`, `decisions_24`, maturity, recognition, backing (0-1), ledger.
"""

from __future__ import annotations

from sim.engine.arithmetic import pick, share
from sim.engine.compiling import compiled, plural, rule
from sim.engine.randomness import happens, uniform
from sim.world import purposes as why
from sim.world.state import ACTIVATE, ACTIVE, CONTACT, DORMANT, LAST_PHASE, SAVE, SLOTS, State


@compiled
def needs_town_hall(phase: int) -> float:
    """Share of the work of a phase that does not go on without the town hall (0-1)."""
    return 0.15 + 0.13 * phase


@compiled
def progress_made(
    rate: float, energy: float, paid: float, maturity: float, quality: float, phase: int, waiting: float
) -> float:
    """Progress of a month, in phases: work done, less what waits for the town hall."""
    lost = needs_town_hall(phase) * max(1.0 - quality, waiting)
    return rate * (energy + paid) * (0.5 + maturity) * (1.0 - share(lost))


@compiled
def kept_chance(base: float, hours: float, known: float, quality: float, known_of: float, present: float) -> float:
    """Chance that the town hall keeps a promise."""
    return share(base + hours * quality + known * known_of) * (0.5 + 0.5 * present)


@compiled
def homes_a_phase(ambition: int, phase: int, activate: float, save: float, network: float) -> float:
    """Share of the homes within reach that a phase of work reaches."""
    of_network = network * (1.0 if phase == LAST_PHASE else 0.1)
    return pick(ambition == ACTIVATE, activate, pick(ambition == SAVE, save, of_network))


@rule
def initiative(i: int, s: State) -> None:
    """One initiative's month of work."""
    me = s.initiatives[i]
    keep = s.monthly[0].partner_keep
    me.kept_24 *= keep
    me.broken_24 *= keep
    me.decisions_24 *= keep
    me.step = 0.0
    if me.status == ACTIVE:
        promises(i, s)
        progress(i, s)
    elif me.status == DORMANT:
        me.backing *= 0.99


@rule
def promises(i: int, s: State) -> None:
    """What falls due this month: of the agreement, and of what meetings arranged."""
    clock, p, me, deal, ledger = s.clock[0], s.parameters[0], s.initiatives[i], s.agreements[i], s.ledger[i]
    key, t = clock.key, clock.month
    tie = s.ties[i * SLOTS + CONTACT]
    present = float(s.posts[me.post].present)
    if happens(pick(deal.in_force == 1, p.promise_rate * deal.concreteness, 0.0), uniform(key, i, t, why.PROMISE_DUE)):
        me.promises_due += 1.0
        chance = kept_chance(p.promise_base, p.promise_hours, p.promise_known, me.quality, deal.known, present)
        if uniform(key, i, t, why.PROMISE_KEPT) < chance:
            me.kept += 1.0
            me.kept_24 += 1.0
            ledger.promises_kept += 1.0
        else:
            me.broken += 1.0
            me.broken_24 += 1.0
            ledger.promises_broken += 1.0
    made = p.working_promises * min(1.0, me.meetings)
    u = uniform(key, i, t, why.OWN_PROMISE)
    if u < made:
        chance = kept_chance(p.promise_base, p.promise_hours, p.promise_known, me.quality, tie.knows, present)
        if u < made * chance:
            me.kept += 0.3
            me.kept_24 += 0.5
        else:
            me.broken += 0.15
            me.broken_24 += 0.5


@rule
def progress(i: int, s: State) -> None:
    """Work goes on: progress, pieces delivered, homes reached, the next phase asked for."""
    clock, p, me, on = s.clock[0], s.parameters[0], s.initiatives[i], s.on_initiative[i]
    key, t = clock.key, clock.month
    step = progress_made(p.progress_rate, me.energy, me.paid_hours, me.maturity, me.quality, me.phase, me.waiting) * (
        1.0 + me.hand_hold
    )
    step *= pick(me.phase == 0, 0.5, 1.0)
    step *= pick(me.commercial_tie == 1, 1.0 - p.commercial_loss, 1.0)
    # activities go on while the next stage is undecided; the plan stands still
    step *= pick(me.asks_next == 1, 0.3, 1.0)
    me.step = step
    me.progress += pick(me.asks_next == 0, step, 0.0)
    me.homes += (
        me.homes_in_reach
        * homes_a_phase(me.ambition, me.phase, p.homes_activate, p.homes_save, p.homes_heat_network)
        * step
        * (1.0 - share(me.homes / me.homes_in_reach))
    )
    if happens(p.pieces_a_phase * step, uniform(key, i, t, why.WORK_PIECE)):
        good = share(0.5 + 0.4 * me.maturity + 0.2 * me.paid_hours - 0.3 * me.rushed)
        if uniform(key, i, t, why.WORK_GOOD) < good:
            me.delivered += 1.0
            me.recognition += 0.1 * (1.0 - me.recognition)
            me.backing += 0.06 * (1.0 - me.backing)
        else:
            me.failed += 1.0
            me.backing *= 0.97
    days = on.professionalising
    me.maturity = share(me.maturity + (0.15 * step + 0.006 * days / 4.0) * (1.0 - me.maturity))
    if (me.legal_form == 0) & (me.maturity > 0.6):
        me.legal_form = 1
    if (me.progress >= 1.0) & (me.phase < LAST_PHASE) & (me.asks_next == 0):
        if me.met_month < 0:
            me.progress = 1.0  # without having met nobody gets beyond the start
        elif me.phase <= 1:
            me.phase += 1
            me.progress = 0.0
        else:
            me.asks_next = 1
    me.progress = min(1.0, me.progress)


@plural
def initiatives(s: State) -> None:
    """All initiatives."""
    for i in range(s.clock[0].initiatives):
        initiative(i, s)
