"""Negotiation: what speeds an agreement, how concrete it is, and whether a next stage is granted."""

import math

import pytest

from sim.rules.negotiation import closing_hazard, concreteness_of, next_stage_log_odds
from tests.playing import of, outcomes, stage


def test_an_agreement_comes_sooner_with_trust_hours_and_support():
    assert closing_hazard(0.1, 0.5, 2.0, 0.5, 0.0, 0.0) == pytest.approx(0.1)
    assert closing_hazard(0.1, 1.0, 2.0, 0.5, 0.0, 0.0) == pytest.approx(0.1 * math.e)
    assert closing_hazard(0.1, 0.5, 2.0, 1.0, 0.0, 0.0) == pytest.approx(0.1 * math.exp(0.5))
    assert closing_hazard(0.1, 0.5, 2.0, 0.5, 1.0, 0.0) == pytest.approx(0.1 * math.e)
    assert closing_hazard(0.1, 0.5, 2.0, 0.5, 0.0, 1.0) == pytest.approx(0.1 / math.e)
    assert closing_hazard(0.0, 1.0, 3.0, 1.0, 1.0, 0.0) == 0


def test_the_long_term_stays_abstract():
    assert concreteness_of(0.0, 0.35, 0.4, 0.3, 0.0, 0.0) == pytest.approx(0.55)
    assert concreteness_of(1.0, 0.35, 0.4, 0.3, 0.0, 0.0) == pytest.approx(0.20)
    assert concreteness_of(0.0, 0.35, 0.4, 0.3, 0.5, 0.0) == pytest.approx(0.80)
    assert concreteness_of(0.0, 0.35, 1.0, 1.0, 1.0, 9.0) == 1
    assert concreteness_of(1.0, 0.5, 0.0, 0.0, 0.0, -9.0) == 0


def test_a_next_stage_is_likelier_with_trust_roles_and_a_talk_and_not_for_who_was_left_out():
    names = ("base", "trust", "roles", "talked", "priority", "short_perspective", "left_out")
    middle = dict(zip(names, (0.5, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0), strict=True))
    odds = next_stage_log_odds(*middle.values())
    assert odds == pytest.approx(0.5)
    for name, sign in (
        ("trust", 1),
        ("roles", 1),
        ("talked", 1),
        ("priority", 1),
        ("short_perspective", -1),
        ("left_out", -1),
    ):
        assert sign * (next_stage_log_odds(*{**middle, name: middle[name] + 0.5}.values()) - odds) > 0


def test_nobody_agrees_where_talks_never_open():
    rare, usual = (stage(months=36, parameters={"opening_rate": rate, "agreement_rate": 0.03}) for rate in (0.03, 0.15))
    few, many = (of(outcomes(each, None, 3), "formalised")[:, -1] for each in (rare, usual))
    assert (few < many).all()
