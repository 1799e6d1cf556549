"""The builder, my municipality, equal cost and making it again: on the real data of levers, costs and worlds."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, arg-type, var-annotated"

import json
import math
import re

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from dashboard import builder, equal_cost, municipality, own, prices, simulation
from dashboard.answer import answer
from dashboard.chooser import cards, chooser, equal
from dashboard.language import LANGUAGES
from dashboard.numerals import typed_number
from dashboard.reproduce import reproduce
from dashboard.session import Standing
from dashboard.state import MINE, Choice
from sim.costs import shipped_costs
from sim.levers import LEVERS
from sim.scenario import read_scenario
from sim.shocks import SHOCKS
from sim.world.files import parse_world

ONE = Choice("reference", (("A", "regular-meetings"),))
TWO = Choice("reference", (("A", "regular-meetings"), ("B", "recommendations")))
TOWN = Choice(MINE, (("A", "regular-meetings"),), town=own.town({"inhabitants": 55000}))


def edit(choice, key, raw, slot="A"):
    """The choice after an edit that must be possible."""
    done = builder.edited(choice, slot, key, raw)
    assert done.fault == ""
    return choice.with_own(slot, done.made)


def lever(choice, name="regular_meetings", slot="A"):
    """The entry of a lever in the policy under a letter."""
    return next(entry for entry in simulation.scenario_of(choice, slot).levers if entry.lever == name)


# Numbers as they are typed -------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("language", "typed", "value"),
    [
        ("nl", "1.250,5", 1250.5),
        ("en", "1,250.5", 1250.5),
        ("nl", "€ 8.400.000", 8_400_000),
        ("nl", "0,5", 0.5),
        ("nl", "0.5", 0.5),
        ("en", "0,5", 0.5),
        ("nl", "50%", 0.5),
        ("nl", "−3", -3),
        ("nl", "1.250", 1250),
        ("en", "1.250", 1.25),
    ],
)
def test_numbers_are_read_in_the_readers_notation(language, typed, value):
    assert typed_number(language, typed) == pytest.approx(value)


@pytest.mark.parametrize("typed", ["", "abc", "1.2.3,4", "1e5", "nan", "inf", "--1", "1,2,3", "٣", "9" * 400, "%", "="])
def test_nonsense_is_no_number(typed):
    assert typed_number("nl", typed) is None


@given(st.text(max_size=40))
def test_anything_that_is_typed_is_read_or_not(typed):
    for language in LANGUAGES:
        read = typed_number(language, typed)
        assert read is None or math.isfinite(read)


# Sliders -------------------------------------------------------------------------------------------------------------


def test_every_lever_and_option_has_a_slider_from_its_own_data():
    shown = builder.builder(ONE, "A")
    rows = [*shown["rows"], *shown["more"]]
    assert {row["lever"] for row in rows} == set(LEVERS)
    for row in rows:
        data = LEVERS[row["lever"]]
        control = row["control"]
        assert (control["minimum"], control["maximum"], control["step"]) == (data.minimum, data.maximum, data.step)
        assert control["unit"] == data.unit.nl and row["meaning"] == data.meaning.nl
        assert row["badge"] == data.evidence and row["who"] == list(data.who_can_act)
        assert [option["key"].rpartition("/")[2] for option in row["options"]] == list(data.options)
    assert [row["lever"] for row in shown["rows"]] == ["regular_meetings"]
    json.dumps(shown, allow_nan=False)


def test_a_preset_is_adjusted_as_a_copy_with_a_name_that_says_so():
    changed = edit(ONE, "lever/regular_meetings", "12")
    assert lever(changed).intensity == 12 and lever(ONE).intensity == 6
    assert simulation.policy_of(changed, "A").name["nl"] == "Vast overleg (aangepast)"
    assert changed.slots == {"A": "vast-overleg-aangepast"}
    again = edit(changed, "lever/regular_meetings", "=9.0")
    assert lever(again).intensity == 9 and again.slots == changed.slots


def test_a_policy_from_nothing_with_levers_months_and_scope():
    choice = Choice("projection").with_own("B", builder.empty(Choice("projection"), "B"))
    for key, raw in (
        ("name", "Ons plan"),
        ("lever/regular_meetings", "12"),
        ("start", "2028-01"),
        ("scope/size", "small,medium"),
        ("scope/ambition", "save"),
        ("lever/municipal_capacity", "0,5"),
        ("option/regular_meetings/form", "1"),
        ("end", "2030-12"),
        ("parameter/official_leaving_rate", "0,02"),
        ("scope/municipality", "0, 4"),
    ):
        choice = edit(choice, key, raw, "B")
    scenario = simulation.scenario_of(choice, "B")
    meetings, capacity = scenario.levers
    assert scenario.name.nl == "Ons plan" and choice.slots == {"B": "ons-plan"}
    assert (meetings.start, meetings.end) == (capacity.start, capacity.end) == ("2028-01", "2030-12")
    assert meetings.options == {"form": 1} and meetings.scope.size == ("small", "medium")
    assert meetings.scope.ambition == ("save",) and capacity.scope.ambition is None
    assert meetings.scope.municipality == capacity.scope.municipality == (0, 4)
    assert scenario.parameters == {"official_leaving_rate": 0.02}
    shown = builder.builder(choice, "B")
    assert "Extra capaciteit" in shown["scope"]["whole"]
    everyone = edit(edit(choice, "scope/ambition", "", "B"), "parameter/official_leaving_rate", "", "B")
    assert lever(everyone, slot="B").scope.ambition is None
    assert simulation.scenario_of(everyone, "B").parameters == {}


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("lever/regular_meetings", "veel", ["Vast overleg", "«veel» is geen getal", "0 tot en met 24", "per jaar"]),
        ("lever/regular_meetings", "99", ["Vast overleg", "99 kan niet", "0 tot en met 24"]),
        ("lever/regular_meetings", "-1", ["Vast overleg", "-1 kan niet"]),
        ("option/regular_meetings/form", "0,5", ["Vast overleg", "heel getal"]),
        ("start", "2050-01", ["Vanaf", "2050-01", "wereld «Nederland 2019–2021»", "2019-01 tot en met 2021-12"]),
        ("start", "januari", ["Vanaf", "JJJJ-MM"]),
        ("end", "maart 2020", ["Tot en met", "«maart 2020»", "2019-01 tot en met 2021-12"]),
        ("scope/municipality", "3, 999999", ["999999", "0 tot en met 163"]),
        ("lever/regular_meetings", "", ["Vast overleg: vul een getal in", "0 tot en met 24"]),
        ("option/structural_funding/amount", "99000", ["99000 kan niet", "0 tot en met 60.000"]),
        ("parameter/handover_chance", "3", ["0 tot en met 1 (aandeel", "50%"]),
        ("lever/structural_funding", "veel", ["50%"]),
        ("end", "2018-01", ["Tot en met", "2018-01"]),
        ("scope/municipality", "Utrecht", ["geen rij nummers", "0, 4, 12"]),
        ("parameter/official_leaving_rate", "9", ["contactpersoon", "kan niet"]),
        ("lever/regular_meetings", "<script>alert(1)</script>", ["«<script>alert(1)</script>» is geen getal"]),
    ],
)
def test_what_cannot_be_gets_a_sentence_with_field_and_allowed_values_and_stays(key, raw, said):
    done = builder.edited(ONE, "A", key, raw)
    assert done.made is None
    for words in said:
        assert words in done.fault
    english = builder.edited(Choice(ONE.world, ONE.policies, None, "en"), "A", key, raw).fault
    assert english and not any(dutch in english for dutch in ("kan niet", "toegestaan", "geen getal", "Vast overleg"))
    shown = builder.builder(ONE, "A", drafts={key: (raw, done.fault)})
    assert raw in json.dumps(shown, ensure_ascii=False) and shown["faults"][key] == done.fault


@given(st.text(max_size=300))
@settings(deadline=None, max_examples=60)
def test_any_name_is_possible_and_changes_nothing_else(name):
    changed = edit(ONE, "name", name)
    scenario = simulation.scenario_of(changed, "A")
    assert 1 <= len(scenario.name.nl) <= 60 and scenario.name.nl.isprintable()
    assert scenario.levers == simulation.scenario_of(ONE, "A").levers


def test_two_policies_with_one_name_keep_apart():
    choice = edit(edit(TWO, "name", "Plan"), "name", "Plan", "B")
    assert choice.slots == {"A": "plan", "B": "plan-2"}
    assert edit(choice, "name", "structural funding").slots["A"] == "structural-funding-2"


def test_shocks_of_a_preset_can_be_moved_and_removed():
    made = own.policy({"name": "x", "shocks": [{"shock": "official_leaves", "month": "2020-05"}]})
    choice = Choice("reference").with_own("A", made)
    moved = edit(choice, "shock/0", "2020-09")
    assert simulation.scenario_of(moved, "A").shocks[0].month == "2020-09"
    assert simulation.scenario_of(edit(moved, "drop/0", ""), "A").shocks == ()


@pytest.mark.parametrize("shock", sorted(SHOCKS))
@pytest.mark.parametrize("choice", [ONE, TOWN, Choice("projection", (("A", "regular-meetings"),))])
def test_every_shock_can_be_added_set_and_removed_from_its_own_data(shock, choice):
    added = edit(choice, "add", shock)
    (entry,) = simulation.scenario_of(added, "A").shocks
    kind, world = SHOCKS[shock], simulation.setting(choice)
    assert (entry.shock, entry.intensity, entry.months) == (shock, kind.default, kind.default_months)
    assert world.policy_start <= entry.month <= world.last_month
    (shown,) = builder.builder(added, "A")["shocks"]
    strength, *length = shown["controls"]
    assert (strength["minimum"], strength["maximum"], strength["value"]) == (kind.minimum, kind.maximum, kind.default)
    assert bool(length) == kind.lasts and shown["meaning"] == kind.meaning.nl
    changed = edit(added, strength["key"], f"={kind.step}")
    assert simulation.scenario_of(changed, "A").shocks[0].intensity == kind.step
    if kind.lasts:
        changed = edit(changed, length[0]["key"], "7")
        assert simulation.scenario_of(changed, "A").shocks[0].months == 7
    twice = edit(changed, "add", shock)
    assert len(simulation.scenario_of(twice, "A").shocks) == 2
    emptied = edit(edit(twice, "drop/1", ""), "drop/0", "")
    assert simulation.scenario_of(emptied, "A").shocks == ()


def test_a_shock_that_is_added_does_something():
    choice = edit(TOWN, "add", "official_leaves")
    before, after = (simulation.run(each, 20) for each in (TOWN, choice))
    apart = [simulation.differences_at_horizon(each, each.scenarios[1], "trust_official") for each in (before, after)]
    assert abs(apart[0] - apart[1]).max() > 0


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("add", "volcano", "Gebeurtenis"),
        ("strength/0/hiring_freeze", "3", "0 tot en met 1"),
        ("strength/0/hiring_freeze", "veel", "geen getal"),
        ("lasts/0/hiring_freeze", "0", "Vacaturestop"),
        ("lasts/0/hiring_freeze", "2,5", "Vacaturestop"),
        ("shock/0", "2050-01", "Maand"),
    ],
)
def test_a_shock_that_cannot_be_gets_a_sentence(key, raw, said):
    done = builder.edited(edit(ONE, "add", "hiring_freeze"), "A", key, raw)
    assert done.made is None and said in done.fault


@pytest.mark.parametrize("policy", sorted(simulation.policies()))
@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_preset_can_be_opened_in_the_builder(policy, language):
    choice = Choice("projection", (("C", policy),), None, language)
    shown = builder.builder(choice, "C")
    json.dumps(shown, allow_nan=False)
    changed = choice.with_own("C", builder.started(choice, "C"))
    before, after = (simulation.scenario_of(each, "C") for each in (choice, changed))
    assert (before.levers, before.shocks, before.parameters) == (after.levers, after.shocks, after.parameters)


# Cost ----------------------------------------------------------------------------------------------------------------


def test_cost_is_hours_at_their_price_and_money_for_those_who_are_meant():
    costs = shipped_costs()
    four = [{"ambition": ambition} for ambition in ("save", "save", "activate", "heat_network")]
    made = own.town({"inhabitants": 55000, "initiatives": four})
    town = Choice(MINE, (("A", "structural-funding"),), town=made)
    cost = prices.of_scenario(town, simulation.scenario_of(town, "A"))
    assert cost.hours == pytest.approx(0.5 * 4 * costs.levers["structural_funding"].hours_per_year)
    assert cost.euros == pytest.approx(cost.hours * costs.prices.official_hour.euros + 0.5 * 4 * 10_000)
    saving = edit(town, "scope/ambition", "save")
    assert prices.of_scenario(saving, simulation.scenario_of(saving, "A")).euros == pytest.approx(cost.euros / 2)


def test_a_facilitator_costs_by_the_initiatives_he_helps():
    choice = Choice(MINE, (("A", "independent-facilitator"),), town=own.town({"inhabitants": 55000}))
    cost = prices.of_scenario(choice, simulation.scenario_of(choice, "A"))
    assert cost.facilitator_hours == pytest.approx(0.25 * 5 / 8 * 1363)


def test_equal_cost_scales_every_lever_alike_and_says_so():
    done = equal_cost.at_equal_cost(TWO, 600_000)
    for slot in "AB":
        found = prices.of_scenario(done.choice, simulation.scenario_of(done.choice, slot)).euros
        assert found == pytest.approx(600_000, rel=0.01)
    before = [entry.intensity for entry in simulation.scenario_of(TWO, "B").levers]
    after = [entry.intensity for entry in simulation.scenario_of(done.choice, "B").levers]
    ratios = [new / old for new, old in zip(after, before, strict=True)]
    assert max(ratios) == pytest.approx(min(ratios), rel=0.01)
    assert (
        len(done.told) == 2
        and "€\u00a0600.000" in done.told[0]
        and "gelijke kosten" in done.choice.slots["A"].replace("-", " ")
    )


def test_a_small_factor_is_not_told_as_nothing():
    for said in equal_cost.at_equal_cost(TWO, 1_250.5).told:
        assert re.search(r"× 0,0\d*[1-9]", said), said


def test_a_budget_with_which_nothing_is_left_of_a_policy_is_too_low():
    least, usual = equal_cost.least_budget(TWO), equal_cost.usual_budget(TWO)
    assert least == pytest.approx(usual / 100, rel=0.05)
    for said in equal_cost.at_equal_cost(TWO, least).told:
        assert "× 0 " not in said


def test_what_reaches_its_maximum_stays_there_and_is_named():
    done = equal_cost.at_equal_cost(TWO, 50_000_000)
    assert lever(done.choice).intensity == LEVERS["regular_meetings"].maximum
    assert "Vast overleg" in done.told[0] and "€\u00a050\u00a0mln" in done.told[0]
    assert all(
        entry.intensity == LEVERS[entry.lever].maximum for entry in simulation.scenario_of(done.choice, "B").levers
    )


def test_others_make_up_for_a_lever_at_its_maximum():
    made = own.policy(
        {"levers": [{"lever": "early_engagement", "intensity": 0.8}, {"lever": "regular_meetings", "intensity": 2}]}
    )
    choice = Choice("reference").with_own("A", made)
    budget = 2 * prices.of_scenario(choice, simulation.scenario_of(choice, "A")).euros
    done = equal_cost.at_equal_cost(choice, budget)
    assert lever(done.choice, "early_engagement").intensity == 1
    assert lever(done.choice).intensity > 4
    assert prices.of_scenario(done.choice, simulation.scenario_of(done.choice, "A")).euros == pytest.approx(
        budget, rel=0.01
    )


def test_what_costs_nothing_is_left_as_it_is_and_said():
    choice = Choice("reference", (("A", "high-turnover"), ("B", "regular-meetings")))
    done = equal_cost.at_equal_cost(choice, 100_000)
    assert done.choice.slots["A"] == "high-turnover" and "kost niets dat wij kunnen tellen" in done.told[0]


# My municipality -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(("size", "hours", "initiatives"), [("small", 70, 3), ("medium", 230, 5), ("large", 760, 8)])
def test_each_size_class_has_sensible_defaults(size, hours, initiatives):
    done = municipality.edited(TOWN, "size", size)
    world = own.town_world(done.made)
    assert (world.size, world.staff_hours_per_month, len(world.initiatives)) == (size, hours, initiatives)
    shown = municipality.municipality(Choice(MINE, town=done.made))
    assert [each["id"] for each in shown["sizes"] if each["on"]] == [size]
    json.dumps(shown, allow_nan=False)


def test_what_is_left_empty_follows_the_size():
    larger = municipality.edited(TOWN, "inhabitants", "180.000").made
    assert own.town_world(larger).staff_hours_per_month == 760
    fixed = municipality.edited(TOWN, "staff_hours_per_month", "1.250,5").made
    assert own.town_world(fixed).staff_hours_per_month == 1250.5
    choice = Choice(MINE, town=fixed)
    assert own.town_world(municipality.edited(choice, "staff_hours_per_month", " ").made).staff_hours_per_month == 230


def test_initiatives_are_counted_by_ambition_and_maturity():
    done = municipality.edited(TOWN, "initiatives/heat_network/starting", "3").made
    counts = municipality.counted(Choice(MINE, town=done))
    assert counts["heat_network", "starting"] == 3 and sum(counts.values()) == 5 + 3


@pytest.mark.parametrize(
    ("key", "raw", "said"),
    [
        ("inhabitants", "5", ["Inwoners", "500"]),
        ("inhabitants", "heel veel", ["Inwoners", "hele getallen", "500", "2.000.000"]),
        ("inhabitants", "", ["Inwoners: vul een getal in", "2.000.000"]),
        ("inhabitants", "9.000.000", ["Inwoners", "2.000.000"]),
        ("staff_hours_per_month", "-4", ["Uren voor warmte", "van 0 tot en met 20.000"]),
        ("next_election", "2021-01", ["Volgende verkiezingen", "2026-01 tot en met 2034-12"]),
        ("next_election", "2050-01", ["Volgende verkiezingen", "2026-01 tot en met 2034-12"]),
        ("next_election", "maart 2030", ["Volgende verkiezingen", "JJJJ-MM"]),
        ("initiatives/save/starting", "2,5", ["energie besparen", "hele getallen", "0 tot en met 40"]),
        ("initiatives/save/starting", "4000", ["0 tot en met 40"]),
        ("facilitators", "101", ["Begeleiders"]),
    ],
)
def test_a_municipality_that_cannot_be_gets_a_sentence(key, raw, said):
    done = municipality.edited(TOWN, key, raw)
    assert done.made is None
    for words in said:
        assert words in done.fault
    assert raw in json.dumps(municipality.municipality(TOWN, {key: (raw, done.fault)}), ensure_ascii=False)


def test_a_municipality_without_initiatives_is_refused():
    choice = Choice(MINE, town=own.town({"inhabitants": 9000, "initiatives": [{"ambition": "save"}]}))
    done = municipality.edited(choice, "initiatives/save/building", "0")
    assert done.made is None and done.fault == "Vul ten minste één initiatief in."


def test_my_municipality_is_simulated():
    result = simulation.run(TOWN, 4)
    assert result.world == "my-municipality" and result.months[-1] == "2034-12"
    shorter = simulation.run(Choice(MINE, TOWN.policies, town=TOWN.town, months=24), 4)
    assert shorter.months == result.months[:24]


def test_horizons_end_with_a_year_after_the_policy_began():
    assert simulation.horizons(Choice("reference")) == [12, 24, 36]
    assert simulation.horizons(TOWN) == [24, 36, 48, 60, 72, 84, 96, 108]
    assert simulation.horizons(Choice("projection"))[0] == 72


# Making it again -----------------------------------------------------------------------------------------------------


def test_the_files_and_the_command_give_the_same_comparison(tmp_path, monkeypatch):
    choice = edit(Choice(MINE, (*TOWN.policies, ("B", "structural-funding")), town=TOWN.town), "name", "Ons <plan>: 1")
    again = reproduce(choice, 5)
    for file in again["files"]:
        (tmp_path / file["name"]).write_text(file["text"], encoding="utf-8")
    policy, world = (file["text"] for file in again["files"])
    assert read_scenario(policy, "x") == simulation.scenario_of(choice, "A")
    assert parse_world(yaml.safe_load(world), "x") == simulation.setting(choice)
    assert again["command"] == (
        "samenspel compare as-now ons-plan-1.yaml structural-funding --world my-municipality.yaml"
        f" --parameters {simulation.parameters().name} --replicates 5 --seed 1"
    )
    monkeypatch.chdir(tmp_path)
    found = {}
    exec(again["python"].replace("print(", "(", 1), found)  # noqa: S102 - the lines are what is tested
    expected = simulation.run(choice, 5)
    assert found["result"].summary_values.tobytes() == expected.summary_values.tobytes()
    assert expected.command == again["command"]


def test_nothing_of_ones_own_needs_no_file():
    again = reproduce(ONE, 200)
    assert again["files"] == [] and "--world reference" in again["command"]


# The rest of the left-hand side --------------------------------------------------------------------------------------


def test_cards_say_who_can_do_all_of_a_policy():
    shown = {card["id"]: card for group in cards(ONE)["groups"] for card in group["cards"]}
    assert shown["regular-meetings"]["who"] == ["municipality", "initiative"]
    assert shown["recommendations"]["who"] == [] and shown["high-turnover"]["who"] == []


def test_the_left_hand_side_is_plain_data_in_every_world(monkeypatch):
    monkeypatch.setattr(simulation.WARM, "is_set", lambda: True)
    for choice in (ONE, TWO, TOWN, Choice("projection")):
        json.dumps([chooser(choice), cards(choice), equal(choice)], allow_nan=False)
    assert "€\u00a0510.000" in chooser(ONE)["rows"][1]["cost"]
    assert equal(TWO)["budget"] == "510.000" and not equal(Choice("reference", (("A", "high-turnover"),)))["possible"]


@pytest.mark.parametrize("size", ["small", "medium", "large"])
@pytest.mark.parametrize("policy", ["regular-meetings", "high-turnover", "structural-funding"])
def test_an_answer_for_a_municipality_can_always_be_drawn(size, policy):
    choice = Choice(MINE, (("A", policy),), town=municipality.edited(TOWN, "size", size).made)
    for phase, worlds in (("rough", 20), ("done", 200)):
        assert answer(Standing(choice, phase, simulation.run(choice, worlds)))["headline"]
