"""A session runs at one set of parameter values, says which, and goes on with it when it is taken up again."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import numpy as np
import pytest
import yaml

from dashboard.workshop import guide, values, view
from dashboard.workshop.chronicle import Ground
from dashboard.workshop.predictions import Asked, Option, Question, many_worlds
from dashboard.workshop.rooms import ROOMS
from dashboard.workshop.script import load_script
from sim.comparison import load_parameters
from sim.posterior import fits_this_model
from tests.workshop.conftest import town

WORDS = {"nl": "?", "en": "?"}


@pytest.fixture
def room():
    """A session that has just begun."""
    made = ROOMS.open()
    assert made.act("choose", script="turnover")
    return made


@pytest.fixture
def without_a_fit(monkeypatch):
    """As if no fit belonged to this model."""

    def remove():
        monkeypatch.setattr(values, "fits_this_model", lambda: False)

    return remove


def test_a_session_runs_at_the_medians_of_the_fit_or_else_of_the_priors(room, without_a_fit):
    assert fits_this_model()
    used = room.ground.stage.parameters
    assert np.array_equal(used.rows, load_parameters("posterior-median").rows) and len(used.rows) == 1
    assert all(np.array_equal(state.parameters, used.rows) for state in room.futures["nu"].chronicle.states)
    without_a_fit()
    other = ROOMS.open()
    other.act("choose", script="turnover")
    assert np.array_equal(other.ground.stage.parameters.rows, load_parameters("prior-median").rows)
    told = [view.shown(each, "nl")["footing"] for each in (room, other)]
    assert "12 getallen zijn afgesteld op de interviews" in told[0] and used.described().hash in told[0]
    assert "geen afgestelde getallen" in told[1] and other.parameters.described().hash in told[1]


def test_many_draws_are_refused_so_that_other_luck_changes_nothing_else():
    with pytest.raises(ValueError, match="rows of parameters"):
        Ground(town(), 1, 0, load_parameters("posterior"))


def test_with_other_luck_alone_the_parameters_stay(ground, futures, monkeypatch):
    seen = []
    run = ground.stage.run

    def watched(state, *rest):
        run(state, *rest)
        seen.append(state.parameters.copy())

    monkeypatch.setattr(ground.stage, "run", watched)
    question = Question("q", WORDS, "trust_change", 3, (Option("A", WORDS, 0.0), Option("B", WORDS)), 0)
    many_worlds(ground, Asked(question, "nu", 12), futures.all, 5)
    assert len(seen) == 15
    assert all(np.array_equal(each, ground.stage.parameters.rows) for each in seen)


def test_the_file_names_the_set_and_a_later_version_goes_on_with_it(room, without_a_fit):
    room.act("seen", position=40)
    text = room.saved()
    named = yaml.safe_load(text)["parameters"]
    assert named["name"] == "posterior-median" and named["hash"] == room.parameters.described().hash
    without_a_fit()  # as after a change of the model: a new session would run at other values
    other = ROOMS.open()
    assert other.act("upload", text=text), other.notice
    for mine, theirs in zip(
        room.futures["nu"].chronicle.states[-1], other.futures["nu"].chronicle.states[-1], strict=True
    ):
        assert np.array_equal(mine, theirs)
    assert other.act("go", step=6) and other.act("do_step")  # the next story too
    assert np.array_equal(other.ground.stage.parameters.rows, room.parameters.rows)
    assert yaml.safe_load(other.saved())["parameters"] == named


@pytest.mark.parametrize(
    ("change", "words"),
    [
        (lambda data: data.pop("parameters"), "eerdere versie"),
        (lambda data: data["parameters"].update(hash="0" * 12), "000000000000"),
        (lambda data: data["parameters"]["values"].update(trust_growth=0.05), "kent deze versie"),
        (lambda data: data["parameters"]["values"].update(trust_growth=5.0), "trust_growth"),
        (lambda data: data["parameters"]["values"].update(luck=1.0), "luck"),
        (lambda data: data.update(world="0" * 12), "andere gemeente of met ander toeval"),
    ],
)
def test_a_file_whose_months_cannot_be_made_again_is_refused_in_a_sentence(room, change, words):
    data = yaml.safe_load(room.saved())
    change(data)
    room.act("decide", kind="shock", what="election", position=29)
    assert not room.act("upload", text=yaml.safe_dump(data))
    assert words in view.notice(room, "nl")
    assert len(room.futures["nu"].decisions) == 1


def test_the_guide_says_at_which_values_and_follows_a_session_that_goes_on():
    script = load_script("money")
    for name in ("posterior-median", "prior-median"):
        parameters = load_parameters(name)
        paper = guide.guide(script, "en", worlds=20, parameters=parameters)
        told = [words for part in paper.parts for words in part.paragraphs]
        assert view.footing(parameters, "en") in told
