"""Fetching ahead: a request for every line of the row's memory, and nothing else."""

import numba
import numpy as np
import pytest

from sim.engine.fetching import LINE, fetch_row


@numba.njit(nogil=True)
def ask(table, row):
    fetch_row(table, row)
    return row


@pytest.mark.parametrize("size", [8, 64, 72, 492])
def test_all_of_a_row_is_asked_for_and_nothing_changes(size):
    table = np.full(3, 7, np.dtype([("x", np.uint8, size)]))
    assert ask(table, 2) == 2
    assert (table["x"] == 7).all()
    calls = [line for line in ask.inspect_llvm(ask.signatures[-1]).splitlines() if "call void @llvm.prefetch" in line]
    assert len(calls) == -(-size // LINE) + 1
    assert ask(table, 1_000_000) == 1_000_000  # a row that is not there is a request in vain, no more
