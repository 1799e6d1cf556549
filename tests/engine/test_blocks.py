"""Replicates over threads: in order, few at a time, and stopped at once."""

import threading
import time

import pytest

from sim.engine.blocks import AHEAD, Cancelled, cores, in_order


def replicates():
    return [each for each in threading.enumerate() if each.name.startswith("replicates")]


@pytest.mark.parametrize("workers", [1, 2, 5, None])
def test_results_come_in_order_whoever_is_first(workers):
    def work(k):
        time.sleep(0.002 * ((k * 7) % 5))
        return k * k

    assert list(in_order(work, 3, 40, workers=workers)) == [k * k for k in range(3, 40)]


def test_nothing_to_do_gives_nothing():
    assert list(in_order(lambda k: 1 / 0, 4, 4)) == []


def test_there_are_no_more_threads_than_asked_for_and_all_take_part():
    meeting = threading.Barrier(3)

    def work(k):
        meeting.wait(timeout=20)  # passes only when three work at the same time
        return threading.current_thread().name

    names = set(in_order(work, 0, 9, workers=3))
    assert len(names) == 3


def test_one_worker_is_the_thread_that_asks():
    mine = threading.current_thread().name
    assert list(in_order(lambda k: threading.current_thread().name, 0, 5, workers=1)) == [mine] * 5
    stop: list[int] = []
    with pytest.raises(Cancelled):
        list(in_order(stop.append, 0, 100, workers=1, cancelled=lambda: len(stop) == 3))
    assert stop == [0, 1, 2]


def test_results_do_not_pile_up_when_they_are_not_taken():
    begun: list[int] = []
    results = in_order(begun.append, 0, 1000, workers=2)
    next(results)
    time.sleep(0.1)
    assert len(begun) <= 2 * AHEAD + 1
    results.close()  # type: ignore[attr-defined]
    assert not replicates()


def test_a_fault_is_raised_where_the_result_would_have_been_and_ends_the_work():
    begun = []

    def work(k):
        begun.append(k)
        if k == 5:
            raise ValueError("five")
        return k

    found: list[int] = []
    with pytest.raises(ValueError, match="five"):
        found.extend(in_order(work, 0, 1000, workers=2))
    assert found == [0, 1, 2, 3, 4]
    assert len(begun) < 30
    assert not replicates()


def test_cancelling_stops_within_the_piece_at_hand():
    stop = threading.Event()
    found: list[int] = []

    def work(k):
        time.sleep(0.01)
        return k

    results = in_order(work, 0, 10_000, workers=2, cancelled=stop.is_set)
    while len(found) < 4:
        found.append(next(results))
    stop.set()
    begin = time.perf_counter()
    with pytest.raises(Cancelled):
        next(results)
    assert found == [0, 1, 2, 3]
    assert time.perf_counter() - begin < 1.0
    assert not replicates()


def test_cores_are_those_this_process_may_use():
    assert cores() >= 1
