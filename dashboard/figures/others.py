"""The other outcomes of one comparison: paired differences, each row on its own scale."""

from collections.abc import Sequence
from dataclasses import dataclass

from dashboard.contrast import Contrast
from dashboard.direction import better, clear, colour_of, half_bar, judged
from dashboard.figures import Figure, Numbers, Table, cells
from dashboard.figures.svg import colour, line, mark, picture, words
from dashboard.language import number, rounded, text
from dashboard.words import sentence_start, share_words, verdict, with_worth


@dataclass(frozen=True)
class Row:
    """One outcome: its id, its contrast (None: not measured), and how long it was added up, in words (empty: it is how
    things stand)."""

    indicator: str
    found: Contrast | None
    period: str = ""


def others(
    language: str, rows: Sequence[Row], first: tuple[str, str], second: tuple[str, str], date: str, *, rough: bool
) -> Figure:
    """The figure for rows of outcomes; `first` and `second` are (slot, short name)."""
    worse = any(judged(row.found, better(row.indicator)) == "worse" for row in rows)
    subtitle = text(
        language, "others.sub_rough" if rough else "others.sub", first=first[1], second=second[1], date=date
    )
    sentence = text(language, "others.alt", first=first[1], second=second[1], count=len(rows))
    return Figure(
        id="others",
        title=text(
            language, "others.title" if any(clear(row.found) for row in rows) else "others.title_none", first=first[1]
        ),
        subtitle=sentence_start(f"{subtitle} {text(language, 'direction.open')}" if worse else subtitle),
        wide=drawn(language, rows, first[0], second[0], sentence, narrow=False, rough=rough),
        narrow=drawn(language, rows, first[0], second[0], sentence, narrow=True, rough=rough),
        table=table(language, rows, rough=rough),
        numbers=numbers(rows),
    )


def drawn(
    language: str, rows: Sequence[Row], slot: str, other: str, sentence: str, *, narrow: bool, rough: bool
) -> str:
    """One version of the picture; the zero line of all rows is the same line."""
    width, step = (296, 80) if narrow else (860, 44)
    left, right = (12, 284) if narrow else (300, 670)
    height = step * len(rows) + 42
    # One zero line for all rows: in the middle, or to one side when hardly anything lies on that side.
    middles = [row.found.middle for row in rows if row.found is not None and row.found.middle != 0]
    below = sum(middle < 0 for middle in middles)
    share = 0.3 if below == 0 else 0.7 if below == len(middles) else 0.5
    zero = left + share * (right - left)
    parts = []
    for i, each in enumerate(rows):
        top = i * step
        # In the narrow version the words stand above the bar, so the line only runs beside the bar.
        parts.append(
            line(
                zero,
                top + (54 if narrow else 0),
                zero,
                top + step - (4 if narrow else 0),
                "stroke:var(--ink);stroke-width:1.5",
            )
        )
        parts += drawn_row(language, each, slot, top, zero, left, right, narrow=narrow, rough=rough)
        if i:
            parts.append(line(0, top, width, top, "stroke:var(--line)"))
    label = text(language, "others.zero_now" if other == "now" else "others.zero")
    parts.append(words(zero, height - 24, label, "fill:var(--ink)", text_anchor="middle", font_weight=600))
    parts.append(words(left, height - 6, text(language, "others.less"), "fill:var(--ink2)"))
    parts.append(words(right, height - 6, text(language, "others.more"), "fill:var(--ink2)", text_anchor="end"))
    return picture(width, height, sentence, parts)


def drawn_row(
    language: str,
    row: Row,
    slot: str,
    top: float,
    zero: float,
    left: float,
    right: float,
    *,
    narrow: bool,
    rough: bool,
) -> list[str]:
    """Name and words on the left, the bar on its own scale, the size of the difference on the right or under them."""
    indicator, found = row.indicator, row.found
    name = text(language, f"indicator.{indicator}.name")
    wanted = better(indicator)
    said = verdict(language, indicator, found) if rough else share_words(language, indicator, found)
    spoken = with_worth(language, indicator, said, found, wanted)
    y = top + (64 if narrow else 22)
    parts = [words(0, top + 18, name, "fill:var(--ink)", font_weight=600, font_size=14 if not narrow else 13.5)]
    if narrow:
        parts.append(words(0, top + 33, spoken, "fill:var(--ink2)", font_size=13))
    else:
        parts.append(words(0, top + 35, spoken, "fill:var(--ink2)", font_size=13))
    if found is None or found.verdict == "same":
        return parts
    scale = min(
        (zero - left) / -found.lowest if found.lowest < 0 else float("inf"),
        (right - zero) / found.highest if found.highest > 0 else float("inf"),
    )
    if scale == float("inf"):
        return parts
    paint = colour_of(found, wanted, slot)
    if not rough:
        parts.append(
            line(zero + found.lowest * scale, y, zero + found.highest * scale, y, f"stroke:{paint};stroke-width:1.6")
        )
    parts.append(half_bar(found, wanted, slot, zero + found.low * scale, zero + found.high * scale, y, 7))
    middle = mark(slot if clear(found) else "A", zero + found.middle * scale, y, 4.8, hollow=True)
    parts.append(middle.replace(colour(slot if clear(found) else "A"), paint))
    if not rough:
        value = number(language, rounded(found.middle), signed=True)
        unit = text(language, f"indicator.{indicator}.unit.{'one' if abs(rounded(found.middle)) == 1 else 'many'}")
        if narrow:
            size = f"{value} {unit}{f', {row.period}' if row.period else ''}"
            parts.append(words(0, top + 49, size, "fill:var(--ink)", font_weight=600, font_size=13))
        else:
            parts.append(words(right + 16, y - 3, value, "fill:var(--ink)", font_weight=650, font_size=14))
            under = f"{unit}, {row.period}" if row.period else unit
            parts.append(words(right + 16, y + 13, under, "fill:var(--ink2)", font_size=13))
    return parts


def table(language: str, rows: Sequence[Row], *, rough: bool) -> Table:
    """The same numbers in words."""
    head = tuple(text(language, key) for key in ("table.outcome", *cells.HEAD))
    body = []
    for row in rows:
        name = text(language, f"indicator.{row.indicator}.name")
        after = f", {row.period}" if row.period else ""
        body.append((name + after, *cells.in_words(language, row.indicator, row.found, rough=rough)))
    return Table(head, tuple(body))


def numbers(rows: Sequence[Row]) -> Numbers:
    """The same numbers for a program."""
    body = tuple((row.indicator, *cells.for_programs(row.found)) for row in rows)
    return Numbers(("indicator", *cells.COLUMNS), body)
