"""The month, in order: read this file to know what happens, and in which order.

Each step belongs to a kind of agent; its rule is a compiled function of one row, and its plural runs all rows. Rules
write only rows of their owner (a municipality also its own initiatives' hours and money), so the order of rows within
a step never matters. What happens after the step *trust* is taken in by trust the next month.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.arithmetic import row_number
from sim.engine.compiling import entry, plural, rule
from sim.engine.fetching import ends, fetching
from sim.indicators.observe import observe_groups, observe_rows
from sim.levers.tables import COST_FIELDS, field_names, table_dtype
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
from sim.world import accounts, begin
from sim.world import kind as _kind  # noqa: F401  (so that no rule is compiled before the state's type has its short name)
from sim.world.state import (
    ACTIVE,
    AGREEMENT,
    ALDERMAN_ROW,
    CONTACT,
    DORMANT,
    INITIATIVE,
    LEDGER,
    MUNICIPALITY,
    READ_FIRST,
    READ_IN_BOTH,
    READ_LAST,
    SLOTS,
    STOPPED,
    TIE,
    State,
)


@dataclass(frozen=True)
class Step:
    """One step of the month: who does it, in words, and the compiled rule for one row and for all."""

    name: str
    owner: str
    words: str
    row: Callable[..., Any]
    rows: Callable[..., Any]


STEPS: tuple[Step, ...] = (
    Step("entry", "initiative", "initiatives whose month has come enter", begin.initiative, begin.initiatives),
    Step("turnover", "official", "officials leave, successors arrive", turnover.official, turnover.officials),
    Step("turnover", "alderman", "aldermen leave, elections, councils change", turnover.alderman, turnover.aldermen),
    Step(
        "turnover",
        "initiative",
        "ties, talks and agreements after a change of persons",
        turnover.initiative,
        turnover.initiatives,
    ),
    Step("capacity", "municipality", "hours are divided", capacity.municipality, capacity.municipalities),
    Step("pace", "municipality", "governors are engaged", pace.municipality, pace.municipalities),
    Step("contact", "initiative", "meetings; understanding grows and fades", contact.initiative, contact.initiatives),
    Step("trust", "initiative", "trust takes in what happened", trust.initiative, trust.initiatives),
    Step(
        "surprises",
        "initiative",
        "actions cross; the vision names or forgets",
        surprises.initiative,
        surprises.initiatives,
    ),
    Step("pace", "initiative", "steps wait; requests are granted or not", pace.initiative, pace.initiatives),
    Step(
        "negotiation", "initiative", "talks, agreements, next stages", negotiation.initiative, negotiation.initiatives
    ),
    Step("money", "municipality", "grants are renewed, ended, given", money.municipality, money.municipalities),
    Step("facilitation", "facilitator", "caseloads", facilitation.load_of, facilitation.facilitators),
    Step("money", "initiative", "commissions, rounds; money comes and is spent", money.initiative, money.initiatives),
    Step("work", "initiative", "promises, progress, delivered work, homes", work.initiative, work.initiatives),
    Step("facilitation", "initiative", "bridging, coaching, repair", facilitation.initiative, facilitation.initiatives),
    Step("energy", "initiative", "energy; falling asleep, stopping", energy.initiative, energy.initiatives),
    Step("accounts", "initiative", "hours and euros are booked", accounts.initiative, accounts.initiatives),
)


# The same month for the ensemble: steps whose rows do not read one another's are taken together while their rows are
# at hand, block after block of town halls (one block, where they are few), and only for initiatives on the roll. A town
# hall's sums keep the order of its members, so the bits are those of step after step; and what a step may read of a
# town hall or a facilitator is what it would read then.
# Ranges are of town halls, of rows of initiatives, or of places on the roll; each is without its last.

# How many rows lie between the one at work and those that are fetched, in worlds of many blocks: the more, the less a
# pass does of a row.
AT_ROLL, IN_TOWN_HALLS, IN_ASKING, IN_FIRST_HALF, IN_SECOND_HALF = 24, 8, 20, 3, 5
# What is fetched of a row: its part that the pass reads.
fetch_status = fetching(INITIATIVE, "status", "entry")
fetch_initiative_for_first = fetching(INITIATIVE, *ends(READ_FIRST, READ_IN_BOTH))
fetch_initiative_for_second = fetching(INITIATIVE, *ends(READ_IN_BOTH, READ_LAST))
fetch_tie, fetch_agreement, fetch_ledger, fetch_alderman = (
    fetching(table, *ends(table)) for table in (TIE, AGREEMENT, LEDGER, ALDERMAN_ROW)
)
fetch_municipality = fetching(MUNICIPALITY, "post_from", ends(MUNICIPALITY)[1])
fetch_set_for_initiative, fetch_set_for_municipality = (
    fetching(table_dtype(level), field_names(level)[0], COST_FIELDS[-1]) for level in ("initiative", "municipality")
)


@plural
def call_roll(s: State, first: int, last: int) -> None:
    """*Entry* of these initiatives; then who is there, without a branch: statuses change from row to row."""
    clock = s.clock[0]
    alive, stopped = clock.alive, clock.stopped
    far = clock.block < clock.initiatives
    for number in range(first, last):
        if far and number + AT_ROLL < last:
            fetch_status(s.initiatives, row_number(number + AT_ROLL))
        i = row_number(number)
        begin.initiative(i, s)
        now = s.initiatives[i].status
        s.roll[alive] = i
        alive += (now == ACTIVE) | (now == DORMANT)
        s.roll[clock.initiatives - 1 - stopped] = i
        stopped += now == STOPPED
    clock.alive = alive
    clock.stopped = stopped


@plural
def put_roll_away(s: State) -> None:
    """Between two runs the roll is empty, as it always is in Mesa."""
    s.clock[0].alive = 0
    s.clock[0].stopped = 0
    s.roll[:] = 0


@plural
def open_town_halls(s: State, first: int, last: int) -> None:
    """*Turnover* of officials and aldermen, and the hours that town halls have."""
    for number in range(s.municipalities[first].post_from, s.municipalities[last - 1].post_to):
        turnover.official(row_number(number), s)
    far = s.clock[0].block < s.clock[0].initiatives
    for number in range(first, last):
        if far and number + IN_TOWN_HALLS < last:
            fetch_town_hall(row_number(number + IN_TOWN_HALLS), s)
        turnover.alderman(row_number(number), s)
    for number in range(first, last):
        capacity.count_hours(row_number(number), s)


@plural
def hear_and_ask(s: State, first: int, last: int) -> None:
    """*Turnover* of initiatives on the roll, and the hours they ask (none, those that stopped)."""
    far = s.clock[0].block < s.clock[0].initiatives
    for k in range(first, last):
        if far and k + IN_ASKING < last:
            fetch_initiative_for_first(s.initiatives, row_number(s.roll[k + IN_ASKING]))
        i = row_number(s.roll[k])
        turnover.initiative(i, s)
        capacity.ask(i, s)


@plural
def divide_hours(s: State, first: int, last: int) -> None:
    """What is left of *capacity*; and *pace* of town halls."""
    for number in range(first, last):
        m = row_number(number)
        capacity.divide(m, s)
        pace.municipality(m, s)


@plural
def first_half(s: State, first: int, last: int) -> None:
    """From *contact* to *negotiation*."""
    far = s.clock[0].block < s.clock[0].initiatives
    for k in range(first, last):
        if far and k + IN_FIRST_HALF < last:
            fetch_for_first(row_number(s.roll[k + IN_FIRST_HALF]), s)
        i = row_number(s.roll[k])
        contact.initiative(i, s)
        trust.initiative(i, s)
        surprises.initiative(i, s)
        pace.initiative(i, s)
        negotiation.initiative(i, s)


@plural
def settle_books(s: State, first: int, last: int) -> None:
    """*Money* of town halls until the new year, for those on the roll that are alive; and facilitators' cases."""
    for k in range(first, last):
        i = row_number(s.roll[k])
        money.settle(i, s)
        facilitation.take_case(i, s)


@plural
def give_grants(s: State, first: int, last: int, first_on_roll: int, last_on_roll: int) -> None:
    """What is left of *money* of town halls."""
    for number in range(first, last):
        money.begin_year(row_number(number), s)
    for k in range(first_on_roll, last_on_roll):
        money.give(row_number(s.roll[k]), s)


@plural
def open_and_stop(s: State, first: int, last: int, first_on_roll: int, last_on_roll: int) -> None:
    """*Money* of town halls: books opened, and closed for those that stopped."""
    for number in range(first, last):
        money.open_books(row_number(number), s)
    for k in range(first_on_roll, last_on_roll):
        money.stop_money(row_number(s.roll[k]), 0.0, s)


@plural
def feel_loads(s: State) -> None:
    """*Facilitation*: caseloads."""
    for f in range(s.clock[0].facilitators):
        facilitation.feel_load(f, s)


@plural
def second_half(s: State, first: int, last: int) -> None:
    """From *money* to the *accounts*."""
    far = s.clock[0].block < s.clock[0].initiatives
    for k in range(first, last):
        if far and k + IN_SECOND_HALF < last:
            fetch_for_second(row_number(s.roll[k + IN_SECOND_HALF]), s)
        i = row_number(s.roll[k])
        money.initiative(i, s)
        work.initiative(i, s)
        facilitation.initiative(i, s)
        energy.initiative(i, s)
        accounts.initiative(i, s)


@rule
def fetch_town_hall(m: int, s: State) -> None:
    """Ask for what is read of a town hall that is opened."""
    fetch_alderman(s.aldermen, m)
    fetch_municipality(s.municipalities, m)
    fetch_set_for_municipality(s.on_municipality, m)


@rule
def fetch_for_first(i: int, s: State) -> None:
    """Ask for what the first half reads of an initiative in most months."""
    fetch_initiative_for_first(s.initiatives, i)
    for slot in range(SLOTS):
        fetch_tie(s.ties, i * SLOTS + slot)
    fetch_agreement(s.agreements, i)
    fetch_ledger(s.ledger, i)
    fetch_set_for_initiative(s.on_initiative, i)


@rule
def fetch_for_second(i: int, s: State) -> None:
    """Ask for what the second half reads: of its ties one, nothing of its ledger."""
    fetch_initiative_for_second(s.initiatives, i)
    fetch_tie(s.ties, i * SLOTS + CONTACT)
    fetch_agreement(s.agreements, i)
    fetch_set_for_initiative(s.on_initiative, i)


@rule
def block_end(first: int, s: State) -> int:
    """The town hall after the last of the block that begins with ``first``."""
    clock, last = s.clock[0], first + 1
    begin_row = s.municipalities[first].member_from
    while last < clock.municipalities and s.municipalities[last].member_to - begin_row <= clock.block:
        last += 1
    return last


@plural
def first_pass(s: State) -> None:
    """Until grants have been given."""
    clock = s.clock[0]
    clock.alive = 0
    clock.stopped = 0
    first = row_number(0)  # for 0 itself, what is called would be compiled once more
    while first < clock.municipalities:
        last = block_end(first, s)
        alive, stopped = clock.alive, clock.initiatives - clock.stopped
        call_roll(s, s.municipalities[first].member_from, s.municipalities[last - 1].member_to)
        open_town_halls(s, first, last)
        hear_and_ask(s, alive, clock.alive)
        hear_and_ask(s, clock.initiatives - clock.stopped, stopped)
        divide_hours(s, first, last)
        first_half(s, alive, clock.alive)
        open_and_stop(s, first, last, clock.initiatives - clock.stopped, stopped)
        settle_books(s, alive, clock.alive)
        give_grants(s, first, last, alive, clock.alive)
        first = last


@plural
def second_pass(s: State, out: np.ndarray, sums: np.ndarray) -> None:
    """To the end of the month, and what is observed of it."""
    clock = s.clock[0]
    sums[:, :] = 0.0
    second_half(s, clock.initiatives - clock.stopped, clock.initiatives)
    first, row = row_number(0), row_number(0)
    while row < clock.initiatives:
        end_row = min(row + clock.block, clock.initiatives)
        last = first
        while last < clock.alive and s.roll[last] < end_row:
            last += 1
        second_half(s, first, last)
        clock.month += 1  # observed is the month's end
        observe_rows(s, row, end_row, sums)
        clock.month -= 1
        first, row = last, end_row
    observe_groups(out, sums)


@entry
def begin_replicate(s: State, key: np.ndarray) -> None:
    """Start a replicate at month 0: its key (a uint64 array of one) and the characters drawn with it."""
    s.clock[0].key = key[0]
    s.clock[0].month = 0
    begin.monthly_rates(s)
    begin.characters(s)


@entry
def advance(s: State, months: int, out: np.ndarray, sums: np.ndarray) -> None:
    """Run so many months. After each month write its indicators to ``out`` (months, groups, indicators; NaN: not
    measured). ``sums``: what `sim.indicators.observe.new_sums` gives.
    """
    begin.monthly_rates(s)
    for k in range(months):
        begin.tick(s)
        first_pass(s)
        feel_loads(s)
        second_pass(s, out[k], sums)
        s.clock[0].month += 1
    put_roll_away(s)
