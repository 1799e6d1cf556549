"""A fit and what fresh worlds gave for it, as ArviZ groups for one's own plots and diagnostics."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import numpy as np

from calibration.predictive import SEED, Predictive
from calibration.prior_predictive import with_orders
from calibration.space import prior_points, values_of
from calibration.targets import TargetFile
from sim.evidence.parameters import CALIBRATED
from sim.posterior import SHIPPED, read_values


def inference_data(
    folder: str | Path = SHIPPED,
    found: Predictive | None = None,
    targets: TargetFile | None = None,
    *,
    prior_draws: int = 2000,
    seed: int = SEED,
) -> Any:
    """An ArviZ DataTree of a fit on disk: ``posterior`` and ``prior`` (one chain each: draws in the parameters' own
    units; the chains of a fit that was just made are in `calibration.sampling.inference_data`), and, where the result
    of `calibration.predictive.predictive` and its targets are given, ``posterior_predictive`` and ``observed_data``
    (counts, a variable a target). Raises `InputError` where the fit cannot be read.
    """
    import arviz

    names, values = read_values(Path(folder))
    drawn = values_of(prior_points(prior_draws, seed))
    groups: dict[str, dict[str, np.ndarray]] = {
        "posterior": {name: values[None, :, names.index(name)] for name in CALIBRATED},
        "prior": {name: drawn[None, :, k] for k, name in enumerate(CALIBRATED)},
    }
    if found is not None and targets is not None:
        column = {t.name: k for k, t in enumerate(with_orders(targets))} | {"heat_gone": found.counts.shape[1] - 1}
        groups["posterior_predictive"] = {row.name: found.counts[None, :, column[row.name]] for row in found.rows}
        groups["observed_data"] = {row.name: np.array(row.observed) for row in found.rows}
    return arviz.from_dict(groups)
