"""World files: the stage on which scenarios are played.

A world is national (`reference`, the years of the interviews; `projection`, those years and what comes after) or one
municipality that a person
describes. Months in a file are written YYYY-MM. The engine counts months from `past_from`; results count from
`first_month`, and what runs in
between is the world's past, the same in every scenario.
"""

from __future__ import annotations

import itertools
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from sim.engine.catalogue import Frozen, Text
from sim.engine.checking import check
from sim.engine.documents import read_document
from sim.engine.months import add_months, format_month, months_between, parse_month
from sim.engine.problems import InputError, Problem, RefusedError, unknown_name
from sim.engine.shelf import find_file, ids_on
from sim.levers import LEVERS, Lever
from sim.shocks import SHOCKS, Shock
from sim.world.entries import EVERYONE, Ambition, Month, Scope, Size, Slug, check_scope, check_within, with_all_options

SCENARIOS = Path(__file__).resolve().parent.parent.parent / "scenarios"
WORLDS = SCENARIOS / "worlds"
WORLD_KIND = Problem("world", "wereld")
SUBSIDY_ROUND = "subsidy_round"
SMALL_BELOW, LARGE_ABOVE = 30_000, 100_000
MOST_INITIATIVES = 200
LONGEST = 600
PRODUCTIVE_HOURS_A_MONTH = 1363 / 12

Maturity = Literal["starting", "building", "experienced"]
Status = Literal["interviewed", "inferred", "assumption", "sourced"]
Share = Annotated[float, Field(ge=0, le=1)]

# What a world's file holds -----------------------------------------------------------------------------------------


class Sourced(Frozen):
    """Something that is said about the real world: where it comes from, and how sure that is."""

    source: str = Field(min_length=1, max_length=1000)
    status: Status


class Fact(Sourced):
    """What happened, or is taken to happen, in every scenario of a world: a lever, a shock, or a round of subsidy
    that is not the municipality's.

    It holds from `start` to `end` (both included; no end: to the end of the world) with `intensity` in the unit
    of the lever or shock; for a round
    of subsidy: the share of the ordinary chance of money, 0 to 1.
    """

    what: str
    start: Month
    end: Month | None = None
    intensity: float
    options: dict[str, float] = Field(default_factory=dict)
    scope: Scope = EVERYONE
    note: Text

    @model_validator(mode="after")
    def _possible(self) -> Fact:
        known: dict[str, Lever | Shock] = {**LEVERS, **SHOCKS}
        if self.what != SUBSIDY_ROUND and self.what not in known:
            problem = unknown_name(
                self.what, [*known, SUBSIDY_ROUND], Problem("lever or shock", "maatregel of gebeurtenis")
            )
            raise RefusedError(problem.en, problem.nl, "what")
        if self.end is not None and months_between(self.start, self.end) < 0:
            raise RefusedError(
                f"{self.end} comes before the start, {self.start}",
                f"{self.end} ligt vóór het begin, {self.start}",
                "end",
            )
        if self.what == SUBSIDY_ROUND:
            check_within(self.intensity, 0, 1, Text(nl="deel", en="share"), "intensity")
            if self.scope != EVERYONE or self.options:
                raise RefusedError("a round of subsidy is for everyone", "een subsidieronde is voor iedereen", "scope")
            return self
        entry = known[self.what]
        check_within(self.intensity, entry.minimum, entry.maximum, entry.unit, "intensity")
        check_scope(entry, self.scope)
        if isinstance(entry, Lever):
            object.__setattr__(self, "options", with_all_options(entry, self.options))
        elif self.options:
            raise RefusedError("a shock has no options", "een gebeurtenis heeft geen opties", "options")
        return self


class Inflow(Sourced):
    """When initiatives come in, and how many."""

    supported: int = Field(
        ge=1, le=100_000, description="Initiatives that are supported in the years of the interviews"
    )
    entry_months: int = Field(ge=1, le=LONGEST, description="Months, from past_from on, over which these enter")
    share_at_start: Share = Field(description="Share of them that is there in the first month; the others enter evenly")
    older_ties_share: Share = Field(
        description="Share of those there at the start that had a tie with the municipality before"
    )
    inflow_per_year: float = Field(ge=0, le=10_000, description="New initiatives a year after the entry months")


class SizeClass(Sourced):
    """Municipalities of one size class."""

    share: Share = Field(description="Share of the initiatives that are placed here (the share of the population)")
    municipalities: int = Field(ge=1, le=10_000)
    inhabitants: Annotated[tuple[int, int], Field(strict=False)]
    fte: Annotated[tuple[float, float], Field(strict=False, description="Staff for heat, lowest and highest")]
    posts: int = Field(ge=1, le=12, description="Posts of officials who work with initiatives")

    @model_validator(mode="after")
    def _ordered(self) -> SizeClass:
        for name, (low, high) in (("inhabitants", self.inhabitants), ("fte", self.fte)):
            if not 0 < low <= high:
                raise RefusedError(
                    "must be two numbers above 0, the lowest first",
                    "moet uit twee getallen boven 0 bestaan, het laagste eerst",
                    name,
                )
        return self


class SizeClasses(Frozen):
    """The three size classes of the report: below 30,000, up to and above 100,000 inhabitants."""

    small: SizeClass
    medium: SizeClass
    large: SizeClass

    @model_validator(mode="after")
    def _whole(self) -> SizeClasses:
        _sums_to_one(self.small.share + self.medium.share + self.large.share, "share")
        return self


class AmbitionShares(Sourced):
    """What initiatives want: wake up the neighbours, save energy, or own a heat network."""

    activate: Share
    save: Share
    heat_network: Share

    @model_validator(mode="after")
    def _whole(self) -> AmbitionShares:
        _sums_to_one(self.activate + self.save + self.heat_network)
        return self


def _sums_to_one(total: float, field: str = "") -> None:
    if abs(total - 1) > 1e-6:
        raise RefusedError(
            f"the shares add up to {total:g}; they must add up to 1",
            f"de delen tellen op tot {total:g}; het moet 1 zijn",
            field,
        )


class Facilitators(Sourced):
    """The facilitators that are there without any policy."""

    number: int = Field(ge=0, le=10_000)
    caseload: int = Field(ge=1, le=100, description="Most initiatives that one facilitator helps at the same time")
    style: Annotated[
        tuple[Share, Share], Field(strict=False, description="Lowest and highest style; 0 steering, 1 coaching")
    ]
    adaptive_share: Share


class AdoptedBy(Sourced):
    """By this month this share of the municipalities had adopted its heat vision."""

    month: Month
    share: Share


class Described(Frozen):
    """One initiative as a person describes it."""

    name: str | None = Field(default=None, min_length=1, max_length=80)
    ambition: Ambition
    maturity: Maturity = "building"


class World(Frozen):
    """What every world has. See `NationalWorld` and `MunicipalityWorld`."""

    id: Slug
    name: Text
    description: Text
    kind: Literal["reference", "projection", "municipality"]
    first_month: Month
    past_from: Month = Field(default="", validate_default=False)
    horizon: int = Field(ge=1, le=LONGEST, description="Months from first_month on")
    policy_start: Month
    facts: Annotated[tuple[Fact, ...], Field(strict=False, max_length=500)] = ()

    @model_validator(mode="after")
    def _possible_dates(self) -> World:
        if not self.past_from:
            object.__setattr__(self, "past_from", self.first_month)
        if not 0 <= self.past_months <= LONGEST:
            raise RefusedError(
                f"{self.past_from} must be {self.first_month}, or at most {LONGEST} months before it",
                f"{self.past_from} moet {self.first_month} zijn, of hoogstens {LONGEST} maanden daarvoor",
                "past_from",
            )
        if not 0 <= months_between(self.first_month, self.policy_start) < self.horizon:
            raise RefusedError(
                f"{self.policy_start} lies outside the world; allowed: {self.first_month} to {self.last_month}",
                f"{self.policy_start} ligt buiten de wereld; "
                f"toegestaan: {self.first_month} tot en met {self.last_month}",
                "policy_start",
            )
        return self

    @property
    def past_months(self) -> int:
        """Months that run before `first_month`."""
        return months_between(self.past_from, self.first_month)

    @property
    def total_months(self) -> int:
        """Months that the engine runs: the past and the horizon."""
        return self.past_months + self.horizon

    @property
    def last_month(self) -> str:
        """The last month of the horizon."""
        return add_months(self.first_month, self.horizon - 1)

    def engine_month(self, month: str) -> int:
        """A month as the engine counts it: 0 is `past_from`; earlier months are negative."""
        return months_between(self.past_from, month)

    def month_name(self, engine_month: int) -> str:
        """The inverse of `engine_month`."""
        return format_month(parse_month(self.past_from) + engine_month)

    @cached_property
    def election_months(self) -> tuple[int, ...]:
        """Engine months in which municipal elections are held; negative for those before the world began."""
        return tuple(self.engine_month(month) for month in self.election_dates)

    @property
    def election_dates(self) -> tuple[str, ...]:
        raise NotImplementedError

    def subsidy_round(self, engine_month: int) -> float:
        """How open rounds of subsidy other than the municipality's are in a month, 0 (none) to 1."""
        return max(
            (fact.intensity for fact in self.facts if fact.what == SUBSIDY_ROUND and self._holds(fact, engine_month)),
            default=0.0,
        )

    def _holds(self, fact: Fact, engine_month: int) -> bool:
        return self.engine_month(fact.start) <= engine_month and (
            fact.end is None or engine_month <= self.engine_month(fact.end)
        )


class NationalWorld(World):
    """All municipalities and supported initiatives of the country."""

    kind: Literal["reference", "projection"]
    elections: Annotated[tuple[Month, ...], Field(strict=False, max_length=100)]
    initiatives: Inflow
    size_classes: SizeClasses
    ambition: AmbitionShares
    facilitators: Facilitators
    vision: Annotated[tuple[AdoptedBy, ...], Field(strict=False, min_length=2, max_length=100)]

    @field_validator("elections")
    @classmethod
    def _in_order(cls, months: tuple[str, ...]) -> tuple[str, ...]:
        if list(months) != sorted(set(months)):
            raise RefusedError(
                "the months must be in order, each once", "de maanden moeten op volgorde staan, elk één keer"
            )
        return months

    @field_validator("vision")
    @classmethod
    def _rising(cls, points: tuple[AdoptedBy, ...]) -> tuple[AdoptedBy, ...]:
        for earlier, later in itertools.pairwise(points):
            if not (earlier.month < later.month and earlier.share <= later.share):
                raise RefusedError("months and shares must rise", "maanden en delen moeten oplopen")
        return points

    @property
    def election_dates(self) -> tuple[str, ...]:
        """Months of municipal elections, in order."""
        return self.elections


class MunicipalityWorld(World):
    """One municipality as a person describes it. What is left out gets the default of its size class."""

    kind: Literal["municipality"]
    id: Slug = "my-municipality"
    name: Text = Text(nl="Mijn gemeente", en="My municipality")
    description: Text = Text(
        nl="Een gemeente die iemand zelf beschrijft.", en="A municipality that a person described."
    )
    first_month: Month = "2026-01"
    policy_start: Month = "2027-01"
    horizon: int = Field(default=108, ge=1, le=LONGEST, description="Months from first_month on")
    inhabitants: int = Field(ge=500, le=2_000_000)
    staff_hours_per_month: float = Field(
        default=-1, ge=0, le=20_000, validate_default=False, description="Hours of officials for heat"
    )
    posts: int = Field(
        default=-1, ge=1, le=12, validate_default=False, description="Officials who work with initiatives"
    )
    direction_style: Share = Field(default=0.5, description="0 absent, 0.5 facilitating, 1 steering")
    next_election: Month = "2030-03"
    vision_adopted: bool = Field(default=True, description="Whether the heat vision is adopted when the world begins")
    initiatives: Annotated[tuple[Described, ...], Field(strict=False, min_length=1, max_length=MOST_INITIATIVES)] = ()
    facilitators: int = Field(default=1, ge=0, le=100)

    @model_validator(mode="before")
    @classmethod
    def _fill_in(cls, data: Any) -> Any:
        if not isinstance(data, dict):
            return data
        inhabitants = data.get("inhabitants")
        if not isinstance(inhabitants, int | float) or isinstance(inhabitants, bool):
            return data
        usual = SIZE_DEFAULTS[size_of(inhabitants)]
        filled = {
            "staff_hours_per_month": usual["staff_hours_per_month"],
            "posts": usual["posts"],
            "initiatives": usual["initiatives"],
            **data,
        }
        count = filled["initiatives"]
        if isinstance(count, int) and not isinstance(count, bool):
            if not 1 <= count <= MOST_INITIATIVES:
                raise RefusedError(
                    f"{count} initiatives cannot be simulated here; allowed: 1 to {MOST_INITIATIVES}, or a list",
                    f"{count} initiatieven kan hier niet; toegestaan: 1 tot en met {MOST_INITIATIVES}, of een lijst",
                    "initiatives",
                )
            filled["initiatives"] = ordinary_initiatives(count)
        return filled

    @property
    def size(self) -> Size:
        """The size class, by inhabitants."""
        return size_of(self.inhabitants)

    @property
    def fte(self) -> float:
        """Staff for heat in full-time equivalents."""
        return self.staff_hours_per_month / PRODUCTIVE_HOURS_A_MONTH

    @property
    def election_dates(self) -> tuple[str, ...]:
        """Elections every four years around `next_election`: the one before the world began and all within it."""
        first = parse_month(self.next_election)
        while first > parse_month(self.past_from):
            first -= 48
        last = parse_month(self.last_month)
        return tuple(format_month(month) for month in range(first, last + 1, 48))


def size_of(inhabitants: float) -> Size:
    """The size class of the report."""
    if inhabitants < SMALL_BELOW:
        return "small"
    return "large" if inhabitants > LARGE_ABOVE else "medium"


# The middle of what is known of staff for heat in each class; the numbers of initiatives are an assumption.
SIZE_DEFAULTS: dict[Size, dict[str, Any]] = {
    "small": {"staff_hours_per_month": 70.0, "posts": 1, "initiatives": 3},
    "medium": {"staff_hours_per_month": 230.0, "posts": 2, "initiatives": 5},
    "large": {"staff_hours_per_month": 760.0, "posts": 4, "initiatives": 8},
}


def ordinary_initiatives(count: int) -> list[dict[str, str]]:
    """`count` initiatives of mixed ambition and maturity, where a person gives only their number."""
    ambitions = itertools.cycle(["save", "activate", "heat_network"])
    maturities = itertools.cycle(["building", "starting", "experienced", "building"])
    return [{"ambition": next(ambitions), "maturity": next(maturities)} for _ in range(count)]


# Loading -----------------------------------------------------------------------------------------------------------

KINDS: dict[str, type[World]] = {
    "reference": NationalWorld,
    "projection": NationalWorld,
    "municipality": MunicipalityWorld,
}


def parse_world(data: dict[str, Any], file: str | Path) -> World:
    """The world that plain data describe. Raises `InputError`."""
    kind = data.get("kind")
    if not isinstance(kind, str) or kind not in KINDS:
        if kind is None:
            raise InputError(
                file, "kind", f"missing; allowed: {', '.join(KINDS)}", f"ontbreekt; toegestaan: {', '.join(KINDS)}"
            )
        problem = unknown_name(str(kind), KINDS, Problem("kind of world", "soort wereld"))
        raise InputError(file, "kind", problem.en, problem.nl)
    return check(KINDS[kind], data, file)


def load_world(name: str | Path) -> World:
    """The world with this id (a shipped one) or in the file at this path. Raises `InputError`."""
    path = find_file(name, WORLDS, WORLD_KIND)
    return parse_world(read_document(path), path)


def shipped_worlds() -> dict[str, World]:
    """All shipped worlds by id."""
    return {name: load_world(name) for name in ids_on(WORLDS)}
