"""Every step of the month as something Python can call: for all rows at once, and for one row.

`sim.month` runs whole months in one compiled call. A model that is stepped from Python needs the same steps one by one,
and, where somebody replaced the rule of one kind of agent, row by row. Each function here is compiled when it is first
called, and kept between runs; that is why they are written out: numba keeps no function that another function made.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.engine.compiling import entry
from sim.indicators.observe import observe
from sim.month import STEPS, Step
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
from sim.world.state import State


@dataclass(frozen=True)
class Call:
    """A step of the month, the name of its method on the owner's class, and its compiled calls.

    ``rows(state)`` runs the step for all rows of the owner's table, ``row(number, state)`` for one.
    """

    step: Step
    method: str
    rows: Callable[..., Any]
    row: Callable[..., Any]


@entry
def open_month(s: State) -> None:
    """What a month begins with: rates that follow from the parameters, and the calendar."""
    begin.monthly_rates(s)
    begin.tick(s)


def close_month(s: State) -> None:
    """What a month ends with: the clock moves on."""
    s.clock["month"] += 1


@entry
def observe_month(s: State, out: np.ndarray, sums: np.ndarray) -> None:
    """Write the indicators of the month that was closed to ``out`` (groups, indicators; NaN: nobody to measure).

    ``sums``: what `sim.indicators.observe.new_sums` gives.
    """
    observe(s, out, sums)


@entry
def entry_of_initiatives(s: State) -> None:
    """*Entry*, all initiatives."""
    begin.initiatives(s)


@entry
def entry_of_one_initiative(row: int, s: State) -> None:
    """*Entry*, one initiative."""
    begin.initiative(row, s)


@entry
def turnover_of_officials(s: State) -> None:
    """*Turnover*, all officials."""
    turnover.officials(s)


@entry
def turnover_of_one_official(row: int, s: State) -> None:
    """*Turnover*, one official."""
    turnover.official(row, s)


@entry
def turnover_of_aldermen(s: State) -> None:
    """*Turnover*, all aldermen."""
    turnover.aldermen(s)


@entry
def turnover_of_one_alderman(row: int, s: State) -> None:
    """*Turnover*, one alderman."""
    turnover.alderman(row, s)


@entry
def turnover_of_initiatives(s: State) -> None:
    """*Turnover*, all initiatives."""
    turnover.initiatives(s)


@entry
def turnover_of_one_initiative(row: int, s: State) -> None:
    """*Turnover*, one initiative."""
    turnover.initiative(row, s)


@entry
def capacity_of_municipalities(s: State) -> None:
    """*Capacity*, all municipalities."""
    capacity.municipalities(s)


@entry
def capacity_of_one_municipality(row: int, s: State) -> None:
    """*Capacity*, one municipality."""
    capacity.municipality(row, s)


@entry
def contact_of_initiatives(s: State) -> None:
    """*Contact*, all initiatives."""
    contact.initiatives(s)


@entry
def contact_of_one_initiative(row: int, s: State) -> None:
    """*Contact*, one initiative."""
    contact.initiative(row, s)


@entry
def trust_of_initiatives(s: State) -> None:
    """*Trust*, all initiatives."""
    trust.initiatives(s)


@entry
def trust_of_one_initiative(row: int, s: State) -> None:
    """*Trust*, one initiative."""
    trust.initiative(row, s)


@entry
def surprises_of_initiatives(s: State) -> None:
    """*Surprises*, all initiatives."""
    surprises.initiatives(s)


@entry
def surprises_of_one_initiative(row: int, s: State) -> None:
    """*Surprises*, one initiative."""
    surprises.initiative(row, s)


@entry
def pace_of_municipalities(s: State) -> None:
    """*Pace*, all municipalities."""
    pace.municipalities(s)


@entry
def pace_of_one_municipality(row: int, s: State) -> None:
    """*Pace*, one municipality."""
    pace.municipality(row, s)


@entry
def pace_of_initiatives(s: State) -> None:
    """*Pace*, all initiatives."""
    pace.initiatives(s)


@entry
def pace_of_one_initiative(row: int, s: State) -> None:
    """*Pace*, one initiative."""
    pace.initiative(row, s)


@entry
def negotiation_of_initiatives(s: State) -> None:
    """*Negotiation*, all initiatives."""
    negotiation.initiatives(s)


@entry
def negotiation_of_one_initiative(row: int, s: State) -> None:
    """*Negotiation*, one initiative."""
    negotiation.initiative(row, s)


@entry
def money_of_municipalities(s: State) -> None:
    """*Money*, all municipalities."""
    money.municipalities(s)


@entry
def money_of_one_municipality(row: int, s: State) -> None:
    """*Money*, one municipality."""
    money.municipality(row, s)


@entry
def money_of_initiatives(s: State) -> None:
    """*Money*, all initiatives."""
    money.initiatives(s)


@entry
def money_of_one_initiative(row: int, s: State) -> None:
    """*Money*, one initiative."""
    money.initiative(row, s)


@entry
def work_of_initiatives(s: State) -> None:
    """*Work*, all initiatives."""
    work.initiatives(s)


@entry
def work_of_one_initiative(row: int, s: State) -> None:
    """*Work*, one initiative."""
    work.initiative(row, s)


@entry
def facilitation_of_facilitators(s: State) -> None:
    """*Facilitation*, all facilitators."""
    facilitation.facilitators(s)


@entry
def facilitation_of_one_facilitator(row: int, s: State) -> None:
    """*Facilitation*, one facilitator."""
    facilitation.load_of(row, s)


@entry
def facilitation_of_initiatives(s: State) -> None:
    """*Facilitation*, all initiatives."""
    facilitation.initiatives(s)


@entry
def facilitation_of_one_initiative(row: int, s: State) -> None:
    """*Facilitation*, one initiative."""
    facilitation.initiative(row, s)


@entry
def energy_of_initiatives(s: State) -> None:
    """*Energy*, all initiatives."""
    energy.initiatives(s)


@entry
def energy_of_one_initiative(row: int, s: State) -> None:
    """*Energy*, one initiative."""
    energy.initiative(row, s)


@entry
def accounts_of_initiatives(s: State) -> None:
    """*Accounts*, all initiatives."""
    accounts.initiatives(s)


@entry
def accounts_of_one_initiative(row: int, s: State) -> None:
    """*Accounts*, one initiative."""
    accounts.initiative(row, s)


# A method carries the name of its step, but for one: an initiative's `energy` is how much it has.
_COMPILED: dict[tuple[str, str], tuple[str, Callable[..., Any], Callable[..., Any]]] = {
    ("entry", "initiative"): ("entry", entry_of_initiatives, entry_of_one_initiative),
    ("turnover", "official"): ("turnover", turnover_of_officials, turnover_of_one_official),
    ("turnover", "alderman"): ("turnover", turnover_of_aldermen, turnover_of_one_alderman),
    ("turnover", "initiative"): ("turnover", turnover_of_initiatives, turnover_of_one_initiative),
    ("capacity", "municipality"): ("capacity", capacity_of_municipalities, capacity_of_one_municipality),
    ("contact", "initiative"): ("contact", contact_of_initiatives, contact_of_one_initiative),
    ("trust", "initiative"): ("trust", trust_of_initiatives, trust_of_one_initiative),
    ("surprises", "initiative"): ("surprises", surprises_of_initiatives, surprises_of_one_initiative),
    ("pace", "municipality"): ("pace", pace_of_municipalities, pace_of_one_municipality),
    ("pace", "initiative"): ("pace", pace_of_initiatives, pace_of_one_initiative),
    ("negotiation", "initiative"): ("negotiation", negotiation_of_initiatives, negotiation_of_one_initiative),
    ("money", "municipality"): ("money", money_of_municipalities, money_of_one_municipality),
    ("money", "initiative"): ("money", money_of_initiatives, money_of_one_initiative),
    ("work", "initiative"): ("work", work_of_initiatives, work_of_one_initiative),
    ("facilitation", "facilitator"): ("facilitation", facilitation_of_facilitators, facilitation_of_one_facilitator),
    ("facilitation", "initiative"): ("facilitation", facilitation_of_initiatives, facilitation_of_one_initiative),
    ("energy", "initiative"): ("energy_balance", energy_of_initiatives, energy_of_one_initiative),
    ("accounts", "initiative"): ("accounts", accounts_of_initiatives, accounts_of_one_initiative),
}


def call_of(step: Step) -> Call:
    """How Python calls a step. Raises LookupError for a step of the month that has no functions here yet."""
    if (step.name, step.owner) not in _COMPILED:
        raise LookupError(f"sim/steps.py: no functions for the step {step.name!r} of {step.owner!r}; write them here")
    return Call(step, *_COMPILED[step.name, step.owner])


CALLS: tuple[Call, ...] = tuple(call_of(step) for step in STEPS)
ONE_ROW: dict[tuple[str, str], Callable[..., Any]] = {(call.step.owner, call.method): call.row for call in CALLS}
