"""Sampling from a posterior on the unit cube: several independent ensembles of walkers, and whether they agree.

The walkers (emcee, differential evolution) move in log odds of the cube's coordinates, where there are no walls.
emcee's snooker move is not used: in the released version its draws are too narrow.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import emcee
import numpy as np
from scipy.special import expit, logit

EDGE = 1e-9  # nearest to a wall that a walker starts or is evaluated


@dataclass(frozen=True)
class Effort:
    """How long to sample: ``ensembles`` of ``walkers``, ``steps`` each after ``burn`` that are dropped, one in ``thin``
    kept.
    """

    ensembles: int = 4
    walkers: int = 256
    burn: int = 500
    steps: int = 1500
    thin: int = 50


QUICK = Effort(ensembles=2, walkers=128, burn=300, steps=500, thin=50)
SHORT = Effort(ensembles=1, walkers=128, burn=300, steps=300, thin=50)


@dataclass(frozen=True, eq=False)
class Sample:
    """Draws on the cube: unit, shape (ensembles, draws, d), and their log likelihood, shape (ensembles, draws).
    acceptance: share of moves taken.
    """

    unit: np.ndarray
    log_likelihood: np.ndarray
    acceptance: float

    @property
    def flat(self) -> np.ndarray:
        """All draws, shape (ensembles * draws, d)."""
        return self.unit.reshape(-1, self.unit.shape[-1])


def sample(
    log_likelihood: Callable[[np.ndarray], np.ndarray],
    dimensions: int,
    seed: int,
    effort: Effort = Effort(),
    *,
    temper: float = 1.0,
    progress: Callable[[int, int], None] | None = None,
) -> Sample:
    """Sample prior × likelihood**temper, the prior uniform on the cube.

    log_likelihood: of points (n, dimensions), shape (n,). Every ensemble starts from the prior, with a generator of its
    own, so that their agreement says something. The same seed gives the same draws.
    """

    def log_density(odds: np.ndarray) -> np.ndarray:
        unit = np.clip(expit(odds), EDGE, 1.0 - EDGE)
        volume = np.log(unit).sum(axis=-1) + np.log1p(-unit).sum(axis=-1)
        found = temper * log_likelihood(unit) + volume
        return np.where(np.isfinite(found), found, -np.inf)

    kept, taken = [], []
    total = effort.ensembles * (effort.burn + effort.steps)
    for ensemble in range(effort.ensembles):
        luck = np.random.SeedSequence([seed, ensemble])
        rng = np.random.default_rng(luck)
        start = logit(np.clip(rng.random((effort.walkers, dimensions)), 1e-3, 1.0 - 1e-3))
        moves = [(emcee.moves.DEMove(), 0.9), (emcee.moves.DEMove(gamma0=1.0), 0.1)]
        sampler = emcee.EnsembleSampler(effort.walkers, dimensions, log_density, moves=moves, vectorize=True)
        sampler.random_state = np.random.RandomState(rng.integers(2**31)).get_state()
        for done, _ in enumerate(sampler.sample(start, iterations=effort.burn + effort.steps, store=True)):
            if progress is not None and done % 200 == 0:
                progress(ensemble * (effort.burn + effort.steps) + done, total)
        chain: np.ndarray = sampler.get_chain(discard=effort.burn, thin=effort.thin)
        kept.append(expit(chain.reshape(-1, dimensions)))
        taken.append(float(np.mean(sampler.acceptance_fraction)))
    unit = np.clip(np.stack(kept), EDGE, 1.0 - EDGE)
    if progress is not None:
        progress(total, total)
    likelihood = log_likelihood(unit.reshape(-1, dimensions)).reshape(unit.shape[:2])
    return Sample(unit, likelihood, float(np.mean(taken)))


def inference_data(drawn: Sample, names: tuple[str, ...], values: np.ndarray) -> Any:
    """An ArviZ DataTree with a chain an ensemble: ``posterior`` in the parameters' own units (values: as
    ``drawn.unit``) and ``sample_stats`` with the log likelihood.
    """
    import arviz

    posterior = {name: values[..., k] for k, name in enumerate(names)}
    return arviz.from_dict({"posterior": posterior, "sample_stats": {"lp": drawn.log_likelihood}})


@dataclass(frozen=True, eq=False)
class Agreement:
    """Diagnostics a quantity, in the order given: R-hat over independent ensembles, bulk and tail effective size."""

    rhat: np.ndarray
    ess_bulk: np.ndarray
    ess_tail: np.ndarray

    def holds(self, rhat: float = 1.01, ess: float = 1000.0) -> bool:
        """Whether all of them are good enough to be reported."""
        return bool(np.all(self.rhat <= rhat) and np.all(self.ess_bulk >= ess))


def agreement(quantities: np.ndarray) -> Agreement:
    """Of draws (ensembles, draws, quantities); at least two ensembles.

    Kept steps lie further apart than walkers remember, and walkers of one step are nearly independent, so an ensemble's
    draws in order of steps stand as one chain; ensembles are wholly independent of one another.
    """
    from arviz_stats import base

    stats: Any = base.array_stats  # type: ignore[attr-defined]
    last = quantities.shape[-1]
    rows = [quantities[..., k] for k in range(last)]
    return Agreement(
        rhat=np.array([float(stats.rhat(row)) for row in rows]),
        ess_bulk=np.array([float(stats.ess(row, method="bulk")) for row in rows]),
        ess_tail=np.array([float(stats.ess(row, method="tail", prob=(0.05, 0.95))) for row in rows]),
    )
