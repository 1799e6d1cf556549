"""Paired runs: parameters, stages that remember, cancelling, and what a comparison refuses."""

import threading
import time

import numpy as np
import pytest

from sim.comparison import Cancelled, Parameters, Stage, compare, content_key, load_parameters
from sim.engine.compiling import model_hash
from sim.engine.problems import InputError
from sim.evidence.parameters import PARAMETERS, record
from sim.indicators import GROUPS, INDICATOR_IDS
from sim.scenario import load_scenario
from sim.world.files import load_world
from tests.playing import of, outcomes, prior_draws, scenario, stage

# Parameters ----------------------------------------------------------------------------------------------------------


def test_the_prior_median_is_every_prior_at_one_half():
    given = load_parameters("prior-median")
    assert given.name == "prior-median" and not given.calibrated and given.rows.shape == (1,)
    for name, parameter in PARAMETERS.items():
        assert given.rows[name][0] == parameter.value
        assert parameter.prior.low <= parameter.value <= parameter.prior.high


def test_values_by_name_take_the_place_of_medians(tmp_path):
    file = tmp_path / "mine.yaml"
    file.write_text("trust_growth: 0.05\nhours_needed: 12\n", encoding="utf-8")
    for given in (
        load_parameters(file),
        load_parameters(str(file)),
        load_parameters({"trust_growth": 0.05, "hours_needed": 12}),
    ):
        assert given.rows["trust_growth"][0] == 0.05 and given.rows["hours_needed"][0] == 12
        assert given.rows["agreement_rate"] == record()["agreement_rate"]
    assert load_parameters(file).name == "mine.yaml"
    assert load_parameters(file).described().hash != load_parameters().described().hash


@pytest.mark.parametrize(
    ("values", "said"),
    [
        ({"trust_grwth": 0.1}, "did you mean"),
        ({"trust_growth": 9}, "allowed: 0.03 to 0.2"),
        ({"trust_growth": True}, "not allowed"),
        ({"trust_growth": "much"}, "not allowed"),
        ({"trust_growth": float("nan")}, "not allowed"),
        ({"trust_growth": float("inf")}, "not allowed"),
    ],
)
def test_other_values_are_refused_in_a_sentence(values, said):
    with pytest.raises(InputError, match=said):
        load_parameters(values)


def test_replicates_take_the_draws_in_turn_and_scenarios_the_same_one():
    draws = prior_draws(3)
    ready = stage(months=24, parameters=draws)
    for r in range(5):
        own = stage(months=24, parameters=Parameters("one", draws.rows[r % 3 : r % 3 + 1]))
        for plan in (None, load_scenario("regular-meetings")):
            assert outcomes(ready, plan, 1, first=r).tobytes() == outcomes(own, plan, 1, first=r).tobytes()


def test_a_scenarios_parameters_hold_from_policy_start_on():
    ready = stage("projection", months=84)
    plan = scenario(parameters={"official_leaving_rate": 0.2})
    now, other = outcomes(ready, None, 2), outcomes(ready, plan, 2)
    start = load_world("projection").engine_month("2027-01") - ready.past
    assert now[..., :start].tobytes() == other[..., :start].tobytes()
    assert (of(other, "trust_official")[:, -1] < of(now, "trust_official")[:, -1]).all()


# Comparisons ---------------------------------------------------------------------------------------------------------


def test_a_comparison_is_the_paired_difference_of_its_worlds():
    parameters = load_parameters()
    result = compare(["as-now", "regular-meetings"], replicates=12, months=30, parameters=parameters)
    ready = stage(months=30, parameters=parameters)
    now, other = outcomes(ready, None, 12), outcomes(ready, load_scenario("regular-meetings"), 12)
    for name in ("understanding", "public_euros", "formalised"):
        found = result.differences.sel(scenario="regular-meetings", group="all", indicator=name, statistic="mean")
        np.testing.assert_allclose(found.values, (of(other, name) - of(now, name)).mean(axis=0), rtol=1e-9, atol=1e-9)
        found = result.summary.sel(scenario="as-now", group="all", indicator=name, statistic="mean")
        np.testing.assert_allclose(found.values, of(now, name).mean(axis=0), rtol=1e-9)
    assert result.model_hash == model_hash()
    assert result.replicates == 12 and result.seed == 1


def test_a_scenario_against_itself_differs_in_nothing():
    same = scenario(id="same", levers=[{"lever": "regular_meetings"}])
    other = scenario(id="other", levers=[{"lever": "regular_meetings"}])
    assert content_key(same) == content_key(other)
    result = compare([same, other], replicates=6, months=24)
    mean = result.differences.sel(scenario="other", statistic="mean").values
    assert (mean[~np.isnan(mean)] == 0).all() and not np.isnan(mean).all()


def test_groups_add_up_to_all():
    values = outcomes(stage(months=36), load_scenario("recommendations"), 3)
    sizes = [GROUPS.index(name) for name in GROUPS if name.startswith("size=")]
    ambitions = [GROUPS.index(name) for name in GROUPS if name.startswith("ambition=")]
    for name in (
        "active",
        "formalised",
        "agreement_in_force",
        "homes_reached",
        "public_euros",
        "municipal_hours",
        "restarts",
    ):
        k = INDICATOR_IDS.index(name)
        np.testing.assert_allclose(values[:, sizes, k].sum(axis=1), values[:, 0, k], rtol=1e-12)
        np.testing.assert_allclose(values[:, ambitions, k].sum(axis=1), values[:, 0, k], rtol=1e-9)


def test_results_start_at_the_worlds_first_month():
    world = load_world("projection")
    ready = stage(world, months=24)
    assert ready.past == world.past_months == 36
    assert outcomes(ready, None, 1).shape[-1] == 24
    result = compare(["as-now"], world="projection", replicates=2, months=24)
    assert result.months[0] == "2022-01" and result.months[-1] == "2023-12"


def test_progress_counts_every_replicate():
    told = []
    compare(["as-now"], replicates=7, months=6, progress=lambda done, total: told.append((done, total)))
    assert told == [(k, 7) for k in range(1, 8)]


def test_a_cancelled_comparison_stops_at_once():
    stop = threading.Event()
    begun = []

    def told(done, total):
        stop.set()
        begun.append(time.perf_counter())

    with pytest.raises(Cancelled):
        compare(
            ["as-now", "recommendations"], world="projection", replicates=5000, progress=told, cancelled=stop.is_set
        )
    assert time.perf_counter() - begun[0] < 2.0


# Stages --------------------------------------------------------------------------------------------------------------


def test_a_remembering_stage_runs_only_the_months_after_the_fork(monkeypatch):
    ready = stage("projection", months=72, remember=True)
    spent = []
    plain = Stage.run

    def counted(self, s, track, replicate, first, last, out):
        spent.append(last - first)
        plain(self, s, track, replicate, first, last, out)

    monkeypatch.setattr(Stage, "run", counted)
    ready.outcomes({"now": ready.trunk}, 0)
    assert sum(spent) == ready.total
    spent.clear()
    ready.outcomes({"talk": ready.track(load_scenario("regular-meetings"))}, 0)
    assert sum(spent) == ready.total - ready.fork
    spent.clear()
    ready.outcomes({"talk": ready.track(load_scenario("regular-meetings")), "now": ready.trunk}, 0)
    assert sum(spent) == 0
    ready.outcomes({"talk": ready.track(load_scenario("regular-meetings"))}, 1)
    assert sum(spent) == ready.total


def test_a_scenario_that_does_not_fit_the_world_is_refused():
    plan = scenario(shocks=[{"shock": "election", "month": "2051-01"}])
    with pytest.raises(InputError, match="lies outside the world 'reference'"):
        compare([plan], world="reference", replicates=1)
    with pytest.raises(InputError):
        compare(["no-such-scenario"], replicates=1)
    with pytest.raises(InputError):
        compare(["as-now"], world="no-such-world", replicates=1)


@pytest.mark.parametrize(
    ("scenarios", "arguments", "named"),
    [
        ("as-now", {}, "scenarios"),
        ([], {}, "scenarios"),
        (["as-now"], {"seed": 1.5}, "seed"),
        (["as-now"], {"seed": -1}, "seed"),
        (["as-now"], {"seed": 2**70}, "seed"),
        (["as-now"], {"replicates": 0}, "replicates"),
        (["as-now"], {"replicates": True}, "replicates"),
        (["as-now"], {"months": 0}, "months"),
        (["as-now"], {"months": 601}, "months"),
        (["as-now"], {"workers": 0}, "workers"),
    ],
)
def test_what_cannot_be_run_is_named_before_anything_runs(scenarios, arguments, named):
    with pytest.raises((TypeError, ValueError), match=rf"^{named}: .*; allowed: "):
        compare(scenarios, **arguments)


@pytest.mark.parametrize("months", [1, 2, 37, 120])
def test_any_horizon_runs(months):
    values = outcomes(stage(months=months), load_scenario("recommendations"), 1)
    assert values.shape == (1, len(GROUPS), len(INDICATOR_IDS), months)
    assert np.isfinite(of(values, "active")).all()


def test_a_result_names_the_values_that_somebody_gave(tmp_path):
    own = tmp_path / "own.yaml"
    own.write_text("trust_growth: 0.1\nagreed_meetings: 3\n")
    for given in (own, {"trust_growth": 0.1, "agreed_meetings": 3}):
        result = compare(["as-now"], replicates=1, months=2, parameters=given)
        assert result.to_json()["parameters"]["values"] == {"trust_growth": 0.1, "agreed_meetings": 3.0}
    assert "values" not in compare(["as-now"], replicates=1, months=2).to_json()["parameters"]
