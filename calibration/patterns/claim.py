"""A claim of the interview report about direction, and how it is put to the test."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

import numpy as np

from calibration.patterns.experiment import Arm, Estimate, Experiment, estimate


class Words(NamedTuple):
    """A sentence in Dutch and English."""

    nl: str
    en: str


@dataclass(frozen=True)
class Off:
    """What is switched off, in words, and as a difference that is laid over every arm."""

    words: Words
    arm: Arm


@dataclass(frozen=True)
class Claim:
    """One separate claim, with the smallest effect that matters.

    ``label``: ``built in`` when a rule says it, ``emergent`` when it follows from rules that say something else.
    ``direction``: on which side of zero the effect must lie. ``within``: the claim is that there is next to no effect,
    so that the interval must lie within the bounds. ``reason``: why the claim is not reproduced, when that is known.
    """

    id: str
    sections: tuple[str, ...]
    sentence: Words
    label: Literal["built in", "emergent"]
    unit: Words
    smallest: float
    why: Words
    experiment: Experiment
    off: Off
    direction: Literal[1, -1] = 1
    within: bool = False
    reason: Words | None = None

    def effect(
        self, parameters: np.ndarray | None = None, *, on: bool = True, replicates: int | None = None, first: int = 0
    ) -> Estimate:
        """The mean paired effect with the mechanism on, or switched off, from replicate ``first`` on."""
        experiment = self.experiment if on else self.experiment.switched(self.off.arm)
        return estimate(experiment.run(parameters, replicates, first=first))

    def as_claimed(self, found: Estimate) -> bool:
        """Is the effect as claimed: clear of the smallest that matters, or, for a claim of next to no effect, within
        those bounds?
        """
        if self.within:
            return -self.smallest < found.low and found.high < self.smallest
        return found.beyond(self.smallest, self.direction)


@dataclass(frozen=True)
class Finding:
    """How a claim fared: its effect with the mechanism on and off."""

    claim: Claim
    on: Estimate
    off: Estimate

    @property
    def holds(self) -> bool:
        """The effect is there, and gone when its mechanism is switched off."""
        return self.claim.as_claimed(self.on) and not self.claim.as_claimed(self.off)


def examine(claim: Claim, parameters: np.ndarray | None = None) -> Finding:
    """Run a claim's experiment with its mechanism on and off."""
    return Finding(claim, claim.effect(parameters), claim.effect(parameters, on=False))
