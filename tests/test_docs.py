"""The documents: made parts are current, what they name exists, and every parameter is used by a rule."""

import ast
import re
import subprocess
import sys
import tomllib
from itertools import pairwise
from pathlib import Path
from typing import Any

import click
import pytest
from ruamel.yaml import YAML

from sim.cli import program
from sim.evidence.parameters import PARAMETERS
from sim.indicators import INDICATORS
from sim.levers import LEVERS
from sim.posterior import SHIPPED, read_manifest
from sim.scenario import parse_scenario, shipped_scenarios
from sim.shocks import SHOCKS
from sim.world import state
from sim.world.files import parse_world, shipped_worlds
from tools import make_docs
from tools.equations import assignments, equations_of

ROOT = Path(__file__).parent.parent
RULES = sorted((ROOT / "sim" / "rules").glob("[a-z]*.py"))
WORLD = sorted((ROOT / "sim" / "world").glob("[a-z]*.py"))
INTERVIEW = sorted((ROOT / "calibration").glob("*.py"))
PAGES = [ROOT / "README.md", *sorted((ROOT / "docs").glob("*.md"))]
MODEL = (ROOT / "docs" / "model.md").read_text(encoding="utf-8")
README = (ROOT / "README.md").read_text(encoding="utf-8")
SECTION = re.compile(r"§(\d(?:\.\d)*)")


def parameters_read(source: str) -> set[str]:
    """The parameters that a rule reads: ``p.name`` and ``s.parameters[0].name``."""
    found = set()
    for node in ast.walk(ast.parse(source)):
        if isinstance(node, ast.Attribute):
            owner = ast.unparse(node.value)
            if owner == "p" or owner.endswith("parameters[0]"):
                found.add(node.attr)
    return found


def strings(source: str) -> set[str]:
    """The strings of a file: the interview names its parameters, ``parameters["name"]``."""
    return {
        node.value
        for node in ast.walk(ast.parse(source))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def fenced(text: str, language: str) -> list[str]:
    """The code blocks of a language in a page."""
    return re.findall(rf"^```{language}\n(.*?)^```", text, flags=re.MULTILINE | re.DOTALL)


# Made parts ---------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", make_docs.DOCUMENTS)
def test_made_parts_are_current(name):
    text = (ROOT / name).read_text(encoding="utf-8")
    assert make_docs.render(text) == text, f"{name} is not current: run python tools/make_docs.py"


def test_a_changed_number_is_noticed():
    value = re.search(r"\| `official_leaving_rate` \| ([\d.]+) \|", MODEL)
    assert value is not None
    tampered = MODEL.replace(value[0], value[0].replace(value[1], "0.5"))
    assert tampered != MODEL
    assert make_docs.render(tampered) == MODEL


def test_text_outside_the_markers_is_left_alone():
    text = "before\n<!-- made: groups -->\nold\n<!-- made: end -->\nafter `old`\n"
    made = make_docs.render(text)
    assert made.startswith("before\n<!-- made: groups -->\n")
    assert made.endswith("<!-- made: end -->\nafter `old`\n")
    assert "`size=small`" in made
    assert "\nold\n" not in made
    assert make_docs.render(made) == made


def test_an_unknown_order_is_refused():
    with pytest.raises(ValueError, match="cannot be made; allowed: month, parameters"):
        make_docs.render("<!-- made: parametres trust -->\n<!-- made: end -->\n")
    with pytest.raises(ValueError, match="no parameters of 'truth'"):
        make_docs.made("parameters truth")
    with pytest.raises(ValueError, match="no such assignment"):
        make_docs.made("equations trust initiative:nothing_here")


def test_the_command_says_whether_documents_are_current():
    command = [sys.executable, str(ROOT / "tools" / "make_docs.py"), "--check"]
    done = subprocess.run([*command, "docs/model.md"], capture_output=True, text=True, check=False, cwd=ROOT.parent)
    assert (done.returncode, done.stderr) == (0, "")
    done = subprocess.run([*command, "LICENSE"], capture_output=True, text=True, check=False, cwd=ROOT.parent)
    assert (done.returncode, done.stderr) == (2, "LICENSE: nothing in it is made; allowed: README.md, docs/model.md\n")


def test_a_cell_cannot_break_its_table():
    assert make_docs.table(("a", "b"), [("x|y", "1\n2")]).splitlines()[-1] == r"| x\|y | 1 2 |"


def test_equations_are_those_of_the_code(tmp_path):
    file = tmp_path / "rule.py"
    file.write_text(
        '@compiled\ndef double(x: float) -> float:\n    """Twice x."""\n    return 2.0 * x\n\n\n'
        "@rule\ndef step(i, s):\n    y = 0.0\n    if i > 2 or i < 1:\n        y = double(3.0)\n"
        "    else:\n        y += 1.0\n    z = y\n",
        encoding="utf-8",
    )
    text = equations_of(file, ["step:y"])
    assert text.splitlines() == [
        "```python",
        "# Twice x.",
        "double(x) = 2.0 * x",
        "",
        "# in the rule `step`",
        "y = double(3.0)  # when i > 2 or i < 1",
        "y += 1.0  # when not (i > 2 or i < 1)",
        "```",
    ]
    assert assignments(ast.parse("for k in x:\n    a.b = 1\n    a.c = 2\n"), "a.b") == [["a.b = 1"]]


# Completeness -------------------------------------------------------------------------------------------------------


def test_every_parameter_is_used_by_a_rule():
    read = set().union(*(parameters_read(path.read_text(encoding="utf-8")) for path in [*RULES, *WORLD]))
    named = set().union(*(strings(path.read_text(encoding="utf-8")) for path in INTERVIEW))
    of_interview = {name for name, parameter in PARAMETERS.items() if parameter.process == "interview"}
    assert set(PARAMETERS) - of_interview - read == set()
    assert of_interview - named == set()
    assert of_interview & read == set(), "a rule reads how people are interviewed"


@pytest.mark.parametrize("path", [*RULES, *WORLD], ids=lambda path: path.stem)
def test_a_rule_reads_only_known_parameters(path):
    assert parameters_read(path.read_text(encoding="utf-8")) - set(PARAMETERS) == set()


def test_reading_is_told_from_a_field_of_the_same_name():
    assert parameters_read("p = s.parameters[0]\nx = p.style_sd + town.take_back + s.parameters[0].will_sd") == {
        "style_sd",
        "will_sd",
    }


@pytest.mark.parametrize("process", [path.stem for path in RULES])
def test_each_process_has_its_rule_its_parameters_and_its_heading(process):
    part = re.search(rf"^### {process.capitalize()}\n(.*?)(?=^###? |\Z)", MODEL, flags=re.MULTILINE | re.DOTALL)
    assert part is not None, f"docs/model.md has no heading {process.capitalize()}"
    assert f"`sim/rules/{process}.py`" in part[1]
    assert f"<!-- made: equations {process}" in part[1]
    assert f"<!-- made: parameters {process} -->" in part[1]
    assert (ROOT / "sim" / "evidence" / f"{process}.yaml").is_file()
    assert "**Changed from the first concept.**" in part[1]


def test_no_process_is_left_out():
    processes = {parameter.process for parameter in PARAMETERS.values()}
    assert all(f"<!-- made: parameters {process} -->" in MODEL for process in processes)
    assert {path.stem for path in RULES} <= processes


@pytest.mark.parametrize("name", make_docs.TABLES)
def test_every_field_of_the_state_is_described(name):
    described = make_docs.described_fields()[name]
    assert set(described) == set(make_docs.TABLES[name].names or ())
    assert all(set(words) == {"unit", "meaning"} and all(words.values()) for words in described.values())


def test_the_described_tables_are_those_of_the_state():
    assert set(make_docs.described_fields()) == set(make_docs.TABLES)
    assert make_docs.TABLES["initiative"] is state.INITIATIVE


def test_parameters_speak_both_languages():
    for parameter in PARAMETERS.values():
        assert set(parameter.meaning) == {"nl", "en"}, parameter.name
        assert parameter.meaning["nl"] != parameter.meaning["en"]


# What is named exists -----------------------------------------------------------------------------------------------


def mentions() -> list[tuple[str, str]]:
    """Every § in the documents, the rules and the data: where, and which."""
    found = []
    for path in [*PAGES, *RULES, *WORLD]:
        found += [(path.name, number) for number in SECTION.findall(path.read_text(encoding="utf-8"))]
    found += [(parameter.name, parameter.section) for parameter in PARAMETERS.values() if parameter.section]
    found += [(entry.id, number) for entry in (*LEVERS.values(), *SHOCKS.values()) for number in entry.sections]
    return found


def test_every_section_exists():
    known = make_docs.sections()
    assert len(mentions()) > 100
    assert [(where, number) for where, number in mentions() if number not in known] == []


def anchors(page: Path) -> set[str]:
    """The headings of a page, as links name them."""
    headings = re.findall(r"^#+ .*$", page.read_text(encoding="utf-8"), flags=re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", line.lstrip("# ").lower()).replace(" ", "-") for line in headings}


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_lead_somewhere(page):
    text = page.read_text(encoding="utf-8")
    for target in re.findall(r"\]\(([^)\s]+)\)", text):
        if re.match(r"https?:", target):
            continue
        file, _, anchor = target.partition("#")
        there = page.parent / file if file else page
        assert there.exists(), f"{page.name}: {target}"
        if anchor:
            assert there.suffix == ".md" and anchor in anchors(there), f"{page.name}: {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_commands_and_names_on_a_page_exist(page):
    scenarios, worlds = set(shipped_scenarios()), set(shipped_worlds())
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    context = click.Context(program)
    for line in [line for block in fenced(page.read_text(encoding="utf-8"), "sh") for line in block.splitlines()]:
        words = line.split("#")[0].split()
        if words[:1] == ["make"]:
            assert re.search(rf"^{words[1]}:", makefile, flags=re.MULTILINE), line
        if not words or not words[0].endswith("samenspel"):
            continue
        own: set[str] = set()
        if words[1] == "--mechanism":
            own = {path.stem for path in (ROOT / words[2] / "scenarios").glob("*.yaml")}
            assert own, line
            words = [words[0], *words[3:]]
        command = program.get_command(context, words[1])
        assert command is not None, line
        options = {name for option in command.params for name in option.opts}
        assert {word for word in words[2:] if word.startswith("--")} <= options, line
        if words[1] in ("compare", "run"):
            given = [word for before, word in pairwise(words) if before != "--out"]
            named = {word for word in given[1:] if re.fullmatch(r"[a-z]+(-[a-z]+)*", word)}
            assert named <= scenarios | worlds | own, line


def test_every_room_of_the_model_has_its_place_among_the_layers():
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))
    layers = " ".join(project["tool"]["importlinter"]["contracts"][0]["layers"])
    rooms = {path.stem for path in (ROOT / "sim").iterdir() if path.suffix == ".py" or (path / "__init__.py").exists()}
    assert {f"sim.{room}" for room in rooms - {"__init__"}} <= set(re.findall(r"[\w.]+", layers))


def test_every_room_stands_in_the_page_about_the_layout():
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    for package in ("sim", "calibration", "dashboard"):
        for path in (ROOT / package).iterdir():
            if (path / "__init__.py").exists():
                assert re.search(rf"\b{path.name}/", page), path
    for path in (ROOT / "sim").glob("[a-z]*.py"):
        assert re.search(rf"\b{path.name}\b", page), path


def test_decorators_are_counted_on_the_page_about_the_layout():
    source = (ROOT / "sim" / "engine" / "compiling.py").read_text(encoding="utf-8")
    names = re.findall(r"^def (\w+)\[F: ", source, flags=re.MULTILINE)
    page = (ROOT / "docs" / "architecture.md").read_text(encoding="utf-8")
    told = page[page.index("Five decorators") :].split(". Forking")[0]
    assert [name for name in names if not name.startswith("_")] == re.findall(r"`(\w+)` \(", told)


def test_scenarios_on_a_page_are_valid():
    blocks = [block for page in PAGES for block in fenced(page.read_text(encoding="utf-8"), "yaml")]
    found = [YAML(typ="safe").load(block) for block in blocks]
    scenarios = [data for data in found if isinstance(data, dict) and isinstance(data.get("levers"), list)]
    assert scenarios
    for data in scenarios:
        assert parse_scenario(data, "page").id == data["id"]


def test_the_python_of_the_readme_runs(capsys):
    compared, stepped = fenced(README, "python")
    assert "replicates=200" in compared
    names: dict[str, Any] = {}
    exec(compile(compared.replace("replicates=200", "replicates=2") + stepped, "README.md", "exec"), names)  # noqa: S102
    assert list(names["homes"].columns) == ["group", "indicator", "unit", "difference"]
    assert len(names["homes"].loc[("structural-funding", "2021-12")]) == len(names["result"].differences["statistic"])
    assert 0 < float(capsys.readouterr().out) < 1


def test_the_world_of_the_guide_is_valid():
    text = (ROOT / "docs" / "how-to-add.md").read_text(encoding="utf-8")
    (data,) = [found for block in fenced(text, "yaml") if "kind" in (found := YAML(typ="safe").load(block))]
    assert parse_world(data, "page").id == data["id"]


def test_the_readme_says_how_many_parameters_are_calibrated_and_how_many_of_them_hardly():
    narrower = [row["contraction"] for row in read_manifest(SHIPPED)["parameters"].values()]
    words = {3: "three", 12: "twelve"}
    assert f"{words[len(narrower)]} parameters are fitted" in README.lower()
    assert f"only {words[sum(found > 0.3 for found in narrower)]} of the twelve" in README.lower()
    assert "twaalf getallen zijn **afgesteld**" in README.lower()


def test_every_lever_shock_and_indicator_is_on_the_model_page():
    for name in (*LEVERS, *SHOCKS, *INDICATORS):
        assert f"| `{name}` |" in MODEL
