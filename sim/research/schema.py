"""The JSON Schema of sweep files, for editors: `python -m sim.research.schema` writes it to scenarios/sweeps/schema/.

As the other schemas, it refuses nothing that the loader accepts.
"""

from __future__ import annotations

from typing import Any

from sim.research.sweep_file import SWEEPS, Sweep
from sim.schema import DIALECT, schema_text

FILE = SWEEPS / "schema" / "sweep.schema.json"
ONE_OR_MORE = ("worlds", "seeds", "indicators", "groups", "keep_months")


def sweep_schema() -> dict[str, Any]:
    """The JSON Schema of a sweep file."""
    schema = Sweep.model_json_schema()
    for name in ONE_OR_MORE:
        field = schema["properties"][name]
        several = schema["$defs"][field.pop("$ref").rpartition("/")[2]] if "$ref" in field else field
        described = {key: several[key] for key in several if key not in ("default", "title")}
        for key in described:
            field.pop(key, None)
        field["anyOf"] = [described["items"], described]
    return {"$schema": DIALECT, **schema, "title": "Samenspel sweep"}


if __name__ == "__main__":
    FILE.parent.mkdir(parents=True, exist_ok=True)
    FILE.write_text(schema_text(sweep_schema()), encoding="utf-8")
