"""Looking at the state, one row at a time: fields that read and write through, and what hangs on an initiative.

A view holds no numbers of its own. It knows its model, its table and its row, so that what is read is what the rules
see, and what is written is what they find. Ties, agreements and ledgers are views, not agents: they have no rule.
"""

from __future__ import annotations

import math
import operator
from collections.abc import Iterable, Mapping
from typing import TYPE_CHECKING, Any, ClassVar, Protocol, Self, overload

import numpy as np

from sim.world.state import ALDERMAN, CONTACT, FORMS, SLOTS, TOPICS, State

if TYPE_CHECKING:
    from sim.agents import Alderman, Initiative, Official


class Model(Protocol):
    """What a view needs of the model it looks at: the state, and the agents by row."""

    state: State
    initiatives: tuple[Any, ...]
    officials: tuple[Any, ...]
    aldermen: tuple[Any, ...]
    facilitators: tuple[Any, ...]
    municipalities: tuple[Any, ...]


class Row(Protocol):
    """Something that is one row of a table of the state."""

    table: ClassVar[str]

    @property
    def model(self) -> Any: ...
    @property
    def row(self) -> int: ...


class Field[T]:
    """A field of a view's row. ``meaning`` and ``unit`` say what it is; ``field`` names it in the record if it has
    another name there, ``table`` the table if it stands in another. Writing a value that
    cannot be raises ValueError or TypeError."""

    unit = ""
    table = ""

    def __init__(self, meaning: str, unit: str = "", *, field: str = "", table: str = "") -> None:
        self.meaning = meaning
        self.unit = unit or type(self).unit
        self.field = field
        self.table = table
        self.__doc__ = f"{meaning} ({self.unit})" if self.unit else meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.field = self.field or name

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: Row, owner: type | None = None) -> T: ...
    def __get__(self, view: Row | None, owner: type | None = None) -> T | Self:
        if view is None:
            return self
        return self.read(self.column(view)[view.row].item())

    def __set__(self, view: Row, value: T) -> None:
        self.column(view)[view.row] = self.write(value)

    def column(self, view: Row) -> np.ndarray:
        """This field of all rows."""
        return np.asarray(getattr(view.model.state, self.table or view.table)[self.field])

    def read(self, stored: Any) -> T:
        """What a person sees of a stored number."""
        return stored

    def write(self, value: T) -> Any:
        """The number to store; raises ValueError or TypeError."""
        raise NotImplementedError

    def refuse(self, value: object, allowed: str) -> ValueError:
        """The error for a value that cannot be stored."""
        return ValueError(f"{self.name}: {value!r} is not allowed; allowed: {allowed}")


class Amount(Field[float]):
    """A real number in a unit."""

    def write(self, value: float) -> float:
        if not math.isfinite(value):
            raise self.refuse(value, "a finite number")
        return float(value)


class Share(Field[float]):
    """A real number from 0 to 1."""

    unit = "0-1"

    def write(self, value: float) -> float:
        if not 0.0 <= value <= 1.0:
            raise self.refuse(value, "0 to 1")
        return float(value)


class Count(Field[int]):
    """A whole number."""

    def write(self, value: int) -> int:
        return operator.index(value)


class Month(Count):
    """A month of the engine, 0 the first that is run; -1: never."""

    unit = "month, -1: never"


class Flag(Field[bool]):
    """Yes or no."""

    unit = "yes or no"

    def read(self, stored: Any) -> bool:
        return bool(stored)

    def write(self, value: bool) -> int:
        return int(bool(value))


class Word(Field[str]):
    """One of a few words; the record holds its number."""

    def __init__(self, words: Iterable[str], meaning: str, *, field: str = "") -> None:
        self.words = tuple(words)
        super().__init__(meaning, " · ".join(self.words), field=field)

    def read(self, stored: Any) -> str:
        return self.words[stored]

    def write(self, value: str) -> int:
        if value not in self.words:
            raise self.refuse(value, ", ".join(self.words))
        return self.words.index(value)


class Words(Field[frozenset[str]]):
    """A set of words; the record holds one bit for each."""

    def __init__(self, bits: Mapping[str, int], meaning: str, *, field: str = "") -> None:
        self.bits = bits
        super().__init__(meaning, " · ".join(bits), field=field)

    def read(self, stored: Any) -> frozenset[str]:
        return frozenset(word for word, bit in self.bits.items() if stored & bit)

    def write(self, value: Iterable[str]) -> int:
        if isinstance(value, str) or not set(value) <= self.bits.keys():
            raise self.refuse(value, "a set of " + ", ".join(self.bits))
        return sum(self.bits[word] for word in set(value))


class Link[A]:
    """The agent that a field names by its row; None where it names nobody. It cannot be set: who is where is the
    world's layout."""

    def __init__(self, where: str, meaning: str, *, field: str = "") -> None:
        self.where = where
        self.meaning = meaning
        self.field = field
        self.__doc__ = meaning

    def __set_name__(self, owner: type, name: str) -> None:
        self.name = name
        self.field = self.field or name

    @overload
    def __get__(self, view: None, owner: type) -> Self: ...
    @overload
    def __get__(self, view: Row, owner: type | None = None) -> A: ...
    def __get__(self, view: Row | None, owner: type | None = None) -> A | Self | None:
        if view is None:
            return self
        number = getattr(view.model.state, view.table)[self.field][view.row]
        return None if number < 0 else getattr(view.model, self.where)[number]

    def __set__(self, view: Row, value: object) -> None:
        raise AttributeError(f"{self.name}: who is where belongs to the world's layout and cannot be changed")


def fields_of(kind: type) -> dict[str, Field[Any]]:
    """All fields of a view or agent class by name, those of its bases included."""
    found = {name: each for base in reversed(kind.__mro__) for name, each in vars(base).items()}
    return {name: each for name, each in found.items() if isinstance(each, Field)}


class View:
    """A row that is not an agent. Two views on the same row of the same model are equal."""

    table: ClassVar[str]

    def __init__(self, model: Model, row: int) -> None:
        self.model = model
        self.row = row

    def as_dict(self) -> dict[str, Any]:
        """All fields by name, as they are now."""
        return {name: getattr(self, name) for name in fields_of(type(self))}

    def __eq__(self, other: object) -> bool:
        return type(other) is type(self) and other.model is self.model and other.row == self.row

    def __hash__(self) -> int:
        return hash((type(self), id(self.model), self.row))

    def __repr__(self) -> str:
        return f"<{type(self).__name__} of initiative {self._initiative_row()}>"

    def _initiative_row(self) -> int:
        return self.row

    @property
    def initiative(self) -> Initiative:
        """Whose it is."""
        return self.model.initiatives[self._initiative_row()]


class Tie(View):
    """What an initiative and one person at the town hall know and think of each other."""

    table = "ties"

    trust = Share("trust of the initiative in this person")
    intentions = Share("trust of this person in the initiative's intentions")
    alpha = Amount("evidence that the initiative can do it", "pieces of work")
    beta = Amount("evidence that it cannot", "pieces of work")
    knows = Share("how well this person understands the initiative")
    known = Share("how well the initiative understands this person and the town hall")
    click = Amount("personal click", "added to trust at the start")
    met = Amount("meetings this month", "meetings")
    silent = Count("months without a meeting", "months")
    holder_since = Month("since when these two have dealt with each other")
    old_trust = Share("trust in the predecessor when they left", field="trust", table="former")
    old_intentions = Share("the predecessor's trust in intentions when they left", field="intentions", table="former")
    old_knows = Share("the predecessor's understanding when they left", field="knows", table="former")
    old_known = Share("understanding of the predecessor when they left", field="known", table="former")

    def _initiative_row(self) -> int:
        return self.row // SLOTS

    @property
    def kind(self) -> str:
        """contact (the contact person), colleague, or alderman."""
        slot = self.row % SLOTS
        return "contact" if slot == CONTACT else "alderman" if slot == ALDERMAN else "colleague"

    @property
    def person(self) -> Official | Alderman:
        """The official (a post and its present holder) or alderman."""
        number = self.model.state.ties["person"][self.row]
        people = self.model.aldermen if self.kind == "alderman" else self.model.officials
        return people[number]

    @property
    def capability(self) -> float:
        """Trust of this person in what the initiative can do (0-1)."""
        return self.alpha / (self.alpha + self.beta)

    def __repr__(self) -> str:
        return f"<Tie of initiative {self._initiative_row()} with {self.person!r}: trust {self.trust:.2f}>"


class Agreement(View):
    """What is agreed between an initiative and its municipality; the row is kept when nothing is in force."""

    table = "agreements"

    in_force = Flag("whether it is in force")
    pending = Flag("drafted, and waiting for its form or money")
    start = Month("when it was drafted or concluded")
    expiry = Month("when it ends")
    forms = Words(FORMS, "its forms")
    topics = Words(TOPICS, "what it is about")
    adopted = Flag("adopted by the council")
    reviewed = Month("when it was last reviewed")
    extended = Count("times its term was extended", "times")
    concreteness = Share("how concrete it is")
    horizon = Amount("the term it was made for", "months")
    known = Share("how widely it is known at the town hall and among the rank and file")


class Ledger(View):
    """What happened to an initiative, as its own people could tell it in an interview."""

    table = "ledger"

    first_talks = Month("when it first met its municipality")
    agreements = Count("agreements made", "agreements")
    forms = Words(FORMS, "the forms of all agreements made")
    topics = Words(TOPICS, "what all agreements made were about")
    money = Amount("times money was granted", "times")
    promises_kept = Amount("promises that were kept", "promises")
    promises_broken = Amount("promises that were broken", "promises")
    recognition = Amount("times an agreement brought recognition", "times")
    follow_on = Amount("next stages and commissions granted", "times")
    refused = Amount("times talks, a next stage or a renewal were refused", "times")
    written_out = Amount("times it was left out of the vision", "times")
    long_talks = Amount("talks that dragged on", "talks")


def ties_of(model: Model, initiative: int) -> tuple[Tie, ...]:
    """The ties of an initiative with people that exist: the contact person, colleagues, the alderman."""
    rows = np.arange(initiative * SLOTS, (initiative + 1) * SLOTS)
    return tuple(Tie(model, int(row)) for row in rows[model.state.ties["person"][rows] >= 0])
