"""Urgent work first, visitors in turn, and what is less urgent pauses."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type, func-returns-value, var-annotated, misc"

import threading
import time

import pytest

from dashboard.pool import FINE, ROUGH, SHARP, Pool


def test_urgent_work_goes_first():
    pool, order, gate, last = Pool(1), [], threading.Event(), threading.Event()
    pool.submit(lambda ticket: gate.wait(5), ROUGH)
    time.sleep(0.05)
    pool.submit(lambda ticket: (order.append("fine"), last.set()), FINE)
    pool.submit(lambda ticket: order.append("sharp"), SHARP)
    pool.submit(lambda ticket: order.append("rough"), ROUGH)
    dropped = pool.submit(lambda ticket: order.append("never"), ROUGH)
    dropped.cancel()
    gate.set()
    assert last.wait(5)
    assert order == ["rough", "sharp", "fine"]


def test_who_asks_much_does_not_delay_who_asks_little():
    pool, order, gate, last = Pool(1), [], threading.Event(), threading.Event()
    pool.submit(lambda ticket: gate.wait(5), ROUGH)
    time.sleep(0.05)
    for _ in range(5):
        pool.submit(lambda ticket: order.append("greedy"), ROUGH, "greedy")
    pool.submit(lambda ticket: (order.append("modest"), last.set()), ROUGH, "modest")
    gate.set()
    assert last.wait(5)
    assert order[:2] == ["greedy", "modest"]


def test_who_computes_alone_may_use_all_threads_and_who_does_not_uses_one():
    pool, asked, gate = Pool(2), {}, threading.Event()

    def work(name, seconds=0.0):
        def at(ticket):
            asked[name] = ticket.workers()
            gate.wait(seconds)

        return at

    pool.submit(work("alone", 5), ROUGH)
    time.sleep(0.05)
    pool.submit(work("together"), ROUGH)
    time.sleep(0.05)
    gate.set()
    assert asked == {"alone": None, "together": 1}


def test_less_urgent_work_pauses_and_goes_on():
    pool, steps, begun, gate, done = Pool(1), [], threading.Event(), threading.Event(), threading.Event()

    def long(ticket):
        begun.set()
        while len(steps) < 200 and not ticket.stopped():
            steps.append(time.monotonic())
            time.sleep(0.002)
        done.set()

    pool.submit(long, SHARP)
    assert begun.wait(5)
    pool.submit(lambda ticket: gate.wait(5), ROUGH)
    time.sleep(0.1)
    paused = len(steps)
    time.sleep(0.2)
    assert len(steps) <= paused + 1 < 200
    gate.set()
    assert done.wait(5) and len(steps) == 200


def test_paused_work_can_be_cancelled():
    pool, begun, gate, ended = Pool(1), threading.Event(), threading.Event(), threading.Event()

    def long(ticket):
        begun.set()
        while not ticket.stopped():
            time.sleep(0.002)
        ended.set()

    ticket = pool.submit(long, SHARP)
    assert begun.wait(5)
    pool.submit(lambda ticket: gate.wait(5), ROUGH)
    time.sleep(0.05)
    ticket.cancel()
    assert ended.wait(2)
    gate.set()


def test_work_that_fails_takes_no_thread_away():
    pool, done = Pool(1), threading.Event()

    def fails(ticket):
        raise RuntimeError("expected by the test")

    pool.submit(fails, ROUGH)
    pool.submit(lambda ticket: done.set(), SHARP)
    assert done.wait(5) and pool.waiting() == 0


@pytest.mark.parametrize("priority", [ROUGH, SHARP, FINE])
def test_nothing_is_lost_when_many_hand_in_at_once(priority):
    pool, seen, lock = Pool(2), [], threading.Lock()

    def note(number):
        with lock:
            seen.append(number)

    def hand_in(start):
        for number in range(start, start + 50):
            pool.submit(lambda ticket, number=number: note(number), priority, start)

    threads = [threading.Thread(target=hand_in, args=(start,)) for start in range(0, 400, 50)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    deadline = time.monotonic() + 10
    while len(seen) < 400 and time.monotonic() < deadline:
        time.sleep(0.01)
    assert sorted(seen) == list(range(400))
