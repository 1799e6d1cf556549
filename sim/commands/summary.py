"""The summary of a result for people: a headline in words, and a small table a scenario."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

from sim.commands.common import table
from sim.verdict import number, sentence

if TYPE_CHECKING:
    from sim.result import Result

# `homes_reached` always stands beside `structural_partnership`: the first alone could follow from what a lever is.
HEADLINES = ("structural_partnership", "homes_reached")
IN_TABLE = (
    *HEADLINES,
    "agreement_in_force",
    "active",
    "trust_initiative",
    "energy",
    "municipal_hours",
    "public_euros",
)
CAVEAT = (
    "These are outcomes of simulated worlds, not forecasts. The interviews under the model hold effects as people",
    "perceived them, asked by a coalition that had supported them itself; that is not the same as measured causes.",
)


def summary_lines(result: Result, folder: str | None) -> list[str]:
    """The lines that `compare` and `run` print."""
    worlds = "1 world" if result.replicates == 1 else f"{result.replicates:,} worlds with other chance events"
    lines = [
        f"World {result.world}, {result.months[0]} to {result.months[-1]}; {worlds}; seed {result.seed}.",
        f"Parameters {result.parameter_set.name}, {result.parameter_set.notice}.",
    ]
    shown = [name for name in IN_TABLE if name in result.indicators] or list(result.indicators)
    if result.compared:
        for scenario in result.scenarios[1:]:
            lines.append("")
            lines += [sentence(result.verdict(scenario, name)) for name in HEADLINES if name in result.indicators]
    for scenario in result.scenarios:
        lines += ["", *scenario_table(result, scenario, shown)]
    lines += ["", *CAVEAT]
    if folder is not None:
        lines += ["", f"Written to {folder}. Made again by: {result.command}"]
    return lines


def scenario_table(result: Result, scenario: str, indicators: list[str]) -> list[str]:
    """One scenario at the horizon: mean and 90% of the worlds, and the paired difference likewise."""
    against = result.compared and scenario != result.versus
    head = [f"{scenario}, {result.months[-1]}", "mean", "90% of worlds"]
    rows = [[*head, f"from {result.versus}", "90% of worlds"] if against else head]
    for name in indicators:
        here = result.values_at(scenario, name)
        row = [f"  {name} ({result.units[name]})", number(here["mean"]), _between(here)]
        if against:
            difference = result.difference_at(scenario, name)
            row += [number(difference["mean"], signed=True), _between(difference, signed=True)]
        rows.append(row)
    return table(rows, right=range(1, len(rows[0])))


def _between(cell: dict[str, float], *, signed: bool = False) -> str:
    low, high = cell["p05"], cell["p95"]
    return "–" if math.isnan(low) else f"{number(low, signed=signed)} to {number(high, signed=signed)}"
