"""A hundred worlds as marks: filled when the first has more, a dash when equal, hollow when it has less; where lower is
better it is filled when the first has less.
"""

from dashboard.contrast import Contrast
from dashboard.direction import better
from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, colour, line, mark, picture, spread, words
from dashboard.language import text

ROW = 10


def worlds(
    language: str, indicator: str, found: Contrast, first: tuple[str, str], second: tuple[str, str], date: str,
    *, rough: bool
) -> Figure:  # fmt: skip
    """The figure for one contrast; `first` and `second` are (slot, short name), `date` the horizon in words."""
    counts = (found.more, found.same, found.fewer) if rough else found.of_hundred()
    more, same, fewer = counts
    values = {"more": more, "same": same, "fewer": fewer, "count": found.worlds, "first": first[1], "second": second[1]}
    kind = "_rough" if rough else ""
    sentence = text(language, f"worlds.alt{kind}", **values)
    share = text(language, "table.worlds" if rough else "table.share")
    return Figure(
        id=f"worlds-{indicator}",
        title=title(language, indicator, found, first, rough=rough),
        subtitle=text(language, f"worlds.sub{kind}", count=found.worlds, date=date),
        wide=drawn(language, counts, first, sentence, better(indicator), cell=27, rough=rough),
        narrow=drawn(language, counts, first, sentence, better(indicator), cell=20, rough=rough),
        table=Table(
            (text(language, "table.outcome"), share),
            tuple((text(language, f"table.{name}"), str(values[name])) for name in ("more", "same", "fewer")),
        ),
        numbers=Numbers(("outcome", "worlds"), (("more", found.more), ("same", found.same), ("fewer", found.fewer))),
    )


def title(language: str, indicator: str, found: Contrast, first: tuple[str, str], *, rough: bool) -> str:
    """The finding: in how many worlds there is more, or less, with the first."""
    name = text(language, f"indicator.{indicator}.name")
    if rough:
        return text(language, "worlds.title_rough", name=name, count=found.worlds)
    if found.all:
        return text(language, f"worlds.title_all.{found.leading}", name=name, first=first[1])
    more, same, fewer = found.of_hundred()
    leading = "same" if found.verdict in ("same", "mostly_same") else found.leading
    count = {"more": more, "same": same, "fewer": fewer}[leading]
    return text(language, f"worlds.title.{leading}", name=name, count=count, first=first[1])


def drawn(
    language: str, counts: tuple[int, int, int], first: tuple[str, str], sentence: str, wanted: str, *, cell: int,
    rough: bool
) -> str:  # fmt: skip
    """The marks in rows of ten, and beside them the counts in words. wanted: of `direction.better`."""
    slot, name = first
    same = counts[1]
    sides = [(counts[0], "more"), (counts[2], "fewer")]
    (gains, gain), (losses, loss) = reversed(sides) if wanted == "lower" else sides
    parts = []
    for i in range(100):
        x, y = (i % ROW + 0.5) * cell, (i // ROW + 0.5) * cell
        size = cell * 0.36
        if i < gains:
            parts.append(mark(slot, x, y, size))
        elif i < gains + same:
            parts.append(line(x - size * 0.9, y, x + size * 0.9, y, "stroke:var(--ink2);stroke-width:3.4"))
        elif i < gains + same + losses:
            side = size * 1.7
            style = "fill:none;stroke:var(--nu);stroke-width:2.2"
            parts.append(box(x - side / 2, y - side / 2, side, side, style))
        else:
            parts.append(f'<circle cx="{x:.1f}" cy="{y:.1f}" r="2" style="fill:var(--edge)"/>')
    edge = ROW * cell + 12
    rows = [(gains, gain, colour(slot)), (same, "same", "var(--ink2)"), (losses, loss, "var(--nu)")]
    if rough:
        rows.append((100 - sum(counts), "busy", "var(--ink2)"))
    start, places = 0.0, []
    for count, _, _ in rows:
        places.append((start + count / 2) / 100 * ROW * cell + 8)
        start += count
    heights = spread(places, 44 if cell > 22 else 40, 24, ROW * cell - 20)
    for (count, key, paint), y in zip(rows, heights, strict=True):
        big = key == gain
        parts.append(words(edge, y, str(count), f"fill:{paint}", font_size=28 if big else 19, font_weight=700))
        short = slot if slot == name else ""  # a name is too long here, and belongs to a policy that is alone
        named = "_with" if big and short else ""
        label = text(language, f"worlds.{key}{named}", first=short)
        parts.append(words(edge, y + 18, label, "fill:var(--ink)", font_size=13.5))
    return picture(ROW * cell + 100, ROW * cell, sentence, parts)
