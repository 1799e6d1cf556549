"""Pace and room: what waits, what is overruled, what is decided together."""

import pytest

from sim.rules.pace import decided_together, depends_on_turn, layer_chance, overruled_chance, pace_gap
from sim.world.state import ACTIVATE, HEAT_NETWORK, LARGE, MEDIUM, SAVE, SMALL
from tests.playing import end_of, months_of, of, outcomes, same_bits, stage


def test_who_activates_depends_least_on_the_vision():
    assert depends_on_turn(HEAT_NETWORK, 2) == 1
    assert depends_on_turn(HEAT_NETWORK, 1) == pytest.approx(0.6)
    assert depends_on_turn(ACTIVATE, 2) < depends_on_turn(SAVE, 2) < depends_on_turn(HEAT_NETWORK, 2)


def test_large_town_halls_have_more_layers():
    assert layer_chance(SMALL, 0.1, 0.3) == 0.1
    assert layer_chance(MEDIUM, 0.1, 0.3) == pytest.approx(0.2)
    assert layer_chance(LARGE, 0.1, 0.3) == 0.3


def test_a_steering_hand_overrules_and_learning_softens_it_never_wholly():
    assert overruled_chance(0.4, 0.0, 0.0, 0.5, 1.4) == 0
    assert overruled_chance(1.0, 0.0, 0.0, 0.5, 1.0) == pytest.approx(0.55 * 0.9)
    assert 0 < overruled_chance(1.0, 0.0, 1.0, 0.5, 1.0) < overruled_chance(1.0, 0.0, 0.0, 0.5, 1.0)
    assert overruled_chance(0.6, 0.4, 0.0, 0.5, 1.0) == pytest.approx(overruled_chance(1.0, 0.0, 0.0, 0.5, 1.0))
    assert 0 < overruled_chance(1.0, 0.0, 0.0, 1.0, 1.0) < overruled_chance(1.0, 0.0, 0.0, 0.0, 1.0)


def test_the_gap_is_what_is_wanted_less_what_is_given():
    assert pace_gap(0.8, 0.0, 1.0, 1.0, 0.0) == pytest.approx(0.0)
    assert pace_gap(0.8, 0.0, 1.0, 0.0, 0.0) == pytest.approx(0.8)
    assert pace_gap(0.8, 0.0, 1.0, 1.0, 1.0) == pytest.approx(0.4)
    assert pace_gap(0.0, 0.0, 0.5, 1.0, 0.0) == 0
    assert pace_gap(1.0, 1.0, 1.0, 0.0, 0.0) == 1


def test_deciding_together_takes_trust_and_understanding():
    assert decided_together(0.0, 1.0, 1.0) == 0
    assert decided_together(1.0, 0.0, 0.0) == 0
    assert decided_together(0.5, 0.3, 0.2) == pytest.approx(0.5)
    assert decided_together(1.0, 1.0, 1.0) == 1


def test_more_waiting_costs_energy():
    seldom, often = (stage(months=36, parameters={"step_awaits": chance}) for chance in (0.1, 0.9))
    much, little = (of(outcomes(each, None, 4), "energy")[:, -1] for each in (seldom, often))
    assert (little < much).all()


def test_who_left_lends_nothing_to_a_post_that_stands_empty():
    """The character of somebody who is gone decides nothing: worlds in which it is wiped out are the same."""
    ready = stage(months=48, parameters={"official_leaving_rate": 0.05})
    wiped = 0
    for state in months_of(ready):
        empty = state.posts["present"] == 0
        wiped += int(empty.sum())
        state.posts["openness"][empty] = state.posts["standing"][empty] = 1.0
    whole = end_of(ready)
    empty = whole.posts["present"] == 0
    whole.posts["openness"][empty] = whole.posts["standing"][empty] = 1.0
    assert wiped > 500
    assert same_bits(state, whole)
