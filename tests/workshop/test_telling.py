"""Every sentence rests on what changed between two months, and can be said in both languages."""

import numpy as np
import pytest

from dashboard.language import LANGUAGES
from dashboard.workshop.chronicle import Ground
from dashboard.workshop.futures import Futures
from dashboard.workshop.naming import Naming, clean_name, names
from dashboard.workshop.telling import ORDER, Event, Story, Teller, parted
from tests.workshop.conftest import town

SHOCKS = ("official_leaves", "alderman_falls", "election", "subsidy_stops", "left_out_of_vision", "crossing_campaign")


@pytest.fixture(scope="module")
def many():
    """Stories of ten worlds in which much happens."""
    found = []
    for seed in range(10):
        futures = Futures(Ground(town(initiatives=12, horizon=96, vision_adopted=seed % 2 == 0), seed))
        futures.decide("nu", "lever", "structural_funding", 6, intensity=1, options={"horizon": 12})
        for k, shock in enumerate(SHOCKS):
            futures.decide("nu", "shock", shock, 20 + 2 * k)
        found.append(Story(futures["nu"].chronicle))
    return found


def test_all_kinds_of_events_come_up_and_can_be_told(many):
    told = set()
    for story in many:
        for language in LANGUAGES:
            teller = Teller(Naming((None,) * 12, 3), language)
            for event in story.events:
                sentence = teller.sentence(event)
                assert sentence[0].isupper() or not sentence[0].isalpha()
                assert sentence.endswith(".") and "{" not in sentence and "None" not in sentence
                told.add(event.key)
    assert told <= set(ORDER)
    missing = set(ORDER) - told
    assert missing <= {"revived", "dormant", "enters", "adopted_later"}, (
        missing
    )  # rare in four years; all of a town are there from the start


def test_a_departure_names_who_leaves_and_whom_they_leave(futures):
    futures.decide("nu", "shock", "official_leaves", 20, scope={"initiative": 0})
    event = next(each for each in Story(futures["nu"].chronicle).events if each.key == "official_pushed")
    assert event.position == 21
    assert event.nodes[0].startswith("p0:")
    assert "i0" in event.nodes
    sentence = Teller(Naming((None,) * 6, 3), "nl").sentence(event)
    assert "vertrekt, zoals gekozen" in sentence and "Warm Westeinde" in sentence


def test_events_are_those_of_the_state(many):
    story = many[0]
    phase = story.chronicle.column("initiatives", "phase")
    entered = story.chronicle.column("initiatives", "status")[:-1] > 0
    rises = {(int(p) + 1, f"i{row}") for p, row in np.argwhere((np.diff(phase, axis=0) > 0) & entered)}
    assert rises == {(event.position, event.nodes[0]) for event in story.events if event.key == "phase"}
    ended = np.argwhere(np.diff(story.chronicle.column("agreements", "in_force"), axis=0) < 0)
    stopped = {(e.position, e.nodes[0]) for e in story.events if e.key == "stopped"}
    told = {
        (e.position, e.nodes[0])
        for e in story.events
        if e.key.startswith("agreement_") and e.key != "agreement_adopted"
    }
    assert {(int(p) + 1, f"i{row}") for p, row in ended} - stopped == told


def test_the_first_difference_of_two_futures_is_found(futures):
    made = futures.part("nu", 20)
    assert parted(Story(futures["nu"].chronicle).events, Story(made.chronicle).events) is None
    futures.decide(made.id, "shock", "official_leaves", 20, scope={"initiative": 0})
    assert parted(Story(futures["nu"].chronicle).events, Story(made.chronicle).events) == 21


def test_a_successor_has_another_name_and_a_role_keeps_its_own():
    naming = Naming((None, "Eigen naam"), 3)
    assert len({naming.person("p0", gone, "nl") for gone in range(5)}) == 5
    assert len({naming.person(f"p{post}", 0, "nl") for post in range(3)} | {naming.person("a0", 0, "nl")}) == 4
    assert naming.initiative(1) == "Eigen naam"
    naming.own["p0"] = "De contactpersoon"
    assert naming.person("p0", 3, "en") == "De contactpersoon"


def test_names_are_in_both_languages_and_distinct():
    people = names()["people"]
    assert all(set(each) == {"nl", "en"} for each in people)
    for language in LANGUAGES:
        assert len({each[language] for each in people}) == len(people)
    assert len(set(names()["initiatives"])) == len(names()["initiatives"])


def test_a_typed_name_is_made_harmless():
    assert clean_name("  a\n\tb\u202e c ") == "a b c"
    assert len(clean_name("x" * 500)) == 32


def test_nobody_knows_already_whom_he_has_yet_to_meet(many):
    for story in many:
        met = story.chronicle.column("initiatives", "met_month")
        for event in story.events:
            if event.key in ("passed_on", "passed_on_not"):
                assert met[event.position - 1, int(event.nodes[0][1:])] >= 0


@pytest.mark.parametrize(
    ("served", "nl", "en"),
    [
        (0.4, "vertrekt na enkele maanden.", "leaves after some months."),
        (1.2, "vertrekt na 1\u00a0jaar.", "leaves after 1 year."),
        (3.0, "vertrekt na 3\u00a0jaar.", "leaves after 3 years."),
    ],
)
def test_how_long_somebody_stayed_is_said_in_whole_years(served, nl, en):
    event = Event(8, "official_left", ("p0:0", "i1"), {"served": served})
    for language, words in (("nl", nl), ("en", en)):
        assert words in Teller(Naming((None,) * 3, 3), language).sentence(event)


def test_a_month_of_money_is_one_month():
    for key in ("money", "money_lasting", "money_renewed"):
        event = Event(8, key, ("i1",), {"euros": 900.0, "months": 1})
        teller = Teller(Naming((None,) * 3, 3), "en")
        assert "1 month" in teller.sentence(event) and "months" not in teller.sentence(event)
