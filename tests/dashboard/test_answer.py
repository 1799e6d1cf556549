"""What the page is told to draw, for each way an answer can stand."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import json

import pytest

from dashboard import simulation
from dashboard.answer import answer, difference, header
from dashboard.chooser import chooser
from dashboard.session import Standing
from dashboard.simulation import Policy, World
from dashboard.state import Choice

NAMES = ("structural-funding", "regular-meetings", "broad-embedding", "municipal-capacity")


@pytest.fixture(autouse=True)
def shipped(monkeypatch):
    """A few policies and a world of the test's own, so that it does not hang on the shipped files."""

    def policy(name):
        return Policy(
            name, {"nl": f"{name} <b>", "en": f"{name} <i>"}, {"nl": "uitleg", "en": "why"}, "inferred", "measure"
        )

    world = World(
        "projection", {"nl": "Nederland", "en": "Netherlands"}, {"nl": "d", "en": "d"}, ("2030-03",), "2027-01"
    )
    monkeypatch.setattr(simulation, "policies", lambda: {name: policy(name) for name in NAMES})
    monkeypatch.setattr(simulation, "now", lambda: policy("as-now"))
    monkeypatch.setattr(simulation, "worlds", lambda: {"projection": world})


def choice(count=1, language="nl", view=None):
    """A choice of so many policies."""
    return Choice("projection", tuple(zip("ABC"[:count], NAMES, strict=False)), view, language)


def done(fakes, chosen, replicates=200, **options):
    """A standing with a result."""
    result = fakes.FakeResult(["as-now", *chosen.slots.values()], replicates, **options)
    return Standing(chosen, "done" if replicates == 200 else "rough", result)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("replicates", [20, 200])
def test_everything_that_is_sent_is_plain_data(fakes, language, count, replicates):
    shown = answer(done(fakes, choice(count, language), replicates))
    json.dumps([shown, chooser(choice(count, language)), header(choice(count, language))], allow_nan=False)
    sharp_only = ["differences-structural_partnership"] if replicates == 200 else []
    assert [figure["id"] for figure in shown["figures"]] == [
        "worlds-structural_partnership",
        "paths-structural_partnership",
        *sharp_only,
        "others",
        "groups-structural_partnership",
        "cost-structural_partnership",
    ]


def test_homes_always_stand_beside_partnership(fakes):
    for replicates in (20, 200):
        shown = answer(done(fakes, choice(), replicates))
        assert shown["headline"] and shown["beside"]["name"] == "Bereikte woningen"


@pytest.mark.parametrize("phase", ["empty", "starting", "rough", "done", "stopped", "failed"])
def test_not_calibrated_is_said_in_every_state(fakes, phase):
    chosen = choice(0) if phase == "empty" else choice()
    result = fakes.FakeResult(["as-now", *chosen.slots.values()], 20) if phase in ("rough", "stopped") else None
    if phase == "done":
        result = fakes.FakeResult(["as-now", *chosen.slots.values()], 200)
    shown = answer(Standing(chosen, phase, result, fault="x" if phase == "failed" else ""))
    assert shown["notice"]["title"] == "Niet gekalibreerd"
    assert shown["words"]["notice.forecast"] == "Eén wereld is geen voorspelling."
    assert "70 van de 121" in shown["words"]["notice.who"]


def test_a_calibrated_result_says_so(fakes):
    shown = answer(done(fakes, choice(), calibrated=True))
    assert shown["notice"]["title"] == "Gekalibreerd"


def test_two_policies_are_compared_in_the_same_worlds(fakes):
    chosen = choice(2)
    result = fakes.FakeResult(["as-now", *chosen.slots.values()], 200)
    one, other = (result.paired(chosen.slots[slot], "homes_reached").sel(month="2034-12") for slot in "AB")
    assert difference(result, chosen, ("A", "B"), "homes_reached").more == int((one > other).sum())
    assert difference(result, chosen, ("A", "now"), "homes_reached").more == int((one > 0).sum())


def test_the_headline_follows_the_pair_that_is_looked_at(fakes):
    slots = {piece["slot"] for piece in answer(done(fakes, choice(2, view=("A", "B"))))["headline"] if piece["slot"]}
    assert slots == {"A", "B"}


def test_names_from_files_are_only_ever_escaped_in_markup(fakes):
    for figure in answer(done(fakes, choice(3)))["figures"]:
        assert "<b>" not in figure["wide"] + figure["narrow"]


def test_cards_beyond_the_third_cannot_be_chosen():
    cards = [card for group in chooser(choice(3))["groups"] for card in group["cards"]]
    assert [card["disabled"] for card in cards] == [False, False, False, True]
    assert [card["slot"] for card in cards] == ["A", "B", "C", ""]


def test_the_language_links_keep_the_comparison():
    dutch, english = header(choice(2))["languages"]
    assert english["address"] == "?world=projection&A=structural-funding&B=regular-meetings&lang=en"
    assert dutch["current"] and not english["current"]


def test_the_command_is_the_results_own(fakes):
    standing = done(fakes, choice())
    assert answer(standing)["again"]["command"] == standing.result.command


def test_a_result_without_all_its_worlds_is_refused(fakes):
    result = fakes.FakeResult(["as-now", *choice().slots.values()], 200)
    result.replicates = 201
    with pytest.raises(ValueError, match="201 worlds"):
        difference(result, choice(), ("A", "now"), "homes_reached")
