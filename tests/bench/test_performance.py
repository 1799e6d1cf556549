"""Every benchmark reaches its goals. Times are judged only where the machine has nothing else to do; ratios always."""

from __future__ import annotations

import pytest

from tests.bench import machine
from tests.bench.figures import Figure, markdown, number
from tests.bench.report import BENCHMARKS, Benchmark


@pytest.mark.parametrize("benchmark", BENCHMARKS, ids=lambda each: each.heading)
def test_goals_are_reached(benchmark: Benchmark) -> None:
    quiet = machine.quiet()
    figures = benchmark.measure()
    print()
    for figure in figures:
        print(f"  {figure}{'' if quiet or figure.kind != 'time' else ' [not judged: the machine is busy]'}")
    missed = [str(each) for each in figures if not each.holds and (quiet or each.kind != "time")]
    assert not missed, "\n".join(missed)


def test_a_figure_knows_its_goal() -> None:
    fast = Figure("a", 30.0, "times", "ratio", 25, True)
    slow = Figure("b", 7.25, "s", "time", 6)
    assert fast.holds and not slow.holds and Figure("c", 1.0, "s").holds
    assert markdown([slow]).splitlines()[-1] == "| b | 7.25 s (not reached) | at most 6 s |"
    assert [number(x) for x in (0.04567, 5.0, 26500, 123.4, 1.304)] == ["0.0457", "5", "26,500", "123", "1.30"]
