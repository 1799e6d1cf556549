"""The notebooks run from the first cell to the last, and show what they show when they run."""

from __future__ import annotations

import re
import sys
from pathlib import Path

import nbformat
import pytest
from nbclient.exceptions import CellExecutionError

from tools.notebooks import FOLDER, METADATA, executed, main, notebooks, read, text

# Sampling multiplies the last digits in which processors differ; there, words are compared and numbers are not.
SAMPLED = {"02-own-targets"}
FIGURE = re.compile(r"[-+]?\d[\d,.]*(e[-+]?\d+)?%?|True|False")


def book(*cells: str) -> nbformat.NotebookNode:
    """A notebook of these cells."""
    return nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(each) for each in cells])


def words(shown: list[str]) -> list[str]:
    """What cells say, without its numbers."""
    return [" ".join(FIGURE.sub("#", each).split()) for each in shown]


def standard_error(notebook: nbformat.NotebookNode) -> list[str]:
    """What cells say on standard error."""
    return [each.text for cell in notebook.cells for each in cell.get("outputs", []) if each.get("name") == "stderr"]


@pytest.mark.slow
@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_runs_and_shows_what_it_says(path: Path, tmp_path: Path) -> None:
    kept = read(path)
    found = executed(kept, tmp_path)
    assert standard_error(found) == [], "a warning, or progress: the reader should not see it"
    shown, before = text(found), text(kept)
    if path.stem in SAMPLED:
        shown, before = words(shown), words(before)
    assert shown == before, f"not current: run python -m tools.notebooks {path.stem}"


@pytest.mark.parametrize("path", notebooks(), ids=lambda path: path.stem)
def test_a_notebook_is_kept_whole_and_without_this_machine(path: Path) -> None:
    kept = read(path)
    nbformat.validate(kept)
    assert kept.metadata == METADATA
    code = [cell for cell in kept.cells if cell.cell_type == "code"]
    assert [cell.execution_count for cell in code] == list(range(1, len(code) + 1))
    assert any("image/png" in each.get("data", {}) for cell in code for each in cell.outputs), "shows no figure"
    assert kept.cells[0].source.count("*Nederlands.*") == 1
    file = path.read_text(encoding="utf-8")
    assert not [place for place in (str(FOLDER), sys.prefix, "/home/", "/tmp/", "Traceback") if place in file]
    for target in re.findall(r"\]\(([^)\s#]+)[^)\s]*\)", "".join(c.source for c in kept.cells)):
        assert (path.parent / target).exists(), target


def test_all_are_listed_where_people_look() -> None:
    listed = (FOLDER / "README.md").read_text(encoding="utf-8")
    assert len(notebooks()) >= 3
    assert [path.name for path in notebooks() if f"({path.name})" not in listed] == []


def test_a_notebook_is_run_by_this_python_in_the_folder_given(tmp_path: Path) -> None:
    found = executed(book("import sys, os; print(sys.executable); print(os.getcwd())", "40 + 2"), tmp_path)
    assert text(found) == [f"{sys.executable}\n{tmp_path.resolve()}\n", "42"]


def test_a_cell_that_fails_fails_the_notebook(tmp_path: Path) -> None:
    with pytest.raises(CellExecutionError, match="ZeroDivisionError"):
        executed(book("1 / 0"), tmp_path)


def test_a_changed_number_is_noticed_and_in_samples_a_changed_word() -> None:
    assert words(["R-hat 1.003, 2,431 draws\n   3e-05"]) == words(["R-hat 1.01, 12 draws 1.0"])
    assert words(["felt_bar 1"]) != words(["felt 1"])


def test_an_unknown_notebook_is_named(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["01-last-steps"]) == 2
    assert capsys.readouterr().err.startswith("01-last-steps: name: no such notebook; allowed: 01-first-steps, ")
