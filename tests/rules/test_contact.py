"""Contact: who meets, what is learned, what fades."""

import pytest

from sim.rules.contact import LEARNING, ad_hoc_hazard, faded, understanding_after, work_quality
from tests.playing import of, outcomes, scenario, stage


def test_those_who_know_each_other_little_learn_most():
    assert understanding_after(0.0, 1.0, 0.1) == pytest.approx(LEARNING * 0.1)
    assert understanding_after(0.5, 1.0, 0.1) == pytest.approx(0.5 + LEARNING * 0.1 * 0.25)
    assert understanding_after(1.0, 4.0, 0.1) == 1
    assert understanding_after(0.3, 0.0, 0.1) == pytest.approx(0.3)
    assert understanding_after(0.0, 20.0, 0.25) == 1
    gains = [understanding_after(u, 1.0, 0.1) - u for u in (0.0, 0.2, 0.4, 0.6, 0.8)]
    assert gains == sorted(gains, reverse=True)


def test_understanding_fades_to_its_base_and_slower_in_an_old_tie():
    assert faded(0.6, 0.2, 0.1, 0.0) == pytest.approx(0.56)
    assert faded(0.6, 0.2, 0.1, 3.0) == pytest.approx(0.59)
    assert faded(0.2, 0.2, 0.1, 0.0) == 0.2
    assert faded(0.1, 0.2, 0.1, 0.0) == 0.1  # nobody learns by silence


def test_ad_hoc_meetings_come_to_the_strong_and_from_the_open():
    assert ad_hoc_hazard(0.2, 0.5, 0.5, 0.5) == pytest.approx(0.2)
    assert ad_hoc_hazard(0.2, 1.0, 0.5, 0.5) == pytest.approx(0.3)
    assert ad_hoc_hazard(0.2, 0.5, 1.0, 0.5) == pytest.approx(0.3)
    assert ad_hoc_hazard(0.2, 0.5, 0.5, 0.0) == pytest.approx(0.1)  # an absent town hall
    assert ad_hoc_hazard(0.2, 0.5, 0.5, 1.0) == ad_hoc_hazard(0.2, 0.5, 0.5, 0.5)
    assert ad_hoc_hazard(0.0, 1.0, 1.0, 1.0) == 0


def test_meetings_take_half_of_their_hours_from_the_work():
    assert work_quality(10.0, 0.0, 20.0) == pytest.approx(0.5)
    assert work_quality(10.0, 4.0, 20.0) == pytest.approx(0.4)
    assert work_quality(50.0, 4.0, 20.0) == 1
    assert work_quality(1.0, 20.0, 20.0) == 0
    assert work_quality(0.0, 0.0, 0.0) == 1


def test_without_any_contact_understanding_stays_low():
    silent = stage(months=36, parameters={"ad_hoc_meetings": 0.1, "bridging": 0.05, "opening_rate": 0.03})
    lively = stage(months=36, parameters={"ad_hoc_meetings": 0.6, "bridging": 0.3, "opening_rate": 0.15})
    few, many = (of(outcomes(each, None, 4), "understanding")[:, -1] for each in (silent, lively))
    assert (few < many - 0.1).all()


def test_meetings_are_no_more_than_hours_allow():
    """A town hall with hardly an hour cannot keep the meetings that were agreed."""
    plan = scenario(levers=[{"lever": "regular_meetings", "intensity": 24}])
    gain = {}
    for share in (0.10, 0.35):
        ready = stage(months=24, parameters={"initiative_share": share, "hours_needed": 40, "meeting_hours": 7})
        gain[share] = (of(outcomes(ready, plan, 4), "understanding") - of(outcomes(ready, None, 4), "understanding"))[
            :, -1
        ]
    assert (gain[0.35] > gain[0.10] + 0.01).all() and (gain[0.10] > 0).all()
