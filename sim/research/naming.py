"""What a sweep's reports call outcomes, packages, unknowns and months: in the reader's language, from data."""

from __future__ import annotations

from datetime import date

from babel.dates import format_date

from sim.evidence.parameters import PARAMETERS
from sim.indicators import INDICATORS
from sim.levers import LEVERS
from sim.research.reading import SweepResult
from sim.research.study_words import group_place, outcome, within


def outcome_name(language: str, indicator: str) -> str:
    """An outcome inside a sentence; one of a researcher's own goes by its id."""
    try:
        return within(outcome(language, indicator, "name"))
    except KeyError:
        return indicator.replace("_", " ")


def outcome_unit(language: str, indicator: str) -> str:
    """The unit of an outcome."""
    return INDICATORS[indicator].unit[language]


def group_name(language: str, group: str) -> str:
    """Where a group is; nothing for all initiatives together."""
    if group == "all":
        return ""
    try:
        return group_place(language, group)
    except KeyError:
        return group


def scenario_name(language: str, result: SweepResult, scenario: str) -> str:
    """A scenario's own name, inside a sentence."""
    return within(result.names[scenario][language])


def axis_name(language: str, result: SweepResult, name: str) -> str:
    """What was varied, in words."""
    axis = next(each for each in result.axes if each["name"] == name)
    if axis["target"] == "parameter":
        return str(PARAMETERS[axis["key"]].meaning[language])
    if axis["target"] == "lever":
        entry = LEVERS[axis["key"]]
        words = entry.name.nl if language == "nl" else entry.name.en
        return f"{words} ({axis['option']})" if axis["option"] else words
    return str(axis["key"])


def month_name(language: str, month: str) -> str:
    """A month (`2021-12`) as the language writes it."""
    year, number = (int(part) for part in month.split("-")[:2])
    return format_date(date(year, number, 1), "MMMM y", locale=language)
