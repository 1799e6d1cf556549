"""Simulation-based calibration: a small one on the real simulator, and that it can fail."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibration.bank import world_of
from calibration.emulator import Emulator
from calibration.sampling import Effort
from calibration.sbc import (
    Ranks,
    coverages,
    holm,
    names_of,
    outside_band,
    simulation_based_calibration,
    simultaneous_band,
)

FITS = 40
EFFORT = Effort(ensembles=1, walkers=96, burn=200, steps=150, thin=50)


class Overconfident(Emulator):
    """Takes every answer for four: what a likelihood does that forgets how much runs differ."""

    def log_likelihood(self, unit: np.ndarray, polite: float = 0.0) -> np.ndarray:
        return 4.0 * super().log_likelihood(unit, polite)

    def with_counts(self, counts):
        return Overconfident(self.models, counts)


@pytest.mark.slow
def test_the_fit_covers_and_an_overconfident_one_does_not(emulator):
    world = world_of()
    good = simulation_based_calibration(emulator, world, fits=FITS, effort=EFFORT)
    assert good.names == names_of(emulator, None)
    assert min(c.holm for c in coverages(good)) > 0.05
    wrong = Overconfident(emulator.models, emulator.counts)
    bad = simulation_based_calibration(wrong, world, fits=FITS, effort=EFFORT)
    assert min(c.holm for c in coverages(bad)) < 0.01


def test_the_same_seed_gives_the_same_ranks_on_one_core_and_many(emulator):
    effort = Effort(ensembles=1, walkers=64, burn=10, steps=50, thin=10)
    one, many = (
        simulation_based_calibration(emulator, world_of(), fits=3, effort=effort, workers=workers) for workers in (1, 3)
    )
    assert np.array_equal(one.ranks, many.ranks)


def test_uniform_ranks_pass_and_crooked_ones_do_not():
    rng = np.random.default_rng(5)
    uniform = Ranks(("a", "b"), rng.integers(0, 201, (300, 2)), 200)
    assert all(c.holm > 0.05 for c in coverages(uniform))
    assert outside_band(uniform, 0.99) == []
    # The truth too often in the middle: an interval that is too wide. Too often at one side: a shift.
    middle = replace(uniform, ranks=rng.binomial(200, 0.5, (300, 2)))
    shifted = replace(uniform, ranks=(200 * rng.beta(1.0, 1.6, (300, 2))).astype(int))
    assert all(c.holm < 0.01 for c in coverages(middle))
    assert outside_band(shifted) == ["a", "b"]


def test_the_band_holds_as_often_as_it_says():
    band = simultaneous_band(100, 50, level=0.9, trials=2000)
    rng = np.random.default_rng(8)
    z = np.arange(1, 52) / 51
    stayed = []
    for _ in range(1000):
        curve = np.cumsum(np.bincount(rng.integers(0, 51, 100), minlength=51)) / 100
        stayed.append(np.all(np.abs(curve - z)[:-1] <= band[:-1]))
    assert np.mean(stayed) == pytest.approx(0.9, abs=0.04)


def test_holm_is_the_textbook_one():
    assert holm([0.01, 0.04, 0.03]) == pytest.approx([0.03, 0.06, 0.06])
    assert holm([0.5, 0.9]) == [1.0, 1.0]
