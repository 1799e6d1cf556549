"""Words and colours follow what people want of an outcome: a rise of what should fall is a loss, everywhere."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type, union-attr"

import re
from dataclasses import replace
from xml.etree import ElementTree

import numpy as np
import pytest

from dashboard import why
from dashboard.contrast import contrast
from dashboard.direction import better, clear, colour_of, judged, remark
from dashboard.figures.chain import WHOLE, Step, chain
from dashboard.figures.differences import differences
from dashboard.figures.groups import Bar, Group, groups
from dashboard.figures.others import Row, others
from dashboard.figures.worlds import worlds
from dashboard.language import LANGUAGES
from dashboard.words import share_words, worth
from sim.indicators import INDICATORS

A, NOW = ("A", "A"), ("now", "zoals nu")
RISE, FALL = np.array([5.0] * 90 + [-5.0] * 10), np.array([-5.0] * 90 + [5.0] * 10)


def row(indicator, values):
    """The figure of other outcomes, with one row."""
    return others("nl", [Row(indicator, contrast(values))], A, NOW, "eind 2030", rough=False)


@pytest.mark.parametrize("indicator", INDICATORS)
def test_every_outcome_is_judged_by_what_its_own_file_says(indicator):
    wanted = INDICATORS[indicator].better
    assert better(indicator) == wanted
    for values, gain in ((RISE, "higher"), (FALL, "lower")):
        found, figure = contrast(values), row(indicator, values)
        judgement = "" if wanted == "neither" else "better" if wanted == gain else "worse"
        assert judged(found, wanted) == judgement
        money = indicator == "public_euros"
        gained, lost = (r"\(goedkoper\)$", r"\(duurder\)$") if money else (": beter$", ": slechter$")
        said = {"": r"werelden (meer|minder)$", "better": gained, "worse": lost}[judgement]
        assert re.search(said, " ".join(ElementTree.fromstring(figure.wide).itertext()).split(" +")[0].split(" −")[0]
                         .partition(" zoals nu")[0])  # fmt: skip
        assert ("var(--bad)" in figure.wide) == ("Open streep: slechter" in figure.subtitle) == (judgement == "worse")
        assert ("stroke:var(--A)" in figure.wide) == (judgement != "worse")
        assert bool(re.search(lost, figure.table.rows[0][1])) == (judgement == "worse")


def test_months_without_money_that_rise_are_a_loss_in_every_figure():
    found = contrast(RISE)
    rows = [Group("size=small", (Bar("A", found),))]
    by_group = groups("nl", "months_without_money", rows, A, NOW, "eind 2030", better="lower", rough=False)
    assert "meestal slechter" in by_group.wide and "var(--bad)" in by_group.wide
    assert "stroke:var(--A)" not in by_group.wide
    hundred = worlds("nl", "months_without_money", found, A, NOW, "eind 2030", rough=False)
    assert len(re.findall(r'style="fill:var\(--A\)"/>', hundred.wide)) == 10  # filled: the worlds with fewer
    assert "minder met A" in hundred.wide and "meer met A" not in hundred.wide
    apart = differences("nl", "months_without_money", RISE, found, A, NOW, "eind 2030")
    assert apart.wide.count("<circle") == 10


def test_what_is_not_clear_has_no_judgement():
    found = contrast(np.array([5.0] * 52 + [-5.0] * 48))
    assert not clear(found) and judged(found, "higher") == judged(None, "higher") == ""
    assert colour_of(found, "higher", "A") == "var(--nu)"
    assert worth("nl", "energy", found, "higher") == share_words("nl", "energy", found) == "geen duidelijke volgorde"


def test_how_often_is_said_in_words_and_never_as_a_bare_number():
    assert share_words("nl", "homes_reached", contrast(np.ones(200))) == "in alle werelden meer"
    assert share_words("nl", "homes_reached", contrast(RISE)) == "in 90 van de 100 werelden meer"
    assert share_words("en", "homes_reached", contrast(FALL)).endswith("in 90 of 100 worlds")
    assert not re.search(r"\(\d+\)", row("restarts", RISE).wide)


def test_all_but_one_world_is_never_all():
    nearly = contrast(np.array([1.0] * 499 + [-1.0]))
    assert nearly is not None
    assert nearly.of_hundred() == (99, 0, 1) and not nearly.all
    assert share_words("nl", "homes_reached", nearly) == "in 99 van de 100 werelden meer"
    assert replace(nearly, more=500, fewer=0).of_hundred() == (100, 0, 0)


def test_a_policy_works_only_when_the_whole_is_for_the_better():
    up = [Step(WHOLE, 3.0, 0.1, 2.0, 4.0, 3.0, True)]
    assert why.title_of("nl", up, "A", "higher") == "Waarom het beter gaat met A"
    assert why.title_of("nl", up, "A", "lower") == "Wat er verandert met A"
    assert why.titled("nl", up, "A", "lower", "Bijna alles komt door geld.") == (
        "Wat er verandert met A: bijna alles komt door geld"
    )


def test_parts_for_the_worse_are_open_in_the_chain():
    steps = [Step("money", 3.0, 0.1, 2.0, 4.0, 3.0, True), Step(WHOLE, 3.0, 0.1, 2.0, 4.0, 3.0, True)]
    for indicator, paint in (("homes_reached", "A"), ("months_without_money", "bad")):
        figure = chain("nl", indicator, steps, "A", "titel", "eind 2030", 0, 50)
        bars = [box.attrib["style"] for box in ElementTree.fromstring(figure.wide).iter("rect")]
        assert all(f"stroke:var(--{paint})" in style for style in bars)
        assert all(style.startswith("fill:var(--surface)") == (paint == "bad") for style in bars)


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_figure_says_when_lower_is_better(language):
    assert remark(language, "homes_reached") == ""
    assert remark(language, "restarts", "X.").endswith(" X.") and len(remark(language, "restarts")) > 10
