"""Which outcome an answer is about, and which outcomes may not be chosen because a measure fixes them by itself.

Costs (hours and euros) are no outcomes: they are set against them.
"""

from functools import lru_cache

from dashboard import own
from dashboard.state import Choice

MAIN, BESIDE = "structural_partnership", "homes_reached"  # what an answer is about unless another is chosen; next to it
OUTCOMES = (
    "structural_partnership",
    "homes_reached",
    "agreement_in_force",
    "active",
    "months_to_agreement",
    "trust_initiative",
    "trust_official",
    "understanding",
    "energy",
    "phase",
    "restarts",
    "months_without_money",
)
# Outcomes that are added up over the years; all others are how things stand in a month.
ADDED_UP = ("restarts", "months_without_money", "municipal_hours", "public_euros", "facilitator_hours")
# What follows from what a lever or shock is: money that is there for years, training that teaches about each other,
# a collaboration that does not hang on one person, a subsidy that stops.
BY_DEFINITION = {
    "structural_funding": {"months_without_money"},
    "subsidy_stops": {"months_without_money"},
    "perspective_training": {"understanding"},
    "broad_embedding": {"restarts"},
}


def main(choice: Choice) -> str:
    """The outcome that the answer is about: the chosen one where that is allowed."""
    wanted = getattr(choice, "about", "") or MAIN
    return wanted if wanted in OUTCOMES and wanted not in fixed(choice) else MAIN


def beside(choice: Choice) -> str:
    """The outcome that always stands next to it."""
    return BESIDE if main(choice) != BESIDE else MAIN


def fixed(choice: Choice) -> set[str]:
    """The outcomes that follow from what is in the policies that are chosen, and so say nothing about them."""
    texts = getattr(choice, "texts", {})
    return set().union(*(_of_policy(policy, texts.get(policy, "")) for policy in choice.slots.values()))


@lru_cache(256)
def _of_policy(policy: str, own_text: str) -> frozenset[str]:
    """The same for one policy: a shipped one, or the visitor's own (its canonical text)."""
    from sim.scenario import load_scenario

    scenario = own.scenario(own_text) if own_text else load_scenario(policy)
    names = [entry.lever for entry in scenario.levers] + [entry.shock for entry in scenario.shocks]
    return frozenset().union(*(BY_DEFINITION.get(name, ()) for name in names))
