"""Cost against effect: what each policy asks a year in euros and in hours of officials, and what it brings."""

import math
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.contrast import Contrast
from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, colour, line, mark, picture, ticks, words
from dashboard.language import number, rounded, text
from dashboard.words import range_words

Scale = Callable[[float], float]  # from a value to a place in the picture


@dataclass(frozen=True)
class Priced:
    """One policy against going on as now: effect in the indicator's unit; euros and hours a year; all paired."""

    slot: str
    name: str
    effect: Contrast
    euros: Contrast
    hours: Contrast


def cost(language: str, indicator: str, rows: Sequence[Priced], date: str, years: float, *, rough: bool) -> Figure:
    """The figure; `rows` holds the policy that is looked at first, `years` how long the policies ran."""
    name = text(language, f"indicator.{indicator}.name")
    first = rows[0]
    low, high = alike(first.euros.low, first.euros.high)
    if rough:
        title = text(language, "cost.title_rough")
    elif low >= 0 or high <= 0:
        small, large = sorted((abs(low), abs(high)))
        key = "cost.title_more" if high > 0 else "cost.title_less"
        key = "cost.title_none" if small == large == 0 else key
        title = text(language, key, first=first.slot, low=number(language, small), high=number(language, large))
    else:
        title = text(language, "cost.title_unclear", first=first.slot)
    sentence = text(
        language,
        "cost.alt",
        name=name,
        rows="; ".join(
            text(
                language,
                "cost.alt_row",
                policy=f"{row.slot} {row.name}",
                effect=number(language, rounded(row.effect.middle), signed=True),
                euros=number(language, rounded(row.euros.middle), signed=True),
                hours=number(language, rounded(row.hours.middle), signed=True),
            )
            for row in rows
        ),
    )
    measure = text(language, f"indicator.{indicator}.measure")
    return Figure(
        id=f"cost-{indicator}",
        title=title,
        subtitle=text(
            language,
            "cost.sub_rough" if rough else "cost.sub",
            measure=measure,
            date=date,
            years=number(language, years),
        ),
        wide=drawn(language, rows, sentence, narrow=False, rough=rough),
        narrow=drawn(language, rows, sentence, narrow=True, rough=rough),
        table=table(language, rows),
        numbers=numbers(rows),
        badge="assumption",
    )


def alike(low: float, high: float) -> tuple[float, float]:
    """Both ends of a range, as exact as the larger one may be written: 0.82 to 3,000 becomes 0 to 3,000."""
    largest = max(abs(low), abs(high))
    if largest == 0:
        return 0.0, 0.0
    unit = 10.0 ** (math.floor(math.log10(largest)) - 1)
    return round(low / unit) * unit, round(high / unit) * unit


def drawn(language: str, rows: Sequence[Priced], sentence: str, *, narrow: bool, rough: bool) -> str:
    """One version of the picture: two panels with the same vertical axis, beside or below each other."""
    width, panel_width, tall = (296, 296, 250) if narrow else (680, 334, 290)
    effects = [row.effect for row in rows]
    marks = ticks(*extent(effects, rough=rough), 4)
    parts = []
    for i, kind in enumerate(("euros", "hours")):
        x0, y0 = (0, i * (tall + 14)) if narrow else (i * (width - panel_width), 0)
        parts += panel(language, rows, kind, marks, x0, y0, panel_width, tall, rough=rough)
    return picture(width, 2 * tall + 14 if narrow else tall, sentence, parts)


TINY = 1e-6  # of an initiative, a home, a euro or an hour: what rounding leaves of nothing


def extent(found: Sequence[Contrast], *, rough: bool) -> tuple[float, float]:
    """From the lowest to the highest end of what is drawn, zero included; never of no length."""
    lows = [each.low if rough else each.lowest for each in found]
    highs = [each.high if rough else each.highest for each in found]
    low, high = min(0.0, *lows), max(0.0, *highs)
    return (low, high) if high - low > TINY else (0.0, 1.0)


def panel(
    language: str,
    rows: Sequence[Priced],
    kind: str,
    marks: Sequence[float],
    x0: float,
    y0: float,
    width: float,
    tall: float,
    *,
    rough: bool,
) -> list[str]:
    """One panel: across is `euros` or `hours`, up is the effect."""
    costs = [getattr(row, kind) for row in rows]
    across = ticks(*extent(costs, rough=rough), 3)
    labels = [number(language, tick, signed=True) for tick in marks]
    left = x0 + 14 + 7.4 * max(len(label) for label in labels)
    right, top, bottom = x0 + width - 24, y0 + 34, y0 + tall - 44

    def x(value: float) -> float:
        return left + (value - across[0]) / (across[-1] - across[0]) * (right - left)

    def y(value: float) -> float:
        return bottom - (value - marks[0]) / (marks[-1] - marks[0]) * (bottom - top)

    title = text(language, f"cost.{kind}")
    parts = [words(x0, y0 + 14, title, "fill:var(--ink)", font_weight=600, font_size=13.5)]
    for tick, label in zip(marks, labels, strict=True):
        parts.append(line(left, y(tick), right, y(tick), f"stroke:var(--{'ink' if tick == 0 else 'line'})"))
        parts.append(words(left - 7, y(tick) + 4.5, label, "fill:var(--ink2)", text_anchor="end"))
    for tick in across:
        shown = large(language, tick)
        if tick == 0:
            parts.append(line(x(0), top, x(0), bottom, "stroke:var(--ink);stroke-width:1.2"))
        parts.append(line(x(tick), bottom, x(tick), bottom + 4, "stroke:var(--edge)"))
        reach = 3.7 * len(shown)
        at = min(x(tick), x0 + width - reach)
        parts.append(words(at, bottom + 18, shown, "fill:var(--ink2)", text_anchor="middle"))
    side = 5
    parts.append(
        box(x(0) - side, y(0) - side, 2 * side, 2 * side, "fill:var(--surface);stroke:var(--nu);stroke-width:2")
    )
    under = marks[0] < 0  # there is room below zero, where no policy's letter stands
    low = y(0) + 17 if under else y(0) - 8
    parts.append(words(x(0) + 9, low, text(language, "others.zero_now"), "fill:var(--nu)", font_weight=600))
    for row in reversed(rows):
        parts += cross(row, getattr(row, kind), x, y, rough=rough)
    parts.append(words(right, bottom + 36, text(language, f"cost.{kind}_axis"), "fill:var(--ink2)", text_anchor="end"))
    return parts


def cross(row: Priced, price: Contrast, x: Scale, y: Scale, *, rough: bool) -> list[str]:
    """A mark with bars for effect (up) and cost (across): thick half, thin 90 of 100; and its letter."""
    paint = f"stroke:{colour(row.slot)}"
    at, high = x(price.middle), y(row.effect.middle)
    parts = []
    if not rough:
        parts.append(line(at, y(row.effect.lowest), at, y(row.effect.highest), f"{paint};stroke-width:1.6"))
        parts.append(line(x(price.lowest), high, x(price.highest), high, f"{paint};stroke-width:1.6"))
    parts.append(line(at, y(row.effect.low), at, y(row.effect.high), f"{paint};stroke-width:6"))
    parts.append(line(x(price.low), high, x(price.high), high, f"{paint};stroke-width:6"))
    parts.append(mark(row.slot, at, high, 5, hollow=True))
    parts.append(words(at + 10, high - 10, row.slot, f"fill:{colour(row.slot)}", font_weight=700, font_size=15))
    return parts


def large(language: str, value: float) -> str:
    """A cost on an axis: in millions or thousands where that is shorter."""
    size, key = (1e6, "number.million") if abs(value) >= 1e6 else (1, "")
    shown = number(language, value / size, 1 if size > 1 else None, signed=True)
    return f"{shown} {text(language, key)}" if key else shown


def table(language: str, rows: Sequence[Priced]) -> Table:
    """The same numbers in words."""
    head = (
        "table.policy",
        "table.effect_half",
        "table.euros_half",
        "table.euros_ninety",
        "table.hours_half",
        "table.hours_ninety",
    )
    body = []
    for row in rows:
        cells = [
            range_words(language, rounded(low), rounded(high), signed=True)
            for low, high in (
                (row.effect.low, row.effect.high),
                (row.euros.low, row.euros.high),
                (row.euros.lowest, row.euros.highest),
                (row.hours.low, row.hours.high),
                (row.hours.lowest, row.hours.highest),
            )
        ]
        body.append((f"{row.slot} {row.name}", *cells))
    return Table(tuple(text(language, key) for key in head), tuple(body))


def numbers(rows: Sequence[Priced]) -> Numbers:
    """The same numbers for a program."""
    columns = ("policy", "measure", "p05", "p25", "p50", "p75", "p95")
    body = tuple(
        (row.slot, kind, each.lowest, each.low, each.middle, each.high, each.highest)
        for row in rows
        for kind, each in (("effect", row.effect), ("euros_per_year", row.euros), ("hours_per_year", row.hours))
    )
    return Numbers(columns, body)
