"""Pieces of SVG that the figures share: text, lines and the marks of the policies.

Every text is escaped here, so a name from a file can never become markup.
"""

import math
from collections.abc import Callable, Iterable, Mapping, Sequence
from html import escape

LETTER = 7.4  # how wide a letter of 13 pixels is at most, about
NARROW, WIDE = "fijlrtI.,:;'’|()[]- 1", "mwMW@%—…"
DASHES = {"now": "6 4", "A": "", "B": "10 3 2 3", "C": "14 5"}


def colour(slot: str) -> str:
    """The colour of a policy, as a variable of the style sheet."""
    return f"var(--{'nu' if slot == 'now' else slot})"


def words(x: float, y: float, content: str, style: str = "", **attributes: object) -> str:
    """Text at a place; underscores in attribute names become hyphens."""
    extra = "".join(f' {name.replace("_", "-")}="{escape(str(value))}"' for name, value in attributes.items())
    styled = f' style="{style}"' if style else ""
    return f'<text x="{x:.1f}" y="{y:.1f}"{extra}{styled}>{escape(content)}</text>'


def box(x: float, y: float, width: float, height: float, style: str) -> str:
    """A rectangle with its top left corner at a place."""
    return f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" style="{style}"/>'


def line(x1: float, y1: float, x2: float, y2: float, style: str) -> str:
    """A straight line."""
    return f'<path d="M{x1:.1f} {y1:.1f}L{x2:.1f} {y2:.1f}" style="{style}"/>'


def polyline(points: Sequence[tuple[float, float]], style: str) -> str:
    """A line through points."""
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in points)
    return f'<polyline points="{drawn}" style="fill:none;{style}"/>'


def band(upper: Sequence[tuple[float, float]], lower: Sequence[tuple[float, float]], style: str) -> str:
    """The area between two lines."""
    drawn = " ".join(f"{x:.1f},{y:.1f}" for x, y in (*upper, *reversed(lower)))
    return f'<polygon points="{drawn}" style="{style}"/>'


def mark(slot: str, x: float, y: float, size: float = 4.5, *, hollow: bool = False) -> str:
    """The mark of a policy: ● for A, ■ for B, ▲ for C, ◆ for as-now; hollow where it is a middle."""
    paint = colour(slot)
    style = f"fill:var(--surface);stroke:{paint};stroke-width:2.4" if hollow else f"fill:{paint}"
    if slot == "A":
        return f'<circle cx="{x:.1f}" cy="{y:.1f}" r="{size:.1f}" style="{style}"/>'
    if slot == "B":
        return box(x - size, y - size, 2 * size, 2 * size, style)
    if slot == "C":
        tall = size * 1.2
        return f'<path d="M{x:.1f} {y - tall:.1f}l{tall:.1f} {1.8 * tall:.1f}h{-2 * tall:.1f}z" style="{style}"/>'
    side = size * 1.2
    corners = f"M{x - side:.1f} {y:.1f}l{side:.1f} {-side:.1f} {side:.1f} {side:.1f} {-side:.1f} {side:.1f}z"
    return f'<path d="{corners}" style="{style}"/>'


def swatch(slot: str) -> str:
    """The line of a policy with its mark, beside its name."""
    stroke = f"stroke:{colour(slot)};stroke-width:3;stroke-dasharray:{DASHES[slot] or 'none'}"
    return (
        '<svg width="32" height="14" viewBox="0 0 32 14" aria-hidden="true" focusable="false">'
        + line(0, 7, 32, 7, stroke)
        + (mark(slot, 16, 7) if slot != "now" else "")
        + "</svg>"
    )


def picture(width: int, height: int, sentence: str, parts: Iterable[str]) -> str:
    """A complete SVG element with the sentence that stands in for it."""
    return (
        f'<svg viewBox="0 0 {width} {height}" width="{width}" height="{height}" role="img" '
        f'aria-label="{escape(sentence)}" font-size="13">{"".join(parts)}</svg>'
    )


def ticks(low: float, high: float, about: int = 6) -> list[float]:
    """Round numbers from `low` to at least `high`: steps of 1, 2, 2.5 or 5 times a power of ten."""
    if not high > low:
        high = low + 1
    rough = (high - low) / about
    power = 10 ** math.floor(math.log10(rough))
    step = next(size * power for size in (1, 2, 2.5, 5, 10) if size * power >= rough * 0.999)
    first = math.floor(low / step)
    last = math.ceil(high / step - 1e-9)
    return [round(i * step, 10) for i in range(first, last + 1)]


def apart(
    labels: Mapping[float, str], x: Callable[[float], float], low: float, high: float
) -> list[tuple[float, float]]:
    """Which numbers of an axis get their label, as (number, middle of the label), so that none is written over
    another or past the ends: zero first, then from near to far.
    """
    placed: list[tuple[float, float]] = []
    taken: list[tuple[float, float]] = []
    for value in sorted(labels, key=abs):
        reach = LETTER / 2 * len(labels[value])
        at = min(max(x(value), low + reach), high - reach)
        if all(at + reach < begin - 4 or end + 4 < at - reach for begin, end in taken):
            taken.append((at - reach, at + reach))
            placed.append((value, at))
    return placed


def spread(places: Sequence[float], gap: float, low: float, high: float) -> list[float]:
    """Move labels apart so that neighbours are at least `gap` away, as near to their places as possible."""
    order = sorted(range(len(places)), key=lambda i: places[i])
    moved = list(places)
    floor = low
    for i in order:
        moved[i] = max(moved[i], floor)
        floor = moved[i] + gap
    ceiling = high
    for i in reversed(order):
        moved[i] = min(moved[i], ceiling)
        ceiling = moved[i] - gap
    return moved


def wrapped(name: str, width: int) -> list[str]:
    """A name in at most two lines of about so many characters; a longer one ends in an ellipsis."""
    lines: list[str] = [""]
    for word in name.split(" "):
        if lines[-1] and len(lines[-1]) + 1 + len(word) > width:
            lines.append(word)
        else:
            lines[-1] = f"{lines[-1]} {word}".strip()
    if len(lines) > 2:
        lines = [lines[0], lines[1] + "…"]
    return [_cut(piece, width + 2) for piece in lines]


def _cut(piece: str, room: float) -> str:
    """A piece of text, or as much of it as there is room for with an ellipsis. room: in letters of middling width."""
    if _breadth(piece) <= room:
        return piece
    kept = piece.removesuffix("…")
    while kept and _breadth(kept + "…") > room:
        kept = kept[:-1]
    return kept.rstrip() + "…"


def _breadth(piece: str) -> float:
    """How wide a piece of text is, in letters of middling width."""
    return sum(
        0.5 if letter in NARROW else 1.7 if letter in WIDE else 1.25 if letter.isupper() else 1.0 for letter in piece
    )
