"""What scenario discovery and the comparison of packages found, in Dutch and English."""

from __future__ import annotations

import csv
import json
from collections.abc import Sequence
from dataclasses import asdict
from pathlib import Path

from sim.research.discovery import Box, Discovery, Restriction
from sim.research.naming import axis_name, month_name, outcome_name, outcome_unit, scenario_name
from sim.research.reading import SweepResult
from sim.research.robustness import Comparison
from sim.research.study_words import capital, number, percent, whole

FOLDER = "discovery"


def restriction_words(result: SweepResult, each: Restriction, language: str) -> str:
    """«the drain of waiting is at least 0.05 (a month)»."""
    axis = next(axis for axis in result.axes if axis["name"] == each.name)
    nl = language == "nl"
    what = f"«{axis_name(language, result, each.name)}» (`{each.name}`)"
    if each.low is not None and each.high is not None:
        between = f"tussen {number(language, each.low)} en {number(language, each.high)}" if nl else f"between {number(language, each.low)} and {number(language, each.high)}"  # fmt: skip  # noqa: E501
    elif each.low is not None:
        between = f"ten minste {number(language, each.low)}" if nl else f"at least {number(language, each.low)}"
    else:
        between = (
            f"ten hoogste {number(language, each.high or 0.0)}"
            if nl
            else f"at most {number(language, each.high or 0.0)}"
        )
    limits = f"{number(language, axis['low'])}–{number(language, axis['high'])}" + ("" if nl else f" {axis['unit']}")
    return f"{what} {between} " + (f"(onderzocht: {limits})" if nl else f"(explored: {limits})")


def box_words(result: SweepResult, box: Box, language: str) -> str:
    """One box as a sentence."""
    joined = "; ".join(restriction_words(result, each, language) for each in box.restrictions)
    if box.held_density is not None and box.held_coverage is not None:
        coverage, density, points = box.held_coverage, box.held_density, box.held_points
        kept = "van apart gehouden punten" if language == "nl" else "of points kept apart"
    else:
        coverage, density, points = box.coverage, box.density, box.points
        kept = (
            "van de punten waarop het vak gevonden is, dus te mooi" if language == "nl"
            else "of the points the box was found on, so too good"
        )  # fmt: skip
    if language == "nl":
        return (
            f"Vooral waar {joined}. Daar mislukt het in {percent(language, density)} van de {points} punten; "
            f"{percent(language, coverage)} van alle mislukkingen ligt daar ({kept})."
        )
    return (
        f"Mostly where {joined}. There it fails in {percent(language, density)} of {points} points; "
        f"{percent(language, coverage)} of all failures lie there ({kept})."
    )


def discovery_words(result: SweepResult, found: Discovery, language: str) -> str:
    """What was found of one policy."""
    what, unit = outcome_name(language, found.indicator), outcome_unit(language, found.indicator)
    policy, versus = (scenario_name(language, result, each) for each in (found.policy, found.versus))
    points = whole(language, found.points)
    seldom = number(language, 100 * 3 / max(1, found.points), digits=1)  # the rule of three
    if language == "nl":
        line = (
            f"**{capital(policy)}** geeft op {what} in {found.failures} van de {points} punten gemiddeld niet meer "
            f"dan {number(language, found.bar)} ({unit}) verbetering tegenover {versus}."
        )
        none = f" Dat is zo zelden dat er niets van te leren is: met 95% zekerheid in minder dan {seldom}% van zulke werelden."  # noqa: E501
        few = " Er is geen deel van de werelden gevonden waar dat duidelijk vaker gebeurt."
    else:
        line = (
            f"**{capital(policy)}** improves {what} by no more than {number(language, found.bar)} ({unit}) on average "
            f"against {versus} in {found.failures} of {points} points."
        )
        none = f" There is nothing to learn from: with 95% confidence it happens in under {seldom}% of such worlds."
        few = " No part of the worlds was found where that is clearly commoner."
    if found.failures == 0:
        return line + none
    boxes = "\n".join(f"  - {box_words(result, box, language)}" for box in found.boxes)
    return f"{line}\n{boxes}" if boxes else line + few


def comparison_words(result: SweepResult, found: Comparison, language: str) -> str:
    """The table of packages, and which is regretted least."""
    nl = language == "nl"
    head = (
        ["pakket", "winst (5–95%)", "€ per initiatief (95%)", "grootste spijt", "spijt in 9 van 10", "goed genoeg"]
        if nl else
        ["package", "gain (5–95%)", "€ an initiative (95%)", "largest regret", "regret in 9 of 10", "good enough"]
    )  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * 5 + "|"]
    for each in sorted(found.packages, key=lambda p: (not p.affordable, p.largest_regret or 0.0)):
        euros = (
            "–"
            if each.euros is None or each.euros_high is None
            else (f"{whole(language, each.euros)} ({whole(language, each.euros_high)})")
        )
        regret = [
            (("te duur" if nl else "too dear") if not each.affordable else number(language, value or 0.0))
            for value in (each.largest_regret, each.regret_90)
        ]
        gain = f"{number(language, each.gain, signed=True)} ({number(language, each.gain_low, signed=True)}–{number(language, each.gain_high, signed=True)})"  # fmt: skip  # noqa: E501
        lines.append(
            f"| {capital(scenario_name(language, result, each.scenario))} | {gain} | {euros} "
            f"| {regret[0]} | {regret[1]} | {percent(language, each.good_enough)} |"
        )
    best = found.ranked[0]
    named = capital(scenario_name(language, result, best.scenario))
    points, less = whole(language, found.points), number(language, best.largest_regret or 0)
    limit = "" if found.budget is None else (
        f" binnen {whole(language, found.budget)} euro per initiatief (in 9 van 10 punten)" if nl
        else f" within {whole(language, found.budget)} euros an initiative (in 9 of 10 points)"
    )  # fmt: skip
    what = f"{outcome_name(language, found.indicator)} ({outcome_unit(language, found.indicator)})"
    if nl:
        told = f"Het minst te betreuren op {what}{limit}: **{named}**; hooguit {less} minder dan het beste pakket in {points} punten."  # noqa: E501
    else:
        told = f"Least to be regretted on {what}{limit}: **{named}**; at most {less} less than the best package in {points} points."  # noqa: E501
    return told + "\n\n" + "\n".join(lines)


def report(result: SweepResult, discoveries: Sequence[Discovery], comparison: Comparison | None, language: str) -> str:
    """The whole report as Markdown."""
    sweep, nl = result.manifest["sweep"], language == "nl"
    notice = result.manifest["parameters"]
    parts = [f"# {sweep['name'][language]}", sweep["description"][language]]
    state = ("geijkt" if nl else "calibrated") if notice["calibrated"] else ("**niet geijkt**" if nl else "**not calibrated**")  # fmt: skip  # noqa: E501
    parts.append(
        f"{whole('nl', result.manifest['points'])} punten × {result.replicates} werelden met hetzelfde toeval; {month_name('nl', result.last_month)}; parameters «{notice['name']}», {state}. Een punt is één stand van alles wat we niet weten."  # noqa: E501
        if nl else
        f"{whole('en', result.manifest['points'])} points × {result.replicates} worlds with the same chance events; {month_name('en', result.last_month)}; parameters '{notice['name']}', {state}. A point is one state of all that is not known."  # noqa: E501
    )  # fmt: skip
    parts.append("## " + ("Waar valt het tegen?" if nl else "Where does it disappoint?"))
    parts.append("\n".join(f"- {discovery_words(result, each, language)}" for each in discoveries))
    if comparison is not None:
        parts.append("## " + ("Welk pakket is robuust?" if nl else "Which package is robust?"))
        parts.append(comparison_words(result, comparison, language))
    return "\n\n".join(parts) + "\n"


def write(result: SweepResult, discoveries: Sequence[Discovery], comparison: Comparison | None) -> Path:
    """Write the tables and the report in both languages; returns their folder."""
    folder = result.folder / FOLDER
    folder.mkdir(exist_ok=True)
    text = json.dumps([asdict(each) for each in discoveries], indent=2, ensure_ascii=False)
    (folder / "boxes.json").write_text(text + "\n", encoding="utf-8")
    if comparison is not None:
        with (folder / "packages.csv").open("w", encoding="utf-8", newline="") as stream:
            rows = [asdict(each) for each in comparison.packages]
            writer = csv.DictWriter(stream, list(rows[0]), lineterminator="\n")
            writer.writeheader()
            writer.writerows(rows)
    for language in ("nl", "en"):
        (folder / f"report-{language}.md").write_text(report(result, discoveries, comparison, language), "utf-8")
    return folder
