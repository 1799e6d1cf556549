"""The address holds the whole comparison, and a faulty one is explained, never followed."""

import base64
import contextlib
import zlib

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import own
from dashboard.address import DamagedError, NewerError, packed, unpacked
from dashboard.state import NOW, SLOTS, Choice, opened
from sim.levers import LEVERS

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


def test_the_worlds_to_choose_from_are_called_as_on_the_page():
    from dashboard import simulation

    (fault,) = opened("?world=mars", POLICIES, simulation.worlds(), DEFAULT).faults
    assert "Nederland tot en met 2034, Nederland 2019–2021, Mijn gemeente" in fault and "projection" not in fault


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


# What the visitor made -----------------------------------------------------------------------------------------------

PLAN = own.policy(
    {
        "name": "Ons plan <b>\u202e1</b>",
        "levers": [
            {"lever": "regular_meetings", "intensity": 12, "start": "2028-01", "scope": {"size": ["small"]}},
            {"lever": "structural_funding", "intensity": 0.25, "options": {"amount": 5000}},
        ],
        "parameters": {"official_leaving_rate": 0.03},
    }
)
TOWN = own.town({"inhabitants": 21000, "initiatives": [{"ambition": "save", "maturity": "starting"}]})


def test_an_own_policy_and_town_come_back_from_the_address_and_it_stays_short():
    choice = Choice("municipality", (("B", "regular-meetings"),), None, "en", town=TOWN, months=60).with_own("A", PLAN)
    address = choice.address(stamp="abc123.def456")
    again = read(address)
    assert (again.choice, again.faults) == (choice, ())
    assert len(address) < 700
    assert "‮" not in again.choice.texts["ons-plan-b-1-b"]


@given(
    st.dictionaries(st.sampled_from(sorted(LEVERS)), st.floats(0, 1, allow_subnormal=False), min_size=1, max_size=12),
    st.text(max_size=80),
)
@settings(deadline=None)
def test_every_policy_that_the_reader_accepts_comes_back(intensities, name):
    levers = [{"lever": lever, "intensity": value * LEVERS[lever].maximum} for lever, value in intensities.items()]
    choice = Choice("reference").with_own("C", own.policy({"name": name, "levers": levers}))
    again = read(choice.address())
    assert (again.choice, again.faults) == (choice, ())


@pytest.mark.parametrize(
    ("packing", "named"),
    [
        ("", "beschadigd"),
        ("1.", "beschadigd"),
        ("1.AAAA", "beschadigd"),
        ("1.%00", "beschadigd"),
        ("9.eNqrVkpUslJQKi1OLVKqBQAc3wQp", "nieuwere versie"),
        (packed({}), "staat niet in de link"),
        (packed({"A": {"levers": [{"lever": "regular_meetings", "intensity": 99}]}}), "99 kan niet"),
        (packed({"A": {"levers": [{"lever": "regular_meeting"}]}}), "regular_meetings"),
        (packed({"A": {"levers": 3, "name": {"nl": [], "en": 2}}}), "Eigen beleid A kan niet"),
        (packed({"A": {"name": "x", "extra": 1}}), "Eigen beleid A kan niet"),
    ],
)
def test_a_damaged_packing_is_refused_with_a_sentence(packing, named):
    again = read(f"?world=reference&A=own&B=regular-meetings&own={packing}")
    assert "A" not in again.choice.slots
    assert again.choice.slots == {"B": "regular-meetings"}
    assert any(named in fault for fault in again.faults), again.faults


def test_what_is_packed_may_not_be_endless():
    assert "te lang" in read("?world=reference&A=own&own=1." + "x" * 7000).faults[0]
    assert "staat niet in de link" in read("?world=reference&A=own").faults[0]


def test_a_packing_that_unpacks_to_gigabytes_is_not_unpacked():
    bomb = zlib.compress(b'{"A":"' + b"a" * 4_000_000 + b'"}', 9)
    body = base64.urlsafe_b64encode(bomb).decode().rstrip("=")
    assert len(body) < 6000  # short enough to be read
    assert "beschadigd" in read(f"?A=own&own=1.{body}").faults[0]
    with pytest.raises(DamagedError):
        unpacked(f"1.{body}")


@given(st.binary(max_size=200))
def test_any_packing_is_read_or_refused(raw):
    for body in (raw, zlib.compress(raw)):
        with contextlib.suppress(DamagedError, NewerError):
            unpacked("1." + base64.urlsafe_b64encode(body).decode().rstrip("="))


def test_a_cut_off_address_is_damaged():
    whole = Choice("reference").with_own("A", PLAN).address()
    for length in range(len(whole) - 40, len(whole)):
        assert read(whole[:length]).faults


@pytest.mark.parametrize(
    ("stamp", "said"),
    [
        ("aaa.bbb", "het model en de parameters"),
        ("abc.bbb", "de parameters"),
        ("aaa.def", "het model"),
        ("abc.def", ""),
    ],
)
def test_an_older_link_says_what_changed(stamp, said):
    again = opened(f"?world=reference&A=regular-meetings&v={stamp}", POLICIES, WORLDS, DEFAULT, stamp="abc.def")
    assert again.faults == () and bool(again.notes) == bool(said)
    assert all(said in note for note in again.notes)


def test_a_horizon_that_the_world_does_not_have_is_refused():
    def read_months(months):
        address = f"?world=reference&A=regular-meetings&months={months}"
        return opened(address, POLICIES, WORLDS, DEFAULT, horizons=lambda choice: [24, 36])

    assert read_months(24).choice.months == 24
    for months in ("23", "-1", "1e3", "²", "9999999", ""):
        again = read_months(months)
        assert again.choice.months is None and "24, 36" in again.faults[0]


def test_a_policy_that_was_made_goes_with_its_letter():
    choice = DEFAULT.with_own("B", PLAN)
    assert choice.slots == {"A": "structural-funding", "B": "ons-plan-b-1-b"}
    assert choice.with_own("B", own.policy({"name": "Anders", "levers": []})).texts.keys() == {"anders"}
    assert choice.toggled("ons-plan-b-1-b") == DEFAULT
    assert choice.question != DEFAULT.question
