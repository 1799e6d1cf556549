"""The memo on a page: self-contained HTML (Jinja, which escapes by itself), and PDF that carries its structure for
screen readers (typst, PDF/UA-1).
"""

import base64
import json
import re
import textwrap
from dataclasses import asdict
from functools import cache
from pathlib import Path
from typing import Any

from dashboard.language import text
from dashboard.memo.content import Memo

FOLDER = Path(__file__).resolve().parent
FONTS = FOLDER / "fonts"
NOT_PRINTED = ("differences", "others")  # drawings that are left out of the PDF; the memo as HTML has them
NOT_TABLED = ("differences", "worlds", "luck", "cost")  # tables that say what stands in full elsewhere in the PDF
ACROSS = 112  # characters of a command or a file that fit in the width of the paper
SPACES = "\u00a0\u202f"  # that keep a number with its unit; Python does not call them printable
WORDS = ("memo.made_by", "table.summary", "memo.page")


def words(language: str) -> dict[str, str]:
    """The fixed words of the layout."""
    return {key.replace(".", "_"): text(language, key) for key in WORDS}


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
    return environment.get_template("memo.html.j2")


@cache
def embedded_font() -> str:
    """Our letter as an address that holds the file itself."""
    file = FOLDER.parent / "static" / "fonts" / "inter-latin.woff2"
    return f"data:font/woff2;base64,{base64.b64encode(file.read_bytes()).decode()}"


@cache
def palette() -> dict[str, dict[str, str]]:
    """The colours of the page, light and dark, as its own style sheet has them."""
    sheet = (FOLDER.parent / "static" / "samenspel.css").read_text(encoding="utf-8")
    blocks = re.findall(r":root\s*\{([^}]*)\}", sheet)
    light, dark = (dict(re.findall(r"--(\w+):\s*(#[0-9A-Fa-f]{6})", block)) for block in blocks[:2])
    return {"light": light, "dark": dark}


def html(memo: Memo) -> bytes:
    """The memo as one HTML file that needs nothing else and runs nothing."""
    from markupsafe import Markup

    # The drawings are ours, with every name in them escaped where it was put in (dashboard.figures.svg).
    drawings = [{"wide": Markup(figure.wide), "narrow": Markup(figure.narrow)} for figure in memo.figures]
    made: str = template().render(
        memo=memo, drawings=drawings, words=words(memo.language), font=embedded_font(), palette=palette()
    )
    return made.encode()


def pdf(memo: Memo) -> bytes:
    """The memo as tagged PDF (PDF/UA-1), with language, title, headings, table headers and a sentence per figure."""
    import typst

    from dashboard.figures import paint

    paint.letters()  # our fonts
    fallback = paint.fallback_font().parent
    data = {
        **asdict(memo),
        "figures": [
            {
                "title": figure.title,
                "subtitle": figure.subtitle,
                "alt": paint.sentence(figure),
                "svg": "" if figure.id.startswith(NOT_PRINTED) else paint.svg(figure, bare=True).decode(),
                "width": drawn_width(figure.wide),
                "table": asdict(figure.table),
                "drawn": not figure.id.startswith(NOT_PRINTED),
                "tabled": not figure.id.startswith(NOT_TABLED),
            }
            for figure in memo.figures
        ],
        "sections": [
            {**asdict(section), "code": [(name, wrapped(code)) for name, code in section.code]}
            for section in memo.sections
        ],
        "words": words(memo.language),
        "stamp": memo.stamp.isoformat(),
    }
    made = typst.compile(
        str(FOLDER / "memo.typ"),
        root=str(FOLDER),
        font_paths=[str(FONTS), str(fallback)],
        ignore_system_fonts=True,
        sys_inputs={"memo": printable(json.dumps(data))},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(memo.stamp.timestamp()),
    )
    assert isinstance(made, bytes)  # one document
    return made


def printable(document: str) -> str:
    """JSON without escaped control characters and direction marks, which have no place in a PDF's text."""
    data = json.loads(document)

    def clean(value: Any) -> Any:
        if isinstance(value, str):
            if value.replace("\n", "").isprintable():  # nearly always, and drawings are long
                return value
            kept = f"\n\t{SPACES}"
            return "".join(character for character in value if character.isprintable() or character in kept)
        if isinstance(value, list):
            return [clean(each) for each in value]
        if isinstance(value, dict):
            return {key: clean(each) for key, each in value.items()}
        return value

    return json.dumps(clean(data))


def wrapped(code: str) -> str:
    """A command, an address or a file in lines that fit on the paper.

    What goes on hangs under its own line, so that YAML that is typed over as it is seen reads the same. What has no
    spaces is cut where the paper ends, and nothing is put in between.
    """
    lines = []
    for line in code.split("\n"):
        hanging = " " * (len(line) - len(line.lstrip(" -")) + 4) if " " in line.strip() else ""
        lines += textwrap.wrap(line, ACROSS, subsequent_indent=hanging, break_on_hyphens=False) or [""]
    return "\n".join(lines)


def drawn_width(svg: str) -> float:
    """The width of a drawing in pixels."""
    found = re.search(r'\bwidth="([\d.]+)"', svg)
    return float(found.group(1)) if found else 600.0
