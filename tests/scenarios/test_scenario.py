"""Scenario files: what they mean, and what is said of a wrong one."""

from types import SimpleNamespace

import pytest

from sim.engine.problems import InputError
from sim.levers import LEVERS
from sim.scenario import load_scenario, load_scenarios, parse_scenario, read_scenario, scenario_data

HEAD = {"id": "plan", "name": {"nl": "Plan", "en": "Plan"}, "description": {"nl": "Een plan", "en": "A plan"}}
PARAMETERS = {
    "official_leaving_rate": SimpleNamespace(unit="a month", minimum=0.0, maximum=1.0, role="sensitivity"),
    "base_hazard": SimpleNamespace(unit="a month", minimum=0.03, maximum=0.3, role="calibrated"),
}


def parse(**more):
    return parse_scenario({**HEAD, **more}, "plan.yaml", PARAMETERS)


def refusal(**more):
    with pytest.raises(InputError) as caught:
        parse(**more)
    return str(caught.value)


EXAMPLE = """
id: structural-funding
name: {nl: Structurele financiering, en: Structural funding}
description: {nl: Geld voor jaren, en: Money for years}
levers:
  - lever: structural_funding
    start: 2027-01
    end: 2030-12
    intensity: 0.8
    options: {horizon: 48}
    scope: {size: [small, medium], ambition: [heat_network]}
shocks:
  - shock: official_leaves
    month: 2023-05
    intensity: 1
    scope: {initiative: 12}
parameters:
  official_leaving_rate: 0.03
costs: {regular_meetings: {euros_per_year: 4000}}
"""


def test_the_example_of_the_documentation_is_read():
    scenario = read_scenario(EXAMPLE, "example.yaml")
    (lever,), (shock,) = scenario.levers, scenario.shocks
    assert (lever.start, lever.end, lever.intensity) == ("2027-01", "2030-12", 0.8)
    assert lever.options == {"amount": 10000.0, "horizon": 48.0}
    assert lever.scope.size == ("small", "medium")
    assert shock.scope.initiative == (12,)
    assert scenario.parameters == {"official_leaving_rate": 0.03}
    assert scenario.costs["regular_meetings"].euros_per_year == 4000


def test_what_is_left_out_gets_the_default_of_the_lever_or_shock():
    scenario = parse(levers=[{"lever": "regular_meetings"}], shocks=[{"shock": "hiring_freeze", "month": "2028-01"}])
    assert scenario.levers[0].intensity == LEVERS["regular_meetings"].default == 6
    assert scenario.levers[0].start is None
    assert (scenario.shocks[0].intensity, scenario.shocks[0].months) == (1, 12)


def test_a_scenario_does_not_change():
    scenario = parse(levers=[{"lever": "regular_meetings"}])
    with pytest.raises(ValueError, match="frozen"):
        scenario.levers[0].intensity = 3.0


def test_what_is_written_out_reads_back_the_same():
    scenario = read_scenario(EXAMPLE, "example.yaml")
    assert parse_scenario(scenario_data(scenario), "again.yaml") == scenario


LEVER = {"lever": "regular_meetings"}


@pytest.mark.parametrize(
    ("more", "message"),
    [
        ({"lever": []}, "plan.yaml: lever: unknown field 'lever'; did you mean 'levers'?"),
        (
            {"levers": [{"lever": "regular_meeting"}]},
            "levers[1].lever: unknown lever 'regular_meeting'; did you mean 'regular_meetings'?",
        ),
        ({"levers": [{"lever": "regular-meetings"}]}, "did you mean 'regular_meetings'?"),
        (
            {"levers": [LEVER | {"intensty": 1}]},
            "levers[1].intensty: unknown field 'intensty'; did you mean 'intensity'?",
        ),
        (
            {"levers": [LEVER | {"intensity": 99}]},
            "levers[1].intensity: 99 is out of range; allowed: 0 to 24 (meetings a year)",
        ),
        ({"levers": [LEVER | {"intensity": "much"}]}, "levers[1].intensity: 'much' must be a number"),
        ({"levers": [LEVER | {"intensity": True}]}, "levers[1].intensity: true must be a number"),
        ({"levers": [LEVER | {"start": "2027-13"}]}, "levers[1].start: '2027-13' is not a month; allowed: YYYY-MM"),
        ({"levers": [LEVER | {"start": 2027}]}, "levers[1].start: 2027 must be text"),
        (
            {"levers": [LEVER | {"start": "2028-02", "end": "2028-01"}]},
            "levers[1].end: 2028-01 comes before the start, 2028-02",
        ),
        (
            {"levers": [LEVER | {"options": {"frm": 1}}]},
            "levers[1].options.frm: unknown option of regular_meetings 'frm'; did you mean 'form'?",
        ),
        ({"levers": [LEVER | {"options": {"form": 0.5}}]}, "levers[1].options.form: 0.5 must be a whole number"),
        ({"levers": [LEVER | {"options": {"form": 2}}]}, "levers[1].options.form: 2 is out of range; allowed: 0 to 1"),
        (
            {"levers": [LEVER | {"scope": {"siz": "small"}}]},
            "levers[1].scope.siz: unknown field 'siz'; did you mean 'size'?",
        ),
        (
            {"levers": [LEVER | {"scope": {"size": "smal"}}]},
            "levers[1].scope.size[1]: unknown value 'smal'; did you mean 'small'?",
        ),
        ({"levers": [LEVER | {"scope": {"size": []}}]}, "levers[1].scope.size: has too few entries"),
        (
            {"levers": [LEVER | {"scope": {"initiative": -1}}]},
            "levers[1].scope.initiative[1]: -1 is out of range; at least 0",
        ),
        ({"levers": [LEVER | {"scope": {"initiative": [3, 3]}}]}, "levers[1].scope.initiative: names something twice"),
        (
            {"levers": [{"lever": "municipal_capacity", "scope": {"ambition": "save"}}]},
            "levers[1].scope.ambition: municipal_capacity works on whole",
        ),
        ({"shocks": [{"shock": "election"}]}, "shocks[1].month: missing"),
        (
            {"shocks": [{"shock": "election", "month": "2028-03", "months": 3}]},
            "shocks[1].months: election happens in one month",
        ),
        (
            {"shocks": [{"shock": "hiring_freeze", "month": "2028-03", "months": 0}]},
            "shocks[1].months: 0 is out of range; at least 1",
        ),
        ({"parameters": {"official_leaving_rat": 0.1}}, "did you mean 'official_leaving_rate'?"),
        ({"parameters": {"base_hazard": 0.1}}, "parameters.base_hazard: is calibrated on the interviews"),
        (
            {"parameters": {"official_leaving_rate": 2}},
            "parameters.official_leaving_rate: 2 is out of range; allowed: 0 to 1 (a month)",
        ),
        (
            {"costs": {"regular_meetings": {"euro_per_year": 1}}},
            "costs.regular_meetings.euro_per_year: unknown field 'euro_per_year'; did you mean 'euros_per_year'?",
        ),
        ({"costs": {"meetings": {}}}, "costs.meetings: unknown lever 'meetings'"),
        ({"id": "Plan A"}, "id: 'Plan A' cannot be an id"),
        ({"id": "../plan"}, "id: '../plan' cannot be an id"),
        ({"id": "con"}, "id: 'con' is a reserved name"),
        ({"id": "as-now", "levers": [LEVER]}, "id: 'as-now' is the scenario without any change"),
        ({"name": "Plan"}, "name: 'Plan' must be a mapping"),
        ({"levers": None}, "levers: nothing must be a list"),
        ({"levers": [3]}, "levers[1]: 3 must be a mapping"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong_and_what_is_allowed(more, message):
    assert message in refusal(**more)


def test_a_refusal_speaks_both_languages():
    with pytest.raises(InputError) as caught:
        parse(levers=[LEVER | {"intensity": 99}])
    assert caught.value.sentence("nl") == (
        "plan.yaml: levers[1].intensity: 99 kan niet; toegestaan: 0 tot en met 24 (overleggen per jaar)"
    )
    assert caught.value.sentence("en") == str(caught.value)


def test_a_dutch_refusal_holds_no_english():
    with pytest.raises(InputError) as caught:
        parse(levers=None)
    assert caught.value.sentence("nl") == "plan.yaml: levers: niets moet een lijst zijn"
    with pytest.raises(InputError) as caught:
        parse(levers=[LEVER | {"intensity": {"a": 1}}])
    assert caught.value.sentence("nl") == "plan.yaml: levers[1].intensity: een reeks velden moet een getal zijn"
    assert caught.value.sentence("en") == "plan.yaml: levers[1].intensity: a mapping must be a number"


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({}, {}),
        ({"start": "2027-01", "end": "2028-12"}, {"start": "2028-12"}),
        ({"end": "2028-12"}, {"start": "2027-01", "end": "2027-06"}),
        ({"scope": {"size": "small"}}, {"scope": {"ambition": "save"}}),
        ({"scope": {"size": ["small", "medium"]}}, {"scope": {"size": ["medium", "large"]}}),
        ({"intensity": 0}, {"intensity": 0}),
    ],
)
def test_entries_of_one_lever_that_could_meet_are_refused(first, second):
    message = "levers[2]: overlaps with levers[1], also regular_meetings"
    assert message in refusal(levers=[LEVER | first, LEVER | second])
    assert message in refusal(levers=[LEVER | second, LEVER | first])


@pytest.mark.parametrize(
    ("first", "second"),
    [
        ({"start": "2027-01", "end": "2028-12"}, {"start": "2029-01"}),
        ({"end": "2028-12"}, {"start": "2029-01"}),
        ({"scope": {"size": "small"}}, {"scope": {"size": "large"}}),
        ({"scope": {"size": "small", "ambition": "save"}}, {"scope": {"ambition": ["activate", "heat_network"]}}),
        ({"scope": {"initiative": [1, 2]}}, {"scope": {"initiative": 3}}),
    ],
)
def test_entries_of_one_lever_that_cannot_meet_are_fine(first, second):
    assert len(parse(levers=[LEVER | first, LEVER | second]).levers) == 2


def test_a_scenario_is_found_by_id_or_path(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert load_scenario(path).id == load_scenario("structural-funding").id == "structural-funding"
    with pytest.raises(InputError, match="did you mean 'structural-funding'"):
        load_scenario("structural-fundin")
    with pytest.raises(InputError, match="unknown scenario 'costs'"):
        load_scenario("costs")


def test_two_scenarios_of_one_id_cannot_be_compared(tmp_path):
    path = tmp_path / "mine.yaml"
    path.write_text(EXAMPLE, encoding="utf-8")
    assert [scenario.id for scenario in load_scenarios(["as-now", str(path)])] == ["as-now", "structural-funding"]
    with pytest.raises(InputError, match="was given already"):
        load_scenarios(["structural-funding", str(path)])


@pytest.mark.parametrize("name", ["none", "list", "function", "str"])
def test_an_unknown_field_may_be_called_anything(name: str) -> None:
    """Names that the checking library uses for its own purposes are ordinary names in a file."""
    with pytest.raises(InputError) as refused:
        parse_scenario({"id": "plan", "name": {"nl": "Plan", "en": "Plan"}, name: ""}, "plan.yaml")
    assert refused.value.field == name
