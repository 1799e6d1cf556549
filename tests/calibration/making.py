"""A fit and proofs made up for tests: draws from the prior, and numbers a person can check, with true hashes."""

import json
from pathlib import Path

import numpy as np

from calibration.bank import survey_hash, world_of
from calibration.fit import contraction, described_world, targets_hash
from calibration.posterior_files import rounded, write_posterior
from calibration.space import prior_points, records_with, values_of
from calibration.targets import load_targets
from sim.engine.compiling import model_hash
from sim.evidence.parameters import CALIBRATED, PARAMETERS, parameter_hash


def make_fit(folder: Path, **changed) -> dict:
    """Write a fit whose draws are those of the prior, the first parameter narrowed to a quarter; returns its manifest.
    ``changed`` replaces parts of the manifest.
    """
    unit = prior_points(200, 5)
    unit[:, 0] = 0.25 + unit[:, 0] / 4.0
    values = rounded(values_of(unit))
    narrower = contraction(unit)
    quantiles = np.quantile(values, [0.05, 0.5, 0.95], axis=0)
    targets = load_targets()
    manifest = {
        "model": model_hash(),
        "survey": survey_hash(),
        "world": described_world(world_of()),
        "targets": {"id": targets.id, "hash": targets_hash(targets)},
        "seed": 1,
        "polite": 0.0,
        "runs": 20_000,
        "fresh_runs": 0,
        "draws": len(values),
        "parameters_hash": parameter_hash(records_with(values)),
        "emulator": {
            "effect": {"mean": [0.0, 0.1, -0.1], "spread": [1.0, 1.1, 0.9]},
            "largest_correlation_between_questions": 0.12,
        },
        "sampling": {
            "ensembles": 4,
            "acceptance": 0.2,
            "rhat_max": 1.004,
            "ess_bulk_min": 2400,
            "ess_tail_min": 2000,
            "agreed": True,
        },
        "check": None,
        "parameters": {
            name: {
                "unit": PARAMETERS[name].unit,
                "prior": str(PARAMETERS[name].prior),
                "p05": float(quantiles[0, k]),
                "p50": float(quantiles[1, k]),
                "p95": float(quantiles[2, k]),
                "contraction": round(float(narrower[k]), 3),
                "rhat": 1.001,
                "ess_bulk": 2500,
            }
            for k, name in enumerate(CALIBRATED)
        },
        "answers": {},
    } | changed
    write_posterior(folder, values, manifest)
    return manifest


def row(**numbers) -> dict:
    """Quantiles and a truth."""
    return {"truth": 0.2, "p05": 0.1, "p50": 0.2, "p95": 0.3} | numbers


def proof_contents() -> dict:
    """Every proof, each with one thing that fails and one that does not."""
    names = [CALIBRATED[0], "P(effect: contributed)", "log likelihood", "regular-meetings: active"]
    ranks = np.arange(200)[:, None].repeat(4, axis=1) % 20  # even over 0 to 19
    ranks[:, 1] = 0
    truth = {name: row(truth=0.2) for name in ("effect 1", "effect 2")}
    own = {name: row(truth=PARAMETERS[name].value, p50=PARAMETERS[name].value) for name in CALIBRATED}
    for name in own:
        own[name] |= {"p05": PARAMETERS[name].prior.low, "p95": PARAMETERS[name].prior.high}
    duel = {"first": "structural-funding", "second": "as-now", "outcome": "active"}
    against = {"first": "structural-funding", "second": "regular-meetings", "outcome": "active"}
    from calibration.patterns import CLAIMS

    short = {"share": 0.5, "p": 0.001, "holm": 0.004}
    checked = {name: {"shift": 0.01, "sd_ratio": 1.0} for name in CALIBRATED}
    checked[CALIBRATED[0]]["shift"] = 0.4
    found = {"label": "middle", "parameters": own, "answers": truth | {"effect 1": row(truth=0.9)}}
    shares = {claim.id: 1.0 for claim in CLAIMS}
    return {
        "sbc": {
            "fits": 300,
            "draws": 19,
            "names": names,
            "ranks": ranks.tolist(),
            "coverage": [
                {"name": name} | (short if k == 1 else {"share": 0.9, "p": 0.8, "holm": 1.0})
                for k, name in enumerate(names)
            ],
            "outside_band": [names[1]],
        },
        "exact": {
            "runs": 1000,
            "effective": 400.0,
            "parameters": checked,
        },
        "recovery": {"surveys": 5, "truths": [found]},
        "patterns": {
            "draws": 50,
            "replicates": 20,
            "shares": {"prior": shares, "posterior": shares | {"12c": 0.3, "1a": 0.6}},
        },
        "choices": {
            "world": "projection",
            "pairs": 100,
            "outcomes": ["active"],
            "contests": [
                duel | {"mean": 2.0, "error": 0.1, "worlds": 0.9, "draws": 1.0, "changes_sign": False},
                against | {"mean": 0.1, "error": 0.2, "worlds": 0.5, "draws": 0.6, "changes_sign": True},
            ],
            "worth": [
                against
                | {
                    "everything": 1.0,
                    "parameters": [{"parameter": CALIBRATED[0], "value": 0.5, "error": 0.1, "share": 0.5}],
                }
            ],
        },
        "respondents": {
            "pairs": 100,
            "variants": [
                {
                    "label": label,
                    "polite": polite,
                    "satisfied_ratio": 1.0,
                    "answers": {"effect": [0.83 - polite, 0.1, 0.07]},
                    "parameters": {},
                    "contests": [duel | {"mean": 2.0, "draws": draws}],
                }
                for label, polite, draws in (("as told", 0.0, 0.99), ("20% polite", 0.2, 0.7))
            ],
        },
    }  # fmt: skip


def make_proofs(folder: Path, of_fit: str, **head) -> None:
    """Write every proof of a fit. ``head`` replaces what each says of itself."""
    folder.mkdir(exist_ok=True)
    for name, content in proof_contents().items():
        made = {
            "model": model_hash(),
            "survey": survey_hash(),
            "posterior": of_fit,
            "seed": 1,
            "made_by": f"make {name}",
        }
        (folder / f"{name}.json").write_text(json.dumps(made | head | content), encoding="utf-8")
