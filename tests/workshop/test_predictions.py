"""A question's outcome follows from the months after it, and that of many worlds from the same start."""

import math

import numpy as np
import pytest

from dashboard.workshop.measures import MEASURES
from dashboard.workshop.predictions import NOBODY, Asked, Option, Question, many_worlds, outcome

WORDS = {"nl": "?", "en": "?"}
THREE = (Option("A", WORDS, -0.001), Option("B", WORDS, 0.001), Option("C", WORDS))


def question(measure="trust_change", months=12, **other):
    return Question("q", WORDS, measure, months, other.pop("options", THREE), **other)


@pytest.mark.parametrize("name", sorted(MEASURES))
def test_every_measure_gives_a_number_for_one_and_for_all(ground, futures, name):
    put = Asked(question(name, about=0), "nu", 12)
    assert not math.isnan(outcome(ground, put, futures.all).value)
    if MEASURES[name].together != "none":
        assert math.isfinite(outcome(ground, Asked(question(name), "nu", 12), futures.all).value)


def test_an_outcome_is_read_off_the_state(ground, futures):
    trust = futures["nu"].chronicle.tie("trust")[:, 0, 0]
    value = outcome(ground, Asked(question(about=0), "nu", 12), futures.all).value
    assert value == trust[24] - trust[12]
    below = sum(trust[13:25] < trust[12] - 1e-9)
    assert outcome(ground, Asked(question("months_below", about=0), "nu", 12), futures.all).value == below


def test_the_answer_is_the_one_in_whose_range_the_value_lies(ground, futures):
    for bound, right in ((-1.0, "B"), (1.0, "A")):
        options = (Option("A", WORDS, bound), Option("B", WORDS))
        assert outcome(ground, Asked(question(about=0, options=options), "nu", 12), futures.all).option == right


def test_who_is_the_one_that_loses_most_or_stops_first(ground, futures):
    options = (*(Option(f"i{row}", WORDS) for row in range(6)), Option(NOBODY, WORDS))
    trust = futures["nu"].chronicle.tie("trust")[:, :, 0]
    found = outcome(ground, Asked(question(who=True, options=options), "nu", 12), futures.all)
    assert found.option == f"i{int((trust[24] - trust[12]).argmin())}"
    status = futures["nu"].chronicle.column("initiatives", "status")[13:25]
    nobody = outcome(ground, Asked(question("stops", who=True, options=options), "nu", 12), futures.all).option
    assert (nobody == NOBODY) == (status < 2).all()


def test_against_another_future_the_same_is_zero(ground, futures):
    futures.part("nu", 12)
    put = Asked(question(about=0, against="nu"), "A", 12)
    assert outcome(ground, put, futures.all).value == 0
    spread = many_worlds(ground, put, futures.all, 20)
    assert set(spread.values) == {0.0}
    assert spread.counts["B"] == 20


def test_many_worlds_begin_here_differ_and_come_out_the_same_again(ground, futures):
    put = Asked(question(about=0), "nu", 12)
    spread = many_worlds(ground, put, futures.all, 30)
    assert spread.worlds == 30 == sum(spread.counts.values())
    assert len(set(spread.values)) > 15
    assert spread == many_worlds(ground, put, futures.all, 30)
    first = [Asked(question("progress", months=1, about=0), "nu", 12)]
    start = futures["nu"].chronicle.column("initiatives", "phase")[12, 0]
    assert all(0 <= value <= 6 - start for value in many_worlds(ground, first[0], futures.all, 10).values)


def test_a_departure_is_seen_in_the_worlds_and_not_only_here(ground, futures):
    made = futures.part("nu", 12)
    futures.decide(made.id, "shock", "official_leaves", 12, scope={"initiative": 0})
    stays = many_worlds(ground, Asked(question(about=0), "nu", 12), futures.all, 60)
    leaves = many_worlds(ground, Asked(question(about=0), made.id, 12), futures.all, 60)
    assert np.mean(leaves.values) < np.mean(stays.values)


def test_a_cancelled_count_gives_what_it_had(ground, futures):
    calls = iter(range(100))
    spread = many_worlds(ground, Asked(question(), "nu", 12), futures.all, 50, cancelled=lambda: next(calls) >= 7)
    assert spread.worlds == 7


def test_answers_of_phones_and_hands_are_added():
    put = Asked(question(), "nu", 0, phones={"a": "A", "b": "A", "c": "C", "d": "elsewhere"}, hands={"B": 5, "C": 1})
    assert put.counts() == {"A": 2, "B": 5, "C": 2}
