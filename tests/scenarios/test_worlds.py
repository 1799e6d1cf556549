"""World files."""

import pytest

from sim.engine.problems import InputError
from sim.world.files import MOST_INITIATIVES, MunicipalityWorld, NationalWorld, load_world, parse_world, shipped_worlds

WORLDS = shipped_worlds()
TOWN = {"kind": "municipality", "inhabitants": 24000}


def refusal(data):
    with pytest.raises(InputError) as caught:
        parse_world(data, "town.yaml")
    return str(caught.value)


def national(**more):
    from sim.engine.documents import read_document
    from sim.world.files import WORLDS as FOLDER

    return {**read_document(FOLDER / "projection.yaml"), **more}


def test_the_shipped_worlds_are_there():
    towns = {f"my-municipality-{size}" for size in ("small", "medium", "large")}
    assert set(WORLDS) == {"reference", "projection"} | towns
    assert all(world.id == name for name, world in WORLDS.items())


def test_the_reference_is_the_thirty_six_months_of_the_interviews():
    world = WORLDS["reference"]
    assert (world.first_month, world.last_month, world.past_months) == ("2019-01", "2021-12", 0)
    assert isinstance(world, NationalWorld)
    assert world.initiatives.supported == 265
    assert world.policy_start == world.first_month
    assert [month for month in world.election_months if 0 <= month < 36] == []


def test_the_projection_runs_the_reference_first_and_ends_eight_years_after_the_policy():
    world = WORLDS["projection"]
    assert (world.past_from, world.first_month, world.last_month) == ("2019-01", "2022-01", "2034-12")
    assert world.past_months == 36
    assert world.engine_month(world.policy_start) + 96 == world.total_months
    assert world.election_dates == ("2018-03", "2022-03", "2026-03", "2030-03", "2034-03")


def test_the_projection_has_the_same_past_as_the_reference():
    past, reference = WORLDS["projection"], WORLDS["reference"]
    for field in ("initiatives", "size_classes", "ambition", "facilitators", "vision"):
        assert getattr(past, field) == getattr(reference, field)
    assert [past.subsidy_round(month) for month in range(36)] == [reference.subsidy_round(month) for month in range(36)]
    assert all(past.engine_month(fact.start) >= 36 for fact in past.facts if fact.what != "subsidy_round")


@pytest.mark.parametrize("name", ["reference", "projection"])
def test_what_is_said_of_the_world_has_a_source_or_is_an_assumption(name):
    world = WORLDS[name]
    assert isinstance(world, NationalWorld)
    said = [*world.facts, *world.vision, world.initiatives, world.ambition, world.facilitators]
    sourced = [each for each in said if each.status == "sourced"]
    # Only the two counts of adopted visions were found in a public source as they stand.
    assert [(each.month, each.share) for each in world.vision if each in sourced] == [
        ("2021-09", 0.2),
        ("2022-04", 0.87),
    ]
    assert len(sourced) == 2
    assert all("assum" in each.source or "no source" in each.source for each in said if each not in sourced)


def test_months_count_from_the_past():
    world = WORLDS["projection"]
    assert world.engine_month("2022-01") == 36
    assert world.month_name(36) == "2022-01"


def test_a_round_of_subsidy_is_open_in_its_months_only():
    world = WORLDS["reference"]
    assert world.subsidy_round(0) == 0.5
    assert world.subsidy_round(world.engine_month("2020-01")) == 1
    town = parse_world(TOWN, "x")
    assert town.subsidy_round(5) == 0


@pytest.mark.parametrize(
    ("inhabitants", "size"), [(29_999, "small"), (30_000, "medium"), (100_000, "medium"), (100_001, "large")]
)
def test_a_town_gets_the_defaults_of_its_size(inhabitants, size):
    town = parse_world({"kind": "municipality", "inhabitants": inhabitants}, "x")
    shipped = WORLDS[f"my-municipality-{size}"]
    assert isinstance(town, MunicipalityWorld)
    assert isinstance(shipped, MunicipalityWorld)
    assert town.size == shipped.size == size
    assert (town.staff_hours_per_month, town.posts) == (shipped.staff_hours_per_month, shipped.posts)
    assert town.initiatives == shipped.initiatives
    reference = WORLDS["reference"]
    assert isinstance(reference, NationalWorld)
    low, high = getattr(reference.size_classes, size).fte
    assert low <= town.fte <= high


def test_a_number_of_initiatives_becomes_a_mixed_list():
    town = parse_world({**TOWN, "initiatives": 7}, "x")
    assert isinstance(town, MunicipalityWorld)
    assert len(town.initiatives) == 7
    assert {described.ambition for described in town.initiatives} == {"activate", "save", "heat_network"}


def test_elections_go_on_every_four_years_from_the_next():
    town = parse_world({**TOWN, "next_election": "2030-03"}, "x")
    assert town.election_dates == ("2022-03", "2026-03", "2030-03", "2034-03")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"kind": "municipalty"}, "kind: unknown kind of world 'municipalty'; did you mean 'municipality'?"),
        ({"directon_style": 0.2}, "directon_style: unknown field 'directon_style'; did you mean 'direction_style'?"),
        ({"direction_style": 1.2}, "direction_style: 1.2 is out of range; at most 1"),
        ({"inhabitants": 3}, "inhabitants: 3 is out of range; at least 500"),
        ({"inhabitants": "many"}, "inhabitants: 'many' must be a whole number"),
        ({"staff_hours_per_month": -4}, "staff_hours_per_month: -4 is out of range; at least 0"),
        ({"initiatives": 0}, f"initiatives: 0 initiatives cannot be simulated here; allowed: 1 to {MOST_INITIATIVES}"),
        ({"initiatives": [{"ambition": "save"}] * (MOST_INITIATIVES + 1)}, "initiatives: has more than 200 entries"),
        ({"initiatives": []}, "initiatives: has too few entries"),
        (
            {"initiatives": [{"ambition": "heat-network"}]},
            "initiatives[1].ambition: unknown value 'heat-network'; did you mean 'heat_network'?",
        ),
        (
            {"initiatives": [{"ambition": "save", "maturity": "old"}]},
            "initiatives[1].maturity: unknown value 'old'; allowed: building",
        ),
        ({"next_election": "maart"}, "next_election: 'maart' is not a month"),
        ({"policy_start": "2060-01"}, "policy_start: 2060-01 lies outside the world; allowed: 2026-01 to 2034-12"),
        ({"past_from": "2027-01"}, "past_from: 2027-01 must be 2026-01"),
        ({"facts": [{"what": "meetings"}]}, "facts[1]"),
    ],
)
def test_a_wrong_town_is_told_what_is_wrong(more, message):
    assert message in refusal({**TOWN, **more})


def test_a_wrong_country_is_told_what_is_wrong():
    ambition = {"activate": 0.5, "save": 0.5, "heat_network": 0.5, "source": "x", "status": "assumption"}
    assert "ambition: the shares add up to 1.5; they must add up to 1" in refusal(national(ambition=ambition))
    assert "elections: the months must be in order" in refusal(national(elections=["2030-03", "2026-03"]))
    fact = {"what": "regular_meetings", "start": "2023-01", "intensity": 99, "source": "x", "status": "assumption",
            "note": {"nl": "a", "en": "b"}}  # fmt: skip
    assert "facts[1].intensity: 99 is out of range" in refusal(national(facts=[fact]))
    assert "facts[1].end: 2022-01 comes before the start" in refusal(
        national(facts=[fact | {"intensity": 1, "end": "2022-01"}])
    )
    assert "facts[1].what: unknown lever or shock" in refusal(national(facts=[fact | {"what": "meetings"}]))


def test_a_world_is_found_by_id_or_path(tmp_path):
    path = tmp_path / "town.yaml"
    path.write_text("kind: municipality\ninhabitants: 24000\n", encoding="utf-8")
    assert load_world(path).id == "my-municipality"
    with pytest.raises(InputError, match="did you mean 'projection'"):
        load_world("projektion")
