"""How long the command line takes to help, to give a first answer after installing, and to give a later one."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench.figures import Figure
from tests.bench.speed import timed

COMMAND = str(Path(sys.executable).with_name("samenspel"))
ANSWER = ("compare", "as-now", "structural-funding", "--replicates", "20", "--quiet")


def starting(rounds: int = 5) -> list[Figure]:
    """Wall seconds of whole processes; the best of some, but the first run, which there is only once."""
    with tempfile.TemporaryDirectory() as cache:
        environment = {**os.environ, "SAMENSPEL_CACHE": cache}
        environment.pop("NUMBA_CACHE_DIR", None)  # set by the process that measures, and its cache is filled

        def run(*words: str) -> None:
            subprocess.run([COMMAND, *words], check=True, capture_output=True, env=environment)

        run("--help")
        helped = min(timed(lambda: run("--help")) for _ in range(rounds))
        first = timed(lambda: run(*ANSWER))
        later = min(timed(lambda: run(*ANSWER)) for _ in range(rounds))
    return [
        Figure("`samenspel --help`", helped, "s", "time", 0.5),
        Figure("first comparison with nothing compiled yet (20 pairs, reference)", first, "s", "time", 20),
        Figure("the same comparison later, whole process", later, "s", "time", 2),
    ]
