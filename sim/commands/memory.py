"""How much memory is to be had, so that work that cannot fit is refused before it starts."""

from __future__ import annotations

import os
import sys
from pathlib import Path


def bytes_to_be_had() -> int | None:
    """Bytes this process can still take: what the machine has free, or what is left of the process's own limit
    (`ulimit -v`) where that is less. None where it cannot be known.
    """
    known = [each for each in (_free_on_the_machine(), _left_of_the_limit()) if each is not None]
    return min(known, default=None)


def _free_on_the_machine() -> int | None:
    try:
        lines = Path("/proc/meminfo").read_text(encoding="ascii").splitlines()
        named = dict(line.split(":", 1) for line in lines)
        return int(named["MemAvailable"].split()[0]) * 1024
    except (OSError, ValueError, KeyError, IndexError):
        return None


def _left_of_the_limit() -> int | None:
    if sys.platform == "win32":
        return None
    import resource

    limit, _ = resource.getrlimit(resource.RLIMIT_AS)
    if limit == resource.RLIM_INFINITY:
        return None
    try:
        pages = int(Path("/proc/self/statm").read_text(encoding="ascii").split()[0])
    except (OSError, ValueError, IndexError):
        return limit
    return max(0, limit - pages * os.sysconf("SC_PAGE_SIZE"))
