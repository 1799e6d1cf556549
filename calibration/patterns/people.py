"""Claims about persons who come and go, and about what outlives them (patterns 13, 14 and 15)."""

from __future__ import annotations

import math
from collections.abc import Mapping

import numpy as np

from calibration.addressed import uniforms
from calibration.patterns.changes import agreements, happens_to_all, posts, together
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.contact import TRUST_WHY, only
from calibration.patterns.experiment import Arm, Experiment, Held, Run
from calibration.patterns.measures import active, advancement, contact, mean, months, tie_field
from sim.evidence.parameters import PARAMETERS
from sim.world import purposes as why
from sim.world.state import State

EVERYBODY_LEAVES = (("official_leaves", 18, 1.0, 1),)
BASE = PARAMETERS["base_understanding"].value
NO_LOSS = Off(
    Words("een opvolger is er meteen en neemt alles over", "a successor is there at once and takes everything over"),
    Arm(
        parameters={
            "vacancy_shortest": -1.0, "vacancy_longest": -1.0, "handover_chance": 1.0, "handover_share": 1.0,
            "plug_pulled": 0.0,
            "openness_pull": 0.0, "click_sd": 0.0, "history_pull": 0.0, "lore_share": 1.0,
        }
    ),
)  # fmt: skip
NO_BEARERS = {"handover_chance": 0.0, "colleague_share": 0.0, "council_share": 0.0, "agreement_share": 0.0}
SAME_SUCCESSOR = Off(
    Words("elke opvolger is hetzelfde", "every successor is the same"),
    Arm(parameters={"openness_pull": 0.0, "click_sd": 0.0}),
)
ELECTION_MONTH = 38  # March 2022 in the reference world


def standing_with_the_town_hall(s: State) -> np.ndarray:
    """Two columns an initiative, for comparing twins: how far it is (phases, and one for an agreement in force), and
    its trust.
    """
    far = advancement(s) + s.agreements["in_force"]
    return np.stack([far, contact(s)["trust"]], axis=1)


def a_year_and_a_half_later(run: Run) -> tuple[np.ndarray, np.ndarray]:
    """Those who had met by month 18 and have a contact person at month 36; and how all stand then."""
    s = run.until(18)
    met = (s.initiatives["met_month"] >= 0) & active(s) & (s.posts["present"][s.initiatives["post"]] == 1)
    s = run.until(36)
    return met & (s.posts["present"][s.initiatives["post"]] == 1), standing_with_the_town_hall(s)


def behind_less_ahead(found: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> float:
    """Share that is behind its twin in progress less the share that is ahead of it."""
    met, kept = found["a"]
    change = (found["b"][1] - kept)[met, 0]
    return float((change < -0.1).mean() - (change > 0.1).mean())


def better_off(found: Mapping[str, tuple[np.ndarray, np.ndarray]]) -> float:
    """Share that trusts the new contact person noticeably more than its twin trusts the old one."""
    met, kept = found["a"]
    again, changed = found["b"]
    return float(((changed - kept)[met & again, 1] > 0.05).mean())


def trust_at_arrival(run: Run) -> float:
    """Trust in successors in the month they arrive, mean over those who arrive in the year after month 18."""
    found: list[float] = []
    for _, s in months(run, 18, 30):
        fresh = (s.posts["just_arrived"][s.initiatives["post"]] == 1) & active(s)
        found += list(contact(s)["trust"][fresh])
    return float(np.mean(found)) if found else math.nan


def turnover_difference(run: Run) -> float:
    """Chance a year that a contact at the town hall is lost less that a key person of an initiative leaves."""
    key = np.asarray(run.state.clock["key"])
    left = entered = 0
    for month, s in months(run, 0, 36):
        who = np.flatnonzero(active(s))
        u = uniforms(key, who.astype(np.int64), month, why.MEMBER_LEAVES)
        left += int((u < -math.expm1(-float(run.own["member_leaving_rate"][0]))).sum())
        entered += len(who)
    posts_months = 36 * len(run.state.posts)
    return 12.0 * (run.state.posts["departures"].sum() / posts_months - left / entered)


def clustered(run: Run) -> float:
    """Share of aldermen that leaves in the month of elections less the mean of other months."""
    leaving = [float(s.aldermen["just_left"].mean()) for _, s in months(run, 0, 48)]
    return leaving[ELECTION_MONTH] - float(np.mean(leaving[:ELECTION_MONTH] + leaving[ELECTION_MONTH + 1 :]))


def share_of_tie_kept(run: Run) -> float:
    """Share of the understanding above that between strangers that is there when successors arrive, in the year after
    month 18.
    """
    kept = had = 0.0
    for _, s in months(run, 18, 30):
        tie = contact(s)
        fresh = (s.posts["just_arrived"][s.initiatives["post"]] == 1) & active(s) & (tie["met"] == 0.0)
        kept += float((tie["knows"][fresh] - BASE).sum())
        had += float((contact(s, "former")["knows"][fresh] - BASE).sum())
    return kept / had if had > 0 else math.nan


def embedded(**options: float) -> Arm:
    """Broad embedding of one kind, and everybody leaves in month 18."""
    every = {"colleagues": 0.0, "handover": 0.0, "council_adoption": 0.0}
    return Arm(
        levers={"broad_embedding": 1.0},
        options={"broad_embedding": {**every, **options}},
        begin=(together,),
        shocks=EVERYBODY_LEAVES,
    )


def lapsed_at_election(run: Run) -> float:
    """Share of the agreements in force before the election that are gone after it, though not expired."""
    s = run.until(ELECTION_MONTH)
    before = (s.agreements["in_force"] == 1) & (s.agreements["expiry"] > ELECTION_MONTH + 1)
    s = run.until(ELECTION_MONTH + 1)
    return float((s.agreements["in_force"][before] == 0).mean()) if before.any() else math.nan


def inside(openness: float, standing: float) -> Arm:
    """All officials are this open, and of this standing inside; nobody leaves."""
    change = posts(openness=openness, standing=standing)
    return Arm(parameters={"official_leaving_rate": 0.0}, begin=(together, change))


def keenness_hurts(found: Mapping[str, float]) -> float:
    """What lack of backing costs in trust with a keen official, less what it costs with a cool one."""
    return (found["keen_backed"] - found["keen_alone"]) - (found["cool_backed"] - found["cool_alone"])


SHARE_WHY = Words("een op de tien", "one in ten")
CLAIMS = (
    Claim(
        id="13a",
        sections=("3.2.5", "7.2.2"),
        sentence=Words("Een nieuwe ambtenaar vertraagt of beëindigt meestal.", "A new official mostly delays or ends."),
        label="emergent",
        unit=Words(
            "verschil tussen het deel dat achterloopt op zijn tweeling en het deel dat voorloopt",
            "difference between the share behind its twin and the share ahead of it",
        ),
        smallest=0.1,
        why=SHARE_WHY,
        experiment=Experiment(
            {"a": Arm(begin=(together,)), "b": Arm(begin=(together,), shocks=EVERYBODY_LEAVES)},
            a_year_and_a_half_later,
            behind_less_ahead,
        ),
        off=NO_LOSS,
    ),
    Claim(
        id="13b",
        sections=("3.1.3", "7.2.2"),
        sentence=Words(
            "Soms helpt een nieuwe ambtenaar juist: als die opener is of het beter klikt.",
            "Sometimes a new official helps: one who is more open, or with whom it clicks.",
        ),
        label="built in",
        unit=Words(
            "deel dat de opvolger merkbaar meer vertrouwt dan de tweeling de gebleven ambtenaar",
            "share that trusts the successor noticeably more than the twin trusts the official who stayed",
        ),
        smallest=0.1,
        why=SHARE_WHY,
        experiment=Experiment(
            {"a": Arm(begin=(together,)), "b": Arm(begin=(together,), shocks=EVERYBODY_LEAVES)},
            a_year_and_a_half_later,
            better_off,
        ),
        off=SAME_SUCCESSOR,
    ),
    Claim(
        id="13c",
        sections=("5.3.4",),
        sentence=Words("Wat een voorganger brak, wordt niet vergeten.", "What a predecessor broke stays remembered."),
        label="built in",
        unit=Words(
            "vertrouwen in een opvolger na twee gebroken beloften van de voorganger",
            "trust in a successor after two promises that the predecessor broke",
        ),
        smallest=0.03,
        why=TRUST_WHY,
        experiment=Experiment(
            {
                "a": Arm(parameters=NO_BEARERS, begin=(together,), shocks=EVERYBODY_LEAVES),
                "b": Arm(
                    parameters=NO_BEARERS,
                    begin=(together,),
                    shocks=EVERYBODY_LEAVES,
                    held=(Held(happens_to_all(broken=2.0), 12, 12),),
                ),
            },
            trust_at_arrival,
        ),
        off=Off(Words("de geschiedenis telt niet", "history does not count"), Arm(parameters={"history_pull": 0.0})),
        direction=-1,
    ),
    Claim(
        id="13d",
        sections=("3.2.5",),
        sentence=Words(
            "Bij de gemeente wisselen vaker mensen dan bij initiatieven.",
            "Municipal turnover exceeds the initiatives’.",
        ),
        label="built in",
        unit=Words(
            "kans per jaar op vertrek: verschil tussen een contactpersoon en een kernlid",
            "chance a year of leaving: difference between a contact person and a key member",
        ),
        smallest=0.03,
        why=Words("één op de dertig mensen per jaar", "one in thirty persons a year"),
        experiment=Experiment({"a": Arm()}, turnover_difference, only),
        off=Off(
            Words("initiatieven verliezen even vaak mensen", "initiatives lose people as often"),
            Arm(parameters={"member_leaving_rate": PARAMETERS["official_leaving_rate"].value}),
        ),
    ),
    Claim(
        id="13e",
        sections=("3.2.5",),
        sentence=Words("Verkiezingen laten wisselingen samenvallen.", "Elections cluster replacements."),
        label="built in",
        unit=Words(
            "deel van de wethouders dat vertrekt: verschil tussen de verkiezingsmaand en andere maanden",
            "share of aldermen leaving: difference between the month of elections and other months",
        ),
        smallest=0.1,
        why=SHARE_WHY,
        experiment=Experiment({"a": Arm()}, clustered, only, months=48),
        off=Off(
            Words("elke wethouder keert terug", "every alderman returns"),
            Arm(parameters={"alderman_return_share": 1.0}),
        ),
    ),
    Claim(
        id="14a",
        sections=("3.2.5", "7.2.2"),
        sentence=Words(
            "Brede borging in de organisatie verzacht een vertrek.",
            "Broad embedding in the organisation softens a departure.",
        ),
        label="built in",
        unit=Words("deel van de band dat een vertrek overleeft", "share of the tie that survives a departure"),
        smallest=0.1,
        why=SHARE_WHY,
        experiment=Experiment({"a": embedded(), "b": embedded(colleagues=2.0, handover=1.0)}, share_of_tie_kept),
        off=Off(
            Words("collega’s en overdracht dragen niets over", "colleagues and hand-over carry nothing across"),
            Arm(parameters={"handover_share": 0.0, "colleague_share": 0.0}),
        ),
    ),
    Claim(
        id="14b",
        sections=("2.3.2", "5.2.2"),
        sentence=Words(
            "Vaststelling door de raad verzacht een vertrek.", "Adoption by the council softens a departure."
        ),
        label="built in",
        unit=Words("deel van de band dat een vertrek overleeft", "share of the tie that survives a departure"),
        smallest=0.03,
        why=Words(
            "een dertigste van de band; niet iedereen heeft een afspraak",
            "a thirtieth of the tie; not everyone has an agreement",
        ),
        experiment=Experiment({"a": embedded(), "b": embedded(council_adoption=1.0)}, share_of_tie_kept),
        off=Off(
            Words("vaststelling draagt niets over", "adoption carries nothing across"),
            Arm(parameters={"council_share": 0.0}),
        ),
    ),
    Claim(
        id="14c",
        sections=("2.3.2", "5.2.2"),
        sentence=Words(
            "Vaststelling door de raad beschermt een afspraak bij verkiezingen.",
            "Adoption by the council protects an agreement at elections.",
        ),
        label="built in",
        unit=Words(
            "deel van de lopende afspraken dat bij de verkiezingen sneuvelt",
            "share of agreements in force that lapse at the elections",
        ),
        smallest=0.05,
        why=Words("een op de twintig afspraken", "one in twenty agreements"),
        experiment=Experiment(
            {
                "a": Arm(held=(Held(agreements(adopted=0), ELECTION_MONTH, ELECTION_MONTH),)),
                "b": Arm(held=(Held(agreements(adopted=1), ELECTION_MONTH, ELECTION_MONTH),)),
            },
            lapsed_at_election,
            months=48,
        ),
        off=Off(
            Words("verkiezingen raken geen afspraken", "elections touch no agreements"),
            Arm(parameters={"election_lapse": 0.0}),
        ),
        direction=-1,
    ),
    Claim(
        id="15a",
        sections=("3.2.3",),
        sentence=Words(
            "Een enthousiaste ambtenaar zonder steun in huis stelt teleur.",
            "A keen official without backing inside disappoints.",
        ),
        label="built in",
        unit=Words(
            "vertrouwen dat gebrek aan steun kost: verschil tussen enthousiaste en koele ambtenaren",
            "trust that lack of backing costs: difference between keen and cool officials",
        ),
        smallest=0.01,
        why=Words(
            "een punt op honderd, boven op wat gebrek aan steun toch al kost",
            "a point in a hundred, on top of what lack of backing costs anyway",
        ),
        experiment=Experiment(
            {
                "keen_backed": inside(0.9, 0.9),
                "keen_alone": inside(0.9, 0.1),
                "cool_backed": inside(0.3, 0.9),
                "cool_alone": inside(0.3, 0.1),
            },
            mean(tie_field("trust"), 36, active),
            keenness_hurts,
        ),
        off=Off(
            Words(
                "een weigering valt niet harder bij wie veel verwachtte",
                "a refusal hits no harder for those who expected much",
            ),
            Arm(parameters={"backing_penalty": 0.0}),
        ),
    ),
    Claim(
        id="15b",
        sections=("3.1.3",),
        sentence=Words(
            "Wie zich in huis hard maakt, krijgt het gemeentehuis mee.", "Champions win over the town hall."
        ),
        label="built in",
        unit=Words(
            "steun in de raad na drie jaar met een open ambtenaar van gezag",
            "the council’s support after three years with an open official of standing",
        ),
        smallest=0.05,
        why=Words("een op de twintig raadsleden", "one in twenty councillors"),
        experiment=Experiment(
            {"a": inside(0.5, 0.9), "b": inside(0.9, 0.9)},
            lambda run: float(run.end.municipalities["council_support"].mean()),
        ),
        off=Off(
            Words("niemand maakt zich in huis hard", "nobody champions anything inside"),
            Arm(parameters={"champion_gain": 0.0}),
        ),
    ),
)
