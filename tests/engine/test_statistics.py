"""Streaming summaries against the same numbers worked out at once, with NumPy."""

from __future__ import annotations

import io
import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from sim.engine.statistics import PROBABILITIES, Summaries, quantiles

SHAPE = (3, 2, 3, 4)
BETTER = (1, -1, 0)


def replicates(count: int, seed: int = 1, missing: float = 0.1) -> np.ndarray:
    """Made-up replicates: coarse numbers, so that ties occur, and some not measured."""
    rng = np.random.default_rng(seed)
    values = np.round(rng.normal(5, 2, (count, *SHAPE)), 1)
    values[rng.random(values.shape) < missing] = np.nan
    return values


def summarised(values: np.ndarray, **options: object) -> Summaries:
    summaries = Summaries(values.shape[1:], BETTER, **options)  # type: ignore[arg-type]
    for replicate, one in enumerate(values):
        summaries.add(one, replicate)
    return summaries


def test_mean_and_quantiles_of_values_are_those_of_numpy() -> None:
    values = replicates(200)
    found = summarised(values).values()
    np.testing.assert_allclose(found.mean, np.nanmean(values, axis=0), rtol=1e-13)
    expected = np.moveaxis(np.nanquantile(values, PROBABILITIES, axis=0), 0, -1)
    np.testing.assert_allclose(found.quantiles, expected, rtol=1e-6)
    np.testing.assert_array_equal(found.measured, (~np.isnan(values)).sum(axis=0))


def test_exact_months_give_the_quantiles_of_the_values_themselves() -> None:
    values = replicates(90)
    summaries = summarised(values, exact_months=(1, 3))
    expected = np.moveaxis(np.nanquantile(values[..., (1, 3)], PROBABILITIES, axis=0), 0, -1)
    np.testing.assert_allclose(summaries.values().quantiles[:, :, :, (1, 3)], expected, rtol=1e-14)
    np.testing.assert_array_equal(summaries.exact(), values[..., (1, 3)])


def test_differences_and_shares_are_within_the_replicate() -> None:
    values = replicates(150)
    summaries = summarised(values)
    pairs = values[:, 1:] - values[:, :1]
    found = summaries.differences()
    np.testing.assert_allclose(found.mean, np.nanmean(pairs, axis=0), rtol=1e-12, atol=1e-14)
    np.testing.assert_allclose(
        found.quantiles,
        np.moveaxis(np.nanquantile(pairs, PROBABILITIES, axis=0), 0, -1),
        rtol=1e-6,
        atol=1e-12,
    )
    both = (~np.isnan(pairs)).sum(axis=0)
    np.testing.assert_array_equal(found.measured, both)
    sign = np.array([1, -1, 1])[None, None, :, None]  # "neither" counts the higher ones
    shares = summaries.shares()
    np.testing.assert_array_equal(shares.better, (sign * pairs > 0).sum(axis=0) / both)
    np.testing.assert_array_equal(shares.same, (pairs == 0).sum(axis=0) / both)
    np.testing.assert_array_equal(shares.worse, (sign * pairs < 0).sum(axis=0) / both)
    assert 0 < shares.same.mean() < 0.5, "the made-up values must hold ties for this to say anything"


@pytest.mark.parametrize("exact_months", [(), (0, 3), (0, 1, 2, 3)])
def test_ten_and_ten_more_are_twenty_to_the_last_bit(
    exact_months: tuple[int, ...],
) -> None:
    values = replicates(20)
    at_once = summarised(values, exact_months=exact_months, keep=15)
    first = summarised(values[:10], exact_months=exact_months, keep=15)
    stored = io.BytesIO()
    np.savez(stored, **first.state())  # type: ignore[arg-type]
    stored.seek(0)
    with np.load(stored, allow_pickle=False) as state:
        later = Summaries.from_state(state)
    for replicate in range(10, 20):
        later.add(values[replicate], replicate)
    pairs = zip(
        (*at_once.values(), *at_once.differences(), *at_once.shares()),
        (*later.values(), *later.differences(), *later.shares()),
        strict=True,
    )
    for one, other in pairs:
        np.testing.assert_array_equal(one, other)
    np.testing.assert_array_equal(at_once.exact(), later.exact())


def test_equal_values_have_exactly_that_mean_and_differ_by_exactly_nothing() -> None:
    values = np.full((7, *SHAPE), 0.1)
    values[:, :, :, :, 2] = np.linspace(1e8, 1e8 + 0.3, 7)[:, None, None, None]  # varies, the same in every scenario
    summaries = summarised(values)
    spread = summaries.values()
    still = (0, 1, 3)
    np.testing.assert_array_equal(spread.mean[..., still], 0.1)
    np.testing.assert_array_equal(spread.quantiles[..., still, :], 0.1)
    differences = summaries.differences()
    np.testing.assert_array_equal(differences.mean, 0.0)
    np.testing.assert_array_equal(differences.quantiles, 0.0)
    np.testing.assert_array_equal(summaries.shares().same, 1.0)


def test_a_small_difference_between_large_numbers_survives() -> None:
    values = np.full((40, *SHAPE), 2.5e9)
    values[:, 1:] += np.arange(1, 41)[:, None, None, None, None]
    found = summarised(values).differences()
    np.testing.assert_allclose(found.quantiles[..., 2], 20.5, rtol=1e-6)


def test_only_the_first_replicates_are_kept_but_all_count_in_the_mean() -> None:
    values = replicates(60, missing=0)
    summaries = summarised(values, keep=25, exact_months=(0, 1, 2, 3))
    assert (summaries.replicates, summaries.kept) == (60, 25)
    assert summaries.exact().shape[0] == 25
    np.testing.assert_allclose(
        summaries.values().quantiles,
        np.moveaxis(np.quantile(values[:25], PROBABILITIES, axis=0), 0, -1),
        rtol=1e-14,
    )
    np.testing.assert_allclose(summaries.values().mean, values.mean(axis=0), rtol=1e-13)


def test_memory_stops_growing_when_enough_is_kept() -> None:
    values = replicates(1)[0]
    summaries = Summaries(SHAPE, BETTER, keep=10, exact_months=(0,))

    def held() -> int:
        return sum(array.nbytes for array in summaries.state().values())

    for _ in range(10):
        summaries.add(values)
    full = held()
    for _ in range(100):
        summaries.add(values)
    assert held() == full


def test_what_was_never_measured_is_not_a_number() -> None:
    values = replicates(12, missing=0)
    values[:, :, 0, 0, 0] = np.nan
    values[:, 0, 1, 1, 1] = np.nan  # scenario 0 only: values, but nothing to set them against
    summaries = summarised(values)
    spread, differences = summaries.values(), summaries.differences()
    assert np.isnan(spread.mean[:, 0, 0, 0]).all() and np.isnan(spread.quantiles[:, 0, 0, 0]).all()
    assert np.isnan(differences.mean[:, 1, 1, 1]).all() and np.isnan(differences.quantiles[:, 1, 1, 1]).all()
    assert np.isnan(summaries.shares().better[:, 1, 1, 1]).all()
    np.testing.assert_allclose(
        spread.quantiles[1:, 1, 1, 1],
        np.quantile(values[:, 1:, 1, 1, 1], PROBABILITIES, axis=0).T,
        rtol=1e-6,
    )
    assert summaries.fewest_measured() == 0


@pytest.mark.parametrize("wrong", [np.inf, -np.inf])
def test_infinite_values_are_refused_and_leave_no_trace(wrong: float) -> None:
    values = replicates(3)
    summaries = summarised(values[:2])
    before = summaries.values()
    spoilt = values[2].copy()
    spoilt[-1, -1, -1, -1] = wrong
    with pytest.raises(ValueError, match="finite"):
        summaries.add(spoilt)
    assert summaries.replicates == 2
    np.testing.assert_array_equal(summaries.values().mean, before.mean)
    summaries.add(values[2], 2)
    np.testing.assert_array_equal(summaries.values().quantiles, summarised(values).values().quantiles)


def test_replicates_out_of_order_or_of_another_shape_are_refused() -> None:
    summaries = Summaries(SHAPE, BETTER)
    with pytest.raises(ValueError, match="1 was offered where 0 is next"):
        summaries.add(replicates(1)[0], 1)
    with pytest.raises(ValueError, match="shape"):
        summaries.add(np.zeros((2, 2, 3, 4)))


@pytest.mark.parametrize(
    ("arguments", "field"),
    [
        ({"shape": (0, 1, 3, 1)}, "shape"),
        ({"better": (1, 1)}, "better"),
        ({"better": (1, 2, 0)}, "better"),
        ({"keep": 0}, "keep"),
        ({"exact_months": (4,)}, "exact_months"),
    ],
)
def test_impossible_settings_are_refused(arguments: dict[str, object], field: str) -> None:
    with pytest.raises(ValueError, match=field):
        Summaries(**({"shape": SHAPE, "better": BETTER} | arguments))  # type: ignore[arg-type]


@settings(max_examples=60, deadline=None)
@given(
    st.lists(
        st.one_of(st.floats(-1e12, 1e12), st.just(float("nan"))),
        min_size=1,
        max_size=40,
    )
)
def test_quantiles_are_ordered_and_within_what_was_seen(numbers: list[float]) -> None:
    found = quantiles(np.array(numbers))
    seen = [number for number in numbers if not math.isnan(number)]
    if not seen:
        assert np.isnan(found).all()
        return
    assert (np.diff(found) >= 0).all()
    assert min(seen) <= found[0] and found[-1] <= max(seen)
    np.testing.assert_allclose(found, np.quantile(seen, PROBABILITIES), rtol=1e-9, atol=1e-3)
