"""What if respondents were polite, or the satisfied were likelier to be interviewed?

The report's interviewers talked with initiatives that they had supported themselves, so both are possible. Each variant
assumes one, fits again, and asks whether conclusions stand. Nothing says how polite anybody was: the variants are
assumptions, from nothing to much.
"""

from __future__ import annotations

from dataclasses import dataclass
from functools import partial

import numpy as np

from calibration.bank import Bank
from calibration.emulator import Classes, Emulator, WholeCount, fit_classes, fit_emulator
from calibration.interview import CONTRIBUTED, INTERVIEWS
from calibration.sampling import Effort, Sample, sample
from calibration.targets import TargetFile
from sim.evidence.parameters import CALIBRATED


@dataclass(frozen=True)
class Variant:
    """polite: share (0-1) that says what is pleasant whatever they think. satisfied_ratio: how many times likelier
    somebody to whom the agreement contributed was to be interviewed.
    """

    label: str
    polite: float
    satisfied_ratio: float


VARIANTS = (
    Variant("as told", 0.0, 1.0),
    Variant("5% polite", 0.05, 1.0),
    Variant("10% polite", 0.10, 1.0),
    Variant("20% polite", 0.20, 1.0),
    Variant("satisfied 1.5 times likelier", 0.0, 1.5),
    Variant("satisfied twice likelier", 0.0, 2.0),
    Variant("10% polite, satisfied 1.5 times likelier", 0.10, 1.5),
)


def biased_surveys(bank: Bank, ratio: float, seed: int, size: int = INTERVIEWS) -> np.ndarray:
    """A survey of each run in which the satisfied are likelier to be asked: joint counts of effect and direction, shape
    (runs, effects, directions). All are asked where there are no more than ``size``.
    """
    rng = np.random.default_rng(seed)
    effects, directions = bank.joint.shape[1:]
    weight = np.repeat(np.where(np.arange(effects) == CONTRIBUTED, ratio, 1.0), directions)
    found = np.zeros((len(bank), effects * directions), dtype=np.int64)
    for r, cells in enumerate(bank.joint.reshape(len(bank), -1)):
        who = np.repeat(np.arange(len(cells)), cells)
        clocks = rng.exponential(size=len(who)) / weight[who]
        asked = who[np.argsort(clocks)[:size]]
        found[r] = np.bincount(asked, minlength=len(cells))
    return found.reshape(-1, effects, directions)


def emulator_under(variant: Variant, bank: Bank, targets: TargetFile, seed: int) -> Emulator:
    """The emulator of what an interview would count, were the satisfied likelier to be asked."""
    plain = fit_emulator(bank, targets)
    if variant.satisfied_ratio == 1.0:
        return plain
    joint = biased_surveys(bank, variant.satisfied_ratio, seed)
    models: dict[str, Classes | WholeCount] = dict(plain.models)
    for name, axis in (("effect", 2), ("direction", 1)):
        if name in models:
            models[name] = fit_classes(bank.unit, joint.sum(axis=axis))
    return Emulator(models, plain.counts)


def fit_under(variant: Variant, bank: Bank, targets: TargetFile, seed: int, effort: Effort) -> tuple[Emulator, Sample]:
    """The fit under a variant, from runs that are there already."""
    emulator = emulator_under(variant, bank, targets, seed)
    return emulator, sample(partial(emulator.log_likelihood, polite=variant.polite), len(CALIBRATED), seed, effort)
