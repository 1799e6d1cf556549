"""A quicker start of a command: numba without SciPy's linear algebra, and little searching for garbage.

When numba first loads compiled code it imports `scipy.linalg`, to offer matrix products to compiled functions. Our
rules use none, and that import takes longer than running a first replicate. Loading modules and compiled code makes
many objects that all stay, and Python would look through them again and again for what can go. Only for a process that
is ours from beginning to end: a researcher's own Python keeps a whole numba and its own ways.
"""

from __future__ import annotations

import gc
import importlib
import sys

ASKED_BY_NUMBA = "scipy.linalg"
WHERE_IT_ASKS = "numba.np.arraymath"
SELDOM = 20_000  # new objects before Python looks for garbage; its own choice is ten times as often
_usual = gc.get_threshold()


def collect_seldom() -> None:
    """Look for garbage a tenth as often, from the start of a command on."""
    gc.set_threshold(SELDOM, *_usual[1:])


def collect_as_usual() -> None:
    """Look for garbage as Python does by itself: for a process that goes on for days, once all is loaded."""
    gc.set_threshold(*_usual)


def load_numba() -> None:
    """Load what numba imports at its first compiled function, `scipy.linalg` left out unless it is there already."""
    importlib.import_module("sim.engine.compiling")  # its settings come before numba is imported
    if ASKED_BY_NUMBA in sys.modules or WHERE_IT_ASKS in sys.modules:
        return
    sys.modules[ASKED_BY_NUMBA] = None  # type: ignore[assignment]  # importing it now fails, as where there is no SciPy
    try:
        importlib.import_module(WHERE_IT_ASKS)
    finally:
        del sys.modules[ASKED_BY_NUMBA]
