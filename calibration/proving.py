"""The proofs that take long, made once for a version of the model and kept as data: `python -m calibration.proving`.

Each proof is a file in `calibration/proof/`, with the version of the model, of the interview and of the fit that it
belongs to, its seed and the command that makes it. `samenspel validate` shows those that belong to the present model,
and names those that are missing. Seeds were fixed before the first proof was made.
"""

from __future__ import annotations

import argparse
import json
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from typing import Any

import numpy as np

from calibration.bank import Bank, simulate, survey_hash, world_of
from calibration.effects import Effects, paired_effects, surface
from calibration.emulator import Emulator, features, fit_emulator
from calibration.exact import compared, fresh_runs
from calibration.identify import contests, worth_knowing
from calibration.posterior_files import described, read_unit
from calibration.respondents import VARIANTS, fit_under
from calibration.sampling import SHORT, sample
from calibration.sbc import FITS, coverages, outside_band, simulation_based_calibration, surveys_at
from calibration.sbc import SEED as SBC_SEED
from calibration.space import prior_points, records_of, values_of
from calibration.targets import TargetFile, load_targets
from sim.engine.compiling import this_model
from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED
from sim.posterior import SHIPPED

FOLDER = Path(__file__).resolve().parent / "proof"
SEEDS = {"sbc": SBC_SEED, "exact": 400_000, "recovery": 410_000, "effects": 420_000, "patterns": 430_000}
RESPONDENTS_SEED = 440_000
EXACT_RUNS = 60_000
PAIRS = 800
SURVEYS = 40  # of each known truth that is to be recovered
PATTERN_DRAWS, PATTERN_REPLICATES = 50, 20
CONTESTED = (
    "structural-funding",
    "regular-meetings",
    "broad-embedding",
    "independent-facilitator",
    "municipal-capacity",
)
CHOICES = (
    ("structural-funding", "regular-meetings"),
    ("broad-embedding", "regular-meetings"),
    ("municipal-capacity", "independent-facilitator"),
)
SBC_POLICIES = ("structural-funding", "regular-meetings", "broad-embedding", "independent-facilitator")
SBC_OUTCOMES = ("structural_partnership",)
# Truths to be recovered, on the cube: the middle, and two that lie apart from it and from each other.
TRUTHS = (
    ("middle", np.full(len(CALIBRATED), 0.5)),
    ("low and high", np.where(np.arange(len(CALIBRATED)) % 2 == 0, 0.25, 0.75)),
    ("high and low", np.where(np.arange(len(CALIBRATED)) % 2 == 0, 0.75, 0.25)),
)

SECONDS_BETWEEN_LINES = 10.0
Tell = Callable[[int, int], None]


@dataclass(frozen=True, eq=False)
class Ground:
    """What every proof starts from: the fit and the runs that it was learned from."""

    folder: Path
    manifest: dict[str, Any]
    unit: np.ndarray
    targets: TargetFile
    bank: Bank
    emulator: Emulator
    workers: int | None


def ground(folder: Path, workers: int | None, tell: Tell) -> Ground:
    """The shipped fit, its bank (run again where it is not kept) and its emulator. Raises `InputError` where the fit
    belongs to another model.
    """
    manifest = described(folder)
    if manifest["model"] != this_model():
        raise InputError(
            folder.name, "model", "belongs to another version of the model; run `samenspel calibrate` first"
        )
    targets = load_targets()
    runs, seed = int(manifest["runs"]), int(manifest["seed"])
    bank = simulate(prior_points(runs, seed), seed, world=world_of(), workers=workers, progress=tell)
    return Ground(folder, manifest, read_unit(folder), targets, bank, fit_emulator(bank, targets), workers)


def sbc(g: Ground, tell: Tell, size: float) -> dict[str, Any]:
    """Simulation-based calibration on the real simulator."""
    points = prior_points(max(100, round(600 * size)), SEEDS["sbc"] + 7)
    effects = paired_effects(points, SEEDS["sbc"] + 7, policies=SBC_POLICIES, outcomes=SBC_OUTCOMES, workers=g.workers)
    found = simulation_based_calibration(
        g.emulator,
        world_of(),
        fits=max(20, round(FITS * size)),
        surface=surface(effects),
        workers=g.workers,
        progress=tell,
    )
    return {
        "fits": found.fits,
        "draws": found.draws,
        "names": list(found.names),
        "ranks": found.ranks.tolist(),
        "coverage": [{**asdict(c), "share": round(c.share, 4)} for c in coverages(found)],
        "outside_band": outside_band(found),
    }


def exact(g: Ground, tell: Tell, size: float) -> dict[str, Any]:
    """The fit against fresh runs, with no emulator between them and the counts."""
    runs = max(1000, round(EXACT_RUNS * size))
    fresh = fresh_runs(g.emulator, runs, SEEDS["exact"], dimensions=len(CALIBRATED), workers=g.workers, progress=tell)
    check = compared(g.unit, fresh, CALIBRATED)
    rows = zip(CALIBRATED, check.shift.tolist(), check.ratio.tolist(), strict=True)
    answers = {name: fresh.mean(p).round(4).tolist() for name, p in g.emulator.probabilities(fresh.unit).items()}
    return {
        "runs": check.runs,
        "effective": round(check.effective, 1),
        "standard_error": round(1.0 / np.sqrt(check.effective), 3),
        "parameters": {name: {"shift": round(a, 3), "sd_ratio": round(b, 3)} for name, a, b in rows},
        "answers": answers,
    }


def recovery(g: Ground, tell: Tell, size: float) -> dict[str, Any]:
    """Known truths, from many surveys each: what the counts touch must be found back."""
    surveys = max(5, round(SURVEYS * size))
    truths = []
    for k, (label, point) in enumerate(TRUTHS):
        told = surveys_at(np.tile(point, (surveys, 1)), SEEDS["recovery"] + k, world_of(), g.workers)
        tables = {name: np.array([one[name] for one in told]) for name in g.emulator.models}

        def likelihood(unit: np.ndarray, tables: dict[str, np.ndarray] = tables) -> np.ndarray:
            seen = features(unit)[..., None, :]
            parts = [m.log_likelihood(seen, tables[name]).sum(axis=-1) for name, m in g.emulator.models.items()]
            return np.asarray(np.sum(parts, axis=0))

        drawn = sample(likelihood, len(CALIBRATED), SEEDS["recovery"] + k, SHORT).flat
        own, true_own = values_of(drawn), values_of(point)
        answers, there = g.emulator.probabilities(drawn), g.emulator.probabilities(point[None])
        truths.append(
            {
                "label": label,
                "parameters": {name: _beside(float(true_own[j]), own[:, j]) for j, name in enumerate(CALIBRATED)},
                "answers": {
                    f"{name} {j + 1}": _beside(float(there[name][0, j]), answers[name][:, j])
                    for name in answers
                    for j in range(answers[name].shape[1] - 1)
                },
            }
        )
        tell(k + 1, len(TRUTHS))
    return {"surveys": surveys, "truths": truths}


def _beside(truth: float, drawn: np.ndarray) -> dict[str, float]:
    low, middle, high = (float(f"{x:.5g}") for x in np.quantile(drawn, [0.05, 0.5, 0.95]))
    return {"truth": float(f"{truth:.5g}"), "p05": low, "p50": middle, "p95": high}


def effects_of(g: Ground, tell: Tell, size: float) -> Effects:
    """Paired effects at draws of the fit."""
    pairs = max(100, round(PAIRS * size))
    order = np.random.default_rng(SEEDS["effects"]).permutation(len(g.unit))
    points = np.ascontiguousarray(g.unit[np.resize(order, pairs)])
    return paired_effects(points, SEEDS["effects"], workers=g.workers, progress=tell)


def choices(g: Ground, tell: Tell, size: float) -> dict[str, Any]:
    """Which conclusions change sign within the fit, and which parameter matters most for a choice; and the same where
    respondents were polite or the satisfied likelier to be interviewed (`respondents`, kept beside it).
    """
    effects = effects_of(g, tell, size)
    rows = [_contest(c) for outcome in effects.outcomes for c in contests(effects, outcome, CONTESTED)]
    worth = []
    for first, second in CHOICES:
        for outcome in effects.outcomes:
            away = effects.of(first, outcome) - effects.of(second, outcome)
            each, everything = worth_knowing(effects.unit, away)
            found = [{k: _short(v) for k, v in asdict(w).items()} for w in each]
            worth.append(
                {
                    "first": first,
                    "second": second,
                    "outcome": outcome,
                    "everything": _short(everything),
                    "parameters": found,
                }
            )
    return {
        "world": "projection",
        "pairs": len(effects.unit),
        "outcomes": list(effects.outcomes),
        "contests": rows,
        "worth": worth,
    }


def _contest(c: Any) -> dict[str, Any]:
    return {**{k: _short(v) for k, v in asdict(c).items()}, "changes_sign": c.changes_sign}


def _short(value: Any) -> Any:
    if not isinstance(value, float):
        return value
    return float(f"{value:.4g}") if np.isfinite(value) else None


def respondents(g: Ground, tell: Tell, size: float) -> dict[str, Any]:
    """The fit and its conclusions under polite answers and a biased sample. Effects at other parameters are read from
    a surface through paired runs over the whole prior.
    """
    pairs = max(100, round(PAIRS * size))
    points = prior_points(pairs, RESPONDENTS_SEED)
    found = surface(paired_effects(points, RESPONDENTS_SEED, workers=g.workers, policies=CONTESTED, progress=tell))
    variants = []
    for k, variant in enumerate(VARIANTS):
        emulator, drawn = fit_under(variant, g.bank, g.targets, RESPONDENTS_SEED + k, SHORT)
        own = values_of(drawn.flat)
        low, middle, high = np.quantile(own, [0.05, 0.5, 0.95], axis=0)
        means = dict(zip(found.names, found(drawn.flat).T, strict=True))
        rows = []
        for name, values in means.items():
            policy, outcome = name.split(": ")
            rows.append(
                {
                    "first": policy,
                    "second": "as-now",
                    "outcome": outcome,
                    "mean": _short(float(values.mean())),
                    "draws": _short(float(np.mean(values > 0))),
                }
            )
        variants.append(
            {
                "label": variant.label,
                "polite": variant.polite,
                "satisfied_ratio": variant.satisfied_ratio,
                "answers": {n: p.mean(0).round(4).tolist() for n, p in emulator.probabilities(drawn.flat).items()},
                "parameters": {
                    name: {"p05": _short(float(low[j])), "p50": _short(float(middle[j])), "p95": _short(float(high[j]))}
                    for j, name in enumerate(CALIBRATED)
                },
                "contests": rows,
            }
        )
    return {"pairs": pairs, "variants": variants}


def patterns(g: Ground, tell: Tell, size: float) -> dict[str, Any]:
    """In which share of draws from the prior, and from the fit, each claim of the report holds."""
    from calibration.patterns import CLAIMS, holds
    from sim.engine.blocks import in_order

    draws = max(4, round(PATTERN_DRAWS * size))
    order = np.random.default_rng(SEEDS["patterns"]).permutation(len(g.unit))[:draws]
    both = np.concatenate([prior_points(draws, SEEDS["patterns"]), g.unit[order]])
    rows = records_of(both)

    def work(k: int) -> dict[str, bool]:
        return holds(rows[k : k + 1], replicates=PATTERN_REPLICATES, first=k * PATTERN_REPLICATES)  # worlds of its own

    found = []
    for k, held in enumerate(in_order(work, 0, len(rows), workers=g.workers)):
        found.append(held)
        tell(k + 1, len(rows))
    share = {
        label: {c.id: float(np.mean([each[c.id] for each in part])) for c in CLAIMS}
        for label, part in (("prior", found[:draws]), ("posterior", found[draws:]))
    }
    return {"draws": draws, "replicates": PATTERN_REPLICATES, "shares": share}


PROOFS: dict[str, Callable[[Ground, Tell, float], dict[str, Any]]] = {
    "sbc": sbc,
    "recovery": recovery,
    "choices": choices,
    "respondents": respondents,
    "exact": exact,
    "patterns": patterns,
}


def read_proof(name: str, folder: Path = FOLDER, posterior: str | None = None) -> dict[str, Any] | None:
    """A proof that belongs to the present model, interview and (where given) fit; None where there is none."""
    try:
        found: dict[str, Any] = json.loads((folder / f"{name}.json").read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    mine = found.get("model") == this_model() and found.get("survey") == survey_hash()
    return found if mine and posterior in (None, found.get("posterior")) else None


def write_proof(name: str, found: dict[str, Any], folder: Path = FOLDER) -> None:
    """Write a proof whole."""
    folder.mkdir(parents=True, exist_ok=True)
    temporary = folder / f".{name}.{secrets.token_hex(4)}"
    temporary.write_text(json.dumps(found, ensure_ascii=False, allow_nan=False) + "\n", encoding="utf-8")
    temporary.replace(folder / f"{name}.json")


def said(what: str) -> Tell:
    """Progress on standard error: a line with the time left every ten seconds."""
    began = last = time.monotonic()

    def tell(done: int, total: int) -> None:
        nonlocal last
        now = time.monotonic()
        if done and now - last > SECONDS_BETWEEN_LINES:
            last = now
            left = (now - began) / done * (total - done)
            print(f"{what}: {done:,} of {total:,}, {left:.0f} s left", file=sys.stderr, flush=True)

    return tell


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit status 0, or 2 and one line for bad input."""
    parser = argparse.ArgumentParser(prog="python -m calibration.proving", description="Make the long proofs of a fit.")
    parser.add_argument("names", nargs="*", help=f"which (default: all): {', '.join(PROOFS)}")
    parser.add_argument("--posterior", type=Path, default=SHIPPED, help="folder of the fit")
    parser.add_argument("--out", type=Path, default=FOLDER, help="where the proofs go")
    parser.add_argument("--size", type=float, default=1.0, help="share of the work, to try it out")
    parser.add_argument("--workers", type=int, default=None)
    chosen = parser.parse_args(arguments)
    names = chosen.names or list(PROOFS)
    try:
        for name in names:
            if name not in PROOFS:
                raise InputError("proving", "names", f"'{name}' is no proof; allowed: {', '.join(PROOFS)}")
        if not 0.0 < chosen.size <= 1.0:
            raise InputError("proving", "--size", f"{chosen.size:g} is not allowed; allowed: above 0, at most 1")
        g = ground(chosen.posterior, chosen.workers, said("worlds"))
        for name in names:
            found = PROOFS[name](g, said(f"proof: {name}"), chosen.size)
            made = {
                "model": this_model(),
                "survey": survey_hash(),
                "posterior": g.manifest["parameters_hash"],
                "seed": SEEDS.get(name, RESPONDENTS_SEED),
                "made_by": f"python -m calibration.proving {name}"
                + ("" if chosen.size == 1.0 else f" --size {chosen.size:g}"),
            }
            write_proof(name, {**made, **found}, chosen.out)
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    return 0


if __name__ == "__main__":
    sys.exit(main())
