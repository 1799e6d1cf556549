"""Ready sessions are right, whole in both languages, and a leader's own file gets sentences when it is wrong."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, assignment"

import copy
import json

import jsonschema
import pytest

from dashboard.workshop import script as scripts
from dashboard.workshop.chronicle import Ground
from dashboard.workshop.futures import scenario_of
from dashboard.workshop.script import load_script, parse_script, schema, shipped_scripts
from sim.engine.documents import read_document
from sim.engine.problems import InputError

OWN = {
    "id": "mine",
    "title": {"nl": "Mijn", "en": "Mine"},
    "summary": {"nl": "x", "en": "x"},
    "minutes": 20,
    "stories": [
        {"id": "one", "title": {"nl": "Een", "en": "One"}, "world": "my-municipality-small", "begin": "2027-01"}
    ],
    "questions": [
        {
            "id": "q",
            "words": {"nl": "Hoe?", "en": "How?"},
            "measure": "trust_change",
            "months": 12,
            "options": [
                {"words": {"nl": "Lager", "en": "Lower"}, "below": 0},
                {"words": {"nl": "Hoger", "en": "Higher"}},
            ],
        }
    ],
    "steps": [
        {"title": {"nl": "Begin", "en": "Begin"}, "minutes": 1, "say": {"nl": "Dag", "en": "Hello"}, "story": "one"},
        {"title": {"nl": "Vraag", "en": "Ask"}, "minutes": 1, "say": {"nl": "Hoe?", "en": "How?"}, "question": "q"},
    ],
}


def test_the_ready_sessions_take_as_long_as_they_say():
    for script in shipped_scripts().values():
        assert sum(step.minutes for step in script.steps) == script.minutes == 45
        assert script.roles and script.pitfalls and script.remember and script.talk
    assert list(shipped_scripts()) == ["turnover", "money", "pace"]


def test_a_premise_takes_the_first_luck_in_which_it_holds():
    story = load_script("turnover").story("leaves").model_copy(update={"replicate": 0})
    assert story.premise.trust >= 0.6
    ground = story.ground()
    assert ground.replicate > 0
    position = ground.position(story.premise.month)

    def trust(replicate):
        chosen = Ground(ground.world, story.seed, replicate)
        state = chosen.live(scenario_of("w", ()), [chosen.start]).states[position]
        return state.ties["trust"][0], bool(story.premise.holds(state))

    assert trust(ground.replicate)[0] >= story.premise.trust
    assert not any(trust(replicate)[1] for replicate in range(ground.replicate))


def test_a_premise_that_never_holds_is_told():
    data = changed(("stories", 0, "premise"), {"month": "2027-01", "not_adopted": 99})
    story = parse_script(data, "mine.yaml").stories[0]
    with pytest.raises(InputError, match="none of"):
        story.ground()


def test_turnover_has_its_three_stories():
    assert len(load_script("turnover").stories) == 3


def test_an_own_session_is_read_and_fits_the_schema():
    assert parse_script(copy.deepcopy(OWN), "mine.yaml").story("one").begin == "2027-01"
    jsonschema.validate(OWN, schema())


def test_the_shipped_schema_is_that_of_the_code_and_fits_the_sessions():
    assert json.loads(scripts.SCHEMA.read_text(encoding="utf-8")) == schema(), "run python -m dashboard.workshop.script"
    for name in shipped_scripts():
        jsonschema.validate(read_document(scripts.WORKSHOPS / f"{name}.yaml"), schema())


def changed(path, value):
    """The own session with one thing changed."""
    data = copy.deepcopy(OWN)
    here = data
    for part in path[:-1]:
        here = here[part]
    here[path[-1]] = value
    return data


@pytest.mark.parametrize(
    ("path", "value", "field", "problem"),
    [
        (("titel",), "x", "titel", "did you mean"),
        (("minutes",), 500, "minutes", "out of range"),
        (("stories", 0, "world"), "atlantis", "stories[1].world", "atlantis"),
        (("stories", 0, "world"), "projection", "stories[1].world", "one municipality"),
        (("stories", 0, "begin"), "1999-01", "stories[1].begin", "outside the world"),
        (("stories", 0, "municipality"), {"inhabitants": 9}, "stories[1]", "either"),
        (("questions", 0, "measure"), "luck", "questions[1].measure", "unknown measure"),
        (("questions", 0, "about"), 77, "steps[2].question", "there are 0 to"),
        (("questions", 0, "against"), "A", "steps[2].question", "not there yet"),
        (("questions", 0, "options"), [], "questions[1].options", "two answers"),
        (("questions", 0, "who"), True, "questions[1].options", "who"),
        (("steps", 1, "question"), "z", "steps[2].question", "z"),
        (("steps", 1, "future"), "B", "steps[2].future", "not there yet"),
        (("steps", 1, "play_to"), "2199-01", "steps[2].play_to", "outside the world"),
        (("steps", 1, "many"), 200, "", ""),
        (("steps", 1, "say", "nl"), "Kijk naar {i77}", "steps[2].say.nl", "{i77} is nobody"),
        (("steps", 1, "say", "en"), "Look at {initiative 2}", "steps[2].say.en", "is nobody"),
        (("questions", 0, "words", "nl"), "Hoeveel vertrouwen heeft {p9}?", "steps[2].question.nl", "{p9} is nobody"),
        (
            ("steps", 1, "decide"),
            [{"shock": "official_leaves", "month": "2027-03", "initiative": 77}],
            "steps[2].decide",
            "no initiative 77",
        ),
        (("steps", 0, "show"), True, "steps[1].question", "no question"),
        (("steps", 1, "decide"), [{"month": "2027-03"}], "steps[2].decide[1]", "either"),
        (("steps", 1, "decide"), [{"shock": "meteor", "month": "2027-03"}], "steps[2].decide[1].shock", "meteor"),
        (
            ("steps", 1, "decide"),
            [{"lever": "regular_meetings", "intensity": 99, "month": "2027-03"}],
            "steps[2].decide",
            "",
        ),
    ],
)
def test_what_is_wrong_is_named(path, value, field, problem):
    data = changed(path, value)
    if not field:
        parse_script(data, "mine.yaml")
        return
    with pytest.raises(InputError) as refused:
        parse_script(data, "mine.yaml")
    assert problem in refused.value.problem
    assert refused.value.field == field, refused.value
    assert refused.value.problem_nl
