"""Which of two scenarios comes out higher, in words that the paired worlds carry.

"Most of the time" needs three quarters of all worlds, "more often than not" three fifths; worlds in which both come
out the same count among all,
and are named. The range is that of the middle half of the worlds; where it would contradict the shares it is left out.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from typing import Literal

Order = Literal["same", "mostly", "more_often", "mostly_same", "no_clear_order", "too_few"]

FEWEST_WORLDS = 20


@dataclass(frozen=True)
class Verdict:
    """What paired worlds say of one indicator in one month.

    `higher`, `same` and `lower` are numbers of worlds, of `worlds` in which both sides could be measured. `side`
    is the commoner of higher and lower.
    `low` and `high` are the quartiles of the paired difference in `unit`, or None where the shares would
    contradict them.
    """

    scenario: str
    versus: str
    indicator: str
    group: str
    month: str
    unit: str
    worlds: int
    higher: int
    same: int
    lower: int
    order: Order
    side: Literal["higher", "lower"]
    low: float | None
    high: float | None


def order_of(worlds: int, higher: int, same: int, lower: int) -> Order:
    """The words that the numbers of worlds carry."""
    if worlds < FEWEST_WORLDS:
        return "too_few"
    if same == worlds:
        return "same"
    if 4 * max(higher, lower) >= 3 * worlds:
        return "mostly"
    if 5 * max(higher, lower) >= 3 * worlds:
        return "more_often"
    if 4 * same >= 3 * worlds:
        return "mostly_same"
    return "no_clear_order"


def carried_range(order: Order, side: str, low: float, high: float) -> tuple[float, float] | tuple[None, None]:
    """The middle half of the differences, unless the shares contradict it."""
    if math.isnan(low) or math.isnan(high) or order in {"too_few", "same", "mostly_same"}:
        return None, None
    sign = 1 if side == "higher" else -1
    nearest, farthest = sorted((sign * low, sign * high))
    if order == "mostly" and nearest <= 0:
        return None, None
    if order == "more_often" and farthest <= 0:
        return None, None
    if order == "no_clear_order" and not low <= 0 <= high:
        return None, None
    return low, high


def sentence(verdict: Verdict) -> str:
    """The verdict in English: the order, the number of worlds, the ties, and the middle half of the differences."""
    name, other, what = verdict.scenario, verdict.versus, verdict.indicator.replace("_", " ")
    of = f"{verdict.worlds:,} worlds with the same chance events"
    counts = {"higher": verdict.higher, "lower": verdict.lower}
    opposite = "lower" if verdict.side == "higher" else "higher"
    split = f"higher in {verdict.higher:,} of {of}, the same in {verdict.same:,}, lower in {verdict.lower:,}"
    if verdict.worlds == 0:
        return f"{name} and {other} could not be set against each other on {what}: in no world could both be measured."
    if verdict.order == "too_few":
        return f"{verdict.worlds:,} worlds are too few to say how {name} compares with {other} on {what} ({split})."
    if verdict.order == "same":
        return f"{name} and {other} come out the same on {what} in all {of}."
    if verdict.order == "mostly_same":
        return f"{name} and {other} mostly come out the same on {what}: {split}."
    if verdict.order == "no_clear_order":
        start = f"There is no clear order between {name} and {other} on {what}: {split}."
    elif counts[verdict.side] == verdict.worlds:
        start = f"In all {of} {name} comes out {verdict.side} than {other} on {what}."
    else:
        often = "Most of the time" if verdict.order == "mostly" else "More often than not"
        start = (
            f"{often} {name} comes out {verdict.side} than {other} on {what}: in {counts[verdict.side]:,} of {of} "
            f"(the same in {verdict.same:,}, {opposite} in {counts[opposite]:,})."
        )
    if verdict.low is None or verdict.high is None:
        return start
    between = f"{number(verdict.low, signed=True)} to {number(verdict.high, signed=True)}"
    return f"{start} In the middle half of the worlds the difference is {between} ({verdict.unit})."


def number(value: float, *, signed: bool = False) -> str:
    """A number for people: three significant digits, so that what is not nothing is never shown as nothing."""
    if math.isnan(value):
        return "–"
    if value == 0:
        return "0"
    digits = max(0, 2 - math.floor(math.log10(abs(value))))
    text = f"{abs(value):,.{min(digits, 6)}f}" if digits <= 6 else f"{abs(value):.2e}"
    text = text.rstrip("0").rstrip(".") if "." in text and "e" not in text else text
    return ("-" if value < 0 else "+" if signed else "") + text
