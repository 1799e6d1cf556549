"""The script in a room: doing its present step, whether that was done, and whether what it says is so."""

from __future__ import annotations

from typing import TYPE_CHECKING

from dashboard.workshop import asking, deciding
from dashboard.workshop.futures import ElsewhereError, RefusedChangeError
from dashboard.workshop.script import Begun

if TYPE_CHECKING:
    from dashboard.workshop.room import Room


def do_step(room: Room, here: bool = False) -> None:
    """Do what the present step says: story, future, decisions, question. Playing is done by the screen. Where a
    step brings the room to a month itself it does so; else it asks when the room is elsewhere (``here``: it has
    been asked)."""
    assert room.script is not None
    step = room.script.steps[room.step]
    arrives = step.story is not None or step.go_to is not None or step.part is not None
    later = 0  # months by which what is decided comes later than the script has it
    if step.decide and not arrives:
        belongs = min(room.ground.position(each.month) for each in step.decide)
        if belongs < room.position:
            if not here:
                raise ElsewhereError(belongs)
            later = room.position - belongs
    if step.asks and not arrives:
        assert step.question is not None
        belongs_at = asking.place_of(room, step.question)
        if belongs_at is not None and belongs_at != room.position and not here:
            raise ElsewhereError(belongs_at)
    if step.story is not None:
        if room.asked:
            room.asked[-1].open = False
        room.enter(room.script.story(step.story))
    if step.go_to is not None:
        room.move(room.ground.position(step.go_to))
    if step.part is not None:
        position = room.ground.position(step.part.month)
        label = {"nl": step.part.name.nl, "en": step.part.name.en}
        old = room.futures[step.part.future]
        but = [each.number for each in old.decisions if each.kind == "shock"] if step.part.without_shocks else []
        deciding.branch(room, step.part.future, position, label, but)
    for begun in step.decide:
        _begin_decision(room, begun, later)
    if step.question is not None:
        if step.asks:
            asking.ask(room, step.question, step.future, here=True)
        elif room.current is None or room.current.question.id != step.question:
            raise RefusedChangeError("workshop.refused.not_asked")
        else:
            asking.show(room, step.many or asking.FIRST_WORLDS)
    room.acted += 1


def step_done(room: Room) -> bool:
    """Whether what the present step says has been done in this story."""
    assert room.script is not None
    step = room.script.steps[room.step]
    if step.story is not None and step.story != room.story.id:
        return False
    if step.part is not None and not any(
        future.name.get("nl") == step.part.name.nl for future in room.futures.all.values()
    ):
        return False
    for begun in step.decide:
        wanted = begun.decision(0)
        names = [begun.future] if begun.future else list(room.futures.all)
        for name in names:
            future = room.futures.all.get(name)
            if future is None or not any(
                (each.kind, each.what, each.scope, each.intensity)
                == (wanted.kind, wanted.what, wanted.scope, wanted.intensity)
                for each in future.decisions
            ):
                return False
    if step.question is not None:
        asked = room.current
        if asked is None or asked.question.id != step.question:
            return False
        return step.asks or asked.shown
    if step.go_to is not None:
        return room.position == room.ground.position(step.go_to)
    return True


def claims_hold(room: Room) -> bool:
    """Whether what the words of the present step say is so in this session: its own choices may have made it
    otherwise. What is about a future that is not there yet is let be."""
    assert room.script is not None
    step = room.script.steps[room.step]
    return all(
        claim.true(room.ground, room.futures.all, lambda future: room.told(future).events)
        for claim in step.claims
        if claim.futures <= set(room.futures.all)
    )


def _begin_decision(room: Room, begun: Begun, later: int = 0) -> None:
    made = begun.decision(0)
    position = room.ground.position(begun.month) + later
    if position >= room.ground.months:
        raise RefusedChangeError("workshop.refused.no_month")
    for name in [begun.future] if begun.future else list(room.futures.all):
        room.futures.decide(
            name, made.kind, made.what, position, intensity=made.intensity, options=made.options,
            scope=made.scope, months=made.months, over=True,
        )  # fmt: skip
    deciding.history_changed(room, position)
