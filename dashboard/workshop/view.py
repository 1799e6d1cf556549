"""What the page shows of a room, as plain data in the reader's language: three parts, so that what is heavy (the runs
and the log) is only sent when it changed."""

from __future__ import annotations

from functools import cache
from typing import Any

from dashboard.language import catalogue, month_name, number, text
from dashboard.workshop.calling import decision_name, future_name
from dashboard.workshop.following import claims_hold, step_done
from dashboard.workshop.frames import frames, layout
from dashboard.workshop.futures import LETTERS, MOST_FUTURES, Decision, Future
from dashboard.workshop.naming import LONGEST_NAME
from dashboard.workshop.places import filled_in
from dashboard.workshop.purse import price
from dashboard.workshop.room import Room
from dashboard.workshop.rooms import ROOMS
from dashboard.workshop.script import shipped_scripts
from dashboard.workshop.telling import Teller, capital, parted
from dashboard.workshop.weighing import question_of
from sim.comparison import Parameters
from sim.engine.months import add_months, months_between
from sim.evidence.parameters import CALIBRATED
from sim.levers import LEVERS
from sim.shocks import SHOCKS

Data = dict[str, Any]
# What a room thinks of first stands in front; the others follow in a list.
EVENTS_FIRST = ("official_leaves", "election", "subsidy_stops", "alderman_falls")
MEASURES_FIRST = ("broad_embedding", "regular_meetings", "concrete_agreements", "structural_funding")
PACE = {1: 1.0, 2: 3.0, 3: 8.0}  # months a second, by the speed that the leader chose


def words(language: str) -> dict[str, str]:
    """All fixed words of the page, by the last part of their key."""
    prefix = "workshop.ui."
    return {key.removeprefix(prefix): value for key, value in catalogue(language).items() if key.startswith(prefix)}


def start(language: str, notice: str = "") -> Data:
    """The page before a session was chosen."""
    return {
        "screen": "start",
        "language": language,
        "words": words(language),
        "scripts": [
            {
                "id": script.id,
                "title": getattr(script.title, language),
                "summary": getattr(script.summary, language),
                "minutes": text(language, "workshop.minutes", minutes=script.minutes),
            }
            for script in shipped_scripts().values()
        ],
        "notice": notice,
        "phones": bool(ROOMS.phones_at),
        "key": "",
        "code": "",
    }


def locked(language: str) -> Data:
    """The page for somebody without the leader's token."""
    return {"screen": "locked", "language": language, "words": words(language)}


def notice(room: Room, language: str) -> str:
    """The sentence about what could not be done; empty: nothing went wrong."""
    told = room.notice
    if told is None:
        return ""
    if "error" in told:
        return str(told["error"].sentence(language))
    values = {name: number(language, value) if isinstance(value, int | float) else value
              for name, value in told["values"].items()}  # fmt: skip
    if "field" in values:
        values["field"] = text(language, str(values["field"]))
    if room.begun and values.get("future") in room.futures.all:
        values["future"] = future_name(room.futures[str(values["future"])], language)
    return text(language, told["key"], **values)


def footing(parameters: Parameters, language: str) -> str:
    """At which parameter values a session runs, in a sentence."""
    kind = "fit" if parameters.calibrated else "prior"
    return text(language, f"workshop.footing.{kind}", count=len(CALIBRATED), hash=parameters.described().hash)


def shown(room: Room, language: str) -> Data:
    """Everything but the runs and the log."""
    if not room.begun:
        return {**start(language, notice(room, language)), "key": room.key, "code": room.code}
    assert room.script is not None
    naming, ground = room.naming, room.ground

    def told(words: Any, place: int | None = None) -> str:
        called, cast = (naming, room.cast) if place is None else (room.naming_at(place), room.cast_at(place))
        return capital(filled_in(getattr(words, language), called, cast, language))

    return {
        "screen": "room",
        "language": language,
        "words": words(language),
        "key": room.key,
        "code": room.code,
        "script": room.script.id,
        "title": told(room.script.title),
        "story": told(room.story.title),
        "position": room.position,
        "months": ground.months,
        "month_names": month_names(language, ground.month_name(0), ground.months, short=False),
        "month_short": month_names(language, ground.month_name(0), ground.months, short=True),
        "play": room.play,
        "by": room.by,
        "look": room.look,
        "pace": PACE,
        "moved": room.moved,
        "acted": room.acted,
        "changed": room.changed,
        "names": _names(room, language),
        "longest_name": LONGEST_NAME,
        "futures": [_future(room, each, language) for each in room.futures.all.values()],
        "most_futures": MOST_FUTURES,
        "purse": _purse(room, language),
        "palette": _palette(room, language),
        "footing": footing(room.parameters, language),
        "step": room.step,
        "steps": [
            {
                "title": told(step.title, place),
                "minutes": number(language, step.minutes),
                "say": told(step.say, place),
                "do": told(step.do, place) if step.do else "",
                "acts": bool(step.story or step.go_to or step.part or step.decide or step.question),
                "play_to": ground_position(room, step.play_to),
                "kind": _kind(step),
                "label": label(step, language),
                "asks": told(room.script.question(str(step.question)).words, place) if step.asks else "",
                "question": step.question or "",
                "plays": played_months(room, step) if place == room.step else 0,
                "from": month_name(language, _shown_from(room, step), short=False) if place == room.step else "",
                "until": month_name(language, step.play_to, short=False) if step.play_to else "",
                "done": place == room.step and step_done(room),
                "otherwise": place == room.step and step_done(room) and not claims_hold(room),
            }
            for place, step in enumerate(room.script.steps)
        ],
        "questions": [{"id": each.id, "words": told(each.words)} for each in room.script.questions],
        "question": question_of(room, language),
        "phones": _phones(room),
        "early": not room.asked,
        "notice": notice(room, language),
        "confirm": _confirm(room, language),
        "saved": room.saved(),
    }


@cache
def month_names(language: str, first: str, months: int, *, short: bool) -> list[str]:
    """The names of a month and of those after it."""
    return [month_name(language, add_months(first, at), short=short) for at in range(months + 1)]


def ground_position(room: Room, month: str | None) -> int | None:
    """The position after a month has been lived through; None: no month, or one this story does not have."""
    if month is None:
        return None
    position = room.ground.position(month) + 1
    return position if 0 <= position <= room.ground.months else None


def _shown_from(room: Room, step: Any) -> str:
    """The month that the page shows when the step's months begin to go by."""
    assert room.script is not None
    here = room.ground.month_name(room.position)
    if step.story is not None and step.story != room.story.id:
        here = add_months(room.script.story(step.story).begin, -1)
    if step.go_to is not None:
        here = add_months(step.go_to, -1)
    if step.part is not None and not step_done(room):
        here = min(here, add_months(step.part.month, -1))
    return here


def played_months(room: Room, step: Any) -> int:
    """How many months go by in a step."""
    here = _shown_from(room, step)
    asked = room.current
    until = step.play_to
    if until is None and step.question and not step.asks and asked is not None:
        until = room.ground.month_name(min(asked.end, room.ground.months))
    return max(0, months_between(here, until)) if until else 0


def _kind(step: Any) -> str:
    return (
        "story" if step.story else "many" if step.many else "show" if step.show else "question" if step.question
        else "part" if step.part else "decide" if step.decide else "play" if step.play_to else ""
    )  # fmt: skip


def label(step: Any, language: str) -> str:
    """What stands on the button of a step."""
    kind = _kind(step)
    return text(language, f"workshop.step.{kind}") if kind else ""


def _names(room: Room, language: str) -> Data:
    """Names of initiatives, and of all who will ever hold a seat by how many left before them, in any future."""
    naming, start = room.naming, room.ground.start
    most: dict[str, int] = {}
    for future in room.futures.all.values():
        last = future.chronicle.states[-1]
        for kind, table in (("p", last.posts), ("a", last.aldermen)):
            for row, gone in enumerate(table["departures"]):
                most[f"{kind}{row}"] = max(most.get(f"{kind}{row}", 0), int(gone))
    return {
        "initiatives": [naming.initiative(row) for row in range(len(start.initiatives))],
        "seats": {
            node: [naming.person(node, gone, language) for gone in range(count + 1)] for node, count in most.items()
        },
        "short": {
            node: [_short(naming.person(node, gone, language), node in naming.own) for gone in range(count + 1)]
            for node, count in most.items()
        },
        "own": dict(naming.own),
    }


def _short(name: str, own: bool) -> str:
    """A name as it stands on the map: without the title that all generated names have."""
    return name if own else name.split(" ", 1)[-1]


def _future(room: Room, future: Future, language: str) -> Data:
    parent = room.futures.all.get(future.parent or "")
    first = None
    if parent is not None:
        first = parted(room.told(parent).events, room.told(future).events)
    return {
        "id": future.id,
        "name": future_name(future, language),
        "parent": future.parent,
        "parted": future.parted,
        "first": first,
        "decisions": [_decision(room, future, each, language) for each in future.decisions],
    }


def _decision(room: Room, future: Future, decision: Decision, language: str) -> Data:
    return {
        "number": decision.number,
        "kind": decision.kind,
        "position": room.ground.position(decision.month),
        "name": decision_name(room, decision, language, future.id),
        "month": month_name(language, decision.month),
    }


def _purse(room: Room, language: str) -> Data:
    purse = room.futures.purse
    if purse is None:
        return {"set": False, "times": room.pursed}
    month = room.ground.month_name(min(room.position + 1, room.ground.months))
    left = []
    for future in room.futures.all.values():
        rest = purse - room.futures.spent(future.decisions, month)
        left.append(
            {
                "id": future.id,
                "name": future_name(future, language),
                "hours": rest.hours,
                "euros": rest.euros,
                "words": text(
                    language, "workshop.purse.left", hours=number(language, rest.hours, 0),
                    euros=number(language, rest.euros, 0),
                ),
                "brief": text(
                    language, "workshop.purse.brief", hours=number(language, rest.hours, 0),
                    euros=number(language, rest.euros, 0),
                ),
            }
        )  # fmt: skip
    return {"set": True, "times": room.pursed, "hours": purse.hours, "euros": purse.euros, "left": left}


def _palette(room: Room, language: str) -> Data:
    layout = room.ground.stage.layout
    posts: dict[int, int] = {}
    for row, post in enumerate(room.ground.contacts.tolist()):
        posts.setdefault(int(post), row)
    rank = {name: place for place, name in enumerate((*EVENTS_FIRST, *MEASURES_FIRST))}

    def entry(kind: str, each: Any, level: str) -> Data:
        made = {
            "kind": kind,
            "id": each.id,
            "name": getattr(each.name, language),
            "meaning": getattr(each.meaning, language),
            "unit": getattr(each.unit, language),
            "minimum": each.minimum,
            "maximum": each.maximum,
            "step": each.step,
            "default": each.default,
            "level": level,
            "evidence": each.evidence,
            "badge": text(language, f"badge.{each.evidence}"),
            "first": each.id in rank,
            "options": [],
            "lasts": False,
        }
        if kind == "shock":
            return {**made, "lasts": each.lasts, "months": each.default_months}
        unit = {
            "all": price(each.id, 1.0, {}, {}, layout),
            "one": price(each.id, 1.0, {}, {"initiative": 0}, layout) if level == "initiative" else None,
        }
        made["price"] = {name: [one.hours, one.euros] if one else None for name, one in unit.items()}
        made["options"] = [
            {
                "id": name,
                "meaning": getattr(option.meaning, language),
                "unit": getattr(option.unit, language),
                "minimum": option.minimum,
                "maximum": option.maximum,
                "step": option.step,
                "default": option.default,
            }
            for name, option in each.options.items()
        ]
        return made

    found = [entry("shock", each, each.level) for each in SHOCKS.values()]
    found += [entry("lever", each, each.level) for each in LEVERS.values()]
    found.sort(key=lambda each: (rank.get(each["id"], 99), each["name"]))
    return {
        "events": [each for each in found if each["kind"] == "shock"],
        "measures": [each for each in found if each["kind"] == "lever"],
        "post_rows": {f"p{post}": row for post, row in sorted(posts.items())},
    }


def _phones(room: Room) -> Data:
    at = ROOMS.phones_at
    if not at:
        return {"on": False, "joined": 0}
    address = f"{at}/{room.code}"
    return {"on": True, "joined": len(room.phones), "address": address.removeprefix("http://"), "qr": qr(address)}


_CODES: dict[str, str] = {}


def qr(address: str) -> str:
    """A QR code as an SVG path's data, in modules."""
    if address not in _CODES:
        import segno

        rows = list(segno.make(address, error="m", micro=False).matrix)
        size = len(rows)
        path = "".join(f"M{x} {y}h1v1h-1z" for y, row in enumerate(rows) for x, dark in enumerate(row) if dark)
        if len(_CODES) > 100:
            _CODES.clear()
        _CODES[address] = f"{size}|{path}"
    return _CODES[address]


def _confirm(room: Room, language: str) -> Data | None:
    if room.confirm is None:
        return None
    values = room.confirm["values"]
    if "month" in room.confirm:
        there, here = (month_name(language, room.ground.month_name(at), short=False)
                       for at in (room.confirm["month"], room.position))  # fmt: skip
        kind = "decide" if room.confirm["what"] == "do_step" and not _asks_now(room) else "question"
        return {
            "words": text(language, f"workshop.confirm.{kind}", month=there, here=here),
            "go": text(language, "workshop.confirm.go", month=there),
            "here": text(language, f"workshop.confirm.{kind}_here", here=here),
        }
    position = values.get("position")
    month = room.ground.month_name(min((room.position if position is None else position) + 1, room.ground.months))
    reached = max(each.reached for each in room.futures.all.values())
    return {
        "words": text(
            language,
            "workshop.confirm",
            month=month_name(language, month, short=False),
            reached=month_name(language, room.ground.month_name(reached), short=False),
        ),
        "beside": len(room.futures.all) + len(room.parents_of(values)) <= MOST_FUTURES,
        "each": len(room.parents_of(values)) > 1,
    }


def _asks_now(room: Room) -> bool:
    assert room.script is not None
    return room.script.steps[room.step].asks


# The heavy parts -----------------------------------------------------------------------------------------------------


def runs(room: Room) -> Data:
    """All futures as bytes, with the layout of the map."""
    if not room.begun:
        return {"version": -1}
    packed: dict[int, Data] = {}
    futures = {}
    for future in room.futures.all.values():
        chronicle = future.chronicle
        if id(chronicle) not in packed:
            packed[id(chronicle)] = frames(chronicle)
        futures[future.id] = packed[id(chronicle)]
    return {"version": f"{room.key}-{room.changed}", "layout": layout(room.ground), "futures": futures}


def log(room: Room, language: str) -> list[Data]:
    """What happened in all futures, in order: what is the same in all stands once."""
    if not room.begun:
        return []
    teller = Teller(room.naming, language)
    found: dict[tuple[Any, ...], Data] = {}
    rank = {letter: place for place, letter in enumerate(LETTERS)}
    for future in room.futures.all.values():
        for decision in future.decisions:
            position = room.ground.position(decision.month) + 1
            sentence = decision_name(room, decision, language, future.id)
            row = decision.scope.get("initiative")
            nodes = [f"i{row}"] if isinstance(row, int) else []
            _add(found, position, ("decision", decision.kind, sentence), f"decided_{decision.kind}",
                 text(language, f"workshop.log.decided_{decision.kind}", name=sentence), nodes, future.id)  # fmt: skip
        for event in room.told(future).events:
            _add(
                found, event.position, event.identity, event.tone, teller.sentence(event), list(event.nodes), future.id
            )
    for future in room.futures.all.values():
        parent = room.futures.all.get(future.parent or "")
        if parent is None:
            continue
        first = parted(room.told(parent).events, room.told(future).events)
        if first is not None:
            sentence = text(
                language, "workshop.log.parted", first=future_name(parent, language),
                second=future_name(future, language),
            )  # fmt: skip
            _add(found, first, ("parted", future.id), "parted", sentence, [], future.id)
            found[(first, ("parted", future.id), sentence)]["futures"] = [parent.id, future.id]
    entries = list(found.values())
    for entry in entries:
        entry["futures"].sort(key=lambda letter: rank[letter])
    order = {"parted": 0, "decided_shock": 1, "decided_lever": 1}
    entries.sort(key=lambda each: (each["position"], order.get(each["tone"], 2)))
    return entries


def _add(
    found: dict[tuple[Any, ...], Data],
    position: int,
    identity: Any,
    tone: str,
    sentence: str,
    nodes: list[str],
    future: str,
) -> None:
    key = (position, identity, sentence)
    if key not in found:
        found[key] = {"position": position, "tone": tone, "text": sentence, "nodes": nodes, "futures": []}
    found[key]["futures"].append(future)
