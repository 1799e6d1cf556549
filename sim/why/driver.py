"""The months of the twin and of the worlds in which only some links are freed, compiled.

The twin lives its month first, step by step, and what each step wrote of the links is put on a tape. A world with the
first ``free`` links freed then lives the same month: after each step the fields of the links that are not freed are
set to what stands on the tape. Two states that share all tables but what is set from outside let a step feel the
policy (``policy``) or not yet (``now``).

Agreements and money change by events. Where a link that is held would have had another event than the twin, its other
traces (a refusal felt, recognition, maturity lost) are made those of the twin's event too; otherwise an event that is
undone could happen again every month.
"""

from __future__ import annotations

from typing import Any

import numba
import numpy as np

from sim.engine.compiling import entry, plural, rule
from sim.indicators.observe import observe
from sim.rules import (
    capacity,
    contact,
    energy,
    facilitation,
    money,
    negotiation,
    pace,
    surprises,
    trust,
    turnover,
    work,
)
from sim.why.links import AGREEMENT, CONTACT, MONEY, TRUST, WORK
from sim.why.plan import HELD_TABLES, TALLIES, Room, Runs, Words
from sim.world import accounts, begin
from sim.world.state import SLOTS, State

TWIN = -1
TIES, FORMER = HELD_TABLES.index("ties"), HELD_TABLES.index("former")  # SLOTS rows an initiative
PER_INITIATIVE = HELD_TABLES.index("initiatives")  # tables from here on have a row, or SLOTS rows, an initiative
EVENT_STEPS = 5
# Numba compiles a function anew for every whole number that is written in a call of it, so these are numbers of NumPy.
TURNOVER_EVENT, SURPRISE, NEGOTIATION_EVENT, GRANT_EVENT, MONEY_EVENT = map(np.int64, range(EVENT_STEPS))

in_place: Any = numba.njit(inline="always")  # its lines stand where it is called, and are compiled with those


@plural
def record(step: np.int64, words: Words, tape: np.ndarray, plan: Runs, touched: np.ndarray) -> None:
    """Put what a step wrote of the links on the tape, of the initiatives that it can have touched."""
    for table in range(len(words)):
        first, last = plan.first[step, table], plan.first[step, table + 1]
        if first == last:
            continue
        source, line, width = words[table], plan.place[step, table], plan.width[step, table]
        for row in range(source.shape[0]):
            if table < PER_INITIATIVE or touched[row // SLOTS if TIES <= table <= FORMER else row] == 1:
                for k in range(first, last):
                    column, position = plan.column[k], line + plan.position[k]
                    for word in range(plan.length[k]):
                        tape[position + word] = source[row, column + word]
            line += width


@plural
def hold(step: np.int64, words: Words, tape: np.ndarray, held: Runs, touched: np.ndarray, differs: np.ndarray) -> None:
    """Set the links that are not freed to what stands on the tape, of the initiatives that the step can have touched in
    either world; and mark those whose event differed.
    """
    for table in range(len(words)):
        first, last = held.first[step, table], held.first[step, table + 1]
        if first == last:
            continue
        target, line, width = words[table], held.place[step, table], held.width[step, table]
        for row in range(target.shape[0]):
            if table < PER_INITIATIVE or touched[row // SLOTS if TIES <= table <= FORMER else row] == 1:
                for k in range(first, last):
                    column, position = held.column[k], line + held.position[k]
                    if held.watched[k] == 1:
                        for word in range(held.length[k]):
                            if target[row, column + word] != tape[position + word]:
                                differs[row] = 1
                    for word in range(held.length[k]):
                        target[row, column + word] = tape[position + word]
            line += width


@plural
def touch_all(s: State, touched: np.ndarray) -> None:
    """A step that can touch every initiative that has entered."""
    for i in range(s.clock[0].initiatives):
        touched[i] = 1 if s.initiatives[i].entry <= s.clock[0].month else 0


@plural
def touch_entering(s: State, touched: np.ndarray) -> None:
    """Those whose month of entry this is."""
    for i in range(s.clock[0].initiatives):
        touched[i] = 1 if s.initiatives[i].entry == s.clock[0].month else 0


@plural
def touch_stirred(s: State, stirred: np.ndarray, touched: np.ndarray) -> None:
    """Those in a town where persons changed, in this world or the twin."""
    for i in range(s.clock[0].initiatives):
        m = s.initiatives[i].municipality
        if stirred[m] == 0 and s.municipalities[m].people_changed == 0:
            touched[i] = 0


@plural
def note(s: State, out: np.ndarray, touched: np.ndarray) -> None:
    """What events leave behind on an initiative beside their own link, before (or after) a step."""
    for i in range(s.clock[0].initiatives):
        if touched[i] == 0:
            continue
        me = s.initiatives[i]
        out[i, 0] = me.recognition
        out[i, 1] = me.maturity
        out[i, 2] = me.refused
        out[i, 3] = me.clash
        out[i, 4] = me.decisions_24
        out[i, 5] = me.rushed
        out[i, 6] = me.restarts
        out[i, 7] = me.months_without_money
        out[i, 8] = me.public_euros


@rule
def leave(i: int, s: State, before: np.ndarray, change: np.ndarray) -> None:
    """Give an initiative what was there before the step and what the twin's event changed."""
    me = s.initiatives[i]
    me.recognition = min(1.0, max(0.0, before[i, 0] + change[i, 0]))
    me.maturity = min(1.0, max(0.0, before[i, 1] + change[i, 1]))
    me.refused = max(0.0, before[i, 2] + change[i, 2])
    me.clash = max(0.0, before[i, 3] + change[i, 3])
    me.decisions_24 = max(0.0, before[i, 4] + change[i, 4])
    me.rushed = max(0.0, before[i, 5] + change[i, 5])
    me.restarts = before[i, 6] + change[i, 6]
    me.months_without_money = before[i, 7] + change[i, 7]
    me.public_euros = before[i, 8] + change[i, 8]


@plural
def keep_deals(s: State, words: Words, room: Room) -> None:
    """Remember the agreements before a step that may undo them."""
    deals = words[len(words) - 1]
    for i in range(s.clock[0].initiatives):
        room.formalised[i] = s.initiatives[i].formalised_month
        for k in range(deals.shape[1]):
            room.deals[i, k] = deals[i, k]


@plural
def end_event(event: np.int64, s: State, words: Words, changes: np.ndarray, room: Room, undo_deals: bool) -> None:
    """Where the event of a link that is held differed from the twin's, leave what the twin's leaves."""
    deals = words[len(words) - 1]
    for i in range(s.clock[0].initiatives):
        if room.differs[i] == 0:
            continue
        room.differs[i] = 0
        leave(i, s, room.before, changes[event])
        if undo_deals:
            s.initiatives[i].formalised_month = room.formalised[i]
            for k in range(deals.shape[1]):
                deals[i, k] = room.deals[i, k]


@plural
def note_help(s: State, out: np.ndarray) -> None:
    """What the step of facilitators writes on an initiative."""
    for i in range(s.clock[0].initiatives):
        me = s.initiatives[i]
        out[i, 0] = me.own_line
        out[i, 1] = me.supported
        out[i, 2] = me.facilitated
        out[i, 3] = me.maturity
        out[i, 4] = me.clash
        out[i, 5] = me.refused
        out[i, 6] = me.crossed
        out[i, 7] = me.facilitator_hours
        out[i, 8] = me.facilitator_hours_now


@plural
def put_back(s: State, kept: np.ndarray) -> None:
    """All that `note_help` noted."""
    for i in range(s.clock[0].initiatives):
        me = s.initiatives[i]
        me.own_line = kept[i, 0]
        me.supported = kept[i, 1]
        me.facilitated = kept[i, 2]
        me.maturity = kept[i, 3]
        me.clash = kept[i, 4]
        me.refused = kept[i, 5]
        me.crossed = kept[i, 6]
        me.facilitator_hours = kept[i, 7]
        me.facilitator_hours_now = kept[i, 8]


@plural
def note_stirred(s: State, stirred: np.ndarray) -> None:
    """The twin's towns where persons changed this month."""
    for m in range(s.clock[0].municipalities):
        stirred[m] = 1 if s.municipalities[m].people_changed > 0 else 0


@plural
def facilitate(now: State, policy: State, free: int, room: Room) -> None:
    """A facilitator bridges (contact), keeps talks moving (agreement) and takes work off hands (work); each of these
    feels the policy when its own link is freed. The hours are those of the facilitators there are anyway: what the
    policy adds is a cost.
    """
    if free == TWIN:
        facilitation.initiatives(now)
        return
    note_help(now, room.helped)
    facilitation.initiatives(policy)
    note_help(policy, room.with_policy)
    hand_hold = room.hand_hold
    for i in range(now.clock[0].initiatives):
        hand_hold[i] = policy.initiatives[i].hand_hold
    put_back(now, room.helped)
    facilitation.initiatives(now)
    for i in range(now.clock[0].initiatives):
        me = now.initiatives[i]
        if free > CONTACT:
            me.own_line = room.with_policy[i, 0]
            me.supported = room.with_policy[i, 1]
            me.crossed = room.with_policy[i, 6]
        if free > AGREEMENT:
            me.facilitated = room.with_policy[i, 2]
        if free > WORK:
            me.maturity = room.with_policy[i, 3]
            me.clash = room.with_policy[i, 4]
            me.refused = room.with_policy[i, 5]
            me.hand_hold = hand_hold[i]


@plural
def changed(event: np.int64, s: State, changes: np.ndarray, room: Room) -> None:
    """Write what an event step of the twin changed."""
    note(s, changes[event], room.touched)
    for i in range(s.clock[0].initiatives):
        if room.touched[i] == 0:
            continue
        for k in range(TALLIES):
            changes[event, i, k] -= room.before[i, k]


@in_place
def after(step: int, free: int, words: Words, tape: np.ndarray, plan: Runs, room: Room) -> None:
    """After each step: the twin records, another world holds what is not freed."""
    if free == TWIN:
        record(np.int64(step), words, tape, plan, room.touched)
    else:
        hold(np.int64(step), words, tape, plan, room.touched, room.differs)


@plural
def before_event(s: State, free: int, words: Words, room: Room) -> None:
    """Remember how things stand before a step that can hold an event, where that is needed."""
    if free <= MONEY:
        note(s, room.before, room.touched)
    if free == MONEY:
        keep_deals(s, words, room)


@plural
def after_event(event: np.int64, s: State, free: int, words: Words, changes: np.ndarray, room: Room) -> None:
    """What the twin's event left is written down; another world leaves that where its own event was undone."""
    if free == TWIN:
        changed(event, s, changes, room)
    elif free <= MONEY:
        end_event(event, s, words, changes, room, free == MONEY and bool(event >= GRANT_EVENT))


@entry
def lived_month(
    now: State,
    policy: State,
    free: int,
    words: Words,
    tape: np.ndarray,
    plan: Runs,
    changes: np.ndarray,
    room: Room,
    out: np.ndarray,
    sums: np.ndarray,
) -> None:
    """One month of the twin (``free`` TWIN), or of a world with the first ``free`` links freed. ``out`` (groups,
    indicators) gets its indicators; ``sums``: what `sim.indicators.observe.new_sums` gives.
    """
    first = policy if free > CONTACT else now  # who meets whom, and how much time there is, feels the policy first
    begin.monthly_rates(now)
    begin.monthly_rates(policy)
    begin.tick(now)
    begin.initiatives(first)
    touch_entering(now, room.touched)
    after(0, free, words, tape, plan, room)
    touch_all(now, room.touched)
    turnover.officials(first)
    after(1, free, words, tape, plan, room)
    turnover.aldermen(first)
    after(2, free, words, tape, plan, room)
    if free == TWIN:
        note_stirred(now, room.stirred)
    else:
        touch_stirred(now, room.stirred, room.touched)
    before_event(now, free, words, room)
    turnover.initiatives(first)
    after(3, free, words, tape, plan, room)
    after_event(TURNOVER_EVENT, now, free, words, changes, room)
    touch_all(now, room.touched)
    capacity.municipalities(first)
    after(4, free, words, tape, plan, room)
    pace.municipalities(policy if free > TRUST else now)
    after(5, free, words, tape, plan, room)
    contact.initiatives(first)
    after(6, free, words, tape, plan, room)
    trust.initiatives(policy if free > TRUST else now)
    after(7, free, words, tape, plan, room)
    before_event(now, free, words, room)
    surprises.initiatives(first)
    after(8, free, words, tape, plan, room)
    after_event(SURPRISE, now, free, words, changes, room)
    pace.initiatives(policy if free > WORK else now)
    after(9, free, words, tape, plan, room)
    before_event(now, free, words, room)
    negotiation.initiatives(policy if free > AGREEMENT else now)
    after(10, free, words, tape, plan, room)
    after_event(NEGOTIATION_EVENT, now, free, words, changes, room)
    before_event(now, free, words, room)
    money.municipalities(policy if free > MONEY else now)
    after(11, free, words, tape, plan, room)
    after_event(GRANT_EVENT, now, free, words, changes, room)
    facilitation.facilitators(now)
    if free != TWIN:
        facilitation.facilitators(policy)
    after(12, free, words, tape, plan, room)
    before_event(now, free, words, room)
    money.initiatives(policy if free > MONEY else now)
    after(13, free, words, tape, plan, room)
    after_event(MONEY_EVENT, now, free, words, changes, room)
    work.initiatives(policy if free > WORK else now)
    after(14, free, words, tape, plan, room)
    facilitate(now, policy, free, room)
    after(15, free, words, tape, plan, room)
    energy.initiatives(policy if free > WORK else now)
    after(16, free, words, tape, plan, room)
    accounts.initiatives(now)
    after(17, free, words, tape, plan, room)
    now.clock[0].month += 1
    observe(now, out, sums)
