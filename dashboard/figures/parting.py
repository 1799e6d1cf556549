"""Where the spread comes from: luck beside not knowing, as one bar."""

from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, line, picture, words
from dashboard.language import text
from dashboard.luck import Parting
from dashboard.words import sentence_start, unknown_share


def parting(language: str, found: Parting) -> Figure:
    """The figure for shares that are certain enough to be drawn, in the sizes that the sentence gives them."""
    share = unknown_share(language, found)
    alone = found.reading if found.reading in ("luck", "unknown") else ""
    kind = f"_{alone}" + ("_bound" if alone == "luck" and found.least else "") if alone else ""
    title = text(language, f"luck.title{kind}", share=sentence_start(share))
    return Figure(
        id="luck",
        title=title,
        subtitle=text(language, "luck.sub_bound" if found.least else "luck.sub"),
        wide=drawn(language, found, title, width=860),
        narrow=drawn(language, found, title, width=296),
        table=Table(
            (text(language, "luck.source"), text(language, "luck.share")),
            (
                (text(language, "luck.unknown"), share),
                (text(language, "luck.luck"), text(language, "luck.nearly" if alone == "luck" else "luck.rest")),
            ),
        ),
        numbers=Numbers(
            ("source", "share", "standard_error"),
            (("luck", found.luck, found.error), ("parameters", found.unknown, found.error)),
        ),
    )


def drawn(language: str, found: Parting, sentence: str, *, width: int) -> str:
    """One version: not knowing filled on the left, luck hatched on the right; a part of nothing has no label."""
    cut = width * found.drawn
    parts = []
    at = cut + 4
    while at < width + 18 and found.drawn < 1:
        # Slanted strokes, cut off at the ends of the bar.
        x1, y1, x2, y2 = at, 4.0, at - 22, 26.0
        if x1 > width:
            y1, x1 = 4 + (x1 - width), float(width)
        if x2 < cut:
            y2, x2 = 26 - (cut - x2), cut
        parts.append(line(x1, y1, x2, y2, "stroke:var(--edge);stroke-width:1.2"))
        at += 8
    if cut:
        parts.append(box(0.5, 4, cut, 22, "fill:var(--petrol)"))
    parts.append(box(0.5, 4, width - 1, 22, "fill:none;stroke:var(--edge);stroke-width:1.4"))
    luck = "luck_bound" if found.least else "luck"
    sides = ((0, "start", "unknown", found.drawn > 0), (width, "end", luck, found.drawn < 1))
    for x, anchor, name, there in sides:
        if there:
            label = text(language, f"luck.label.{name}")
            parts.append(words(x, 46, label, "fill:var(--ink)", text_anchor=anchor, font_weight=600))
    return picture(width, 54, sentence, parts)
