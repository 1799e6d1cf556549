"""Futures share their luck and their past; what cannot be decided leaves them as they were."""

import numpy as np
import pytest

from dashboard.workshop.futures import RefusedChangeError, RewritesError, entries_of
from dashboard.workshop.purse import Purse, price
from sim.engine.problems import InputError


def same(first, second):
    return all(np.array_equal(one, other) for one, other in zip(first, second, strict=True))


def test_two_futures_are_the_same_until_they_part_and_keep_their_luck(futures):
    made = futures.part("nu", 20)
    futures.decide(made.id, "shock", "official_leaves", 20, scope={"initiative": 0})
    here, there = futures["nu"].chronicle.states, made.chronicle.states
    assert all(same(here[position], there[position]) for position in range(21))
    assert there[21].posts["present"][here[21].initiatives["post"][0]] == 0
    assert not same(here[21], there[21])
    assert (here[30].clock["key"] == there[30].clock["key"]).all()


def test_taking_a_decision_back_gives_the_same_world_again(futures):
    before = futures["nu"].chronicle.states[-1]
    made = futures.decide("nu", "lever", "broad_embedding", 5)
    assert not same(before, futures["nu"].chronicle.states[-1])
    futures.withdraw("nu", made.number, over=True)
    assert same(before, futures["nu"].chronicle.states[-1])


def test_what_was_seen_is_not_changed_without_asking(futures):
    futures.seen(24)
    with pytest.raises(RewritesError):
        futures.decide("nu", "shock", "election", 10)
    assert futures["nu"].decisions == ()
    futures.decide("nu", "shock", "election", 10, over=True)
    assert len(futures["nu"].decisions) == 1
    assert futures["nu"].reached == 10


def test_four_futures_and_a_branch_of_a_branch_of_a_branch(futures):
    names = ["nu"]
    for position in (5, 10, 15):
        names.append(futures.part(names[-1], position).id)
    assert names == ["nu", "A", "B", "C"]
    with pytest.raises(RefusedChangeError, match="many_futures"):
        futures.part("C", 20)
    futures.drop("A")
    assert futures["B"].parent == "nu"
    assert futures.part("B", 20).id == "A"


def test_what_if_not_leaves_out_one_decision(futures):
    made = futures.decide("nu", "shock", "subsidy_stops", 12)
    futures.decide("nu", "lever", "regular_meetings", 18)
    futures.seen(30)
    other = futures.part("nu", 30, but=[made.number])
    assert [each.what for each in other.decisions] == ["regular_meetings"]
    assert other.parted == 12


def test_a_later_lever_for_the_same_people_takes_the_place_of_the_earlier(futures):
    futures.decide("nu", "lever", "regular_meetings", 6, intensity=4)
    futures.decide("nu", "lever", "regular_meetings", 12, intensity=8)
    futures.decide("nu", "lever", "regular_meetings", 12, intensity=2, scope={"initiative": 1})
    entries = entries_of(futures["nu"].decisions)
    assert [(each["start"], each.get("end"), each["intensity"]) for each in entries] == [
        ("2026-07", "2026-12", 4.0),
        ("2027-01", None, 2.0),
    ]


def test_a_lever_that_is_ended_stops_at_that_month(futures):
    futures.decide("nu", "lever", "regular_meetings", 6)
    futures.decide("nu", "lever", "regular_meetings", 12, intensity=0)
    states = futures["nu"].chronicle.states
    assert states[12].on_initiative["regular_meetings"].sum() > 0
    assert states[13].on_initiative["regular_meetings"].sum() == 0


def test_the_purse_makes_choosing_hurt(futures):
    futures.purse = Purse(100, 0)
    layout = futures.ground.stage.layout
    cost = price("broad_embedding", 1.0, {}, {}, layout)
    assert cost == Purse(6 * 24, 0)
    with pytest.raises(RefusedChangeError, match="purse") as refused:
        futures.decide("nu", "lever", "broad_embedding", 6)
    assert refused.value.values == {"future": "nu", "hours": 44, "euros": 0}
    futures.decide("nu", "lever", "broad_embedding", 6, scope={"initiative": 0})
    assert futures.spent(futures["nu"].decisions, "2026-07") == Purse(24, 0)
    assert futures.spent(futures["nu"].decisions, "2026-06") == Purse(0, 0)


def test_grants_and_facilitators_cost_money(futures):
    layout = futures.ground.stage.layout
    assert price("structural_funding", 0.5, {"amount": 10000, "horizon": 48}, {}, layout) == Purse(60, 30000)
    helped = price("independent_facilitator", 1.0, {"caseload": 6}, {}, layout)
    assert helped.euros == pytest.approx(1363 * 105)


@pytest.mark.parametrize(
    ("kind", "what", "more", "problem"),
    [
        ("shock", "meteor", {}, "unknown"),
        ("spell", "election", {}, "unknown"),
        ("lever", "regular_meetings", {"intensity": 99}, "out of range"),
        ("lever", "regular_meetings", {"options": {"colour": 1}}, "colour"),
        ("shock", "official_leaves", {"scope": {"initiative": 99}}, "no initiative 99"),
        ("lever", "municipal_capacity", {"scope": {"initiative": 0}}, "whole municipalities"),
    ],
)
def test_what_cannot_be_is_refused_and_changes_nothing(futures, kind, what, more, problem):
    before = futures["nu"].chronicle
    with pytest.raises((RefusedChangeError, InputError), match=problem):
        futures.decide("nu", kind, what, 10, **more)
    assert futures["nu"].decisions == ()
    assert futures["nu"].chronicle is before
