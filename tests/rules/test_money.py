"""Money: who dares to commission, what is renewed, and what stopping costs."""

import math

import pytest

from sim.rules.money import commission_bar, lower_bound, renewal_log_odds
from tests.playing import of, outcomes, scenario, stage


def test_a_careful_town_hall_counts_on_the_mean_less_one_deviation():
    # a beta distribution with alpha = beta = 1 is uniform: mean 1/2, deviation 1/sqrt(12)
    assert lower_bound(1.0, 1.0) == pytest.approx(0.5 - 1 / math.sqrt(12))
    assert lower_bound(10.0, 10.0) > lower_bound(1.0, 1.0)  # the same mean, more evidence
    assert lower_bound(4.0, 1.0) > lower_bound(1.0, 4.0)


def test_room_lowers_the_bar_and_an_agreement_eases_equal_treatment():
    assert commission_bar(0.4, 0.0, 0.0, 0.0, 0.2) == pytest.approx(0.4)
    assert commission_bar(0.4, 0.5, 0.0, 0.0, 0.2) == pytest.approx(0.2)
    assert commission_bar(0.4, 0.0, 1.0, 0.0, 0.2) == pytest.approx(0.6)
    assert commission_bar(0.4, 0.0, 1.0, 1.0, 0.2) == pytest.approx(0.4 + 0.2 * 0.3)
    assert commission_bar(0.4, 1.0, 1.0, 0.0, 0.2) == pytest.approx(0.1)


def test_renewal_follows_trust_and_reserved_money_and_not_unrest():
    names = ("base", "capability", "trust", "structural", "bonus", "unsettled", "take_back")
    odds = dict(zip(names, (0.0, 0.5, 0.3, 0.0, 2.0, 0.0, 0.0), strict=True))
    assert renewal_log_odds(*odds.values()) == pytest.approx(0.0)
    assert renewal_log_odds(*{**odds, "capability": 1.0}.values()) == pytest.approx(1.0)
    assert renewal_log_odds(*{**odds, "trust": 0.8}.values()) == pytest.approx(0.5)
    assert renewal_log_odds(*{**odds, "structural": 1.0}.values()) == pytest.approx(2.0)
    assert renewal_log_odds(*{**odds, "unsettled": 1.0}.values()) == pytest.approx(-1.0)
    assert renewal_log_odds(*{**odds, "take_back": 1.0}.values()) == pytest.approx(-1.5)


def test_what_stops_hurts_those_who_had_money():
    ready = stage(months=40)
    stopped = scenario(shocks=[{"shock": "subsidy_stops", "month": "2021-01"}])
    now, other = outcomes(ready, None, 6), outcomes(ready, stopped, 6)
    assert (of(other, "energy")[:, 26] < of(now, "energy")[:, 26]).all()
    assert (of(other, "months_without_money")[:, -1] > of(now, "months_without_money")[:, -1]).all()
