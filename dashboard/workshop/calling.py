"""What futures and decisions are called."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from dashboard.language import LANGUAGES, named, number, text
from dashboard.workshop.futures import LETTERS, Decision, Future, RefusedChangeError
from sim.levers import LEVERS
from sim.shocks import SHOCKS

if TYPE_CHECKING:
    from dashboard.workshop.room import Room


def future_name(future: Future, language: str) -> str:
    """The name of a future, or what its letter stands for."""
    given = named(future.name, language) if future.name else ""
    return given or text(language, f"workshop.future.{future.id}")


def decision_name(room: Room, decision: Decision, language: str, future: str = LETTERS[0]) -> str:
    """A decision in a few words: what, about whom (who held the post then, for what happens to a post), and which
    amounts are other than usual."""
    entry: Any = (SHOCKS if decision.kind == "shock" else LEVERS)[decision.what]
    name: str = getattr(entry.name, language)
    row = decision.scope.get("initiative")
    told = [whom_of(room, future, decision, language)] if isinstance(row, int) else []
    told += [  # amounts only, no choices between two
        f"{number(language, decision.options[each])} {getattr(option.unit, language)}"
        for each, option in getattr(entry, "options", {}).items()
        if option.maximum > 1 and decision.options.get(each, option.default) != option.default
    ]
    if told:
        name += f" ({', '.join(told)})"
    if decision.kind == "lever" and decision.intensity == 0:
        return text(language, "workshop.lever_ends", name=name)
    return name


def whom_of(room: Room, future: str, decision: Decision, language: str) -> str:
    """Whom a decision is about, by name: for what happens to a post its holder then, else the initiative; empty:
    everybody."""
    row = decision.scope.get("initiative")
    if not isinstance(row, int):
        return ""
    if decision.kind == "shock" and SHOCKS[decision.what].level == "post":
        post = int(room.ground.contacts[row])
        gone = room.departures(future, room.ground.position(decision.month))[f"p{post}"]
        return room.naming.person(f"p{post}", gone, language)
    return room.naming.initiative(row)


def label_with(values: dict[str, Any]) -> dict[str, str]:
    """What a future is called that is put beside another for one more decision."""
    found: Any = (SHOCKS if values["kind"] == "shock" else LEVERS)[values["what"]]
    ends = values["kind"] == "lever" and values.get("intensity") == 0
    key = "workshop.without.other" if ends else "workshop.with"
    return {language: text(language, key, name=getattr(found.name, language)) for language in LANGUAGES}


def label_without(room: Room, future: str, number: int) -> dict[str, str]:
    """What a future without one decision is called."""
    found = next((each for each in room.futures[future].decisions if each.number == number), None)
    if found is None:
        raise RefusedChangeError("workshop.refused.no_decision")
    label = {}
    for language in LANGUAGES:
        whom = whom_of(room, future, found, language)
        if found.what == "official_leaves" and whom:
            label[language] = text(language, "workshop.without.departure", name=whom.split(" ", 1)[-1])
        else:
            entry: Any = (SHOCKS if found.kind == "shock" else LEVERS)[found.what]
            label[language] = text(language, "workshop.without.other", name=getattr(entry.name, language))
    return label
