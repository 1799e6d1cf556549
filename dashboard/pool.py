"""One bounded pool of threads for the computing of all visitors: rough answers go before sharp ones."""

import heapq
import itertools
import logging
import threading
from collections.abc import Callable

log = logging.getLogger("samenspel.dashboard")

ROUGH, SHARP = 0, 1


class Ticket:
    """A piece of work in the pool; `cancelled()` is asked by the work itself, many times a second."""

    def __init__(self) -> None:
        self._cancelled = threading.Event()

    def cancel(self) -> None:
        """Never start it, or let it stop at its next check."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """Whether it should stop."""
        return self._cancelled.is_set()


class Pool:
    """Threads that take the most urgent piece of work first, and equal ones in order of arrival."""

    def __init__(self, threads: int = 2) -> None:
        self._changed = threading.Condition()
        self._heap: list[tuple[int, int, Ticket, Callable[[Ticket], None]]] = []
        self._arrival = itertools.count()
        for _ in range(threads):
            threading.Thread(target=self._work, name="computing", daemon=True).start()

    def submit(self, work: Callable[[Ticket], None], priority: int) -> Ticket:
        """Queue a piece of work and return its ticket at once. The work gets the ticket and handles its own errors."""
        ticket = Ticket()
        with self._changed:
            heapq.heappush(self._heap, (priority, next(self._arrival), ticket, work))
            self._changed.notify()
        return ticket

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._heap)
                _, _, ticket, work = heapq.heappop(self._heap)
            if ticket.cancelled():
                continue
            try:
                work(ticket)
            except Exception:
                log.exception("work in the pool failed")
