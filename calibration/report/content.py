"""The building blocks of the report, and names of counts, answers, parameters and policies in the reader's language."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from calibration.report.language import number, percent, text, text_or
from calibration.report.paint import Canvas
from sim.engine.problems import InputError
from sim.scenario import load_scenario

Data = Mapping[str, Any]


@dataclass(frozen=True)
class Table:
    """Rows of text under a head; the first cell names the row. wrong: numbers of rows that are not as they should be.
    folded: shown only when it is asked for.
    """

    caption: str
    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]
    wrong: frozenset[int] = frozenset()
    folded: bool = False


@dataclass(frozen=True, eq=False)
class Picture:
    """A figure: its finding as a title, what is drawn, and the table behind it. draw: takes a width in pixels."""

    id: str
    title: str
    subtitle: str
    draw: Callable[[int], Canvas]
    table: Table


@dataclass(frozen=True, eq=False)
class Section:
    """A part of the report. Its paragraphs come first, then pictures, tables, points and commands."""

    id: str
    title: str
    paragraphs: tuple[str, ...] = ()
    pictures: tuple[Picture, ...] = ()
    tables: tuple[Table, ...] = ()
    points: tuple[str, ...] = ()
    code: tuple[str, ...] = ()
    notice: str = ""


def not_done(language: str, data: Data, name: str) -> str:
    """Why a proof is not shown, and what makes it; nothing where it is there."""
    proof = data["proofs"][name]
    if proof["standing"] == "done":
        return "" if proof["names_fit"] else text(language, "notdone.unnamed", command=proof["command"])
    return text(language, f"notdone.{proof['standing']}", command=proof["command"])


def content(data: Data, name: str) -> Any:
    """A proof's own data, or None."""
    return data["proofs"][name]["content"]


def count_name(language: str, row: Data) -> str:
    """How a count is called; one of another target file keeps its own name."""
    return text_or(language, f"answer.{row['question']}.{row['answer']}", row["name"])


def model_answer(language: str, name: str, place: int) -> str:
    """How the answer at a place in a question of the emulator is called: `effect`, or `forms=covenant`."""
    from calibration.targets import QUESTIONS

    question, _, answer = name.partition("=")
    chosen = answer if answer and place == 0 else QUESTIONS[question].answers[place]
    return text_or(language, f"answer.{question}.{chosen}", f"{question}: {chosen}")


def parameter_name(language: str, name: str) -> str:
    """A parameter in a few words."""
    return text_or(language, f"parameter.{name}", name)


def policy_name(language: str, name: str) -> str:
    """A policy's own name."""
    try:
        words = load_scenario(name).name
    except InputError:
        return name
    return str(words.nl if language == "nl" else words.en)


def outcome_name(language: str, name: str) -> str:
    """An outcome in a few words."""
    return text_or(language, f"outcome.{name}", name)


def quantity_name(language: str, name: str) -> str:
    """A quantity of simulation-based calibration: a parameter, `P(effect: contributed)`, `policy: outcome`, …"""
    if name == "log likelihood":
        return text(language, "sbc.likelihood")
    if name.startswith("P("):
        question, _, answer = name[2:-1].partition(": ")
        stem, _, _ = question.partition("=")
        return text_or(language, f"answer.{stem}.{answer}", name)
    policy, colon, outcome = name.partition(": ")
    if colon:
        return f"{policy_name(language, policy)}: {outcome_name(language, outcome)}"
    return parameter_name(language, name)


def kind_of(quantity: str) -> str:
    """The group of a quantity: parameters, answers, effects or likelihood."""
    if quantity == "log likelihood":
        return "likelihood"
    return "answers" if quantity.startswith("P(") else "effects" if ": " in quantity else "parameters"


def counted(language: str, part: int, whole: int) -> str:
    """*3 of 12*."""
    return text(language, "of", part=number(language, part), whole=number(language, whole))


def within_sentence(name: str) -> str:
    """A name as it stands inside a sentence: without its first capital, unless it is an abbreviation."""
    return name if len(name) < 2 or name[1].isupper() else name[0].lower() + name[1:]


def between(language: str, low: float, high: float, digits: int = 0) -> str:
    """*3 to 12*."""
    return text(language, "range", low=number(language, low, digits), high=number(language, high, digits))


def where(section: str) -> str:
    """A section of the report, or the name of another source."""
    return f"§{section}" if section[:1].isdigit() else section


def shown(rows: Sequence[Data]) -> list[Data]:
    """The rows that say something of their own: of yes and no, *no* is what is left."""
    return [row for row in rows if row["answer"] != "no"]


def yes_no(language: str, good: bool) -> str:
    """Inside or outside."""
    return text(language, "inside" if good else "outside")


__all__ = [
    "Data",
    "Picture",
    "Section",
    "Table",
    "between",
    "content",
    "count_name",
    "counted",
    "kind_of",
    "model_answer",
    "not_done",
    "outcome_name",
    "parameter_name",
    "percent",
    "policy_name",
    "quantity_name",
    "shown",
    "where",
    "within_sentence",
    "yes_no",
]
