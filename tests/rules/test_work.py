"""Work: progress, promises, homes."""

import pytest

from sim.rules.work import homes_a_phase, kept_chance, needs_town_hall, progress_made
from sim.world.state import ACTIVATE, HEAT_NETWORK, LAST_PHASE, SAVE
from tests.playing import of, outcomes, stage


def test_later_phases_need_the_town_hall_more():
    assert needs_town_hall(0) == pytest.approx(0.15)
    assert needs_town_hall(LAST_PHASE) == pytest.approx(0.80)


def test_progress_comes_from_energy_and_paid_hours_and_waits_for_the_town_hall():
    assert progress_made(0.1, 1.0, 0.0, 0.5, 1.0, 0, 0.0) == pytest.approx(0.1)
    assert progress_made(0.1, 0.5, 0.5, 0.5, 1.0, 0, 0.0) == pytest.approx(0.1)
    assert progress_made(0.1, 1.0, 0.0, 1.0, 1.0, 0, 0.0) == pytest.approx(0.15)
    assert progress_made(0.1, 1.0, 0.0, 0.5, 0.0, 0, 0.0) == pytest.approx(0.085)
    assert progress_made(0.1, 1.0, 0.0, 0.5, 1.0, 5, 1.0) == pytest.approx(0.02)
    assert progress_made(0.1, 0.0, 0.0, 1.0, 1.0, 0, 0.0) == 0


def test_promises_are_kept_with_hours_and_when_known():
    assert kept_chance(0.5, 0.2, 0.2, 0.0, 0.0, 1.0) == pytest.approx(0.5)
    assert kept_chance(0.5, 0.2, 0.2, 1.0, 0.0, 1.0) == pytest.approx(0.7)
    assert kept_chance(0.5, 0.2, 0.2, 1.0, 1.0, 1.0) == pytest.approx(0.9)
    assert kept_chance(0.5, 0.2, 0.2, 1.0, 1.0, 0.0) == pytest.approx(0.45)  # nobody at the post
    assert kept_chance(0.9, 0.4, 0.4, 1.0, 1.0, 1.0) == 1


def test_a_heat_network_reaches_homes_at_its_realisation():
    assert homes_a_phase(ACTIVATE, 0, 0.05, 0.1, 0.4) == 0.05
    assert homes_a_phase(SAVE, 4, 0.05, 0.1, 0.4) == 0.1
    assert homes_a_phase(HEAT_NETWORK, 2, 0.05, 0.1, 0.4) == pytest.approx(0.04)
    assert homes_a_phase(HEAT_NETWORK, LAST_PHASE, 0.05, 0.1, 0.4) == 0.4


def test_faster_work_reaches_more_homes():
    slow, fast = (stage(months=48, parameters={"progress_rate": rate}) for rate in (0.04, 0.12))
    few, many = (of(outcomes(each, None, 3), "homes_reached")[:, -1] for each in (slow, fast))
    assert (many > 1.5 * few).all()
