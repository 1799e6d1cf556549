"""The cache of compiled code: keyed on every source of the model, so that an edit is never answered by old code."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import llvmlite.binding as llvm
import pytest

from sim.engine import compiling

ROOT = Path(__file__).resolve().parents[2]


@pytest.fixture
def tree(tmp_path):
    """A copy of the model that may be edited."""
    here = tmp_path / "copy"
    shutil.copytree(ROOT / "sim", here / "sim", ignore=shutil.ignore_patterns("__pycache__"))
    shutil.copytree(ROOT / "scenarios", here / "scenarios")
    return here


def python(tree: Path, code: str, **variables: str) -> str:
    """What a fresh Python in that tree prints."""
    fixed = {name: value for name, value in os.environ.items() if not name.startswith(("NUMBA_", "SAMENSPEL_"))}
    environment = {**fixed, "PYTHONPATH": str(tree), "SAMENSPEL_CACHE": str(tree.parent / "cache"), **variables}
    done = subprocess.run(
        [sys.executable, "-P", "-c", code], cwd=tree, env=environment, capture_output=True, text=True, timeout=300
    )
    assert done.returncode == 0, done.stderr
    return done.stdout.strip()


def edit(path: Path, old: str, new: str) -> None:
    text = path.read_text(encoding="utf-8")
    assert text.count(old) == 1
    path.write_text(text.replace(old, new), encoding="utf-8")


HASHES = """
from pathlib import Path
from sim.engine.compiling import PACKAGE, model_hash
first = model_hash()
for name in {names!r}:
    path = PACKAGE / name
    before = path.read_bytes()
    path.write_bytes(before + b"\\n# another word\\n")
    print(name, model_hash() != first)
    path.write_bytes(before.replace(b"\\n", b"\\r\\n"))
    print(name, "line ends", model_hash() != first)
    path.write_bytes(before)
assert model_hash() == first
before = (PACKAGE / "month.py").read_bytes()
(PACKAGE / "month.py").write_bytes(before + b"\\n# another word\\n")
from sim.engine.compiling import this_model  # what is loaded keeps its name
print("what is loaded", this_model() != first, model_hash() != first)
(PACKAGE / "month.py").write_bytes(before)
(PACKAGE / "rules" / "another.py").write_text("")
print("a new file", model_hash() != first)
"""


def test_the_hash_of_the_model_follows_every_source_that_can_end_up_in_the_code(tree):
    counted = [path.relative_to(tree / "sim").as_posix() for path in sorted((tree / "sim" / "rules").glob("*.py"))]
    counted += [
        "engine/randomness.py",
        "evidence/trust.yaml",
        "levers/regular_meetings.yaml",
        "world/state.py",
        "month.py",
    ]
    counted += ["indicators/active.py", "shocks/election.yaml"]
    other = ["cli.py", "result.py", "commands/run.py"]  # what only shows the numbers
    said = python(tree, HASHES.format(names=counted + other)).splitlines()
    expected = [line for name in counted for line in (f"{name} True", f"{name} line ends False")]
    expected += [line for name in other for line in (f"{name} False", f"{name} line ends False")]
    assert said == [*expected, "what is loaded False True", "a new file True"]


FOLDER = (
    "from sim.engine.compiling import CACHE_FOLDER; import numba; print(CACHE_FOLDER); print(numba.config.CACHE_DIR)"
)


def test_the_cache_folder_is_named_by_the_hash_and_the_generator(tree):
    ordinary = python(tree, FOLDER).splitlines()
    assert ordinary[0] == ordinary[1]
    folder = Path(ordinary[0])
    assert folder.is_dir() and folder.parent == tree.parent / "cache" / "compiled"
    assert folder.name == python(tree, "from sim.engine.compiling import model_hash; print(model_hash())") + "-hash"
    assert python(tree, FOLDER, SAMENSPEL_GENERATOR="philox").splitlines()[0] == str(
        folder.with_name(folder.name[:-4] + "philox")
    )
    edit(tree / "sim" / "rules" / "trust.py", "share(trust + growth", "share(1.0 * trust + growth")
    assert python(tree, FOLDER).splitlines()[0] != str(folder)


def test_old_folders_are_cleared_and_the_one_in_use_stays(tree):
    for k in range(9):
        with (tree / "sim" / "month.py").open("a", encoding="utf-8") as file:
            file.write(f"# {k}\n")
        python(tree, "import sim.engine.compiling") if k in (0, 8) else (
            tree.parent / "cache" / "compiled" / f"old{k}"
        ).mkdir()
    last = Path(python(tree, FOLDER).splitlines()[0])
    kept = list((tree.parent / "cache" / "compiled").iterdir())
    assert last in kept and len(kept) == compiling.FOLDERS_KEPT


DRAW = "from sim.world.build import uniforms; print(uniforms(3, 1).tolist())"


def test_an_edit_of_a_function_called_in_another_file_is_not_answered_by_old_code(tree):
    """`sim.world.build` holds the cached function; what it calls stands in `sim.engine.randomness`."""
    first = python(tree, DRAW)
    assert python(tree, DRAW) == first
    cached = list((tree.parent / "cache").rglob("build*.nbi"))
    assert len(cached) == 1
    edit(
        tree / "sim" / "engine" / "randomness.py",
        "some >> S11) + 0.5) * UNIT",
        "some >> S11) + 0.5) * UNIT * 0.5",
    )
    second = python(tree, DRAW)
    halves = [0.5 * float(each) for each in first.strip("[]").split(",")]
    assert [float(each) for each in second.strip("[]").split(",")] == halves
    assert len(list((tree.parent / "cache").rglob("build*.nbi"))) == 2


def test_without_a_folder_that_can_be_written_it_still_runs(tree):
    blocked = tree.parent / "a file"
    blocked.write_text("")
    assert python(tree, DRAW, SAMENSPEL_CACHE=str(blocked)).startswith("[0.")


@pytest.mark.parametrize(
    ("can", "expected"),
    [
        (dict.fromkeys(compiling.X86_64_V3, True), "x86-64-v3"),
        ({**dict.fromkeys(compiling.X86_64_V3, True), "bmi2": False}, "generic"),
        ({"neon": True}, "generic"),
        ({}, "generic"),
    ],
    ids=["all", "one missing", "another kind", "nothing known"],
)
def test_code_is_made_for_more_than_every_processor_has_only_where_this_one_has_all_of_it(can, expected, monkeypatch):
    monkeypatch.setattr(llvm, "get_host_cpu_features", lambda: can)
    assert compiling.target() == expected


def test_an_unknown_generator_is_refused(monkeypatch):
    monkeypatch.setenv("SAMENSPEL_GENERATOR", "dice")
    with pytest.raises(ValueError, match="'dice' is not a generator; allowed: hash, philox"):
        compiling.generator()


def test_sources_stand_in_a_fixed_order_without_compiled_files():
    names = [path.relative_to(compiling.PACKAGE).as_posix() for path in compiling.model_sources()]
    assert len(names) == len(set(names)) > 60
    assert {Path(name).suffix for name in names} == {".py", ".yaml"}
    assert "rules/trust.py" in names and "month.py" in names and "cli.py" not in names
