"""Figures: well-formed, escaped, with a sentence and a table of the same numbers, never a zero for what is missing."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type, union-attr"

import re
from itertools import pairwise
from xml.etree import ElementTree

import numpy as np
import pytest

from dashboard.contrast import contrast
from dashboard.figures.cost import Priced, cost
from dashboard.figures.differences import differences, hundred
from dashboard.figures.groups import Bar, Group, groups
from dashboard.figures.others import others
from dashboard.figures.parting import parting
from dashboard.figures.paths import Frame, Path, paths
from dashboard.figures.svg import DASHES, spread, ticks
from dashboard.figures.worlds import worlds
from dashboard.luck import Parting

MONTHS = [f"{year}-{month:02d}" for year in range(2026, 2031) for month in range(1, 13)]
HOSTILE = 'A <script>alert("x")</script> & "b"'


def path(slot, height, name="Naam"):
    """A path that rises to a height."""
    line = np.linspace(0, height, len(MONTHS))
    return Path(slot, name, *(line * factor for factor in (0.7, 0.9, 1.0, 1.1, 1.3)))


def frame(rough=False, shown=("A", "now")):
    """Five years with one election and a policy that starts in the second."""
    return Frame(MONTHS, "2027-01", ("2030-03",), shown, rough, 20 if rough else 200)


def found(more=83, same=5, fewer=12):
    """A contrast with so many worlds."""
    return contrast(np.array([5.0] * more + [0.0] * same + [-5.0] * fewer))


def pictures():
    """One of each figure, with a hostile name in it."""
    lines = [path("A", 40, HOSTILE), path("B", 30), path("C", 20), path("now", 35)]
    yield paths("nl", "structural_partnership", lines, frame())
    yield paths("en", "homes_reached", [path("A", 40000, HOSTILE), path("now", 35000)], frame(rough=True))
    yield worlds("nl", "homes_reached", found(), ("A", HOSTILE), ("now", HOSTILE), "eind 2030", rough=False)
    rows = [("active", found()), ("phase", None), ("energy", found(50, 0, 50)), ("restarts", found(0, 9, 0))]
    yield others("nl", rows, ("A", HOSTILE), ("now", HOSTILE), "eind 2030", rough=False)


@pytest.mark.parametrize("figure", list(pictures()), ids=lambda figure: figure.id)
@pytest.mark.parametrize("version", ["wide", "narrow"])
def test_every_picture_is_well_formed_and_says_what_it_shows(figure, version):
    svg = ElementTree.fromstring(getattr(figure, version))
    assert svg.attrib["role"] == "img"
    assert len(svg.attrib["aria-label"]) > 30
    assert not [element for element in svg.iter() if element.tag in ("script", "foreignObject")]
    assert "nan" not in getattr(figure, version).lower().replace("financ", "")


@pytest.mark.parametrize("figure", list(pictures()), ids=lambda figure: figure.id)
def test_the_narrow_version_fits_a_phone(figure):
    assert float(ElementTree.fromstring(figure.narrow).attrib["width"]) <= 300


@pytest.mark.parametrize("figure", list(pictures()), ids=lambda figure: figure.id)
def test_the_table_has_a_cell_under_every_heading(figure):
    assert figure.table.rows
    assert {len(row) for row in figure.table.rows} == {len(figure.table.head)}


@pytest.mark.parametrize(("counts", "rough"), [((83, 5, 12), False), ((166, 10, 24), False), ((9, 1, 10), True)])
def test_a_hundred_worlds_are_a_hundred_marks(counts, rough):
    figure = worlds("nl", "structural_partnership", found(*counts), ("A", "A"), ("now", "nu"), "eind 2030", rough=rough)
    marks = re.findall(r"<(?:circle|rect|path) ", figure.wide)
    assert len(marks) == 100
    filled = re.findall(r'style="fill:var\(--A\)"/>', figure.wide)
    assert len(filled) == (counts[0] if rough else round(100 * counts[0] / sum(counts)))


def test_each_policy_differs_by_more_than_colour():
    svg = paths("nl", "structural_partnership", [path(slot, 30) for slot in ("A", "B", "C", "now")], frame()).wide
    drawn = {slot: re.search(rf"stroke:var\(--{colour}\);stroke-width:[\d.]+;stroke-dasharray:([\w ]+)", svg).group(1)
             for slot, colour in (("A", "A"), ("B", "B"), ("C", "C"), ("now", "nu"))}  # fmt: skip
    assert len(set(drawn.values())) == 4
    assert len(set(DASHES.values())) == 4


def test_elections_and_the_start_of_policy_are_marked():
    svg = paths("nl", "structural_partnership", [path("A", 30), path("now", 25)], frame()).wide
    assert "beleid start jan 2027" in svg
    assert svg.count('height="6.0"') == 2  # one on the axis, one in the key


def test_a_policy_is_drawn_from_its_start_only():
    svg = paths("nl", "structural_partnership", [path("A", 30), path("now", 25)], frame()).wide
    points = re.findall(r'<polyline points="([^"]+)"', svg)
    # The state is that of a month's end: from December 2026, when nothing differs yet, to December 2030.
    assert sorted(len(line.split()) for line in points) == [49, 60]


def test_a_rough_picture_shows_no_exact_numbers():
    figure = paths("nl", "structural_partnership", [path("A", 43), path("now", 38)], frame(rough=True))
    assert "ongeveer 40" in figure.wide
    assert "43" not in re.sub(r'"[^"]*"', "", figure.wide)


def test_what_was_not_measured_is_said_and_not_drawn_as_zero():
    missing = Path("A", "A", *(np.full(len(MONTHS), np.nan) for _ in range(5)))
    figure = paths("nl", "structural_partnership", [missing, path("now", 30)], frame())
    assert ("A A", "dec 2030", "niet gemeten", "niet gemeten", "niet gemeten") in figure.table.rows
    assert len(re.findall("<polyline", figure.wide)) == 1
    both = paths("nl", "structural_partnership", [missing], frame())
    assert "niet gemeten" in both.wide


def test_the_table_of_outcomes_says_the_same_as_the_words():
    figure = others("nl", [("energy", found(64, 0, 36))], ("A", "A"), ("now", "nu"), "eind 2030", rough=False)
    assert figure.table.rows[0][:3] == ("Energie van vrijwilligers", "vaker wel dan niet meer", "64 / 0 / 36")
    assert "vaker wel dan niet meer (64)" in figure.wide


def test_an_unclear_order_is_grey():
    figure = others("nl", [("energy", found(52, 0, 48))], ("A", "A"), ("now", "nu"), "eind 2030", rough=False)
    assert "var(--nu)" in figure.wide and "var(--A)" not in figure.wide


@pytest.mark.parametrize(("low", "high"), [(0, 1), (0, 63), (0, 0.004), (0, 41234), (0, 0), (0, 8.4e6)])
def test_axis_steps_are_few_and_cover_all(low, high):
    steps = ticks(low, high)
    assert steps[0] <= low and steps[-1] >= high
    assert 2 <= len(steps) <= 9


def test_labels_are_moved_apart_inside_their_room():
    moved = spread([10, 11, 12, 90], 20, 0, 100)
    assert all(b - a >= 19.99 for a, b in pairwise(moved))
    assert min(moved) >= 0 and max(moved) <= 100


# Differences, groups, cost, luck -----------------------------------------------------------------------------------


def spread_of(values):
    """Differences as an array, and their contrast."""
    array = np.array(values, dtype=float)
    return array, contrast(array)


def many(seed=1, centre=7, width=6, worlds=200):
    """Differences of so many worlds, whole numbers."""
    return np.round(np.random.default_rng(seed).normal(centre, width, worlds))


@pytest.mark.parametrize(
    "values",
    [many(), many(centre=-7), many(centre=0, width=1), many(worlds=37), many() * 1e5, many() * 1e-4, [5.0] * 200],
    ids=["more", "fewer", "ties", "few", "large", "small", "one"],
)
def test_every_hundred_differences_are_a_hundred_marks_on_their_side_of_zero(values):
    array, each = spread_of(values)
    figure = differences("nl", "structural_partnership", array, each, ("A", "A"), ("now", "nu"), "eind 2030")
    shown = hundred(array, each)
    assert len(shown) == 100
    signs = (sum(value > 0 for value in shown), shown.count(0), sum(value < 0 for value in shown))
    assert signs == each.of_hundred()
    assert figure.wide.count("<circle") == signs[0]
    assert len(figure.numbers.rows) == len(array)
    for version in (figure.wide, figure.narrow):
        svg = ElementTree.fromstring(version)
        places = [float(mark.attrib["cx"]) for mark in svg.iter("circle")]
        assert all(0 <= place <= float(svg.attrib["width"]) for place in places)
        middle = next(float(text.attrib["x"]) for text in svg.iter("text") if text.text == "zoals nu")
        assert all(place > middle for place in places)


def test_worlds_that_were_not_measured_are_no_difference():
    array = np.array([np.nan, 3.0, 4.0, -1.0])
    figure = differences("nl", "energy", array, contrast(array), ("A", "A"), ("now", "nu"), "eind 2030")
    assert figure.numbers.rows[0] == (0, None)


def rows_of_groups(**found):
    """Groups with one bar each."""
    return [Group(name.replace("_", "=", 1), (Bar("A", each),)) for name, each in found.items()]


def grouped(rows, second=("now", "zoals nu"), better="higher", language="nl"):
    """The figure of groups."""
    return groups(language, "structural_partnership", rows, ("A", "A"), second, "eind 2030", better=better, rough=False)


def test_the_title_names_who_does_not_gain():
    clear, unclear = found(90, 0, 10), found(52, 0, 48)
    title = grouped(rows_of_groups(size_small=unclear, size_large=clear, ambition_save=clear)).title
    assert title == "A helpt niet duidelijk in kleine gemeenten"
    assert grouped(rows_of_groups(size_small=clear)).title == "A helpt in alle groepen"
    assert grouped(rows_of_groups(size_small=unclear)).title == "A helpt in geen enkele groep duidelijk"
    three = rows_of_groups(size_small=unclear, size_large=unclear, ambition_save=unclear, ambition_activate=clear)
    assert "3 van de 4" in grouped(three).title
    assert "dan B" in grouped(rows_of_groups(size_small=clear), second=("B", "B")).title


def test_fewer_is_a_gain_where_less_is_better():
    fewer = rows_of_groups(size_small=found(5, 0, 95))
    assert "helpt in alle groepen" in grouped(fewer, better="lower").title
    assert "geen enkele groep" in grouped(fewer, better="higher").title


def test_a_group_without_a_clear_order_is_grey_and_said_so():
    figure = grouped(rows_of_groups(size_small=found(52, 0, 48)))
    assert "geen duidelijke volgorde" in figure.wide and "stroke:var(--A)" not in figure.wide
    assert figure.table.rows[0][2] == "geen duidelijke volgorde"
    missing = grouped(rows_of_groups(size_small=None, size_large=found()))
    assert missing.table.rows[0][2] == "niet gemeten"


def priced(slot="A", euros=1.2e6, hours=4000, name="Naam"):
    """A policy with a cost."""
    return Priced(
        slot,
        name,
        contrast(many()),
        contrast(many(centre=euros, width=abs(euros) / 9)),
        contrast(many(centre=hours, width=300)),
    )


def costed(rows, language="nl"):
    """The figure of cost."""
    return cost(language, "structural_partnership", rows, "eind 2030", 8.0, rough=False)


def test_a_cost_is_a_range_and_an_assumption():
    figure = costed([priced(), priced("B", 3e5, 9000)])
    assert re.search(r"A kost 1\.\d00\.000 tot 1\.\d00\.000 euro per jaar meer dan nu", figure.title)
    assert figure.badge == "assumption"
    assert {row[1] for row in figure.numbers.rows} == {"effect", "euros_per_year", "hours_per_year"}
    assert "minder dan nu" in costed([priced(euros=-2e6)]).title
    mixed = Priced("A", "x", contrast(many()), contrast(many(centre=0, width=9e5)), contrast(many()))
    assert "niet duidelijk" in costed([mixed]).title


def test_each_policy_stands_in_both_panels_of_the_cost_figure():
    svg = costed([priced(), priced("B", 3e5, 9000), priced("C", -4e5, 100)]).wide
    for slot in "ABC":
        assert len(re.findall(f">{slot}</text>", svg)) == 2


def test_luck_and_not_knowing_are_told_apart_by_more_than_colour():
    figure = parting("nl", Parting(0.68, 0.32, 0.05, "repeated"))
    assert figure.title == "Twee derde van de spreiding is toeval"
    assert "toeval 70%" in figure.wide and "niet weten 30%" in figure.wide
    assert figure.wide.count("<path") > 5  # hatched
    bound = parting("nl", Parting(0.68, 0.32, 0.05, "one each"))
    assert "minstens 30%" in bound.wide


@pytest.mark.parametrize(
    "figure",
    [
        differences("nl", "energy", many(), contrast(many()), ("A", HOSTILE), ("now", HOSTILE), "eind 2030"),
        grouped(rows_of_groups(size_small=found()), second=("now", HOSTILE)),
        costed([priced(name=HOSTILE)]),
    ],
    ids=lambda figure: figure.id,
)
def test_a_hostile_name_is_only_text_here_too(figure):
    for version in (figure.wide, figure.narrow):
        svg = ElementTree.fromstring(version)
        assert not [element for element in svg.iter() if element.tag in ("script", "foreignObject")]
        assert svg.attrib["role"] == "img" and len(svg.attrib["aria-label"]) > 30
    assert float(ElementTree.fromstring(figure.narrow).attrib["width"]) <= 300
    assert {len(row) for row in figure.table.rows} == {len(figure.table.head)}
