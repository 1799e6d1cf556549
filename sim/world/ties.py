"""What is left of a tie when its holder goes: trust and understanding as they were, for whoever comes next (§3.2.5)."""

from __future__ import annotations

from sim.engine.compiling import rule
from sim.world.state import State


@rule
def empty_seat(row: int, s: State) -> None:
    """The tie in this row has nobody at the other end; ``former`` keeps what there was until the next one leaves."""
    p, tie, former = s.parameters[0], s.ties[row], s.former[row]
    former.trust = tie.trust
    former.intentions = tie.intentions
    former.knows = tie.knows
    former.known = tie.known
    tie.trust = p.base_trust
    tie.intentions = p.base_trust
    tie.knows = 0.0
    tie.met = 0.0
