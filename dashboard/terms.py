"""The words that need explaining, on all pages: one list, `i18n/<language>/terms.po`, with a name and a meaning each,
and the outcomes, which the model's own files explain (their id is the indicator's).

A text marks a word with square brackets and the id of the term: `Het [vertrouwen](trust) groeit langzaam.` `pieces`
takes such a text apart; a template shows a piece that has a term as

    <button type="button" class="term" :data-term="piece.term">{{ piece.words }}</button>

and `static/terms.js` shows the meaning: on hover, on focus and on a tap, gone with Escape.
"""

import re
from functools import cache
from typing import TypedDict

from dashboard.language import DEFAULT_LANGUAGE, catalogue, named, text
from sim.indicators import INDICATORS

MARKED = re.compile(r"\[([^\[\]]+)\]\(([a-z_]+)\)")
TERMS: tuple[str, ...] = tuple(
    key.split(".")[1] for key in catalogue(DEFAULT_LANGUAGE) if key.startswith("term.") and key.endswith(".name")
)


class Piece(TypedDict):
    """A part of a text; `term` is empty where nothing is explained."""

    words: str
    term: str


@cache
def explained(language: str) -> dict[str, dict[str, str]]:
    """Name and meaning of every term and every outcome, by id."""
    outcomes = {
        indicator.id: {
            "name": text(language, f"indicator.{indicator.id}.name"),
            "meaning": named(indicator.meaning, language),
        }
        for indicator in INDICATORS.values()
    }
    terms = {term: {part: text(language, f"term.{term}.{part}") for part in ("name", "meaning")} for term in TERMS}
    return {**outcomes, **terms}


def pieces(marked: str) -> list[Piece]:
    """A text with marked words, taken apart. Raises `KeyError` for a term that is not in the list."""
    found: list[Piece] = []
    last = 0
    for match in MARKED.finditer(marked):
        words, term = match.groups()
        if term not in TERMS:
            raise KeyError(term)
        if match.start() > last:
            found.append(Piece(words=marked[last : match.start()], term=""))
        found.append(Piece(words=words, term=term))
        last = match.end()
    if last < len(marked):
        found.append(Piece(words=marked[last:], term=""))
    return found


def without_marks(marked: str) -> str:
    """The text as it is read, without marks."""
    return MARKED.sub(r"\1", marked)
