"""Fetching ahead: bidding the processor to bring a row of a table near before it is read.

Worlds that do not fit a processor's caches wait for memory; a row that was asked for while another was at work is there
in time. No number changes by it.
"""

from __future__ import annotations

from typing import Any

from llvmlite import ir
from numba import extending
from numba.core import types

intrinsic: Any = extending.intrinsic
LINE = 64  # bytes that come at once


@intrinsic
def fetch_row(_context: Any, table: Any, row: Any) -> Any:
    """Ask for all bytes of a table's row."""

    def generate(context: Any, builder: Any, signature: Any, values: Any) -> Any:
        kind, byte, flag = signature.args[0], ir.IntType(8).as_pointer(), ir.IntType(32)
        size = context.get_abi_sizeof(context.get_data_type(kind.dtype))
        start = builder.bitcast(context.make_array(kind)(context, builder, values[0]).data, byte)
        start = builder.gep(start, [builder.mul(values[1], values[1].type(size))])
        shape = ir.FunctionType(ir.VoidType(), [byte, flag, flag, flag])
        prefetch = builder.module.declare_intrinsic("llvm.prefetch", [byte], shape)
        for offset in [*range(0, size, LINE), size - 1]:  # a row may begin in the middle of a line
            there = builder.gep(start, [values[1].type(offset)])
            builder.call(prefetch, [there, flag(0), flag(3), flag(1)])  # to be read, kept as near as can be, data
        return context.get_dummy_value()

    return types.void(table, row), generate
