"""Claims about contact: meetings, getting acquainted, being in time (patterns 1, 2, 3 and 17)."""

from __future__ import annotations

from collections.abc import Mapping

import numpy as np

from calibration.patterns.changes import ENDLESS_TALKS, acquainted, initiatives, ties, together
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.experiment import Arm, Experiment, Held, Run
from calibration.patterns.measures import contact, mean, months, seen, tie_field
from sim.evidence.parameters import PARAMETERS
from sim.world.state import CROSSED, State

MONTHLY_MEETINGS = {"regular_meetings": 12.0}
NO_TRUST_BY_MEETING = Off(
    Words(
        "een overleg geeft geen vertrouwen en levert geen werkafspraken op",
        "a meeting gives no trust and makes no working arrangements",
    ),
    Arm(parameters={"meeting_weight": 0.0, "working_promises": 0.0}),
)
NOT_INFORMING = Off(
    Words("contact houdt elkaar niet op de hoogte", "contact does not keep each other informed"),
    Arm(parameters={"informing": 0.0}),
)
TRUST_WHY = Words(
    "drie punten op honderd: een verschil dat in een gesprek te merken is",
    "three points in a hundred: a difference one can notice in a conversation",
)
CROSSING_WHY = Words(
    "een op de twintig initiatieven wordt per jaar een botsing bespaard",
    "one in twenty initiatives is spared a collision each year",
)


def every_other_is_older(s: State) -> None:
    """Half of the initiatives, by number, know the town hall from before."""
    s.initiatives["older_tie"] = s.initiatives["number"] % 2


def new_less_old(run: Run) -> float:
    """Understanding after a year: new pairs less old ones."""
    s = run.until(13)
    knows, older = contact(s)["knows"], s.initiatives["older_tie"] == 1
    return float(knows[~older].mean() - knows[older].mean())


def trust_gained_in_talks(run: Run) -> float:
    """Trust when an agreement is signed less trust when the talks opened, mean over the initiatives that signed their
    first.
    """
    at_opening = np.full(len(run.state.initiatives), np.nan)
    gained: list[float] = []
    for month, s in months(run, 0, 36):
        trust, me = contact(s)["trust"], s.initiatives
        opening = (me["talks_opened"] == month) & np.isnan(at_opening)
        at_opening[opening] = trust[opening]
        signing = (me["formalised_month"] == month) & np.isfinite(at_opening) & (s.agreements["start"] == month)
        gained += list(trust[signing] - at_opening[signing])
    return float(np.mean(gained)) if gained else float("nan")


def only(found: Mapping[str, float]) -> float:
    """The measure of the only arm."""
    return float(found["a"])


CLAIMS = (
    Claim(
        id="1a",
        sections=("3.1.4", "7.6"),
        sentence=Words(
            "Wie vaker overlegt, ziet het vertrouwen sneller groeien.",
            "Those who meet more often see trust grow faster.",
        ),
        label="built in",
        unit=Words("vertrouwen na een jaar", "trust after a year"),
        smallest=0.03,
        why=TRUST_WHY,
        experiment=Experiment(
            {"a": Arm(begin=(together,)), "b": Arm(levers=MONTHLY_MEETINGS, begin=(together,))},
            mean(tie_field("trust"), 12),
        ),
        off=NO_TRUST_BY_MEETING,
    ),
    Claim(
        id="1b",
        sections=("3.1.4", "7.6"),
        sentence=Words(
            "Wie vaker overlegt, wordt minder vaak verrast.", "Those who meet more often are taken by surprise less."
        ),
        label="built in",
        unit=Words("botsingen per initiatief in het tweede jaar", "collisions per initiative in the second year"),
        smallest=0.05,
        why=CROSSING_WHY,
        experiment=Experiment(
            {"a": Arm(begin=(together,)), "b": Arm(levers=MONTHLY_MEETINGS, begin=(together,))},
            mean(lambda s: seen(s, CROSSED), 24),
        ),
        off=NOT_INFORMING,
        direction=-1,
    ),
    Claim(
        id="2a",
        sections=("3.1.4",),
        sentence=Words(
            "Het vertrouwen is bij het begin van de gesprekken lager dan bij het tekenen.",
            "Trust is lower when talks open than when the agreement is signed.",
        ),
        label="emergent",
        unit=Words(
            "vertrouwen: verschil tussen het tekenen en het begin", "trust: difference between signing and opening"
        ),
        smallest=0.03,
        why=TRUST_WHY,
        experiment=Experiment({"a": Arm(begin=(together,))}, trust_gained_in_talks, only),
        off=NO_TRUST_BY_MEETING,
    ),
    Claim(
        id="2b",
        sections=("3.1.4",),
        sentence=Words(
            "Zolang een afspraak wordt voorbereid, groeit het vertrouwen sneller dan anders.",
            "While an agreement is prepared trust grows faster than otherwise.",
        ),
        label="built in",
        unit=Words("vertrouwen na een jaar praten", "trust after a year of talks"),
        smallest=0.03,
        why=TRUST_WHY,
        experiment=Experiment(
            {
                "a": Arm(
                    parameters={**ENDLESS_TALKS, "opening_rate": 0.0}, begin=(together,), held=(Held(acquainted, 1, 1),)
                ),
                "b": Arm(
                    parameters={**ENDLESS_TALKS, "opening_rate": 50.0},
                    begin=(together,),
                    held=(Held(acquainted, 1, 1),),
                ),
            },
            mean(tie_field("trust"), 13),
        ),
        off=Off(
            Words("tijdens gesprekken ziet men elkaar niet vaker", "talks bring no more meetings"),
            Arm(parameters={"talks_contact": 1.0}),
        ),
    ),
    Claim(
        id="3",
        sections=("2.2.1",),
        sentence=Words(
            "Kennismaken levert meer op voor wie nieuw is voor elkaar.",
            "Getting acquainted pays more for those who are new to each other.",
        ),
        label="built in",
        unit=Words(
            "begrip dat een jaar maandelijks overleg oplevert: verschil tussen nieuw en ouder contact",
            "understanding gained by a year of monthly meetings: difference between new and older contact",
        ),
        smallest=0.05,
        why=Words(
            "een vijfde van de voorsprong die oudere relaties hebben", "a fifth of the head start that older ties have"
        ),
        experiment=Experiment(
            {
                "a": Arm(begin=(together, every_other_is_older), held=(Held(acquainted, 1, 1),)),
                "b": Arm(
                    levers=MONTHLY_MEETINGS, begin=(together, every_other_is_older), held=(Held(acquainted, 1, 1),)
                ),
            },
            new_less_old,
        ),
        off=Off(
            Words(
                "wie elkaar al langer kent, kent elkaar niet beter",
                "those who go back longer know each other no better",
            ),
            Arm(
                held=(
                    Held(
                        ties(
                            knows=PARAMETERS["base_understanding"].value, known=PARAMETERS["base_understanding"].value
                        ),
                        1,
                        1,
                    ),
                )
            ),
        ),
    ),
    Claim(
        id="17",
        sections=("3.2.4",),
        sentence=Words(
            "Wie elkaar te laat betrekt, loopt elkaar met acties voor de voeten.",
            "Those who engage each other late see their actions collide.",
        ),
        label="built in",
        unit=Words("botsingen per initiatief in het eerste jaar", "collisions per initiative in the first year"),
        smallest=0.05,
        why=CROSSING_WHY,
        experiment=Experiment(
            {
                "a": Arm(levers={"early_engagement": 1.0}, begin=(together, initiatives(older_tie=0))),
                "b": Arm(begin=(together, initiatives(older_tie=0))),
            },
            mean(lambda s: seen(s, CROSSED), 12),
        ),
        off=NOT_INFORMING,
    ),
)
