"""How much smaller common random numbers make the variance of a paired difference. Run as a program it prints JSON, so
that a changed copy of the rules can be measured in a process of its own (`couplings.py`).

Against independent seeds: the difference of two independent runs has the sum of the two variances, and these are known
from the same runs.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Mapping, Sequence

import numpy as np

from sim.comparison import Stage, load_parameters
from sim.engine.blocks import in_order
from sim.evidence.parameters import PARAMETERS
from sim.indicators import INDICATORS
from sim.levers import LEVERS
from sim.scenario import Scenario, load_scenario, parse_scenario
from sim.world.files import load_world

LEAVING = ("official_leaving_rate", "alderman_leaving_rate")


def levers() -> dict[str, Scenario]:
    """Each lever alone, at its default intensity and options, for everybody."""
    return {name: _scenario({"levers": [{"lever": name}]}) for name in LEVERS}


def less_leaving(factor: float = 0.9) -> dict[str, Scenario]:
    """Officials and aldermen leave a little less often."""
    return {"leaving 10% lower": _scenario({"parameters": {name: factor * PARAMETERS[name].value for name in LEAVING}})}


def _scenario(what: Mapping[str, object]) -> Scenario:
    name = {"nl": "meting", "en": "measurement"}
    return parse_scenario({"id": "measurement", "name": name, "description": name, **what}, "measurement")


def variance_ratios(
    scenarios: Mapping[str, Scenario], world: str, replicates: int, workers: int | None = None
) -> dict[str, dict[str, float]]:
    """For each scenario and indicator: variance of the difference of independent runs over that of pairs, last month.

    Infinite where the scenario leaves an indicator as it is in every pair. At the medians of the priors: draws of what
    is not known, the same for both of a pair, would make the saving look larger than that of the luck they share.
    """
    setting = load_world(world)
    stage = Stage(setting, setting.horizon, 1, load_parameters("prior-median"))
    tracks = {
        "as-now": stage.track(load_scenario("as-now")),
        **{key: stage.track(each) for key, each in scenarios.items()},
    }

    def work(replicate: int) -> np.ndarray:
        found = stage.outcomes(tracks, replicate)
        return np.stack([found[key][0, :, -1] for key in tracks])

    runs = np.stack(list(in_order(work, 0, replicates, workers=workers)))  # (replicates, scenarios, indicators)
    now = runs[:, 0]
    return {key: _ratios(runs[:, k], now) for k, key in enumerate(tracks) if key != "as-now"}


def _ratios(with_policy: np.ndarray, now: np.ndarray) -> dict[str, float]:
    independent = with_policy.var(axis=0, ddof=1) + now.var(axis=0, ddof=1)
    paired = (with_policy - now).var(axis=0, ddof=1)
    ratios = np.divide(independent, paired, out=np.full_like(paired, np.inf), where=paired > 0.0)
    return {name: float(ratios[k]) for k, name in enumerate(INDICATORS)}


def main(words: Sequence[str]) -> None:
    """``paired.py WORLD REPLICATES``: the ratios when people leave a little less often."""
    world, replicates = words
    print(json.dumps(variance_ratios(less_leaving(), world, int(replicates))))


if __name__ == "__main__":
    main(sys.argv[1:])
