"""The only door from the dashboard to the simulation: which policies and worlds there are, and running them."""

import logging
import threading
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

log = logging.getLogger("samenspel.dashboard")

AS_NOW = "as-now"
WORLDS_FIRST = ("projection", "reference")  # the order in which they are offered; the first is the default
SUGGESTED = "structural-funding"
SEED = 1

Badge = Literal["interviewed", "inferred", "assumption"]
Kind = Literal["measure", "together", "circumstance"]
FIRMNESS: tuple[Badge, ...] = ("assumption", "inferred", "interviewed")


@dataclass(frozen=True)
class Policy:
    """A shipped scenario as a card shows it.

    badge: how well the least supported part of it is supported. kind: one measure, several together, or something that
    happens to people (events, people leaving more or less often).
    """

    id: str
    name: Mapping[str, str]
    description: Mapping[str, str]
    badge: Badge
    kind: Kind


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


@cache
def policies() -> dict[str, Policy]:
    """All shipped scenarios except going on as now, by id: measures first, then combinations, then circumstances."""
    from sim.levers import LEVERS
    from sim.scenario import shipped_scenarios
    from sim.shocks import SHOCKS

    found = []
    for scenario in shipped_scenarios().values():
        if scenario.id == AS_NOW:
            continue
        evidence: list[Badge] = [LEVERS[entry.lever].evidence for entry in scenario.levers]
        evidence += [SHOCKS[entry.shock].evidence for entry in scenario.shocks]
        if scenario.parameters:
            evidence.append("assumption")
        different = {entry.lever for entry in scenario.levers}
        circumstance = bool(scenario.shocks) or bool(scenario.parameters) or not different
        kind: Kind = "circumstance" if circumstance else "measure" if len(different) == 1 else "together"
        badge: Badge = min(evidence, key=FIRMNESS.index, default="assumption")
        found.append(Policy(scenario.id, words(scenario.name), words(scenario.description), badge, kind))
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

    found = {
        world.id: World(
            world.id, words(world.name), words(world.description), tuple(world.election_dates), world.policy_start
        )
        for world in shipped_worlds().values()
        if world.kind in WORLDS_FIRST
    }
    first = {name: rank for rank, name in enumerate(WORLDS_FIRST)}
    return dict(sorted(found.items(), key=lambda item: (first.get(item[0], len(first)), item[0])))


def run(
    chosen: tuple[str, ...],
    world: str,
    replicates: int,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Any:
    """Compare the chosen policies with going on as now, in pairs of worlds with the same luck.

    Returns a `sim.comparison.Result`, or `None` when it was cancelled. Other errors pass through.
    """
    from sim.comparison import Cancelled, compare
    from sim.scenario import load_scenario

    scenarios = [load_scenario(name) for name in (AS_NOW, *chosen)]
    try:
        return compare(scenarios, world=world, replicates=replicates, seed=SEED, progress=progress, cancelled=cancelled)
    except Cancelled:
        return None


def differences_at_horizon(result: Any, scenario: str, indicator: str) -> NDArray[np.float64]:
    """Paired differences with going on as now at the last month: one per world, in the order of the worlds.

    Raises `ValueError` when the result does not hold every world: a sentence about «100 worlds» may not rest on some.
    """
    paired = result.paired(scenario, indicator).sel(month=result.months[-1])
    if paired.sizes != {"replicate": result.replicates}:
        raise ValueError(
            f"{scenario}, {indicator}: {dict(paired.sizes)} where {result.replicates} worlds were expected"
        )
    return paired.to_numpy().astype(float)


WARM = threading.Event()  # set when the rules are compiled (or when that failed and is no use waiting for)


def warm_up() -> threading.Thread:
    """Load the files and compile the rules in the background, so that the first visitor does not wait for it."""

    def work() -> None:
        try:
            policies()
            run((SUGGESTED,), next(iter(worlds())), 1)
        except Exception:
            log.exception("could not warm up; the first comparison will be slower or will say what is wrong")
        finally:
            WARM.set()

    thread = threading.Thread(target=work, name="warm-up", daemon=True)
    thread.start()
    return thread
