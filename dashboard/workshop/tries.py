"""Wrong codes are counted by the address they come from, so that nobody finds a room by trying all codes."""

from __future__ import annotations

import threading
import time
from collections import deque
from collections.abc import Callable

MOST_WRONG, SECONDS = 60, 60.0  # a room whose phones share one address may mistype; all codes would take hours
MOST_ADDRESSES = 1000


class Tries:
    """The wrong codes of the last minute. ``clock``: seconds, never going back."""

    def __init__(self, clock: Callable[[], float] = time.monotonic) -> None:
        self._clock = clock
        self._lock = threading.Lock()
        self._wrong: dict[str, deque[float]] = {}

    def wrong(self, address: str) -> None:
        """A wrong code came from this address."""
        with self._lock:
            times = self._wrong.pop(address, deque(maxlen=MOST_WRONG))
            times.append(self._clock())
            self._wrong[address] = times  # the one that tried last stands last
            if len(self._wrong) > MOST_ADDRESSES:
                del self._wrong[next(iter(self._wrong))]

    def too_many(self, address: str) -> bool:
        """Whether so many came from it within a minute that it has to wait, also with a right code."""
        with self._lock:
            times = self._wrong.get(address)
            return times is not None and len(times) == MOST_WRONG and self._clock() - times[0] < SECONDS
