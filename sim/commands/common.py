"""What the commands share: options, numbers in a range, and printing."""

from __future__ import annotations

import json
import math
import sys
from collections.abc import Callable, Iterable, Sequence
from typing import Any

import click


class WholeNumber(click.ParamType):
    """A whole number between two ends, both allowed."""

    name = "number"

    def __init__(self, minimum: int, maximum: int) -> None:
        self.minimum, self.maximum = minimum, maximum

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """The number that a text means."""
        if isinstance(value, int):
            return value
        text = str(value)
        digits = text.removeprefix("-")
        whole = digits.isascii() and digits.isdigit() and len(text) <= 30
        if not whole or not self.minimum <= int(text) <= self.maximum:
            shown = text if len(text) <= 30 else text[:29] + "…"
            self.fail(f"'{shown}' must be a whole number from {self.minimum:,} to {self.maximum:,}", param, ctx)
        return int(text)


class FiniteNumber(click.ParamType):
    """A number, whole or not; with `least`, not below it."""

    name = "number"

    def __init__(self, least: float = -math.inf) -> None:
        self.least = least

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> float:
        """The number that a text means."""
        try:
            number = float(value)
        except (OverflowError, ValueError):
            number = math.nan
        if not math.isfinite(number) or number < self.least:
            text = str(value)
            shown = text if len(text) <= 30 else text[:29] + "…"
            allowed = "a number, such as 2.5" if self.least == -math.inf else f"a number, {self.least:g} or more"
            self.fail(f"'{shown}' must be {allowed}", param, ctx)
        return number


def output_options[F: Callable[..., Any]](function: F) -> F:
    """`--quiet` and `--json`, which every command takes."""
    function = click.option("--json", "as_json", is_flag=True, help="Print one JSON document, and nothing else.")(
        function
    )
    return click.option("--quiet", is_flag=True, help="Print no summary and no progress.")(function)


def print_json(document: Any) -> None:
    """One JSON document on standard output."""
    click.echo(json.dumps(document, ensure_ascii=True, allow_nan=False, indent=2))


def print_pieces(pieces: Iterable[str]) -> None:
    """Text that comes in pieces, on standard output."""
    for piece in pieces:
        sys.stdout.write(piece)
    sys.stdout.flush()


def table(rows: Sequence[Sequence[str]], *, right: Iterable[int] = (), indent: str = "") -> list[str]:
    """Lines of a table of text; columns are as wide as their longest cell, those in `right` are set to the right."""
    widths = [max(len(row[column]) for row in rows) for column in range(len(rows[0]))]
    flush_right = set(right)
    lines = []
    for row in rows:
        cells = [
            cell.rjust(width) if column in flush_right else cell.ljust(width)
            for column, (cell, width) in enumerate(zip(row, widths, strict=True))
        ]
        lines.append((indent + "  ".join(cells)).rstrip())
    return lines
