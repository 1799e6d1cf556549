"""Compile what a first answer needs, so that nobody waits for it: `python tools/compile_rules.py`, at the end of
`make setup`. The code is kept in the user's cache folder.
"""

from __future__ import annotations

from sim.comparison import compare
from sim.why import explain

if __name__ == "__main__":
    compare(["as-now", "structural-funding"], replicates=1)
    explain("structural-funding", replicates=1)
