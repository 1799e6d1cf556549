"""What levers cost."""

import pytest

from sim.costs import load_costs, read_costs
from sim.engine.problems import InputError
from sim.levers import LEVERS
from sim.scenario import SCENARIOS, parse_scenario

HEAD = {"id": "plan", "name": {"nl": "Plan", "en": "Plan"}, "description": {"nl": "Een plan", "en": "A plan"}}


def test_every_lever_costs_something():
    costs = load_costs().levers
    assert set(LEVERS) <= set(costs)
    for name in LEVERS:
        cost = costs[name]
        assert cost.hours_per_year + cost.facilitator_hours_per_year + cost.euros_per_year > 0


def test_the_price_of_an_hour_follows_from_that_of_a_full_time_post():
    prices = load_costs().prices
    assert prices.official_hour.euros == pytest.approx(prices.fte.euros / prices.productive_hours, rel=0.05)


def test_a_meeting_costs_what_the_source_says():
    costs = load_costs()
    euros = costs.public_euros(costs.levers["regular_meetings"].hours_per_year, 0, 0)
    assert 420 <= euros <= 570
    assert euros == costs.prices.meeting.euros


def test_a_scenario_lays_its_own_figures_over_them():
    scenario = parse_scenario({**HEAD, "costs": {"regular_meetings": {"euros_per_year": 4000}}}, "x")
    before, after = load_costs().levers["regular_meetings"], load_costs(scenario).levers["regular_meetings"]
    assert after.euros_per_year == 4000
    assert after.hours_per_year == before.hours_per_year
    assert load_costs().levers["regular_meetings"] == before


def test_a_costs_file_without_a_lever_is_refused(tmp_path):
    text = (SCENARIOS / "costs.yaml").read_text(encoding="utf-8")
    path = tmp_path / "costs.yaml"
    path.write_text(text.replace("  broad_embedding:\n", "  broad_embeding:\n"), encoding="utf-8")
    with pytest.raises(InputError, match="did you mean 'broad_embedding'"):
        read_costs(path)
    start, rest = text.split("  broad_embedding:\n")
    path.write_text(start + rest[rest.index("  concrete_agreements:") :], encoding="utf-8")
    with pytest.raises(InputError, match="has no cost for broad_embedding"):
        read_costs(path)
