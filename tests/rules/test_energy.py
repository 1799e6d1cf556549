"""Energy: what gives it, what takes it, and when an initiative falls asleep or stops."""

import pytest

from sim.rules.energy import energy_after, frustration, talks_strain
from tests.playing import of, outcomes, stage


def test_energy_is_given_on_what_is_missing_and_taken_from_what_there_is():
    assert energy_after(0.5, 0.1, 0.02) == pytest.approx(0.5 + 0.05 - 0.01)
    assert energy_after(1.0, 0.5, 0.0) == 1
    assert energy_after(0.0, 0.0, 0.5) == 0
    assert energy_after(0.2, 0.0, 9.0) == 0
    assert energy_after(0.6, 0.0, 0.0) == 0.6


def test_understanding_softens_the_gap_but_not_the_waiting():
    assert frustration(1.0, 0.0, 1.0, 0.5) == 1
    assert frustration(0.0, 0.8, 0.0, 0.5) == pytest.approx(0.8)
    assert frustration(0.0, 0.8, 1.0, 0.5) == pytest.approx(0.4)  # never wholly


def test_talks_drain_only_after_three_months_and_no_more_after_fifteen():
    assert talks_strain(0, 0.02) == 0
    assert talks_strain(3, 0.02) == 0
    assert talks_strain(9, 0.02) == pytest.approx(0.02)
    assert talks_strain(15, 0.02) == pytest.approx(0.04)
    assert talks_strain(60, 0.02) == pytest.approx(0.04)


def test_where_everything_drains_initiatives_stop():
    hard = {
        "waiting_drain": 0.08,
        "steady_drain": 0.02,
        "energy_of_progress": 0.5,
        "exit_rate": 0.03,
        "clash_drain": 0.12,
    }
    easy = {
        "waiting_drain": 0.01,
        "steady_drain": 0.005,
        "energy_of_progress": 1.5,
        "exit_rate": 0.006,
        "clash_drain": 0.03,
    }
    few, many = (of(outcomes(stage(months=60, parameters=each), None, 3), "active")[:, -1] for each in (hard, easy))
    assert (few < 0.8 * many).all()
