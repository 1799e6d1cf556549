"""A small sweep that runs in a second, and workers that do not need processes of their own."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

from sim.research.conduct import Failed
from sim.research.plan import Plan, plan_of
from sim.research.sweep_file import parse_sweep
from sim.research.task import Done, Task, run_task

HEAD = {"id": "trial", "name": {"nl": "Proef", "en": "Trial"}, "description": {"nl": "Proef", "en": "Trial"}}
SMALL: dict[str, Any] = {
    **HEAD,
    "scenarios": ["as-now", "structural-funding"],
    "worlds": ["my-municipality-small"],
    "months": 36,
    "replicates": 3,
    "vary": [{"parameter": "renewal_base"}, {"lever": "structural_funding", "low": 0.1, "high": 1.0}],
    "design": {"kind": "latin_hypercube", "points": 24},
    "indicators": ["homes_reached", "trust_initiative"],
    "keep": "runs",
}


class Serial:
    """Does tasks one after another, in this process."""

    workers = 1

    def work(self, tasks: Iterator[Task], cancelled: Callable[[], bool]) -> Iterator[Done | Failed]:
        for task in tasks:
            yield run_task(task)


def small(**more: Any) -> Plan:
    """The plan of the small sweep, with other fields where given."""
    return plan_of(parse_sweep({**SMALL, **more}, "small.yaml"), "small.yaml")


def contents(folder: Path) -> dict[str, bytes]:
    """Every file of a sweep's folder but the record of attempts and the lock."""
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in sorted(folder.rglob("*"))
        if path.is_file() and path.name not in ("attempts.jsonl", ".lock")
    }
