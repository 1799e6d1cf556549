"""A room as the text of a file, and a room that goes on from one: what was decided and answered, not what came of
it."""

from __future__ import annotations

from dataclasses import asdict
from typing import TYPE_CHECKING

from dashboard.workshop import saving
from dashboard.workshop.asking import stop_all
from dashboard.workshop.futures import Future, scenario_of
from dashboard.workshop.naming import clean_name
from dashboard.workshop.predictions import Asked
from dashboard.workshop.purse import Purse
from dashboard.workshop.script import load_script, parse_script, shipped_scripts
from dashboard.workshop.values import made_again
from dashboard.workshop.values import written as written_parameters
from sim.engine.compiling import this_model
from sim.engine.problems import InputError

if TYPE_CHECKING:
    from dashboard.workshop.room import Room


def saved(room: Room) -> str:
    """The session as the text of a file; empty: none has begun."""
    with room.lock:
        if not room.begun:
            return ""
        futures = []
        for future in room.futures.all.values():
            decisions = [
                {name: value for name, value in asdict(each).items() if value not in (None, {}) and name != "end"}
                for each in future.decisions
            ]
            futures.append(
                {
                    "id": future.id,
                    "name": future.name,
                    **({"parent": future.parent} if future.parent else {}),
                    "parted": future.parted,
                    "reached": future.reached,
                    "decisions": decisions,
                }
            )
        purse = room.futures.purse
        data = {
            "samenspel_session": 1,
            "saved": saving.now(),
            "model": this_model(),
            "parameters": written_parameters(room.parameters),
            "world": room.story.stamp,
            "script": room.source,
            "story": room.story.id,
            "step": room.step,
            "position": room.position,
            "names": dict(room.naming.own),
            **({"purse": [purse.hours, purse.euros]} if purse else {}),
            "futures": futures,
            "questions": [
                {
                    "question": asked.question.id,
                    "future": asked.future,
                    "position": asked.position,
                    "open": asked.open,
                    "shown": asked.shown,
                    "phones": dict(asked.phones),
                    "hands": dict(asked.hands),
                }
                for asked in room.asked
                if asked.story == room.story.id
            ],
        }
    return saving.written(data)


def restore(room: Room, kept: saving.Saved) -> None:
    """Go on with a saved session, at the same month with the same luck. Raises `InputError`; the room is then as
    it was."""
    script = load_script(kept.script) if isinstance(kept.script, str) else parse_script(kept.script, "session")
    if isinstance(kept.script, str) and kept.script not in shipped_scripts():
        raise InputError("session", "script", "is not a shipped session", "is geen meegeleverde werksessie")
    stories = {each.id: each for each in script.stories}
    if kept.story not in stories:
        raise InputError("session", "story", f"'{kept.story}' is not in the session", "staat niet in de werksessie")
    if kept.futures[0].parent is not None or len({each.id for each in kept.futures}) < len(kept.futures):
        raise InputError("session", "futures", "do not hang together", "hangen niet samen")
    parameters = made_again(kept.parameters)
    if kept.world != stories[kept.story].stamp:
        raise InputError(
            "session", "world",
            "this version tells the story in another municipality or with other luck; begin the session anew",
            "in deze versie speelt het verhaal in een andere gemeente of met ander toeval; begin de sessie opnieuw",
        )  # fmt: skip
    fresh = type(room)(room.code, room.pool, room.key)
    fresh.begin(script, kept.script, parameters)
    fresh.enter(stories[kept.story])
    ground = fresh.ground
    futures = fresh.futures
    futures.all = {}
    for each in kept.futures:
        decisions = tuple(one.decision() for one in each.decisions)
        chronicle = ground.live(scenario_of("workshop", decisions), [ground.start])
        futures.number = max([futures.number, *(one.number for one in decisions)])
        futures.all[each.id] = Future(
            each.id, dict(each.name), each.parent, min(each.parted, ground.months), decisions, chronicle,
            min(each.reached, ground.months),
        )  # fmt: skip
    futures.purse = None if kept.purse is None else Purse(*kept.purse)
    fresh.naming.own.update({node: clean_name(name) for node, name in kept.names.items()})
    known = {each.id for each in script.questions}
    for put in kept.questions:
        if put.question not in known or put.future not in futures.all or put.position > ground.months:
            raise InputError("session", "questions", "do not fit the session", "passen niet bij de werksessie")
        question = script.question(put.question).question(fresh.naming)
        if question.against is None or question.against in futures.all:
            fresh.asked.append(
                Asked(
                    question, put.future, put.position, put.open, dict(put.phones), dict(put.hands), put.shown,
                    kept.story,
                )
            )  # fmt: skip
    stop_all(room)
    for name in ("script", "source", "parameters", "story", "futures", "naming", "asked"):
        setattr(room, name, getattr(fresh, name))
    room.weighed = {}
    room.step = min(kept.step, len(script.steps) - 1)
    room.position = min(kept.position, ground.months)
    room.cast = room.departures()
    room.moved += 1
    room.changed += 1
    if kept.model != this_model():
        room.notice = {"key": "workshop.notice.other_model", "values": {}}
