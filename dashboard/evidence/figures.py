"""The figures of *Onderbouwing*: counts beside the model's range, fitted parameters, what politeness would change."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from math import log, sqrt
from typing import Any

from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, line, picture, words
from dashboard.language import number, text

Data = dict[str, Any]
WIDE, NARROW = 640, 328
RANGE, MIDDLE = "fill:var(--petrol);opacity:.22", "stroke:var(--petrol);stroke-width:2.5"
QUIET = "fill:var(--ink2)"
NORMAL_95 = 1.959963984540054


@dataclass(frozen=True)
class Line:
    """A count of the interviews beside what the model gives, all as counts of `n`."""

    label: str
    n: int
    observed: int
    p05: float
    p50: float
    p95: float
    inside: bool


@dataclass(frozen=True)
class Block:
    """Lines under one heading (empty for none) that were counted in one place: their source, in words."""

    heading: str
    source: str
    lines: tuple[Line, ...]


def diamond(x: float, y: float, paint: str, size: float = 7) -> str:
    """The mark of a count."""
    corners = f"M{x - size:.1f} {y:.1f}l{size} {-size} {size} {size} {-size} {size}z"
    return f'<path d="{corners}" style="fill:{paint};stroke:var(--surface);stroke-width:1"/>'


def counts(language: str, id: str, title: str, subtitle: str, blocks: Sequence[Block]) -> Figure:
    """Each count as a diamond on the range that the model gives."""
    lines = [each for block in blocks for each in block.lines]
    outside = [each.label for each in lines if not each.inside]
    key = "evidence.counts.sentence_outside" if outside else "evidence.counts.sentence"
    sentence = text(language, key, count=len(lines), outside=", ".join(outside))
    head = tuple(
        text(language, f"evidence.counts.head.{name}") for name in ("answer", "counted", "middle", "range", "source")
    )
    rows = tuple(
        (
            each.label,
            text(language, "evidence.counts.of", count=each.observed, n=each.n),
            number(language, round(each.p50), 0),
            text(language, "evidence.range", low=number(language, each.p05, 0), high=number(language, each.p95, 0))
            + ("" if each.inside else f" ({text(language, 'evidence.counts.outside')})"),
            block.source,
        )
        for block in blocks
        for each in block.lines
    )
    plain = tuple(
        (each.label, each.n, each.observed, each.p05, each.p50, each.p95, str(each.inside).lower(), block.source)
        for block in blocks
        for each in block.lines
    )
    return Figure(
        id,
        title,
        subtitle,
        drawn_counts(language, blocks, sentence, WIDE),
        drawn_counts(language, blocks, sentence, NARROW),
        Table(head, rows),
        Numbers(("count", "n", "observed", "p05", "p50", "p95", "inside", "source"), plain),
    )


def drawn_counts(language: str, blocks: Sequence[Block], sentence: str, width: int) -> str:
    """The picture of `counts`: labels beside the ranges, or above them where it is narrow."""
    narrow = width < 500
    left, right = (4.0, width - 92.0) if narrow else (246.0, width - 96.0)
    step, start = (46, 20) if narrow else (32, 12)

    def across(share: float) -> float:
        return left + share * (right - left)

    drawn, y = [], float(start)
    axis: list[str] = []
    for block in blocks:
        if block.heading:
            drawn.append(words(0, y + 12, block.heading, font_weight=650))
            y += 19
        drawn.append(words(0, y + 12, block.source, QUIET))
        y += 26 if narrow else 22
        above = y
        for each in block.lines:
            middle = y + (28 if narrow else 12)
            drawn.append(words(0, middle - 16 if narrow else middle + 5, each.label))
            if narrow:  # no line through the words above a range
                axis += upright(across, middle - 11, middle + 11)
            low, high = across(each.p05 / each.n), across(each.p95 / each.n)
            drawn.append(box(low, middle - 8, max(2.0, high - low), 16, RANGE))
            drawn += [line(at, middle - 8, at, middle + 8, MIDDLE) for at in (low, across(each.p50 / each.n), high)]
            paint = "var(--ink)" if each.inside else "var(--bad)"
            at = across(each.observed / each.n)
            drawn.append(diamond(at, middle, paint))
            if not each.inside:
                beyond = max(at, high) + 12
                drawn.append(words(beyond, middle + 5, text(language, "evidence.counts.outside"), f"fill:{paint}"))
            drawn.append(
                words(
                    width,
                    middle + 5,
                    text(language, "evidence.counts.of", count=each.observed, n=each.n),
                    text_anchor="end",
                    font_weight=600,
                )
            )
            y += step
        if not narrow:
            axis += upright(across, above, y)
        y += 8
    marks = [0.0, 0.5, 1.0] if narrow else [0.0, 0.25, 0.5, 0.75, 1.0]
    labels = [
        words(
            across(share),
            y + 16,
            text(language, "evidence.percent", value=number(language, 100 * share, 0)),
            QUIET,
            text_anchor="start" if share == 0 and narrow else "middle",
        )
        for share in marks
    ]
    return picture(width, int(y + 22), sentence, [*axis, *drawn, *labels])


def upright(across: Callable[[float], float], top: float, bottom: float) -> list[str]:
    """The lines at every quarter, between two heights."""
    return [
        line(across(share), top, across(share), bottom, f"stroke:var(--{'edge' if share == 0 else 'line'})")
        for share in (0, 0.25, 0.5, 0.75, 1)
    ]


def fitted(sentence: str, shares: Sequence[float]) -> str:
    """A small picture of a parameter: grey, what was possible beforehand (evenly); dark, what the interviews left."""
    width, height = 190, 32
    top = max(shares) or 1.0
    each = (width - 8) / len(shares)
    bars = [
        box(4 + k * each, 24 - 20 * share / top, each, 20 * share / top, "fill:var(--petrol)")
        for k, share in enumerate(shares)
        if share > 0
    ]
    return picture(width, height, sentence, [*bars, box(4, 25, width - 8, 5, "fill:var(--edge);opacity:.6")])


def place_in_prior(low: float, high: float, value: float, distribution: str) -> float:
    """Where a value lies on the scale of its prior (0 to 1): even on a logarithmic scale when the prior is."""
    if not high > low:
        return 0.5
    if distribution == "loguniform":
        return log(value / low) / log(high / low)
    return (value - low) / (high - low)


def wilson(count: int, n: int) -> tuple[float, float]:
    """95% interval of a share that was counted."""
    p, z = count / n, NORMAL_95
    centre = (p + z * z / (2 * n)) / (1 + z * z / n)
    half = z * sqrt(p * (1 - p) / n + z * z / (4 * n * n)) / (1 + z * z / n)
    return centre - half, centre + half


def without_polite(share: float, polite: float) -> float:
    """Share among those who did not answer politely, when a part `polite` of all gave the pleasant answer whatever
    they thought.
    """
    return max(0.0, (share - polite) / (1 - polite))


def politeness(
    language: str, id: str, title: str, subtitle: str, count: int, n: int, shares: Sequence[float]
) -> Figure:
    """What is left of a pleasant answer when some gave it out of politeness, with its 95% interval."""
    low, high = wilson(count, n)
    rows = [(each, *(without_polite(share, each) for share in (low, count / n, high))) for each in shares]

    def percent(share: float) -> str:
        return text(language, "evidence.percent", value=number(language, 100 * share, 0))

    sentence = text(
        language,
        "evidence.polite.sentence",
        polite=percent(rows[-1][0]),
        first=percent(rows[0][2]),
        last=percent(rows[-1][2]),
    )
    head = tuple(text(language, f"evidence.polite.head.{name}") for name in ("polite", "left", "range"))
    table = Table(
        head,
        tuple(
            (percent(each), percent(middle), text(language, "evidence.range", low=percent(a), high=percent(b)))
            for each, a, middle, b in rows
        ),
    )

    def drawn(width: int) -> str:
        left, right = (96.0, width - 50.0) if width < 500 else (150.0, width - 60.0)
        parts = [
            line(left + at * (right - left), 6, left + at * (right - left), 6 + 44 * len(rows), "stroke:var(--line)")
            for at in (0, 0.25, 0.5, 0.75, 1)
        ]
        for k, (each, a, middle, b) in enumerate(rows):
            y = 26.0 + 44 * k
            label = text(language, "evidence.polite.label", share=percent(each))
            parts.append(words(0, y + 5, label, font_weight=600))
            begin, end = left + a * (right - left), left + b * (right - left)
            parts.append(box(begin, y - 8, end - begin, 16, RANGE))
            parts += [line(x, y - 8, x, y + 8, MIDDLE) for x in (begin, end)]
            parts.append(diamond(left + middle * (right - left), y, "var(--ink)"))
            parts.append(words(width, y + 5, percent(middle), text_anchor="end", font_weight=600))
        bottom = 6 + 44 * len(rows)
        parts += [
            words(left + at * (right - left), bottom + 18, percent(at), QUIET, text_anchor="middle")
            for at in (0, 0.5, 1)
        ]
        return picture(width, bottom + 24, sentence, parts)

    numbers = Numbers(("polite_share", "p2_5", "share", "p97_5"), tuple((e, a, m, b) for e, a, m, b in rows))
    return Figure(id, title, subtitle, drawn(560), drawn(NARROW), table, numbers)
