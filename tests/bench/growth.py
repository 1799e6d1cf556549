"""What an initiative-month costs in ever larger worlds."""

from __future__ import annotations

import time

from sim.comparison import Stage, load_parameters
from sim.world.files import NationalWorld, load_world
from tests.bench.figures import Figure

FACTORS = (1, 10, 100)
ROUNDS = 5


def larger(factor: int) -> NationalWorld:
    """The reference world with so many times the initiatives, municipalities and facilitators."""
    world = load_world("reference")
    assert isinstance(world, NationalWorld)
    classes = {
        name: each.model_copy(update={"municipalities": each.municipalities * factor})
        for name in ("small", "medium", "large")
        for each in [getattr(world.size_classes, name)]
    }
    return world.model_copy(
        update={
            "initiatives": world.initiatives.model_copy(update={"supported": world.initiatives.supported * factor}),
            "size_classes": world.size_classes.model_copy(update=classes),
            "facilitators": world.facilitators.model_copy(update={"number": world.facilitators.number * factor}),
        }
    )


def cost_as_worlds_grow(factors: tuple[int, ...] = FACTORS, rounds: int = ROUNDS) -> list[Figure]:
    """CPU microseconds an initiative and month of a run of 36 months; the best of some, the worlds in turn."""
    stages = [Stage(larger(factor), 36, 1, load_parameters()) for factor in factors]
    best = [float("inf")] * len(stages)
    for round_ in range(rounds):
        for k, (stage, factor) in enumerate(zip(stages, factors, strict=True)):
            runs = max(1, max(factors) // factor // 4)
            stage.outcomes({"as-now": stage.trunk}, round_)
            start = time.thread_time()
            for replicate in range(runs):
                stage.outcomes({"as-now": stage.trunk}, replicate)
            best[k] = min(best[k], (time.thread_time() - start) / runs / (len(stage.start.initiatives) * 36))
    costs = [
        Figure(
            f"an initiative-month in a world of {len(stage.start.initiatives):,} initiatives, CPU",
            1e6 * cost,
            "µs",
            "time",
        )
        for stage, cost in zip(stages, best, strict=True)
    ]
    return [
        *costs,
        Figure("cost an initiative-month, largest world against smallest", best[-1] / best[0], "times", "ratio", 1.3),
    ]
