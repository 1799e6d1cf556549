"""Questions of practice, answered as studies: `python -m sim.research.study NAME --out FOLDER --page PAGE.md`.

A study is a sweep over everything that is not known (docs/studies/NAME.yaml) and the contrasts that answer its
question (studies.json). The page is made from the numbers: an answer of three sentences in Dutch and English, a
figure, the contrasts with their uncertainty, and the assumptions that decide them. Run again, it is the same page.
What is not known is drawn from the fit where that belongs to this model, and from the priors otherwise, or when
`--parameters prior` asks for it. `--all --out FOLDER` makes all pages and their list, `--index` the list alone.
"""

from __future__ import annotations

import argparse
import json
import sys
import time
from pathlib import Path
from typing import Any

from sim.engine.documents import read_document
from sim.engine.problems import InputError
from sim.research.conduct import conduct
from sim.research.crew import LocalCrew
from sim.research.plan import plan_of
from sim.research.reading import open_sweep
from sim.research.study_case import study_of
from sim.research.study_draws import drawn_parameters, usual
from sim.research.study_figure import draw
from sim.research.study_page import index, page
from sim.research.study_words import LANGUAGES
from sim.research.sweep_file import parse_sweep

STUDIES = Path(__file__).resolve().parent.parent.parent / "docs" / "studies"
FIGURES = "figures"


def entries() -> dict[str, dict[str, Any]]:
    """What studies.json says of each study, in the order of the index."""
    found: dict[str, dict[str, Any]] = json.loads((STUDIES / "studies.json").read_text(encoding="utf-8"))
    return found


def command_of(name: str, parameters: str | None, draws: int | None) -> str:
    """The command that makes a page."""
    words = f"python -m sim.research.study {name} --out runs/{name} --page docs/studies/{name}.md"
    words += "" if parameters is None else f" --parameters {parameters}"
    return words if draws is None else f"{words} --draws {draws}"


def make(
    name: str, out: Path, target: Path | None, parameters: str | None, draws: int | None, workers: int | None
) -> str:
    """Run a study, or read it where it was run before; returns its page, and draws its figures beside `target`.
    Raises `InputError`.
    """
    known = entries()
    if name not in known:
        raise InputError("study", "name", f"unknown study '{name}'; allowed: {', '.join(sorted(known))}")
    file = STUDIES / f"{name}.yaml"
    data = read_document(file)
    data["design"]["kind"] = parameters or usual()
    if draws is not None:
        data["design"]["draws"] = draws
    sweep = parse_sweep(data, file)
    conduct(plan_of(sweep, file, drawn_parameters(data["design"])), out, LocalCrew(workers))
    study = study_of(open_sweep(out), known[name])
    figures = {language: f"{FIGURES}/{name}-{language}.svg" for language in LANGUAGES}
    if target is not None:
        for language in LANGUAGES:
            draw(study, language, target.parent / figures[language])
    return page(study, command_of(name, parameters, draws), figures)


def make_all(out: Path, pages: Path, parameters: str | None, draws: int | None, workers: int | None) -> None:
    """All pages and their list, in the folder `pages`; each study's runs stay in a folder of its own in `out`."""
    pages.mkdir(parents=True, exist_ok=True)
    for name in entries():
        began, target = time.monotonic(), pages / f"{name}.md"
        target.write_text(make(name, out / name, target, parameters, draws, workers), encoding="utf-8")
        print(f"{target}: {time.monotonic() - began:,.0f} s", file=sys.stderr)
    (pages / "README.md").write_text(index(pages, list(entries())), encoding="utf-8")


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 0, or 2 and one line for bad input."""
    parser = argparse.ArgumentParser(prog="python -m sim.research.study", description="Answer a question of practice.")
    parser.add_argument("name", nargs="?", help="the id of a study in docs/studies")
    parser.add_argument("--all", action="store_true", help="make all pages and their list; --out holds all runs")
    parser.add_argument("--index", action="store_true", help="write docs/studies/README.md from the pages instead")
    parser.add_argument("--out", type=Path, help="folder of the runs; give it again to go on")
    parser.add_argument("--page", type=Path, help="the page to write (default: standard output); of all, their folder")
    parser.add_argument("--parameters", choices=["prior", "posterior"], help="default: the fit, if it is of this model")
    parser.add_argument("--draws", type=int, help="states of what is not known (default: as in the file)")
    parser.add_argument("--workers", type=int)
    chosen = parser.parse_args(arguments)
    try:
        if chosen.index:
            (STUDIES / "README.md").write_text(index(STUDIES, list(entries())), encoding="utf-8")
            return 0
        if chosen.all and chosen.name is None and chosen.out is not None:
            make_all(chosen.out, chosen.page or STUDIES, chosen.parameters, chosen.draws, chosen.workers)
            return 0
        if chosen.name is None or chosen.out is None or chosen.all:
            parser.error("give the id of a study and --out FOLDER, or --all and --out FOLDER, or --index")
        text = make(chosen.name, chosen.out, chosen.page, chosen.parameters, chosen.draws, chosen.workers)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.page is None:
        print(text, end="")
    else:
        chosen.page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
