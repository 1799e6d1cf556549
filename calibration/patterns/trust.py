"""Claims about trust and about earning it (patterns 4 and 21)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.patterns.changes import happens_to_all, municipalities, ties, together
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.contact import TRUST_WHY, only
from calibration.patterns.experiment import Arm, Experiment, Held, Run
from calibration.patterns.measures import (
    active,
    capability,
    contact,
    field,
    formalised,
    in_late_phases,
    mean,
    months,
    tie_field,
)
from sim.world.state import ACTIVE, State

NO_BAR = Off(
    Words("er is geen drempel voor een opdracht", "there is no bar for a commission"),
    Arm(parameters={"commission_bar": 0.0, "equal_care_bar": 0.0}),
)
COMMISSION_WHY = Words(
    "een op de vijftig initiatieven krijgt er een opdracht bij", "one in fifty initiatives gets a commission more"
)


def later_less_first(run: Run) -> float:
    """Chance a month of a next commission less that of the first, over those who could get one."""
    first, later = [0, 0], [0, 0]  # commissions, months
    before = run.state.initiatives["commissions"].copy()
    for _, s in months(run, 0, run.place.months):
        me = s.initiatives
        able = (
            (me["status"] == ACTIVE)
            & (me["phase"] >= 2)
            & (me["legal_form"] > 0)
            & (s.posts["present"][me["post"]] == 1)
        )
        got = me["commissions"] > before
        for count, who in ((first, able & (before == 0)), (later, able & (before > 0))):
            count[0] += int((got & who).sum())
            count[1] += int(who.sum())
        before = me["commissions"].copy()
    return later[0] / later[1] - first[0] / first[1] if first[1] and later[1] else float("nan")


def doubted_for_capability(s: State) -> np.ndarray:
    """Trust in intentions less the capability that a careful town hall counts on: one standard deviation below its
    mean, as for a commission.
    """
    tie = contact(s)
    n = tie["alpha"] + tie["beta"]
    deviation = np.sqrt(tie["alpha"] * tie["beta"] / (n * n * (n + 1.0)))
    return np.asarray(tie["intentions"] - (capability(s) - deviation))


def met(s: State) -> np.ndarray:
    """Those who are active and have met the town hall."""
    return np.asarray(active(s) & (s.initiatives["met_month"] >= 0))


def absorbed(found: Mapping[str, float]) -> float:
    """What a crossing campaign costs in trust among those who do not understand each other, less what it costs among
    those who do.
    """
    return (found["strangers"] - found["strangers_crossed"]) - (found["friends"] - found["friends_crossed"])


def relation(understanding: float, crossed: bool) -> Arm:
    """Everyone understands each other this well; with or without a campaign that crosses everyone."""
    held = (
        Held(ties(knows=understanding, known=understanding, trust=0.6), 18, 18),
        Held(ties(knows=understanding, known=understanding), 19),
    )
    shocks = (("crossing_campaign", 18, 1.0, 1),) if crossed else ()
    return Arm(parameters={"informing": 0.0}, begin=(together,), held=held, shocks=shocks)


CLAIMS = (
    Claim(
        id="4a",
        sections=("2.2.1", "5.2.1"),
        sentence=Words("De eerste opdracht is de moeilijkste.", "The first commission is the hardest."),
        label="emergent",
        unit=Words(
            "kans per maand: verschil tussen een volgende opdracht en de eerste",
            "chance a month: difference between a next commission and the first",
        ),
        smallest=0.005,
        why=Words(
            "één opdracht meer in tweehonderd maanden wachten", "one commission more in two hundred months of waiting"
        ),
        experiment=Experiment({"a": Arm(begin=(together,))}, later_less_first, only, months=72),
        off=NO_BAR,
    ),
    Claim(
        id="4b",
        sections=("2.2.1", "5.2.1"),
        sentence=Words("Wie levert, verdient ruimte.", "Delivery earns room."),
        label="emergent",
        unit=Words(
            "opdrachten per initiatief in het jaar na twee geleverde stukken werk",
            "commissions per initiative in the year after two delivered pieces of work",
        ),
        smallest=0.02,
        why=COMMISSION_WHY,
        experiment=Experiment(
            {
                "a": Arm(begin=(together,)),
                "b": Arm(begin=(together,), held=(Held(happens_to_all(delivered=2.0), 24, 24),)),
            },
            mean(field("commissions"), 36, in_late_phases),
        ),
        off=NO_BAR,
    ),
    Claim(
        id="21a",
        sections=("3.1.2", "7.2.1"),
        sentence=Words("Een goede relatie verdraagt kritiek.", "A good relation absorbs criticism."),
        label="built in",
        unit=Words(
            "vertrouwen dat een botsing kost: verschil tussen vreemden en bekenden",
            "trust that a collision costs: difference between strangers and friends",
        ),
        smallest=0.03,
        why=TRUST_WHY,
        experiment=Experiment(
            {
                "strangers": relation(0.1, False),
                "strangers_crossed": relation(0.1, True),
                "friends": relation(0.8, False),
                "friends_crossed": relation(0.8, True),
            },
            mean(tie_field("trust"), 21, active),
            absorbed,
        ),
        off=Off(
            Words("begrip vangt geen wrijving op", "understanding absorbs no friction"),
            Arm(parameters={"friction_absorbed": 0.0}),
        ),
    ),
    Claim(
        id="21b",
        sections=("3.2.1",),
        sentence=Words(
            "Wantrouwen gaat vooral over kunnen, niet over willen.", "Distrust mostly concerns competence, not intent."
        ),
        label="built in",
        unit=Words(
            (
                "na drie jaar: "
                "verschil tussen het vertrouwen in bedoelingen en het kunnen waar de gemeente op durft te rekenen"
            ),
            (
                "after three years: "
                "difference between trust in intentions and the capability that the town hall dares to count on"
            ),
        ),
        smallest=0.03,
        why=TRUST_WHY,
        experiment=Experiment({"a": Arm()}, mean(doubted_for_capability, 36, met), only),
        off=Off(
            Words("er is vooraf geen twijfel over kunnen", "there is no doubt of capability beforehand"),
            Arm(parameters={"capability_doubt": 0.5}),
        ),
    ),
    Claim(
        id="21c",
        sections=("2.4.2", "5.4.2", "7.3.2"),
        sentence=Words("Aanbestedingsregels houden opdrachten tegen.", "Procurement rules block commissions."),
        label="built in",
        unit=Words(
            "opdrachten per initiatief na vier jaar, met volle ruimte",
            "commissions per initiative after four years, with full room",
        ),
        smallest=0.02,
        why=COMMISSION_WHY,
        experiment=Experiment(
            {"a": Arm(begin=(together,)), "b": Arm(levers={"procurement_room": 1.0}, begin=(together,))},
            mean(field("commissions"), 48),
            months=48,
        ),
        off=NO_BAR,
    ),
    Claim(
        id="21d",
        sections=("5.2.2", "7.4.1"),
        sentence=Words(
            "De wens om groepen gelijk te behandelen houdt opdrachten tegen.",
            "The wish to treat groups alike blocks commissions.",
        ),
        label="built in",
        unit=Words("opdrachten per initiatief na vier jaar", "commissions per initiative after four years"),
        smallest=0.02,
        why=COMMISSION_WHY,
        experiment=Experiment(
            {
                "a": Arm(begin=(together, municipalities(equal_care=0.0))),
                "b": Arm(begin=(together, municipalities(equal_care=1.0))),
            },
            mean(field("commissions"), 48),
            months=48,
        ),
        off=Off(
            Words("gelijke behandeling telt niet", "equal treatment does not count"),
            Arm(parameters={"equal_care_bar": 0.0, "equal_care_effect": 0.0}),
        ),
        direction=-1,
    ),
    Claim(
        id="21e",
        sections=("5.2.2",),
        sentence=Words(
            "De wens om groepen gelijk te behandelen maakt een eerste afspraak moeilijker.",
            "The wish to treat groups alike makes a first agreement harder.",
        ),
        label="built in",
        unit=Words("deel met een afspraak na anderhalf jaar", "share with an agreement after a year and a half"),
        smallest=0.02,
        why=Words("een op de vijftig initiatieven", "one in fifty initiatives"),
        experiment=Experiment(
            {
                "a": Arm(begin=(together, municipalities(equal_care=0.0))),
                "b": Arm(begin=(together, municipalities(equal_care=1.0))),
            },
            mean(formalised, 18),
        ),
        off=Off(
            Words("gelijke behandeling telt niet", "equal treatment does not count"),
            Arm(parameters={"equal_care_bar": 0.0, "equal_care_effect": 0.0}),
        ),
        direction=-1,
    ),
)
