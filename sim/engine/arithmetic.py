"""Small arithmetic that compiled rules share."""

from __future__ import annotations

import math

from sim.engine.compiling import compiled


@compiled
def share(x: float) -> float:
    """Bring a number back between 0 and 1."""
    return min(1.0, max(0.0, x))


@compiled
def logistic(x: float) -> float:
    """The logistic function, 0-1."""
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def remaining(half_life: float) -> float:
    """Share that remains after one month of a decay with this half-life (months)."""
    return 2.0 ** (-1.0 / half_life)


@compiled
def whole_part(rate: float, u: float) -> float:
    """A whole number with mean ``rate``: its floor, and one more when the uniform is below the rest (nested)."""
    whole = float(int(rate))  # rates are not negative
    return whole + (1.0 if u < rate - whole else 0.0)
