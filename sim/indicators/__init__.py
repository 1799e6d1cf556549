"""The outcomes: one file each, in the order in which results hold them."""

from __future__ import annotations

from sim.indicators import (
    active,
    agreement_in_force,
    energy,
    facilitator_hours,
    formalised,
    homes_reached,
    months_to_agreement,
    months_without_money,
    municipal_hours,
    phase,
    public_euros,
    restarts,
    structural_partnership,
    trust_initiative,
    trust_official,
    understanding,
)
from sim.indicators.indicator import Indicator

MODULES = (
    active,
    formalised,
    agreement_in_force,
    structural_partnership,
    months_to_agreement,
    trust_initiative,
    trust_official,
    understanding,
    energy,
    restarts,
    months_without_money,
    phase,
    homes_reached,
    municipal_hours,
    public_euros,
    facilitator_hours,
)
INDICATORS: dict[str, Indicator] = {module.INDICATOR.id: module.INDICATOR for module in MODULES}
INDICATOR_IDS: tuple[str, ...] = tuple(INDICATORS)
GROUPS: tuple[str, ...] = (
    "all",
    "size=small",
    "size=medium",
    "size=large",
    "ambition=activate",
    "ambition=save",
    "ambition=heat_network",
)
