"""What the counts can say about the parameters, what they cannot, and which of it matters for a choice.

- *contraction*: 1 - posterior variance / prior variance on the cube. Below .1 a parameter is «prior only».
- *directions*: the eigenvectors of the posterior covariance, in units of the prior's. A small eigenvalue is a
  combination that the counts pin down although its parts are not (a ridge).
- *signs*: in which part of the draws a policy does worse than another, on average over luck.
- *expected value of partial perfect information* (Strong, Oakley & Brennan 2014): what finding out one parameter would
  add, on average, to what is gained by choosing the better of two policies; by regression on that parameter.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import combinations

import numpy as np
from scipy.interpolate import make_smoothing_spline

from calibration.effects import Effects, surface
from sim.evidence.parameters import CALIBRATED

PRIOR_ONLY = 0.1
RIDGE = 0.3  # absolute correlation from which two parameters are said to lie on a ridge
SHUFFLES = 40  # of a parameter that then says nothing: what noise alone seems to be worth
RESAMPLES = 100  # of the pairs, with replacement: how much a worth depends on which pairs happened to be run


@dataclass(frozen=True, eq=False)
class Directions:
    """eigenvalues: of the posterior covariance over the prior's (1: nothing learned), ascending. vectors: columns, a
    row a parameter. ridges: pairs of parameters with their correlation.
    """

    eigenvalues: np.ndarray
    vectors: np.ndarray
    ridges: tuple[tuple[str, str, float], ...]


def directions(unit: np.ndarray, names: Sequence[str] = CALIBRATED) -> Directions:
    """Of draws on the cube, (draws, d)."""
    values, vectors = np.linalg.eigh(np.cov(unit.T) * 12.0)
    together = np.corrcoef(unit.T)
    pairs = [(names[i], names[j], float(together[i, j])) for i, j in combinations(range(len(names)), 2)]
    strong = sorted((p for p in pairs if abs(p[2]) >= RIDGE), key=lambda p: -abs(p[2]))
    return Directions(values, vectors, tuple(strong))


@dataclass(frozen=True)
class Contest:
    """Two policies (or one and as-now) in one outcome, over draws of the parameters.

    mean: of the difference, and its standard error. worlds: share of single worlds in which the first does better,
    ties half. draws: share of the draws at which the first does better on average over luck (by regression).
    """

    first: str
    second: str
    outcome: str
    mean: float
    error: float
    worlds: float
    draws: float

    @property
    def changes_sign(self) -> bool:
        """Whether the better one depends on parameters that the counts leave open: 5% of draws or more disagree."""
        return 0.05 <= self.draws <= 0.95


def contests(effects: Effects, outcome: str, policies: Sequence[str] | None = None) -> list[Contest]:
    """Every policy against as-now, and every pair of policies, in one outcome."""
    chosen = effects.policies if policies is None else tuple(policies)
    fitted = surface(effects)
    means = fitted(effects.unit).reshape(len(effects.unit), len(effects.policies), len(effects.outcomes))
    k = effects.outcomes.index(outcome)
    column = {name: effects.of(name, outcome) for name in chosen}
    expected = {name: means[:, effects.policies.index(name), k] for name in chosen}
    nothing = np.zeros(len(effects.unit))
    pairs = [(name, "as-now", column[name], nothing, expected[name], nothing) for name in chosen]
    pairs += [(a, b, column[a], column[b], expected[a], expected[b]) for a, b in combinations(chosen, 2)]
    found = []
    for first, second, one, other, mean_one, mean_other in pairs:
        away = one - other
        better = float(np.mean(away > 0) + 0.5 * np.mean(away == 0))
        share = float(np.mean(mean_one > mean_other))
        error = float(away.std(ddof=1) / np.sqrt(len(away)))
        found.append(Contest(first, second, outcome, float(away.mean()), error, better, share))
    return found


@dataclass(frozen=True)
class Worth:
    """Expected value of knowing one parameter before choosing between two policies, in the outcome's own unit, above
    what noise seems to be worth (over shuffled parameters). ``error``: its standard error, by resampling the pairs (NaN
    where nothing is left above noise).
    ``share`` of what knowing all of them would be worth (NaN where that is nothing); above 1 the two estimates, which
    are made by different regressions, contradict each other and neither is known well enough.
    """

    parameter: str
    value: float
    error: float
    share: float


def worth_knowing(
    unit: np.ndarray, difference: np.ndarray, names: Sequence[str] = CALIBRATED
) -> tuple[list[Worth], float]:
    """For the choice between two policies whose paired difference is ``difference`` (pairs,) at points (pairs, d): the
    value of each parameter, largest first, and of all fitted ones together (a quadratic regression on all).
    """
    from calibration.emulator import features

    seen = features(unit)
    rng = np.random.default_rng(len(names))

    def together(y: np.ndarray) -> float:
        return _gain(seen @ np.linalg.lstsq(seen, y, rcond=None)[0])

    null = [together(rng.permutation(difference)) for _ in range(SHUFFLES)]
    everything = max(0.0, together(difference) - float(np.mean(null)))
    picks = rng.integers(0, len(difference), (RESAMPLES, len(difference)))
    found = []
    for k, name in enumerate(names):
        rng = np.random.default_rng(k)
        null = [_gain(_smoothed(rng.permutation(unit[:, k]), difference)) for _ in range(SHUFFLES)]
        value = max(0.0, _gain(_smoothed(unit[:, k], difference)) - float(np.mean(null)))
        share = value / everything if everything > 0 else float("nan")
        again = [_gain(_smoothed(unit[pick, k], difference[pick])) for pick in picks] if value > 0 else []
        found.append(Worth(name, value, float(np.std(again, ddof=1)) if again else float("nan"), share))
    return sorted(found, key=lambda w: -w.value), everything


def _gain(expected: np.ndarray) -> float:
    """What choosing by ``expected`` adds to always choosing the one that is better on average; never below 0."""
    return max(0.0, float(np.mean(np.maximum(expected, 0.0))) - max(0.0, float(np.mean(expected))))


def _smoothed(x: np.ndarray, y: np.ndarray) -> np.ndarray:
    """Mean of y given x by a smoothing spline whose stiffness is chosen by generalised cross-validation, of the means
    in equally filled bins (ties and thousands of points would only slow it).
    """
    bins = max(8, min(60, len(x) // 20))
    order = np.array_split(np.argsort(x, kind="stable"), bins)
    middle = np.array([x[part].mean() for part in order])
    mean = np.array([y[part].mean() for part in order])
    weight = np.array([len(part) for part in order], dtype=float)
    keep = np.concatenate([[True], np.diff(middle) > 1e-9])
    if keep.sum() < 5:
        return np.full(len(x), y.mean())
    return np.asarray(make_smoothing_spline(middle[keep], mean[keep], w=weight[keep])(x))
