"""What is kept for everybody stays within its bound, and a stage that forgets gives the same numbers."""

import threading

import numpy as np
import pytest

from dashboard.memory import Drawer, Shelf, weight
from sim.comparison import Stage, compare, load_parameters
from sim.world.files import load_world


def test_what_was_not_asked_for_longest_goes_first():
    shelf = Shelf(100)
    for name in "abc":
        shelf.put(name, np.zeros(5))  # 40 bytes each: two fit
        shelf.get("a")
    assert [shelf.get(name) is not None for name in "abc"] == [True, False, True]
    assert shelf.bytes == 80


def test_a_value_that_is_replaced_counts_once_and_one_that_is_too_heavy_is_not_kept():
    shelf = Shelf(100)
    shelf.put("a", np.zeros(5))
    shelf.put("a", np.zeros(10))
    assert shelf.bytes == 80
    shelf.put("a", np.zeros(20))
    assert shelf.get("a") is None and shelf.bytes == 0


def test_states_and_results_are_weighed_whole():
    assert weight((np.zeros(2), [np.zeros(3), (np.zeros(1),)])) == 48


def test_a_drawer_is_its_stages_own_and_keeps_only_the_first_replicates():
    shelf = Shelf(1000)
    one, other = Drawer(shelf, "one", 2), Drawer(shelf, "other", 2)
    one["plan", 0] = np.ones(1)
    one["plan", 2] = np.ones(1)
    assert one.get(("plan", 0)) is not None and other.get(("plan", 0)) is None
    assert list(one) == [("plan", 0)] and len(other) == 0
    del one["plan", 0]
    assert shelf.bytes == 0
    with pytest.raises(KeyError):
        one["plan", 0]


@pytest.mark.parametrize("limit", [10**9, 400_000, 1000])
def test_a_stage_with_any_bound_used_by_several_threads_gives_the_same_numbers(limit):
    world = load_world("my-municipality-small")
    plans = [["as-now", "regular-meetings"], ["as-now", "structural-funding"], ["as-now", "broad-embedding"]]
    expected = [
        compare(plan, world=world, months=48, replicates=8, parameters="prior-median").summary_values.tobytes()
        for plan in plans
    ]
    shelf = Shelf(limit)
    stage = Stage(world, 48, 1, load_parameters("prior-median"), remember=True, memory=Drawer(shelf, "x", 6))
    found = {}

    def ask(number):
        result = compare(plans[number % 3], stage=stage, replicates=8, workers=2)
        found[number] = result.summary_values.tobytes()

    threads = [threading.Thread(target=ask, args=(number,)) for number in range(9)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert [found[number] == expected[number % 3] for number in range(9)] == [True] * 9
    assert shelf.bytes <= limit
    if limit == 10**9:
        stage.forget(set())
        assert {key for key, _ in stage.memory} == {""}  # only where the common past ends
