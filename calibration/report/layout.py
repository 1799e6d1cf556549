"""The report on a page: one HTML file a language that needs nothing else and runs nothing, and its figures as files."""

from __future__ import annotations

import base64
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any

from calibration.report.content import Picture
from calibration.report.language import text
from calibration.report.page import Report
from calibration.report.paint import EDGE, INK, INK2, LINE, NARROW, PAGE, PETROL, SUNK, SURFACE, WEB_FONT, WIDE

FOLDER = Path(__file__).resolve().parent
OTHER = {"nl": "en", "en": "nl"}
WORDS = ("figure.table", "report.contents", "report.failed", "report.none_failed", "report.undone", "report.skip",
         "report.other", "report.coalition", "report.by")  # fmt: skip


@dataclass(frozen=True)
class Drawn:
    """One picture, drawn: wide for a page, narrow for a phone, and as PNG."""

    wide: bytes
    narrow: bytes
    png: bytes


def drawn(picture: Picture) -> Drawn:
    """Draw a picture at both widths."""
    from calibration.report.paint import style

    wide, narrow = picture.draw(WIDE), picture.draw(NARROW)
    with style():
        return Drawn(wide.svg(), narrow.svg(), wide.png())


def html(report: Report, drawings: dict[str, Drawn]) -> str:
    """The report as one file. drawings: by the pictures' ids."""
    language = report.language
    palette = {
        "page": PAGE,
        "surface": SURFACE,
        "sunk": SUNK,
        "ink": INK,
        "ink2": INK2,
        "line": LINE,
        "edge": EDGE,
        "petrol": PETROL,
    }
    rendered: str = template().render(
        report=report,
        words={key.replace(".", "_"): text(language, key) for key in WORDS},
        palette=palette,
        font=embedded_font(),
        other=f"report-{OTHER[language]}.html",
        other_language=OTHER[language],
        wide={id: address(each.wide) for id, each in drawings.items()},
        narrow={id: address(each.narrow) for id, each in drawings.items()},
        width=WIDE,
    )
    return rendered


def address(svg: bytes) -> str:
    """A drawing as an address that holds it."""
    return f"data:image/svg+xml;base64,{base64.b64encode(svg).decode()}"


@cache
def embedded_font() -> str:
    """The letter as an address that holds the file itself; nothing where it is not there."""
    if not WEB_FONT.is_file():
        return ""
    return f"data:font/woff2;base64,{base64.b64encode(WEB_FONT.read_bytes()).decode()}"


@cache
def template() -> Any:
    """The HTML template; everything that is put in it is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER),
        autoescape=True,
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    return environment.get_template("report.html.j2")
