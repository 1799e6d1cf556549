"""The type that compiled code knows a state by: `STATE`.

Numba names every function after the types it takes, and what it calls a named tuple of record arrays is all their
fields in a row: some 15,000 characters in each name. The kept code is a seventh of its size under a short name. The
name plays no part in whether two types are the same.
"""

from __future__ import annotations

from typing import Any

import numba

from sim.engine import compiling as _settings  # noqa: F401  (they come before numba is used)
from sim.world.state import State, empty_state

# Of every world. Numba keeps one object a type as long as somebody holds it: whoever asks for this type gets this one.
STATE: Any = numba.typeof(empty_state(months=1, timetable=1, municipalities=1, posts=1, facilitators=1, initiatives=1))
STATE.name = State.__name__
