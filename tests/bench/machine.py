"""The machine in general terms, and whether it is quiet."""

from __future__ import annotations

import importlib.metadata
import os
import platform
import time

from sim.engine.blocks import cores

PACKAGES = ("numba", "numpy", "mesa")
BUSY = 0.25  # share of a core taken by others above which times are not judged


def described() -> str:
    """Cores, system and versions; no names."""
    versions = ", ".join(f"{name} {importlib.metadata.version(name)}" for name in PACKAGES)
    count = f"{cores()} core{'' if cores() == 1 else 's'}"
    return f"{count}, {platform.system()} on {platform.machine()}, Python {platform.python_version()}, {versions}"


def busy_cores(seconds: float = 1.0) -> float:
    """Cores that others keep busy at the moment (this process sleeps meanwhile); NaN where the system does not tell."""
    try:
        first = ticks()
        time.sleep(seconds)
        last = ticks()
    except OSError:
        return float("nan")
    spent, idle = last[0] - first[0], last[1] - first[1]
    return (os.cpu_count() or 1) * (1.0 - idle / spent) if spent else 0.0


def quiet() -> bool:
    """Whether the machine has nothing else to do, so that a time is the time of what was measured."""
    return busy_cores() < BUSY


def ticks() -> tuple[int, int]:
    """Clock ticks of all cores since the machine started: all, and the idle ones. Raises `OSError` but on Linux."""
    with open("/proc/stat", encoding="ascii") as file:  # noqa: PTH123  (a file of the kernel)
        counts = [int(each) for each in file.readline().split()[1:9]]
    return sum(counts), counts[3] + counts[4]
