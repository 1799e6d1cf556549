"""The fit set against fresh runs of the model itself, with no emulator between them and the counts.

Points are drawn from prior × (emulated likelihood)^temper, one fresh run each. A run is weighed by the probability of
the counts in *that world*, over the emulated likelihood to the same power. Averaged over luck that is the true
likelihood, so weighted means are those of the true posterior, whatever the emulator's errors.

The probability of the counts in one world: a sample from a finite number of exchangeable answers is multivariate
hypergeometric. *formalised* has no sampling; a world counts when it comes near, with a normal kernel of two
initiatives (a run varies by about seven, so this adds a tenth to that variance).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np
from scipy.special import gammaln, logsumexp

from calibration.bank import Bank, simulate
from calibration.emulator import WHOLE_COUNTS, Emulator
from calibration.sampling import Effort, sample
from calibration.targets import QUESTIONS
from sim.world.files import World

KERNEL = 2.0  # initiatives
TEMPER = 0.7
EFFORT = Effort(ensembles=4, walkers=256, burn=500, steps=1000, thin=20)


@dataclass(frozen=True, eq=False)
class FreshRuns:
    """unit: points, shape (runs, d). weights: normalised, shape (runs,). effective: effective sample size."""

    unit: np.ndarray
    weights: np.ndarray

    @property
    def effective(self) -> float:
        return float(1.0 / np.sum(self.weights**2))

    def mean(self, values: np.ndarray) -> np.ndarray:
        """Posterior mean of values (runs, …)."""
        return np.asarray(np.tensordot(self.weights, values, axes=1))

    def sd(self, values: np.ndarray) -> np.ndarray:
        """Posterior standard deviation of values (runs, …)."""
        return np.asarray(np.sqrt(self.mean((values - self.mean(values)) ** 2)))


def log_probability_in(bank: Bank, counts: dict[str, np.ndarray] | None, name: str) -> np.ndarray:
    """Log probability of the counts of one model (see `Emulator.models`) in each world of a bank, shape (runs,)."""
    assert counts is not None
    wanted = counts[name]
    question, _, answer = name.partition("=")
    there = bank.of(question)
    if question in WHOLE_COUNTS:
        share = wanted[0] / wanted.sum() * bank.supported
        return np.asarray(-0.5 * ((there[:, 0] - share) / KERNEL) ** 2)
    if answer:
        yes = there[:, QUESTIONS[question].answers.index(answer)]
        there = np.stack([yes, bank.counts[:, 0] - yes], axis=1)
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
    unit = np.ascontiguousarray(drawn.flat[np.resize(order, runs)])
    bank = simulate(unit, seed, world=world, workers=workers, progress=progress, cancelled=cancelled)
    proposed = temper * emulator.log_likelihood(unit)
    lived = np.sum([log_probability_in(bank, dict(emulator.counts), name) for name in emulator.models], axis=0)
    log_weight = lived - proposed
    return FreshRuns(unit, np.exp(log_weight - logsumexp(log_weight)))


@dataclass(frozen=True, eq=False)
class Check:
    """The fit against fresh runs. shift: difference of means in posterior standard deviations, a quantity; ratio: of
    standard deviations (fit over fresh). effective: effective number of fresh runs, of ``runs``.
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
    return Check(names, shift, drawn.std(axis=0) / spread, fresh.effective, len(fresh.unit))
