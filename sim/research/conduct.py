"""Seeing a sweep through: what is still to be done goes to a crew, and what comes back is put in the folder.

Shards that are missing are done first, while those that are there are checked; so computing starts at once, however
many there are. The folder that comes out does not depend on the crew, or on how often the work was interrupted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Protocol

from sim.engine.blocks import Cancelled
from sim.research.folder import SweepFolder, opened
from sim.research.plan import Plan
from sim.research.task import Done, Task, job_of, task_of


@dataclass(frozen=True)
class Failed:
    """A shard that could not be done, also when it was tried alone and again; why, in words."""

    shard: int
    why: str


class Crew(Protocol):
    """Workers: takes tasks as it can use them, and gives what comes of them, in any order."""

    workers: int

    def work(self, tasks: Iterator[Task], cancelled: Callable[[], bool]) -> Iterator[Done | Failed]:
        """Do the tasks."""


@dataclass(frozen=True)
class Outcome:
    """What a sweep came to: the word written at its end, and how many shards were done now."""

    folder: Path
    document: dict[str, Any]
    done_now: int

    @property
    def failed(self) -> list[dict[str, Any]]:
        """The shards that could not be done."""
        found: list[dict[str, Any]] = self.document["failed"]
        return found


def conduct(
    plan: Plan,
    target: str | Path,
    crew: Crew,
    *,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] = lambda: False,
    task: Callable[[Plan, Any, int], Task] = task_of,
) -> Outcome:
    """Run a sweep in a folder, from where it is. Raises `InputError`, or `Cancelled`."""
    job = job_of(plan)
    with opened(target, plan) as folder:
        there = len(folder.found)
        folder.note(what="begins", workers=crew.workers, shards=plan.shards, there=there)
        before = folder.unfinish()
        state = _State(folder, there)

        def tell() -> None:
            if progress is not None:
                progress(state.sound, plan.shards)

        tell()
        failed: dict[int, str] = {}
        done_now = 0
        for result in crew.work((task(plan, job, shard) for shard in state.to_do()), cancelled):
            if isinstance(result, Failed):
                failed[result.shard] = result.why
            else:
                folder.put(result)
                done_now += 1
                state.sound += 1
            tell()
            if cancelled():
                raise Cancelled
        document = folder.finish(failed, before)
        folder.note(what="finished", done_now=done_now, failed=len(failed))
        return Outcome(Path(target), document, done_now)


@dataclass
class _State:
    """How far a folder is: `sound` counts the shards that are there (checked or not yet)."""

    folder: SweepFolder
    sound: int

    def to_do(self) -> Iterator[int]:
        """Shards to be done: those that are missing, then those that prove not to be sound."""
        there = sorted(self.folder.found)
        missing = set(range(self.folder.plan.shards)) - set(there)
        yield from sorted(missing)
        for shard in there:
            if not self.folder.is_sound(shard):
                self.sound -= 1
                yield shard
