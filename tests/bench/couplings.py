"""Common random numbers on the real model: the variance they save, and the couplings compared.

Levers leave turnover as it is (but for the council that engaged governors win over, and with it an alderman's
coalition), so for levers the ways of drawing successors below are nearly one; they are compared where they differ, on
people who leave a little less often. Other ways are measured on a copy of the rules in which a few lines are changed,
compiled and run in a process of its own: nothing in the rules themselves has a switch.
"""

from __future__ import annotations

import json
import os
import re
import shutil
import statistics
import subprocess
import sys
import tempfile
from pathlib import Path

from tests.bench import paired
from tests.bench.figures import Figure

ROOT = Path(__file__).resolve().parents[2]
SHOWN = ("homes_reached", "active", "structural_partnership")
GOALS = {"homes_reached": 10.0, "active": 5.0}

TURNOVER = "sim/rules/turnover.py"
Change = tuple[str, str, str]  # file, pattern of what stands there, what is to stand there

# Who arrives is drawn by how many came before on this post.
BY_NUMBER: tuple[Change, ...] = (
    (TURNOVER, r"normal\(key, j, t, why.OPENNESS\)", "normal(key, j, post.departures, why.OPENNESS)"),
    (TURNOVER, r"normal\(key, j, t, why.STANDING\)", "normal(key, j, post.departures, why.STANDING)"),
    (TURNOVER, r"uniform\(key, j, t, why.VACANCY\)", "uniform(key, j, post.departures, why.VACANCY)"),
    (TURNOVER, r"normal\(key, m, t, why.ALDERMAN_(\w+)\)", r"normal(key, m, who.departures, why.ALDERMAN_\1)"),
    (
        TURNOVER,
        r"normal\(key, i \* SLOTS \+ slot, t, click_purpose\)",
        "normal(key, i * SLOTS + slot, "
        "s.aldermen[tie.person].departures if slot == ALDERMAN else s.posts[tie.person].departures, click_purpose)",
    ),
)
# Besides, a holder leaves when a clock of their own, which runs as fast as the hazard, strikes (common reaction path).
BY_CLOCK: tuple[Change, ...] = (
    *BY_NUMBER,
    ("sim/world/state.py", r'f="openness ([a-z ]+)"', r'f="openness \1 spent"'),
    (TURNOVER, r"(from __future__ .*)", r"\1\n\nimport math"),
    (
        TURNOVER,
        r"( +)leaves = happens\((.+), uniform\(key, j, t, why.OFFICIAL_LEAVES\)\)",
        r"\1post.spent += \2\n"
        r"\1leaves = post.spent >= -math.log(uniform(key, j, post.departures, why.OFFICIAL_LEAVES))",
    ),
    (
        TURNOVER,
        r"( +)leaves = happens\((.+), uniform\(key, m, t, why.ALDERMAN_LEAVES\)\)",
        r"\1who.spent += \2\n\1leaves = who.spent >= -math.log(uniform(key, m, who.departures, why.ALDERMAN_LEAVES))",
    ),
    (TURNOVER, r"( +)(post|who).departures \+= 1", r"\1\2.departures += 1\n\1\2.spent = 0.0"),
)
COUPLINGS: dict[str, tuple[Change, ...]] = {
    "thinning, successors by post and month (ours)": (),
    "thinning, successors by their number on the post": BY_NUMBER,
    "clocks of unit rate for leaving, successors by number": BY_CLOCK,
}


def variance_saved(world: str = "projection", replicates: int = 200) -> list[Figure]:
    """Median over the levers of the variance of independent seeds over that of pairs; and the range."""
    found = paired.variance_ratios(paired.levers(), world, replicates)
    figures = []
    for name in SHOWN:
        ratios = [each[name] for each in found.values()]
        what = f"variance saved in `{name}`, {world}"
        figures.append(
            Figure(
                f"{what}, median over the levers", statistics.median(ratios), "times", "ratio", GOALS.get(name), True
            )
        )
        for words, value in (("least", min(ratios)), ("most", max(ratios))):
            lever = next(key for key, each in found.items() if each[name] == value)
            figures.append(Figure(f"{what}, {words} (`{lever}`)", value, "times", "ratio"))
    return figures


def couplings_compared(world: str = "projection", replicates: int = 400) -> list[Figure]:
    """The same question to copies of the rules with other couplings; independent seeds are 1 by definition."""
    figures = []
    for coupling, changes in COUPLINGS.items():
        (found,) = ratios_of_a_copy(changes, world, replicates).values()
        figures += [Figure(f"leaving 10% lower, {coupling}: `{name}`", found[name], "times", "ratio") for name in SHOWN]
    return figures


def ratios_of_a_copy(changes: tuple[Change, ...], world: str, replicates: int) -> dict[str, dict[str, float]]:
    """`paired.main` on a copy of the model in which some lines are changed."""
    with tempfile.TemporaryDirectory() as folder:
        copy = Path(folder)
        for room in ("sim", "scenarios"):
            shutil.copytree(ROOT / room, copy / room, ignore=shutil.ignore_patterns("__pycache__"))
        for name, old, new in changes:
            path = copy / name
            text, count = re.subn(old, new, path.read_text(encoding="utf-8"))
            if not count:
                raise ValueError(f"{name}: {old!r} stands nowhere; the benchmark expects it")
            path.write_text(text, encoding="utf-8")
        environment = {**os.environ, "PYTHONPATH": folder, "SAMENSPEL_CACHE": str(copy / "cache")}
        environment.pop("NUMBA_CACHE_DIR", None)
        words = [sys.executable, str(Path(paired.__file__).resolve()), world, str(replicates)]
        done = subprocess.run(words, check=True, capture_output=True, text=True, env=environment, cwd=folder)
    found: dict[str, dict[str, float]] = json.loads(done.stdout)
    return found
