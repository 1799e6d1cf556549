"""The paired differences themselves: a hundred worlds as marks on one axis, the middle half marked."""

import math
from collections import Counter
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.contrast import Contrast
from dashboard.direction import better
from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, colour, line, mark, picture, words
from dashboard.language import number, rounded, text
from dashboard.words import gap_words, sentence_start

BINS = 26  # columns of marks at most
WIDEST, LARGEST = 120, 26  # pixels of a column, and of a mark with the room around it


def differences(
    language: str,
    indicator: str,
    values: NDArray[np.floating],
    found: Contrast,
    first: tuple[str, str],
    second: tuple[str, str],
    date: str,
) -> Figure:
    """The figure for the paired differences of all worlds (one a world, NaN: not measured)."""
    name = text(language, f"indicator.{indicator}.name")
    half = gap_words(language, indicator, found.low, found.high)
    ninety = gap_words(language, indicator, found.lowest, found.highest)
    unit = text(language, f"indicator.{indicator}.unit.many")
    shown = hundred(values, found)
    sentence = text(
        language, "differences.alt", name=name, first=first[1], second=second[1], half=half, ninety=ninety, unit=unit
    )
    more, _, fewer = found.of_hundred()
    middle = number(language, rounded(found.middle), signed=True)
    return Figure(
        id=f"differences-{indicator}",
        title=text(language, "differences.title", more=more, fewer=fewer),
        subtitle=sentence_start(
            text(language, "differences.sub", first=first[1], second=second[1], name=name, unit=unit, date=date)
        ),
        wide=drawn(language, shown, found, first, second, sentence, half, better(indicator), width=700, narrow=False),
        narrow=drawn(language, shown, found, first, second, sentence, half, better(indicator), width=296, narrow=True),
        table=Table(
            tuple(text(language, key) for key in ("table.difference", "table.half", "table.ninety")),
            ((middle, half, ninety),),
        ),
        numbers=Numbers(
            ("world", "difference"),
            tuple((world, None if math.isnan(value) else float(value)) for world, value in enumerate(values)),
        ),
    )


def hundred(values: NDArray[np.floating], found: Contrast) -> list[float]:
    """A hundred differences that stand for all, with as many above, at and below zero as the sentence says."""
    measured = np.sort(values[~np.isnan(values)])
    parts = (measured[measured < 0], measured[measured == 0], measured[measured > 0])
    more, same, fewer = found.of_hundred()
    chosen: list[float] = []
    for part, count in zip(parts, (fewer, same, more), strict=True):
        if len(part):
            chosen += [
                float(value)
                for value in np.quantile(part, (np.arange(count) + 0.5) / max(1, count), method="inverted_cdf")
            ]
    return chosen


@dataclass(frozen=True)
class Columns:
    """Where differences stand: zero has a column of its own, in which only ties stand.

    step: the width of a column. whole: each column is one whole number; otherwise column k > 0 holds what lies above
    (k - 1) steps, up to and including k steps. pitch: pixels of a column; middle: where zero is.
    """

    step: float
    whole: bool
    pitch: float
    middle: float
    first: int
    last: int

    def of(self, value: float) -> int:
        """The column of a difference."""
        if value == 0:
            return 0
        if self.whole:
            return round(value)
        return int(math.copysign(max(1, math.ceil(abs(value) / self.step - 1e-9)), value))

    def x(self, value: float) -> float:
        """The place of a difference on the axis."""
        half = 0.0 if self.whole or value == 0 else math.copysign(0.5, value)
        return self.middle + (value / self.step + half) * self.pitch

    def centre(self, column: int) -> float:
        """The middle of a column."""
        return self.middle + column * self.pitch


def columns_for(values: list[float], width: float, most: int) -> Columns:
    """Columns of 1, 2 or 5 times a power of ten, at most so many, that fill the width but never grow too wide."""
    low, high = min(0.0, *values), max(0.0, *values)
    span = max(high - low, 1e-9)
    power = 10 ** math.floor(math.log10(span / most))
    step = next(size * power for size in (1, 2, 5, 10) if size * power * most >= span)
    whole = all(value == round(value) for value in values) and step <= 1
    step = 1.0 if whole else step
    ends = Columns(step, whole, 1, 0, 0, 0)
    first, last = min(-1, ends.of(low)), max(1, ends.of(high))
    pitch = min((width - 44) / (last - first + 1), WIDEST)
    return Columns(step, whole, pitch, width / 2 - (first + last) / 2 * pitch, first, last)


def packed(tallest: int, pitch: float, height: float) -> tuple[int, float]:
    """How many marks stand side by side in a column, and the pixels that each gets: as large as can be."""
    best = (1, 0.0)
    for across in range(1, 13):
        cell = min(0.92 * pitch / across, height / math.ceil(tallest / across), LARGEST)
        if cell > best[1] + 0.2:
            best = (across, cell)
    return best


def drawn(
    language: str,
    values: list[float],
    found: Contrast,
    first: tuple[str, str],
    second: tuple[str, str],
    sentence: str,
    half: str,
    wanted: str,
    *,
    width: int,
    narrow: bool,
) -> str:
    """One version of the picture."""
    scale = columns_for(values, width, 18 if narrow else BINS)
    stacks = Counter(scale.of(value) for value in values)
    tallest = max(stacks.values())
    across, cell = packed(tallest, scale.pitch, 190 if narrow else 250)
    top = 34
    base = top + max(math.ceil(tallest / across) * cell, 60)
    size = cell * 0.4
    parts = []
    ends = [scale.x(found.low), scale.x(found.high)]
    if scale.whole:
        ends = [ends[0] - scale.pitch / 2, ends[1] + scale.pitch / 2]
    reach = max(ends[1] - ends[0], 2)
    parts.append(box(ends[0], top - 8, reach, base - top + 8, f"fill:{colour(first[0])};opacity:.12"))
    label = text(language, "differences.half", range=half)
    half_width = 3.7 * len(label)
    place = min(max(sum(ends) / 2, half_width), width - half_width)
    parts.append(words(place, top - 16, label, f"fill:{colour(first[0])}", text_anchor="middle", font_weight=600))
    parts.append(line(scale.middle, top - 8, scale.middle, base, "stroke:var(--ink);stroke-width:1.5"))
    for column, count in sorted(stacks.items()):
        for i in range(count):
            in_row = min(across, count - i // across * across)
            x = scale.centre(column) + (i % across - (in_row - 1) / 2) * cell
            parts.append(
                sign(-column if wanted == "lower" else column, first[0], x, base - (i // across + 0.5) * cell, size)
            )
    parts.append(line(0, base, width, base, "stroke:var(--edge)"))
    parts += axis(language, scale, base, width)
    zero = text(language, "others.zero_now" if second[0] == "now" else "others.zero")
    parts.append(words(scale.middle, base + 36, zero, "fill:var(--ink)", text_anchor="middle", font_weight=600))
    parts.append(words(0, base + 58, text(language, "others.less"), "fill:var(--ink2)"))
    parts.append(words(width, base + 58, text(language, "others.more"), "fill:var(--ink2)", text_anchor="end"))
    return picture(width, int(base + 62), sentence, parts)


def sign(gain: int, slot: str, x: float, y: float, size: float) -> str:
    """The mark of one world: filled for the better, a dash for the same, hollow for the worse."""
    if gain > 0:
        return mark(slot, x, y, size)
    if gain == 0:
        return line(x - size, y, x + size, y, f"stroke:var(--ink2);stroke-width:{min(3.0, size):.1f}")
    side = size * 1.7
    return box(x - side / 2, y - side / 2, side, side, "fill:var(--surface);stroke:var(--nu);stroke-width:1.8")


def axis(language: str, scale: Columns, base: float, width: float) -> list[str]:
    """Labels under the axis, so many that they do not touch; zero is always there."""
    decimals = max(0, -math.floor(math.log10(scale.step) + 1e-9))
    labels = {
        edge: number(language, edge * scale.step, decimals, signed=True) for edge in range(scale.first, scale.last + 1)
    }
    longest = max(len(label) for label in labels.values())
    room = 8.5 * longest + 14
    every = next(size for size in (1, 2, 5, 10, 20, 50) if size * scale.pitch >= room or size == 50)
    parts = []
    for edge, shown in labels.items():
        at = scale.x(edge * scale.step)
        if edge % every or not room / 2 <= at <= width - room / 2 + 10:
            continue
        parts.append(line(at, base, at, base + 4, "stroke:var(--edge)"))
        parts.append(words(at, base + 18, shown, "fill:var(--ink2)", text_anchor="middle"))
    return parts
