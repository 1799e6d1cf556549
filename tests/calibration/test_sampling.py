"""Sampling: right where the answer is known, and honest about disagreement."""

from __future__ import annotations

import numpy as np
import pytest

from calibration.sampling import SHORT, Effort, agreement, inference_data, sample

SMALL = Effort(ensembles=2, walkers=64, burn=300, steps=1200, thin=20)


def truncated(unit: np.ndarray) -> np.ndarray:
    """A normal around .6 with spread .1 in the first coordinate; the others are left to the prior."""
    return -0.5 * ((unit[:, 0] - 0.6) / 0.1) ** 2


def test_finds_a_known_posterior_and_leaves_the_rest_to_the_prior():
    drawn = sample(truncated, 4, 1, SMALL)
    flat = drawn.flat
    assert flat[:, 0].mean() == pytest.approx(0.6, abs=0.01)
    assert flat[:, 0].std() == pytest.approx(0.1, rel=0.07)
    assert np.allclose(flat[:, 1:].mean(axis=0), 0.5, atol=0.04)
    assert np.allclose(flat[:, 1:].std(axis=0), 12**-0.5, rtol=0.07)
    assert np.allclose(drawn.log_likelihood.ravel(), truncated(flat))


def test_same_seed_same_draws_and_another_seed_others():
    effort = Effort(ensembles=1, walkers=32, burn=10, steps=20, thin=5)
    first, second, other = (sample(truncated, 3, seed, effort).unit for seed in (4, 4, 5))
    assert np.array_equal(first, second)
    assert not np.array_equal(first, other)


def test_a_tempered_likelihood_is_wider():
    assert sample(truncated, 3, 2, SHORT, temper=0.25).flat[:, 0].std() > 0.15


def test_ensembles_that_disagree_are_seen():
    rng = np.random.default_rng(0)
    good = rng.normal(size=(4, 1000, 1))
    assert agreement(good).holds()
    bad = good + np.arange(4)[:, None, None]
    assert not agreement(bad).holds()


def test_too_few_draws_are_seen():
    assert not agreement(np.random.default_rng(0).normal(size=(2, 200, 1))).holds()


def test_arviz_reads_it():
    drawn = sample(truncated, 2, 3, Effort(ensembles=2, walkers=16, burn=5, steps=10, thin=2))
    tree = inference_data(drawn, ("a", "b"), drawn.unit)
    assert tree["posterior"]["a"].dims[:2] == ("chain", "draw")
    assert tree["posterior"].sizes["chain"] == 2
