"""The first sentence of a study's answer: what comes out, and how sure.

It is made from the numbers, in the words that shares of worlds carry everywhere in the project («meestal» from three
quarters, «vaker wel dan niet» from three fifths, else no clear order). What a study is about decides its form:

- `pair`: one against another.
- `ladder`: ever more of a lever, each step against the one before.
- `places`: several, each against the same one.
- `groups`: for whom; each contrast is one policy in one group.
- `packages`: which is least regretted within a budget.
- `blow`: what an event costs, and how much of that a measure saves.
- `silent`: what the model cannot say, with the pair that it can.
"""

from __future__ import annotations

import numpy as np

from sim.research.robustness import COST
from sim.research.study_case import Found, Study, relative_gains
from sim.research.study_numbers import Difference, contrast
from sim.research.study_packages import between, choices
from sim.research.study_words import capital, group_place, listed, number, outcome, text, whole

MILLION = 1e6


def opening(study: Study, language: str) -> str:
    """The sentence, in the form that the study's kind has."""
    kind = study.entry["kind"]
    if kind == "ladder":
        return _ladder(study, language)
    if kind == "places":
        return _places(study, language)
    if kind == "groups":
        return _groups(study, language)
    if kind == "packages":
        return _packages(study, language)
    if kind == "blow":
        return _blow(study, language)
    if kind == "silent":
        return _silent(study, language)
    return pair_words(study, study.found[0], language)


def side_word(study: Study, difference: Difference, language: str, *, opposite: bool = False) -> str:
    """`meer`, or what less of the outcome is called."""
    if difference.more != opposite:
        return text(language, "more")
    return outcome(language, study.about, "less")


def verdict_words(study: Study, difference: Difference, language: str) -> str:
    """A few words: `meestal meer`, `geen duidelijke volgorde`."""
    return text(language, f"verdict.{difference.order}", side=side_word(study, difference, language))


def counts_words(study: Study, difference: Difference, language: str) -> str:
    """Of 100 worlds: `83`, or both sides where there is no order."""
    higher, _, lower = difference.of_hundred
    if difference.clear:
        return str(difference.leading)
    less = outcome(language, study.about, "less")
    return text(language, "counts.unclear", higher=higher, lower=lower, less=less)


def half_words(study: Study, difference: Difference, language: str) -> str:
    """The middle half of the worlds, as the end of a sentence; nothing where the shares would contradict it."""
    low, high = difference.low, difference.high
    if low < 0 < high:
        if difference.clear:
            return ""
        return text(language, "half.both", low=number(language, -low), high=number(language, high))
    small, large = sorted((abs(low), abs(high)))
    if large == 0 or (difference.clear and (high > 0) != difference.more):
        return ""
    words = number(language, small), number(language, large)
    unit = outcome(language, study.about, "unit.one" if words[1] == "1" else "unit.many")
    key = "half.one" if words[0] == words[1] else "half.range"
    return text(language, key, low=words[0], high=words[1], unit=unit)


def pair_words(study: Study, found: Found, language: str) -> str:
    """One against another, as a sentence."""
    difference, spec = found.difference, found.spec
    higher, same, lower = difference.of_hundred
    return text(
        language,
        f"pair.{difference.order}",
        share=difference.leading,
        same=same,
        other=lower if difference.more else higher,
        is_=outcome(language, study.about, "is"),
        even=outcome(language, study.about, "even"),
        what=outcome(language, study.about, "what"),
        side=side_word(study, difference, language),
        opposite=side_word(study, difference, language, opposite=True),
        first=study.name(spec["more"][0], language),
        second=study.name(spec["less"][0], language),
        half=half_words(study, difference, language),
    )


def rungs_of(study: Study) -> tuple[Found, ...]:
    """The contrasts that are steps of the ladder: all, or the first so many."""
    return study.found[: int(study.entry.get("rungs", len(study.found)))]


def top_of(rungs: tuple[Found, ...]) -> int:
    """How many steps, from the first on, each clearly give more."""
    climbs = [each.difference.clear and each.difference.more for each in rungs]
    return climbs.index(False) if False in climbs else len(climbs)


def _climbed(study: Study, rungs: tuple[Found, ...], indicator: str) -> float:
    """What the first so many steps add together to an outcome, in the mean world."""
    return sum(float(contrast(study.result, each.spec, indicator).values.mean()) for each in rungs)


def _ladder(study: Study, language: str) -> str:
    what, lever = outcome(language, study.about, "what"), str(study.entry["lever"][language])
    rungs = rungs_of(study)
    steps = [study.name(each.spec["more"][0], language) for each in rungs]
    top = top_of(rungs)
    if top == 0:
        first = study.found[0].difference
        told = verdict_words(study, first, language)
        counts = counts_words(study, first, language)
        return text(language, "ladder.none", lever=lever, first=steps[0], what=what, verdict=told, counts=counts)
    below = [each.difference for each in study.found[:top]]
    often = "mostly" if all(each.order == "mostly" for each in below) else "more_often"
    share = min(each.leading for each in below)
    values = {
        "lever": lever,
        "top": steps[top - 1],
        "often": text(language, f"often.{often}"),
        "what": what,
        "gain": number(language, _climbed(study, rungs[:top], study.about), signed=True),
        "cost": number(language, _climbed(study, rungs[:top], COST) / MILLION),
    }
    if top == len(steps):
        return text(language, "ladder.all", share=share, **values)
    after = study.found[top].difference
    told = text(
        language, "ladder.next", step=steps[top], verdict=verdict_words(study, after, language),
        counts=counts_words(study, after, language),
    )  # fmt: skip
    return text(language, "ladder.one" if top == 1 else "ladder.up", share=share, next=told, **values)


def _places(study: Study, language: str) -> str:
    common = study.name(study.found[0].spec["less"][0], language)
    compared = [each for each in study.found if each.spec["less"] == study.found[0].spec["less"]]
    parts = []
    for more in (True, False):
        for order in ("mostly", "more_often"):
            here = [each for each in compared if each.difference.order == order and each.difference.more == more]
            here.sort(key=lambda each: -each.difference.leading)
            if here:
                names = [
                    text(language, "places.name", name=study.name(each.spec["more"][0], language),
                         share=each.difference.leading)
                    for each in here
                ]  # fmt: skip
                told = verdict_words(study, here[0].difference, language)
                what = outcome(language, study.about, "what")
                parts.append(text(language, "places.part", verdict=told, what=what, names=listed(language, names)))
        if more:
            for key, orders in (("unclear", ("no_clear_order", "too_few")), ("same", ("same", "mostly_same"))):
                names = [
                    study.name(each.spec["more"][0], language) for each in compared if each.difference.order in orders
                ]
                if names:
                    parts.append(text(language, f"places.{key}", names=listed(language, names)))
    best = all(each.difference.clear and not each.difference.more for each in compared)
    told = text(language, "semicolon").join(parts)
    if best:
        return text(language, "places.best", common=capital(common), parts=told)
    return text(language, "places", common=common, parts=told)


def _least(study: Study, policy: str, language: str) -> str:
    """Which group gains least in proportion, where that is so in three quarters of the worlds."""
    gains = relative_gains(study, policy)
    table = np.array([each.ravel() for each in gains.values()])
    lowest = np.bincount(table.argmin(axis=0), minlength=len(gains)) / table.shape[1]
    name = study.name(policy, language)
    if lowest.max() < 0.75:
        return text(language, "groups.least_varies", policy=name)
    place = group_place(language, list(gains)[int(lowest.argmax())])
    return text(language, "groups.least", policy=name, names=place)


def _groups(study: Study, language: str) -> str:
    policies = list(dict.fromkeys(each.spec["more"][0] for each in study.found))
    of = {policy: [each for each in study.found if each.spec["more"] == [policy]] for policy in policies}
    clear = {policy: [e for e in mine if e.difference.clear and e.difference.more] for policy, mine in of.items()}
    policy, mine = policies[0], of[policies[0]]
    also = [
        text(language, "groups.also", policy=study.name(each, language), clear=len(clear[each]), count=len(of[each]))
        for each in policies[1:]
    ]
    values = {
        "policy": capital(study.name(policy, language)),
        "give": study.entry["give"][language],
        "what": outcome(language, study.about, "what"),
        "versus": study.name(mine[0].spec["less"][0], language),
        "count": len(mine),
        "also": "".join(also),
        "least": _least(study, policy, language),
    }
    if len(clear[policy]) == len(mine):
        often = "mostly" if all(each.difference.order == "mostly" for each in mine) else "more_often"
        share = min(each.difference.leading for each in mine)
        return text(language, "groups.all", often=text(language, f"often.{often}"), share=share, **values)
    names = [group_place(language, each.spec["group"]) for each in mine if each not in clear[policy]]
    return text(language, "groups.some", clear=len(clear[policy]), names=listed(language, names), **values)


def unbracketed(name: str) -> str:
    """A name without the sum that stands behind it in brackets."""
    return name.split(" (", maxsplit=1)[0]


def _counted(study: Study, language: str) -> str:
    """What an outcome counts, after a number: `bereikte woningen`, `initiatieven`."""
    what, unit = (outcome(language, study.about, part) for part in ("what", "unit.many"))
    return what if unit in what else unit


def _packages(study: Study, language: str) -> str:
    parts: list[str] = []
    for budget, scenarios in study.entry["budgets"].items():
        best, second = choices(study.result, study.about, scenarios)[:2]
        name = unbracketed(study.name(best.scenario, language))
        if not between(study.result, study.about, best.scenario, second.scenario).clear:
            name += text(language, "packages.unsure", second=unbracketed(study.name(second.scenario, language)))
        money = text(language, "euros", amount=whole(language, float(budget)))
        key = "packages.next" if parts else "packages.first"
        key_of = "regret.some" if best.regret > 0 else "regret.none"
        regret = text(language, key_of, regret=number(language, best.regret), what=_counted(study, language))
        parts.append(text(language, key, money=money, best=name, regret=regret))
    return text(language, "packages", budgets="".join(parts))


def _blow(study: Study, language: str) -> str:
    lost, saved = study.found[0].difference, study.found[-1].difference
    what = outcome(language, study.about, "what")
    higher, _, lower = lost.of_hundred
    if lost.clear:
        blow = text(
            language, "blow.gain" if lost.more else "blow.clear", often=text(language, f"often.{lost.order}"),
            what=what, share=lost.leading, half=half_words(study, lost, language),
        )  # fmt: skip
    else:
        blow = text(
            language, "blow.unclear", what=what, fewer=lower, more=higher, less=outcome(language, study.about, "less")
        )
    higher, _, lower = saved.of_hundred
    if saved.clear:
        key, often = "saving.less" if saved.more else "saving.more", text(language, f"often.{saved.order}")
        saving = text(language, key, often=often, share=saved.leading)
    else:
        saving = text(language, "saving.unclear", higher=higher, lower=lower)
    event, measure = study.entry["event"][language], study.entry["measure"][language]
    return text(language, "blow", event=event, measure=measure, blow=blow, saving=saving)


def _silent(study: Study, language: str) -> str:
    difference, lead = study.found[0].difference, str(study.entry["lead"][language])
    what = outcome(language, study.about, "what")
    higher, _, lower = difference.of_hundred
    if not difference.clear:
        return text(language, "silent.unclear", lead=lead, what=what, higher=higher, lower=lower)
    verdict, half = verdict_words(study, difference, language), half_words(study, difference, language)
    return text(language, "silent.clear", lead=lead, what=what, verdict=verdict, share=difference.leading, half=half)
