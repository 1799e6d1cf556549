"""Control-C and a request to end: raised in the main thread at once, and visible to threads that are computing."""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupted(KeyboardInterrupt):
    """Somebody wants this to stop."""


class Flag(threading.Event):
    """An event that can be asked by calling it: `flag()` is True once somebody wants this to stop."""

    def __call__(self) -> bool:
        return self.is_set()


INTERRUPTION = Flag()


@contextmanager
def watching_for_interruption() -> Iterator[Flag]:
    """Set `INTERRUPTION`, and raise `Interrupted`, when a signal to stop arrives within the block."""
    INTERRUPTION.clear()
    if threading.current_thread() is not threading.main_thread():
        yield INTERRUPTION
        return

    def stop(_: int, __: FrameType | None) -> None:
        first = not INTERRUPTION.is_set()
        INTERRUPTION.set()
        if first:  # a second one must not cut off the cleaning up after the first
            raise Interrupted

    signals = [signal.SIGINT, signal.SIGTERM]
    before = [signal.signal(number, stop) for number in signals]
    try:
        yield INTERRUPTION
    finally:
        for number, handler in zip(signals, before, strict=True):
            signal.signal(number, handler)
