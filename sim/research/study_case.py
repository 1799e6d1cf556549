"""A study that was done: its runs, its entry in studies.json, and its contrasts with what decides them."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from sim.research.reading import SweepResult
from sim.research.study_numbers import Decider, Difference, contrast, deciders, level
from sim.research.study_words import capital, group_place, text, within


@dataclass(frozen=True, eq=False)
class Found:
    """One contrast of a study, with what decides it. `spec` is as in studies.json."""

    spec: dict[str, Any]
    difference: Difference
    deciders: tuple[Decider, ...]


@dataclass(frozen=True, eq=False)
class Study:
    """A study that was done: its result, its entry in studies.json, and its contrasts on the outcome it is about."""

    result: SweepResult
    entry: dict[str, Any]
    about: str
    found: tuple[Found, ...]

    def name(self, scenario: str, language: str) -> str:
        """A scenario inside a sentence: as the study calls it, or else by its own name."""
        own = self.entry.get("names", {}).get(scenario, self.result.names[scenario])
        return within(own[language])

    @property
    def common(self) -> str | None:
        """The scenario that all contrasts are set against, if that is one."""
        others = {tuple(each.spec["less"]) for each in self.found}
        named = any("name" in each.spec for each in self.found)
        return next(iter(others))[0] if len(others) == 1 and len(self.found) > 1 and not named else None

    def label(self, spec: dict[str, Any], language: str) -> str:
        """A contrast in a table: its own name, or its two sides (one where the other is the same for all); in a group,
        which one.
        """
        if "name" in spec:
            return str(spec["name"][language])
        group = spec.get("group", "all")
        if self.entry["kind"] == "groups":
            policy = capital(self.name(spec["more"][0], language))
            return text(language, "groups.label", policy=policy, place=group_place(language, group))
        sides = [capital(" + ".join(self.name(each, language) for each in spec[side])) for side in ("more", "less")]
        words = sides[0] if self.common else text(language, "versus", more=sides[0], less=within(sides[1]))
        return words if group == "all" else f"{words}, {group_place(language, group)}"


def study_of(result: SweepResult, entry: dict[str, Any]) -> Study:
    """A study from its runs and its entry."""
    about = str(entry.get("about", "homes_reached"))
    return Study(result, entry, about, tuple(found_of(result, spec, about) for spec in entry["contrasts"]))


def found_of(result: SweepResult, spec: dict[str, Any], about: str) -> Found:
    """One contrast, from its entry."""
    difference = contrast(result, spec, about)
    return Found(spec, difference, deciders(result, difference.values))


def relative_gains(study: Study, policy: str) -> dict[str, np.ndarray]:
    """What a policy adds to each group, as a share of what the group has in the first scenario: (states, worlds)."""
    first = study.result.scenarios[0]
    gains = {}
    for each in study.found:
        if each.spec["more"] == [policy]:
            group = each.spec["group"]
            base = np.maximum(level(study.result, study.about, first, group), 1.0)  # a share of nothing is none
            gains[group] = each.difference.values / base
    return gains
