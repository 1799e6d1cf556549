"""Many visitors at once: `python -m tests.bench.load [--sessions 50] [--seconds 600] [--waves 5]`.

A server of its own on this machine; every visitor opens the page over a websocket, in the reference world with two
policies, and moves a slider every ten seconds. All is in it but browsers. Printed for each wave: the rough answers, how
many sharp answers came before the next change, errors, and the memory of the server at the end of the wave, when
everybody has left.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import random
import re
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from tests.bench import machine
from tests.bench.visitors import Visitor

ROOT = Path(__file__).resolve().parents[2]
BETWEEN = 10.0  # seconds between two changes of one visitor
CULL = "10s"  # a visitor who left is forgotten after this long, so that a wave can be told from the next
SETTLE = 25.0  # seconds after a wave in which the server forgets
GOAL = 5.0  # seconds, for the 95th percentile of the rough answers
MOST_MEGABYTES = 1500
START = "import sys; from dashboard.server import serve; serve(port=int(sys.argv[1]), open_browser=False)"


class Server:
    """The dashboard in a process of its own. log: what it wrote."""

    def __init__(self, port: int, process: subprocess.Popen[bytes], log: Path) -> None:
        self.port, self.process, self.log = port, process, log

    def megabytes(self, what: str = "VmRSS") -> float:
        """Memory now, or the most there ever was (`VmHWM`). Linux only."""
        status = Path(f"/proc/{self.process.pid}/status").read_text(encoding="ascii")
        found = re.search(rf"{what}:\s+(\d+) kB", status)
        return int(found[1]) / 1024 if found else float("nan")

    def seconds(self) -> float:
        """Processor time until now. Linux only."""
        stat = Path(f"/proc/{self.process.pid}/stat").read_text(encoding="ascii").rpartition(")")[2].split()
        return (int(stat[11]) + int(stat[12])) / os.sysconf("SC_CLK_TCK")

    def complaints(self) -> int:
        """Lines of its log that tell of an error."""
        return len(re.findall(r"Traceback|ERROR|CRITICAL|error while|failed", self.log.read_text(encoding="utf-8")))


@contextmanager
def serving(port: int = 0, seconds: float = 300.0) -> Iterator[Server]:
    """Start the dashboard, wait until its rules are compiled, and stop it at the end. port: 0 for any that is free."""
    if not port:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
    environment = {**os.environ, "SOLARA_KERNEL_CULL_TIMEOUT": CULL}
    with tempfile.TemporaryDirectory() as folder:
        log = Path(folder) / "server.log"
        with log.open("wb") as target:
            process = subprocess.Popen(
                [sys.executable, "-c", START, str(port)], cwd=ROOT, env=environment, stdout=target, stderr=target
            )
        try:
            deadline = time.monotonic() + seconds
            while not _warm(port):
                if process.poll() is not None or time.monotonic() > deadline:
                    raise RuntimeError(f"the server did not start: {log.read_text(encoding='utf-8')}")
                time.sleep(0.2)
            yield Server(port, process, log)
        finally:
            process.terminate()
            try:
                process.wait(15)
            except subprocess.TimeoutExpired:
                process.kill()


def _warm(port: int) -> bool:
    try:
        with urllib.request.urlopen(f"http://localhost:{port}/health", timeout=2) as answer:
            return bool(json.load(answer)["warm"])
    except OSError:
        return False


@dataclass
class Wave:
    """What was seen in one wave. rough: seconds of each rough answer. sharp: how many came before the next change."""

    rough: list[float] = field(default_factory=list)
    sharp: int = 0
    errors: list[str] = field(default_factory=list)
    bytes: int = 0

    def p95(self) -> float:
        """Seconds within which 95 in 100 rough answers came."""
        return statistics.quantiles(self.rough, n=20)[-1] if len(self.rough) > 1 else float("nan")


async def wave(port: int, sessions: int, seconds: float, seed: int) -> Wave:
    """So many visitors for so long. Whoever's first page is not open yet is waited for before the time begins."""
    seen = Wave()
    opened = asyncio.Barrier(sessions)

    async def visit(number: int) -> None:
        chance = random.Random(1000 * seed + number)
        there = False
        try:
            async with Visitor(port) as visitor:
                there = True
                await opened.wait()
                stop = time.perf_counter() + seconds
                await asyncio.sleep(chance.uniform(0, BETWEEN))
                while time.perf_counter() < stop:
                    begun = time.perf_counter()
                    await visitor.move(round(chance.uniform(0.1, 24), 3))
                    seen.rough.append(await visitor.answered())
                    await asyncio.sleep(max(0.0, BETWEEN - (time.perf_counter() - begun)))
                    seen.sharp += visitor.sharp is not None
                    if visitor.fault:
                        raise RuntimeError(visitor.fault)
                seen.bytes += visitor.bytes
        except Exception as error:
            seen.errors.append(f"{type(error).__name__}: {error}")
            if not there:
                await opened.wait()  # the others need not wait for this one

    await asyncio.gather(*(visit(number) for number in range(sessions)))
    return seen


def told(number: int, sessions: int, seen: Wave, had: float, busy: float, server: Server, most: float) -> str:
    """A wave in one line."""
    return (
        f"wave {number}: {sessions} visitors, {len(seen.rough)} changes; rough answer median "
        f"{statistics.median(seen.rough or [float('nan')]):.2f} s, p95 {seen.p95():.2f} s; sharp before the next "
        f"change {seen.sharp} of {len(seen.rough)}; errors {len(seen.errors)} (in the server's log "
        f"{server.complaints()}); memory of the server at most {most:.0f} MB, after everybody left "
        f"{server.megabytes():.0f} MB; the server had {had:.2f} processors, other work {busy:.2f}; "
        f"{seen.bytes / 1e6:.0f} MB received"
    )


async def watched(server: Server, sessions: int, seconds: float, number: int) -> tuple[Wave, str]:
    """One wave with what the server took for it, and the line that tells it."""
    peak = server.megabytes()

    async def look() -> None:
        nonlocal peak
        while True:
            await asyncio.sleep(1)
            peak = max(peak, server.megabytes())

    looking = asyncio.create_task(look())
    begun, worked, (spent, idle) = time.perf_counter(), server.seconds(), machine.ticks()
    own = time.process_time()
    seen = await wave(server.port, sessions, seconds, number)
    took = time.perf_counter() - begun
    had = (server.seconds() - worked) / took
    spent_now, idle_now = machine.ticks()
    everything = (os.cpu_count() or 1) * (1 - (idle_now - idle) / max(1, spent_now - spent))
    other = max(0.0, everything - had - (time.process_time() - own) / took)
    await asyncio.sleep(SETTLE)
    looking.cancel()
    return seen, told(number, sessions, seen, had, other, server, peak)


def main() -> None:
    """Run the waves and print what was measured; the exit status is 1 when a goal was not reached."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--sessions", type=int, default=50)
    parser.add_argument("--seconds", type=float, default=600)
    parser.add_argument("--waves", type=int, default=1)
    parser.add_argument("--port", type=int, default=0)
    chosen = parser.parse_args()
    reached = True
    with serving(chosen.port) as server:
        print(f"{machine.described()}; server alone {server.megabytes():.0f} MB", flush=True)
        for number in range(1, chosen.waves + 1):
            seen, line = asyncio.run(watched(server, chosen.sessions, chosen.seconds, number))
            print(line, flush=True)
            for error in sorted(set(seen.errors)):
                print(f"  {seen.errors.count(error)}x {error}", flush=True)
            reached = reached and not seen.errors and seen.p95() < GOAL
        most = server.megabytes("VmHWM")
        print(f"most memory the server ever had: {most:.0f} MB", flush=True)
        complaints = server.log.read_text(encoding="utf-8").strip()
        print(f"the server's log:\n{complaints[-4000:]}", flush=True)
    sys.exit(0 if reached and most < MOST_MEGABYTES else 1)


if __name__ == "__main__":
    main()
