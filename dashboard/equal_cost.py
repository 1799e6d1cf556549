"""«At equal cost»: all chosen policies made stronger or weaker until they cost the same a year.

Every lever of a policy is multiplied by the same number. A lever that would pass its maximum stays there, and the
others make up for it; when all are at their maximum the policy costs less than asked, and that is said.
"""

import json
from dataclasses import dataclass, replace
from typing import Any

from dashboard import own, prices, simulation
from dashboard.language import named, number, plural, rounded, text
from dashboard.state import Choice

CLOSE = 0.005  # a share of the budget
DIGITS = 4


@dataclass(frozen=True)
class Scaled:
    """A choice with policies that cost the same, and a sentence on each policy: what was done, or why not."""

    choice: Choice
    told: tuple[str, ...]


def usual_budget(choice: Choice) -> float:
    """The budget that is proposed: what the cheapest chosen policy costs, euros a year; 0 when none costs anything."""
    costs = [prices.of_scenario(choice, simulation.scenario_of(choice, slot)).euros for slot in choice.slots]
    return min((cost for cost in costs if cost > 0), default=0.0)


def least_budget(choice: Choice) -> float:
    """The lowest budget, euros a year: a hundredth of what the cheapest chosen policy costs. Below it nothing that
    anybody could do is left of a policy.
    """
    return max(1.0, rounded(usual_budget(choice) / 100))


def at_equal_cost(choice: Choice, budget: float) -> Scaled:
    """The chosen policies at one budget. budget: euros a year, above 0."""
    told = []
    for slot, name in choice.slots.items():
        scenario = simulation.scenario_of(choice, slot)
        label = f"{slot} {named(simulation.policy_of(choice, slot).name, choice.language)}"
        before = prices.of_scenario(choice, scenario).euros
        if before <= 0:
            told.append(text(choice.language, "equal.free", policy=label))
            continue
        levels = scaled_levels(choice, scenario, budget)
        data = _with_levels(scenario, levels)
        if name not in choice.texts:
            data["name"] = {
                language: own.cleaned(text(language, "equal.name", name=words))
                for language, words in simulation.words(scenario.name).items()
            }
        taken = {*simulation.policies(), simulation.AS_NOW, *choice.slots.values()} - {name}
        choice = choice.with_own(slot, own.policy(data, taken))
        after = prices.of_scenario(choice, simulation.scenario_of(choice, slot)).euros
        told.append(_sentence(choice.language, label, scenario, levels, before, after, budget))
    return Scaled(replace(choice, view=choice.view), tuple(told))


def scaled_levels(choice: Choice, scenario: Any, budget: float) -> list[float]:
    """New intensities, one an entry of the scenario, with which it costs `budget` or, at its maximum, less."""
    from sim.levers import LEVERS

    costs = [prices.of_entry(choice, scenario, entry).euros for entry in scenario.levers]
    most = [LEVERS[entry.lever].maximum for entry in scenario.levers]
    levels = [entry.intensity for entry in scenario.levers]
    full: set[int] = set()
    for _ in levels:  # each round fills at least one lever, or is the last
        fixed = sum(costs[i] / scenario.levers[i].intensity * most[i] for i in full if scenario.levers[i].intensity)
        free = sum(cost for i, cost in enumerate(costs) if i not in full)
        if free <= 0:
            break
        factor = max(0.0, budget - fixed) / free
        for i, entry in enumerate(scenario.levers):
            if i not in full:
                levels[i] = entry.intensity * factor
        over = {i for i, level in enumerate(levels) if i not in full and level > most[i]}
        if not over:
            break
        full |= over
        for i in over:
            levels[i] = most[i]
    return [float(f"{min(level, top):.{DIGITS}g}") for level, top in zip(levels, most, strict=True)]


def _with_levels(scenario: Any, levels: list[float]) -> dict[str, Any]:
    from sim.scenario import scenario_data

    data: dict[str, Any] = json.loads(json.dumps(scenario_data(scenario)))
    for entry, level in zip(data["levers"], levels, strict=True):
        entry["intensity"] = level
    return data


def _sentence(
    language: str, label: str, scenario: Any, levels: list[float], before: float, after: float, budget: float
) -> str:
    from sim.levers import LEVERS

    values = {
        "policy": label,
        "before": prices.money(language, before),
        "after": prices.money(language, after),
        "budget": prices.money(language, budget),
    }
    if after < budget * (1 - CLOSE):
        full = [
            LEVERS[entry.lever].name for entry, level in zip(scenario.levers, levels, strict=True)
            if level >= LEVERS[entry.lever].maximum
        ]  # fmt: skip
        names = ", ".join(getattr(name, language) for name in full)
        return plural(language, "equal.short", len(full), levers=names, **values)
    return text(language, "equal.scaled", factor=number(language, float(f"{after / before:.3g}"), 6), **values)
