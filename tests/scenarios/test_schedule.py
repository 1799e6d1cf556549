"""What is set from outside, month by month."""

import itertools
import math
import pickle

import numpy as np
import pytest

from sim.costs import load_costs
from sim.engine.problems import InputError
from sim.scenario import parse_scenario, shipped_scenarios
from sim.schedule import compile_schedule, first_month_of_effect, layout_of, set_from_outside
from sim.world.build import build
from sim.world.files import load_world, parse_world

HEAD = {"id": "plan", "name": {"nl": "Plan", "en": "Plan"}, "description": {"nl": "Een plan", "en": "A plan"}}
REFERENCE = load_world("reference")
PROJECTION = load_world("projection")
TOWN = load_world("my-municipality-small")
AS_NOW = parse_scenario({**HEAD, "id": "as-now"}, "x")


def scenario(**more):
    return parse_scenario({**HEAD, **more}, "plan.yaml")


def at(segments, month):
    (found,) = [segment for segment in segments if segment.month_from <= month < segment.month_to_exclusive]
    return found


def same(first, second):
    return len(first) == len(second) and all(
        a.month_from == b.month_from
        and a.month_to_exclusive == b.month_to_exclusive
        and a.parameters == b.parameters
        and all(x.tobytes() == y.tobytes() for x, y in zip(a[2:5], b[2:5], strict=True))
        for a, b in zip(first, second, strict=True)
    )


@pytest.mark.parametrize(
    "world", [REFERENCE, PROJECTION, load_world("my-municipality-small")], ids=lambda world: world.id
)
@pytest.mark.parametrize("name", shipped_scenarios())
def test_segments_cover_every_month_once(name, world, layout):
    segments = compile_schedule(shipped_scenarios()[name], world, layout)
    assert segments[0].month_from == 0
    assert segments[-1].month_to_exclusive == world.total_months
    for earlier, later in itertools.pairwise(segments):
        assert earlier.month_from < earlier.month_to_exclusive == later.month_from


def test_as_now_in_the_reference_sets_nothing(layout):
    (segment,) = compile_schedule(AS_NOW, REFERENCE, layout)
    assert segment.parameters == {}
    for table in segment[2:5]:
        assert not table.view(np.float64).any()


def test_a_lever_holds_from_its_first_to_its_last_month_for_its_scope(layout):
    entry = {
        "lever": "structural_funding",
        "start": "2028-03",
        "end": "2028-05",
        "intensity": 0.25,
        "options": {"horizon": 24},
        "scope": {"size": ["small", "medium"], "ambition": ["activate"]},
    }
    segments = compile_schedule(scenario(levers=[entry]), PROJECTION, layout)
    month = PROJECTION.engine_month("2028-03")
    for inside in range(month, month + 3):
        table = at(segments, inside).on_initiative
        assert table["structural_funding"].tolist() == [0.25, 0, 0, 0.25, 0, 0]
        assert table["structural_funding__horizon"].tolist() == [24, 0, 0, 24, 0, 0]
        assert table["structural_funding__amount"].tolist() == [10000, 0, 0, 10000, 0, 0]
    for outside in (month - 1, month + 3):
        assert not at(segments, outside).on_initiative["structural_funding"].any()


def test_a_lever_without_a_start_begins_with_the_policy(layout):
    segments = compile_schedule(scenario(levers=[{"lever": "regular_meetings"}]), PROJECTION, layout)
    start = PROJECTION.engine_month("2027-01")
    assert not at(segments, start - 1).on_initiative["regular_meetings"].any()
    assert at(segments, start).on_initiative["regular_meetings"].tolist() == [6.0] * 6
    assert at(segments, PROJECTION.total_months - 1).on_initiative["regular_meetings"].tolist() == [6.0] * 6


def test_before_its_first_month_a_scenario_is_as_now_to_the_last_bit(layout):
    plan = scenario(
        levers=[{"lever": "municipal_capacity", "start": "2028-01"}], parameters={"official_leaving_rate": 0.03}
    )
    first = first_month_of_effect(plan, PROJECTION)
    assert first == PROJECTION.engine_month("2027-01")
    now, then = compile_schedule(AS_NOW, PROJECTION, layout), compile_schedule(plan, PROJECTION, layout)
    for month in range(int(first)):
        a, b = at(now, month), at(then, month)
        assert all(x.tobytes() == y.tobytes() for x, y in zip(a[2:5], b[2:5], strict=True))
        assert b.parameters == {}
    assert at(then, int(first)).parameters == {"official_leaving_rate": 0.03}


def test_an_intensity_of_zero_is_the_same_world_to_the_last_bit(layout):
    nothing = scenario(
        levers=[{"lever": "structural_funding", "intensity": 0, "start": "2028-01", "end": "2029-12"}],
        shocks=[{"shock": "hiring_freeze", "month": "2028-06", "intensity": 0}],
    )
    assert same(compile_schedule(nothing, PROJECTION, layout), compile_schedule(AS_NOW, PROJECTION, layout))
    assert first_month_of_effect(nothing, PROJECTION) == math.inf
    assert first_month_of_effect(AS_NOW, PROJECTION) == math.inf


def test_a_scenario_adds_to_the_facts_up_to_the_maximum(layout):
    month = PROJECTION.engine_month("2028-01")
    for intensity, expected in ((0.5, [1.0, 1.75, 3.5]), (9.5, [10, 10, 10])):
        plan = scenario(levers=[{"lever": "municipal_capacity", "intensity": intensity}])
        assert (
            at(compile_schedule(plan, PROJECTION, layout), month).on_municipality["municipal_capacity"].tolist()
            == expected
        )
    assert at(compile_schedule(AS_NOW, PROJECTION, layout), month).on_municipality["municipal_capacity"].tolist() == [
        0.5,
        1.25,
        3,
    ]


def test_a_shock_of_a_moment_takes_one_month_and_one_that_lasts_its_months(layout):
    plan = scenario(
        shocks=[
            {"shock": "subsidy_stops", "month": "2028-01", "intensity": 0.5},
            {"shock": "hiring_freeze", "month": "2028-01", "months": 4},
        ]
    )
    segments = compile_schedule(plan, PROJECTION, layout)
    month = PROJECTION.engine_month("2028-01")
    stops = [at(segments, month + k).on_initiative["subsidy_stops"][0] for k in range(-1, 6)]
    freezes = [at(segments, month + k).on_municipality["hiring_freeze"][0] for k in range(-1, 6)]
    assert stops == [0, 0.5, 0, 0, 0, 0, 0]
    assert freezes == [0, 1, 1, 1, 1, 0, 0]


@pytest.mark.parametrize(
    ("scope", "posts", "towns"),
    [
        ({}, [1, 1, 1, 1, 1], [1, 1, 1]),
        ({"initiative": 3}, [0, 0, 1, 0, 0], [0, 1, 0]),
        ({"ambition": "heat_network"}, [0, 1, 0, 0, 1], [0, 1, 1]),
        ({"size": "medium"}, [0, 1, 1, 0, 0], [0, 1, 0]),
        ({"municipality": [0, 2]}, [1, 0, 0, 1, 1], [1, 0, 1]),
        ({"size": "large", "ambition": "save"}, [0, 0, 0, 1, 0], [0, 0, 1]),
        ({"size": "small", "initiative": 5}, [0, 0, 0, 0, 0], [0, 0, 0]),
    ],
)
def test_a_scope_means_contact_persons_and_municipalities(scope, posts, towns, layout):
    plan = scenario(
        shocks=[
            {"shock": "official_leaves", "month": "2028-01", "scope": scope},
            {"shock": "alderman_falls", "month": "2028-01", "scope": scope},
        ]
    )
    segment = at(compile_schedule(plan, PROJECTION, layout), PROJECTION.engine_month("2028-01"))
    assert segment.on_post["official_leaves"].tolist() == posts
    assert segment.on_municipality["alderman_falls"].tolist() == towns


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (
            {"levers": [{"lever": "regular_meetings", "start": "2021-12"}]},
            "levers[1].start: 2021-12 lies outside the world 'projection'; allowed: 2022-01 to 2034-12",
        ),
        ({"levers": [{"lever": "regular_meetings", "end": "2035-01"}]}, "levers[1].end: 2035-01 lies outside"),
        (
            {"levers": [{"lever": "regular_meetings", "end": "2026-12"}]},
            "levers[1].end: 2026-12 comes before the start; without a start a lever begins in 2027-01",
        ),
        ({"shocks": [{"shock": "election", "month": "2040-03"}]}, "shocks[1].month: 2040-03 lies outside"),
        (
            {"shocks": [{"shock": "election", "month": "2030-03", "scope": {"initiative": 6}}]},
            "shocks[1].scope.initiative: there is no initiative 6 in this world; allowed: 0 to 5",
        ),
        (
            {"levers": [{"lever": "regular_meetings", "scope": {"municipality": [2, 3]}}]},
            "levers[1].scope.municipality: there is no municipality 3",
        ),
    ],
)
def test_what_the_world_does_not_have_is_refused(more, message, layout):
    with pytest.raises(InputError) as caught:
        compile_schedule(scenario(**more), PROJECTION, layout, file="my/plan.yaml")
    assert str(caught.value).startswith("my/plan.yaml: " + message)


def test_a_longer_run_allows_later_dates_and_a_shorter_one_leaves_them_out(layout):
    late = scenario(levers=[{"lever": "regular_meetings", "start": "2036-01"}])
    longer = compile_schedule(late, PROJECTION, layout, months=200)
    assert longer[-1].month_to_exclusive == 236
    assert at(longer, PROJECTION.engine_month("2036-01")).on_initiative["regular_meetings"][0] == 6
    shorter = compile_schedule(scenario(levers=[{"lever": "regular_meetings"}]), PROJECTION, layout, months=24)
    assert shorter[-1].month_to_exclusive == 60
    assert not any(segment.on_initiative["regular_meetings"].any() for segment in shorter)


def test_elections_of_the_world_are_not_also_shocks(layout):
    segments = compile_schedule(AS_NOW, PROJECTION, layout)
    assert not any(segment.on_municipality["election"].any() for segment in segments)
    assert PROJECTION.engine_month("2030-03") in PROJECTION.election_months


def test_a_fact_can_be_a_shock_of_a_moment(layout):
    fact = {"what": "alderman_falls", "start": "2026-05", "intensity": 1, "source": "x", "status": "assumption",
            "note": {"nl": "a", "en": "b"}}  # fmt: skip
    town = parse_world({"kind": "municipality", "inhabitants": 24000, "facts": [fact]}, "x")
    segments = compile_schedule(AS_NOW, town, layout)
    assert [at(segments, month).on_municipality["alderman_falls"][0] for month in range(3, 7)] == [0, 1, 0, 0]


def test_tables_cannot_be_changed_and_can_be_sent_to_another_process(layout):
    (segment,) = compile_schedule(AS_NOW, REFERENCE, layout)
    with pytest.raises(ValueError, match="read-only"):
        segment.on_initiative["regular_meetings"][0] = 1
    assert pickle.loads(pickle.dumps(segment)).month_to_exclusive == 36


def test_what_a_lever_costs_is_booked_by_the_month_where_it_holds(layout):
    plan = scenario(levers=[{"lever": "broad_embedding", "intensity": 0.5, "scope": {"size": "small"}}])
    table = at(compile_schedule(plan, PROJECTION, layout), PROJECTION.engine_month("2028-01")).on_initiative
    hours = load_costs().levers["broad_embedding"].hours_per_year
    assert table["cost_municipal_hours"].tolist() == [0.5 * hours / 12] * 2 + [0] * 4


def test_a_facilitator_costs_less_an_initiative_when_the_caseload_is_larger(layout):
    def hours(caseload):
        plan = scenario(levers=[{"lever": "independent_facilitator", "options": {"caseload": caseload}}])
        table = at(compile_schedule(plan, PROJECTION, layout), PROJECTION.engine_month("2028-01")).on_initiative
        return table["cost_municipal_hours"][0]

    assert hours(4) == pytest.approx(4 * hours(16))
    assert hours(8) == pytest.approx(0.25 * load_costs().levers["independent_facilitator"].hours_per_year / 8 / 12)


def test_what_the_rules_count_is_not_booked_twice_but_a_changed_figure_is(layout):
    def booked(**costs):
        plan = scenario(levers=[{"lever": "regular_meetings", "intensity": 2}], costs={"regular_meetings": costs})
        table = at(compile_schedule(plan, PROJECTION, layout), PROJECTION.engine_month("2028-01")).on_initiative
        return table["cost_municipal_hours"][0], table["cost_euros"][0]

    shipped = load_costs().levers["regular_meetings"].hours_per_year
    assert booked() == (0, 0)
    assert booked(hours_per_year=shipped + 3, euros_per_year=600) == (2 * 3 / 12, 2 * 600 / 12)


def test_only_what_was_really_added_is_booked(layout):
    plan = scenario(levers=[{"lever": "municipal_capacity", "intensity": 9.5}])
    month = PROJECTION.engine_month("2028-01")
    now, then = (at(compile_schedule(each, PROJECTION, layout), month).on_municipality for each in (AS_NOW, plan))
    euros = load_costs().levers["municipal_capacity"].euros_per_year / 12
    assert (then["cost_euros"] - now["cost_euros"]).tolist() == pytest.approx([9.5 * euros, 8.75 * euros, 7 * euros])


def test_own_costs_leave_the_facts_of_the_world_as_they_are(layout):
    plan = scenario(costs={"municipal_capacity": {"euros_per_year": 1}})
    assert same(compile_schedule(plan, PROJECTION, layout), compile_schedule(AS_NOW, PROJECTION, layout))
    assert first_month_of_effect(plan, PROJECTION) == math.inf


@pytest.mark.parametrize("world", [REFERENCE, PROJECTION, TOWN], ids=lambda world: world.id)
def test_the_tables_fit_the_state_of_a_world_that_was_built(world):
    state = build(world)
    plan = scenario(levers=[{"lever": "regular_meetings", "scope": {"size": "small"}}])
    last = compile_schedule(plan, world, layout_of(state))[-1]
    set_from_outside(state, last)
    small = state.municipalities["size"][state.initiatives["municipality"]] == 0
    assert small.any()
    assert (state.on_initiative["regular_meetings"] == np.where(small, 6, 0)).all()
    assert (state.on_municipality == last.on_municipality).all() and (state.on_post == last.on_post).all()
