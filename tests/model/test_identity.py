"""A world stepped from Python is the same world in the ensemble, to the last bit."""

from collections import Counter
from typing import Any

import numpy as np
import pytest

import sim
from sim.agents import AGENT_CLASSES, Entity, Facilitator, Initiative
from sim.model import CollaborationModel
from sim.scenario import load_scenario
from sim.steps import CALLS
from sim.world.files import load_world

CASES = [
    ("as-now", "reference", 36, 1, 0),
    ("recommendations", "reference", 30, 7, 3),
    ("structural-funding", "projection", 76, 1, 1),
    ("high-turnover-embedded", "my-municipality-medium", 40, 2, 5),
]


@pytest.mark.parametrize(("scenario", "world", "months", "seed", "replicate"), CASES)
def test_every_table_and_indicator_is_that_of_the_ensemble(
    scenario, world, months, seed, replicate, ensemble, step_together
):
    model = CollaborationModel(scenario=scenario, world=world, months=months, rng=seed, replicate=replicate)
    step_together(model, ensemble(scenario, world, months, seed, replicate))
    assert model.state.initiatives["phase"].max() > 1  # something happened in this world


def test_indicators_are_those_of_compare(ensemble):
    """The whole path of `sim.compare`, with its forks of a common past, for one replicate."""
    result = sim.compare(["as-now", "regular-meetings"], world="projection", replicates=1, months=66, seed=4)
    model = CollaborationModel(scenario="regular-meetings", world="projection", months=66, rng=4, collect_agents=False)
    while model.running:
        model.step()
    last = result.summary.sel(scenario="regular-meetings", group="all", statistic="mean").isel(month=-1)
    for name, value in model.indicators().items():
        np.testing.assert_array_equal(float(last.sel(indicator=name)), value, err_msg=name)


def test_other_replicates_and_seeds_are_other_worlds(differences):
    models = [
        CollaborationModel(months=3, rng=seed, replicate=replicate) for seed, replicate in [(1, 0), (1, 1), (2, 0)]
    ]
    for model in models:
        model.run_model()
    assert differences(models[0].state, models[1].state)
    assert differences(models[0].state, models[2].state)


def passing_through(base: type[Entity], calls: Counter[str]) -> type[Entity]:
    """A subclass whose own version of every step only calls the rule of its base."""
    kind: type[Entity]

    def own(method: str):
        def step(self) -> None:
            calls[method] += 1
            getattr(super(kind, self), method)()

        return step

    methods = {call.method: own(call.method) for call in CALLS if call.step.owner == base.owner}
    kind = type(f"Own{base.__name__}", (base,), methods)
    return kind


@pytest.mark.parametrize("activation", ["do", "shuffle_do"])
@pytest.mark.parametrize("base", AGENT_CLASSES, ids=lambda kind: kind.__name__)
def test_row_by_row_in_any_order_gives_the_same_bits(base, activation, ensemble, step_together):
    calls: Counter[str] = Counter()
    own: dict[str, Any] = {f"{base.owner}_class": passing_through(base, calls)}
    model = CollaborationModel(
        scenario="recommendations", months=26, activation=activation, collect_agents=False, **own
    )
    step_together(model, ensemble("recommendations", "reference", 26, 1, 0))
    methods = {call.method for call in CALLS if call.step.owner == base.owner}
    rows = len(getattr(model.state, base.table))
    assert calls == dict.fromkeys(methods, 26 * rows)


def test_every_type_row_by_row_at_once(ensemble, step_together):
    calls: Counter[str] = Counter()
    own: dict[str, Any] = {f"{base.owner}_class": passing_through(base, calls) for base in AGENT_CLASSES}
    model = CollaborationModel(
        scenario="recommendations", months=14, replicate=2, activation="shuffle_do", collect_agents=False, **own
    )
    step_together(model, ensemble("recommendations", "reference", 14, 1, 2))


def test_activation_really_shuffles():
    order: list[int] = []

    class Listening(Initiative):
        def energy_balance(self) -> None:
            order.append(self.row)
            super().energy_balance()

    CollaborationModel(months=1, activation="shuffle_do", initiative_class=Listening).step()
    assert sorted(order) == list(range(len(order))) != order


def test_a_world_without_facilitators(ensemble, step_together):
    world = load_world("my-municipality-small").model_copy(update={"facilitators": 0})
    own: Any = passing_through(Facilitator, Counter())
    model = CollaborationModel(world=world, months=20, facilitator_class=own)
    assert model.facilitators == ()
    assert model.initiatives[0].facilitator is None
    step_together(model, ensemble("as-now", world, 20, 1, 0))


def test_two_models_in_one_process_share_nothing(differences):
    alone = CollaborationModel(months=12, rng=5)
    alone.run_model()
    first = CollaborationModel(months=12, rng=5)
    second = CollaborationModel(scenario=load_scenario("high-turnover"), months=12, rng=5)
    while first.running:
        first.step()
        second.step()
    assert differences(first.state, alone.state) == []
    assert differences(first.state, second.state)
    before = first.state.initiatives.copy()
    second.state.initiatives["energy"] = 0.0
    assert before.tobytes() == first.state.initiatives.tobytes()
