"""What a room decided, and the futures that come of it: up to four, side by side on the same luck.

A decision is a shock or a lever with its month and whom it is about. A future is a list of decisions; what happens
follows from them, the world and its luck, so that a session can be made again from its file on another machine.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field, replace
from typing import Any, Literal

from dashboard.workshop.chronicle import Chronicle, Ground
from dashboard.workshop.purse import Purse, price, total
from sim.engine.months import add_months
from sim.engine.problems import InputError
from sim.levers import LEVERS
from sim.scenario import parse_scenario
from sim.shocks import SHOCKS
from sim.world.entries import Scope

MOST_FUTURES = 4
MOST_DECISIONS = 60
LETTERS = ("nu", "A", "B", "C")


@dataclass(frozen=True)
class Decision:
    """A shock or a lever that the room chose. ``month`` YYYY-MM; ``end``: the last month of a lever (none: it goes
    on); ``months``: how long a shock lasts (none: as long as it usually does)."""

    number: int
    kind: Literal["shock", "lever"]
    what: str
    month: str
    intensity: float
    options: dict[str, float] = field(default_factory=dict)
    scope: dict[str, Any] = field(default_factory=dict)
    months: int | None = None
    end: str | None = None

    def entry(self) -> dict[str, Any]:
        """As an entry of a scenario file."""
        data: dict[str, Any] = {self.kind: self.what, "intensity": float(self.intensity)}
        if self.scope:
            data["scope"] = dict(self.scope)
        if self.kind == "lever":
            data["start"] = self.month
            if self.options:
                data["options"] = dict(self.options)
            if self.end:
                data["end"] = self.end
        else:
            data["month"] = self.month
            if self.months is not None:
                data["months"] = self.months
        return data


@dataclass
class Future:
    """One future: its name (empty: the one it is given by its letter), where it parted, and what was decided."""

    id: str
    name: dict[str, str]
    parent: str | None
    parted: int
    decisions: tuple[Decision, ...]
    chronicle: Chronicle
    reached: int = 0


class RewritesError(Exception):
    """A decision in a month that the room has already seen: it must say whether to go on beside it or over it."""


class ElsewhereError(Exception):
    """A step that belongs to another month than the one where the room is; ``position``: that month."""

    def __init__(self, position: int) -> None:
        super().__init__(position)
        self.position = position


class RefusedChangeError(ValueError):
    """Something that cannot be decided; ``key`` names the sentence in the catalogue and ``values`` fill it in."""

    def __init__(self, key: str, **values: object) -> None:
        super().__init__(key)
        self.key = key
        self.values = values


def entries_of(decisions: Sequence[Decision]) -> list[dict[str, Any]]:
    """Levers as a scenario holds them, in order of decision: a later one for the same people takes an earlier one's
    place, and one of intensity 0 only ends what was there."""
    kept: list[dict[str, Any]] = []
    for decision in sorted((each for each in decisions if each.kind == "lever"), key=lambda each: each.month):
        new = decision.entry()
        before: list[dict[str, Any]] = []
        for old in kept:
            ended = _until(old, new)
            if ended is not None:
                before.append(ended)
        kept = before + ([new] if decision.intensity > 0 else [])
    return kept


def _until(old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
    """An earlier entry, ended where the new one begins if it is the same lever for the same people; None: it never
    began."""
    if old["lever"] != new["lever"] or Scope(**old.get("scope", {})).disjoint_from(Scope(**new.get("scope", {}))):
        return old
    if old.get("end", new["start"]) < new["start"]:
        return old
    if old["start"] >= new["start"]:
        return None
    return {**old, "end": add_months(new["start"], -1)}


def scenario_of(name: str, decisions: Sequence[Decision]) -> Any:
    """The decisions as a scenario. Raises `InputError` for one that cannot be."""
    data: dict[str, Any] = {"id": name, "name": {"nl": name, "en": name}, "description": {"nl": name, "en": name}}
    levers = entries_of(decisions)
    shocks = [each.entry() for each in decisions if each.kind == "shock"]
    if levers:
        data["levers"] = levers
    if shocks:
        data["shocks"] = shocks
    return parse_scenario(data, name)


class Futures:
    """The futures of one session, by id, in the order in which they came."""

    def __init__(self, ground: Ground, purse: Purse | None = None) -> None:
        self.ground = ground
        self.purse = purse
        self.number = 0
        first = ground.live(scenario_of("workshop", ()), [ground.start])
        self.all: dict[str, Future] = {LETTERS[0]: Future(LETTERS[0], {}, None, 0, (), first)}

    def __getitem__(self, name: str) -> Future:
        if name not in self.all:
            raise RefusedChangeError("workshop.refused.no_future")
        return self.all[name]

    # Deciding --------------------------------------------------------------------------------------------------

    def decide(
        self,
        name: str,
        kind: str,
        what: str,
        position: int,
        *,
        intensity: float | None = None,
        options: dict[str, float] | None = None,
        scope: dict[str, Any] | None = None,
        months: int | None = None,
        over: bool = False,
    ) -> Decision:
        """Let a shock happen, or set a lever (intensity 0: end it), in the month that comes after ``position``.

        Raises `RewritesError` when that month was already seen and ``over`` is not said, `RefusedChangeError` when the
        purse is too small or there are too many decisions, `InputError` for what cannot be.
        """
        future = self[name]
        catalogue: Any = SHOCKS if kind == "shock" else LEVERS
        if kind not in ("shock", "lever") or what not in catalogue:
            raise RefusedChangeError("workshop.refused.unknown")
        if not 0 <= position < self.ground.months:
            raise RefusedChangeError("workshop.refused.no_month")
        if len(future.decisions) >= MOST_DECISIONS:
            raise RefusedChangeError("workshop.refused.many_decisions", most=MOST_DECISIONS)
        entry = catalogue[what]
        decision = Decision(
            self.number + 1,
            "shock" if kind == "shock" else "lever",
            what,
            self.ground.month_name(position + 1),
            float(entry.default if intensity is None else intensity),
            dict(options or {}),
            dict(scope or {}),
            months,
        )
        decisions = (*future.decisions, decision)
        scenario_of("workshop", decisions)  # says what cannot be
        if decision.kind == "lever" and decision.intensity > 0:
            self._afford(future, decisions, decision.month)
        if position < future.reached and not over:  # asked last: about a choice that can be made
            raise RewritesError
        self._relive(future, decisions, position)
        self.number += 1
        return decision

    def withdraw(self, name: str, number: int, *, over: bool = False) -> None:
        """Take a decision back. Raises `RewritesError` when its month was already seen and ``over`` is not said."""
        future = self[name]
        found = next((each for each in future.decisions if each.number == number), None)
        if found is None:
            raise RefusedChangeError("workshop.refused.no_decision")
        position = self.ground.position(found.month)
        if position < future.reached and not over:
            raise RewritesError
        self._relive(future, tuple(each for each in future.decisions if each is not found), position)

    def _afford(self, future: Future, decisions: tuple[Decision, ...], month: str) -> None:
        if self.purse is None:
            return
        left = self.purse - self.spent(decisions, month)
        if left.empty:
            raise RefusedChangeError(
                "workshop.refused.purse", future=future.id, hours=round(max(0.0, -left.hours)),
                euros=round(max(0.0, -left.euros)),
            )  # fmt: skip

    def spent(self, decisions: Sequence[Decision], month: str) -> Purse:
        """What the measures that run in a month cost a year."""
        running = [each for each in entries_of(decisions) if each["start"] <= month and each.get("end", month) >= month]
        layout = self.ground.stage.layout
        return total(
            price(each["lever"], each["intensity"], each.get("options", {}), each.get("scope", {}), layout)
            for each in running
        )

    def _relive(self, future: Future, decisions: tuple[Decision, ...], position: int) -> None:
        states = future.chronicle.states
        future.chronicle = self.ground.live(scenario_of("workshop", decisions), states[: position + 1])
        future.decisions = decisions
        future.reached = min(future.reached, position)

    # Another future --------------------------------------------------------------------------------------------

    def part(self, name: str, position: int, label: dict[str, str] | None = None, but: Sequence[int] = ()) -> Future:
        """A further future that is the same up to ``position`` and has the same luck from there. What was planned for
        later goes along, but for the decisions numbered ``but``. Raises `RefusedChangeError` for a fifth.
        """
        old = self[name]
        free = [letter for letter in LETTERS if letter not in self.all]
        if not free:
            raise RefusedChangeError("workshop.refused.many_futures", most=MOST_FUTURES)
        if not 0 <= position <= self.ground.months:
            raise RefusedChangeError("workshop.refused.no_month")
        kept = tuple(each for each in old.decisions if each.number not in but)
        dropped = [self.ground.position(each.month) for each in old.decisions if each.number in but]
        position = min([position, *dropped])
        chronicle = old.chronicle  # it never changes, so two futures may share one until something is decided
        if kept != old.decisions:
            chronicle = self.ground.live(scenario_of("workshop", kept), old.chronicle.states[: position + 1])
        made = Future(free[0], dict(label or {}), name, position, kept, chronicle, position)
        self.all[made.id] = made
        return made

    def drop(self, name: str) -> None:
        """Forget a future; those that parted from it stay. The last one cannot be dropped."""
        gone = self[name]
        if len(self.all) == 1:
            raise RefusedChangeError("workshop.refused.last_future")
        del self.all[name]
        for other in self.all.values():
            if other.parent == name:
                other.parent = gone.parent if gone.parent in self.all else None

    def seen(self, position: int) -> None:
        """The room has seen all futures up to this position."""
        for future in self.all.values():
            future.reached = max(future.reached, min(position, self.ground.months))

    def rename(self, name: str, label: dict[str, str]) -> None:
        """Give a future another name."""
        self.all[name] = replace(self[name], name=dict(label))


def problem_of(error: InputError, language: str) -> str:
    """The sentence of an error in a language, without the name of a file that nobody made."""
    return error.problem if language == "en" else error.problem_nl
