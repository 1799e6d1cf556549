"""What must balance in every world, every month, whatever is set from outside: hours, money, persons, and what cannot
go back.
"""

import itertools

import numpy as np
import pytest

from sim.costs import load_costs
from sim.levers import LEVERS
from sim.world.state import (
    ACTIVE,
    ALDERMAN,
    CONTACT,
    DORMANT,
    LAST_PHASE,
    MUNICIPAL,
    NOT_YET,
    SLOTS,
    STOPPED,
    State,
    copy_state,
)
from tests.playing import every_lever, every_shock, months_of, prior_draws, scenario, stage

MONTHS = 60
QUIET = scenario()
BUSY = scenario(
    levers=every_lever("2019-07", 3.0),
    shocks=[*every_shock("2020-06"), *every_shock("2021-11")],
    parameters={"official_leaving_rate": 0.05, "alderman_leaving_rate": 0.05},
)
WORLDS = {
    "as now": (stage(months=MONTHS), QUIET),
    "everything at once": (stage(months=MONTHS), BUSY),
    "draws from the priors": (stage(months=MONTHS, parameters=prior_draws(4)), BUSY),
    "one municipality": (stage("my-municipality-large", months=MONTHS), scenario(levers=every_lever("2027-01", 2.0))),
}
REPLICATES = 4


@pytest.fixture(scope="module", params=list(WORLDS))
def lives(request):
    """Each replicate as the list of its states, one a month."""
    ready, plan = WORLDS[request.param]
    return [[copy_state(state) for state in months_of(ready, plan, r)] for r in range(REPLICATES)]


def pairs(lives):
    for life in lives:
        yield from itertools.pairwise(life)


def states(lives):
    for life in lives:
        yield from life


def test_no_more_hours_are_spent_than_there_are(lives):
    for s in states(lives):
        town = s.municipalities
        given = np.bincount(s.initiatives["municipality"], _living(s) * s.initiatives["hours"], len(town))
        np.testing.assert_allclose(given, town["hours_spent"], rtol=1e-9, atol=1e-9)
        assert (s.initiatives["hours"] >= 0).all()
        assert (town["hours_spent"] <= town["hours_for_initiatives"] * (1 + 1e-12) + 1e-9).all()
        assert (town["hours_for_initiatives"] + town["hours_for_vision"] <= town["hours"] * (1 + 1e-12)).all()
        posts = town["post_to"] - town["post_from"]
        most = 1363 / 12 * (town["fte"] + s.on_municipality["municipal_capacity"] + s.on_municipality["capacity_boost"])
        assert (town["hours"] <= most * (1 + 1e-12)).all() and (posts >= 1).all()


def test_nobody_gets_beyond_the_start_without_having_met(lives):
    for s in states(lives):
        assert (s.initiatives["met_month"][s.initiatives["phase"] > 0] >= 0).all()


def _living(s: State) -> np.ndarray:
    """1 for an initiative to which hours were given this month: it may have stopped since, so its hours are counted as
    long as they stand.
    """
    return (s.initiatives["hours"] > 0).astype(float)


def test_money_that_came_in_was_spent_or_is_left(lives):
    for s in states(lives):
        me = s.initiatives
        np.testing.assert_allclose(me["money_in"], me["money_out"] + me["money_left"], rtol=1e-9, atol=1e-6)
        assert (me["money_left"] >= -1e-9).all()
        assert (me["money_out"] >= 0).all()


def test_grants_out_of_the_budget_stay_within_it_unless_renewals_took_more(lives):
    """A town hall gives nothing new when the year's budget is committed."""
    for before, after in pairs(lives):
        town = after.municipalities
        left = town["budget_left"]
        begun = (
            (after.initiatives["money_until"] > after.clock["month"][0] - 1)
            & (before.initiatives["grant_a_month"] == 0)
            & (after.initiatives["grant_a_month"] > 0)
            & (after.initiatives["money_source"] == MUNICIPAL)
            & (before.initiatives["money_asked"] == 1)
            & (after.initiatives["money_asked"] == 0)
        )
        assert (left[after.initiatives["municipality"][begun]] >= -1e-6).all()


def test_accounts_only_grow(lives):
    for before, after in pairs(lives):
        for name in (
            *("public_euros", "municipal_hours", "facilitator_hours", "homes", "money_in", "money_out", "restarts"),
            *("months_without_money", "promises_due", "volunteer_hours"),
        ):
            assert (after.initiatives[name] >= before.initiatives[name]).all(), name
        for name in after.ledger.dtype.names:
            if name != "first_talks":
                assert (after.ledger[name] >= before.ledger[name]).all(), name


def test_shares_stay_between_0_and_1(lives):
    of_initiatives: tuple[str, ...] = (
        "energy",
        "maturity",
        "recognition",
        "backing",
        "paid_hours",
        "quality",
        "gap",
        "history_damage",
    )
    of_initiatives += ("history_delivery", "own_line", "waiting")
    for s in states(lives):
        tables = [(s.initiatives, name) for name in of_initiatives]
        tables += [(s.ties, name) for name in ("trust", "intentions", "knows", "known")]
        tables += [(s.former, name) for name in s.former.dtype.names]
        tables += [(s.agreements, name) for name in ("concreteness", "known")]
        tables += [(s.posts, name) for name in ("openness", "standing")]
        tables += [(s.aldermen, name) for name in ("openness", "priority", "coalition")]
        tables += [
            (s.municipalities, name)
            for name in ("style", "will", "equal_care", "council_support", "take_back", "surplus")
        ]
        tables += [(s.facilitators, name) for name in ("style", "experience", "adaptivity", "quality")]
        for table, name in tables:
            assert (table[name] >= 0).all() and (table[name] <= 1).all(), name
        for table in s:
            for name in table.dtype.names or ():
                if table.dtype[name].kind == "f":
                    assert np.isfinite(table[name]).all(), name


def test_homes_stay_within_reach_and_phases_within_bounds(lives):
    for s in states(lives):
        me = s.initiatives
        assert (me["homes"] <= me["homes_in_reach"]).all()
        assert (me["phase"] >= 0).all() and (me["phase"] <= LAST_PHASE).all()
        assert (me["progress"] >= 0).all() and (me["progress"] <= 1).all()


def test_status_changes_only_as_it_can(lives):
    allowed = {(NOT_YET, NOT_YET), (NOT_YET, ACTIVE), (ACTIVE, ACTIVE), (ACTIVE, DORMANT), (ACTIVE, STOPPED)}
    allowed |= {(DORMANT, DORMANT), (DORMANT, ACTIVE), (DORMANT, STOPPED), (STOPPED, STOPPED), (NOT_YET, STOPPED)}
    seen = set()
    for before, after in pairs(lives):
        seen |= set(zip(before.initiatives["status"].tolist(), after.initiatives["status"].tolist(), strict=True))
        assert (after.initiatives["phase"] >= before.initiatives["phase"]).all()
        formalised = before.initiatives["formalised_month"]
        assert (after.initiatives["formalised_month"][formalised >= 0] == formalised[formalised >= 0]).all()
    assert seen <= allowed
    assert (ACTIVE, ACTIVE) in seen


def test_who_enters_does_so_in_its_month(lives):
    for s in states(lives):
        present = s.initiatives["status"] != NOT_YET
        assert (present == (s.initiatives["entry"] < s.clock["month"][0])).all()


def test_the_stopped_hold_nothing_that_runs(lives):
    for s in states(lives):
        gone = s.initiatives["status"] == STOPPED
        assert not s.agreements["in_force"][gone].any()
        assert not s.agreements["pending"][gone].any()
        assert (s.initiatives["talks_opened"][gone] == -1).all()


def test_an_agreement_in_force_has_a_form_and_a_term_and_makes_formalised(lives):
    for s in states(lives):
        force = s.agreements["in_force"] == 1
        assert (s.agreements["forms"][force] > 0).all()
        assert (s.initiatives["formalised_month"][force] >= 0).all()
        assert (s.agreements["expiry"][force] >= s.agreements["start"][force]).all()
        assert set(np.unique(s.agreements["in_force"])) <= {0, 1}


def test_nobody_is_in_two_places(lives):
    for life in lives:
        first = life[0]
        for s in (first, life[-1]):
            towns, count = s.municipalities, len(s.initiatives)
            # every post belongs to one municipality, and every initiative too
            assert (
                np.repeat(np.arange(len(towns)), towns["post_to"] - towns["post_from"]) == s.posts["municipality"]
            ).all()
            assert sorted(s.members.tolist()) == list(range(count))
            for m, town in enumerate(towns):
                assert (s.initiatives["municipality"][s.members[town["member_from"] : town["member_to"]]] == m).all()
            # an initiative has one contact person, of its own municipality, and meets each person once
            person = s.ties["person"].reshape(count, SLOTS)
            assert (person[:, CONTACT] == s.initiatives["post"]).all()
            assert (s.posts["municipality"][s.initiatives["post"]] == s.initiatives["municipality"]).all()
            assert (person[:, ALDERMAN] == s.initiatives["municipality"]).all()
            officials = person[:, :ALDERMAN]
            for row in officials:
                known = row[row >= 0]
                assert len(set(known.tolist())) == len(known)
            own = np.where(officials >= 0, s.posts["municipality"][officials], s.initiatives["municipality"][:, None])
            assert (own == s.initiatives["municipality"][:, None]).all()
        for name in ("municipality", "post", "facilitator", "size", "ambition", "entry"):
            assert (life[-1].initiatives[name] == first.initiatives[name]).all()


def test_a_post_is_filled_or_vacant_and_the_holder_is_counted_once(lives):
    for before, after in pairs(lives):
        for table in ("posts", "aldermen"):
            old, new = getattr(before, table), getattr(after, table)
            assert set(np.unique(new["present"])) <= {0, 1}
            assert (new["present"] - old["present"] == new["just_arrived"] - new["just_left"]).all()
            assert (new["departures"] - old["departures"] == new["just_left"]).all()
            came = new["just_arrived"] == 1
            assert (new["holder_since"][came] == after.clock["month"][0] - 1).all()
            assert (new["holder_since"][~came] == old["holder_since"][~came]).all()


def test_facilitators_serve_no_more_than_there_are(lives):
    for s in states(lives):
        if len(s.facilitators):
            active = (
                (s.initiatives["status"] == ACTIVE)
                | (s.initiatives["status"] == STOPPED)
                | (s.initiatives["status"] == DORMANT)
            )
            assert s.facilitators["load"].sum() <= active.sum()
            assert (s.facilitators["load"] >= 0).all()


@pytest.mark.parametrize(
    "lever", [name for name, cost in load_costs().levers.items() if cost.counted_by_rules and name in LEVERS]
)
def test_accounts_grow_even_when_a_scenario_says_that_a_lever_costs_nothing(lever):
    """What the rules count is taken off again where a scenario gives a lower figure; never more than was counted."""
    free = {"hours_per_year": 0, "euros_per_year": 0, "facilitator_hours_per_year": 0}
    plan = scenario(levers=[{"lever": lever, "intensity": LEVERS[lever].maximum}], costs={lever: free})
    ready = stage(months=30)
    last = None
    for s in months_of(ready, plan):
        for name in ("public_euros", "municipal_hours", "facilitator_hours"):
            booked = s.initiatives[name].copy()
            if last is not None:
                assert (booked >= last[name]).all(), name
        last = {name: s.initiatives[name].copy() for name in ("public_euros", "municipal_hours", "facilitator_hours")}
