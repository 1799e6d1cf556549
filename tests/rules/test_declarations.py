"""What every rule file declares, walked for all of them: one key everywhere, what it reads and writes, no dead
numbers.
"""

import ast
import doctest
import importlib
import re
from pathlib import Path

import pytest

from sim.evidence.parameters import PARAMETERS
from sim.levers.tables import COST_FIELDS, field_names

ROOT = Path(__file__).resolve().parents[2]
RULES = sorted(path.stem for path in (ROOT / "sim" / "rules").glob("*.py") if path.stem != "__init__")


def source(name: str) -> str:
    return (ROOT / "sim" / "rules" / f"{name}.py").read_text(encoding="utf-8")


def sources(*rooms: str) -> str:
    """All code of these rooms as one text."""
    return "\n".join(path.read_text(encoding="utf-8") for room in rooms for path in sorted((ROOT / room).rglob("*.py")))


def test_there_are_eleven_processes():
    assert len(RULES) == 11


@pytest.mark.parametrize("name", RULES)
def test_one_key_everywhere(name):
    assert (ROOT / "sim" / "evidence" / f"{name}.yaml").is_file()
    assert (ROOT / "tests" / "rules" / f"test_{name}.py").is_file()


@pytest.mark.parametrize("name", RULES)
def test_a_rule_says_what_it_reads_and_writes_and_on_what_it_rests(name):
    text = ast.get_docstring(ast.parse(source(name))) or ""
    assert "Reads:" in text and "Writes:" in text
    assert re.search(r"§\d", text)


@pytest.mark.parametrize("name", RULES)
def test_every_function_of_a_rule_says_what_it_does(name):
    for node in ast.parse(source(name)).body:
        if isinstance(node, ast.FunctionDef):
            assert ast.get_docstring(node), node.name
            assert node.decorator_list, node.name


@pytest.mark.parametrize("name", RULES)
def test_a_rule_is_one_process(name):
    assert len(source(name).splitlines()) < 400


@pytest.mark.parametrize(
    "name", [*(f"sim.rules.{rule}" for rule in RULES), "sim.engine.arithmetic", "sim.world.accounts"]
)
def test_the_examples_in_the_docstrings_hold(name):
    module = importlib.import_module(name)
    finder = doctest.DocTestFinder()
    runner = doctest.DocTestRunner(verbose=False)
    for each in vars(module).values():
        plain = getattr(each, "py_func", None)  # numba's function stands in front of the one that is documented
        if plain is not None and plain.__module__ == name:
            for test in finder.find(plain, plain.__name__, globs=dict(vars(module))):
                runner.run(test)
    assert runner.failures == 0


def test_there_are_examples_in_the_docstrings():
    assert sum(source(name).count(">>>") for name in RULES) >= 5


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_is_read_somewhere(name):
    code = sources("sim/rules", "sim/world", "sim/indicators", "calibration")
    assert re.search(rf"\.{name}\b|[\"']{name}[\"']", code)


@pytest.mark.parametrize("name", PARAMETERS)
def test_a_parameter_of_a_rule_is_read_by_a_rule(name):
    if PARAMETERS[name].process in RULES:
        assert re.search(rf"\.{name}\b", sources("sim/rules", "sim/world"))


@pytest.mark.parametrize("level", ["initiative", "municipality", "post"])
def test_every_lever_shock_and_option_is_read_by_a_rule(level):
    code = sources("sim/rules")
    for name in field_names(level):
        assert re.search(rf"\.{name}\b", code), name
    accounts = sources("sim/world")
    for name in COST_FIELDS if level != "post" else ():
        assert re.search(rf"\.{name}\b", accounts), name
