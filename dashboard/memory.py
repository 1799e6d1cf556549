"""What was computed once is kept for everybody, by its content, within a bound on the bytes.

A `Shelf` is one bounded store; what was not asked for longest goes first. A `Drawer` is the part of a shelf that
belongs to one stage (world, months, seed, parameters and model), in the form that `sim.comparison.Stage` takes.
"""

import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Iterator, MutableMapping
from typing import Any

import numpy as np


def weight(value: Any) -> int:
    """Bytes of the arrays in a value: an array, or tuples of them, or an object that holds them."""
    if isinstance(value, np.ndarray):
        return value.nbytes
    if isinstance(value, tuple | list):
        return sum(weight(part) for part in value)
    held = getattr(value, "__dict__", None)
    return sum(each.nbytes for each in held.values() if isinstance(each, np.ndarray)) if held else 0


class Shelf:
    """At most `limit` bytes of values by key. Safe to use from several threads.

    weigh: tells the bytes of a value. A value that is heavier than the shelf is not kept.
    """

    def __init__(self, limit: int, weigh: Callable[[Any], int] = weight) -> None:
        self.limit, self._weigh = limit, weigh
        self._lock = threading.Lock()
        self._values: OrderedDict[Hashable, tuple[Any, int]] = OrderedDict()
        self._bytes = 0

    @property
    def bytes(self) -> int:
        """How much is kept."""
        with self._lock:
            return self._bytes

    def get(self, key: Hashable) -> Any:
        """The value under a key, or `None`; it counts as asked for."""
        with self._lock:
            if key not in self._values:
                return None
            self._values.move_to_end(key)
            return self._values[key][0]

    def put(self, key: Hashable, value: Any) -> None:
        """Keep a value, and forget what was not asked for longest until everything fits."""
        heavy = self._weigh(value)
        with self._lock:
            self._drop(key)
            if heavy > self.limit:
                return
            self._values[key] = (value, heavy)
            self._bytes += heavy
            while self._bytes > self.limit:
                self._drop(next(iter(self._values)))

    def drop(self, key: Hashable) -> None:
        """Forget a value, if it is there."""
        with self._lock:
            self._drop(key)

    def listed(self) -> list[Hashable]:
        """All keys, the one that was not asked for longest first."""
        with self._lock:
            return list(self._values)

    def _drop(self, key: Hashable) -> None:
        if key in self._values:
            self._bytes -= self._values.pop(key)[1]


class Drawer(MutableMapping[tuple[str, int], Any]):
    """What one stage keeps on a shelf: (what a scenario does, replicate) -> outcomes.

    stage: what tells the stage from others. replicates: only the first so many are kept; later ones are computed at
    leisure and looked at once.
    """

    def __init__(self, shelf: Shelf, stage: Hashable, replicates: int) -> None:
        self._shelf, self._stage, self._replicates = shelf, stage, replicates

    def get(self, key: tuple[str, int], default: Any = None) -> Any:
        """The value under a key in one look: another thread may forget it at any moment."""
        found = self._shelf.get((self._stage, key)) if key[1] < self._replicates else None
        return default if found is None else found

    def __getitem__(self, key: tuple[str, int]) -> Any:
        found = self.get(key)
        if found is None:
            raise KeyError(key)
        return found

    def __setitem__(self, key: tuple[str, int], value: Any) -> None:
        if key[1] < self._replicates:
            self._shelf.put((self._stage, key), value)

    def __delitem__(self, key: tuple[str, int]) -> None:
        self._shelf.drop((self._stage, key))

    def __iter__(self) -> Iterator[tuple[str, int]]:
        mine = (each for each in self._shelf.listed() if isinstance(each, tuple) and each[0] == self._stage)
        return iter([each[1] for each in mine])

    def __len__(self) -> int:
        return sum(1 for _ in self)
