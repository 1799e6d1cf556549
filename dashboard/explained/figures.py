"""The pictures of *Het model*: who is in it, and the steps of a month by who takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from itertools import pairwise

from dashboard.figures import Figure, Table
from dashboard.figures.svg import box, line, picture, words
from dashboard.language import number, text

PETROL, QUIET = "stroke:var(--petrol);stroke-width:2;fill:none", "fill:var(--ink2)"
OWNERS = ("municipality", "official", "alderman", "facilitator", "initiative")


@dataclass(frozen=True)
class Step:
    """A step of the month: its process, who takes it, and what happens, in words."""

    process: str
    owner: str
    sentence: str


def month(language: str, steps: Sequence[Step]) -> Figure:
    """The steps of a month in order, each in the lane of the one who takes it."""
    sentence = text(language, "model.month.sentence", count=len(steps))
    head = tuple(text(language, f"model.month.head.{name}") for name in ("number", "who", "what"))
    rows = tuple(
        (str(k), text(language, f"owner.{step.owner}"), step.sentence) for k, step in enumerate(steps, start=1)
    )
    return Figure(
        "month",
        text(language, "model.month.title"),
        text(language, "model.month.sub", count=len(steps)),
        lanes(language, steps, sentence),
        ladder(language, steps, sentence),
        Table(head, rows),
    )


def lanes(language: str, steps: Sequence[Step], sentence: str) -> str:
    """Wide: a column for each who takes steps, a line from step to step."""
    width, top, row, left = 960, 40, 34, 470
    gap = (width - left - 60) / (len(OWNERS) - 1)
    across = {owner: left + 30 + k * gap for k, owner in enumerate(OWNERS)}
    bottom = top + row * len(steps)
    drawn = []
    for owner, x in across.items():
        drawn.append(words(x, 18, text(language, f"owner.{owner}"), text_anchor="middle", font_weight=650))
        drawn.append(line(x, top - 8, x, bottom - 10, "stroke:var(--line);stroke-width:1.5"))
    places = [(across[step.owner], top + row * k + 12.0) for k, step in enumerate(steps)]
    for (x1, y1), (x2, y2) in pairwise(places):
        drawn.append(line(x1, y1, x2, y2, "stroke:var(--edge);stroke-width:1.5"))
    for k, (step, (x, y)) in enumerate(zip(steps, places, strict=True), start=1):
        drawn.append(words(0, y + 5, str(k), QUIET, font_weight=600))
        drawn.append(words(30, y + 5, step.sentence))
        drawn.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" style="fill:var(--petrol)"/>')
    return picture(width, bottom, sentence, drawn)


def ladder(language: str, steps: Sequence[Step], sentence: str) -> str:
    """Narrow: the steps under one another, each with who takes it above what happens."""
    width, row = 328, 52
    drawn = [line(14, 20, 14, row * (len(steps) - 1) + 20, "stroke:var(--edge);stroke-width:1.5")]
    for k, step in enumerate(steps):
        y = row * k + 20
        drawn.append(f'<circle cx="14" cy="{y}" r="12" style="fill:var(--petrol)"/>')
        drawn.append(
            words(14, y + 4, str(k + 1), "fill:var(--surface)", text_anchor="middle", font_size=11.5, font_weight=650)
        )
        drawn.append(words(38, y - 3, text(language, f"owner.{step.owner}"), QUIET, font_size=12.5))
        drawn.append(words(38, y + 15, step.sentence, font_size=12.5))
    return picture(width, row * len(steps), sentence, drawn)


def who(language: str, counts: Mapping[str, str]) -> Figure:
    """Who is in the model, and between whom trust grows. counts: for each kind, how many there are, in words."""
    sentence = text(language, "model.who.sentence")
    kinds = ("initiative", "municipality", "official", "alderman", "facilitator")
    head = tuple(text(language, f"model.who.head.{name}") for name in ("who", "count", "what"))
    rows = tuple(
        (text(language, f"owner.{kind}"), counts[kind], text(language, f"model.who.what.{kind}")) for kind in kinds
    )
    return Figure(
        "who",
        text(language, "model.who.title"),
        text(language, "model.who.sub"),
        meeting(language, counts, sentence, 960, 306, 150, 620),
        meeting(language, counts, sentence, 328, 520, 164, 60),
        Table(head, rows),
    )


def person(x: float, y: float, name: str, count: str, *, anchor: str = "start", away: float = 18) -> list[str]:
    """A person at the town hall: a dot with a name."""
    shift = away if anchor == "start" else -away
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" style="fill:var(--petrol)"/>',
        words(x + shift, y - 2, name, font_weight=650, text_anchor=anchor),
        words(x + shift, y + 15, count, QUIET, font_size=12.5, text_anchor=anchor),
    ]


def between(x: float, y: float, name: str, count: str) -> list[str]:
    """The facilitator, who belongs to neither side: an open ring with its name under it."""
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" style="fill:var(--surface);stroke:var(--petrol);stroke-width:3"/>',
        words(x, y + 28, name, font_weight=650, text_anchor="middle"),
        words(x, y + 44, count, QUIET, font_size=12.5, text_anchor="middle"),
    ]


def meeting(
    language: str, counts: Mapping[str, str], sentence: str, width: int, height: int, round_x: float, square_x: float
) -> str:
    """The initiative as a circle and the town hall as a square, with the ties between them."""
    narrow = width < 500
    names = {kind: text(language, f"owner.{kind}") for kind in OWNERS}
    round_y = 100.0 if narrow else 150.0
    radius = 78.0 if narrow else 92.0
    side, square_y = (208.0, 290.0) if narrow else (300.0, 18.0)
    tall = 216.0 if narrow else 264.0
    rows = [square_y + tall * share for share in (0.36, 0.6, 0.84)]
    people = [(square_x + 32, y) for y in rows]
    start = (round_x, round_y + radius) if narrow else (round_x + radius, round_y)
    drawn = []
    for k, (x, y) in enumerate(people):
        dash = "" if k == 0 else ";stroke-dasharray:5 4"
        style = f"stroke:var(--petrol);stroke-width:{3 if k == 0 else 2};fill:none{dash}"
        drawn.append(line(start[0], start[1], x, y, style))
    drawn.append(
        f'<circle cx="{round_x}" cy="{round_y}" r="{radius}" style="fill:var(--surface);stroke:var(--petrol);'
        'stroke-width:3"/>'
    )
    drawn.append(words(round_x, round_y - 4, names["initiative"], text_anchor="middle", font_weight=650, font_size=16))
    drawn.append(words(round_x, round_y + 17, counts["initiative"], QUIET, text_anchor="middle"))
    drawn.append(box(square_x, square_y, side, tall, "fill:none;stroke:var(--petrol);stroke-width:3"))
    drawn.append(words(square_x + 18, square_y + 30, names["municipality"], font_weight=650, font_size=16))
    drawn.append(words(square_x + 18, square_y + 50, counts["municipality"], QUIET))
    drawn += person(*people[0], names["official"], counts["official"])
    drawn += person(*people[1], text(language, "model.who.colleagues"), text(language, "model.who.colleagues_count"))
    drawn += person(*people[2], names["alderman"], counts["alderman"])
    if narrow:
        x, y = 52.0, 222.0
        drawn.append(words(round_x + 12, 218, text(language, "model.who.tie"), font_weight=600))
        drawn += between(x, y, names["facilitator"], counts["facilitator"])
    else:
        x, y = 430.0, 250.0
        drawn.append(words(430, 104, text(language, "model.who.tie"), font_weight=600, text_anchor="middle"))
        drawn.append(line(round_x + radius - 20, round_y + 68, x, y, "stroke:var(--edge);stroke-width:1.5"))
        drawn.append(line(x, y, square_x, y, "stroke:var(--edge);stroke-width:1.5"))
        drawn += between(x, y, names["facilitator"], counts["facilitator"])
    return picture(width, height, sentence, drawn)


def amount(language: str, low: float, high: float) -> str:
    """A range of whole numbers in words, or one number when both are the same."""
    shown = [number(language, value, 0) for value in (low, high)]
    return shown[0] if low == high else text(language, "evidence.range", low=shown[0], high=shown[1])
