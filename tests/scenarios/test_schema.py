"""The JSON Schemas that editors use: up to date, and never stricter than the loader."""

import json

import jsonschema
import pytest

from sim.engine.documents import read_document
from sim.engine.problems import InputError
from sim.scenario import SCENARIOS, parse_scenario
from sim.schema import FOLDER, scenario_schema, schema_text, schemas, world_schema
from sim.world.files import WORLDS, parse_world

SCENARIO = jsonschema.Draft202012Validator(scenario_schema())
WORLD = jsonschema.Draft202012Validator(world_schema())
HEAD = {"id": "plan", "name": {"nl": "Plan", "en": "Plan"}, "description": {"nl": "Een plan", "en": "A plan"}}
SCENARIO_FILES = sorted(path for path in SCENARIOS.glob("*.yaml") if path.stem != "costs")
WORLD_FILES = sorted(WORLDS.glob("*.yaml"))


def test_the_shipped_schemas_are_those_of_the_code():
    assert sorted(path.name for path in FOLDER.iterdir()) == sorted(schemas())
    for name, schema in schemas().items():
        assert (FOLDER / name).read_text(encoding="utf-8") == schema_text(schema), "run `python -m sim.schema`"
        jsonschema.Draft202012Validator.check_schema(json.loads(schema_text(schema)))


@pytest.mark.parametrize("path", SCENARIO_FILES, ids=lambda path: path.stem)
def test_every_shipped_scenario_fits_the_schema(path):
    SCENARIO.validate(read_document(path))


@pytest.mark.parametrize("path", WORLD_FILES, ids=lambda path: path.stem)
def test_every_shipped_world_fits_the_schema(path):
    WORLD.validate(read_document(path))


@pytest.mark.parametrize(
    "more",
    [
        {"lever": []},
        {"levers": [{"lever": "regular_meeting"}]},
        {"levers": [{"lever": "regular_meetings", "intensity": 25}]},
        {"levers": [{"lever": "regular_meetings", "intensity": True}]},
        {"levers": [{"lever": "regular_meetings", "options": {"form": 0.5}}]},
        {"levers": [{"lever": "regular_meetings", "options": {"horizon": 48}}]},
        {"levers": [{"lever": "structural_funding", "options": {"horizon": 6}}]},
        {"levers": [{"lever": "regular_meetings", "start": "2027-13"}]},
        {"levers": [{"lever": "regular_meetings", "scope": {"size": "tiny"}}]},
        {"levers": [{"lever": "municipal_capacity", "scope": {"ambition": "save"}}]},
        {"shocks": [{"shock": "election"}]},
        {"shocks": [{"shock": "election", "month": "2028-01", "months": 2}]},
        {"costs": {"meetings": {}}},
        {"parameters": {"official_leaving_rate": "high"}},
        {"id": "Plan A"},
    ],
)
def test_what_a_schema_can_express_both_refuse(more):
    assert not SCENARIO.is_valid({**HEAD, **more})
    with pytest.raises(InputError):
        parse_scenario({**HEAD, **more}, "x")


@pytest.mark.parametrize(
    "more",
    [
        {"inhabitants": 3},
        {"direction_style": 2},
        {"initiatives": 0},
        {"initiatives": [{"ambition": "none"}]},
        {"staff_hours_per_month": -1},
        {"size_classes": {}},
        {"kind": "town"},
    ],
)
def test_what_a_world_schema_can_express_both_refuse(more):
    data = {"kind": "municipality", "inhabitants": 24000, **more}
    assert not WORLD.is_valid(data)
    with pytest.raises(InputError):
        parse_world(data, "x")


@pytest.mark.parametrize("more", [{}, {"initiatives": 3}, {"initiatives": [{"ambition": "save"}]}, {"posts": 2}])
def test_what_a_loader_accepts_the_world_schema_accepts(more):
    data = {"kind": "municipality", "inhabitants": 24000, **more}
    parse_world(data, "x")
    WORLD.validate(data)
