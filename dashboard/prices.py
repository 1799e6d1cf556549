"""What a policy asks for a year while it runs, reckoned beforehand from scenarios/costs.yaml: for beside a slider.

Two amounts have two names wherever they stand: what a policy *asks for*, reckoned here, and what is *used more than
now* in the simulated worlds, which stands in the answer. `two_amounts` says in one sentence why they differ.
Here every initiative counts that has come in by the middle of the policy's years, and every municipality, as far as
they are in its scope.
"""

import math
from dataclasses import dataclass
from typing import Any

import numpy as np

from dashboard import simulation
from dashboard.language import number, rounded, text
from dashboard.state import MINE, Choice

HOURS_FROM = 1
STAFF = ("municipal_capacity",)  # levers of which the intensity is extra staff, in fte a municipality


@dataclass(frozen=True)
class Yearly:
    """A year's cost: public euros with hours valued, and hours of municipalities, volunteers and facilitators.

    staff_hours: hours of the extra staff that is paid for. counted: how many initiatives or municipalities it was
    reckoned for.
    """

    euros: float = 0.0
    hours: float = 0.0
    volunteer_hours: float = 0.0
    facilitator_hours: float = 0.0
    counted: int = 0
    staff_hours: float = 0.0

    def __add__(self, other: "Yearly") -> "Yearly":
        return Yearly(
            self.euros + other.euros,
            self.hours + other.hours,
            self.volunteer_hours + other.volunteer_hours,
            self.facilitator_hours + other.facilitator_hours,
            max(self.counted, other.counted),
            self.staff_hours + other.staff_hours,
        )

    @property
    def work(self) -> float:
        """Hours of officials that are asked for or paid for."""
        return self.hours + self.staff_hours


def of_entry(choice: Choice, scenario: Any, entry: Any) -> Yearly:
    """One lever entry of a scenario, in the world of a choice. It is proportional to the entry's intensity."""
    from sim.costs import load_costs
    from sim.levers import LEVERS
    from sim.schedule import members

    costs = load_costs(scenario)
    cost, lever = costs.levers[entry.lever], LEVERS[entry.lever]
    stage = simulation.stage(choice)
    here = members(entry.scope, lever.level, stage.layout)
    if lever.level == "initiative":
        middle = stage.total - (stage.total - stage.fork) // 2
        here = here & (stage.start.initiatives["entry"] <= middle)
    counted = int(np.count_nonzero(here))
    units = entry.intensity * counted
    if cost.per == "facilitator":
        units /= entry.options["caseload"]
    hours, facilitator_hours = units * cost.hours_per_year, units * cost.facilitator_hours_per_year
    paid = units * (cost.euros_per_year + entry.options.get("amount", 0.0))
    euros = costs.public_euros(hours, facilitator_hours, paid)
    staff_hours = units * costs.prices.productive_hours if entry.lever in STAFF else 0.0
    return Yearly(euros, hours, units * cost.volunteer_hours_per_year, facilitator_hours, counted, staff_hours)


def of_scenario(choice: Choice, scenario: Any) -> Yearly:
    """All levers of a scenario together, as if all of them run."""
    return sum((of_entry(choice, scenario, entry) for entry in scenario.levers), Yearly())


def basis(choice: Choice, scenario: Any) -> str:
    """On what the costs rest, in a sentence."""
    from sim.costs import load_costs

    price = money(choice.language, load_costs(scenario).prices.official_hour.euros)
    key = "price.basis_mine" if choice.world == MINE else "price.basis"
    return text(choice.language, key, price=price, two=two_amounts(choice.language))


def for_budget(asked: Yearly, used: float) -> float:
    """Euros a year to reckon with in a budget: what is asked for, or what is used where that is more; rounded up to two
    figures. Nothing for what nobody asks money for.

    used: the upper end of the middle half of what is used more, so that in 75 of 100 worlds it is enough.
    """
    if asked.euros <= 0:
        return 0.0
    most = max(asked.euros, used)
    step = 10.0 ** max(0, math.floor(math.log10(most)) - 1)
    return math.ceil(most / step - 1e-9) * step


def two_amounts(language: str) -> str:
    """Which two amounts there are, why they differ, and which is for a budget: the same wherever either stands."""
    return text(language, "price.two")


def money(language: str, euros: float) -> str:
    """Euros as a person says them: `€ 8,4 mln`, `€ 12.000`; never more exact than two figures."""
    plain = rounded(euros)
    if plain >= 1_000_000:
        return text(language, "price.million", amount=number(language, plain / 1_000_000, 1))
    return text(language, "price.euros", amount=number(language, plain, 0))


def words(language: str, cost: Yearly, *, hours: bool = True) -> str:
    """A year's cost in a few words, named as what is asked for: euros, and hours of officials where there are any."""
    if cost.euros == 0 and cost.volunteer_hours == 0:
        return text(language, "price.none")
    said = text(language, "price.a_year", money=money(language, cost.euros))
    if hours and cost.work >= HOURS_FROM:
        said += " · " + text(language, "price.hours", hours=number(language, rounded(cost.work), 0))
    return said


def asked_words(language: str, cost: Yearly) -> str:
    """All that a policy asks for in a year, as a sentence: euros, hours of officials, hours of volunteers."""
    if cost.euros == 0 and cost.volunteer_hours == 0:
        return text(language, "cost.row_free")
    said = text(language, "cost.row_asked", asked=words(language, cost))
    if cost.volunteer_hours >= HOURS_FROM:
        said += " · " + text(language, "price.volunteers", hours=number(language, rounded(cost.volunteer_hours), 0))
    return said
