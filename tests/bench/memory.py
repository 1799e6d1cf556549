"""Peak memory of the comparison, in a process of its own."""

from __future__ import annotations

import subprocess
import sys

from tests.bench.comparisons import SIX
from tests.bench.figures import Figure

# The peak since the program began (VmHWM): what `getrusage` tells would include the process that started it.
PROGRAM = """
import sys
from sim.comparison import compare
compare(sys.argv[2:], world="projection", replicates=int(sys.argv[1]))
try:
    lines = open("/proc/self/status", encoding="ascii").read().splitlines()
    print(next(int(line.split()[1]) for line in lines if line.startswith("VmHWM")) / 1024)
except OSError:
    import resource
    print(resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / (1024**2 if sys.platform == "darwin" else 1024))
"""


def peak_memory(replicates: int = 200) -> list[Figure]:
    """The whole process, libraries and compiled code included, for few replicates and for all."""

    def megabytes(count: int) -> float:
        done = subprocess.run(
            [sys.executable, "-c", PROGRAM, str(count), *SIX], check=True, capture_output=True, text=True
        )
        return float(done.stdout)

    megabytes(1)  # compiles where nothing is cached: that takes memory of its own
    few, all_ = megabytes(max(1, replicates // 4)), megabytes(replicates)
    return [
        Figure(
            f"peak memory of {len(SIX)} scenarios × {replicates // 4} pairs, whole process", few, "MB", "memory", 600
        ),
        Figure(f"peak memory of {len(SIX)} scenarios × {replicates} pairs, whole process", all_, "MB", "memory", 600),
    ]
