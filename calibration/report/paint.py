"""How the figures look: colours, letter, and a figure measured in pixels of the page.

Colours and marks are those of the dashboard; its letter lies beside the dashboard's memo, and is read from there as a
file. Without it the figures take a letter of the machine.
"""

from __future__ import annotations

import io
from collections.abc import Iterator
from contextlib import contextmanager
from functools import cache
from pathlib import Path
from typing import Any

PAGE, SURFACE, SUNK = "#F5F6F3", "#FFFFFF", "#ECEFEC"
INK, INK2, LINE, EDGE = "#14222B", "#45545E", "#D3DAD9", "#75838B"
PETROL, BAD = "#0E4453", "#A8231F"
FONTS = Path(__file__).resolve().parents[2] / "dashboard" / "memo" / "fonts"
WEB_FONT = Path(__file__).resolve().parents[2] / "dashboard" / "static" / "fonts" / "inter-latin.woff2"
WIDE, NARROW = 860, 328  # pixels
PIXELS = 96  # an inch
TEXT, SMALL = 9.75, 9.0  # points: 13 and 12 pixels


@cache
def family() -> str:
    """The letter of the figures."""
    from matplotlib import font_manager

    files = sorted(FONTS.glob("Inter-*.ttf"))
    for file in files:
        font_manager.fontManager.addfont(str(file))
    return "Inter" if files else "DejaVu Sans"


@contextmanager
def style() -> Iterator[None]:
    """Settings for drawing and saving. The same drawing gives the same bytes."""
    import matplotlib as mpl

    settings: Any = {
        "font.family": family(),
        "font.size": TEXT,
        "svg.fonttype": "path",
        "svg.hashsalt": "samenspel",
        "text.color": INK,
        "axes.edgecolor": EDGE,
        "axes.labelcolor": INK2,
        "axes.linewidth": 0.8,
        "axes.unicode_minus": True,
        "xtick.color": INK2,
        "ytick.color": INK2,
        "xtick.labelsize": SMALL,
        "ytick.labelsize": SMALL,
        "figure.facecolor": SURFACE,
        "savefig.facecolor": SURFACE,
    }
    with mpl.rc_context(settings):
        yield


class Canvas:
    """A figure in pixels, from its top left corner."""

    def __init__(self, width: int, height: int) -> None:
        from matplotlib.figure import Figure

        self.width, self.height = width, height
        self.narrow = width < 600
        self.figure = Figure(figsize=(width / PIXELS, height / PIXELS), dpi=PIXELS)

    def axes(self, left: float, top: float, width: float, height: float) -> Any:
        """A plot without a frame, with ticks below."""
        found = self.figure.add_axes(
            (left / self.width, 1.0 - (top + height) / self.height, width / self.width, height / self.height)
        )
        for side in ("top", "right", "left"):
            found.spines[side].set_visible(False)
        found.set_facecolor("none")
        found.tick_params(axis="both", length=3, width=0.8)
        return found

    def write(self, left: float, top: float, words: str, **how: Any) -> None:
        """Text with its middle at this height."""
        settings: dict[str, Any] = {"va": "center", "ha": "left", "fontsize": TEXT, "color": INK} | how
        self.figure.text(left / self.width, 1.0 - top / self.height, words, **settings)

    def svg(self) -> bytes:
        """As SVG, its text as shapes, so that it looks the same everywhere."""
        return self._saved("svg", {"Date": None, "Creator": None})

    def png(self) -> bytes:
        """As PNG, twice as fine as the page."""
        return self._saved("png", {"Software": None})

    def _saved(self, kind: str, metadata: dict[str, Any]) -> bytes:
        out = io.BytesIO()
        self.figure.savefig(out, format=kind, metadata=metadata, dpi=2 * PIXELS if kind == "png" else PIXELS)
        return out.getvalue()
