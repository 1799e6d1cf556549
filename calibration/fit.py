"""The fit: from counts of interviews to draws of parameters, in four steps that can each be stopped and go on.

1. independent single runs at points from the prior (`calibration.bank`);
2. an emulator of what the virtual interview would count (`calibration.emulator`);
3. several independent ensembles of walkers (`calibration.sampling`);
4. a check: fresh runs near the posterior, an emulator learned from those alone, the same sampling again. Where the
   first emulator is wrong, the second differs. (`calibration.exact` goes further, without any emulator.)

Steps 1 and 4 take nearly all time. Their runs are kept by content, so a fit that was stopped goes on where it was and
ends the same, and another target file needs no new runs for step 1.
"""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from dataclasses import dataclass, replace
from functools import partial
from pathlib import Path
from typing import Any

import numpy as np

from calibration.bank import Bank, simulate, survey_hash, world_of
from calibration.emulator import Emulator, fit_emulator, residuals
from calibration.posterior_files import rounded
from calibration.sampling import Agreement, Effort, Sample, agreement, sample
from calibration.space import check_priors, prior_points, records_with, unit_of, values_of
from calibration.targets import INTERVIEWS_2021, TargetFile, load_targets
from sim.engine.compiling import this_model
from sim.evidence.parameters import CALIBRATED, PARAMETERS, parameter_hash
from sim.world.files import World

SEED = 1
DRAWS = 2000
CHECK_SEED = 1_000_000  # added to the seed for the luck of the fresh runs
HELD_OUT_RUNS = 0.1  # share of the bank that the emulator does not see, to judge it by
TEMPER = 0.5  # how near the posterior the fresh runs lie: prior × likelihood to this power


@dataclass(frozen=True)
class Plan:
    """How much work a fit is. runs: of the bank; fresh: runs of the check."""

    runs: int = 20_000
    fresh: int = 10_000
    draws: int = DRAWS
    effort: Effort = Effort()  # noqa: RUF009 - frozen


QUICK = Plan(1500, 500, 400, Effort(ensembles=2, walkers=128, burn=300, steps=500, thin=50))
STEPS = ("worlds", "emulator", "sampling", "check: points", "check: worlds", "check: sampling")


@dataclass(frozen=True, eq=False)
class Fit:
    """What a fit found.

    unit, values: draws on the cube and in the parameters' own units, shape (draws, parameters). sample: all draws.
    agreement: of the ensembles, by parameter and last the log likelihood. second: the fit of the check, or None.
    """

    targets: TargetFile
    emulator: Emulator
    bank: Bank
    sample: Sample
    agreement: Agreement
    unit: np.ndarray
    values: np.ndarray
    second: Sample | None
    manifest: dict[str, Any]


def targets_hash(targets: TargetFile) -> str:
    """First 12 hexadecimal digits of a hash over the counts that are fitted."""
    fitted = [(t.name, t.count, t.n, t.missing) for t in targets.targets("fitted")]
    return hashlib.sha256(json.dumps(fitted).encode()).hexdigest()[:12]


def calibrate(
    targets: TargetFile | str | Path = INTERVIEWS_2021,
    *,
    world: World | str | Path | None = None,
    seed: int = SEED,
    plan: Plan = Plan(),
    polite: float = 0.0,
    workers: int | None = None,
    progress: Callable[[str, int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Fit:
    """Fit the calibrated parameters to the counts of a target file.

    targets: what was counted. world: the one the interviews were held in (default: the reference world). seed: of
    points, luck and walkers; the same seed gives the same draws. polite: share of respondents (0-0.2) taken to have
    said what was pleasant. progress: called with (step, done, total), step one of `STEPS`. Raises `InputError` for
    targets or priors that cannot be fitted, and `Cancelled`.
    """
    file = targets if isinstance(targets, TargetFile) else load_targets(targets)
    check_priors()
    setting = world_of() if world is None else world_of(world)

    def tell(step: str) -> Callable[[int, int], None]:
        return lambda done, total: progress(step, done, total) if progress is not None else None

    points = prior_points(plan.runs, seed)
    bank = simulate(points, seed, world=setting, workers=workers, progress=tell("worlds"), cancelled=cancelled)
    tell("emulator")(0, 1)
    emulator, quality = learned(bank, file)
    tell("emulator")(1, 1)
    drawn = sample(
        lambda unit: emulator.log_likelihood(unit, polite),
        len(CALIBRATED),
        seed,
        plan.effort,
        progress=tell("sampling"),
    )
    agreed = agreement(np.concatenate([drawn.unit, drawn.log_likelihood[..., None]], axis=-1))
    second, checked = None, None
    if plan.fresh:
        second = second_fit(emulator, file, seed + CHECK_SEED, setting, plan, polite, workers, tell, cancelled)
        checked = difference(drawn, second)
    chosen = np.linspace(0, len(drawn.flat) - 1, plan.draws).round().astype(int)
    order = np.random.default_rng([seed, 2]).permutation(plan.draws)
    values = rounded(values_of(drawn.flat[chosen][order]))
    fit = Fit(file, emulator, bank, drawn, agreed, np.clip(unit_of(values), 0.0, 1.0), values, second, {})
    manifest = _manifest(fit, setting, seed, plan, polite, quality, checked)
    return replace(fit, manifest=manifest)


def learned(bank: Bank, targets: TargetFile) -> tuple[Emulator, dict[str, Any]]:
    """An emulator from all runs, and what one from nine tenths of them leaves in the other tenth: by question the mean
    and spread of standardised counts (0 and 1 where it is right), and the largest correlation between questions.
    """
    cut = max(1, round(len(bank) * (1.0 - HELD_OUT_RUNS)))
    first, last = (
        Bank(bank.unit[:cut], bank.counts[:cut], bank.supported),
        Bank(bank.unit[cut:], bank.counts[cut:], bank.supported),
    )
    left = residuals(fit_emulator(first, targets), last)
    quality: dict[str, Any] = {
        name: {
            "mean": [round(float(x), 3) for x in np.nanmean(rows, axis=0)],
            "spread": [round(float(x), 3) for x in np.nanstd(rows, axis=0)],
        }
        for name, rows in left.items()
    }
    names = list(left)
    across = [0.0]
    for i, one in enumerate(names):
        for other in names[:i]:
            both = np.concatenate([left[one], left[other]], axis=1)
            whole = both[np.all(np.isfinite(both), axis=1)]
            table = np.corrcoef(whole.T)[: left[one].shape[1], left[one].shape[1] :]
            across.append(float(np.nanmax(np.abs(table))))
    quality["largest_correlation_between_questions"] = round(max(across), 3)
    return fit_emulator(bank, targets), quality


def second_fit(
    emulator: Emulator,
    targets: TargetFile,
    seed: int,
    world: World,
    plan: Plan,
    polite: float,
    workers: int | None,
    tell: Callable[[str], Callable[[int, int], None]],
    cancelled: Callable[[], bool] | None,
) -> Sample:
    """The fit again, with an emulator learned only from fresh runs near the posterior."""
    size, effort = len(CALIBRATED), plan.effort
    near = sample(emulator.log_likelihood, size, seed, effort, temper=TEMPER, progress=tell("check: points")).flat
    order = np.random.default_rng([seed, 1]).permutation(len(near))
    points = np.ascontiguousarray(near[np.resize(order, plan.fresh)])
    bank = simulate(points, seed, world=world, workers=workers, progress=tell("check: worlds"), cancelled=cancelled)
    local = fit_emulator(bank, targets)
    return sample(partial(local.log_likelihood, polite=polite), size, seed, effort, progress=tell("check: sampling"))


def difference(first: Sample, second: Sample) -> dict[str, Any]:
    """The second fit set against the first, by parameter: shift of the mean in its standard deviations, and ratio of
    standard deviations.
    """
    one, two = first.flat, second.flat
    shift, ratio = (one.mean(0) - two.mean(0)) / two.std(0), one.std(0) / two.std(0)
    return {
        name: {"shift": round(float(shift[k]), 3), "sd_ratio": round(float(ratio[k]), 3)}
        for k, name in enumerate(CALIBRATED)
    }


def described_world(world: World) -> dict[str, str]:
    """A world as the manifest of a fit names it."""
    return {"id": world.id, "hash": hashlib.sha256(world.model_dump_json().encode()).hexdigest()[:12]}


def contraction(unit: np.ndarray) -> np.ndarray:
    """How much narrower than the prior, a parameter: 1 - posterior variance / prior variance (1/12 on the cube)."""
    return np.asarray(1.0 - 12.0 * unit.var(axis=0))


def _manifest(
    fit: Fit,
    world: World,
    seed: int,
    plan: Plan,
    polite: float,
    quality: dict[str, Any],
    checked: dict[str, Any] | None,
) -> dict[str, Any]:
    """What the draws were fitted to, with what, and how well: plain data."""
    narrower = contraction(fit.sample.flat)
    spread = {
        name: np.quantile(values_of(fit.sample.flat)[:, k], [0.05, 0.5, 0.95]) for k, name in enumerate(CALIBRATED)
    }
    probabilities = fit.emulator.probabilities(fit.unit)
    return {
        "model": this_model(),
        "survey": survey_hash(),
        "world": described_world(world),
        "targets": {"id": fit.targets.id, "hash": targets_hash(fit.targets)},
        "seed": seed,
        "polite": polite,
        "runs": plan.runs,
        "fresh_runs": plan.fresh,
        "draws": len(fit.values),
        "parameters_hash": parameter_hash(records_with(fit.values)),
        "emulator": quality,
        "sampling": {
            "ensembles": plan.effort.ensembles,
            "acceptance": round(fit.sample.acceptance, 3),
            "rhat_max": round(float(fit.agreement.rhat.max()), 4),
            "ess_bulk_min": round(float(fit.agreement.ess_bulk.min())),
            "ess_tail_min": round(float(fit.agreement.ess_tail.min())),
            "agreed": fit.agreement.holds(),
        },
        "check": checked,
        "parameters": {
            name: {
                "unit": PARAMETERS[name].unit,
                "prior": str(PARAMETERS[name].prior),
                "p05": float(f"{spread[name][0]:.4g}"),
                "p50": float(f"{spread[name][1]:.4g}"),
                "p95": float(f"{spread[name][2]:.4g}"),
                "contraction": round(float(narrower[k]), 3),
                "rhat": round(float(fit.agreement.rhat[k]), 4),
                "ess_bulk": round(float(fit.agreement.ess_bulk[k])),
            }
            for k, name in enumerate(CALIBRATED)
        },
        "answers": {name: [round(float(x), 4) for x in rows.mean(axis=0)] for name, rows in probabilities.items()},
    }
