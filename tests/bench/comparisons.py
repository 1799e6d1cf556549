"""What a person waits for: a comparison, a rough answer, an edit, a cancel."""

from __future__ import annotations

import threading
import time
from collections.abc import Callable
from typing import Any

import pytest

from sim import comparison
from sim.comparison import Cancelled, Stage, compare, load_parameters
from sim.month import advance
from sim.scenario import load_scenario, parse_scenario, scenario_data
from sim.world.files import load_world
from tests.bench.figures import Figure
from tests.bench.speed import timed

SIX = (
    "as-now",
    "structural-funding",
    "regular-meetings",
    "independent-facilitator",
    "municipal-capacity",
    "recommendations",
)


def stage_of(world: str, *, remember: bool) -> Stage:
    """A stage for the whole of a shipped world."""
    setting = load_world(world)
    return Stage(setting, setting.horizon, 1, load_parameters(), remember=remember)


def six_scenarios(replicates: int = 200, rounds: int = 2) -> list[Figure]:
    """Six scenarios on the projection, from the first month of the world's past to the last month of its horizon."""
    compare(SIX[:2], world="projection", replicates=1)
    found = [timed_both(lambda: compare(SIX, world="projection", replicates=replicates)) for _ in range(rounds)]
    what = f"{len(SIX)} scenarios × {replicates} pairs on the projection (96 months of policy), common past included"
    return [
        Figure(what, min(wall for wall, _ in found), "s", "time", 6),
        Figure("processor time of it, all threads together", min(cpu for _, cpu in found), "s", "time"),
    ]


def timed_both(work: Callable[[], object]) -> tuple[float, float]:
    """Wall seconds of a piece of work, and the seconds that processors spent on it."""
    spent = time.process_time()
    wall = timed(work)
    return wall, time.process_time() - spent


def rough_answer(replicates: int = 20, rounds: int = 5) -> list[Figure]:
    """Two scenarios, few pairs: the very first time, and another policy on a stage that remembers the common past."""
    compare(SIX[:2], world="projection", replicates=1)
    first, next_one = [], []
    for _ in range(rounds):
        stage = stage_of("projection", remember=True)
        first.append(timed(lambda stage=stage: compare(SIX[:2], stage=stage, replicates=replicates)))  # type: ignore[misc]
        next_one.append(timed(lambda stage=stage: compare(SIX[:3:2], stage=stage, replicates=replicates)))  # type: ignore[misc]
    return [
        Figure(
            f"first rough answer ({replicates} pairs, two scenarios, common past included)",
            min(first),
            "s",
            "time",
            0.5,
        ),
        Figure(
            f"rough answer to another policy ({replicates} pairs, the past and as-now remembered)",
            min(next_one),
            "s",
            "time",
            0.5,
        ),
    ]


def edited_scenario(replicates: int = 20) -> list[Figure]:
    """Months that are run again when one of six scenarios is edited, against those of its own."""
    stage = stage_of("projection", remember=True)
    scenarios = [load_scenario(name) for name in SIX]
    whole = months_run(lambda: compare(scenarios, stage=stage, replicates=replicates))
    data = scenario_data(scenarios[1])
    data["levers"][0]["intensity"] = 0.75
    scenarios[1] = parse_scenario(data, "edited")
    again = months_run(lambda: compare(scenarios, stage=stage, replicates=replicates))
    own = replicates * (stage.total - stage.fork)
    return [
        Figure("months run again after an edit, against the edited scenario's own", again / own, "times", "count", 1),
        Figure("months run again after an edit, of those of the whole comparison", 100 * again / whole, "%", "count"),
    ]


def months_run(work: Callable[[], object]) -> int:
    """Months of all worlds that a piece of work runs."""
    counted: list[int] = []

    def counting(state: Any, months: int, *room: Any) -> None:
        counted.append(months)
        advance(state, months, *room)

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(comparison, "advance", counting)
        work()
    return sum(counted)


def cancelled_run(rounds: int = 10) -> list[Figure]:
    """From a cancel to the end of the run: the longest of some, asked at different moments."""
    compare(SIX[:2], world="projection", replicates=1)
    return [
        Figure(
            f"a cancelled run stops within (longest of {rounds})",
            max(_latency(0.2 + 0.037 * k) for k in range(rounds)),
            "s",
            "time",
            0.2,
        )
    ]


def _latency(after: float) -> float:
    asked = threading.Event()
    moment = [0.0]

    def ask() -> None:
        moment[0] = time.perf_counter()
        asked.set()

    timer = threading.Timer(after, ask)
    timer.start()
    try:
        compare(SIX, world="projection", replicates=100_000, cancelled=asked.is_set)
    except Cancelled:
        return time.perf_counter() - moment[0]
    finally:
        timer.cancel()
    raise AssertionError("the run ended before it was cancelled")
