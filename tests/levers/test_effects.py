"""Every lever and every option of a lever moves an outcome, in the direction that is documented where there is one;
costs are booked.

Paired over replicates of the reference world: the mean difference must stand more than four standard errors clear of
zero.
"""

import functools

import numpy as np
import pytest

from sim.costs import load_costs
from sim.indicators import INDICATOR_IDS
from sim.levers import LEVERS
from tests.playing import of, outcomes, scenario, stage, t_of

REPLICATES, MONTHS, CLEAR = 16, 84, 4.0
# The accounts move by what a lever costs; a lever must move something of what people do as well.
BOOKS = ("municipal_hours", "public_euros", "facilitator_hours")

# What the lever's mechanism says of an indicator at the default intensity: + more, - less.
DIRECTIONS = {
    "regular_meetings": {"understanding": +1, "trust_initiative": +1, "municipal_hours": +1},
    "structural_funding": {"months_without_money": -1, "public_euros": +1, "homes_reached": +1},
    "early_engagement": {"trust_initiative": +1, "months_to_agreement": -1},
    "independent_facilitator": {"facilitator_hours": +1, "understanding": +1},
    "broad_embedding": {"restarts": -1, "trust_official": +1},
    "concrete_agreements": {"energy": -1, "trust_official": +1},
    "execution_plan_talk": {"phase": +1, "understanding": +1},
    "municipal_capacity": {"public_euros": +1, "municipal_hours": +1, "phase": +1},
    "perspective_training": {"understanding": +1},
    "governor_engagement": {"agreement_in_force": +1, "phase": +1},
    "procurement_room": {"energy": +1},
    "professionalising": {"phase": +1, "homes_reached": +1},
}
# From an option's lowest value to its highest.
OPTIONS = {
    ("structural_funding", "amount"): {"public_euros": +1, "homes_reached": +1, "phase": +1},
    ("structural_funding", "horizon"): {"agreement_in_force": +1, "trust_initiative": +1},
    ("regular_meetings", "form"): {"understanding": -1},
    ("independent_facilitator", "style"): {"understanding": +1},
    ("independent_facilitator", "adaptive"): {},
    ("independent_facilitator", "caseload"): {"facilitator_hours": -1, "understanding": -1},
    ("broad_embedding", "colleagues"): {"understanding": +1, "trust_official": +1},
    ("broad_embedding", "handover"): {"restarts": -1, "trust_official": +1},
    ("broad_embedding", "council_adoption"): {"restarts": -1},
    ("concrete_agreements", "roles"): {"formalised": +1},
    ("concrete_agreements", "review_dates"): {"trust_initiative": +1},
    ("governor_engagement", "alderman"): {"formalised": +1},
    ("governor_engagement", "council"): {"trust_initiative": +1},
}


@functools.cache
def played(lever: str = "", option: str = "", value: float = 0.0, intensity: float = -1.0) -> np.ndarray:
    """Outcomes with a lever at its default (or this intensity) and one option at a value; without a lever: as now."""
    if not lever:
        return outcomes(stage(months=MONTHS), None, REPLICATES)
    entry = {"lever": lever, "intensity": LEVERS[lever].default if intensity < 0 else intensity}
    if option:
        entry["options"] = {option: value}
    return outcomes(stage(months=MONTHS), scenario(levers=[entry]), REPLICATES)


def clearly(first: np.ndarray, second: np.ndarray) -> dict[str, float]:
    """For each indicator its difference at the month in which it stands clearest of zero, in standard errors."""
    t = t_of(second[:, 0] - first[:, 0])
    return {name: float(t[k][np.nanargmax(np.abs(t[k]))]) for k, name in enumerate(INDICATOR_IDS)}


def at_the_end(first: np.ndarray, second: np.ndarray, indicator: str) -> float:
    return float(t_of(of(second, indicator)[:, -1] - of(first, indicator)[:, -1]))


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_moves_what_people_do(lever):
    moved = clearly(played(), played(lever))
    assert max(abs(t) for name, t in moved.items() if name not in BOOKS) > CLEAR


@pytest.mark.parametrize(
    ("lever", "indicator", "sign"),
    [(lever, indicator, sign) for lever, all_of in DIRECTIONS.items() for indicator, sign in all_of.items()],
)
def test_a_lever_works_in_its_direction(lever, indicator, sign):
    assert sign * at_the_end(played(), played(lever), indicator) > CLEAR


def test_every_lever_and_every_option_has_its_test():
    assert set(DIRECTIONS) == set(LEVERS)
    assert set(OPTIONS) == {(lever, option) for lever, each in LEVERS.items() for option in each.options}


@pytest.mark.parametrize(("lever", "option"), OPTIONS)
def test_an_option_moves_what_people_do(lever, option):
    bounds = LEVERS[lever].options[option]
    moved = clearly(played(lever, option, bounds.minimum), played(lever, option, bounds.maximum))
    assert max(abs(t) for name, t in moved.items() if name not in BOOKS) > CLEAR


@pytest.mark.parametrize(
    ("lever", "option", "indicator", "sign"),
    [(*which, indicator, sign) for which, all_of in OPTIONS.items() for indicator, sign in all_of.items()],
)
def test_an_option_works_in_its_direction(lever, option, indicator, sign):
    bounds = LEVERS[lever].options[option]
    assert (
        sign * at_the_end(played(lever, option, bounds.minimum), played(lever, option, bounds.maximum), indicator)
        > CLEAR
    )


@pytest.mark.parametrize("lever", LEVERS)
def test_more_of_a_lever_is_not_the_same_as_a_little(lever):
    entry = LEVERS[lever]
    little = played(lever, intensity=entry.step)
    much = played(lever, intensity=entry.maximum)
    assert max(abs(t) for name, t in clearly(little, much).items() if name not in BOOKS) > CLEAR


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_costs_what_its_costs_say(lever):
    """Hours and euros that are booked beside what the rules count, to the cent: the scenario without costs is the same
    world.
    """
    cost = load_costs().levers[lever]
    free = {"hours_per_year": 0, "facilitator_hours_per_year": 0, "euros_per_year": 0}
    shipped = load_costs().levers[lever]
    dear = {"hours_per_year": shipped.hours_per_year + 30, "euros_per_year": shipped.euros_per_year + 1000}
    entry = {"lever": lever}
    ready = stage(months=30)
    ordinary = outcomes(ready, scenario(levers=[entry]), 1)
    dearer = outcomes(ready, scenario(levers=[entry], costs={lever: dear}), 1)
    cheaper = outcomes(ready, scenario(levers=[entry], costs={lever: free}), 1)
    for name in INDICATOR_IDS:
        if name not in BOOKS:
            assert of(ordinary, name).tobytes() == of(dearer, name).tobytes() == of(cheaper, name).tobytes()
    more = of(dearer, "municipal_hours") - of(ordinary, "municipal_hours")
    euros = of(dearer, "public_euros") - of(ordinary, "public_euros")
    assert (np.diff(more[0]) > 0).all() and (np.diff(euros[0]) > 0).all()
    # 30 hours and 1,000 euros go together, whoever they are booked on; an hour has its price
    hour = float(ready.parameters.rows["official_hour"][0])
    np.testing.assert_allclose(euros, more * (1000 / 30 + hour), rtol=1e-9)
    if cost.hours_per_year + cost.euros_per_year + cost.facilitator_hours_per_year > 0:
        assert (of(cheaper, "public_euros")[0, -1]) < of(ordinary, "public_euros")[0, -1]


@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_has_somebody_who_can_act(lever):
    allowed = {"municipality", "initiative", "state", "province", "coalition"}
    who = LEVERS[lever].who_can_act
    assert who and set(who) <= allowed and len(set(who)) == len(who)


def test_the_small_are_reached_when_the_scope_says_so():
    ready = stage(months=48)
    now = outcomes(ready, None, 4)
    small = outcomes(ready, scenario(levers=[{"lever": "regular_meetings", "scope": {"size": "small"}}]), 4)
    assert (of(small, "understanding", "size=small")[:, -1] > of(now, "understanding", "size=small")[:, -1]).all()
    change = np.abs(of(small, "understanding", "size=large") - of(now, "understanding", "size=large"))
    assert change.max() < 0.02  # only through a facilitator's load
