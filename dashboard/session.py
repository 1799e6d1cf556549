"""What one visitor's page is doing: from a choice to a rough answer to a sharp one.

Every change of the choice cancels what runs. Answers of all visitors are kept by their content, so what was computed
once is not computed again.
"""

import logging
import threading
import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from dashboard import simulation
from dashboard.language import text
from dashboard.mailbox import Mailbox
from dashboard.pool import ROUGH, SHARP, Pool, Ticket
from dashboard.state import Choice

log = logging.getLogger("samenspel.dashboard")

ROUGH_WORLDS = 20
SHARP_WORLDS = 200
KEPT = 12  # results; a few megabytes each
SECONDS_BETWEEN_NEWS = 1.0  # numbers and progress change at most this often

Phase = Literal["empty", "starting", "rough", "done", "stopped", "failed"]
Key = tuple[str, tuple[str, ...], int]


@dataclass(frozen=True)
class Standing:
    """How far the answer to a choice is.

    result: the best result so far (a `sim.comparison.Result`), of which `result.replicates` says how many worlds.
    done: share of the running stage, 0 to 1. seconds_left: a guess, or `None`. fault: a sentence when it failed.
    """

    choice: Choice
    phase: Phase
    result: Any = None
    done: float = 0.0
    seconds_left: float | None = None
    fault: str = ""


class Results:
    """The last results of everybody, by content. Safe to use from several threads."""

    def __init__(self, kept: int = KEPT) -> None:
        self._kept = kept
        self._lock = threading.Lock()
        self._results: OrderedDict[Key, Any] = OrderedDict()

    def get(self, key: Key) -> Any:
        """The result under a key, or `None`."""
        with self._lock:
            if key in self._results:
                self._results.move_to_end(key)
            return self._results.get(key)

    def put(self, key: Key, result: Any) -> None:
        """Keep a result, and forget the one that was not asked for longest when there are too many."""
        with self._lock:
            self._results[key] = result
            while len(self._results) > self._kept:
                self._results.popitem(last=False)


POOL = Pool()
RESULTS = Results()


class Session:
    """The computing behind one page.

    tell: called with each `Standing`, on a thread of its own.
    """

    def __init__(
        self,
        tell: Callable[[Standing], None],
        *,
        pool: Pool = POOL,
        results: Results = RESULTS,
        run: Callable[..., Any] = simulation.run,
    ) -> None:
        self._mailbox: Mailbox[Standing] = Mailbox(tell)
        self._pool, self._results, self._run = pool, results, run
        self._lock = threading.RLock()
        self._ticket: Ticket | None = None
        self._standing: Standing | None = None

    def choose(self, choice: Choice) -> None:
        """Cancel what runs and work towards the answer to this choice."""
        with self._lock:
            self._cancel()
            before = self._standing
            if not choice.slots:
                self._tell(Standing(choice, "empty"))
                return
            kept = None
            if before is not None and self._key(before.choice) == self._key(choice):
                if before.phase == "done":  # only the language or the pair that is looked at changed
                    self._tell(replace(before, choice=choice))
                    return
                kept = before.result
            self._tell(Standing(choice, "starting", kept))
            self._next(choice)

    def stop(self) -> None:
        """Stop computing; what is there stays."""
        with self._lock:
            self._cancel()
            if self._standing and self._standing.phase in ("starting", "rough"):
                self._tell(replace(self._standing, phase="stopped", seconds_left=None))

    def resume(self) -> None:
        """Go on after a stop or a failure."""
        with self._lock:
            if self._standing and self._standing.phase in ("stopped", "failed"):
                self._cancel()
                phase: Phase = "rough" if self._standing.result is not None else "starting"
                self._tell(replace(self._standing, phase=phase, fault="", done=0.0))
                self._next(self._standing.choice)

    def close(self) -> None:
        """The visitor left."""
        with self._lock:
            self._cancel()
            self._mailbox.close()

    @staticmethod
    def _key(choice: Choice) -> tuple[str, tuple[str, ...]]:
        return choice.world, tuple(choice.slots.values())

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _tell(self, standing: Standing) -> None:
        self._standing = standing
        self._mailbox.put(standing)

    def _next(self, choice: Choice) -> None:
        """Queue the next stage, or take it from what is kept."""
        key = self._key(choice)
        sharp = self._results.get((*key, SHARP_WORLDS))
        if sharp is not None:
            self._tell(Standing(choice, "done", sharp, 1.0))
            return
        rough = self._results.get((*key, ROUGH_WORLDS))
        if rough is None:
            self._ticket = self._pool.submit(lambda ticket: self._stage(ticket, choice, ROUGH_WORLDS), ROUGH)
        else:
            self._tell(Standing(choice, "rough", rough))
            self._ticket = self._pool.submit(lambda ticket: self._stage(ticket, choice, SHARP_WORLDS), SHARP)

    def _stage(self, ticket: Ticket, choice: Choice, worlds: int) -> None:
        """Compute one stage (on a thread of the pool) and go on with the next."""
        begun = last = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if worlds == ROUGH_WORLDS or now - last < SECONDS_BETWEEN_NEWS or not done:
                return
            last = now
            left = (now - begun) / done * (total - done)
            with self._lock:
                if not ticket.cancelled() and self._standing is not None:
                    self._tell(replace(self._standing, done=done / total, seconds_left=left))

        try:
            result = self._run(tuple(choice.slots.values()), choice.world, worlds, progress, ticket.cancelled)
        except Exception as error:
            log.exception("a comparison failed")
            with self._lock:
                if not ticket.cancelled():
                    self._tell(Standing(choice, "failed", fault=explained(error, choice.language)))
            return
        if result is None:
            return
        self._results.put((*self._key(choice), worlds), result)
        with self._lock:
            if not ticket.cancelled() and self._standing is not None:
                self._next(self._standing.choice)


def explained(error: Exception, language: str) -> str:
    """An error as a sentence for the reader: the simulation's own when the input was wrong, a general one if not."""
    sentence = getattr(error, "sentence", None)
    if callable(sentence):
        return text(language, "error.run", reason=sentence(language))
    return text(language, "error.run_unknown")
