"""A plan: a sweep with its files read, its points, and how it is divided into shards.

A plan is the same wherever and however often it is made: shards follow from the sweep alone, not from the number of
workers or the speed of a machine. Its `identity` says what the numbers depend on; two plans with the same identity
give the same files.
"""

from __future__ import annotations

import hashlib
import json
import math
from dataclasses import dataclass, replace
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.comparison import Parameters, Stage, load_parameters
from sim.costs import load_costs
from sim.engine.catalogue import Text
from sim.engine.compiling import generator, this_model
from sim.engine.documents import read_document
from sim.engine.problems import InputError, Problem, one_line, unknown_name
from sim.evidence.parameters import PARAMETERS, parameter_hash
from sim.research.designs import Axis, Floats, Points, axes_of, points_of, varied_parameters
from sim.research.sweep_file import KEPT, Sweep, parse_sweep, sweep_path
from sim.result import sample_months
from sim.result_files import version_of
from sim.scenario import AS_NOW, Scenario, load_scenario, parse_scenario, scenario_data
from sim.world.files import World, load_world, parse_world

FORMAT = "samenspel-sweep"
FORMAT_VERSION = 1
SETS = ("prior-median", "posterior", "posterior-median")
LIBRARIES = ("numpy", "numba", "pyarrow")
# A shard is some seconds of work: enough to make handing it out cheap, little enough to lose.
SHARD_INITIATIVE_MONTHS = 12_000_000
SMALLEST_DIVISION = 8
MOST_SHARDS = 20_000


@dataclass(frozen=True)
class Unit:
    """What a shard counts in: replicates `first` to `last` (without) of one point."""

    point: int
    first: int
    last: int


@dataclass(frozen=True, eq=False)
class Plan:
    """A sweep that is ready to run. `base` are the parameters of points, before their axes are laid over them."""

    sweep: Sweep
    scenarios: tuple[Scenario, ...]
    worlds: tuple[World, ...]
    base: Parameters
    axes: tuple[Axis, ...]
    design: Points

    # Points ---------------------------------------------------------------------------------------------------------

    @property
    def points(self) -> int:
        """Number of points: those of the design, in every world and with every seed."""
        return self.design.count * len(self.worlds) * len(self.sweep.seeds)

    @property
    def runs(self) -> int:
        """Number of runs in all."""
        return self.points * self.sweep.replicates * len(self.scenarios)

    def setting(self, point: int) -> tuple[int, int, Floats]:
        """The number of the world, the seed, and the values of the axes at a point."""
        rest, seed = divmod(point, len(self.sweep.seeds))
        row, world = divmod(rest, len(self.worlds))
        return world, self.sweep.seeds[seed], self.design.values(row, row + 1)[0]

    # Months ---------------------------------------------------------------------------------------------------------

    def months(self, world: World) -> int:
        """Number of months that results cover in a world."""
        return world.horizon if self.sweep.months is None else self.sweep.months

    def kept_months(self, world: World) -> list[int]:
        """Indices of the months that are kept in a world."""
        names = [world.month_name(world.past_months + k) for k in range(self.months(world))]
        found: set[int] = set()
        for kept in self.sweep.keep_months:
            if kept == "decembers":
                found |= set(sample_months(names))
            elif kept == "horizon":
                found.add(len(names) - 1)
            elif kept == "every":
                found |= set(range(len(names)))
            elif kept in names:
                found.add(names.index(kept))
        return sorted(found)

    # Shards ---------------------------------------------------------------------------------------------------------

    @cached_property
    def effort(self) -> int:
        """Initiative-months of one run, in the world that takes most."""
        most = 1
        for world in self.worlds:
            stage = Stage(world, self.months(world), 1, self.base)
            most = max(most, len(stage.start.initiatives) * stage.total)
        return most

    @cached_property
    def blocks(self) -> int:
        """In how many pieces the replicates of a point are cut: one, unless runs are kept and there are many."""
        if self.sweep.keep == "summaries":
            return 1
        work = self.effort * len(self.scenarios) * self.sweep.replicates
        return max(1, min(self.sweep.replicates, math.ceil(work / SHARD_INITIATIVE_MONTHS)))

    @property
    def units(self) -> int:
        """Number of units: pieces of points."""
        return self.points * self.blocks

    def unit(self, number: int) -> Unit:
        """One unit."""
        point, block = divmod(number, self.blocks)
        n = self.sweep.replicates
        return Unit(point, block * n // self.blocks, (block + 1) * n // self.blocks)

    @cached_property
    def shards(self) -> int:
        """Number of shards."""
        one = self.effort * len(self.scenarios) * self.sweep.replicates / self.blocks
        wanted = one * self.units / SHARD_INITIATIVE_MONTHS
        wanted = max(wanted, min(SMALLEST_DIVISION, self.units))
        return max(1, min(MOST_SHARDS, self.units, math.ceil(wanted)))

    def shard(self, number: int) -> range:
        """The units of a shard."""
        return range(number * self.units // self.shards, (number + 1) * self.units // self.shards)

    # Identity -------------------------------------------------------------------------------------------------------

    @cached_property
    def document(self) -> dict[str, Any]:
        """The sweep as plain data, with scenarios and worlds in full: no file is needed beside it."""
        data = self.sweep.model_dump(mode="json", exclude_none=True)
        data["scenarios"] = [scenario_data(each) for each in self.scenarios]
        data["worlds"] = [each.model_dump(mode="json", exclude_none=True) for each in self.worlds]
        return data

    @cached_property
    def depends_on(self) -> dict[str, Any]:
        """Everything that the numbers depend on."""
        told = {key: value for key, value in self.document.items() if key not in ("name", "description", "parameters")}
        design = hashlib.sha256()
        design.update(",".join(axis.name for axis in self.axes).encode())
        design.update(str(self.design.count).encode())
        step = max(1, self.design.count // 10_000)  # of a large grid, some of its points stand for all
        for first in range(0, self.design.count, step):
            design.update(np.ascontiguousarray(self.design.values(first, first + 1)).tobytes())
        return {
            "format_version": FORMAT_VERSION,
            "sweep": hashlib.sha256(canonical(told)).hexdigest()[:16],
            "design": design.hexdigest()[:16],
            "parameters": parameter_hash(self.base.rows),
            "costs": hashlib.sha256(load_costs().model_dump_json().encode()).hexdigest()[:16],
            "model": this_model(),
            "generator": generator(),
            "shards": self.shards,
            "versions": {"samenspel": version_of("samenspel")} | {name: version_of(name) for name in LIBRARIES},
        }

    @cached_property
    def identity(self) -> str:
        """A hash of everything that the numbers depend on."""
        return hashlib.sha256(canonical(self.depends_on)).hexdigest()[:16]


def canonical(data: Any) -> bytes:
    """Plain data as text that depends on nothing but the data."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=True, allow_nan=False).encode()


# Making a plan -----------------------------------------------------------------------------------------------------


def make_plan(name: str | Path) -> Plan:
    """The plan of a sweep file: an id of a shipped one, or a path. Raises `InputError`."""
    path = sweep_path(name)
    return plan_of(parse_sweep(read_document(path), path), path)


def plan_of(sweep: Sweep, file: str | Path, parameters: Parameters | None = None) -> Plan:
    """The plan of a sweep; `file` is the name that messages carry. Paths in it count from the file's folder.

    ``parameters``: used instead of those that the sweep names. Raises `InputError`.
    """
    folder = Path(file).parent
    scenarios = tuple(_scenario(each, number, folder, file) for number, each in enumerate(sweep.scenarios, start=1))
    _check_distinct(scenarios, file)
    worlds = tuple(load_world(_beside(each, folder)) for each in sweep.worlds)
    base, axes, drawn = _parameters(sweep, folder, file, parameters)
    plan = Plan(sweep, scenarios, worlds, base, axes, points_of(sweep.design, axes, drawn))
    _check(plan, file)
    return plan


def plan_of_document(document: dict[str, Any]) -> tuple[Sweep, tuple[Scenario, ...], tuple[World, ...]]:
    """Sweep, scenarios and worlds of a plan's `document`."""
    scenarios = tuple(parse_scenario(each, "sweep") for each in document["scenarios"])
    worlds = tuple(parse_world(each, "sweep") for each in document["worlds"])
    plain = {**document, "worlds": [world.id for world in worlds]}
    return parse_sweep(plain, "sweep"), scenarios, worlds


def _beside(name: str, folder: Path) -> str | Path:
    """A path that counts from the sweep's folder, if there is such a file."""
    there = folder / name
    return there if there.suffix in (".yaml", ".yml") and there.is_file() else name


def _scenario(given: str | dict[str, Any], number: int, folder: Path, file: str | Path) -> Scenario:
    if isinstance(given, str):
        return load_scenario(_beside(given, folder))
    if given == {"id": AS_NOW} or given.get("id") == AS_NOW:
        return load_scenario(AS_NOW)
    try:
        return parse_scenario(given, file)
    except InputError as error:
        raise InputError(file, f"scenarios[{number}].{error.field}", error.problem, error.problem_nl) from None


def _check_distinct(scenarios: tuple[Scenario, ...], file: str | Path) -> None:
    for number, each in enumerate(scenarios, start=1):
        if any(each.id == other.id for other in scenarios[: number - 1]):
            raise InputError(
                file, f"scenarios[{number}]", f"'{each.id}' stands there twice", f"'{each.id}' staat er twee keer"
            )


def _parameters(
    sweep: Sweep, folder: Path, file: str | Path, given: Parameters | None
) -> tuple[Parameters, tuple[Axis, ...], Floats | None]:
    """The parameters that points start from, all axes, and the draws of a design that draws parameters."""
    own = axes_of(sweep)
    kind = sweep.design.kind
    draws = sweep.design.draws or 0
    if kind == "prior":
        from calibration.reference import prior_draws

        names = varied_parameters("all")
        base = given or _load("prior-median", file)
        rows = prior_draws(draws, sweep.design.seed, names)
    elif kind == "posterior":
        found = given or _load("posterior", file)
        if draws > len(found.rows):
            raise InputError(
                file, "design.draws", f"{draws:,} is more than there are; at most {len(found.rows):,}",
                f"{draws} is meer dan er zijn; ten hoogste {len(found.rows)}",
            )  # fmt: skip
        rows = found.rows[np.arange(draws) * len(found.rows) // draws]
        names = tuple(
            name for name in PARAMETERS
            if len(np.unique(found.rows[name])) > 1 and name not in {axis.key for axis in own}
        )  # fmt: skip
        base = replace(found, rows=rows[:1])
    else:
        return given or _load(_beside(sweep.parameters, folder), file), own, None
    drawn = np.column_stack([rows[name] for name in names]) if names else np.zeros((draws, 0))
    return base, (*(_drawn_axis(name, drawn[:, k]) for k, name in enumerate(names)), *own), drawn


def _drawn_axis(name: str, values: Floats) -> Axis:
    unit = PARAMETERS[name].unit
    return Axis(name, "parameter", name, Text(nl=unit, en=unit), float(values.min()), float(values.max()))


def _load(name: str | Path, file: str | Path) -> Parameters:
    if str(name) not in SETS and not Path(name).is_file():
        problem = unknown_name(str(name), SETS, Problem("set of parameters", "set parameters"))
        raise InputError(file, "parameters", f"{problem.en} (or give a file)", f"{problem.nl} (of geef een bestand)")
    try:
        return load_parameters(name)
    except InputError as error:
        if str(name) not in SETS:
            raise
        raise InputError(file, "parameters", f"'{name}': {error.problem}", error.problem_nl) from None


def _check(plan: Plan, file: str | Path) -> None:
    """Refuse what could be seen to go wrong on the way."""
    sweep = plan.sweep
    names = [axis.name for axis in plan.axes]
    for number, name in enumerate(names):
        if name in names[:number]:
            raise InputError(file, "vary", f"{name} is varied twice", f"{name} wordt twee keer gevarieerd")
    ids = [each.id for each in plan.scenarios]
    for number, each in enumerate(sweep.vary, start=1):
        if each.scenario is not None and each.scenario not in ids:
            raise InputError(
                file, f"vary[{number}].scenario", f"'{one_line(each.scenario)}' is no scenario of this sweep; allowed: "
                f"{', '.join(ids)}", f"'{one_line(each.scenario)}' is geen scenario hier; toegestaan: {', '.join(ids)}",
            )  # fmt: skip
        if each.scenario == AS_NOW:
            raise InputError(
                file, f"vary[{number}].scenario", "as-now has no levers; name another scenario",
                "as-now heeft geen maatregelen; noem een ander scenario",
            )  # fmt: skip
    for world in plan.worlds:
        _check_months(plan, world, file)
        _check_ends(plan, world, file)


def _check_months(plan: Plan, world: World, file: str | Path) -> None:
    last = plan.months(world) - 1
    names = [world.month_name(world.past_months + k) for k in (0, last)]
    for number, kept in enumerate(plan.sweep.keep_months, start=1):
        if kept not in KEPT and not names[0] <= kept <= names[1]:
            raise InputError(
                file, f"keep_months[{number}]", f"{kept} lies outside {world.id}; allowed: {names[0]} to {names[1]}",
                f"{kept} ligt buiten {world.id}; toegestaan: {names[0]} tot en met {names[1]}",
            )  # fmt: skip


def _check_ends(plan: Plan, world: World, file: str | Path) -> None:
    """Lay the ends of all axes over the scenarios, so that a combination that cannot be is found before the work."""
    from sim.research.task import scenario_at

    stage = Stage(world, plan.months(world), 1, plan.base)
    for end in ("low", "high"):
        values = np.array([getattr(axis, end) for axis in plan.axes])
        for number, scenario in enumerate(plan.scenarios, start=1):
            try:
                stage.track(scenario_at(scenario, plan.axes, values))
            except InputError as error:
                raise InputError(
                    file, f"scenarios[{number}].{error.field}", f"{error.problem} (at the {end} end of what is varied)",
                    error.problem_nl,
                ) from None  # fmt: skip
    for number, each in enumerate(plan.sweep.vary, start=1):
        key = each.lever or each.shock
        if key is None or each.scenario is not None:
            continue
        if not any(key in [e.lever for e in s.levers] + [e.shock for e in s.shocks] for s in plan.scenarios):
            raise InputError(
                file, f"vary[{number}].{'lever' if each.lever else 'shock'}",
                f"no scenario of this sweep has {key}; name a scenario that is to get it",
                f"geen scenario hier heeft {key}; noem een scenario dat dit moet krijgen",
            )  # fmt: skip
