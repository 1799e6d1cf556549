"""Tasks that fail, for workers in processes of their own."""

from __future__ import annotations

import os
import time
from pathlib import Path

from sim.research.task import Done, Task, run_task


def dies_on_three(task: Task) -> Done:
    """Brings its process down on shard 3, every time."""
    if task.shard == 3:
        os.kill(os.getpid(), 9)
    return run_task(task)


def raises_on_three(task: Task) -> Done:
    """Raises an error on shard 3."""
    if task.shard == 3:
        raise ZeroDivisionError("three")
    return run_task(task)


def hangs_on_three(task: Task) -> Done:
    """Never ends on shard 3."""
    while task.shard == 3:
        time.sleep(60)
    return run_task(task)


def dies_once(task: Task) -> Done:
    """Brings its process down on shard 3, but only the first time (a file remembers)."""
    mark = Path(os.environ["SAMENSPEL_TEST_MARK"])
    if task.shard == 3 and not mark.exists():
        mark.touch()
        os.kill(os.getpid(), 9)
    return run_task(task)


def slow(task: Task) -> Done:
    """Takes its time."""
    time.sleep(0.3)
    return run_task(task)
