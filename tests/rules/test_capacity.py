"""Capacity: hours wanted, hours divided, work taken back."""

import numpy as np
import pytest

from sim.rules.capacity import HOURS_PER_FTE, taken_back
from sim.world.needs import hours_wanted
from sim.world.state import ACTIVATE, HEAT_NETWORK, SAVE
from tests.playing import months_of, scenario, stage


def test_a_heat_network_wants_more_and_later_phases_do():
    assert hours_wanted(HEAT_NETWORK, 0, 20.0) == pytest.approx(20 * 1.25 * 0.7)
    assert hours_wanted(SAVE, 2, 20.0) == pytest.approx(20 * 0.9 * 1.0)
    assert hours_wanted(ACTIVATE, 5, 20.0) == pytest.approx(20 * 0.9 * 1.45)
    assert hours_wanted(HEAT_NETWORK, 3, 20.0) > hours_wanted(HEAT_NETWORK, 2, 20.0) > hours_wanted(SAVE, 2, 20.0)


def test_only_a_steering_town_hall_with_hours_to_spare_takes_work_back():
    assert taken_back(0.5, 1.0, 0.5) == 0
    assert taken_back(0.2, 1.0, 0.5) == 0
    assert taken_back(1.0, 0.0, 0.5) == 0
    assert taken_back(1.0, 1.0, 0.5) == pytest.approx(0.5)
    assert taken_back(0.75, 0.4, 0.5) == pytest.approx(0.1)
    assert taken_back(1.0, 1.0, 7.0) == 1


def test_a_year_of_full_time_work_is_1363_hours():
    assert pytest.approx(1363) == HOURS_PER_FTE * 12


def test_an_agreement_weighs_when_hours_are_short():
    """In a town hall that is short of hours, whoever has an agreement gets a larger part of what it asks."""
    ready = stage(months=36)
    share_with, share_without = [], []
    for s in months_of(ready):
        town = s.municipalities[s.initiatives["municipality"]]
        short = (town["hours_offered"] > 0) & (town["hours_for_initiatives"] < town["hours_offered"] * 1.0000001)
        active = (s.initiatives["status"] == 1) & (s.initiatives["met_month"] >= 0) & short
        hours = s.initiatives["hours"] / s.parameters["hours_needed"][0]
        deal = s.agreements["in_force"] == 1
        share_with += hours[active & deal].tolist()
        share_without += hours[active & ~deal].tolist()
    assert len(share_with) > 200 and len(share_without) > 200
    assert np.mean(share_with) > np.mean(share_without)


def test_extra_staff_gives_every_town_hall_its_hours():
    ready = stage(months=3)
    plan = scenario(levers=[{"lever": "municipal_capacity", "intensity": 2}])
    for now, more in zip(months_of(ready), months_of(ready, plan), strict=True):
        gained = more.municipalities["hours"] - now.municipalities["hours"]
        np.testing.assert_allclose(gained, 2 * HOURS_PER_FTE)
        assert (more.municipalities["hours_for_initiatives"] > now.municipalities["hours_for_initiatives"]).all()
