"""The answer of a study in three sentences: what comes out and how sure, what it hangs on most, and what to mind.

The first (`study_first.py`) and the second are made from the numbers. The third is written by hand
(docs/studies/studies.json), and holds whatever the numbers are.
"""

from __future__ import annotations

from sim.research.study_case import Found, Study, found_of, study_of
from sim.research.study_first import opening, rungs_of, top_of, unbracketed
from sim.research.study_packages import choices
from sim.research.study_words import assumption, outcome, text, within

ALONE = ("pair", "silent", "groups")  # «the difference» can only be one
BESIDE, ELSE = "structural_partnership", "homes_reached"  # what always stands beside the outcome a study is about


def beside(study: Study) -> str:
    """The outcome that stands beside the one that a study is about."""
    return BESIDE if study.about != BESIDE else ELSE


def aside(study: Study, language: str) -> str:
    """What comes out on the outcome beside, as the first sentence of an answer about that."""
    about = beside(study)
    kind = "pair" if study.entry["kind"] == "silent" else study.entry["kind"]
    told = opening(study_of(study.result, {**study.entry, "about": about, "kind": kind}), language)
    return text(language, "aside", name=within(outcome(language, about, "name")), told=told)


def answer(study: Study, language: str) -> list[str]:
    """The three sentences."""
    return [opening(study, language), _second(study, language), str(study.entry["caveat"][language])]


# The second sentence ------------------------------------------------------------------------------------------------


def hanging(study: Study) -> Found:
    """The contrast that the second sentence is about: where a ladder stops paying, the best package against the next,
    a policy for all groups together, what a measure saves; else the first, or the one that the study names.
    """
    kind = study.entry["kind"]
    if kind == "ladder":
        rungs = rungs_of(study)
        return rungs[min(top_of(rungs), len(rungs) - 1)]
    if kind == "blow":
        return study.found[-1]
    if kind == "packages":
        best, second = choices(study.result, study.about, next(iter(study.entry["budgets"].values())))[:2]
        return found_of(study.result, {"more": [best.scenario], "less": [second.scenario]}, study.about)
    if kind == "groups":
        spec = study.found[0].spec
        return found_of(study.result, {"more": spec["more"], "less": spec["less"]}, study.about)
    return study.found[int(study.entry.get("hangs", 0))]


def _second(study: Study, language: str) -> str:
    kind, found = study.entry["kind"], hanging(study)
    difference = found.difference
    luck = text(language, f"luck.{difference.chance.luck}")
    first, second = (unbracketed(study.name(found.spec[side][0], language)) for side in ("more", "less"))
    if kind == "blow":
        subject = text(language, "subject.saving", measure=study.entry["measure"][language])
    elif "subject" in study.entry:
        subject = str(study.entry["subject"][language])
    elif kind in ALONE:
        subject = text(language, "subject.difference")
    else:
        subject = text(language, "subject.sides", first=first, second=second)
    if not found.deciders:
        return text(language, "depends.none", subject=subject, luck=luck)
    strongest = found.deciders[0]
    what, more = assumption(language, strongest.name)
    up = strongest.rho > 0
    if kind == "blow":
        effect = text(language, "effect.saving_better" if up else "effect.saving_worse")
    elif difference.clear and kind in ALONE:
        effect = text(language, "effect.larger" if up == difference.more else "effect.smaller")
    else:
        effect = text(language, "effect.better" if up else "effect.worse", first=first)
    return text(language, "depends", subject=subject, what=what, more=more, effect=effect, luck=luck)
