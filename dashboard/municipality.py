"""The form for *my municipality*: few questions, with the usual answer for a municipality of its size already there.

What is left empty is as is usual for the size class (`sim.world.files.SIZE_DEFAULTS`). Every edit goes through the
reader of world files; what it refuses becomes a sentence, and the municipality stays as it was.
"""

import json
from collections import Counter
from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from dashboard import own
from dashboard.builder import AMBITIONS, Edited, RefusedEditError, month_in
from dashboard.language import number, plural, text
from dashboard.naming import words
from dashboard.numerals import typed_number
from dashboard.state import MINE, Choice

Data = dict[str, Any]
SIZES = {"small": 18_000, "medium": 55_000, "large": 180_000}  # inhabitants of the example of each size class
MATURITIES = ("starting", "building", "experienced")
NUMBERS = {"inhabitants": (500, 2_000_000), "staff_hours_per_month": (0, 20_000), "facilitators": (0, 100)}
WHOLE = ("inhabitants", "facilitators")
MOST = 40  # initiatives of one kind
LONGEST = 60


def text_of(choice: Choice) -> str:
    """The canonical text of the municipality that a choice is about, or of the usual one."""
    return choice.town or own.town(own.USUAL_TOWN)


def edited(choice: Choice, key: str, raw: str) -> Edited:
    """The municipality after one control was set.

    key: `size` (small, medium or large: start again from that example), `inhabitants`, `staff_hours_per_month`,
    `facilitators`, `direction_style`, `next_election`, `vision_adopted` (yes or no), or
    `initiatives/<ambition>/<maturity>` (how many).
    """
    raw, language = raw[:LONGEST], choice.language
    data: Data = json.loads(text_of(choice))
    if key == "size":
        data = {"inhabitants": SIZES[raw]}
    elif key in NUMBERS and not raw.strip() and key != "inhabitants":
        data.pop(key, None)
    elif key in NUMBERS or key == "direction_style":
        value = typed_number(language, raw)
        low, high = NUMBERS.get(key, (0, 1))
        if value is None or not low <= value <= high or (key in WHOLE and value != int(value)):
            return Edited(None, _not_a_number(language, key, raw, low, high, whole=key in WHOLE))
        data[key] = int(value) if key in WHOLE else value
    elif key == "next_election":
        try:
            data[key] = month_in(raw, key, replace(choice, world=MINE), label(key, language))
        except RefusedEditError as refused:
            return Edited(None, str(refused))
    elif key == "vision_adopted":
        data[key] = raw == "yes"
    elif key.startswith("initiatives/"):
        _, ambition, maturity = key.split("/")
        if ambition not in AMBITIONS or maturity not in MATURITIES:
            raise KeyError(key)
        value = typed_number(language, raw) if raw.strip() else 0.0
        if value is None or value != int(value) or not 0 <= value <= MOST:
            return Edited(None, _not_a_number(language, key, raw, 0, MOST, whole=True))
        counts = counted(choice)
        counts[ambition, maturity] = int(value)
        if not counts.total():
            return Edited(None, text(language, "town.fault_none"))
        data["initiatives"] = [
            {"ambition": ambition, "maturity": maturity}
            for ambition in AMBITIONS
            for maturity in MATURITIES
            for _ in range(counts[ambition, maturity])
        ]
    else:
        raise KeyError(key)
    try:
        return Edited(own.town(data))
    except ValueError as error:
        problem = getattr(error, "problem_nl" if language == "nl" else "problem", None)
        if problem is None:
            raise
        return Edited(None, text(language, "builder.fault", field=label(key, language), problem=problem))


def _not_a_number(language: str, key: str, raw: str, low: float, high: float, *, whole: bool) -> str:
    return text(
        language,
        "town.fault_empty" if not raw.strip() else "town.fault_whole" if whole else "town.fault_number",
        field=label(key, language),
        typed=own.cleaned(raw),
        low=number(language, low),
        high=number(language, high),
    )


def counted(choice: Choice) -> Counter[tuple[str, str]]:
    """How many initiatives there are of each ambition and maturity."""
    world = own.town_world(text_of(choice))
    return Counter((each.ambition, each.maturity) for each in world.initiatives)


def label(key: str, language: str) -> str:
    """What a control is called in a sentence."""
    if key.startswith("initiatives/"):
        _, ambition, maturity = key.split("/")
        return f"{text(language, f'ambition.{ambition}')}, {text(language, f'maturity.{maturity}')}"
    return text(language, f"town.{key}")


def summary(choice: Choice) -> str:
    """The municipality in one line."""
    world = own.town_world(text_of(choice))
    return plural(
        choice.language,
        "town.summary",
        len(world.initiatives),
        inhabitants=number(choice.language, world.inhabitants),
        initiatives=number(choice.language, len(world.initiatives)),
        hours=number(choice.language, world.staff_hours_per_month, 0),
    )


def municipality(choice: Choice, drafts: Mapping[str, tuple[str, str]] | None = None) -> Data:
    """What the form shows. drafts: by control, what was typed there that could not be, and the sentence on it."""
    language, drafts = choice.language, drafts or {}
    world, given = own.town_world(text_of(choice)), json.loads(text_of(choice))
    counts = counted(choice)

    def box(key: str, value: float | None, usual: float | None = None) -> Data:
        shown = "" if value is None else number(language, value, 2)
        return {
            "key": key,
            "label": label(key, language),
            "text": drafts[key][0] if key in drafts else shown,
            "usual": "" if usual is None else text(language, "town.usual", value=number(language, usual, 0)),
            "fault": drafts[key][1] if key in drafts else "",
        }

    usual = own.town_world(own.town({"inhabitants": world.inhabitants}))
    return {
        "sizes": [
            {"id": size, "name": text(language, f"size.{size}"), "on": world.size == size} for size in SIZES
        ],
        "boxes": [
            box("inhabitants", world.inhabitants),
            box("staff_hours_per_month", given.get("staff_hours_per_month"), usual.staff_hours_per_month),
            box("facilitators", given.get("facilitators"), usual.facilitators),
        ],
        "fte": text(language, "town.fte", fte=number(language, world.fte, 1)),
        "style": {"key": "direction_style", "value": world.direction_style, "label": label("direction_style", language),
                  "said": text(language, f"town.style_{_style(world.direction_style)}")},
        "election": {"key": "next_election", "label": label("next_election", language),
                     "text": drafts["next_election"][0] if "next_election" in drafts else world.next_election,
                     "fault": drafts["next_election"][1] if "next_election" in drafts else ""},
        "vision": {"key": "vision_adopted", "label": label("vision_adopted", language), "on": world.vision_adopted},
        "maturities": [text(language, f"maturity.{maturity}") for maturity in MATURITIES],
        "table": [
            {
                "name": text(language, f"ambition.{ambition}"),
                "cells": [
                    box(f"initiatives/{ambition}/{maturity}", counts[ambition, maturity]) for maturity in MATURITIES
                ],
            }
            for ambition in AMBITIONS
        ],
        "total": _total(language, len(world.initiatives)),
        "done": text(language, "builder.close"),
        "words": words(language, "town."),
    }  # fmt: skip


def _total(language: str, initiatives: int) -> str:
    """How many initiatives there are in all."""
    return plural(language, "town.total", initiatives, count=number(language, initiatives))


def _style(value: float) -> str:
    """In which third of the scale a style of direction lies."""
    return "absent" if value < 1 / 3 else "steering" if value > 2 / 3 else "facilitating"
