"""Posterior predictive: fresh worlds at draws of the fit, interviewed like the real one, set beside every count.

One world a draw, so that an interval holds not knowing and luck. Nothing here is fitted, and counts that are held out
are only looked at.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

import numpy as np

from calibration.interview import interview
from calibration.officials import officials
from calibration.prior_predictive import counted, with_orders
from calibration.reference import lived, lived_on
from calibration.space import records_of
from calibration.targets import TargetFile
from sim.comparison import Parameters, Stage
from sim.engine.blocks import in_order
from sim.world.files import World, load_world
from sim.world.state import ACTIVE, HEAT_NETWORK

SEED = 500_000
WORLDS = 1000
INTERVAL = (0.05, 0.5, 0.95)
# Local heat initiatives, end of 2022 to end of 2023 (Lokale Energie Monitor): 29 of 78 gone, "gone" including those
# that went on in another form. In the model: no longer active a year later, for whatever reason.
HEAT_INITIATIVES, HEAT_GONE = 78, 29
HEAT_SOURCE = "Lokale Energie Monitor 2023"
FIRST_DECEMBER, SECOND_DECEMBER = 12, 24  # months from the projection's first (January 2022)


@dataclass(frozen=True)
class Row:
    """One count beside its predictive distribution. use: fitted, held_out or conditioned. ``inside``: whether the count
    lies within the central 90%.
    """

    name: str
    question: str
    answer: str
    use: str
    section: str
    n: int
    observed: int
    p05: float
    p50: float
    p95: float

    @property
    def inside(self) -> bool:
        return self.p05 <= self.observed <= self.p95


@dataclass(frozen=True)
class OrderRow:
    """An order of two answers that was reported without counts, and the share of worlds in which it holds."""

    question: str
    more: str
    less: str
    use: str
    section: str
    share: float


@dataclass(frozen=True, eq=False)
class Predictive:
    """rows: every count. orders: every order. counts: int, (worlds, rows), what the worlds' interviews gave."""

    rows: tuple[Row, ...]
    orders: tuple[OrderRow, ...]
    counts: np.ndarray

    def of(self, use: str) -> list[Row]:
        """The rows of one use."""
        return [row for row in self.rows if row.use == use]


def predictive(
    unit: np.ndarray,
    targets: TargetFile,
    world: World,
    *,
    worlds: int = WORLDS,
    seed: int = SEED,
    heat: bool = True,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Predictive:
    """Run one fresh world at each of so many draws (unit: (draws, parameters), used again in order where there are
    fewer) and interview it. heat: also the exits of heat initiatives in the projection. Raises `Cancelled`.
    """
    chosen = unit[np.resize(np.random.default_rng([seed, 0]).permutation(len(unit)), worlds)]
    parameters = Parameters("draws", records_of(chosen))
    known = with_orders(targets)
    stage = Stage(world, world.horizon, seed, parameters)

    def ask(r: int) -> list[int]:
        state = lived(stage, r)
        survey, halls = interview(state, seed, r), officials(state, seed, r)
        return [counted(survey, halls, target) for target in known]

    total, found = worlds * (2 if heat else 1), []
    for r, row in enumerate(in_order(ask, 0, worlds, workers=workers, cancelled=cancelled)):
        found.append(row)
        if progress is not None:
            progress(r + 1, total)
    counts = np.array(found)
    rows = [
        _row(t.name, t.question, t.answer, t.use, t.section, t.n, t.count, counts[:, k])
        for k, t in enumerate(known)
        if t.use != "order"
    ]
    if heat:
        gone = heat_exits(parameters, worlds, seed, workers, cancelled, progress)
        rows.append(_row("heat_gone", "heat", "gone", "held_out", HEAT_SOURCE, HEAT_INITIATIVES, HEAT_GONE, gone))
        counts = np.concatenate([counts, gone[:, None]], axis=1)
    column = {(t.question, t.answer): k for k, t in enumerate(known)}
    orders = tuple(
        OrderRow(
            o.question,
            o.more,
            o.less,
            o.use,
            o.section,
            float(np.mean(counts[:, column[o.question, o.more]] > counts[:, column[o.question, o.less]])),
        )
        for o in targets.orders
    )
    return Predictive(tuple(rows), orders, counts)


def heat_exits(
    parameters: Parameters,
    worlds: int,
    seed: int,
    workers: int | None = None,
    cancelled: Callable[[], bool] | None = None,
    progress: Callable[[int, int], None] | None = None,
) -> np.ndarray:
    """Of 78 heat initiatives that are active in December 2022, how many are not in December 2023: one count a world,
    shape (worlds,). A world with fewer than 78 is asked with replacement. `progress` counts on from ``worlds``.
    """
    setting = load_world("projection")
    stage = Stage(setting, SECOND_DECEMBER, seed, parameters)

    def work(r: int) -> int:
        first = stage.past + FIRST_DECEMBER
        state = lived(stage, r, months=first)
        there = (state.initiatives["status"] == ACTIVE) & (state.initiatives["ambition"] == HEAT_NETWORK)
        lived_on(stage, r, state, first)
        who = np.flatnonzero(there)
        if not len(who):
            return 0
        rng = np.random.default_rng([seed, 1, r])
        asked = rng.choice(who, HEAT_INITIATIVES, replace=len(who) < HEAT_INITIATIVES)
        return int(np.sum(state.initiatives["status"][asked] != ACTIVE))

    found = []
    for r, gone in enumerate(in_order(work, 0, worlds, workers=workers, cancelled=cancelled)):
        found.append(gone)
        if progress is not None:
            progress(worlds + r + 1, 2 * worlds)
    return np.array(found)


def _row(
    name: str, question: str, answer: str, use: str, section: str, n: int, observed: int, drawn: np.ndarray
) -> Row:
    low, middle, high = (float(x) for x in np.quantile(drawn, INTERVAL))
    return Row(name, question, answer, use, section, n, observed, low, middle, high)
