"""Progress with the time left, on standard error, for work that takes longer than two seconds."""

from __future__ import annotations

import sys
import threading
import time
from types import TracebackType
from typing import Any, Self

SILENT_SECONDS = 2.0
SECONDS_BETWEEN_LINES = 5.0
SECONDS_BETWEEN_LOOKS = 0.2


class Progress:
    """Call it with (done, total) as the work goes on, from any thread.

    A terminal gets a bar; a file or pipe gets a line every five seconds.
    """

    def __init__(self, what: str, *, quiet: bool = False) -> None:
        self.what, self.quiet = what, quiet
        self.done, self.total = 0, 0
        self.started = time.monotonic()
        self.first_done: tuple[float, int] | None = None
        self._ended = threading.Event()
        self._thread = threading.Thread(target=self._show, name="progress", daemon=True)

    def __call__(self, done: int, total: int) -> None:
        if self.first_done is None and done > 0:
            self.first_done = (time.monotonic(), done)
        self.done, self.total = done, total

    def __enter__(self) -> Self:
        if not self.quiet:
            self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._ended.set()
        if not self.quiet:
            self._thread.join(timeout=1.0)

    def seconds_left(self) -> float | None:
        """Time left at the pace since the first sign of progress (what came before it was preparation); None
        while unknown."""
        if self.first_done is None or self.total == 0:
            return None
        since, at_first = self.first_done
        finished = self.done - at_first
        if finished <= 0:
            return None
        return (time.monotonic() - since) / finished * (self.total - self.done)

    def _show(self) -> None:
        if self._ended.wait(SILENT_SECONDS):
            return
        if sys.stderr.isatty():
            self._show_bar()
        else:
            self._show_lines()

    def _show_lines(self) -> None:
        while True:
            print(self.line(), file=sys.stderr, flush=True)
            if self._ended.wait(SECONDS_BETWEEN_LINES):
                return

    def line(self) -> str:
        """How far the work is, in words."""
        if self.total == 0 or self.done == 0:
            return f"{self.what}: preparing"
        left = self.seconds_left()
        return f"{self.what}: {self.done:,} of {self.total:,}" + ("" if left is None else f", {in_words(left)} left")

    def _show_bar(self) -> None:
        from rich.console import Console
        from rich.progress import BarColumn, MofNCompleteColumn, TextColumn
        from rich.progress import Progress as Bar

        columns: list[Any] = [
            TextColumn("{task.description}"),
            BarColumn(),
            MofNCompleteColumn(),
            TextColumn("{task.fields[left]}"),
        ]
        with Bar(*columns, console=Console(stderr=True), transient=True) as bar:
            task = bar.add_task(self.what, total=None, left="preparing")
            while not self._ended.wait(SECONDS_BETWEEN_LOOKS):
                left = self.seconds_left()
                words = "" if left is None else f"{in_words(left)} left"
                bar.update(task, total=self.total or None, completed=self.done, left=words)


def in_words(seconds: float) -> str:
    """A duration for people."""
    whole = max(1, round(seconds))
    if whole < 100:
        return f"{whole} s"
    minutes = round(seconds / 60)
    return f"{minutes} min" if minutes < 100 else f"{minutes // 60} h {minutes % 60} min"
