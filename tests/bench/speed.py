"""The ensemble against plain Mesa, and two threads against one."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable

from sim.comparison import Stage, compare, load_parameters
from sim.engine.blocks import cores
from sim.world.files import load_world
from tests.bench.figures import Figure
from tests.bench.pure_mesa import run


def against_pure_mesa(rounds: int = 5, replicates: int = 40) -> list[Figure]:
    """CPU time of a run of the reference world (36 months, indicators of every month and group), both ways in turn."""
    world = load_world("reference")
    stage = Stage(world, world.horizon, 1, load_parameters())
    tracks = {"as-now": stage.trunk}
    stage.outcomes(tracks, 0)
    plain, compiled = [], []
    for k in range(rounds):
        start = time.thread_time()
        run(stage.start, world.horizon, segments=stage.trunk.segments, seed=k)
        middle = time.thread_time()
        for replicate in range(replicates):
            stage.outcomes(tracks, replicate)
        plain.append(middle - start)
        compiled.append((time.thread_time() - middle) / replicates)
    return [
        Figure("a run in plain Mesa, CPU", 1000 * statistics.median(plain), "ms", "time"),
        Figure("a run in the ensemble, CPU, one thread", 1000 * statistics.median(compiled), "ms", "time"),
        Figure(
            "ensemble as fast as plain Mesa",
            statistics.median(plain) / statistics.median(compiled),
            "times",
            "ratio",
            25,
            True,
        ),
    ]


def two_threads(rounds: int = 5, replicates: int = 60) -> list[Figure]:
    """Wall time of a comparison on one thread and on two, in turn; the best of each, since other work only adds."""
    if cores() < 2:
        return []
    world = load_world("projection")
    stage = Stage(world, world.horizon, 1, load_parameters())

    def seconds(workers: int) -> float:
        return timed(
            lambda: compare(["as-now", "structural-funding"], stage=stage, replicates=replicates, workers=workers)
        )

    seconds(2)
    found = [(seconds(1), seconds(2)) for _ in range(rounds)]
    ratio = min(one for one, _ in found) / min(two for _, two in found)
    return [Figure("two threads as fast as one", ratio, "times", "time", 1.8, True)]


def timed(work: Callable[[], object]) -> float:
    """Wall seconds of a piece of work."""
    start = time.perf_counter()
    work()
    return time.perf_counter() - start
