"""A world run by the ensemble's own machinery, month by month, and a table-by-table comparison with it."""

from collections.abc import Callable

import numpy as np
import pytest

from sim.comparison import Stage, load_parameters
from sim.indicators import GROUPS, INDICATOR_IDS
from sim.model import CollaborationModel
from sim.scenario import load_scenario
from sim.world.files import World, load_world
from sim.world.state import State, copy_state


class Ensemble:
    """One replicate as `Stage.run` runs it, one month a call."""

    def __init__(self, scenario: str, world: str | World, months: int, seed: int, replicate: int) -> None:
        setting = world if isinstance(world, World) else load_world(world)
        self.stage = Stage(setting, months, seed, load_parameters())
        self.track = self.stage.track(load_scenario(scenario))
        self.replicate = replicate
        self.state = copy_state(self.stage.start)
        self.stage.begin(self.state, replicate)
        self.out = np.empty((self.stage.total, len(GROUPS), len(INDICATOR_IDS)))
        self.month = 0

    def step(self) -> None:
        self.stage.run(self.state, self.track, self.replicate, self.month, self.month + 1, self.out)
        self.month += 1


def differences(mine: State, theirs: State) -> list[str]:
    """The tables, and their fields, in which two states do not have the same bits."""
    found = []
    for table in State._fields:
        a, b = getattr(mine, table), getattr(theirs, table)
        if a.tobytes() != b.tobytes():
            fields = [name for name in a.dtype.names or () if a[name].tobytes() != b[name].tobytes()]
            found.append(f"{table}: {', '.join(fields)}")
    return found


@pytest.fixture(name="differences")
def _differences() -> Callable[[State, State], list[str]]:
    return differences


@pytest.fixture
def step_together() -> Callable[[CollaborationModel, Ensemble], None]:
    """Run a model and an ensemble's replicate to the end side by side; every table must agree after every month."""

    def run(model: CollaborationModel, ensemble: Ensemble) -> None:
        assert differences(model.state, ensemble.state) == [], "before the first month"
        while model.running:
            model.step()
            ensemble.step()
            assert differences(model.state, ensemble.state) == [], model.month_name
            assert model.observed.tobytes() == ensemble.out[ensemble.month - 1].tobytes(), model.month_name
        assert ensemble.month == ensemble.stage.total

    return run


@pytest.fixture
def ensemble() -> type[Ensemble]:
    return Ensemble
