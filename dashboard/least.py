"""Which group gains least, by initiative, and whether the worlds carry that: in words, or that it is not clear.

Groups differ in size, so gains that are totals are shared out over the initiatives of a group. A group is only named
when, in at least 60 of 100 worlds with the same luck, its gain is smaller than that of every other group of its kind.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from dashboard.contrast import contrast
from dashboard.direction import clear
from dashboard.language import number, rounded, text

PER = 100  # initiatives that a total is told for

Floats = NDArray[np.float64]


@dataclass(frozen=True)
class Least:
    """The group that gains least of its kind.

    share: worlds of 100 in which its gain is the smallest. gain: its mean gain, for the better above zero.
    others: those of the other groups, the smallest first.
    """

    group: str
    share: int
    gain: float
    others: tuple[float, ...]


def least(gains: Mapping[str, Floats]) -> Least | None:
    """The group that gains least; `None` when there are fewer than two, or when the worlds do not carry one.

    gains: by group, one a world, for the better above zero; NaN where there was nothing to measure.
    """
    if len(gains) < 2:
        return None
    names = list(gains)
    table = np.array([gains[name] for name in names], dtype=np.float64)
    table = table[:, ~np.isnan(table).any(axis=0)]
    if not table.size:
        return None
    means = table.mean(axis=1)
    lowest = int(means.argmin())
    margin = np.delete(table, lowest, axis=0).min(axis=0) - table[lowest]
    found = contrast(margin)
    if found is None or not clear(found) or found.leading != "more":
        return None
    others = sorted(float(mean) for place, mean in enumerate(means) if place != lowest)
    return Least(names[lowest], found.of_hundred()[0], float(means[lowest]), tuple(others))


def words(language: str, indicator: str, kinds: Sequence[Mapping[str, Floats]], *, total: bool, lower: bool) -> str:
    """Who gains least, for each kind of groups that can say so; one sentence when none can; nothing without groups.

    kinds: gains by group, of one kind each. total: the outcome is a total, told for so many initiatives. lower: less is
    better, so that a gain is written as a fall.
    """
    compared = [gains for gains in kinds if len(gains) > 1]
    sentences = [_sentence(language, indicator, found, total=total, lower=lower) for found in map(least, compared)]
    said = [sentence for sentence in sentences if sentence]
    return " ".join(said) if said or not compared else text(language, "least.unclear")


def _sentence(language: str, indicator: str, found: Least | None, *, total: bool, lower: bool) -> str:
    """Nothing when no group can be named, or when the difference is too small to be written."""

    def written(gain: float) -> str:
        size = gain * (PER if total else 1)
        return number(language, rounded(-size if lower else size), signed=True)

    if found is None or written(found.gain) in map(written, found.others):
        return ""
    shown = f" {text(language, 'least.and')} ".join(dict.fromkeys(written(gain) for gain in found.others))
    return text(
        language,
        "least.total" if total else "least.average",
        by=text(language, f"least.by.{found.group.partition('=')[0]}"),
        who=text(language, f"groups.who.{found.group}"),
        share=found.share,
        gain=written(found.gain),
        others=shown,
        unit=text(language, f"indicator.{indicator}.unit.many"),
        per=PER,
    )
