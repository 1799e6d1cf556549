"""A room goes on whatever is asked of it; it is saved and taken up again; rooms do not mix."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, assignment"

import time

import numpy as np
import pytest

from dashboard.language import LANGUAGES
from dashboard.workshop import saving, view
from dashboard.workshop.room import ROOMS, Rooms
from dashboard.workshop.script import load_script
from sim.engine.problems import InputError


@pytest.fixture
def room():
    made = ROOMS.open()
    made.begin(load_script("turnover"), "turnover")
    return made


def settled(room, seconds=60):
    """Wait for the worlds that are being computed."""
    until = time.monotonic() + seconds
    while any(each.running for each in room.weighed.values()):
        assert time.monotonic() < until
        time.sleep(0.02)


def kept(room):
    """What a file of the session holds, but for the time."""
    return saving.read_saved(room.saved()).model_copy(update={"saved": ""})


def walk(room):
    """Do every step of the script, as its leader would."""
    for place, step in enumerate(room.script.steps):
        assert room.act("go", step=place)
        if step.story or step.go_to or step.part or step.decide or step.question:
            assert room.act("do_step"), room.notice
        if step.play_to:
            room.act("seen", position=room.ground.position(step.play_to) + 1)
    settled(room)


@pytest.mark.parametrize("script", ["turnover", "money", "pace"])
def test_a_ready_session_can_be_gone_through_step_by_step(script):
    room = ROOMS.open()
    assert room.act("choose", script=script)
    walk(room)
    for language in LANGUAGES:
        shown = view.shown(room, language)
        assert shown["screen"] == "room" and not shown["notice"]
        assert shown["question"]["weighed"]["worlds"] == 200
        assert "{" not in shown["question"]["weighed"]["sentence"] + shown["question"]["words"]
        assert len(view.log(room, language)) > 20
        assert all(words and "{" not in words for entry in view.log(room, language) for words in [entry["text"]])


def test_going_back_and_changing_history_asks_and_then_branches(room):
    room.act("seen", position=40)
    assert not room.act("decide", kind="shock", what="election", position=30)
    assert view.shown(room, "nl")["confirm"]["beside"]
    assert room.act("answer", choice="beside")
    assert list(room.futures.all) == ["nu", "A"]
    assert room.futures["nu"].decisions == () and room.futures["A"].decisions[0].what == "election"
    assert room.position == 30
    assert not room.act("decide", kind="shock", what="election", position=20)
    assert room.act("answer", choice="neither")
    assert room.confirm is None and len(room.futures["nu"].decisions) == 0
    room.act("decide", kind="shock", what="election", position=20)
    assert room.act("answer", choice="over")
    assert [each.decisions[-1].what for each in room.futures.all.values()] == ["election", "election"]


def test_a_decision_for_all_futures_is_taken_in_all_or_in_none(room):
    room.act("part", future="nu", position=29)
    room.act("purse", hours=150, euros=0)
    assert room.act("decide", kind="lever", what="broad_embedding", future="A", position=29)
    assert not room.act("decide", kind="lever", what="execution_plan_talk", intensity=1, position=29)
    assert "beurs" in view.notice(room, "nl").lower()
    assert room.futures["nu"].decisions == ()


def test_a_saved_session_goes_on_at_the_same_month_with_the_same_luck(room):
    walk(room)
    room.act("rename", node="p0", name="De contactpersoon")
    room.join("a" * 22)
    text = room.saved()
    other = ROOMS.open()
    assert other.act("upload", text=text), other.notice
    assert other.position == room.position and other.step == room.step
    assert list(other.futures.all) == list(room.futures.all)
    for name, future in room.futures.all.items():
        for mine, theirs in zip(future.chronicle.states[-1], other.futures[name].chronicle.states[-1], strict=True):
            assert np.array_equal(mine, theirs)
    mine, theirs = view.log(room, "nl"), view.log(other, "nl")
    assert mine == theirs
    assert other.naming.own == {"p0": "De contactpersoon"}
    assert saving.read_saved(other.saved()).futures == saving.read_saved(text).futures


def test_answers_are_saved_too(room):
    room.act("ask", question="months-lost")
    room.join("b" * 22)
    assert room.choose("b" * 22, 0, "B") == "taken"
    room.act("hands", option="C", count=7)
    other = ROOMS.open()
    assert other.act("upload", text=room.saved())
    assert other.current.counts() == {"A": 0, "B": 1, "C": 7, "D": 0}
    assert other.current.open


@pytest.mark.parametrize(
    ("change", "problem"),
    [
        (lambda text: text[: len(text) // 2] + ": [", "YAML"),
        (lambda text: text.replace("story: leaves", "story: elsewhere"), "story"),
        (lambda text: text.replace("script: turnover", "script: /etc/passwd"), ""),
        (lambda text: text.replace("position: ", "position: -"), "position"),
        (lambda text: text + "\nsecret: 1\n", "secret"),
        (lambda text: text.replace("- id: nu", "- id: Z"), "id"),
        (lambda text: "samenspel_session: 1", "saved"),
        (lambda text: "a: &a [*a]\nsamenspel_session: 1", ""),
    ],
)
def test_a_broken_file_is_told_and_no_session_is_lost(room, change, problem):
    room.act("decide", kind="shock", what="election", position=29)
    before = room.saved()
    assert not room.act("upload", text=change(before), name="<b>mine</b>.yaml")
    told = view.notice(room, "nl")
    assert told and problem in told and len(told) < 1500
    assert room.futures["nu"].decisions[0].what == "election"
    assert len(room.futures.all) == 1


def test_a_file_that_is_too_large_is_refused(room):
    assert not room.act("upload", text="x" * 400_001)
    assert "te groot" in view.notice(room, "nl")


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("burn", {}),
        ("decide", {"kind": "shock", "what": "election", "position": 10**9}),
        ("decide", {"kind": "lever", "what": "regular_meetings", "intensity": float("nan")}),
        ("decide", {"kind": "lever", "what": "regular_meetings", "options": {"form": "x"}}),
        ("decide", {"colour": "red"}),
        ("part", {"future": "Z"}),
        ("drop", {"future": "nu"}),
        ("rename", {"node": "i99", "name": "x"}),
        ("rename", {"node": "../x", "name": "x"}),
        ("ask", {"question": "nothing"}),
        ("hands", {"option": "A", "count": 3}),
        ("purse", {"hours": -1, "euros": 1}),
        ("withdraw", {"future": "nu", "number": 5}),
        ("seen", {"position": "x"}),
    ],
)
def test_whatever_cannot_be_is_told_and_changes_nothing(room, what, values):
    before = kept(room)
    assert not room.act(what, **values)
    for language in LANGUAGES:
        assert view.notice(room, language)
    assert kept(room) == before


def test_a_question_asks_for_months_that_are_still_there(room):
    room.act("seen", position=room.ground.months - 3)
    assert not room.act("ask", question="months-lost")
    assert "24 maanden" in view.notice(room, "nl")


def test_what_was_weighed_goes_when_history_changes(room):
    room.act("ask", question="months-lost")
    room.act("show", worlds=20)
    settled(room)
    assert room.weighed[0].luck.worlds == 20
    room.act("decide", kind="shock", what="official_leaves", position=29, initiative=0, over=True)
    assert 0 not in room.weighed


def test_a_number_of_rooms_fits_and_each_has_its_own_code_and_key():
    rooms = Rooms()
    made = [rooms.open() for _ in range(24)]
    assert len({room.code for room in made}) == len({room.key for room in made}) == 24
    assert rooms.open(made[3].key) is made[3]
    assert rooms.by_code(made[5].code) is made[5]
    for room in made:
        room.listeners.append(lambda: None)
    with pytest.raises(ValueError, match="many_rooms"):
        rooms.open()
    made[0].listeners.clear()
    rooms.open()
    assert rooms.by_code(made[0].code) is not made[0]


def test_the_leaders_token_opens_and_another_does_not():
    rooms = Rooms()
    assert rooms.may_lead("")
    rooms.token = "secret"
    assert rooms.may_lead("secret")
    assert not rooms.may_lead("") and not rooms.may_lead("Secret") and not rooms.may_lead("é")


def test_memory_stays_flat_over_a_long_session(room):
    room.act("part", future="nu", position=29)
    for _ in range(30):
        room.act("decide", kind="shock", what="election", future="A", position=29, over=True)
        room.act("withdraw", future="A", number=room.futures["A"].decisions[-1].number, over=True)
    kept = {id(state) for future in room.futures.all.values() for state in future.chronicle.states}
    assert len(kept) <= 2 * (room.ground.months + 1)
    assert len(room._told) <= 4


def test_input_errors_carry_the_readers_language(room):
    room.act("decide", kind="lever", what="regular_meetings", intensity=99, position=29)
    assert isinstance(room.notice["error"], InputError)
    assert view.notice(room, "nl") != view.notice(room, "en")
