"""The first compile, by two processes at once: `compile_rules`.

Numba compiles in one thread. Where nothing of the model is kept yet, a second process compiles half of the rules and
leaves them in the cache, where this one finds them. Whoever compiles a rule, the code is the same. Should the second
process fail, this one compiles all.
"""

from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numba
import numpy as np

from sim import month
from sim.engine.blocks import cores
from sim.engine.compiling import CACHE_FOLDER
from sim.indicators.observe import observe_groups, observe_rows
from sim.lean import load_numba
from sim.rules import contact, energy, facilitation, money, negotiation, pace, surprises, trust, work
from sim.world import accounts
from sim.world.kind import STATE

PATIENCE = 120.0  # seconds to wait for the other process when this one's own half is done
EARLY = (contact, trust, surprises, pace, negotiation)  # what an initiative does in `month.first_half`
LATE = (money, work, facilitation, energy, accounts)  # and in `month.second_half`

Piece = tuple[Any, tuple[Any, ...]]  # a compiled function and the types it is called with
_first = threading.Lock()
_seen: list[bool] = []  # not empty: this process has been here


def compile_rules() -> None:
    """Compile the rules of the month with the help of a second process, where nothing of them is kept; at once where
    they are. To be called before the first month is run; several threads may call it.
    """
    with _first:
        if not _seen:
            _seen.append(True)
            if os.access(CACHE_FOLDER, os.W_OK):
                _compile_rules()


def first_pieces() -> list[Piece]:
    """What this process compiles: the first half of an initiative's month, the beginning of a replicate, the division
    of hours, and the indicators. It begins sooner than the other process, and so has more to do.
    """
    number = numba.int64
    key = numba.typeof(np.empty(1, np.uint64))
    table = numba.typeof(np.empty((1, 1)))
    others: list[Piece] = [
        (month.first_half, (STATE, number, number)),
        (month.begin_replicate, (STATE, key)),
        (month.divide_hours, (STATE, number, number)),
        (month.give_grants, (STATE, number, number, number, number)),
        (month.open_and_stop, (STATE, number, number, number, number)),
        (observe_rows, (STATE, number, number, table)),
        (observe_groups, (table, table)),
    ]
    return [*((module.initiative, (number, STATE)) for module in EARLY), *others]


def other_pieces() -> list[Piece]:
    """What the other process compiles: the second half, people who come and go, and what is done for all town halls."""
    number = numba.int64
    others: list[Piece] = [
        (month.second_half, (STATE, number, number)),
        (month.call_roll, (STATE, number, number)),
        (month.put_roll_away, (STATE,)),
        (month.open_town_halls, (STATE, number, number)),
        (month.hear_and_ask, (STATE, number, number)),
        (month.settle_books, (STATE, number, number)),
        (month.feel_loads, (STATE,)),
    ]
    return [*((module.initiative, (number, STATE)) for module in LATE), *others]


def _keep(pieces: Iterable[Piece]) -> None:
    for function, _ in pieces:
        function.enable_caching()


def _is_kept() -> bool:
    found = {path.name.split("-")[0] for path in CACHE_FOLDER.glob("*/month.*.nbc")}
    return "month.advance" in found or {"month.first_half", "month.second_half"} <= found


def _compile_rules() -> None:
    mine = first_pieces()
    _keep([*mine, *other_pieces()])
    if _is_kept() or cores() < 2:
        return
    root = str(Path(__file__).resolve().parent.parent)
    path = os.pathsep.join([root, *filter(None, [os.environ.get("PYTHONPATH")])])
    try:
        other = subprocess.Popen(
            [sys.executable, "-P", "-m", "sim.first_compile"],
            stdin=subprocess.DEVNULL, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL,
            env={**os.environ, "PYTHONPATH": path},
        )  # fmt: skip
    except OSError:
        return
    try:
        _compile(mine)
        other.wait(PATIENCE)
    except subprocess.TimeoutExpired:
        pass
    finally:
        other.kill()  # nothing happens to one that has ended
        other.wait()


def _compile(pieces: Iterable[Piece]) -> None:
    for function, types in pieces:
        function.compile(types)


if __name__ == "__main__":
    load_numba()
    everything = other_pieces()
    _keep([*first_pieces(), *everything])
    _compile(everything)
