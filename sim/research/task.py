"""A task: the runs of one shard, done on one core, and given back as a Parquet file in memory.

Nothing but the work itself is needed to do it: scenarios, worlds and parameters come with it, so that a worker on
another machine reads no file. The bytes that come back depend on the work alone.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

import numpy as np

from sim.comparison import Parameters, Stage, content_key
from sim.engine.compiling import this_model
from sim.engine.problems import InputError
from sim.evidence.parameters import PARAMETERS
from sim.indicators import GROUPS, INDICATORS
from sim.research.designs import Axis, Floats
from sim.research.plan import Plan, plan_of_document
from sim.research.shard_table import parquet_of, runs_table, summary_table
from sim.research.sweep_file import Sweep
from sim.scenario import Scenario, parse_scenario, scenario_data
from sim.world.files import World


@dataclass(frozen=True, eq=False)
class Job:
    """What all tasks of a sweep share: the plan's document, its axes, and parameters to start from."""

    identity: str
    model: str
    document: dict[str, Any]
    axes: tuple[Axis, ...]
    parameters: np.ndarray
    kept: tuple[tuple[int, ...], ...]


@dataclass(frozen=True, eq=False)
class Task:
    """One shard: rows of (point, first replicate, last replicate, world, seed) and the values of their axes."""

    job: Job
    shard: int
    rows: tuple[tuple[int, int, int, int, int], ...]
    values: Floats


@dataclass(frozen=True)
class Done:
    """What a task gives: the file's bytes and their hash."""

    shard: int
    content: bytes
    digest: str


def digest_of(content: bytes, identity: str, shard: int) -> str:
    """The hash by which a shard is known: of its bytes, its number, and the sweep it belongs to."""
    return hashlib.blake2b(content, digest_size=12, key=f"{identity}-{shard}".encode()).hexdigest()


def job_of(plan: Plan) -> Job:
    """What all tasks of a plan share."""
    base = plan.base.rows
    rows = base[: plan.sweep.replicates] if plan.sweep.chance == "same" else base
    kept = tuple(tuple(plan.kept_months(world)) for world in plan.worlds)
    return Job(plan.identity, plan.depends_on["model"], plan.document, plan.axes, rows, kept)


def task_of(plan: Plan, job: Job, shard: int) -> Task:
    """The task of one shard."""
    rows, values = [], []
    for number in plan.shard(shard):
        unit = plan.unit(number)
        world, seed, cells = plan.setting(unit.point)
        rows.append((unit.point, unit.first, unit.last, world, seed))
        values.append(cells)
    return Task(job, shard, tuple(rows), np.array(values).reshape(len(rows), len(plan.axes)))


# Points ------------------------------------------------------------------------------------------------------------


def scenario_at(scenario: Scenario, axes: Sequence[Axis], values: Floats) -> Scenario:
    """A scenario with the levers and shocks that axes set. Raises `InputError` where that cannot be."""
    chosen = [(axis, float(value)) for axis, value in zip(axes, values, strict=True) if axis.target != "parameter"]
    chosen = [(axis, value) for axis, value in chosen if axis.scenario in (None, scenario.id)]
    if not chosen:
        return scenario
    data = scenario_data(scenario)
    for axis, value in chosen:
        entries = data.setdefault(f"{axis.target}s", [])
        mine = [entry for entry in entries if entry[axis.target] == axis.key]
        if not mine and axis.scenario == scenario.id and axis.target == "lever":
            mine = [{axis.target: axis.key}]
            entries += mine
        for entry in mine:
            if axis.option is None:
                entry["intensity"] = value
            else:
                entry.setdefault("options", {})[axis.option] = value
    return parse_scenario(data, scenario.id)


def parameters_at(base: np.ndarray, axes: Sequence[Axis], values: Floats) -> Parameters:
    """The parameters at a point: those to start from, with the axes' own laid over them."""
    rows = base.copy()
    for axis, value in zip(axes, values, strict=True):
        if axis.target == "parameter":
            rows[axis.key] = value
    return Parameters("sweep", rows)


@lru_cache(maxsize=4)
def _read(identity: str, document: str) -> tuple[tuple[Scenario, ...], tuple[World, ...], Sweep]:
    sweep, scenarios, worlds = plan_of_document(json.loads(document))
    return scenarios, worlds, sweep


def _parts(job: Job) -> tuple[tuple[Scenario, ...], tuple[World, ...], Sweep]:
    return _read(job.identity, json.dumps(job.document, sort_keys=True))


def sweep_of(job: Job) -> Sweep:
    """The sweep of a job."""
    return _parts(job)[2]


class Bench:
    """Where a task works: a stage a world, used again for every point in it."""

    def __init__(self, job: Job) -> None:
        self.job = job
        self.scenarios, self.worlds, self.sweep = _parts(job)
        self.groups = np.array([GROUPS.index(name) for name in self.sweep.groups])
        self.indicators = np.array([list(INDICATORS).index(name) for name in self.sweep.indicators])
        self._stages: dict[tuple[int, int], Stage] = {}

    def months(self, world: int) -> int:
        """Number of months that results cover."""
        setting = self.worlds[world]
        return setting.horizon if self.sweep.months is None else int(self.sweep.months)

    def stage(self, world: int, seed: int) -> Stage:
        """The stage of a world and a seed."""
        if (world, seed) not in self._stages:
            if len(self._stages) >= 8:
                self._stages.clear()
            parameters = Parameters("sweep", self.job.parameters)
            self._stages[world, seed] = Stage(self.worlds[world], self.months(world), seed, parameters)
        return self._stages[world, seed]

    def month_names(self, world: int) -> list[str]:
        """Names of the months that are kept."""
        setting = self.worlds[world]
        return [setting.month_name(setting.past_months + k) for k in self.job.kept[world]]

    def outcomes(self, row: tuple[int, int, int, int, int], values: Floats) -> Floats:
        """Outcomes of the replicates of one point: (replicates, scenarios, groups, indicators, months)."""
        point, first, last, world, seed = row
        stage = self.stage(world, seed)
        stage.parameters = parameters_at(self.job.parameters, self.job.axes, values)
        chosen = [scenario_at(each, self.job.axes, values) for each in self.scenarios]
        keys = [content_key(each) for each in chosen]
        tracks = {key: stage.track(each) for key, each in zip(keys, chosen, strict=True)}
        ahead = point * self.sweep.replicates if self.sweep.chance == "fresh" else 0
        kept = np.array(self.job.kept[world])
        found = np.empty((last - first, len(keys), len(self.groups), len(self.indicators), len(kept)))
        for replicate in range(first, last):
            outcome = stage.outcomes(tracks, ahead + replicate)
            for s, key in enumerate(keys):
                found[replicate - first, s] = outcome[key][np.ix_(self.groups, self.indicators, kept)]
        return found


def check_model(job: Job) -> None:
    """Raises `InputError` when the model here is not the one that the work was made for."""
    here = this_model()
    if here != job.model:
        raise InputError(
            "worker", "model", f"this worker has model {here}, the sweep needs {job.model}; install the same version",
            f"deze werker heeft model {here}, nodig is {job.model}; installeer dezelfde versie",
        )  # fmt: skip


def run_task(task: Task) -> Done:
    """Do the work of a shard."""
    check_model(task.job)
    content = parquet_of(_pieces(task), task.job)
    return Done(task.shard, content, digest_of(content, task.job.identity, task.shard))


def _pieces(task: Task) -> Iterator[Any]:
    bench = Bench(task.job)
    for row, values in zip(task.rows, task.values, strict=True):
        outcomes = bench.outcomes(row, values)
        months = bench.month_names(row[3])
        names = [each.id for each in bench.scenarios]
        if bench.sweep.keep == "runs":
            yield runs_table(outcomes, bench.sweep, names, months, point=row[0], first=row[1])
        else:
            yield summary_table(outcomes, bench.sweep, names, months, point=row[0])


def units_of(axes: Sequence[Axis]) -> dict[str, str]:
    """The unit of every axis, in English."""
    return {axis.name: PARAMETERS[axis.key].unit if axis.target == "parameter" else axis.unit.en for axis in axes}
