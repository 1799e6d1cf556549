"""One world as a Mesa model: to step, to look at, to plot, and to change the rule of one kind of agent.

    model = CollaborationModel(scenario="structural-funding", rng=1)
    while model.running:
        model.step()
    model.datacollector.get_model_vars_dataframe()

It runs the same compiled rules as `sim.compare`, one call a step of the month, and gives the same numbers to the last
bit: ``rng`` is the seed, ``replicate`` the number of the world.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, Literal, Self

import mesa
import numpy as np

from sim.agents import AGENT_CLASSES, Alderman, Entity, Facilitator, Initiative, Municipality, Official
from sim.comparison import LONGEST, MOST, Parameters, Stage, Track, load_parameters
from sim.engine.checking import whole_number
from sim.indicators import GROUPS, INDICATOR_IDS
from sim.indicators.observe import new_sums
from sim.scenario import Scenario, load_scenario, parse_scenario, scenario_data
from sim.schedule import Segment
from sim.steps import CALLS, close_month, observe_month, open_month
from sim.world.entries import Scope
from sim.world.files import World, load_world
from sim.world.state import State, copy_state

Activation = Literal["do", "shuffle_do"]

# What is collected of each kind of agent, by name; all are attributes of the agent.
COLLECTED: dict[type[Entity], tuple[str, ...]] = {
    Initiative: ("status", "phase", "energy", "maturity", "homes", "meetings", "money_left"),
    Official: ("present", "openness", "holder_since"),
    Alderman: ("present", "openness", "priority"),
    Facilitator: ("load", "quality"),
    Municipality: ("hours_for_initiatives", "hours_spent", "council_support", "vision_adopted", "budget_left"),
}


def report_month(model: CollaborationModel) -> str:
    """The month that was just lived through, YYYY-MM."""
    return model.month_name


def report_indicator(model: CollaborationModel, indicator: str) -> float:
    """An indicator of this month, over all initiatives."""
    return model.indicators()[indicator]


class CollaborationModel(mesa.Model):
    """Residents' initiatives and their municipalities, in one world.

    ``scenario`` and ``world``: an id, a path, or one that was loaded. ``parameters``: as `sim.compare` takes them.
    ``replicate``: which of the worlds with seed ``rng``, from 0. ``months``: length from the world's first month on
    (default: its horizon); what a world has before its first month is run as well. ``activation``: how agents whose
    rule was replaced are activated, in order (do) or shuffled (shuffle_do). ``collect_agents``: whether the data
    collector keeps agents too, beside the indicators. The ``…_class`` arguments take subclasses of the agents.

    Raises `InputError` for a scenario, world or parameters that do not fit, TypeError or ValueError for the rest.
    """

    running: bool
    policy: Scenario
    track: Track
    state: State
    initiatives: tuple[Initiative, ...]
    officials: tuple[Official, ...]
    aldermen: tuple[Alderman, ...]
    facilitators: tuple[Facilitator, ...]
    municipalities: tuple[Municipality, ...]
    _segment: Segment | None

    def __init__(
        self,
        *,
        scenario: Scenario | str | Path = "as-now",
        world: World | str | Path = "reference",
        parameters: str | Path | Mapping[str, float] | Parameters | None = None,
        replicate: int = 0,
        months: int | None = None,
        rng: int = 1,
        activation: Activation = "do",
        collect_agents: bool = True,
        initiative_class: type[Initiative] = Initiative,
        official_class: type[Official] = Official,
        alderman_class: type[Alderman] = Alderman,
        facilitator_class: type[Facilitator] = Facilitator,
        municipality_class: type[Municipality] = Municipality,
    ) -> None:
        seed = whole_number("rng", rng, 0, MOST)
        super().__init__(rng=seed)
        if activation not in ("do", "shuffle_do"):
            raise ValueError(f"activation: {activation!r} is not known; allowed: do, shuffle_do")
        setting = world if isinstance(world, World) else load_world(world)
        length = setting.horizon if months is None else whole_number("months", months, 1, LONGEST)
        self.activation: Activation = activation
        self.replicate = whole_number("replicate", replicate, 0, MOST)
        self.stage = Stage(setting, length, seed, load_parameters(parameters))
        self.follow(scenario)
        self.state = copy_state(self.stage.start)
        self.stage.begin(self.state, self.replicate)
        self._observed = np.full((len(GROUPS), len(INDICATOR_IDS)), np.nan)
        self._sums = new_sums()
        classes: tuple[type[Entity], ...] = (
            municipality_class, official_class, alderman_class, facilitator_class, initiative_class
        )  # fmt: skip
        self._classes = {kind.owner: kind for kind in classes}
        for kind, base in zip(classes, AGENT_CLASSES, strict=True):
            if not issubclass(kind, base):
                raise TypeError(f"{base.owner}_class: {kind!r} is not a subclass of {base.__name__}")
            count = len(getattr(self.state, kind.table))
            setattr(self, _PEOPLE[base], tuple(kind.create_agents(self, count, row=list(range(count)))))
        self.datacollector = mesa.DataCollector(
            model_reporters={
                "month": report_month,
                **{name: partial(report_indicator, indicator=name) for name in INDICATOR_IDS},
            },
            agenttype_reporters={base: {name: name for name in names} for base, names in COLLECTED.items()}
            if collect_agents
            else None,
        )

    # Time ------------------------------------------------------------------------------------------------------

    @property
    def month(self) -> int:
        """Months lived through so far; also the engine's number of the coming month."""
        return int(self.state.clock["month"][0])

    @property
    def month_name(self) -> str:
        """The month that was just lived through, YYYY-MM; before the first step, the one before the world begins."""
        return self.name_of(self.month - 1)

    @property
    def coming_month(self) -> str:
        """The month that the next step lives through, YYYY-MM."""
        return self.name_of(self.month)

    def name_of(self, month: int) -> str:
        """The name, YYYY-MM, of a month by the engine's number."""
        return self.stage.world.month_name(month)

    def step(self) -> None:
        """Live through one month. Raises RuntimeError when the world has come to its end (``running`` is False)."""
        if not self.running:
            raise RuntimeError(f"the world ends with {self.month_name}; no month is left")
        self._set_from_outside()
        open_month(self.state)
        for call in CALLS:
            kind = self._classes[call.step.owner]
            if self.is_replaced(kind, call.method):
                if kind in self.agents_by_type:
                    getattr(self.agents_by_type[kind], self.activation)(call.method)
            else:
                call.rows(self.state)
        close_month(self.state)
        observe_month(self.state, self._observed, self._sums)
        self.running = self.month < self.stage.total
        self.datacollector.collect(self)

    @staticmethod
    def is_replaced(kind: type[Entity], method: str) -> bool:
        """Whether a class of agents has its own version of the method of a step."""
        base = next(each for each in AGENT_CLASSES if each.owner == kind.owner)
        return getattr(kind, method) is not getattr(base, method)

    def _set_from_outside(self) -> None:
        """Bring what is set from outside up to the coming month."""
        segment = next(each for each in self.track.segments if self.month < each.month_to_exclusive)
        if segment is not self._segment:
            self.stage.set_from_outside(self.state, segment, self.replicate)
            self._segment = segment

    # What is seen ----------------------------------------------------------------------------------------------

    @property
    def observed(self) -> np.ndarray:
        """Every indicator of the month just lived through in every group: a copy, shape (groups, indicators), in the
        order of `sim.indicators`. NaN: nobody to measure, or no month yet."""
        return self._observed.copy()

    def indicators(self, group: str = "all") -> dict[str, float]:
        """The indicators of the month just lived through, for one group; NaN: nobody to measure, or no month yet."""
        if group not in GROUPS:
            raise ValueError(f"group: {group!r} is not known; allowed: {', '.join(GROUPS)}")
        return dict(zip(INDICATOR_IDS, self._observed[GROUPS.index(group)].tolist(), strict=True))

    # Another future --------------------------------------------------------------------------------------------

    def fork(self) -> Self:
        """A second world that is the same up to now and has the same luck from here on; the two share nothing that
        changes."""
        shared: tuple[object, ...] = (self.stage, self.track, self._segment, self.policy)
        return copy.deepcopy(self, {id(each): each for each in shared})

    def follow(self, scenario: Scenario | str | Path) -> None:
        """Live under this scenario from the coming month on, instead of the present one. What it says of months past
        has no effect. Raises `InputError`."""
        policy = scenario if isinstance(scenario, Scenario) else load_scenario(scenario)
        self.track = self.stage.track(policy)
        self.policy = policy
        self._segment = None

    def add_shock(
        self,
        shock: str,
        *,
        intensity: float | None = None,
        months: int | None = None,
        scope: Mapping[str, Any] | None = None,
    ) -> None:
        """Let a shock happen in the coming month: intensity, months and scope as in a scenario file. Raises
        `InputError`."""
        entry = _given(shock=shock, month=self.coming_month, intensity=intensity, months=months, scope=scope)
        self._change(lambda data: data.setdefault("shocks", []).append(entry))

    def set_lever(
        self,
        lever: str,
        *,
        intensity: float | None = None,
        options: Mapping[str, float] | None = None,
        scope: Mapping[str, Any] | None = None,
    ) -> None:
        """Set a lever from the coming month on: intensity (0: off), options and scope as in a scenario file. What the
        scenario has of this lever for the same people ends. Raises `InputError`."""
        entry = _given(lever=lever, start=self.coming_month, intensity=intensity, options=options, scope=scope)

        def change(data: dict[str, Any]) -> None:
            kept = [self._until_now(each, entry) for each in data.get("levers", [])]
            data["levers"] = [*(each for each in kept if each is not None), entry]

        self._change(change)

    def _until_now(self, old: dict[str, Any], new: dict[str, Any]) -> dict[str, Any] | None:
        """An entry of a lever, ended before the coming month where the new one takes its place; None: it never
        began."""
        if old["lever"] != new["lever"]:
            return old
        try:
            apart = Scope(**old.get("scope", {})).disjoint_from(Scope(**new.get("scope", {})))
        except ValueError:  # the new scope cannot be: the scenario's own check says why
            apart = True
        if apart or old.get("end", self.coming_month) < self.coming_month:
            return old
        if old.get("start", self.stage.world.policy_start) >= self.coming_month:
            return None
        return {**old, "end": self.month_name}

    def _change(self, change: Callable[[dict[str, Any]], object]) -> None:
        data = scenario_data(self.policy)
        if data["id"] == "as-now":
            data["id"] = "as-now-changed"
        change(data)
        self.follow(parse_scenario(data, data["id"]))


_PEOPLE: dict[type[Entity], str] = {
    Municipality: "municipalities",
    Official: "officials",
    Alderman: "aldermen",
    Facilitator: "facilitators",
    Initiative: "initiatives",
}


def _given(**values: Any) -> dict[str, Any]:
    """The values that were given, as data of a scenario file."""
    return {
        name: dict(each) if isinstance(each, Mapping) else each for name, each in values.items() if each is not None
    }
