"""What the page is told to draw, for each way an answer can stand."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import json
import re
from dataclasses import replace
from types import SimpleNamespace
from urllib.parse import parse_qs

import numpy as np
import pytest

from dashboard import outcomes, simulation
from dashboard.answer import answer, difference, looked_at, parting_of, years_of_policy
from dashboard.session import Standing
from dashboard.simulation import Policy, World
from dashboard.state import Choice

NAMES = ("structural-funding", "regular-meetings", "broad-embedding", "municipal-capacity")


@pytest.fixture(autouse=True)
def shipped(monkeypatch):
    """A few policies and a world of the test's own, so that it does not hang on the shipped files."""

    def policy(name):
        return Policy(
            name, {"nl": f"{name} <b>", "en": f"{name} <i>"}, {"nl": "uitleg", "en": "why"}, "inferred", "measure"
        )

    world = World(
        "projection", {"nl": "Nederland", "en": "Netherlands"}, {"nl": "d", "en": "d"}, ("2030-03",), "2027-01"
    )
    monkeypatch.setattr(simulation, "policies", lambda: {name: policy(name) for name in NAMES})
    monkeypatch.setattr(simulation, "now", lambda: policy("as-now"))
    monkeypatch.setattr(simulation, "worlds", lambda: {"projection": world})


def choice(count=1, language="nl", view=None):
    """A choice of so many policies."""
    return Choice("projection", tuple(zip("ABC"[:count], NAMES, strict=False)), view, language)


def done(fakes, chosen, replicates=200, **options):
    """A standing with a result."""
    result = fakes.FakeResult(["as-now", *chosen.slots.values()], replicates, **options)
    return Standing(chosen, "done" if replicates == 200 else "rough", result)


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize("count", [1, 2, 3])
@pytest.mark.parametrize("replicates", [20, 200])
def test_everything_that_is_sent_is_plain_data(fakes, language, count, replicates):
    shown = answer(done(fakes, choice(count, language), replicates))
    json.dumps(shown, allow_nan=False)
    sharp_only = ["differences-structural_partnership"] if replicates == 200 else []
    assert [figure["id"] for figure in shown["figures"]] == [
        "worlds-structural_partnership",
        "paths-structural_partnership",
        *sharp_only,
        "others",
        "groups-structural_partnership",
        "cost-structural_partnership",
    ]


def test_homes_always_stand_beside_partnership(fakes):
    for replicates in (20, 200):
        shown = answer(done(fakes, choice(), replicates))
        assert shown["headline"] and shown["beside"]["name"] == "Bereikte woningen"


@pytest.mark.parametrize("phase", ["empty", "starting", "rough", "done", "stopped", "failed"])
def test_whether_it_is_calibrated_is_said_in_every_state(fakes, phase):
    chosen = choice(0) if phase == "empty" else choice()
    result = fakes.FakeResult(["as-now", *chosen.slots.values()], 20) if phase in ("rough", "stopped") else None
    if phase == "done":
        result = fakes.FakeResult(["as-now", *chosen.slots.values()], 200)
    shown = answer(Standing(chosen, phase, result, fault="x" if phase == "failed" else ""))
    # Before there is a result, it is what the next one will be made with.
    calibrated = result is None and simulation.parameters().calibrated
    assert shown["notice"]["title"] == ("Afgesteld" if calibrated else "Niet afgesteld")
    assert shown["words"]["notice.forecast"] == "Eén wereld is geen voorspelling."
    assert "121 initiatieven" in shown["words"]["notice.who"]


def test_a_calibrated_result_says_so(fakes):
    shown = answer(done(fakes, choice(), calibrated=True))
    assert shown["notice"]["title"] == "Afgesteld"


def test_two_policies_are_compared_in_the_same_worlds(fakes):
    chosen = choice(2)
    result = fakes.FakeResult(["as-now", *chosen.slots.values()], 200)
    one, other = (result.paired(chosen.slots[slot], "homes_reached").sel(month="2034-12") for slot in "AB")
    assert difference(result, chosen, ("A", "B"), "homes_reached").more == int((one > other).sum())
    assert difference(result, chosen, ("A", "now"), "homes_reached").more == int((one > 0).sum())


def test_the_headline_follows_the_pair_that_is_looked_at(fakes):
    slots = {piece["slot"] for piece in answer(done(fakes, choice(2, view=("A", "B"))))["headline"] if piece["slot"]}
    assert slots == {"A", "B"}


def test_while_it_is_rough_the_status_says_how_many_worlds_are_drawn_and_how_many_computed(fakes):
    chosen = choice()
    result = fakes.FakeResult(["as-now", *chosen.slots.values()], 20)
    status = answer(Standing(chosen, "rough", result, done=0.97))["status"]
    assert status["note"] == "20 werelden getekend, 194 van 200 gerekend"


def test_names_from_files_are_only_ever_escaped_in_markup(fakes):
    for figure in answer(done(fakes, choice(3)))["figures"]:
        assert "<b>" not in figure["wide"] + figure["narrow"]


def test_the_command_is_the_results_own(fakes):
    standing = done(fakes, choice())
    assert answer(standing)["again"]["command"] == standing.result.command


def test_a_result_without_all_its_worlds_is_refused(fakes):
    result = fakes.FakeResult(["as-now", *choice().slots.values()], 200)
    result.replicates = 201
    with pytest.raises(ValueError, match="201 worlds"):
        difference(result, choice(), ("A", "now"), "homes_reached")


# Which outcome, whom it helps, what it costs, what can be taken home ----------------------------------------------


def test_another_outcome_can_be_looked_at_and_homes_or_partnership_stand_beside_it(fakes):
    shown = answer(done(fakes, replace(choice(), about="homes_reached")))
    assert "bereikte woningen" in shown["spoken"] and shown["beside"]["name"] == "Structurele samenwerking"
    assert shown["figures"][0]["id"] == "worlds-homes_reached"
    assert [each["id"] for each in shown["outcomes"] if each["chosen"]] == ["homes_reached"]
    assert answer(done(fakes, replace(choice(), about="trust_initiative")))["beside"]["name"] == "Bereikte woningen"


@pytest.mark.parametrize("about", ["public_euros", "municipal_hours", "nonsense", "months_without_money"])
def test_a_headline_is_never_about_costs_or_what_a_measure_fixes_by_itself(fakes, about):
    shown = answer(done(fakes, replace(choice(), about=about)))  # structural funding: money that is there for years
    assert "structurele samenwerking" in shown["spoken"]
    offered = {each["id"]: each["disabled"] for each in shown["outcomes"]}
    assert offered["months_without_money"] and not offered["homes_reached"]
    assert "public_euros" not in offered


def test_everything_that_a_measure_fixes_is_an_outcome_and_every_such_measure_exists():
    from sim.indicators import INDICATORS
    from sim.levers import LEVERS
    from sim.shocks import SHOCKS

    assert set(outcomes.BY_DEFINITION) <= set(LEVERS) | set(SHOCKS)
    assert set().union(*outcomes.BY_DEFINITION.values()) <= set(outcomes.OUTCOMES)
    assert set(outcomes.OUTCOMES) <= set(INDICATORS)
    assert all(INDICATORS[name].better != "neither" for name in outcomes.OUTCOMES)


def test_groups_without_initiatives_are_left_out(fakes):
    standing = done(fakes, choice())
    ids = {"size=small", "size=large", "ambition=save"}
    shown = next(figure for figure in answer(standing)["figures"] if figure["id"].startswith("groups"))
    assert len(shown["table"]["rows"]) == len(ids)
    standing.result.summary.loc[{"group": "size=small", "indicator": "active"}] = 0
    fewer = next(figure for figure in answer(standing)["figures"] if figure["id"].startswith("groups"))
    assert len(fewer["table"]["rows"]) == len(ids) - 1


def test_costs_are_a_year_since_policies_start(fakes):
    months = [f"{year}-{month:02d}" for year in range(2026, 2030) for month in range(1, 13)]
    assert years_of_policy(months, "2027-01") == 3
    assert years_of_policy(months, "2020-01") == 4
    standing = done(fakes, choice())
    shown = next(figure for figure in answer(standing)["figures"] if figure["id"].startswith("cost"))
    total = difference(standing.result, choice(), ("A", "now"), "public_euros").middle
    row = answer_numbers(standing)["cost-structural_partnership"].rows[1]
    assert row[:2] == ("A", "euros_per_year") and row[4] == pytest.approx(total / 8)
    assert shown["badge"]["words"] == "aanname"


def answer_numbers(standing):
    """The numbers of each figure, by its id."""
    from dashboard.answer import figures

    return {figure.id: figure.numbers for figure in figures(standing.choice, standing.result)}


def test_links_hold_the_whole_comparison_and_only_come_with_the_sharp_answer(fakes):
    shown = answer(done(fakes, choice(2, "en", ("A", "B"))))
    assert [link["id"] for link in shown["exports"]] == [
        "memo_pdf", "memo_html", "results_csv", "scenario_A", "scenario_B",
    ]  # fmt: skip
    for link in [*shown["exports"], *(link for figure in shown["figures"] for link in figure["links"])]:
        asked = parse_qs(link["to"].partition("?")[2])
        assert asked["A"] == ["structural-funding"] and asked["view"] == ["A-B"] and asked["lang"] == ["en"]
        assert link["to"].startswith("export/")  # without a slash: it also works behind a path
    rough = answer(done(fakes, choice(), 20))
    assert rough["exports"] == [] and not any(figure["links"] for figure in rough["figures"])


def test_not_knowing_is_only_parted_when_parameters_are_drawn(fakes, monkeypatch):
    assert parting_of(done(fakes, choice()).result, choice()) is None
    fitted = done(fakes, choice(), calibrated=True).result
    fitted.parameter_set.name = "posterior"
    draws = np.random.default_rng(3).normal(size=(100, 4))
    monkeypatch.setattr(simulation, "parameters", lambda: SimpleNamespace(name="posterior", rows=draws))
    apart = parting_of(fitted, choice())
    assert apart is not None and apart.method == "repeated"
    assert apart.unknown < 0.25  # the invented worlds do not hang on these parameters
    shown = answer(Standing(choice(), "done", fitted))
    assert "toeval" in shown["why"] and "telt nog niet mee" not in shown["why"]
    assert "luck" in [figure["id"] for figure in shown["figures"]]
    monkeypatch.setattr(simulation, "parameters", lambda: SimpleNamespace(name="other", rows=draws))
    assert parting_of(fitted, choice()) is None


def test_while_parameters_are_fixed_the_page_says_that_not_knowing_is_not_counted(fakes):
    assert "telt nog niet mee" in answer(done(fakes, choice()))["why"]
    assert "not counted yet" in answer(done(fakes, choice(language="en")))["why"]


def test_of_two_policies_the_better_one_is_named_first(fakes):
    both = choice(2, view=("A", "B"))
    standing = done(fakes, both)  # the second of the two has the larger effect
    assert looked_at(standing.result, both) == ("B", "A")
    shown = answer(standing)
    assert [piece["slot"] for piece in shown["headline"] if piece["slot"]] == ["B", "A"]
    assert " meer " in shown["spoken"] and " minder " not in shown["spoken"]
    assert all(name in shown["beside"]["text"] for name in NAMES[:2])
    assert [pair["id"] for pair in shown["pairs"] if pair["pressed"]] == ["A-B"]
    # Where less is better, the one with less comes first; against going on as now the policy always does.
    assert looked_at(standing.result, replace(both, about="months_to_agreement")) == ("A", "B")
    assert looked_at(standing.result, replace(both, view=("A", "now"))) == ("A", "now")


def test_a_policy_that_is_alone_has_no_letter(fakes):
    lone = Choice("projection", (("B", NAMES[0]),))
    for figure in answer(done(fakes, lone))["figures"]:
        assert not re.search(r"\bB\b", figure["title"]), figure["title"]
        assert ">B</text>" not in figure["wide"] and ">B</text>" not in figure["narrow"]


@pytest.mark.parametrize(("months", "years"), [(None, "8"), (96, "3")])
def test_what_is_added_up_says_over_how_many_years_and_since_when(months, years):
    from dashboard.answer import over_years, since

    chosen = replace(choice(), months=months)
    assert f"opgeteld over {years}\u00a0jaar beleid" in over_years(chosen, "months_without_money")
    assert "opgeteld vanaf januari 2019" in since(chosen, "restarts")
    assert over_years(chosen, "homes_reached") == since(chosen, "homes_reached") == ""
    assert "opgeteld" not in over_years(chosen, "months_to_agreement") and "lager" in over_years(
        chosen, "months_to_agreement"
    )
