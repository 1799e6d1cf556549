"""What the interview report says about direction, claim by claim, each put to the test in a paired experiment.

``CLAIMS`` holds every claim; ``holds(parameters)`` says which come true; ``python -m calibration.patterns --out
docs/patterns.md`` writes how each fares, with its mechanism on and off.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence

import numpy as np

from calibration.patterns import agreements, contact, facilitation, money, people, survey, town_hall, trust
from calibration.patterns.claim import Claim, Finding, examine
from sim.comparison import load_parameters

__all__ = ["CLAIMS", "Claim", "Finding", "examine", "holds"]


def _order(claim: Claim) -> tuple[int, str]:
    number, letter = re.fullmatch(r"(\d+)([a-z]?)", claim.id).groups()  # type: ignore[union-attr]  # a test sees to ids
    return int(number), letter


CLAIMS: tuple[Claim, ...] = tuple(
    sorted(
        (
            *contact.CLAIMS,
            *trust.CLAIMS,
            *survey.CLAIMS,
            *agreements.CLAIMS,
            *money.CLAIMS,
            *people.CLAIMS,
            *town_hall.CLAIMS,
            *facilitation.CLAIMS,
        ),
        key=_order,
    )
)


def holds(
    parameters: np.ndarray | Mapping[str, float] | str = "prior-median",
    *,
    claims: Sequence[Claim] = CLAIMS,
    replicates: int | None = None,
    first: int = 0,
) -> dict[str, bool]:
    """Which claims come true with these parameters, by id; mechanisms are left on.

    ``parameters``: a record of one row, or of many draws of which replicate r takes row r modulo their number; values
    by name; or a name that `sim.comparison.load_parameters` knows. ``replicates``: fewer than a claim's own is faster
    and finds less (the intervals are wider). ``first``: the first replicate, so that another call can have worlds of
    its own.
    """
    rows = parameters if isinstance(parameters, np.ndarray) else load_parameters(parameters).rows
    return {claim.id: claim.as_claimed(claim.effect(rows, replicates=replicates, first=first)) for claim in claims}
