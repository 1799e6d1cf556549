"""Paired runs: every scenario lives through the same worlds, with the same chance events, and is set against the first.

Before its first month a scenario is the world going on as now, to the last bit. So the common past is run once a
replicate, and each scenario is forked from it where it departs. Results are summarised as they come; memory does not
grow with the number of replicates.
"""

from __future__ import annotations

import threading
from collections.abc import Callable, Mapping, MutableMapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.blocks import Cancelled, in_order
from sim.engine.checking import whole_number
from sim.engine.compiling import this_model
from sim.engine.documents import read_document
from sim.engine.problems import InputError, Problem, unknown_name
from sim.engine.randomness import key_of
from sim.evidence.parameters import PARAMETERS, parameter_hash, record
from sim.first_compile import compile_rules
from sim.indicators import GROUPS, INDICATORS
from sim.indicators.observe import new_sums
from sim.month import advance, begin_replicate
from sim.posterior import fit_in_words, fits_this_model, is_posterior, median_record, posterior_records
from sim.result import ParameterSet, Result, new_summaries
from sim.scenario import Scenario, load_scenario, scenario_data
from sim.schedule import Layout, Segment, compile_schedule, first_month_of_effect, layout_of, set_from_outside
from sim.world.build import build
from sim.world.files import World, load_world
from sim.world.state import State, copy_state

__all__ = ["Cancelled", "Parameters", "Stage", "compare", "default_parameters", "load_parameters"]

AS_NOW = "as-now"
MOST = 2**53 - 1  # seeds and replicates
LONGEST = 600  # months
FORK = ""  # under this instead of what a scenario does, a memory holds the state in which the common past ends
Memory = MutableMapping[tuple[str, int], Any]  # (what a scenario does, replicate) -> outcomes


@dataclass(frozen=True, eq=False)
class Parameters:
    """Parameter values: one row, or many draws of which replicate r takes row r modulo their number (the same for all
    scenarios).
    """

    name: str
    rows: np.ndarray
    calibrated: bool = False
    fit: Mapping[str, Any] = field(default_factory=dict)  # more that results say (see `ParameterSet`)

    def described(self) -> ParameterSet:
        """Name and hash, as results state them."""
        return self._described

    @cached_property
    def _described(self) -> ParameterSet:
        return ParameterSet(name=self.name, hash=parameter_hash(self.rows), calibrated=self.calibrated, **self.fit)


def default_parameters() -> Parameters:
    """What a comparison uses when nobody says: the shipped fit if it belongs to this model, a draw a replicate; else
    the medians of the priors, which is not calibrated.
    """
    return load_parameters("posterior" if fits_this_model() else "prior-median")


def load_parameters(name: str | Path | Mapping[str, float] | Parameters | None = None) -> Parameters:
    """Parameters by name (``prior-median``, ``posterior``: a draw a replicate, ``posterior-median``), from a file of
    ``name: value`` lines or a folder that `samenspel calibrate` made, or given as a mapping; nothing given:
    `default_parameters`. Raises `InputError`.
    """
    if name is None:
        return default_parameters()
    if isinstance(name, Parameters):
        return name
    if isinstance(name, Mapping):
        return Parameters("own values", _checked(name, "parameters"), fit={"own": dict(name)})
    if str(name) == "prior-median":
        return Parameters("prior-median", record())
    if str(name) == "posterior":
        return Parameters("posterior", posterior_records(), True, fit_in_words())
    if str(name) == "posterior-median":
        return Parameters("posterior-median", median_record(posterior_records()), True, fit_in_words())
    if is_posterior(Path(name)):
        folder = Path(name)
        return Parameters(f"posterior in {folder.name}", posterior_records(folder), True, fit_in_words(folder))
    values = read_document(name)
    return Parameters(Path(name).name, _checked(values, str(name)), fit={"own": values})


def _checked(values: Mapping[str, object], file: str) -> np.ndarray:
    """A record with these values, each known and within its range."""
    checked: dict[str, float] = {}
    for key, value in values.items():
        if key not in PARAMETERS:
            problem = unknown_name(str(key), PARAMETERS, Problem("parameter", "parameter"))
            raise InputError(file, str(key), problem.en, problem.nl)
        parameter = PARAMETERS[key]
        if (
            isinstance(value, bool)
            or not isinstance(value, (int, float))
            or not parameter.minimum <= value <= parameter.maximum
        ):
            allowed = f"{parameter.minimum:g} to {parameter.maximum:g} {parameter.unit}"
            raise InputError(
                file,
                str(key),
                f"{value!r} is not allowed; allowed: {allowed}",
                f"{value!r} kan niet; toegestaan: {allowed}",
            )
        checked[key] = float(value)
    return record(checked)


@dataclass
class Track:
    """A scenario on a stage: its segments and the engine month from which it differs from going on as now (infinite:
    never).
    """

    segments: list[Segment]
    departs: float


@dataclass
class Stage:
    """A world with its parameters and seed, ready to be run; it remembers what can be used again.

    With ``remember``, the states at ``policy_start`` and each scenario's outcomes are kept in ``memory``, so that a
    changed scenario reruns only its own months. Several threads may use a stage at once: what they keep is the same to
    the last bit, whoever computes it, and nothing that is kept is written to. A memory may forget what it likes.
    """

    world: World
    months: int
    seed: int
    parameters: Parameters
    remember: bool = False
    memory: Memory = field(default_factory=dict)
    start: State = field(init=False)
    layout: Layout = field(init=False)
    fork: int = field(init=False)
    trunk: Track = field(init=False)
    _workshop: threading.local = field(init=False, default_factory=threading.local)

    def __post_init__(self) -> None:
        self.start = build(self.world, months=self.months)
        self.layout = layout_of(self.start)
        self.fork = min(self.world.engine_month(self.world.policy_start), self.total)
        self.trunk = self.track(load_scenario(AS_NOW))

    @cached_property
    def past(self) -> int:
        """Months that run before the first month of the results."""
        return self.world.past_months

    @property
    def total(self) -> int:
        """Months that are run in all."""
        return self.past + self.months

    def track(self, scenario: Scenario) -> Track:
        """The scenario's segments on this stage. Raises `InputError` where it doesn't fit the world."""
        segments = compile_schedule(scenario, self.world, self.layout, months=self.months)
        return Track(segments, first_month_of_effect(scenario, self.world, months=self.months))

    def begin(self, s: State, replicate: int) -> None:
        """Bring a state to month 0 of a replicate."""
        compile_rules()
        copy_state(self.start, s)
        s.parameters[0] = self.parameters.rows[replicate % len(self.parameters.rows)]
        begin_replicate(s, key_of(self.seed, replicate))

    def run(self, s: State, track: Track, replicate: int, first: int, last: int, out: np.ndarray) -> None:
        """Run engine months ``first`` to ``last`` (without) of a track; ``out`` (months, groups, indicators) is filled
        from row ``first`` on.
        """
        sums = self._tools()[2]
        for segment in track.segments:
            begin, end = max(first, segment.month_from), min(last, segment.month_to_exclusive)
            if begin >= end:
                continue
            self.set_from_outside(s, segment, replicate)
            advance(s, end - begin, out[begin:end], sums)

    def set_from_outside(self, s: State, segment: Segment, replicate: int) -> None:
        """Put what holds in a segment in a state: the tables of levers and shocks, and the parameters."""
        set_from_outside(s, segment)
        s.parameters[0] = self.parameters.rows[replicate % len(self.parameters.rows)]
        for name, value in segment.parameters.items():
            s.parameters[name] = value

    def _tools(self) -> tuple[State, State, np.ndarray, np.ndarray]:
        """This thread's own states and room for outcomes."""
        if not hasattr(self._workshop, "tools"):
            shape = (len(GROUPS), len(INDICATORS))
            self._workshop.tools = (
                copy_state(self.start),
                copy_state(self.start),
                new_sums(),
                np.empty((self.total, *shape)),
            )
        tools: tuple[State, State, np.ndarray, np.ndarray] = self._workshop.tools
        return tools

    def outcomes(
        self, tracks: Mapping[str, Track], replicate: int, cancelled: Callable[[], bool] | None = None
    ) -> dict[str, np.ndarray]:
        """Outcomes (groups, indicators, months) of one replicate for each track, by key."""
        kept = {key: self.memory.get((key, replicate)) for key in tracks} if self.remember else {}
        found = {key: values for key, values in kept.items() if values is not None}
        todo = sorted((track.departs, key) for key, track in tracks.items() if key not in found)
        if not todo:
            return found
        state, branch, _, out = self._tools()
        month = self._to_fork(state, out, replicate, todo[0][0])
        for departs, key in todo:
            if cancelled is not None and cancelled():
                raise Cancelled
            until = int(min(departs, self.total))
            if until > month:
                self.run(state, self.trunk, replicate, month, until, out)
                month = until
            mine = out.copy()
            if month < self.total:
                self.run(copy_state(state, branch), tracks[key], replicate, month, self.total, mine)
            found[key] = np.ascontiguousarray(np.moveaxis(mine[self.past :], 0, 2))
            found[key].flags.writeable = False
            if self.remember:
                self.memory[key, replicate] = found[key]
        return found

    def _to_fork(self, state: State, out: np.ndarray, replicate: int, first_departure: float) -> int:
        """Bring the trunk to where it can be taken up: the remembered fork, unless somebody departs before it."""
        if not self.remember or self.fork == 0 or first_departure < self.fork:
            self.begin(state, replicate)
            return 0
        kept = self.memory.get((FORK, replicate))
        if kept is not None:
            copy_state(kept[0], state)
            out[: self.fork] = kept[1]
        else:
            self.begin(state, replicate)
            self.run(state, self.trunk, replicate, 0, self.fork, out)
            self.memory[FORK, replicate] = (copy_state(state), out[: self.fork].copy())
        return self.fork

    def forget(self, keys: set[str]) -> None:
        """Drop remembered outcomes of all scenarios but these (see `content_key`)."""
        for kept in [each for each in self.memory if each[0] not in keys and each[0] != FORK]:
            del self.memory[kept]


def compare(
    scenarios: Sequence[Scenario | str | Path],
    *,
    world: World | str | Path = "reference",
    replicates: int = 200,
    months: int | None = None,
    seed: int = 1,
    parameters: str | Path | Mapping[str, float] | Parameters | None = None,
    workers: int | None = None,
    every_month: bool = False,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    stage: Stage | None = None,
) -> Result:
    """Run scenarios on the same ``replicates`` worlds and compare each with the first.

    ``months``: length from the world's first month on (default: its horizon). ``workers``: threads (default: one a
    core; the numbers do not depend on it). ``progress(done, total)`` is called after every replicate; when
    ``cancelled()`` is true, `Cancelled` is raised within a fraction of a second. A ``stage`` given is used instead of
    world, months, seed and parameters, and remembers what can be used again. Raises `InputError` for input that does
    not fit, `TypeError` or `ValueError` for numbers that cannot be.
    """
    if isinstance(scenarios, str | Path | Scenario) or not scenarios:
        raise TypeError(f"scenarios: {scenarios!r} is not a list of scenarios; allowed: one and more")
    whole_number("replicates", replicates, 1, MOST)
    whole_number("seed", seed, 0, MOST)
    if months is not None:
        whole_number("months", months, 1, LONGEST)
    if workers is not None:
        whole_number("workers", workers, 1, MOST)
    chosen = [each if isinstance(each, Scenario) else load_scenario(each) for each in scenarios]
    if stage is None:
        setting = world if isinstance(world, World) else load_world(world)
        stage = Stage(setting, setting.horizon if months is None else months, seed, load_parameters(parameters))
    tracks = {content_key(each): stage.track(each) for each in chosen}
    keys = [content_key(each) for each in chosen]
    labels = [stage.world.month_name(month) for month in range(stage.past, stage.total)]
    summaries = new_summaries(len(chosen), GROUPS, tuple(INDICATORS.values()), labels, every_month=every_month)
    ready = stage

    def work(replicate: int) -> np.ndarray:
        found = ready.outcomes(tracks, replicate, cancelled)
        return np.stack([found[key] for key in keys])

    for replicate, values in enumerate(in_order(work, 0, replicates, workers=workers, cancelled=cancelled)):
        summaries.add(values, replicate)
        if progress is not None:
            progress(replicate + 1, replicates)
    return Result.from_summaries(
        summaries,
        documents=[scenario_data(each) for each in chosen],
        groups=GROUPS,
        indicators=tuple(INDICATORS.values()),
        months=labels,
        world=stage.world.model_dump(mode="json", exclude_none=True),
        seed=stage.seed,
        parameter_set=stage.parameters.described(),
        model_hash=this_model(),
    )


def content_key(scenario: Scenario) -> str:
    """What a scenario does, as text: two scenarios that differ only in name share their outcomes."""
    data = {key: value for key, value in scenario_data(scenario).items() if key not in ("id", "name", "description")}
    return repr(data)
