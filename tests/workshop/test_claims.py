"""What the ready sessions say of their worlds is so in those worlds, and a room that chose otherwise is told."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, index, arg-type"

import pytest

from dashboard.workshop import guide, view
from dashboard.workshop import script as scripts
from dashboard.workshop.claims import Claim
from dashboard.workshop.following import claims_hold
from dashboard.workshop.rooms import ROOMS
from dashboard.workshop.script import load_script, parse_script, shipped_scripts
from sim.engine.documents import read_document
from sim.engine.problems import InputError
from tests.workshop.test_script import OWN

SESSIONS = sorted(shipped_scripts())


def steps_of(room):
    """Goes through the script as its leader would, and stops after each step."""
    for place, step in enumerate(room.script.steps):
        assert room.act("go", step=place)
        if step.many is None and (step.story or step.go_to or step.part or step.decide or step.question):
            assert room.act("do_step"), (place, room.notice, room.confirm)
        if step.play_to:
            room.act("seen", position=room.ground.position(step.play_to) + 1)
        elif step.many:
            room.act("seen", position=room.current.end)
        yield step


@pytest.mark.parametrize("name", SESSIONS)
def test_what_a_session_says_is_so_in_its_own_world(name):
    room = ROOMS.open()
    room.begin(load_script(name), name)
    claims = 0
    for number, step in enumerate(steps_of(room), start=1):
        claims += len(step.claims)
        assert claims_hold(room), f"{name}, step {number}: {step.say.nl}"
    assert claims >= 4


@pytest.mark.parametrize("name", SESSIONS)
def test_each_question_of_the_script_is_put_in_the_month_that_it_names(name):
    room = ROOMS.open()
    room.begin(load_script(name), name)
    for step in steps_of(room):
        if step.asks:
            month = room.script.question(step.question).month
            assert month == room.ground.month_name(room.current.position)


def test_the_departure_leaves_less_trust_in_the_month_where_the_room_looks():
    room = ROOMS.open()
    room.begin(load_script("turnover"), "turnover")
    for step in steps_of(room):
        if step.part is not None:
            break
    assert room.ground.month_name(room.position) == step.play_to
    with_, without = (room.futures[name].chronicle.tie("trust")[:, 0, 0] for name in ("nu", "A"))
    assert with_[room.position] < without[room.position] - 0.03
    february = room.ground.position("2030-02")
    assert without[february + 1] < without[february] - 0.1  # a promise was broken in January


# What a text says of the 200 worlds: answers, and the share of them together. A text that says «usually» means over a
# half, «nearly always» over nine in ten, «often» over a third.
USUALLY, NEARLY_ALWAYS, OFTEN = 1 / 2, 9 / 10, 1 / 3
WORLDS = {
    "turnover": {
        "months-lost": [("D", 3 / 4)],
        "embedding-trust": [("CD", USUALLY)],
        "elections-adopted": [("B", USUALLY)],
    },
    "money": {
        "months-with-money": [("C", USUALLY)],
        "progress": [("C", 3 / 4)],
        "stop-energy": [("AB", NEARLY_ALWAYS)],
    },
    "pace": {
        "small-fte": [("CD", NEARLY_ALWAYS), ("D", OFTEN)],
        "large-fte": [("B", USUALLY)],
        "large-talk": [("C", USUALLY)],
    },
}


@pytest.mark.parametrize(
    "name", [pytest.param(each, marks=[] if each == "turnover" else pytest.mark.slow) for each in SESSIONS]
)
def test_what_is_said_of_the_other_worlds_is_so(name):
    _, found = guide.rehearse(load_script(name), 200)
    assert [each.asked.question.id for each in found] == list(WORLDS[name])
    for each in found:
        for answers, share in WORLDS[name][each.asked.question.id]:
            together = sum(each.spread.share(answer) for answer in answers)
            assert together > share, (each.asked.question.id, each.spread.counts)


def test_one_agreement_at_most_is_usual_in_story_three():
    _, found = guide.rehearse(load_script("turnover"), 200)
    spread = found[-1].spread
    assert spread.share("B") + spread.share("C") > 0.75


def test_in_a_world_that_the_room_changed_the_page_says_that_the_text_may_not_hold():
    room = ROOMS.open()
    room.begin(load_script("turnover"), "turnover")
    room.act("go", step=5)
    room.act("seen", position=29)
    assert room.act("do_step")
    room.act("seen", position=51)
    assert not claims_hold(room)  # nobody let the departure happen: the two futures are the same
    shown = view.shown(room, "nl")
    assert shown["steps"][5]["otherwise"]
    assert not shown["steps"][4]["otherwise"]


@pytest.mark.parametrize(
    ("claim", "problem"),
    [
        ({"month": "2027-03", "holds": "higher"}, "either"),
        ({"number": "luck", "month": "2027-03", "value": 1, "holds": "higher"}, "unknown number"),
        ({"number": "trust", "month": "2027-03", "holds": "higher"}, "one of"),
        ({"event": "election", "month": "2027-03", "holds": "higher"}, "some or none"),
        ({"number": "trust", "month": "2199-03", "value": 1, "holds": "higher"}, "outside the world"),
        ({"number": "trust", "month": "2027-03", "than": "B", "holds": "higher"}, "not there yet"),
    ],
)
def test_a_claim_that_cannot_be_is_named(claim, problem):
    data = {**OWN, "steps": [OWN["steps"][0], {**OWN["steps"][1], "claims": [claim]}]}
    with pytest.raises(InputError) as refused:
        parse_script(data, "mine.yaml")
    assert problem in refused.value.problem


def test_a_claim_can_be_false(ground, futures):
    trust = futures["nu"].chronicle.tie("trust")[:, 0, 0]
    month = ground.month_name(20)
    for value, holds, true in ((0.0, "higher", True), (2.0, "higher", False), (2.0, "lower", True)):
        claim = Claim(number="trust", initiative=0, month=month, value=value, holds=holds)
        assert claim.true(ground, futures.all, lambda _: ()) is true
    same = Claim(number="trust", initiative=0, month=month, value=float(trust[20]), holds="same")
    assert same.true(ground, futures.all, lambda _: ())
    told = Claim(event="election", month=month, holds="some")
    assert not told.true(ground, futures.all, lambda _: ())


def test_another_municipality_has_other_names_and_the_same_one_the_same():
    script = load_script("turnover")
    room = ROOMS.open()
    room.begin(script, "turnover")
    names = []
    for story in script.stories:
        room.enter(story)
        names.append({room.naming.initiative(row) for row in range(6)} | {room.naming.person("p0", 0, "nl")})
    assert names[0] == names[1] and not names[0] & names[2]


def test_the_shipped_sessions_say_no_number_of_worlds_that_is_not_computed():
    for name in SESSIONS:
        raw = str(read_document(scripts.WORKSHOPS / f"{name}.yaml")["steps"])
        assert " van de 200" not in raw and " of the 200" not in raw


def test_a_step_is_told_with_the_names_of_its_own_story():
    room = ROOMS.open()
    room.begin(load_script("turnover"), "turnover")
    ahead = view.shown(room, "nl")["steps"][11]["say"]
    list(steps_of(room))
    assert ahead == view.shown(room, "nl")["steps"][11]["say"]
    paper = guide.guide(room.script, "nl", worlds=20)
    steps = next(part.steps for part in paper.parts if part.steps)
    assert steps[11]["say"] == ahead and room.naming.initiative(3) in ahead
