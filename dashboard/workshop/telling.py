"""What happened, as events in order: who, when and why, found by looking at what changed between two months.

An event names people and initiatives by node (``i0`` an initiative, ``p0:2`` the holder of a post after two
departures, ``a0:1`` an alderman), so that it can be told in any language and with any names.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from functools import cached_property
from typing import Any

import numpy as np

from dashboard.language import text
from dashboard.workshop.chronicle import Chronicle
from dashboard.workshop.naming import Naming
from sim.world.state import ACTIVE, CONTACT, DORMANT, FORMS, NOT_YET, PHASES, RESERVED, STOPPED

FALL = 0.12  # a fall of trust in a month that is worth a sentence
LONG_EMPTY = (3, 6, 12)  # months of vacancy that are told
KNOWS_WELL = 0.5  # share of the predecessor's understanding from which a successor is said to know an initiative
KNOWN_BEFORE = 0.15  # understanding below which there was nothing to hand over

FROM_THE_START = frozenset(["vision", "first_met", "enters", "crossed"])  # in the first month: no news
CAUSES = ("broken", "refused", "crossed", "overruled", "failed")

# In one month causes are told before what they led to.
ORDER = (
    "election", "vision", "alderman_left", "alderman_arrived", "official_pushed", "official_left", "official_arrived",
    "empty", "passed_on", "passed_on_not", "enters", "first_met", "talks_open", "talks_restart", "talks_refused",
    "agreement", "agreement_adopted", "adopted_later", "agreement_out", "agreement_dropped", "agreement_election",
    "agreement_vision", "money", "money_lasting", "money_renewed", "money_out", "money_cut", "left_out", "crossed",
    "broken", "next_refused", "phase", "trust_falls", "dormant", "revived", "stopped",
)  # fmt: skip
GOOD = frozenset(
    ["official_arrived", "alderman_arrived", "passed_on", "first_met", "agreement", "agreement_adopted",
     "adopted_later", "money", "money_lasting", "money_renewed", "phase", "revived", "vision", "enters", "talks_open"]
)  # fmt: skip
PLAIN = frozenset(["election", "official_arrived", "alderman_arrived", "vision", "enters", "talks_open"])


@dataclass(frozen=True)
class Event:
    """Something that happened in the month before ``position``. ``nodes``: whom it is about, the first as subject;
    ``values``: what fills in the sentence."""

    position: int
    key: str
    nodes: tuple[str, ...]
    values: dict[str, Any] = field(default_factory=dict, compare=False)

    @property
    def identity(self) -> tuple[int, str, tuple[str, ...]]:
        """What makes it the same event in another future: month, what, and whom it is about whoever holds the seat."""
        return self.position, self.key, tuple(node.split(":")[0] for node in self.nodes)

    @property
    def tone(self) -> str:
        """good, bad or plain, for a mark beside the sentence."""
        return "plain" if self.key in PLAIN else "good" if self.key in GOOD else "bad"


class Story:
    """The events of one future."""

    def __init__(self, chronicle: Chronicle) -> None:
        self.chronicle = chronicle

    @cached_property
    def events(self) -> tuple[Event, ...]:
        """All events, by month, and in a month by `ORDER`."""
        rank = {key: number for number, key in enumerate(ORDER)}
        found = [*self._officials(), *self._aldermen(), *self._town(), *self._talks(), *self._money(), *self._people()]
        found = [each for each in found if each.position > 1 or each.key not in FROM_THE_START]
        return tuple(sorted(found, key=lambda each: (each.position, rank[each.key], each.nodes)))

    # Helpers ---------------------------------------------------------------------------------------------------

    def _i(self, name: str) -> np.ndarray:
        return self.chronicle.column("initiatives", name)

    @cached_property
    def _contact_of(self) -> dict[int, tuple[int, ...]]:
        contacts = self.chronicle.ground.contacts
        return {
            int(post): tuple(int(row) for row in np.flatnonzero(contacts == post)) for post in set(contacts.tolist())
        }

    def _alive(self, position: int, rows: Iterable[int]) -> tuple[str, ...]:
        status = self._i("status")[position]
        return tuple(f"i{row}" for row in rows if status[row] in (ACTIVE, DORMANT))

    def _holder(self, row: int, position: int) -> str:
        post = int(self.chronicle.ground.contacts[row])
        return f"p{post}:{int(self.chronicle.column('posts', 'departures')[position, post])}"

    @staticmethod
    def _where(changed: np.ndarray, *, shifted: bool = False) -> Iterator[tuple[int, int]]:
        """(position, row) of what is true in a table of (positions, rows), the start left out; ``shifted``: the table
        begins at position 1."""
        for position, row in np.argwhere(changed):
            if position + shifted > 0:
                yield int(position) + shifted, int(row)

    # Kinds of events -------------------------------------------------------------------------------------------

    def _officials(self) -> Iterator[Event]:
        posts = self.chronicle.column
        departures, present = posts("posts", "departures"), posts("posts", "present")
        since, pushed = posts("posts", "holder_since"), posts("on_post", "official_leaves")
        for position, post in self._where(posts("posts", "just_left") == 1):
            gone = f"p{post}:{int(departures[position, post]) - 1}"
            circle = self._alive(position, self._contact_of.get(post, ()))
            years = (position - 1 - int(since[position - 1, post])) / 12
            key = "official_pushed" if pushed[position, post] > 0 else "official_left"
            yield Event(position, key, (gone, *circle), {"served": years})
            empty = 0
            while position + empty < len(present) and not present[position + empty, post]:
                empty += 1
                if empty - 1 in LONG_EMPTY:
                    there = self._alive(position + empty - 1, self._contact_of.get(post, ()))
                    yield Event(position + empty - 1, "empty", (gone, *there), {"months": empty - 1})
        knows, old, met = self.chronicle.tie("knows"), self.chronicle.tie("knows", "former"), self._i("met_month")
        for position, post in self._where(posts("posts", "just_arrived") == 1):
            number = int(departures[position, post])
            new, gone = f"p{post}:{number}", f"p{post}:{number - 1}"
            yield Event(position, "official_arrived", (new, gone))
            for row in self._contact_of.get(post, ()):
                if met[position - 1, row] < 0:  # they are yet to get to know each other
                    continue
                before = float(old[position, row, CONTACT])
                if before < KNOWN_BEFORE or not self._alive(position, [row]):
                    continue
                share = float(knows[position, row, CONTACT]) / before
                key = "passed_on" if share >= KNOWS_WELL else "passed_on_not"
                yield Event(position, key, (f"i{row}", new, gone), {"share": min(1.0, share)})

    def _aldermen(self) -> Iterator[Event]:
        column = self.chronicle.column
        departures = column("aldermen", "departures")
        for position, town in self._where(column("aldermen", "just_left") == 1):
            number = int(departures[position, town]) - 1
            fallen = column("on_municipality", "alderman_falls")[position, town] > 0
            yield Event(position, "alderman_left", (f"a{town}:{number}",), {"fallen": bool(fallen)})
        for position, town in self._where(column("aldermen", "just_arrived") == 1):
            number = int(departures[position, town])
            yield Event(position, "alderman_arrived", (f"a{town}:{number}", f"a{town}:{number - 1}"))

    def _town(self) -> Iterator[Event]:
        column = self.chronicle.column
        thrown = column("on_municipality", "election")
        support = column("municipalities", "council_support")
        held = self._elections[:, None] | (thrown > 0)
        for position, town in self._where(held):
            values = {"before": float(support[position - 1, town]), "after": float(support[position, town])}
            yield Event(position, "election", (f"t{town}",), values)
        for position, town in self._where(column("municipalities", "vision_just_adopted") == 1):
            yield Event(position, "vision", (f"t{town}",))
        left_out = self._i("left_out")
        for position, row in self._where(np.diff(left_out, axis=0, prepend=left_out[:1]) > 0):
            yield Event(position, "left_out", (f"i{row}",))

    @cached_property
    def _elections(self) -> np.ndarray:
        """Whether the month before each position was one of elections."""
        calendar = self.chronicle.ground.stage.start.calendar["election"] == 1
        positions = len(self.chronicle.states)
        return np.concatenate([[False], calendar])[:positions]

    def _talks(self) -> Iterator[Event]:
        talks, restarts, status = self._i("talks_opened"), self._i("restarts"), self._i("status")
        column = self.chronicle.column
        force, adopted = column("agreements", "in_force"), column("agreements", "adopted")
        forms, expiry = column("agreements", "forms"), column("agreements", "expiry")
        more = np.diff(restarts, axis=0, prepend=restarts[:1]) > 0
        moved = np.diff(force, axis=0, prepend=force[:1])
        refused = column("ledger", "refused")
        refusals = np.diff(refused, axis=0, prepend=refused[:1]) > 0
        for position, row in self._where(np.diff(talks, axis=0, prepend=talks[:1]) != 0):
            opened, before = int(talks[position, row]), int(talks[position - 1, row])
            if opened >= 0 and before < 0:
                yield Event(position, "talks_open", (f"i{row}", self._holder(row, position)))
            elif opened < 0 and more[position, row] and moved[position, row] >= 0:
                yield Event(position, "talks_restart", (f"i{row}", self._holder(row, position)))
            elif opened < 0 and refusals[position, row] and force[position, row] <= force[position - 1, row]:
                yield Event(position, "talks_refused", (f"i{row}",))
        for position, row in self._where(moved > 0):
            key = "agreement_adopted" if adopted[position, row] else "agreement"
            yield Event(position, key, (f"i{row}",), {"forms": int(forms[position, row])})
        for position, row in self._where(
            (np.diff(adopted, axis=0, prepend=adopted[:1]) > 0) & (moved == 0) & (force == 1)
        ):
            yield Event(position, "adopted_later", (f"i{row}",))
        arrived = column("posts", "just_arrived")
        contacts = self.chronicle.ground.contacts
        left_out = self._i("left_out")
        for position, row in self._where(moved < 0):
            if status[position, row] == STOPPED:
                continue
            nodes = (f"i{row}", self._holder(row, position))
            if more[position, row] and arrived[position, contacts[row]]:
                yield Event(position, "agreement_dropped", nodes)
            elif more[position, row]:
                yield Event(position, "agreement_election", nodes[:1])
            elif left_out[position, row] > left_out[position - 1, row]:
                yield Event(position, "agreement_vision", nodes[:1])
            else:
                yield Event(position, "agreement_out", nodes[:1], {"early": bool(expiry[position - 1, row] > position)})
        next_refused = self._i("refused_next_stage")
        for position, row in self._where(next_refused == np.arange(len(next_refused))[:, None] - 1):
            yield Event(position, "next_refused", (f"i{row}",))
        met = self._i("met_month")
        for position, row in self._where((met >= 0) & (np.diff(met, axis=0, prepend=met[:1]) > 0)):
            yield Event(position, "first_met", (f"i{row}", self._holder(row, position)))

    def _money(self) -> Iterator[Event]:
        grant, until = self._i("grant_a_month"), self._i("money_until")
        source, status = self._i("money_source"), self._i("status")
        cut = self.chronicle.column("on_initiative", "subsidy_stops")
        grants = self.chronicle.column("ledger", "money")  # a renewal is no new one
        new = (grant[1:] > 0) & ((grant[:-1] <= 0) | (grants[1:] > grants[:-1]))
        for position, row in self._where(new, shifted=True):
            lasting = source[position, row] == RESERVED
            values = {
                "euros": 12 * float(grant[position, row]),
                "months": int(until[position, row]) - position + 1,
            }
            yield Event(position, "money_lasting" if lasting else "money", (f"i{row}",), values)
        longer = (grant[1:] > 0) & (until[1:] > until[:-1]) & ~new
        for position, row in self._where(longer, shifted=True):
            yield Event(position, "money_renewed", (f"i{row}",), {"months": int(until[position, row]) - position + 1})
        for position, row in self._where((grant[1:] <= 0) & (grant[:-1] > 0), shifted=True):
            if status[position, row] != STOPPED:
                yield Event(position, "money_cut" if cut[position, row] > 0 else "money_out", (f"i{row}",))

    def _people(self) -> Iterator[Event]:
        status, phase, crossed = self._i("status"), self._i("phase"), self._i("crossed")
        for position, row in self._where(np.diff(status, axis=0, prepend=status[:1]) != 0):
            before, now = int(status[position - 1, row]), int(status[position, row])
            key = {DORMANT: "dormant", STOPPED: "stopped"}.get(now, "enters" if before == NOT_YET else "revived")
            if not (key == "enters" and position <= 1):
                yield Event(position, key, (f"i{row}",))
        for position, row in self._where(np.diff(phase, axis=0, prepend=phase[:1]) > 0):
            if status[position - 1, row] != NOT_YET:
                yield Event(position, "phase", (f"i{row}",), {"phase": PHASES[int(phase[position, row])]})
        for position, row in self._where((crossed[1:] > 0) & (crossed[:-1] < crossed[1:]), shifted=True):
            yield Event(position, "crossed", (f"i{row}",))
        broken, restarts = self.chronicle.column("ledger", "promises_broken"), self._i("restarts")
        more = np.diff(restarts, axis=0, prepend=restarts[:1]) > 0
        for position, row in self._where((np.diff(broken, axis=0, prepend=broken[:1]) > 0) & ~more):
            yield Event(position, "broken", (f"i{row}",))
        trust, since = self.chronicle.tie("trust")[:, :, CONTACT], self.chronicle.tie("holder_since")[:, :, CONTACT]
        there = self.chronicle.met[:, :, CONTACT]
        fell = (trust[1:] < trust[:-1] - FALL) & (since[1:] == since[:-1]) & there[1:] & there[:-1]
        fell &= np.isin(status[1:], (ACTIVE, DORMANT)) & (status[:-1] != NOT_YET)
        for position, row in self._where(fell, shifted=True):
            values = {
                "before": float(trust[position - 1, row]),
                "after": float(trust[position, row]),
                "because": self._cause(position, row),
            }
            yield Event(position, "trust_falls", (f"i{row}", self._holder(row, position)), values)

    def _cause(self, position: int, row: int) -> str:
        """What weighed most on trust: what had happened up to the month before."""
        weights = {name: float(self._i(name)[position - 1, row]) for name in CAUSES}
        most = max(weights, key=lambda name: weights[name])
        return most if weights[most] > 0 else "other"


def parted(first: Iterable[Event], second: Iterable[Event]) -> int | None:
    """The earliest position at which one of two stories has an event that the other has not; None: nowhere."""
    apart = {each.identity for each in first} ^ {each.identity for each in second}
    return min((identity[0] for identity in apart), default=None)


# In words ----------------------------------------------------------------------------------------------------------


def several(language: str, names: list[str]) -> str:
    """``A``, ``A en B``, ``A, B en C``."""
    if len(names) < 2:
        return "".join(names)
    return text(language, "workshop.and", first=", ".join(names[:-1]), last=names[-1])


def capital(sentence: str) -> str:
    """The sentence with a capital in front."""
    return sentence[:1].upper() + sentence[1:]


class Teller:
    """Tells events in a language, with the names of a session."""

    def __init__(self, naming: Naming, language: str) -> None:
        self.naming = naming
        self.language = language

    def name(self, node: str) -> str:
        """What a node is called."""
        if node[0] == "i":
            return self.naming.initiative(int(node[1:]))
        if node[0] == "t":
            return text(self.language, "workshop.town")
        seat, _, departures = node.partition(":")
        return self.naming.person(seat, int(departures or 0), self.language)

    def sentence(self, event: Event) -> str:
        """The event as one or two plain sentences."""
        names = [self.name(node) for node in event.nodes]
        initiatives = [self.name(node) for node in event.nodes if node[0] == "i"]
        people = [self.name(node) for node in event.nodes if node[0] in "pa"]
        values: dict[str, Any] = {
            "who": names[0],
            "initiative": initiatives[0] if initiatives else "",
            "initiatives": several(self.language, initiatives),
            "person": people[0] if people else "",
            "previous": people[1] if len(people) > 1 else "",
            **{name: self._value(name, value) for name, value in event.values.items()},
        }
        return capital(text(self.language, f"workshop.log.{self._variant(event, len(initiatives))}", **values))

    def _variant(self, event: Event, initiatives: int) -> str:
        if event.key in ("official_left", "official_pushed", "empty"):
            return f"{event.key}.{'none' if initiatives == 0 else 'one' if initiatives == 1 else 'more'}"
        if event.key == "alderman_left":
            return "alderman_left.fallen" if event.values["fallen"] else "alderman_left"
        if event.key in ("money", "money_lasting", "money_renewed") and event.values["months"] == 1:
            return f"{event.key}.one"
        return event.key

    def _value(self, name: str, value: Any) -> str:
        from dashboard.language import fixed, number, plural

        if name == "forms":
            return several(
                self.language,
                [text(self.language, f"workshop.form.{form}") for form, bit in FORMS.items() if value & bit]
                or [text(self.language, "workshop.form.none")],
            )
        if name == "served":
            if value < 1:
                return text(self.language, "workshop.served.short")
            return plural(self.language, "workshop.served", round(value), years=number(self.language, value, 0))
        if name == "because":
            return text(self.language, f"workshop.because.{value}")
        if name == "phase":
            return text(self.language, f"workshop.phase.{value}")
        if name == "euros":
            return number(self.language, round(value, -2), 0)
        if name in ("before", "after"):
            return fixed(self.language, value)
        if name == "share":
            return number(self.language, 100 * value, 0)
        return number(self.language, value, 0)
