"""Which way an outcome should go, and whether a difference goes that way: the same for words, colours and tables."""

from functools import cache
from typing import Literal

from dashboard.contrast import Contrast
from dashboard.figures.svg import box, colour, line
from dashboard.language import text

Better = Literal["higher", "lower", "neither"]
Judgement = Literal["better", "worse", ""]


@cache
def better(indicator: str) -> Better:
    """What people want of an outcome, as its own file says."""
    from sim.indicators import INDICATORS

    return INDICATORS[indicator].better


def judged(found: Contrast | None, wanted: str) -> Judgement:
    """Whether a difference is clearly for the better or for the worse; empty without a clear order, or where people
    want neither. wanted: of `better`."""
    if found is None or found.verdict not in ("mostly", "rather") or wanted == "neither":
        return ""
    return "better" if found.leading == ("fewer" if wanted == "lower" else "more") else "worse"


def clear(found: Contrast | None) -> bool:
    """Whether there is a clear order."""
    return found is not None and found.verdict in ("mostly", "rather")


def colour_of(found: Contrast | None, wanted: str, slot: str) -> str:
    """The colour of a difference: the policy's own for a gain, one for losses, grey without a clear order."""
    if not clear(found):
        return colour("now")
    return colour("bad") if judged(found, wanted) == "worse" else colour(slot)


def half_bar(found: Contrast, wanted: str, slot: str, x1: float, x2: float, y: float, thick: float) -> str:
    """The bar of the middle half: filled, but hollow for a loss, so that it is not told by its colour alone."""
    paint = colour_of(found, wanted, slot)
    if judged(found, wanted) != "worse":
        return line(x1, y, x2, y, f"stroke:{paint};stroke-width:{thick:g}")
    left, right = sorted((x1, x2))
    style = f"fill:var(--surface);stroke:{paint};stroke-width:2"
    return box(left, y - thick / 2, max(right - left, 1), thick, style)


def remark(language: str, indicator: str, counting: str = "") -> str:
    """What a reader must know to read a figure of an outcome, as sentences: that lower is better, and over how long was
    added up (`counting`, a sentence; empty where nothing is)."""
    lower = text(language, "direction.lower") if better(indicator) == "lower" else ""
    return " ".join(part for part in (lower, counting) if part)
