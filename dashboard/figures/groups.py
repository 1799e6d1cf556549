"""Who gains and who does not: the difference for each size of municipality and each ambition, on one scale."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.contrast import Contrast
from dashboard.direction import colour_of, half_bar, judged
from dashboard.figures import Figure, Numbers, Table, cells
from dashboard.figures.svg import apart, colour, line, mark, picture, ticks, words
from dashboard.language import number, text
from dashboard.words import sentence_start, worth

Scale = Callable[[float], float]  # from a value to a place in the picture


@dataclass(frozen=True)
class Bar:
    """One policy in one group: its letter, and its contrast (None: not measured)."""

    slot: str
    found: Contrast | None


@dataclass(frozen=True)
class Group:
    """One group of initiatives, such as `size=small`, with a bar for each policy, the one looked at first."""

    id: str
    bars: tuple[Bar, ...]

    @property
    def kind(self) -> str:
        """What the group is a part of: size or ambition."""
        return self.id.split("=")[0]


def groups(
    language: str, indicator: str, rows: Sequence[Group], first: tuple[str, str], second: tuple[str, str], date: str,
    *, better: str, rough: bool, least: str = ""
) -> Figure:  # fmt: skip
    """The figure for one indicator. better: higher, lower or neither, what people want of it. least: which groups gain
    least, in words."""
    name = text(language, f"indicator.{indicator}.name")
    sentence = text(
        language, "groups.alt", name=name, second=second[1], rows=spoken(language, indicator, rows, better, rough=rough)
    )
    subtitle = text(
        language,
        "groups.sub_rough" if rough else "groups.sub",
        measure=text(language, f"indicator.{indicator}.measure"),
        second=second[1],
        date=date,
    )
    worse = any(judged(bar.found, better) == "worse" for row in rows for bar in row.bars)
    hollow = text(language, "direction.open") if worse else ""
    return Figure(
        id=f"groups-{indicator}",
        title=sentence_start(title(language, rows, first, second, better)),
        subtitle=" ".join(part for part in (least, subtitle, hollow) if part),
        wide=drawn(language, indicator, rows, second, sentence, better, narrow=False, rough=rough),
        narrow=drawn(language, indicator, rows, second, sentence, better, narrow=True, rough=rough),
        table=table(language, indicator, rows, rough=rough),
        numbers=numbers(rows),
    )


def gains(found: Contrast | None, better: str) -> bool:
    """Whether the order is clear enough and in the direction that people want."""
    return judged(found, better) == "better"


def title(language: str, rows: Sequence[Group], first: tuple[str, str], second: tuple[str, str], better: str) -> str:
    """The finding: in which groups the one looked at does not clearly help, or is not clearly better than the other."""
    without = [row for row in rows if not gains(row.bars[0].found, better)]
    kind = "" if second[0] == "now" else "_two"
    sides = {"first": first[1], "second": second[1]}
    if not without:
        return text(language, f"groups.title_all{kind}", **sides)
    if len(without) == len(rows):
        return text(language, f"groups.title_none{kind}", **sides)
    if len(without) > 2:
        return text(language, f"groups.title_some{kind}", **sides, count=len(without), total=len(rows))
    named = f" {text(language, 'groups.and')} ".join(text(language, f"groups.in.{row.id}") for row in without)
    return text(language, f"groups.title_not{kind}", **sides, groups=named)


def spoken(language: str, indicator: str, rows: Sequence[Group], better: str, *, rough: bool) -> str:
    """Each group with the words of its first policy."""
    return "; ".join(
        f"{text(language, f'groups.{row.id}')}: {worth(language, indicator, row.bars[0].found, better, rough=rough)}"
        for row in rows
    )


def drawn(
    language: str, indicator: str, rows: Sequence[Group], second: tuple[str, str], sentence: str, better: str, *,
    narrow: bool, rough: bool
) -> str:  # fmt: skip
    """One version of the picture."""
    width = 296 if narrow else 436
    left, right = (8, 280) if narrow else (172, 420)
    found = [bar.found for row in rows for bar in row.bars if bar.found is not None]
    if not found:
        return picture(width, 60, sentence, [words(0, 34, text(language, "number.missing"), "fill:var(--ink2)")])
    lows = [each.low if rough else each.lowest for each in found]
    highs = [each.high if rough else each.highest for each in found]
    marks = ticks(min(0.0, *lows), max(0.0, *highs), 3 if narrow else 4)
    low, high = marks[0], marks[-1]

    def x(value: float) -> float:
        return left + (value - low) / (high - low) * (right - left)

    parts, y, kind, body = [], 0.0, "", []
    beside: list[tuple[float, float]] = []  # where lines of the scale run: beside bars, never through words
    for row in rows:
        if row.kind != kind:
            kind = row.kind
            y += 24 if y else 14
            body.append(words(0, y, text(language, f"groups.{kind}"), "fill:var(--ink2)", font_weight=600))
            y += 10
        count = len(row.bars)
        tall = 34 + 18 * count if narrow else max(38, 18 * count + 10)
        label = text(language, f"groups.{row.id}")
        said = worth(language, indicator, row.bars[0].found, better, rough=rough)
        body.append(words(0, y + 14, label, "fill:var(--ink)", font_weight=600, font_size=13.5 if narrow else 14))
        body.append(words(0, y + 30, said, "fill:var(--ink2)", font_size=12.5))
        for i, bar in enumerate(row.bars):
            at = y + (46 + 17 * i if narrow else (tall - 4) / 2 + 17 * (i - (count - 1) / 2))
            body += interval(bar, x, at, right, better, rough=rough, letter=count > 1)
        beside.append((y + 36, y + tall + 8) if narrow else (y, y + tall))
        y += tall + (12 if narrow else 0)
    bottom = y + 4
    if not narrow:
        beside = [(20, bottom)]
    for tick in marks:
        style = "stroke:var(--ink);stroke-width:1.5" if tick == 0 else "stroke:var(--line)"
        parts += [line(x(tick), start, x(tick), end, style) for start, end in beside]
    parts += body
    zero = text(language, "others.zero_now" if second[0] == "now" else "others.zero")
    labels = {tick: zero if tick == 0 else number(language, tick, signed=True) for tick in marks}
    for tick, at in apart(labels, x, 0, width):
        paint, bold = ("fill:var(--ink)", 600) if tick == 0 else ("fill:var(--ink2)", 400)
        parts.append(words(at, bottom + 17, labels[tick], paint, text_anchor="middle", font_weight=bold))
    return picture(width, int(bottom + 26), sentence, parts)


def interval(bar: Bar, x: Scale, y: float, right: float, better: str, *, rough: bool, letter: bool) -> list[str]:
    """One bar: thin 90 of 100, thick half, hollow mark the middle; grey without a clear order, hollow for a loss."""
    found = bar.found
    if found is None:
        return []
    paint = colour_of(found, better, bar.slot)
    parts = []
    if not rough:
        parts.append(line(x(found.lowest), y, x(found.highest), y, f"stroke:{paint};stroke-width:1.6"))
    parts.append(half_bar(found, better, bar.slot, x(found.low), x(found.high), y, 6))
    drawn_mark = mark(bar.slot, x(found.middle), y, 4.4, hollow=True)
    parts.append(drawn_mark.replace(colour(bar.slot), paint))
    if letter:
        end = min(x(found.high if rough else found.highest) + 7, right)
        parts.append(words(end, y + 4.5, bar.slot, f"fill:{colour(bar.slot)}", font_weight=700))
    return parts


def table(language: str, indicator: str, rows: Sequence[Group], *, rough: bool) -> Table:
    """The same numbers in words."""
    head = tuple(text(language, key) for key in ("table.group", "table.policy", *cells.HEAD))
    body = tuple(
        (text(language, f"groups.{row.id}"), bar.slot, *cells.in_words(language, indicator, bar.found, rough=rough))
        for row in rows
        for bar in row.bars
    )
    return Table(head, body)


def numbers(rows: Sequence[Group]) -> Numbers:
    """The same numbers for a program."""
    body = tuple((row.id, bar.slot, *cells.for_programs(bar.found)) for row in rows for bar in row.bars)
    return Numbers(("group", "policy", *cells.COLUMNS), body)
