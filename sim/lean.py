"""A quicker start of a command: numba without SciPy's linear algebra.

When numba first loads compiled code it imports `scipy.linalg`, to offer matrix products to compiled functions. Our
rules use none, and that import takes longer than running a first replicate. Only for a process that is ours from
beginning to end: a researcher's own Python keeps a whole numba.
"""

from __future__ import annotations

import importlib
import sys

ASKED_BY_NUMBA = "scipy.linalg"
WHERE_IT_ASKS = "numba.np.arraymath"


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
