"""Money: who dares to commission, what is renewed, and what stopping costs."""

import itertools
import math

import pytest

from sim.rules.money import commission_bar, lower_bound, renewal_log_odds
from sim.world.state import ACTIVE, FORM_JOINT, FORM_MONEY, MUNICIPAL, NATIONAL, RESERVED, copy_state
from tests.playing import SET_FROM_OUTSIDE, end_of, months_of, of, outcomes, same_bits, scenario, stage


def test_a_careful_town_hall_counts_on_the_mean_less_one_deviation():
    # a beta distribution with alpha = beta = 1 is uniform: mean 1/2, deviation 1/sqrt(12)
    assert lower_bound(1.0, 1.0) == pytest.approx(0.5 - 1 / math.sqrt(12))
    assert lower_bound(10.0, 10.0) > lower_bound(1.0, 1.0)  # the same mean, more evidence
    assert lower_bound(4.0, 1.0) > lower_bound(1.0, 4.0)


def test_room_lowers_the_bar_and_an_agreement_eases_equal_treatment():
    assert commission_bar(0.4, 0.0, 0.0, 0.0, 0.2) == pytest.approx(0.4)
    assert commission_bar(0.4, 0.5, 0.0, 0.0, 0.2) == pytest.approx(0.2)
    assert commission_bar(0.4, 0.0, 1.0, 0.0, 0.2) == pytest.approx(0.6)
    assert commission_bar(0.4, 0.0, 1.0, 1.0, 0.2) == pytest.approx(0.4 + 0.2 * 0.3)
    assert commission_bar(0.4, 1.0, 1.0, 0.0, 0.2) == pytest.approx(0.1)


def test_renewal_follows_trust_and_reserved_money_and_not_unrest():
    names = ("base", "capability", "trust", "structural", "bonus", "unsettled", "take_back")
    odds = dict(zip(names, (0.0, 0.5, 0.3, 0.0, 2.0, 0.0, 0.0), strict=True))
    assert renewal_log_odds(*odds.values()) == pytest.approx(0.0)
    assert renewal_log_odds(*{**odds, "capability": 1.0}.values()) == pytest.approx(1.0)
    assert renewal_log_odds(*{**odds, "trust": 0.8}.values()) == pytest.approx(0.5)
    assert renewal_log_odds(*{**odds, "structural": 1.0}.values()) == pytest.approx(2.0)
    assert renewal_log_odds(*{**odds, "unsettled": 1.0}.values()) == pytest.approx(-1.0)
    assert renewal_log_odds(*{**odds, "take_back": 1.0}.values()) == pytest.approx(-1.5)


def test_what_stops_hurts_those_who_had_money():
    ready = stage(months=40)
    stopped = scenario(shocks=[{"shock": "subsidy_stops", "month": "2021-01"}])
    now, other = outcomes(ready, None, 6), outcomes(ready, stopped, 6)
    assert (of(other, "energy")[:, 26] < of(now, "energy")[:, 26]).all()
    assert (of(other, "months_without_money")[:, -1] > of(now, "months_without_money")[:, -1]).all()


# What comes out of which pocket -------------------------------------------------------------------------------------

ROUNDS_ONLY = {"round_rate": 0.03, "money_form": 0.0}


def lives_of(parameters, plan=None, months=60, replicates=2):
    """Each state beside the one a month before, of worlds with other parameters than the data allow."""
    for replicate in range(replicates):
        ready = stage(months=months)
        for name, value in parameters.items():
            ready.parameters.rows[name] = value
        seen = (copy_state(state) for state in months_of(ready, plan, replicate))
        yield from itertools.pairwise(seen)


def test_money_of_a_national_round_is_no_part_of_a_town_halls_budget():
    running = 0
    for _, after in lives_of(ROUNDS_ONLY):
        running += int((after.initiatives["money_source"] == NATIONAL).sum())
        assert (after.municipalities["grants_committed"] == 0.0).all()
        assert not ((after.initiatives["grant_a_month"] > 0) & (after.initiatives["money_source"] == MUNICIPAL)).any()
    assert running > 500


def test_money_of_a_national_round_is_for_once():
    """However willing the town hall is to renew: there are twelve months of it, and then it ends."""
    ended = 0
    for before, after in lives_of({**ROUNDS_ONLY, "renewal_base": 50.0}):
        was, now = before.initiatives, after.initiatives
        round_money = was["money_source"] == NATIONAL
        over = round_money & (was["money_until"] == before.clock["month"][0])
        assert (now["money_until"][over] <= 0).all()
        assert not (round_money & (now["money_until"] > was["money_until"])).any()
        ended += int(((was["grant_a_month"] > 0) & (now["grant_a_month"] == 0) & (now["status"] == ACTIVE)).sum())
    assert ended > 30


def test_lasting_money_takes_the_place_of_other_money_without_a_stop():
    plan = scenario(levers=[{"lever": "structural_funding", "intensity": 1, "start": "2021-06"}])
    taken_over = {MUNICIPAL: 0, NATIONAL: 0}
    for before, after in lives_of({"round_rate": 0.03}, plan):
        was, now = before.initiatives, after.initiatives
        for source in taken_over:
            over = (was["grant_a_month"] > 0) & (was["money_source"] == source) & (now["money_source"] == RESERVED)
            taken_over[source] += int(over.sum())
            assert (now["maturity"][over] >= was["maturity"][over]).all()
    assert min(taken_over.values()) > 5


def test_lasting_money_of_nothing_is_no_money():
    nothing = {"lever": "structural_funding", "intensity": 1, "options": {"amount": 0}}
    ready = stage(months=36)
    now, same = end_of(ready, None), end_of(ready, scenario(levers=[nothing]))
    for name in ("municipal_hours", "public_euros"):  # what the policy costs in hours is booked all the same
        same.initiatives[name] = now.initiatives[name]
    assert same_bits(now, same, but=SET_FROM_OUTSIDE)


def test_a_draft_that_waits_is_kept_when_other_money_comes():
    plan = scenario(levers=[{"lever": "structural_funding", "intensity": 1, "start": "2020-06"}])
    settled = 0
    for before, after in lives_of({"round_rate": 0.03, "money_form": 0.8, "budget_high": 0.15}, plan):
        lately = before.clock["month"][0] - before.agreements["start"] < 6  # it is dropped after half a year
        waiting = (before.agreements["pending"] == 1) & (before.agreements["in_force"] == 0) & lately
        came = waiting & (after.initiatives["grant_a_month"] > 0) & (before.initiatives["grant_a_month"] == 0)
        settled += int(came.sum())
        for name in ("horizon", "topics", "start"):
            assert (after.agreements[name][came] == before.agreements[name][came]).all(), name
    assert settled > 5


def test_an_agreement_lasts_at_least_as_long_as_its_money():
    plan = scenario(levers=[{"lever": "structural_funding", "intensity": 1, "start": "2020-06"}])
    shorter = 0
    for _, after in lives_of({}, plan):
        deal, me = after.agreements, after.initiatives
        paid = (deal["in_force"] == 1) & (me["grant_a_month"] > 0)
        assert (deal["expiry"] >= me["money_until"])[paid].all()
        shorter += int(((deal["horizon"] < 48) & paid & (me["money_source"] == RESERVED)).sum())
    assert shorter > 100


def test_money_of_a_round_makes_a_joint_project_not_a_grant_of_the_town_hall():
    for before, after in lives_of(ROUNDS_ONLY):
        new = (after.agreements["forms"] & FORM_MONEY) & ~(before.agreements["forms"] & FORM_MONEY)
        assert not new.any()
        assert (after.ledger["forms"] & FORM_JOINT).any() or after.clock["month"][0] < 24


def test_what_was_reserved_comes_out_of_the_budget_when_the_lever_ends():
    lever = {"lever": "structural_funding", "intensity": 1, "start": "2019-06", "end": "2020-06"}
    plan = scenario(levers=[lever | {"options": {"horizon": 12}}])
    for _, after in lives_of({"renewal_base": 50.0}, plan):
        town = after.municipalities
        assert (town["grants_committed"] <= town["budget_a_year"] * (1 + 1e-9)).all()


def test_a_request_does_not_outlive_what_it_was_made_for():
    asked = 0
    for _, after in lives_of({"budget_high": 0.15, "money_form": 0.8}):
        wants = (after.initiatives["money_asked"] == 1) & (after.initiatives["status"] == ACTIVE)
        asked += int(wants.sum())
        assert ((after.agreements["in_force"] == 1) | (after.agreements["pending"] == 1) | ~wants).all()
    assert asked > 200


def test_a_vision_that_leaves_out_ends_no_agreement_on_money():
    ended = kept = 0
    for before, after in lives_of({"round_rate": 0.03, "written_out_base": 0.5}, months=60):
        out = (after.initiatives["left_out"] == 1) & (before.initiatives["left_out"] == 0)
        had = before.agreements["in_force"] == 1
        paid = before.initiatives["money_until"] > before.clock["month"][0]
        ended += int((out & had & ~paid & (after.agreements["in_force"] == 0)).sum())
        # an agreement that a departure ended in the same month does not count
        stayed = after.municipalities["people_changed"][after.initiatives["municipality"]] == 0
        assert (after.agreements["in_force"][out & had & paid & stayed] == 1).all()
        kept += int((out & had & paid & stayed).sum())
    assert ended > 0 and kept > 0
