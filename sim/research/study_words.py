"""Words and numbers of a study in the reader's language, from gettext catalogues with the same keys in each.

Outcomes and groups are called what they are called on the page of the dashboard: its catalogues are read as data.
"""

from __future__ import annotations

import json
import math
from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

from sim.evidence.parameters import PARAMETERS

LANGUAGES = ("nl", "en")
OWN = Path(__file__).parent / "texts"
ROOT = Path(__file__).resolve().parent.parent.parent
PAGE = ROOT / "dashboard" / "i18n"
PAGE_ROOMS = ("indicators.po", "answer.po")
WORDS = ROOT / "docs" / "studies" / "words.json"


def _read(path: Path, language: str) -> dict[str, str]:
    with path.open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """The texts of studies in one language, by key. Raises `KeyError` for a language that is not there."""
    if language not in LANGUAGES:
        raise KeyError(language)
    return _read(OWN / language / "study.po", language)


@cache
def page_catalogue(language: str) -> Mapping[str, str]:
    """What the dashboard calls outcomes and groups, by key."""
    found: dict[str, str] = {}
    for room in PAGE_ROOMS:
        found |= _read(PAGE / language / room, language)
    return found


def text(language: str, key: str, **values: object) -> str:
    """The text under a key, with `{name}` filled in. Raises `KeyError` for a key or value that is missing."""
    template = catalogue(language)[key]
    return template.format(**values) if values else template


def outcome(language: str, indicator: str, part: str) -> str:
    """A word about an outcome: `name`, `what`, `is`, `less`, `even`, `unit.one` or `unit.many`."""
    return page_catalogue(language)[f"indicator.{indicator}.{part}"]


def group_place(language: str, group: str) -> str:
    """Where a group is, inside a sentence: `in kleine gemeenten`."""
    return page_catalogue(language)[f"groups.in.{group}"]


def within(name: str) -> str:
    """A name inside a sentence: without its first capital, unless it is an abbreviation."""
    return name if len(name) < 2 or name[1].isupper() else name[0].lower() + name[1:]


def capital(words: str) -> str:
    """Words at the start of a sentence."""
    return words[:1].upper() + words[1:]


def listed(language: str, names: list[str]) -> str:
    """Names in a row, with *and* before the last."""
    if len(names) < 2:
        return "".join(names)
    return text(language, "list.and", most=", ".join(names[:-1]), last=names[-1])


def rounded(value: float, digits: int = 2) -> float:
    """A value to so many digits that count: 2,874 homes would promise more than the model knows, so it is 2,900."""
    if value == 0 or value != value:
        return value
    return round(value, digits - 1 - math.floor(math.log10(abs(value))))


def number(language: str, value: float, *, signed: bool = False, digits: int = 2) -> str:
    """A number of two significant digits as the language writes it, with a real minus sign."""
    short = rounded(value, digits)
    sign = "−" if short < 0 else "+" if signed and short > 0 else ""
    return sign + str(format_decimal(abs(short), format="#,##0.####", locale=language))


def whole(language: str, value: float) -> str:
    """A whole number, in full."""
    return str(format_decimal(round(value), format="#,##0", locale=language))


def exactly(language: str, value: float) -> str:
    """A number from -1 to 1 with two decimals and its sign."""
    short = round(value, 2)
    sign = "−" if short < 0 else "+" if short > 0 else ""
    return sign + str(format_decimal(abs(short), format="0.00", locale=language))


def percent(language: str, share: float) -> str:
    """A share (0 to 1) as whole per cents."""
    return text(language, "percent", value=whole(language, 100.0 * share))


@cache
def everyday() -> Mapping[str, Any]:
    """Assumptions in everyday words (docs/studies/words.json), by the name of the parameter."""
    found: dict[str, Any] = json.loads(WORDS.read_text(encoding="utf-8"))
    return found


def assumption(language: str, name: str) -> tuple[str, str]:
    """An assumption in everyday words, and what more of it is: «hoe snel het werk gaat», «gaat dat sneller»."""
    own = everyday().get(name)
    if own is not None:
        return str(own["what"][language]), str(own["more"][language])
    meaning = str(PARAMETERS[name].meaning[language])
    return text(language, "unknown.what", meaning=meaning), text(language, "unknown.more")
