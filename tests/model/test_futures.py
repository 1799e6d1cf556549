"""Another future from here: forks with the same luck, shocks and levers from the coming month on."""

import pytest

from sim.agents import Initiative
from sim.engine.problems import InputError
from sim.model import CollaborationModel
from sim.scenario import parse_scenario

WORDS = {"nl": "proef", "en": "trial"}


def scenario(**entries):
    return parse_scenario({"id": "trial", "name": WORDS, "description": WORDS, **entries}, "trial")


def run(model: CollaborationModel, months: int) -> CollaborationModel:
    for _ in range(months):
        model.step()
    return model


def test_a_fork_has_the_same_luck_and_shares_nothing(differences):
    model = run(CollaborationModel(months=24), 10)
    twin = model.fork()
    before = [table.copy() for table in model.state]
    twin.run_model()
    assert all(old.tobytes() == new.tobytes() for old, new in zip(before, model.state, strict=True))
    model.run_model()
    assert differences(model.state, twin.state) == []
    assert model.observed.tobytes() == twin.observed.tobytes()
    assert (twin.month, twin.steps, twin.month_name) == (24, 24, "2020-12")
    frames = [each.datacollector.get_model_vars_dataframe() for each in (model, twin)]
    assert frames[0].equals(frames[1])


def test_a_forks_agents_are_its_own():
    class Remembering(Initiative):
        grudges = 0

    model = run(CollaborationModel(months=6, initiative_class=Remembering), 3)
    model.initiatives[4].grudges = 2
    twin = model.fork()
    assert isinstance(twin, CollaborationModel)
    assert all(agent.model is twin for agent in twin.agents)
    assert twin.initiatives[4].grudges == 2
    twin.initiatives[4].grudges = 5
    twin.initiatives[4].energy = 0.125
    assert model.initiatives[4].grudges == 2
    assert model.initiatives[4].energy != 0.125


def test_a_shock_now_is_the_scenario_that_had_it(differences):
    model = run(CollaborationModel(months=24), 12)
    twin = model.fork()
    twin.add_shock("official_leaves", scope={"municipality": [0, 1, 2]})
    twin.step()
    model.step()
    left = [each.row for each in twin.officials if each.just_left and not model.officials[each.row].just_left]
    assert left
    assert {twin.officials[row].municipality.row for row in left} <= {0, 1, 2}
    twin.run_model()
    planned = CollaborationModel(
        scenario=scenario(
            shocks=[{"shock": "official_leaves", "month": "2020-01", "scope": {"municipality": [0, 1, 2]}}]
        ),
        months=24,
    )
    planned.run_model()
    assert differences(twin.state, planned.state) == []
    model.run_model()
    assert differences(twin.state, model.state)


def test_a_lever_set_and_taken_back_is_the_scenario_that_says_so(differences):
    model = run(CollaborationModel(months=30), 6)
    model.set_lever("regular_meetings", intensity=12)
    run(model, 6)
    assert model.initiatives[0].policy["regular_meetings"] == 12
    model.set_lever("regular_meetings", intensity=6, options={"form": 1})
    run(model, 6)
    model.set_lever("regular_meetings", intensity=0)
    model.run_model()
    assert "regular_meetings" not in model.initiatives[0].policy
    planned = CollaborationModel(
        scenario=scenario(
            levers=[
                {"lever": "regular_meetings", "start": "2019-07", "end": "2019-12", "intensity": 12},
                {
                    "lever": "regular_meetings",
                    "start": "2020-01",
                    "end": "2020-06",
                    "intensity": 6,
                    "options": {"form": 1},
                },
            ]
        ),
        months=30,
    )
    planned.run_model()
    assert differences(model.state, planned.state) == []


def test_a_lever_for_others_goes_on():
    model = CollaborationModel(months=6)
    model.set_lever("regular_meetings", intensity=12, scope={"size": ["small"]})
    model.step()
    model.set_lever("regular_meetings", intensity=4, scope={"size": ["large"]})
    model.step()
    intensity = {each.size: each.policy.get("regular_meetings", 0) for each in model.initiatives}
    assert intensity == {"small": 12, "medium": 0, "large": 4}
    assert model.policy.id == "as-now-changed"


def test_setting_a_lever_twice_before_a_step_leaves_the_last():
    model = CollaborationModel(months=3)
    model.set_lever("regular_meetings", intensity=12)
    model.set_lever("regular_meetings", intensity=3)
    model.step()
    assert [entry.intensity for entry in model.policy.levers] == [3]
    assert model.initiatives[0].policy["regular_meetings"] == 3


def test_following_another_scenario_changes_only_what_comes(differences):
    model, usual = run(CollaborationModel(months=20), 8), run(CollaborationModel(months=20), 8)
    model.follow("high-turnover")
    assert differences(model.state, usual.state) == []
    model.run_model()
    usual.run_model()
    assert model.state.posts["departures"].sum() > usual.state.posts["departures"].sum()


def test_what_does_not_fit_is_refused_and_changes_nothing(differences):
    model, usual = run(CollaborationModel(months=6), 2), run(CollaborationModel(months=6), 2)
    with pytest.raises(InputError, match="regular_meetings"):
        model.set_lever("regular_meeting", intensity=1)
    with pytest.raises(InputError, match="intensity"):
        model.set_lever("regular_meetings", intensity=1e9)
    with pytest.raises(InputError, match="scope"):
        model.set_lever("regular_meetings", intensity=1, scope={"colour": ["red"]})
    with pytest.raises(InputError, match="municipality"):
        model.add_shock("official_leaves", scope={"municipality": [10_000]})
    model.run_model()
    usual.run_model()
    assert differences(model.state, usual.state) == []
