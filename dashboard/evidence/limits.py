"""What the model cannot say: one list, for *Onderbouwing* and for *Het model*."""

from typing import Any

from dashboard.language import text

ALWAYS = ("facilitator", "one_place", "euros", "cause", "laws", "unheard")
# Counts that were held out: what is missed may not be read off the model.
MISSED = {"heat_gone": "stops", "forms_covenant": "covenants"}


def limits(language: str, found: dict[str, Any]) -> list[str]:
    """What the model cannot say, in phrases: first what it gets wrong in these findings, then what it never can."""
    missed = [MISSED[row["name"]] for row in found["held_out"] if row["name"] in MISSED and not row["inside"]]
    return [text(language, f"evidence.limit.{each}") for each in (*missed, *ALWAYS)]
