"""Sections about the fit itself: what was fitted, how the sampling went, and whether the fit is right."""

from __future__ import annotations

import math
from functools import partial

import numpy as np

from calibration.identify import PRIOR_ONLY
from calibration.report import figures
from calibration.report.content import (
    Data,
    Picture,
    Section,
    Table,
    content,
    kind_of,
    model_answer,
    not_done,
    parameter_name,
    quantity_name,
    yes_no,
)
from calibration.report.counted import share_ticks
from calibration.report.data import RATIO_ALLOWED, SHIFT_ALLOWED, rank_curves
from calibration.report.figures import Curves, Dot, Panel
from calibration.report.language import listed, number, percent, text
from calibration.sbc import LEVEL, WIDTH
from calibration.space import unit_of
from sim.evidence.parameters import CALIBRATED

GROUPS = ("parameters", "answers", "effects", "likelihood")
RHAT, EFFECTIVE = 1.01, 1000


def fitted_to(language: str, data: Data) -> Section:
    """What was fitted, and to what."""
    fit = data["fit"]
    rows = [
        (text(language, f"fit.{key}"), value)
        for key, value in (
            ("targets", f"{fit['targets']['id']}: {fit['targets']['source']}"),
            ("world", fit["world"]["id"]),
            ("parameters", listed(language, [parameter_name(language, name) for name in CALIBRATED])),
            ("runs", number(language, fit["runs"])),
            ("fresh", number(language, fit["fresh_runs"] or 0)),
            ("draws", number(language, fit["draws"])),
            ("polite", percent(language, fit["polite"] or 0.0)),
            ("seed", str(fit["seed"])),
            ("model", data["model"]),
            ("survey", data["survey"]),
            ("hash", fit["parameters_hash"]),
        )
    ]
    table = Table(
        text(language, "fit.caption"), (text(language, "fit.head.what"), text(language, "fit.head.value")), tuple(rows)
    )
    rough = text(language, "fit.rough", runs=number(language, fit["runs"])) if fit["runs"] < 10_000 else ""
    return Section(
        "fit",
        text(language, "fit.title"),
        (text(language, "fit.lead"), text(language, "fit.how")),
        tables=(table,),
        notice=rough,
    )


def sampling_failed(data: Data) -> bool:
    """Whether the ensembles disagree, or are too short."""
    s = data["fit"]["sampling"]
    return not (s["rhat_max"] <= RHAT and s["ess_bulk_min"] >= EFFECTIVE and s["agreed"])


def sampling(language: str, data: Data) -> Section:
    """Diagnostics of the sampling and of the emulator."""
    s, emulator = data["fit"]["sampling"], data["fit"]["emulator"] or {}
    rows = [
        (text(language, "sampling.ensembles"), str(s["ensembles"]), text(language, "sampling.two")),
        (text(language, "sampling.rhat"), number(language, s["rhat_max"], 3), f"≤ {number(language, RHAT, 2)}"),
        (text(language, "sampling.bulk"), number(language, s["ess_bulk_min"]), f"≥ {number(language, EFFECTIVE)}"),
        (text(language, "sampling.tail"), number(language, s["ess_tail_min"]), "—"),
        (text(language, "sampling.acceptance"), number(language, s["acceptance"], 2), "—"),
    ]
    wrong = {
        k for k, bad in enumerate((s["ensembles"] < 2, s["rhat_max"] > RHAT, s["ess_bulk_min"] < EFFECTIVE)) if bad
    }
    head = tuple(text(language, f"sampling.head.{k}") for k in ("what", "value", "norm"))
    tables = [Table(text(language, "sampling.caption"), head, tuple(rows), frozenset(wrong))]
    left = [
        (
            model_answer(language, name, k),
            number(language, mean, 2, signed=True),
            number(language, found["spread"][k], 2),
        )
        for name, found in emulator.items()
        if isinstance(found, dict)
        for k, mean in enumerate(found["mean"])
    ]
    if left:
        head = tuple(text(language, f"emulator.head.{k}") for k in ("answer", "mean", "spread"))
        tables.append(Table(text(language, "emulator.caption"), head, tuple(left)))
    across = emulator.get("largest_correlation_between_questions")
    paragraphs = [text(language, "sampling.lead")]
    if across is not None:
        paragraphs.append(text(language, "emulator.lead", correlation=number(language, across, 2)))
    paragraphs.append(text(language, "sampling.failed" if sampling_failed(data) else "sampling.passed"))
    return Section("sampling", text(language, "sampling.title"), tuple(paragraphs), tables=tuple(tables))


def sbc(language: str, data: Data) -> Section:
    """Simulation-based calibration: curves of ranks, and coverage."""
    proof, title = content(data, "sbc"), text(language, "sbc.title")
    if proof is None:
        return Section("sbc", title, (text(language, "sbc.lead"),), notice=not_done(language, data, "sbc"))
    names, failed = proof["names"], [row["name"] for row in proof["coverage"] if row["holm"] < LEVEL]
    pictures = []
    if "ranks" in proof:
        pictures.append(_rank_picture(language, proof))
    pictures.append(_coverage_picture(language, proof, failed))
    named = [quantity_name(language, name) for name in proof["outside_band"]]
    by_chance = number(language, 0.05 * len(names), 1)
    if named:
        leaving = text(
            language, "sbc.band_left", count=len(named), of=len(names), names=listed(language, named), chance=by_chance
        )
    else:
        leaving = text(language, "sbc.band_kept", of=len(names), chance=by_chance)
    holm = number(language, data["sbc"]["holm_p"], 3)
    if failed:
        verdict = text(
            language, "sbc.failed", names=listed(language, [quantity_name(language, name) for name in failed]), p=holm
        )
    else:
        verdict = text(language, "sbc.passed", p=holm)
    small = text(language, "sbc.small", fits=proof["fits"]) if proof["fits"] < 300 else ""
    lead = text(
        language,
        "sbc.how",
        fits=number(language, proof["fits"]),
        draws=number(language, proof["draws"]),
        count=len(names),
    )
    return Section(
        "sbc",
        title,
        (text(language, "sbc.lead"), lead, verdict, leaving, twice(language, proof)),
        tuple(pictures),
        notice=small,
    )


def twice(language: str, proof: Data) -> str:
    """That two checks point to the same quantity: it leaves the band of ranks and has the lowest coverage of all."""
    lowest = min(proof["coverage"], key=lambda row: row["share"])
    if lowest["name"] not in proof["outside_band"]:
        return ""
    name = quantity_name(language, lowest["name"])
    return text(
        language, "sbc.twice", name=name, share=percent(language, lowest["share"]), p=number(language, lowest["p"], 3)
    )


def _rank_picture(language: str, proof: Data) -> Picture:
    places, away, band = rank_curves(proof)
    groups = [(group, [k for k, name in enumerate(proof["names"]) if kind_of(name) == group]) for group in GROUPS]
    parts = []
    for group, chosen in groups:
        if not chosen:
            continue
        outside = [j for j, k in enumerate(chosen) if proof["names"][k] in proof["outside_band"]]
        note = text(language, "sbc.panel_note", out=len(outside), count=len(chosen))
        height = float(f"{np.max(band):.1g}")
        parts.append(
            Curves(
                text(language, f"sbc.group.{group}"),
                places,
                away[chosen],
                band,
                outside,
                note,
                (number(language, 0, 0), number(language, 0.5, 1), "1"),
                height,
                number(language, -height, 2),
                number(language, height, 2, signed=True),
            )
        )
    finding = text(language, "sbc.curves", out=len(proof["outside_band"]), count=len(proof["names"]))
    rows = tuple(
        (quantity_name(language, name), number(language, float(np.max(np.abs(away[k]))), 3),
         text(language, "sbc.leaves" if name in proof["outside_band"] else "sbc.stays"))
        for k, name in enumerate(proof["names"])
    )  # fmt: skip
    wrong = frozenset(k for k, name in enumerate(proof["names"]) if name in proof["outside_band"])
    head = tuple(text(language, f"sbc.head.{k}") for k in ("quantity", "distance", "band"))
    table = Table(finding, head, rows, wrong)
    return Picture("sbc-ranks", finding, text(language, "sbc.curves_subtitle"), partial(figures.curves, parts), table)


def _coverage_picture(language: str, proof: Data, failed: list[str]) -> Picture:
    coverage = proof["coverage"]
    dots = []
    for row in coverage:
        figures_of = {"share": percent(language, row["share"]), "p": number(language, row["holm"], 2)}
        note = text(language, "sbc.coverage_note", **figures_of)
        dots.append(Dot(middle=row["share"], bad=row["name"] in failed, note=note))
    low = min(0.7, *(row["share"] - 0.05 for row in coverage))
    error = 1.96 * float(np.sqrt(WIDTH * (1.0 - WIDTH) / proof["fits"]))
    ticks = [(x, percent(language, x)) for x in (0.7, 0.8, 0.9, 1.0)]
    panel = Panel(
        text(language, "sbc.coverage_axis"),
        dots,
        (low, 1.005),
        ticks,
        (WIDTH - error, min(1.005, WIDTH + error)),
        WIDTH,
    )
    labels = [quantity_name(language, row["name"]) for row in coverage]
    finding = text(language, "sbc.coverage", passed=len(coverage) - len(failed), count=len(coverage))
    head = tuple(text(language, f"sbc.head.{k}") for k in ("quantity", "coverage", "p", "holm"))
    rows = tuple(
        (label, percent(language, row["share"]), number(language, row["p"], 3), number(language, row["holm"], 3))
        for label, row in zip(labels, coverage, strict=True)
    )
    table = Table(finding, head, rows, frozenset(k for k, row in enumerate(coverage) if row["name"] in failed))
    subtitle = text(language, "sbc.coverage_subtitle")
    return Picture("sbc-coverage", finding, subtitle, partial(figures.dots, labels, [panel]), table)


def exact_failed(data: Data) -> list[str]:
    """Parameters whose mean or spread is farther from the fresh runs than is allowed."""
    proof = content(data, "exact")
    low, high = RATIO_ALLOWED
    return [
        name
        for name, row in (proof or {"parameters": {}})["parameters"].items()
        if abs(row["shift"]) > SHIFT_ALLOWED or not low <= row["sd_ratio"] <= high
    ]


def exact(language: str, data: Data) -> Section:
    """The fit against fresh runs without an emulator, and against an emulator learned anew."""
    proof, title = content(data, "exact"), text(language, "exact.title")
    check = data["fit"]["check"]
    tables: tuple[Table, ...] = ()
    if check:
        second = tuple(
            (
                parameter_name(language, name),
                number(language, row["shift"], 2, signed=True),
                number(language, row["sd_ratio"], 2),
            )
            for name, row in check.items()
        )
        head = tuple(text(language, f"exact.head.{k}") for k in ("parameter", "shift", "ratio"))
        caption = text(language, "exact.second", runs=number(language, data["fit"]["fresh_runs"]))
        tables = (Table(caption, head, second),)
    if proof is None:
        return Section(
            "exact", title, (text(language, "exact.lead"),), tables=tables, notice=not_done(language, data, "exact")
        )
    failed, found = exact_failed(data), proof["parameters"]
    low, high = RATIO_ALLOWED
    error = 1.0 / float(np.sqrt(proof["effective"]))
    shifts = [Dot(middle=row["shift"], bad=abs(row["shift"]) > SHIFT_ALLOWED) for row in found.values()]
    ratios = [Dot(middle=row["sd_ratio"], bad=not low <= row["sd_ratio"] <= high) for row in found.values()]
    far = max(0.3, *(abs(row["shift"]) * 1.1 for row in found.values()))
    least, most = (
        min(0.7, *(r["sd_ratio"] - 0.05 for r in found.values())),
        max(1.35, *(r["sd_ratio"] + 0.05 for r in found.values())),
    )
    shift_ticks = [(x, number(language, x, 2, signed=True)) for x in (-SHIFT_ALLOWED, 0.0, SHIFT_ALLOWED)]
    ratio_ticks = [(x, number(language, x, 2)) for x in (low, 1.0, high)]
    allowed = (-SHIFT_ALLOWED, SHIFT_ALLOWED)
    panels = (
        Panel(text(language, "exact.shift"), shifts, (-far, far), shift_ticks, allowed, 0.0),
        Panel(text(language, "exact.ratio"), ratios, (least, most), ratio_ticks, (low, high), 1.0),
    )
    labels = [parameter_name(language, name) for name in found]
    finding = text(language, "exact.title_figure", passed=len(found) - len(failed), count=len(found))
    head = tuple(text(language, f"exact.head.{k}") for k in ("parameter", "shift", "ratio", "verdict"))
    rows = tuple(
        (
            parameter_name(language, name),
            number(language, row["shift"], 2, signed=True),
            number(language, row["sd_ratio"], 2),
            yes_no(language, name not in failed),
        )
        for name, row in found.items()
    )
    table = Table(finding, head, rows, frozenset(k for k, name in enumerate(found) if name in failed))
    subtitle = text(language, "exact.subtitle")
    lead = text(
        language,
        "exact.effective",
        runs=number(language, proof["runs"]),
        effective=number(language, proof["effective"]),
        error=number(language, error, 2),
    )
    weak = text(language, "exact.weak", error=number(language, error, 2)) if error > SHIFT_ALLOWED / 2 else ""
    pictures = (Picture("exact", finding, subtitle, partial(figures.dots, labels, panels), table),)
    return Section("exact", title, (text(language, "exact.lead"), lead), pictures, tables, notice=weak)


def recovery(language: str, data: Data) -> Section:
    """Known truths, found back or not."""
    proof, title = content(data, "recovery"), text(language, "recovery.title")
    if proof is None:
        return Section(
            "recovery", title, (text(language, "recovery.lead"),), notice=not_done(language, data, "recovery")
        )
    pictures = []
    for part in ("answers", "parameters"):
        names = list(proof["truths"][0][part])
        rows: list[tuple[str, ...]] = []
        panels, wrong, inside, could = [], set(), 0, 0
        for truth in proof["truths"]:
            dots = []
            for name in names:
                row = truth[part][name]
                held = row["p05"] <= row["truth"] <= row["p95"]
                inside += held
                low, middle, high, true = (
                    _place(name, row[key]) if part == "parameters" else row[key]
                    for key in ("p05", "p50", "p95", "truth")
                )
                could += part == "parameters" and high - low < WIDTH * math.sqrt(1.0 - PRIOR_ONLY)
                dots.append(Dot(low, middle, high, true, bad=not held))
                if not held:
                    wrong.add(len(rows))
                figures_of = [number(language, row[key], 3) for key in ("truth", "p05", "p50", "p95")]
                rows.append(
                    (
                        _recovered(language, part, name),
                        _label(language, truth["label"]),
                        *figures_of,
                        yes_no(language, held),
                    )
                )
            ends = (-0.02, 1.02) if part == "parameters" else (0.0, 1.0)
            ticks = share_ticks(language)[::2]
            panels.append(Panel(_label(language, truth["label"]), dots, ends, ticks))
        finding = text(language, f"recovery.{part}", inside=inside, count=len(rows), could=could)
        head = tuple(
            text(language, f"recovery.head.{k}")
            for k in ("name", "truth_name", "truth", "p05", "p50", "p95", "verdict")
        )
        labels = [_recovered(language, part, name) for name in names]
        pictures.append(
            Picture(
                f"recovery-{part}",
                finding,
                text(language, f"recovery.{part}_subtitle", surveys=proof["surveys"]),
                partial(figures.dots, labels, panels),
                Table(finding, head, tuple(rows), frozenset(wrong)),
            )
        )
    return Section(
        "recovery", title, (text(language, "recovery.lead"), text(language, "recovery.limit")), tuple(pictures)
    )


def _place(name: str, value: float) -> float:
    """Where a value lies in its prior, 0 to 1."""
    return float(unit_of(np.array([[value]]), (name,))[0, 0])


def _label(language: str, label: str) -> str:
    from calibration.report.language import text_or

    return text_or(language, f"truth.{label.replace(' ', '_')}", label)


def _recovered(language: str, part: str, name: str) -> str:
    if part == "parameters":
        return parameter_name(language, name)
    question, _, place = name.rpartition(" ")
    return model_answer(language, question, int(place) - 1)
