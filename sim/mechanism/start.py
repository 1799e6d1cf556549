"""A process whose SAMENSPEL_MECHANISM names a folder imports the woven copy: the command, a worker, a notebook alike.

`sim/__init__.py` calls `enter` before anything of the model is imported. `samenspel --mechanism FOLDER` sets the
variable and enters.
"""

from __future__ import annotations

import importlib
import importlib.util
import os
import subprocess
import sys
from collections.abc import Callable, Sequence
from pathlib import Path

VARIABLE = "SAMENSPEL_MECHANISM"
OPTION = "--mechanism"
PROJECT = Path(__file__).resolve().parent.parent.parent
BAD_INPUT = 2


def is_woven() -> bool:
    """Whether the project that this file belongs to is a woven copy."""
    return (PROJECT / "woven.json").is_file()


def enter() -> None:
    """From here on `import sim` (and calibration, dashboard) means the woven copy. In a woven copy: stay in it.

    In the command, what is wrong with the folder is told in one line and ends the process with status 2; elsewhere it
    raises ImportError.
    """
    from sim.engine.problems import InputError
    from sim.mechanism.weave import hold, woven

    if is_woven():
        hold(PROJECT)
        return
    try:
        folder = os.environ[VARIABLE]
        copy = woven(folder)
    except InputError as error:
        if not is_command():
            raise ImportError(str(error)) from None
        print(error, file=sys.stderr)
        raise SystemExit(BAD_INPUT) from None
    os.environ[VARIABLE] = str(Path(folder).expanduser().resolve())  # children may start elsewhere
    go_to(copy)


def is_command() -> bool:
    """Whether this process is the command `samenspel`."""
    words = sys.orig_argv
    called = any(words[k : k + 2] == ["-m", "sim.cli"] for k in range(len(words)))
    return called or Path(sys.argv[0] if sys.argv else "").stem in ("samenspel", "samenspel-script")


def go_to(copy: Path) -> None:
    """Make `sim` the copy's, and look for the other packages there first."""
    for name in [each for each in sys.modules if each == "sim" or each.startswith("sim.")]:
        del sys.modules[name]
    sys.path.insert(0, str(copy))
    for name in ("calibration", "dashboard"):
        if name in sys.modules:  # what started us; its other parts come from the copy
            sys.modules[name].__path__ = [str(copy / name)]
    place = copy / "sim"
    spec = importlib.util.spec_from_file_location("sim", place / "__init__.py", submodule_search_locations=[str(place)])
    if spec is None or spec.loader is None:
        raise ImportError(f"{place}: cannot be imported")
    module = importlib.util.module_from_spec(spec)
    sys.modules["sim"] = module
    spec.loader.exec_module(module)


def taken_out(arguments: Sequence[str]) -> tuple[str | None, list[str]]:
    """The folder that `--mechanism` before the command's name gives, and the other words. None: not given.

    An option without a folder is left where it is: the command says what is wrong with it.
    """
    kept = list(arguments)
    for k, word in enumerate(kept):
        if not word.startswith("-"):
            break
        if word == OPTION and k + 1 < len(kept):
            return kept[k + 1], kept[:k] + kept[k + 2 :]
        if word.startswith(f"{OPTION}="):
            return word.removeprefix(f"{OPTION}="), kept[:k] + kept[k + 1 :]
    return None, kept


def run_anew(folder: str, arguments: Sequence[str], *, own_process: bool) -> int:
    """Run a command in the woven copy, and return its exit status. Raises `InputError`.

    A process that has only just begun goes on in the copy; one that holds parts of the model already (Python code that
    calls the command) starts another process.
    """
    from sim.mechanism.check import found
    from sim.mechanism.weave import woven

    there = str(found(folder))  # children may start elsewhere
    if not own_process or is_woven():
        path = os.pathsep.join([str(PROJECT), *filter(None, [os.environ.get("PYTHONPATH")])])
        environment = {**os.environ, VARIABLE: there, "PYTHONPATH": path}
        return subprocess.call([sys.executable, "-P", "-m", "sim.cli", *arguments], env=environment)
    copy = woven(there)
    os.environ[VARIABLE] = there
    go_to(copy)
    main: Callable[[], int] = importlib.import_module("sim.cli").main
    sys.argv[1:] = arguments
    return main()
