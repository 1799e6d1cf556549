"""Computes what the page *Onderbouwing* shows, once; nothing of this runs while somebody looks at the page.

Without a fit it runs the reference world over the priors, as `calibration.prior_predictive` does, and tries every
claim at their medians. With a fit it takes the report of `samenspel validate --json`, which has the same rows, and
the fitted draws.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import Any

import numpy as np

from calibration.prior_predictive import Surveys, surveys, with_orders
from calibration.reference import prior_draws
from calibration.targets import Target, TargetFile, load_targets
from dashboard.evidence.assumed import claim_assumed, policy_assumed
from dashboard.evidence.signs import signs
from sim.comparison import Parameters
from sim.engine.compiling import this_model
from sim.evidence.parameters import CALIBRATED, PARAMETERS, parameter_hash
from sim.scenario import load_scenario

Data = dict[str, Any]
DRAWS = 1000
SEED = 2021
OPTIONAL = ("question", "answer", "n", "chosen_with")  # of a count, in a report that says more than it must
PICTURE = ("p05", "p50", "p95", "shares", "piled_at", "piled_share")
BINS = 24  # of the picture of a fitted parameter


def row(target: Target, draws: np.ndarray) -> Data:
    """One count beside what the model gives for it."""
    low, middle, high = (float(value) for value in np.quantile(draws, [0.05, 0.5, 0.95]))
    return {
        "name": target.name,
        "question": target.question,
        "answer": target.answer,
        "section": target.section,
        "n": target.n,
        "observed": target.count,
        "p05": low,
        "p50": middle,
        "p95": high,
        "inside": low <= target.count <= high,
    }


def orders(file: TargetFile, found: Surveys, targets: Sequence[Target]) -> list[Data]:
    """What was said more often than something else, without a count, and in which share of the draws that is so."""
    column = {(target.question, target.answer): k for k, target in enumerate(targets)}
    rows = []
    for order in file.orders:
        more, less = (found.counts[:, column[order.question, answer]] for answer in (order.more, order.less))
        rows.append(
            {
                "question": order.question,
                "more": order.more,
                "less": order.less,
                "section": order.section,
                "share_of_draws": float(np.mean(more > less)),
            }
        )
    return rows


def before_a_fit(draws: int, seed: int) -> Data:
    """Counts of the virtual interview over draws from the priors: rows of `targets`, `held_out` and `conditioned`."""
    file = load_targets()
    targets = with_orders(file)
    rows = prior_draws(draws, seed)
    found = surveys(Parameters("prior", rows), draws, seed, targets)

    def of(use: str) -> list[Data]:
        return [row(target, found.counts[:, k]) for k, target in enumerate(targets) if target.use == use]

    counted = {
        "calibrated": False,
        "parameters": {"name": "prior", "hash": parameter_hash(rows)},
        "draws": draws,
        "targets": of("fitted"),
        "held_out": of("held_out"),
        "conditioned": of("conditioned"),
        "orders": orders(file, found, targets),
    }
    return {**counted, "signs": signs(counted)}


def claims(told: Callable[[str], None]) -> list[Data]:
    """Every claim at the medians of the priors, with its mechanism on and off."""
    from calibration.patterns import CLAIMS, examine

    rows = []
    for claim in CLAIMS:
        finding = examine(claim)
        rows.append(
            {
                "id": claim.id,
                "section": ", ".join(claim.sections),
                "holds": finding.holds,
                "share_of_draws": None,
                "reason": claim.reason._asdict() if claim.reason else None,
                "effect": {"mean": finding.on.mean, "low": finding.on.low, "high": finding.on.high},
                "off": {"mean": finding.off.mean, "low": finding.off.low, "high": finding.off.high},
            }
        )
        told(f"{claim.id:4} {'holds' if finding.holds else 'does not hold'}")
    return rows


def described_claims() -> Data:
    """What each claim says, by id: nothing of it depends on a run."""
    from calibration.patterns import CLAIMS

    return {
        claim.id: {
            "sentence": claim.sentence._asdict(),
            "sections": list(claim.sections),
            "label": claim.label,
            "unit": claim.unit._asdict(),
            "smallest": claim.smallest,
            "direction": claim.direction,
            "within": claim.within,
            "why": claim.why._asdict(),
            "off": claim.off.words._asdict(),
            "assumed": claim_assumed(claim),
        }
        for claim in CLAIMS
    }


def picture(name: str, values: np.ndarray) -> Data:
    """A fitted parameter: its middle, its 90% range, and how often it lies in each of equal parts of its prior.

    Of a prior that is even on a logarithmic scale, the parts are equal on that scale.
    """
    law = PARAMETERS[name].prior
    edges = law.quantile(np.linspace(0.0, 1.0, BINS + 1))
    counted, _ = np.histogram(np.clip(values, edges[0], edges[-1]), bins=edges)
    low, middle, high = (float(value) for value in np.quantile(values, [0.05, 0.5, 0.95]))
    shares = counted / max(1, counted.sum())
    return {"p05": low, "p50": middle, "p95": high, "shares": [round(float(share), 5) for share in shares]}


def after_a_fit(report: Mapping[str, Any], draws: Mapping[str, np.ndarray]) -> Data:
    """What a validation found, with the counts it may not repeat, and pictures of the fitted parameters.

    report: the data of `python -m calibration.report`, or the smaller document of `samenspel validate --json`. draws:
    fitted values by parameter, where the report has no pictures of its own. Raises `KeyError` for a report without the
    columns that are promised.
    """
    asked = {target.name: target for target in load_targets().targets()}
    needed = ("name", "section", "observed", "p05", "p50", "p95", "inside")

    def completed(rows: Sequence[Mapping[str, Any]]) -> list[Data]:
        found = []
        for each in rows:
            target = asked.get(each["name"])
            known = (
                {"question": target.question, "answer": target.answer, "n": target.n}
                if target
                else {"question": each["name"], "answer": "", "n": None}
            )
            own = {column: each[column] for column in OPTIONAL if each.get(column) is not None}
            found.append({**known, **own, **{column: each[column] for column in needed}})
        return found

    rows = report.get("parameters", [])
    pictures = {
        each["name"]: {column: each[column] for column in PICTURE if column in each}
        for each in rows
        if isinstance(each, Mapping) and "shares" in each
    }
    fit = report.get("fit") or {}
    validated = {
        "calibrated": True,
        "parameters": {"name": "posterior", "hash": fit.get("parameters_hash", "")},
        "draws": report.get("worlds") or max((len(values) for values in draws.values()), default=0),
        "targets": completed(report["targets"]),
        "held_out": completed(report["held_out"]),
        "together": report.get("together"),
        "conditioned": completed(report.get("conditioned", [])),
        "orders": list(report.get("orders", [])),
        "patterns_at": "fit",
        "patterns": [dict(each) for each in report["patterns"]],
        "contraction": dict(report["contraction"]),
        "sbc": report.get("sbc"),
        "posterior": pictures or {name: picture(name, draws[name]) for name in CALIBRATED if name in draws},
        "respondents": changed_conclusions(report),
        "tried": tried_claims(report),
        "choices": choices(report),
    }
    return {**validated, "signs": signs(validated)}


def changed_conclusions(report: Mapping[str, Any]) -> Data | None:
    """Of how many comparisons how many stood, how many of those no longer do and how many others do, when respondents
    were polite or the satisfied likelier to be asked; `None` where that was not tried for this fit.
    """
    from calibration.report.known import flips, standing_as_told

    proof = (report.get("proofs") or {}).get("respondents") or {}
    if proof.get("content") is None:
        return None
    first = proof["content"]["variants"][0]["contests"]
    changed = {(row["first"], row["outcome"]) for _, _, row in flips(proof["content"])}
    stood, passed = standing_as_told(proof["content"])
    return {"count": len(first), "stood": stood, "changed": len(changed), "passed": passed}


def tried_claims(report: Mapping[str, Any]) -> Data | None:
    """In how many draws, with how many worlds each, the claims were tried; `None` where they were not."""
    proof = ((report.get("proofs") or {}).get("patterns") or {}).get("content")
    return None if proof is None else {"draws": proof["draws"], "replicates": proof["replicates"]}


def weak(report: Mapping[str, Any], row: Mapping[str, Any]) -> list[str]:
    """Why a comparison of policies rests on less than others: its outcome *failed* its test, or the effect of one of
    the two is *assumed*.
    """
    from calibration.report.known import weak_parts

    failed = [part for part in weak_parts(dict(report), dict(row)) if part == "failed"]
    assumed = policy_assumed(row["first"]) or policy_assumed(row["second"])
    return [*failed, *(["assumed"] if assumed else [])]


def choices(report: Mapping[str, Any]) -> Data | None:
    """Every comparison of policies with the share of draws in which the first is better, and what is worth finding out
    first; `None` where that was not tried for this fit.
    """
    from calibration.report.known import found_out

    proof = ((report.get("proofs") or {}).get("choices") or {}).get("content")
    if proof is None:
        return None
    kept = ("first", "second", "outcome", "draws", "changes_sign")
    rows = [{**{key: row[key] for key in kept}, "weak": weak(report, row)} for row in proof["contests"]]
    worth = []
    for choice in proof["worth"]:
        best = choice["parameters"][0]
        worth.append(
            {
                **{key: choice[key] for key in ("first", "second", "outcome", "everything")},
                "finding": found_out(choice),
                "weak": weak(report, choice),
                **{key: best[key] for key in ("parameter", "value", "error")},
            }
        )
    policies = dict.fromkeys(name for row in rows for name in (row["first"], row["second"]))
    names = {name: load_scenario(name).name for name in policies}
    return {
        "pairs": proof["pairs"],
        "names": {name: {"nl": words.nl, "en": words.en} for name, words in names.items()},
        "contests": rows,
        "worth": worth,
    }


def gathered(
    report: Mapping[str, Any] | None = None,
    fitted: Mapping[str, np.ndarray] | None = None,
    *,
    draws: int = DRAWS,
    seed: int = SEED,
    told: Callable[[str], None] = lambda _: None,
) -> Data:
    """Everything the page shows, as plain data for `findings.json`."""
    made = {"model": this_model(), "seed": seed, "claims": described_claims()}
    if report is not None:
        found = after_a_fit(report, fitted or {})
        tried = all(row["share_of_draws"] is not None for row in found["patterns"])
        return {**made, **found, **({} if tried else {"patterns_at": "prior", "patterns": claims(told)})}
    counted = before_a_fit(draws, seed)
    told(f"{draws} draws from the priors are interviewed")
    return {
        **made,
        **counted,
        "patterns_at": "prior",
        "patterns": claims(told),
        "contraction": {},
        "sbc": None,
        "posterior": {},
    }
