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
from dashboard.figures.others import Row, others
from dashboard.figures.parting import parting
from dashboard.figures.paths import Frame, Path, paths
from dashboard.figures.svg import DASHES, LETTER, spread, ticks, wrapped
from dashboard.figures.worlds import worlds
from dashboard.luck import Parting
from dashboard.prices import Yearly
from dashboard.words import doubt

MONTHS = [f"{year}-{month:02d}" for year in range(2026, 2031) for month in range(1, 13)]
HOSTILE = 'A <script>alert("x")</script> & "b"'


def path(slot, height, name="Naam"):
    """A path that rises to a height."""
    line = np.linspace(0, height, len(MONTHS))
    short = "doorgaan zoals nu" if slot == "now" else slot
    return Path(slot, name, short, *(line * factor for factor in (1.02, 0.7, 0.9, 1.0, 1.1, 1.3)))


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
    rows = [
        Row("active", found()),
        Row("phase", None),
        Row("energy", found(50, 0, 50)),
        Row("restarts", found(0, 9, 0), "in 8 jaar samen"),
    ]
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
    assert sorted(len(line.split()) for line in points) == [49, 49, 49, 60, 60, 60]  # a line and the edges of its band


def test_a_rough_picture_shows_no_exact_numbers():
    figure = paths("nl", "structural_partnership", [path("A", 43), path("now", 38)], frame(rough=True))
    assert "ongeveer 40" in figure.wide
    assert "43" not in re.sub(r'"[^"]*"', "", figure.wide)


def test_what_was_not_measured_is_said_and_not_drawn_as_zero():
    missing = Path("A", "A", "A", *(np.full(len(MONTHS), np.nan) for _ in range(6)))
    figure = paths("nl", "structural_partnership", [missing, path("now", 30)], frame())
    assert ("A", "dec 2030", "niet gemeten", "niet gemeten", "niet gemeten") in figure.table.rows
    assert len(re.findall("<polyline", figure.wide)) == 3  # the line and the edges of its band
    both = paths("nl", "structural_partnership", [missing], frame())
    assert "niet gemeten" in both.wide


def test_the_table_of_outcomes_says_the_same_as_the_words():
    figure = others("nl", [Row("energy", found(64, 0, 36))], ("A", "A"), ("now", "nu"), "eind 2030", rough=False)
    assert figure.table.rows[0][:3] == ("Energie van vrijwilligers", "vaker wel dan niet meer: beter", "64 / 0 / 36")
    assert "in 64 van de 100 werelden meer: beter" in figure.wide


def test_an_unclear_order_is_grey():
    figure = others("nl", [Row("energy", found(52, 0, 48))], ("A", "A"), ("now", "nu"), "eind 2030", rough=False)
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
    assert title == "Met A wordt het niet duidelijk beter in kleine gemeenten"
    assert grouped(rows_of_groups(size_small=clear)).title == "Met A wordt het in alle groepen meestal of altijd beter"
    assert grouped(rows_of_groups(size_small=unclear)).title == "Met A wordt het in geen enkele groep duidelijk beter"
    three = rows_of_groups(size_small=unclear, size_large=unclear, ambition_save=unclear, ambition_activate=clear)
    assert "3 van de 4" in grouped(three).title
    assert "dan B" in grouped(rows_of_groups(size_small=clear), second=("B", "B")).title


def test_fewer_is_a_gain_where_less_is_better():
    fewer = rows_of_groups(size_small=found(5, 0, 95))
    assert "in alle groepen meestal of altijd beter" in grouped(fewer, better="lower").title
    assert "geen enkele groep" in grouped(fewer, better="higher").title


def test_a_group_without_a_clear_order_is_grey_and_said_so():
    figure = grouped(rows_of_groups(size_small=found(52, 0, 48)))
    assert "geen duidelijke volgorde" in figure.wide and "stroke:var(--A)" not in figure.wide
    assert figure.table.rows[0][2] == "geen duidelijke volgorde"
    missing = grouped(rows_of_groups(size_small=None, size_large=found()))
    assert missing.table.rows[0][2] == "niet gemeten"


def priced(slot="A", euros=1.2e6, hours=4000, name="Naam", asked=None):
    """A policy with a cost."""
    return Priced(
        slot,
        name,
        contrast(many()),
        contrast(many(centre=euros, width=abs(euros) / 9)),
        contrast(many(centre=hours, width=300)),
        asked,
        "gemeente, initiatief",
    )


def costed(rows, language="nl", apart=None, second=("now", "nu")):
    """The figure of cost; without more, the first row against going on as now."""
    sides = (rows[0].slot, rows[0].slot), second
    return cost(language, "structural_partnership", rows, apart or rows[0].euros, *sides, "eind 2030", 8.0, rough=False)


def test_a_cost_is_a_range_and_an_assumption():
    figure = costed([priced(), priced("B", 3e5, 9000)])
    assert re.search(
        r"In het model wordt met A 1\.\d00\.000 tot 1\.\d00\.000 euro per jaar meer uitgegeven dan nu", figure.title
    )
    assert figure.badge == "assumption"
    assert {row[1] for row in figure.numbers.rows} == {"effect", "euros_per_year", "hours_per_year"}
    assert "minder uitgegeven dan nu" in costed([priced(euros=-2e6)]).title
    mixed = Priced("A", "x", contrast(many()), contrast(many(centre=0, width=9e5)), contrast(many()))
    assert "niet duidelijk" in costed([mixed]).title
    against = contrast(many(centre=-2e6, width=2e5))
    assert re.search(
        "met A .* minder uitgegeven dan met B", costed([priced(), priced("B")], apart=against, second=("B", "B")).title
    )


def test_what_is_asked_and_what_is_used_stand_side_by_side_under_names_of_their_own():
    asked = Yearly(14_000, 180, 90, 0, 5)
    figure = costed([priced(euros=1635, hours=12, asked=asked)])
    for version in (figure.wide, figure.narrow):
        shown = " ".join(ElementTree.fromstring(version).itertext())
        assert ">gevraagd</text>" in version and "wie" in shown.lower()
        assert "vraagt ± €\u00a014.000 per jaar" in shown and "In het model, vergeleken met nu" in shown
    row = dict(zip(figure.table.head, figure.table.rows[0], strict=True))
    assert row["Gevraagd: euro per jaar"] == "14.000" and row["Gevraagd: uur van vrijwilligers per jaar"] == "90"
    assert row["Wie dit kan doen"] == "gemeente, initiatief"
    used = next(name for name in row if name.startswith("In het model meer: euro"))
    assert re.fullmatch(r"\+1\.\d00 tot \+1\.\d00", row[used])


def test_each_policy_stands_in_both_panels_of_the_cost_figure():
    svg = costed([priced(), priced("B", 3e5, 9000), priced("C", -4e5, 100)]).wide
    for slot in "ABC":
        assert len(re.findall(f">{slot}</text>", svg)) == 2


@pytest.mark.parametrize("euros", [6e5, 1.2e6, 4e4])
def test_labels_under_the_costs_are_never_written_over_each_other(euros):
    for language in ("nl", "en"):
        figure = costed([priced(euros=euros, asked=Yearly(1.05e6, 1800, 90, 0, 5))], language)
        for version in (figure.wide, figure.narrow):
            texts = list(ElementTree.fromstring(version).iter("text"))
            below = {text.attrib["y"] for text in texts if text.text == ("nu" if language == "nl" else "now")}
            for level in below:
                row = sorted(
                    (float(text.attrib["x"]), LETTER / 2 * len(text.text))
                    for text in texts
                    if text.attrib["y"] == level
                )
                assert len(row) >= 3
                assert all(x + reach <= after - other for (x, reach), (after, other) in pairwise(row))


def words_in(figure):
    """All text of a drawing."""
    return " ".join(ElementTree.fromstring(figure.wide).itertext())


@pytest.mark.parametrize(
    ("unknown", "method", "title", "cell", "labels"),
    [
        (0.01, "one each", "Bijna alle spreiding lijkt toeval", "bijna niets", "vooral toeval"),
        (0.01, "repeated", "Bijna alle spreiding is toeval", "bijna niets", "toeval"),
        (0.32, "repeated", "Een derde van de spreiding komt door niet weten", "een derde", "niet weten toeval"),
        (0.8, "one each", "Minstens driekwart van de spreiding komt door niet weten", "minstens driekwart",
         "niet weten vooral toeval"),
        (0.97, "repeated", "Bijna alle spreiding komt door niet weten", "bijna alles", "niet weten"),
    ],
)  # fmt: skip
def test_luck_and_not_knowing_are_read_in_one_way_everywhere(unknown, method, title, cell, labels):
    each = Parting(1 - unknown, unknown, 0.05, method)
    figure = parting("nl", each)
    assert figure.title == title
    assert figure.table.rows[0] == ("Niet weten", cell)
    assert words_in(figure) == labels
    assert title.split(" van ")[0].split(" spreiding")[0] in doubt("nl", each, calibrated=True, rough=False)


def test_not_knowing_is_drawn_as_large_as_it_is_said_to_be():
    figure = parting("nl", Parting(0.2, 0.8, 0.05, "one each"))
    bar = next(box for box in ElementTree.fromstring(figure.wide).iter("rect") if "--petrol" in box.attrib["style"])
    assert float(bar.attrib["width"]) == pytest.approx(0.75 * 860)


def test_few_initiatives_are_drawn_as_a_mean_with_whole_numbers_on_the_axis():
    few = paths("nl", "structural_partnership", [path("A", 2), path("B", 3), path("now", 1)], frame())
    assert few.title == "Eind 2030: gemiddeld 2 bij A en 1 bij doorgaan zoals nu"
    assert "de lijn is het gemiddelde" in few.subtitle and "Gemiddelde" in few.table.head
    marks = [
        text.text for text in ElementTree.fromstring(few.wide).iter("text") if text.attrib.get("text-anchor") == "end"
    ]
    assert marks and all(mark.isdecimal() for mark in marks)
    assert few.wide.count("<polygon") == 3  # the band of B stays when A is looked at
    many_of_them = paths("nl", "structural_partnership", [path("A", 40), path("now", 35)], frame())
    assert "in de middelste wereld" in many_of_them.title
    assert "in de middelste wereld" in paths("nl", "energy", [path("A", 0.4), path("now", 0.3)], frame()).title


def test_totals_say_over_how_many_years():
    rows = [Row("restarts", found(), "in 8 jaar samen"), Row("active", found())]
    figure = others("nl", rows, ("A", "A"), ("now", "nu"), "eind 2034", rough=False)
    for version in (figure.wide, figure.narrow):
        assert version.count("in 8 jaar samen") == 1
    assert figure.table.rows[0][0] == "Keren opnieuw beginnen, in 8 jaar samen"


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


def test_labels_under_the_groups_are_never_written_over_each_other():
    wide = contrast(np.linspace(-5_000, 20_000, 200))
    for version in ("wide", "narrow"):
        svg = ElementTree.fromstring(getattr(grouped(rows_of_groups(size_small=wide)), version))
        last = max(float(text.attrib["y"]) for text in svg.iter("text"))
        places = sorted(
            (float(text.attrib["x"]), 3.7 * len(text.text))
            for text in svg.iter("text")
            if float(text.attrib["y"]) == last
        )
        assert len(places) >= 3
        assert all(x + reach <= after - other for (x, reach), (after, other) in pairwise(places))


def test_where_all_worlds_agree_the_title_says_all():
    figure = worlds("nl", "homes_reached", contrast(np.ones(200)), ("A", "A"), ("now", "nu"), "eind 2030", rough=False)
    assert figure.title == "Bereikte woningen: in alle werelden meer met A"


@pytest.mark.parametrize("letter", ["x", "m", "W"])
def test_a_name_that_does_not_fit_ends_in_an_ellipsis_and_stays_short(letter):
    first, last = wrapped("A " + 60 * letter, 18)
    assert first == "A" and last.endswith("…")
    assert len(last) * {"x": 7.6, "m": 12.4, "W": 13.6}[letter] < 152
    assert wrapped("Structurele financiering", 18) == ["Structurele", "financiering"]
