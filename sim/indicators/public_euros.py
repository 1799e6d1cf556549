"""Public money: grants and commissions, hours of officials and facilitators at their price, and costs of policy."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.indicators.indicator import Indicator
from sim.world.state import State

INDICATOR = Indicator(
    id="public_euros",
    kind="total",
    better="lower",
    unit={"nl": "euro", "en": "euros"},
    meaning={
        "nl": (
            "Publiek geld: subsidies en opdrachten, uren van ambtenaren en begeleiders tegen hun prijs, en "
            "kosten van beleid."
        ),
        "en": (
            "Public money: grants and commissions, hours of officials and facilitators at their price, and "
            "costs of policy."
        ),
    },
    denominator={
        "nl": "Opgeteld vanaf het begin; prijzen zijn aannames die u kunt aanpassen.",
        "en": "Added up from the start; prices are assumptions that can be changed.",
    },
)


@rule
def measure(i: int, s: State) -> float:
    """This initiative's part."""
    return s.initiatives[i].public_euros
