"""A command starts without SciPy's linear algebra and with little search for garbage; whoever uses the project from
Python finds everything as it was.
"""

from __future__ import annotations

import gc
import subprocess
import sys

import pytest

from sim.cli import main
from sim.lean import SELDOM

AFTER_A_COMMAND = """
import sys
from sim.cli import main
sys.argv = ["samenspel", "run", "as-now", "--replicates", "1", "--months", "2", "--quiet"]
assert main() == 0
print("loaded" if "scipy.linalg" in sys.modules else "left out")
import scipy.linalg
print(scipy.linalg.det([[2.0, 0.0], [0.0, 3.0]]))
"""
THRESHOLDS = """
import gc, sys
from sim.cli import main
from sim.lean import collect_as_usual
print(*gc.get_threshold())
sys.argv = ["samenspel", "--help"]
main()
print(*gc.get_threshold())
collect_as_usual()
print(*gc.get_threshold())
"""


def printed_by(code: str) -> list[str]:
    """The lines that a process of its own prints."""
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, timeout=600, check=False)
    assert done.returncode == 0, done.stderr
    return done.stdout.split("\n")[:-1]


def test_a_command_leaves_it_out_and_it_can_be_loaded_later() -> None:
    *_, loaded, determinant = printed_by(AFTER_A_COMMAND)
    assert (loaded, float(determinant)) == ("left out", 6.0)


def test_a_command_looks_for_garbage_seldom_until_all_is_loaded() -> None:
    first, *_, during, after = ([int(word) for word in line.split()] for line in _numbers(printed_by(THRESHOLDS)))
    assert first == after
    assert during == [SELDOM, *first[1:]]
    assert first[0] < SELDOM


def _numbers(lines: list[str]) -> list[str]:
    return [line for line in lines if line.replace(" ", "").isdigit()]


def test_a_call_from_python_changes_nothing(capsys: pytest.CaptureFixture[str]) -> None:
    before = gc.get_threshold()
    assert main(["--help"]) == 0
    assert "serve" in capsys.readouterr().out
    assert gc.get_threshold() == before
