"""Workers on this machine: processes, so that a run that brings its process down brings down nothing else.

When a process dies, the tasks that were in hand are suspect, and are done again one at a time. One that brings its
process down alone, twice, is given up and named; so is one that raises an error. A task that takes far longer than
the others is taken to hang.
"""

from __future__ import annotations

import multiprocessing
import os
import signal
import threading
import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import FIRST_COMPLETED, Future, ProcessPoolExecutor, wait
from concurrent.futures.process import BrokenProcessPool
from contextlib import suppress
from typing import Any

from sim.engine.blocks import Cancelled, cores
from sim.engine.problems import InputError, one_line
from sim.lean import collect_seldom, load_numba
from sim.research.conduct import Failed
from sim.research.task import Done, Task, run_task

AHEAD = 2
TRIES_ALONE = 2
SECONDS_BETWEEN_LOOKS = 0.2
PATIENCE = 20.0
LEAST_PATIENCE_SECONDS = 600.0


def _begin_worker() -> None:
    """In a new worker: leave interruptions to the one in charge, and end with it, whatever ends it; a quick start."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS"):
        os.environ.setdefault(name, "1")
    parent = multiprocessing.parent_process()

    def watch() -> None:
        if parent is not None:
            parent.join()
            os._exit(1)

    threading.Thread(target=watch, name="watch", daemon=True).start()
    collect_seldom()
    load_numba()


class LocalCrew:
    """Worker processes on this machine (default: one a core).

    ``patience``: seconds after which a task is taken to hang; left out, twenty times the longest so far, and never
    less than ten minutes.
    """

    def __init__(
        self, workers: int | None = None, *, patience: float | None = None, run: Callable[[Task], Done] = run_task
    ) -> None:
        self.workers = workers or cores()
        self.patience = patience
        self.run = run
        self._pool: ProcessPoolExecutor | None = None
        self._longest = 0.0

    def work(self, tasks: Iterator[Task], cancelled: Callable[[], bool]) -> Iterator[Done | Failed]:
        """Do the tasks. Raises `Cancelled`, or `InputError` when workers are not fit for the work."""
        suspects: deque[Task] = deque()
        try:
            yield from self._together(tasks, suspects, cancelled)
            while suspects:
                yield self._alone(suspects.popleft(), cancelled)
        finally:
            self._end()

    # Together -------------------------------------------------------------------------------------------------------

    def _together(
        self, tasks: Iterator[Task], suspects: deque[Task], cancelled: Callable[[], bool]
    ) -> Iterator[Done | Failed]:
        waiting: dict[Future[Done], tuple[Task, float]] = {}
        more = True
        while more or waiting:
            while more and len(waiting) < self.workers * AHEAD:
                task = next(tasks, None)
                if task is None:
                    more = False
                    break
                waiting[self._start(task, suspects)] = (task, time.monotonic())
            if not waiting:
                break
            done, _ = wait(waiting, timeout=SECONDS_BETWEEN_LOOKS, return_when=FIRST_COMPLETED)
            if cancelled():
                raise Cancelled
            broken = False
            for future in done:
                task, began = waiting.pop(future)
                result = self._taken(future, task)
                if result is None:
                    suspects.append(task)
                    broken = True
                else:
                    self._longest = max(self._longest, time.monotonic() - began)
                    yield result
            if broken or self._hangs(waiting):
                suspects += [task for task, _ in waiting.values()]
                waiting.clear()
                self._end()

    def _start(self, task: Task, suspects: deque[Task]) -> Future[Done]:
        try:
            return self._workers().submit(self.run, task)
        except BrokenProcessPool:
            self._end()
            return self._workers().submit(self.run, task)

    def _hangs(self, waiting: dict[Future[Done], tuple[Task, float]]) -> bool:
        patience = self.patience or max(LEAST_PATIENCE_SECONDS, PATIENCE * self._longest)
        return any(time.monotonic() - began > patience for _, began in waiting.values())

    @staticmethod
    def _taken(future: Future[Done], task: Task) -> Done | Failed | None:
        """What a future holds; None when its process died."""
        try:
            return future.result()
        except BrokenProcessPool:
            return None
        except InputError:
            raise
        except Exception as error:
            return Failed(task.shard, f"{type(error).__name__}: {one_line(str(error))}")

    # Alone ----------------------------------------------------------------------------------------------------------

    def _alone(self, task: Task, cancelled: Callable[[], bool]) -> Done | Failed:
        why = "its process died"
        for _ in range(TRIES_ALONE):
            future = self._start(task, deque())
            began = time.monotonic()
            while not future.done():
                wait([future], timeout=SECONDS_BETWEEN_LOOKS)
                if cancelled():
                    raise Cancelled
                if self._hangs({future: (task, began)}):
                    why = "it did not end"
                    break
            result = self._taken(future, task) if future.done() else None
            if result is not None:
                return result
            self._end()
        return Failed(task.shard, f"{why} each time it was tried, also alone")

    # The processes --------------------------------------------------------------------------------------------------

    def _workers(self) -> ProcessPoolExecutor:
        if self._pool is None:
            context = multiprocessing.get_context("spawn")
            self._pool = ProcessPoolExecutor(self.workers, mp_context=context, initializer=_begin_worker)
        return self._pool

    def _end(self) -> None:
        pool, self._pool = self._pool, None
        if pool is None:
            return
        processes: dict[int, Any] = dict(getattr(pool, "_processes", None) or {})
        pool.shutdown(wait=False, cancel_futures=True)
        for process in processes.values():
            with suppress(Exception):
                process.kill()
        for process in processes.values():
            with suppress(Exception):
                process.join(timeout=5)
