"""Surprises: actions that cross, and being written out of the vision."""

import math

import pytest

from sim.rules.surprises import crossing_hazard, written_out_chance
from sim.world.state import ACTIVATE, HEAT_NETWORK, SAVE
from tests.playing import of, outcomes, scenario, stage


def test_contact_prevents_crossings_and_a_steering_style_makes_them():
    assert crossing_hazard(0.02, 0.0, 1.0, 0.5, SAVE) == pytest.approx(0.02)
    assert crossing_hazard(0.02, 1.0, 1.0, 0.5, SAVE) == pytest.approx(0.02 / math.e)
    assert crossing_hazard(0.02, 0.0, 1.0, 1.0, ACTIVATE) == pytest.approx(0.03)
    assert crossing_hazard(0.02, 0.0, 1.0, 0.5, HEAT_NETWORK) == pytest.approx(0.008)
    assert crossing_hazard(0.0, 0.0, 1.0, 1.0, SAVE) == 0


def test_who_is_known_or_borne_is_not_written_out():
    assert written_out_chance(0.2, 0.0, 0.0) == pytest.approx(0.2)
    assert written_out_chance(0.2, 0.5, 0.0) == pytest.approx(0.1)
    assert written_out_chance(0.2, 0.5, 0.5) == pytest.approx(0.05)
    assert written_out_chance(0.2, 1.0, 0.0) == 0
    assert written_out_chance(0.2, 0.0, 1.0) == 0


def test_a_campaign_hits_heat_networks_no_harder_than_others():
    ready = stage(months=36)
    campaign = scenario(shocks=[{"shock": "crossing_campaign", "month": "2021-01", "intensity": 1, "months": 6}])
    now, hit = outcomes(ready, None, 6), outcomes(ready, campaign, 6)
    for group in ("ambition=save", "ambition=activate"):
        assert (of(hit, "trust_initiative", group)[:, 30] < of(now, "trust_initiative", group)[:, 30]).all()
