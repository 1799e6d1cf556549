"""Fetching ahead: a request for every line of the part of a row, and nothing else."""

import re

import numba
import numpy as np
import pytest

from sim.engine.fetching import LINE, ends, fetching


def asked(fetch, table: np.ndarray) -> set[int]:
    """Ask, and find the offsets in the row that are asked for in the code that was made."""

    @numba.njit(nogil=True)
    def ask(table, row):
        fetch(table, row)
        return row

    before = table.tobytes()
    assert ask(table, 2) == 2
    assert table.tobytes() == before
    assert ask(table, 1_000_000) == 1_000_000  # a row that is not there is a request in vain, no more
    code = ask.inspect_llvm(ask.signatures[-1])
    offsets = {name: int(by) for name, by in re.findall(r"(%\S+) = getelementptr i8, ptr %\S+, i64 (\d+)", code)}
    return {offsets.get(name, 0) for name in re.findall(r"call void @llvm.prefetch\S*\(ptr (%\S+),", code)}


@pytest.mark.parametrize("size", [8, 64, 72, 492])
def test_all_of_a_row_is_asked_for(size):
    table = np.full(3, 7, np.dtype([("x", np.uint8, size)]))
    assert asked(fetching(table.dtype, *ends(table.dtype)), table) == {*range(0, size, LINE), size - 1}


@pytest.mark.parametrize(("first", "last", "part"), [("a", "a", (0, 4)), ("b", "c", (4, 212)), ("c", "d", (204, 220))])
def test_of_a_part_of_a_row_its_lines_are_asked_for(first, last, part):
    table = np.zeros(3, np.dtype([("a", np.int32), ("b", np.float64, 25), ("c", np.float64), ("d", np.float64)]))
    begin, end = part
    assert asked(fetching(table.dtype, first, last), table) == {*range(begin, end, LINE), end - 1}
