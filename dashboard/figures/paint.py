"""The same figures on paper: matplotlib paints the drawing of the page, with its title, measure and source around it.

    png(figure, notes) -> bytes      svg(figure, notes) -> bytes

The drawing is read from the figure's own SVG, so that page and paper can never differ. Only what `figures.svg` makes
is understood: text, rect, circle, path of straight lines, polyline and polygon.
"""

import io
import logging
import re
from collections.abc import Iterator, Sequence
from functools import cache
from html import escape
from pathlib import Path
from typing import Any
from xml.etree import ElementTree

import matplotlib as mpl
from matplotlib import font_manager
from matplotlib.figure import Figure as Sheet
from matplotlib.font_manager import FontProperties
from matplotlib.ft2font import FT2Font
from matplotlib.patches import Circle, Polygon, Rectangle
from matplotlib.path import Path as Outline

from dashboard.figures import Figure

# The light colours of static/samenspel.css; paper is white.
PALETTE = {
    "page": "#FFFFFF",
    "surface": "#FFFFFF",
    "sunk": "#ECEFEC",
    "ink": "#14222B",
    "ink2": "#45545E",
    "line": "#D3DAD9",
    "edge": "#75838B",
    "petrol": "#0E4453",
    "nu": "#5D6A72",
    "A": "#0B69C4",
    "B": "#B84A05",
    "C": "#570F4D",
    "good": "#08745A",
    "warn": "#8A5A00",
    "bad": "#A8231F",
    "hl": "#FFE9A8",
}
FONTS = Path(__file__).resolve().parent.parent / "memo" / "fonts"
FAMILY = ["Inter", "DejaVu Sans"]
PIXELS_AN_INCH, DOTS_AN_INCH = 96, 300
MARGIN, LEAST_WIDTH = 22, 600
LONGEST = 400  # characters of a title or note on paper
NUMBER = re.compile(r"-?\d*\.?\d+(?:e-?\d+)?")

logging.getLogger("matplotlib.font_manager").setLevel(logging.ERROR)  # that a fallback has no half-bold is known
mpl.rcParams["svg.hashsalt"] = "samenspel"  # so that the same figure is the same file
mpl.rcParams["svg.fonttype"] = "path"


@cache
def letters() -> frozenset[int]:
    """The characters that can be set; our fonts are made known to matplotlib here."""
    known: set[int] = set()
    for file in sorted(FONTS.glob("*.ttf")):
        font_manager.fontManager.addfont(file)
        known |= set(FT2Font(file).get_charmap())
    return frozenset(known | set(FT2Font(fallback_font()).get_charmap()))


def fallback_font() -> Path:
    """The font for what ours does not have: the one that comes with matplotlib."""
    return Path(font_manager.findfont(FontProperties(family=["DejaVu Sans"])))


def settable(words: str) -> str:
    """Text with a mark in place of what cannot be set, and without what cannot be seen."""
    known = letters()
    plain = "".join(character if character.isprintable() else " " for character in words)
    return "".join(character if ord(character) in known else "\ufffd" for character in plain)


def png(figure: Figure, notes: Sequence[str] = ()) -> bytes:
    """The figure as PNG at 300 dots an inch. notes: lines under it, such as where the numbers come from."""
    return saved(sheet(figure, notes), "png", {"Title": figure.title, "Description": sentence(figure)})


def svg(figure: Figure, notes: Sequence[str] = (), *, bare: bool = False) -> bytes:
    """The figure as SVG that stands on its own, letters drawn as outlines. bare: only the drawing."""
    drawn = saved(sheet(figure, notes, bare=bare), "svg", {"Date": None, "Title": figure.title}).decode()
    named = f"<title>{escape(figure.title)}</title><desc>{escape(sentence(figure))}</desc>"
    return re.sub(r"(<svg\b[^>]*)>", lambda found: f'{found.group(1)} role="img">{named}', drawn, count=1).encode()


def sentence(figure: Figure) -> str:
    """What a figure shows, in words."""
    return ElementTree.fromstring(figure.wide).attrib.get("aria-label", figure.title)


def saved(drawn: Sheet, kind: str, metadata: dict[str, Any]) -> bytes:
    """A sheet as bytes."""
    target = io.BytesIO()
    drawn.savefig(target, format=kind, dpi=DOTS_AN_INCH, metadata=metadata)
    return target.getvalue()


def sheet(figure: Figure, notes: Sequence[str] = (), *, bare: bool = False) -> Sheet:
    """The figure on a white sheet of its own."""
    letters()
    root = ElementTree.fromstring(figure.wide)
    width, height = (float(root.attrib[side]) for side in ("width", "height"))
    margin = 2.0 if bare else float(MARGIN)
    page_width = width + 2 * margin if bare else max(width, LEAST_WIDTH) + 2 * margin
    room = page_width - 2 * margin
    above = [] if bare else [(line, 17.0, 600, "ink") for line in lines_of(figure.title, room, 17)]
    above += [] if bare else [(line, 13.0, 400, "ink2") for line in lines_of(figure.subtitle, room, 13)]
    below = [] if bare else [(line, 11.5, 400, "ink2") for note in notes for line in lines_of(note, room, 11.5)]
    head = sum((size * 1.4 for _, size, _, _ in above), 14.0 if above else 0.0)
    foot = sum((size * 1.45 for _, size, _, _ in below), 14.0 if below else 0.0)
    page_height = margin + head + height + foot + margin
    drawn = Sheet(figsize=(page_width / PIXELS_AN_INCH, page_height / PIXELS_AN_INCH), facecolor="white")
    axes = drawn.add_axes((0, 0, 1, 1))
    axes.set_xlim(0, page_width)
    axes.set_ylim(page_height, 0)  # as in SVG: down is more
    axes.axis("off")
    y = margin
    for line, size, weight, tone in above:
        y += size * 1.4
        letter(axes, margin, y - size * 0.3, line, size, weight, PALETTE[tone])
    paint(axes, root, margin, margin + head)
    y = margin + head + height + 12
    for line, size, weight, tone in below:
        y += size * 1.45
        letter(axes, margin, y - size * 0.3, line, size, weight, PALETTE[tone])
    return drawn


def lines_of(words: str, width: float, size: float) -> list[str]:
    """Text in lines that fit a width in pixels; a word that is too long is cut."""
    most = max(8, int(width / (0.54 * size)))
    words = words if len(words) <= LONGEST else words[: LONGEST - 1] + "…"
    lines: list[str] = [""]
    for word in words.split(" "):
        pieces = [word[i : i + most] for i in range(0, len(word), most)]
        for piece in pieces:
            if lines[-1] and len(lines[-1]) + 1 + len(piece) > most:
                lines.append(piece)
            else:
                lines[-1] = f"{lines[-1]} {piece}".strip()
    return [line for line in lines if line]


def paint(axes: Any, root: ElementTree.Element, x: float, y: float) -> None:
    """Every element of a drawing, in its order, moved to a place."""
    for layer, element in enumerate(root.iter()):
        tag = element.tag.rsplit("}", 1)[-1]
        look = style_of(element)
        if tag == "rect":
            place = (number(element, "x") + x, number(element, "y") + y)
            axes.add_patch(Rectangle(place, number(element, "width"), number(element, "height"), **look, zorder=layer))
        elif tag == "circle":
            place = (number(element, "cx") + x, number(element, "cy") + y)
            axes.add_patch(Circle(place, number(element, "r"), **look, zorder=layer))
        elif tag in ("polyline", "polygon"):
            points = moved(pairs(element.attrib["points"]), x, y)
            if tag == "polygon":
                axes.add_patch(Polygon(points, closed=True, **look, zorder=layer))
            else:
                stroke(axes, points, look, layer)
        elif tag == "path":
            for points, closed in outlines(element.attrib["d"]):
                if closed:
                    axes.add_patch(Polygon(moved(points, x, y), closed=True, **look, zorder=layer))
                else:
                    stroke(axes, moved(points, x, y), look, layer)
        elif tag == "text":
            text(axes, element, x, y, layer)


def number(element: ElementTree.Element, name: str) -> float:
    """An attribute as a number; 0 when it is not there."""
    return float(element.attrib.get(name, 0))


def pairs(words: str) -> list[tuple[float, float]]:
    """`1,2 3,4` as points."""
    values = [float(value) for value in NUMBER.findall(words)]
    return list(zip(values[::2], values[1::2], strict=True))


def moved(points: Sequence[tuple[float, float]], x: float, y: float) -> list[tuple[float, float]]:
    """Points at another place."""
    return [(a + x, b + y) for a, b in points]


def outlines(words: str) -> Iterator[tuple[list[tuple[float, float]], bool]]:
    """The lines of a path (M L H V and their relatives, and Z) as points, each with whether it is closed."""
    points: list[tuple[float, float]] = []
    for command, rest in re.findall(r"([MmLlHhVvZz])([^MmLlHhVvZz]*)", words):
        values = [float(value) for value in NUMBER.findall(rest)]
        kind, relative = command.upper(), command.islower()
        if kind == "Z":
            yield points, True
            points = []
            continue
        if kind == "M" and points:
            yield points, False
            points = []
        for at in range(0, len(values), 1 if kind in "HV" else 2):
            px, py = points[-1] if points else (0.0, 0.0)
            base = (px, py) if relative and points else (0.0, 0.0)
            if kind == "H":
                points.append((base[0] + values[at], py))
            elif kind == "V":
                points.append((px, base[1] + values[at]))
            else:
                points.append((base[0] + values[at], base[1] + values[at + 1]))
    if points:
        yield points, False


def tone(value: str) -> str:
    """A colour of the style sheet as a colour of the paper."""
    found = re.fullmatch(r"var\(--([\w]+)\)", value.strip())
    return PALETTE[found.group(1)] if found else value.strip()


def declared(element: ElementTree.Element) -> dict[str, str]:
    """The declarations of an element's style, and its attributes that are style."""
    found: dict[str, str] = {
        name: element.attrib[name] for name in ("fill", "stroke", "opacity") if name in element.attrib
    }
    for part in element.attrib.get("style", "").split(";"):
        name, colon, value = part.partition(":")
        if colon:
            found[name.strip()] = value.strip()
    return found


def style_of(element: ElementTree.Element) -> dict[str, Any]:
    """How matplotlib says the same."""
    found = declared(element)
    look: dict[str, Any] = {
        "facecolor": tone(found.get("fill", "#000000")),
        "edgecolor": tone(found.get("stroke", "none")),
        "linewidth": points_of(float(found.get("stroke-width", "1").removesuffix("px"))),
    }
    dashes = NUMBER.findall(found.get("stroke-dasharray", ""))
    if dashes:
        look["linestyle"] = (0, [points_of(float(value)) for value in dashes])
    if "opacity" in found:
        look["alpha"] = float(found["opacity"])
    return look


def points_of(pixels: float) -> float:
    """Pixels as the points in which matplotlib measures lines and letters."""
    return pixels * 72 / PIXELS_AN_INCH


def stroke(axes: Any, points: Sequence[tuple[float, float]], look: dict[str, Any], layer: int) -> None:
    """An open line."""
    from matplotlib.patches import PathPatch

    style = {**look, "facecolor": "none", "capstyle": "butt"}
    if style.get("linestyle"):
        # matplotlib scales dashes by the width of the line; the page does not.
        first, dashes = style["linestyle"]
        style["linestyle"] = (first, [dash / max(style["linewidth"], 0.01) for dash in dashes])
    axes.add_patch(PathPatch(Outline(points), **style, zorder=layer))


def text(axes: Any, element: ElementTree.Element, x: float, y: float, layer: int) -> None:
    """A line of text, with pieces in another weight or colour one after another."""
    found = declared(element)
    size = float(element.attrib.get("font-size", found.get("font-size", "13")).removesuffix("px"))
    weight = int(element.attrib.get("font-weight", found.get("font-weight", "400")))
    anchor = {"middle": "center", "end": "right"}.get(element.attrib.get("text-anchor", ""), "left")
    colour = tone(found.get("fill", "var(--ink)"))
    px, py = number(element, "x") + x, number(element, "y") + y
    pieces = [(element.text or "", weight, colour)]
    for child in element:
        inner = declared(child)
        heavy = int(child.attrib.get("font-weight", inner.get("font-weight", str(weight))))
        pieces.append((child.text or "", heavy, tone(inner.get("fill", colour))))
        pieces.append((child.tail or "", weight, colour))
    for words, heavy, shade in pieces:
        if not words:
            continue
        letter(axes, px, py, words, size, heavy, shade, anchor, layer)
        if len(pieces) > 1:
            px += width_of(words, size, heavy)


def letter(
    axes: Any,
    x: float,
    y: float,
    words: str,
    size: float,
    weight: int,
    colour: str,
    anchor: str = "left",
    layer: int = 0,
) -> None:
    """Text with its baseline at a place; never read as a formula."""
    axes.text(
        x,
        y,
        settable(words),
        fontproperties=font(size, weight),
        color=colour,
        ha=anchor,
        va="baseline",
        parse_math=False,
        zorder=layer + 1000,
    )


def font(size: float, weight: int) -> FontProperties:
    """Our letter in one of its three weights."""
    nearest = min((400, 600, 700), key=lambda each: abs(each - weight))
    return FontProperties(family=FAMILY, weight=nearest, size=points_of(size))


def width_of(words: str, size: float, weight: int) -> float:
    """How many pixels text takes."""
    from matplotlib.textpath import TextPath

    shown = settable(words).replace("$", "s")  # measuring would read a formula between two of these
    extent = TextPath((0, 0), f"{shown}.", prop=font(size, weight)).get_extents()
    point = TextPath((0, 0), ".", prop=font(size, weight)).get_extents()
    return float(extent.x1 - point.x1) * PIXELS_AN_INCH / 72
