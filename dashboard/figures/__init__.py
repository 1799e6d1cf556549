"""Figures drawn on the server as SVG, in the colours of the style sheet.

Each figure has a wide and a narrow version (drawn anew, not shrunk), a sentence for people who cannot see it, and a
table with the same numbers.
"""

from dataclasses import dataclass, field

Cell = str | int | float | None


@dataclass(frozen=True)
class Table:
    """The numbers of a figure: a heading per column, and rows of text; the first column names the row."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Numbers:
    """The numbers of a figure as a program reads them: names of columns in English, values without rounding."""

    columns: tuple[str, ...] = ()
    rows: tuple[tuple[Cell, ...], ...] = ()


@dataclass(frozen=True)
class Figure:
    """A figure as the page shows it.

    title says the finding, subtitle the measure, unit and date. wide and narrow are complete SVG elements. numbers:
    what its CSV holds; without them that is the table.
    """

    id: str
    title: str
    subtitle: str
    wide: str
    narrow: str
    table: Table
    numbers: Numbers = field(default_factory=Numbers)
    badge: str = ""  # interviewed, inferred or assumption: what the figure rests on, where that must be said
