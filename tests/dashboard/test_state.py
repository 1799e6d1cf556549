"""The address holds the whole comparison, and a faulty one is explained, never followed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.state import NOW, SLOTS, Choice, opened

POLICIES = ("structural-funding", "regular-meetings", "broad-embedding", "municipal-capacity")
WORLDS = ("projection", "reference")
DEFAULT = Choice("projection", (("A", "structural-funding"),))


def read(query):
    """Open an address of the test's own policies and worlds."""
    return opened(query, POLICIES, WORLDS, DEFAULT)


def test_nothing_in_the_address_gives_the_example():
    assert read("").choice == DEFAULT
    assert read("?lang=en").choice == Choice("projection", (("A", "structural-funding"),), None, "en")


def test_a_world_alone_is_an_empty_comparison():
    assert read("?world=reference").choice.slots == {}


@given(
    st.sampled_from(WORLDS),
    st.permutations(POLICIES),
    st.sets(st.sampled_from(SLOTS)),
    st.sampled_from(["nl", "en"]),
    st.integers(0, 5),
)
def test_every_choice_comes_back_from_its_address(world, order, letters, language, nth):
    slots = tuple(zip(sorted(letters), order, strict=False))
    choice = Choice(world, slots, None, language)
    if choice.pairs:
        choice = Choice(world, slots, choice.pairs[nth % len(choice.pairs)], language)
    again = read(choice.address())
    assert again.faults == ()
    assert again.choice == choice


@given(st.text(max_size=300))
def test_any_text_is_opened_without_an_error(query):
    found = read("?" + query)
    assert found.choice.world in WORLDS
    assert set(found.choice.slots.values()) <= set(POLICIES)


@pytest.mark.parametrize(
    ("query", "named"),
    [
        ("?world=mars", "mars"),
        ("?A=../../etc/passwd", "../../etc/passwd"),
        ("?A=<script>", "<script>"),
        ("?A=regular-meetings&B=regular-meetings", "regular-meetings"),
        ("?A=regular-meetings&view=B-now", "B-now"),
        ("?lang=xx", "xx"),
        ("?world=projection&world=reference", "world"),
        ("?A=" + "x" * 3000, "2000"),
    ],
)
def test_a_fault_is_named(query, named):
    faults = read(query).faults
    assert len(faults) == 1
    assert named in faults[0]


def test_a_long_or_hidden_value_is_shown_short():
    (fault,) = read("?A=" + "y" * 500 + "%00%E2%80%AE").faults
    assert "y" * 61 not in fault and "\x00" not in fault


def test_the_rest_of_a_faulty_address_still_holds():
    assert read("?world=reference&A=unknown&B=regular-meetings").choice == Choice(
        "reference", (("B", "regular-meetings"),)
    )


def test_a_policy_keeps_its_letter_when_another_goes():
    choice = DEFAULT.toggled("regular-meetings").toggled("broad-embedding").toggled("regular-meetings")
    assert choice.slots == {"A": "structural-funding", "C": "broad-embedding"}
    assert choice.toggled("municipal-capacity").slots["B"] == "municipal-capacity"


def test_a_fourth_policy_does_not_fit():
    full = DEFAULT.toggled("regular-meetings").toggled("broad-embedding")
    assert full.toggled("municipal-capacity") == full


def test_the_pair_that_is_looked_at_falls_back_when_one_of_them_goes():
    choice = Choice("projection", (("A", "structural-funding"), ("B", "regular-meetings")), ("A", "B"))
    assert choice.pair == ("A", "B")
    assert choice.toggled("structural-funding").pair == ("B", NOW)
    assert choice.toggled("structural-funding").toggled("regular-meetings").pair is None
