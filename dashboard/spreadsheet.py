"""Numbers as CSV that a spreadsheet can open without harm.

Text that a spreadsheet would take for a formula gets an apostrophe in front (OWASP, *CSV Injection*). Numbers are
written with a point and without rounding; what was not measured is left empty.
"""

import csv
import io
import unicodedata
from collections.abc import Iterable, Sequence
from typing import Any

from dashboard.figures import Figure
from dashboard.naming import scenario_name
from dashboard.simulation import AS_NOW
from dashboard.state import NOW, Choice

# A formula starts with one of these, or with one of them after white space; the last four are the wide forms.
FORMULA = ("=", "+", "-", "@", "\t", "\r", "\n", "|", "%", "＝", "＋", "－", "＠")
BYTE_ORDER = "\ufeff"  # so that a spreadsheet reads UTF-8


def safe(cell: Any) -> str:
    """A cell as text: numbers as they are, text never as a formula."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return str(cell).lower()
    if isinstance(cell, int | float):
        return repr(cell)
    words = str(cell)
    start = next((words[i:] for i, character in enumerate(words) if not blank(character)), "")
    risky = words.startswith(FORMULA) or start.startswith(FORMULA)
    return f"'{words}" if risky else words


def blank(character: str) -> bool:
    """Whether a character cannot be seen: white space, or a mark of direction or format."""
    return character.isspace() or unicodedata.category(character) in ("Cf", "Cc")


def table(columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> bytes:
    """Rows as CSV (RFC 4180) in UTF-8 with a byte order mark."""
    target = io.StringIO()
    writer = csv.writer(target, lineterminator="\r\n")
    writer.writerow([safe(column) for column in columns])
    for row in rows:
        writer.writerow([safe(cell) for cell in row])
    return (BYTE_ORDER + target.getvalue()).encode()


def figure(shown: Figure) -> bytes:
    """The numbers of a figure; its table where it has no others."""
    if shown.numbers.columns:
        return table(shown.numbers.columns, shown.numbers.rows)
    return table(shown.table.head, shown.table.rows)


def results(choice: Choice, result: Any) -> bytes:
    """Every outcome in every group, each policy's level and its difference from going on as now, at the end of each
    year and at the horizon. The last column says from how many worlds: the command that makes them again needs it.
    """
    worlds = result.replicates
    months = set(result.sampled_months)
    slots = {AS_NOW: NOW, **{policy: slot for slot, policy in choice.slots.items()}}
    names = {policy: scenario_name(choice, slot) for policy, slot in slots.items()}

    def rows() -> Iterable[tuple[Any, ...]]:
        for scenario, group, indicator, month, *numbers in result.summary_rows():
            if month in months:
                # mean, p05, p25, p50, p75, p95
                mean, p05, p25, p50, p75, p95 = numbers
                labels = ("level", slots[scenario], scenario, names[scenario], group, indicator)
                yield (*labels, result.units[indicator], month, mean, p05, p25, p50, p75, p95, None, None, None, worlds)
        for scenario, _, group, indicator, month, *numbers in result.difference_rows():
            if month in months:
                mean, p05, p50, p95, better, same, worse = numbers
                labels = ("difference from as-now", slots[scenario], scenario, names[scenario], group, indicator)
                yield (
                    *labels,
                    result.units[indicator],
                    month,
                    mean,
                    p05,
                    None,
                    p50,
                    None,
                    p95,
                    better,
                    same,
                    worse,
                    worlds,
                )

    columns = (
        *("kind", "letter", "policy", "name", "group", "indicator", "unit", "month"),
        *("mean", "p05", "p25", "p50", "p75", "p95", "share_better", "share_same", "share_worse"),
        "worlds",
    )
    return table(columns, rows())
