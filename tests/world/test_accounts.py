"""The accounts: what a month costs, checked by hand on one municipality."""

import numpy as np
import pytest

from sim.costs import load_costs
from sim.world.state import copy_state
from tests.playing import months_of, scenario, stage

BOOKED = ("municipal_hours", "facilitator_hours", "public_euros")


def month_by_month(plan=None, world="my-municipality-medium", months=36):
    """For each month: what was booked on each initiative in it, and the state after it."""
    last = None
    for s in months_of(stage(world, months=months), plan):
        now = copy_state(s)
        if last is not None:
            yield {name: now.initiatives[name] - last.initiatives[name] for name in BOOKED}, last, now
        last = now


def test_as_now_costs_the_hours_worked_at_their_price_and_the_grants():
    for booked, before, after in month_by_month():
        me, p = after.initiatives, after.parameters
        living = np.isin(me["status"], (1, 2)) & np.isin(before.initiatives["status"], (1, 2))
        np.testing.assert_allclose(booked["municipal_hours"][living], me["hours"][living], rtol=1e-9, atol=1e-9)
        grants = me["money_in"] - before.initiatives["money_in"]
        expected = grants + me["hours"] * p["official_hour"] + me["facilitator_hours_now"] * p["facilitator_hour"]
        np.testing.assert_allclose(booked["public_euros"][living], expected[living], rtol=1e-9, atol=1e-6)
        np.testing.assert_allclose(booked["facilitator_hours"][living], me["facilitator_hours_now"][living], atol=1e-9)


def test_a_lever_books_its_hours_on_every_initiative_it_is_about():
    """Embedding: 24 hours a year for a whole share, so two a month and one at half of it."""
    hours = load_costs().levers["broad_embedding"].hours_per_year
    plan = scenario(levers=[{"lever": "broad_embedding", "intensity": 0.5, "start": "2026-03"}])
    for booked, before, after in month_by_month(plan):
        me = after.initiatives
        living = np.isin(me["status"], (1, 2)) & np.isin(before.initiatives["status"], (1, 2))
        extra = 0.5 * hours / 12 if after.clock["month"][0] > 2 else 0.0
        np.testing.assert_allclose(booked["municipal_hours"][living], me["hours"][living] + extra, rtol=1e-9)


def test_extra_staff_is_booked_on_the_municipality_and_its_hours_only_once():
    fte_price = load_costs().levers["municipal_capacity"].euros_per_year
    plan = scenario(levers=[{"lever": "municipal_capacity", "intensity": 3, "start": "2026-01"}])
    for booked, before, after in month_by_month(plan):
        me, town, p = after.initiatives, after.municipalities[0], after.parameters
        if not (np.isin(me["status"], (1, 2)) & np.isin(before.initiatives["status"], (1, 2))).all():
            break
        own = town["fte"] / (town["fte"] + 3)
        grants = me["money_in"] - before.initiatives["money_in"]
        facilitation = me["facilitator_hours_now"] * p["facilitator_hour"]
        expected = grants + own * me["hours"] * p["official_hour"] + facilitation
        found = booked["public_euros"].sum() - expected.sum()
        assert found == pytest.approx(3 * fte_price / 12, rel=1e-9)
        np.testing.assert_allclose(booked["municipal_hours"], me["hours"], rtol=1e-9)


def test_a_boost_of_staff_is_paid_like_staff_of_the_municipality():
    shock = {"shock": "capacity_boost", "month": "2026-01", "intensity": 3, "months": 30}
    boost = list(month_by_month(scenario(shocks=[shock]), months=30))
    lever = [{"lever": "municipal_capacity", "intensity": 3, "start": "2026-01"}]
    staff = list(month_by_month(scenario(levers=lever), months=30))
    for (one, _, _), (other, _, _) in zip(boost, staff, strict=True):
        for name in BOOKED:
            np.testing.assert_allclose(one[name], other[name], rtol=1e-9, err_msg=name)
