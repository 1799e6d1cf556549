"""Questions of practice, answered as studies: `python -m sim.research.study NAME --out FOLDER --page PAGE.md`.

A study is a sweep over everything that is not known (docs/studies/NAME.yaml) and the contrasts that answer its
question (studies.json). The page is made from the numbers: an answer of three sentences in Dutch and English, the
contrasts with their uncertainty, and the assumptions that decide them. Run again, it is the same page. `--parameters
posterior` draws what is not known from the fit to the interviews instead of from the priors.
"""

from __future__ import annotations

import argparse
import json
import sys
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.documents import read_document
from sim.engine.problems import InputError
from sim.indicators import INDICATORS
from sim.research.conduct import conduct
from sim.research.crew import LocalCrew
from sim.research.designs import Floats
from sim.research.discovery_report import comparison_words
from sim.research.plan import plan_of
from sim.research.reading import SweepResult, open_sweep
from sim.research.robustness import compare_packages
from sim.research.sensitivity import parting
from sim.research.sensitivity_report import meaning, percent
from sim.research.sweep_file import parse_sweep
from sim.verdict import number

STUDIES = Path(__file__).resolve().parent.parent.parent / "docs" / "studies"
HEADLINE = "homes_reached"
SHOWN = ("homes_reached", "structural_partnership", "trust_initiative", "public_euros")
DECIDING = 3
CLEAR, OFTEN = 0.9, 0.75


@dataclass(frozen=True)
class Contrast:
    """What one scenario gives more than another, over all points of what is not known (means over chance)."""

    of: str
    versus: str
    indicator: str
    group: str
    median: float
    low: float
    high: float
    higher: float
    lower: float
    chance: float
    deciding: tuple[tuple[str, float], ...]


def contrast(result: SweepResult, of: str, versus: str, indicator: str, group: str) -> Contrast:
    """One contrast. `deciding`: the unknowns with which it goes up or down most (rank correlation, and only where
    that is unlikely to be chance among so many).
    """
    values = result.values(indicator, of, group) - result.values(indicator, versus, group)
    values = values[~np.isnan(values).any(axis=1)]
    means = values.mean(axis=1)
    between, chance, _ = parting(values)
    low, high = np.quantile(means, [0.05, 0.95])
    return Contrast(
        of,
        versus,
        indicator,
        group,
        float(np.median(means)),
        float(low),
        float(high),
        float((means > 0).mean()),
        float((means < 0).mean()),
        chance / (between + chance) if between + chance > 0 else 0.0,
        deciding(result, means) if len(means) == len(result.points) else (),
    )


def deciding(result: SweepResult, means: Floats) -> tuple[tuple[str, float], ...]:
    """The unknowns that a mean goes with most: name and rank correlation, significant after Bonferroni's correction."""
    from scipy.stats import spearmanr

    if not means.std() > 0:
        return ()
    found = []
    x = result.x()
    for k, axis in enumerate(result.axes):
        if np.ptp(x[:, k]) > 0:
            told = spearmanr(x[:, k], means)
            found.append((axis["name"], float(told.statistic), float(told.pvalue) * len(result.axes)))
    found = [each for each in found if each[2] < 0.05]
    return tuple((name, rho) for name, rho, _ in sorted(found, key=lambda each: -abs(each[1]))[:DECIDING])


def _name(result: SweepResult, scenario: str, language: str) -> str:
    return f"«{result.names[scenario][language]}»"


def verdict_words(result: SweepResult, each: Contrast, language: str) -> str:
    """Which of two gives more, in words that the share of points carries."""
    nl = language == "nl"
    a, b = _name(result, each.of, language), _name(result, each.versus, language)
    more = each.higher >= each.lower
    share = max(each.higher, each.lower)
    what = each.indicator.replace("_", " ")
    unit = INDICATORS[each.indicator].unit[language]
    span = f"{number(each.low, signed=True)} / {number(each.high, signed=True)} {unit}"
    if share >= OFTEN:
        how = ("vrijwel altijd" if nl else "almost always") if share >= CLEAR else ("meestal" if nl else "mostly")
        side = ("meer" if more else "minder") if nl else ("more" if more else "less")
        return (
            f"{a} geeft {how} {side} {what} dan {b} (in {percent(share)} van de standen van wat we niet weten; 90%: {span})"  # noqa: E501
            if nl else
            f"{a} gives {how} {side} {what} than {b} (in {percent(share)} of the states of what is not known; 90%: {span})"  # noqa: E501
        )  # fmt: skip
    return (
        f"tussen {a} en {b} is op {what} geen duidelijke volgorde ({percent(each.higher)} meer, {percent(each.lower)} minder; 90%: {span})"  # noqa: E501
        if nl else
        f"there is no clear order between {a} and {b} on {what} ({percent(each.higher)} more, {percent(each.lower)} less; 90%: {span})"  # noqa: E501
    )  # fmt: skip


def answer(result: SweepResult, found: list[Contrast], study: dict[str, Any], language: str) -> str:
    """Three sentences: what comes out, what decides it, and what the model cannot carry."""
    nl = language == "nl"
    headline = [each for each in found if each.indicator == HEADLINE]
    if "budgets" in study:
        middle = float(study["budgets"][len(study["budgets"]) // 2])
        told = comparison_words(compare_packages(result, HEADLINE, budget=middle), language).splitlines()[0].rstrip(".")
    else:
        told = "; ".join(verdict_words(result, headline[k], language) for k in study["say"])
    one = told[0].upper() + told[1:] + "."
    lead = headline[study["say"][0]]
    words = [f"«{meaning(result, name, language)}» ({rho:+.2f})" for name, rho in lead.deciding]
    a, b = _name(result, lead.of, language), _name(result, lead.versus, language)
    listed = (" en " if nl else " and ").join(words)
    if words:
        two = (
            f"Wat {a} van {b} scheelt, hangt het meest af van {listed}; toeval: {percent(lead.chance)} van de spreiding."  # noqa: E501
            if nl else
            f"How {a} differs from {b} depends most on {listed}; of its spread {percent(lead.chance)} is chance."
        )  # fmt: skip
    else:
        two = (
            f"Geen enkele onbekende bepaalt aantoonbaar wat {a} van {b} scheelt; van zijn spreiding is {percent(lead.chance)} toeval."  # noqa: E501
            if nl else
            f"No unknown demonstrably decides how {a} differs from {b}; of its spread {percent(lead.chance)} is chance."
        )  # fmt: skip
    return f"{one} {two} {study['notes'][language]}"


def page(result: SweepResult, study: dict[str, Any], command: str) -> str:
    """The page of a study, as Markdown."""
    sweep = result.manifest["sweep"]
    groups = list(result.groups) if study.get("every_group") else [study.get("group", "all")]
    found = [
        contrast(result, of, versus, indicator, group)
        for of, versus in study["contrasts"]
        for group in groups
        for indicator in SHOWN
    ]
    basis = result.manifest["parameters"]
    state = (
        {"nl": "geijkt", "en": "calibrated"} if basis["calibrated"] else {"nl": "niet geijkt", "en": "not calibrated"}
    )
    drawn = {"nl": "de priors", "en": "the priors"} if sweep["design"]["kind"] == "prior" else {"nl": "de posterior", "en": "the posterior"}  # fmt: skip  # noqa: E501
    parts = [f"# {sweep['name']['nl']}", answer(result, found, study, "nl")]
    parts.append(
        f"*Parameters {state['nl']}: getrokken uit {drawn['nl']}, {result.manifest['points']} standen × {result.replicates} werelden. Uitkomsten van nagebootste werelden, geen voorspelling; let op de richting, niet op de hoogte.*"  # noqa: E501
    )
    parts += [f"## {sweep['name']['en']}", answer(result, found, study, "en")]
    parts.append(
        f"*Parameters {state['en']}: drawn from {drawn['en']}, {result.manifest['points']} states × {result.replicates} worlds. Outcomes of simulated worlds, no forecast; read directions, not levels.*"  # noqa: E501
    )
    lines = [
        "| of | versus | group | outcome | median | 90% of the states | higher in | lower in | chance in the spread |",
        "| --- | --- | --- | --- | ---: | ---: | ---: | ---: | ---: |",
    ]
    for each in found:
        unit = result.units[each.indicator]
        span = f"{number(each.low, signed=True)} to {number(each.high, signed=True)}"
        lines.append(
            f"| {each.of} | {each.versus} | {each.group} | {each.indicator} ({unit}) | "
            f"{number(each.median, signed=True)} | {span} | {percent(each.higher)} | {percent(each.lower)} | "
            f"{percent(each.chance)} |"
        )
    parts += ["## Differences, to the horizon", "\n".join(lines)]
    parts.append("## What decides them")
    decided = [
        f"- {each.of} against {each.versus} ({each.group}) on {each.indicator}: "
        + "; ".join(f"`{name}` {rho:+.2f}" for name, rho in each.deciding)
        for each in found
        if each.deciding and each.indicator == HEADLINE
    ]
    parts.append("\n".join(decided) or "No unknown goes with a difference in homes reached beyond chance.")
    parts.append(
        "Rank correlations over the states, where unlikely to be chance among all unknowns (p < 0.05, Bonferroni)."
    )
    for budget in study.get("budgets", []):
        parts.append(f"## Within {budget:,} euros an initiative, all years together")
        parts.append(comparison_words(compare_packages(result, HEADLINE, budget=float(budget)), "en"))
    parts.append("## Made by")
    model = result.manifest["depends_on"]["model"]
    parts.append(f"```sh\n{command}\n```\n\nModel `{model}`, sweep `{result.manifest['identity']}`.")
    return "\n\n".join(parts) + "\n"


def main(arguments: list[str] | None = None) -> int:
    """The command; exit status 0, or 2 and one line for bad input."""
    parser = argparse.ArgumentParser(prog="python -m sim.research.study", description="Answer a question of practice.")
    parser.add_argument("name", help="the id of a study in docs/studies")
    parser.add_argument("--out", type=Path, required=True, help="folder of the runs; give it again to go on")
    parser.add_argument("--page", type=Path, help="the page to write; left out: standard output")
    parser.add_argument("--parameters", choices=["prior", "posterior"], default="prior")
    parser.add_argument("--draws", type=int, help="states of what is not known (default: as in the file)")
    parser.add_argument("--workers", type=int)
    chosen = parser.parse_args(arguments)
    try:
        studies = json.loads((STUDIES / "studies.json").read_text(encoding="utf-8"))
        if chosen.name not in studies:
            raise InputError("study", "name", f"unknown study '{chosen.name}'; allowed: {', '.join(sorted(studies))}")
        file = STUDIES / f"{chosen.name}.yaml"
        data = read_document(file)
        data["design"]["kind"] = chosen.parameters
        if chosen.draws is not None:
            data["design"]["draws"] = chosen.draws
        conduct(plan_of(parse_sweep(data, file), file), chosen.out, LocalCrew(chosen.workers))
        command = (
            f"python -m sim.research.study {chosen.name} --out runs/{chosen.name} --page docs/studies/{chosen.name}.md"
        )
        if chosen.parameters != "prior":
            command += f" --parameters {chosen.parameters}"
        if chosen.draws is not None:
            command += f" --draws {chosen.draws}"
        text = page(open_sweep(chosen.out), studies[chosen.name], command)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    if chosen.page is None:
        print(text, end="")
    else:
        chosen.page.write_text(text, encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
