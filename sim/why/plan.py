"""Which words of the state are put on the tape and held, step by step: plain arrays for the compiled months.

A table of records is also seen as a table of 32-bit words (every field is one or two of them), so that fields can be
copied by number.
"""

from __future__ import annotations

from typing import Final, NamedTuple

import numpy as np

from sim.month import STEPS
from sim.why.links import FIELDS, LINKS, WRITES
from sim.world.state import State

# The tables in which links own fields; agreements last (`begin_event`, `end_event`).
HELD_TABLES: Final = ("municipalities", "posts", "aldermen", "initiatives", "ties", "former", "agreements")
WATCHED_TABLES: Final = ("initiatives", "agreements")  # one row an initiative
# (step, owner) -> the link whose event it holds.
EVENTS: Final = {
    ("turnover", "initiative"): "agreement",
    ("surprises", "initiative"): "agreement",
    ("negotiation", "initiative"): "agreement",
    ("money", "municipality"): "money",
    ("money", "initiative"): "money",
}
TALLIES: Final = 9  # what an event leaves behind beside its own link: `note` in sim/why/driver.py
HELP: Final = 9  # what a facilitator changes: `note_help`

Words = tuple[np.ndarray, ...]


class Runs(NamedTuple):
    """Runs of neighbouring words, of every step and table.

    Run k: ``length`` words from ``column`` on in the table, from ``position`` on in a line of the tape; ``watched``
    (0 or 1): whether another value means that an event differed.
    ``first`` (steps, tables + 1): where the runs of a step and table begin. ``place`` and ``width`` (steps, tables):
    where on the tape the lines of a step and table begin, and the words in a line.
    """

    column: np.ndarray
    position: np.ndarray
    length: np.ndarray
    watched: np.ndarray
    first: np.ndarray
    place: np.ndarray
    width: np.ndarray


class Room(NamedTuple):
    """Room to remember rows in during a step, one row an initiative. ``stirred``: the twin's towns where persons
    changed this month.
    """

    differs: np.ndarray
    before: np.ndarray
    deals: np.ndarray
    formalised: np.ndarray
    helped: np.ndarray
    with_policy: np.ndarray
    hand_hold: np.ndarray
    touched: np.ndarray
    stirred: np.ndarray


def words_of(state: State) -> Words:
    """The tables in which links own fields, as 32-bit words: shape (rows, words), sharing memory."""
    return tuple(
        table.view(np.uint32).reshape(len(table), table.dtype.itemsize // 4)
        for table in (getattr(state, name) for name in HELD_TABLES)
    )


def owner_of(table: str, field: str) -> str:
    """The link (or `outcome`, `fixed`, …) that owns a field. Raises `KeyError` for a field that stands nowhere."""
    for owner, fields in FIELDS[table].items():
        if field in fields.split():
            return owner
    raise KeyError(f"{table}.{field}: no owner; write it in FIELDS (sim/why/links.py)")


def written(state: State, step: tuple[str, str], table: str) -> dict[int, str]:
    """The words of a table that a step may write, each with the link that owns it."""
    dtype = getattr(state, table).dtype
    listed = WRITES[step]
    names = dtype.names if listed is None else listed.get(table, "").split()
    found: dict[int, str] = {}
    for field in names:
        link = owner_of(table, field)
        if link in LINKS:
            kind, offset = dtype.fields[field][:2]
            found.update(dict.fromkeys(range(offset // 4, (offset + kind.itemsize) // 4), link))
    return dict(sorted(found.items()))


def runs(state: State, free: int) -> Runs:
    """What is put on the tape (``free`` 0), or held while the first ``free`` links are freed."""
    found: list[tuple[int, int, int, int]] = []
    tables = len(HELD_TABLES)
    first = np.zeros((len(STEPS), tables + 1), np.intp)
    place, width = np.zeros((len(STEPS), tables), np.intp), np.zeros((len(STEPS), tables), np.intp)
    length = 0
    for number, step in enumerate(STEPS):
        name = (step.name, step.owner)
        for t, table in enumerate(HELD_TABLES):
            first[number, t], place[number, t] = len(found), length
            words = written(state, name, table)
            last = None
            for position, (word, link) in enumerate(words.items()):
                if LINKS.index(link) < free:
                    last = None
                    continue
                watched = int(table in WATCHED_TABLES and EVENTS.get(name) == link)
                if last == (word - 1, watched):
                    column, begin, count, _ = found.pop()
                    found.append((column, begin, count + 1, watched))
                else:
                    found.append((word, position, 1, watched))
                last = (word, watched)
            width[number, t] = len(words)
            length += len(words) * len(getattr(state, table))
        first[number, -1] = len(found)
    starts, positions, lengths, watching = (
        np.ascontiguousarray(each) for each in np.array(found, np.intp).reshape(-1, 4).T
    )
    return Runs(starts, positions, lengths, watching, first, place, width)


def tape_for(state: State, plan: Runs) -> np.ndarray:
    """A tape long enough for a month of a world of this size."""
    rows = np.array([len(getattr(state, table)) for table in HELD_TABLES])
    return np.empty(int((plan.width * rows).sum()), np.uint32)


def room_for(state: State) -> Room:
    """Room for a world of this size."""
    count = len(state.initiatives)
    return Room(
        differs=np.zeros(count, np.int64),
        before=np.zeros((count, TALLIES)),
        deals=np.zeros((count, state.agreements.dtype.itemsize // 4), np.uint32),
        formalised=np.zeros(count, np.int64),
        helped=np.zeros((count, HELP)),
        with_policy=np.zeros((count, HELP)),
        hand_hold=np.zeros(count),
        touched=np.ones(count, np.int64),
        stirred=np.zeros(len(state.municipalities), np.int64),
    )
