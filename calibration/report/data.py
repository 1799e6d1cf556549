"""Everything a validation finds, as plain data: numbers, names and lists, nothing that must still be computed.

`collect` makes it: it lives fresh worlds at draws of the fit, interviews them, reads the proofs, and sets all of that
beside what was counted. `document` is the part of it that `samenspel validate --json` prints.

`python -m calibration.report` writes `calibration/report/shipped.json`: the same data for the fit that is shipped,
without the raw ranks of simulation-based calibration. A page can show it without computing anything. It holds `model`;
where that is not the hash of the present model, the file is of other rules and must not be shown as if it were of
these. Keys:

- `targets`, `held_out`, `conditioned`: rows (name, question, answer, section, n, missing, observed, p05, p25, p50, p75,
  p95, inside, chosen_with: parameters whose range was chosen with that count in view); `together`: share of worlds
  whose fitted counts are odder than those counted; `orders`;
- `patterns`: rows (id, section, holds, share_of_draws, prior_share, reason, …); `sbc`; `contraction`;
- `parameters`: rows; `directions`; `fit`: what was fitted, and how the sampling went;
- `proofs`: by name, standing (*done*, *missing*, *other_model* or *other_fit*), command, names_fit, content.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from calibration.bank import survey_hash, world_of
from calibration.fit import described_world, targets_hash
from calibration.identify import PRIOR_ONLY, directions
from calibration.patterns import CLAIMS
from calibration.posterior_files import read_unit
from calibration.predictive import SEED, WORLDS, Predictive, predictive
from calibration.prior_predictive import share_farther, with_orders
from calibration.proving import FOLDER
from calibration.report.fit_manifest import check_manifest
from calibration.report.proofs import Proof, proofs
from calibration.sbc import simultaneous_band
from calibration.targets import INTERVIEWS_2021, TargetFile, load_targets
from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED, PARAMETERS, Prior
from sim.posterior import SHIPPED, is_posterior, posterior_records, read_manifest, read_values
from sim.world.files import World

Data = dict[str, Any]
BINS = 24  # of the picture of a parameter
HOLDS = 0.75  # share of the draws from which a claim is said to hold; half of them: sometimes
COUNT_COLUMNS = ("name", "section", "observed", "p05", "p50", "p95", "inside")
PATTERN_COLUMNS = ("id", "section", "holds", "share_of_draws", "reason")
EDGE = 0.05  # share of the prior at either end that is its edge
PILED = 2.5  # times that share of the draws from which a parameter is said to pile up there
SHIFT_ALLOWED, RATIO_ALLOWED = 0.15, (0.85, 1.2)  # of the check against fresh runs


def collect(
    folder: str | Path = SHIPPED,
    *,
    targets: TargetFile | str | Path | None = None,
    world: World | str | Path | None = None,
    worlds: int = WORLDS,
    seed: int = SEED,
    proof_folder: Path = FOLDER,
    workers: int | None = None,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Data:
    """Validate the fit in a folder.

    targets: the file it was fitted to (default: the interviews of 2021). world: the one it was fitted in (default: the
    reference world). worlds: how many fresh ones are lived and interviewed. Raises `InputError` where there is no fit,
    where it belongs to another model, interview, world or other counts, and `Cancelled`.
    """
    path = Path(folder)
    file = targets if isinstance(targets, TargetFile) else load_targets(targets or INTERVIEWS_2021)
    setting = world_of() if world is None else world_of(world)
    manifest = checked_manifest(path, file, setting)
    unit = read_unit(path)
    usual = world is None or setting == world_of()
    found = predictive(
        unit,
        file,
        setting,
        worlds=worlds,
        seed=seed,
        heat=usual,  # what is known of heat initiatives is known of this country
        workers=workers,
        progress=progress,
        cancelled=cancelled,
    )
    known = proofs(manifest["parameters_hash"], path, proof_folder)
    contracted = {name: row["contraction"] for name, row in manifest["parameters"].items()}
    rows = count_rows(found, file)
    return {
        "model": manifest["model"],
        "survey": manifest["survey"],
        "worlds": worlds,
        "seed": seed,
        "fit": fit_of(manifest, path, file),
        "together": together(found, file),
        "targets": [row for row in rows if row["use"] == "fitted"],
        "held_out": [row for row in rows if row["use"] == "held_out"],
        "conditioned": [row for row in rows if row["use"] == "conditioned"],
        "orders": [
            {"question": o.question, "more": o.more, "less": o.less, "section": o.section, "share_of_draws": o.share}
            for o in found.orders
        ],
        "patterns": pattern_rows(known["patterns"].content),
        "sbc": sbc_of(known["sbc"].content),
        "contraction": contracted,
        "parameters": parameter_rows(manifest, path),
        "directions": directions_of(unit),
        "proofs": {name: _plain(proof) for name, proof in known.items()},
    }


def checked_manifest(folder: Path, file: TargetFile, world: World) -> Data:
    """What a fit says of itself, if it belongs to this model, this interview, these counts and this world. Raises
    `InputError`.
    """
    if folder.resolve() != SHIPPED and not is_posterior(folder):
        raise InputError(
            folder,
            "--parameters",
            "is no folder of a fit; allowed: what `samenspel calibrate --out` wrote",
            "is geen map met een afstelling; toegestaan: wat `samenspel calibrate --out` schreef",
        )
    posterior_records(folder)  # refuses a fit of another model
    manifest = read_manifest(folder)
    check_manifest(folder, manifest)
    if manifest["survey"] != survey_hash():
        raise InputError(
            folder,
            "survey",
            "was fitted with another virtual interview; run `samenspel calibrate` again",
            "is afgesteld met een ander nagebootst interview; draai `samenspel calibrate` opnieuw",
        )
    lacking = [name for name in CALIBRATED if name not in read_values(folder)[0]]
    if lacking:
        raise InputError(folder, lacking[0], "was not fitted; run `samenspel calibrate` again")
    if manifest["targets"]["hash"] != targets_hash(file):
        raise InputError(
            folder,
            "targets",
            f"was fitted to other counts ('{manifest['targets']['id']}') than '{file.id}' holds; give the file it was "
            "fitted to with --targets, or fit again",
            f"is afgesteld op andere tellingen ('{manifest['targets']['id']}') dan '{file.id}' bevat; geef het bestand "
            "waarop is afgesteld met --targets, of stel opnieuw af",
        )
    named = manifest["world"]["id"]
    if manifest["world"] != described_world(world):
        raise InputError(
            folder,
            "world",
            f"was fitted in another world ('{named}') than '{world.id}' now is; give it with --world",
            f"is afgesteld in een andere wereld ('{named}') dan '{world.id}' nu is; geef die met --world",
        )
    return manifest


def fit_of(manifest: Mapping[str, Any], folder: Path, file: TargetFile) -> Data:
    """What was fitted, to what, with how much work, and how well the sampling went."""
    keys = (
        "seed",
        "runs",
        "fresh_runs",
        "draws",
        "polite",
        "parameters_hash",
        "world",
        "sampling",
        "emulator",
        "check",
    )
    return {
        "name": folder.name,
        "shipped": folder.resolve() == SHIPPED,
        "targets": {**manifest["targets"], "source": file.source, "shipped": file == load_targets()},
        **{key: manifest.get(key) for key in keys},
    }


def count_rows(found: Predictive, file: TargetFile) -> list[Data]:
    """Every count beside what the fresh worlds gave."""
    missing = {t.name: t.missing for t in file.targets()}
    places = [t.name for t in with_orders(file)] + ["heat_gone"]
    rows = []
    for row in found.rows:
        low, high = (float(x) for x in np.quantile(found.counts[:, places.index(row.name)], [0.25, 0.75]))
        rows.append(
            {
                "name": row.name,
                "question": row.question,
                "answer": row.answer,
                "use": row.use,
                "section": row.section,
                "n": row.n,
                "missing": missing.get(row.name, 0),
                "observed": row.observed,
                "p05": round(row.p05, 4),
                "p25": low,
                "p50": row.p50,
                "p75": high,
                "p95": round(row.p95, 4),
                "inside": row.inside,
                "chosen_with": citing(row.observed, row.n) if row.use == "held_out" else [],
            }
        )
    return rows


def citing(count: int, n: int) -> list[str]:
    """Parameters whose prior was chosen with this very count in view: it stands in their source. A count that was held
    out and yet helped to choose a range is no independent test.
    """
    cited = re.compile(rf"\b{count} of {n}\b")
    return [name for name, parameter in PARAMETERS.items() if cited.search(parameter.source)]


def together(found: Predictive, file: TargetFile) -> float:
    """Share of the worlds whose fitted counts lie farther from the middle, all together, than what was counted."""
    fitted = [(k, t) for k, t in enumerate(with_orders(file)) if t.use == "fitted"]
    return share_farther(found.counts[:, [k for k, _ in fitted]], [t for _, t in fitted])


def pattern_rows(proof: Mapping[str, Any] | None) -> list[Data]:
    """Every claim: the share of draws in which it holds. Without the proof nothing is known, and nothing is said."""
    kept = (proof or {}).get("shares", proof or {})
    shares, before = kept.get("posterior", {}), kept.get("prior", {})
    return [
        {
            "id": claim.id,
            "section": ", ".join(claim.sections),
            "holds": None if claim.id not in shares else shares[claim.id] >= HOLDS,
            "share_of_draws": shares.get(claim.id),
            "prior_share": before.get(claim.id),
            "reason": claim.reason._asdict() if claim.reason else None,
            "sentence": claim.sentence._asdict(),
            "label": claim.label,
        }
        for claim in CLAIMS
    ]


def sbc_of(proof: Mapping[str, Any] | None) -> Data:
    """Simulation-based calibration in short. holm_p: the smallest corrected p of all quantities (None: not done)."""
    if proof is None:
        return {"fits": 0, "holm_p": None, "coverage90": {}}
    return {
        "fits": proof["fits"],
        "holm_p": min(row["holm"] for row in proof["coverage"]),
        "coverage90": {row["name"]: row["share"] for row in proof["coverage"]},
    }


def parameter_rows(manifest: Mapping[str, Any], folder: Path) -> list[Data]:
    """Every fitted parameter: prior, fit, source, and the picture of its draws in equal parts of the prior."""
    names, values = read_values(folder)
    rows = []
    for name in CALIBRATED:
        parameter, found = PARAMETERS[name], manifest["parameters"][name]
        edges = parameter.prior.quantile(np.linspace(0.0, 1.0, BINS + 1))
        drawn = np.clip(values[:, names.index(name)], edges[0], edges[-1])
        shares = np.histogram(drawn, bins=edges)[0] / len(drawn)
        edge, held = piled_at(parameter.prior, drawn, shares)
        rows.append(
            {
                "name": name,
                "meaning": dict(parameter.meaning),
                "unit": parameter.unit,
                "prior": str(parameter.prior),
                "low": parameter.prior.low,
                "middle": float(parameter.prior.median),
                "high": parameter.prior.high,
                "status": parameter.status,
                "source": parameter.source,
                "section": parameter.section,
                "prior_p05": float(f"{parameter.prior.quantile(0.05):.4g}"),
                "prior_p95": float(f"{parameter.prior.quantile(0.95):.4g}"),
                "p05": found["p05"],
                "p50": found["p50"],
                "p95": found["p95"],
                "piled_at": edge,
                "piled_share": held,
                "contraction": found["contraction"],
                "prior_only": found["contraction"] < PRIOR_ONLY,
                "rhat": found["rhat"],
                "ess_bulk": found["ess_bulk"],
                "shares": [round(float(share), 5) for share in shares],
            }
        )
    return rows


def piled_at(prior: Prior, drawn: np.ndarray, shares: np.ndarray) -> tuple[str, float]:
    """The end of its prior at which a parameter piles up (*low*, *high*, or nothing), and the share of the draws in the
    outermost 5% there. Then the counts ask for values beyond the prior, and its width is that of the prior's end.
    """
    low = float(np.mean(drawn <= prior.quantile(EDGE)))
    high = float(np.mean(drawn >= prior.quantile(1.0 - EDGE)))
    for end, held, outermost in (("low", low, shares[0]), ("high", high, shares[-1])):
        if held >= PILED * EDGE and outermost == np.max(shares):
            return end, round(held, 3)
    return "", 0.0


def directions_of(unit: np.ndarray) -> Data:
    """Eigenvalues (ascending; 1: nothing learned), their vectors by parameter, and pairs on a ridge."""
    found = directions(unit)
    return {
        "eigenvalues": [round(float(x), 4) for x in found.eigenvalues],
        "vectors": {name: [round(float(x), 3) for x in found.vectors[k]] for k, name in enumerate(CALIBRATED)},
        "ridges": [
            {"first": first, "second": second, "correlation": round(rho, 3)} for first, second, rho in found.ridges
        ],
    }


def document(data: Mapping[str, Any]) -> Data:
    """What `samenspel validate --json` prints: columns by name, no more."""

    def only(rows: Sequence[Mapping[str, Any]], columns: Sequence[str]) -> list[Data]:
        return [{column: row[column] for column in columns} for row in rows]

    return {
        "targets": only(data["targets"], COUNT_COLUMNS),
        "held_out": only(data["held_out"], COUNT_COLUMNS),
        "patterns": only(data["patterns"], PATTERN_COLUMNS),
        "sbc": dict(data["sbc"]),
        "contraction": dict(data["contraction"]),
    }


def to_ship(data: Mapping[str, Any]) -> Data:
    """The data without the raw ranks, which are many and of no use without a drawing."""
    kept = dict(data)
    kept["proofs"] = {name: dict(proof) for name, proof in data["proofs"].items()}
    ranked = kept["proofs"]["sbc"]
    if ranked["content"] is not None:
        ranked["content"] = {key: value for key, value in ranked["content"].items() if key != "ranks"}
    return kept


def undone(data: Mapping[str, Any]) -> list[str]:
    """Names of the proofs that are not done for this fit."""
    return [name for name, proof in data["proofs"].items() if proof["standing"] != "done"]


def rank_curves(proof: Mapping[str, Any]) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """For the drawing of ranks: places (draws + 1,) from 0 to 1, the difference of each quantity's distribution of
    ranks with the even one (quantities, draws + 1), and the half-width of the simultaneous 95% band (draws + 1,).
    """
    ranks, draws = np.asarray(proof["ranks"]), int(proof["draws"])
    places = np.arange(1, draws + 2) / (draws + 1)
    counted = np.stack([np.bincount(column, minlength=draws + 1) for column in ranks.T])
    return places, np.cumsum(counted, axis=1) / len(ranks) - places, simultaneous_band(len(ranks), draws)


def _plain(proof: Proof) -> Data:
    return {
        "standing": proof.standing,
        "command": proof.command,
        "names_fit": proof.names_fit,
        "content": proof.content,
    }
