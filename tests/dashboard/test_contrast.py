"""Counting worlds: words, hundredths and the middle half never contradict one another."""

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from dashboard.contrast import Contrast, contrast


def measured(differences) -> Contrast:
    """The contrast of differences of which some were measured."""
    found = contrast(differences)
    assert found is not None
    return found


COUNTS = st.tuples(st.integers(0, 300), st.integers(0, 300), st.integers(0, 300)).filter(lambda counts: sum(counts) > 0)


def made(more: int, same: int, fewer: int) -> Contrast:
    """A contrast of so many worlds, with differences of different sizes."""
    values = [*(1.0 + np.arange(more)), *np.zeros(same), *(-1.0 - np.arange(fewer))]
    return measured(np.array(values))


@pytest.mark.parametrize(
    ("counts", "verdict"),
    [
        ((150, 0, 50), "mostly"),
        ((149, 0, 51), "rather"),
        ((120, 10, 70), "rather"),
        ((119, 10, 71), "unclear"),
        ((0, 200, 0), "same"),
        ((30, 150, 20), "mostly_same"),
        ((20, 25, 155), "mostly"),
        ((100, 0, 100), "unclear"),
    ],
)
def test_words_follow_the_share_of_all_worlds(counts, verdict):
    assert made(*counts).verdict == verdict


@given(COUNTS)
def test_hundredths_add_up(counts):
    assert sum(made(*counts).of_hundred()) == 100


@given(COUNTS)
def test_the_number_shown_never_claims_more_than_the_word(counts):
    found = made(*counts)
    more, _, fewer = found.of_hundred()
    shown = more if found.leading == "more" else fewer
    if found.verdict == "rather":
        assert shown < 75
    if found.verdict == "unclear":
        assert shown < 60


@given(COUNTS)
def test_the_middle_half_never_contradicts_mostly(counts):
    found = made(*counts)
    if found.verdict == "mostly":
        assert (found.low > 0) if found.leading == "more" else (found.high < 0)


@given(COUNTS)
def test_a_half_is_within_ninety_of_a_hundred(counts):
    found = made(*counts)
    assert found.lowest <= found.low <= found.middle <= found.high <= found.highest


def test_worlds_that_were_not_measured_do_not_count():
    found = measured(np.array([1.0, np.nan, 2.0, -1.0]))
    assert (found.worlds, found.more, found.fewer) == (3, 2, 1)
    assert contrast(np.array([np.nan, np.nan])) is None


def test_a_number_by_hand():
    found = measured(np.arange(1.0, 201.0))
    assert (found.low, found.high, found.middle) == (51, 150, 100.5)
    assert (found.lowest, found.highest) == (11, 190)
