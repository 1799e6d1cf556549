"""Why there is a difference: the links of the chain one after another, as a waterfall that ends at the whole."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.direction import better
from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, colour, line, picture, words, wrapped
from dashboard.language import fixed, text

WHOLE = "whole"


@dataclass(frozen=True)
class Step:
    """One link's part (or `whole`): its mean over worlds and standard error, and the range of 90 of 100 worlds.

    shown: the mean as it is written, rounded so that what is written adds up. clear: whether it differs from nothing.
    """

    id: str
    mean: float
    error: float
    low: float
    high: float
    shown: float
    clear: bool


def chain(
    language: str, indicator: str, steps: Sequence[Step], slot: str, title: str, date: str, decimals: int, count: int,
    note: str = "",
) -> Figure:  # fmt: skip
    """The figure for links in their order and the whole as the last step; `date` is the horizon in words.

    note: sentences behind the subtitle.
    """
    lower = better(indicator) == "lower"
    values = [fixed(language, step.shown, decimals, signed=True) for step in steps]
    parts = ", ".join(
        f"{text(language, f'chain.link.{step.id}')} {value}" for step, value in zip(steps[:-1], values, strict=False)
    )
    unit = text(language, f"indicator.{indicator}.unit.many")
    sentence = text(language, "chain.alt", parts=parts, whole=values[-1], unit=unit)
    rows = tuple(
        (
            text(language, f"chain.link.{step.id}"),
            value,
            text(
                language,
                "chain.range",
                low=fixed(language, step.low, decimals, signed=True),
                high=fixed(language, step.high, decimals, signed=True),
            ),
            text(language, "chain.clear" if step.clear else "chain.unclear"),
        )
        for step, value in zip(steps, values, strict=True)
    )
    head = tuple(text(language, f"chain.head.{name}") for name in ("link", "mean", "range", "clear"))
    return Figure(
        id="chain",
        title=title,
        subtitle=f"{text(language, 'chain.sub', unit=unit, date=date, count=count)} {note}".strip(),
        wide=wide(language, steps, values, slot, sentence, lower=lower),
        narrow=narrow(language, steps, values, slot, sentence, lower=lower),
        table=Table(head, rows),
        numbers=Numbers(
            ("part", "mean", "standard_error", "p05", "p95"),
            tuple((step.id, step.mean, step.error, step.low, step.high) for step in steps),
        ),
    )


def begins(steps: Sequence[Step]) -> list[float]:
    """Where each bar begins: at the end of the one before it, and the whole at zero."""
    places, at = [], 0.0
    for step in steps:
        places.append(0.0 if step.id == WHOLE else at)
        at += step.mean
    return places


def extent(steps: Sequence[Step]) -> tuple[float, float]:
    """The lowest and highest value of bars and ranges, and zero."""
    ends = [0.0]
    for step, begin in zip(steps, begins(steps), strict=True):
        ends += [begin + each for each in (0.0, step.mean, step.low, step.high) if math.isfinite(each)]
    low, high = min(ends), max(ends)
    return (low, high) if high > low else (low, low + 1.0)


def is_loss(step: Step, *, lower: bool) -> bool:
    """Whether a part is for the worse. lower: less is better."""
    return step.mean > 0 if lower else step.mean < 0


def tone_of(step: Step, slot: str, *, lower: bool) -> str:
    """The colour of a part's number: the policy's for a gain, that of a loss for a loss, grey where it is not clear."""
    return colour("bad" if is_loss(step, lower=lower) else slot) if step.clear else "var(--ink2)"


def paint_of(step: Step, slot: str, *, lower: bool) -> str:
    """Filled in the policy's colour for the better; hollow for the worse; grey where it does not differ from nothing.

    lower: less is better.
    """
    paint = tone_of(step, slot, lower=lower) if step.clear else "var(--edge)"
    if is_loss(step, lower=lower):
        return f"fill:var(--surface);stroke:{paint};stroke-width:2"
    return f"fill:{paint};stroke:{paint};stroke-width:2"


def wide(language: str, steps: Sequence[Step], values: Sequence[str], slot: str, sentence: str, *, lower: bool) -> str:
    """Bars from left to right, each beginning where the one before it ended."""
    width, top, bottom, left = 860, 34, 232, 84
    low, high = extent(steps)
    pitch = (width - left) / len(steps)
    half = min(30.0, pitch * 0.28)

    def height(value: float) -> float:
        return bottom - (value - low) / (high - low) * (bottom - top)

    parts = [line(left, height(0), width, height(0), "stroke:var(--ink);stroke-width:1.5")]
    parts.append(words(0, height(0) + 4.5, text(language, "chain.zero"), "fill:var(--ink2)"))
    for k, (step, value, begin) in enumerate(zip(steps, values, begins(steps), strict=True)):
        middle = left + (k + 0.5) * pitch
        first, last = height(begin), height(begin + step.mean)
        parts.append(
            box(
                middle - half,
                min(first, last),
                2 * half,
                max(1.5, abs(last - first)),
                paint_of(step, slot, lower=lower),
            )
        )
        if k + 1 < len(steps):
            parts.append(
                line(middle + half, last, middle + pitch - half, last, "stroke:var(--edge);stroke-dasharray:2 3")
            )
        ends = [height(begin + each) for each in (step.low, step.high)]
        parts.append(line(middle, ends[0], middle, ends[1], "stroke:var(--ink);stroke-width:1.6"))
        parts += [line(middle - 5, end, middle + 5, end, "stroke:var(--ink);stroke-width:1.6") for end in ends]
        size = 19 if step.id == WHOLE else 16
        above = min(first, last, *ends) - 8
        tone = f"fill:{tone_of(step, slot, lower=lower)}"
        parts.append(words(middle, above, value, tone, text_anchor="middle", font_size=size, font_weight=700))
        y = bottom + 30
        name = text(language, f"chain.link.{step.id}")
        parts.append(words(middle, y, name, "fill:var(--ink)", text_anchor="middle", font_size=13.5, font_weight=600))
        for piece in wrapped(text(language, f"chain.note.{step.id}"), 17):
            y += 16
            parts.append(words(middle, y, piece, "fill:var(--ink2)", text_anchor="middle", font_size=13))
    return picture(width, bottom + 70, sentence, parts)


def narrow(
    language: str, steps: Sequence[Step], values: Sequence[str], slot: str, sentence: str, *, lower: bool
) -> str:
    """The same with a row for each link: name and number above its bar."""
    width, step_height, left, right = 296, 56, 6, 290
    low, high = extent(steps)

    def place(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    height = step_height * len(steps) + 4
    parts = [line(place(0), 0, place(0), height, "stroke:var(--ink);stroke-width:1.2")]
    for k, (step, value, begin) in enumerate(zip(steps, values, begins(steps), strict=True)):
        y = k * step_height + 18
        name = text(language, f"chain.link.{step.id}")
        halo = "stroke:var(--surface);stroke-width:5;stroke-linejoin:round;paint-order:stroke;"
        tone = f"{halo}fill:{tone_of(step, slot, lower=lower)}"
        parts.append(words(0, y, name, f"{halo}fill:var(--ink)", font_size=14, font_weight=600))
        parts.append(words(width, y, value, tone, text_anchor="end", font_size=15, font_weight=700))
        first, last = place(begin), place(begin + step.mean)
        parts.append(box(min(first, last), y + 9, max(1.5, abs(last - first)), 14, paint_of(step, slot, lower=lower)))
        ends = [place(begin + each) for each in (step.low, step.high)]
        parts.append(line(ends[0], y + 16, ends[1], y + 16, "stroke:var(--ink);stroke-width:1.4"))
        if k + 1 < len(steps):
            parts.append(line(last, y + 24, last, y + 24 + step_height - 38, "stroke:var(--edge);stroke-dasharray:2 3"))
    return picture(width, height, sentence, parts)
