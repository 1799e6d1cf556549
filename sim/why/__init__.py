"""Why: the parts of a policy's effect along the chain contact, understanding, trust, agreement, money, work.

    from sim.why import explain

    found = explain("structural-funding", world="projection")
    found.parts("homes_reached")          # mean and standard error of each link's part; they add up to the whole
    found.worlds("money", "homes_reached")  # the part of one link in each world

docs/why.md says what this is, and what it is not.
"""

from sim.why.explanation import Explanation, explain
from sim.why.links import COSTS, LINKS, PARTS

__all__ = ["COSTS", "LINKS", "PARTS", "Explanation", "explain"]
