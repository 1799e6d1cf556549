"""Reasons come after the answer, are kept for everybody, and go away when the answer changes."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import threading

import pytest

from dashboard import why
from dashboard.explaining import Explaining, Part
from dashboard.memory import Shelf
from dashboard.pool import Pool
from dashboard.state import Choice

TWO = Choice("reference", (("A", "regular-meetings"), ("B", "structural-funding")), ("A", "B"))


class Page:
    """Remembers the parts that it was told."""

    def __init__(self):
        self.told = []
        self.changed = threading.Condition()

    def __call__(self, parts):
        with self.changed:
            self.told.append(parts)
            self.changed.notify_all()

    def wait(self, fits):
        """The first parts that fit."""
        with self.changed:
            assert self.changed.wait_for(lambda: any(fits(parts) for parts in self.told), 10), self.told[-1:]
            return next(parts for parts in self.told if fits(parts))


@pytest.fixture
def make(monkeypatch):
    """Makes an `Explaining` on fakes, with its page and a list of what was computed."""
    monkeypatch.setattr(why, "shown_why", lambda found, language, outcome, slot, story=None, called="", note="": {
        "phase": "done", "said": f"{found} {language} {outcome}", "story": story})  # fmt: skip
    monkeypatch.setattr(why, "story_of", lambda found, link, outcome: f"story of {link}")
    monkeypatch.setattr(why, "shown_story", lambda found, language, story, link: story)
    made = []

    def make_one(kept=None, hold=None):
        asked, page = [], Page()

        def explain(choice, slot, progress, cancelled):
            asked.append(choice.slots[slot])
            while hold is not None and not hold.wait(0.01):
                if cancelled():
                    return None
            progress(10, 50)
            return f"because {choice.slots[slot]}"

        explaining = Explaining(page, pool=Pool(1), kept=kept or Shelf(100, lambda _: 1), explain=explain)
        made.append(explaining)
        return explaining, page, asked

    yield make_one
    for explaining in made:
        explaining.close()


def done(*names):
    """Whether all parts are done, for these policies."""
    return lambda parts: (
        [part.shown.get("said", "").split(" ")[:2] for part in parts] == [["because", name] for name in names]
    )


def test_a_busy_sign_comes_first_and_then_the_reasons(make):
    hold = threading.Event()
    explaining, page, _ = make(hold=hold)
    explaining.ask(TWO)
    assert [part.slot for part in page.wait(lambda parts: parts and parts[0].shown["phase"] == "busy")] == ["A", "B"]
    hold.set()
    page.wait(done("regular-meetings", "structural-funding"))


def test_what_failed_is_tried_again_when_it_is_asked_again(make):
    explaining, page, asked = make()
    whole, failures = explaining._explain, [OSError("the disk is full")]

    def explain(choice, slot, progress, cancelled):
        if failures:
            raise failures.pop()
        return whole(choice, slot, progress, cancelled)

    explaining._explain = explain
    explaining.ask(TWO)
    page.wait(lambda parts: parts == ())
    explaining.ask(TWO)
    page.wait(done("regular-meetings", "structural-funding"))
    assert asked == ["regular-meetings", "structural-funding"]


def test_another_language_or_outcome_computes_nothing(make):
    explaining, page, asked = make()
    explaining.ask(TWO)
    page.wait(done("regular-meetings", "structural-funding"))
    explaining.ask(Choice(TWO.world, TWO.policies, ("A", "now"), "en", about="homes_reached"))
    (part,) = page.wait(lambda parts: parts and "homes_reached" in parts[0].shown.get("said", ""))
    assert part == Part("A", {"phase": "done", "said": "because regular-meetings en homes_reached", "story": None})
    assert asked == ["regular-meetings", "structural-funding"]


def test_what_somebody_else_asked_is_not_computed_again(make):
    kept = Shelf(100, lambda _: 1)
    first, page, _ = make(kept)
    first.ask(TWO)
    page.wait(done("regular-meetings", "structural-funding"))
    second, other, asked = make(kept)
    second.ask(TWO)
    other.wait(done("regular-meetings", "structural-funding"))
    assert asked == []


def test_a_change_cancels_and_takes_the_reasons_away(make):
    hold = threading.Event()
    explaining, page, _ = make(hold=hold)
    explaining.ask(TWO)
    page.wait(lambda parts: bool(parts))
    explaining.forget()
    page.wait(lambda parts: parts == ())
    hold.set()
    assert not any(done("regular-meetings")(parts) for parts in page.told)


def test_a_story_is_told_and_put_away_and_a_link_that_does_not_exist_is_ignored(make):
    explaining, page, _ = make()
    explaining.ask(TWO)
    page.wait(done("regular-meetings", "structural-funding"))
    explaining.tell_story("A", "../../etc")
    explaining.tell_story("C", "trust")
    explaining.tell_story("A", "trust")
    parts = page.wait(lambda parts: parts and parts[0].shown.get("story") is not None)
    assert parts[0].shown["story"] == "story of trust" and parts[1].shown["story"] is None
    page.told.clear()
    explaining.close_story("A")
    page.wait(lambda parts: parts and parts[0].shown["story"] is None)
