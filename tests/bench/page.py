"""From moving a slider to the rough and the sharp answer, drawn: the page without the browser."""

from __future__ import annotations

import statistics
import threading
import time

from dashboard import builder, simulation
from dashboard.allocator import give_memory_back
from dashboard.answer import answer
from dashboard.session import SHARP_WORLDS, Session, Standing
from dashboard.state import Choice

ROUNDS = 20


class Visitor:
    """One page: a session, and when each answer to its last change was drawn (seconds after the change)."""

    def __init__(self, choice: Choice) -> None:
        self.choice = choice
        self._changed = threading.Condition()
        self._begun = 0.0
        self.rough: float | None = None
        self.sharp: float | None = None
        self.failed = ""
        self.session = Session(self._tell)

    def _tell(self, standing: Standing) -> None:
        answer(standing)
        with self._changed:
            if standing.choice.question != self.choice.question:
                return
            took = time.perf_counter() - self._begun
            if standing.result is not None and self.rough is None:
                self.rough = took
            if standing.phase == "done" and standing.result.replicates >= SHARP_WORLDS and self.sharp is None:
                self.sharp = took
            self.failed = self.failed or standing.fault
            self._changed.notify_all()

    def move(self, level: float, slot: str = "A") -> None:
        """Move the slider of regular meetings."""
        made = builder.edited(self.choice, slot, "lever/regular_meetings", f"={level}").made
        assert made is not None
        with self._changed:
            self.choice = self.choice.with_own(slot, made)
            self.rough = self.sharp = None
            self._begun = time.perf_counter()
        self.session.choose(self.choice)

    def wait(self, what: str, seconds: float = 120.0) -> float:
        """Seconds from the last change to its `rough` or `sharp` answer."""
        with self._changed:
            if not self._changed.wait_for(lambda: getattr(self, what) is not None, seconds):
                raise TimeoutError(f"no {what} answer within {seconds} seconds {self.failed}")
            return float(getattr(self, what))


def slider(world: str = "reference", rounds: int = ROUNDS) -> tuple[list[float], list[float]]:
    """Seconds to the rough and to the sharp answer of one visitor with two policies, a slider moved `rounds` times."""
    visitor = Visitor(Choice(world, (("A", "regular-meetings"), ("B", "structural-funding"))))
    visitor.session.choose(visitor.choice)
    rough, sharp = [], []
    for turn in range(rounds + 1):
        visitor.move(1 + (turn * 7 % 22) + 0.01 * turn)
        first, second = visitor.wait("rough"), visitor.wait("sharp")
        if turn:  # the first fills the memory
            rough.append(first)
            sharp.append(second)
    visitor.session.close()
    return rough, sharp


def main() -> None:
    """Print the medians."""
    give_memory_back()  # as the server does
    simulation.warm_up().join()
    for world in ("reference", "projection"):
        rough, sharp = slider(world, ROUNDS if world == "reference" else 5)
        print(
            f"{world}: slider to rough answer {statistics.median(rough):.2f} s (longest {max(rough):.2f}), "
            f"to sharp answer {statistics.median(sharp):.2f} s (longest {max(sharp):.2f}), median of {len(rough)}; "
            f"kept {simulation.SHELF.bytes / 1e6:.0f} MB"
        )


if __name__ == "__main__":
    main()
