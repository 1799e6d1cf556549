"""How to cite Samenspel: CITATION.cff, as a line and as BibTeX."""

from functools import cache
from pathlib import Path
from typing import Any

import yaml

ROOT = Path(__file__).resolve().parent.parent.parent


def beside(name: str) -> Path:
    """A file of the project: in a check-out it lies at its own place, in an installed package beside this one."""
    here = Path(__file__).resolve().parent / Path(name).name
    return here if here.is_file() else ROOT / name


@cache
def citation() -> dict[str, str]:
    """The reference as a line, as BibTeX, and the version. Raises `OSError` when the file is not there."""
    found: dict[str, Any] = yaml.safe_load(beside("CITATION.cff").read_text(encoding="utf-8"))
    authors = " and ".join(author.get("name") or author["family-names"] for author in found["authors"])
    title, version, licence = (str(found[name]) for name in ("title", "version", "license"))
    bibtex = (
        f"@software{{samenspel,\n  author  = {{{{{authors}}}}},\n  title   = {{{{{title}}}}},\n"
        f"  version = {{{version}}},\n  license = {{{licence}}}\n}}"
    )
    return {"line": f"{authors}. {title}. Version {version}. {licence}.", "bibtex": bibtex, "version": version}
