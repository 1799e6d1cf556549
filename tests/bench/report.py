"""The benchmarks in order, and the page that reports them."""

from __future__ import annotations

import math
import sys
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

from tests.bench import machine
from tests.bench.comparisons import cancelled_run, edited_scenario, rough_answer, six_scenarios
from tests.bench.couplings import couplings_compared, variance_saved
from tests.bench.figures import Figure, markdown
from tests.bench.growth import cost_as_worlds_grow
from tests.bench.memory import peak_memory
from tests.bench.painted import painted
from tests.bench.speed import against_pure_mesa, two_threads
from tests.bench.starting import starting
from tests.bench.sweeps import sweeps
from tests.bench.workshop import workshop

PAGE = Path(__file__).resolve().parents[2] / "docs" / "performance.md"


@dataclass(frozen=True)
class Benchmark:
    """A heading, what is measured and how, and the measurement."""

    heading: str
    how: str
    measure: Callable[[], list[Figure]]


BENCHMARKS = (
    Benchmark(
        "Against plain Mesa",
        "`tests/bench/pure_mesa.py` holds the same rules as plain Mesa agents, with the standard library's random "
        "numbers. The reference world, 265 initiatives over 36 months, every indicator in every group each month; "
        "building the agents is counted, as is preparing a replicate. That both are one model is tested in "
        "`tests/bench/test_same_model.py`.",
        against_pure_mesa,
    ),
    Benchmark("Threads", "Two scenarios on the projection, the best of some runs in turn.", two_threads),
    Benchmark("A comparison", "From nothing but compiled rules to all summaries.", six_scenarios),
    Benchmark("A rough answer", "What the dashboard shows first.", rough_answer),
    Benchmark("An edit", "The projection; one of six scenarios is changed.", edited_scenario),
    Benchmark("A cancel", "Six scenarios on the projection, cancelled at different moments.", cancelled_run),
    Benchmark(
        "Larger worlds",
        "The reference world with ten and a hundred times its initiatives, municipalities and facilitators; months "
        "before an initiative enters count too.",
        cost_as_worlds_grow,
    ),
    Benchmark(
        "Memory",
        "A fresh process.",
        peak_memory,
    ),
    Benchmark(
        "Common random numbers: each lever against going on as now",
        "How many times smaller the variance of a paired difference is than with independent seeds: as many times "
        "fewer pairs are needed. Each lever alone, at its default intensity, the last month, all initiatives "
        "together, at the medians of the priors (luck alone). ∞: no pair differs.",
        lambda: variance_saved("projection", 200) + variance_saved("reference", 400),
    ),
    Benchmark(
        "Common random numbers: couplings compared",
        "Officials and aldermen leave 10% less often, on the projection. Independent seeds are 1 by definition. Levers "
        "leave turnover alone, so that for them the three are the same.",
        couplings_compared,
    ),
    Benchmark(
        "The dashboard",
        "In Chromium, headless, on the machine of the server. The default question when it opens; then two policies on "
        "the reference world, of which one has a slider moved to where it was not before.",
        painted,
    ),
    Benchmark("Starting", "Whole processes.", starting),
    Benchmark(
        "Sweeps",
        "Two scenarios on the reference world, runs kept; then the smallest runs there are (one month of a small "
        "municipality), so that what is measured is the sweep and not the model.",
        sweeps,
    ),
    Benchmark(
        "The workshop",
        "Phones and a screen that looks on are in the process that serves them. A session of two hours without its "
        "pauses: 48 rounds, each with twelve months stepped, a departure, a branch of a branch, a question that sixty "
        "phones answer, its 200 worlds with other luck and 200 with other values too, and the log in both languages.",
        workshop,
    ),
)

INTRODUCTION = """# Performance

Made by `python -m tests.bench` (`make bench` measures the same and fails where a goal is not reached);
`--only HEADING …` measures parts again and leaves the others.

Measured on: {machine}. {busy}
Ratios of processor time, of variances and of counts hardly depend on that. Times are upper bounds, and two threads can
show what they do for a run only where two processors have nothing else to do.
"""


def busy_words(busy: float) -> str:
    """How quiet the machine was."""
    if math.isnan(busy):
        return "How busy the machine was with other work is not known."
    if busy < machine.BUSY:
        return "The machine had nothing else to do when the measurements began."
    return f"Other work kept {busy:.1f} cores busy when the measurements began."


def section(each: Benchmark) -> str:
    """Measure one thing; its part of the page."""
    part = f"## {each.heading}\n{each.how}\n\n{markdown(each.measure())}\n"
    print(part, file=sys.stderr, flush=True)
    return part


def page() -> str:
    """Measure everything; the page as Markdown."""
    head = INTRODUCTION.format(machine=machine.described(), busy=busy_words(machine.busy_cores(5.0)))
    return "\n".join([head, *(section(each) for each in BENCHMARKS)])


def measured_again(text: str, headings: Sequence[str]) -> str:
    """The page with some of its parts measured again. Raises `SystemExit` for a heading that there is not."""
    for heading in headings:
        each = next((each for each in BENCHMARKS if each.heading == heading), None)
        if each is None:
            raise SystemExit(f"no part {heading!r}; there are: {', '.join(each.heading for each in BENCHMARKS)}")
        before, found, after = text.partition(f"## {heading}\n")
        rest = after.partition("\n## ")
        part = section(each)
        text = before + part + (f"\n## {rest[2]}" if rest[1] else "") if found else f"{text}\n{part}"
    return text
