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
from sim.world.state import NOT_YET, STOPPED, State


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


@plural
def first_half(s: State) -> None:
    """Initiatives from contact to negotiation, one after another: no step of one reads what another did, so the bits
    are those of step after step.
    """
    for i in range(s.clock[0].initiatives):
        if s.initiatives[i].status == NOT_YET or s.initiatives[i].status == STOPPED:
            continue
        contact.initiative(i, s)
        trust.initiative(i, s)
        surprises.initiative(i, s)
        pace.initiative(i, s)
        negotiation.initiative(i, s)


@plural
def second_half(s: State) -> None:
    """Initiatives from money to the accounts, one after another, for the same reason."""
    for i in range(s.clock[0].initiatives):
        if s.initiatives[i].status == NOT_YET:
            continue
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
    """Run so many months: the steps above in their order, the initiatives' own steps taken together while their rows
    are at hand. After each month write its indicators to ``out`` (months, groups, indicators; NaN: not measured).
    ``counts``: room of shape (groups, indicators).
    """
    begin.monthly_rates(s)
    for k in range(months):
        begin.tick(s)
        begin.initiatives(s)
        turnover.officials(s)
        turnover.aldermen(s)
        turnover.initiatives(s)
        capacity.municipalities(s)
        pace.municipalities(s)
        first_half(s)
        money.municipalities(s)
        facilitation.facilitators(s)
        second_half(s)
        s.clock[0].month += 1
        observe(s, out[k], counts)
