"""Text and numbers of the report in the reader's language, from gettext catalogues with the same keys in each."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path

from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("nl", "en")
CATALOGUES = Path(__file__).parent / "texts"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All text of one language, by key. Raises `KeyError` for a language that is not there."""
    if language not in LANGUAGES:
        raise KeyError(language)
    with (CATALOGUES / language / "report.po").open("rb") as file:
        messages = read_po(file, locale=language, abort_invalid=True)
    return {str(message.id): str(message.string) for message in messages if message.id}


def text(language: str, key: str, **values: object) -> str:
    """The text under a key, with `{name}` filled in. Raises `KeyError` for a key or value that is missing."""
    template = catalogue(language)[key]
    return template.format(**values) if values else template


def text_or(language: str, key: str, otherwise: str) -> str:
    """The text under a key, or something else: for names that another researcher may add."""
    return catalogue(language).get(key, otherwise)


def number(language: str, value: float, digits: int = 0, *, signed: bool = False) -> str:
    """A number as the language writes it, with exactly so many decimals."""
    rounded = round(float(value), digits) + 0.0
    shown = format_decimal(abs(rounded), format=f"#,##0.{'0' * digits}" if digits else "#,##0", locale=language)
    sign = "−" if rounded < 0 else "+" if signed and rounded > 0 else ""
    return sign + shown


def significant(language: str, value: float, digits: int = 3) -> str:
    """A number with so many digits that count."""
    short = float(f"{value:.{digits}g}")
    return ("−" if short < 0 else "") + format_decimal(abs(short), format="#,##0.######", locale=language)


def percent(language: str, share: float) -> str:
    """A share (0-1) as a whole percentage."""
    return text(language, "percent", value=number(language, 100.0 * share))


def listed(language: str, names: list[str]) -> str:
    """Names in a row, with *and* before the last."""
    if len(names) < 2:
        return "".join(names)
    return text(language, "list.and", most=", ".join(names[:-1]), last=names[-1])
