"""Streaming summaries of paired replicates, in memory that stops growing.

A replicate is an array of scenarios × groups × indicators × months, all scenarios under the same chance events.
`Summaries.add` takes replicates in order. Means and shares rest on all of them and are sums in that order, so that ten
replicates and ten more are twenty to the last bit. Quantiles rest on the first `keep` replicates, which stay in memory.

Scenario 0 is the one that the others are set against: a *difference* is scenario s minus scenario 0 within one
replicate. NaN says that a value could not be measured in a replicate (nobody left in the group, say); such a replicate
is left out of that cell, and counted.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from typing import Any, NamedTuple

import numpy as np
from numpy.typing import NDArray

from sim.engine.blocks import in_order
from sim.engine.compiling import entry

Floats = NDArray[np.float64]
Counts = NDArray[np.int64]
Shape = tuple[int, int, int, int]

PROBABILITIES = (0.05, 0.25, 0.50, 0.75, 0.95)
BLOCK = 32


class Spread(NamedTuple):
    """What is known of one quantity in every cell: the mean over all replicates and quantiles over the kept ones.

    `mean` and `measured` have the shape of the cells; `quantiles` has one axis more, last: `PROBABILITIES`.
    NaN where nothing was measured.
    """

    mean: Floats
    quantiles: Floats
    measured: Counts


class Shares(NamedTuple):
    """Shares of the replicates in which both sides were measured; the three add up to one. NaN where there are none."""

    better: Floats
    same: Floats
    worse: Floats


# What is summed of a cell lies together: as nine arrays of their own, adding a replicate took 0.4 ms or 7, by where in
# memory they happened to lie.
SUMS, COUNTS = ("first", "total", "difference_total"), ("missing", "unpaired", "higher", "lower")
CELL = np.dtype([*((name, np.float64) for name in SUMS), *((name, np.int32) for name in COUNTS)])


@entry
def _add(values: Floats, cells: NDArray[np.void], coded: NDArray[np.float32]) -> bool:
    """Add one replicate to the running sums (``cells``: `CELL`) and code it for keeping (`coded`); every array is
    (scenarios, cells).

    A sum is kept as deviations from `first`, the first value measured: equal values then have exactly that value as
    their mean, and rounding stays small beside the spread. Returns False, having changed nothing, when a value is
    infinite. The work is bound by memory, so what is rare (missing values) is counted rather than what is common.
    """
    for s in range(values.shape[0]):
        for c in range(values.shape[1]):
            if np.isinf(values[s, c]):
                return False
    for s in range(values.shape[0]):
        for c in range(values.shape[1]):
            cell = cells[s, c]
            value = values[s, c]
            base = values[0, c]
            if np.isnan(value):
                cell.missing += 1
                cell.unpaired += 1
                coded[s, c] = np.nan
                continue
            if np.isnan(cell.first):
                cell.first = value
            deviation = value - cell.first
            cell.total += deviation
            if s == 0:
                coded[s, c] = deviation
            elif np.isnan(base):
                cell.unpaired += 1
                coded[s, c] = value
            else:
                difference = value - base
                cell.difference_total += difference
                cell.higher += difference > 0.0
                cell.lower += difference < 0.0
                coded[s, c] = difference
    return True


class _Kept:
    """At most `capacity` replicates of `cells` numbers, in blocks that are asked for when they are needed."""

    def __init__(self, cells: tuple[int, ...], dtype: type[np.floating[Any]], capacity: int) -> None:
        self.cells, self.dtype, self.capacity = cells, dtype, capacity
        self.blocks: list[NDArray[Any]] = []

    def row(self, replicate: int) -> NDArray[Any]:
        """The place of a replicate, to be written to."""
        block, row = divmod(replicate, BLOCK)
        if block == len(self.blocks):
            self.blocks.append(np.empty((min(BLOCK, self.capacity - replicate), *self.cells), self.dtype))
        place: NDArray[Any] = self.blocks[block][row]
        return place

    def all(self, count: int) -> NDArray[Any]:
        """The first `count` replicates, as one array."""
        return np.concatenate([np.empty((0, *self.cells), self.dtype), *self.blocks])[:count]

    def across(self, scenario: int, group: int, count: int) -> Floats:
        """One scenario and group of the first `count` replicates: (indicators, months, replicates)."""
        slab = np.empty((*self.cells[2:], count))
        for start, block in zip(range(0, count, BLOCK), self.blocks, strict=False):
            rows = slice(start, min(start + BLOCK, count))
            slab[:, :, rows] = np.moveaxis(block[: rows.stop - start, scenario, group], 0, -1)
        return slab


class Summaries:
    """Running summaries of replicates of shape (scenarios, groups, indicators, months).

    `better` has one entry an indicator: +1 more is better, -1 less is better, 0 neither (then "better" counts the
    higher ones). `keep` is how many replicates, the first, stay in memory for quantiles. They are kept as float32
    differences from scenario 0 (so that equal values differ by exactly zero, and a small difference between large
    numbers survives), and as exact float64 in `exact_months` (indices of months).
    """

    def __init__(
        self,
        shape: Shape,
        better: Sequence[int] | NDArray[Any],
        keep: int = 1000,
        exact_months: Sequence[int] = (),
    ) -> None:
        scenarios, groups, indicators, months = (int(n) for n in shape)
        if min(scenarios, groups, indicators, months) < 1:
            raise ValueError(f"shape: {tuple(shape)} must have at least one scenario, group, indicator and month")
        self.shape: Shape = (scenarios, groups, indicators, months)
        self.better = np.asarray(better, dtype=np.int8)
        if self.better.shape != (indicators,) or not np.isin(self.better, (-1, 0, 1)).all():
            raise ValueError(f"better: must be {indicators} numbers (one an indicator), each -1, 0 or 1")
        if keep < 1:
            raise ValueError(f"keep: {keep} must be at least 1")
        self.keep = int(keep)
        self.exact_months = np.unique(np.asarray(exact_months, dtype=np.int64))
        if self.exact_months.size and (self.exact_months[0] < 0 or self.exact_months[-1] >= months):
            raise ValueError(f"exact_months: must lie between 0 and {months - 1}")
        self.replicates = 0
        flat = (scenarios, groups * indicators * months)
        self._cells = np.zeros(flat, CELL)
        self._cells["first"] = np.nan
        self._first, self._total, self._difference_total, self._missing, self._unpaired, self._higher, self._lower = (
            self._cells[name] for name in (*SUMS, *COUNTS)
        )
        # With every month exact, the coded copy would say nothing more; nor is it kept of later replicates.
        self._all_exact = self.exact_months.size == months
        self._scratch = np.empty(flat, np.float32)
        self._coded = _Kept(self.shape, np.float32, self.keep)
        self._exact = _Kept((*self.shape[:3], self.exact_months.size), np.float64, self.keep)

    @property
    def kept(self) -> int:
        """Number of replicates that quantiles rest on."""
        return min(self.replicates, self.keep)

    def add(self, values: Floats, replicate: int | None = None) -> None:
        """Add the next replicate: float64 of `shape`, NaN where not measured.

        `replicate`, if given, is its number and must be the number of replicates added so far. Raises ValueError on a
        wrong shape, a wrong number or an infinite value; nothing has been added then.
        """
        if replicate is not None and replicate != self.replicates:
            raise ValueError(f"replicate: {replicate} was offered where {self.replicates} is next")
        if values.shape != self.shape:
            raise ValueError(f"values: have shape {values.shape} where {self.shape} is expected")
        exact = np.ascontiguousarray(values, dtype=np.float64)
        keeping = self.replicates < self.keep
        coded = self._scratch
        if keeping and not self._all_exact:
            coded = self._coded.row(self.replicates).reshape(coded.shape)
        fine = _add(exact.reshape(self._cells.shape), self._cells, coded)
        if not fine:
            raise ValueError("values: must be finite, or NaN where not measured")
        if keeping and self.exact_months.size:
            self._exact.row(self.replicates)[...] = exact if self._all_exact else exact[..., self.exact_months]
        self.replicates += 1

    # Reading --------------------------------------------------------------------------------------------------------

    def measured(self) -> Counts:
        """Number of replicates in which each cell was measured, in `shape`."""
        return self.replicates - self._missing.astype(np.int64).reshape(self.shape)

    def fewest_measured(self) -> int:
        """The smallest of those numbers."""
        return self.replicates - int(self._missing.max())

    def values(self) -> Spread:
        """Mean and quantiles of every scenario's values, in `shape`."""
        measured = self.measured()
        mean = self._mean(self._first, self._total, measured)
        return Spread(mean, self._quantiles(of_differences=False), measured)

    def differences(self) -> Spread:
        """Mean and quantiles of scenario s minus scenario 0, for s = 1, 2, …: `shape` with one scenario fewer."""
        paired = self._paired()
        mean = self._mean(np.zeros_like(self._first), self._difference_total, paired)
        return Spread(mean[1:], self._quantiles(of_differences=True)[1:], paired[1:])

    def _paired(self) -> Counts:
        return self.replicates - self._unpaired.astype(np.int64).reshape(self.shape)

    def shares(self) -> Shares:
        """In which share of all replicates scenario s = 1, 2, … came out better than scenario 0, the same, or worse."""
        paired = self._paired()[1:]
        higher = self._higher[1:].reshape(paired.shape)
        lower = self._lower[1:].reshape(paired.shape)
        less_is_better = (self.better == -1)[None, None, :, None]
        better = np.where(less_is_better, lower, higher)
        worse = np.where(less_is_better, higher, lower)
        with np.errstate(invalid="ignore"):
            return Shares(better / paired, (paired - better - worse) / paired, worse / paired)

    def exact(self) -> Floats:
        """The kept replicates in the exact months: (replicates, scenarios, groups, indicators, exact months)."""
        return self._exact.all(self.kept)

    def _mean(self, first: Floats, deviation: Floats, count: Counts) -> Floats:
        with np.errstate(invalid="ignore", divide="ignore"):
            mean = first.reshape(self.shape) + deviation.reshape(self.shape) / count
        return np.where(count > 0, mean, np.nan)

    def _quantiles(self, of_differences: bool) -> Floats:
        result = np.full((*self.shape, len(PROBABILITIES)), np.nan)
        if self.replicates == 0:
            return result

        def of_group(g: int) -> None:
            for s, kept in self._kept(g, of_differences):
                result[s, g] = quantiles(kept)

        for _ in in_order(of_group, 0, self.shape[1]):
            pass
        return result

    def _kept(self, g: int, of_differences: bool) -> Iterator[tuple[int, Floats]]:
        """The kept replicates of a group, one scenario at a time: (indicators, months, replicates).

        That is small enough to stay in the processor's cache.
        """
        scenarios, groups, indicators, months = self.shape
        first = self._first[0].reshape(groups, indicators, months, 1)[g]
        base = self._coded.across(0, g, self.kept)
        base_exact = self._exact.across(0, g, self.kept)
        for s in range(1 if of_differences else 0, scenarios):
            if self._all_exact:
                kept = np.empty((indicators, months, self.kept))
            else:
                slab = base if s == 0 else self._coded.across(s, g, self.kept)
                kept = _decoded(slab, base, first, s, of_differences)
            if self.exact_months.size:
                exact = self._exact.across(s, g, self.kept)
                kept[:, self.exact_months] = exact - base_exact if of_differences else exact
            yield s, kept

    # Going on later -------------------------------------------------------------------------------------------------

    def state(self) -> dict[str, NDArray[Any]]:
        """Everything needed to go on later, as arrays by name (fit for `numpy.savez`)."""
        kept = {
            "shape": np.array(self.shape),
            "better": self.better,
            "keep": np.array(self.keep),
            "replicates": np.array(self.replicates),
            "exact_months": self.exact_months,
            "exact": self.exact(),
            "coded": self._coded.all(self.kept),
        }
        return kept | {name: self._cells[name].copy() for name in (*SUMS, *COUNTS)}

    @classmethod
    def from_state(cls, state: Mapping[str, NDArray[Any]]) -> Summaries:
        """Summaries that go on where `state` was taken; the next replicate is number `replicates`."""
        shape = tuple(int(n) for n in state["shape"])
        made = cls(shape, state["better"], int(state["keep"]), state["exact_months"])  # type: ignore[arg-type]
        for name in (*SUMS, *COUNTS):
            made._cells[name] = state[name]
        made.replicates = int(state["replicates"])
        for kept, rows in ((made._coded, state["coded"]), (made._exact, state["exact"])):
            for replicate, row in enumerate(rows):
                kept.row(replicate)[...] = row
        return made


def _decoded(slab: Floats, base: Floats, first: Floats, s: int, of_differences: bool) -> Floats:
    """What `_add` coded: values of scenario `s`, or its differences from scenario 0."""
    without_base = np.isnan(base)
    if of_differences:
        return np.where(without_base, np.nan, slab)
    values = first + slab if s == 0 else np.where(without_base, slab, first + base + slab)
    return np.asarray(values, dtype=np.float64)


def quantiles(values: Floats, probabilities: Sequence[float] = PROBABILITIES) -> Floats:
    """Quantiles over the last axis, NaN left out; interpolated linearly between order statistics (type 7 of Hyndman
    and Fan).

    Returns the shape of `values` with its last axis replaced by `probabilities`; NaN where nothing was measured.
    """
    ordered = np.sort(values, axis=-1)  # NaN comes last
    missing = np.isnan(ordered[..., -1:])
    if missing.size and not missing.any():  # the usual case: everywhere the same places, which saves most of the time
        last = np.array(ordered.shape[-1] - 1)
    else:
        last = np.maximum(ordered.shape[-1] - np.isnan(ordered).sum(axis=-1, keepdims=True) - 1, 0)
    position = np.asarray(probabilities) * last
    below = np.floor(position).astype(np.int64)
    above = np.minimum(below + 1, last)
    if last.ndim:
        low, high = (np.take_along_axis(ordered, places, axis=-1) for places in (below, above))
    else:
        low, high = ordered[..., below], ordered[..., above]
    part = position - below
    # From the nearer end, so that equal neighbours give exactly their value.
    return np.where(part < 0.5, low + (high - low) * part, high - (high - low) * (1.0 - part))
