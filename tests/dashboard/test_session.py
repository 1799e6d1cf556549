"""From a choice to a rough and a sharp answer: cancelling, keeping, failing."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type, func-returns-value"

import threading
import time

import pytest

from dashboard import own, precomputed, simulation
from dashboard import session as session_module
from dashboard.mailbox import Mailbox
from dashboard.memory import Shelf
from dashboard.pool import Pool
from dashboard.session import FINE_WORLDS, ROUGH_WORLDS, SHARP_WORLDS, Session
from dashboard.state import Choice

A = Choice("reference", (("A", "structural-funding"),))
B = Choice("reference", (("A", "structural-funding"), ("B", "regular-meetings")))


class Runner:
    """Stands in for the simulation: remembers what it was asked, and can be held up until released or cancelled."""

    def __init__(self, fakes, *, hold=False, error=None):
        self.fakes, self.error = fakes, error
        self.asked, self.stopped = [], []
        self.release = threading.Event()
        if not hold:
            self.release.set()

    def __call__(self, choice, replicates, progress=None, cancelled=None, workers=None):
        chosen = tuple(choice.slots.values())
        self.asked.append((chosen, replicates))
        if self.error:
            raise self.error
        while not self.release.is_set():
            if cancelled():
                self.stopped.append((chosen, replicates))
                return None
            time.sleep(0.005)
        return self.fakes.FakeResult(["as-now", *chosen], replicates)


class Page:
    """Remembers what a session tells."""

    def __init__(self):
        self.told = []
        self.changed = threading.Condition()

    def __call__(self, standing):
        with self.changed:
            self.told.append(standing)
            self.changed.notify_all()

    def wait(self, phase, seconds=5.0, worlds=0):
        """The first standing of that phase (and of so many worlds); fails when it does not come."""

        def fits(standing):
            return standing.phase == phase and (not worlds or standing.result.replicates == worlds)

        with self.changed:
            found = self.changed.wait_for(lambda: next(filter(fits, self.told), None), seconds)
        assert found, f"never {phase}: {[s.phase for s in self.told]}"
        return found


@pytest.fixture
def make(fakes):
    """Makes a session with its page and its runner; closes it afterwards."""
    sessions = []

    def made(results=None, **options):
        page, runner = Page(), Runner(fakes, **options)
        session = Session(page, pool=Pool(2), results=results or Shelf(10**9), run=runner, label=fakes.labelled)
        sessions.append(session)
        return session, page, runner

    yield made
    for session in sessions:
        session.close()


def test_a_rough_answer_comes_before_the_sharp_one(make):
    session, page, runner = make()
    session.choose(A)
    assert page.wait("done").result.replicates == SHARP_WORLDS
    page.wait("done", worlds=FINE_WORLDS)
    assert runner.asked == [(("structural-funding",), worlds) for worlds in (ROUGH_WORLDS, SHARP_WORLDS, FINE_WORLDS)]


def test_nothing_chosen_computes_nothing(make):
    session, page, runner = make()
    session.choose(Choice("projection"))
    page.wait("empty")
    assert runner.asked == []


def test_a_change_cancels_what_runs(make):
    session, page, runner = make(hold=True)
    session.choose(A)
    page.wait("starting")
    while not runner.asked:
        time.sleep(0.005)
    session.choose(B)
    runner_stopped = time.monotonic() + 2
    while not runner.stopped and time.monotonic() < runner_stopped:
        time.sleep(0.005)
    assert runner.stopped == [(("structural-funding",), ROUGH_WORLDS)]
    runner.release.set()
    assert page.wait("done").choice == B
    assert all(standing.choice == B for standing in page.told if standing.result is not None)


def test_stopping_keeps_what_is_there_and_going_on_finishes_it(make):
    session, page, runner = make(hold=True)
    session.choose(A)
    page.wait("starting")
    session.stop()
    assert page.wait("stopped").result is None
    runner.release.set()
    session.resume()
    page.wait("done")


def test_the_same_question_is_not_computed_twice(make):
    results = Shelf(10**9)
    first, page, _ = make(results)
    first.choose(A)
    page.wait("done", worlds=FINE_WORLDS)
    second, other_page, runner = make(results)
    second.choose(A)
    other_page.wait("done")
    assert runner.asked == []


def test_looking_at_another_pair_computes_nothing(make):
    session, page, runner = make()
    session.choose(B)
    page.wait("done", worlds=FINE_WORLDS)
    asked = len(runner.asked)
    page.told.clear()
    session.choose(Choice(B.world, B.policies, ("A", "B")))
    assert page.wait("done").choice.pair == ("A", "B")
    assert len(runner.asked) == asked


def test_an_error_becomes_a_sentence(make):
    session, page, _ = make(error=RuntimeError("/secret/path exploded"))
    session.choose(A)
    fault = page.wait("failed").fault
    assert "secret" not in fault and fault.startswith("Deze vergelijking lukte niet")


def test_a_fault_of_the_input_is_told_in_the_readers_language(make):
    class InputError(ValueError):
        def sentence(self, language):
            return f"file.yaml: field: {language}"

    session, page, _ = make(error=InputError())
    session.choose(Choice(A.world, A.policies, None, "en"))
    assert page.wait("failed").fault == "This comparison did not work: file.yaml: field: en"


def test_a_page_that_stops_reading_delays_nobody_and_gets_the_latest():
    gate, seen = threading.Event(), []

    def slow(value):
        gate.wait(5)
        seen.append(value)

    stuck = Mailbox(slow)
    begun = time.monotonic()
    for value in range(1000):
        stuck.put(value)
    assert time.monotonic() - begun < 1
    gate.set()
    deadline = time.monotonic() + 5
    while 999 not in seen and time.monotonic() < deadline:
        time.sleep(0.005)
    assert seen[-1] == 999 and len(seen) <= 2
    stuck.close()


def test_two_visitors_never_share_a_name_that_one_of_them_typed(make):
    results = Shelf(10**9)
    mine, other = (
        Choice("reference").with_own("A", own.policy({"name": name, "levers": [{"lever": "regular_meetings"}]}))
        for name in ("Geheim plan", "Ander plan")
    )
    first, page, _ = make(results)
    first.choose(mine)
    page.wait("done", worlds=FINE_WORLDS)
    second, other_page, runner = make(results)
    second.choose(other)
    result = other_page.wait("done").result
    assert not runner.asked and result.scenarios == ["as-now", "ander-plan"]


def test_a_name_is_no_new_question(make):
    plan, renamed, stronger = (
        Choice("reference").with_own(
            "A", own.policy({"name": name, "levers": [{"lever": "regular_meetings", "intensity": level}]})
        )
        for name, level in (("Mijn plan", 4), ("Ons plan", 4), ("Ons plan", 6))
    )
    assert plan.question == renamed.question != stronger.question
    session, page, runner = make()
    session.choose(plan)
    page.wait("done", worlds=FINE_WORLDS)
    asked = len(runner.asked)
    page.told.clear()
    session.choose(renamed)
    told = page.wait("done")
    assert told.result.scenarios == ["as-now", "ons-plan"] and told.result.replicates == FINE_WORLDS
    assert len(runner.asked) == asked
    session.choose(stronger)
    page.wait("rough")
    assert len(runner.asked) > asked


def test_a_session_that_is_closed_asks_for_nothing_more(make):
    session, page, runner = make(hold=True)
    session.choose(A)
    page.wait("starting")
    session.close()
    runner.release.set()
    time.sleep(0.1)
    assert len(runner.asked) <= 1 and not any(standing.result is not None for standing in page.told)


def test_an_error_in_a_delivery_does_not_silence_the_page():
    seen, done = [], threading.Event()

    def deliver(value):
        if value == "broken":
            seen.append(value)
            raise RuntimeError("expected by the test")
        done.set()

    box = Mailbox(deliver)
    box.put("broken")
    deadline = time.monotonic() + 5
    while not seen and time.monotonic() < deadline:
        time.sleep(0.005)
    box.put("whole")
    assert done.wait(5)
    box.close()


def test_visitors_who_stop_reading_delay_nobody_else(fakes):
    pool, results, reads = Pool(), Shelf(10**8), threading.Event()

    def stuck(standing):
        if standing.phase != "starting":
            reads.wait(30)

    choices = [Choice("reference", (("A", "structural-funding"),), months=months) for months in (12, 24, 36, 48)]
    silent = [Session(stuck, pool=pool, results=results, run=Runner(fakes)) for _ in choices]
    page = Page()
    other = Session(page, pool=pool, results=results, run=Runner(fakes))
    try:
        for session, choice in zip(silent, choices, strict=True):
            session.choose(choice)
        other.choose(B)
        page.wait("done", worlds=SHARP_WORLDS)
    finally:
        reads.set()
        for session in (*silent, other):
            session.close()


class AtOnce:
    """Stands in for the pool: does what it is given when it is given."""

    def submit(self, work, priority, owner=None):
        work(self)

    def stopped(self):
        return False


@pytest.mark.parametrize("shipped", [True, False])
def test_a_server_that_is_warm_has_the_first_question_ready(shipped, fakes, monkeypatch):
    runner, kept, on_disk = Runner(fakes), Shelf(10**9), []
    first = simulation.default_choice()
    monkeypatch.setattr(session_module, "known", lambda choice: "an answer" if shipped else None)
    monkeypatch.setattr(session_module, "POOL", AtOnce())
    monkeypatch.setattr(session_module, "RESULTS", kept)
    monkeypatch.setattr(simulation, "run", runner)
    monkeypatch.setattr(precomputed, "keep", lambda key, result: on_disk.append(result))
    session_module.prepare()
    # With its answer at hand, what is run leaves the past and going on as now behind for whatever is asked next.
    assert runner.asked == [(tuple(first.slots.values()), ROUGH_WORLDS if shipped else SHARP_WORLDS)]
    assert len(on_disk) == (0 if shipped else 1)
    assert (kept.get((first.question, SHARP_WORLDS)) is None) == shipped
