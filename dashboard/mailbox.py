"""Hands over the latest value on a thread of its own, so that a visitor who stops reading delays nobody else."""

import logging
import threading
from collections.abc import Callable

log = logging.getLogger("samenspel.dashboard")


class Mailbox[Value]:
    """Keeps one value; a new one replaces an old one that was not delivered yet.

    deliver: called on the mailbox's own thread with each value; may block. An error in it is logged, and the next value
    is delivered all the same.
    """

    def __init__(self, deliver: Callable[[Value], None]) -> None:
        self._deliver = deliver
        self._changed = threading.Condition()
        self._waiting: list[Value] = []
        self._open = True
        threading.Thread(target=self._work, name="mailbox", daemon=True).start()

    def put(self, value: Value) -> None:
        """Leave a value for delivery; returns at once."""
        with self._changed:
            self._waiting = [value]
            self._changed.notify()

    def close(self) -> None:
        """Deliver nothing more."""
        with self._changed:
            self._open = False
            self._waiting = []
            self._changed.notify()

    def _work(self) -> None:
        while True:
            with self._changed:
                self._changed.wait_for(lambda: self._waiting or not self._open)
                if not self._open:
                    return
                value = self._waiting.pop()
            try:
                self._deliver(value)
            except Exception:
                with self._changed:
                    gone = not self._open
                log.log(logging.INFO if gone else logging.ERROR, "something could not be delivered", exc_info=True)
