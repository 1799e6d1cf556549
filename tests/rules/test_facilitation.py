"""Facilitation: caseloads, styles, and what a facilitator does."""

import pytest

from sim.rules.facilitation import ADAPTS, caseload_quality, style_now
from tests.playing import of, outcomes, scenario, stage


def test_too_many_cases_thin_the_help():
    assert caseload_quality(4.0, 8.0, 1.0) == 1
    assert caseload_quality(8.0, 8.0, 0.5) == pytest.approx(0.8)
    assert caseload_quality(16.0, 8.0, 1.0) == pytest.approx(0.5)
    assert caseload_quality(0.0, 8.0, 0.0) == pytest.approx(0.6)


def test_an_adaptive_facilitator_moves_with_the_initiative_but_keeps_a_manner():
    assert style_now(0.2, 0.0, 0.9) == 0.2  # one who does not adapt
    assert style_now(0.0, 1.0, 0.25) == pytest.approx(ADAPTS * 0.4)
    assert style_now(1.0, 1.0, 0.0) == pytest.approx(1 - ADAPTS)  # hands on with a beginner
    assert style_now(0.0, 1.0, 1.0) == pytest.approx(ADAPTS)  # and off with the mature
    for maturity in (0.0, 0.3, 0.6, 1.0):
        assert 0 <= style_now(0.0, 1.0, maturity) < style_now(1.0, 1.0, maturity) <= 1


def test_a_facilitator_of_the_lever_costs_hours_and_helps():
    ready = stage(months=36)
    now = outcomes(ready, None, 4)
    helped = outcomes(ready, scenario(levers=[{"lever": "independent_facilitator", "intensity": 1}]), 4)
    assert (of(helped, "facilitator_hours")[:, -1] > 1.2 * of(now, "facilitator_hours")[:, -1]).all()
    assert (of(helped, "understanding")[:, -1] > of(now, "understanding")[:, -1]).all()


def test_nobody_is_helped_where_there_is_no_facilitator():
    from sim.world.files import parse_world

    ready = stage(parse_world({"kind": "municipality", "inhabitants": 50000, "facilitators": 0}, "mine"), months=24)
    values = outcomes(ready, None, 2)
    assert (of(values, "facilitator_hours") == 0).all()


def test_a_facilitator_of_the_lever_comes_also_where_nobody_else_facilitates():
    """What such a policy costs is booked there, so there is to be somebody for it."""
    from sim.world.files import parse_world

    ready = stage(parse_world({"kind": "municipality", "inhabitants": 50000, "facilitators": 0}, "mine"), months=24)
    helped = outcomes(ready, scenario(levers=[{"lever": "independent_facilitator", "intensity": 1}]), 3)
    assert (of(helped, "facilitator_hours")[:, -1] > 100).all()
