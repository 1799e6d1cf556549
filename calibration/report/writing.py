"""The report as a folder: `report-nl.html`, `report-en.html`, `validation.json` and every figure as
`<figure>-<language>.svg` and `.png`.

Written whole, or not at all.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from calibration.report.data import Data, document
from calibration.report.language import LANGUAGES
from calibration.report.layout import drawn, html
from calibration.report.page import report
from sim.engine.folders import Kind, check_target, whole_folder

NUMBERS = "validation.json"
FIGURES = (
    "targets", "held-out", "five", "patterns", "sbc-ranks", "sbc-coverage", "exact", "recovery-answers",
    "recovery-parameters", "parameters", "directions", "choices", "respondents",
)  # fmt: skip
BYTES = 30_000_000  # about what a report takes


def is_report(folder: Path) -> bool:
    """Whether a folder holds an earlier report."""
    return (folder / NUMBERS).is_file() and (folder / "report-nl.html").is_file()


PAGES = frozenset(f"report-{language}.html" for language in LANGUAGES)
DRAWINGS = frozenset(f"{id}-{language}.{kind}" for id in FIGURES for language in LANGUAGES for kind in ("svg", "png"))
KIND = Kind("validation report", frozenset({NUMBERS}) | PAGES | DRAWINGS, is_report)


def check_folder(folder: str | Path) -> Path:
    """Refuse a folder that a report cannot be written to, before any work is done. Raises `InputError`."""
    return check_target(folder, KIND, bytes_needed=BYTES)


def write_report(folder: str | Path, data: Data, progress: Callable[[int, int], None] | None = None) -> None:
    """Write the report in both languages, with its figures and numbers. ``progress(done, total)`` counts figures.
    Raises `InputError`.
    """
    reports = {language: report(language, data) for language in LANGUAGES}
    total = sum(len(section.pictures) for made in reports.values() for section in made.sections)
    done = 0
    with whole_folder(folder, KIND) as inside:
        for language, made in reports.items():
            drawings = {}
            for picture in (each for section in made.sections for each in section.pictures):
                drawings[picture.id] = drawn(picture)
                (inside / f"{picture.id}-{language}.svg").write_bytes(drawings[picture.id].wide)
                (inside / f"{picture.id}-{language}.png").write_bytes(drawings[picture.id].png)
                done += 1
                if progress is not None:
                    progress(done, total)
            (inside / f"report-{language}.html").write_text(html(made, drawings), encoding="utf-8", newline="\n")
        (inside / NUMBERS).write_text(as_json(document(data)), encoding="utf-8", newline="\n")


def as_json(found: Any) -> str:
    """JSON text, a row a line where there are rows, so that a change can be read."""
    if not isinstance(found, dict):
        return json.dumps(found, ensure_ascii=False, allow_nan=False)
    parts = []
    for name, value in found.items():
        if isinstance(value, list) and value and isinstance(value[0], dict):
            rows = ",\n  ".join(json.dumps(row, ensure_ascii=False, allow_nan=False) for row in value)
            parts.append(f"{json.dumps(name)}: [\n  {rows}\n ]")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False, allow_nan=False)}")
    return "{\n " + ",\n ".join(parts) + "\n}\n"
