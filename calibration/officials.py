"""The municipal questions: what officials of five town halls answer, three large, one medium and one small (§5).

An official knows what both sides know of the collaboration with one initiative: its agreements, its ledger, what
was asked and answered in the last year, how often they meet. Five town halls, chosen for being different, can say
that an answer is possible or not; they are no test."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.addressed import ranked
from calibration.interview import CONTRIBUTED, answers, formalised, own_parameters
from sim.engine.randomness import key_of
from sim.world import purposes as why
from sim.world.state import (
    FORM_COVENANT,
    FORM_MONEY,
    FORM_POLICY,
    GRANTED,
    LARGE,
    MEDIUM,
    NO_CAPACITY,
    SMALL,
    UNANSWERED,
    WAITED,
    State,
)

ASKED = {LARGE: 3, MEDIUM: 1, SMALL: 1}
OFFICIAL_QUESTIONS = (
    "positive",
    "money",
    "covenant",
    "policy",
    "short_of_capacity",
    "regular_contact",
    "friction",
    "searching",
)
OFFICIALS = np.dtype(
    [("municipality", np.int64), ("initiative", np.int64), ("size", np.int32)]
    + [(name, bool) for name in OFFICIAL_QUESTIONS]
)


def officials(state: State, seed: int, replicate: int, values: Mapping[str, float] | None = None) -> np.ndarray:
    """A row a town hall (dtype `OFFICIALS`), five where there are enough with an initiative that formalised; of
    several such initiatives one is taken.

    positive: the collaboration contributed · money, covenant, policy: forms agreed · short_of_capacity: told any
    initiative so this year · regular_contact: meets this one at least once a quarter · friction: its steps waited
    more often than a request was granted · searching: left it without an answer, or a step waiting, this year (as
    the initiative sees it)."""
    key, month = key_of(seed, replicate), int(state.clock["month"][0])
    parameters = own_parameters(state, values)
    who = ranked(key, formalised(state), month, why.INTERVIEWED)
    town_of = state.initiatives["municipality"]
    towns, first = np.unique(town_of[who], return_index=True)
    partner = dict(zip(towns.tolist(), who[first].tolist(), strict=True))
    order = ranked(key, towns.astype(np.int64), month, why.TOWN_INTERVIEWED)
    sizes = state.municipalities["size"]
    chosen = [int(m) for size, number in ASKED.items() for m in order[sizes[order] == size][:number]]
    mine = np.array([partner[m] for m in chosen], dtype=np.int64)
    found = np.zeros(len(chosen), OFFICIALS)
    if not chosen:
        return found
    told = answers(state, mine, key, values, polite=False)
    seen = state.seen.sum(axis=0, dtype=np.int64)
    found["municipality"], found["initiative"], found["size"] = chosen, mine, sizes[chosen]
    found["positive"] = told["effect"] == CONTRIBUTED
    found["money"] = (told["forms"] & FORM_MONEY) > 0
    found["covenant"] = (told["forms"] & FORM_COVENANT) > 0
    found["policy"] = (told["forms"] & FORM_POLICY) > 0
    found["short_of_capacity"] = [bool(np.any(seen[town_of == m, NO_CAPACITY] > 0)) for m in chosen]
    found["regular_contact"] = state.initiatives["contact"][mine] >= parameters["regular_contact"][0]
    found["friction"] = seen[mine, WAITED] > seen[mine, GRANTED]
    found["searching"] = (seen[mine, UNANSWERED] + seen[mine, WAITED]) > 0
    return found
