"""Where a scenario first touches the chain: links before that need not be freed to know that they change nothing."""

from __future__ import annotations

import inspect
import re
import sys
from collections.abc import Sequence

import numpy as np

from sim.month import STEPS
from sim.schedule import Segment
from sim.why.links import FEELS, PARTS


def set_differently(ours: Sequence[Segment], theirs: Sequence[Segment], first: int) -> set[str]:
    """The levers, shocks, costs and parameters that two lists of segments set differently in any month from ``first``
    on.
    """
    found: set[str] = set()
    for one in ours:
        for other in theirs:
            if max(one.month_from, other.month_from, first) >= min(one.month_to_exclusive, other.month_to_exclusive):
                continue
            for name in ("on_initiative", "on_municipality", "on_post"):
                mine, yours = getattr(one, name), getattr(other, name)
                found |= {field for field in mine.dtype.names if not np.array_equal(mine[field], yours[field])}
            every = {*one.parameters, *other.parameters}
            found |= {name for name in every if one.parameters.get(name) != other.parameters.get(name)}
    return found


def first_part(names: set[str]) -> int:
    """The number (in `PARTS`) of the first part that can feel one of these levers, shocks, costs or parameters.

    A step feels what the source of its rule mentions; what no step mentions may be felt anywhere.
    """
    earliest = len(PARTS)
    for name in names:
        feeling = [PARTS.index(FEELS[step.name, step.owner]) for step in STEPS if _mentions(step.row, name)]
        earliest = min(earliest, min(feeling, default=0))
    return earliest


def _mentions(rule: object, name: str) -> bool:
    function = getattr(rule, "py_func", rule)
    source = inspect.getsource(sys.modules[function.__module__])
    return re.search(rf"\.{re.escape(name.split('__')[0])}(__\w+)?\b", source) is not None
