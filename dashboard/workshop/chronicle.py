"""One world lived through from its first month to its last, with the state after every month kept.

The numbers are those of `sim.CollaborationModel` and of the same replicate of `sim.compare`, to the last bit. Going
back to a month is looking it up; another future begins from the copy that was kept.
"""

from __future__ import annotations

from functools import cached_property

import numpy as np

from dashboard.workshop.values import session_parameters
from sim.comparison import Parameters, Stage
from sim.indicators import GROUPS, INDICATORS
from sim.scenario import Scenario
from sim.world.files import World
from sim.world.state import SLOTS, State, copy_state

AS_MANY_MONTHS = 240


class Ground:
    """A world with its seed and the number of its luck: what all futures of a session stand on. ``parameters``: one
    row, so that another luck changes nothing else (left out: what a new session runs at).

    Raises ValueError for a world that is longer than `AS_MANY_MONTHS` months (every month is kept), and for many rows.
    """

    def __init__(self, world: World, seed: int = 1, replicate: int = 0, parameters: Parameters | None = None) -> None:
        if world.total_months > AS_MANY_MONTHS:
            raise ValueError(f"{world.total_months} months are too many to keep; allowed: at most {AS_MANY_MONTHS}")
        chosen = session_parameters() if parameters is None else parameters
        if len(chosen.rows) != 1:
            raise ValueError(f"{len(chosen.rows)} rows of parameters; a session runs at one")
        self.world = world
        self.seed = seed
        self.replicate = replicate
        self.stage = Stage(world, world.horizon, seed, chosen)
        self.start = copy_state(self.stage.start)
        self.stage.begin(self.start, replicate)

    @property
    def months(self) -> int:
        """Months from the first to the last; a position on the timeline runs from 0 (before the first) to this."""
        return self.stage.total

    @property
    def weight(self) -> int:
        """Bytes that one future takes, about: the state after every month, and half as much for what is told of it."""
        return (self.months + 1) * sum(table.nbytes for table in self.start) * 3 // 2

    def month_name(self, position: int) -> str:
        """The month that has just been lived through at a position, YYYY-MM; at 0 the one before the world begins."""
        return self.world.month_name(position - 1)

    def position(self, month: str) -> int:
        """The position at which this month comes next: a shock in it happens with the next step."""
        return self.world.engine_month(month)

    @property
    def contacts(self) -> np.ndarray:
        """The row of the post of each initiative's contact person."""
        rows: np.ndarray = self.start.initiatives["post"]
        return rows

    def live(self, scenario: Scenario, past: list[State]) -> Chronicle:
        """Live on under a scenario from where ``past`` ends (the states so far, the start first) to the last month.
        Raises `InputError` when the scenario does not fit this world.
        """
        track = self.stage.track(scenario)
        here = copy_state(past[-1])
        out = np.empty((self.months, len(GROUPS), len(INDICATORS)))
        states = list(past)
        for month in range(len(past) - 1, self.months):
            self.stage.run(here, track, self.replicate, month, month + 1, out)
            states.append(copy_state(here))
        return Chronicle(self, states)


class Chronicle:
    """The states of one future, by position: 0 is the start, and the last is the end of the world."""

    def __init__(self, ground: Ground, states: list[State]) -> None:
        self.ground = ground
        self.states = states
        self._columns: dict[tuple[str, str], np.ndarray] = {}

    def column(self, table: str, field: str) -> np.ndarray:
        """A field of a table at every position, shape (positions, rows)."""
        key = (table, field)
        if key not in self._columns:
            self._columns[key] = np.stack([getattr(state, table)[field] for state in self.states])
        return self._columns[key]

    def tie(self, field: str, table: str = "ties") -> np.ndarray:
        """A field of the ties (or of what was left of them), shape (positions, initiatives, slots)."""
        return self.column(table, field).reshape(len(self.states), -1, SLOTS)

    @cached_property
    def met(self) -> np.ndarray:
        """Whether each tie is with somebody who is there now, shape (positions, initiatives, slots)."""
        person = self.tie("person")
        posts = self.column("posts", "present").astype(bool)
        aldermen = self.column("aldermen", "present").astype(bool)
        there = np.zeros(person.shape, bool)
        moments = np.arange(len(self.states))[:, None]
        for slot in range(SLOTS):
            rows = person[:, :, slot]
            seats = aldermen if slot == SLOTS - 1 else posts
            there[:, :, slot] = (rows >= 0) & seats[moments, np.maximum(rows, 0)]
        return there
