"""Whatever a stranger's file holds, it is valid or it is refused in one clean line; never another exception."""

import copy
import io
import math

import jsonschema
import numpy as np
import pytest
import yaml
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from sim.costs import load_costs
from sim.engine.documents import parse_document, read_document
from sim.engine.problems import InputError
from sim.scenario import SCENARIOS, Scenario, parse_scenario, read_scenario, scenario_data
from sim.schedule import Layout, compile_schedule, first_month_of_effect
from sim.schema import scenario_schema, world_schema
from sim.world.files import WORLDS, World, load_world, parse_world

RICH = {
    "id": "plan",
    "name": {"nl": "Plan", "en": "Plan"},
    "description": {"nl": "Een plan", "en": "A plan"},
    "levers": [
        {
            "lever": "structural_funding",
            "start": "2027-01",
            "end": "2030-12",
            "intensity": 0.8,
            "options": {"horizon": 48},
            "scope": {"size": ["small", "medium"], "ambition": ["heat_network"]},
        },
        {"lever": "municipal_capacity", "intensity": 1, "scope": {"municipality": 0}},
        {"lever": "regular_meetings", "options": {"form": 1}},
    ],
    "shocks": [
        {"shock": "official_leaves", "month": "2028-05", "intensity": 1, "scope": {"initiative": 3}},
        {"shock": "hiring_freeze", "month": "2029-01", "months": 6},
    ],
    "parameters": {"official_leaving_rate": 0.03},
    "costs": {"regular_meetings": {"euros_per_year": 4000}},
}
SCENARIO_TREES = [RICH] + [
    read_document(SCENARIOS / f"{name}.yaml") for name in ("as-now", "recommendations", "high-turnover-embedded")
]
WORLD_TREES = [read_document(path) for path in sorted(WORLDS.glob("*.yaml"))]
LAYOUT = Layout(
    initiative_municipality=np.array([0, 0, 1, 1, 2, 2]),
    initiative_size=np.array([0, 0, 1, 1, 2, 2]),
    initiative_ambition=np.array([0, 1, 2, 0, 1, 2]),
    initiative_post=np.array([0, 0, 1, 2, 3, 4]),
    municipality_size=np.array([0, 1, 2]),
    post_municipality=np.array([0, 1, 1, 2, 2]),
)
PROJECTION = load_world("projection")
SCENARIO_SCHEMA = jsonschema.Draft202012Validator(scenario_schema())
WORLD_SCHEMA = jsonschema.Draft202012Validator(world_schema())

HOSTILE_TEXT = st.sampled_from(
    [
        "",
        " ",
        "<script>alert(1)</script>",
        "../../etc/passwd",
        "2027-13",
        "2027-00",
        "0000-01",
        "9999-12",
        "2027-1",
        "1900-01",
        "2200-12",
        "2034-12",
        "2035-01",
        "no",
        "NaN",
        "null",
        "x" * 5000,
        "é\u0301",
        "\u2028",
        "{{7*7}}",
        "${x}",
        "%s%n",
        "'; drop table",
        "con",
        "as-now",
        "all",
        "-",
        "a--b",
        "structural_funding",
        "election",
        "subsidy_round",
        "small",
        "heat_network",
        "reference",
        "municipality",
        "__class__",
        "[1]",
        "🙂",
        "１２",
    ]
)
SCALARS = st.one_of(
    HOSTILE_TEXT,
    st.text(max_size=12),
    st.booleans(),
    st.none(),
    st.integers(-10, 400),
    st.sampled_from([2**31, 2**53, -(2**53), 10**15, 0]),
    st.floats(allow_nan=False, allow_infinity=False),
    st.sampled_from([0.0, -0.0, 1e308, -1e308, 5e-324, 0.5, 1.0, 6.0, 24.0]),
)
VALUES = st.recursive(
    SCALARS,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(HOSTILE_TEXT | st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


def places(tree, here=()):
    """The paths of everything in a tree, itself included."""
    yield here
    children = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, child in children:
        yield from places(child, (*here, key))


def parent_of(tree, place):
    for key in place[:-1]:
        tree = tree[key]
    return tree


def value_at(tree, place):
    return parent_of(tree, place)[place[-1]]


@st.composite
def mutated(draw, trees):
    """A tree with one to four changes: a value replaced, taken away, doubled, moved, or a field misspelled or added."""
    tree = copy.deepcopy(draw(st.sampled_from(trees)))
    for _ in range(draw(st.integers(1, 4))):
        spots = [place for place in places(tree) if place]
        if not spots:
            break
        place = draw(st.sampled_from(spots))
        parent, key = parent_of(tree, place), place[-1]
        change = draw(st.sampled_from(["replace", "remove", "double", "move", "misspell", "add"]))
        if change == "replace":
            parent[key] = draw(VALUES)
        elif change == "remove":
            del parent[key]
        elif change == "double" and isinstance(parent, list):
            parent.insert(key, copy.deepcopy(parent[key]))
        elif change == "move":
            parent[key] = copy.deepcopy(value_at(tree, draw(st.sampled_from(spots)))) if len(spots) > 1 else None
            spots = []
        elif change == "misspell" and isinstance(parent, dict):
            wrong = draw(
                st.sampled_from([str(key) + "s", str(key)[:-1], str(key).upper(), str(key).replace("_", "-"), ""])
            )
            parent[wrong] = parent.pop(key)
        elif isinstance(parent, dict):
            parent[draw(HOSTILE_TEXT | st.text(max_size=6))] = draw(VALUES)
    return tree


def is_clean(error):
    """The line is one line, and it names a file and a field in both languages."""
    for line, field in (
        (str(error), error.field),
        (error.sentence("en"), error.field),
        (error.sentence("nl"), error.field_nl),
    ):
        assert line.startswith(f"{error.file}: {field}: ")
        assert line.isprintable()
        assert len(line) < 2000
        assert "Traceback" not in line
        assert "pydantic" not in line
        line.encode("utf-8")
    assert error.problem


def scenario_or_refusal(tree) -> Scenario | None:
    try:
        scenario = parse_scenario(tree, "hostile.yaml")
    except InputError as error:
        is_clean(error)
        return None
    assert parse_scenario(scenario_data(scenario), "again.yaml") == scenario
    return scenario


def check_scenario(tree):
    scenario = scenario_or_refusal(tree)
    if scenario is None:
        return
    assert SCENARIO_SCHEMA.is_valid(tree), "the schema refuses what the loader accepts"
    load_costs(scenario)
    try:
        segments = compile_schedule(scenario, PROJECTION, LAYOUT)
    except InputError as error:
        is_clean(error)
        return
    assert [s.month_from for s in segments[1:]] == [s.month_to_exclusive for s in segments[:-1]]
    for segment in segments:
        assert all(np.isfinite(table.view(np.float64)).all() for table in segment[2:5])
    first = first_month_of_effect(scenario, PROJECTION)
    assert first == math.inf or PROJECTION.past_months <= first < PROJECTION.total_months


def world_or_refusal(tree) -> World | None:
    try:
        return parse_world(tree, "hostile.yaml")
    except InputError as error:
        is_clean(error)
        return None


def check_world(tree):
    world = world_or_refusal(tree)
    if world is None:
        return
    assert WORLD_SCHEMA.is_valid(tree), "the schema refuses what the loader accepts"
    assert 0 < world.total_months <= 1200
    assert list(world.election_months) == sorted(world.election_months)
    assert 0 <= world.subsidy_round(0) <= 1
    scenario = parse_scenario({**RICH, "levers": [{"lever": "regular_meetings"}], "shocks": []}, "x")
    with_refusals = None
    try:
        with_refusals = compile_schedule(scenario, world, LAYOUT)
    except InputError as error:
        is_clean(error)
    if with_refusals is not None:
        assert with_refusals[-1].month_to_exclusive == world.total_months


QUICK = settings(max_examples=400, deadline=None, suppress_health_check=[HealthCheck.too_slow])
LONG = settings(max_examples=6000, deadline=None, suppress_health_check=[HealthCheck.too_slow])


@QUICK
@given(mutated(SCENARIO_TREES))
def test_a_mutated_scenario_is_valid_or_refused(tree):
    check_scenario(tree)


@QUICK
@given(mutated(WORLD_TREES))
def test_a_mutated_world_is_valid_or_refused(tree):
    check_world(tree)


@pytest.mark.slow
@LONG
@given(mutated(SCENARIO_TREES))
def test_thousands_of_mutated_scenarios(tree):
    check_scenario(tree)


@pytest.mark.slow
@LONG
@given(mutated(WORLD_TREES))
def test_thousands_of_mutated_worlds(tree):
    check_world(tree)


# The same from the bytes of a file ---------------------------------------------------------------------------------

TEXTS = [yaml.safe_dump(tree, allow_unicode=True).encode() for tree in SCENARIO_TREES]
SNIPPETS = [
    b"&a ",
    b"*a",
    b"!!python/object/apply:os.system [x]",
    b"!x ",
    b"<<: {a: 1}",
    b".nan",
    b"-.inf",
    b"1e999",
    b"9" * 400,
    b"\x00",
    b"\xff\xfe",
    b"\xef\xbb\xbf",
    b"\r\n",
    b"\r",
    b"\t",
    b"---\n",
    b"...\n",
    b"%YAML 1.1\n---\n",
    b"? ",
    b"- ",
    b": ",
    b"{",
    b"}",
    b"[",
    b"]",
    b"'",
    b'"',
    b"|\n",
    b">\n",
    b"#",
    b"\\x1b",
    b"\xe2\x80\xae",
    b"\xc2\x85",
    b"[" * 60,
    b"{a: " * 60,
    b"0x" + b"f" * 60,
    b"0o8",
    b"\n\n",
    b"levers:\n",
    b"id: plan\n",
    b"@",
    b"`",
    b"%",
]


@st.composite
def mutated_bytes(draw):
    """The bytes of a scenario file with pieces cut out, doubled or put in."""
    raw = draw(st.sampled_from(TEXTS))
    for _ in range(draw(st.integers(1, 5))):
        start = draw(st.integers(0, len(raw)))
        end = min(len(raw), start + draw(st.integers(0, 30)))
        piece = draw(st.sampled_from(SNIPPETS) | st.binary(max_size=6) | st.just(raw[start:end] * 2))
        raw = raw[:start] + piece + raw[end if draw(st.booleans()) else start :]
    return raw


def check_bytes(raw):
    try:
        read_scenario(raw, "hostile.yaml")
    except InputError as error:
        is_clean(error)


@QUICK
@given(mutated_bytes())
def test_mutated_bytes_are_valid_or_refused(raw):
    check_bytes(raw)


@QUICK
@given(st.binary(max_size=400))
def test_any_bytes_are_valid_or_refused(raw):
    check_bytes(raw)


@pytest.mark.slow
@LONG
@given(mutated_bytes())
def test_thousands_of_mutated_bytes(raw):
    check_bytes(raw)


PLAIN = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**40), 2**40)
    | st.floats(-1e12, 1e12)
    | st.text(st.characters(codec="utf-8", exclude_categories=["C", "Z"])),
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=6), inner, max_size=4)
    ),
    max_leaves=12,
)


@QUICK
@given(st.dictionaries(st.text("abcdefgh_", min_size=1, max_size=6), PLAIN, min_size=1, max_size=5))
def test_plain_data_written_by_another_program_reads_back(data):
    # Written as JSON, which is YAML 1.2: what is quoted is text, whatever it looks like.
    import json

    assert parse_document(json.dumps(data, ensure_ascii=False), "x") == data


@pytest.mark.parametrize("change", [lambda raw: raw.replace(b"\n", b"\r\n"), lambda raw: b"\xef\xbb\xbf" + raw])
@pytest.mark.parametrize("raw", TEXTS)
def test_line_ends_and_byte_order_marks_change_nothing(raw, change):
    assert read_scenario(change(raw), "x") == read_scenario(raw, "x")


def test_the_trees_that_are_mutated_are_valid_themselves():
    for tree in SCENARIO_TREES:
        assert scenario_or_refusal(tree) is not None
    for tree in WORLD_TREES:
        assert world_or_refusal(tree) is not None
    assert compile_schedule(parse_scenario(RICH, "x"), PROJECTION, LAYOUT)


def test_an_upload_may_be_a_stream_read_at_most_once_over_the_limit():
    stream = io.BytesIO(b"a: " + b"x" * 50_000_000)
    with pytest.raises(InputError, match="larger than 1 MB"):
        parse_document(stream.read(1_000_001), "upload.yaml")
