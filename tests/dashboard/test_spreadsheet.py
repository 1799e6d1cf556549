"""CSV that harms no spreadsheet: text is never a formula, numbers stay numbers."""

import csv
import io

import pytest

from dashboard import spreadsheet
from dashboard.figures import Figure, Numbers, Table

FORMULAS = [
    '=HYPERLINK("http://elsewhere.example","klik")',
    "+1+1",
    "-2+3+cmd|' /C calc'!A0",
    "@SUM(A1:A9)",
    "\t=1+1",
    "\r=1+1",
    "  =1+1",
    "\u202e=1+1",
    "\ufeff=1+1",
    "＝1+1",
    "|calc",
    "%0A=1",
]


def read(content):
    """The rows of a CSV."""
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


@pytest.mark.parametrize("formula", FORMULAS)
def test_a_formula_becomes_text(formula):
    cell = spreadsheet.safe(formula)
    assert cell == f"'{formula}"
    assert read(spreadsheet.table(["name"], [[formula]]))[1] == [cell]


@pytest.mark.parametrize(("value", "written"), [(-4.5, "-4.5"), (3, "3"), (None, ""), (0.1, "0.1"), ("§ 3.2", "§ 3.2")])
def test_numbers_and_plain_text_stay_as_they_are(value, written):
    assert spreadsheet.safe(value) == written


def test_quotes_and_lines_stay_in_their_cell():
    nasty = 'a "b", c\nd'
    assert read(spreadsheet.table(["x", "y"], [[nasty, 1]])) == [["x", "y"], [nasty, "1"]]


def test_a_figure_without_numbers_gives_its_table():
    table = Table(("Beleid", "Midden"), (("=1+1", "+4"),))
    bare = Figure("x", "t", "s", "<svg/>", "<svg/>", table)
    assert read(spreadsheet.figure(bare))[1] == ["'=1+1", "'+4"]
    full = Figure("x", "t", "s", "<svg/>", "<svg/>", table, Numbers(("policy", "p50"), (("A", -4.0),)))
    assert read(spreadsheet.figure(full)) == [["policy", "p50"], ["A", "-4.0"]]
