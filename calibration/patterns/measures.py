"""What experiments measure: numbers read off a state or along a run, each of one replicate."""

from __future__ import annotations

from collections.abc import Callable, Iterator

import numpy as np

from calibration.patterns.experiment import Measure, Run
from sim.world.state import ACTIVE, CONTACT, LAST_PHASE, SLOTS, State

Mask = np.ndarray
EVERYONE: Callable[[State], Mask] = lambda s: s.initiatives["status"] > 0  # noqa: E731  (a name for a condition)


def contact(s: State, table: str = "ties") -> np.ndarray:
    """Each initiative's tie with its contact person (or, of the table ``former``, with the one before)."""
    return np.asarray(getattr(s, table).reshape(-1, SLOTS)[:, CONTACT])


def active(s: State) -> Mask:
    """Which initiatives are active."""
    return np.asarray(s.initiatives["status"] == ACTIVE)


def seen(s: State, *kinds: int) -> np.ndarray:
    """How often each initiative noticed these acts in the last twelve months."""
    return np.asarray(s.seen[:, :, list(kinds)].sum(axis=(0, 2)), dtype=float)


def advancement(s: State) -> np.ndarray:
    """Each initiative's phase with the part of it that is done (0-6)."""
    return np.asarray(s.initiatives["phase"] + s.initiatives["progress"])


def capability(s: State) -> np.ndarray:
    """The town hall's trust in each initiative's capability (0-1)."""
    tie = contact(s)
    return np.asarray(tie["alpha"] / (tie["alpha"] + tie["beta"]))


def mean(values: Callable[[State], np.ndarray], month: int, who: Callable[[State], Mask] = EVERYONE) -> Measure:
    """Mean of ``values(state)`` over those that ``who(state)`` points at, when ``month`` months have passed."""

    def measure(run: Run) -> float:
        s = run.until(month)
        those = who(s)
        return float(values(s)[those].mean()) if those.any() else float("nan")

    return measure


def each(values: Callable[[State], np.ndarray], month: int) -> Measure:
    """The values of all initiatives when ``month`` months have passed, for comparing twins."""
    return lambda run: values(run.until(month)).copy()


def field(name: str) -> Callable[[State], np.ndarray]:
    """A field of the initiatives."""
    return lambda s: s.initiatives[name]


def tie_field(name: str) -> Callable[[State], np.ndarray]:
    """A field of the ties with the contact person."""
    return lambda s: contact(s)[name]


def homes_share(s: State) -> np.ndarray:
    """Each initiative's homes reached as a share of those within its reach."""
    return np.asarray(s.initiatives["homes"] / s.initiatives["homes_in_reach"])


def formalised(s: State) -> np.ndarray:
    """Which initiatives ever formalised, as 0 or 1."""
    return np.asarray(s.initiatives["formalised_month"] >= 0, dtype=float)


def months(run: Run, first: int, last: int) -> Iterator[tuple[int, State]]:
    """Live month ``first`` to ``last`` (without), yielding each month and the state after it."""
    run.until(first)
    for month in range(first, last):
        yield month, run.until(month + 1)


def in_late_phases(s: State) -> Mask:
    """Those past the acquaintance, that may be asked to do paid work."""
    return np.asarray(active(s) & (s.initiatives["phase"] >= 2) & (s.initiatives["phase"] <= LAST_PHASE))
