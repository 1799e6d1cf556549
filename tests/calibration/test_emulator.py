"""The emulator: right probabilities, found back from runs whose law is known, and from the model itself."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type"

from __future__ import annotations

from itertools import product

import numpy as np
import pytest
from scipy.stats import betabinom, multinomial, norm

from calibration.bank import simulate
from calibration.emulator import (
    dirichlet_multinomial,
    features,
    fit_classes,
    fit_whole,
    fitted_counts,
    residuals,
    whole_normal,
)
from calibration.space import prior_points
from calibration.targets import parse_targets
from sim.engine.problems import InputError


def test_dirichlet_multinomial_of_two_classes_is_beta_binomial():
    k = np.arange(11)
    found = dirichlet_multinomial(np.stack([k, 10 - k], axis=1), np.array([0.3, 0.7]), np.full(11, 4.0))
    assert np.allclose(found, betabinom.logpmf(k, 10, 1.2, 2.8), atol=1e-6)


def test_dirichlet_multinomial_without_overdispersion_is_multinomial():
    counts = np.array([5, 3, 2])
    p = np.array([0.5, 0.3, 0.2])
    assert dirichlet_multinomial(counts, p, np.array(1e7)) == pytest.approx(multinomial.logpmf(counts, 10, p), abs=1e-4)


def test_a_sample_of_exchangeable_answers_has_the_law_of_all_of_them():
    """Drawing 3 of 8 Dirichlet-multinomial answers gives a Dirichlet-multinomial of 3: no other correction is due."""
    p, total = np.array([0.5, 0.3, 0.2]), np.array(3.0)
    three = [c for c in product(range(4), repeat=3) if sum(c) == 3]
    rng = np.random.default_rng(0)
    drawn = np.array(
        [rng.multivariate_hypergeometric(rng.multinomial(8, rng.dirichlet(p * 3.0)), 3) for _ in range(40_000)]
    )
    for counts in three:
        seen = np.mean(np.all(drawn == counts, axis=1))
        expected = np.exp(dirichlet_multinomial(np.array(counts), p, total))
        assert seen == pytest.approx(expected, abs=5 * np.sqrt(expected / 40_000))


def test_a_rounded_normal_is_a_distribution():
    k = np.arange(266)
    p = np.exp(whole_normal(k, np.full(266, 265), np.full(266, 0.45), np.full(266, 0.7)))
    assert p.sum() == pytest.approx(1.0, abs=1e-9)
    spread = np.sqrt(0.7 * 265 * 0.45 * 0.55)
    assert p[110] == pytest.approx(norm.pdf(110, 265 * 0.45, spread), rel=0.01)


def test_a_rounded_normal_keeps_its_digits_in_both_tails():
    found = whole_normal(np.array([0, 265]), np.array([265, 265]), np.array([0.5, 0.5]), np.array([0.7, 0.7]))
    assert np.all(np.isfinite(found))
    assert found[0] == pytest.approx(found[1], rel=1e-9)
    assert found[0] < -150


def test_a_known_law_of_classes_is_found_back():
    rng = np.random.default_rng(1)
    unit = rng.random((6000, 3))
    z = 2 * unit - 1
    odds = np.stack([0.5 + z[:, 0], -0.3 * z[:, 1] * z[:, 2], np.zeros(6000)], axis=1)
    p = np.exp(odds) / np.exp(odds).sum(axis=1, keepdims=True)
    counts = np.array([rng.multinomial(100, rng.dirichlet(30.0 * row)) for row in p])
    model = fit_classes(unit, counts)
    assert np.abs(model.probabilities(features(unit)) - p).max() < 0.05
    assert np.median(model.concentration(features(unit))) == pytest.approx(30.0, rel=0.1)


def test_a_known_law_of_whole_counts_is_found_back():
    rng = np.random.default_rng(2)
    unit = rng.random((5000, 2))
    p = 1 / (1 + np.exp(-(unit[:, 0] - 0.5)))
    yes = np.round(rng.normal(200 * p, np.sqrt(0.6 * 200 * p * (1 - p))))
    model = fit_whole(unit, yes, 200)
    assert np.abs(model.probabilities(features(unit))[:, 0] - p).max() < 0.02
    assert np.median(model.ratio(features(unit))) == pytest.approx(0.6, rel=0.1)


def test_what_is_left_of_fresh_runs_is_noise(emulator):
    fresh = simulate(prior_points(400, 99), 99)
    for name, rows in residuals(emulator, fresh).items():
        assert np.abs(rows.mean(axis=0)).max() < 0.35, name
        assert 0.8 < rows.std(axis=0).min() <= rows.std(axis=0).max() < 1.35, name


def test_polite_respondents_move_the_first_answer(emulator):
    unit = np.full((1, 12), 0.5)
    seen = features(unit)
    pleased, plain = np.array([70, 0, 0]), np.array([40, 20, 10])
    model = emulator.models["effect"]
    assert model.log_likelihood(seen, pleased, 0.2) > model.log_likelihood(seen, pleased)
    assert model.log_likelihood(seen, plain, 0.2) < model.log_likelihood(seen, plain)


def test_town_halls_that_were_chosen_cannot_be_fitted():
    rows = [{"question": "officials", "n": 5, "section": "5", "use": "fitted", "counts": {"positive": 5}}]
    file = parse_targets({"id": "own", "source": "own", "questions": rows}, "own.yaml")
    with pytest.raises(InputError, match="no sample"):
        fitted_counts(file.targets("fitted"))


def test_a_question_with_several_answers_is_fitted_answer_by_answer():
    rows = [{"question": "forms", "n": 50, "missing": 2, "section": "own", "use": "fitted", "counts": {"covenant": 10}}]
    file = parse_targets({"id": "own", "source": "own", "questions": rows}, "own.yaml")
    assert {k: v.tolist() for k, v in fitted_counts(file.targets("fitted")).items()} == {"forms=covenant": [10, 38]}
