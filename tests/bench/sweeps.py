"""What a sweep adds to the runs themselves, what a second worker brings, and what a million runs take."""

from __future__ import annotations

import json
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.comparison import Stage, compare, load_parameters
from sim.engine.blocks import cores
from sim.research import plan as planning
from sim.research.conduct import Failed, conduct
from sim.research.crew import LocalCrew
from sim.research.plan import Plan, plan_of
from sim.research.reading import open_sweep
from sim.research.sweep_file import parse_sweep
from sim.research.task import Done, Task, run_task
from sim.world.files import load_world
from tests.bench.figures import Figure
from tests.bench.speed import timed

SCENARIOS = ["as-now", "structural-funding"]
HEAD: dict[str, Any] = {
    "id": "bench",
    "name": {"nl": "Meting", "en": "Measurement"},
    "description": {"nl": "Meting", "en": "Measurement"},
    "parameters": "prior-median",
    "indicators": ["homes_reached", "trust_initiative"],
    "keep": "runs",
}
# The cheapest runs there are, so that what is measured is the sweep and not the model.
TINY: dict[str, Any] = {**HEAD, "scenarios": ["as-now"], "worlds": ["my-municipality-small"], "months": 1}


def sweeps() -> list[Figure]:
    """All of it."""
    return [*overhead_and_workers(), *resuming(), *a_million_runs()]


def plan_with(**fields: Any) -> Plan:
    """The plan of a sweep."""
    return plan_of(parse_sweep(fields, "bench.yaml"), "bench.yaml")


def overhead_and_workers(pairs: int = 5000, rounds: int = 2) -> list[Figure]:
    """The same runs of the reference world as a comparison on one thread, and as a sweep with one and two workers; the
    best of some rounds, since other work only adds.
    """
    plan = plan_with(
        **HEAD, scenarios=SCENARIOS, worlds=["reference"], replicates=pairs, design={"kind": "list", "rows": [{}]}
    )
    world = load_world("reference")
    stage = Stage(world, world.horizon, 1, load_parameters("prior-median"))

    def bare() -> float:
        return timed(lambda: compare(SCENARIOS, stage=stage, replicates=pairs, workers=1))

    def swept(workers: int) -> float:
        with tempfile.TemporaryDirectory() as place:
            return timed(lambda: conduct(plan, Path(place) / "sweep", LocalCrew(workers)))

    compare(SCENARIOS, stage=stage, replicates=2)
    found = [(bare(), swept(1), swept(2) if cores() > 1 else float("nan")) for _ in range(rounds)]
    alone, one, two = (min(column) for column in zip(*found, strict=True))
    runs = f"{len(SCENARIOS) * pairs:,} runs"
    figures = [
        Figure(f"{runs} as a comparison on one thread", alone, "s", "time"),
        Figure(f"{runs} as a sweep with one worker, starting it included", one, "s", "time"),
        Figure("what the sweep adds", 100 * (one / alone - 1), "%", "time", 10),
    ]
    return figures + ([Figure("two workers as fast as one", one / two, "times", "time", 1.8, True)] * (cores() > 1))


class _Noting:
    """Does tasks in this process, and notes when the first one came."""

    workers = 1

    def __init__(self) -> None:
        self.first: float | None = None

    def work(self, tasks: Iterator[Task], cancelled: Callable[[], bool]) -> Iterator[Done | Failed]:
        for task in tasks:
            self.first = self.first or time.perf_counter()
            yield run_task(task)


def resuming(shards: int = 10_000) -> list[Figure]:
    """A folder with all its shards but a few: how long until computing goes on."""
    usual = planning.SHARD_INITIATIVE_MONTHS
    planning.SHARD_INITIATIVE_MONTHS = 1  # as many shards as there are points
    try:
        plan = plan_with(
            **TINY, replicates=1, vary=[{"parameter": "renewal_base"}],
            design={"kind": "latin_hypercube", "points": shards},
        )  # fmt: skip
        assert plan.shards == shards
        with tempfile.TemporaryDirectory() as place:
            folder = Path(place) / "sweep"
            conduct(plan, folder, _Noting())
            for path in sorted((folder / "shards").iterdir())[shards // 2 :: shards // 4]:
                path.unlink()
            (folder / "finished.json").unlink()
            crew, begun = _Noting(), time.perf_counter()
            conduct(plan, folder, crew)
        assert crew.first is not None
    finally:
        planning.SHARD_INITIATIVE_MONTHS = usual
    return [Figure(f"computing goes on, in a folder of {shards:,} shards", crew.first - begun, "s", "time", 5)]


_PEAK = """
import json, resource, sys
from pathlib import Path
from sim.research.conduct import conduct
from sim.research.crew import LocalCrew
from tests.bench.sweeps import TINY, plan_with
points, replicates, folder = int(sys.argv[1]), int(sys.argv[2]), Path(sys.argv[3])
conduct(plan_with(**TINY, replicates=replicates, vary=[{"parameter": "renewal_base"}],
        design={"kind": "latin_hypercube", "points": points}), folder, LocalCrew(2))
lines = open("/proc/self/status", encoding="ascii").read().splitlines()
mine = next(int(line.split()[1]) for line in lines if line.startswith("VmHWM"))
print(json.dumps([mine / 1024, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024]))
"""


def a_million_runs() -> list[Figure]:
    """The same tiny run ten thousand and a million times, two workers: memory, and one indicator read with DuckDB."""
    peaks, seconds = {}, {}
    with tempfile.TemporaryDirectory() as place:
        for points in (10, 1000):
            folder = Path(place) / str(points)
            begun = time.perf_counter()
            done = subprocess.run(
                [sys.executable, "-c", _PEAK, str(points), "1000", str(folder)],
                check=True,
                capture_output=True,
                text=True,
            )
            seconds[points] = time.perf_counter() - begun
            peaks[points] = json.loads(done.stdout.splitlines()[-1])
        sweep = open_sweep(Path(place) / "1000")
        query = "SELECT count(homes_reached) FROM runs WHERE month = (SELECT max(month) FROM runs)"
        assert sweep.sql(query).fetchone() == (1_000_000,)
        mean = query.replace("count", "avg")
        reading = min(timed(lambda: sweep.sql(mean).fetchone()) for _ in range(3))
    grown = max(large / small for large, small in zip(peaks[1000], peaks[10], strict=True))
    return [
        Figure("peak memory of 10,000 runs, the one in charge", peaks[10][0], "MB", "memory"),
        Figure("peak memory of 1,000,000 runs, the one in charge", peaks[1000][0], "MB", "memory"),
        Figure("peak memory of 1,000,000 runs, its largest worker", peaks[1000][1], "MB", "memory"),
        Figure("peak memory of a million against ten thousand, the worse of both", grown, "times", "ratio", 1.25),
        Figure("a million of the smallest runs", seconds[1000], "s", "time"),
        Figure("one indicator at the horizon out of a million runs, DuckDB", reading, "s", "time", 2),
    ]
