"""What the left-hand side shows: the world, the chosen policies and the cards, as plain data."""

from typing import Any

from dashboard import equal_cost, prices, simulation
from dashboard.figures.svg import swatch
from dashboard.language import named, number, rounded, text
from dashboard.municipality import summary
from dashboard.naming import scenario_name, words
from dashboard.state import MINE, NOW, SLOTS, Choice

Data = dict[str, Any]
MOST_EUROS = 1_000_000_000


def chooser(choice: Choice) -> Data:
    """What the part with the worlds and the chosen policies shows."""
    language = choice.language
    rows: list[Data] = [{"slot": NOW, "name": scenario_name(choice, NOW), "swatch": swatch(NOW), "policy": ""}]
    for slot, policy in choice.slots.items():
        name = scenario_name(choice, slot)
        rows.append(
            {
                "slot": slot,
                "name": name,
                "swatch": swatch(slot),
                "policy": policy,
                "cost": cost_words(choice, slot),
                "edit": text(language, "choose.edit", name=name),
                "remove": text(language, "choose.remove", name=name),
            }
        )
    worlds = [
        {"id": world.id, "name": named(world.name, language), "pressed": world.id == choice.world}
        for world in simulation.worlds().values()
    ]
    worlds.append({"id": MINE, "name": text(language, "choose.mine"), "pressed": choice.world == MINE})
    return {
        "worlds": worlds,
        "town": summary(choice) if choice.world == MINE else "",
        "rows": rows,
        "horizons": horizons(choice),
        "free": choice.free or "",
        "count": text(language, "choose.count" if choice.free else "choose.full", count=len(choice.slots)),
        "words": words(language, "choose."),
    }


def cost_words(choice: Choice, slot: str) -> str:
    """What a policy costs a year; nothing until the rules are compiled, because the page should not wait for that."""
    if not simulation.WARM.is_set():
        return ""
    cost = prices.of_scenario(choice, simulation.scenario_of(choice, slot))
    return prices.words(choice.language, cost, hours=False)


def horizons(choice: Choice) -> list[Data]:
    """The months up to which a comparison may run."""
    from sim.engine.months import add_months

    world = simulation.setting(choice)
    chosen = choice.months or world.horizon
    listed = []
    for months in simulation.horizons(choice):
        last = add_months(world.first_month, months - 1)
        listed.append({"id": months, "name": last[:4], "chosen": months == chosen})
    return listed


def cards(choice: Choice) -> Data:
    """The shipped policies as cards, with who can decide to do them."""
    language = choice.language
    by_policy = {policy: slot for slot, policy in choice.slots.items()}
    full = len(by_policy) == len(SLOTS)
    shown = [
        {
            "id": policy.id,
            "name": named(policy.name, language),
            "description": named(policy.description, language),
            "badge": policy.badge,
            "badge_words": text(language, f"badge.{policy.badge}"),
            "who": list(policy.who),
            "who_words": ", ".join(text(language, f"actor.{actor}") for actor in policy.who),
            "kind": policy.kind,
            "slot": by_policy.get(policy.id, ""),
            "disabled": full and policy.id not in by_policy,
        }
        for policy in simulation.policies().values()
    ]
    kinds = list(dict.fromkeys(card["kind"] for card in shown))
    return {
        "groups": [
            {"title": text(language, f"choose.kind.{kind}"), "cards": [card for card in shown if card["kind"] == kind]}
            for kind in kinds
        ],
        "full": full,
        "actors": [{"id": actor, "name": text(language, f"actor.{actor}")} for actor in simulation.ACTORS],
        "words": words(language, "choose.", "badge."),
    }


def equal(choice: Choice, typed: str | None = None, fault: str = "", told: tuple[str, ...] = ()) -> Data:
    """The part *at equal cost*. typed, fault: a budget that could not be, and the sentence on it. told: what was
    done."""
    language = choice.language
    budget = equal_cost.usual_budget(choice) if simulation.WARM.is_set() else 0.0
    return {
        "possible": budget > 0,
        "budget": typed if typed is not None else number(language, rounded(budget), 0) if budget else "",
        "fault": fault,
        "told": list(told),
        "words": words(language, "equal."),
    }
