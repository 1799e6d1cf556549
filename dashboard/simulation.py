"""The only door from the dashboard to the simulation: which policies and worlds there are, and running them."""

import logging
import threading
from collections import OrderedDict
from collections.abc import Callable, Hashable, Mapping
from dataclasses import dataclass, replace
from functools import cache, lru_cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from dashboard import own
from dashboard.memory import Drawer, Shelf
from dashboard.state import MINE, NOW, Choice

log = logging.getLogger("samenspel.dashboard")

AS_NOW = "as-now"
WORLDS_FIRST = ("projection", "reference")  # the order in which they are offered; the first is the default
SUGGESTED = "structural-funding"
SEED = 1

Badge = Literal["interviewed", "inferred", "assumption"]
Kind = Literal["measure", "together", "circumstance"]
FIRMNESS: tuple[Badge, ...] = ("assumption", "inferred", "interviewed")
ACTORS = ("municipality", "initiative", "state", "province", "coalition")

# What is kept for everybody: see docs/performance.md for what a world takes.
KEPT_BYTES = 360_000_000
KEPT_WORLDS = 200  # replicates of which the outcomes are kept; later ones are computed at leisure
KEPT_STAGES = 12
SHELF = Shelf(KEPT_BYTES)


@dataclass(frozen=True)
class Policy:
    """A shipped scenario as a card shows it.

    badge: how well the least supported part of it is supported. kind: one measure, several together, or something that
    happens to people (events, people leaving more or less often). who: who can decide to do all of it.
    """

    id: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    badge: Badge
    kind: Kind
    who: tuple[str, ...] = ()


@dataclass(frozen=True)
class World:
    """A shipped world; months are written YYYY-MM."""

    id: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    elections: tuple[str, ...]
    policy_start: str


def words(value: Any) -> Mapping[str, str]:
    """Words in several languages as a mapping."""
    return {"nl": value.nl, "en": value.en}


def _card(scenario: Any) -> Policy:
    from sim.levers import LEVERS
    from sim.shocks import SHOCKS

    evidence: list[Badge] = [LEVERS[entry.lever].evidence for entry in scenario.levers]
    evidence += [SHOCKS[entry.shock].evidence for entry in scenario.shocks]
    if scenario.parameters:
        evidence.append("assumption")
    different = {entry.lever for entry in scenario.levers}
    circumstance = bool(scenario.shocks) or bool(scenario.parameters) or not different
    kind: Kind = "circumstance" if circumstance else "measure" if len(different) == 1 else "together"
    badge: Badge = min(evidence, key=FIRMNESS.index, default="assumption")
    # Only if all of it can be decided by somebody, that somebody can do it.
    actors = [set(LEVERS[entry.lever].who_can_act) for entry in scenario.levers]
    who = tuple(actor for actor in ACTORS if actors and not circumstance and all(actor in each for each in actors))
    return Policy(scenario.id, words(scenario.name), words(scenario.description), badge, kind, who)


@cache
def policies() -> dict[str, Policy]:
    """All shipped scenarios except going on as now, by id: measures first, then combinations, then circumstances."""
    from sim.scenario import shipped_scenarios

    found = [_card(scenario) for scenario in shipped_scenarios().values() if scenario.id != AS_NOW]
    order: tuple[Kind, ...] = ("measure", "together", "circumstance")
    found.sort(key=lambda policy: (order.index(policy.kind), policy.id != SUGGESTED, policy.name["nl"]))
    return {policy.id: policy for policy in found}


@cache
def now() -> Policy:
    """Going on as now: what everything is compared with."""
    from sim.scenario import load_scenario

    scenario = load_scenario(AS_NOW)
    return Policy(AS_NOW, words(scenario.name), words(scenario.description), "interviewed", "circumstance")


@cache
def worlds() -> dict[str, World]:
    """The shipped national worlds, by id, the default one first. A municipality's world needs a form of its own."""
    from sim.world.files import shipped_worlds

    found = {world.id: described_world(world) for world in shipped_worlds().values() if world.kind in WORLDS_FIRST}
    first = {name: rank for rank, name in enumerate(WORLDS_FIRST)}
    return dict(sorted(found.items(), key=lambda item: (first.get(item[0], len(first)), item[0])))


@cache
def parameters() -> Any:
    """The parameters that the page uses (`sim.comparison.Parameters`): fitted ones when they are shipped, and the
    medians of the priors otherwise; `calibrated` says which."""
    from sim.comparison import default_parameters

    return default_parameters()


@cache
def stamp() -> str:
    """Short hashes of model and parameters, for the address: an older link can then say what changed."""
    from sim.engine.compiling import this_model

    return f"{this_model()[:6]}.{parameters().described().hash[:6]}"


def own_policy(text: str) -> Policy:
    """A policy that a visitor made, as a card shows it. text: canonical (`dashboard.own`)."""
    scenario = own.scenario(text)
    return _card(scenario)


def policy_of(choice: Choice, slot: str) -> Policy:
    """What stands under a letter, or going on as now."""
    if slot == NOW:
        return now()
    name = choice.slots[slot]
    made = choice.texts.get(name)
    return own_policy(made) if made is not None else policies()[name]


def scenario_of(choice: Choice, slot: str) -> Any:
    """The `sim.scenario.Scenario` under a letter, or going on as now."""
    name = AS_NOW if slot == NOW else choice.slots[slot]
    made = choice.texts.get(name)
    return own.scenario(made) if made is not None else _shipped_scenario(name)


@cache
def _shipped_scenario(name: str) -> Any:
    from sim.scenario import load_scenario

    return load_scenario(name)


@cache
def _shipped_world(name: str) -> Any:
    from sim.world.files import load_world

    return load_world(name)


def setting(choice: Choice) -> Any:
    """The `sim.world.files.World` of a choice."""
    if choice.world == MINE:
        return own.town_world(choice.town or own.town(own.USUAL_TOWN))
    return _shipped_world(choice.world)


def world_of(choice: Choice) -> World:
    """The world of a choice as the page needs it."""
    return described_world(setting(choice)) if choice.world == MINE else worlds()[choice.world]


def described_world(world: Any) -> World:
    """A `sim.world.files.World` as the page needs it."""
    return World(world.id, words(world.name), words(world.description), tuple(world.election_dates), world.policy_start)


def horizons(choice: Choice) -> list[int]:
    """How many months a comparison may run: to the end of each year after the policies start, and all."""
    from sim.engine.months import months_between

    world = setting(choice)
    first_year = int(world.first_month[:4])
    ends = [months_between(world.first_month, f"{first_year + year}-12") + 1 for year in range(world.horizon // 12 + 1)]
    least = months_between(world.first_month, world.policy_start) + 12
    return sorted({*(end for end in ends if least <= end < world.horizon), world.horizon})


_stages: OrderedDict[Hashable, Any] = OrderedDict()
_stages_lock = threading.Lock()


def stage(choice: Choice) -> Any:
    """The `sim.comparison.Stage` of a choice, shared by everybody who looks at the same world.

    What it remembers lies on one bounded shelf for all (`dashboard.memory`), by what the world and the parameters are.
    """
    from sim.comparison import Stage

    key = _stage_key(choice.world, choice.town, choice.months)
    with _stages_lock:
        found = _stages.get(key)
        if found is None:
            drawer = Drawer(SHELF, key, KEPT_WORLDS)
            world = setting(choice)
            found = Stage(world, choice.months or world.horizon, SEED, parameters(), remember=True, memory=drawer)
            _stages[key] = found
            while len(_stages) > KEPT_STAGES:
                _stages.popitem(last=False)
        _stages.move_to_end(key)
        return found


@lru_cache(maxsize=256)
def _stage_key(world: str, town: str, months: int | None) -> Hashable:
    """By which a stage is kept; asked a dozen times for every change of a choice."""
    found = setting(Choice(world, town=town))
    return repr(found.model_dump(mode="json")), months or found.horizon, SEED, stamp()


def run(
    choice: Choice,
    replicates: int,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
    workers: int | None = None,
) -> Any:
    """Compare the chosen policies with going on as now, in pairs of worlds with the same luck.

    workers: threads; the numbers do not depend on it.
    Returns a `sim.comparison.Result`, or `None` when it was cancelled. Other errors pass through.
    """
    from sim.comparison import Cancelled, compare

    scenarios = [scenario_of(choice, slot) for slot in (NOW, *choice.slots)]
    try:
        result = compare(
            scenarios,
            replicates=replicates,
            stage=stage(choice),
            workers=workers,
            progress=progress,
            cancelled=cancelled,
        )
    except Cancelled:
        return None
    return replace(result, command=command(choice, replicates))


def labelled(result: Any, choice: Choice) -> Any:
    """A kept result with the names of the choice that it is given to: whoever had it computed may have used others."""
    from sim.scenario import scenario_data

    if not choice.texts:  # a shipped policy has one name
        return result
    scenarios = [scenario_of(choice, slot) for slot in (NOW, *choice.slots)]
    return replace(
        result,
        scenarios=tuple(scenario.id for scenario in scenarios),
        documents=tuple(scenario_data(scenario) for scenario in scenarios),
        command=command(choice, result.replicates),
    )


def command(choice: Choice, replicates: int) -> str:
    """The command that makes a result again; what the visitor made is a file of its own (`dashboard.reproduce`)."""
    made = choice.texts
    words_of = ["samenspel", "compare", AS_NOW]
    words_of += [f"{name}.yaml" if name in made else name for name in choice.slots.values()]
    words_of += ["--world", f"{setting(choice).id}.yaml" if choice.world == MINE else choice.world]
    if choice.months is not None:
        words_of += ["--months", str(choice.months)]
    words_of += ["--parameters", parameters().name, "--replicates", str(replicates), "--seed", str(SEED)]
    return " ".join(words_of)


def differences_at_horizon(result: Any, scenario: str, indicator: str, group: str = "all") -> NDArray[np.float64]:
    """Paired differences with going on as now at the last month: one per world, in the order of the worlds.

    Raises `ValueError` when the result does not hold every world: a sentence about «100 worlds» may not rest on some.
    """
    month = result.sampled_months.index(result.months[-1])
    row, cell = (
        result.scenarios.index(scenario),
        (result.groups.index(group), result.indicators.index(indicator), month),
    )
    # Straight from the array: an answer asks a hundred of these, and labels cost milliseconds each.
    values = result.sample_values[:, :, *cell]
    if values.shape[1] != result.replicates:
        raise ValueError(
            f"{scenario}, {indicator}: {values.shape[1]} worlds where {result.replicates} worlds were expected"
        )
    return np.asarray(values[row] - values[0], dtype=np.float64)


WARM = threading.Event()  # set when the rules are compiled (or when that failed and is no use waiting for)


def default_choice() -> Choice:
    """What is shown to a visitor who asks for nothing in particular."""
    return Choice(next(iter(worlds())), (("A", SUGGESTED),))


WHEN_WARM: list[Callable[[], None]] = []  # called, in order, when the rules are compiled


def warm_up() -> threading.Thread:
    """Load the files and compile the rules in the background, so that the first visitor does not wait for it."""

    def work() -> None:
        try:
            policies()
            stamp()
            run(default_choice(), 1)
        except Exception:
            log.exception("could not warm up; the first comparison will be slower or will say what is wrong")
        finally:
            WARM.set()
        for prepare in WHEN_WARM:
            prepare()

    thread = threading.Thread(target=work, name="warm-up", daemon=True)
    thread.start()
    return thread
