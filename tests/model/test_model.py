"""The model as a researcher uses it: stepping, collecting, and what it refuses."""

import warnings
from typing import Any

import numpy as np
import pytest

from sim.agents import AGENT_CLASSES, Initiative, Official
from sim.engine.problems import InputError
from sim.indicators import GROUPS, INDICATOR_IDS
from sim.model import COLLECTED, CollaborationModel


def test_it_runs_to_its_horizon_and_no_further():
    model = CollaborationModel(months=4)
    assert (model.month, model.coming_month, model.running) == (0, "2019-01", True)
    months = []
    while model.running:
        model.step()
        months.append(model.month_name)
    assert months == ["2019-01", "2019-02", "2019-03", "2019-04"]
    assert (model.steps, model.time, model.month) == (4, 4, 4)
    with pytest.raises(RuntimeError, match="2019-04"):
        model.step()


def test_a_world_with_a_past_lives_through_it_first():
    model = CollaborationModel(world="projection", months=2, collect_agents=False)
    model.run_model()
    frame = model.datacollector.get_model_vars_dataframe()
    assert frame["month"].iloc[[0, -1]].tolist() == ["2019-01", "2022-02"]
    assert len(frame) == 38


def test_indicators_are_collected_every_month():
    model = CollaborationModel(months=10)
    assert all(np.isnan(value) for value in model.indicators().values())
    seen = []
    while model.running:
        model.step()
        seen.append(model.observed[0])
    frame = model.datacollector.get_model_vars_dataframe()
    assert list(frame.columns) == ["month", *INDICATOR_IDS]
    np.testing.assert_array_equal(frame[list(INDICATOR_IDS)].to_numpy(), np.array(seen))
    assert frame["public_euros"].is_monotonic_increasing
    assert frame["public_euros"].iloc[-1] > 0
    groups = [model.indicators(group)["active"] for group in GROUPS]
    assert groups[0] == sum(groups[1:4]) == sum(groups[4:])


def test_agents_of_each_type_are_collected():
    model = CollaborationModel(months=3, initiative_class=type("Own", (Initiative,), {}))
    model.run_model()
    for base in AGENT_CLASSES:
        frame = model.datacollector.get_agenttype_vars_dataframe(base)
        rows = len(getattr(model.state, base.table))
        assert frame.shape == (3 * rows, len(COLLECTED[base]))
    last = model.datacollector.get_agenttype_vars_dataframe(Initiative).loc[3.0]
    np.testing.assert_array_equal(last["energy"].to_numpy(), model.state.initiatives["energy"])
    quiet = CollaborationModel(months=1, collect_agents=False)
    quiet.run_model()
    assert quiet.datacollector.agenttype_reporters == {}


def test_a_type_with_its_own_rule_changes_what_follows():
    class Loyal(Official):
        """An official who never leaves."""

        def turnover(self) -> None:
            self.just_left = False
            self.just_arrived = False

    usual, loyal = CollaborationModel(rng=3), CollaborationModel(rng=3, official_class=Loyal)
    usual.run_model()
    loyal.run_model()
    assert usual.state.posts["departures"].sum() > 0
    assert loyal.state.posts["departures"].sum() == 0
    assert loyal.indicators()["trust_official"] > usual.indicators()["trust_official"]
    assert loyal.indicators()["restarts"] < usual.indicators()["restarts"]


def test_only_the_type_that_was_replaced_runs_row_by_row():
    class Own(Initiative):
        def contact(self) -> None:
            super().contact()

    replaced = {
        call: CollaborationModel.is_replaced(Own, call)
        for call in ("contact", "trust", "negotiation", "energy_balance")
    }
    assert replaced == {"contact": True, "trust": False, "negotiation": False, "energy_balance": False}


def test_nothing_that_mesa_will_drop_is_used():
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        model = CollaborationModel(months=2, activation="shuffle_do")
        model.run_model()
        model.fork()
        model.datacollector.get_agenttype_vars_dataframe(Initiative)


@pytest.mark.parametrize(
    ("arguments", "kind", "text"),
    [
        ({"rng": "one"}, TypeError, "rng: 'one' is not a whole number"),
        ({"rng": 1.0}, TypeError, "rng: 1.0 is not a whole number"),
        ({"rng": True}, TypeError, "rng: True is not a whole number"),
        ({"rng": None}, TypeError, "rng: None is not a whole number"),
        ({"rng": -1}, ValueError, "rng: -1 is out of range; allowed: 0 to"),
        ({"replicate": -1}, ValueError, "replicate: -1 is out of range"),
        ({"months": 0}, ValueError, "months: 0 is out of range; allowed: 1 to 600"),
        ({"activation": "random"}, ValueError, "activation: 'random' is not known; allowed: do, shuffle_do"),
        ({"official_class": Initiative}, TypeError, "official_class: .* is not a subclass of Official"),
        ({"scenario": "structural-fundin"}, InputError, "structural-funding"),
        ({"world": "referense"}, InputError, "reference"),
        ({"parameters": {"nonsense": 1.0}}, InputError, "nonsense"),
    ],
)
def test_what_cannot_be_is_refused_with_a_sentence(arguments, kind, text):
    with pytest.raises(kind, match=text):
        CollaborationModel(**arguments)


def test_arguments_are_keywords():
    build: Any = CollaborationModel
    with pytest.raises(TypeError):
        build("as-now")


def test_an_unknown_group_is_refused():
    with pytest.raises(ValueError, match="size=small"):
        CollaborationModel(months=1).indicators("small")


def test_a_numpy_whole_number_is_a_seed(differences):
    seed: Any = np.int64(9)
    first, second = CollaborationModel(months=2, rng=seed), CollaborationModel(months=2, rng=9)
    assert differences(first.state, second.state) == []
