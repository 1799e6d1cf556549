"""Tables of a sweep: tidy, typed, one column an indicator, with its unit in the column's metadata.

| kept | one row is | beside the indicators |
| --- | --- | --- |
| runs | one run in one month | point, replicate, scenario, group, month |
| summaries | one statistic of the runs of a point in one month | point, scenario, versus, group, month, statistic |

In summaries, `versus` is empty for the scenario's own outcomes, and names the first scenario for paired differences
from it. A row `share_higher` holds the share of worlds in which the scenario came out higher; `measured` counts the
worlds that could be measured.
"""

from __future__ import annotations

import io
import json
from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.indicators import INDICATORS

if TYPE_CHECKING:
    import pyarrow

    from sim.research.designs import Floats
    from sim.research.sweep_file import Sweep
    from sim.research.task import Job

STATISTICS = ("mean", "sd", "p05", "p25", "p50", "p75", "p95", "measured")
DIFFERENCE_STATISTICS = (*STATISTICS, "share_higher", "share_same", "share_lower")
PROBABILITIES = (0.05, 0.25, 0.50, 0.75, 0.95)
UNITLESS = {"measured": "worlds", "share_higher": "share", "share_same": "share", "share_lower": "share"}


def labels(names: Sequence[str], numbers: Any) -> pyarrow.DictionaryArray:
    """A column of names, given by number (masked: nothing)."""
    import pyarrow

    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(np.asarray(numbers).ravel().astype(np.int32)), list(names))


def indicator_fields(sweep: Sweep) -> list[pyarrow.Field]:
    """A column an indicator, with unit, direction and meaning."""
    import pyarrow

    found = []
    for name in sweep.indicators:
        indicator = INDICATORS[name]
        notes = {"unit": indicator.unit["en"], "better": indicator.better, "meaning": indicator.meaning["en"]}
        found.append(pyarrow.field(name, pyarrow.float64(), metadata=notes))
    return found


def schema_of(sweep: Sweep, job: Job) -> pyarrow.Schema:
    """The columns of a shard."""
    import pyarrow

    name = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    point = pyarrow.field("point", pyarrow.int64(), nullable=False, metadata={"meaning": "row of points.parquet"})
    month = pyarrow.field("month", name, nullable=False, metadata={"form": "YYYY-MM"})
    scenario, group = (pyarrow.field(each, name, nullable=False) for each in ("scenario", "group"))
    if sweep.keep == "runs":
        keys = [point, pyarrow.field("replicate", pyarrow.int32(), nullable=False), scenario, group, month]
    else:
        statistic = pyarrow.field("statistic", name, nullable=False, metadata={"units": json.dumps(UNITLESS)})
        keys = [point, scenario, pyarrow.field("versus", name), group, month, statistic]
    notes = {"format": "samenspel-sweep", "identity": job.identity, "model": job.model, "sweep": sweep.id}
    return pyarrow.schema([*keys, *indicator_fields(sweep)], metadata=notes)


def runs_table(
    outcomes: Floats, sweep: Sweep, scenarios: Sequence[str], months: Sequence[str], *, point: int, first: int
) -> list[Any]:
    """Columns of single runs; `outcomes` (replicates, scenarios, groups, indicators, months)."""
    import pyarrow

    values = np.moveaxis(outcomes, 3, -1)
    replicate, scenario, group, month = np.indices(values.shape[:-1], dtype=np.int32)
    columns: list[Any] = [
        pyarrow.array(np.full(replicate.size, point, np.int64)),
        pyarrow.array(replicate.ravel() + np.int32(first)),
        labels(scenarios, scenario),
        labels(sweep.groups, group),
        labels(months, month),
    ]
    cells = values.reshape(-1, values.shape[-1])
    return columns + [pyarrow.array(np.ascontiguousarray(cells[:, k]), from_pandas=True) for k in range(cells.shape[1])]


def summary_table(
    outcomes: Floats, sweep: Sweep, scenarios: Sequence[str], months: Sequence[str], *, point: int
) -> list[Any]:
    """Columns of the summaries of one point: every scenario's own outcomes, and paired differences from the first."""
    import pyarrow

    levels = statistics_of(outcomes)
    pieces = [(s, False, levels[:, s]) for s in range(len(scenarios))]
    if len(scenarios) > 1:
        differences = outcomes[:, 1:] - outcomes[:, :1]
        spread = np.concatenate([statistics_of(differences), shares_of(differences)])
        pieces += [(s + 1, True, spread[:, s]) for s in range(len(scenarios) - 1)]
    columns: list[list[Any]] = [[] for _ in range(6 + len(sweep.indicators))]
    for s, paired, cells in pieces:  # (statistics, groups, indicators, months)
        values = np.moveaxis(cells, 2, -1)
        statistic, group, month = np.indices(values.shape[:-1], dtype=np.int32)
        size = statistic.size
        nothing = pyarrow.nulls(size, pyarrow.int32())
        versus = pyarrow.DictionaryArray.from_arrays(
            pyarrow.array(np.zeros(size, np.int32)) if paired else nothing, list(scenarios[:1])
        )
        keys = [
            pyarrow.array(np.full(size, point, np.int64)),
            labels(scenarios, np.full(size, s)),
            versus,
            labels(sweep.groups, group),
            labels(months, month),
            labels(DIFFERENCE_STATISTICS, statistic),
        ]
        flat = values.reshape(-1, values.shape[-1])
        keys += [pyarrow.array(np.ascontiguousarray(flat[:, k]), from_pandas=True) for k in range(flat.shape[1])]
        for column, piece in zip(columns, keys, strict=True):
            column.append(piece)
    return [_joined(each) for each in columns]


def _joined(pieces: list[Any]) -> Any:
    import pyarrow

    joined = pyarrow.chunked_array(pieces)
    return joined.unify_dictionaries() if pyarrow.types.is_dictionary(joined.type) else joined


def statistics_of(values: Floats) -> Floats:
    """`STATISTICS` over the first axis (replicates), NaN left out: shape (statistics, …)."""
    known = ~np.isnan(values)
    measured = known.sum(axis=0)
    some = np.where(measured > 0, measured, 1)
    mean = np.where(known, values, 0.0).sum(axis=0) / some
    off = np.where(known, values - mean, 0.0)
    sd = np.sqrt((off * off).sum(axis=0) / np.where(measured > 1, measured - 1, 1))
    ordered = np.sort(values, axis=0)  # NaN comes last
    quantiles = []
    for p in PROBABILITIES:
        place = p * (some - 1)
        low = np.floor(place).astype(np.int64)
        high = np.minimum(low + 1, some - 1)
        a, b = (np.take_along_axis(ordered, k[None], axis=0)[0] for k in (low, high))
        quantiles.append(a + (b - a) * (place - low))
    found = np.stack([mean, np.where(measured > 1, sd, np.nan), *quantiles])
    return np.concatenate([np.where(measured > 0, found, np.nan), measured[None].astype(np.float64)])


def shares_of(differences: Floats) -> Floats:
    """Shares of the measured replicates in which a difference is above, at and below zero: shape (3, …)."""
    measured = (~np.isnan(differences)).sum(axis=0)
    some = np.where(measured > 0, measured, 1)
    counts = np.stack([(differences > 0).sum(axis=0), (differences == 0).sum(axis=0), (differences < 0).sum(axis=0)])
    return np.where(measured > 0, counts / some, np.nan)


def parquet_of(pieces: Iterable[list[Any]], job: Job) -> bytes:
    """The Parquet file of a shard, in memory; the same columns give the same bytes."""
    import pyarrow
    import pyarrow.parquet

    from sim.research.task import sweep_of

    schema = schema_of(sweep_of(job), job)
    tables = [
        pyarrow.table([_typed(column, field) for column, field in zip(columns, schema, strict=True)], schema=schema)
        for columns in pieces
    ]
    whole = pyarrow.concat_tables(tables).unify_dictionaries().combine_chunks()
    stream = io.BytesIO()
    pyarrow.parquet.write_table(whole, stream, compression="zstd", compression_level=3)
    return stream.getvalue()


def _typed(column: Any, field: Any) -> Any:
    return column if column.type == field.type else column.cast(field.type)
