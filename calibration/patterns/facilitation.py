"""Claims about facilitators (pattern 20). All interviewed were supported: how strong these effects are is assumed,
their direction is tested.
"""

from __future__ import annotations

from collections.abc import Mapping

from calibration.patterns.changes import acquainted, initiatives, together
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.experiment import Arm, Experiment, Held
from calibration.patterns.measures import active, advancement, field, mean, tie_field

NOBODY_ELSE = {"facilitated_share": 0.0}  # no facilitators but those of the arm


def helped(style: float = 0.5, adaptive: float = 1.0) -> Arm:
    """Everyone has a facilitator of this style."""
    return Arm(
        levers={"independent_facilitator": 1.0},
        options={"independent_facilitator": {"style": style, "adaptive": adaptive}},
        parameters=NOBODY_ELSE,
        begin=(together,),
    )


CROSSED = Arm(parameters={"informing": 0.0}, shocks=(("crossing_campaign", 18, 1.0, 1),))
ALONE = Arm(parameters=NOBODY_ELSE, begin=(together,))
UNINFORMED = Arm(parameters={"informing": 0.0})
YOUNG = Arm(begin=(initiatives(start_maturity=0.15, older_tie=0),), held=(Held(acquainted, 1, 1),))


def repaired(found: Mapping[str, float]) -> float:
    """Share of what a clash costs without a facilitator that it does not cost with one."""
    return 1.0 - (found["helped"] - found["helped_crossed"]) / (found["alone"] - found["alone_crossed"])


CLAIMS = (
    Claim(
        id="20a",
        sections=("6.2", "7.5.2"),
        sentence=Words("Een begeleider brengt vaart in het proces.", "A facilitator speeds progress."),
        label="built in",
        unit=Words("fase na drie jaar", "phase after three years"),
        smallest=0.05,
        why=Words("een op de twintig initiatieven is een fase verder", "one in twenty initiatives is a phase ahead"),
        experiment=Experiment({"a": ALONE, "b": helped()}, mean(advancement, 36)),
        off=Off(
            Words(
                "een begeleider verbindt, regelt en leert niets", "a facilitator bridges, arranges and teaches nothing"
            ),
            Arm(
                parameters={
                    "bridging": 0.0,
                    "brokering": 0.0,
                    "hand_holding": 0.0,
                    "coaching_gain": 0.0,
                    "reset_chance": 0.0,
                    "line_loss": 0.0,
                }
            ),
        ),
    ),
    Claim(
        id="20b",
        sections=("6.3",),
        sentence=Words("Een begeleider lost een crisis op.", "A facilitator repairs a crisis."),
        label="built in",
        unit=Words(
            "deel van het vertrouwensverlies door een botsing dat met begeleider uitblijft",
            "share of the loss of trust by a clash that a facilitator takes away",
        ),
        smallest=0.1,
        why=Words("een tiende van het verlies", "a tenth of the loss"),
        experiment=Experiment(
            {
                "alone": ALONE.and_also(UNINFORMED),
                "alone_crossed": ALONE.and_also(CROSSED),
                "helped": helped().and_also(UNINFORMED),
                "helped_crossed": helped().and_also(CROSSED),
            },
            mean(tie_field("trust"), 21, active),
            repaired,
        ),
        off=Off(
            Words("een begeleider herstelt niets", "a facilitator repairs nothing"),
            Arm(parameters={"reset_chance": 0.0}),
        ),
    ),
    Claim(
        id="20c",
        sections=("6.4",),
        sentence=Words(
            "Sturen neemt een jong initiatief in het begin werk uit handen.",
            "Steering eases the early work of a young initiative.",
        ),
        label="built in",
        unit=Words(
            "fase na een jaar: verschil tussen sturend en coachend",
            "phase after a year: difference between steering and coaching",
        ),
        smallest=0.05,
        why=Words("een op de twintig initiatieven is een fase verder", "one in twenty initiatives is a phase ahead"),
        experiment=Experiment(
            {"a": helped(1.0, 0.0).and_also(YOUNG), "b": helped(0.0, 0.0).and_also(YOUNG)}, mean(advancement, 12)
        ),
        off=Off(
            Words("sturen neemt geen werk over", "steering takes over no work"), Arm(parameters={"hand_holding": 0.0})
        ),
    ),
    Claim(
        id="20d",
        sections=("6.4",),
        sentence=Words(
            "Later coachen herstelt het eigen contact met de gemeente.",
            "Later coaching restores direct contact with the town hall.",
        ),
        label="built in",
        unit=Words(
            "overleggen per maand in het vierde jaar: verschil tussen meegroeiend en blijvend sturend",
            "meetings a month in the fourth year: difference between adaptive and steering throughout",
        ),
        smallest=0.02,
        why=Words("één overleg meer in de vier jaar", "one meeting more in four years"),
        experiment=Experiment(
            {"a": helped(0.0, 0.0), "b": helped(0.0, 1.0)}, mean(field("contact"), 48, active), months=48
        ),
        off=Off(
            Words("sturen kost geen eigen contact", "steering costs no direct contact"),
            Arm(parameters={"line_loss": 0.0}),
        ),
    ),
)
