"""The levers: what people can decide to do. One YAML file a lever, loaded once.

`LEVERS[id]` has the unit, range and default of the lever's intensity, the level at which it works (initiative or
municipality), its options, who can
pull it, and how well its effect is supported by the interviews.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.engine.catalogue import Entry, load_catalogue

Actor = Literal["municipality", "initiative", "state", "province", "coalition"]


class Lever(Entry):
    """A policy: `intensity` in `unit`, added to what the world already has."""

    level: Literal["initiative", "municipality"]
    who_can_act: tuple[Actor, ...] = Field(min_length=1, strict=False)


LEVERS: dict[str, Lever] = load_catalogue(Path(__file__).parent, Lever)
