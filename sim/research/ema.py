"""A bridge for users of the EMA workbench: the model as an `ema_workbench.Model`, to be driven by its own samplers,
optimisers and analyses.

    from ema_workbench import perform_experiments
    from sim.research.ema import ema_model

    model = ema_model("packages.yaml")
    experiments, outcomes = perform_experiments(model, scenarios=100)
"""

from __future__ import annotations

import warnings
from pathlib import Path
from typing import Any

import numpy as np

from sim.research.plan import Plan, make_plan
from sim.research.task import Bench, job_of


def ema_model(plan: Plan | str | Path) -> Any:
    """The model of a sweep: its varied parameters as uncertainties, its varied levers and shocks as levers, and as
    outcomes the means over its replicates at the last month: `<indicator>` of the last scenario, and
    `<indicator>_difference` from the first. The design of the sweep is not used.
    """
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")  # parts of the workbench that are not installed
        from ema_workbench import CategoricalParameter, Model, RealParameter, ScalarOutcome

    ready = make_plan(plan) if not isinstance(plan, Plan) else plan
    bench = Bench(job_of(ready))

    def parameter(axis: Any) -> Any:
        if axis.values is not None:
            return CategoricalParameter(axis.name, list(axis.values))
        return RealParameter(axis.name, axis.low, axis.high)

    def run(**values: float) -> dict[str, float]:
        row = np.array([float(values[axis.name]) for axis in ready.axes])
        outcomes = bench.outcomes((0, 0, ready.sweep.replicates, 0, ready.sweep.seeds[0]), row)
        last = outcomes[:, :, 0, :, -1]
        found = {}
        for k, name in enumerate(ready.sweep.indicators):
            found[name] = float(np.nanmean(last[:, -1, k]))
            found[f"{name}_difference"] = float(np.nanmean(last[:, -1, k] - last[:, 0, k]))
        return found

    model = Model("samenspel", function=run)
    model.uncertainties = [parameter(axis) for axis in ready.axes if axis.target == "parameter"]
    model.levers = [parameter(axis) for axis in ready.axes if axis.target != "parameter"]
    names = [each for name in ready.sweep.indicators for each in (name, f"{name}_difference")]
    model.outcomes = [ScalarOutcome(name) for name in names]
    return model
