"""The real simulation has the shape that the page counts on."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import threading

import numpy as np
import pytest

from dashboard import own, simulation
from dashboard.answer import answer, difference
from dashboard.session import Standing
from dashboard.state import Choice

CHOICE = Choice("reference", (("A", "structural-funding"), ("B", "regular-meetings")))


@pytest.fixture(scope="module")
def result():
    """Six pairs of worlds of the reference world."""
    return simulation.run(CHOICE, 6)


def test_the_cards_are_the_shipped_scenarios_with_the_suggestion_first():
    policies = simulation.policies()
    assert next(iter(policies)) == simulation.SUGGESTED
    assert simulation.AS_NOW not in policies
    assert {"regular-meetings", "recommendations", "high-turnover"} <= set(policies)
    assert policies["independent-facilitator"].badge == "assumption"
    assert policies["recommendations"].kind == "together"
    assert policies["high-turnover"].kind == "circumstance"


def test_the_worlds_are_the_national_ones():
    assert list(simulation.worlds()) == ["projection", "reference"]
    assert simulation.worlds()["projection"].policy_start == "2027-01"


def test_the_page_counts_the_same_worlds_as_the_result(result):
    for indicator in ("structural_partnership", "homes_reached"):
        found = difference(result, CHOICE, ("A", "now"), indicator)
        cell = result.differences.sel(
            scenario="structural-funding", group="all", indicator=indicator, month=result.months[-1]
        )
        assert found.worlds == 6
        assert found.more / 6 == pytest.approx(float(cell.sel(statistic="share_better")))
        assert found.same / 6 == pytest.approx(float(cell.sel(statistic="share_same")))
        assert found.middle == pytest.approx(float(cell.sel(statistic="p50")))


def test_two_policies_differ_as_their_own_values_do(result):
    values = [simulation.differences_at_horizon(result, name, "homes_reached") for name in CHOICE.slots.values()]
    found = difference(result, CHOICE, ("A", "B"), "homes_reached")
    assert found.middle == pytest.approx(float(np.median(values[0] - values[1])))


def test_a_real_result_can_be_shown_in_both_languages(result):
    for language in ("nl", "en"):
        shown = answer(Standing(Choice(CHOICE.world, CHOICE.policies, None, language), "rough", result))
        assert shown["headline"] and len(shown["figures"]) == 5
        assert "as-now structural-funding regular-meetings --world reference" in shown["again"]["command"]


def test_every_indicator_has_a_name_and_a_unit(result):
    from dashboard.language import catalogue

    for language in ("nl", "en"):
        for indicator in result.indicators:
            for end in ("name", "unit.one", "unit.many"):
                assert f"indicator.{indicator}.{end}" in catalogue(language)


def test_cancelling_stops_it_and_gives_no_result():
    stop = threading.Event()
    seen = []

    def progress(done, total):
        seen.append(done)
        stop.set()

    assert simulation.run(CHOICE, 500, progress, stop.is_set) is None
    assert seen[-1] < 500


def test_a_kept_result_gets_the_names_of_who_asks_for_it():
    mine, other = (
        Choice("reference").with_own("A", own.policy({"name": name, "levers": [{"lever": "regular_meetings"}]}))
        for name in ("Geheim plan", "Ander plan")
    )
    kept = simulation.run(mine, 2)
    given = simulation.labelled(kept, other)
    assert given.scenarios == ("as-now", "ander-plan") and "ander-plan.yaml" in given.command
    assert "eheim" not in repr(given.documents) + given.command + repr(given.scenarios)
    assert (given.sample_values == kept.sample_values).all()
    assert simulation.labelled(kept, CHOICE) is kept  # shipped policies have one name
