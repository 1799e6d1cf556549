"""The purse: hours of the town hall and euros a year, out of which a room pays its measures.

Prices are those of scenarios/costs.yaml. Hours of facilitators are paid in euros at their price, and the money that a
grant hands out counts too.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from sim.costs import load_costs
from sim.levers import LEVERS
from sim.levers.tables import Level
from sim.schedule import Layout, members
from sim.world.entries import Scope


@dataclass(frozen=True)
class Purse:
    """Hours and euros a year."""

    hours: float = 0.0
    euros: float = 0.0

    def __add__(self, other: Purse) -> Purse:
        return Purse(self.hours + other.hours, self.euros + other.euros)

    def __sub__(self, other: Purse) -> Purse:
        return Purse(self.hours - other.hours, self.euros - other.euros)

    @property
    def empty(self) -> bool:
        """Whether it is overdrawn, in hours or in euros."""
        return self.hours < -1e-9 or self.euros < -1e-9


def price(lever: str, intensity: float, options: dict[str, float], scope: dict[str, Any], layout: Layout) -> Purse:
    """What a measure costs a year."""
    costs = load_costs()
    cost, entry = costs.levers[lever], LEVERS[lever]
    chosen = {name: options.get(name, option.default) for name, option in entry.options.items()}
    level: Level = "municipality" if cost.per == "municipality" else "initiative"
    units = intensity * int(members(Scope(**scope), level, layout).sum())
    if cost.per == "facilitator":
        units /= chosen["caseload"]
    euros = cost.euros_per_year + cost.facilitator_hours_per_year * costs.prices.facilitator_hour.euros
    if lever == "structural_funding":
        euros += chosen["amount"]
    return Purse(units * cost.hours_per_year, units * euros)


def total(prices: Iterable[Purse]) -> Purse:
    """The sum."""
    return sum(prices, Purse())
