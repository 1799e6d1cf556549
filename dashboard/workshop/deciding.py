"""What a leader changes in a room's futures: decisions, those taken back, futures that part and that are dropped."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING, Any

from dashboard.workshop.asking import close
from dashboard.workshop.calling import label_without
from dashboard.workshop.futures import LETTERS, RefusedChangeError
from dashboard.workshop.naming import clean_name

if TYPE_CHECKING:
    from dashboard.workshop.room import Room


def decide(
    room: Room,
    kind: str,
    what: str,
    future: str = "",
    position: int | None = None,
    initiative: int | None = None,
    intensity: float | None = None,
    options: dict[str, float] | None = None,
    months: int | None = None,
    over: bool = False,
) -> None:
    """Begin a measure or an event, in one future or in all of them."""
    here = room.position if position is None else int(position)
    scope: dict[str, Any] = {} if initiative is None else {"initiative": int(initiative)}
    names = [future] if future else list(room.futures.all)
    chosen = {name: float(value) for name, value in (options or {}).items()}
    if intensity is not None and not math.isfinite(float(intensity)):
        raise ValueError("intensity")
    before = {name: (room.futures[name], vars(room.futures[name]).copy()) for name in names}
    try:
        for name in names:
            room.futures.decide(
                name, kind, str(what), here, intensity=None if intensity is None else float(intensity),
                options=chosen, scope=scope, months=None if months is None else int(months), over=bool(over),
            )  # fmt: skip
    except Exception:
        for each, kept in before.values():  # all of them or none
            vars(each).update(kept)
        raise
    history_changed(room, here)


def withdraw(room: Room, future: str, number: int, over: bool = False) -> None:
    """Take back a decision."""
    room.futures.withdraw(future, int(number), over=bool(over))
    history_changed(room, room.position)


def history_changed(room: Room, position: int) -> None:
    """What was weighed after a month that changed no longer holds, and nobody votes on it any more."""
    if room.current is not None and room.current.end > position:
        close(room)
    for index, asked in enumerate(room.asked):
        if asked.end > position and asked.story == room.story.id and index in room.weighed:
            del room.weighed[index]
    room.changed += 1


def part(
    room: Room, future: str = LETTERS[0], position: int | None = None, name: Any = None, without: Any = None
) -> None:
    """Let a new future part from another here."""
    here = room.position if position is None else int(position)
    label = {language: clean_name(str(words)) for language, words in (name or {}).items() if language in ("nl", "en")}
    but = [int(without)] if without is not None else []
    if but and not label:
        label = label_without(room, future, but[0])
    branch(room, future, here, label, but)


def branch(room: Room, future: str, position: int, label: dict[str, str], but: list[int]) -> None:
    """Let a new future, called ``label``, part from another in a month, without the decisions ``but``; the room goes
    back to that month.
    """
    made = room.futures.part(future, position, label, but)
    room.move(min(room.position, made.parted))
    room.changed += 1


def drop(room: Room, future: str) -> None:
    """Close a future, with what was weighed of it; not while a question about it is open."""
    asked = room.current
    if asked is not None and asked.open and future in (asked.future, asked.question.against):
        raise RefusedChangeError("workshop.refused.question_open")
    room.futures.drop(future)
    room.weighed = {
        index: each
        for index, each in room.weighed.items()
        if room.asked[index].story != room.story.id
        or {room.asked[index].future, room.asked[index].question.against} - {None} <= set(room.futures.all)
    }
    room.changed += 1
