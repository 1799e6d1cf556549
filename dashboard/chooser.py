"""What the left-hand side shows: the world, the chosen policies and the cards, as plain data."""

from typing import Any

from dashboard import simulation
from dashboard.figures.svg import swatch
from dashboard.language import named, text
from dashboard.naming import scenario_name, words
from dashboard.state import NOW, SLOTS, Choice

Data = dict[str, Any]


def chooser(choice: Choice) -> Data:
    """What the panel with the worlds, the chosen policies and the cards shows."""
    language = choice.language
    by_policy = {policy: slot for slot, policy in choice.slots.items()}
    full = len(by_policy) == len(SLOTS)
    cards = [
        {
            "id": policy.id,
            "name": named(policy.name, language),
            "description": named(policy.description, language),
            "badge": policy.badge,
            "badge_words": text(language, f"badge.{policy.badge}"),
            "kind": policy.kind,
            "slot": by_policy.get(policy.id, ""),
            "disabled": full and policy.id not in by_policy,
        }
        for policy in simulation.policies().values()
    ]
    kinds = list(dict.fromkeys(card["kind"] for card in cards))
    rows = [{"slot": NOW, "name": scenario_name(choice, NOW), "swatch": swatch(NOW), "policy": ""}]
    for slot, policy in choice.slots.items():
        name = scenario_name(choice, slot)
        removal = text(language, "choose.remove", name=name)
        rows.append({"slot": slot, "name": name, "swatch": swatch(slot), "policy": policy, "remove": removal})
    return {
        "address": choice.address(),
        "worlds": [
            {"id": world.id, "name": named(world.name, language), "pressed": world.id == choice.world}
            for world in simulation.worlds().values()
        ],
        "world_description": named(simulation.worlds()[choice.world].description, language),
        "rows": rows,
        "groups": [
            {"title": text(language, f"choose.kind.{kind}"), "cards": [card for card in cards if card["kind"] == kind]}
            for kind in kinds
        ],
        "count": text(language, "choose.full" if full else "choose.count", count=len(by_policy)),
        "words": words(language, "choose.", "badge."),
    }
