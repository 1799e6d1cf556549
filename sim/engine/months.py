"""Months: written YYYY-MM everywhere, counted as whole numbers in between."""

from __future__ import annotations

import re
from functools import lru_cache

_WRITTEN = re.compile(r"([0-9]{4})-([0-9]{2})")


@lru_cache(maxsize=4096)  # a world's calendar asks for the same months some thousand times
def parse_month(text: str) -> int:
    """Months since January of the year 0, for a text such as '2027-01'. Raises ValueError for anything else."""
    found = _WRITTEN.fullmatch(text)
    if found is None:
        raise ValueError(f"'{text}' is not a month; write YYYY-MM")
    year, month = int(found[1]), int(found[2])
    if not 1 <= month <= 12:
        raise ValueError(f"'{text}' is not a month; the month runs from 01 to 12")
    return 12 * year + month - 1


def format_month(month: int) -> str:
    """The text of a month counted since January of the year 0; the inverse of `parse_month`."""
    return f"{month // 12:04d}-{month % 12 + 1:02d}"


def months_between(first: str, second: str) -> int:
    """How many months `second` comes after `first` (negative when before)."""
    return parse_month(second) - parse_month(first)


def add_months(month: str, count: int) -> str:
    """The month `count` months after `month`."""
    return format_month(parse_month(month) + count)
