"""A future as the browser draws it: the whole run at once, as bytes, so that playing needs no server.

Shares become whole numbers from 0 to 100, months left from 0 to 250. Every block is base64 of bytes in the order
(position, row, field).
"""

from __future__ import annotations

import base64
from typing import Any

import numpy as np

from dashboard.workshop.chronicle import Chronicle, Ground
from sim.world.state import ALDERMAN, AMBITIONS, CONTACT, RESERVED, SLOTS

INITIATIVE_FIELDS = (
    "status",
    "phase",
    "progress",
    "energy",
    "agreement",
    "money",
    "lasting",
    "asks",
    "waiting",
    "restarts",
)
TIE_FIELDS = ("trust", "intentions", "knows", "known", "there")
SEAT_FIELDS = ("present", "departures", "empty")
LONGEST_LEFT = 250


def layout(ground: Ground) -> dict[str, Any]:
    """Who is where: the nodes of the map and the ties between them, the same in every future."""
    state = ground.start
    people = state.ties["person"].reshape(-1, SLOTS)
    ties = []
    for row in range(len(people)):
        for slot in range(SLOTS):
            if people[row, slot] >= 0:
                seat = f"a{people[row, slot]}" if slot == ALDERMAN else f"p{people[row, slot]}"
                ties.append(
                    {"row": row * SLOTS + slot, "initiative": f"i{row}", "seat": seat, "contact": slot == CONTACT}
                )
    return {
        "months": [ground.month_name(position) for position in range(ground.months + 1)],
        "initiatives": [AMBITIONS[ambition] for ambition in state.initiatives["ambition"]],
        "posts": len(state.posts),
        "aldermen": len(state.aldermen),
        "ties": ties,
        "fields": {"initiative": INITIATIVE_FIELDS, "tie": TIE_FIELDS, "seat": SEAT_FIELDS},
        "slots": SLOTS,
    }


def percent(values: np.ndarray) -> np.ndarray:
    """Shares as whole numbers, 0 to 100."""
    return np.clip(np.rint(100 * values), 0, 100)


def packed(fields: list[np.ndarray]) -> str:
    """Tables of shape (positions, rows) as one block."""
    whole = np.stack([np.clip(each, 0, 255).astype(np.uint8) for each in fields], axis=-1)
    return base64.b64encode(whole.tobytes()).decode("ascii")


def frames(chronicle: Chronicle) -> dict[str, Any]:
    """All positions of a future."""
    column, tie = chronicle.column, chronicle.tie
    positions = np.arange(len(chronicle.states))[:, None]
    force, adopted, pending = (column("agreements", name) for name in ("in_force", "adopted", "pending"))
    agreed = np.where(force == 1, 2 + (adopted == 1), (pending == 1) | (column("initiatives", "talks_opened") >= 0))
    runs = column("initiatives", "grant_a_month") > 0
    left = np.where(runs, np.clip(column("initiatives", "money_until") - positions + 1, 1, LONGEST_LEFT), 0)
    initiatives = [
        column("initiatives", "status"),
        column("initiatives", "phase"),
        percent(column("initiatives", "progress")),
        percent(column("initiatives", "energy")),
        agreed,
        left,
        runs & (column("initiatives", "money_source") == RESERVED),
        column("initiatives", "asks_next"),
        column("initiatives", "waiting"),
        column("initiatives", "restarts"),
    ]
    flat = (len(chronicle.states), -1)
    ties = [percent(tie(name)).reshape(flat) for name in TIE_FIELDS[:4]] + [chronicle.met.reshape(flat)]
    seats = []
    for name in ("present", "departures"):
        seats.append(np.concatenate([column("posts", name), column("aldermen", name)], axis=1))
    seats.append(empty_months(seats[0]))
    return {"initiatives": packed(initiatives), "ties": packed(ties), "seats": packed(seats)}


def empty_months(present: np.ndarray) -> np.ndarray:
    """For how many months a seat has been empty, shape (positions, seats)."""
    counted = np.zeros_like(present)
    for position in range(1, len(present)):
        counted[position] = np.where(present[position] == 1, 0, counted[position - 1] + 1)
    return counted
