"""Samenspel: how residents' initiatives and municipalities collaborate, simulated.

    import sim

    result = sim.compare(["as-now", "structural-funding"], replicates=200, seed=1)
    model = sim.CollaborationModel(scenario="structural-funding", rng=1)

What is heavy is imported when it is first asked for.
"""

from __future__ import annotations

import importlib
import os
from typing import TYPE_CHECKING, Any

if os.environ.get("SAMENSPEL_MECHANISM"):  # a researcher's own mechanism: from here on, the copy that holds it
    from sim.mechanism.start import enter

    enter()

if TYPE_CHECKING:
    from sim.comparison import compare
    from sim.model import CollaborationModel
    from sim.scenario import load_scenario
    from sim.world.files import load_world

__all__ = ["CollaborationModel", "compare", "load_scenario", "load_world"]

_WHERE = {
    "CollaborationModel": "sim.model",
    "compare": "sim.comparison",
    "load_scenario": "sim.scenario",
    "load_world": "sim.world.files",
}


def __getattr__(name: str) -> Any:
    """Import one of the names above."""
    if name not in _WHERE:
        raise AttributeError(f"module 'sim' has no attribute {name!r}")
    return getattr(importlib.import_module(_WHERE[name]), name)


def __dir__() -> list[str]:
    return sorted({*globals(), *__all__})
