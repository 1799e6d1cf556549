"""The virtual interview: what initiatives that formalised answer at the end of a world (§2.2, §2.4, §4.1-§4.3).

A respondent knows what befell it: its own ledger, what it saw of the town hall in the last twelve months, its own
agreements. No character, trust or parameter of the world is read; the parameters read here are those of the
interview itself (`sim/evidence/interview.yaml`).

*Effect of recording agreements*, since the first talks. Gains: grants, due promises kept, recognition, follow-on
work. Losses: promises broken, talks or a next stage refused, written out of the vision, talks beyond nine months.
**harmed**: a loss, and losses above gains; **none**: otherwise, net gain below the margin; **contributed**: the
rest.

*Direction*, over the last twelve months. Net = mean of (requests granted, staff help, money) - mean of (overruled,
crossed, own step waiting) + noise, each channel saturating, so that net runs from -1 to 1. **stimulating**: net
above the bar and the gap; **limiting**: net below minus the bar. In between: **willing**, without capacity: a yes,
and a refusal stated as capacity; **absent**: no act of direction seen nearby; **neutral**: the approach is known
and has no effect. An act is seen where there is contact (the channel *aware*), and money is no act of direction.

Perceived, not causal: the two differ, and the paired runs of `sim.comparison` measure the other one.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

import numpy as np

from calibration.addressed import normals, ranked, uniforms
from sim.engine.randomness import key_of
from sim.evidence.parameters import PARAMETERS
from sim.world import purposes as why
from sim.world.state import (
    AWARE,
    CROSSED,
    FORMS,
    GRANTED,
    MONEY,
    NO_CAPACITY,
    OVERRULED,
    STAFF_HELP,
    TOPICS,
    WAITED,
    State,
)

INTERVIEWS = 70
CONTRIBUTED, NONE, HARMED = 0, 1, 2
EFFECTS = ("contributed", "none", "harmed")
STIMULATING, LIMITING, WILLING, ABSENT, NEUTRAL = 0, 1, 2, 3, 4
DIRECTIONS = ("stimulating", "limiting", "willing", "absent", "neutral")
MISSING = -1

GAINS = {"money": "unit_money", "promises_kept": "unit_promise_kept"}
GAINS |= {"recognition": "unit_recognition", "follow_on": "unit_follow_on"}
LOSSES = {"promises_broken": "unit_promise_broken", "refused": "unit_refused"}
LOSSES |= {"written_out": "unit_written_out", "long_talks": "unit_long_talks"}
FOR = (GRANTED, STAFF_HELP, MONEY)
AGAINST = (OVERRULED, CROSSED, WAITED)

ANSWERS = np.dtype(
    [
        ("initiative", np.int64),
        ("effect", np.int8),
        ("direction", np.int8),
        ("gains", float),
        ("losses", float),
        ("net", float),
        ("polite", bool),
        ("forms", np.int32),
        ("topics", np.int32),
    ]
)


@dataclass(frozen=True, eq=False)
class Interview:
    """The answers of one survey.

    ``formalised`` of ``supported`` initiatives had formalised; ``respondents`` has a row for each one asked (dtype
    `ANSWERS`; direction -1: no answer). Counts are of respondents: ``effect`` and ``direction`` by class, ``forms``
    and ``topics`` by name (several each); ``missing`` gave no answer about direction."""

    supported: int
    formalised: int
    respondents: np.ndarray
    effect: dict[str, int]
    direction: dict[str, int]
    missing: int
    forms: dict[str, int]
    topics: dict[str, int]

    @property
    def role_division(self) -> int:
        """Respondents who agreed on a division of roles."""
        return self.topics["roles"]

    def count(self, question: str, answer: str) -> int:
        """The count of one answer to one question, by the names that target files use. KeyError on an unknown one."""
        if question == "formalised":
            return {"yes": self.formalised, "no": self.supported - self.formalised}[answer]
        by_answer: dict[str, dict[str, int]] = {
            "effect": self.effect,
            "direction": self.direction,
            "forms": self.forms,
            "topics": self.topics,
        }
        return by_answer[question][answer]


def own_parameters(state: State, values: Mapping[str, float] | None = None) -> np.ndarray:
    """The world's row of parameters, with ``values`` for parameters of the interview. KeyError on another one."""
    row = state.parameters.copy()
    for name, value in (values or {}).items():
        if PARAMETERS[name].process != "interview":
            raise KeyError(f"{name} is no parameter of the interview")
        row[name] = value
    return row


def saturated(events: np.ndarray, half: float) -> np.ndarray:
    """What a number of events of one kind tells (0-1): half of it at ``half`` events."""
    return events / (events + half)


def weighed(ledger: np.ndarray, units: Mapping[str, str], parameters: np.ndarray) -> np.ndarray:
    """Sum of the events in the ledger, each in its unit."""
    return np.sum([parameters[unit][0] * ledger[field] for field, unit in units.items()], axis=0)


def judged_effect(gains: np.ndarray, losses: np.ndarray, margin: float) -> np.ndarray:
    """Class of effect (index of `EFFECTS`) by gains and losses, in units."""
    harmed = (losses > 0.0) & (losses > gains)
    return np.where(harmed, HARMED, np.where(gains - losses < margin, NONE, CONTRIBUTED))


def felt_net(seen: np.ndarray, half: float) -> np.ndarray:
    """Net direction felt (-1 to 1) of what was seen in a year (respondents, len(SEEN))."""
    told = saturated(seen.astype(float), half)
    return np.mean(told[:, FOR], axis=1) - np.mean(told[:, AGAINST], axis=1)


def judged_direction(net: np.ndarray, seen: np.ndarray, bar: float, gap: float) -> np.ndarray:
    """Class of direction (index of `DIRECTIONS`) by net direction and what was seen in a year."""
    said_yes = seen[:, [GRANTED, STAFF_HELP, MONEY]].sum(axis=1) > 0
    willing = said_yes & (seen[:, NO_CAPACITY] > 0)
    between = np.where(willing, WILLING, np.where(seen[:, AWARE] == 0, ABSENT, NEUTRAL))
    return np.where(net > bar + gap, STIMULATING, np.where(net < -bar, LIMITING, between))


def answers(
    state: State, who: np.ndarray, key: np.ndarray, values: Mapping[str, float] | None = None, *, polite: bool = True
) -> np.ndarray:
    """What the initiatives ``who`` (int64) would answer: a row each (dtype `ANSWERS`). ``polite`` false: without
    pleasant answers.
    """
    parameters = own_parameters(state, values)
    month = int(state.clock["month"][0])
    ledger, deals = state.ledger[who], state.agreements[who]
    seen = state.seen[:, who].sum(axis=0, dtype=np.int64)
    found = np.zeros(len(who), ANSWERS)
    found["initiative"] = who
    found["gains"] = weighed(ledger, GAINS, parameters)
    found["losses"] = weighed(ledger, LOSSES, parameters)
    found["effect"] = judged_effect(found["gains"], found["losses"], parameters["effect_margin"][0])
    noise = parameters["answer_noise"][0] * normals(key, who, month, why.ANSWER_NOISE)
    found["net"] = felt_net(seen, parameters["channel_half"][0]) + noise
    found["direction"] = judged_direction(found["net"], seen, parameters["felt_bar"][0], parameters["felt_gap"][0])
    concluded = (deals["in_force"] == 1) & (deals["pending"] == 0)
    found["forms"] = ledger["forms"] | np.where(concluded, deals["forms"], 0)
    found["topics"] = ledger["topics"] | np.where(concluded, deals["topics"], 0)
    if polite:
        pleasant = uniforms(key, who, month, why.POLITE) < parameters["polite_share"][0]
        found["polite"] = pleasant
        found["effect"][pleasant] = CONTRIBUTED
        found["direction"][pleasant] = STIMULATING
    return found


def formalised(state: State) -> np.ndarray:
    """The numbers (int64) of the initiatives that have ever formalised."""
    return np.flatnonzero(state.initiatives["formalised_month"] >= 0).astype(np.int64)


def classes(state: State, values: Mapping[str, float] | None = None) -> np.ndarray:
    """What all formalised initiatives would answer (dtype `ANSWERS`), nobody missing: the same answers that a
    survey of this replicate samples from.
    """
    return answers(state, formalised(state), np.asarray(state.clock["key"]), values)


def interview(state: State, seed: int, replicate: int, values: Mapping[str, float] | None = None) -> Interview:
    """Ask 70 of those that have formalised, all if fewer, at the end of a replicate of a world.

    ``values`` sets parameters of the interview otherwise: ``polite_share`` (0-0.2), ``satisfied_ratio`` (1-4) and
    the units, for the sensitivity."""
    key = key_of(seed, replicate)
    month = int(state.clock["month"][0])
    eligible = formalised(state)
    ratio = float(own_parameters(state, values)["satisfied_ratio"][0])
    satisfied = answers(state, eligible, key, values, polite=False)["effect"] == CONTRIBUTED
    weights = np.where(satisfied, ratio, 1.0)
    asked = np.sort(ranked(key, eligible, month, why.INTERVIEWED, weights)[:INTERVIEWS])
    respondents = answers(state, asked, key, values)
    silent = ranked(key, asked, month, why.WHO_IS_MISSING)[:1]
    respondents["direction"][np.isin(asked, silent)] = MISSING
    return Interview(
        supported=len(state.initiatives),
        formalised=len(eligible),
        respondents=respondents,
        effect=_counted(respondents["effect"], EFFECTS),
        direction=_counted(respondents["direction"], DIRECTIONS),
        missing=int(np.sum(respondents["direction"] == MISSING)),
        forms=_named(respondents["forms"], FORMS),
        topics=_named(respondents["topics"], TOPICS),
    )


def _counted(codes: np.ndarray, names: tuple[str, ...]) -> dict[str, int]:
    return {name: int(np.sum(codes == code)) for code, name in enumerate(names)}


def _named(sets: np.ndarray, bits: Mapping[str, int]) -> dict[str, int]:
    return {name: int(np.sum((sets & bit) > 0)) for name, bit in bits.items()} | {"nothing": int(np.sum(sets == 0))}
