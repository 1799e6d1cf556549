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
from sim.engine.compiling import entry, plural
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
from sim.world import accounts, begin
from sim.world import kind as _kind  # noqa: F401  (so that no rule is compiled before the state's type has its short name)
from sim.world.state import ACTIVE, DORMANT, STOPPED, State


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
# at hand, and only for initiatives on the roll. A town hall's sums keep the order of its members, so the bits are those
# of step after step.


@plural
def call_roll(s: State) -> None:
    """*Entry*; then who is there this month, without a branch: statuses change from row to row."""
    clock = s.clock[0]
    alive, stopped = 0, 0
    for i in range(clock.initiatives):
        begin.initiative(i, s)
        status = s.initiatives[i].status
        s.roll[alive] = i
        alive += (status == ACTIVE) | (status == DORMANT)
        s.roll[clock.initiatives - 1 - stopped] = i
        stopped += status == STOPPED
    clock.alive = alive
    clock.stopped = stopped


@plural
def put_roll_away(s: State) -> None:
    """Between two runs the roll is empty, as it always is in Mesa."""
    s.clock[0].alive = 0
    s.clock[0].stopped = 0
    s.roll[:] = 0


@plural
def open_month(s: State) -> None:
    """*Capacity*, *money* and *facilitation*, as far as nobody has asked for anything."""
    for m in range(s.clock[0].municipalities):
        capacity.count_hours(m, s)
        money.open_books(m, s)
    for f in range(s.clock[0].facilitators):
        s.facilitators[f].load = 0


@plural
def hear_and_ask(s: State) -> None:
    """*Turnover* of initiatives, and the hours they ask."""
    clock = s.clock[0]
    for k in range(clock.alive):
        i = row_number(s.roll[k])
        turnover.initiative(i, s)
        capacity.ask(i, s)
    for k in range(clock.initiatives - clock.stopped, clock.initiatives):
        capacity.ask(row_number(s.roll[k]), s)


@plural
def divide_hours(s: State) -> None:
    """*Capacity* but for the second round, which `first_half` begins with."""
    for m in range(s.clock[0].municipalities):
        capacity.offer(m, s)
    for k in range(s.clock[0].alive):
        capacity.receive(row_number(s.roll[k]), s)
    for m in range(s.clock[0].municipalities):
        capacity.leave_over(m, s)


@plural
def first_half(s: State) -> None:
    """From *contact* to *negotiation*; then the grants that run out or on, and the facilitators' cases."""
    clock = s.clock[0]
    for k in range(clock.alive):
        i = row_number(s.roll[k])
        capacity.top_up(i, s)
        contact.initiative(i, s)
        trust.initiative(i, s)
        surprises.initiative(i, s)
        pace.initiative(i, s)
        negotiation.initiative(i, s)
        money.settle(i, s)
        facilitation.take_case(i, s)
    for k in range(clock.initiatives - clock.stopped, clock.initiatives):
        money.stop_money(row_number(s.roll[k]), 0.0, s)


@plural
def between_halves(s: State) -> None:
    """What the halves of the month need of all at once: budgets of a new year, and the load of facilitators."""
    for m in range(s.clock[0].municipalities):
        money.begin_year(m, s)
    for f in range(s.clock[0].facilitators):
        facilitation.feel_load(f, s)


@plural
def second_half(s: State) -> None:
    """From the grants that are given to the *accounts*; also of those that stopped, who are booked on."""
    clock = s.clock[0]
    skipped = clock.initiatives - clock.alive - clock.stopped
    for k in range(clock.alive + clock.stopped):
        i = row_number(s.roll[k if k < clock.alive else k + skipped])
        money.give(i, s)
        money.initiative(i, s)
        work.initiative(i, s)
        facilitation.initiative(i, s)
        energy.initiative(i, s)
        accounts.initiative(i, s)


@entry
def begin_replicate(s: State, key: np.ndarray) -> None:
    """Start a replicate at month 0: its key (a uint64 array of one) and the characters drawn with it."""
    s.clock[0].key = key[0]
    s.clock[0].month = 0
    begin.monthly_rates(s)
    begin.characters(s)


@entry
def advance(s: State, months: int, out: np.ndarray, counts: np.ndarray) -> None:
    """Run so many months. After each month write its indicators to ``out`` (months, groups, indicators; NaN: not
    measured). ``counts``: room of shape (groups, indicators).
    """
    begin.monthly_rates(s)
    for k in range(months):
        begin.tick(s)
        call_roll(s)
        turnover.officials(s)
        turnover.aldermen(s)
        open_month(s)
        hear_and_ask(s)
        divide_hours(s)
        pace.municipalities(s)
        first_half(s)
        between_halves(s)
        second_half(s)
        s.clock[0].month += 1
        observe(s, out[k], counts)
    put_roll_away(s)
