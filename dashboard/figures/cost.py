"""Cost against effect: what each policy brings, what is spent and used more for it a year in the simulated worlds, and
what it asks for beforehand (`dashboard.prices`): two amounts that differ, under names of their own.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass

from dashboard.contrast import Contrast
from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import apart, box, colour, line, mark, picture, ticks, words
from dashboard.language import number, plural, rounded, text, within_sentence
from dashboard.prices import Yearly, asked_words, for_budget, money
from dashboard.words import ends, range_words, sentence_start

Scale = Callable[[float], float]  # from a value to a place in the picture


@dataclass(frozen=True)
class Priced:
    """One policy against going on as now: effect in the indicator's unit; euros and hours a year; all paired.

    asked: what it asks for a year (None: not reckoned yet). who: who can do it, in words. everywhere: the amounts are
    those of all municipalities together.
    """

    slot: str
    name: str
    effect: Contrast
    euros: Contrast
    hours: Contrast
    asked: Yearly | None = None
    who: str = ""
    everywhere: bool = True

    @property
    def budget(self) -> float:
        """Euros a year to reckon with in a budget."""
        return 0.0 if self.asked is None else for_budget(self.asked, self.euros.high)

    def asks(self, kind: str) -> float | None:
        """What it asks for of `euros` or `hours`."""
        if self.asked is None:
            return None
        return self.asked.euros if kind == "euros" else self.asked.work


def cost(
    language: str, indicator: str, rows: Sequence[Priced], apart: Contrast | None, first: tuple[str, str],
    second: tuple[str, str], date: str, years: float, *, rough: bool
) -> Figure:  # fmt: skip
    """The figure; `rows` holds the policy that is looked at first, `years` how long the policies ran.

    apart: euros a year of the first less those of the second; `first` and `second` are (slot, short name).
    """
    name = text(language, f"indicator.{indicator}.name")
    sentence = text(
        language,
        "cost.alt",
        name=name,
        rows="; ".join(
            text(
                language,
                "cost.alt_row",
                policy=row.name,
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
        title=title(language, apart, first, second, rough=rough),
        subtitle=plural(
            language,
            "cost.sub_rough" if rough else "cost.sub",
            years,
            measure=within_sentence(measure),
            date=date,
            years=number(language, years),
        ),
        wide=drawn(language, rows, sentence, narrow=False, rough=rough),
        narrow=drawn(language, rows, sentence, narrow=True, rough=rough),
        table=table(language, rows),
        numbers=numbers(rows),
        badge="assumption",
    )


def title(
    language: str, apart: Contrast | None, first: tuple[str, str], second: tuple[str, str], *, rough: bool
) -> str:
    """The finding: how much more or less the first costs than the second, a year and in the simulated worlds."""
    if rough or apart is None:
        return text(language, "cost.title_rough")
    other = text(language, "cost.now") if second[0] == "now" else text(language, "cost.with", name=second[1])
    sides = {"first": first[1], "second": other}
    low, high = ends(apart.low, apart.high)
    if low < 0 < high:
        return sentence_start(text(language, "cost.title_unclear", **sides))
    small, large = sorted((abs(low), abs(high)))
    key = "none" if large == 0 else "more" if high > 0 else "less"
    if small == large > 0:
        key += "_one"
    return text(language, f"cost.title_{key}", **sides, low=number(language, small), high=number(language, large))


LINE = 17  # pixels of a line of text


def spent(language: str, found: Contrast) -> str:
    """The middle half of what is spent or used more, in whole euros or hours."""
    low, high = (float(round(end)) for end in ends(found.low, found.high))
    return range_words(language, low, high, signed=True)


def told(language: str, row: Priced) -> list[str]:
    """What a policy asks for, what is used, and who can do it, as lines of text."""
    used = text(
        language,
        "cost.row_used",
        euros=spent(language, row.euros),
        hours=spent(language, row.hours),
    )
    lines = [] if row.asked is None else [asked_words(language, row.asked)]
    lines.append(used)
    if row.budget:
        key = "cost.row_budget_all" if row.everywhere else "cost.row_budget"
        lines.append(text(language, key, money=money(language, row.budget)))
    return [*lines, text(language, "cost.row_who", who=row.who)] if row.who else lines


def fitting(words_of: str, most: int) -> list[str]:
    """Text in lines of so many characters."""
    lines: list[str] = [""]
    for word in words_of.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > most:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    return lines


def list_of(language: str, rows: Sequence[Priced], top: float, *, narrow: bool) -> tuple[list[str], float]:
    """Under the panels: each policy with what it asks for, what is used and who can do it. Returns where it ends."""
    parts, y = [], top
    for row in rows:
        y += 24
        parts.append(mark(row.slot, 6, y - 5, 5))
        for piece in fitting(row.name, 30 if narrow else 76):
            parts.append(words(18, y, piece, f"fill:{colour(row.slot)}", font_weight=700, font_size=15))
            y += LINE + 1
        for line_of_text in told(language, row):
            for piece in fitting(line_of_text, 36 if narrow else 92):
                parts.append(words(18, y, piece, "fill:var(--ink)", font_size=13.5))
                y += LINE
        y -= 8
    return parts, y


def drawn(language: str, rows: Sequence[Priced], sentence: str, *, narrow: bool, rough: bool) -> str:
    """One version of the picture: two panels with the same vertical axis, beside or below each other, and a list."""
    width, panel_width, tall = (296, 296, 250) if narrow else (680, 334, 290)
    effects = [row.effect for row in rows]
    marks = ticks(*extent(effects, rough=rough), 4)
    parts = []
    for i, kind in enumerate(("euros", "hours")):
        x0, y0 = (0, i * (tall + 14)) if narrow else (i * (width - panel_width), 0)
        parts += panel(language, rows, kind, marks, x0, y0, panel_width, tall, rough=rough)
    listed, end = list_of(language, rows, 2 * tall + 20 if narrow else tall + 8, narrow=narrow)
    return picture(width, int(end + 4), sentence, [*parts, *listed])


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
    asked = {row.slot: value for row in rows if (value := row.asks(kind)) is not None}
    low, high = extent(costs, rough=rough)
    across = ticks(min(low, *asked.values()), max(high, *asked.values()), 3) if asked else ticks(low, high, 3)
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
    parts.append(line(x(0), top, x(0), bottom, "stroke:var(--ink);stroke-width:1.2"))
    parts += [line(x(tick), bottom, x(tick), bottom + 4, "stroke:var(--edge)") for tick in across]
    below = {tick: text(language, "cost.now") if tick == 0 else large(language, tick) for tick in across}
    for tick, at in apart(below, x, x0, x0 + width):
        bold = 600 if tick == 0 else 400
        parts.append(words(at, bottom + 18, below[tick], "fill:var(--ink2)", text_anchor="middle", font_weight=bold))
    side = 5
    parts.append(
        box(x(0) - side, y(0) - side, 2 * side, 2 * side, "fill:var(--surface);stroke:var(--nu);stroke-width:2")
    )
    for slot, value in asked.items():
        paint = f"stroke:{colour(slot)};stroke-width:2;stroke-dasharray:2 4"
        parts.append(line(x(value), top, x(value), bottom, paint))
    for row in reversed(rows):
        parts += cross(row, getattr(row, kind), x, y, rough=rough, letter=len(rows) > 1)
    for slot, value in asked.items():
        label = text(language, "cost.asked") + (f" {slot}" if len(rows) > 1 else "")
        reach = 3.7 * len(label)
        at = min(max(x(value), x0 + reach), x0 + width - reach)
        level = top + 12 + 15 * list(asked).index(slot)
        halo = "stroke:var(--surface);stroke-width:5;stroke-linejoin:round;paint-order:stroke;"
        parts.append(words(at, level, label, f"{halo}fill:{colour(slot)}", text_anchor="middle", font_weight=600))
    parts.append(words(right, bottom + 36, text(language, f"cost.{kind}_axis"), "fill:var(--ink2)", text_anchor="end"))
    return parts


def cross(row: Priced, price: Contrast, x: Scale, y: Scale, *, rough: bool, letter: bool) -> list[str]:
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
    if letter:
        parts.append(words(at + 10, high - 10, row.slot, f"fill:{colour(row.slot)}", font_weight=700, font_size=15))
    return parts


def large(language: str, value: float) -> str:
    """A cost on an axis: in millions or thousands where that is shorter."""
    size, key = (1e6, "number.million") if abs(value) >= 1e6 else (1, "")
    shown = number(language, value / size, 1 if size > 1 else None, signed=True)
    return f"{shown} {text(language, key)}" if key else shown


def table(language: str, rows: Sequence[Priced]) -> Table:
    """The same numbers in words: first what is asked for, then what is used."""
    head = (
        "table.policy",
        "table.effect_half",
        "table.euros_asked",
        "table.euros_half",
        "table.euros_ninety",
        "table.hours_asked",
        "table.hours_half",
        "table.hours_ninety",
        "table.volunteers_asked",
        "table.who",
    )

    def used(found: Contrast) -> list[str]:
        spans = ((found.low, found.high), (found.lowest, found.highest))
        return [range_words(language, *ends(low, high), signed=True) for low, high in spans]

    def asked(value: float | None) -> str:
        return "–" if value is None else number(language, rounded(value))

    body = []
    for row in rows:
        body.append(
            (
                row.name,
                range_words(language, rounded(row.effect.low), rounded(row.effect.high), signed=True),
                asked(row.asks("euros")),
                *used(row.euros),
                asked(row.asks("hours")),
                *used(row.hours),
                asked(None if row.asked is None else row.asked.volunteer_hours),
                row.who or "–",
            )
        )
    return Table(tuple(text(language, key) for key in head), tuple(body))


def numbers(rows: Sequence[Priced]) -> Numbers:
    """The same numbers for a program; `asked` is one number, reckoned beforehand."""
    columns = ("policy", "measure", "p05", "p25", "p50", "p75", "p95", "asked")
    body = tuple(
        (row.slot, kind, each.lowest, each.low, each.middle, each.high, each.highest, asked)
        for row in rows
        for kind, each, asked in (
            ("effect", row.effect, None),
            ("euros_per_year", row.euros, row.asks("euros")),
            ("hours_per_year", row.hours, row.asks("hours")),
        )
    )
    return Numbers(columns, body)
