"""Claims about pace, capacity and direction (patterns 12b, 16, 18 and 19)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from calibration.interview import DIRECTIONS, STIMULATING, answers
from calibration.patterns.agreements import ENERGY_WHY
from calibration.patterns.changes import initiatives, municipalities, ties, together
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.contact import only
from calibration.patterns.experiment import Arm, Experiment, Held, Run
from calibration.patterns.measures import active, field, homes_share, mean, months, seen
from calibration.patterns.money import ratio
from sim.world.state import HEAT_NETWORK, LARGE, NO_CAPACITY, OVERRULED, SMALL, WAITED, State

# What frustration costs is read off twins in which waiting and the gap in pace take no energy; so what else a slow
# town hall does drops out.
UNTROUBLED = Arm(parameters={"waiting_drain": 0.0})
FAST = Arm(parameters={"take_back": 0.0}, begin=(together, municipalities(fte=500.0)))
SLOW = Arm(parameters={"take_back": 0.0}, begin=(together, municipalities(fte=0.1)))
NO_STEPS = Arm(parameters={"step_rate": 0.0})  # no step waits: only the gap in pace is left
KNOWING = Arm(held=(Held(ties(known=1.0)),))
UNKNOWING = Arm(held=(Held(ties(known=0.0)),))
PLENTY = Arm(
    parameters={"official_leaving_rate": 0.0, "meeting_hours": 0.0},
    begin=(municipalities(fte=500.0, budget_a_year=1e9),),
)
LIMITING = DIRECTIONS.index("limiting")


def directed(style: float, maturity: float) -> Arm:
    """Every town hall directs in this style, and every initiative starts this mature."""
    return Arm(begin=(together, municipalities(style=style), initiatives(start_maturity=maturity)))


def frustration(much: Arm, little: Arm) -> Experiment:
    """Energy that frustration takes in two years: in ``much`` less in ``little``."""
    return Experiment(
        {
            "much": much,
            "much_untroubled": much.and_also(UNTROUBLED),
            "little": little,
            "little_untroubled": little.and_also(UNTROUBLED),
        },
        mean(field("energy"), 24, active),
        lambda found: (found["much_untroubled"] - found["much"]) - (found["little_untroubled"] - found["little"]),
    )


def share_answering(direction: int) -> Callable[[Run], float]:
    """Share of the initiatives that have met the town hall and would call its direction so, at the end."""

    def measure(run: Run) -> float:
        s = run.end
        who = np.flatnonzero(active(s) & (s.initiatives["met_month"] >= 0)).astype(np.int64)
        return float((answers(s, who, np.asarray(s.clock["key"]))["direction"] == direction).mean())

    return measure


def waiting_less_overruled(run: Run) -> float:
    """Among those who would call the direction limiting: share that waited more often than it was overruled, less the
    reverse.
    """
    s = run.end
    who = np.flatnonzero(active(s)).astype(np.int64)
    limited = who[answers(s, who, np.asarray(s.clock["key"]))["direction"] == LIMITING]
    waited, overruled = seen(s, WAITED)[limited], seen(s, OVERRULED)[limited]
    return float((waited > overruled).mean() - (overruled > waited).mean()) if len(limited) else float("nan")


def quality_by_size(run: Run) -> float:
    """Share of the help needed that initiatives get in the third year: in large municipalities less in small ones."""
    gaps = []
    for _, s in months(run, 24, 36):
        me = s.initiatives
        gaps.append(
            me["quality"][active(s) & (me["size"] == LARGE)].mean()
            - me["quality"][active(s) & (me["size"] == SMALL)].mean()
        )
    return float(np.mean(gaps))


def as_many_hours_each(s: State) -> None:
    """Every town hall has as much staff for each of its initiatives, and no post is special."""
    towns = s.municipalities
    towns["fte"] = 0.5 * (towns["member_to"] - towns["member_from"])


def stimulated_and_short(run: Run) -> float:
    """Among those who would call the direction stimulating: share that met a shortage of capacity in the last year."""
    s = run.end
    who = np.flatnonzero(active(s) & (s.initiatives["met_month"] >= 0)).astype(np.int64)
    stimulated = who[answers(s, who, np.asarray(s.clock["key"]))["direction"] == STIMULATING]
    return float((seen(s, NO_CAPACITY)[stimulated] > 0).mean()) if len(stimulated) else float("nan")


def heat_networks(s: State) -> np.ndarray:
    """Which initiatives want a heat network."""
    return np.asarray(s.initiatives["ambition"] == HEAT_NETWORK)


def rounds(opening: float) -> Callable[[State], None]:
    """National rounds are open to this extent from the sixth month to the ninth, and not otherwise."""

    def change(s: State) -> None:
        s.calendar["subsidy_round"] = 0.0
        s.calendar["subsidy_round"][6:9] = opening

    return change


def applying(maturity: float, opening: float) -> Arm:
    """Initiatives of this maturity, with or without rounds in which nearly everyone applies together with the town
    hall.
    """
    return Arm(parameters={"round_rate": 2.0}, begin=(together, initiatives(start_maturity=maturity), rounds(opening)))


def rushed(found: Mapping[str, float]) -> float:
    """What rounds do to the energy of the mature less what they do to that of the immature."""
    return (found["ready_round"] - found["ready"]) - (found["young_round"] - found["young"])


SHARE_WHY = Words("een op de twintig initiatieven", "one in twenty initiatives")
CLAIMS = (
    Claim(
        id="12b",
        sections=("4.2.2",),
        sentence=Words(
            "Wachten op de gemeente remt vaker dan een gemeente die veel stuurt.",
            "Waiting for vision or turn limits more often than a steering hand.",
        ),
        label="emergent",
        unit=Words(
            (
                "bij wie zich beperkt voelt: "
                "verschil tussen het deel dat vaker wachtte dan gepasseerd werd, en het omgekeerde"
            ),
            (
                "among those who feel limited: "
                "difference between the share that waited more often than it was overruled, and the reverse"
            ),
        ),
        smallest=0.1,
        why=Words("een op de tien beperkte initiatieven", "one in ten limited initiatives"),
        experiment=Experiment({"a": Arm()}, waiting_less_overruled, only),
        off=Off(
            Words(
                "stappen wachten niet op visie, beurt of bestuurslagen", "steps do not wait for vision, turn or layers"
            ),
            Arm(parameters={"step_awaits": 0.0, "layers_small": 0.0, "layers_large": 0.0}),
        ),
    ),
    Claim(
        id="16a",
        sections=("3.2.3", "7.3.2"),
        sentence=Words("Het verschil in tempo frustreert.", "The gap in pace frustrates."),
        label="built in",
        unit=Words(
            "energie die frustratie in twee jaar kost: verschil tussen een trage en een snelle gemeente",
            "energy that frustration takes in two years: difference between a slow and a fast town hall",
        ),
        smallest=0.02,
        why=ENERGY_WHY,
        experiment=frustration(SLOW, FAST),
        off=Off(
            Words("wachten en tempoverschil kosten geen energie", "waiting and the gap take no energy"), UNTROUBLED
        ),
    ),
    Claim(
        id="16b",
        sections=("3.2.3", "7.3.2"),
        sentence=Words("Leren verzacht de frustratie over tempo.", "Learning softens the frustration about pace."),
        label="built in",
        unit=Words(
            "energie die frustratie bij een trage gemeente in twee jaar kost: verschil tussen zonder en met begrip",
            (
                "energy that frustration takes in two years with a slow town hall: "
                "difference between without and with understanding"
            ),
        ),
        smallest=0.02,
        why=ENERGY_WHY,
        experiment=frustration(SLOW.and_also(UNKNOWING), SLOW.and_also(KNOWING)),
        off=Off(Words("leren verzacht niets", "learning softens nothing"), Arm(parameters={"learning_softens": 0.0})),
    ),
    Claim(
        id="16c",
        sections=("3.2.3", "7.3.2"),
        sentence=Words(
            "Leren neemt de frustratie over tempo nooit helemaal weg.",
            "Learning never wholly removes the frustration about pace.",
        ),
        label="built in",
        unit=Words(
            (
                "energie die tempoverschil met vol begrip in twee jaar kost: "
                "verschil tussen een trage en een snelle gemeente"
            ),
            (
                "energy that the gap takes in two years with full understanding: "
                "difference between a slow and a fast town hall"
            ),
        ),
        smallest=0.02,
        why=ENERGY_WHY,
        experiment=frustration(SLOW.and_also(KNOWING).and_also(NO_STEPS), FAST.and_also(KNOWING).and_also(NO_STEPS)),
        off=Off(
            Words("leren neemt alle frustratie weg", "learning takes all frustration away"),
            Arm(parameters={"learning_softens": 1.0}),
        ),
    ),
    Claim(
        id="16d",
        sections=("3.2.3",),
        sentence=Words(
            "Een subsidieronde kan een initiatief opjagen dat er nog niet klaar voor is.",
            "A subsidy’s deadline can rush an initiative that is not ready.",
        ),
        label="built in",
        unit=Words(
            "energie kort na de ronde: verschil tussen wat de ronde rijpe initiatieven geeft en wat ze onrijpe geeft",
            (
                "energy soon after the round: "
                "difference between what it gives mature initiatives and what it gives immature ones"
            ),
        ),
        smallest=0.02,
        why=ENERGY_WHY,
        experiment=Experiment(
            {
                "young": applying(0.1, 0.0),
                "young_round": applying(0.1, 1.0),
                "ready": applying(0.7, 0.0),
                "ready_round": applying(0.7, 1.0),
            },
            mean(field("energy"), 12, active),
            rushed,
        ),
        off=Off(Words("haast kost geen energie", "rush takes no energy"), Arm(parameters={"rush_drain": 0.0})),
    ),
    Claim(
        id="18a",
        sections=("4.3.1", "5.4.1"),
        sentence=Words(
            "Het tekort aan capaciteit is in kleine gemeenten het grootst.",
            "Capacity shortage is worst in small municipalities.",
        ),
        label="emergent",
        unit=Words(
            "deel van de nodige hulp in het derde jaar: verschil tussen grote en kleine gemeenten",
            "share of the help needed in the third year: difference between large and small municipalities",
        ),
        smallest=0.1,
        why=Words("een tiende van wat een initiatief nodig heeft", "a tenth of what an initiative needs"),
        experiment=Experiment({"a": Arm()}, quality_by_size, only),
        off=Off(
            Words(
                "elke gemeente heeft evenveel uren per initiatief",
                "every municipality has as many hours for each initiative",
            ),
            Arm(begin=(as_many_hours_each,)),
        ),
    ),
    Claim(
        id="18b",
        sections=("4.3.1",),
        sentence=Words(
            "Tekort aan capaciteit gaat samen met een stimulerende rol.",
            "Capacity shortage coexists with a stimulating role.",
        ),
        label="emergent",
        unit=Words(
            "deel van wie de regie stimulerend vindt dat het afgelopen jaar op tekort stuitte",
            "share of those who find the direction stimulating that met a shortage in the last year",
        ),
        smallest=0.1,
        why=Words("een op de tien", "one in ten"),
        experiment=Experiment({"a": Arm()}, stimulated_and_short, only),
        off=Off(
            Words("gemeenten hebben mensen, uren en geld genoeg", "town halls have people, hours and money enough"),
            PLENTY,
        ),
    ),
    Claim(
        id="19a",
        sections=("4.4.1",),
        sentence=Words(
            "Afstand houden stimuleert sterke initiatieven.", "Keeping hands off stimulates strong initiatives."
        ),
        label="emergent",
        unit=Words(
            "deel van de sterke initiatieven dat de regie stimulerend noemt: verschil tussen afstand en sturen",
            (
                "share of strong initiatives that call the direction stimulating: "
                "difference between hands off and steering"
            ),
        ),
        smallest=0.05,
        why=SHARE_WHY,
        experiment=Experiment({"a": directed(0.8, 0.8), "b": directed(0.15, 0.8)}, share_answering(STIMULATING)),
        off=Off(
            Words("niemand wordt gepasseerd", "nobody is overruled"),
            Arm(parameters={"overrule_slope": 0.0, "intervention_rate": 0.0, "commercial_rate": 0.0}),
        ),
    ),
    Claim(
        id="19b",
        sections=("4.4.1",),
        sentence=Words("Afstand houden stelt andere initiatieven teleur.", "Keeping hands off disappoints the others."),
        label="emergent",
        unit=Words(
            "deel van de zwakke initiatieven dat de regie stimulerend noemt: verschil tussen afstand en meedoen",
            (
                "share of weak initiatives that call the direction stimulating: "
                "difference between hands off and taking part"
            ),
        ),
        smallest=0.05,
        why=SHARE_WHY,
        experiment=Experiment({"a": directed(0.5, 0.1), "b": directed(0.15, 0.1)}, share_answering(STIMULATING)),
        off=Off(
            Words("niemand vraagt om ruimte of hulp", "nobody asks for room or help"),
            Arm(parameters={"request_rate": 0.0}),
        ),
        direction=-1,
    ),
    Claim(
        id="19c",
        sections=("4.2.1",),
        sentence=Words(
            "Een vroege band met een commercieel warmtebedrijf sluit opties af.",
            "An early tie to a commercial heat company closes options.",
        ),
        label="built in",
        unit=Words(
            "meer of minder bereikte woningen door warmtenetten na acht jaar, als deel",
            "more or fewer homes reached by heat networks after eight years, as a share",
        ),
        smallest=0.1,
        why=Words("een tiende van de woningen", "a tenth of the homes"),
        experiment=Experiment(
            {"a": Arm(parameters={"commercial_rate": 0.0}), "b": Arm(parameters={"commercial_rate": 0.05})},
            mean(homes_share, 96, heat_networks),
            ratio,
            months=96,
        ),
        off=Off(
            Words("zo’n band sluit niets af", "such a tie closes nothing"), Arm(parameters={"commercial_loss": 0.0})
        ),
        direction=-1,
    ),
)
