"""What rests on assumptions only: measures whose effect the interviews cannot tell.

Which measures those are stands in their own files (`evidence` in `sim/levers/`): everybody who was interviewed had
support, so what a facilitator does is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

from sim.levers import LEVERS
from sim.scenario import load_scenario

if TYPE_CHECKING:
    from calibration.patterns.claim import Claim

ASSUMPTION = "assumption"


def rest_on_assumptions(levers: Iterable[str]) -> bool:
    """Whether one of these measures is assumed."""
    return any(LEVERS[lever].evidence == ASSUMPTION for lever in levers)


def policy_assumed(scenario: str) -> bool:
    """Whether a shipped scenario uses a measure that is assumed."""
    return rest_on_assumptions(entry.lever for entry in load_scenario(scenario).levers)


def claim_assumed(claim: Claim) -> bool:
    """Whether the experiment of a claim uses a measure that is assumed."""
    return rest_on_assumptions(lever for arm in claim.experiment.arms.values() for lever in arm.levers)
