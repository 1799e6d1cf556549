"""A command starts without SciPy's linear algebra, and whoever asks for it later still gets it."""

from __future__ import annotations

import subprocess
import sys

AFTER_A_COMMAND = """
import sys
from sim.cli import main
sys.argv = ["samenspel", "run", "as-now", "--replicates", "1", "--months", "2", "--quiet"]
assert main() == 0
print("loaded" if "scipy.linalg" in sys.modules else "left out")
import scipy.linalg
print(scipy.linalg.det([[2.0, 0.0], [0.0, 3.0]]))
"""


def test_a_command_leaves_it_out_and_it_can_be_loaded_later() -> None:
    done = subprocess.run(
        [sys.executable, "-c", AFTER_A_COMMAND], capture_output=True, text=True, timeout=600, check=False
    )
    assert done.returncode == 0, done.stderr
    *_, loaded, determinant = done.stdout.split("\n")[:-1]
    assert (loaded, float(determinant)) == ("left out", 6.0)
