"""What is set from outside, month by month: a scenario and its world, compiled to the tables that rules read.

A schedule is a list of segments. Within a segment nothing changes, so that a run copies its tables once and steps
through its months. A world's facts
hold in every scenario; a scenario's entries add to them, up to the lever's or shock's maximum. Where both set
options, those of the scenario hold.

Months here are the engine's: 0 is the world's `past_from`.
"""

from __future__ import annotations

import itertools
import math
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import numpy as np
import numpy.typing as npt

from sim.costs import Amount, Costs, load_costs
from sim.engine.months import add_months, months_between
from sim.engine.problems import InputError
from sim.levers import LEVERS
from sim.levers.tables import Level, option_field, table_dtype
from sim.scenario import LeverEntry, Scenario, overlap
from sim.shocks import SHOCKS
from sim.world.entries import Scope
from sim.world.files import SUBSIDY_ROUND, World
from sim.world.state import AMBITIONS, SIZES, State

Integers = npt.NDArray[np.integer]
Mask = npt.NDArray[np.bool_]


@dataclass(frozen=True, kw_only=True)
class Layout:
    """Who is where in a world: whole numbers, one row an entity; it does not change during a run.

    Sizes are 0 small, 1 medium, 2 large; ambitions 0 activate, 1 save, 2 heat network; `initiative_post` is the
    row of the contact person's post
    (negative: none).
    """

    initiative_municipality: Integers
    initiative_size: Integers
    initiative_ambition: Integers
    initiative_post: Integers
    municipality_size: Integers
    post_municipality: Integers

    @property
    def rows(self) -> dict[Level, int]:
        """Number of rows of each table."""
        return {
            "initiative": len(self.initiative_municipality),
            "municipality": len(self.municipality_size),
            "post": len(self.post_municipality),
        }


def layout_of(state: State) -> Layout:
    """The layout of a world that was built (`sim.world.build`)."""
    return Layout(
        initiative_municipality=state.initiatives["municipality"].copy(),
        initiative_size=state.initiatives["size"].copy(),
        initiative_ambition=state.initiatives["ambition"].copy(),
        initiative_post=state.initiatives["post"].copy(),
        municipality_size=state.municipalities["size"].copy(),
        post_municipality=state.posts["municipality"].copy(),
    )


class Segment(NamedTuple):
    """Engine months `month_from` up to, and without, `month_to_exclusive`, in which the same holds.

    The tables are record arrays, one row an initiative, municipality or post. `parameters` are the scenario's own
    values; empty before policy_start.
    """

    month_from: int
    month_to_exclusive: int
    on_initiative: np.ndarray
    on_municipality: np.ndarray
    on_post: np.ndarray
    parameters: Mapping[str, float]


class _Setting(NamedTuple):
    """One thing that holds: a fact of the world or an entry of the scenario, in engine months."""

    what: str
    month_from: int
    month_to_exclusive: int
    intensity: float
    options: Mapping[str, float]
    scope: Scope
    costs: Costs | None  # none: a fact of the world is paid whatever the policy; its hours count when they are worked


class _Placed(NamedTuple):
    """A setting with the table that it is written to, the most that the table holds of it, and the rows it means."""

    setting: _Setting
    level: Level
    maximum: float
    mask: Mask


def compile_schedule(
    scenario: Scenario, world: World, layout: Layout, *, months: int | None = None, file: str | Path | None = None
) -> list[Segment]:
    """The segments that cover the engine months of `world`, in order and without gaps.

    `months` is the length from the world's first month on when it is not the world's own. Raises `InputError`
    (naming `file`, or else the
    scenario's id) for a date outside the world, two entries of a lever that overlap there, or a number in a scope
    that the world does not have.
    """
    check_in_world(scenario, world, months=months, file=file)
    _check_numbers(scenario, layout, file)
    end = world.past_months + (world.horizon if months is None else months)
    settings = [*_facts(world, end), *_entries(scenario, world, end)]
    start_of_policy = min(world.engine_month(world.policy_start), end)
    breaks = {0, end}
    for setting in settings:
        breaks |= {setting.month_from, setting.month_to_exclusive}
    if scenario.parameters:
        breaks.add(start_of_policy)
    edges = sorted(month for month in breaks if 0 <= month <= end)
    parameters = dict(sorted(scenario.parameters.items()))
    nothing: dict[str, float] = {}
    placed = [_placed(setting, layout) for setting in settings]
    return [
        Segment(first, last, *_tables(placed, first, layout), parameters if first >= start_of_policy else nothing)
        for first, last in itertools.pairwise(edges)
    ]


def first_month_of_effect(scenario: Scenario, world: World, *, months: int | None = None) -> float:
    """The first engine month in which the scenario can differ from as-now; infinite when it never does.

    An intensity of zero is no difference. Parameters differ from the policy's start on; costs only where they are
    booked, with their lever.
    """
    end = world.past_months + (world.horizon if months is None else months)
    found = [float(setting.month_from) for setting in _entries(scenario, world, end)]
    if scenario.parameters:
        found.append(float(world.engine_month(world.policy_start)))
    return min(found, default=math.inf)


def check_in_world(
    scenario: Scenario, world: World, *, months: int | None = None, file: str | Path | None = None
) -> None:
    """Raises `InputError` when a date of the scenario lies outside the world, or two entries of a lever overlap
    in it."""
    name = scenario.id if file is None else file
    last = add_months(world.first_month, max(world.horizon, months or 0) - 1)

    def check_month(month: str, field: str) -> None:
        if months_between(world.first_month, month) < 0 or months_between(month, last) < 0:
            raise InputError(
                name, field,
                f"{month} lies outside the world '{world.id}'; allowed: {world.first_month} to {last}",
                f"{month} ligt buiten de wereld '{world.id}'; toegestaan: {world.first_month} tot en met {last}",
            )  # fmt: skip

    for number, entry in enumerate(scenario.levers, start=1):
        start = entry.start or world.policy_start
        check_month(start, f"levers[{number}].start")
        if entry.end is None:
            continue
        check_month(entry.end, f"levers[{number}].end")
        if months_between(start, entry.end) < 0:
            raise InputError(
                name, f"levers[{number}].end",
                f"{entry.end} comes before the start; without a start a lever begins in {start}",
                f"{entry.end} ligt vóór het begin; zonder start begint een maatregel in {start}",
            )  # fmt: skip
    for number, shock in enumerate(scenario.shocks, start=1):
        check_month(shock.month, f"shocks[{number}].month")
    _check_overlaps(scenario, world, name)


def _check_overlaps(scenario: Scenario, world: World, name: str | Path) -> None:
    dated = [_dated(entry, world) for entry in scenario.levers]
    for j, second in enumerate(dated):
        for i, first in enumerate(dated[:j]):
            if first.lever == second.lever and first.may_overlap(second):
                refusal = overlap(first.lever, i, j)
                raise InputError(name, refusal.field, refusal.problem.en, refusal.problem.nl)


def _dated(entry: LeverEntry, world: World) -> LeverEntry:
    return entry if entry.start is not None else entry.model_copy(update={"start": world.policy_start})


def _check_numbers(scenario: Scenario, layout: Layout, file: str | Path | None) -> None:
    name = scenario.id if file is None else file
    places = [(f"levers[{i}]", entry.scope) for i, entry in enumerate(scenario.levers, start=1)]
    places += [(f"shocks[{i}]", entry.scope) for i, entry in enumerate(scenario.shocks, start=1)]
    levels: tuple[Level, Level] = ("initiative", "municipality")
    for place, scope in places:
        for level in levels:
            for number in getattr(scope, level) or ():
                if number >= layout.rows[level]:
                    raise InputError(
                        name, f"{place}.scope.{level}",
                        f"there is no {level} {number} in this world; allowed: 0 to {layout.rows[level] - 1}",
                        f"{level} {number} is er niet; toegestaan: 0 tot en met {layout.rows[level] - 1}",
                    )  # fmt: skip


def _facts(world: World, end: int) -> list[_Setting]:
    found = []
    for fact in world.facts:
        if fact.what == SUBSIDY_ROUND or fact.intensity == 0:
            continue
        start = world.engine_month(fact.start)
        if fact.what in SHOCKS and not SHOCKS[fact.what].lasts:
            stop = start + 1
        else:
            stop = end if fact.end is None else world.engine_month(fact.end) + 1
        start, stop = max(start, 0), min(stop, end)
        if start < stop:
            found.append(_Setting(fact.what, start, stop, fact.intensity, fact.options, fact.scope, None))
    return found


def _entries(scenario: Scenario, world: World, end: int) -> list[_Setting]:
    found = []
    costs = load_costs(scenario)
    for lever in scenario.levers:
        start = world.engine_month(lever.start or world.policy_start)
        stop = end if lever.end is None else min(world.engine_month(lever.end) + 1, end)
        if lever.intensity != 0 and start < stop:
            found.append(_Setting(lever.lever, start, stop, lever.intensity, lever.options, lever.scope, costs))
    for shock in scenario.shocks:
        start = world.engine_month(shock.month)
        stop = min(start + shock.months, end)
        if shock.intensity != 0 and start < stop:
            found.append(_Setting(shock.shock, start, stop, shock.intensity, {}, shock.scope, costs))
    return found


def _placed(setting: _Setting, layout: Layout) -> _Placed:
    entry = LEVERS[setting.what] if setting.what in LEVERS else SHOCKS[setting.what]
    return _Placed(setting, entry.level, entry.maximum, members(setting.scope, entry.level, layout))


def _tables(placed: list[_Placed], month: int, layout: Layout) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    rows = layout.rows
    tables = {level: np.zeros(rows[level], table_dtype(level)) for level in rows}
    for setting, level, maximum, mask in placed:
        if not setting.month_from <= month < setting.month_to_exclusive:
            continue
        table = tables[level]
        before = table[setting.what][mask]
        table[setting.what][mask] = np.minimum(before + setting.intensity, maximum)
        _book(table, mask, setting, table[setting.what][mask] - before)
        for option, value in setting.options.items():
            table[option_field(setting.what, option)][mask] = value
    for table in tables.values():
        table.flags.writeable = False
    return tables["initiative"], tables["municipality"], tables["post"]


def set_from_outside(s: State, segment: Segment) -> None:
    """Put what holds in a segment in the tables of a state, but for the parameters."""
    np.copyto(s.on_initiative, segment.on_initiative)
    np.copyto(s.on_municipality, segment.on_municipality)
    np.copyto(s.on_post, segment.on_post)


_BOOKED: dict[Amount, str] = {
    "hours_per_year": "cost_municipal_hours",
    "facilitator_hours_per_year": "cost_facilitator_hours",
    "euros_per_year": "cost_euros",
}


def _book(table: np.ndarray, mask: Mask, setting: _Setting, added: npt.NDArray[np.float64]) -> None:
    """Book what the intensity that was really added costs in a month on the rows concerned."""
    cost = setting.costs.levers.get(setting.what) if setting.costs else None
    if cost is None:
        return
    units = added / setting.options["caseload"] if cost.per == "facilitator" else added
    for amount, euros_or_hours in cost.booked(load_costs().levers[setting.what]).items():
        table[_BOOKED[amount]][mask] += units * euros_or_hours / 12


def members(scope: Scope, level: Level, layout: Layout) -> Mask:
    """Which rows of the table of `level` a scope means.

    A scope that names initiatives or ambitions means, among municipalities, those where such an initiative is,
    and among posts, the contact persons of
    such initiatives. Any other scope means all posts of the municipalities that match.
    """
    towns = np.ones(len(layout.municipality_size), dtype=bool)
    if scope.size is not None:
        towns &= np.isin(layout.municipality_size, [SIZES.index(size) for size in scope.size])
    if scope.municipality is not None:
        towns &= np.isin(np.arange(len(towns)), scope.municipality)
    initiatives: Mask = towns[layout.initiative_municipality]
    if scope.size is not None:
        initiatives &= np.isin(layout.initiative_size, [SIZES.index(size) for size in scope.size])
    if scope.ambition is not None:
        initiatives &= np.isin(layout.initiative_ambition, [AMBITIONS.index(ambition) for ambition in scope.ambition])
    if scope.initiative is not None:
        initiatives &= np.isin(np.arange(len(initiatives)), scope.initiative)
    if level == "initiative":
        return initiatives
    by_initiative = scope.ambition is not None or scope.initiative is not None
    if level == "municipality":
        return _named(layout.initiative_municipality[initiatives], len(towns)) if by_initiative else towns
    posts = layout.initiative_post[initiatives]
    return (
        _named(posts[posts >= 0], len(layout.post_municipality)) if by_initiative else towns[layout.post_municipality]
    )


def _named(rows: Integers, count: int) -> Mask:
    mask = np.zeros(count, dtype=bool)
    mask[rows] = True
    return mask
