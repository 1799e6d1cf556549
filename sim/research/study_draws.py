"""What a study draws anew for each state of what is not known.

**posterior**: the parameters that were fitted come from the shipped fit, all others from their priors: a fit says
nothing of those. The fit held them at their medians, so the two are put together as if independent. **prior**: all
from their priors.
"""

from __future__ import annotations

from typing import Any, Literal

import numpy as np

from sim.comparison import Parameters, load_parameters
from sim.posterior import fits_this_model
from sim.research.designs import varied_parameters

Drawn = Literal["posterior", "prior"]


def usual() -> Drawn:
    """The fit, if there is one that belongs to this model; else the priors."""
    return "posterior" if fits_this_model() else "prior"


def fitted_names(rows: np.ndarray) -> tuple[str, ...]:
    """The parameters that differ between the draws of a fit."""
    return tuple(name for name in rows.dtype.names or () if len(np.unique(rows[name])) > 1)


def drawn_parameters(design: dict[str, Any]) -> Parameters | None:
    """The parameters of a design that draws from the posterior, one record a state; `None` for one that draws from
    the priors, which sees to itself. Raises `InputError` where there is no fit of this model.
    """
    if design["kind"] != "posterior":
        return None
    from calibration.reference import prior_draws

    draws = int(design["draws"])
    found = load_parameters("posterior")
    names = fitted_names(found.rows)
    rows = prior_draws(draws, int(design.get("seed", 1)), tuple(n for n in varied_parameters("all") if n not in names))
    chosen = found.rows[np.arange(draws) * len(found.rows) // draws]
    for name in names:
        rows[name] = chosen[name]
    return Parameters("posterior", rows, calibrated=True)
