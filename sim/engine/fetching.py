"""Fetching ahead: bidding the processor to bring a row of a table near before it is read.

Worlds that do not fit a processor's caches wait for memory; a row that was asked for while another was at work is there
in time. No number changes by it.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np
from llvmlite import ir
from numba import extending
from numba.core import types

intrinsic: Any = extending.intrinsic
LINE = 64  # bytes that come at once


def fetching(table: np.dtype, first: str, last: str) -> Any:
    """A function of a table of records and a row, for compiled code: ask for the bytes from one field of the row to the
    end of another.
    """
    fields: Mapping[str, Any] = table.fields or {}
    begin, end = fields[first][1], fields[last][1] + fields[last][0].itemsize
    offsets = [*range(begin, end, LINE), end - 1]  # these bytes may begin in the middle of a line

    @intrinsic
    def fetch(_context: Any, rows: Any, row: Any) -> Any:
        def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
            byte, flag = ir.IntType(8).as_pointer(), ir.IntType(32)
            start = builder.bitcast(context.make_array(signature.args[0])(context, builder, values[0]).data, byte)
            start = builder.gep(start, [builder.mul(values[1], values[1].type(table.itemsize))])
            shape = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
            prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], shape)
            for offset in offsets:
                there = builder.gep(start, [values[1].type(offset)])
                builder.call(prefetch, [there, flag(0), flag(3), flag(1)])  # to be read, kept as near as can be, data
            return context.get_dummy_value()

        return types.void(rows, row), generate

    return fetch


def ends(*parts: np.dtype) -> tuple[str, str]:
    """The first field of the first and the last field of the last of some record types (of one: of its whole row)."""
    first, last = parts[0].names or (), parts[-1].names or ()
    return first[0], last[-1]
