"""The shape of the tables in which compiled rules read what is set from outside this month.

One record an initiative, municipality or post; one float64 field for every lever and shock of that level, in sorted
order, then costs, then the options as `<id>__<option>`: what is read each month lies together. Zero is nothing: an
option's field is zero too where its lever is off.
"""

from __future__ import annotations

from typing import Literal

import numpy as np

from sim.levers import LEVERS, Lever
from sim.shocks import SHOCKS, Shock

OPTION = "__"  # between a lever and its option
Level = Literal["initiative", "municipality", "post"]


def field_names(level: Level) -> list[str]:
    """The names of the fields of levers and shocks in the table of `level`: intensities, then options."""
    catalogue: dict[str, Lever | Shock] = {**LEVERS, **SHOCKS}
    entries = [entry for _, entry in sorted(catalogue.items()) if entry.level == level]
    options = (option_field(entry.id, option) for entry in entries for option in sorted(entry.options))
    return [*(entry.id for entry in entries), *options]


def option_field(entry: str, option: str) -> str:
    """The field that holds an option of a lever."""
    return f"{entry}{OPTION}{option}"


# What policy costs this month, booked on the row: hours of the town hall, hours of facilitators, euros.
COST_FIELDS = ("cost_municipal_hours", "cost_facilitator_hours", "cost_euros")


def table_dtype(level: Level) -> np.dtype:
    """The record dtype of the table of `level`; all fields float64. Those of initiatives and municipalities have the
    costs of policy between intensities and options.
    """
    names = field_names(level)
    intensities = [name for name in names if OPTION not in name]
    costs = () if level == "post" else COST_FIELDS
    return np.dtype([(name, np.float64) for name in (*intensities, *costs, *names[len(intensities) :])])
