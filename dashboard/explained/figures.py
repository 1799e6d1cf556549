"""The pictures of *Het model*: who is in it, and the steps of a month by who takes them."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from dashboard.figures import Figure, Table
from dashboard.figures.svg import box, line, picture, words, wrapped
from dashboard.language import number, text

PETROL, QUIET = "stroke:var(--petrol);stroke-width:2;fill:none", "fill:var(--ink2)"
LETTERS = 40  # that fit on a line of the narrow month
OWNERS = ("municipality", "official", "alderman", "facilitator", "initiative")


@dataclass(frozen=True)
class Step:
    """A step of the month: its process, who acts in it (in the order of OWNERS), and what happens, in words."""

    process: str
    actors: tuple[str, ...]
    sentence: str


def month(language: str, steps: Sequence[Step]) -> Figure:
    """The steps of a month in order, each in the lane of the one who takes it."""
    sentence = text(language, "model.month.sentence", count=len(steps))
    head = tuple(text(language, f"model.month.head.{name}") for name in ("number", "who", "what"))
    rows = tuple((str(k), acting(language, step), step.sentence) for k, step in enumerate(steps, start=1))
    return Figure(
        "month",
        text(language, "model.month.title"),
        text(language, "model.month.sub", count=len(steps)),
        lanes(language, steps, sentence),
        ladder(language, steps, sentence),
        Table(head, rows),
    )


def acting(language: str, step: Step) -> str:
    """Who takes part in a step, in words."""
    return text(language, "model.month.and").join(text(language, f"owner.{each}") for each in step.actors)


def lanes(language: str, steps: Sequence[Step], sentence: str) -> str:
    """Wide: each step with who takes part in words, and a dot for each of them in a column of their own."""
    width, top, row, left = 960, 40, 34, 572
    gap = (width - left - 72) / (len(OWNERS) - 1)
    across = {owner: left + 36 + k * gap for k, owner in enumerate(OWNERS)}
    bottom = top + row * len(steps)
    drawn = []
    for owner, x in across.items():
        name = text(language, f"owner.{owner}")
        drawn.append(words(x, 18, name, text_anchor="middle", font_weight=650, font_size=13))
        drawn.append(line(x, top - 8, x, bottom - 10, "stroke:var(--line);stroke-width:1.5"))
    for k, step in enumerate(steps, start=1):
        y = top + row * (k - 1) + 12.0
        places = [across[each] for each in step.actors]
        drawn.append(words(0, y + 5, str(k), QUIET, font_weight=600))
        drawn.append(words(30, y + 5, acting(language, step), font_weight=650))
        drawn.append(words(214, y + 5, step.sentence))
        drawn.append(line(min(places), y, max(places), y, "stroke:var(--petrol);stroke-width:3"))
        drawn += [f'<circle cx="{x:.1f}" cy="{y:.1f}" r="7" style="fill:var(--petrol)"/>' for x in places]
    return picture(width, bottom, sentence, drawn)


def ladder(language: str, steps: Sequence[Step], sentence: str) -> str:
    """Narrow: the steps under one another, each with who takes it above what happens."""
    width, line_height = 328, 18
    told = [wrapped(step.sentence, LETTERS) for step in steps]
    tops, bottom = [], 0
    for lines in told:
        tops.append(bottom)
        bottom += 34 + line_height * len(lines)
    drawn = [line(14, 20, 14, tops[-1] + 20, "stroke:var(--edge);stroke-width:1.5")]
    for k, (step, lines, top) in enumerate(zip(steps, told, tops, strict=True), start=1):
        drawn.append(f'<circle cx="14" cy="{top + 20}" r="12" style="fill:var(--petrol)"/>')
        drawn.append(words(14, top + 24, str(k), "fill:var(--surface)", text_anchor="middle", font_weight=650))
        drawn.append(words(38, top + 17, acting(language, step), QUIET, font_size=14))
        drawn += [words(38, top + 36 + line_height * j, each, font_size=14) for j, each in enumerate(lines)]
    return picture(width, bottom, sentence, drawn)


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
        meeting(language, counts, sentence, BESIDE),
        meeting(language, counts, sentence, UNDER),
        Table(head, rows),
    )


def person(x: float, y: float, name: str, count: str) -> list[str]:
    """A person at the town hall: a dot with a name."""
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" style="fill:var(--petrol)"/>',
        words(x + 18, y - 2, name, font_weight=650),
        words(x + 18, y + 15, count, QUIET),
    ]


def facilitator(x: float, y: float, name: str, count: str, *, above: bool) -> list[str]:
    """The facilitator, who belongs to neither side: an open ring with its name above or under it."""
    first = y - 34 if above else y + 28
    at, anchor = (x + 22, "end") if above else (x, "middle")
    return [
        f'<circle cx="{x:.1f}" cy="{y:.1f}" r="9" style="fill:var(--surface);stroke:var(--petrol);stroke-width:3"/>',
        words(at, first, name, font_weight=650, text_anchor=anchor),
        words(at, first + 17, count, QUIET, text_anchor=anchor),
    ]


@dataclass(frozen=True)
class Plan:
    """Where everything stands in the picture of who is in the model.

    circle: centre and radius of the initiative. square: left, top, width and height of the town hall. start: where the
    ties begin. people: how far from the town hall's left side. tie: where the word for the ties stands. ring: the
    facilitator, with where its two lines end; above: its name stands above it.
    """

    size: tuple[int, int]
    circle: tuple[float, float, float]
    square: tuple[float, float, float, float]
    start: tuple[float, float]
    people: float
    tie: tuple[float, float]
    ring: tuple[float, float]
    ends: tuple[tuple[float, float], tuple[float, float]]
    above: bool


BESIDE = Plan(
    size=(960, 306),
    circle=(150, 150, 92),
    square=(620, 18, 300, 264),
    start=(242, 150),
    people=32,
    tie=(330, 104),
    ring=(430, 250),
    ends=((222, 218), (620, 250)),
    above=False,
)
UNDER = Plan(
    size=(328, 430),
    circle=(84, 92, 74),
    square=(100, 206, 224, 216),
    start=(50, 158),
    people=0,
    tie=(100, 192),
    ring=(304, 92),
    ends=((158, 92), (304, 206)),
    above=True,
)


def meeting(language: str, counts: Mapping[str, str], sentence: str, plan: Plan) -> str:
    """The initiative as a circle and the town hall as a square, with the ties between them."""
    names = {kind: text(language, f"owner.{kind}") for kind in OWNERS}
    (round_x, round_y, radius), (left, top, wide, tall) = plan.circle, plan.square
    people = [(left + plan.people, top + tall * share) for share in (0.36, 0.6, 0.84)]
    drawn = [line(*plan.ring, *end, "stroke:var(--edge);stroke-width:1.5") for end in plan.ends]
    for k, place in enumerate(people):
        dash = "" if k == 0 else ";stroke-dasharray:5 4"
        drawn.append(line(*plan.start, *place, f"stroke:var(--petrol);stroke-width:{3 if k == 0 else 2}{dash}"))
    drawn.append(
        f'<circle cx="{round_x}" cy="{round_y}" r="{radius}" style="fill:var(--surface);stroke:var(--petrol);'
        'stroke-width:3"/>'
    )
    drawn.append(words(round_x, round_y - 4, names["initiative"], text_anchor="middle", font_weight=650, font_size=16))
    drawn.append(words(round_x, round_y + 17, counts["initiative"], QUIET, text_anchor="middle"))
    drawn.append(box(left, top, wide, tall, "fill:none;stroke:var(--petrol);stroke-width:3"))
    drawn.append(words(left + 18, top + 30, names["municipality"], font_weight=650, font_size=16))
    drawn.append(words(left + 18, top + 50, counts["municipality"], QUIET))
    drawn += person(*people[0], names["official"], counts["official"])
    drawn += person(*people[1], text(language, "model.who.colleagues"), text(language, "model.who.colleagues_count"))
    drawn += person(*people[2], names["alderman"], counts["alderman"])
    drawn.append(words(*plan.tie, text(language, "model.who.tie"), font_weight=600))
    drawn += facilitator(*plan.ring, names["facilitator"], counts["facilitator"], above=plan.above)
    width, height = plan.size
    return picture(width, height + legend_height(width), sentence, [*drawn, *legend(language, width, height)])


KINDS = (
    ("own", "stroke:var(--petrol);stroke-width:3"),
    ("others", "stroke:var(--petrol);stroke-width:2;stroke-dasharray:5 4"),
    ("facilitator", "stroke:var(--edge);stroke-width:1.5"),
)


def legend_height(width: int) -> int:
    """Room for the legend of the lines: beside one another where it is wide."""
    return 34 if width > 500 else 26 * len(KINDS) + 8


def legend(language: str, width: int, top: int) -> list[str]:
    """What each kind of line between initiative and town hall means."""
    drawn = []
    for k, (kind, style) in enumerate(KINDS):
        x, y = (k * 320.0, top + 22.0) if width > 500 else (0.0, top + 22.0 + 26 * k)
        drawn.append(line(x, y - 4, x + 34, y - 4, style))
        drawn.append(words(x + 44, y, text(language, f"model.who.line.{kind}")))
    return drawn


def amount(language: str, low: float, high: float) -> str:
    """A range of whole numbers in words, or one number when both are the same."""
    shown = [number(language, value, 0) for value in (low, high)]
    return shown[0] if low == high else text(language, "evidence.range", low=shown[0], high=shown[1])
