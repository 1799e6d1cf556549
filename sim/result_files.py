"""The result folder and the JSON document of a result.

| file | holds |
| --- | --- |
| summary.csv | mean and quantiles, every month |
| differences.csv | paired differences and shares, every month |
| runs.parquet | single worlds, in Decembers and at the horizon (or every month) |
| manifest.json | how to make it again: command, seed, scenario files, versions, hashes |

A number in a CSV file is the shortest text that gives the same number back; nothing between two commas says: not
measured.
"""

from __future__ import annotations

import json
import math
import platform
from collections.abc import Iterable, Iterator, Sequence
from datetime import UTC, datetime
from importlib import metadata
from itertools import chain, islice
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np
from numpy.typing import NDArray

from sim.engine.blocks import AHEAD, cores
from sim.engine.folders import Kind, check_target, whole_folder
from sim.engine.statistics import BLOCK
from sim.result import DIFFERENCE_COLUMNS, SUMMARY_STATISTICS, Result

if TYPE_CHECKING:
    import pyarrow

FORMAT = "samenspel-result"
FORMAT_VERSION = 1
SUMMARY_COLUMNS = ("scenario", "group", "indicator", "month", *SUMMARY_STATISTICS)
DIFFERENCES_COLUMNS = ("scenario", "versus", "group", "indicator", "month", *DIFFERENCE_COLUMNS)
LIBRARIES = ("numpy", "numba", "mesa", "pyarrow")
ROWS_AT_ONCE = 20_000
REPLICATES_AT_ONCE = 100
# A spreadsheet takes a cell that starts with one of these for a formula.
FORMULA_STARTS = ("=", "+", "-", "@", "\t", "\r")


def _is_result(folder: Path) -> bool:
    try:
        manifest = json.loads((folder / "manifest.json").read_text(encoding="utf-8"))
    except (OSError, ValueError, RecursionError):
        return False
    return isinstance(manifest, dict) and manifest.get("format") == FORMAT


RESULT = Kind("result", frozenset({"summary.csv", "differences.csv", "runs.parquet", "manifest.json"}), _is_result)


def check_result_target(folder: str | Path, *, bytes_needed: int = 0) -> Path:
    """The folder a result can be written to. Raises `InputError`, before any work is done, when it cannot."""
    return check_target(folder, RESULT, bytes_needed=bytes_needed)


def write(result: Result, folder: str | Path) -> Path:
    """Write the four files; they appear together. Returns the folder. Raises `InputError`."""
    with whole_folder(folder, RESULT) as place:
        values = (((name,), cells) for name, cells in zip(result.scenarios, result.summary_values, strict=True))
        _write_csv(place / "summary.csv", SUMMARY_COLUMNS, values, result)
        differences = (((name, result.versus), cells) for name, cells in result.differences_for_files())
        _write_csv(place / "differences.csv", DIFFERENCES_COLUMNS, differences, result)
        write_runs(result, place / "runs.parquet")
        text = json.dumps(manifest(result), indent=2, ensure_ascii=False, allow_nan=False, default=str)
        (place / "manifest.json").write_text(text + "\n", encoding="utf-8")
    return Path(folder)


def manifest(result: Result) -> dict[str, Any]:
    """How to make the result again, and what it was made with."""
    return {
        "format": FORMAT,
        "format_version": FORMAT_VERSION,
        "command": result.command,
        "seed": result.seed,
        "replicates": result.replicates,
        "scenarios": [dict(document) for document in result.documents],
        "versus": result.versus if result.compared else None,
        "world": dict(result.world_document),
        "months": [result.months[0], result.months[-1]],
        "groups": list(result.groups),
        "indicators": {name: {"unit": result.units[name], "better": result.better[name]} for name in result.indicators},
        "quantiles_from": result.kept,
        "runs": {"replicates": result.kept, "months": list(result.sampled_months)},
        "versions": versions(),
        "parameters": parameters(result),
        "model": model(result),
        "time": datetime.now(UTC).isoformat(timespec="seconds"),
    }


def versions() -> dict[str, str]:
    """Versions of this project, Python and the libraries that make the numbers."""
    found = {"samenspel": version_of("samenspel"), "python": platform.python_version()}
    return found | {name: version_of(name) for name in LIBRARIES}


def version_of(name: str) -> str:
    """The version of an installed project."""
    try:
        return metadata.version(name)
    except metadata.PackageNotFoundError:
        return "not installed"


def parameters(result: Result) -> dict[str, Any]:
    """The parameter set as every output tells it."""
    used = result.parameter_set
    told: dict[str, Any] = {
        "name": used.name, "hash": used.hash, "calibrated": used.calibrated, "notice": used.notice
    }  # fmt: skip
    return told | ({"values": {name: float(value) for name, value in used.own.items()}} if used.own else {})


def model(result: Result) -> dict[str, str]:
    """The model as every output tells it."""
    return {"version": version_of("samenspel"), "hash": result.model_hash}


# CSV ----------------------------------------------------------------------------------------------------------------


def _write_csv(
    path: Path, columns: Sequence[str], pieces: Iterable[tuple[Sequence[str], NDArray[np.float64]]], result: Result
) -> None:
    """Write rows of labels and numbers; a piece is the labels that its rows start with, and (group, indicator,
    month, statistic) numbers."""
    import pyarrow
    import pyarrow.csv

    axes = (result.groups, result.indicators, result.months)
    grid = np.indices(tuple(len(names) for names in axes), dtype=np.int32)
    inner = [_text_column(names, numbers.ravel()) for names, numbers in zip(axes, grid, strict=True)]
    options = pyarrow.csv.WriteOptions(include_header=False)
    with path.open("wb") as stream:
        stream.write((",".join(columns) + "\n").encode())
        for outer, values in pieces:
            rows = values.reshape(-1, values.shape[-1])
            same = [_text_column((name,), np.zeros(len(rows), np.int32)) for name in outer]
            numbers = [pyarrow.array(column, from_pandas=True) for column in rows.T]
            pyarrow.csv.write_csv(pyarrow.table([*same, *inner, *numbers], names=list(columns)), stream, options)


def _text_column(names: Sequence[str], numbers: NDArray[np.int32]) -> pyarrow.Array:
    import pyarrow

    safe = ["'" + name if name.startswith(FORMULA_STARTS) else name for name in names]
    return pyarrow.DictionaryArray.from_arrays(pyarrow.array(numbers), safe).cast(pyarrow.string())


# Single worlds ------------------------------------------------------------------------------------------------------


def runs_table(result: Result) -> pyarrow.Table:
    """All single worlds of a result in long form."""
    import pyarrow

    return pyarrow.Table.from_batches(_run_batches(result), schema=runs_schema(result))


def write_runs(result: Result, path: Path) -> None:
    """Write runs.parquet a piece at a time, so that little of it is in memory at once."""
    import pyarrow.parquet

    with pyarrow.parquet.ParquetWriter(path, runs_schema(result), compression="zstd") as writer:
        for batch in _run_batches(result):
            writer.write_batch(batch)


def runs_schema(result: Result) -> pyarrow.Schema:
    """Column types, with the units of all indicators and the state of the parameters in the metadata."""
    import pyarrow

    name = pyarrow.dictionary(pyarrow.int32(), pyarrow.string())
    notes = {
        "format": FORMAT,
        "units": json.dumps(result.units, ensure_ascii=False),
        "better": json.dumps(dict(result.better)),
        "parameters": json.dumps(parameters(result), ensure_ascii=False),
        "model": json.dumps(model(result)),
        "seed": str(result.seed),
        "world": result.world,
    }
    value = pyarrow.field("value", pyarrow.float64(), metadata={"unit": "by indicator: see units; null: not measured"})
    return pyarrow.schema(
        [
            pyarrow.field("scenario", name, nullable=False),
            pyarrow.field("replicate", pyarrow.int32(), nullable=False),
            pyarrow.field("group", name, nullable=False),
            pyarrow.field("indicator", name, nullable=False),
            pyarrow.field("month", name, nullable=False, metadata={"form": "YYYY-MM"}),
            value,
        ],
        metadata=notes,
    )


def _run_batches(result: Result) -> Iterator[pyarrow.RecordBatch]:
    import pyarrow

    def labels(names: tuple[str, ...], numbers: np.ndarray) -> pyarrow.DictionaryArray:
        return pyarrow.DictionaryArray.from_arrays(pyarrow.array(numbers.ravel().astype(np.int32)), list(names))

    schema = runs_schema(result)
    for s in range(len(result.scenarios)):
        for start in range(0, result.kept, REPLICATES_AT_ONCE):
            values = result.sample_values[s, start : start + REPLICATES_AT_ONCE]
            grid = np.indices(values.shape, dtype=np.int32)
            columns = [
                labels(result.scenarios, np.full(values.size, s)),
                pyarrow.array(grid[0].ravel() + np.int32(start)),
                labels(result.groups, grid[1]),
                labels(result.indicators, grid[2]),
                labels(result.sampled_months, grid[3]),
                pyarrow.array(values.ravel(), from_pandas=True),
            ]
            yield pyarrow.record_batch(columns, schema=schema)


# JSON ---------------------------------------------------------------------------------------------------------------


def _head(result: Result) -> dict[str, Any]:
    return {
        "scenarios": list(result.scenarios),
        "world": result.world,
        "replicates": result.replicates,
        "seed": result.seed,
        "months": [result.months[0], result.months[-1]],
        "model": model(result),
        "parameters": parameters(result),
        "units": dict(result.units),
    }


def document(result: Result) -> dict[str, Any]:
    """The JSON document as plain data."""
    return _head(result) | {
        "summary": [dict(zip(SUMMARY_COLUMNS, row, strict=True)) for row in result.summary_rows()],
        "differences": [dict(zip(DIFFERENCES_COLUMNS, row, strict=True)) for row in result.difference_rows()],
    }


def json_text(result: Result) -> Iterator[str]:
    """The JSON document as text, in pieces: as plain data it would take many times the memory of the result."""
    yield json.dumps(_head(result), ensure_ascii=True, allow_nan=False)[:-1]
    yield from chain(
        [', "summary": ['],
        _json_rows(SUMMARY_COLUMNS, result.summary_rows()),
        ['], "differences": ['],
        _json_rows(DIFFERENCES_COLUMNS, result.difference_rows()),
        ["]}\n"],
    )


def _json_rows(columns: tuple[str, ...], rows: Iterator[tuple[Any, ...]]) -> Iterator[str]:
    first = True
    while some := list(islice(rows, ROWS_AT_ONCE)):
        text = json.dumps([dict(zip(columns, row, strict=True)) for row in some], ensure_ascii=True, allow_nan=False)
        yield ("" if first else ", ") + text[1:-1]
        first = False


def bytes_needed(scenarios: int, groups: int, indicators: int, months: int, sampled: int, replicates: int) -> int:
    """About how much room a result takes on disk, from above."""
    rows = scenarios * groups * indicators
    return math.ceil(rows * (months * 2 * 220 + sampled * min(replicates, 1000) * 10) + 1_000_000)


def memory_needed(
    scenarios: int, groups: int, indicators: int, months: int, sampled: int, replicates: int, threads: int
) -> int:
    """About how much memory a result takes while it is made, from above: running sums, the replicates that are kept
    for quantiles (a rough copy, and the months that are kept exactly twice), and replicates on their way.
    """
    cells = scenarios * groups * indicators * months
    kept = min(math.ceil(replicates / BLOCK) * BLOCK, 1000)
    rough = 0 if sampled >= months else 4 * kept * cells
    exact = 8 * kept * cells * min(sampled, months) // months
    ordering = 4 * 8 * kept * indicators * months * min(cores(), groups)  # groups are ordered side by side
    underway = 8 * cells * min(threads, replicates) * (AHEAD + 2)
    return 344 * cells + rough + 2 * exact + ordering + underway
