"""The shipped scenarios: all there, and each what its description says."""

import pytest

from sim.engine.documents import read_document
from sim.levers import LEVERS
from sim.scenario import SCENARIOS, parse_scenario, scenario_data, shipped_scenarios

PRESETS = shipped_scenarios()
OTHERS = {
    "as-now", "recommendations", "high-turnover", "low-turnover", "high-turnover-embedded", "low-turnover-embedded",
    "elections-adopted", "elections-not-adopted", "incidental-money", "structural-money",
}  # fmt: skip


def test_every_promised_preset_is_there_and_as_now_comes_first():
    assert set(PRESETS) == OTHERS | {name.replace("_", "-") for name in LEVERS}
    assert next(iter(PRESETS)) == "as-now"


@pytest.mark.parametrize("name", PRESETS)
def test_a_preset_carries_the_id_of_its_file_and_survives_being_written(name):
    assert PRESETS[name].id == name
    assert parse_scenario(scenario_data(PRESETS[name]), "again") == PRESETS[name]


def test_as_now_says_nothing():
    assert set(read_document(SCENARIOS / "as-now.yaml")) == {"id", "name", "description"}


@pytest.mark.parametrize("lever", LEVERS)
def test_the_preset_of_a_lever_is_that_lever_at_its_default_undated(lever):
    (entry,) = PRESETS[lever.replace("_", "-")].levers
    assert entry.lever == lever
    assert entry.intensity == LEVERS[lever].default
    assert entry.options == {name: option.default for name, option in LEVERS[lever].options.items()}
    assert entry.start is None
    assert entry.end is None


def test_presets_are_undated_so_that_they_fit_every_world():
    assert all(entry.start is None for scenario in PRESETS.values() for entry in scenario.levers)
    assert not any(scenario.shocks for scenario in PRESETS.values())


def test_structural_funding_is_not_among_the_recommendations():
    levers = {entry.lever for entry in PRESETS["recommendations"].levers}
    assert levers == {
        "early_engagement", "regular_meetings", "perspective_training", "professionalising", "execution_plan_talk",
        "independent_facilitator",
    }  # fmt: skip


def test_incidental_and_structural_money_reserve_the_same_total():
    (once,), (lasting,) = PRESETS["incidental-money"].levers, PRESETS["structural-money"].levers
    assert once.intensity == lasting.intensity
    months = 48
    grants = months / once.options["horizon"]
    total = once.options["amount"] * once.options["horizon"] / 12
    assert (
        grants * total
        == lasting.options["amount"] * lasting.options["horizon"] / 12 * months / lasting.options["horizon"]
    )
    assert once.options["horizon"] < lasting.options["horizon"]


def test_the_election_presets_differ_in_adoption_by_the_council_only():
    adopted, other = scenario_data(PRESETS["elections-adopted"]), scenario_data(PRESETS["elections-not-adopted"])
    assert adopted["levers"][1]["options"].pop("council_adoption") == 1
    assert other["levers"][1]["options"].pop("council_adoption") == 0
    assert adopted["levers"] == other["levers"]


@pytest.mark.parametrize("name", ["high-turnover", "low-turnover"])
def test_the_embedded_twin_has_the_same_turnover(name):
    plain, embedded = PRESETS[name], PRESETS[f"{name}-embedded"]
    assert plain.parameters == embedded.parameters
    assert plain.levers == ()
    assert [entry.lever for entry in embedded.levers] == ["broad_embedding"]


def test_high_turnover_is_high_and_low_is_low():
    from sim.evidence.parameters import PARAMETERS

    for name in ("official_leaving_rate", "alderman_leaving_rate"):
        usual = PARAMETERS[name].value
        assert PRESETS["low-turnover"].parameters[name] < 0.7 * usual
        assert PRESETS["high-turnover"].parameters[name] > 1.5 * usual
