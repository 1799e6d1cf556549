"""Why, on the page: sentences that the parts carry, numbers that add up, a figure that is escaped and whole."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="possibly-undefined"

import re
from types import SimpleNamespace
from xml.etree import ElementTree

import numpy as np
import pytest
import xarray

from dashboard import why
from dashboard.figures.chain import WHOLE, Step, begins, extent
from dashboard.language import catalogue, text
from sim.why import COSTS, LINKS, PARTS, explain
from sim.why.stories import KINDS
from sim.world.state import AMBITIONS, PHASES, SIZES


class Parts:
    """An explanation with these means (for the links, then costs) and one standard error for all."""

    months, replicates = ("2034-12",), 50

    def __init__(self, means, error=0.5):
        table = np.array([[mean, error, mean - 3 * error, mean + 3 * error] for mean in (*means, sum(means))])
        names = [*PARTS, WHOLE]
        self.table = xarray.DataArray(
            table, dims=("part", "statistic"), coords={"part": names, "statistic": ["mean", "error", "p05", "p95"]}
        )

    def parts(self, indicator, group="all"):
        return self.table


@pytest.fixture(scope="module")
def real():
    return explain("structural-funding", months=24, replicates=4)


def said(means, error=0.5, language="nl"):
    return why.sentences(language, why.steps_of(Parts(means, error), "homes_reached")[0])


def test_the_largest_part_is_told_first_and_the_next_after_it():
    first, second = said([0, 0, 0, 20, 50, 30, 0])
    assert first == text("nl", "chain.say.half", because=text("nl", "chain.because.money"))
    assert second == text("nl", "chain.say.next", because=text("nl", "chain.because.work"))


def test_what_works_the_other_way_is_told():
    first, second = said([-30, 0, 0, 0, 130, 0, 0])
    assert first == text("nl", "chain.say.more_than_all", because=text("nl", "chain.because.money"))
    assert second == text("nl", "chain.say.against", because=text("nl", "chain.because.contact"))


def test_a_fall_is_told_like_a_rise():
    assert said([0, 0, 0, -20, -50, -30, 0]) == said([0, 0, 0, 20, 50, 30, 0])


def test_what_is_not_clear_is_not_told_as_a_cause():
    assert said([0, 0, 0, 0, 1, 0, 0], error=2) == [text("nl", "chain.say.unclear")]
    first, second = said([0, 0, 0, -40, 41, 0, 0])
    assert first == text("nl", "chain.say.unclear")
    assert text("nl", "chain.because.money") in second
    assert text("nl", "chain.because.agreement") in second
    assert said([0] * 7, error=0) == [text("nl", "chain.say.same")]
    assert said([float("nan")] * 7) == [text("nl", "chain.say.unmeasured")]


@pytest.mark.parametrize(
    ("share", "name"),
    [(0.1, "little"), (0.45, "almost_half"), (0.5, "half"), (1.0, "almost_all"), (1.2, "more_than_all")],
)
def test_shares_in_words(share, name):
    assert why.share_name(share) == name
    assert all(f"chain.say.{name}" in catalogue("nl") for _, name in why.SHARES)


@pytest.mark.parametrize("seed", range(20))
def test_numbers_as_written_add_up(seed):
    rng = np.random.default_rng(seed)
    means = list(rng.normal(0, 10.0 ** rng.integers(-3, 5), 7))
    error = float(abs(rng.normal(0, abs(sum(means)))) + 1e-6)
    steps, _ = why.steps_of(Parts(means, error), "homes_reached")
    *parts, whole = steps
    unit = 10.0 ** -why.decimals_for(whole.mean, error, 1.0)
    assert sum(step.shown for step in parts) == pytest.approx(whole.shown, abs=1e-6 * unit)
    assert all(abs(step.shown - step.mean) <= 1.5 * unit for step in steps)


def test_costs_are_left_out_where_there_are_none():
    assert [step.id for step in why.steps_of(Parts([1, 1, 1, 1, 1, 1, 0], 0.0), "homes_reached")[0]] == [*LINKS, WHOLE]
    assert COSTS in [step.id for step in why.steps_of(Parts([0, 0, 0, 0, 0, 0, 9.0]), "public_euros")[0]]


def test_bars_begin_where_the_one_before_ends_and_the_whole_at_zero():
    steps = [
        Step(name, mean, 0.1, mean, mean, mean, True) for name, mean in (("money", 3.0), ("work", -1.0), (WHOLE, 2.0))
    ]
    assert begins(steps) == [0.0, 3.0, 0.0]
    assert extent(steps) == (0.0, 3.0)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("means", [[1, 2, 3, 4, 5, 6, 0], [-3, 0, 0, 2, 50, -8, 1], [0] * 7])
def test_the_figure_is_whole_and_stays_within_its_frame(language, means):
    shown = why.shown_why(Parts(means), language, "homes_reached", "B")
    for version in ("wide", "narrow"):
        root = ElementTree.fromstring(shown["figure"][version])
        width, height = float(root.attrib["width"]), float(root.attrib["height"])
        assert root.attrib["aria-label"]
        for element in root.iter("rect"):
            x, y, across, down = (float(element.attrib[name]) for name in ("x", "y", "width", "height"))
            assert -0.1 <= x <= x + across <= width + 1.6
            assert -0.1 <= y <= y + down <= height + 0.1
        for element in root.iter("text"):
            assert 8 <= float(element.attrib["y"]) <= height
    assert len(shown["figure"]["table"]["rows"]) == len(root.findall(".//rect"))
    assert "{" not in str({name: value for name, value in shown.items() if name != "words"}).replace("{'", "")


def test_every_name_has_words_in_both_languages():
    for language in ("nl", "en"):
        known = catalogue(language)
        wanted = {f"chain.event.{kind}" for kind in KINDS}
        wanted |= {f"chain.{kind}.{part}" for kind in ("link", "note", "because") for part in PARTS}
        wanted |= {f"chain.phase.{phase}" for phase in PHASES} | {f"chain.size.{size}" for size in SIZES}
        wanted |= {f"chain.ambition.{ambition}" for ambition in AMBITIONS}
        assert wanted <= set(known)


@pytest.mark.parametrize("language", ["nl", "en"])
def test_a_real_explanation_and_its_story_are_shown(real, language):
    story = why.story_of(real, "money", "homes_reached")
    told = why.shown_story(real, language, story, "money")
    shown = why.shown_why(real, language, "homes_reached", story=told)
    assert 1 <= len(shown["sentences"]) <= 2
    assert [link["id"] for link in shown["links"]] == list(LINKS)
    assert [link["id"] for link in shown["links"] if link["pressed"]] == ["money"]
    assert [link["id"] for link in shown["links"] if link["disabled"]] == ["contact", "understanding", "trust"]
    assert told["lines"]
    assert str(story.initiative) in told["title"]
    assert not re.search(r"\{\w+\}", str(told))
    assert why.shown_story(real, language, None, "contact")["lines"] == []


@pytest.mark.parametrize("after", [0.0, 1.0])
def test_a_story_says_what_its_link_does_where_later_links_undo_it(after):
    story = SimpleNamespace(
        indicator="active", replicate=2, as_now=1.0, before=1.0 - after, after=after, with_policy=1.0
    )
    said = why.intro_of("nl", SimpleNamespace(replicates=50), story, "eind 2034")
    assert "Wereld 3 van 50" in said and "zoals nu ja, met dit beleid ja." in said
    assert ("van ja naar nee." in said) == (after == 0.0) and ("van nee naar ja." in said) == (after == 1.0)
    assert ("maakt er ja van" in said) == (after == 0.0)


def test_what_is_computed_can_be_cancelled_and_counts():
    from dashboard.state import Choice

    choice = Choice("reference", (("A", "procurement-room"),), months=6)
    assert why.explanation_of(choice, "A", replicates=2, cancelled=lambda: True) is None
    told = []
    found = why.explanation_of(choice, "A", replicates=2, progress=lambda *each: told.append(each))
    assert told == [(1, 2), (2, 2)]
    assert found.replicates == 2
    assert why.waiting("nl", 1, 2)["percent"] == 50
