"""Small arithmetic that compiled rules share."""

from __future__ import annotations

import math
from typing import Any

from llvmlite import ir
from numba import extending
from numba.core import types

from sim.engine.compiling import compiled

intrinsic: Any = extending.intrinsic


@intrinsic
def pick(_context: Any, _condition: Any, _yes: Any, _no: Any) -> Any:
    """``yes`` where the condition holds, else ``no`` (numbers), both reckoned: for a condition that changes from row to
    row. A processor foretells it wrongly so often that a branch costs more than the number it leaves out. So a rule
    gives what cannot happen a hazard of zero, and draws all the same.
    """

    def generate(_: Any, builder: Any, _signature: Any, values: Any) -> Any:
        bits = ir.IntType(64)
        every = builder.sext(builder.trunc(values[0], ir.IntType(1)) if values[0].type.width > 1 else values[0], bits)
        # no instruction, but what LLVM cannot look through: it would make a branch of it again
        every = builder.asm(ir.FunctionType(bits, [bits]), "", "=r,0", [every], False)
        yes, no = (builder.bitcast(each, bits) for each in values[1:])
        return builder.bitcast(builder.xor(no, builder.and_(builder.xor(yes, no), every)), ir.DoubleType())

    return types.float64(types.boolean, types.float64, types.float64), generate


@compiled
def row_number(number: int) -> int:
    """A row's number as it is, plainly not negative: no code is made then for counting rows from the end."""
    return number & 0x7FFFFFFF


@compiled
def share(x: float) -> float:
    """Bring a number back between 0 and 1."""
    return min(1.0, max(0.0, x))


@compiled
def logistic(x: float) -> float:
    """The logistic function, 0-1."""
    return 1.0 / (1.0 + math.exp(-x))


@compiled
def remaining(half_life: float) -> float:
    """Share that remains after one month of a decay with this half-life (months)."""
    return 2.0 ** (-1.0 / half_life)


@compiled
def whole_part(rate: float, u: float) -> float:
    """A whole number with mean ``rate``: its floor, and one more when the uniform is below the rest (nested)."""
    whole = float(int(rate))  # rates are not negative
    return whole + (1.0 if u < rate - whole else 0.0)
