"""One bounded pool of threads for the computing of all visitors.

Rough answers go before sharp ones, those before reasons why, and those before what is only nice to have: less urgent
work starts when nothing more urgent waits or runs, and pauses as soon as something does (`Ticket.stopped`). Among
equally urgent pieces of work the visitors take turns, so nobody waits longer because somebody else asks more.
"""

import logging
import threading
from collections import OrderedDict, deque
from collections.abc import Callable, Hashable

log = logging.getLogger("samenspel.dashboard")

ROUGH, SHARP, REASONS, FINE = 0, 1, 2, 3
CHECK = 0.05  # seconds between two looks whether a paused piece of work was cancelled


class Ticket:
    """A piece of work in the pool. The work itself asks `stopped()`, many times a second."""

    def __init__(self, pool: "Pool", priority: int) -> None:
        self._cancelled = threading.Event()
        self._pool, self._priority = pool, priority

    def cancel(self) -> None:
        """Never start it, or let it stop at its next check."""
        self._cancelled.set()

    def cancelled(self) -> bool:
        """Whether it should stop."""
        return self._cancelled.is_set()

    def stopped(self) -> bool:
        """Whether it should stop; while something more urgent waits or runs, the answer waits too."""
        while not self._cancelled.is_set() and not self._pool.calm(self._priority, CHECK):
            pass
        return self._cancelled.is_set()

    def workers(self) -> int | None:
        """How many threads of its own it should use: all there are (`None`) while nothing as urgent waits or runs.

        With more at once they would spend more time on handing over Python's lock than on computing.
        """
        return None if self._pool.alone(self._priority) else 1


type Work = Callable[[Ticket], None]


class Lane:
    """The work of one priority: visitors in the order of their turns, each with what he asked for."""

    def __init__(self) -> None:
        self.owners: OrderedDict[Hashable, deque[tuple[Ticket, Work]]] = OrderedDict()
        self.running = 0

    def waiting(self) -> int:
        """How many pieces wait, cancelled ones not counted."""
        return sum(not ticket.cancelled() for pieces in self.owners.values() for ticket, _ in pieces)

    def add(self, owner: Hashable, ticket: Ticket, work: Work) -> None:
        """At the end of what this visitor asked for."""
        self.owners.setdefault(owner, deque()).append((ticket, work))

    def take(self) -> tuple[Ticket, Work] | None:
        """The next visitor's first piece that was not cancelled; the visitor goes to the end of the line."""
        while self.owners:
            owner, pieces = self.owners.popitem(last=False)
            ticket, work = pieces.popleft()
            if pieces:
                self.owners[owner] = pieces
            if not ticket.cancelled():
                return ticket, work
        return None


class Pool:
    """`threads` threads for rough answers, as many for sharp ones (that pause for the rough), and one for each of the
    rest."""

    def __init__(self, threads: int = 2) -> None:
        self._changed = threading.Condition()
        self._lanes = {priority: Lane() for priority in (ROUGH, SHARP, REASONS, FINE)}
        for priority, count in ((ROUGH, threads), (SHARP, threads), (REASONS, 1), (FINE, 1)):
            for _ in range(count):
                threading.Thread(target=self._work, args=(priority,), name="computing", daemon=True).start()

    def submit(self, work: Work, priority: int, owner: Hashable = None) -> Ticket:
        """Queue a piece of work of a visitor (`owner`) and return its ticket at once.

        The work gets the ticket and handles its own errors.
        """
        ticket = Ticket(self, priority)
        with self._changed:
            self._lanes[priority].add(owner, ticket, work)
            self._changed.notify_all()
        return ticket

    def calm(self, priority: int, seconds: float = 0.0) -> bool:
        """Whether nothing more urgent waits or runs; looks for at most so many seconds."""
        if not self._urgent(priority):  # without the lock: asked often, and put right at the next question
            return True
        with self._changed:
            return self._changed.wait_for(lambda: not self._urgent(priority), seconds)

    def alone(self, priority: int) -> bool:
        """Whether at most one piece of this priority waits or runs."""
        with self._changed:
            lane = self._lanes[priority]
            return lane.running + lane.waiting() <= 1

    def waiting(self) -> int:
        """How many pieces of work wait for a thread."""
        with self._changed:
            return sum(lane.waiting() for lane in self._lanes.values())

    def _urgent(self, priority: int) -> bool:
        return any(lane.running or lane.owners for other, lane in self._lanes.items() if other < priority)

    def _work(self, priority: int) -> None:
        lane = self._lanes[priority]
        while True:
            with self._changed:
                self._changed.wait_for(lambda: lane.owners and not self._urgent(priority))
                taken = lane.take()
                lane.running += taken is not None
                self._changed.notify_all()
            if taken is None:
                continue
            ticket, work = taken
            try:
                work(ticket)
            except Exception:
                log.exception("work in the pool failed")
            finally:
                with self._changed:
                    lane.running -= 1
                    self._changed.notify_all()
