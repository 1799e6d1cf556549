"""What is refused in a mechanism's folder, each in one line that names the file and the field."""

# Cases are read a line each.
# ruff: noqa: E501

import pytest

from sim.engine.compiling import PACKAGE
from sim.engine.problems import InputError
from sim.levers import LEVERS
from sim.mechanism.check import checked, found, state_names
from sim.mechanism.start import taken_out
from sim.world.state import INITIATIVE

PROJECT = PACKAGE.parent
ABOUT, RULE, LEVER = "mechanism.yaml", "rules/allowance.py", "levers/volunteer_allowance.yaml"
DATA, MEASURE, SCENARIO = (
    "evidence/allowance.yaml",
    "indicators/volunteer_hours.py",
    "scenarios/volunteer-allowance.yaml",
)


def refused(folder):
    """The line with which a folder is refused, without the folder's place."""
    with pytest.raises(InputError) as error:
        checked(folder, PROJECT)
    assert "\n" not in str(error.value)
    return str(error.value).replace(f"{folder}/", "")


def test_every_field_of_an_initiative_is_known_as_taken():
    assert state_names(PACKAGE) == set(INITIATIVE.names or ())


def test_the_example_is_right_and_leaves_nothing_behind(changed):
    levers = set(LEVERS)
    folder = checked(changed(), PROJECT)
    assert folder.mechanism.id == "volunteer_allowance"
    assert {room: len(paths) for room, paths in folder.files.items()} == {
        "evidence": 1, "levers": 1, "rules": 1, "indicators": 1, "scenarios": 1
    }  # fmt: skip
    assert set(LEVERS) == levers


@pytest.mark.parametrize(
    ("file", "old", "new", "line"),
    [
        (ABOUT, "after: energy", "after: enrgy", f"{ABOUT}: rules.allowance.after: unknown step of initiatives 'enrgy'; did you mean 'energy'?"),
        (ABOUT, "after: energy", "after: accounts", f"{ABOUT}: rules.allowance.after: unknown step"),
        (ABOUT, "feels: work", "feels: luck", f"{ABOUT}: rules.allowance.feels: "),
        (ABOUT, "  accustomed:", "  energy:", f"{ABOUT}: state.energy: the model has 'energy' already"),
        (ABOUT, "  accustomed:", "  allowance:", f"{ABOUT}: state.allowance: the model has 'allowance' already"),
        (ABOUT, "[ALLOWANCE_MISSED]", "[EXIT]", f"{ABOUT}: draws[1]: the model has 'EXIT' already"),
        (ABOUT, "[ALLOWANCE_MISSED]", "[lower]", f"{ABOUT}: draws[1]: 'lower' does not have the form"),
        (ABOUT, "units:", "unit:", f"{ABOUT}: unit: unknown field 'unit'; did you mean 'units'?"),
        (ABOUT, "  euros a month: euro per maand", "  euros: euro", f"{DATA}: allowance_half.unit: 'euros a month' is new"),
        (ABOUT, "id: volunteer_allowance", "id: volunteer_allowance\nfixes: {volunteer_allowance: [happiness]}",
         f"{ABOUT}: fixes.volunteer_allowance: unknown indicator 'happiness'"),
        (DATA, "allowance_relief:", "exit_rate:", f"{DATA}: exit_rate: the model has 'exit_rate' already"),
        (DATA, "[0.005, 0.03]", "[0.03, 0.005]", f"{DATA}: allowance_relief.prior: [0.03, 0.005] is no range"),
        (DATA, "{uniform: [0.005, 0.03]}", "{normal: [0.005, 0.03]}", f"{DATA}: allowance_relief.prior"),
        (DATA, "status: assumption", "status: certain", f"{DATA}: allowance_relief.status: "),
        (LEVER, "mechanism: allowance", "mechanism: energy", f"{LEVER}: mechanism: unknown rule 'energy'; allowed: allowance"),
        (LEVER, "id: volunteer_allowance", "id: other", f"{LEVER}: id: 'other' must be the name of the file"),
        (LEVER, "minimum: 0", "minimum: nothing", f"{LEVER}: minimum: "),
        ("costs.yaml", "volunteer_allowance:", "regular_meetings:", "costs.yaml: regular_meetings: unknown lever of this folder"),
        ("costs.yaml", "euros_per_year: 12", "euros_per_year: -1", "costs.yaml: volunteer_allowance.euros_per_year: "),
        (SCENARIO, "intensity: 300", "intensity: 3000", f"{SCENARIO}: levers[1].intensity: 3000 is out of range"),
        (SCENARIO, "id: volunteer-allowance", "id: other", f"{SCENARIO}: id: 'other' must be the name of the file"),
        (RULE, "import happens, uniform", "import happens uniform", f"{RULE}: line 13: not Python: "),
        (RULE, "from sim.engine.arithmetic import share", "import os", f"{RULE}: line 11: imports 'os', which it may not; allowed: math, "),
        (RULE, "from sim.engine.arithmetic import share", "from sim.rules.energy import stop", f"{RULE}: line 11: imports 'sim.rules.energy'"),
        (RULE, "from sim.engine.arithmetic import share", "from . import energy", f"{RULE}: line 11: imports '.'"),
        (RULE, "def initiatives(s", "def everybody(s", f"{RULE}: initiatives: is missing; a function initiatives(s) is needed"),
        (RULE, "def initiative(i: int, s", "def initiative(s, i", f"{RULE}: initiative: takes (s, i); it must take (i, s)"),
        (MEASURE, "INDICATOR =", "INDICATORS =", f"{MEASURE}: INDICATOR: is missing"),
    ],
)  # fmt: skip
def test_what_is_wrong_in_a_file_is_one_line(changed, file, old, new, line):
    assert refused(changed(it=(file, old, new))).startswith(line)


@pytest.mark.parametrize(
    ("files", "line"),
    [
        ({RULE: None}, f"{RULE}: file: there is no such file, but mechanism.yaml names it"),
        ({MEASURE: None}, f"{MEASURE}: file: there is no such file"),
        ({"costs.yaml": None}, "costs.yaml: file: there is no such file"),
        ({"rules/second.py": "x = 1"}, f"{ABOUT}: rules.second: is missing; rules/second.py is there"),
        ({"evidence/other.yaml": "{}"}, "evidence/other.yaml: file: carries the name of no rule"),
        ({"evidence/energy.yaml": "{}"}, "evidence/energy.yaml: file: there is 'energy' among the processes already"),
        ({"levers/regular_meetings.yaml": "{}"}, "levers/regular_meetings.yaml: file: there is 'regular_meetings'"),
        ({"levers/election.yaml": "{}"}, "levers/election.yaml: file: there is 'election'"),
        ({"scenarios/as-now.yaml": "id: as-now"}, "scenarios/as-now.yaml: file: the model has 'as-now' already"),
        ({ABOUT: "id: [1"}, f"{ABOUT}: line "),
        ({DATA: "- a list"}, f"{DATA}: file: "),
    ],
)
def test_files_that_miss_or_are_taken_are_one_line(changed, files, line):
    assert refused(changed(files)).startswith(line)


@pytest.mark.parametrize("name", ["", "/nowhere/at/all", __file__, "a\0b"])
def test_a_folder_that_is_not_there_is_refused(name):
    with pytest.raises(InputError, match="--mechanism: there is no such folder"):
        found(name)


def test_a_folder_without_a_mechanism_is_refused(tmp_path):
    with pytest.raises(InputError, match="mechanism.yaml: is missing"):
        found(tmp_path)


@pytest.mark.parametrize(
    ("words", "folder", "others"),
    [
        (["--mechanism", "m", "list", "levers"], "m", ["list", "levers"]),
        (["--mechanism=m", "list"], "m", ["list"]),
        (["list", "--mechanism", "m"], None, ["list", "--mechanism", "m"]),
        (["--mechanism"], None, ["--mechanism"]),
        (["--version", "--mechanism", "m"], "m", ["--version"]),
        ([], None, []),
    ],
)
def test_the_option_stands_before_the_command(words, folder, others):
    assert taken_out(words) == (folder, others)
