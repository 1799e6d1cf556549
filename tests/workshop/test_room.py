"""A room goes on whatever is asked of it; it is saved and taken up again; rooms do not mix."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, assignment, attr-defined, index"

import re
import time

import numpy as np
import pytest

from dashboard.language import LANGUAGES
from dashboard.workshop import saving, view, weighing
from dashboard.workshop.predictions import Spread
from dashboard.workshop.rooms import ROOMS, Rooms
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
        weighed = shown["question"]["weighed"]
        assert all("{" not in weighed[name] for name in ("here", "room", "many", "sentence", "where", "unknown"))
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
    assert "budget" in view.notice(room, "nl").lower()
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


def test_a_question_of_the_script_belongs_to_a_month(room):
    room.act("go", step=2)
    room.act("seen", position=32)
    assert not room.act("do_step") and room.current is None
    confirm = view.shown(room, "nl")["confirm"]
    assert confirm["words"] == "Deze vraag hoort bij mei 2028. U bent in augustus 2028."
    assert (confirm["go"], confirm["here"]) == ("Ga naar mei 2028", "Toch hier stellen")
    assert room.act("answer", choice="go")
    assert (room.current.position, room.position) == (29, 29)
    room.act("seen", position=32)
    assert not room.act("ask", question="months-lost")
    assert room.act("answer", choice="here")
    assert (room.current.position, room.position) == (32, 32)
    room.act("ask", question="months-lost")
    assert room.act("answer", choice="neither") and len(room.asked) == 2


@pytest.mark.parametrize(
    ("what", "values"),
    [
        ("go", {"step": 3}),
        ("seen", {"position": 30, "playing": True}),
        ("decide", {"kind": "shock", "what": "official_leaves", "initiative": 0}),
        ("show", {"worlds": 20}),
    ],
)
def test_what_shows_how_it_goes_closes_the_vote_first(room, what, values):
    room.act("go", step=2)
    room.act("do_step")
    room.act("seen", position=29, playing=False)
    room.act("go", step=1)
    room.act("go", step=2)
    assert room.current.open  # nothing was shown yet
    room.join("a" * 22)
    assert room.choose("a" * 22, 0, "A") == "taken"
    assert room.act(what, **values), room.notice
    assert not room.current.open and room.choose("a" * 22, 0, "B") == "late"
    assert room.current.counts()["A"] == 1
    settled(room)


def test_a_vote_opens_again_in_its_own_month_unless_the_leader_says_here(room):
    room.act("ask", question="months-lost")
    room.act("seen", position=32)
    assert not room.act("reopen") and not room.current.open
    assert view.shown(room, "nl")["confirm"]["go"] == "Ga naar mei 2028"
    assert room.act("answer", choice="go")
    assert room.current.open and room.position == 29
    room.act("seen", position=32)
    room.act("reopen")
    assert room.act("answer", choice="here")
    assert room.act("seen", position=32) and room.current.open
    room.act("seen", position=33)
    assert not room.current.open


def test_what_the_script_lets_happen_never_takes_the_room_back_unasked(room):
    room.act("go", step=3)
    room.act("seen", position=32)
    done = room.acted
    assert not room.act("do_step")
    assert (room.futures["nu"].decisions, room.position, room.acted) == ((), 32, done)
    assert "Laat het hierna gebeuren" in view.shown(room, "nl")["confirm"]["here"]
    assert room.act("answer", choice="here")
    assert (room.futures["nu"].decisions[0].month, room.position) == ("2028-09", 32)
    room.act("withdraw", future="nu", number=1, over=True)
    room.act("do_step")
    assert room.act("answer", choice="go")
    assert (room.futures["nu"].decisions[0].month, room.position) == ("2028-06", 29)


def test_a_step_knows_whether_it_was_done(room):
    def done():
        return view.shown(room, "nl")["steps"][room.step]["done"]

    assert done()  # the first story is open already
    for step in (2, 3, 5):
        room.act("go", step=step)
        assert not done()
        room.act("do_step")
        assert done()
        if step == 3:
            room.act("seen", position=41)
    room.act("go", step=6)
    assert not done()


def test_a_future_is_called_after_the_choice_that_made_it(room):
    room.act("seen", position=40)
    room.act("decide", kind="lever", what="regular_meetings", intensity=4, position=30)
    assert room.act("answer", choice="beside")
    assert room.futures["A"].name == {"nl": "Met «Vast overleg»", "en": "With “Regular meetings”"}
    room.act("seen", position=40)
    room.act("withdraw", future="A", number=room.futures["A"].decisions[-1].number)
    assert room.act("answer", choice="beside")
    assert room.futures["B"].name["nl"] == "Zonder «Vast overleg»"


def test_a_choice_that_the_purse_refuses_is_refused_before_anything_is_asked(room):
    room.act("seen", position=40)
    room.act("purse", hours=10, euros=0)
    assert not room.act("decide", kind="lever", what="broad_embedding", position=29)
    assert room.confirm is None and "budget" in view.notice(room, "nl")
    assert list(room.futures.all) == ["nu"]


def test_a_session_without_a_purse_stays_without_one(room):
    room.act("purse")
    other = ROOMS.open()
    assert other.act("upload", text=room.saved()), other.notice
    assert other.futures.purse is None
    room.act("purse", hours=70, euros=500)
    assert other.act("upload", text=room.saved())
    assert (other.futures.purse.hours, other.futures.purse.euros) == (70, 500)


def test_worlds_that_cannot_be_counted_do_not_keep_the_room_waiting(room, monkeypatch):
    def fails(*_, **__):
        raise MemoryError

    monkeypatch.setattr("dashboard.workshop.asking.many_worlds", fails)
    room.act("ask", question="months-lost")
    room.act("show", worlds=20)
    settled(room)
    assert not room.weighed[0].running and room.weighed[0].luck is None
    assert not room.tickets


@pytest.mark.parametrize(
    ("what", "values", "told"),
    [
        ("purse", {"hours": "", "euros": "15.000"}, "Uren per jaar: er staat niets. .*0 tot en met 1.000.000"),
        ("purse", {"hours": "1,5", "euros": "15.000"}, "Uren per jaar: «1,5» kan niet. .*heel getal"),
        ("purse", {"hours": 1.5, "euros": 15000}, "Uren per jaar: «1,5» kan niet. .*heel getal"),
        ("purse", {"hours": "200", "euros": "veel"}, "Euro per jaar: «veel» kan niet. .*0 tot en met 100.000.000"),
        ("hands", {"option": "A", "count": 1.5}, "Opgestoken handen: «1,5» kan niet. .*0 tot en met 500"),
        ("hands", {"option": "A", "count": 501}, "Opgestoken handen: «501» kan niet. .*0 tot en met 500"),
    ],
)
def test_a_number_that_cannot_be_is_refused_with_its_field_and_what_is_allowed(room, what, values, told):
    room.act("ask", question="months-lost")
    before = kept(room)
    assert not room.act(what, **values)
    assert re.match(told, view.notice(room, "nl"))
    assert kept(room) == before


def test_a_purse_is_read_as_the_language_writes_it(room):
    assert room.act("purse", hours="150", euros="12.500")
    assert (room.futures.purse.hours, room.futures.purse.euros) == (150, 12500)
    room.language = "en"
    assert room.act("purse", hours="1,150", euros="€ 12,000")
    assert (room.futures.purse.hours, room.futures.purse.euros) == (1150, 12000)


def test_beside_all_futures_is_beside_each_of_them(room):
    room.act("part", future="nu", position=29)
    room.act("seen", position=40)
    assert not room.act("decide", kind="shock", what="election", position=30)
    assert view.shown(room, "nl")["confirm"]["each"]
    assert room.act("answer", choice="beside")
    assert [len(each.decisions) for each in room.futures.all.values()] == [0, 0, 1, 1]
    assert [each.parent for each in room.futures.all.values()][2:] == ["nu", "A"]
    assert not room.act("decide", kind="shock", what="election", position=29)
    assert not view.shown(room, "nl")["confirm"]["beside"]  # there is no room for four more


def test_what_if_not_is_called_after_whom_it_spares(room):
    room.act("decide", kind="shock", what="official_leaves", position=29, initiative=0)
    assert view.shown(room, "nl")["futures"][0]["decisions"][0]["name"].endswith("(mevrouw Ketel)")
    number = room.futures["nu"].decisions[0].number
    assert room.act("part", future="nu", position=29, without=number)
    assert room.futures["A"].name == {"nl": "Zonder vertrek Ketel", "en": "Without Kettle leaving"}
    assert "De ambtenaar vertrekt (mevrouw Ketel)" in str(view.log(room, "nl"))


def test_a_choice_says_which_amounts_are_other_than_usual(room):
    room.act("purse")
    for months in (12, 48):
        options = {"amount": 10000, "horizon": months}
        room.act("decide", kind="lever", what="structural_funding", intensity=1, options=options, position=29)
    names = [each["name"] for each in view.shown(room, "nl")["futures"][0]["decisions"]]
    assert names == ["Structurele financiering (12 maanden)", "Structurele financiering"]


def test_a_purse_that_is_too_small_names_the_future(room):
    room.act("part", future="nu", position=29, name={"nl": "Anders", "en": "Otherwise"})
    room.act("purse", hours=10, euros=0)
    assert not room.act("decide", kind="lever", what="broad_embedding", future="A", position=29)
    assert "«Anders»" in view.notice(room, "nl")


def test_the_outcome_says_who_was_right_in_three_sentences(room):
    room.act("ask", question="months-lost")
    for option, count in (("A", 10), ("D", 4)):
        room.act("hands", option=option, count=count)
    room.act("show", worlds=200)
    settled(room)
    told = view.shown(room, "nl")["question"]["weighed"]
    right = next(each for each in view.shown(room, "nl")["question"]["options"] if each["right"])
    assert told["here"].startswith(f"In deze wereld: {right['mark']}, ")
    chose = "koos" if right["count"] == 1 else "kozen"
    assert told["room"] == f"{right['count']} van de 14 in de zaal {chose} dat."
    counts = [int(each) for each in re.findall(r"[A-D] (\d+)", told["many"])]
    assert len(counts) == 4 and sum(counts) == 200
    for language in LANGUAGES:
        told = view.shown(room, language)["question"]["weighed"]
        ends = re.search(r"(?:tussen|between) (\S+) (?:en|and) (\S+)", told["where"])
        assert bool(ends) == bool(told["where"])
        assert ends is None or ends[1] != ends[2]


@pytest.mark.parametrize(
    ("values", "option", "word"),
    [
        ({"A": 160, "B": 40}, "A", "usual"),
        ({"A": 110, "B": 90}, "A", "often"),
        ({"A": 80, "B": 70, "C": 50}, "A", "most"),
        ({"A": 63, "B": 109, "C": 28}, "A", "some"),
        ({"A": 30, "B": 170}, "A", "rather"),
        ({"A": 5, "B": 195}, "A", "very"),
    ],
)
def test_how_often_is_said_as_the_counts_allow(values, option, word):
    assert weighing.surprise(Spread(200, values, ()), option) == word


def test_a_histogram_of_one_number_is_left_out_and_others_have_ends():
    assert weighing.dots(Spread(3, {}, (24.0,) * 3), 24.0, "months", "nl") is None
    found = weighing.dots(Spread(3, {}, (1.0, 2.0, 4.0)), 2.0, "months", "nl")
    assert (found["low"], found["high"]) == ("1", "4\u00a0maanden")
    assert [each["count"] for each in found["columns"]] == [1, 1, 0, 1]
    assert weighing.where(Spread(3, {}, (24.0,) * 3), "months", "nl") == ""
    assert re.search(r" tussen 2 en 4\s", weighing.where(Spread(5, {}, (1.0, 2.0, 3.0, 4.0, 5.0)), "months", "nl"))


def test_whom_the_leader_chose_goes_to_every_screen(room):
    room.act("look", focus="i2", by="leader")
    assert view.shown(room, "nl")["look"] == {"focus": "i2", "entry": "", "by": "leader"}


def test_a_question_asks_for_months_that_are_still_there(room):
    room.act("seen", position=room.ground.months - 3)
    assert not room.act("ask", question="months-lost", here=True)
    assert "24\u00a0maanden" in view.notice(room, "nl")


def test_the_name_of_an_initiative_keeps_its_capital(room):
    room.act("decide", kind="shock", what="official_leaves", position=29, initiative=0)
    room.act("ask", question="who-loses")
    room.act("show", worlds=20)
    settled(room)
    room.act("seen", position=room.current.end)
    for language in LANGUAGES:
        weighed = view.shown(room, language)["question"]["weighed"]
        assert "1, Warm Westeinde." in weighed["here"]
        assert sum(int(count) for count in re.findall(r" (\d+)(?=[,.])", weighed["many"].split(":")[1])) == 20
        assert "Warm Westeinde" in weighed["many"]


def test_one_who_was_right_is_one(room):
    room.act("ask", question="months-lost")
    for option in "ABCD":
        room.act("hands", option=option, count=1)
    room.act("show", worlds=100)
    settled(room)
    assert view.shown(room, "nl")["question"]["weighed"]["room"] == "1 van de 4 in de zaal koos dat."


def test_a_story_that_is_yet_to_begin_speaks_of_its_own_people(room):
    """In story 2 the official of story 1 is still there: also in the text before story 2 begins."""
    begins = next(place for place, step in enumerate(room.script.steps) if step.story == "embedded")
    before = room.departures()["p0"]
    room.act("decide", kind="shock", what="official_leaves", initiative=0, position=room.position)
    room.act("seen", position=room.ground.months)
    room.act("go", step=begins)
    assert room.cast["p0"] > before
    said = view.shown(room, "nl")["steps"][begins]["say"]
    assert room.act("do_step")
    assert said == view.shown(room, "nl")["steps"][begins]["say"]
    assert room.cast["p0"] == before


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
