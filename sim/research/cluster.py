"""Workers of a Dask cluster, on this machine or many.

Workers may come and go while the work lasts, and jobs that wait in a queue for hours cost nothing: how many there are
is asked again and again, and a task's time counts only while a worker has it. A worker that dies has its task done by
another one. A task on which workers keep dying is tried again alone, when all else is done, and then given up and
named. A worker that hangs is restarted. When the scheduler goes, we connect again for some minutes and hand out anew
what was in hand; when it stays away, what was done is in the folder.
"""

from __future__ import annotations

import time
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import CancelledError
from contextlib import suppress
from typing import Any

from sim.engine.blocks import Cancelled, cores
from sim.engine.problems import InputError, one_line
from sim.research.conduct import Failed
from sim.research.task import Done, Task, run_task

AHEAD = 3
SECONDS_TO_CONNECT = 10.0
SECONDS_TO_COME_BACK = 180.0
SECONDS_BETWEEN_LOOKS = 0.25
SECONDS_BETWEEN_COUNTS = 2.0
LEAST_PATIENCE_SECONDS = 600.0
PATIENCE = 20.0
LOOKS_WHILE_PATIENT = 10
TRIES_ALONE = 2
MOST_LOSSES = 20


class _Lost(Exception):
    """The scheduler cannot be reached any more."""


def timed(run: Callable[[Task], Done], task: Task) -> tuple[Done, float]:
    """What a task gives, and the seconds that took."""
    began = time.monotonic()
    return run(task), time.monotonic() - began


class DaskCrew:
    """A Dask cluster at an address (``tcp://node:8786``), or ``local``: one on this machine."""

    def __init__(
        self,
        address: str,
        workers: int | None = None,
        *,
        title: str = "samenspel sweep",
        patience: float | None = None,
        come_back: float = SECONDS_TO_COME_BACK,
        run: Callable[[Task], Done] = run_task,
    ) -> None:
        self.address, self.title, self.patience, self.come_back, self.run = address, title, patience, come_back, run
        self.workers = workers or cores()
        self._cluster: Any = None
        self._client: Any = None
        self._longest = 0.0
        self._losses = 0
        self._counted = self._looked = 0.0
        self._since: dict[tuple[str, str], float] = {}
        if address != "local":
            self._client = self._connected(SECONDS_TO_CONNECT)
            with suppress(_Lost):
                self.workers = self._count()

    # Connecting -----------------------------------------------------------------------------------------------------

    def _connected(self, seconds: float) -> Any:
        from distributed import Client
        from distributed.comm.addressing import get_address_host_port

        try:
            get_address_host_port(self.address, strict=True)  # a client of no address at all takes long to end
            return Client(self.address, timeout=seconds, set_as_default=False)
        except (OSError, TimeoutError, ValueError) as error:
            reason = one_line(str(error)) or type(error).__name__
            raise InputError(
                self.title, "--scheduler",
                f"there is no Dask scheduler at {one_line(self.address)} ({reason}); start one, or leave this out",
                f"op {one_line(self.address)} is geen Dask-scheduler te vinden; start er een, of laat dit weg",
            ) from None  # fmt: skip

    def _begin(self) -> None:
        if self.address == "local" and self._cluster is None:
            import dask
            from distributed import LocalCluster

            dask.config.set({"distributed.worker.multiprocessing-method": "spawn"})
            self._cluster = LocalCluster(
                n_workers=self.workers, threads_per_worker=1, processes=True, dashboard_address=None, silence_logs=50
            )
        if self._client is None:
            from distributed import Client

            self._client = (
                Client(self._cluster, set_as_default=False)
                if self._cluster is not None
                else self._connected(SECONDS_TO_CONNECT)
            )

    def _again(self, cancelled: Callable[[], bool]) -> None:
        """Connect again to a scheduler that went away. Raises `InputError` when it does not come back or is no use."""
        self._losses += 1
        if self._losses > MOST_LOSSES:
            raise InputError(
                self.title, "--scheduler",
                f"{one_line(self.address)} was lost {MOST_LOSSES} times without a task done in between; see its log",
                f"{one_line(self.address)} viel {MOST_LOSSES} keer weg zonder dat er iets af kwam; zie het logboek",
            )  # fmt: skip
        with suppress(Exception):
            self._client.close(timeout=1)
        self._client = None
        began = time.monotonic()
        while True:
            if cancelled():
                raise Cancelled
            try:
                self._begin()
                return
            except InputError:
                if time.monotonic() - began > self.come_back:
                    raise InputError(
                        self.title, "--scheduler",
                        f"{one_line(self.address)} went away and did not come back; what was done is kept: start a "
                        "scheduler and give the same command again",
                        f"{one_line(self.address)} viel weg en kwam niet terug; wat klaar is blijft: start een "
                        "scheduler en geef dezelfde opdracht nog eens",
                    ) from None  # fmt: skip
                time.sleep(1)

    def _end(self) -> None:
        for each in (self._client, self._cluster):
            if each is not None:
                with suppress(Exception):
                    each.close(timeout=5)
        self._client = self._cluster = None

    # Working --------------------------------------------------------------------------------------------------------

    def work(self, tasks: Iterator[Task], cancelled: Callable[[], bool]) -> Iterator[Done | Failed]:
        """Do the tasks. Raises `Cancelled`, or `InputError` when the scheduler stays away or a worker is not fit."""
        suspects: deque[Task] = deque()
        again: deque[Task] = deque()
        try:
            self._begin()
            yield from self._round(tasks, again, suspects, cancelled, alone=False)
            tries = dict.fromkeys((task.shard for task in suspects), 0)
            while suspects:
                task = suspects.popleft()
                before = len(suspects)
                yield from self._round(iter([task]), deque(), suspects, cancelled, alone=True)
                if len(suspects) > before:
                    tries[task.shard] += 1
                    if tries[task.shard] >= TRIES_ALONE:
                        suspects.remove(task)
                        yield Failed(task.shard, "its worker died or did not end each time it was tried, also alone")
        finally:
            self._end()

    def _round(
        self,
        tasks: Iterator[Task],
        again: deque[Task],
        suspects: deque[Task],
        cancelled: Callable[[], bool],
        *,
        alone: bool,
    ) -> Iterator[Done | Failed]:
        waiting: dict[Any, Task] = {}
        more = True
        while more or again or waiting:
            try:
                while len(waiting) < (1 if alone else self._room()):
                    task = again.popleft() if again else next(tasks, None)
                    if task is None:
                        more = False
                        break
                    again.appendleft(task)
                    future = self._handed_out(task)
                    again.popleft()
                    waiting[future] = task
                if not waiting:
                    continue
                if cancelled():
                    raise Cancelled
                self._wait(waiting)
                for future in [each for each in waiting if each.done()]:
                    task = waiting[future]
                    result = self._taken(future, task)
                    del waiting[future]
                    future.release()
                    if result is None:
                        suspects.append(task)
                    else:
                        self._losses = 0
                        yield result
                self._restart_those_that_hang(waiting, suspects)
            except _Lost:
                again.extend(waiting.values())
                waiting.clear()
                self._again(cancelled)

    def _count(self) -> int:
        """Threads of the workers that are there now. Raises `_Lost`."""
        self._counted = time.monotonic()
        try:
            return sum(self._client.nthreads().values())
        except Exception as error:
            raise _Lost from error

    def _room(self) -> int:
        """How many tasks may be out at once."""
        if time.monotonic() - self._counted > SECONDS_BETWEEN_COUNTS:
            self.workers = self._count()
        return max(1, self.workers) * AHEAD

    def _handed_out(self, task: Task) -> Any:
        try:
            key = f"samenspel-{task.job.identity}-{task.shard}-{time.monotonic_ns()}"
            return self._client.submit(timed, self.run, task, key=key, pure=False)
        except Exception as error:
            raise _Lost from error

    def _wait(self, waiting: dict[Any, Task]) -> None:
        from distributed import wait

        if self._client.status != "running":
            raise _Lost
        try:
            with self._client.as_current():
                wait(list(waiting), timeout=SECONDS_BETWEEN_LOOKS, return_when="FIRST_COMPLETED")
        except TimeoutError:
            return
        except (OSError, RuntimeError, CancelledError) as error:
            raise _Lost from error

    def _taken(self, future: Any, task: Task) -> Done | Failed | None:
        """What a future holds; None when workers died on it. Raises `_Lost`, or `InputError` of an unfit worker."""
        from distributed import KilledWorker

        if future.status == "cancelled" or future.status == "lost":
            raise _Lost
        try:
            result, seconds = future.result(timeout=60)
            self._longest = max(self._longest, seconds)
            return result
        except KilledWorker:
            return None
        except InputError:
            raise
        except (CancelledError, OSError, TimeoutError) as error:
            raise _Lost from error
        except Exception as error:
            if type(error).__name__.endswith("CancelledError"):
                raise _Lost from error
            return Failed(task.shard, f"{type(error).__name__}: {one_line(str(error))}")

    def _restart_those_that_hang(self, waiting: dict[Any, Task], suspects: deque[Task]) -> None:
        """Restart the worker that has had a task for too long; the task is suspect from then on.

        Tasks that no worker has yet may wait for as long as it takes: workers are jobs in the queue of a cluster.
        """
        patience, now = self.patience or max(LEAST_PATIENCE_SECONDS, PATIENCE * self._longest), time.monotonic()
        if now - self._looked < patience / LOOKS_WHILE_PATIENT:
            return
        self._looked = now
        try:
            at_work = self._client.processing()
        except Exception as error:
            raise _Lost from error
        places = {str(key): address for address, keys in at_work.items() for key in keys}
        self._since = {place: self._since.get(place, now) for place in places.items()}
        hung = set()
        for future, task in list(waiting.items()):
            address = places.get(str(future.key))
            if address is not None and now - self._since[str(future.key), address] > patience:
                hung.add(address)
                suspects.append(task)
                del waiting[future]
                with suppress(Exception):
                    self._client.cancel([future], force=True)
        if hung:
            self._since = {place: since for place, since in self._since.items() if place[1] not in hung}
            with suppress(Exception):
                self._client.restart_workers(list(hung), timeout=30)
