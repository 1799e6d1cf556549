"""Scenario files: how a policy, or what befalls people, differs from going on as now.

A scenario names levers and shocks with their months, intensity and scope, and parameters and costs that differ. What
it leaves out is as the world
has it. `load_scenario` reads a shipped scenario by its id or a person's own file by its path; whatever is wrong with
it is an `InputError`.
"""

from __future__ import annotations

import itertools
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Protocol

from pydantic import AfterValidator, Field, ValidationInfo, field_validator, model_validator

from sim.engine.catalogue import Frozen, Text
from sim.engine.checking import check
from sim.engine.documents import parse_document, read_document
from sim.engine.months import months_between
from sim.engine.problems import InputError, Problem, RefusedError, unknown_name
from sim.engine.shelf import find_file, ids_on
from sim.levers import LEVERS, Lever
from sim.shocks import SHOCKS, Shock
from sim.world.entries import EVERYONE, Month, Scope, Slug, check_scope, check_within, with_all_options

SCENARIOS = Path(__file__).resolve().parent.parent / "scenarios"
AS_NOW = "as-now"
COSTS = "costs"
SCENARIO_KIND = Problem("scenario", "scenario")
MOST_ENTRIES = 200
LONGEST_SHOCK = 120


def _known_lever(name: str) -> str:
    if name not in LEVERS:
        problem = unknown_name(name, LEVERS, Problem("lever", "maatregel"))
        raise RefusedError(problem.en, problem.nl)
    return name


def _known_shock(name: str) -> str:
    if name not in SHOCKS:
        problem = unknown_name(name, SHOCKS, Problem("shock", "gebeurtenis"))
        raise RefusedError(problem.en, problem.nl)
    return name


LeverId = Annotated[str, AfterValidator(_known_lever), Field(json_schema_extra={"enum": sorted(LEVERS)})]
ShockId = Annotated[str, AfterValidator(_known_shock), Field(json_schema_extra={"enum": sorted(SHOCKS)})]


def _with_default_intensity(data: Any, key: str, catalogue: Mapping[str, Lever | Shock]) -> Any:
    """The data of an entry, with the default of its lever or shock where no intensity was given."""
    if isinstance(data, dict) and "intensity" not in data and isinstance(data.get(key), str) and data[key] in catalogue:
        return {**data, "intensity": catalogue[data[key]].default}
    return data


class LeverEntry(Frozen):
    """A lever from `start` (none: the world's policy_start) to `end` (none: the end of the world), both months
    included.

    `intensity` is in the lever's unit and adds to what the world already has; `options` holds a value for every
    option of the lever.
    """

    lever: LeverId
    start: Month | None = None
    end: Month | None = None
    intensity: float = Field(default=0.0, validate_default=False)
    options: dict[str, float] = Field(default_factory=dict)
    scope: Scope = EVERYONE

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        return _with_default_intensity(data, "lever", LEVERS)

    @model_validator(mode="after")
    def _possible(self) -> LeverEntry:
        lever = LEVERS[self.lever]
        check_within(self.intensity, lever.minimum, lever.maximum, lever.unit, "intensity")
        object.__setattr__(self, "options", with_all_options(lever, self.options))
        check_scope(lever, self.scope)
        if self.start is not None and self.end is not None and months_between(self.start, self.end) < 0:
            raise RefusedError(
                f"{self.end} comes before the start, {self.start}",
                f"{self.end} ligt vóór het begin, {self.start}",
                "end",
            )
        return self

    def may_overlap(self, other: LeverEntry) -> bool:
        """Whether the two could hold for the same initiative in the same month; a start that depends on the
        world could be any month."""
        if self.scope.disjoint_from(other.scope):
            return False
        return not (_before(self.end, other.start) or _before(other.end, self.start))


def _before(end: str | None, start: str | None) -> bool:
    return end is not None and start is not None and months_between(end, start) > 0


class ShockEntry(Frozen):
    """A shock in `month`; one that lasts goes on for `months` months, the first included."""

    shock: ShockId
    month: Month
    intensity: float = Field(default=0.0, validate_default=False)
    months: int = Field(default=0, ge=1, le=LONGEST_SHOCK, validate_default=False)
    scope: Scope = EVERYONE

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        data = _with_default_intensity(data, "shock", SHOCKS)
        if (
            isinstance(data, dict)
            and "months" not in data
            and isinstance(data.get("shock"), str)
            and data["shock"] in SHOCKS
        ):
            return {**data, "months": SHOCKS[data["shock"]].default_months}
        return data

    @model_validator(mode="after")
    def _possible(self) -> ShockEntry:
        shock = SHOCKS[self.shock]
        check_within(self.intensity, shock.minimum, shock.maximum, shock.unit, "intensity")
        if not shock.lasts and self.months != 1:
            raise RefusedError(
                f"{self.shock} happens in one month and does not last; leave months out",
                f"{self.shock} gebeurt in één maand en duurt niet; laat months weg",
                "months",
            )
        return self


class CostChange(Frozen):
    """What differs from scenarios/costs.yaml, in that file's units."""

    hours_per_year: float | None = Field(default=None, ge=0, le=1_000_000)
    volunteer_hours_per_year: float | None = Field(default=None, ge=0, le=1_000_000)
    facilitator_hours_per_year: float | None = Field(default=None, ge=0, le=1_000_000)
    euros_per_year: float | None = Field(default=None, ge=0, le=1_000_000_000)


class KnownParameter(Protocol):
    """What a scenario needs to know of a parameter."""

    @property
    def unit(self) -> str: ...
    @property
    def minimum(self) -> float: ...
    @property
    def maximum(self) -> float: ...
    @property
    def role(self) -> str: ...


class Scenario(Frozen):
    """One scenario. `as-now` has no entries at all, and is what the others are compared with."""

    id: Slug
    name: Text
    description: Text
    levers: Annotated[tuple[LeverEntry, ...], Field(strict=False, max_length=MOST_ENTRIES)] = ()
    shocks: Annotated[tuple[ShockEntry, ...], Field(strict=False, max_length=MOST_ENTRIES)] = ()
    parameters: dict[str, float] = Field(default_factory=dict)
    costs: dict[str, CostChange] = Field(default_factory=dict)

    @field_validator("parameters")
    @classmethod
    def _known_parameters(cls, values: dict[str, float], info: ValidationInfo) -> dict[str, float]:
        known = (info.context or {}).get("parameters")
        for name, value in values.items():
            _check_parameter(name, value, known_parameters() if known is None else known)
        return values

    @field_validator("costs")
    @classmethod
    def _known_costs(cls, costs: dict[str, CostChange]) -> dict[str, CostChange]:
        for name in costs:
            if name not in LEVERS and name not in SHOCKS:
                problem = unknown_name(name, LEVERS, Problem("lever", "maatregel"))
                raise RefusedError(problem.en, problem.nl, name[:40])
        return costs

    @model_validator(mode="after")
    def _consistent(self) -> Scenario:
        if self.id == AS_NOW and (self.levers or self.shocks or self.parameters or self.costs):
            raise RefusedError(
                f"'{AS_NOW}' is the scenario without any change; choose another id",
                f"'{AS_NOW}' is het scenario zonder verandering; kies een andere id",
                "id",
            )
        for (i, first), (j, second) in itertools.combinations(enumerate(self.levers), 2):
            if first.lever == second.lever and first.may_overlap(second):
                raise overlap(first.lever, i, j)
        return self


def overlap(lever: str, first: int, second: int) -> RefusedError:
    """The refusal of two entries of one lever that could hold for the same initiative in the same month (numbers
    from 0)."""
    return RefusedError(
        f"overlaps with levers[{first + 1}], also {lever}; give them months, or a scope, that share nothing",
        f"overlapt met levers[{first + 1}], ook {lever}; geef ze maanden, of een scope, zonder overlap",
        f"levers[{second + 1}]",
    )


def known_parameters() -> Mapping[str, KnownParameter]:
    """The parameters of the model, by name."""
    # Read only when a scenario names a parameter: the catalogue of parameters is larger than a scenario.
    from sim.evidence.parameters import PARAMETERS

    return PARAMETERS


def _check_parameter(name: str, value: float, known: Mapping[str, KnownParameter]) -> None:
    changeable = [other for other, parameter in known.items() if parameter.role != "calibrated"]
    field = name[:40]
    if name not in known:
        problem = unknown_name(name, changeable, Problem("parameter", "parameter"))
        raise RefusedError(problem.en, problem.nl, field)
    parameter = known[name]
    if parameter.role == "calibrated":
        raise RefusedError(
            "is calibrated on the interviews; a scenario may only change other parameters",
            "is afgesteld op de interviews; een scenario mag alleen andere parameters veranderen",
            field,
        )
    check_within(value, parameter.minimum, parameter.maximum, Text(nl=parameter.unit, en=parameter.unit), field)


# Loading -----------------------------------------------------------------------------------------------------------


def parse_scenario(
    data: dict[str, Any], file: str | Path, parameters: Mapping[str, KnownParameter] | None = None
) -> Scenario:
    """The scenario that plain data describe; `parameters` are those that may be named (none: the model's). Raises
    `InputError`."""
    return check(Scenario, data, file, {"parameters": parameters})


def read_scenario(raw: bytes | str, file: str | Path) -> Scenario:
    """The scenario in the text of a YAML file, such as an upload; `file` is the name that messages carry. Raises
    `InputError`."""
    return parse_scenario(parse_document(raw, file), file)


def load_scenario(name: str | Path) -> Scenario:
    """The scenario with this id (a shipped one) or in the file at this path. Raises `InputError`."""
    path = find_file(name, SCENARIOS, SCENARIO_KIND, but=[COSTS])
    return parse_scenario(read_document(path), path)


def load_scenarios(names: list[str] | tuple[str, ...]) -> list[Scenario]:
    """Several scenarios, in order. Raises `InputError` for two with the same id: their results could not be told
    apart."""
    found: list[Scenario] = []
    for name in names:
        scenario = load_scenario(name)
        if any(scenario.id == other.id for other in found):
            raise InputError(
                name, "id", f"'{scenario.id}' was given already; each scenario must have its own id",
                f"'{scenario.id}' is er al; elk scenario moet een eigen id hebben",
            )  # fmt: skip
        found.append(scenario)
    return found


def shipped_scenarios() -> dict[str, Scenario]:
    """All shipped scenarios by id: as-now first, then in alphabetical order."""
    names = ids_on(SCENARIOS, but=[COSTS])
    return {name: load_scenario(name) for name in sorted(names, key=lambda name: (name != AS_NOW, name))}


def scenario_data(scenario: Scenario) -> dict[str, Any]:
    """The scenario as plain data that `parse_scenario` reads back to an equal scenario; what is as everybody has
    it is left out."""
    data = scenario.model_dump(mode="json", exclude_none=True)
    for entry in [*data["levers"], *data["shocks"]]:
        if not entry["scope"]:
            del entry["scope"]
        if not entry.get("options", True):
            del entry["options"]
    for entry in data["shocks"]:
        if not SHOCKS[entry["shock"]].lasts:
            del entry["months"]
    return {key: value for key, value in data.items() if value or key in ("id", "name", "description")}
