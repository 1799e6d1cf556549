"""What one visitor's page is doing: from a choice to a rough answer, to a sharp one, to a finer one.

Every change of the choice cancels what runs. Answers of all visitors are kept by their content, so what was computed
once is not computed again. The finer answer is only worked at while nobody waits for anything else.
"""

import logging
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass, replace
from typing import Any, Literal

from dashboard import precomputed, simulation
from dashboard.language import text
from dashboard.mailbox import Mailbox
from dashboard.memory import Shelf
from dashboard.naming import with_worlds_named
from dashboard.pool import FINE, ROUGH, SHARP, Pool, Ticket
from dashboard.state import NOW, Choice, Question

log = logging.getLogger("samenspel.dashboard")

ROUGH_WORLDS = 20
SHARP_WORLDS = 200
FINE_WORLDS = 500
PRIORITY = {ROUGH_WORLDS: ROUGH, SHARP_WORLDS: SHARP, FINE_WORLDS: FINE}
KEPT_BYTES = 100_000_000  # of results; one to ten megabytes each
SECONDS_BETWEEN_NEWS = 1.0  # numbers and progress change at most this often

Phase = Literal["empty", "starting", "rough", "done", "stopped", "failed"]
Key = tuple[Question, int]


@dataclass(frozen=True)
class Standing:
    """How far the answer to a choice is. When it is `done`, a finer result may still follow.

    result: the best result so far (a `sim.comparison.Result`), of which `result.replicates` says how many worlds.
    done: share of the running stage, 0 to 1. seconds_left: a guess, or `None`. fault: a sentence when it failed.
    """

    choice: Choice
    phase: Phase
    result: Any = None
    done: float = 0.0
    seconds_left: float | None = None
    fault: str = ""


POOL = Pool()
RESULTS = Shelf(KEPT_BYTES)


class Session:
    """The computing behind one page.

    tell: called with each `Standing`, on a thread of its own.
    """

    def __init__(
        self,
        tell: Callable[[Standing], None],
        *,
        pool: Pool = POOL,
        results: Shelf = RESULTS,
        run: Callable[..., Any] = simulation.run,
        label: Callable[[Any, Choice], Any] = simulation.labelled,
    ) -> None:
        self._mailbox: Mailbox[Standing] = Mailbox(tell)
        self._pool, self._results, self._run, self._label = pool, results, run, label
        self._lock = threading.RLock()
        self._ticket: Ticket | None = None
        self._standing: Standing | None = None

    def choose(self, choice: Choice) -> None:
        """Cancel what runs and work towards the answer to this choice."""
        with self._lock:
            before = self._standing
            same = before is not None and before.choice.question == choice.question
            if before is not None and same and before.phase == "done":
                # Only the language, a name or the pair that is looked at changed.
                self._tell(replace(before, choice=choice, result=self._label(before.result, choice)))
                return
            self._cancel()
            if not choice.slots:
                self._tell(Standing(choice, "empty"))
                return
            kept = before.result if before is not None and same else None
            self._tell(Standing(choice, "starting", None if kept is None else self._label(kept, choice)))
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
        """The visitor left: nothing runs for him any more, and what only his page held is free."""
        with self._lock:
            self._cancel()
            self._mailbox.close()
            self._standing = None

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
            self._ticket = None

    def _tell(self, standing: Standing) -> None:
        self._standing = standing
        self._mailbox.put(standing)

    def _next(self, choice: Choice) -> None:
        """Tell the best answer that is kept, and queue the stage after it."""
        best = known(choice, self._results)
        if best is not None:
            self._tell(Standing(choice, "done", self._label(best, choice), 1.0))
            if best.replicates < FINE_WORLDS and not self._pool.waiting():
                self._queue(choice, FINE_WORLDS)
            return
        rough = self._results.get((choice.question, ROUGH_WORLDS))
        if rough is not None:
            self._tell(Standing(choice, "rough", self._label(rough, choice)))
        self._queue(choice, ROUGH_WORLDS if rough is None else SHARP_WORLDS)

    def _queue(self, choice: Choice, worlds: int) -> None:
        self._ticket = self._pool.submit(lambda ticket: self._stage(ticket, choice, worlds), PRIORITY[worlds], self)

    def _stage(self, ticket: Ticket, choice: Choice, worlds: int) -> None:
        """Compute one stage (on a thread of the pool) and go on with the next."""
        begun = last = time.monotonic()

        def progress(done: int, total: int) -> None:
            nonlocal last
            now = time.monotonic()
            if worlds != SHARP_WORLDS or now - last < SECONDS_BETWEEN_NEWS or not done:
                return
            last = now
            left = (now - begun) / done * (total - done)
            with self._lock:
                if not ticket.cancelled() and self._standing is not None:
                    self._tell(replace(self._standing, done=done / total, seconds_left=left))

        try:
            result = self._run(choice, worlds, progress, ticket.stopped, ticket.workers())
        except Exception as error:
            log.log(logging.DEBUG if ticket.cancelled() else logging.ERROR, "a comparison failed", exc_info=True)
            with self._lock:
                if not ticket.cancelled() and worlds != FINE_WORLDS:
                    self._tell(Standing(choice, "failed", fault=explained(error, choice.language)))
            return
        if result is None:
            return
        self._results.put((choice.question, worlds), result)
        with self._lock:
            if not ticket.cancelled() and self._standing is not None:
                self._next(self._standing.choice)


def explained(error: Exception, language: str) -> str:
    """An error as a sentence for the reader: the simulation's own when the input was wrong, a general one if not."""
    sentence = getattr(error, "sentence", None)
    if callable(sentence):
        return text(language, "error.run", reason=with_worlds_named(sentence(language), language))
    return text(language, "error.run_unknown")


def known(choice: Choice, results: Shelf = RESULTS) -> Any:
    """The finest answer that is kept, or that was computed before and lies on disk; `None` when there is none. It may
    still carry other names (`simulation.labelled`).
    """
    for worlds in (FINE_WORLDS, SHARP_WORLDS):
        found = results.get((choice.question, worlds))
        if found is not None:
            return found
    if choice.question != simulation.default_choice().question:
        return None
    shipped = precomputed.load(_key_on_disk(choice))
    if shipped is not None:
        results.put((choice.question, SHARP_WORLDS), shipped)
    return shipped


def at_once(choice: Choice) -> Standing:
    """What can be shown of a choice before anything is computed: an answer that is known, or that it is starting."""
    if not choice.slots:
        return Standing(choice, "empty")
    result = known(choice)
    if result is None:
        return Standing(choice, "starting")
    return Standing(choice, "done", simulation.labelled(result, choice), 1.0)


def prepare() -> None:
    """Have the answer ready that a visitor who asks for nothing in particular is shown, now and at the next start; and
    the past and going on as now, so that the first policy that is changed runs only its own months.
    """

    def work(ticket: Ticket) -> None:
        choice = simulation.default_choice()
        if known(choice) is not None:
            simulation.run(choice, ROUGH_WORLDS, None, ticket.stopped)
            return
        result = simulation.run(choice, SHARP_WORLDS, None, ticket.stopped)
        if result is not None:
            RESULTS.put((choice.question, SHARP_WORLDS), result)
            precomputed.keep(_key_on_disk(choice), result)

    POOL.submit(work, SHARP, "prepare")


def _key_on_disk(choice: Choice) -> str:
    scenarios = [simulation.scenario_of(choice, slot) for slot in (NOW, *choice.slots)]
    world, parameters = simulation.setting(choice), simulation.parameters()
    return precomputed.key_of(scenarios, world, SHARP_WORLDS, seed=simulation.SEED, parameters=parameters)


simulation.WHEN_WARM.append(prepare)
