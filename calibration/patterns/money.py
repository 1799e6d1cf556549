"""Claims about money: what it brings, how long it lasts, what ends with it, and what it makes of the two (patterns 9
and 12).
"""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.patterns.changes import NO_AGREEMENTS, acquainted, agreements, granted, running_on, signed, together
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.contact import only
from calibration.patterns.experiment import Arm, Experiment, Held, Run
from calibration.patterns.measures import active, field, homes_share, mean, months
from sim.indicators.structural_partnership import BROKEN, DECISIONS, PROMISES
from sim.world.state import FORM_MONEY, TOPIC_PARTICIPATION, TOPIC_ROLES, State

MONEY_FOR_ALL = Held(granted(10_000.0, 24), 6, 6)
NO_OTHER_MONEY = Arm(begin=(together,), parameters={"money_form": 0.0, "round_rate": 0.0})
# Money that is given a year at a time has gaps where it is not renewed: with so much a year as much is paid in all,
# give or take a twentieth. How much it is hardly matters (from 10,000 to 16,000 the effect stays the same).
YEAR_BY_YEAR = 13_500.0


def ratio(found: Mapping[str, float]) -> float:
    """How much more arm b has than arm a, as a share of arm a."""
    return float(found["b"] / found["a"] - 1.0)


def partner(s: State) -> np.ndarray:
    """Which initiatives are structural partners by what was done, as 0 or 1 (the indicator's own bar)."""
    me = s.initiatives
    known_long = (me["met_month"] >= 0) & (s.clock["month"][0] - me["met_month"] >= 24)
    done = (me["kept_24"] >= PROMISES) & (me["decisions_24"] >= DECISIONS) & (me["broken_24"] <= BROKEN * me["kept_24"])
    return np.asarray(active(s) & known_long & done, dtype=float)


def agreement_outlasts_money(run: Run) -> float:
    """Months for which an agreement holds less months for which its money was promised, mean over ordinary grants when
    they begin.
    """
    gaps: list[float] = []
    for month, s in months(run, 0, 36):
        me, deal = s.initiatives, s.agreements
        fresh = (
            (deal["start"] == month)
            & (deal["in_force"] == 1)
            & ((deal["forms"] & FORM_MONEY) > 0)
            & (me["money_until"] == month + me["money_horizon"])
        )
        gaps += list(deal["horizon"][fresh] - me["money_horizon"][fresh])
    return float(np.mean(gaps)) if gaps else float("nan")


def after_the_stop(name: str, wait: int) -> Experiment:
    """Those with money in month 24; in arm b it stops then. Measured ``wait`` months later."""

    def measure(run: Run) -> float:
        paid = run.until(24).initiatives["money_until"] > 24 + 12
        s = run.until(24 + wait)
        return float(s.initiatives[name][paid].mean()) if paid.any() else float("nan")

    base = Arm(begin=(together,), held=(Held(granted(10_000.0, 48), 6, 6),))
    return Experiment({"a": base, "b": base.and_also(Arm(shocks=(("subsidy_stops", 24, 1.0, 1),)))}, measure)


def funded(euros_a_year: float, horizon: float) -> Arm:
    """Half of the initiatives receive money, for so many months at once."""
    return Arm(
        levers={"structural_funding": 0.5}, options={"structural_funding": {"amount": euros_a_year, "horizon": horizon}}
    )


def working_together(topics: int, ahead: int) -> Arm:
    """Everyone signs an agreement in the seventh month and it holds; with these subjects, and always so many months
    ahead.
    """
    return Arm(
        parameters=NO_AGREEMENTS,
        begin=(together,),
        held=(
            Held(acquainted, 1, 1),
            Held(signed(0.4, topics), 6, 6),
            Held(agreements(concreteness=0.4), 7),
            Held(running_on(ahead), 7),
        ),
    )


PARTNER_WHY = Words("een op de vijftig initiatieven wordt partner", "one in fifty initiatives becomes a partner")

CLAIMS = (
    Claim(
        id="9a",
        sections=("2.5.2", "2.2.4"),
        sentence=Words("Geld brengt activiteit.", "Money brings activity."),
        label="built in",
        unit=Words("meer bereikte woningen na twee jaar, als deel", "more homes reached after two years, as a share"),
        smallest=0.1,
        why=Words("een tiende meer", "a tenth more"),
        experiment=Experiment(
            {"a": Arm(begin=(together,)), "b": Arm(begin=(together,), held=(MONEY_FOR_ALL,))},
            mean(homes_share, 30),
            ratio,
        ),
        off=Off(Words("geld betaalt geen werk", "money pays for no work"), Arm(parameters={"paid_scale": 1e12})),
    ),
    Claim(
        id="9b",
        sections=("2.5.2", "7.6"),
        sentence=Words(
            "Geld brengt duidelijkheid: verantwoorden scherpt plannen aan.",
            "Money brings clarity: accounting for it sharpens plans.",
        ),
        label="built in",
        unit=Words("rijpheid na twee jaar met geld", "maturity after two years with money"),
        smallest=0.03,
        why=Words(
            "ongeveer zoveel als een jaar lang een dag training per drie maanden",
            "about what a day of training every three months adds in a year",
        ),
        experiment=Experiment(
            {"a": NO_OTHER_MONEY, "b": NO_OTHER_MONEY.and_also(Arm(held=(MONEY_FOR_ALL,)))},
            mean(field("maturity"), 30),
        ),
        off=Off(
            Words("van verantwoorden leert men niets", "accounting teaches nothing"),
            Arm(parameters={"accounting_gain": 0.0}),
        ),
    ),
    Claim(
        id="9c",
        sections=("2.5.2",),
        sentence=Words(
            "De horizon van het geld is kort: korter dan die van de afspraak.",
            "The horizon of money is short: shorter than the agreement’s.",
        ),
        label="built in",
        unit=Words("maanden dat de afspraak langer loopt dan het geld", "months that the agreement outlasts its money"),
        smallest=3.0,
        why=Words("een kwartaal", "a quarter of a year"),
        experiment=Experiment(
            {"a": Arm(begin=(together,), parameters={"round_rate": 0.0})}, agreement_outlasts_money, only
        ),
        off=Off(
            Words("geld mag zo lang duren als de afspraak", "money may last as long as the agreement"),
            Arm(parameters={"grant_longest": 120.0}),
        ),
    ),
    Claim(
        id="9d",
        sections=("3.2.2",),
        sentence=Words(
            "Stopt het geld, dan gaat een deel van de opbouw verloren.",
            "When money stops, part of what was built up is lost.",
        ),
        label="built in",
        unit=Words("rijpheid drie maanden na het stoppen", "maturity three months after the stop"),
        smallest=0.05,
        why=Words(
            "een tiende van wat een half rijp initiatief heeft opgebouwd",
            "a tenth of what a half-mature initiative has built up",
        ),
        experiment=after_the_stop("maturity", 3),
        off=Off(
            Words("een stop kost geen opbouw", "a stop costs nothing that was built up"),
            Arm(parameters={"stop_loss": 0.0}),
        ),
        direction=-1,
    ),
    Claim(
        id="9e",
        sections=("3.2.2",),
        sentence=Words(
            "Stopt het geld, dan zakt de energie van vrijwilligers.",
            "When money stops, the energy of volunteers falls.",
        ),
        label="built in",
        unit=Words("energie drie maanden na het stoppen", "energy three months after the stop"),
        smallest=0.02,
        why=Words(
            "twee punten op honderd: zoveel als een paar maanden vrijwilligerswerk kost",
            "two points in a hundred: what some months of volunteering take",
        ),
        experiment=after_the_stop("energy", 3),
        off=Off(Words("een stop kost geen energie", "a stop takes no energy"), Arm(parameters={"stop_drain": 0.0})),
        direction=-1,
    ),
    Claim(
        id="12a",
        sections=("2.5.3", "7.1.3"),
        sentence=Words(
            "Incidenteel geld maakt eerder een opdrachtnemer, lopend geld eerder een partner.",
            "Incidental money tends to make a contractor, lasting money a partner.",
        ),
        label="emergent",
        unit=Words(
            "deel dat partner is na acht jaar: verschil tussen lopend en incidenteel geld, samen ongeveer evenveel",
            (
                "share that are partners after eight years: "
                "difference between lasting and incidental money, about as much in all"
            ),
        ),
        smallest=0.02,
        why=PARTNER_WHY,
        experiment=Experiment(
            {"a": funded(YEAR_BY_YEAR, 12.0), "b": funded(10_000.0, 48.0)}, mean(partner, 96, active), months=96
        ),
        off=Off(Words("geld wordt altijd verlengd", "money is always renewed"), Arm(parameters={"renewal_base": 50.0})),
    ),
    Claim(
        id="12c",
        sections=("2.5.3", "7.1.3"),
        sentence=Words(
            "Een blijvende samenwerking met afgesproken rollen maakt een partner.",
            "Lasting collaboration with agreed roles makes a partner.",
        ),
        label="emergent",
        unit=Words(
            "deel dat partner is na acht jaar: verschil tussen lang en met rollen, en kort en zonder",
            "share that are partners after eight years: difference between long and with roles, and short and without",
        ),
        smallest=0.02,
        why=PARTNER_WHY,
        experiment=Experiment(
            {
                "a": working_together(TOPIC_PARTICIPATION, 12),
                "b": working_together(TOPIC_PARTICIPATION | TOPIC_ROLES, 36),
            },
            mean(partner, 96, active),
            months=96,
        ),
        off=Off(
            Words("rollen en perspectief tellen niet bij besluiten", "roles and perspective do not count in decisions"),
            Arm(parameters={"roles_effect": 0.0, "perspective_cost": 0.0}),
        ),
    ),
)
