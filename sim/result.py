"""What a comparison gives: labelled summaries, paired differences and a sample of the worlds themselves.

`Result.summary` and `Result.differences` are xarray arrays; `Result.write` makes a result folder (see
`sim.result_files`).
"""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any, Protocol

import numpy as np
from numpy.typing import NDArray

from sim.engine.problems import nearest
from sim.engine.statistics import Summaries
from sim.verdict import Verdict, carried_range, order_of

if TYPE_CHECKING:
    import pandas
    import xarray

SUMMARY_STATISTICS = ("mean", "p05", "p25", "p50", "p75", "p95")
DIFFERENCE_STATISTICS = (*SUMMARY_STATISTICS, "share_better", "share_same", "share_worse")
DIRECTIONS = {"higher": 1, "lower": -1, "neither": 0}
NOT_CALIBRATED = "not calibrated: the parameters are not fitted to the interviews, so sizes of effects may be off"
INTERVIEWS = "the interview outcomes"
THE_REST = "all other parameters are fixed at the middle of their prior"


class Indicator(Protocol):
    """What a result needs to know of an indicator: `better` is higher, lower or neither; `unit` is text, or has
    `en`."""

    @property
    def id(self) -> str: ...
    @property
    def unit(self) -> Any: ...
    @property
    def better(self) -> str: ...


@dataclass(frozen=True)
class ParameterSet:
    """The parameters of a result: a name, a hash of their values, and whether they are fitted to the interviews: how
    many of them (0: not told), to which outcomes in words, and what is to be said against the fit. ``own``: values that
    a file or a mapping gave, by name.
    """

    name: str
    hash: str
    calibrated: bool
    fitted: int = 0
    to: str = INTERVIEWS
    doubt: str = ""
    own: Mapping[str, float] = field(default_factory=dict)

    @property
    def notice(self) -> str:
        """What every output says about them."""
        if not self.calibrated:
            return NOT_CALIBRATED
        number = f"{self.fitted} parameters are " if self.fitted else ""
        return "; ".join(filter(None, [f"calibrated: {number}fitted to {self.to}", THE_REST, self.doubt]))


def sample_months(months: Sequence[str], *, every_month: bool = False) -> list[int]:
    """Indices of the months of which single worlds are kept: Decembers and the horizon, or every month."""
    last = len(months) - 1
    return [i for i, month in enumerate(months) if every_month or month.endswith("-12") or i == last]


def new_summaries(
    scenarios: int,
    groups: Sequence[str],
    indicators: Sequence[Indicator],
    months: Sequence[str],
    *,
    every_month: bool = False,
    keep: int = 1000,
) -> Summaries:
    """Empty summaries of the shape that `Result.from_summaries` takes: (scenarios, groups, indicators, months)."""
    shape = (scenarios, len(groups), len(indicators), len(months))
    better = [DIRECTIONS[indicator.better] for indicator in indicators]
    return Summaries(shape, better, keep, sample_months(months, every_month=every_month))


@dataclass(frozen=True, eq=False)
class Result:
    """The outcome of running scenarios on the same worlds. Make one with `from_summaries`.

    `scenarios`, `groups`, `indicators` and `months` (YYYY-MM) label the axes; the first scenario is the one that
    the others are set against
    (`compared` is False when they only ran side by side). `documents` are the scenario files in full, in the same
    order.
    """

    scenarios: tuple[str, ...]
    documents: tuple[Mapping[str, Any], ...]
    groups: tuple[str, ...]
    indicators: tuple[str, ...]
    units: Mapping[str, str]
    better: Mapping[str, str]
    months: tuple[str, ...]
    world: str
    world_document: Mapping[str, Any]
    replicates: int
    kept: int
    seed: int
    parameter_set: ParameterSet
    model_hash: str
    command: str
    compared: bool
    measured: NDArray[np.int64]
    paired_worlds: NDArray[np.int64]
    sampled_months: tuple[str, ...]
    summary_values: NDArray[np.float64]
    difference_values: NDArray[np.float64]
    sample_values: NDArray[np.float64]

    @classmethod
    def from_summaries(
        cls,
        summaries: Summaries,
        *,
        documents: Sequence[Mapping[str, Any]],
        groups: Sequence[str],
        indicators: Sequence[Indicator],
        months: Sequence[str],
        world: Mapping[str, Any],
        seed: int,
        parameter_set: ParameterSet,
        model_hash: str,
        compared: bool = True,
        command: str | None = None,
    ) -> Result:
        """Label what `summaries` (made by `new_summaries`) hold; they can be dropped or added to afterwards.

        `documents` and `world` are plain data with an `id`. `command` is how to make this result again; left
        out, it is put together from the
        ids. Raises ValueError when the labels do not fit the summaries, an id occurs twice, or nothing was added.
        """
        scenarios = tuple(str(document["id"]) for document in documents)
        labels = (scenarios, tuple(groups), tuple(indicator.id for indicator in indicators), tuple(months))
        if tuple(len(axis) for axis in labels) != summaries.shape:
            raise ValueError(f"labels for {tuple(len(axis) for axis in labels)} cells, summaries of {summaries.shape}")
        if any(len(set(axis)) != len(axis) for axis in labels):
            raise ValueError("a scenario, group, indicator or month occurs twice")
        if summaries.replicates == 0:
            raise ValueError("no replicate was added")
        values = summaries.values()
        summary = np.concatenate([values.mean[..., None], values.quantiles], axis=-1)
        differences = np.empty((0, *summaries.shape[1:], len(DIFFERENCE_STATISTICS)))
        paired_worlds = np.empty((0, *summaries.shape[1:]), np.int64)
        if compared:
            spread, shares = summaries.differences(), summaries.shares()
            stacked = np.stack([shares.better, shares.same, shares.worse], axis=-1)
            differences = np.concatenate([spread.mean[..., None], spread.quantiles, stacked], axis=-1)
            paired_worlds = spread.measured
        result = cls(
            scenarios=labels[0],
            documents=tuple(documents),
            groups=labels[1],
            indicators=labels[2],
            units={indicator.id: in_english(indicator.unit) for indicator in indicators},
            better={indicator.id: indicator.better for indicator in indicators},
            months=labels[3],
            world=str(world["id"]),
            world_document=world,
            replicates=summaries.replicates,
            kept=summaries.kept,
            seed=seed,
            parameter_set=parameter_set,
            model_hash=model_hash,
            command=command or "",
            compared=compared,
            measured=values.measured,
            paired_worlds=paired_worlds,
            sampled_months=tuple(months[i] for i in summaries.exact_months),
            summary_values=summary,
            difference_values=differences,
            sample_values=np.moveaxis(summaries.exact(), 0, 1),
        )
        return result if command else replace(result, command=result.own_command())

    # Labelled arrays ------------------------------------------------------------------------------------------------

    @property
    def versus(self) -> str:
        """The scenario that the others are set against."""
        return self.scenarios[0]

    @cached_property
    def summary(self) -> xarray.DataArray:
        """Mean and quantiles of the values: scenario × group × indicator × month × statistic. NaN: never measured."""
        return self._labelled(self.summary_values, self.scenarios, SUMMARY_STATISTICS)

    @cached_property
    def differences(self) -> xarray.DataArray:
        """Paired differences from the first scenario, and the shares of worlds that came out better, the same or worse.

        scenario (without the first) × group × indicator × month × statistic. For an indicator of which
        neither more nor less is better,
        `share_better` counts the worlds that came out higher.
        """
        return self._labelled(
            self.difference_values, self.scenarios[1:] if self.compared else (), DIFFERENCE_STATISTICS
        )

    @cached_property
    def sample(self) -> xarray.DataArray:
        """Single worlds: scenario × replicate × group × indicator × month, of the kept replicates, in the
        sampled months."""
        import xarray

        coordinates = {
            "scenario": list(self.scenarios),
            "replicate": np.arange(self.kept),
            "group": list(self.groups),
            "indicator": list(self.indicators),
            "month": list(self.sampled_months),
        }
        return xarray.DataArray(
            self.sample_values, coords=coordinates, dims=tuple(coordinates), name="value", attrs=self._attributes()
        ).assign_coords(unit=("indicator", list(self.units.values())))

    def _labelled(
        self, values: NDArray[np.float64], scenarios: Sequence[str], statistics: Sequence[str]
    ) -> xarray.DataArray:
        import xarray

        coordinates = {
            "scenario": list(scenarios),
            "group": list(self.groups),
            "indicator": list(self.indicators),
            "month": list(self.months),
            "statistic": list(statistics),
        }
        return xarray.DataArray(
            values, coords=coordinates, dims=tuple(coordinates), name="value", attrs=self._attributes()
        ).assign_coords(unit=("indicator", list(self.units.values())))

    def _attributes(self) -> dict[str, Any]:
        return {
            "versus": self.versus,
            "world": self.world,
            "replicates": self.replicates,
            "seed": self.seed,
            "parameters": self.parameter_set.name,
            "calibrated": self.parameter_set.calibrated,
            "notice": self.parameter_set.notice,
            "model": self.model_hash,
        }

    def paired(self, scenario: str, indicator: str, group: str = "all") -> xarray.DataArray:
        """Differences from the first scenario, world by world: replicate × month (those of `sample`)."""
        self._index(scenario, group, indicator, self.months[-1])
        cells = self.sample.sel(group=group, indicator=indicator)
        difference = cells.sel(scenario=scenario) - cells.sel(scenario=self.versus)
        return difference.drop_vars("scenario", errors="ignore").assign_attrs(self._attributes())

    # One cell -------------------------------------------------------------------------------------------------------

    def values_at(
        self, scenario: str, indicator: str, group: str = "all", month: str | None = None
    ) -> dict[str, float]:
        """Mean and quantiles of one cell, by name; the month is the horizon unless said."""
        cell = self.summary_values[self._index(scenario, group, indicator, month or self.months[-1])]
        return dict(zip(SUMMARY_STATISTICS, cell.tolist(), strict=True))

    def over_time(self, scenario: str, indicator: str, group: str = "all") -> dict[str, NDArray[np.float64]]:
        """Mean and quantiles by name, each an array of the months. Hundreds of times faster than by `summary`."""
        s, g, i, _ = self._index(scenario, group, indicator, self.months[-1])
        return dict(zip(SUMMARY_STATISTICS, np.moveaxis(self.summary_values[s, g, i], -1, 0), strict=True))

    def difference_at(
        self, scenario: str, indicator: str, group: str = "all", month: str | None = None
    ) -> dict[str, float]:
        """Mean, quantiles and shares of the paired difference in one cell, by name."""
        s, *cell = self._index(scenario, group, indicator, month or self.months[-1])
        if s == 0 or not self.compared:
            raise KeyError(f"{scenario} was not set against another scenario")
        return dict(zip(DIFFERENCE_STATISTICS, self.difference_values[(s - 1, *cell)].tolist(), strict=True))

    def verdict(self, scenario: str, indicator: str, group: str = "all", month: str | None = None) -> Verdict:
        """What the paired worlds say of one indicator, in numbers of worlds and in the words that these carry."""
        month = month or self.months[-1]
        found = self.difference_at(scenario, indicator, group, month)
        s, *cell = self._index(scenario, group, indicator, month)
        worlds = int(self.paired_worlds[(s - 1, *cell)])
        better, worse = (round(found[f"share_{side}"] * worlds) if worlds else 0 for side in ("better", "worse"))
        higher, lower = (worse, better) if self.better[indicator] == "lower" else (better, worse)
        same = worlds - higher - lower
        order, side = order_of(worlds, higher, same, lower), "higher" if higher >= lower else "lower"
        low, high = carried_range(order, side, found["p25"], found["p75"])
        return Verdict(
            scenario=scenario,
            versus=self.versus,
            indicator=indicator,
            group=group,
            month=month,
            unit=self.units[indicator],
            worlds=worlds,
            higher=higher,
            same=same,
            lower=lower,
            order=order,
            side="higher" if side == "higher" else "lower",
            low=low,
            high=high,
        )

    def _index(self, scenario: str, group: str, indicator: str, month: str) -> tuple[int, int, int, int]:
        return (
            _position(scenario, self.scenarios, "scenario"),
            _position(group, self.groups, "group"),
            _position(indicator, self.indicators, "indicator"),
            _position(month, self.months, "month"),
        )

    # Rows -----------------------------------------------------------------------------------------------------------

    def summary_rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows of summary.csv: scenario, group, indicator, month, and `SUMMARY_STATISTICS` (None: never
        measured)."""
        for s, scenario in enumerate(self.scenarios):
            for labels, numbers in self._cells(self.summary_values[s]):
                yield (scenario, *labels, *numbers)

    def difference_rows(self) -> Iterator[tuple[Any, ...]]:
        """The rows of differences.csv: scenario, versus, group, indicator, month, and `DIFFERENCE_COLUMNS`."""
        for scenario, values in self.differences_for_files():
            for labels, numbers in self._cells(values):
                yield (scenario, self.versus, *labels, *numbers)

    def differences_for_files(self) -> Iterator[tuple[str, NDArray[np.float64]]]:
        """Each compared scenario with its differences: group × indicator × month × `DIFFERENCE_COLUMNS`."""
        wanted = [DIFFERENCE_STATISTICS.index(name) for name in DIFFERENCE_COLUMNS]
        for scenario, values in zip(self.scenarios[1:], self.difference_values, strict=self.compared):
            yield scenario, values[..., wanted]

    def _cells(self, values: NDArray[np.float64]) -> Iterator[tuple[tuple[str, str, str], list[float | None]]]:
        for g, group in enumerate(self.groups):
            for i, indicator in enumerate(self.indicators):
                for month, numbers in zip(self.months, values[g, i].tolist(), strict=True):
                    yield (group, indicator, month), [None if math.isnan(x) else x for x in numbers]

    def to_dataframe(self) -> pandas.DataFrame:
        """Single worlds in long form, the rows of runs.parquet: scenario, replicate, group, indicator, month, value."""
        from sim.result_files import runs_table

        frame: pandas.DataFrame = runs_table(self).to_pandas()
        return frame

    def to_json(self) -> dict[str, Any]:
        """The JSON document as plain data: labels, seed, model, parameters, and every row of summary and
        differences."""
        from sim.result_files import document

        return document(self)

    def write(self, folder: str | Path, *, command: str | None = None) -> Path:
        """Write a result folder, whole or not at all; a result of ours that stands there is replaced.

        `command` is what the manifest says about making it again. Raises `InputError` when the folder cannot
        be written or holds something else.
        """
        from sim.result_files import write

        return write(self if command is None else replace(self, command=command), folder)

    def without_comparison(self) -> Result:
        """The same values, without differences: scenarios that ran side by side."""
        return replace(
            self,
            compared=False,
            difference_values=self.difference_values[:0],
            paired_worlds=self.paired_worlds[:0],
        )

    def own_command(self) -> str:
        """The command line that gives these numbers again, when all scenarios, the world and the parameters
        are shipped ones."""
        import shlex

        words = ["samenspel", "compare" if self.compared else "run", *self.scenarios, "--world", self.world]
        words += ["--replicates", str(self.replicates), "--months", str(len(self.months)), "--seed", str(self.seed)]
        words += ["--parameters", self.parameter_set.name]
        if len(self.months) > 1 and self.sampled_months == self.months:
            words.append("--every-month")
        return shlex.join(words)


DIFFERENCE_COLUMNS = ("mean", "p05", "p50", "p95", "share_better", "share_same", "share_worse")


def in_english(text: Any) -> str:
    """The English of a text that may come in two languages."""
    if isinstance(text, Mapping):
        return str(text["en"])
    return str(getattr(text, "en", text))


def _position(name: str, names: Sequence[str], kind: str) -> int:
    if name in names:
        return names.index(name)
    meant = nearest(str(name), names)
    hint = f"did you mean '{meant}'?" if meant else f"there are: {', '.join(names[:20])}"
    raise KeyError(f"no {kind} '{name}' in this result; {hint}")
