"""Many visitors at once: `python -m tests.bench.load [--sessions 50] [--seconds 600] [--waves 5]`.

Every visitor moves a slider every ten seconds, in the reference world, with two policies. The pages are drawn, but not
sent: there is no browser and no websocket in it. Printed for each wave: the 95th percentile of the rough answer, how
many sharp answers came before the next change, and the memory of the process.
"""

from __future__ import annotations

import argparse
import random
import statistics
import threading
import time
from pathlib import Path

from dashboard import simulation
from dashboard.allocator import give_memory_back
from dashboard.session import RESULTS
from dashboard.state import Choice
from tests.bench.page import Visitor

BETWEEN = 10.0  # seconds between two changes of one visitor
START = Choice("reference", (("A", "regular-meetings"), ("B", "structural-funding")))


def memory() -> float:
    """Megabytes of this process now (Linux)."""
    with Path("/proc/self/status").open(encoding="ascii") as lines:
        return next(int(line.split()[1]) for line in lines if line.startswith("VmRSS")) / 1024


def wave(sessions: int, seconds: float, seed: int) -> tuple[list[float], int, int]:
    """One wave: rough answers in seconds, how many sharp ones there were, and how many changes."""
    stop = time.perf_counter() + seconds
    rough: list[float] = []
    counted = {"sharp": 0, "changes": 0}
    lock = threading.Lock()

    def visit(number: int) -> None:
        chance = random.Random(1000 * seed + number)
        visitor = Visitor(START)
        time.sleep(chance.uniform(0, BETWEEN))
        while time.perf_counter() < stop:
            begun = time.perf_counter()
            visitor.move(round(chance.uniform(0.1, 24), 3))
            first = visitor.wait("rough")
            time.sleep(max(0.0, BETWEEN - (time.perf_counter() - begun)))
            with lock:
                rough.append(first)
                counted["changes"] += 1
                counted["sharp"] += visitor.sharp is not None
        visitor.session.close()

    threads = [threading.Thread(target=visit, args=(number,)) for number in range(sessions)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return rough, counted["sharp"], counted["changes"]


def main() -> None:
    """Run the waves and print what was measured."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--waves", type=int, default=1)
    chosen = parser.parse_args()
    give_memory_back()  # as the server does
    simulation.warm_up().join()
    for number in range(1, chosen.waves + 1):
        begun, worked = time.perf_counter(), time.process_time()
        rough, sharp, changes = wave(chosen.sessions, chosen.seconds, number)
        had = (time.process_time() - worked) / (time.perf_counter() - begun)
        p95 = statistics.quantiles(rough, n=20)[-1] if len(rough) > 1 else float("nan")
        print(
            f"wave {number}: {chosen.sessions} visitors, {changes} changes; rough answer median "
            f"{statistics.median(rough):.2f} s, p95 {p95:.2f} s; sharp before the next change {sharp} of {changes}; "
            f"{had:.2f} processors were had; memory {memory():.0f} MB (kept: outcomes "
            f"{simulation.SHELF.bytes / 1e6:.0f}, results {RESULTS.bytes / 1e6:.0f})",
            flush=True,
        )


if __name__ == "__main__":
    main()
