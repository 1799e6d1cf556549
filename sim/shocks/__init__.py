"""The shocks: what happens to people whether they want it or not. One YAML file a shock, loaded once."""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import Field

from sim.engine.catalogue import Entry, load_catalogue


class Shock(Entry):
    """An event in a month; one that `lasts` goes on for `default_months` unless the scenario says how long."""

    level: Literal["initiative", "municipality", "post"]
    lasts: bool
    default_months: int = Field(ge=1, le=120)


SHOCKS: dict[str, Shock] = load_catalogue(Path(__file__).parent, Shock)
