"""What a sensitivity analysis found: tables, a figure, and sentences in Dutch and English."""

from __future__ import annotations

import csv
from collections.abc import Sequence
from pathlib import Path

from sim.research.naming import axis_name, group_name, month_name, outcome_name, outcome_unit, scenario_name
from sim.research.reading import SweepResult
from sim.research.sensitivity import Sensitivity
from sim.research.study_words import capital, number, percent, whole

NAMED = 3
LEAST_SHARE = 0.05
IN_FIGURE = 12
FOLDER = "sensitivity"


def subject(result: SweepResult, each: Sensitivity, language: str) -> str:
    """What a sentence is about: an outcome of a scenario, or the paired difference from the first."""
    where = group_name(language, each.group)
    what = outcome_name(language, each.indicator) + (f" {where}" if where else "")
    named = f"{what}, {scenario_name(language, result, each.scenario)}"
    if each.quantity == "outcome":
        return named
    versus = scenario_name(language, result, result.scenarios[0])
    return f"{named} " + ("tegenover" if language == "nl" else "against") + f" {versus}"


def sentence(result: SweepResult, each: Sensitivity, language: str) -> str:
    """«Of this outcome's spread, x% is chance, y% is not knowing parameter z.»"""
    about = capital(subject(result, each, language))

    def share(value: float) -> str:
        return percent(language, min(1.0, max(0.0, value)))

    if each.spread <= 0:
        return f"**{about}**: " + ("varieert niet." if language == "nl" else "does not vary.")
    if each.chance != each.chance:
        told = "is met één wereld per punt niet bepaald hoeveel toeval is" if language == "nl" else (
            "chance was not determined, with one world a point")  # fmt: skip
    else:
        told = f"komt {share(each.chance)} door toeval" if language == "nl" else f"{share(each.chance)} is chance"
    knowable = 1.0 - (0.0 if each.chance != each.chance else each.chance)
    parts = []
    for index in each.ranked[:NAMED]:
        name = axis_name(language, result, index.parameter)
        words = (f"«{name}»" if language == "nl" else f"“{name}”") + f" (`{index.parameter}`)"
        if "ST" in index.numbers:
            low, high = (max(0.0, index.numbers[f"ST_{end}"]) for end in ("low", "high"))
            if index.numbers["ST"] * knowable < LEAST_SHARE:
                continue
            alone = min(index.numbers["S1"], index.numbers["ST"])  # estimated apart, so chance can put it above
            own, all_ = share(alone * knowable), share(index.numbers["ST"] * knowable)
            between = f"{share(low * knowable)}–{share(high * knowable)}"
            parts.append(
                f"{all_} ({between}) doordat we {words} niet kennen, waarvan {own} op zichzelf" if language == "nl" else
                f"{all_} ({between}) is not knowing {words}, of which {own} on its own")  # fmt: skip
        else:
            star = number(language, index.numbers["mu_star"])
            least, most_ = (number(language, max(0.0, index.numbers[f"mu_star_{end}"])) for end in ("low", "high"))
            parts.append(f"{words} {star} ({least}–{most_})")
    if each.indices and "ST" in each.indices[0].numbers:
        start = "Van de spreiding " if language == "nl" else "Of the spread, "
        nothing = "geen enkele onbekende doet er noemenswaardig toe" if language == "nl" else "no unknown matters much"
        text = f"{start}{told}; {'; '.join(parts) or nothing}."
    else:
        start = "Van de spreiding over deze punten " if language == "nl" else "Of the spread over these points, "
        most = "het sterkst werken" if language == "nl" else "what weighs most"
        text = f"{start}{told}; {most}, {on_scale(language, each.indicator)}: {'; '.join(parts)}."
    if each.noise == each.noise and each.noise > 0.1:
        text += (
            f" Let op: {share(each.noise)} van het verschil tussen punten is nog toeval; geef meer replicates."
            if language == "nl" else
            f" Mind: {share(each.noise)} of the difference between points is still chance; give more replicates."
        )  # fmt: skip
    return f"**{about}**: {text}"


def on_scale(language: str, indicator: str) -> str:
    """The unit of the numbers that follow: «in homes», «on a scale of 0 to 1»."""
    unit = outcome_unit(language, indicator)
    if unit in ("0 tot 1", "0 to 1"):
        return f"op een schaal van {unit}" if language == "nl" else f"on a scale of {unit}"
    return f"in {unit}"


READING = {
    "ST": {
        "nl": "«Niet kennen» is: over het hele bereik dat onderzocht is. Een brede prior weegt dus zwaar. Aandelen van "
        "onbekenden mogen samen meer zijn dan het geheel, als ze op elkaar inwerken.",
        "en": "'Not knowing' means: over the whole range that was explored, so a wide prior weighs heavily. Shares of "
        "unknowns may add up to more than the whole where they work on one another.",
    },
    "mu_star": {
        "nl": "Het getal achter een onbekende (Morris, μ*) is hoeveel de uitkomst gemiddeld verschuift, omhoog of "
        "omlaag, als die onbekende van de ene naar de andere kant van het onderzochte bereik gaat; een brede prior "
        "weegt dus zwaar. Tussen haakjes de marge van 95%: overlappen twee marges, dan staat hun volgorde niet vast. "
        "Of het omhoog of omlaag is, staat als `mu` in `indices.csv`.",
        "en": "The number after an unknown (Morris, μ*) is how far the outcome shifts on average, up or down, when "
        "that unknown goes from one end of the explored range to the other, so a wide prior weighs heavily. In "
        "brackets its 95% interval: where two overlap, their order is not certain. Whether it is up or down stands in "
        "`indices.csv` as `mu`.",
    },
}


def report(result: SweepResult, found: Sequence[Sensitivity], language: str) -> str:
    """The whole report as Markdown."""
    nl = language == "nl"
    sweep = result.manifest["sweep"]
    head = f"# {sweep['name'][language]}\n\n{sweep['description'][language]}\n\n"
    basis = result.manifest["parameters"]
    calibrated = basis["calibrated"]
    runs, month = whole(language, result.manifest["runs"]), month_name(language, result.last_month)
    kind = "ST" if any("ST" in index.numbers for each in found for index in each.indices) else "mu_star"
    base = (
        f"{runs} runs; {month}; wat niet gevarieerd wordt, staat op «{basis['name']}»"
        f"{'' if calibrated else ' (**niet afgesteld**)'}. {READING[kind]['nl']}"
        if nl else
        f"{runs} runs; {month}; what is not varied is as in '{basis['name']}'"
        f"{'' if calibrated else ' (**not calibrated**)'}. {READING[kind]['en']}"
    )  # fmt: skip
    lines = [f"- {sentence(result, each, language)}" for each in found]
    return head + base + "\n\n" + "\n".join(lines) + "\n"


def write(result: SweepResult, found: Sequence[Sensitivity]) -> Path:
    """Write tables (CSV), the figure (SVG) and the report in both languages; returns their folder."""
    folder = result.folder / FOLDER
    folder.mkdir(exist_ok=True)
    keys = ("quantity", "scenario", "indicator", "group", "world", "unit")
    with (folder / "spread.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        writer.writerow([*keys, "mean", "variance", "share_chance", "share_noise_in_means"])
        for each in found:
            writer.writerow([*(getattr(each, key) for key in keys), each.mean, each.spread, each.chance, each.noise])
    with (folder / "indices.csv").open("w", encoding="utf-8", newline="") as stream:
        writer = csv.writer(stream, lineterminator="\n")
        columns = list(found[0].indices[0].numbers) if found else []
        writer.writerow([*keys, "parameter", *columns])
        for each in found:
            for index in each.ranked:
                row = [getattr(each, key) for key in keys]
                writer.writerow([*row, index.parameter, *(index.numbers[name] for name in columns)])
    for language in ("nl", "en"):
        (folder / f"report-{language}.md").write_text(report(result, found, language), encoding="utf-8")
    if found:
        figure(result, found, folder / "figure.svg")
    return folder


def figure(result: SweepResult, found: Sequence[Sensitivity], path: Path) -> None:
    """Bars with their intervals: the unknowns that matter most, for each paired difference (or each outcome)."""
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    shown = [each for each in found if each.quantity == "difference" and each.group == "all"] or list(found)
    shown = shown[:6]
    key = "ST" if "ST" in shown[0].indices[0].numbers else "mu_star"
    with rc_context({"svg.hashsalt": "samenspel", "svg.fonttype": "none"}):
        drawing = Figure(figsize=(9, 0.6 + 2.9 * len(shown)), layout="constrained")
        for place, each in enumerate(shown, start=1):
            axes = drawing.add_subplot(len(shown), 1, place)
            bars = each.ranked[:IN_FIGURE][::-1]
            middle = [bar.numbers[key] for bar in bars]
            reach = [
                [value - max(0.0, bar.numbers[f"{key}_low"]) for value, bar in zip(middle, bars, strict=True)],
                [bar.numbers[f"{key}_high"] - value for value, bar in zip(middle, bars, strict=True)],
            ]
            reach = [[max(0.0, value) for value in side] for side in reach]
            axes.barh([bar.parameter for bar in bars], middle, xerr=reach, color="#2f6f8f", ecolor="#1c1c1c")
            what = "total index (share of variance between points)" if key == "ST" else f"mu* ({each.unit})"
            axes.set_title(subject(result, each, "en"), loc="left", fontsize=10)
            axes.set_xlabel(what)
        drawing.savefig(path, metadata={"Date": None})
