"""Text and numbers in the reader's language.

All text stands in gettext catalogues, `i18n/<language>/<room>.po`, one a room of the dashboard, with the same keys in
both languages; any translation tool can edit them. Numbers and dates follow the language's own conventions (Babel).
"""

from collections.abc import Mapping
from datetime import date
from functools import cache, lru_cache
from pathlib import Path

from babel import Locale
from babel.dates import format_date
from babel.messages.pofile import read_po
from babel.numbers import format_decimal

LANGUAGES = ("nl", "en")
DEFAULT_LANGUAGE = "nl"
CATALOGUES = Path(__file__).parent / "i18n"


@cache
def catalogue(language: str) -> Mapping[str, str]:
    """All text of one language, by key. Raises `KeyError` for a language that is not there, and `ValueError` for a key
    that stands in two rooms.
    """
    if language not in LANGUAGES:
        raise KeyError(language)
    found: dict[str, str] = {}
    for file in sorted((CATALOGUES / language).glob("*.po")):
        with file.open("rb") as opened:
            for message in read_po(opened, locale=language, abort_invalid=True):
                if message.id in found:
                    raise ValueError(f"{file.name}: {message.id}: stands in another file too; once is allowed")
                if message.id:
                    found[str(message.id)] = str(message.string)
    return found


def text(language: str, key: str, **values: object) -> str:
    """The text under a key, with `{name}` filled in. Raises `KeyError` for a key or value that is missing."""
    template = catalogue(language)[key]
    return template.format(**values) if values else template


def plural(language: str, key: str, count: float, /, **values: object) -> str:
    """The text under a key, or what stands under `<key>.one` when it is about one."""
    return text(language, f"{key}.one" if count == 1 else key, **values)


def named(words: Mapping[str, str], language: str) -> str:
    """A name or description from a data file, in the language asked for or else in the first one there is."""
    return words.get(language) or next(iter(words.values()))


def within_sentence(name: str) -> str:
    """A name as it stands inside a sentence: without its first capital, unless it is an abbreviation."""
    return name if len(name) < 2 or name[1].isupper() else name[0].lower() + name[1:]


def rounded(value: float, digits: int = 2) -> float:
    """A value to so many significant digits; fractions keep two decimals at most.

    2,874 homes would promise more than the model knows, so it becomes 2,900.
    """
    if value == 0 or value != value:
        return value
    exponent = len(str(int(abs(value)))) if abs(value) >= 1 else 0
    return round(value, digits - exponent) if exponent > digits else round(value, 0 if abs(value) >= 10 else 2)


def number(language: str, value: float, decimals: int | None = None, *, signed: bool = False) -> str:
    """A number as that language writes it, with a real minus sign; `niet gemeten` when there is none.

    decimals: how many at most; by default as many as make sense for its size. signed: also show the plus sign.
    """
    if value != value:
        return text(language, "number.missing")
    if decimals is None:
        decimals = 0 if abs(value) >= 10 or value == round(value) else 1 if abs(value) >= 1 else 2
    return _written(language, value, decimals, "#" * decimals, signed)


def fixed(language: str, value: float, decimals: int = 2, *, signed: bool = False) -> str:
    """A number with so many decimals, also where they are zero: for numbers that are read side by side.

    signed: also show the plus sign.
    """
    if value != value:
        return text(language, "number.missing")
    return _written(language, value, decimals, "0" * decimals, signed)


def _written(language: str, value: float, decimals: int, places: str, signed: bool) -> str:
    shown = round(value, decimals)
    sign = "−" if shown < 0 else "+" if signed and shown > 0 else ""
    return sign + _digits(language, abs(shown), places)


@lru_cache(maxsize=20_000)
def _digits(language: str, value: float, places: str) -> str:
    return format_decimal(value, format=f"#,##0.{places}", locale=locale_of(language))


@cache
def locale_of(language: str) -> Locale:
    """Babel's locale, made once: making one takes a lock that threads would stand in line for, at every number."""
    return Locale.parse(language)


def month_name(language: str, month: str, *, short: bool = True) -> str:
    """`2027-01` as `jan. 2027` or `januari 2027`."""
    year, number_of_month = (int(part) for part in month.split("-"))
    return format_date(date(year, number_of_month, 1), "MMM y" if short else "MMMM y", locale=locale_of(language))


def end_of(language: str, month: str) -> str:
    """The end of a month in words: `eind 2034` for a December, `eind maart 2030` otherwise."""
    year, number_of_month = month.split("-")
    when = year if number_of_month == "12" else month_name(language, month, short=False)
    return text(language, "date.end_of", when=when)
