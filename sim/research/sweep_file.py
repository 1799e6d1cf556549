"""Sweep files: a design of many runs, as YAML.

A sweep names scenarios, worlds and seeds, what is varied and by which design, and what is to be kept. Whatever is
wrong with it is an `InputError`.
"""

from __future__ import annotations

import re
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import AfterValidator, Field, field_validator, model_validator

from sim.engine.catalogue import Frozen, Text
from sim.engine.checking import check
from sim.engine.documents import read_document
from sim.engine.problems import Problem, RefusedError, shown, unknown_name
from sim.engine.shelf import find_file, ids_on
from sim.evidence.parameters import PARAMETERS
from sim.indicators import GROUPS, INDICATORS
from sim.levers import LEVERS
from sim.scenario import SCENARIOS
from sim.shocks import SHOCKS
from sim.world.entries import MONTH_PATTERN, Several, Slug, check_within, plain

SWEEPS = SCENARIOS / "sweeps"
SWEEP_KIND = Problem("sweep", "sweep")
SWEEP_FIELDS = frozenset({"vary", "design", "keep", "keep_months", "replicates", "chance"})
MOST_REPLICATES = 1_000_000
MOST_AXES = 200
MOST_SEED = 2**53 - 1
KEPT = ("decembers", "horizon", "every")

DesignKind = Literal["grid", "latin_hypercube", "sobol", "morris", "prior", "posterior", "list"]
ParameterRole = Literal["calibrated", "sensitivity", "all"]


def _known(known: Any, kind: Problem) -> Any:
    def known_name(name: str) -> str:
        if name not in known:
            problem = unknown_name(name, known, kind)
            raise RefusedError(problem.en, problem.nl)
        return name

    return AfterValidator(known_name)


IndicatorId = Annotated[
    str,
    _known(INDICATORS, Problem("indicator", "uitkomst")),
    Field(json_schema_extra={"enum": sorted(INDICATORS)}),
]
GroupId = Annotated[str, _known(GROUPS, Problem("group", "groep")), Field(json_schema_extra={"enum": list(GROUPS)})]
ParameterName = Annotated[
    str,
    _known(PARAMETERS, Problem("parameter", "parameter")),
    Field(json_schema_extra={"enum": sorted(PARAMETERS)}),
]
LeverName = Annotated[
    str, _known(LEVERS, Problem("lever", "maatregel")), Field(json_schema_extra={"enum": sorted(LEVERS)})
]
ShockName = Annotated[
    str, _known(SHOCKS, Problem("shock", "gebeurtenis")), Field(json_schema_extra={"enum": sorted(SHOCKS)})
]


class Vary(Frozen):
    """One thing that is varied: a parameter, a lever or shock (its intensity, or an `option`), or all `parameters` of
    a role at once.

    `low` and `high` are the ends of a range, or `values` lists what it can be. Left out, a parameter's range is that
    of its prior, and a lever's its own. `steps` divides a range evenly, for a grid. A lever of `scenario` is that
    scenario's alone (and added to it where it lacks one); without it, the lever of every scenario that has it.
    """

    parameter: ParameterName | None = None
    parameters: ParameterRole | None = None
    lever: LeverName | None = None
    shock: ShockName | None = None
    option: str | None = None
    scenario: str | None = None
    low: float | None = None
    high: float | None = None
    values: Annotated[tuple[float, ...] | None, Field(strict=False, min_length=1, max_length=10_000)] = None
    steps: Annotated[int, Field(ge=2, le=10_000)] | None = None
    scale: Literal["linear", "log"] | None = None

    @model_validator(mode="after")
    def _possible(self) -> Vary:
        given = [name for name in ("parameter", "parameters", "lever", "shock") if getattr(self, name) is not None]
        if len(given) != 1:
            raise RefusedError(
                "needs exactly one of parameter, parameters, lever and shock",
                "heeft precies één nodig van parameter, parameters, lever en shock",
            )
        if self.option is not None and self.lever is None:
            raise RefusedError("belongs to a lever; name the lever", "hoort bij een maatregel; noem die", "option")
        if self.scenario is not None and self.lever is None and self.shock is None:
            raise RefusedError(
                "belongs to a lever or a shock; a parameter holds for all scenarios",
                "hoort bij een maatregel of gebeurtenis; een parameter geldt voor alle scenario's",
                "scenario",
            )
        if self.parameters is not None:
            self._only_alone()
            return self
        self._check_option()
        self._check_numbers()
        return self

    def _only_alone(self) -> None:
        for name in ("low", "high", "values", "steps", "scale"):
            if getattr(self, name) is not None:
                raise RefusedError(
                    "each of these parameters has the range of its prior; vary one by its name to give another",
                    "elk van deze parameters heeft het bereik van zijn prior; noem er één om dat te veranderen",
                    name,
                )

    def _check_option(self) -> None:
        if self.lever is None or self.option is None:
            return
        options = LEVERS[self.lever].options
        if self.option not in options:
            problem = unknown_name(self.option, options, Problem(f"option of {self.lever}", f"optie van {self.lever}"))
            raise RefusedError(problem.en, problem.nl, "option")

    def _check_numbers(self) -> None:
        if self.values is not None:
            for name in ("low", "high", "steps", "scale"):
                if getattr(self, name) is not None:
                    raise RefusedError("cannot be given beside values", "kan niet naast values", name)
            if len(set(self.values)) < len(self.values):
                raise RefusedError("names a value twice", "noemt een waarde twee keer", "values")
        low, high, unit, whole = self.bounds()
        for number, value in enumerate(self.values or (), start=1):
            check_within(value, low, high, unit, f"values[{number}]")
            if whole and value != int(value):
                raise RefusedError(
                    f"{plain(value)} must be a whole number", f"{plain(value)} moet een geheel getal zijn",
                    f"values[{number}]",
                )  # fmt: skip
        for name in ("low", "high"):
            given = getattr(self, name)
            if given is not None:
                check_within(given, low, high, unit, name)
        first, last = self.range()
        if self.values is None and not first < last:
            raise RefusedError(
                f"the range {plain(first)} to {plain(last)} is empty; give low and high",
                f"het bereik {plain(first)} tot {plain(last)} is leeg; geef low en high",
                "low",
            )
        if self.scale == "log" and first <= 0:
            raise RefusedError("needs a range above zero", "heeft een bereik boven nul nodig", "scale")

    @property
    def name(self) -> str:
        """The name of its column: `trust_gain`, `structural_funding`, `structural_funding__amount`, with the scenario
        before it where one is named.
        """
        start = f"{self.scenario.replace('-', '_')}__" if self.scenario else ""
        end = f"__{self.option}" if self.option else ""
        return f"{start}{self.parameter or self.lever or self.shock}{end}"

    def bounds(self) -> tuple[float, float, Text, bool]:
        """What may be set: lowest, highest, in which unit, and whether only whole numbers."""
        if self.parameter is not None:
            parameter = PARAMETERS[self.parameter]
            return parameter.minimum, parameter.maximum, Text(nl=parameter.unit, en=parameter.unit), False
        entry = LEVERS[self.lever] if self.lever is not None else SHOCKS[str(self.shock)]
        if self.option is not None:
            option = entry.options[self.option]
            return option.minimum, option.maximum, option.unit, option.step == 1
        return entry.minimum, entry.maximum, entry.unit, False

    def range(self) -> tuple[float, float]:
        """The ends of what is varied."""
        if self.values is not None:
            return min(self.values), max(self.values)
        low, high, _, _ = self.bounds()
        if self.parameter is not None:
            prior = PARAMETERS[self.parameter].prior
            low, high = prior.low, prior.high
        return low if self.low is None else self.low, high if self.high is None else self.high

    @property
    def law(self) -> Literal["linear", "log"]:
        """How values are spread over the range: evenly, or evenly in their logarithm (as the prior where not said)."""
        if self.scale is not None:
            return self.scale
        if self.parameter is not None and PARAMETERS[self.parameter].prior.distribution == "loguniform":
            return "log"
        return "linear"


class Design(Frozen):
    """How points are chosen.

    `grid`: every combination. `latin_hypercube`: `points` of them. `sobol`: Saltelli's sample on `base` (a power of
    two), for Sobol indices. `morris`: `trajectories` on `levels`. `prior` and `posterior`: `draws` of all parameters
    at once, each with every combination of what else is varied. `list`: the `rows` themselves.
    """

    kind: DesignKind
    points: Annotated[int, Field(ge=1, le=10_000_000)] | None = None
    base: Annotated[int, Field(ge=2, le=2**20)] | None = None
    trajectories: Annotated[int, Field(ge=2, le=100_000)] | None = None
    levels: Annotated[int, Field(ge=2, le=100)] | None = None
    draws: Annotated[int, Field(ge=1, le=1_000_000)] | None = None
    rows: Annotated[tuple[dict[str, float], ...] | None, Field(strict=False, min_length=1, max_length=100_000)] = None
    seed: Annotated[int, Field(ge=0, le=2**32 - 1)] = 1

    @model_validator(mode="after")
    def _complete(self) -> Design:
        needs = {
            "latin_hypercube": "points",
            "sobol": "base",
            "morris": "trajectories",
            "prior": "draws",
            "posterior": "draws",
            "list": "rows",
        }
        needed = needs.get(self.kind)
        if needed is not None and getattr(self, needed) is None:
            raise RefusedError(f"missing; {self.kind} needs it", f"ontbreekt; {self.kind} heeft dit nodig", needed)
        allowed = {needed, "levels"} if self.kind == "morris" else {needed}
        for name in ("points", "base", "trajectories", "levels", "draws", "rows"):
            if getattr(self, name) is not None and name not in allowed:
                raise RefusedError(
                    f"does not belong to {self.kind}; leave it out", f"hoort niet bij {self.kind}; laat weg", name
                )
        if self.base is not None and self.base & (self.base - 1):
            raise RefusedError(
                f"{self.base} must be a power of two, such as 256", f"{self.base} moet een macht van twee zijn: 256",
                "base",
            )  # fmt: skip
        if self.levels is not None and self.levels % 2:
            raise RefusedError(f"{self.levels} must be even", f"{self.levels} moet even zijn", "levels")
        return self


def _kept_month(text: str) -> str:
    if text not in KEPT and not re.fullmatch(MONTH_PATTERN, text):
        raise RefusedError(
            f"'{shown(text)}' is not allowed; allowed: {', '.join(KEPT)}, or months YYYY-MM",
            f"'{shown(text)}' kan niet; toegestaan: {', '.join(KEPT)}, of maanden JJJJ-MM",
        )
    return text


KeptMonth = Annotated[str, AfterValidator(_kept_month)]


def _distinct_ids(scenarios: tuple[Any, ...]) -> tuple[Any, ...]:
    ids = [each.get("id") if isinstance(each, dict) else each for each in scenarios]
    for number, name in enumerate(ids, start=1):
        if name in ids[: number - 1]:
            raise RefusedError(f"'{name}' stands there twice", f"'{name}' staat er twee keer", f"[{number}]")
    return scenarios


class Sweep(Frozen):
    """One sweep. At each of its points every scenario lives through `replicates` worlds with the same chance events.

    The first scenario is the one that the others are set against. `worlds` and `seeds` multiply the points.
    `chance: same` gives all points the same chance events, so that differences between points are not luck; `fresh`
    gives each its own. `keep: summaries` keeps means and quantiles a point, `keep: runs` every run.
    """

    id: Slug
    name: Text
    description: Text
    scenarios: Annotated[
        tuple[str | dict[str, Any], ...],
        Field(strict=False, min_length=1, max_length=50),
        AfterValidator(_distinct_ids),
    ]
    worlds: Several[str] = ("reference",)
    seeds: Several[Annotated[int, Field(ge=0, le=MOST_SEED)]] = (1,)
    months: Annotated[int, Field(ge=1, le=600)] | None = None
    replicates: int = Field(ge=1, le=MOST_REPLICATES)
    chance: Literal["same", "fresh"] = "same"
    parameters: str = "prior-median"
    vary: Annotated[tuple[Vary, ...], Field(strict=False, max_length=MOST_AXES)] = ()
    design: Design
    indicators: Several[IndicatorId] = tuple(INDICATORS)
    groups: Several[GroupId] = ("all",)
    keep_months: Several[KeptMonth] = ("decembers",)
    keep: Literal["summaries", "runs"] = "summaries"

    @field_validator("vary")
    @classmethod
    def _each_once(cls, vary: tuple[Vary, ...]) -> tuple[Vary, ...]:
        names: list[str] = []
        for number, each in enumerate(vary, start=1):
            label = f"parameters: {each.parameters}" if each.parameters else each.name
            if label in names:
                raise RefusedError(f"{label} is varied twice", f"{label} wordt twee keer gevarieerd", f"[{number}]")
            names.append(label)
        return vary

    @model_validator(mode="after")
    def _fits(self) -> Sweep:
        kind = self.design.kind
        if kind in ("latin_hypercube", "sobol", "morris") and not self.vary:
            raise RefusedError(f"{kind} needs something to vary", f"{kind} heeft iets te variëren nodig", "vary")
        for number, each in enumerate(self.vary, start=1):
            discrete = each.values is not None or each.steps is not None
            if kind in ("grid", "prior", "posterior") and not discrete:
                raise RefusedError(
                    f"a {kind} needs values, or steps between low and high",
                    f"bij {kind} zijn values nodig, of steps tussen low en high",
                    f"vary[{number}]",
                )
            if kind not in ("grid", "prior", "posterior") and each.steps is not None:
                raise RefusedError(f"does not belong to {kind}", f"hoort niet bij {kind}", f"vary[{number}].steps")
            if kind in ("prior", "posterior", "list") and each.parameters is not None:
                raise RefusedError(
                    f"{kind} says the parameters itself", f"{kind} zegt zelf wat de parameters zijn", f"vary[{number}]"
                )
            if kind == "prior" and each.parameter is not None:
                raise RefusedError(
                    f"{each.parameter} is drawn already", f"{each.parameter} wordt al getrokken", f"vary[{number}]"
                )
        if kind == "list":
            self._check_rows()
        return self

    def _check_rows(self) -> None:
        names = [each.name for each in self.vary]
        for number, row in enumerate(self.design.rows or (), start=1):
            place = f"design.rows[{number}]"
            for name in row:
                if name not in names:
                    problem = unknown_name(name, names, Problem("column (see vary)", "kolom (zie vary)"))
                    raise RefusedError(problem.en, problem.nl, f"{place}.{name[:40]}")
            for each in self.vary:
                if each.name not in row:
                    raise RefusedError("missing; it must be given", "ontbreekt; dit veld is nodig",
                                       f"{place}.{each.name}")  # fmt: skip
                low, high, unit, whole = each.bounds()
                check_within(row[each.name], low, high, unit, f"{place}.{each.name}")
                if whole and row[each.name] != int(row[each.name]):
                    raise RefusedError("must be a whole number", "moet een geheel getal zijn", f"{place}.{each.name}")


def parse_sweep(data: dict[str, Any], file: str | Path) -> Sweep:
    """The sweep that plain data describe. Raises `InputError`."""
    return check(Sweep, data, file)


def sweep_path(name: str | Path) -> Path:
    """The file that an id or a path means. Raises `InputError`."""
    return find_file(name, SWEEPS, SWEEP_KIND)


def load_sweep(name: str | Path) -> Sweep:
    """The sweep with this id (a shipped one) or in the file at this path. Raises `InputError`."""
    path = sweep_path(name)
    return parse_sweep(read_document(path), path)


def shipped_sweeps() -> dict[str, Sweep]:
    """All shipped sweeps, by id."""
    return {name: load_sweep(name) for name in ids_on(SWEEPS)}
