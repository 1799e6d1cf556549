"""Reading a finished sweep: with pandas, xarray, or SQL. The files themselves need nothing of ours to be read."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

from sim.engine.problems import InputError, Problem, unknown_name
from sim.research.designs import Floats
from sim.research.folder import FINISHED, MANIFEST, POINTS, RESULTS, file_digest
from sim.research.plan import FORMAT

if TYPE_CHECKING:
    import duckdb
    import pandas
    import xarray


@dataclass(frozen=True, eq=False)
class SweepResult:
    """A finished sweep. `manifest` says what it is, `finished` how it ended."""

    folder: Path
    manifest: dict[str, Any]
    finished: dict[str, Any]

    @property
    def scenarios(self) -> tuple[str, ...]:
        """The scenarios; the first is what the others are set against."""
        return tuple(each["id"] for each in self.manifest["sweep"]["scenarios"])

    @property
    def names(self) -> dict[str, dict[str, str]]:
        """The names of the scenarios, in Dutch and English."""
        return {each["id"]: each["name"] for each in self.manifest["sweep"]["scenarios"]}

    @property
    def indicators(self) -> tuple[str, ...]:
        """The indicators that were kept."""
        return tuple(self.manifest["sweep"]["indicators"])

    @property
    def units(self) -> dict[str, str]:
        """The units of the indicators, in English."""
        return dict(self.manifest["units"])

    @property
    def groups(self) -> tuple[str, ...]:
        """The groups that were kept."""
        return tuple(self.manifest["sweep"]["groups"])

    @property
    def replicates(self) -> int:
        """Number of worlds at each point."""
        return int(self.manifest["sweep"]["replicates"])

    @property
    def kept_runs(self) -> bool:
        """Whether every run was kept, not only summaries."""
        return self.manifest["sweep"]["keep"] == "runs"

    @property
    def axes(self) -> list[dict[str, Any]]:
        """What was varied: name, target, key, unit, low, high."""
        return list(self.manifest["axes"])

    @cached_property
    def points(self) -> pandas.DataFrame:
        """One row a point, by its number: world, seed, and the value of everything that was varied."""
        import pandas

        return pandas.read_parquet(self.folder / POINTS).set_index("point")

    def x(self) -> Floats:
        """Values of the axes: (points, axes)."""
        return self.points[[axis["name"] for axis in self.axes]].to_numpy(np.float64)

    @cached_property
    def last_month(self) -> str:
        """The last month that was kept."""
        return str(self.sql("SELECT max(month::VARCHAR) FROM runs").fetchone()[0])  # type: ignore[index]

    def sql(self, query: str) -> duckdb.DuckDBPyConnection:
        """The answer to a question in SQL, over the tables `runs` (or `summaries`: the same table) and `points`."""
        import duckdb

        connection = duckdb.connect()
        results, points = (str(self.folder / name).replace("'", "''") for name in (RESULTS, POINTS))
        for name in ("runs", "summaries"):
            connection.execute(f"CREATE VIEW {name} AS SELECT * FROM read_parquet('{results}')")
        connection.execute(f"CREATE VIEW points AS SELECT * FROM read_parquet('{points}')")
        return connection.execute(query)

    def table(self, columns: Sequence[str] | None = None, filters: Any = None) -> pandas.DataFrame:
        """The results as a pandas table; `filters` as pyarrow has them: ``[("month", "==", "2034-12")]``."""
        import pyarrow.parquet

        found = pyarrow.parquet.read_table(
            self.folder / RESULTS, columns=None if columns is None else list(columns), filters=filters
        )
        frame: pandas.DataFrame = found.to_pandas()
        return frame

    def values(self, indicator: str, scenario: str, group: str = "all", month: str | None = None) -> Floats:
        """Single runs of one indicator: (points, replicates); NaN where nothing was measured, or a run failed."""
        if not self.kept_runs:
            raise InputError(
                str(self.folder), "keep", "holds summaries only; give the sweep keep: runs for this",
                "bevat alleen samenvattingen; geef de sweep keep: runs hiervoor",
            )  # fmt: skip
        self._check(indicator, self.indicators, "indicator", "uitkomst")
        self._check(scenario, self.scenarios, "scenario", "scenario")
        self._check(group, self.groups, "group", "groep")
        month = month or self.last_month
        filters = [("scenario", "==", scenario), ("group", "==", group), ("month", "==", month)]
        rows = self.table(["point", "replicate", indicator], filters)
        found = np.full((int(self.manifest["points"]), self.replicates), np.nan)
        found[rows["point"].to_numpy(), rows["replicate"].to_numpy()] = rows[indicator].to_numpy(np.float64)
        return found

    def differences(self, indicator: str, scenario: str, group: str = "all", month: str | None = None) -> Floats:
        """Differences from the first scenario in the same world: (points, replicates)."""
        first = self.values(indicator, self.scenarios[0], group, month)
        return self.values(indicator, scenario, group, month) - first

    def to_xarray(self) -> xarray.Dataset:
        """All that was kept, one variable an indicator; dimensions are the other columns."""

        keys = (
            ["point", "replicate", "scenario", "group", "month"]
            if self.kept_runs
            else ["point", "scenario", "versus", "group", "month", "statistic"]
        )
        frame = self.table()
        for name in keys:
            if name not in ("point", "replicate"):
                frame[name] = frame[name].astype("object").fillna("")
        found: xarray.Dataset = frame.set_index(keys).to_xarray()
        for name in self.indicators:
            found[name].attrs["units"] = self.units[name]
        points = self.points
        return found.assign_coords(
            {axis["name"]: ("point", points.loc[found["point"].values, axis["name"]]) for axis in self.axes}
        )

    def _check(self, name: str, known: Sequence[str], en: str, nl: str) -> None:
        if name not in known:
            problem = unknown_name(name, known, Problem(f"{en} of this sweep", f"{nl} van deze sweep"))
            raise InputError(str(self.folder), en, problem.en, problem.nl)


def open_sweep(folder: str | Path) -> SweepResult:
    """A finished sweep in a folder. Raises `InputError` when it is none, or not finished."""
    path = Path(folder)
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        ours = manifest["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        ours, manifest = False, {}
    if not ours:
        raise InputError(str(folder), "folder", "holds no sweep; give the --out of `samenspel sweep`",
                         "bevat geen sweep; geef de --out van `samenspel sweep`")  # fmt: skip
    try:
        finished = json.loads((path / FINISHED).read_text(encoding="utf-8"))
        said = {RESULTS: finished["results"], POINTS: manifest["points_hash"]}
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise InputError(
            str(folder), "folder", "the sweep in it is not finished; give `samenspel sweep` again to go on",
            "de sweep hierin is niet klaar; geef `samenspel sweep` nog eens om verder te gaan",
        ) from None  # fmt: skip
    for name, digest in said.items():
        if digest is None or file_digest(path / name) != digest:
            raise InputError(
                str(path / name), "file", "is not what the sweep wrote; give `samenspel sweep` again to make it anew",
                "is niet wat de sweep schreef; geef `samenspel sweep` nog eens om het opnieuw te maken",
            )  # fmt: skip
    if not (path / RESULTS).stat().st_size:
        raise InputError(str(path / RESULTS), "file", "holds no run: none could be done",
                         "bevat geen enkele run: geen ervan lukte")  # fmt: skip
    return SweepResult(path, manifest, finished)
