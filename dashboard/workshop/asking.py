"""Questions in a room: putting them, closing and opening the vote, and showing what came of them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from dashboard.pool import SHARP, Ticket
from dashboard.workshop.futures import LETTERS, ElsewhereError, Future, RefusedChangeError
from dashboard.workshop.predictions import Asked, Outcome, Spread, many_worlds, outcome
from dashboard.workshop.typed import whole
from dashboard.workshop.values import fitted_parameters

if TYPE_CHECKING:
    from dashboard.workshop.room import Room

FIRST_WORLDS = 100  # with other luck, for what came of a question
MOST_HANDS = 500


@dataclass
class Weighed:
    """What came of a question: in this world, in worlds with other luck, and in worlds where what is not known
    differs too (None: not there yet, or no fitted parameters)."""

    outcome: Outcome
    luck: Spread | None = None
    unknown: Spread | None = None
    running: bool = False


def ask(room: Room, question: str, future: str = LETTERS[0], here: bool = False) -> None:
    """Put a question of the script; the one before it is closed."""
    assert room.script is not None
    known = {each.id for each in room.script.questions}
    if question not in known:
        raise RefusedChangeError("workshop.refused.unknown")
    asked = room.script.question(question).question(room.naming)
    if asked.against is not None:
        _ = room.futures[asked.against]
    _ = room.futures[future]
    belongs = place_of(room, question)
    if belongs is not None and belongs != room.position and not here:
        raise ElsewhereError(belongs)
    if room.position + asked.months > room.ground.months:
        raise RefusedChangeError("workshop.refused.too_late", months=asked.months)
    if room.asked:
        room.asked[-1].open = False
    room.asked.append(Asked(asked, future, room.position, story=room.story.id))


def place_of(room: Room, question: str) -> int | None:
    """The position at which a question of the script is to be put; None: anywhere, or not in this story."""
    assert room.script is not None
    month = room.script.question(question).month
    if month is None:
        return None
    place = room.ground.position(month) + 1
    return place if 0 <= place <= room.ground.months else None


def close(room: Room) -> None:
    """Close the vote."""
    if room.current is not None:
        room.current.open = False


def close_beyond(room: Room, position: int) -> None:
    """Close the vote when the room goes on beyond where the question was put: there the answer begins to show."""
    if room.current is not None and position > max(room.position, room.current.position):
        close(room)


def reopen(room: Room, here: bool = False) -> None:
    """Open the vote again, unless its outcome was shown; asks where the room has gone on (``here``: it was asked)."""
    asked = room.current
    if asked is None or asked.shown:
        return
    if room.position > asked.position and not here:
        raise ElsewhereError(asked.position)
    asked.open = True


def hands(room: Room, option: str, count: float) -> None:
    """Take down how many raised hands an option has."""
    asked = room.current
    if asked is None or option not in {each.id for each in asked.question.options}:
        raise RefusedChangeError("workshop.refused.no_question")
    asked.hands[option] = whole(room.language, "workshop.ui.hands", count, MOST_HANDS)


def show(room: Room, worlds: int = FIRST_WORLDS) -> None:
    """Show what came of the question: in this world at once, in many as they are ready."""
    asked = room.current
    if asked is None:
        raise RefusedChangeError("workshop.refused.no_question")
    index = len(room.asked) - 1
    asked.open, asked.shown = False, True
    kept = room.weighed.get(index)
    if kept is None:
        kept = room.weighed[index] = Weighed(outcome(room.ground, asked, room.futures.all))
    wanted = max(20, min(int(worlds), 1000))
    if kept.luck is None or kept.luck.worlds < wanted:
        kept.running = True
        ground, futures = room.ground, dict(room.futures.all)
        frozen = {name: Future(**vars(future)) for name, future in futures.items()}
        weighed = kept

        def work(ticket: Ticket) -> None:
            found: tuple[Spread, Spread | None] | None = None
            try:
                spread = many_worlds(ground, asked, frozen, wanted, cancelled=ticket.cancelled)
                fitted = fitted_parameters()
                both = None
                if fitted is not None:
                    both = many_worlds(ground, asked, frozen, wanted, parameters=fitted, cancelled=ticket.cancelled)
                found = spread, both
            finally:
                with room.lock:
                    weighed.running = False
                    if found is not None and not ticket.cancelled():
                        weighed.luck, weighed.unknown = found
                    if ticket in room.tickets:
                        room.tickets.remove(ticket)
                room.tell()

        room.tickets.append(room.pool.submit(work, SHARP))


def stop_all(room: Room) -> None:
    """Stop all runs that are under way."""
    for ticket in room.tickets:
        ticket.cancel()
    for each in room.weighed.values():
        each.running = False
    room.tickets = []
