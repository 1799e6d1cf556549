"""Replicates over threads: results come back in order, whatever the number of threads.

Compiled rules release Python's lock, so plain threads keep all cores busy; no threading layer of numba is involved
(its work queue ends the process when two threads enter it, and a web server does that).
"""

from __future__ import annotations

import os
from collections import deque
from collections.abc import Callable, Iterator
from concurrent.futures import Future, ThreadPoolExecutor

AHEAD = 3  # pieces a thread that may wait to be taken up


class Cancelled(Exception):
    """The caller asked to stop."""


def cores() -> int:
    """Number of processors this process may use."""
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def in_order[T](
    work: Callable[[int], T],
    first: int,
    last: int,
    *,
    workers: int | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Iterator[T]:
    """Yield ``work(k)`` for k = first … last - 1 in that order, computed by ``workers`` threads (default: one a core).

    At most a few results a thread wait at any time, so memory does not grow with their number. One worker is the thread
    that asks. Raises `Cancelled` as soon as ``cancelled()`` is true.
    """
    threads = max(1, min(workers or cores(), last - first))
    if threads == 1:
        for k in range(first, last):
            if cancelled is not None and cancelled():
                raise Cancelled
            yield work(k)
        return
    pool = ThreadPoolExecutor(threads, thread_name_prefix="replicates")
    waiting: deque[Future[T]] = deque()
    following = first
    try:
        while waiting or following < last:
            while following < last and len(waiting) < threads * AHEAD:
                waiting.append(pool.submit(work, following))
                following += 1
            if cancelled is not None and cancelled():
                raise Cancelled
            yield waiting.popleft().result()
    finally:
        for future in waiting:
            future.cancel()
        pool.shutdown(wait=True)
