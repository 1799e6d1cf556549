"""Predict first: a question, the answers of a room, this world's outcome, and that of many worlds.

The many worlds are the same up to where the question was put, and have other luck from there: other chance events
befall the same people. So they say how surprising this world's course was, given what the room knew.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np

from dashboard.workshop import measures
from dashboard.workshop.chronicle import Ground
from dashboard.workshop.futures import Future, scenario_of
from sim.comparison import Parameters, Stage, Track
from sim.engine.randomness import key_of
from sim.indicators import GROUPS, INDICATORS
from sim.world.state import State, copy_state

OTHER_LUCK = 7_000_003  # the seed of the worlds with other luck differs from the session's own by this
NOBODY = "nobody"


@dataclass(frozen=True)
class Option:
    """An answer: what it says, and (but for the question *who*) up to where its values go, that value left out."""

    id: str
    words: dict[str, str]
    below: float = math.inf


@dataclass(frozen=True)
class Question:
    """A question: what it measures, about whom (a row; None: all), how many months on, and its answers.

    ``who``: which initiative it is, rather than how much. ``against``: the letter of the future that is subtracted.
    """

    id: str
    words: dict[str, str]
    measure: str
    months: int
    options: tuple[Option, ...]
    about: int | None = None
    who: bool = False
    against: str | None = None


@dataclass
class Asked:
    """A question as it was put: where, in which future, and what was answered. ``phones``: the answer of each phone
    by its token; ``hands``: raised hands that the leader typed in, by answer."""

    question: Question
    future: str
    position: int
    open: bool = True
    phones: dict[str, str] = field(default_factory=dict)
    hands: dict[str, int] = field(default_factory=dict)
    shown: bool = False
    story: str = ""

    @property
    def mark(self) -> str:
        """What tells it from a question with the same number in another session: eight hexadecimal digits."""
        which = "/".join((self.story, self.question.id, self.future, str(self.position)))
        return hashlib.sha256(which.encode()).hexdigest()[:8]

    @property
    def end(self) -> int:
        """The position at which the outcome is known."""
        return self.position + self.question.months

    def counts(self) -> dict[str, int]:
        """How many chose each answer, phones and hands together."""
        found = {option.id: int(self.hands.get(option.id, 0)) for option in self.question.options}
        for answer in self.phones.values():
            if answer in found:
                found[answer] += 1
        return found


@dataclass(frozen=True)
class Outcome:
    """What came of a question in one world: the value and the answer that was right."""

    value: float
    option: str


@dataclass(frozen=True)
class Spread:
    """What came of it in many worlds: how many in each answer, and all values."""

    worlds: int
    counts: dict[str, int]
    values: tuple[float, ...]

    def share(self, option: str) -> float:
        """The share of the worlds in which an answer was right."""
        return self.counts.get(option, 0) / self.worlds

    def below(self, value: float) -> float:
        """The share of the worlds whose value is lower."""
        return sum(each < value - 1e-9 for each in self.values) / self.worlds


def judged(question: Question, values: np.ndarray, against: np.ndarray | None) -> Outcome:
    """The outcome that the numbers of all initiatives give, less those of the other future."""
    measure = measures.MEASURES[question.measure]
    if question.who:
        row = measures.who(measure, values)
        name = NOBODY if row < 0 else f"i{row}"
        known = {option.id for option in question.options}
        return Outcome(float(row), name if name in known else NOBODY)
    value = measures.of(measure, values, question.about)
    if against is not None:
        value -= measures.of(measure, against, question.about)
    option = next((each for each in question.options if value < each.below), question.options[-1])
    return Outcome(value, option.id)


def outcome(ground: Ground, asked: Asked, futures: dict[str, Future]) -> Outcome:
    """What comes of the question in this world."""
    measure = measures.MEASURES[asked.question.measure]
    end = min(asked.end, ground.months)

    def read(future: Future) -> np.ndarray:
        states = future.chronicle.states[asked.position : end + 1]
        return measure.reduce(np.stack([np.asarray(measure.probe(state), float) for state in states]))

    other = futures.get(asked.question.against or "")
    return judged(asked.question, read(futures[asked.future]), read(other) if other else None)


def many_worlds(
    ground: Ground,
    asked: Asked,
    futures: dict[str, Future],
    worlds: int,
    *,
    parameters: Parameters | None = None,
    cancelled: Callable[[], bool] = lambda: False,
) -> Spread:
    """What comes of it in ``worlds`` worlds that have other luck from the question on; with ``parameters`` (many
    rows) each also has other values of what is not known. Gives what was ready when it was cancelled.
    """
    question = asked.question
    measure = measures.MEASURES[question.measure]
    other = futures.get(question.against or "")
    stage = ground.stage
    if parameters is not None:
        stage = Stage(ground.world, ground.world.horizon, ground.seed, parameters)
    end = min(asked.end, ground.months)
    lived = [
        (stage.track(scenario_of("workshop", each.decisions)), each.chronicle.states[asked.position])
        for each in (futures[asked.future], *([other] if other else []))
    ]
    out = np.empty((ground.months, len(GROUPS), len(INDICATORS)))
    counts = {option.id: 0 for option in question.options}
    values: list[float] = []
    for number in range(worlds):
        if cancelled():
            break
        key = key_of(ground.seed + OTHER_LUCK, number)
        seen = [
            measure.reduce(_elsewhere(stage, track, start, key, measure.probe, number, asked.position, end, out))
            for track, start in lived
        ]
        found = judged(question, seen[0], seen[1] if other else None)
        counts[found.option] = counts.get(found.option, 0) + 1
        values.append(found.value)
    return Spread(len(values), counts, tuple(values))


def _elsewhere(
    stage: Stage,
    track: Track,
    start: State,
    key: np.ndarray,
    probe: Callable[[State], np.ndarray],
    number: int,
    first: int,
    last: int,
    out: np.ndarray,
) -> np.ndarray:
    """What a probe sees, month by month, in a world with other luck from ``first`` on; shape (months + 1, rows)."""
    state = copy_state(start)
    state.clock["key"] = key
    seen = [np.array(probe(state), float)]
    for month in range(first, last):
        stage.run(state, track, number, month, month + 1, out)
        seen.append(np.array(probe(state), float))
    return np.stack(seen)
