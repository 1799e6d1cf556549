"""JSON Schemas of scenario and world files, so that an editor can complete and check a file while it is written.

`python -m sim.schema` writes them to scenarios/schema/. A schema refuses nothing that the loader accepts; what only
the loader can see (overlaps,
the order of dates, shares that sum to one, months and numbers that a world does not have) it lets through.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from sim.engine.catalogue import Quantity
from sim.levers import LEVERS
from sim.scenario import SCENARIOS, Scenario
from sim.shocks import SHOCKS
from sim.world.files import MOST_INITIATIVES, SUBSIDY_ROUND, MunicipalityWorld, NationalWorld

DIALECT = "https://json-schema.org/draft/2020-12/schema"
FOLDER = SCENARIOS / "schema"
Schema = dict[str, Any]


def scenario_schema() -> Schema:
    """The JSON Schema of a scenario file."""
    schema = Scenario.model_json_schema()
    _plain(schema)
    defs = schema["$defs"]
    _single_values(defs["Scope"])
    lever, shock = defs["LeverEntry"], defs["ShockEntry"]
    for entry, field in ((lever, "intensity"), (shock, "intensity"), (shock, "months")):
        del entry["properties"][field]["default"]  # It depends on the lever or shock.
    lever["allOf"] = [_when("lever", name, _lever_fields(name)) for name in sorted(LEVERS)]
    shock["allOf"] = [_when("shock", name, _shock_fields(name)) for name in sorted(SHOCKS)]
    schema["properties"]["costs"]["propertyNames"] = {"enum": sorted([*LEVERS, *SHOCKS])}
    return {"$schema": DIALECT, **schema, "title": "Samenspel scenario"}


def world_schema() -> Schema:
    """The JSON Schema of a world file: a country's, or a municipality's."""
    defs: Schema = {}
    for model in (NationalWorld, MunicipalityWorld):
        schema = model.model_json_schema()
        defs.update(schema.pop("$defs"))
        defs[model.__name__] = schema
    _plain(defs)
    _single_values(defs["Scope"])
    fact = defs["Fact"]
    fact["properties"]["what"]["enum"] = [*sorted([*LEVERS, *SHOCKS]), SUBSIDY_ROUND]
    fact["allOf"] = [_when("what", name, _lever_fields(name)) for name in sorted(LEVERS)]
    fact["allOf"] += [_when("what", name, {"intensity": _range(SHOCKS[name])}) for name in sorted(SHOCKS)]
    initiatives = defs["MunicipalityWorld"]["properties"]["initiatives"]
    listed = {key: initiatives.pop(key) for key in ("type", "items", "minItems", "maxItems")}
    initiatives["anyOf"] = [{"type": "integer", "minimum": 1, "maximum": MOST_INITIATIVES}, listed]
    national = {"properties": {"kind": {"const": "municipality"}}, "required": ["kind"]}
    return {
        "$schema": DIALECT,
        "$defs": defs,
        "title": "Samenspel world",
        "type": "object",
        "required": ["kind"],
        "if": national,
        "then": {"$ref": "#/$defs/MunicipalityWorld"},
        "else": {"$ref": "#/$defs/NationalWorld"},
    }


def _plain(part: Any) -> None:
    """Takes away the defaults that only mark a field as left out, and the titles that repeat a field's name."""
    if isinstance(part, list):
        for inner in part:
            _plain(inner)
    elif isinstance(part, dict):
        if part.get("default") in ("", -1) or (isinstance(part.get("default"), list) and not part["default"]):
            del part["default"]
        if isinstance(part.get("title"), str) and "properties" not in part:
            del part["title"]
        for inner in part.values():
            _plain(inner)


def _single_values(scope: Schema) -> None:
    """A key of a scope may hold one value as well as a list of them."""
    for name, field in scope["properties"].items():
        if name == "size":
            item: Schema = {"type": "string", "enum": ["small", "medium", "large"]}
        elif name == "ambition":
            item = {"type": "string", "enum": ["activate", "save", "heat_network"]}
        else:
            item = {"type": "integer", "minimum": 0, "maximum": 1_000_000}
        several = {"type": "array", "items": item, "minItems": 1, "maxItems": 1000, "uniqueItems": True}
        field.clear()
        field["anyOf"] = [item, several, {"type": "null"}]


def _when(key: str, value: str, fields: Schema) -> Schema:
    condition = {"properties": {key: {"const": value}}, "required": [key]}
    return {"if": condition, "then": {"properties": fields}}


def _range(quantity: Quantity) -> Schema:
    return {
        "type": "number",
        "minimum": quantity.minimum,
        "maximum": quantity.maximum,
        "description": f"{quantity.meaning.en} Unit: {quantity.unit.en}. Default: {quantity.default:g}.",
    }


def _lever_fields(name: str) -> Schema:
    lever = LEVERS[name]
    options = {option: _range(quantity) for option, quantity in sorted(lever.options.items())}
    for option, quantity in lever.options.items():
        if quantity.step == 1:
            options[option]["multipleOf"] = 1
    fields: Schema = {"intensity": _range(lever), "options": {"properties": options, "additionalProperties": False}}
    if lever.level == "municipality":
        nobody = {"type": "null"}
        fields["scope"] = {"properties": {"ambition": nobody, "initiative": nobody}}
    return fields


def _shock_fields(name: str) -> Schema:
    shock = SHOCKS[name]
    fields: Schema = {"intensity": _range(shock)}
    if not shock.lasts:
        fields["months"] = {"const": 1}
    return fields


def schemas() -> dict[str, Schema]:
    """All schemas, by the name of their file."""
    return {"scenario.schema.json": scenario_schema(), "world.schema.json": world_schema()}


def schema_text(schema: Schema) -> str:
    """The text of a schema's file."""
    return json.dumps(schema, indent=2, ensure_ascii=False, sort_keys=True) + "\n"


def write_schemas(folder: Path = FOLDER) -> None:
    """Write all schemas to `folder`."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, schema in schemas().items():
        (folder / name).write_text(schema_text(schema), encoding="utf-8")


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m sim.schema", description=(__doc__ or "").splitlines()[0]).parse_args()
    write_schemas()
