"""Claims about what a survey of seventy cannot detect (pattern 5): no form or subject of an agreement is judged better
than another.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np
from scipy import stats

from calibration.interview import CONTRIBUTED, classes, interview
from calibration.patterns.claim import Claim, Off, Words
from calibration.patterns.contact import only
from calibration.patterns.experiment import SEED, Arm, Experiment, Held, Run
from sim.world.state import FORM_COVENANT, FORM_MONEY, FORM_POLICY, TOPIC_ROLES, TOPICS, State

FORMS = (FORM_MONEY, FORM_COVENANT, FORM_POLICY)
SUBJECTS = tuple(TOPICS.values())
SIGNIFICANT = 0.05


def not_significant(field: str, bits: tuple[int, ...]) -> Callable[[Run], float]:
    """Share of the forms or subjects for which one virtual survey of seventy finds no association with the judged
    effect (Fisher's exact test, 5%).
    """

    def measure(run: Run) -> float:
        s = run.end
        asked = interview(s, SEED, run.replicate).respondents
        good = asked["effect"] == CONTRIBUTED
        p = [stats.fisher_exact(_table((asked[field] & bit) > 0, good)).pvalue for bit in bits]
        return float(np.mean(np.array(p) >= SIGNIFICANT))

    return measure


def log_odds_ratio(field: str, bit: int) -> Callable[[Run], float]:
    """Log odds ratio between a form or subject and a positive judgement, over all who formalised (a half added to each
    cell).
    """

    def measure(run: Run) -> float:
        asked = classes(run.end)
        cells = _table((asked[field] & bit) > 0, asked["effect"] == CONTRIBUTED) + 0.5
        return float(np.log(cells[0, 0] * cells[1, 1] / (cells[0, 1] * cells[1, 0])))

    return measure


def _table(has: np.ndarray, good: np.ndarray) -> np.ndarray:
    """The two-by-two table: rows with and without, columns positive and not."""
    return np.array([[np.sum(has & good), np.sum(has & ~good)], [np.sum(~has & good), np.sum(~has & ~good)]])


ONLY_MONEY = Off(
    Words("alleen geld telt als winst", "only money counts as a gain"),
    Arm(parameters={"unit_money": 5.0, "unit_promise_kept": 0.0, "unit_recognition": 0.0, "unit_follow_on": 0.0}),
)


def only_roles_hold_promises(s: State) -> None:
    """Agreements with roles are wholly concrete, the others hold nothing."""
    s.agreements["concreteness"] = (s.agreements["topics"] & TOPIC_ROLES) > 0


ONLY_ROLES = Off(
    Words(
        "alleen nagekomen beloften tellen als winst, en die staan alleen in afspraken met rollen",
        "only kept promises count as a gain, and only agreements with roles hold any",
    ),
    Arm(
        parameters={
            "unit_money": 0.0,
            "unit_recognition": 0.0,
            "unit_follow_on": 0.0,
            "promise_base": 1.0,
            "promise_rate": 2.0,
        },
        held=(Held(only_roles_hold_promises),),
    ),
)
FACTOR = 4.0
MANY = 1000  # worlds for an effect so near its bound that whether a hundred show it is luck
BOUND_WHY = Words(
    "een odds ratio van een kwart tot vier: wat een enquête onder zeventig de helft van de keren zou opmerken",
    "an odds ratio from a quarter to four: what a survey of seventy would notice half of the time",
)
SURVEY_WHY = Words(
    "vier van de vijf toetsen in enquêtes onder zeventig initiatieven",
    "four in five tests in surveys of seventy initiatives",
)

CLAIMS = (
    Claim(
        id="5a",
        sections=("2.2",),
        sentence=Words(
            "Bij zeventig initiatieven is geen verband te zien tussen de vorm van een afspraak en het oordeel.",
            "A survey of seventy finds no association between form and judgement.",
        ),
        label="emergent",
        unit=Words(
            "deel van de toetsen waarin het verband ook toeval kan zijn (toets van 5%)",
            "share of tests in which the association may be chance (5% test)",
        ),
        smallest=0.8,
        why=SURVEY_WHY,
        experiment=Experiment({"a": Arm()}, not_significant("forms", FORMS), only, replicates=100),
        off=ONLY_MONEY,
    ),
    Claim(
        id="5b",
        sections=("2.2",),
        sentence=Words(
            "Bij zeventig initiatieven is geen verband te zien tussen het onderwerp van een afspraak en het oordeel.",
            "A survey of seventy finds no association between subject and judgement.",
        ),
        label="emergent",
        unit=Words(
            "deel van de toetsen waarin het verband ook toeval kan zijn (toets van 5%)",
            "share of tests in which the association may be chance (5% test)",
        ),
        smallest=0.9,
        why=Words(
            "negen van de tien toetsen: van zes onderwerpen mag er dan geen één uitspringen",
            "nine in ten tests: of six subjects not even one may stand out",
        ),
        experiment=Experiment({"a": Arm()}, not_significant("topics", SUBJECTS), only, replicates=100),
        off=ONLY_ROLES,
    ),
    Claim(
        id="5c",
        sections=("2.2",),
        sentence=Words(
            "Het verband tussen geld en het oordeel is hooguit matig.",
            "The association between money and judgement is moderate at most.",
        ),
        label="emergent",
        unit=Words(
            "sterkte van het verband (logaritme van de odds ratio)", "strength of the association (log odds ratio)"
        ),
        smallest=float(np.log(FACTOR)),
        why=BOUND_WHY,
        experiment=Experiment({"a": Arm()}, log_odds_ratio("forms", FORM_MONEY), only, replicates=MANY),
        off=ONLY_MONEY,
        within=True,
    ),
    Claim(
        id="5d",
        sections=("2.2",),
        sentence=Words(
            "Het verband tussen afgesproken rollen en het oordeel is hooguit matig.",
            "The association between agreed roles and judgement is moderate at most.",
        ),
        label="emergent",
        unit=Words(
            "sterkte van het verband (logaritme van de odds ratio)", "strength of the association (log odds ratio)"
        ),
        smallest=float(np.log(FACTOR)),
        why=BOUND_WHY,
        experiment=Experiment({"a": Arm()}, log_odds_ratio("topics", TOPIC_ROLES), only, replicates=100),
        off=ONLY_ROLES,
        within=True,
    ),
)
