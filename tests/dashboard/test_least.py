"""Who gains least is named only where the worlds carry it."""

import numpy as np
import pytest

from dashboard.language import LANGUAGES
from dashboard.least import least, words


def worlds(gap, noise=1.0, count=200, seed=1):
    """Gains of three groups, the first of which lies this far below the others."""
    rng = np.random.default_rng(seed)
    return {
        f"size={name}": rng.normal(5 - (gap if name == "small" else 0), noise, count)
        for name in ("small", "medium", "large")
    }


def test_a_group_that_stays_behind_is_named_with_how_often():
    found = least(worlds(4))
    assert found is not None and found.group == "size=small" and found.share >= 90
    assert found.gain < min(found.others) and list(found.others) == sorted(found.others)


@pytest.mark.parametrize("seed", range(30))
def test_groups_that_differ_by_chance_only_are_never_ranked(seed):
    assert least(worlds(0, seed=seed)) is None


def test_ties_and_what_was_not_measured_name_nobody():
    same = np.ones(200)
    assert least({"size=small": same, "size=large": same}) is None
    assert least({"size=small": same}) is None
    assert least({"size=small": same * np.nan, "size=large": same}) is None


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_sentence_names_the_group_or_says_that_it_is_not_clear(language):
    named = words(language, "homes_reached", [worlds(4)], total=True, lower=False)
    assert ("kleine gemeenten" in named) or ("small municipalities" in named)
    unclear = words(language, "homes_reached", [worlds(0)], total=True, lower=False)
    assert unclear in ("Welke groep het minst wint, is niet duidelijk.", "Which group gains least is not clear.")
    assert words(language, "homes_reached", [{"size=small": np.ones(9)}], total=True, lower=False) == ""


def test_a_gain_of_what_should_fall_is_written_as_a_fall():
    assert "−" in words("nl", "months_without_money", [worlds(4)], total=True, lower=True)


def test_a_difference_too_small_to_write_is_not_told():
    gains = {"size=small": np.full(200, 0.0101), "size=large": np.full(200, 0.0102)}
    assert words("nl", "energy", [gains], total=False, lower=False) == "Welke groep het minst wint, is niet duidelijk."
