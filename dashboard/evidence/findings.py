"""What `gather` found, as the page reads it from `findings.json`.

`targets` and `held_out` are rows (name, section, observed, p05, p50, p95, inside; counts), `patterns` are rows (id,
section, holds, share_of_draws, reason), `contraction` is a share by parameter: as `samenspel validate --json` gives
them. `signs` holds from where a check goes badly (`dashboard.evidence.signs`).
"""

import json
from collections.abc import Sequence
from functools import cache
from pathlib import Path
from typing import Any

Data = dict[str, Any]
SHIPPED = Path(__file__).parent / "findings.json"
COLUMNS = {
    "targets": ("name", "question", "answer", "section", "n", "observed", "p05", "p50", "p95", "inside"),
    "held_out": ("name", "question", "answer", "section", "n", "observed", "p05", "p50", "p95", "inside"),
    "patterns": ("id", "section", "holds", "share_of_draws", "reason"),
}
PARTS = (
    "model",
    "calibrated",
    "patterns_at",
    "parameters",
    "draws",
    "seed",
    "claims",
    "contraction",
    "posterior",
    "signs",
    *COLUMNS,
)


def written(found: Data) -> str:
    """The text of the file: a row a line, so that a change can be read."""
    parts = []
    for name, value in found.items():
        if isinstance(value, list):
            rows = ",\n".join(json.dumps(each, ensure_ascii=False) for each in value)
            parts.append(f"{json.dumps(name)}: [\n{rows}\n]")
        elif isinstance(value, dict) and value:
            rows = ",\n".join(
                f"{json.dumps(key)}: {json.dumps(each, ensure_ascii=False)}" for key, each in value.items()
            )
            parts.append(f"{json.dumps(name)}: {{\n{rows}\n}}")
        else:
            parts.append(f"{json.dumps(name)}: {json.dumps(value, ensure_ascii=False)}")
    return "{\n" + ",\n".join(parts) + "\n}\n"


def read(path: Path = SHIPPED) -> Data:
    """The file as data. Raises `ValueError` that names what is missing."""
    found: Data = json.loads(path.read_text(encoding="utf-8"))
    for name in PARTS:
        if name not in found:
            raise ValueError(f"{path.name}: {name}: is missing; run python -m dashboard.evidence")
    for name, columns in COLUMNS.items():
        for number, each in enumerate(found[name], start=1):
            lacking = [column for column in columns if column not in each]
            if lacking:
                raise ValueError(f"{path.name}: {name} {number}: {', '.join(lacking)} missing")
    return found


def shown_rows(rows: Sequence[Data]) -> list[Data]:
    """The counts that say something of their own: of yes and no, no is what is left."""
    return [row for row in rows if row["answer"] != "no" and row.get("n")]


@cache
def findings() -> Data:
    """What is shipped, read once."""
    return read()
