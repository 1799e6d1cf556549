"""Simulation-based calibration: does the fit cover what is true, when the truth is known because we made it?

Each fit draws parameters from the prior, lives one world of the real model with them, holds the virtual interview
there (the same sample of 70, one of whom gives no answer), and fits that as if it were that of 2021. Over many fits
the rank of the truth among the draws must be uniform (Talts et al. 2018), for parameters, for probabilities of
answers, for effects of policies and for the log likelihood (Modrák et al. 2023): parameters that the data do not touch
pass by themselves, the others can fail.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.stats import binomtest

from calibration.effects import Surface
from calibration.emulator import Emulator
from calibration.interview import DIRECTIONS, EFFECTS, interview
from calibration.reference import lived
from calibration.sampling import SHORT, Effort, sample
from calibration.space import prior_points, records_of
from sim.comparison import Parameters, Stage
from sim.engine.blocks import in_order
from sim.evidence.parameters import CALIBRATED
from sim.world.files import World

FITS = 300
SEED = 300_000  # fixed before the first fit was made
DRAWS = 200  # a fit, nearly independent, so that ranks run from 0 to 200
WIDTH = 0.9  # of the interval whose coverage is tested
LEVEL = 0.05  # of the tests together


@dataclass(frozen=True, eq=False)
class Ranks:
    """ranks: of the truth among ``draws`` draws, int, shape (fits, quantities)."""

    names: tuple[str, ...]
    ranks: np.ndarray
    draws: int

    @property
    def fits(self) -> int:
        return len(self.ranks)


@dataclass(frozen=True)
class Coverage:
    """How often the central 90% interval held the truth, a quantity; p: of the exact binomial test; holm: the same,
    corrected for testing them all (Holm 1979).
    """

    name: str
    share: float
    p: float
    holm: float


def surveys_at(unit: np.ndarray, seed: int, world: World, workers: int | None = None) -> list[dict[str, np.ndarray]]:
    """The virtual interview of one fresh world at each point: counts by model name, as `Emulator.counts` has them."""
    stage = Stage(world, world.horizon, seed, Parameters("truths", records_of(unit)))

    def work(r: int) -> dict[str, np.ndarray]:
        told = interview(lived(stage, r), seed, r)
        return {
            "formalised": np.array([told.formalised, told.supported - told.formalised]),
            "effect": np.array([told.effect[name] for name in EFFECTS]),
            "direction": np.array([told.direction[name] for name in DIRECTIONS]),
        }

    return list(in_order(work, 0, len(unit), workers=workers))


def quantities(emulator: Emulator, surface: Surface | None, unit: np.ndarray, likelihood: np.ndarray) -> np.ndarray:
    """What is ranked, at points (n, d) with their log likelihood (n,): shape (n, quantities), named by `names_of`."""
    classes = [p[:, :-1] if p.shape[1] > 2 else p[:, :1] for p in emulator.probabilities(unit).values()]
    parts = [unit, *classes, likelihood[:, None]]
    return np.concatenate(parts if surface is None else [*parts, surface(unit)], axis=1)


def names_of(emulator: Emulator, surface: Surface | None) -> tuple[str, ...]:
    """Names of the quantities."""
    answers = {"effect": EFFECTS, "direction": DIRECTIONS, "formalised": ("yes", "no")}
    classes = [f"P({k}: {a})" for k in emulator.models for a in answers[k.partition("=")[0]][:-1]]
    return (*CALIBRATED, *classes, "log likelihood", *(() if surface is None else surface.names))


def simulation_based_calibration(
    emulator: Emulator,
    world: World,
    *,
    fits: int = FITS,
    seed: int = SEED,
    surface: Surface | None = None,
    effort: Effort = SHORT,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Ranks:
    """Ranks of known truths in so many fits. The emulator must be of *formalised*, *effect* and *direction*. Raises
    `Cancelled`.
    """
    truths = prior_points(fits, seed)
    surveys = surveys_at(truths, seed, world, workers)

    def work(k: int) -> np.ndarray:
        mine = emulator.with_counts(surveys[k])
        drawn = sample(mine.log_likelihood, truths.shape[1], seed + 1 + k, effort)
        points, likelihood = drawn.flat, drawn.log_likelihood.ravel()
        chosen = np.random.default_rng([seed, k]).choice(len(points), DRAWS, replace=False)
        below = quantities(emulator, surface, points[chosen], likelihood[chosen])
        truth = quantities(emulator, surface, truths[k : k + 1], mine.log_likelihood(truths[k : k + 1]))
        return np.asarray(np.sum(below < truth, axis=0))

    ranks = []
    for k, row in enumerate(in_order(work, 0, fits, workers=workers, cancelled=cancelled)):
        ranks.append(row)
        if progress is not None:
            progress(k + 1, fits)
    return Ranks(names_of(emulator, surface), np.array(ranks), DRAWS)


def coverages(found: Ranks, width: float = WIDTH) -> list[Coverage]:
    """Coverage of the central interval of each quantity, tested exactly, with Holm's correction over all of them.

    The interval holds the ranks from the lowest to the highest that leave (1 - width) / 2 of the draws + 1 places out
    on either side; its exact nominal share is used.
    """
    places = found.draws + 1
    out = round(places * (1.0 - width) / 2.0)
    inside = (found.ranks >= out) & (found.ranks < places - out)
    nominal = (places - 2 * out) / places
    tests = [float(binomtest(int(column.sum()), found.fits, nominal).pvalue) for column in inside.T]
    corrected = holm(tests)
    return [Coverage(name, float(inside[:, k].mean()), tests[k], corrected[k]) for k, name in enumerate(found.names)]


def holm(p: Sequence[float]) -> list[float]:
    """Holm's step-down correction of p-values."""
    order, running = np.argsort(p), 0.0
    found = [0.0] * len(p)
    for place, k in enumerate(order):
        running = max(running, min(1.0, (len(p) - place) * p[k]))
        found[k] = running
    return found


def simultaneous_band(fits: int, draws: int, level: float = 0.95, trials: int = 4000, seed: int = 7) -> np.ndarray:
    """Half-widths, shape (draws + 1,), of a band around the uniform distribution function that a whole curve of ranks
    stays within with probability ``level`` (Säilynoja et al. 2022, by simulation): the pointwise binomial interval,
    widened until the simultaneous level holds.
    """
    rng = np.random.default_rng(seed)
    z = np.arange(1, draws + 2) / (draws + 1)
    curves = np.empty((trials, draws + 1))
    for k in range(trials):
        counts = np.bincount(rng.integers(0, draws + 1, fits), minlength=draws + 1)
        curves[k] = np.cumsum(counts) / fits
    spread = np.sqrt(np.maximum(z * (1.0 - z), 1e-12) / fits)
    farthest = np.max(np.abs(curves - z)[:, :-1] / spread[:-1], axis=1)
    return np.asarray(np.quantile(farthest, level) * spread)


def outside_band(found: Ranks, level: float = 0.95) -> list[str]:
    """Quantities whose whole curve of ranks leaves the simultaneous band; ``level`` is of one curve."""
    z = np.arange(1, found.draws + 2) / (found.draws + 1)
    band = simultaneous_band(found.fits, found.draws, level)
    left = []
    for k, name in enumerate(found.names):
        curve = np.cumsum(np.bincount(found.ranks[:, k], minlength=found.draws + 1)) / found.fits
        if np.any(np.abs(curve - z)[:-1] > band[:-1]):
            left.append(name)
    return left
