"""A measured figure, its goal, and how it reads."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Figure:
    """One measured number. ``goal`` is a lower bound when ``at_least``, else an upper one; without one it is only told.

    A ratio compares two things measured in the same run, so that a busy machine hardly moves it; a time (or what hangs
    on two processors being free) says little where other work goes on.
    """

    what: str
    value: float
    unit: str
    kind: Literal["ratio", "time", "memory", "count"] = "ratio"
    goal: float | None = None
    at_least: bool = False

    @property
    def holds(self) -> bool:
        """Whether the goal is reached (true without a goal)."""
        if self.goal is None:
            return True
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    @property
    def wanted(self) -> str:
        """The goal in words."""
        if self.goal is None:
            return "–"
        return f"{'at least' if self.at_least else 'at most'} {number(self.goal)} {self.unit}".strip()

    def __str__(self) -> str:
        goal = "" if self.goal is None else f" (goal: {self.wanted}{'' if self.holds else '; NOT REACHED'})"
        return f"{self.what}: {number(self.value)} {self.unit}".strip() + goal


def number(x: float) -> str:
    """Three significant digits, with thousands apart and no exponent.

    >>> number(0.04567), number(5.0), number(26500), number(float("inf"))
    ('0.0457', '5', '26,500', '∞')
    """
    if math.isinf(x):
        return "∞"
    if x == int(x) or abs(x) >= 1000.0:
        return f"{x:,.0f}"
    digits = next((k for k in range(8) if round(abs(x), k) >= 10.0 ** (2 - k)), 8)
    return f"{x:.{digits}f}"


def markdown(figures: Iterable[Figure]) -> str:
    """The figures as a Markdown table."""
    rows = ["| what | measured | goal |", "| --- | ---: | ---: |"]
    for each in figures:
        mark = "" if each.holds else " (not reached)"
        rows.append(f"| {each.what} | {number(each.value)} {each.unit}{mark} | {each.wanted} |".replace("  ", " "))
    return "\n".join(rows)
