"""Claims about agreements: detail, who knows of them, long talks, next stages, term (patterns 6, 7, 8, 10 and 11)."""

from __future__ import annotations

from collections.abc import Callable, Mapping

import numpy as np

from calibration.patterns.changes import (
    ENDLESS_TALKS,
    NO_AGREEMENTS,
    acquainted,
    agreements,
    initiatives,
    running_on,
    signed,
    ties,
    together,
)
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.contact import TRUST_WHY, only
from calibration.patterns.experiment import Arm, Experiment, Held, Run
from calibration.patterns.measures import active, field, formalised, homes_share, mean, months, tie_field
from sim.world.state import ALDERMAN, HEAT_NETWORK, State

ENERGY_WHY = Words(
    "twee punten op honderd: zoveel als een paar maanden vrijwilligerswerk kost",
    "two points in a hundred: what some months of volunteering take",
)
LESS_ENERGY_WHY = Words(
    "anderhalf punt op honderd: zoveel als ruim een maand vrijwilligerswerk kost",
    "one and a half points in a hundred: what more than a month of volunteering takes",
)


def with_agreement(concreteness: float) -> Arm:
    """Everyone signs the same agreement in the seventh month, and it stays as concrete as it was."""
    return Arm(
        parameters=NO_AGREEMENTS,
        begin=(together,),
        held=(Held(acquainted, 1, 1), Held(signed(concreteness), 6, 6), Held(agreements(concreteness=concreteness), 7)),
    )


def nothing_came_of_it(s: State) -> np.ndarray:
    """Which initiatives saw no promise of their agreement fall due, as 0 or 1."""
    return np.asarray(s.ledger["promises_kept"] + s.ledger["promises_broken"] == 0, dtype=float)


def promises_kept(run: Run) -> float:
    """Share of the promises fallen due in agreements that the town hall kept."""
    ledger = run.end.ledger
    kept, broken = ledger["promises_kept"].sum(), ledger["promises_broken"].sum()
    return float(kept / (kept + broken)) if kept + broken > 0 else float("nan")


def talking_arm(opening_rate: float) -> Arm:
    """Talks that open at this rate and never end."""
    return Arm(
        parameters={**ENDLESS_TALKS, "opening_rate": opening_rate}, begin=(together,), held=(Held(acquainted, 1, 1),)
    )


def refused_at_first(run: Run) -> float:
    """Of the initiatives that had an agreement when the town hall first decided about a next stage: the share that was
    refused.
    """
    refused = granted = 0
    decided = np.zeros(len(run.state.initiatives), bool)
    phase = np.zeros(len(run.state.initiatives), int)
    for _, s in months(run, 0, run.place.months):
        me = s.initiatives
        no = ~decided & (me["refused_next_stage"] >= 0)
        yes = ~decided & (me["phase"] > phase) & (phase >= 2)
        supported = me["formalised_month"] >= 0
        refused += int((no & supported).sum())
        granted += int((yes & supported).sum())
        decided |= no | yes
        phase = me["phase"].copy()
    return refused / (refused + granted) if refused + granted else float("nan")


def months_a_decision(run: Run) -> float:
    """Months that initiatives waited for a decision about a next stage, for each decision taken."""
    waited = decided = 0
    before, refused_before = (
        run.until(7).initiatives["phase"].copy(),
        run.state.initiatives["refused_next_stage"].copy(),
    )
    for month, s in months(run, 7, run.place.months):
        me = s.initiatives
        undecided = (me["asks_next"] == 1) & ((me["refused_next_stage"] < 0) | (month - me["refused_next_stage"] >= 12))
        waited += int((undecided & active(s)).sum())
        decided += int(
            ((me["phase"] > before) & (before >= 2)).sum() + (me["refused_next_stage"] > refused_before).sum()
        )
        before, refused_before = me["phase"].copy(), me["refused_next_stage"].copy()
    return waited / decided if decided else float("nan")


def concreteness_by_term(run: Run) -> float:
    """Mean concreteness of agreements for four years less that of shorter ones, when they are signed."""
    long_term: list[float] = []
    short: list[float] = []
    for month, s in months(run, 0, 36):
        deal = s.agreements
        fresh = (
            (deal["start"] == month)
            & ((deal["in_force"] == 1) | (deal["pending"] == 1))
            & (s.initiatives["talks_opened"] < 0)
        )
        fresh &= (deal["forms"] & 1) == 0  # agreements on money alone are not negotiated
        long_term += list(deal["concreteness"][fresh & (deal["horizon"] >= 48)])
        short += list(deal["concreteness"][fresh & (deal["horizon"] < 48)])
    return float(np.mean(long_term) - np.mean(short)) if long_term and short else float("nan")


def homes_by_ambition(run: Run) -> tuple[float, float]:
    """Mean share of the homes within reach that were reached: by heat networks, and by the others."""
    s = run.end
    ambitious = s.initiatives["ambition"] == HEAT_NETWORK
    reached = homes_share(s)
    return float(reached[ambitious].mean()), float(reached[~ambitious].mean())


def lost_more_by_the_ambitious(found: Mapping[str, tuple[float, float]]) -> float:
    """Share of their homes that heat networks lose without a perspective, less the share that others lose."""
    (network_with, others_with), (network_without, others_without) = found["a"], found["b"]
    return (1.0 - network_without / network_with) - (1.0 - others_without / others_with)


def waiting_for_next_stage(values: Callable[[State], np.ndarray]) -> Experiment:
    """Everyone who asks for a next stage waits; in arm b they are refused in month 36. Measured three months later."""
    refused = Held(next_stage_refused, 36, 36)
    base = Arm(parameters={"decision_rate": 0.0}, begin=(together,))
    return Experiment(
        {"a": base, "b": base.and_also(Arm(held=(refused,)))},
        mean(values, 40, lambda s: (s.initiatives["asks_next"] == 1) & active(s)),
        months=40,
    )


def next_stage_refused(s: State) -> None:
    """A next stage is refused to everyone who asks for one: what the rule of negotiation books then."""
    asking = (s.initiatives["asks_next"] == 1) & active(s)
    s.initiatives["refused"][asking] += 1.0
    s.initiatives["clash"][asking] += 1.0


CLAIMS = (
    Claim(
        id="6a",
        sections=("2.4.1", "7.1.2"),
        sentence=Words("Een te algemene afspraak heeft geen effect.", "Too general an agreement has no effect."),
        label="built in",
        unit=Words(
            "deel waarvoor in twee jaar niets uit de afspraak voortkwam: verschil tussen algemeen en concreet",
            "share for whom nothing came of the agreement in two years: difference between general and concrete",
        ),
        smallest=0.1,
        why=Words("een op de tien afspraken", "one in ten agreements"),
        experiment=Experiment(
            {"a": with_agreement(0.6), "b": with_agreement(0.05)}, mean(nothing_came_of_it, 30), months=30
        ),
        off=Off(
            Words("afspraken bevatten geen beloften", "agreements hold no promises"),
            Arm(parameters={"promise_rate": 0.0}),
        ),
    ),
    Claim(
        id="6b",
        sections=("5.1.3",),
        sentence=Words("Een open afspraak is er sneller.", "An open agreement is reached sooner."),
        label="built in",
        unit=Words(
            "deel met een afspraak na anderhalf jaar: verschil tussen concreet en open",
            "share with an agreement after a year and a half: difference between concrete and open",
        ),
        smallest=0.02,
        why=Words("een op de vijftig initiatieven", "one in fifty initiatives"),
        experiment=Experiment(
            {
                "a": Arm(begin=(together,)),
                "b": Arm(
                    levers={"concrete_agreements": 1.0},
                    options={"concrete_agreements": {"roles": 0.0}},
                    begin=(together,),
                ),
            },
            mean(formalised, 18),
        ),
        off=Off(
            Words("details vertragen de gesprekken niet", "detail does not slow the talks"),
            Arm(parameters={"detail_cost": 0.0}),
        ),
        direction=-1,
    ),
    Claim(
        id="6c",
        sections=("5.1.3", "7.1.2"),
        sentence=Words(
            "Wat een afspraak open laat, kost later tijd.", "What an agreement leaves open costs time later."
        ),
        label="built in",
        unit=Words(
            "maanden per besluit over een volgende fase: verschil tussen open en concreet",
            "months a decision about a next stage takes: difference between open and concrete",
        ),
        smallest=0.5,
        why=Words("een halve vergadercyclus van een raad", "half of a council’s cycle of meetings"),
        experiment=Experiment({"a": with_agreement(0.6), "b": with_agreement(0.1)}, months_a_decision, months=60),
        off=Off(
            Words("besluiten wachten niet op wat open bleef", "decisions do not wait for what was left open"),
            Arm(parameters={"openness_cost": 0.0}),
        ),
    ),
    Claim(
        id="7a",
        sections=("2.4.1",),
        sentence=Words(
            "Een afspraak die bestuurders niet kennen, wordt minder nagekomen.",
            "An agreement that governors do not know is kept less.",
        ),
        label="built in",
        unit=Words("deel van de beloften dat is nagekomen", "share of promises kept"),
        smallest=0.03,
        why=Words("een op de dertig beloften", "one in thirty promises"),
        experiment=Experiment(
            {
                "a": Arm(begin=(together,), held=(Held(ties(ALDERMAN, knows=0.0)),)),
                "b": Arm(begin=(together,), held=(Held(ties(ALDERMAN, knows=0.9)),)),
            },
            promises_kept,
        ),
        off=Off(
            Words("bekendheid telt niet bij het nakomen", "being known does not count in keeping promises"),
            Arm(parameters={"promise_known": 0.0}),
        ),
    ),
    Claim(
        id="7b",
        sections=("2.4.1",),
        sentence=Words(
            "Een afspraak die de achterban niet kent, wordt minder nagekomen.",
            "An agreement that the rank and file do not know is kept less.",
        ),
        label="built in",
        unit=Words("deel van de beloften dat is nagekomen", "share of promises kept"),
        smallest=0.03,
        why=Words("een op de dertig beloften", "one in thirty promises"),
        experiment=Experiment(
            {
                "a": Arm(begin=(together,), held=(Held(initiatives(backing=0.0)),)),
                "b": Arm(begin=(together,), held=(Held(initiatives(backing=0.9)),)),
            },
            promises_kept,
        ),
        off=Off(
            Words("bekendheid telt niet bij het nakomen", "being known does not count in keeping promises"),
            Arm(parameters={"promise_known": 0.0}),
        ),
    ),
    Claim(
        id="8",
        sections=("2.4.2",),
        sentence=Words("Lang onderhandelen kost energie.", "Long negotiation drains energy."),
        label="built in",
        unit=Words("energie na anderhalf jaar praten", "energy after a year and a half of talks"),
        smallest=0.02,
        why=ENERGY_WHY,
        experiment=Experiment({"a": talking_arm(0.0), "b": talking_arm(50.0)}, mean(field("energy"), 19, active)),
        off=Off(Words("praten kost geen energie", "talks take no energy"), Arm(parameters={"talks_drain": 0.0})),
        direction=-1,
    ),
    Claim(
        id="10a",
        sections=("2.4.2",),
        sentence=Words(
            "Steun in een vroege fase verzekert de volgende niet.",
            "Support in an early phase does not assure the next.",
        ),
        label="built in",
        unit=Words(
            "deel dat met een afspraak op zak de volgende fase toch geweigerd wordt",
            "share refused the next stage though it had an agreement",
        ),
        smallest=0.1,
        why=Words("een op de tien aanvragen", "one in ten requests"),
        experiment=Experiment({"a": Arm(begin=(together,))}, refused_at_first, only, months=60),
        off=Off(
            Words("elke volgende fase wordt toegestaan", "every next stage is granted"),
            Arm(parameters={"next_stage_base": 20.0}),
        ),
    ),
    Claim(
        id="10b",
        sections=("2.4.2",),
        sentence=Words("Een volgende stap die mislukt, schaadt het vertrouwen.", "A failed transition harms trust."),
        label="built in",
        unit=Words("vertrouwen drie maanden na een weigering", "trust three months after a refusal"),
        smallest=0.03,
        why=TRUST_WHY,
        experiment=waiting_for_next_stage(tie_field("trust")),
        off=Off(
            Words("tegenslag kost geen vertrouwen", "set-backs cost no trust"), Arm(parameters={"loss_over_gain": 0.0})
        ),
        direction=-1,
    ),
    Claim(
        id="10c",
        sections=("2.4.2",),
        sentence=Words("Een volgende stap die mislukt, kost energie.", "A failed transition costs energy."),
        label="built in",
        unit=Words("energie drie maanden na een weigering", "energy three months after a refusal"),
        smallest=0.015,
        why=LESS_ENERGY_WHY,
        experiment=waiting_for_next_stage(field("energy")),
        off=Off(
            Words("een botsing kost geen energie", "a clash takes no energy"), Arm(parameters={"clash_drain": 0.0})
        ),
        direction=-1,
    ),
    Claim(
        id="11a",
        sections=("2.5.1",),
        sentence=Words("Hoe langer de termijn, hoe minder detail.", "The longer the term, the less the detail."),
        label="built in",
        unit=Words(
            "concreetheid: verschil tussen lange en korte termijn",
            "concreteness: difference between long and short term",
        ),
        smallest=0.1,
        why=Words("een op de tien onderwerpen blijft extra open", "one in ten subjects more is left open"),
        experiment=Experiment({"a": Arm(begin=(together,))}, concreteness_by_term, only),
        off=Off(
            Words("de termijn telt niet voor het detail", "the term does not count for the detail"),
            Arm(parameters={"term_detail": 0.0}),
        ),
        direction=-1,
    ),
    Claim(
        id="11b",
        sections=("2.5.2",),
        sentence=Words(
            "Zonder perspectief op lange termijn verliezen de ambitieuste initiatieven het meest.",
            "Without a long-term perspective the most ambitious lose most.",
        ),
        label="emergent",
        unit=Words(
            "verloren deel van de bereikte woningen: verschil tussen warmtenetten en de rest",
            "share of homes lost: difference between heat networks and the others",
        ),
        smallest=0.05,
        why=Words("een twintigste van de woningen", "a twentieth of the homes"),
        experiment=Experiment(
            {
                "a": with_agreement(0.4).and_also(Arm(held=(Held(running_on(60)),))),
                "b": with_agreement(0.4).and_also(Arm(held=(Held(running_on(12)),))),
            },
            homes_by_ambition,
            lost_more_by_the_ambitious,
            months=96,
        ),
        off=Off(
            Words("niemand kijkt naar het perspectief", "nobody looks at the perspective"),
            Arm(parameters={"perspective_cost": 0.0}),
        ),
    ),
)
