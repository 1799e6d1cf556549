"""Memory that was freed goes back to the system."""

import platform
import subprocess
import sys

import pytest

HELD = """
import sys, threading
from pathlib import Path

import numpy as np

from dashboard.allocator import give_memory_back


def resident():
    return int(Path("/proc/self/statm").read_text().split()[1]) * 4096


if sys.argv[1] == "given":
    assert give_memory_back()


def work(kept):
    large = [np.ones(4_000_000 // 8) for _ in range(10)]  # 40 MB a thread, freed when it ends
    kept.append(np.ones(1000))


kept = []
work(kept)  # libraries are loaded
before = resident()
for turn in range(3):
    threads = [threading.Thread(target=work, args=(kept,)) for _ in range(6)]
    [each.start() for each in threads]
    [each.join() for each in threads]
print((resident() - before) // 1_000_000)
"""


@pytest.mark.skipif(platform.libc_ver()[0] != "glibc", reason="only glibc is asked")
def test_what_threads_freed_is_not_held():
    def held(how: str) -> int:
        done = subprocess.run([sys.executable, "-c", HELD, how], capture_output=True, text=True, check=True)
        return int(done.stdout)

    assert held("given") < 20
