"""The drawings of the report. Each takes plain rows and a width, and gives a `Canvas`; it knows no language.

A thick bar holds half of the worlds or draws, a thin one 90 of 100, an open circle is their middle; a filled diamond is
what was counted, or what is true. What is not as it should be is red, and says so in words.
"""

from __future__ import annotations

import math
import textwrap
from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from calibration.report.paint import BAD, EDGE, INK, INK2, LINE, PETROL, SMALL, SUNK, TEXT, Canvas, style

NAN = math.nan
LONG_LABEL = 38  # characters that fit beside a panel


@dataclass(frozen=True)
class Dot:
    """One row of a panel: a bar from low to high (a thick one from q1 to q3), a middle, a diamond; NaN: not there."""

    low: float = NAN
    middle: float = NAN
    high: float = NAN
    diamond: float = NAN
    q1: float = NAN
    q3: float = NAN
    bad: bool = False
    note: str = ""
    square: float = NAN


@dataclass(frozen=True)
class Panel:
    """Rows of dots on one scale. shade: a stretch that is as it should be. line: where nothing is the case."""

    title: str
    dots: Sequence[Dot]
    ends: tuple[float, float]
    ticks: Sequence[tuple[float, str]]
    shade: tuple[float, float] | None = None
    line: float | None = None


@dataclass(frozen=True)
class Histogram:
    """A parameter: shares in equal parts of its prior, and three ticks at 0, .5 and 1 of it."""

    title: str
    shares: Sequence[float]
    ticks: tuple[str, str, str]
    note: str
    faint: bool


@dataclass(frozen=True)
class Curves:
    """Curves around zero, with a band. names: of those that leave it."""

    title: str
    x: np.ndarray
    curves: np.ndarray
    band: np.ndarray
    outside: Sequence[int]
    note: str
    ticks: tuple[str, str, str]
    height: float
    low: str
    high: str


def wrapped(words: str, width: int, lines: int = 2) -> str:
    """Text on at most so many lines."""
    found = textwrap.wrap(words, width, break_long_words=False) or [""]
    return "\n".join(found[:lines]) + ("…" if len(found) > lines else "")


def dot(axes: object, y: float, row: Dot) -> None:
    """Draw one row."""
    plot = axes.plot  # type: ignore[attr-defined]
    colour = BAD if row.bad else PETROL
    plot([row.low, row.high], [y, y], color=colour, lw=1.4, solid_capstyle="butt", zorder=2)
    plot([row.q1, row.q3], [y, y], color=colour, lw=6.0, alpha=0.45, solid_capstyle="butt", zorder=2)
    plot([row.square], [y], marker="s", ms=5, mfc="white", mec=EDGE, mew=1.2, ls="", zorder=3, clip_on=False)
    plot([row.middle], [y], marker="o", ms=6, mfc="white", mec=colour, mew=1.4, ls="", zorder=3, clip_on=False)
    mark = BAD if row.bad else INK
    plot([row.diamond], [y], marker="D", ms=6, mfc=mark, mec="white", mew=0.8, ls="", zorder=4, clip_on=False)


def dressed(axes: object, panel: Panel, rows: float) -> None:
    """Scale, ticks, shade and zero line of a panel."""
    a: object = axes
    a.set_xlim(*panel.ends)  # type: ignore[attr-defined]
    a.set_ylim(rows - 0.5, -0.5)  # type: ignore[attr-defined]
    a.set_yticks([])  # type: ignore[attr-defined]
    a.set_xticks([x for x, _ in panel.ticks], [name for _, name in panel.ticks])  # type: ignore[attr-defined]
    names = a.get_xticklabels()  # type: ignore[attr-defined]
    for (x, _), name in zip(panel.ticks, names, strict=True):  # the outermost stay within the panel
        place = (x - panel.ends[0]) / (panel.ends[1] - panel.ends[0])
        name.set_horizontalalignment("left" if place < 0.05 else "right" if place > 0.95 else "center")
    if panel.shade is not None:
        a.axvspan(*panel.shade, color=SUNK, lw=0, zorder=0)  # type: ignore[attr-defined]
    for x, _ in panel.ticks:
        a.axvline(x, color=LINE, lw=0.6, zorder=0.5)  # type: ignore[attr-defined]
    if panel.line is not None:
        a.axvline(panel.line, color=INK, lw=1.0, zorder=1)  # type: ignore[attr-defined]


def counts(labels: Sequence[str], panel: Panel, width: int) -> Canvas:
    """Counts beside the model: a label, a bar, and both in figures (the dots' notes)."""
    with style():
        narrow, n = width < 600, len(labels)
        step = 62 if narrow else 34
        canvas = Canvas(width, n * step + 40)
        left, room = (8, width - 24) if narrow else (250, 330)
        axes = canvas.axes(left, 6, room, n * step)
        dressed(axes, panel, n)
        for k, (label, row) in enumerate(zip(labels, panel.dots, strict=True)):
            top = 6 + k * step
            dot(axes, k + (0.24 if narrow else 0.0), row)
            colour = BAD if row.bad else INK2
            if narrow:
                canvas.write(8, top + 10, label, bbox={"fc": "white", "ec": "none", "pad": 1.0})
                note = {"fontsize": SMALL, "color": colour, "bbox": {"fc": "white", "ec": "none", "pad": 1.0}}
                canvas.write(8, top + 27, row.note, **note)
            else:
                canvas.write(0, top + step / 2, wrapped(label, 38))
                canvas.write(left + room + 16, top + step / 2, row.note, fontsize=SMALL, color=colour)
        return canvas


def dots(labels: Sequence[str], panels: Sequence[Panel], width: int) -> Canvas:
    """Rows of dots in panels beside one another (below one another where it is narrow), with the labels at the left."""
    with style():
        n = len(labels)
        if width < 600:
            step, head = 38, 34
            each = head + n * step + 34
            canvas = Canvas(width, each * len(panels))
            for p, panel in enumerate(panels):
                top = p * each
                canvas.write(0, top + 12, panel.title, fontweight="semibold")
                axes = canvas.axes(8, top + head, width - 24, n * step)
                dressed(axes, panel, n)
                for k, (label, row) in enumerate(zip(labels, panel.dots, strict=True)):
                    dot(axes, k + 0.22, row)
                    said = label + (f" · {row.note}" if row.note else "")
                    how = {"fontsize": SMALL, "bbox": {"fc": "white", "ec": "none", "pad": 0.8}}
                    canvas.write(8, top + head + k * step + 9, wrapped(said, 52, 1), color=_ink(row), **how)
            return canvas
        step, head = (30 if max(map(len, labels)) > LONG_LABEL else 22 if len(panels) == 1 else 26), 30
        left, gap = 250, 26
        notes = 176 if len(panels) == 1 else 0
        room = (width - left - notes - 10 - gap * (len(panels) - 1)) / len(panels)
        canvas = Canvas(width, head + n * step + 36)
        for k, label in enumerate(labels):
            canvas.write(
                0,
                head + (k + 0.5) * step,
                wrapped(label, LONG_LABEL),
                fontsize=SMALL if len(label) > LONG_LABEL else TEXT,
            )
        for p, panel in enumerate(panels):
            start = left + p * (room + gap)
            canvas.write(start, 12, panel.title, fontweight="semibold")
            axes = canvas.axes(start, head, room, n * step)
            dressed(axes, panel, n)
            for k, row in enumerate(panel.dots):
                dot(axes, k, row)
                if notes and row.note:
                    canvas.write(start + room + 14, head + (k + 0.5) * step, row.note, fontsize=SMALL, color=_ink(row))
        return canvas


def two_columns(labels: Sequence[str], panel: Panel, width: int) -> Canvas:
    """Many rows with short labels: in two columns where there is room."""
    with style():
        narrow, step = width < 600, 22
        columns = 1 if narrow else 2
        per = math.ceil(len(labels) / columns)
        canvas = Canvas(width, per * step + 40)
        whole = width / columns
        for c in range(columns):
            part = slice(c * per, (c + 1) * per)
            rows, own = list(panel.dots)[part], labels[part]
            axes = canvas.axes(c * whole + 46, 6, whole - 46 - 30, per * step)
            dressed(axes, panel, per)
            for k, (label, row) in enumerate(zip(own, rows, strict=True)):
                dot(axes, k, row)
                canvas.write(c * whole, 6 + (k + 0.5) * step, label, fontsize=SMALL, color=_ink(row))
        return canvas


def histograms(parts: Sequence[Histogram], width: int) -> Canvas:
    """A small picture a parameter: the fit over its prior, which is even on this scale."""
    with style():
        columns = 2 if width < 600 else 4
        rows = math.ceil(len(parts) / columns)
        high, gap = 152, 14
        canvas = Canvas(width, rows * high)
        room = (width - gap * (columns - 1)) / columns
        top_share = max(max(part.shares) for part in parts) * 1.05
        for k, part in enumerate(parts):
            left, top = (k % columns) * (room + gap), (k // columns) * high
            canvas.write(left, top + 14, wrapped(part.title, 22 if width < 600 else 30), fontsize=SMALL)
            axes = canvas.axes(left + 2, top + 30, room - 8, 66)
            n = len(part.shares)
            x = (np.arange(n) + 0.5) / n
            axes.axhline(1.0 / n, color=EDGE, lw=1.2, ls=(0, (4, 3)), zorder=3)
            axes.bar(x, part.shares, 1.0 / n, color=SUNK if part.faint else PETROL, ec=EDGE, lw=0.3, zorder=2)
            axes.set_xlim(0, 1)
            axes.set_ylim(0, top_share)
            axes.set_yticks([])
            axes.set_xticks([0.0, 0.5, 1.0], list(part.ticks))
            for tick, side in zip(axes.get_xticklabels(), ("left", "center", "right"), strict=True):
                tick.set_horizontalalignment(side)
            canvas.write(left, top + 126, part.note, fontsize=SMALL, color=INK2)
        return canvas


def curves(parts: Sequence[Curves], width: int) -> Canvas:
    """Differences of distributions of ranks with the even one, each group in a panel with its band."""
    with style():
        columns = 1 if width < 600 else 2
        rows = math.ceil(len(parts) / columns)
        high, gap = 190, 36
        canvas = Canvas(width, rows * high)
        room = (width - gap * (columns - 1)) / columns
        top = max(max(float(np.max(np.abs(p.curves))), float(np.max(p.band))) for p in parts) * 1.15
        for k, part in enumerate(parts):
            left, down = (k % columns) * (room + gap), (k // columns) * high
            canvas.write(left, down + 12, part.title, fontweight="semibold")
            canvas.write(left, down + 30, part.note, fontsize=SMALL, color=BAD if len(part.outside) else INK2)
            axes = canvas.axes(left + 44, down + 44, room - 60, 114)
            axes.spines["left"].set_visible(True)
            axes.fill_between(part.x, -part.band, part.band, color=SUNK, lw=0, zorder=0)
            axes.axhline(0.0, color=INK, lw=1.0, zorder=1)
            for j, curve in enumerate(part.curves):
                out = j in part.outside
                axes.plot(
                    part.x, curve, color=BAD if out else PETROL, lw=1.6 if out else 0.8, alpha=1.0 if out else 0.6
                )
            axes.set_xlim(0, 1)
            axes.set_ylim(-top, top)
            axes.set_xticks([0, 0.5, 1], part.ticks)
            axes.set_yticks([-part.height, 0, part.height], [part.low, "0", part.high])
        return canvas


def _ink(row: Dot) -> str:
    return BAD if row.bad else INK
