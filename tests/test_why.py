"""Why: parts that add up, worlds that are what they say, and stories that happened."""

import inspect
import re
from typing import Any

import numpy as np
import pytest

from sim.comparison import Cancelled
from sim.indicators import GROUPS, INDICATOR_IDS, MODULES
from sim.levers import LEVERS
from sim.month import STEPS
from sim.scenario import load_scenario, shipped_scenarios
from sim.steps import CALLS, open_month
from sim.why import COSTS, LINKS, PARTS, explain
from sim.why.driver import lived_month
from sim.why.explanation import WORLDS, Chain, Explanation
from sim.why.feels import first_part
from sim.why.links import FEELS, FIELDS, TABLES, WRITES
from sim.why.measures import MEASURED, measure_all
from sim.why.plan import HELD_TABLES, owner_of, words_of
from sim.why.stories import KINDS, TOLD, happened
from sim.world.state import State, copy_state
from tests.playing import end_of, every_lever, every_shock, outcomes, prior_draws, same_bits, scenario, stage

MONTHS = 30
BUSY = scenario(
    levers=every_lever("2019-04"),
    shocks=[*every_shock("2019-12"), *every_shock("2020-09")],
    parameters={"official_leaving_rate": 0.04},
)
COST_INDICATORS = ("municipal_hours", "public_euros", "facilitator_hours")


def chain(plan: Any, **more: Any) -> Chain:
    """A chain in a short reference world."""
    return Chain(stage(months=MONTHS, **more), plan)


MIDDLE = "prior-median"  # what the stages of these tests are run at


@pytest.fixture(scope="module")
def busy() -> Explanation:
    return explain(BUSY, parameters=MIDDLE, months=MONTHS, replicates=6, every_month=True)


# The tables of fields and steps --------------------------------------------------------------------------------------


def test_every_field_of_the_state_belongs_to_one_owner():
    state = stage(months=1).start
    assert set(FIELDS) | set(TABLES) == set(State._fields)
    assert not set(FIELDS) & set(TABLES)
    for table, owners in FIELDS.items():
        listed = [field for fields in owners.values() for field in fields.split()]
        assert sorted(listed) == sorted(getattr(state, table).dtype.names), table
        assert set(owners) <= {*LINKS, "outcome", "ledger", "fixed"}
        assert table in HELD_TABLES or not set(owners) & set(LINKS)
        for field in listed:
            assert owner_of(table, field) in owners
    assert HELD_TABLES[-1] == "agreements"


def test_every_step_says_what_it_writes_and_where_it_feels_a_policy():
    steps = {(step.name, step.owner) for step in STEPS}
    assert set(WRITES) == steps
    assert set(FEELS) == steps
    assert set(FEELS.values()) <= set(PARTS)
    for listed in WRITES.values():
        for table, fields in (listed or {}).items():
            assert all(owner_of(table, field) in LINKS for field in fields.split())


@pytest.mark.parametrize("parameters", ["prior-median", prior_draws(2)], ids=["median", "draws"])
def test_no_step_writes_a_field_of_a_link_that_it_does_not_name(parameters):
    ready = stage(months=48, parameters=parameters)  # past the months in which visions are adopted
    track = ready.track(BUSY)
    for replicate in range(4):
        state = copy_state(ready.start)
        ready.begin(state, replicate)
        for month in range(ready.total):
            segment = next(each for each in track.segments if month < each.month_to_exclusive)
            ready.set_from_outside(state, segment, replicate)
            open_month(state)
            for call in CALLS:
                before = copy_state(state)
                call.rows(state)
                listed = WRITES[call.step.name, call.step.owner]
                for table in HELD_TABLES:
                    old, new = getattr(before, table), getattr(state, table)
                    allowed = None if listed is None else listed.get(table, "").split()
                    for field in new.dtype.names:
                        if owner_of(table, field) in LINKS and (allowed is not None and field not in allowed):
                            assert old[field].tobytes() == new[field].tobytes(), (call.step, table, field)
            state.clock["month"] += 1


def test_the_compiled_month_takes_the_steps_of_the_list_and_the_holds_follow_them():
    source = inspect.getsource(lived_month.py_func)  # type: ignore[attr-defined]
    taken = re.findall(r"^    (?:begin|turnover|capacity|pace|contact|trust|surprises|negotiation|money|work|energy"
                       r"|accounts)\.(?!tick|monthly)\w+\(|^    (?:facilitation\.facilitators\(now|facilitate\()",
                       source, re.MULTILINE)  # fmt: skip
    assert len(taken) == len(STEPS)
    assert [int(each) for each in re.findall(r"^    after\((\d+),", source, re.MULTILINE)] == list(range(len(STEPS)))


def test_words_share_memory_with_the_tables():
    state = copy_state(stage(months=1).start)
    words = words_of(state)
    state.ties["trust"][0] = 0.25
    assert words[HELD_TABLES.index("ties")][0].tobytes() == state.ties[:1].tobytes()


# The worlds ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("parameters", ["prior-median", prior_draws(3)], ids=["median", "draws"])
def test_nothing_freed_is_the_twin_and_the_twin_is_as_now_to_the_last_bit(parameters):
    ready = chain(BUSY, parameters=parameters)
    for replicate in (0, 1, 2):
        out, twin, [none], _ = ready.live(replicate, [0])
        assert same_bits(none.now, twin)
        assert same_bits(twin, end_of(ready.stage, None, replicate))
        assert out[0].tobytes() == out[1].tobytes()
        assert not np.array_equal(out[0], out[2], equal_nan=True)


@pytest.mark.parametrize("parameters", ["prior-median", prior_draws(3)], ids=["median", "draws"])
def test_all_freed_is_the_policy_to_the_last_bit_but_for_what_it_costs(parameters):
    ready = chain(BUSY, parameters=parameters)
    booked = [*COST_INDICATORS]
    others = [k for k, name in enumerate(INDICATOR_IDS) if name not in booked]
    for replicate in (0, 1, 2):
        out, _, [world], _ = ready.live(replicate, [len(LINKS)])
        assert out[1][..., others].tobytes() == out[2][..., others].tobytes()
        real = end_of(ready.stage, BUSY, replicate)
        for table in HELD_TABLES:
            mine, theirs = getattr(world.now, table), getattr(real, table)
            for field in mine.dtype.names:
                if field not in ("municipal_hours", "public_euros", "facilitator_hours", "facilitator_hours_now"):
                    assert mine[field].tobytes() == theirs[field].tobytes(), (table, field)


def test_the_first_world_is_as_now_and_the_last_the_policy(busy):
    ready = stage(months=MONTHS)
    assert busy.values[:, 0].tobytes() == outcomes(ready, None, 6).tobytes()
    assert busy.values[:, -1].tobytes() == outcomes(ready, BUSY, 6).tobytes()


def test_every_link_makes_a_difference_of_its_own(busy):
    for k in range(len(WORLDS) - 1):
        assert not np.array_equal(busy.values[:, k], busy.values[:, k + 1], equal_nan=True), WORLDS[k + 1]


def test_a_held_link_keeps_the_values_of_the_twin():
    ready = chain(BUSY)
    for free in range(1, len(LINKS)):
        _, twin, [world], _ = ready.live(0, [free])
        for table in HELD_TABLES:
            for field in getattr(twin, table).dtype.names:
                owner = owner_of(table, field)
                if owner in LINKS and LINKS.index(owner) >= free:
                    assert getattr(twin, table)[field].tobytes() == getattr(world.now, table)[field].tobytes(), field


# The parts -----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("group", GROUPS)
def test_the_parts_add_up_to_the_whole(busy, group):
    for indicator in INDICATOR_IDS:
        for month in (0, 12, -1):
            parts = np.stack([busy.worlds(link, indicator, group, month) for link in PARTS])
            whole = busy.worlds("whole", indicator, group, month)
            size = np.nanmax(np.abs(busy.values[:, :, GROUPS.index(group), INDICATOR_IDS.index(indicator)]), initial=1)
            np.testing.assert_allclose(parts.sum(axis=0), whole, rtol=0, atol=1e-12 * size)
            table = busy.parts(indicator, group, month).sel(statistic="mean")
            if table.attrs["worlds"]:
                np.testing.assert_allclose(table[:-1].sum(), table.sel(part="whole"), rtol=0, atol=1e-12 * size)


def test_means_and_errors_are_those_of_the_worlds(busy):
    table = busy.parts("homes_reached", "size=small")
    for part in (*PARTS, "whole"):
        worlds = busy.worlds(part, "homes_reached", "size=small")
        assert float(table.sel(part=part, statistic="mean")) == pytest.approx(worlds.mean())
        assert float(table.sel(part=part, statistic="error")) == pytest.approx(worlds.std(ddof=1) / np.sqrt(6))


def test_costs_are_in_costs_only(busy):
    for indicator in INDICATOR_IDS:
        booked = busy.worlds(COSTS, indicator)
        assert bool(np.nan_to_num(booked).any()) == (indicator in COST_INDICATORS), indicator


@pytest.mark.parametrize("lever", list(LEVERS))
def test_a_lever_without_intensity_has_no_parts(lever):
    found = explain(scenario(levers=[{"lever": lever, "intensity": 0}]), parameters=MIDDLE, months=12, replicates=2)
    for k in range(1, len(WORLDS)):
        assert np.array_equal(found.values[:, k], found.values[:, 0], equal_nan=True)


def test_threads_do_not_matter(busy):
    for workers in (1, 3):
        again = explain(BUSY, parameters=MIDDLE, months=MONTHS, replicates=6, every_month=True, workers=workers)
        assert again.values.tobytes() == busy.values.tobytes()


def test_only_decembers_and_the_end_are_kept_unless_every_month_is(busy):
    found = explain(BUSY, parameters=MIDDLE, months=MONTHS, replicates=2)
    assert found.months == ("2019-12", "2020-12", "2021-06")
    assert len(busy.months) == MONTHS
    assert found.worlds("money", "homes_reached", month="2020-12").tobytes() == (
        busy.worlds("money", "homes_reached", month="2020-12")[:2].tobytes()
    )


# Where a policy is first felt ----------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", [each for each in shipped_scenarios() if each != "as-now"])
def test_worlds_that_need_not_be_run_are_the_twin(name):
    ready = chain(load_scenario(name))
    out, _, freed, _ = ready.live(0, [free for free in range(1, len(LINKS) + 1) if free <= ready.first])
    for k in range(1, 1 + len(freed)):
        assert out[k].tobytes() == out[0].tobytes()


def test_levers_are_felt_where_their_rules_are():
    assert first_part({"regular_meetings"}) == LINKS.index("contact")
    assert first_part({"structural_funding", "structural_funding__amount"}) == LINKS.index("agreement")
    assert first_part({"procurement_room"}) == LINKS.index("money")
    assert first_part({"professionalising"}) == LINKS.index("work")
    assert first_part({"cost_euros"}) == PARTS.index(COSTS)
    assert first_part({"a_name_that_no_rule_has"}) == 0
    assert first_part(set()) == len(PARTS)


def test_policies_go_through_the_links_that_they_move():
    found = explain("structural-funding", parameters=MIDDLE, replicates=12)
    money = found.parts("homes_reached").sel(statistic="mean")
    assert money.sel(part="money") > 0.6 * money.sel(part="whole") > 0
    found = explain("regular-meetings", parameters=MIDDLE, replicates=12)
    talks = found.parts("trust_initiative").sel(statistic="mean")
    assert talks.sel(part="trust") > 0.6 * talks.sel(part="whole") > 0


# Bad input and stopping ----------------------------------------------------------------------------------------------


def test_what_is_not_known_is_refused(busy):
    for wrong in (
        lambda: busy.worlds("luck", "homes_reached"),
        lambda: busy.worlds("money", "luck"),
        lambda: busy.worlds("money", "homes_reached", "luck"),
        lambda: busy.worlds("money", "homes_reached", month="2031-01"),
        lambda: busy.worlds("money", "homes_reached", month=MONTHS),
        lambda: busy.story("costs", "homes_reached"),
        lambda: busy.story("money", "homes_reached", replicate=6),
        lambda: explain(BUSY, parameters=MIDDLE, replicates=0),
    ):
        with pytest.raises(ValueError, match="allowed"):
            wrong()


def test_it_stops_when_asked_and_tells_how_far_it_is():
    told: list[tuple[int, int]] = []
    explain(BUSY, parameters=MIDDLE, months=6, replicates=3, progress=lambda *each: told.append(each))
    assert told == [(1, 3), (2, 3), (3, 3)]
    with pytest.raises(Cancelled):
        explain(BUSY, parameters=MIDDLE, months=6, replicates=3, cancelled=lambda: True)


# Stories -------------------------------------------------------------------------------------------------------------


def test_every_initiative_is_measured_as_the_indicators_do(busy):
    assert MEASURED == MODULES
    state = end_of(stage(months=MONTHS), BUSY)
    out = np.empty((len(state.initiatives), len(MEASURED)))
    measure_all(state, out)
    observed = busy.values[0, -1, 0, :, -1]
    for k, module in enumerate(MODULES):
        total = np.nansum(out[:, k]) if module.INDICATOR.kind == "total" else np.nanmean(out[:, k])
        assert total == pytest.approx(observed[k], nan_ok=True), module.INDICATOR.id


@pytest.mark.parametrize("link", LINKS)
def test_a_story_is_of_an_initiative_whose_outcome_the_link_changed(busy, link):
    told = busy.story(link, "homes_reached")
    assert told is not None
    assert told.after != told.before
    assert told.events
    assert len(told.events) <= TOLD
    months = [event.month for event in told.events]
    assert months == sorted(months)
    assert "2019-01" <= months[0] <= months[-1] <= "2021-06"
    assert {event.kind for event in told.events} <= set(KINDS)
    assert any(event.where != "both" for event in told.events)
    real = {name: end_of(stage(months=MONTHS), plan, told.replicate) for name, plan in (("now", None), ("do", BUSY))}
    assert told.as_now == real["now"].initiatives["homes"][told.initiative]
    assert told.with_policy == real["do"].initiatives["homes"][told.initiative]
    assert busy.story(link, "homes_reached") == told


def test_a_story_of_a_group_is_of_one_of_that_group(busy):
    assert busy.story("money", "homes_reached", group="size=small").size == "small"
    assert busy.story("work", "homes_reached", group="ambition=heat_network").ambition == "heat_network"


def test_a_link_that_nothing_moves_has_no_story():
    found = explain("structural-funding", parameters=MIDDLE, months=MONTHS, replicates=2)
    assert found.story("contact", "homes_reached") is None


def test_nothing_happened_to_a_row_that_did_not_change(busy):
    from sim.why.stories import _see

    state = end_of(stage(months=MONTHS), BUSY)
    state.posts["just_left"] = state.posts["just_arrived"] = 0
    for i in range(0, len(state.initiatives), 17):
        assert happened(_see(state, i), _see(state, i)) == {}
