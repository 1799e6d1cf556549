"""What a lever costs: hours and euros a year, from scenarios/costs.yaml, with a scenario's own figures laid over
them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Literal

from pydantic import Field, field_validator

from sim.engine.catalogue import Frozen, Text
from sim.engine.checking import check
from sim.engine.documents import read_document
from sim.engine.problems import Problem, RefusedError, unknown_name
from sim.levers import LEVERS
from sim.scenario import COSTS, SCENARIOS, CostChange, Scenario
from sim.shocks import SHOCKS

Per = Literal["initiative", "municipality", "facilitator"]
Amount = Literal["hours_per_year", "facilitator_hours_per_year", "euros_per_year"]


class Price(Frozen):
    """One price in euros."""

    euros: float = Field(ge=0)
    source: str = Field(min_length=1)
    status: Literal["sourced", "inferred", "assumption"]


class Prices(Frozen):
    """What an hour, a full-time post, a meeting costs. `productive_hours` is hours a year, not euros."""

    official_hour: Price
    facilitator_hour: Price
    fte: Price
    meeting: Price
    productive_hours: float = Field(gt=0)


class LeverCost(Frozen):
    """The cost of one unit of a lever's intensity for one of what `per` names, a year.

    `hours_per_year` are hours of the municipality. `euros_per_year` is money spent beside the hours; the hours
    are valued at the prices.
    For `facilitator` the unit is one facilitator at work: share × initiatives ÷ caseload of them.
    """

    per: Per
    hours_per_year: float = Field(ge=0)
    volunteer_hours_per_year: float = Field(ge=0)
    facilitator_hours_per_year: float = Field(ge=0)
    euros_per_year: float = Field(ge=0)
    basis: Text
    source: str = Field(min_length=1)
    status: Literal["sourced", "inferred", "assumption"]
    counted_by_rules: tuple[Amount, ...] = Field(default=(), strict=False)

    def booked(self, shipped: LeverCost) -> dict[Amount, float]:
        """What is to be booked a year beside what the rules count: for that, only how much it differs from
        the shipped figure."""
        amounts: tuple[Amount, ...] = ("hours_per_year", "facilitator_hours_per_year", "euros_per_year")
        counted = {name: getattr(shipped, name) if name in self.counted_by_rules else 0.0 for name in amounts}
        return {name: getattr(self, name) - counted[name] for name in amounts}

    def changed(self, change: CostChange) -> LeverCost:
        """This cost with what a scenario gives instead."""
        return self.model_copy(update=change.model_dump(exclude_none=True))


class Costs(Frozen):
    """All prices and the cost of each lever, and of the shocks that cost money."""

    prices: Prices
    levers: dict[str, LeverCost]

    @field_validator("levers")
    @classmethod
    def _every_lever(cls, costs: dict[str, LeverCost]) -> dict[str, LeverCost]:
        for name in costs:
            if name not in LEVERS and name not in SHOCKS:
                problem = unknown_name(name, [*LEVERS, *SHOCKS], Problem("lever", "maatregel"))
                raise RefusedError(problem.en, problem.nl, name[:40])
        missing = sorted(set(LEVERS) - set(costs))
        if missing:
            raise RefusedError(f"has no cost for {', '.join(missing)}", f"heeft geen kosten voor {', '.join(missing)}")
        return costs

    def public_euros(self, hours: float, facilitator_hours: float, euros: float) -> float:
        """Euros of public money: municipal and facilitators' hours at their prices, and what was spent beside them."""
        return hours * self.prices.official_hour.euros + facilitator_hours * self.prices.facilitator_hour.euros + euros


def read_costs(path: str | Path) -> Costs:
    """The costs in a file. Raises `InputError`."""
    return check(Costs, read_document(path), path)


@cache
def shipped_costs() -> Costs:
    """The costs of scenarios/costs.yaml."""
    return read_costs(SCENARIOS / f"{COSTS}.yaml")


def load_costs(scenario: Scenario | None = None) -> Costs:
    """The shipped costs, with those of the scenario laid over them."""
    costs = shipped_costs()
    if scenario is None or not scenario.costs:
        return costs
    levers = dict(costs.levers)
    for name, change in scenario.costs.items():
        levers[name] = levers[name].changed(change)
    return costs.model_copy(update={"levers": levers})
