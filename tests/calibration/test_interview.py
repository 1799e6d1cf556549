"""The virtual interview: classes checked by hand, counts that add up, and no look behind the scenes."""

import numpy as np
import pytest

from calibration.addressed import ranked
from calibration.interview import (
    ABSENT,
    CONTRIBUTED,
    DIRECTIONS,
    EFFECTS,
    HARMED,
    INTERVIEWS,
    LIMITING,
    NEUTRAL,
    NONE,
    STIMULATING,
    WILLING,
    answers,
    classes,
    formalised,
    interview,
    judged_direction,
    judged_effect,
    saturated,
)
from calibration.officials import OFFICIAL_QUESTIONS, officials
from calibration.reference import finished_worlds
from sim.comparison import load_parameters
from sim.engine.randomness import key_of
from sim.evidence.parameters import PARAMETERS, record
from sim.world import purposes as why
from sim.world.state import (
    AWARE,
    CROSSED,
    FORM_COVENANT,
    FORM_MONEY,
    GRANTED,
    LARGE,
    MONEY,
    NO_CAPACITY,
    OVERRULED,
    RING,
    SEEN,
    STAFF_HELP,
    TOPIC_ROLES,
    UNANSWERED,
    WAITED,
    State,
    copy_state,
    empty_state,
)

SEED = 5
KEY = key_of(SEED, 0)
QUIET = {"answer_noise": 0.0, "felt_bar": 0.15, "channel_half": 1.0}


def small_world(count: int) -> State:
    """``count`` initiatives of one municipality that all formalised, to whom nothing happened."""
    s = empty_state(months=36, timetable=0, municipalities=1, posts=1, facilitators=0, initiatives=count)
    s.parameters[:] = record()
    s.clock["month"] = 36
    s.clock["key"] = KEY
    s.initiatives["formalised_month"] = 3
    return s


@pytest.fixture(scope="module")
def reference() -> State:
    """The end of a replicate of the reference world."""
    _, state = next(finished_worlds(load_parameters(), 1, SEED))
    return copy_state(state)


# Effect -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("ledger", "effect"),
    [
        ({}, NONE),
        ({"money": 1}, CONTRIBUTED),
        ({"promises_kept": 1}, CONTRIBUTED),
        ({"recognition": 1}, CONTRIBUTED),
        ({"follow_on": 1}, CONTRIBUTED),
        ({"promises_broken": 1}, HARMED),
        ({"refused": 1}, HARMED),
        ({"written_out": 1}, HARMED),
        ({"long_talks": 1}, HARMED),
        ({"money": 1, "promises_broken": 1}, NONE),
        ({"money": 1, "promises_kept": 1, "refused": 1}, CONTRIBUTED),
        ({"money": 1, "promises_broken": 1, "long_talks": 1}, HARMED),
        ({"promises_kept": 3, "promises_broken": 3}, NONE),
    ],
)
def test_effect_by_hand(ledger, effect):
    s = small_world(1)
    for name, events in ledger.items():
        s.ledger[name][0] = events
    assert classes(s)["effect"].tolist() == [effect]


def test_units_and_margin_count():
    s = small_world(1)
    s.ledger["money"], s.ledger["promises_broken"] = 1, 1
    assert classes(s, {"unit_promise_broken": 2.0})["effect"][0] == HARMED
    assert classes(s, {"unit_promise_broken": 0.5})["effect"][0] == CONTRIBUTED
    assert classes(s, {"unit_promise_broken": 0.5, "effect_margin": 0.6})["effect"][0] == NONE


def test_a_loss_is_needed_for_harm():
    assert judged_effect(np.array([0.0]), np.array([0.0]), 0.5).tolist() == [NONE]


# Direction ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("seen", "net", "direction"),
    [
        ({}, 0.0, ABSENT),
        ({AWARE: 1}, 0.0, NEUTRAL),
        ({GRANTED: 1, AWARE: 2}, 1 / 6, NEUTRAL),
        ({GRANTED: 3, AWARE: 2}, 0.25, NEUTRAL),  # the bar and the gap together: not above them
        ({GRANTED: 4, AWARE: 2}, 0.8 / 3, STIMULATING),
        ({GRANTED: 1, STAFF_HELP: 1, AWARE: 1}, 1 / 3, STIMULATING),
        ({GRANTED: 1, NO_CAPACITY: 1, AWARE: 1}, 1 / 6, WILLING),
        ({NO_CAPACITY: 3, AWARE: 1}, 0.0, NEUTRAL),  # no yes: nothing says that they are willing
        ({NO_CAPACITY: 3}, 0.0, ABSENT),
        ({MONEY: 1}, 1 / 6, ABSENT),  # money is no act of direction
        ({MONEY: 1, NO_CAPACITY: 1}, 1 / 6, WILLING),
        ({OVERRULED: 1, AWARE: 1}, -1 / 6, LIMITING),
        ({CROSSED: 1}, -1 / 6, LIMITING),
        ({WAITED: 1}, -1 / 6, LIMITING),
        ({WAITED: 1, GRANTED: 1, AWARE: 1}, 0.0, NEUTRAL),
        ({UNANSWERED: 5, AWARE: 1}, 0.0, NEUTRAL),
    ],
)
def test_direction_by_hand(seen, net, direction):
    s = small_world(1)
    for kind, events in seen.items():
        s.seen[:events, 0, kind] = 1
    answer = classes(s, QUIET)[0]
    assert answer["net"] == pytest.approx(net)
    assert DIRECTIONS[answer["direction"]] == DIRECTIONS[direction]


def test_channels_saturate():
    told = saturated(np.arange(5.0), 2.0)
    assert told[2] == 0.5
    assert np.all(np.diff(told) > 0) and np.all(np.diff(told, 2) < 0) and told.max() < 1


def test_bars_are_strict_and_apart():
    nothing = np.zeros((3, len(SEEN)), dtype=np.int64)
    assert judged_direction(np.array([0.3, -0.2, 0.31]), nothing, 0.2, 0.1).tolist() == [ABSENT, ABSENT, STIMULATING]


def test_noise_colours_only_direction():
    s = small_world(200)
    quiet, noisy = classes(s, {"answer_noise": 0.0}), classes(s, {"answer_noise": 0.15})
    assert np.array_equal(quiet["effect"], noisy["effect"])
    assert np.all(quiet["net"] == 0)
    assert noisy["net"].std() == pytest.approx(0.15, abs=0.03)


# Agreements ---------------------------------------------------------------------------------------------------------


def test_forms_of_all_agreements_made_and_not_of_a_draft():
    s = small_world(3)
    s.ledger["forms"] = FORM_MONEY
    s.agreements["forms"], s.agreements["topics"] = FORM_COVENANT, TOPIC_ROLES
    s.agreements["in_force"], s.agreements["pending"] = [1, 1, 0], [0, 1, 0]
    survey = interview(s, SEED, 0)
    assert survey.respondents["forms"].tolist() == [FORM_MONEY | FORM_COVENANT, FORM_MONEY, FORM_MONEY]
    assert survey.forms == {"money": 3, "covenant": 1, "policy": 0, "intermediary": 0, "joint_project": 0, "nothing": 0}
    assert survey.role_division == 1
    assert survey.topics["nothing"] == 2


# The sample ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("supported", "formal"), [(0, 0), (1, 1), (5, 3), (70, 70), (265, 71), (265, 265)])
def test_counts_are_conserved(supported, formal):
    s = small_world(supported)
    s.initiatives["formalised_month"][formal:] = -1
    survey = interview(s, SEED, 0)
    asked = min(formal, INTERVIEWS)
    assert (survey.supported, survey.formalised, len(survey.respondents)) == (supported, formal, asked)
    assert sum(survey.effect.values()) == asked
    assert survey.missing == min(1, asked)
    assert sum(survey.direction.values()) + survey.missing == asked
    assert len(set(survey.respondents["initiative"].tolist())) == asked
    assert survey.respondents["initiative"].max(initial=-1) < formal
    assert survey.count("formalised", "yes") + survey.count("formalised", "no") == supported


def test_seventy_of_the_reference_world(reference):
    survey = interview(reference, SEED, 0)
    assert len(survey.respondents) == INTERVIEWS == sum(survey.effect.values()) == sum(survey.direction.values()) + 1
    assert set(survey.effect) == set(EFFECTS) and set(survey.direction) == set(DIRECTIONS)
    assert survey.formalised == np.sum(reference.initiatives["formalised_month"] >= 0) > INTERVIEWS


def test_the_survey_samples_from_the_classes_of_all(reference):
    everyone = classes(reference)
    assert everyone["initiative"].tolist() == formalised(reference).tolist()
    asked = interview(reference, SEED, 0).respondents
    same = everyone[np.isin(everyone["initiative"], asked["initiative"])]
    answered = asked["direction"] >= 0
    assert np.array_equal(same["effect"], asked["effect"])
    assert np.array_equal(same["direction"][answered], asked["direction"][answered])


def test_same_seed_same_answers_and_another_seed_others(reference):
    first, again, other = interview(reference, SEED, 0), interview(reference, SEED, 0), interview(reference, SEED, 1)
    assert np.array_equal(first.respondents, again.respondents)
    assert set(first.respondents["initiative"].tolist()) != set(other.respondents["initiative"].tolist())


def test_everybody_is_as_likely_to_be_asked():
    who = np.arange(100, dtype=np.int64)
    times = np.zeros(100)
    for replicate in range(600):
        times[ranked(key_of(SEED, replicate), who, 36, why.INTERVIEWED)[:70]] += 1
    assert times.sum() == 600 * 70
    # binomial(600, .7): mean 420, sd 11.2; five sd for a hundred of them
    assert abs(times - 420).max() < 56


def test_the_satisfied_come_first_when_asked_for():
    s = small_world(200)
    s.ledger["money"][:100] = 1
    plain = np.mean([interview(s, SEED, r).effect["contributed"] for r in range(40)])
    keen = np.mean([interview(s, SEED, r, {"satisfied_ratio": 4.0}).effect["contributed"] for r in range(40)])
    assert plain == pytest.approx(35, abs=3)
    assert keen > plain + 10


def test_polite_answers_are_pleasant_and_as_many_as_set():
    s = small_world(1000)
    answer = classes(s, {"polite_share": 0.2})
    polite = answer["polite"]
    assert polite.mean() == pytest.approx(0.2, abs=0.05)
    assert np.all(answer["effect"][polite] == CONTRIBUTED) and np.all(answer["direction"][polite] == STIMULATING)
    assert np.all(answer["effect"][~polite] == NONE)
    assert not np.any(classes(s)["polite"])


def test_only_parameters_of_the_interview_can_be_set():
    with pytest.raises(KeyError, match="style_sd"):
        classes(small_world(1), {"style_sd": 0.1})


# What a respondent cannot know --------------------------------------------------------------------------------------

NOTICED = {"formalised_month", "municipality", "contact"}
LAYOUT = {"size"}  # of municipalities: whom to ask is chosen by it


def scrambled(source: State) -> State:
    """The same world with every character, trust, energy, post and parameter replaced by noise: all but what a
    respondent noticed.
    """
    s, rng = copy_state(source), np.random.default_rng(3)
    tables = (s.municipalities, s.posts, s.aldermen, s.facilitators, s.initiatives, s.ties, s.monthly)
    for table in tables:
        keep = NOTICED if table is s.initiatives else LAYOUT if table is s.municipalities else set()
        for name in set(table.dtype.names or ()) - keep:
            table[name] = rng.integers(-9, 9, len(table)) + (
                rng.random(len(table)) if table.dtype[name].kind == "f" else 0
            )
    for name, parameter in PARAMETERS.items():
        if parameter.process != "interview":
            s.parameters[name] = rng.random()
    for name in ("concreteness", "horizon", "known", "adopted", "expiry"):
        s.agreements[name] = rng.integers(0, 9, len(s.agreements))
    return s


def test_no_hidden_value_is_read(reference):
    changed = scrambled(reference)
    assert not np.array_equal(changed.municipalities["style"], reference.municipalities["style"])
    assert not np.array_equal(changed.ties["trust"], reference.ties["trust"])
    assert np.array_equal(interview(changed, SEED, 0).respondents, interview(reference, SEED, 0).respondents)
    assert np.array_equal(classes(changed), classes(reference))
    assert np.array_equal(officials(changed, SEED, 0), officials(reference, SEED, 0))


def test_what_is_noticed_is_read(reference):
    changed = copy_state(reference)
    changed.seen[:] = 0
    assert not np.array_equal(classes(changed)["direction"], classes(reference)["direction"])
    changed = copy_state(reference)
    for name in ("money", "promises_kept", "recognition", "follow_on"):
        changed.ledger[name] = 0
    assert interview(changed, SEED, 0).effect["contributed"] == 0


def test_only_the_last_year_is_remembered(reference):
    assert reference.seen.shape[0] == RING == 12
    # a town hall that acts every month would be counted twelve times at most
    assert reference.seen[:, :, AWARE].max() <= 1


# Officials ----------------------------------------------------------------------------------------------------------


def test_five_town_halls_of_the_sizes_that_were_asked(reference):
    found = officials(reference, SEED, 0)
    assert found["size"].tolist().count(LARGE) == 3 and len(found) == 5
    assert len(set(found["municipality"].tolist())) == 5
    assert np.all(reference.initiatives["municipality"][found["initiative"]] == found["municipality"])
    assert np.all(reference.initiatives["formalised_month"][found["initiative"]] >= 0)
    assert np.array_equal(found, officials(reference, SEED, 0))


def test_officials_by_hand():
    s = small_world(2)
    s.municipalities["size"] = LARGE
    s.initiatives["formalised_month"][1] = -1
    s.ledger["money"][0], s.ledger["forms"][0] = 1, FORM_MONEY
    s.seen[4, 1, NO_CAPACITY] = 1
    s.seen[2, 0, WAITED] = 1
    s.initiatives["contact"] = 0.4
    (row,) = officials(s, SEED, 0)
    said = {name: bool(row[name]) for name in OFFICIAL_QUESTIONS}
    expected = {"positive", "money", "short_of_capacity", "regular_contact", "friction", "searching"}
    assert {name for name, yes in said.items() if yes} == expected


def test_no_town_hall_to_ask():
    s = small_world(2)
    s.initiatives["formalised_month"] = -1
    assert len(officials(s, SEED, 0)) == 0


def test_answers_do_not_depend_on_who_else_is_asked(reference):
    who = formalised(reference)
    key = np.asarray(reference.clock["key"])
    assert np.array_equal(answers(reference, who[:10], key), answers(reference, who, key)[:10])
