"""points.parquet: one row a point, with the value of everything that is varied and its unit."""

from __future__ import annotations

import os
import secrets
from pathlib import Path
from typing import Any

import numpy as np

from sim.research.designs import Floats
from sim.research.plan import Plan
from sim.research.task import units_of

ROWS_AT_ONCE = 100_000


def points_schema(plan: Plan) -> Any:
    """The columns: point, world, seed, and one for each axis."""
    import pyarrow

    units = units_of(plan.axes)
    meanings = {axis.name: f"{axis.target} {axis.key}" + (f", {axis.option}" if axis.option else "")
                for axis in plan.axes}  # fmt: skip
    return pyarrow.schema(
        [
            pyarrow.field("point", pyarrow.int64(), nullable=False),
            pyarrow.field("world", pyarrow.string(), nullable=False),
            pyarrow.field("seed", pyarrow.int64(), nullable=False),
            *(
                pyarrow.field(
                    axis.name, pyarrow.float64(), metadata={"unit": units[axis.name], "meaning": meanings[axis.name]}
                )
                for axis in plan.axes
            ),
        ],
        metadata={"format": "samenspel-sweep", "identity": plan.identity},
    )


def settings(plan: Plan, first: int, last: int) -> tuple[np.ndarray, np.ndarray, Floats]:
    """Numbers of worlds, seeds, and values of axes of points `first` to `last` (without)."""
    seeds, worlds = len(plan.sweep.seeds), len(plan.worlds)
    points = np.arange(first, last, dtype=np.int64)
    rows = points // (seeds * worlds)
    values = plan.design.values(int(rows[0]), int(rows[-1]) + 1)[rows - rows[0]]
    return points // seeds % worlds, np.asarray(plan.sweep.seeds)[points % seeds], values


def write_points(plan: Plan, path: Path) -> None:
    """Write the table, a piece at a time; it is there whole or not at all."""
    import pyarrow
    import pyarrow.parquet

    schema = points_schema(plan)
    names = np.array([world.id for world in plan.worlds])
    temporary = path.parent / f".{secrets.token_hex(6)}.part"
    try:
        with pyarrow.parquet.ParquetWriter(temporary, schema, compression="zstd") as writer:
            for first in range(0, plan.points, ROWS_AT_ONCE):
                last = min(first + ROWS_AT_ONCE, plan.points)
                worlds, seeds, values = settings(plan, first, last)
                columns = [np.arange(first, last, dtype=np.int64), names[worlds], seeds.astype(np.int64)]
                columns += [np.ascontiguousarray(values[:, k]) for k in range(values.shape[1])]
                writer.write_batch(pyarrow.record_batch([pyarrow.array(each) for each in columns], schema=schema))
        with temporary.open("rb+") as stream:
            os.fsync(stream.fileno())
        temporary.replace(path)
    finally:
        temporary.unlink(missing_ok=True)
