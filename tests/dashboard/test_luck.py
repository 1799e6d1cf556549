"""Luck and not knowing are parted as the law of total variance does, on numbers whose shares are known."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import numpy as np
import pytest

from dashboard.luck import parted, share_between


def made(share, draws, worlds, parameters, seed, form=lambda linear: linear):
    """Paired differences of which a known share of the variance comes from the parameters, and those parameters."""
    random = np.random.default_rng(seed)
    mixed = random.normal(size=(draws, parameters)) @ random.normal(size=(parameters, parameters))
    signal = form(mixed @ random.normal(size=parameters))
    signal = (signal - signal.mean()) / signal.std()
    luck = random.normal(size=worlds)
    return np.sqrt(share) * signal[np.arange(worlds) % draws] + np.sqrt(1 - share) * luck, mixed


@pytest.mark.parametrize("share", [0.0, 0.2, 0.5, 0.8])
@pytest.mark.parametrize(
    ("draws", "parameters", "method"),
    [
        (100, 12, "repeated"),
        (50, 12, "repeated"),
        (1000, 12, "one each"),
        (200, 12, "one each"),
        (1000, 120, "one each"),
    ],
)
def test_a_known_share_comes_back(share, draws, parameters, method):
    found = [parted(*made(share, draws, 200, parameters, seed)) for seed in range(20)]
    assert {each.method for each in found} == {method}
    assert np.mean([each.unknown for each in found]) == pytest.approx(share, abs=0.1 if parameters > 100 else 0.06)
    # Its own idea of how far off it may be is about right.
    off = np.std([each.unknown for each in found])
    assert 0.4 * off < np.mean([each.error for each in found]) < 2.5 * off + 0.02


def test_repeated_draws_see_what_is_not_linear_and_single_draws_give_a_lower_bound():
    bent = [parted(*made(0.6, 100, 200, 12, seed, form=np.square)) for seed in range(25)]
    assert np.mean([each.unknown for each in bent]) == pytest.approx(0.6, abs=0.06)
    single = [parted(*made(0.6, 1000, 200, 12, seed, form=np.square)) for seed in range(25)]
    assert np.mean([each.unknown for each in single]) < 0.3


def test_the_parts_add_up():
    found = parted(*made(0.4, 100, 200, 3, 1))
    assert found is not None
    assert found.luck + found.unknown == pytest.approx(1)


def test_fixed_parameters_give_no_answer():
    values, rows = made(0.5, 100, 200, 4, 1)
    assert parted(values, rows[:1]) is None
    assert parted(values, np.repeat(rows[:1], 100, axis=0)) is None


def test_no_spread_and_few_worlds_give_no_answer():
    values, rows = made(0.5, 100, 200, 4, 1)
    assert parted(np.zeros(200), rows) is None
    assert parted(values[:20], rows) is None


def test_worlds_that_were_not_measured_are_left_out():
    values, rows = made(0.5, 50, 200, 4, 3)
    holed = values.copy()
    holed[[3, 77]] = np.nan
    whole, some = parted(values, rows), parted(holed, rows)
    assert whole is not None and some is not None
    assert some.unknown == pytest.approx(whole.unknown, abs=0.03)


def test_records_are_read_by_their_fields():
    values, rows = made(0.5, 100, 200, 2, 1)
    records = np.zeros(100, dtype=[("a", "f8"), ("same", "f8"), ("b", "f8")])
    records["a"], records["b"] = rows.T
    assert parted(values, records) == parted(values, rows)


def test_by_hand():
    # Two draws in two worlds each: 1, 1 and 3, 3: all of it between the draws; 1, 3 and 1, 3: less than nothing.
    draw = np.array([0, 0, 1, 1])
    assert share_between(np.array([1.0, 1.0, 3.0, 3.0]), draw) == 1
    assert share_between(np.array([1.0, 3.0, 1.0, 3.0]), draw) < 0
