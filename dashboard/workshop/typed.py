"""Numbers that a leader types."""

from __future__ import annotations

from dashboard.numerals import typed_number
from dashboard.workshop.futures import RefusedChangeError


def whole(language: str, field: str, given: float | str, most: int) -> int:
    """A whole number from 0 to ``most`` that somebody typed. ``field``: the key of what stands above it. Raises
    `RefusedChangeError`.
    """
    value = typed_number(language, given) if isinstance(given, str) else float(given)
    if value is not None and 0 <= value <= most and value == int(value):
        return int(value)
    typed = given.strip()[:20] if isinstance(given, str) else given
    raise RefusedChangeError(
        f"workshop.refused.{'empty' if typed == '' else 'whole'}", field=field, typed=typed, most=most
    )
