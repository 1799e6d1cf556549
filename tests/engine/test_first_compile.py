"""The first compile by two processes: what the other one compiled is taken up, and nothing hangs on it."""

import json
import os
import subprocess
import sys

import pytest

from sim import month
from sim.first_compile import LATE, first_pieces, other_pieces

CODE = """
import json, sys
if {broken!r}:
    sys.executable = {broken!r}
import sim.comparison
from sim import month
from sim.first_compile import other_pieces
found = sim.comparison.compare(["as-now", "regular-meetings"], replicates=2, months=30, workers=1)
taken = [sum(function.stats.cache_hits.values()) for function, _ in other_pieces()]
compiled = [len(function.signatures) for function, _ in other_pieces()]
print(json.dumps({{"numbers": repr(found.summary.values.tobytes()), "taken": taken, "compiled": compiled}}))
"""


def test_the_two_processes_share_the_month_without_doing_anything_twice():
    mine, others = ([function for function, _ in pieces()] for pieces in (first_pieces, other_pieces))
    everything = [*mine, *others]
    assert len({id(each) for each in everything}) == len(everything)
    rows = {id(step.row) for step in month.STEPS}
    assert len(rows & {id(each) for each in everything}) == 10  # the steps in the halves
    own = {id(each) for each in vars(month).values() if getattr(each, "__module__", "") == month.__name__}
    around = (
        month.advance,
        month.Step,
        month.block_end,
        month.fetch_for_first,
        month.fetch_for_second,
        month.fetch_town_hall,
        month.first_pass,
        month.second_pass,
    )
    assert own - {id(each) for each in around} <= {id(each) for each in everything}


def started(cache, broken: str = "") -> dict:
    kept = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "SAMENSPEL_"))}
    done = subprocess.run(
        [sys.executable, "-c", CODE.format(broken=broken)],
        env={**kept, "SAMENSPEL_CACHE": str(cache)}, capture_output=True, text=True, timeout=600, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr
    return json.loads(done.stdout)


@pytest.mark.slow
def test_the_other_process_is_used_and_nothing_hangs_on_it(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    together = started(tmp_path / "together")
    # What the month itself calls; the rules inside the second half come with it.
    called = [k for k, (function, _) in enumerate(other_pieces()) if function not in [m.initiative for m in LATE]]
    assert {together["compiled"][k] for k in called} == {1}  # no types but those that the other had
    assert {together["taken"][k] for k in called} == {int(len(os.sched_getaffinity(0)) > 1)}
    alone = started(tmp_path / "alone", broken="/bin/false")
    assert not any(alone["taken"])
    assert alone["numbers"] == together["numbers"]
