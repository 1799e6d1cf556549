"""The figure of a study: its contrasts as ranges, side by side for two outcomes. Same numbers, same bytes."""

from __future__ import annotations

import textwrap
from pathlib import Path

from sim.research.study_answers import beside
from sim.research.study_case import Study
from sim.research.study_numbers import Difference, contrast
from sim.research.study_words import number, outcome, text

CLEAR, UNCLEAR, INK, ZERO = "#2f6f8f", "#8a8f94", "#1c1c1c", "#9aa0a6"
LABEL_WIDTH = 44


def shown(study: Study) -> tuple[str, ...]:
    """The outcomes of the figure: the one the study is about, and the one that always stands beside it."""
    return study.about, beside(study)


def draw(study: Study, language: str, path: Path) -> None:
    """Write the figure as SVG."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure
    from matplotlib.ticker import FuncFormatter, MaxNLocator

    rows = len(study.found)
    labels = [textwrap.fill(study.label(each.spec, language), LABEL_WIDTH) for each in study.found]
    lines = sum(label.count("\n") + 1 for label in labels)
    # Text stays text, so that it can be read aloud and searched; the same salt gives the same ids.
    with rc_context(
        {"svg.hashsalt": "samenspel", "svg.fonttype": "none", "font.family": "DejaVu Sans", "font.size": 9}
    ):
        drawing = Figure(figsize=(9.6, 1.25 + 0.17 * rows + 0.17 * lines), layout="constrained")
        panels = drawing.subplots(1, 2, sharey=True)
        for panel, indicator in zip(panels, shown(study), strict=True):
            for row, each in enumerate(study.found):
                same = indicator == study.about
                difference = each.difference if same else contrast(study.result, each.spec, indicator)
                _range(panel, rows - 1 - row, difference)
            panel.axvline(0, color=ZERO, linewidth=1, zorder=0)
            panel.set_title(f"{outcome(language, indicator, 'name')}: {text(language, 'figure.axis')}", loc="left")
            panel.set_ylim(-0.6, rows - 0.4)
            panel.xaxis.set_major_locator(MaxNLocator(5))
            panel.xaxis.set_major_formatter(FuncFormatter(lambda x, _: number(language, x, signed=True, digits=3)))
            for side in ("top", "right", "left"):
                panel.spines[side].set_visible(False)
            panel.tick_params(axis="y", length=0)
        panels[0].set_yticks(range(rows), labels[::-1])
        drawing.supxlabel(text(language, "figure.note"), fontsize=8, color=INK)
        path.parent.mkdir(parents=True, exist_ok=True)
        drawing.savefig(path, metadata={"Date": None, "Creator": None})


def _range(panel: object, y: int, difference: Difference) -> None:
    """One contrast: a thin line for 90 of 100 worlds, a thick one for the middle half, a dot for the middle world."""
    colour = CLEAR if difference.clear else UNCLEAR
    panel.plot([difference.lowest, difference.highest], [y, y], color=colour, linewidth=1.4)  # type: ignore[attr-defined]
    panel.plot(  # type: ignore[attr-defined]
        [difference.low, difference.high], [y, y], color=colour, linewidth=5.5, solid_capstyle="butt"
    )
    panel.plot([difference.middle], [y], "o", color=INK, markersize=4.5)  # type: ignore[attr-defined]
