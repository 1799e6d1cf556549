"""What a sweep costs, reckoned before it starts: a few runs are timed here, on one core."""

from __future__ import annotations

import time

from sim.research.plan import Plan
from sim.research.task import Bench, job_of

CORE_HOURS_WITHOUT_CONSENT = 24.0
PAIRS_TIMED = 2


def seconds_a_run(plan: Plan) -> float:
    """Processor seconds that one run of one scenario takes at the first points, in the slowest world."""
    bench = Bench(job_of(plan))
    slowest = 0.0
    for world in range(len(plan.worlds)):
        values = plan.setting(0)[2]
        row = (0, 0, 1, world, plan.sweep.seeds[0])
        bench.outcomes(row, values)  # compiled code is fetched
        began = time.thread_time()
        for replicate in range(PAIRS_TIMED):
            bench.outcomes((0, replicate, replicate + 1, world, plan.sweep.seeds[0]), values)
        slowest = max(slowest, (time.thread_time() - began) / PAIRS_TIMED / len(plan.scenarios))
    return slowest


def core_hours(plan: Plan) -> float:
    """Core hours that the whole sweep takes at this machine's speed."""
    return seconds_a_run(plan) * plan.runs / 3600


def consent_needed(plan: Plan) -> float | None:
    """Core hours, when they are so many that a person should agree; else None. Small sweeps are not timed at all."""
    if plan.runs * plan.effort < 10_000_000_000:
        return None
    hours = core_hours(plan)
    return hours if hours > CORE_HOURS_WITHOUT_CONSENT else None
