"""A question as the page shows it, with its answers and what came of it: here, and in many worlds."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING, Any

from dashboard.language import month_name, number, plural, text, within_sentence
from dashboard.workshop.calling import future_name
from dashboard.workshop.measures import MEASURES
from dashboard.workshop.places import filled_in
from dashboard.workshop.predictions import NOBODY, Asked, Spread
from dashboard.workshop.telling import capital

if TYPE_CHECKING:
    from dashboard.workshop.asking import Weighed
    from dashboard.workshop.room import Room

Data = dict[str, Any]
SURPRISING, RARE, USUAL, FIRM = 0.05, 0.2, 0.5, 0.75


def question_of(room: Room, language: str) -> Data | None:
    asked = room.current
    if asked is None:
        return None
    index = len(room.asked) - 1
    weighed = room.weighed.get(index)
    counts = asked.counts()
    total = sum(counts.values())
    question = asked.question
    departures = room.departures(asked.future, asked.position)
    future = room.futures.all.get(asked.future)
    return {
        "number": index,
        "id": question.id,
        "words": capital(filled_in(question.words[language], room.naming, departures, language)),
        "who": question.who,
        "future": future_name(future, language) if future else "",
        "when": text(
            language,
            "workshop.question.when",
            now=month_name(language, room.ground.month_name(asked.position)),
            months=question.months,
        ),
        "position": asked.position,
        "end": min(asked.end, room.ground.months),
        "open": asked.open,
        "shown": asked.shown,
        "total": total,
        "phones": len(asked.phones),
        "about": None if question.about is None else f"i{question.about}",
        "options": [
            {
                "id": option.id,
                "mark": option.id if len(option.id) == 1 else str(place + 1),
                "words": filled_in(option.words[language], room.naming, departures, language),
                "count": counts[option.id],
                "hands": asked.hands.get(option.id, 0),
                "share": counts[option.id] / total if total else 0,
                "right": bool(weighed and weighed.outcome.option == option.id),
                "luck": weighed.luck.share(option.id) if weighed and weighed.luck else None,
                "worlds": weighed.luck.counts.get(option.id, 0) if weighed and weighed.luck else None,
            }
            for place, option in enumerate(question.options)
        ],
        "weighed": _weighed(room, asked, weighed, departures, language) if weighed and asked.shown else None,
    }


def _weighed(room: Room, asked: Asked, weighed: Weighed, departures: dict[str, int], language: str) -> Data:
    measure = MEASURES[asked.question.measure]
    spread = weighed.luck
    marks = marks_of(asked)
    option = next(each for each in asked.question.options if each.id == weighed.outcome.option)
    answer = filled_in(option.words[language], room.naming, departures, language)
    if not asked.question.who or option.id == NOBODY:  # the name of an initiative keeps its capital
        answer = in_a_sentence(answer)
    value = "" if asked.question.who else answer_value(asked, weighed.outcome.value, language)
    counts = asked.counts()
    made: Data = {
        "here": text(
            language, "workshop.outcome.here" if value else "workshop.outcome.here_who", mark=marks[option.id],
            answer=answer, value=value,
        ),
        "room": plural(
            language, "workshop.outcome.room", counts[option.id], chose=counts[option.id], total=sum(counts.values())
        ) if sum(counts.values()) else "",
        "running": weighed.running,
        "worlds": spread.worlds if spread else 0,
        "many": "",
        "sentence": "",
        "where": "",
        "unknown": text(language, "workshop.many.no_posterior"),
    }  # fmt: skip
    if spread is not None:
        told = ", ".join(f"{name} {count}" for name, count in counted(room, asked, spread, departures, language))
        made["many"] = text(language, "workshop.outcome.many", worlds=spread.worlds, counts=told)
        made["sentence"] = text(language, f"workshop.many.{surprise(spread, weighed.outcome.option)}")
        made["where"] = "" if asked.question.who else where(spread, measure.unit, language)
        made["dots"] = None if asked.question.who else dots(spread, weighed.outcome.value, measure.unit, language)
    if weighed.unknown is not None:
        made["unknown"] = text(
            language, "workshop.many.unknown",
            same=number(language, 100 * weighed.unknown.share(weighed.outcome.option), 0),
        )  # fmt: skip
    return made


def counted(
    room: Room, asked: Asked, spread: Spread, departures: dict[str, int], language: str
) -> list[tuple[str, int]]:
    """In how many worlds each answer came out: by its letter, and by name (the most first, those that never did left
    out) for the question who."""
    marks, options = marks_of(asked), asked.question.options
    if not asked.question.who:
        return [(marks[each.id], spread.counts.get(each.id, 0)) for each in options]
    names = {each.id: filled_in(each.words[language], room.naming, departures, language) for each in options}
    return [(names[each], count) for each, count in sorted(spread.counts.items(), key=lambda one: -one[1]) if count]


def in_a_sentence(answer: str) -> str:
    """An answer as it stands inside a sentence: no capital, and without the range that stands behind it."""
    plain = re.sub(r" \([^)]*\)$", "", answer)
    return "één" + plain[3:] if plain.startswith("Eén") else within_sentence(plain)


def answer_value(asked: Asked, value: float, language: str) -> str:
    """The number behind an answer: with a sign for a difference, and with a digit more where it would otherwise read
    as the bound of another answer."""
    unit = MEASURES[asked.question.measure].unit
    close = unit == "share" and any(
        abs(round(value, 2)) == abs(option.below) and value != option.below for option in asked.question.options
    )
    return amount(language, value, unit, digits=3 if close else None, signed=asked.question.against is not None)


def marks_of(asked: Asked) -> dict[str, str]:
    """The letter or the number that stands before each answer."""
    return {
        option.id: option.id if len(option.id) == 1 else str(place + 1)
        for place, option in enumerate(asked.question.options)
    }


def bare(language: str, value: float, unit: str, digits: int | None = None, *, signed: bool = False) -> str:
    """A number without its unit."""
    if value in (float("inf"), float("-inf")):
        return text(language, "workshop.unit.never")
    usual = 2 if unit in ("share", "phases") else 0
    return number(
        language, value, usual if digits is None else digits, signed=signed or unit in ("share", "phases")
    )  # fmt: skip


def amount(language: str, value: float, unit: str, digits: int | None = None, *, signed: bool = False) -> str:
    """A number with its unit."""
    written = bare(language, value, unit, digits, signed=signed)
    one = ".one" if written.lstrip("+−") == "1" and unit != "share" else ""
    return written if abs(value) == float("inf") else text(language, f"workshop.unit.{unit}{one}", value=written)


def surprise(spread: Spread, option: str) -> str:
    """In a word how surprising this world's answer was, among worlds with other luck."""
    share = spread.share(option)
    most = max(spread.counts.values())
    if share < SURPRISING:
        return "very"
    if share < RARE:
        return "rather"
    if spread.counts.get(option, 0) < most:
        return "some"
    return "usual" if share >= FIRM else "often" if share >= USUAL else "most"


def where(spread: Spread, unit: str, language: str) -> str:
    """Between which numbers the middle half of the worlds lies; empty when that is one number."""
    values = sorted(spread.values)
    low, high = values[len(values) // 4], values[(3 * len(values)) // 4]
    if bare(language, low, unit) == bare(language, high, unit):
        return ""
    return text(language, "workshop.many.where", low=bare(language, low, unit), high=amount(language, high, unit))


def dots(spread: Spread, value: float, unit: str, language: str) -> Data | None:
    """The worlds as a histogram of at most 24 columns: share of the highest, whether this world is in it, and what
    stands under its ends. None: all worlds give one number, or none."""
    finite = [each for each in spread.values if abs(each) != float("inf")]
    if not finite or min(finite) == max(finite) or abs(value) == float("inf"):
        return None
    low, high = min(*finite, value) if len(finite) > 1 else finite[0], max(*finite, value)
    distinct = sorted(set(finite) | {value})
    whole = all(float(each).is_integer() for each in distinct)
    columns = int(high - low) + 1 if whole and high - low < 24 else 20
    width = 1.0 if whole and high - low < 24 else (high - low) / columns or 1.0
    counts = [0] * columns
    for each in finite:
        counts[min(columns - 1, int((each - low) / width))] += 1
    here = min(columns - 1, max(0, int((value - low) / width)))
    most = max(counts)
    return {
        "columns": [
            {"height": count / most, "count": count, "here": place == here} for place, count in enumerate(counts)
        ],
        "low": bare(language, low, unit),
        "high": amount(language, high, unit),
    }
