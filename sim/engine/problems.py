"""What is told to a person whose input is wrong: one line that names the file and the field, in English or Dutch."""

from __future__ import annotations

import difflib
import re
import unicodedata
from collections.abc import Iterable
from pathlib import Path
from typing import NamedTuple

SHOWN_CHARACTERS = 80
LISTED_NAMES = 24
_DIRECTION_MARKS = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069\u200e\u200f\u061c")


class Problem(NamedTuple):
    """What is wrong and what is allowed, as half a sentence in each language."""

    en: str
    nl: str


class RefusedError(ValueError):
    """Raised inside a check of a model; `sim.engine.checking.check` turns it into an `InputError`.

    `field` is the dotted path below the model that raised it, where the check knows it better than pydantic does.
    """

    def __init__(self, en: str, nl: str, field: str = "") -> None:
        super().__init__(en)
        self.problem = Problem(en, nl)
        self.field = field


class InputError(ValueError):
    """Bad input: `FILE: FIELD: what is wrong, and what is allowed`, on one line.

    `problem` is English, `problem_nl` Dutch (the English text where no Dutch was given).
    """

    def __init__(self, file: str | Path, field: str, problem: str, problem_nl: str | None = None) -> None:
        self.file = one_line(str(file)) or "?"
        self.field = one_line(field) or "file"
        self.problem = one_line(problem, limit=1000)
        self.problem_nl = one_line(problem_nl, limit=1000) if problem_nl is not None else self.problem
        super().__init__(f"{self.file}: {self.field}: {self.problem}")

    @property
    def field_nl(self) -> str:
        """The field as a Dutch line names it: a field's own name stays, what is no field is in Dutch."""
        if self.field == "file":
            return "bestand"
        return re.sub(r"^line (?=\d+\b)", "regel ", self.field)

    def sentence(self, language: str) -> str:
        """The whole line in `language` ('nl' or 'en')."""
        if language == "nl":
            return f"{self.file}: {self.field_nl}: {self.problem_nl}"
        return f"{self.file}: {self.field}: {self.problem}"


def one_line(text: str, limit: int = 300) -> str:
    """`text` on one line of at most `limit` characters, without anything that does not print."""
    spaced = "".join(" " if character.isspace() else character for character in text[: 4 * limit])
    clean = " ".join("".join(character for character in spaced if character.isprintable()).split())
    return clean if len(clean) <= limit else clean[: limit - 1] + "…"


def shown(value: object, language: str = "en") -> str:
    """A value as a person may read it in a message: short, and on one line. A yes or no as the file writes it."""
    nl = language == "nl"
    if isinstance(value, bool):
        return "true" if value else "false"
    if value is None:
        return "niets" if nl else "nothing"
    if isinstance(value, dict):
        return "een reeks velden" if nl else "a mapping"
    if isinstance(value, list | tuple):
        return "een lijst" if nl else "a list"
    return one_line(str(value), limit=SHOWN_CHARACTERS)


def nearest(word: str, known: Iterable[str]) -> str | None:
    """The known word that a person most likely meant, if one is near enough."""
    names = sorted(known)
    like = word[:SHOWN_CHARACTERS].strip().lower().replace("-", "_").replace(" ", "_")
    found = difflib.get_close_matches(like, [name.replace("-", "_") for name in names], n=1, cutoff=0.65)
    if not found:
        return None
    return next(name for name in names if name.replace("-", "_") == found[0])


def unknown_name(word: object, known: Iterable[str], kind: Problem) -> Problem:
    """The problem of a name that does not exist, with a suggestion or else everything that is allowed."""
    names = sorted(known)
    meant = nearest(word if isinstance(word, str) else shown(word), names)
    if meant:
        return Problem(
            f"unknown {kind.en} '{shown(word)}'; did you mean '{meant}'?",
            f"onbekend: {kind.nl} '{shown(word, 'nl')}'; bedoelt u '{meant}'?",
        )
    listed = ", ".join([*names[:LISTED_NAMES], *(["…"] if len(names) > LISTED_NAMES else [])]) or "nothing"
    return Problem(
        f"unknown {kind.en} '{shown(word)}'; allowed: {listed}",
        f"onbekend: {kind.nl} '{shown(word, 'nl')}'; toegestaan: {listed if names else 'niets'}",
    )


def hidden(character: str) -> bool:
    """Whether a character could change how a line reads without being seen: control, surrogate or direction mark."""
    return unicodedata.category(character) in ("Cc", "Cs") or character in _DIRECTION_MARKS
