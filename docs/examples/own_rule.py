"""Change the rule of one kind of agent, and see what that does.

The question here: what if residents' initiatives open talks only with an official they trust? The subclass below has
its own version of one step, *negotiation*; all else stays as it is. Each pair of worlds has the same chance events, so
the difference between the two is what the rule does.

    python docs/examples/own_rule.py
"""

from sim import CollaborationModel
from sim.agents import Initiative


class Wary(Initiative):
    """An initiative that opens talks only with a contact person it trusts."""

    bar = 0.4

    def negotiation(self) -> None:
        """As always, but talks that would open this month do not where trust is below the bar."""
        was_talking = self.talks_opened >= 0
        super().negotiation()
        contact_person = self.ties[0]
        if not was_talking and self.talks_opened >= 0 and contact_person.trust < self.bar:
            self.talks_opened = -1


def formalised(kind: type[Initiative], replicate: int, months: int | None) -> float:
    """Initiatives that had an agreement by the end of one world."""
    model = CollaborationModel(initiative_class=kind, replicate=replicate, months=months, rng=1, collect_agents=False)
    while model.running:
        model.step()
    return model.indicators()["formalised"]


def compare(replicates: int = 5, months: int | None = None) -> list[tuple[float, float]]:
    """Formalised initiatives in each world, under the usual rule and under the wary one."""
    return [
        (formalised(Initiative, replicate, months), formalised(Wary, replicate, months))
        for replicate in range(replicates)
    ]


if __name__ == "__main__":
    print("world  usual   wary")
    for number, (usual, wary) in enumerate(compare()):
        print(f"{number:5d}  {usual:5.0f}  {wary:5.0f}")
