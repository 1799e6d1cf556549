"""The paired differences themselves: a hundred worlds as marks on one axis, the middle half marked."""

import math
from collections import Counter

import numpy as np
from numpy.typing import NDArray

from dashboard.contrast import Contrast
from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, colour, line, mark, picture, words
from dashboard.language import number, rounded, text
from dashboard.words import range_words

BINS = 26  # columns of marks at most


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
    half = range_words(language, rounded(found.low), rounded(found.high), signed=True)
    ninety = range_words(language, rounded(found.lowest), rounded(found.highest), signed=True)
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
        subtitle=text(language, "differences.sub", first=first[1], second=second[1], name=name, unit=unit, date=date),
        wide=drawn(language, shown, found, first, second, sentence, half, width=700, narrow=False),
        narrow=drawn(language, shown, found, first, second, sentence, half, width=296, narrow=True),
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
            chosen += [float(value) for value in np.quantile(part, (np.arange(count) + 0.5) / max(1, count))]
    return chosen


def step_of(low: float, high: float, columns: int) -> float:
    """The width of a column: 1, 2 or 5 times a power of ten, so that at most so many columns are needed."""
    span = max(high - low, abs(high), abs(low), 1e-9)
    power = 10 ** math.floor(math.log10(span / columns))
    return next(size * power for size in (1, 2, 5, 10) if size * power * columns >= span)


def drawn(
    language: str,
    values: list[float],
    found: Contrast,
    first: tuple[str, str],
    second: tuple[str, str],
    sentence: str,
    half: str,
    *,
    width: int,
    narrow: bool,
) -> str:
    """One version of the picture."""
    low, high = min(0.0, *values), max(0.0, *values)
    step = step_of(low, high, 20 if narrow else BINS)
    # Zero has a column of its own: only ties stand in it.
    columns = [
        0 if value == 0 else math.copysign(max(1, math.ceil(abs(value) / step - 1e-9)), value) for value in values
    ]
    left_most, right_most = int(min(-1, *columns)), int(max(1, *columns))
    pitch = min((width - 40) / (right_most - left_most + 1), 26 if not narrow else 18)
    middle = width / 2 - (right_most + left_most) / 2 * pitch
    tallest = max(Counter(columns).values())
    up = min(pitch, (250 if not narrow else 190) / tallest)
    size = min(pitch, up) * 0.4
    top, base = 34, 34 + max(tallest * up, 60)
    height = int(base + 58)

    def x(value: float) -> float:
        return middle + value / step * pitch + (0 if value == 0 else math.copysign(-pitch / 2, value) * 0)

    parts = []
    a, b = x(found.low), x(found.high)
    parts.append(box(min(a, b - 2), top - 8, max(b - a, 2), base - top + 8, f"fill:{colour(first[0])};opacity:.12"))
    label = text(language, "differences.half", range=half)
    half_width = 3.6 * len(label)
    place = min(max((a + b) / 2, half_width), width - half_width)
    parts.append(words(place, top - 16, label, f"fill:{colour(first[0])}", text_anchor="middle", font_weight=600))
    stacked: Counter[float] = Counter()
    for column in columns:
        y = base - (stacked[column] + 0.5) * up
        stacked[column] += 1
        at = middle + (column - math.copysign(0.5, column) if column else 0) * pitch
        if column > 0:
            parts.append(mark(first[0], at, y, size))
        elif column == 0:
            parts.append(line(at - size, y, at + size, y, "stroke:var(--ink2);stroke-width:3"))
        else:
            side = size * 1.7
            parts.append(
                box(at - side / 2, y - side / 2, side, side, "fill:var(--surface);stroke:var(--nu);stroke-width:1.8")
            )
    parts.append(line(0, base, width, base, "stroke:var(--edge)"))
    parts.append(line(middle, top - 8, middle, base, "stroke:var(--ink);stroke-width:1.5"))
    parts += axis(language, step, left_most, right_most, middle, pitch, base, width, narrow=narrow)
    zero = text(language, "others.zero_now" if second[0] == "now" else "others.zero")
    parts.append(words(middle, base + 36, zero, "fill:var(--ink)", text_anchor="middle", font_weight=600))
    parts.append(words(0, base + 54, text(language, "others.less"), "fill:var(--ink2)"))
    parts.append(words(width, base + 54, text(language, "others.more"), "fill:var(--ink2)", text_anchor="end"))
    return picture(width, height, sentence, parts)


def axis(
    language: str,
    step: float,
    left_most: int,
    right_most: int,
    middle: float,
    pitch: float,
    base: float,
    width: float,
    *,
    narrow: bool,
) -> list[str]:
    """Labels under the axis, at the edges of columns, so many that they do not touch."""
    longest = max(len(number(language, edge * step, signed=True)) for edge in (left_most, right_most))
    room = 8.5 * longest + 14
    every = next(size for size in (1, 2, 5, 10, 20, 50) if size * pitch >= room or size == 50)
    parts = []
    for edge in range(left_most, right_most + 1):
        at = middle + edge * pitch
        if edge % every or not room / 2 <= at <= width - room / 2 + 10:
            continue
        parts.append(line(at, base, at, base + 4, "stroke:var(--edge)"))
        shown = number(language, edge * step, signed=True)
        parts.append(words(at, base + 18, shown, "fill:var(--ink2)", text_anchor="middle"))
    return parts
