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
FEW = 5  # failures on points kept apart of which the sentence itself says that they are too few


def restriction_words(result: SweepResult, each: Restriction, language: str) -> str:
    """«the drain of waiting is at least 0.05 (a month)»."""
    axis = next(axis for axis in result.axes if axis["name"] == each.name)
    nl = language == "nl"
    name = axis_name(language, result, each.name)
    what = f"«{name}» (`{each.name}`)" if nl else f"“{name}” (`{each.name}`)"
    if each.low is not None and each.high is not None:
        between = f"ligt tussen {number(language, each.low)} en {number(language, each.high)}" if nl else f"is between {number(language, each.low)} and {number(language, each.high)}"  # fmt: skip  # noqa: E501
    elif each.low is not None:
        between = f"minstens {number(language, each.low)} is" if nl else f"is at least {number(language, each.low)}"
    else:
        between = (
            f"hoogstens {number(language, each.high or 0.0)} is"
            if nl
            else f"is at most {number(language, each.high or 0.0)}"
        )
    limits = f"{number(language, axis['low'])}–{number(language, axis['high'])}" + ("" if nl else f" {axis['unit']}")
    return f"{what} {between} " + (f"(onderzocht: {limits})" if nl else f"(explored: {limits})")


def box_words(result: SweepResult, box: Box, language: str) -> str:
    """One box as a sentence."""
    parts = [restriction_words(result, each, language) for each in box.restrictions]
    joined = (" en " if language == "nl" else " and ").join(parts)
    if box.held_density is not None and box.held_coverage is not None:
        coverage, density, points = box.held_coverage, box.held_density, box.held_points
        kept = "van apart gehouden punten" if language == "nl" else "of points kept apart"
    else:
        coverage, density, points = box.coverage, box.density, box.points
        kept = (
            "van de punten waarop het vak gevonden is, dus te mooi" if language == "nl"
            else "of the points the box was found on, so too good"
        )  # fmt: skip
    here = round(density * points)
    everywhere = round(here / coverage) if coverage else 0
    few = ""
    if everywhere < FEW:
        few = " Dat zijn er te weinig om op te bouwen." if language == "nl" else " That is too few to build on."
    if language == "nl":
        return (
            f"Vooral waar {joined}. Daar mislukt het in {here} van de {points} punten, overal samen in {everywhere} "
            f"({kept}).{few}"
        )
    return (
        f"Mostly where {joined}. There it fails in {here} of {points} points, everywhere together in {everywhere} "
        f"({kept}).{few}"
    )


def discovery_words(result: SweepResult, found: Discovery, language: str) -> str:
    """What was found of one policy."""
    what, unit = outcome_name(language, found.indicator), outcome_unit(language, found.indicator)
    policy, versus = (scenario_name(language, result, each) for each in (found.policy, found.versus))
    points = whole(language, found.points)
    seldom = number(language, 100 * 3 / max(1, found.points), digits=1)  # the rule of three
    if language == "nl":
        more = "niet beter dan" if found.bar == 0 else f"minder dan {number(language, found.bar)} ({unit}) beter dan"
        line = (
            f"**{capital(policy)}** doet het bij {what} in {found.failures} van de {points} punten gemiddeld {more} "
            f"{versus}."
        )
        none = f" Er is dus geen geval om van te leren; met 95% zekerheid gebeurt het in minder dan {seldom}% van zulke punten."  # noqa: E501
        few = " Er is geen deel van de werelden gevonden waar dat duidelijk vaker gebeurt."
    else:
        more = "no better than" if found.bar == 0 else f"less than {number(language, found.bar)} ({unit}) better than"
        line = (
            f"**{capital(policy)}** comes out {more} {versus} on {what}, on average, in {found.failures} of {points} "
            "points."
        )
        none = f" So there is no case to learn from; with 95% confidence it happens in under {seldom}% of such points."
        few = " No part of the worlds was found where that is clearly commoner."
    if found.failures == 0:
        return line + none
    boxes = "\n".join(f"  - {box_words(result, box, language)}" for box in found.boxes)
    return f"{line}\n{boxes}" if boxes else line + few


def comparison_words(result: SweepResult, found: Comparison, language: str) -> str:
    """The table of packages, and which is regretted least."""
    nl = language == "nl"
    unit = outcome_unit(language, found.indicator)
    head = (
        ["pakket", f"winst in {unit}", "€ per initiatief", "hoogstens slechter", "in 9 van 10 punten", "goed genoeg"]
        if nl else
        ["package", f"gain in {unit}", "€ an initiative", "largest regret", "regret in 9 of 10", "good enough"]
    )  # fmt: skip
    lines = ["| " + " | ".join(head) + " |", "| --- " + "| ---: " * 5 + "|"]
    for each in sorted(found.packages, key=lambda p: (not p.affordable, p.largest_regret or 0.0)):
        euros = (
            "–"
            if each.euros is None or each.euros_high is None
            else f"{number(language, each.euros)} ({number(language, each.euros_high)})"
        )
        regret = [
            (("te duur" if nl else "too dear") if not each.affordable else number(language, value or 0.0))
            for value in (each.largest_regret, each.regret_90)
        ]
        ends = [number(language, value, signed=True) for value in (each.gain_low, each.gain_high)]
        gain = f"{number(language, each.gain, signed=True)} ({(' tot ' if nl else ' to ').join(ends)})"
        lines.append(
            f"| {capital(scenario_name(language, result, each.scenario))} | {gain} | {euros} "
            f"| {regret[0]} | {regret[1]} | {percent(language, each.good_enough)} |"
        )
    best = found.ranked[0]
    versus = scenario_name(language, result, result.scenarios[0])
    named = capital(scenario_name(language, result, best.scenario))
    points, less = whole(language, found.points), number(language, best.largest_regret or 0)
    limit = "" if found.budget is None else (
        f" binnen {whole(language, found.budget)} euro per initiatief (in 9 van 10 punten)" if nl
        else f" within {whole(language, found.budget)} euros an initiative (in 9 of 10 points)"
    )  # fmt: skip
    what = outcome_name(language, found.indicator)
    if len(found.ranked) == 1:
        told = (
            f"Alleen **{named}** past{limit}. Dat zegt niets over de andere: ze zijn hier te duur, niet onbetrouwbaar."
            if nl else
            f"Only **{named}** fits{limit}. That says nothing of the others: here they are too dear, not unreliable."
        )  # fmt: skip
    elif nl:
        told = f"Het minst te betreuren op {what}{limit}: **{named}**; hooguit {less} {unit} minder dan het beste pakket, over {points} punten."  # noqa: E501
    else:
        told = f"Least to be regretted on {what}{limit}: **{named}**; at most {less} {unit} less than the best package, over {points} points."  # noqa: E501
    bar = "" if found.bar == 0 else f" {number(language, found.bar)} {unit}"
    reading = (
        f"Winst en euro's zijn gemiddelden tegenover {versus} over de hele looptijd; tussen haakjes waar 90 van de 100 "
        "punten tussen liggen, en bij euro's waar 9 van de 10 onder blijven. «Hoogstens slechter» (spijt) is het "
        "grootste verschil, over alle punten, met het pakket binnen het budget dat daar het beste is. «Goed genoeg»: "
        f"het deel van de punten waar het meer dan{bar or ' niets'} oplevert. Andere uitkomsten tellen niet mee."
        if nl else
        f"Gains and euros are means against {versus} over the whole period; in brackets what 90 of 100 "
        "points lie between, and for euros what 9 in 10 stay under. Regret is how much less it gives than the package "
        "within the budget that is best at that point; the largest over all points. 'Good enough': the share of points "
        f"where it gives more than{bar or ' nothing'}. Other outcomes do not count."
    )  # fmt: skip
    return told + "\n\n" + "\n".join(lines) + "\n\n" + reading


def report(result: SweepResult, discoveries: Sequence[Discovery], comparison: Comparison | None, language: str) -> str:
    """The whole report as Markdown."""
    sweep, nl = result.manifest["sweep"], language == "nl"
    notice = result.manifest["parameters"]
    parts = [f"# {sweep['name'][language]}", sweep["description"][language]]
    state = ("afgesteld" if nl else "calibrated") if notice["calibrated"] else ("**niet afgesteld**" if nl else "**not calibrated**")  # fmt: skip  # noqa: E501
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
