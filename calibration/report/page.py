"""The whole report in one language: what failed first, then every section."""

from __future__ import annotations

from dataclasses import dataclass

from calibration.report import counted, known, proven
from calibration.report.content import Data, Section, parameter_name, quantity_name, shown, where
from calibration.report.content import counted as of
from calibration.report.data import HOLDS
from calibration.report.language import listed, number, percent, text
from calibration.sbc import LEVEL

LIMITS = ("facilitator", "perceived", "stops", "agreements", "unheard", "one_place", "future", "shape", "design")
ODD = 0.05  # share of worlds below which all fitted counts together are too odd


@dataclass(frozen=True, eq=False)
class Report:
    """title, headline and summary stand above; failed: claims that did not pass; undone: proofs that are not there."""

    language: str
    title: str
    headline: str
    summary: tuple[tuple[str, str], ...]
    failed: tuple[str, ...]
    undone: tuple[str, ...]
    sections: tuple[Section, ...]
    made: str


def report(language: str, data: Data) -> Report:
    """The report on data of `calibration.report.data`."""
    return Report(
        language,
        text(language, "report.title"),
        headline(language, data),
        summary(language, data),
        failed(language, data),
        undone(language, data),
        (
            proven.fitted_to(language, data),
            proven.sampling(language, data),
            counted.fitted(language, data),
            counted.held_out(language, data),
            counted.five(language, data),
            counted.patterns(language, data),
            proven.sbc(language, data),
            proven.exact(language, data),
            proven.recovery(language, data),
            known.parameters(language, data),
            known.directions(language, data),
            known.choices(language, data),
            known.worth(language, data),
            known.respondents(language, data),
            limits(language),
            again(language, data),
        ),
        text(language, "report.made", model=data["model"], hash=data["fit"]["parameters_hash"]),
    )


def _inside(data: Data, part: str) -> tuple[int, int]:
    rows = shown(data[part])
    return sum(row["inside"] for row in rows), len(rows)


def headline(language: str, data: Data) -> str:
    """The finding of the whole report: first what was a test."""
    fitted, held = _inside(data, "targets"), _inside(data, "held_out")
    return text(language, "report.headline", fitted=of(language, *fitted), held=of(language, *held))


def summary(language: str, data: Data) -> tuple[tuple[str, str], ...]:
    """Names and values of what was tried, in short."""
    missing = text(language, "summary.undone")
    rows = data["patterns"]
    (emergent, of_emergent), (built, of_built) = counted.held_by_label(rows).values()
    untried = rows[0]["holds"] is None
    learned = sum(not row["prior_only"] for row in data["parameters"])
    sbc, exact = data["proofs"]["sbc"]["content"], data["proofs"]["exact"]["content"]
    choices = data["proofs"]["choices"]["content"]
    covered = sum(row["holm"] >= LEVEL for row in sbc["coverage"]) if sbc else 0
    agreed = len(exact["parameters"]) - len(proven.exact_failed(data)) if exact else 0
    changing = sum(row["changes_sign"] for row in choices["contests"]) if choices else 0
    found = (
        ("held_out", of(language, *_inside(data, "held_out"))),
        ("targets", of(language, *_inside(data, "targets"))),
        ("choices", of(language, changing, len(choices["contests"])) if choices else missing),
        ("emergent", missing if untried else of(language, emergent, of_emergent)),
        ("built_in", missing if untried else of(language, built, of_built)),
        ("sbc", of(language, covered, len(sbc["coverage"])) if sbc else missing),
        ("exact", of(language, agreed, len(exact["parameters"])) if exact else missing),
        ("parameters", of(language, learned, len(data["parameters"]))),
    )
    return tuple((text(language, f"summary.{name}"), value) for name, value in found)


def failed(language: str, data: Data) -> tuple[str, ...]:
    """Every claim that did not pass, in a sentence."""
    found = []
    for part in ("held_out", "targets"):
        found += [counted.failure(language, row) for row in shown(data[part]) if not row["inside"]]
    if data["together"] < ODD:
        found.append(text(language, "failed.together", share=percent(language, data["together"])))
    for row in data["orders"]:
        if row["share_of_draws"] < HOLDS:
            values = {"order": counted.order(language, row), "section": where(row["section"])}
            found.append(text(language, "failed.order", share=percent(language, row["share_of_draws"]), **values))
    outside = [row["name"] for row in shown(data["conditioned"]) if not row["inside"]]
    if outside:
        found.append(text(language, "failed.five" if len(outside) > 1 else "failed.five_one", count=len(outside)))
    if proven.sampling_failed(data):
        found.append(text(language, "sampling.failed"))
    not_held = [row for row in data["patterns"] if row["holds"] is False]
    if not_held:
        ids = listed(language, [row["id"] for row in not_held])
        found.append(text(language, "failed.patterns", count=len(not_held), of=len(data["patterns"]), ids=ids))
    sbc = data["proofs"]["sbc"]["content"]
    if sbc:
        short = [quantity_name(language, row["name"]) for row in sbc["coverage"] if row["holm"] < LEVEL]
        if short:
            p = number(language, data["sbc"]["holm_p"], 3)
            found.append(text(language, "sbc.failed", names=listed(language, short), p=p))
        if sbc["outside_band"]:
            names = listed(language, [quantity_name(language, name) for name in sbc["outside_band"]])
            chance = number(language, 0.05 * len(sbc["names"]), 1)
            found.append(
                text(
                    language,
                    "sbc.band_left",
                    count=len(sbc["outside_band"]),
                    of=len(sbc["names"]),
                    names=names,
                    chance=chance,
                )
            )
    wrong = proven.exact_failed(data)
    if wrong:
        found.append(
            text(language, "failed.exact", names=listed(language, [parameter_name(language, name) for name in wrong]))
        )
    return tuple(found)


def undone(language: str, data: Data) -> tuple[str, ...]:
    """Proofs that are not there, each with its command."""
    return tuple(
        f"{text(language, f'proof.{name}')}: {text(language, 'notdone.' + proof['standing'], command=proof['command'])}"
        for name, proof in data["proofs"].items()
        if proof["standing"] != "done"
    )


def limits(language: str) -> Section:
    """What the model cannot say."""
    points = tuple(text(language, f"limit.{each}") for each in LIMITS)
    return Section("limits", text(language, "limits.title"), (text(language, "limits.lead"),), points=points)


def again(language: str, data: Data) -> Section:
    """How to make everything again."""
    fit = data["fit"]
    refit = ["samenspel calibrate", f"--seed {fit['seed']}", f"--runs {fit['runs']}"]
    validate = ["samenspel validate", f"--worlds {data['worlds']}"]
    if not fit["targets"]["shipped"]:
        refit.append("--targets FILE")
        validate.append("--targets FILE")
    if not fit["shipped"]:
        refit.append(f"--out {fit['name']}")
        validate.append(f"--parameters {fit['name']}")
    proofs = [proof["command"] for proof in data["proofs"].values()]
    worlds = number(language, data["worlds"])
    return Section(
        "again",
        text(language, "again.title"),
        (text(language, "again.lead", worlds=worlds, seed=data["seed"]),),
        code=(" ".join(refit), *proofs, " ".join(validate)),
    )
