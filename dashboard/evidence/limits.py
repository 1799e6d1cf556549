"""What the model cannot say: one list, for *Onderbouwing*, for *Het model* and for the memo."""

from typing import Any

from dashboard.language import text

ALWAYS = ("facilitator", "one_place", "euros", "cause", "laws", "unheard")
# Counts that were held out: what is missed may not be read off the model.
MISSED = {"heat_gone": "stops", "forms_covenant": "covenants"}


def names(found: dict[str, Any]) -> tuple[str, ...]:
    """What the model cannot say, by name: first what it gets wrong in these findings, then what it never can."""
    missed = [MISSED[row["name"]] for row in found["held_out"] if row["name"] in MISSED and not row["inside"]]
    return (*missed, *ALWAYS)


def phrase(language: str, name: str) -> str:
    """One of them in words."""
    return text(language, f"evidence.limit.{name}")


def limits(language: str, found: dict[str, Any]) -> list[str]:
    """All of them, in words."""
    return [phrase(language, name) for name in names(found)]
