"""The reasons behind one page's answer: asked once the answer is sharp, kept for everybody by content, told as plain
data of `dashboard.why`.
"""

import logging
import threading
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from dashboard import outcomes, simulation, why
from dashboard.answer import label, over_years
from dashboard.language import catalogue
from dashboard.mailbox import Mailbox
from dashboard.memory import Shelf
from dashboard.pool import REASONS, ROUGH, Pool, Ticket
from dashboard.session import POOL
from dashboard.state import NOW, Choice

log = logging.getLogger("samenspel.dashboard")

Data = dict[str, Any]
Key = tuple[str, str, int, str]
WEIGHT = 4_000_000  # bytes of an explanation, about
KEPT = Shelf(12 * WEIGHT, lambda explanation: WEIGHT)


@dataclass(frozen=True)
class Part:
    """What is shown of one policy: `dashboard.why.waiting` or `shown_why`."""

    slot: str
    shown: Data


def key_of(choice: Choice, slot: str) -> Key:
    """What an explanation depends on; the name of a policy is not in it."""
    from sim.comparison import content_key

    world, town, months, _ = choice.question
    return world, town, months, content_key(simulation.scenario_of(choice, slot))


class Explaining:
    """The reasons for what one page looks at.

    tell: called with the parts to be shown, on a thread of its own.
    """

    def __init__(
        self,
        tell: Callable[[tuple[Part, ...]], None],
        *,
        pool: Pool = POOL,
        kept: Shelf = KEPT,
        explain: Callable[..., Any] = why.explanation_of,
    ) -> None:
        self._mailbox: Mailbox[tuple[Part, ...]] = Mailbox(tell)
        self._pool, self._kept, self._explain = pool, kept, explain
        self._lock = threading.RLock()
        self._choice: Choice | None = None
        self._ticket: Ticket | None = None
        self._asked: Key | None = None
        self._progress = (0, why.WORLDS)
        self._stories: dict[str, tuple[str, Any]] = {}  # by letter: the link, and its story

    def ask(self, choice: Choice) -> None:
        """Tell the reasons for what a choice looks at, and compute those that are not there yet."""
        with self._lock:
            before = self._choice
            if before is None or (before.question, before.about) != (choice.question, choice.about):
                self._stories = {}
            self._choice = choice
            self._go_on()

    def forget(self) -> None:
        """The answer is not sharp (any more): nothing is shown, and nothing runs."""
        with self._lock:
            if self._choice is not None or self._ticket is not None:
                self._choice = None
                self._cancel()
                self._mailbox.put(())

    def tell_story(self, slot: str, link: str) -> None:
        """Look for a story in which a link made the difference."""
        with self._lock:
            choice = self._choice
            if choice is None or slot not in choice.slots or f"chain.link.{link}" not in catalogue(choice.language):
                return
            explanation = self._kept.get(key_of(choice, slot))
        if explanation is None:
            return

        def work(ticket: Ticket) -> None:
            story = why.story_of(explanation, link, outcomes.main(choice))
            with self._lock:
                if self._choice is not None and self._choice.question == choice.question:
                    self._stories[slot] = (link, story)
                    self._tell()

        self._pool.submit(work, ROUGH, self)

    def close_story(self, slot: str) -> None:
        """Put a story away."""
        with self._lock:
            self._stories.pop(slot, None)
            self._tell()

    def close(self) -> None:
        """The visitor left."""
        with self._lock:
            self._choice = None
            self._cancel()
            self._mailbox.close()

    def _cancel(self) -> None:
        if self._ticket is not None:
            self._ticket.cancel()
        self._ticket, self._asked = None, None

    def _slots(self, choice: Choice) -> list[str]:
        return [slot for slot in choice.pair or () if slot != NOW]

    def _go_on(self) -> None:
        """Tell what there is, and queue the first explanation that is missing."""
        choice = self._choice
        if choice is None:
            return
        missing = next((slot for slot in self._slots(choice) if self._kept.get(key_of(choice, slot)) is None), None)
        wanted = key_of(choice, missing) if missing is not None else None
        if wanted != self._asked:
            self._cancel()
            self._progress = (0, why.WORLDS)
            if missing is not None:
                asked_slot = missing
                self._asked = wanted
                self._ticket = self._pool.submit(
                    lambda ticket: self._compute(ticket, choice, asked_slot), REASONS, self
                )
        self._tell()

    def _compute(self, ticket: Ticket, choice: Choice, slot: str) -> None:
        def progress(done: int, total: int) -> None:
            with self._lock:
                if not ticket.cancelled():
                    self._progress = (done, total)
                    if done % 10 == 0:
                        self._tell()

        try:
            explanation = self._explain(choice, slot, progress=progress, cancelled=ticket.stopped)
        except Exception:
            log.exception("an explanation failed")
            with self._lock:
                if not ticket.cancelled():
                    self._choice = None
                    self._cancel()  # so that it is tried again when somebody asks again
                    self._mailbox.put(())
            return
        if explanation is None:
            return
        self._kept.put(key_of(choice, slot), explanation)
        with self._lock:
            if not ticket.cancelled():
                self._ticket, self._asked = None, None
                self._go_on()

    def _tell(self) -> None:
        choice = self._choice
        if choice is None:
            return
        language, outcome = choice.language, outcomes.main(choice)
        parts = []
        for slot in self._slots(choice):
            explanation = self._kept.get(key_of(choice, slot))
            if explanation is None:
                parts.append(Part(slot, why.waiting(language, *self._progress, called=label(choice, slot))))
                continue
            story = None
            if slot in self._stories:
                link, found = self._stories[slot]
                story = why.shown_story(explanation, language, found, link)
            shown = why.shown_why(
                explanation, language, outcome, slot, story=story, called=label(choice, slot),
                note=over_years(choice, outcome),
            )  # fmt: skip
            parts.append(Part(slot, shown))
        self._mailbox.put(tuple(parts))


def prepare() -> None:
    """Compile what reasons need before somebody asks for them."""

    def work(ticket: Ticket) -> None:
        why.explanation_of(simulation.default_choice(), "A", replicates=1, cancelled=ticket.stopped)

    POOL.submit(work, REASONS, "prepare")


simulation.WHEN_WARM.append(prepare)
