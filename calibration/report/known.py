"""Sections about what is known and what is not: parameters, ridges, conclusions, and the respondents."""

from __future__ import annotations

import math
from collections.abc import Sequence
from functools import partial
from typing import Any, Literal

from calibration.report import figures
from calibration.report.content import (
    Data,
    Picture,
    Section,
    Table,
    content,
    not_done,
    outcome_name,
    parameter_name,
    policy_name,
    within_sentence,
)
from calibration.report.counted import share_ticks
from calibration.report.data import EDGE
from calibration.report.figures import Dot, Histogram, Panel
from calibration.report.language import listed, number, percent, significant, text, text_or
from sim.indicators import INDICATORS

STRONG = 0.4  # share of a parameter in a direction from which it is named
SURE = 0.95  # share of the draws that must point one way for a conclusion to stand
SURVIVAL = ("active",)  # outcomes that rest on how many initiatives stop
FACILITATORS = frozenset({"independent-facilitator"})
PINNED = 0.5  # eigenvalue below which a combination is said to be pinned down


def parameters(language: str, data: Data) -> Section:
    """Prior and fit of every parameter."""
    rows = data["parameters"]
    learned = [row for row in rows if not row["prior_only"]]
    parts = [
        Histogram(
            parameter_name(language, row["name"]),
            row["shares"],
            tuple(significant(language, row[key], 2) for key in ("low", "middle", "high")),  # type: ignore[arg-type]
            text(
                language,
                "parameters.prior_only" if row["prior_only"] else "parameters.narrower",
                share=percent(language, row["contraction"]),
            ),
            row["prior_only"],
        )
        for row in rows
    ]
    finding = text(language, "parameters.title_figure", learned=len(learned), count=len(rows))
    keys = ("name", "meaning", "unit", "prior", "fit", "contraction", "badge", "source")
    table = Table(
        finding,
        tuple(text(language, f"parameters.head.{k}") for k in keys),
        tuple(_parameter(language, row) for row in rows),
    )
    picture = Picture(
        "parameters", finding, text(language, "parameters.subtitle"), partial(figures.histograms, parts), table
    )
    unknown = [parameter_name(language, row["name"]) for row in rows if row["prior_only"]]
    said = text(language, "parameters.unknown", count=len(unknown), names=listed(language, unknown)) if unknown else ""
    paragraphs = (text(language, "parameters.lead"), said, *piled(language, rows))
    return Section("parameters", text(language, "parameters.title"), paragraphs, (picture,))


def piled(language: str, rows: Sequence[Data]) -> list[str]:
    """Each parameter whose draws pile up at an end of its prior, in a sentence."""
    return [
        text(
            language,
            f"parameters.piled_{row['piled_at']}",
            name=parameter_name(language, row["name"]),
            end=significant(language, row["low" if row["piled_at"] == "low" else "high"]),
            share=percent(language, row["piled_share"]),
            edge=percent(language, EDGE),
        )
        for row in rows
        if row["piled_at"]
    ]


def _parameter(language: str, row: Data) -> tuple[str, ...]:
    low, middle, high = (significant(language, row[key]) for key in ("p05", "p50", "p95"))
    middle_90 = {key: significant(language, row[f"prior_{end}"]) for key, end in (("low", "p05"), ("high", "p95"))}
    ends = text(language, "range", **middle_90)
    law = text(language, f"prior.{row['prior'].partition('(')[0]}")
    badge = {"interviewed": "●", "inferred": "◐", "assumption": "◌"}[row["status"]]
    section = f"§{row['section']}; " if row["section"] else ""
    return (
        row["name"],
        row["meaning"][language],
        text_or(language, f"unit.{row['unit']}", row["unit"]),
        f"{ends} ({law})",
        text(language, "parameters.fit", middle=middle, low=low, high=high),
        percent(language, max(0.0, row["contraction"]))
        + (f" · {text(language, 'prior_only')}" if row["prior_only"] else ""),
        f"{badge} {text(language, 'badge.' + row['status'])}",
        section + row["source"],
    )


def directions(language: str, data: Data) -> Section:
    """Which combinations are pinned down, and which parameters can stand in for one another."""
    found = data["directions"]
    values, vectors = found["eigenvalues"], found["vectors"]
    pinned = [k for k, value in enumerate(values) if value < PINNED]
    labels = [text(language, "directions.label", place=k + 1) for k in range(len(values))]
    dots = [Dot(middle=value, note=_loading(language, vectors, k, 2)) for k, value in enumerate(values)]
    far = max(1.2, max(values) * 1.05)
    ticks = [(x, number(language, x, 1)) for x in (0.0, 0.5, 1.0)]
    panel = Panel(text(language, "directions.axis"), dots, (0.0, far), ticks, (0.0, PINNED), 1.0)
    finding = text(language, "directions.title_figure", pinned=len(pinned), count=len(values))
    head = tuple(text(language, f"directions.head.{k}") for k in ("direction", "eigenvalue", "parts"))
    rows = tuple(
        (labels[k], number(language, value, 3), _loading(language, vectors, k, 4)) for k, value in enumerate(values)
    )
    picture = Picture(
        "directions",
        finding,
        text(language, "directions.subtitle"),
        partial(figures.dots, labels, [panel]),
        Table(finding, head, rows),
    )
    ridges = tuple(
        text(
            language,
            "directions.ridge_up" if row["correlation"] > 0 else "directions.ridge_down",
            first=parameter_name(language, row["first"]),
            second=parameter_name(language, row["second"]),
            correlation=number(language, row["correlation"], 2, signed=True),
        )
        for row in found["ridges"]
    )
    none = text(language, "directions.no_ridge") if not ridges else text(language, "directions.ridges")
    return Section(
        "directions",
        text(language, "directions.title"),
        (text(language, "directions.lead"), none),
        (picture,),
        points=ridges,
    )


def _loading(language: str, vectors: dict[str, Any], k: int, most: int) -> str:
    """The parameters that weigh most in a direction."""
    parts = sorted(((abs(row[k]), row[k], name) for name, row in vectors.items()), reverse=True)
    named = [part for part in parts[:most] if part[0] >= STRONG] or parts[:1]
    if most > 2:
        named = parts[:most]
        return ", ".join(
            f"{number(language, x, 2, signed=True)} {parameter_name(language, name)}" for _, x, name in named
        )
    return text_or(language, f"parameter.{named[0][2]}", named[0][2])


def choices(language: str, data: Data) -> Section:
    """Which conclusions change sign within the fit."""
    proof, title = content(data, "choices"), text(language, "choices.title")
    if proof is None:
        return Section("choices", title, (text(language, "choices.lead"),), notice=not_done(language, data, "choices"))
    rows = proof["contests"]
    open_ones = [row for row in rows if row["changes_sign"]]
    duels = list(dict.fromkeys((row["first"], row["second"]) for row in rows))
    by_name = {(row["first"], row["second"], row["outcome"]): row for row in rows}
    panels = tuple(
        Panel(
            outcome_name(language, outcome),
            [
                Dot(middle=by_name[(*duel, outcome)]["draws"], bad=by_name[(*duel, outcome)]["changes_sign"])
                for duel in duels
            ],
            (-0.02, 1.02),
            share_ticks(language)[::2],
            (0.05, 0.95),
            0.5,
        )
        for outcome in proof["outcomes"]
    )
    finding = text(
        language, "choices.title_figure", changing=len(open_ones), count=len(rows), fitted=len(data["parameters"])
    )
    head = tuple(text(language, f"choices.head.{k}") for k in ("duel", "outcome", "mean", "worlds", "draws", "verdict"))
    table = Table(
        finding,
        head,
        tuple(
            (
                duel_name(language, row),
                outcome_name(language, row["outcome"]),
                _difference(language, row),
                percent(language, row["worlds"]),
                percent(language, row["draws"]),
                " · ".join((verdict(language, row), *doubts(language, data, row))),
            )
            for row in rows
        ),
        frozenset(k for k, row in enumerate(rows) if row["changes_sign"]),
    )
    labels = [duel_name(language, {"first": first, "second": second}) for first, second in duels]
    subtitle = text(language, "choices.subtitle", pairs=number(language, proof["pairs"]))
    picture = Picture("choices", finding, subtitle, partial(figures.dots, labels, panels), table)
    return Section("choices", title, (text(language, "choices.lead"), text(language, "choices.how")), (picture,))


def verdict(language: str, row: Data) -> str:
    """Whether a comparison may change sign, and else which of the two is better."""
    if row["changes_sign"]:
        return text(language, "choices.changes")
    alone = "_alone" if row["second"] == "as-now" else ""
    return text(language, f"choices.stands_{'first' if row['draws'] > 0.5 else 'second'}{alone}")


def weak_parts(data: Data, row: Data) -> list[str]:
    """Why a comparison rests on less than the others: its outcome is about stopping, and the count of what stopped is
    not met (*failed*); a facilitator is in it, and what one does is assumed (*assumed*).
    """
    missed = {each["name"] for each in data["held_out"] if not each["inside"]}
    failed = "heat_gone" in missed and row["outcome"] in SURVIVAL
    assumed = not FACILITATORS.isdisjoint((row["first"], row["second"]))
    return [name for name, is_so in (("failed", failed), ("assumed", assumed)) if is_so]


def doubts(language: str, data: Data, row: Data) -> list[str]:
    """`weak_parts` in words."""
    return [text(language, f"choices.weak_{name}") for name in weak_parts(data, row)]


def duel_name(language: str, row: Data) -> str:
    """Two policies against each other, the shorter way when one is going on as now."""
    first = policy_name(language, row["first"])
    if row["second"] == "as-now":
        return first
    second = within_sentence(policy_name(language, row["second"]))
    return text(language, "choices.duel", first=first, second=second)


def unit_of_outcome(language: str, outcome: str) -> str:
    """The unit of an outcome."""
    unit: str = INDICATORS[outcome].unit[language] if outcome in INDICATORS else ""
    return unit


def _difference(language: str, row: Data) -> str:
    digits = _digits(row)
    mean, half = number(language, row["mean"], digits, signed=True), number(language, 1.96 * row["error"], digits)
    return f"{mean} ± {half} {unit_of_outcome(language, row['outcome'])}"


def _digits(row: Data) -> int:
    """So many decimals that the 95% half-width has one digit that counts."""
    half = 1.96 * row["error"]
    return 0 if half >= 1 or half <= 0 else min(3, math.ceil(-math.log10(half)))


Finding = Literal["first", "unclear", "nothing"]


def found_out(choice: Data) -> Finding:
    """What a choice gains from knowing its most valuable parameter. *first*: more than two standard errors above
    nothing. *unclear*: it seems to be worth something, but by less than that, or by more than knowing everything, so
    that these pairs of worlds are too few to tell. *nothing*: no parameter is worth more than noise.
    """
    best = choice["parameters"][0]
    value = float(best["value"])
    if value <= 0:
        return "nothing"
    told = best["error"] is not None and value > 2.0 * best["error"] and value <= choice["everything"]
    return "first" if told else "unclear"


def worth(language: str, data: Data) -> Section:
    """What one would have to find out first."""
    proof, title = content(data, "choices"), text(language, "worth.title")
    if proof is None:
        return Section("worth", title, (text(language, "worth.lead"),), notice=not_done(language, data, "choices"))
    points: list[str] = []
    rest: dict[str, list[str]] = {"unclear": [], "nothing": []}
    rows = []
    for choice in proof["worth"]:
        unit, outcome = unit_of_outcome(language, choice["outcome"]), outcome_name(language, choice["outcome"])
        second = within_sentence(policy_name(language, choice["second"]))
        duel = text(language, "choices.duel", first=policy_name(language, choice["first"]), second=second)
        named = f"{duel} ({within_sentence(outcome)})"
        best = choice["parameters"][0]
        finding = found_out(choice)
        if finding == "first":
            points.append(
                text(
                    language,
                    "worth.first",
                    duel=named,
                    parameter=parameter_name(language, best["parameter"]),
                    value=significant(language, best["value"], 2),
                    error=significant(language, best["error"], 2),
                    everything=significant(language, choice["everything"], 2),
                    unit=unit,
                )
            )
        else:
            rest[finding].append(named)
        rows += [
            (
                duel,
                outcome,
                parameter_name(language, each["parameter"]),
                f"{significant(language, each['value'], 2)} ± {_error(language, each)} {unit}",
                share_of_all(language, each),
            )
            for each in choice["parameters"][:3]
            if each["value"] > 0
        ]
    points += [text(language, f"worth.{kind}", duels="; ".join(duels)) for kind, duels in rest.items() if duels]
    head = tuple(text(language, f"worth.head.{k}") for k in ("duel", "outcome", "parameter", "value", "share"))
    return Section(
        "worth",
        title,
        (text(language, "worth.lead"), text(language, "worth.error")),
        tables=(Table(text(language, "worth.caption"), head, tuple(rows), folded=True),),
        points=tuple(points),
    )


def _error(language: str, each: Data) -> str:
    return "?" if each["error"] is None else significant(language, each["error"], 2)


def share_of_all(language: str, each: Data) -> str:
    """What a parameter is worth beside knowing everything; more than that cannot be, so it says nothing."""
    if each["share"] is None:
        return "—"
    return percent(language, each["share"]) if each["share"] <= 1 else text(language, "worth.undetermined")


def flips(proof: Data) -> list[tuple[Data, Data, Data]]:
    """Conclusions that do not survive a variant: (variant, row as told, row under the variant). As told one policy is
    better in at least 95% of draws (or worse), under the variant no longer.
    """
    plain = {(row["first"], row["second"], row["outcome"]): row for row in proof["variants"][0]["contests"]}
    found = []
    for variant in proof["variants"][1:]:
        for row in variant["contests"]:
            before = plain[(row["first"], row["second"], row["outcome"])]
            if (before["draws"] > 0.95 and row["draws"] <= 0.95) or (before["draws"] < 0.05 and row["draws"] >= 0.05):
                found.append((variant, before, row))
    return found


def decided(draws: float) -> bool:
    """Whether so many draws point one way: 95 of 100 or more."""
    return draws > SURE or draws < 1.0 - SURE


def standing_as_told(proof: Data) -> tuple[int, int]:
    """How many conclusions stood with the answers as told, and how many others pass the bar under a variant."""
    first, *others = proof["variants"]
    open_ones = {
        (row["first"], row["second"], row["outcome"]) for row in first["contests"] if not decided(row["draws"])
    }
    passed = {
        key
        for variant in others
        for row in variant["contests"]
        if (key := (row["first"], row["second"], row["outcome"])) in open_ones and decided(row["draws"])
    }
    return len(first["contests"]) - len(open_ones), len(passed)


def respondents(language: str, data: Data) -> Section:
    """Polite answers, and the satisfied likelier to be interviewed."""
    proof, title = content(data, "respondents"), text(language, "respondents.title")
    who = (text(language, "respondents.who"), text(language, "respondents.lead"))
    if proof is None:
        return Section("respondents", title, who, notice=not_done(language, data, "respondents"))
    variants = proof["variants"]
    duels = list(dict.fromkeys((row["first"], row["outcome"]) for row in variants[0]["contests"]))
    names = [_variant(language, v["label"]) for v in variants]
    by_name = [{(row["first"], row["outcome"]): row for row in v["contests"]} for v in variants]
    rows = tuple(
        (
            policy_name(language, first),
            outcome_name(language, outcome),
            *(percent(language, each[first, outcome]["draws"]) for each in by_name),
        )
        for first, outcome in duels
    )
    lost = flips(proof)
    changed = {(row["first"], row["outcome"]) for _, _, row in lost}
    table = Table(
        text(language, "respondents.caption"),
        (text(language, "respondents.head.policy"), text(language, "choices.head.outcome"), *names),
        rows,
        frozenset(k for k, duel in enumerate(duels) if duel in changed),
    )
    # Where the sample is biased, the emulator gives what such a sample says; only politeness is taken away again.
    told = [
        (name, v["answers"]["effect"][0])
        for name, v in zip(names, variants, strict=True)
        if v["satisfied_ratio"] == 1.0 and "effect" in v["answers"]
    ]
    tables = [table]
    picture: tuple[Picture, ...] = ()
    if told:
        helped = [share for _, share in told]
        dots = [Dot(middle=share, note=percent(language, share)) for share in helped]
        panel = Panel(text(language, "respondents.helped"), dots, (0.0, 1.0), share_ticks(language))
        head = (text(language, "respondents.head.variant"), text(language, "respondents.helped"))
        finding = text(
            language,
            "respondents.title_figure",
            told=percent(language, helped[0]),
            least=percent(language, min(helped)),
        )
        picture = (
            Picture(
                "respondents",
                finding,
                text(language, "respondents.subtitle"),
                partial(figures.dots, [name for name, _ in told], [panel]),
                Table(finding, head, tuple((name, percent(language, share)) for name, share in told)),
            ),
        )
    stood, passed = standing_as_told(proof)
    values = {"of": len(duels), "stood": stood, "count": len(changed), "passed": passed}
    said = text(language, "respondents.flips" if lost else "respondents.stands", **values)
    points = tuple(
        text(
            language,
            "respondents.flip",
            variant=_variant(language, variant["label"]),
            policy=policy_name(language, row["first"]),
            outcome=outcome_name(language, row["outcome"]),
            before=percent(language, before["draws"]),
            after=percent(language, row["draws"]),
        )
        for variant, before, row in lost
    )
    return Section("respondents", title, (*who, said), picture, tuple(tables), points)


def _variant(language: str, label: str) -> str:
    key = label.replace(" ", "_").replace(",", "").replace("%", "")
    return text_or(language, f"variant.{key}", label)
