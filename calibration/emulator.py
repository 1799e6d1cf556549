"""An emulator of the virtual interview: how likely each answer is at any parameters, and how much runs differ.

Learned by maximum likelihood from independent single runs (`calibration.bank`), one question at a time:

- a question put to a sample of those that formalised (*effect*, *direction*, *forms*, *topics*): the counts of a run
  are Dirichlet-multinomial, with class probabilities (softmax) that are quadratic in the cube's coordinates and an
  overdispersion whose logarithm is linear in them. Answers within a run are exchangeable, so the counts of a sample of
  n of them are Dirichlet-multinomial with the same probabilities and overdispersion: the correction for interviewing
  70 of a finite number is in the model, and needs no factor.
- *formalised* counts everybody, and initiatives differ more than chance alone would have it, so its counts vary less
  than binomial ones: a normal distribution over whole numbers, with an emulated mean and an emulated ratio to the
  binomial variance.

The questions are taken to be independent given the parameters. That is checked, not assumed: `residuals` gives what
is left, and `calibration.fit` reports its correlations.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from scipy.optimize import minimize
from scipy.special import digamma, expit, gammaln, log_ndtr, logsumexp, softmax

from calibration.bank import Bank
from calibration.targets import QUESTIONS, Target, TargetFile
from sim.engine.problems import InputError

RIDGE = 1e-6  # times half the squared coefficients, beside the mean log likelihood of a run
WEAKEST, STRONGEST = -3.0, 14.0  # log precision of a Dirichlet-multinomial: between pure noise and a multinomial
TINY = 1e-9
WHOLE_COUNTS = ("formalised",)


def features(unit: np.ndarray) -> np.ndarray:
    """Legendre polynomials up to the second degree of points of the cube (…, d): shape (…, 1 + d + d(d + 1) / 2)."""
    z = 2.0 * np.asarray(unit) - 1.0
    d = z.shape[-1]
    i, j = np.triu_indices(d, 1)
    return np.concatenate([np.ones((*z.shape[:-1], 1)), z, 1.5 * z * z - 0.5, z[..., i] * z[..., j]], axis=-1)


@dataclass(frozen=True, eq=False)
class Classes:
    """A question with one answer each of several classes, or a yes or no put to a sample.

    weights: (features, classes - 1), log odds against the last class. precision: (1 + d,), of its logarithm.
    """

    weights: np.ndarray
    precision: np.ndarray

    def probabilities(self, seen: np.ndarray) -> np.ndarray:
        """Of each class, (…, classes), from features (…, features)."""
        odds = seen @ self.weights
        return np.asarray(softmax(np.concatenate([odds, np.zeros((*odds.shape[:-1], 1))], axis=-1), axis=-1))

    def concentration(self, seen: np.ndarray) -> np.ndarray:
        """Sum of the Dirichlet's parameters, (…,)."""
        d = len(self.precision)
        return np.asarray(np.exp(np.clip(seen[..., :d] @ self.precision, WEAKEST, STRONGEST)))

    def log_likelihood(self, seen: np.ndarray, counts: np.ndarray, polite: float = 0.0) -> np.ndarray:
        """Of counts (…, classes), each (…,). ``polite``: share that gives the first answer whatever they think."""
        p = self.probabilities(seen)
        if polite > 0.0:
            p = (1.0 - polite) * p
            p[..., 0] += polite
        return dirichlet_multinomial(counts, p, self.concentration(seen))


@dataclass(frozen=True, eq=False)
class WholeCount:
    """A yes or no of everybody. weights: (features,), log odds of yes. dispersion: (1 + d,), log ratio to binomial."""

    weights: np.ndarray
    dispersion: np.ndarray

    def probabilities(self, seen: np.ndarray) -> np.ndarray:
        """Of yes and no, (…, 2)."""
        p = expit(seen @ self.weights)
        return np.stack([p, 1.0 - p], axis=-1)

    def ratio(self, seen: np.ndarray) -> np.ndarray:
        """Variance as a multiple of the binomial one, (…,)."""
        return np.asarray(np.exp(seen[..., : len(self.dispersion)] @ self.dispersion))

    def log_likelihood(self, seen: np.ndarray, counts: np.ndarray, polite: float = 0.0) -> np.ndarray:
        """Of counts (…, 2). Nobody is asked here, so nobody is polite."""
        p, n = self.probabilities(seen)[..., 0], counts.sum(axis=-1)
        return whole_normal(counts[..., 0], n, p, self.ratio(seen))


@dataclass(frozen=True, eq=False)
class Emulator:
    """One fitted model a question, by its name: the question's own, or `question=answer` where several answers can be
    given. ``count``: (targets) counts of each, in the same order of classes.
    """

    models: Mapping[str, Classes | WholeCount]
    counts: Mapping[str, np.ndarray]

    def log_likelihood(self, unit: np.ndarray, polite: float = 0.0) -> np.ndarray:
        """Of the counts at points (…, d), shape (…,)."""
        seen = features(unit)
        return np.sum([m.log_likelihood(seen, self.counts[k], polite) for k, m in self.models.items()], axis=0)

    def probabilities(self, unit: np.ndarray) -> dict[str, np.ndarray]:
        """Probability of each answer, (…, classes), a question."""
        seen = features(unit)
        return {name: model.probabilities(seen) for name, model in self.models.items()}

    def with_counts(self, counts: Mapping[str, np.ndarray]) -> Emulator:
        """The same emulator set against other counts."""
        return Emulator(self.models, counts)


def dirichlet_multinomial(counts: np.ndarray, p: np.ndarray, total: np.ndarray) -> np.ndarray:
    """Log probability of counts (…, classes) at mean probabilities p and sum of parameters ``total`` (…,)."""
    n = counts.sum(axis=-1)
    a = total[..., None] * p + TINY
    ways = gammaln(n + 1.0) - gammaln(counts + 1.0).sum(axis=-1)
    mass = gammaln(total) - gammaln(n + total) + (gammaln(counts + a) - gammaln(a)).sum(axis=-1)
    return np.asarray(ways + mass)


def whole_normal(yes: np.ndarray, n: np.ndarray, p: np.ndarray, ratio: np.ndarray) -> np.ndarray:
    """Log probability of a whole number ``yes`` of ``n`` under a normal with mean n p and variance ratio n p (1 - p),
    rounded.
    """
    spread = np.sqrt(np.maximum(ratio * n * p * (1.0 - p), 1e-4))
    low, high = (yes - 0.5 - n * p) / spread, (yes + 0.5 - n * p) / spread
    # The difference of two distribution functions on the side where it loses no digits.
    flip = low > 0.0
    a, b = np.where(flip, -high, low), np.where(flip, -low, high)
    upper, lower = log_ndtr(b), log_ndtr(a)
    return np.asarray(upper + np.log(-np.expm1(np.minimum(lower - upper, -1e-300))))


def fit_classes(unit: np.ndarray, counts: np.ndarray, ridge: float = RIDGE) -> Classes:
    """Maximum likelihood from runs: unit (runs, d), counts (runs, classes); a run in which nobody answered says
    nothing.
    """
    asked = counts.sum(axis=1) > 0
    seen, y = features(unit[asked]), counts[asked].astype(float)
    runs, width = seen.shape
    classes, linear = y.shape[1], 1 + unit.shape[1]
    n, cut = y.sum(axis=1), width * (classes - 1)

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        model = Classes(w[:cut].reshape(width, classes - 1), w[cut:])
        p, total = model.probabilities(seen), model.concentration(seen)
        a = total[:, None] * p + TINY
        value = gammaln(total) - gammaln(n + total) + (gammaln(y + a) - gammaln(a)).sum(axis=1)
        by_a = digamma(y + a) - digamma(a)
        by_odds = total[:, None] * p * (by_a - (by_a * p).sum(axis=1, keepdims=True))
        by_log_total = total * (digamma(total) - digamma(n + total) + (by_a * p).sum(axis=1))
        slope = np.concatenate([(seen.T @ by_odds[:, :-1]).ravel(), seen[:, :linear].T @ by_log_total]) / runs
        return 0.5 * ridge * float(w @ w) - float(value.mean()), ridge * w - slope

    start = np.zeros(cut + linear)
    start[: classes - 1] = np.log((y[:, :-1].sum(axis=0) + 1.0) / (y[:, -1].sum() + 1.0))
    start[cut] = 4.0
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000, "maxfun": 2000}).x
    return Classes(found[:cut].reshape(width, classes - 1), found[cut:])


def fit_whole(unit: np.ndarray, yes: np.ndarray, n: int, ridge: float = RIDGE) -> WholeCount:
    """Maximum likelihood of a normal with emulated mean and dispersion: unit (runs, d), yes (runs,) of ``n``."""
    seen = features(unit)
    runs, width = seen.shape
    linear = 1 + unit.shape[1]

    def loss(w: np.ndarray) -> tuple[float, np.ndarray]:
        p = np.clip(expit(seen @ w[:width]), 1e-6, 1.0 - 1e-6)
        log_ratio = seen[:, :linear] @ w[width:]
        variance = np.exp(log_ratio) * n * p * (1.0 - p)
        away = yes - n * p
        scaled = away * away / variance
        value = 0.5 * (np.log(variance) + scaled)
        by_p = -away * n / variance + 0.5 * (1.0 - scaled) * (1.0 - 2.0 * p) / (p * (1.0 - p))
        by_odds = by_p * p * (1.0 - p)
        slope = np.concatenate([seen.T @ by_odds, seen[:, :linear].T @ (0.5 * (1.0 - scaled))]) / runs
        return float(value.mean()) + 0.5 * ridge * float(w @ w), slope + ridge * w

    start = np.zeros(width + linear)
    share = np.clip(yes.mean() / n, 1e-3, 1.0 - 1e-3)
    start[0] = np.log(share / (1.0 - share))
    found = minimize(loss, start, jac=True, method="L-BFGS-B", options={"maxiter": 1000, "maxfun": 2000}).x
    return WholeCount(found[:width], found[width:])


def fitted_counts(targets: Sequence[Target]) -> dict[str, np.ndarray]:
    """The counts that are fitted, by model name: all classes of a question with one answer; yes and no of each counted
    answer of a question with several. Raises `InputError` for a question that no sample stands behind.
    """
    found: dict[str, np.ndarray] = {}
    for target in targets:
        if target.question == "officials":
            raise InputError(
                "targets",
                "questions.officials.use",
                "five town halls that were chosen are no sample, so they cannot be fitted; allowed: conditioned",
                "vijf gekozen gemeenten zijn geen steekproef en kunnen niet geschat worden; toegestaan: conditioned",
            )
        if QUESTIONS[target.question].one_answer:
            answers = QUESTIONS[target.question].answers
            row = found.setdefault(target.question, np.zeros(len(answers), dtype=np.int64))
            row[answers.index(target.answer)] = target.count
        else:
            others = target.n - target.missing - target.count
            found[f"{target.question}={target.answer}"] = np.array([target.count, others])
    return found


def fit_emulator(bank: Bank, targets: TargetFile) -> Emulator:
    """Fit every question of a target file that is to be fitted. Raises `InputError` where there is none."""
    counts = fitted_counts(targets.targets("fitted"))
    if not counts:
        raise InputError(
            targets.id,
            "questions",
            "none has use: fitted; at least one is needed",
            "geen enkele heeft use: fitted; er is er ten minste een nodig",
        )
    return Emulator({name: fit_question(bank, name) for name in counts}, counts)


def fit_question(bank: Bank, name: str) -> Classes | WholeCount:
    """The model of one question, `effect` for one, or of one answer of several, `forms=covenant`."""
    counts = counts_in(bank, name)
    if name in WHOLE_COUNTS:
        return fit_whole(bank.unit, counts[:, 0], bank.supported)
    return fit_classes(bank.unit, counts)


def counts_in(bank: Bank, name: str) -> np.ndarray:
    """What a model counts in each run, (runs, classes): all answers to a question, or yes and no to one of several."""
    question, _, answer = name.partition("=")
    if not answer:
        return bank.of(question)
    yes = bank.of(question)[:, QUESTIONS[question].answers.index(answer)]
    return np.stack([yes, bank.counts[:, 0] - yes], axis=1)


def residuals(emulator: Emulator, bank: Bank) -> dict[str, np.ndarray]:
    """What the emulator leaves, as standardised counts (runs, classes) of each question with one answer: a mean of 0
    and a spread of 1 where it is right. Runs in which nobody answered are NaN.
    """
    seen = features(bank.unit)
    found = {}
    for name, model in emulator.models.items():
        counts = counts_in(bank, name)
        n, p = counts.sum(axis=1).astype(float), model.probabilities(seen)
        if isinstance(model, WholeCount):
            more = model.ratio(seen)
        else:
            total = model.concentration(seen)
            more = (n + total) / (1.0 + total)
        with np.errstate(invalid="ignore", divide="ignore"):
            found[name] = (counts - n[:, None] * p) / np.sqrt((more * n)[:, None] * p * (1.0 - p))
    return found


def log_mean(values: np.ndarray, axis: int = 0) -> np.ndarray:
    """Logarithm of a mean of exponentials, without overflow."""
    return np.asarray(logsumexp(values, axis=axis) - np.log(values.shape[axis]))
