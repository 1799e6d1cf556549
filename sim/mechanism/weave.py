"""Weaving: a copy of the project in which a mechanism's folder is built in.

    copy = woven(folder)          # the path of a copy; made when it is not there yet

The copy holds the packages `sim`, `calibration`, `dashboard` and `scenarios`, with the folder's files in the rooms
where they belong and a line in every list that spells the model out. It is a model like any other: it has its own
`model_hash`, so its own compiled code, and results that no other model's can be mixed with.

A copy is named by a hash of the project and of the folder, appears whole (written beside, then renamed), and is tried
before it appears: what numba will not compile is refused here.
"""

from __future__ import annotations

import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.engine.problems import InputError
from sim.mechanism.check import MECHANISM, Folder, checked, files_of, found
from sim.mechanism.lines import built_in

PROJECT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("sim", "calibration", "dashboard", "scenarios")
BESIDE = ("CITATION.cff", "docs/model.md")  # what a page shows, where the project has it
MARKER = "woven.json"
KEPT = 6  # copies, beside those that a process is using
ABANDONED = 3600.0  # seconds after which a copy that was never finished is thrown away
FORM = "1"  # raise it when the way of weaving changes


def home() -> Path:
    """Where the copies are: in the cache, beside the compiled code."""
    if named := os.environ.get("SAMENSPEL_CACHE"):  # as `sim.engine.compiling`, which would load numba
        return Path(named) / "mechanisms"
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(base) / "samenspel" / "mechanisms"


def sources(project: Path = PROJECT) -> Iterator[Path]:
    """Every file of the project that a copy holds, in a fixed order."""
    for package in PACKAGES:
        yield from sorted(
            path for path in (project / package).rglob("*")
            if path.suffix not in (".pyc", ".pyo") and "__pycache__" not in path.parts and path.is_file()
        )  # fmt: skip
    yield from (path for name in BESIDE if (path := project / name).is_file())


def hash_of(folder: Path, project: Path = PROJECT) -> str:
    """16 hexadecimal digits of a hash over the project and the folder."""
    digest = hashlib.sha256(FORM.encode())
    for root, listed in ((project, sources(project)), (folder, files_of(folder))):
        for path in listed:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()} {len(content)} ".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def woven(folder: str | Path, project: Path = PROJECT) -> Path:
    """The copy of the project with this folder built in. Raises `InputError` when something is wrong with the folder,
    when a list misses its place, or when the cache cannot be written.
    """
    path = found(folder)
    try:
        target = home() / hash_of(path, project)
        if is_whole(target):
            os.utime(target)
            return target
        made = checked(path, project)
        target.parent.mkdir(parents=True, exist_ok=True)
        _weave_into(target, made, project)
        tidy(target.parent)
    except OSError as error:
        where, why = error.filename or home(), (error.strerror or type(error).__name__).lower()
        raise InputError(str(where), "file", f"{why}; the mechanism could not be built in") from None
    return target


def _weave_into(target: Path, made: Folder, project: Path) -> None:
    part = target.parent / f".{target.name}.part-{secrets.token_hex(6)}"
    try:
        part.mkdir()
        copied(project, part)
        built_in(made, part)
        tried(made, part)
        _marked(part, made, target.name)
        _put(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def copied(project: Path, copy: Path) -> None:
    """Copy the project's files, with their times: numba recognises a source by them."""
    for path in sources(project):
        place = copy / path.relative_to(project)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)


def _marked(part: Path, made: Folder, name: str) -> None:
    """Write what makes a copy whole: which folder it is of, and how large its files are."""
    for left in part.rglob("__pycache__"):
        shutil.rmtree(left, ignore_errors=True)
    sizes = {
        path.relative_to(part).as_posix(): path.stat().st_size for path in sorted(part.rglob("*")) if path.is_file()
    }
    said = {"mechanism": made.mechanism.id, "folder": str(made.path), "hash": name, "files": sizes}
    (part / MARKER).write_text(json.dumps(said), encoding="utf-8")


def _put(part: Path, target: Path) -> None:
    """Give a copy its name. Where another process was first, that one's is as good."""
    for _ in range(5):
        with suppress(OSError):
            part.rename(target)
            return
        if is_whole(target):
            return
        broken = target.parent / f".{target.name}.part-{secrets.token_hex(6)}"
        with suppress(OSError):
            target.rename(broken)
        shutil.rmtree(broken, ignore_errors=True)
    raise InputError(target, "folder", "cannot be replaced; remove it")


def is_whole(copy: Path) -> bool:
    """Whether a copy is there with all its files, none cut short."""
    try:
        sizes = json.loads((copy / MARKER).read_text(encoding="utf-8"))["files"]
        return bool(sizes) and all((copy / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


# Keeping the cache bounded ------------------------------------------------------------------------------------------

_held: list[Any] = []


def hold(copy: Path) -> None:
    """Say, as long as this process lives, that it uses a copy."""
    if sys.platform == "win32":  # there a file that is in use cannot be removed
        return
    import fcntl

    with suppress(OSError):
        opened = (copy / MARKER).open("rb")
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        _held.append(opened)


def tidy(folder: Path, *, kept: int = KEPT) -> None:
    """Remove the copies used longest ago, but for those that a process is using, and what was never finished."""
    there = [path for path in folder.iterdir() if path.is_dir()]
    for path in there:
        if path.name.startswith(".") and time.time() - path.stat().st_mtime > ABANDONED:
            shutil.rmtree(path, ignore_errors=True)
    copies = sorted((path for path in there if not path.name.startswith(".")), key=lambda path: path.stat().st_mtime)
    for path in copies[: max(0, len(copies) - kept)]:
        _removed(path)


def _removed(copy: Path) -> None:
    if sys.platform == "win32":
        with suppress(OSError):
            (copy / MARKER).unlink()
            shutil.rmtree(copy, ignore_errors=True)
        return
    import fcntl

    with suppress(OSError), (copy / MARKER).open("rb") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside = copy.parent / f".{copy.name}.part-{secrets.token_hex(6)}"
        copy.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


# The trial ----------------------------------------------------------------------------------------------------------


def tried(made: Folder, copy: Path) -> None:
    """Compile the folder's rules and measures on their own, in a process of their own. Raises `InputError` with what
    numba said.
    """
    scratch = copy / ".trial"
    names = [f"rules/{name}" for name in made.mechanism.rules]
    names += [f"indicators/{name}" for name in made.mechanism.indicators]
    kept_out = ("SAMENSPEL_MECHANISM", "PYTHONSTARTUP")
    environment = {name: value for name, value in os.environ.items() if name not in kept_out}
    environment |= {"SAMENSPEL_CACHE": str(scratch), "PYTHONPATH": path_of(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("NUMBA_CACHE_DIR", None)
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "sim.mechanism.trial", *names],
            env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, cwd=copy,
        )  # fmt: skip
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    try:
        document: dict[str, str] = json.loads(ended.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        last = (ended.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise InputError(made.path / MECHANISM, "file", f"the model with it does not start: {last}") from None
    if document:
        raise InputError(made.path / document["file"], document["field"], document["problem"])


def path_of(copy: Path) -> str:
    """A PYTHONPATH with the copy first."""
    return os.pathsep.join([str(copy), *filter(None, [os.environ.get("PYTHONPATH")])])
