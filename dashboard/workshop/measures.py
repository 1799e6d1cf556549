"""What a question can be about: numbers that a room can picture, read off the months after it was put.

A measure looks at every month (`probe`: one number an initiative) and makes one number an initiative of all months
from where the question was put to where it ends (`reduce`, given shape (months + 1, initiatives)).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from sim.world.state import ACTIVE, CONTACT, DORMANT, SLOTS, STOPPED, State

Numbers = np.ndarray


def change(seen: Numbers) -> Numbers:
    """The last less the first."""
    result: Numbers = seen[-1] - seen[0]
    return result


def at_the_end(seen: Numbers) -> Numbers:
    """The last."""
    result: Numbers = seen[-1]
    return result


def months_true(seen: Numbers) -> Numbers:
    """In how many months it held."""
    result: Numbers = (seen[1:] > 0).sum(axis=0).astype(float)
    return result


def ever(seen: Numbers) -> Numbers:
    """Whether it held in any month."""
    result: Numbers = (seen[1:] > 0).any(axis=0).astype(float)
    return result


def first_month(seen: Numbers) -> Numbers:
    """After how many months it first held; infinite: never."""
    held = seen[1:] > 0
    result: Numbers = np.where(held.any(axis=0), held.argmax(axis=0) + 1.0, np.inf)
    return result


def months_to_recover(seen: Numbers) -> Numbers:
    """After its first fall, months until it is back where it stood at first; those that stay below count to the end."""
    below = seen[1:] < seen[0] - 1e-9
    result: Numbers = below.sum(axis=0).astype(float)
    return result


def _contact(s: State, field: str) -> Numbers:
    rows: Numbers = s.ties[field].reshape(-1, SLOTS)[:, CONTACT]
    return rows


def trust(s: State) -> Numbers:
    """Trust in the contact person; while the seat is empty, what is left of it."""
    return _contact(s, "trust")


def understanding(s: State) -> Numbers:
    """How well the contact person understands the initiative; nobody there: 0."""
    return _contact(s, "knows")


def silent(s: State) -> Numbers:
    """Whether it did not meet the town hall this month, though it is there."""
    return ((s.initiatives["meetings"] <= 0) & (s.initiatives["status"] == ACTIVE)).astype(float)


def restarts(s: State) -> Numbers:
    """Times that talks or an agreement had to begin anew."""
    return s.initiatives["restarts"].astype(float)


def agreement(s: State) -> Numbers:
    """Whether an agreement is in force."""
    return s.agreements["in_force"].astype(float)


def there(s: State) -> Numbers:
    """Whether it is active."""
    return (s.initiatives["status"] == ACTIVE).astype(float)


def gone(s: State) -> Numbers:
    """Whether it is dormant or has stopped."""
    return np.isin(s.initiatives["status"], (DORMANT, STOPPED)).astype(float)


def lost_agreement(s: State) -> Numbers:
    """Whether nothing is agreed."""
    return 1.0 - agreement(s)


def progress(s: State) -> Numbers:
    """How far it is, in phases."""
    result: Numbers = s.initiatives["phase"] + np.clip(s.initiatives["progress"], 0.0, 1.0)
    return result


def paid(s: State) -> Numbers:
    """Whether a grant runs."""
    return (s.initiatives["grant_a_month"] > 0).astype(float)


def homes(s: State) -> Numbers:
    """Homes reached."""
    return s.initiatives["homes"].astype(float)


def energy(s: State) -> Numbers:
    """Energy of its volunteers."""
    return s.initiatives["energy"].astype(float)


@dataclass(frozen=True)
class Measure:
    """A measure. ``together``: what stands for all initiatives, their sum or their mean. ``unit``: the key of its
    unit. ``least``: for the question *who*: the smallest counts rather than the largest."""

    probe: Callable[[State], Numbers]
    reduce: Callable[[Numbers], Numbers]
    together: str
    unit: str
    least: bool = False


MEASURES: dict[str, Measure] = {
    "trust_change": Measure(trust, change, "mean", "share", least=True),
    "months_below": Measure(trust, months_to_recover, "sum", "months"),
    "understanding_change": Measure(understanding, change, "mean", "share", least=True),
    "silent_months": Measure(silent, months_true, "sum", "months"),
    "restarts": Measure(restarts, change, "sum", "times"),
    "agreement": Measure(agreement, at_the_end, "sum", "agreements"),
    "agreement_lost": Measure(lost_agreement, first_month, "none", "months", least=True),
    "active": Measure(there, at_the_end, "sum", "initiatives"),
    "stops": Measure(gone, first_month, "none", "months", least=True),
    "progress": Measure(progress, change, "mean", "phases", least=True),
    "months_with_money": Measure(paid, months_true, "sum", "months"),
    "homes": Measure(homes, change, "sum", "homes"),
    "energy_change": Measure(energy, change, "mean", "share", least=True),
}


def of(measure: Measure, values: Numbers, about: int | None) -> float:
    """One number for an initiative, or for all of them together."""
    if about is not None:
        return float(values[about])
    if measure.together == "mean":
        return float(values.mean())
    return float(values.sum())


def who(measure: Measure, values: Numbers) -> int:
    """The row of the initiative that the question *who* is about: the first, or the most; -1: none."""
    best = int(values.argmin() if measure.least else values.argmax())
    value = float(values[best])
    if not np.isfinite(value) or (measure.reduce is not first_month and value == 0.0):
        return -1
    return best
