"""The calibrated parameters as a unit cube: each coordinate is the probability of its value under its prior.

All priors are uniform or loguniform, so the prior is uniform on the cube, and fits in different units are alike.
Elsewhere *unit* means an array of shape (…, len(names)) with values in (0, 1).
"""

from __future__ import annotations

import math

import numpy as np

from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED, PARAMETERS, Parameter, record, record_dtype


def check_priors(parameters: dict[str, Parameter] | None = None, names: tuple[str, ...] = CALIBRATED) -> None:
    """Refuse a calibrated parameter whose prior is no distribution. Raises `InputError` naming its file and field."""
    known = PARAMETERS if parameters is None else parameters
    for name in names:
        parameter = known[name]
        law, file = parameter.prior, f"sim/evidence/{parameter.process}.yaml"
        if law.distribution not in ("uniform", "loguniform"):
            raise InputError(
                file,
                f"{name}.prior",
                f"'{law.distribution}' leaves nothing to fit; a calibrated parameter needs uniform or loguniform",
                f"'{law.distribution}' laat niets te schatten over; nodig: uniform of loguniform",
            )
        lowest = 0.0 if law.distribution == "loguniform" else -math.inf
        if not (math.isfinite(law.low) and math.isfinite(law.high) and lowest < law.low < law.high):
            above = " above 0" if lowest == 0.0 else ""
            boven = " boven 0" if lowest == 0.0 else ""
            raise InputError(
                file,
                f"{name}.prior",
                f"[{law.low:g}, {law.high:g}] is no range; allowed: two finite numbers{above}, the lower first",
                f"[{law.low:g}, {law.high:g}] is geen bereik; toegestaan: "
                f"twee eindige getallen{boven}, het laagste eerst",
            )


def values_of(unit: np.ndarray, names: tuple[str, ...] = CALIBRATED) -> np.ndarray:
    """Values in their own units of points of the cube, of the same shape."""
    columns = [PARAMETERS[name].prior.quantile(unit[..., k]) for k, name in enumerate(names)]
    return np.stack(columns, axis=-1)


def unit_of(values: np.ndarray, names: tuple[str, ...] = CALIBRATED) -> np.ndarray:
    """Points of the cube of values in their own units, of the same shape."""
    columns = []
    for k, name in enumerate(names):
        law, x = PARAMETERS[name].prior, values[..., k]
        if law.distribution == "loguniform":
            columns.append(np.log(x / law.low) / math.log(law.high / law.low))
        else:
            columns.append((x - law.low) / (law.high - law.low))
    return np.stack(columns, axis=-1)


def records_of(unit: np.ndarray, names: tuple[str, ...] = CALIBRATED) -> np.ndarray:
    """Parameter records, shape (points,), of points of shape (points, len(names)); the others at their medians."""
    return records_with(values_of(unit, names), names)


def records_with(values: np.ndarray, names: tuple[str, ...] = CALIBRATED) -> np.ndarray:
    """Parameter records, shape (points,), of values in their own units; the others at their medians."""
    found = np.zeros(len(values), record_dtype())
    found[:] = record()
    for k, name in enumerate(names):
        found[name] = values[:, k]
    return found


def prior_points(number: int, seed: int, names: tuple[str, ...] = CALIBRATED) -> np.ndarray:
    """Independent points from the prior; the first ones are the same however many are asked for."""
    return np.random.default_rng(seed).random((number, len(names)))
