"""How much of the spread between worlds is luck, and how much comes from not knowing the parameters.

The law of total variance parts the variance of the paired differences D into that of their mean given the parameters,
Var(E[D | parameters]), *not knowing*: research can make it smaller; and what remains within the same parameters,
E[Var(D | parameters)], *luck*: nobody can. Two estimators, by how the draws of the parameters lie over the worlds:

- **repeated**: each draw was used in several worlds. One-way random-effects analysis of variance, unbiased whatever the
  form of the dependence (Searle, Casella and McCulloch, *Variance Components*, 1992, chapter 3).
- **one each**: each world has its own draw. Then only what is linear in the parameters can be told from luck, so the
  share of not knowing is a lower bound. With few parameters the adjusted R² of a regression on them; with many, the
  moment estimator of Dicker (*Biometrika* 2014, 101, 269-284) after whitening the parameters with all draws there are.

On the reference world with structural funding, parameters drawn from their priors and 200 worlds, the share of not
knowing in the difference in homes reached came out as .39 ± .10 (100 draws, twice each) and .41 ± .06 (one each), where
600 worlds gave .53 ± .04; for the trust of initiatives .74, .58 and .75. So draws that come back are worth having.

With one draw for all worlds (parameters that are fixed) not knowing is not in the spread at all: there is no answer.
"""

from dataclasses import dataclass
from functools import lru_cache
from typing import Literal

import numpy as np
from numpy.typing import NDArray

Method = Literal["repeated", "one each"]
FEWEST_WORLDS = 50
FEW = 0.25  # so many parameters a world still leave a regression room
ENOUGH = 4  # draws a parameter that whitening needs
BLOCKS = 20  # of the jackknife
UNCERTAIN = 0.15  # a standard error above this says too little for a sentence
HARDLY, NEARLY = 0.1, 0.9  # shares below and above these are called nothing and everything
# The only sizes that a share is ever given, in words and in drawings alike.
SIZES = {
    "tenth": 1 / 10,
    "fifth": 1 / 5,
    "quarter": 1 / 4,
    "third": 1 / 3,
    "half": 1 / 2,
    "two_thirds": 2 / 3,
    "three_quarters": 3 / 4,
}

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Parting:
    """Shares of the spread, from 0 to 1, that add up to 1; `error` is the standard error of either.

    method: `one each` makes `unknown` a lower bound.
    """

    luck: float
    unknown: float
    error: float
    method: Method

    @property
    def telling(self) -> bool:
        """Whether it is certain enough to be put in words."""
        return self.error <= UNCERTAIN

    @property
    def least(self) -> bool:
        """Whether the share of not knowing is at least so much, instead of about so much."""
        return self.method == "one each"

    @property
    def reading(self) -> str:
        """How the share of not knowing is read, everywhere: `luck` (nearly all is luck), `unknown` (nearly nothing is),
        or a size of `SIZES`: the nearest, or, where the share is a lower bound, the largest that it reaches.
        """
        if self.unknown < HARDLY:
            return "luck"
        if self.unknown > NEARLY:
            return "unknown"
        if self.least:
            return max((name for name in SIZES if SIZES[name] <= self.unknown), key=SIZES.__getitem__)
        return min(SIZES, key=lambda name: abs(SIZES[name] - self.unknown))

    @property
    def drawn(self) -> float:
        """The share of not knowing as it is read, from 0 to 1."""
        return {"luck": 0.0, "unknown": 1.0, **SIZES}[self.reading]


def parted(differences: NDArray[np.floating], rows: NDArray) -> Parting | None:
    """Part the spread of paired differences, of which world r used parameter row r modulo their number.

    differences: one a world, in the order of the worlds; NaN is left out. rows: records of numbers, or an array of
    shape (draws, parameters). `None` when there is one draw, no spread, or too few worlds to say anything.
    """
    values = np.asarray(differences, dtype=np.float64)
    parameters = varying(rows)
    draws = len(parameters)
    if draws < 2 or parameters.shape[1] == 0:
        return None
    draw = np.arange(len(values)) % draws
    measured = ~np.isnan(values)
    values, draw = values[measured], draw[measured]
    if len(values) < FEWEST_WORLDS or values.std() == 0:
        return None
    sizes = np.bincount(draw)
    method: Method = "repeated" if sizes[sizes > 0].mean() >= 2 else "one each"
    whitened = None if method == "repeated" else white_once(parameters.tobytes(), parameters.shape)

    def share(kept: NDArray[np.bool_]) -> float:
        if whitened is None:
            return share_between(values[kept], draw[kept])
        return share_linear(values[kept], whitened[draw[kept]], draws)

    whole = share(np.ones(len(values), dtype=bool))
    if np.isnan(whole):
        return None
    # Blocks of draws, not of worlds: worlds with the same draw belong together.
    block = draw % BLOCKS
    without = np.array([share(block != each) for each in range(BLOCKS)])
    error = float(np.sqrt((BLOCKS - 1) * without.var()))
    unknown = float(np.clip(whole, 0, 1))
    return Parting(1 - unknown, unknown, error, method)


def varying(rows: NDArray) -> Floats:
    """The parameters that differ between draws, as an array of shape (draws, parameters)."""
    names = rows.dtype.names
    table = np.column_stack([rows[name] for name in names]) if names else np.asarray(rows)
    table = np.atleast_2d(table.astype(np.float64))
    return table[:, table.max(axis=0) > table.min(axis=0)]


def share_between(values: Floats, draw: NDArray[np.integer]) -> float:
    """Share of the variance that lies between groups of equal draw (not cut off at zero, so that it is unbiased)."""
    _, group, sizes = np.unique(draw, return_inverse=True, return_counts=True)
    count, groups = len(values), len(sizes)
    means = np.bincount(group, values) / sizes
    within = float(((values - means[group]) ** 2).sum()) / (count - groups)
    between = float((sizes * (means - values.mean()) ** 2).sum()) / (groups - 1)
    typical = (count - (sizes**2).sum() / count) / (groups - 1)
    component = (between - within) / typical
    total = component + within
    return component / total if total > 0 else float("nan")


@lru_cache(maxsize=4)
def white_once(values: bytes, shape: tuple[int, int]) -> Floats:
    """`white` of the same parameters, reckoned once for all visitors: it takes longer than all else of a parting."""
    return white(np.frombuffer(values).reshape(shape))


def white(parameters: Floats) -> Floats:
    """Uncorrelated parameters of variance 1 that hold the same draws; directions without variance are left out."""
    standard = (parameters - parameters.mean(axis=0)) / parameters.std(axis=0)
    left, sizes, _ = np.linalg.svd(standard, full_matrices=False)
    kept = sizes > 1e-6 * sizes[0]
    return left[:, kept] * np.sqrt(len(standard))


def share_linear(values: Floats, whitened: Floats, draws: int) -> float:
    """Share of the variance that is linear in the parameters; NaN when there are too few draws to whiten them.

    values and whitened belong to the same worlds; draws: how many draws the whitening rests on.
    """
    count, width = whitened.shape
    if width <= FEW * count:
        design = np.column_stack([np.ones(count), whitened])
        fitted = design @ np.linalg.lstsq(design, values, rcond=None)[0]
        unexplained = float(((values - fitted) ** 2).sum() / ((values - values.mean()) ** 2).sum())
        return 1 - unexplained * (count - 1) / (count - width - 1)
    if draws < ENOUGH * width:
        return float("nan")
    centred = values - values.mean()
    length, seen = float(centred @ centred), float(((whitened.T @ centred) ** 2).sum())
    return (seen - width * length) / (count * (count + 1)) / (length / count)
