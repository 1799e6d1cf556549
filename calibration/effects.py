"""What policies do at many parameters: paired differences, one independent pair of worlds a point.

A pair shares its chance events between as-now and the policy (common random numbers belong in comparisons, not in a
likelihood); two points share none.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from calibration.emulator import features
from calibration.space import records_of
from sim.comparison import Parameters, Stage
from sim.engine.blocks import in_order
from sim.indicators import INDICATORS
from sim.scenario import load_scenario
from sim.world.files import load_world

AS_NOW = "as-now"
POLICIES = (
    "structural-funding",
    "regular-meetings",
    "early-engagement",
    "independent-facilitator",
    "broad-embedding",
    "concrete-agreements",
    "execution-plan-talk",
    "municipal-capacity",
    "perspective-training",
    "governor-engagement",
    "procurement-room",
    "professionalising",
)
OUTCOMES = ("structural_partnership", "active", "homes_reached")
WORLD = "projection"


@dataclass(frozen=True, eq=False)
class Effects:
    """Paired differences with as-now at the horizon, of all initiatives together.

    unit: points, shape (pairs, d). values: shape (pairs, policies, outcomes), the policy minus as-now.
    """

    unit: np.ndarray
    values: np.ndarray
    policies: tuple[str, ...]
    outcomes: tuple[str, ...]

    def of(self, policy: str, outcome: str) -> np.ndarray:
        """Differences of one policy in one outcome, shape (pairs,)."""
        found: np.ndarray = self.values[:, self.policies.index(policy), self.outcomes.index(outcome)]
        return found


def paired_effects(
    unit: np.ndarray,
    seed: int,
    *,
    policies: Sequence[str] = POLICIES,
    outcomes: Sequence[str] = OUTCOMES,
    world: str = WORLD,
    months: int | None = None,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Effects:
    """One pair of worlds at each point for every policy. Raises `InputError` for names that are not known, and
    `Cancelled`.
    """
    setting = load_world(world)
    parameters = Parameters("points", records_of(unit))
    stage = Stage(setting, setting.horizon if months is None else months, seed, parameters)
    tracks = {name: stage.track(load_scenario(name)) for name in (AS_NOW, *policies)}
    columns = [list(INDICATORS).index(name) for name in outcomes]

    def work(r: int) -> np.ndarray:
        found = stage.outcomes(tracks, r, cancelled)
        last = np.stack([found[name][0, columns, -1] for name in (AS_NOW, *policies)])
        return np.asarray(last[1:] - last[0])

    values = np.empty((len(unit), len(policies), len(columns)))
    for r, difference in enumerate(in_order(work, 0, len(unit), workers=workers, cancelled=cancelled)):
        values[r] = difference
        if progress is not None:
            progress(r + 1, len(unit))
    return Effects(np.asarray(unit), values, tuple(policies), tuple(outcomes))


@dataclass(frozen=True, eq=False)
class Surface:
    """Mean effects as functions of the parameters (quadratic), by least squares: weights (features, quantities)."""

    weights: np.ndarray
    names: tuple[str, ...]

    def __call__(self, unit: np.ndarray) -> np.ndarray:
        """Mean effects at points (…, d): (…, quantities)."""
        return np.asarray(features(unit) @ self.weights)


def surface(effects: Effects, ridge: float = 1.0) -> Surface:
    """Fit the mean effect of every policy on every outcome."""
    seen = features(effects.unit)
    values = effects.values.reshape(len(seen), -1)
    penalty = ridge * np.eye(seen.shape[1])
    penalty[0, 0] = 0.0
    weights = np.linalg.solve(seen.T @ seen + penalty, seen.T @ values)
    names = tuple(f"{policy}: {outcome}" for policy in effects.policies for outcome in effects.outcomes)
    return Surface(weights, names)
