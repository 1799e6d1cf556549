"""Every shock moves an outcome, in the direction that is documented, whenever it strikes.

Paired over replicates of the reference world: the mean difference must stand more than four standard errors clear of
zero in some month.
"""

import functools

import numpy as np
import pytest

from sim.costs import load_costs
from sim.indicators import INDICATOR_IDS
from sim.shocks import SHOCKS
from tests.playing import of, outcomes, scenario, stage, t_of

REPLICATES, MONTHS, CLEAR = 16, 60, 4.0
WHEN, MONTH = "2021-06", 29  # and that month's number

# + raises, - lowers the indicator, at the month in which it differs most clearly.
DIRECTIONS = {
    "official_leaves": {"understanding": -1, "trust_official": -1, "restarts": +1},
    "alderman_falls": {"energy": -1},
    "election": {"agreement_in_force": -1, "restarts": +1},
    "subsidy_stops": {"months_without_money": +1, "energy": -1},
    "hiring_freeze": {"understanding": -1, "energy": -1},
    "capacity_boost": {"public_euros": +1, "energy": +1, "municipal_hours": +1},
    "crossing_campaign": {"trust_initiative": -1, "energy": -1},
    "left_out_of_vision": {"trust_initiative": -1, "energy": -1, "agreement_in_force": -1},
    "national_rule_change": {"months_without_money": +1, "energy": -1},
}


@functools.cache
def played(shock: str = "", intensity: float = -1.0, months: int = 0) -> np.ndarray:
    """Outcomes with a shock at its default (or this intensity, for so many months); without one: as now."""
    if not shock:
        return outcomes(stage(months=MONTHS), None, REPLICATES)
    entry = {"shock": shock, "month": WHEN, "intensity": SHOCKS[shock].default if intensity < 0 else intensity}
    if months:
        entry["months"] = months
    return outcomes(stage(months=MONTHS), scenario(shocks=[entry]), REPLICATES)


def clearest(first: np.ndarray, second: np.ndarray, indicator: str) -> float:
    t = t_of(of(second, indicator) - of(first, indicator))
    return float(t[np.argmax(np.abs(t))])


def test_every_shock_has_its_test():
    assert set(DIRECTIONS) == set(SHOCKS)


@pytest.mark.parametrize(
    ("shock", "indicator", "sign"),
    [(shock, indicator, sign) for shock, all_of in DIRECTIONS.items() for indicator, sign in all_of.items()],
)
def test_a_shock_works_in_its_direction(shock, indicator, sign):
    assert sign * clearest(played(), played(shock), indicator) > CLEAR


@pytest.mark.parametrize("shock", SHOCKS)
def test_nothing_differs_before_a_shock_and_something_after_it(shock):
    now, other = played(), played(shock)
    assert now[..., :MONTH].tobytes() == other[..., :MONTH].tobytes()
    assert all(not np.array_equal(now[r], other[r], equal_nan=True) for r in range(REPLICATES))


@pytest.mark.parametrize("shock", SHOCKS)
def test_half_a_shock_is_not_a_whole_one(shock):
    half = played(shock, intensity=0.5 * SHOCKS[shock].default)
    whole = played(shock)
    assert max(abs(clearest(half, whole, name)) for name in INDICATOR_IDS) > CLEAR


@pytest.mark.parametrize("shock", [name for name, each in SHOCKS.items() if each.lasts])
def test_a_longer_shock_is_not_a_shorter_one(shock):
    assert max(abs(clearest(played(shock, months=2), played(shock, months=20), name)) for name in INDICATOR_IDS) > CLEAR


def test_a_post_that_is_left_stands_empty_and_is_filled_again():
    now, other = played(), played("official_leaves")
    gap = of(other, "understanding").mean(axis=0) - of(now, "understanding").mean(axis=0)
    assert gap[MONTH] < -0.1  # at once: the ties are gone
    assert gap[-1] > 0.5 * gap[MONTH]  # and much of it is learned again


def test_adopted_agreements_outlive_an_election_that_others_do_not():
    adopted = [
        {"lever": "broad_embedding", "intensity": 1, "options": {"council_adoption": 1, "handover": 0, "colleagues": 0}}
    ]
    election = [{"shock": "election", "month": WHEN}]
    ready = stage(months=MONTHS)
    lost = []
    for levers in ([], adopted):
        calm = outcomes(ready, scenario(levers=levers), 8)
        after = outcomes(ready, scenario(levers=levers, shocks=election), 8)
        lost.append((of(calm, "agreement_in_force") - of(after, "agreement_in_force"))[:, MONTH + 1].mean())
    assert 0 <= lost[1] < 0.5 * lost[0]


def test_extra_staff_is_paid_once():
    """Its euros are booked whole; the hours it works are not priced a second time."""
    ready = stage(months=40)
    shock = {"shock": "capacity_boost", "month": "2020-01", "intensity": 5, "months": 24}
    now = outcomes(ready, None, 2)
    boosted = outcomes(ready, scenario(shocks=[shock], costs={"capacity_boost": {"euros_per_year": 0}}), 2)
    whole = outcomes(ready, scenario(shocks=[shock]), 2)
    towns = ready.start.municipalities
    entered = np.unique(ready.start.initiatives["municipality"][ready.start.initiatives["entry"] <= 12])
    least = 5 * load_costs().levers["capacity_boost"].euros_per_year * 2 * len(entered) * 0.99
    assert ((of(whole, "public_euros") - of(boosted, "public_euros"))[:, -1] > least).all()
    # with five posts more in each town hall the part of the hours that its own staff works is small: its price falls
    hours = (of(boosted, "municipal_hours") - of(now, "municipal_hours"))[:, 36]
    own = (of(boosted, "public_euros") - of(now, "public_euros"))[:, 36]
    assert (hours > 0).all() and len(towns) > 100
    assert (own < hours * float(ready.parameters.rows["official_hour"][0])).all()
