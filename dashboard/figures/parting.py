"""Where the spread comes from: luck beside not knowing, as one bar."""

from dashboard.figures import Figure, Numbers, Table
from dashboard.figures.svg import box, line, picture, words
from dashboard.language import text
from dashboard.luck import Parting
from dashboard.words import fraction, sentence_start


def parting(language: str, found: Parting) -> Figure:
    """The figure for shares that are certain enough to be drawn."""
    kind = "" if found.method == "repeated" else "_bound"
    tenths = int(found.unknown * 10) if kind else round(found.unknown * 10)  # at least so many, or about so many
    unknown = tenths * 10
    luck = 100 - unknown
    shares = {"luck": luck, "unknown": unknown}
    sentence = text(language, f"luck.alt{kind}", **shares)
    rows = tuple(
        (text(language, f"luck.{name}{kind}"), text(language, "luck.about", share=shares[name])) for name in shares
    )
    return Figure(
        id="luck",
        title=text(language, f"luck.title{kind}", luck=sentence_start(fraction(language, found.luck))),
        subtitle=text(language, "luck.sub"),
        wide=drawn(language, shares, sentence, width=400, kind=kind),
        narrow=drawn(language, shares, sentence, width=296, kind=kind),
        table=Table((text(language, "luck.source"), text(language, "luck.share")), rows),
        numbers=Numbers(
            ("source", "share", "standard_error"),
            (("luck", found.luck, found.error), ("parameters", found.unknown, found.error)),
        ),
    )


def drawn(language: str, shares: dict[str, int], sentence: str, *, width: int, kind: str) -> str:
    """One version: luck filled, not knowing hatched."""
    cut = width * shares["luck"] / 100
    parts = [
        box(0.5, 4, cut, 22, "fill:var(--edge)"),
        box(0.5, 4, width - 1, 22, "fill:none;stroke:var(--edge);stroke-width:1.4"),
    ]
    at = cut + 4
    while at < width + 18:
        # Slanted strokes, cut off at the ends of the bar.
        x1, y1, x2, y2 = at, 4.0, at - 22, 26.0
        if x1 > width:
            y1, x1 = 4 + (x1 - width), float(width)
        if x2 < cut:
            y2, x2 = 26 - (cut - x2), cut
        parts.append(line(x1, y1, x2, y2, "stroke:var(--edge);stroke-width:1.2"))
        at += 8
    left, right = (text(language, f"luck.label.{name}{kind}", share=shares[name]) for name in ("luck", "unknown"))
    parts.append(words(0, 46, left, "fill:var(--ink)", font_weight=600))
    parts.append(words(width, 46, right, "fill:var(--ink)", text_anchor="end", font_weight=600))
    return picture(width, 54, sentence, parts)
