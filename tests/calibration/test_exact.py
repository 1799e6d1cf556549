"""The fit set against fresh runs."""

from __future__ import annotations

import numpy as np
import pytest
from scipy.stats import multivariate_hypergeom

from calibration.exact import FreshRuns, compared, fresh_runs, hypergeometric
from calibration.sampling import QUICK, sample
from sim.evidence.parameters import CALIBRATED


def test_hypergeometric_is_the_textbook_one():
    there = np.array([[50, 30, 41], [20, 60, 40]])
    drawn = np.array([30, 20, 20])
    found = hypergeometric(drawn, there)
    assert found[0] == pytest.approx(multivariate_hypergeom.logpmf(drawn, there[0], 70))
    assert found[1] == -np.inf


def test_a_small_population_is_asked_with_replacement():
    found = hypergeometric(np.array([6, 4]), np.array([[3, 2]]))
    assert found[0] == pytest.approx(np.log(210) + 6 * np.log(0.6) + 4 * np.log(0.4))


def test_weighted_moments():
    runs = FreshRuns(np.array([[0.0], [1.0]]), np.array([0.25, 0.75]), 2)
    assert runs.mean(runs.unit)[0] == 0.75
    assert runs.sd(runs.unit)[0] == pytest.approx(np.sqrt(3) / 4)
    assert runs.effective == pytest.approx(1.6)


@pytest.mark.slow
def test_fresh_runs_agree_with_the_fit_and_would_not_with_another_one(emulator):
    fresh = fresh_runs(emulator, 6000, 77, dimensions=len(CALIBRATED))
    assert fresh.effective > 30
    error = 1.0 / np.sqrt(fresh.effective)
    drawn = sample(emulator.log_likelihood, len(CALIBRATED), 5, QUICK).flat
    check = compared(drawn, fresh, CALIBRATED)
    # A rough emulator (1,500 runs) is allowed a quarter of a spread beside chance.
    assert np.all(np.abs(check.shift) < 0.25 + 4 * error)
    # The prior is not the posterior: what the counts move most is seen to be off.
    prior = compared(np.random.default_rng(0).random((4000, len(CALIBRATED))), fresh, CALIBRATED)
    assert np.abs(prior.shift).max() > 1.0
    assert prior.ratio.max() > 1.5
