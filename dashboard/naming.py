"""What the parts of the page are called, and the fixed words of each part."""

from collections.abc import Mapping
from functools import cache

from dashboard import simulation
from dashboard.language import catalogue, named, text
from dashboard.state import Choice


def scenario_name(choice: Choice, slot: str) -> str:
    """The name of what stands under a letter (or of going on as now)."""
    policy = simulation.policy_of(choice, slot)
    return named(policy.name, choice.language)


def with_worlds_named(sentence: str, language: str) -> str:
    """A sentence of the simulation's own, with the worlds called as they are on the page instead of by their id."""
    left, right = "«»" if language == "nl" else "“”"
    names = {world.id: named(world.name, language) for world in simulation.worlds().values()}
    names["my-municipality"] = text(language, "choose.mine")
    for identity, name in names.items():
        sentence = sentence.replace(f"'{identity}'", f"{left}{name}{right}")
    return sentence


@cache
def words(language: str, *prefixes: str) -> Mapping[str, str]:
    """The fixed texts of a part of the page, by their key."""
    return {key: value for key, value in catalogue(language).items() if key.startswith(prefixes) and "{" not in value}
