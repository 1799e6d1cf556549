"""Weaving: the lists that get a line, whole copies however it goes, and a cache that stays small."""

# Cases are read a line each.
# ruff: noqa: E501

import ast
import os
import shutil
import signal
import subprocess
import sys
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from sim.engine.compiling import PACKAGE, model_hash
from sim.engine.problems import InputError
from sim.mechanism import edits, weave
from sim.mechanism.check import checked
from sim.mechanism.lines import changes, edited
from sim.posterior import SHIPPED, read_manifest

PROJECT = PACKAGE.parent
# Weaves without the trial, which takes seconds.
QUICK = "from sim.mechanism import weave; weave.tried = lambda *_: None; print(weave.woven({folder!r}))"


@pytest.fixture
def home(tmp_path, monkeypatch):
    """An empty cache, and no trial."""
    monkeypatch.setenv("SAMENSPEL_CACHE", str(tmp_path / "cache"))
    monkeypatch.setattr(weave, "tried", lambda *_: None)
    return tmp_path / "cache" / "mechanisms"


def test_the_model_itself_is_what_it_was():
    assert model_hash() == read_manifest(SHIPPED)["model"]
    assert not any("mechanism" in path.parts for path in PACKAGE.glob("rules/*"))


# Lists ---------------------------------------------------------------------------------------------------------------

# In every file that gets a line: what it is found by, and the name that the error gives it.
MARKS = [
    ("sim/month.py", "STEPS: tuple", "STEP: tuple", "STEPS"),
    ("sim/month.py", "        energy.initiative(i, s)\n", "", "first_half, second_half"),
    ("sim/month.py", "        energy.initiative(i, s)\n", "        energy.initiative(i, s)\n" * 2, "second_half"),
    ("sim/steps.py", "_COMPILED: dict", "_KNOWN: dict", "_COMPILED"),
    ("sim/agents.py", "class Initiative(", "class Group(", "Initiative"),
    ("sim/why/driver.py", "    after(16, ", "    after(15, ", "lived_month"),
    ("sim/why/driver.py", "def lived_month", "def month_lived", "lived_month"),
    ("sim/why/links.py", "FEELS: Final", "FELT: Final", "FEELS"),
    ("sim/why/links.py", "WRITES: Final", "WRITTEN: Final", "WRITES"),
    ("sim/why/links.py", "FIELDS: Final", "FIELD: Final", "FIELDS"),
    ("sim/why/links.py", '        "outcome": (\n', '        "result": (\n', "FIELDS"),
    ("sim/why/measures.py", "MEASURED = (", "MEASURES = (", "MEASURED"),
    ("sim/why/measures.py", "        out[i, 15] = ", "        out[i, 19] = ", "measure_all"),
    ("sim/world/state.py", "READ_IN_BOTH = _table(", "READ_IN_ALL = _table(", "READ_IN_BOTH"),
    ("sim/indicators/__init__.py", "MODULES = (", "FILES = (", "MODULES"),
    ("sim/indicators/observe.py", "        part[15] = ", "        part[14] = ", "observe_rows"),
    ("sim/commands/running.py", "INDICATORS = ", "OUTCOMES = ", "INDICATORS"),
    ("sim/commands/running.py", '["samenspel", ', '["program", ', "the command"),
    ("dashboard/simulation.py", '["samenspel", ', '["program", ', "the command"),
    ("dashboard/outcomes.py", "\nOUTCOMES = (", "\nRESULTS = (", "OUTCOMES"),
    ("scenarios/costs.yaml", "\nlevers:\n", "\nmeasures:\n", "levers"),
]


@pytest.fixture
def mechanism(changed):
    """The example, checked, with one file in a copy of the project that a test may spoil."""
    return checked(changed(), PROJECT)


def test_the_page_on_adding_names_every_list(mechanism):
    page = (PROJECT / "docs" / "how-to-add.md").read_text(encoding="utf-8")
    about = {head.splitlines()[0]: head for head in page.split("\n## ")}
    change, indicator = about["A parameter, or a change of a rule"], about["An indicator"]
    said = mechanism.mechanism
    nothing: dict[str, Any] = {"rules": {}, "state": {}, "draws": (), "indicators": {}, "fixes": {}}
    parts = {"rules": said.rules, "state": said.state, "draws": said.draws, "indicators": said.indicators}
    only_mechanisms = {"dashboard/simulation.py"}  # where a command says which mechanism was built in
    for part, held in parts.items():
        assert held or part == "draws", part
        alone = replace(mechanism, mechanism=said.model_copy(update={**nothing, part: held}), costs={})
        for file, _ in changes(alone, PROJECT):
            if file in only_mechanisms or (file == "sim/commands/running.py" and part != "indicators"):
                continue
            assert f"`{file}`" in (indicator if part == "indicators" else change), (part, file)
    for name in ("_COMPILED", "lived_month", "FEELS", "WRITES", "FIELDS"):
        assert f"`{name}`" in change
    for name in ("MODULES", "MEASURED", "measure_all", "OUTCOMES", "INDICATORS"):
        assert f"`{name}`" in indicator


@pytest.mark.parametrize(("file", "old", "new", "place"), MARKS)
def test_every_list_that_misses_its_place_is_named(mechanism, tmp_path, file, old, new, place):
    copy = tmp_path / "copy"
    for name in {"sim/month.py", file}:
        (copy / name).parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(PROJECT / name, copy / name)
    text = (copy / file).read_text(encoding="utf-8")
    assert old in text
    (copy / file).write_text(text.replace(old, new), encoding="utf-8")

    def edit_all():
        for name, change in list(changes(mechanism, copy)):
            if name == file:
                edited(copy, name, change)

    with pytest.raises(InputError) as error:
        edit_all()
    assert str(error.value).startswith(f"{file}: {place}" if file != "sim/month.py" else file)
    assert place in error.value.field and "\n" not in str(error.value)


def test_every_file_that_gets_a_line_is_tried_above(mechanism):
    tried = {file for file, *_ in MARKS}
    assert {name for name, _ in changes(mechanism, PROJECT)} <= {*tried, "sim/world/purposes.py"}


def test_a_list_that_another_file_made_is_no_list():
    assert edits.in_tuple("A = (1, 2)\nB = (3, 4)\n", "B", "5") == "A = (1, 2)\nB = (3, 4, 5)\n"
    with pytest.raises(edits.MarkError, match="A"):
        edits.in_tuple("A = (1, 2)\nA = (3, 4)\n", "A", "5")
    with pytest.raises(edits.MarkError, match="A"):
        edits.in_tuple("A = [1, 2]\n", "A", "5")


def test_the_step_has_its_place_in_the_month_and_in_why(home, changed):
    copy = weave.woven(changed())
    month, driver = ((copy / "sim" / name).read_text(encoding="utf-8") for name in ("month.py", "why/driver.py"))
    steps = edits.value_of(month, "STEPS")
    assert isinstance(steps, ast.Tuple)
    names = [(each.args[0].value, each.args[1].value) for each in steps.elts]  # type: ignore[attr-defined]
    assert names[-3:] == [("energy", "initiative"), ("allowance", "initiative"), ("accounts", "initiative")]
    assert month.index("energy.initiative(i, s)") < month.index("own_allowance.initiative(i, s)")
    assert month.index("own_allowance.initiative(i, s)") < month.index("accounts.initiative(i, s)")
    assert [f"after({k}," in driver for k in range(len(names) + 1)] == [True] * len(names) + [False]


def test_two_rules_follow_one_another(home, changed):
    folder = changed(
        {"rules/second.py": "from sim.engine.compiling import plural, rule\n\n\n@rule\ndef initiative(i, s):\n    pass\n"
                            "\n\n@plural\ndef initiatives(s):\n    pass\n"},
        it=("mechanism.yaml", "state:", "  second: {after: allowance, words: {nl: a, en: b}, feels: contact}\nstate:"),
    )  # fmt: skip
    copy = weave.woven(folder)
    month = (copy / "sim" / "month.py").read_text(encoding="utf-8")
    assert month.index("own_allowance.initiative(i, s)") < month.index("own_second.initiative(i, s)")
    driver = (copy / "sim/why/driver.py").read_text(encoding="utf-8")
    assert "own_second.initiatives(policy if free > CONTACT else now)\n    after(18," in driver
    assert "    after(19," in driver


# Copies --------------------------------------------------------------------------------------------------------------


def test_a_copy_that_is_there_costs_little(home, changed):
    folder = changed()
    first = weave.woven(folder)
    began = time.process_time()
    assert weave.woven(folder) == first
    assert time.process_time() - began < 0.5


def test_another_folder_has_another_hash(home, changed):
    folder = changed()
    before = weave.hash_of(folder)
    (folder / "notes.md").write_text("what the model does not see", encoding="utf-8")
    (folder / "test_allowance.py").write_text("", encoding="utf-8")
    assert weave.hash_of(folder) == before
    rule = folder / "rules" / "allowance.py"
    rule.write_text(rule.read_text(encoding="utf-8").replace("0.8", "0.7"), encoding="utf-8")
    assert weave.hash_of(folder) != before


def test_a_copy_keeps_the_times_of_its_sources(home, changed):
    copy = weave.woven(changed())
    for name in ("sim/month.py", "sim/rules/energy.py", "dashboard/simulation.py"):
        assert (copy / name).stat().st_mtime_ns == (PROJECT / name).stat().st_mtime_ns
    assert (copy / "sim/month.py").read_bytes() != (PROJECT / "sim/month.py").read_bytes()
    assert (copy / "sim/rules/energy.py").read_bytes() == (PROJECT / "sim/rules/energy.py").read_bytes()


def test_a_copy_that_was_cut_short_is_made_again(home, changed):
    folder = changed()
    copy = weave.woven(folder)
    (copy / "sim" / "rules" / "allowance.py").write_text("", encoding="utf-8")
    assert not weave.is_whole(copy)
    assert weave.woven(folder) == copy
    assert weave.is_whole(copy)
    (copy / weave.MARKER).write_text("[", encoding="utf-8")
    assert weave.woven(folder) == copy
    assert weave.is_whole(copy) and [path.name for path in home.iterdir()] == [copy.name]


def test_what_goes_wrong_leaves_nothing(home, changed, monkeypatch):
    def full(*_):
        raise OSError(28, "No space left on device", "somewhere")

    monkeypatch.setattr(weave, "built_in", full)
    with pytest.raises(InputError, match="somewhere: file: no space left on device"):
        weave.woven(changed())
    assert list(home.iterdir()) == []


def test_two_processes_at_once_leave_one_whole_copy(home, changed):
    folder = str(changed())
    environment = {**os.environ, "SAMENSPEL_CACHE": str(home.parent)}
    both = [
        subprocess.Popen([sys.executable, "-c", QUICK.format(folder=folder)], env=environment, cwd=PROJECT, stdout=subprocess.PIPE, text=True)
        for _ in range(2)
    ]  # fmt: skip
    said = [each.communicate(timeout=300)[0].strip() for each in both]
    assert [each.returncode for each in both] == [0, 0]
    assert said[0] == said[1] and weave.is_whole(Path(said[0]))
    assert [str(path) for path in home.iterdir()] == [said[0]]


@pytest.mark.skipif(sys.platform == "win32", reason="there is no SIGKILL")
@pytest.mark.parametrize("files", [1, 150, 400])
def test_a_process_killed_on_the_way_leaves_no_copy(home, changed, files):
    folder = changed()
    code = (
        "import os, shutil, signal\n"
        "from sim.mechanism import weave\n"
        "weave.tried = lambda *_: None\n"
        "copy, done = shutil.copy2, []\n"
        "def counted(a, b):\n"
        f"    done.append(a); len(done) == {files} and os.kill(os.getpid(), signal.SIGKILL); return copy(a, b)\n"
        f"shutil.copy2 = counted; weave.woven({str(folder)!r})\n"
    )
    environment = {**os.environ, "SAMENSPEL_CACHE": str(home.parent)}
    ended = subprocess.run([sys.executable, "-c", code], env=environment, cwd=PROJECT, check=False)
    assert ended.returncode == -signal.SIGKILL
    assert all(path.name.startswith(".") for path in home.iterdir())
    assert weave.is_whole(weave.woven(folder))
    for path in home.iterdir():
        os.utime(path, (0, 0))
    weave.tidy(home)
    assert [path.name for path in home.iterdir()] == [weave.hash_of(folder)]


def test_the_cache_keeps_what_was_used_last_and_what_is_in_use(home, changed):
    copy = weave.woven(changed())
    made = [copy]
    for number in range(4):
        made.append(home / f"{number:016x}")
        (made[-1] / "sim").mkdir(parents=True)
        shutil.copy2(copy / weave.MARKER, made[-1] / weave.MARKER)
    for age, path in enumerate(made):
        os.utime(path, (1000 + age, 1000 + age))
    holder = subprocess.Popen(
        [sys.executable, "-c", f"from pathlib import Path; from sim.mechanism.weave import hold; hold(Path({str(made[0])!r})); print(flush=True); input()"],
        cwd=PROJECT, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True,
    )  # fmt: skip
    assert holder.stdout is not None
    holder.stdout.readline()
    weave.tidy(home, kept=2)
    assert {path.name for path in home.iterdir()} == {path.name for path in (made[0], made[3], made[4])}
    holder.communicate("\n", timeout=60)
    weave.tidy(home, kept=2)
    assert {path.name for path in home.iterdir()} == {path.name for path in made[3:]}
