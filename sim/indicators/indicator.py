"""What an indicator is: an id, a unit, how the parts of initiatives are added up, and how it is read."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True)
class Indicator:
    """One outcome. ``kind``: the total of the initiatives' parts (never NaN: whoever has no part in it has 0), or their
    average (parts that are NaN are left out).

    ``better`` says which way people want it; ``denominator`` over whom it is taken and how stopped initiatives count.
    """

    id: str
    kind: Literal["total", "average"]
    better: Literal["higher", "lower", "neither"]
    unit: Mapping[str, str]
    meaning: Mapping[str, str]
    denominator: Mapping[str, str]
