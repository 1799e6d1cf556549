"""What the rules of money and of agreements share: whom lasting money (the lever *structural funding*) reaches, how
lasting it is, and what an agreement on money is called.
"""

from __future__ import annotations

from sim.engine.arithmetic import share
from sim.engine.compiling import compiled, rule
from sim.engine.randomness import uniform
from sim.world import moments as when
from sim.world import purposes as why
from sim.world.state import FORM_JOINT, FORM_MONEY, NATIONAL, State


@compiled
def lasting_part(months: float) -> float:
    """How lasting money is that is promised for so many months (0-1): 0 up to a year, 1 from four years on.

    >>> lasting_part(12.0), lasting_part(30.0), lasting_part(48.0)
    (0.0, 0.5, 1.0)
    """
    return share((months - 12.0) / 36.0)


@rule
def lasting_money_reaches(i: int, s: State) -> bool:
    """Does the lever reach this initiative, with any money at all?"""
    on = s.on_initiative[i]
    if on.structural_funding <= 0.0 or on.structural_funding__amount <= 0.0:
        return False
    return uniform(s.clock[0].key, i, when.ALWAYS, why.REACHED_FUNDING) < on.structural_funding


@compiled
def money_form(source: int) -> int:
    """The form of an agreement on money that runs: a joint project where a national round pays (§2.1)."""
    return FORM_JOINT if source == NATIONAL else FORM_MONEY
