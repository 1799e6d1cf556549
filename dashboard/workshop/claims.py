"""What the words of a step say of its world, as data: so that a test, and the page itself, can see whether it is so.

A claim compares a number at the end of a month with the same number in another future or another month, or says that
something is told in the log, or is not.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from dashboard.workshop import measures
from dashboard.workshop.chronicle import Ground
from dashboard.workshop.futures import Future
from dashboard.workshop.telling import ORDER, Event
from sim.engine.catalogue import Frozen
from sim.engine.problems import Problem, RefusedError, unknown_name
from sim.world.entries import Month
from sim.world.state import State

Letter = Literal["nu", "A", "B", "C"]


def adopted(s: State) -> np.ndarray:
    """Whether an agreement is in force that the council adopted."""
    rows: np.ndarray = ((s.agreements["in_force"] == 1) & (s.agreements["adopted"] == 1)).astype(float)
    return rows


def departures(s: State) -> np.ndarray:
    """How many contact persons have left."""
    rows: np.ndarray = s.posts["departures"][s.initiatives["post"]].astype(float)
    return rows


NUMBERS: dict[str, Callable[[State], np.ndarray]] = {
    "trust": measures.trust,
    "agreement": measures.agreement,
    "adopted": adopted,
    "energy": measures.energy,
    "progress": measures.progress,
    "paid": measures.paid,
    "departures": departures,
}
MEANS = frozenset(["trust", "energy", "progress"])


class Claim(Frozen):
    """A claim. ``number`` at the end of ``month`` in ``future`` (of ``initiative``; left out: the sum, of shares the
    mean), or, with ``since``, its change from the end of that month on, is ``higher``, ``lower`` or the ``same``, by
    more than ``by`` (the same: by no more than it), than in the future ``than`` or at the end of ``than_month``, or
    than ``value``. With ``event``: the log of ``future`` tells it after ``since`` up to ``month`` (``some``), or does
    not (``none``)."""

    number: Annotated[str, Field(json_schema_extra={"enum": sorted(NUMBERS)})] | None = None
    event: Annotated[str, Field(json_schema_extra={"enum": sorted(ORDER)})] | None = None
    future: Letter = "nu"
    initiative: int | None = Field(default=None, ge=0, le=199)
    month: Month
    since: Month | None = None
    than: Letter | None = None
    than_month: Month | None = None
    value: float | None = None
    by: float = Field(default=0.0, ge=0)
    holds: Literal["higher", "lower", "same", "some", "none"]

    @model_validator(mode="after")
    def _whole(self) -> Claim:
        if (self.number is None) == (self.event is None):
            raise RefusedError("give either a number or an event", "geef een number of een event, niet allebei")
        known: Any = NUMBERS if self.number else ORDER
        if (self.number or self.event) not in known:
            field = "number" if self.number else "event"
            problem = unknown_name(self.number or self.event or "", known, Problem(field, field))
            raise RefusedError(problem.en, problem.nl, field)
        if (self.event is not None) != (self.holds in ("some", "none")):
            raise RefusedError(
                "an event holds some or none; a number higher, lower or same",
                "bij een event hoort some of none, bij een number higher, lower of same",
                "holds",
            )
        if self.number and [self.than, self.than_month, self.value].count(None) != 2:
            raise RefusedError("give one of than, than_month, value", "geef één van than, than_month, value", "than")
        return self

    @property
    def futures(self) -> set[str]:
        """The futures that it is about."""
        return {self.future, *([self.than] if self.than else [])}

    def true(self, ground: Ground, futures: dict[str, Future], events: Callable[[Future], Iterable[Event]]) -> bool:
        """Whether it is so, in a session with these futures and the events of each."""
        if self.event is not None:
            begin = ground.position(self.since) + 1 if self.since else 0
            end = ground.position(self.month) + 1
            node = None if self.initiative is None else f"i{self.initiative}"
            found = any(
                each.key == self.event and begin < each.position <= end and (node is None or node in each.nodes)
                for each in events(futures[self.future])
            )
            return found == (self.holds == "some")
        mine = self._number(ground, futures[self.future], self.month)
        if self.value is not None:
            other = self.value
        else:
            other = self._number(ground, futures[self.than or self.future], self.than_month or self.month)
        apart = mine - other
        return {"higher": apart > self.by, "lower": apart < -self.by, "same": abs(apart) <= self.by + 1e-9}[self.holds]

    def _number(self, ground: Ground, future: Future, month: str) -> float:
        def read(at: str) -> float:
            rows = NUMBERS[self.number or ""](future.chronicle.states[ground.position(at) + 1])
            if self.initiative is not None:
                return float(rows[self.initiative])
            return float(rows.mean() if self.number in MEANS else rows.sum())

        return read(month) - (read(self.since) if self.since else 0.0)
