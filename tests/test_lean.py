"""How a command starts quickly, and that a researcher's own Python is left as it is."""

from __future__ import annotations

import gc
import subprocess
import sys

from sim.cli import main
from sim.lean import SELDOM


def said_by(code: str) -> list[str]:
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True)
    return done.stdout.split()


def test_numba_loads_without_linear_algebra_which_can_still_be_imported():
    code = """
import sys
from sim.lean import load_numba
load_numba()
print("numba" in sys.modules, "scipy.linalg" in sys.modules)
import scipy.linalg
from sim.engine.randomness import mix64
print(callable(scipy.linalg.det))
"""
    assert said_by(code) == ["True", "False", "True"]


def test_linear_algebra_that_is_there_already_stays():
    code = "import scipy.linalg, sys; from sim.lean import load_numba; load_numba(); print(sys.modules['scipy.linalg'] is scipy.linalg)"
    assert said_by(code) == ["True"]


def test_a_command_looks_for_garbage_seldom():
    code = "import gc, sys; from sim.cli import main; sys.argv = ['samenspel', '--help']; {}; print(*gc.get_threshold())"
    usual, seldom = (said_by(code.format(do))[-3:] for do in ("pass", "main()"))
    assert int(seldom[0]) == SELDOM > int(usual[0])
    assert seldom[1:] == usual[1:]


def test_a_call_from_python_changes_nothing(capsys):
    before = gc.get_threshold()
    assert main(["--help"]) == 0
    assert gc.get_threshold() == before


def test_what_goes_on_for_days_looks_as_often_as_usual():
    code = "import gc; from sim.lean import *; a = gc.get_threshold(); collect_seldom(); b = gc.get_threshold(); collect_as_usual(); print(a == gc.get_threshold() != b)"
    assert said_by(code) == ["True"]
