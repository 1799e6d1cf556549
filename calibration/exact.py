"""The fit set against fresh runs of the model itself, with no emulator between them and the counts.

Points are drawn from prior × (emulated likelihood)^temper, one fresh run each. A run is weighed by the probability of
the counts in *that world*, over the emulated likelihood to the same power. Averaged over luck that is the true
likelihood, so weighted means are those of the true posterior, whatever the emulator's errors.

The probability of the counts in one world: a sample from a finite number of exchangeable answers is multivariate
hypergeometric. *formalised* has no sampling; a world counts when it comes near, with a normal kernel of two and a half
initiatives (a run varies by about seven, so this adds an eighth to that variance). Questions are independent given
the parameters (checked by `calibration.fit`), so at each point eight worlds are lived and each question's probability
is averaged over them before they are multiplied: a small count rarely comes out exactly in one world.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp

from calibration.bank import Bank, simulate
from calibration.emulator import WHOLE_COUNTS, Emulator, counts_in, log_mean
from calibration.sampling import Effort, sample
from sim.world.files import World

KERNEL = 2.5  # initiatives
TEMPER = 0.8
WORLDS = 8  # at each point
EFFORT = Effort(ensembles=4, walkers=256, burn=500, steps=1000, thin=20)


@dataclass(frozen=True, eq=False)
class FreshRuns:
    """unit: points, shape (points, d). weights: normalised, shape (points,). runs: in all. effective: effective number
    of points.
    """

    unit: np.ndarray
    weights: np.ndarray
    runs: int

    @property
    def effective(self) -> float:
        return float(1.0 / np.sum(self.weights**2))

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Posterior mean of values (points, …)."""
        return np.asarray(np.tensordot(self.weights, values, axes=1))

    def sd(self, values: np.ndarray) -> np.ndarray:
        """Posterior standard deviation of values (points, …)."""
        return np.asarray(np.sqrt(self.mean((values - self.mean(values)) ** 2)))


def log_probability_in(bank: Bank, counts: Mapping[str, np.ndarray], name: str) -> np.ndarray:
    """Log probability of the counts of one model (see `Emulator.models`) in each world of a bank, shape (runs,)."""
    wanted = counts[name]
    there = counts_in(bank, name)
    if name in WHOLE_COUNTS:
        share = wanted[0] / wanted.sum() * bank.supported
        return np.asarray(-0.5 * ((there[:, 0] - share) / KERNEL) ** 2)
    return hypergeometric(wanted, there)


def hypergeometric(drawn: np.ndarray, there: np.ndarray) -> np.ndarray:
    """Log probability of drawing counts (classes,) from populations (runs, classes), without replacement. A population
    smaller than the sample is asked with replacement; -inf where a class has fewer members than were drawn.
    """
    size, n = there.sum(axis=1).astype(float), float(drawn.sum())
    with np.errstate(divide="ignore", invalid="ignore"):
        ways = gammaln(there + 1.0) - gammaln(drawn + 1.0) - gammaln(np.maximum(there - drawn, 0) + 1.0)
        all_ways = gammaln(size + 1.0) - gammaln(n + 1.0) - gammaln(np.maximum(size - n, 0.0) + 1.0)
        without = np.where(np.any(there < drawn, axis=1), -np.inf, ways.sum(axis=1) - all_ways)
        shares = np.where(drawn > 0, drawn * np.log(there / np.maximum(size, 1.0)[:, None]), 0.0).sum(axis=1)
        replaced = gammaln(n + 1.0) - gammaln(drawn + 1.0).sum() + shares
    return np.asarray(np.where(size >= n, without, replaced))


def fresh_runs(
    emulator: Emulator,
    runs: int,
    seed: int,
    *,
    dimensions: int,
    world: World | None = None,
    workers: int | None = None,
    temper: float = TEMPER,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> FreshRuns:
    """Fresh runs at points near the posterior, weighed. ``temper``: how near; below 1 so that they lie wider."""
    drawn = sample(emulator.log_likelihood, dimensions, seed, EFFORT, temper=temper)
    order = np.random.default_rng([seed, 1]).permutation(len(drawn.flat))
    points = max(1, runs // WORLDS)
    unit = np.ascontiguousarray(drawn.flat[np.resize(order, points)])
    lived = np.repeat(unit, WORLDS, axis=0)
    bank = simulate(lived, seed, world=world, workers=workers, progress=progress, cancelled=cancelled)
    log_weight = -temper * emulator.log_likelihood(unit)
    for name in emulator.models:
        log_weight = log_weight + log_mean(log_probability_in(bank, emulator.counts, name).reshape(points, WORLDS), 1)
    return FreshRuns(unit, np.exp(log_weight - logsumexp(log_weight)), points * WORLDS)


@dataclass(frozen=True, eq=False)
class Check:
    """The fit against fresh runs. shift: difference of means in posterior standard deviations, a quantity; ratio: of
    standard deviations (fit over fresh). effective: effective number of points, of ``runs`` runs.
    """

    names: tuple[str, ...]
    shift: np.ndarray
    ratio: np.ndarray
    effective: float
    runs: int


def compared(drawn: np.ndarray, fresh: FreshRuns, names: tuple[str, ...]) -> Check:
    """Set draws of a fit (draws, d) against fresh runs."""
    spread = fresh.sd(fresh.unit)
    shift = (drawn.mean(axis=0) - fresh.mean(fresh.unit)) / spread
    return Check(names, shift, drawn.std(axis=0) / spread, fresh.effective, fresh.runs)
