"""What can be known, and what it is worth."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.effects import Effects, paired_effects, surface
from calibration.identify import contests, directions, worth_knowing
from calibration.respondents import Variant, biased_surveys, fit_under
from calibration.sampling import SHORT
from calibration.space import prior_points


def test_a_ridge_is_found():
    rng = np.random.default_rng(0)
    shared, apart = rng.normal(size=4000), rng.normal(size=4000)
    unit = np.stack([0.5 + 0.1 * shared, 0.5 + 0.1 * shared + 0.01 * apart, rng.random(4000)], axis=1)
    found = directions(unit, ("a", "b", "c"))
    assert [r[:2] for r in found.ridges] == [("a", "b")]
    assert found.eigenvalues[0] < 0.01 < 0.9 < found.eigenvalues[-1] < 1.1


def effects_from(first: np.ndarray, second: np.ndarray, unit: np.ndarray) -> Effects:
    return Effects(unit, np.stack([first, second], axis=1)[:, :, None], ("one", "two"), ("active",))


@pytest.mark.slow
def test_worth_of_knowing_what_decides_and_of_what_does_not():
    """Which of two policies is better depends on the sign of a known function of the first parameter only."""
    rng = np.random.default_rng(1)
    unit = rng.random((4000, 3))
    away = 2.0 * (unit[:, 0] - 0.5) + rng.normal(0, 1.0, 4000)
    found, everything = worth_knowing(unit, away, ("a", "b", "c"))
    # E max(0, x) for x uniform on (-1, 1) is 1/4; always choosing one gives 0.
    assert found[0].parameter == "a"
    assert found[0].value == pytest.approx(0.25, abs=0.03)
    assert all(w.value < 0.03 for w in found[1:])
    assert everything == pytest.approx(0.25, abs=0.04)


@pytest.mark.slow
def test_the_error_of_a_worth_is_that_of_other_pairs():
    """Its spread over surveys of other pairs is what the standard error says, and it is not nothing."""
    told = []
    for seed in range(8):
        rng = np.random.default_rng(seed)
        unit = rng.random((400, 1))
        away = 1.0 + 3.0 * (unit[:, 0] - 0.5) + rng.normal(0, 1.5, 400)  # at a sixth of the points below zero
        told.append(worth_knowing(unit, away, ("a",))[0][0])
    spread = float(np.std([w.value for w in told], ddof=1))
    assert spread > 0.01
    assert 0.5 < np.mean([w.error for w in told]) / spread < 2.0


def test_knowing_is_worth_nothing_when_one_is_always_better():
    rng = np.random.default_rng(2)
    unit = rng.random((2000, 2))
    found, everything = worth_knowing(unit, 5.0 + unit[:, 0] + rng.normal(0, 1, 2000), ("a", "b"))
    assert everything == 0.0
    assert all(w.value == 0.0 for w in found)


def test_signs_that_change_within_the_draws_are_told_from_those_that_do_not():
    rng = np.random.default_rng(3)
    unit = rng.random((3000, 3))
    sure, open_ = 3.0 + unit[:, 1] + rng.normal(0, 1, 3000), 4.0 * (unit[:, 0] - 0.5) + rng.normal(0, 1, 3000)
    rows = {(c.first, c.second): c for c in contests(effects_from(sure, open_, unit), "active")}
    assert not rows["one", "as-now"].changes_sign
    assert rows["two", "as-now"].changes_sign
    assert rows["two", "as-now"].draws == pytest.approx(0.5, abs=0.08)


def test_effects_are_paired_and_do_not_depend_on_threads():
    points = prior_points(3, 21)
    one, many = (
        paired_effects(points, 5, policies=("regular-meetings",), world="reference", months=12, workers=w)
        for w in (1, 3)
    )
    assert np.array_equal(one.values, many.values, equal_nan=True)
    nothing = paired_effects(points, 5, policies=("as-now",), world="reference", months=12)
    assert not np.any(nothing.values)


def test_a_surface_finds_a_quadratic_mean():
    rng = np.random.default_rng(4)
    unit = rng.random((3000, 2))
    mean = 1.0 + (2 * unit[:, 0] - 1) * (2 * unit[:, 1] - 1)
    found = surface(effects_from(mean + rng.normal(0, 0.5, 3000), mean, unit))(unit)
    assert np.abs(found[:, 0] - mean).max() < 0.15


def test_the_satisfied_are_over_represented_by_so_much(bank):
    plain, biased = (biased_surveys(bank, ratio, 1) for ratio in (1.0, 2.0))
    assert np.all(plain.sum(axis=(1, 2)) == np.minimum(bank.counts[:, 0], 70))
    share = [survey[:, 0].sum() / survey.sum() for survey in (plain, biased)]
    there = bank.joint[:, 0].sum() / bank.joint.sum()
    assert share[0] == pytest.approx(there, abs=0.01)
    odds = [s / (1 - s) for s in share]
    assert 1.3 < odds[1] / odds[0] < 2.0


def test_a_fit_that_allows_for_a_biased_sample_believes_less_good(bank, interviews):
    told, doubted = (
        fit_under(Variant("", 0.0, ratio), bank, interviews, 3, SHORT)[1].flat.mean(axis=0) for ratio in (1.0, 2.0)
    )
    assert not np.allclose(told, doubted, atol=0.02)
