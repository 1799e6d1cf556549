"""Result folders that appear whole or not at all.

Everything is written into a hidden folder beside the target, flushed to disk, and then renamed. An interruption, a
full disk or an error half-way leaves the target as it was. A folder that is not a result of ours is never touched.
"""

from __future__ import annotations

import ctypes
import errno
import os
import secrets
import shutil
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from sim.engine.problems import InputError

_AT_FDCWD = -100
_RENAME_EXCHANGE = 2


@dataclass(frozen=True)
class Kind:
    """What a kind of result folder looks like: the files it may hold, and how one of ours is recognised."""

    name: str
    files: frozenset[str]
    is_ours: Callable[[Path], bool]


def check_target(target: str | Path, kind: Kind, *, bytes_needed: int = 0, field: str = "--out") -> Path:
    """The folder that a result can be written to, checked before any work is done.

    Nothing is left behind. Raises `InputError` when `target` is a file, a folder that holds something else, cannot be
    written, or lies on a disk with less than `bytes_needed` free.
    """
    shown, path = str(target), _resolved(target, field)
    _check_free(shown, path, kind, field)
    ancestor = path.parent
    while not ancestor.exists() and ancestor != ancestor.parent:
        ancestor = ancestor.parent
    if not ancestor.is_dir():
        raise InputError(shown, field, f"cannot be made, for {ancestor.name} is a file; give a folder")
    try:
        trial = _hidden(ancestor / path.name, "try")
        trial.mkdir()
        trial.rmdir()
        free = shutil.disk_usage(ancestor).free
    except OSError as error:
        raise InputError(
            shown, field, f"cannot be written ({_reason(error)}); give a folder you may write to"
        ) from None
    if free < bytes_needed:
        wanted, there = (f"{n / 1e6:,.0f} MB" for n in (bytes_needed, free))
        raise InputError(
            shown,
            field,
            f"needs about {wanted}, but the disk has {there} left; choose another disk or keep fewer months",
        )
    return path


@contextmanager
def whole_folder(target: str | Path, kind: Kind, *, field: str = "--out") -> Iterator[Path]:
    """A new, empty folder to write a result in; at the end of the block it becomes `target`, in one step.

    A result of the same kind that stands there is replaced. When the block ends by an exception (interruption
    included) `target` is as it was. Raises `InputError` as `check_target` does, and when writing fails.
    """
    path = check_target(target, kind, field=field)
    made = _make_parents(path.parent)
    temporary = _hidden(path, "part")
    done = False
    try:
        temporary.mkdir()
        yield temporary
        _flush(temporary)
        _check_free(str(target), path, kind, field)
        _put_in_place(temporary, path)
        done = True
    except OSError as error:
        raise InputError(str(target), field, f"cannot be written ({_reason(error)}); nothing was changed") from None
    finally:
        shutil.rmtree(temporary, ignore_errors=True)
        if not done:
            for folder in reversed(made):
                with suppress(OSError):  # somebody else put something there meanwhile
                    folder.rmdir()


def _resolved(target: str | Path, field: str) -> Path:
    text = str(target)
    if not text.strip() or "\0" in text:
        raise InputError(text or "(nothing)", field, "is not the name of a folder; give one, for example out/first")
    try:
        path = Path(text).expanduser().resolve()
    except (OSError, RuntimeError, ValueError):
        raise InputError(text, field, "is not the name of a folder; give one, for example out/first") from None
    if path == path.parent:
        raise InputError(text, field, "is the top of the disk; give a folder of its own, for example out/first")
    return path


def _check_free(shown: str, path: Path, kind: Kind, field: str) -> None:
    """Refuse a target that holds anything but an earlier result of this kind."""
    try:
        if not path.exists():
            return
        if not path.is_dir():
            raise InputError(shown, field, "is a file; give a folder that is new, empty, or an earlier result")
        inside = sorted(entry.name for entry in path.iterdir())
        if not inside:
            return
        strange = [name for name in inside if name not in kind.files]
        if strange:
            raise InputError(
                shown,
                field,
                f"holds other things ({strange[0]}); give a folder that is new, empty, or an earlier {kind.name}",
            )
        if not kind.is_ours(path):
            raise InputError(shown, field, f"is not an earlier {kind.name}; give a folder that is new, empty, or one")
    except OSError as error:
        raise InputError(shown, field, f"cannot be read ({_reason(error)}); give a folder you may write to") from None


def _hidden(path: Path, purpose: str) -> Path:
    return path.parent / f".{path.name[:80]}.{purpose}-{secrets.token_hex(6)}"


def _make_parents(folder: Path) -> list[Path]:
    """Make the folder and what is missing above it; returns what was made, from the top down."""
    missing = []
    while not folder.exists():
        missing.append(folder)
        folder = folder.parent
    made = []
    for folder in reversed(missing):
        with suppress(FileExistsError):
            folder.mkdir()
            made.append(folder)
    return made


def _flush(folder: Path) -> None:
    """See to it that what was written is on the disk before it gets its name."""
    for path in folder.iterdir():
        with path.open("rb+") as stream:
            os.fsync(stream.fileno())
    _flush_entries(folder)


def _flush_entries(folder: Path) -> None:
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _put_in_place(temporary: Path, path: Path) -> None:
    if path.exists() and any(path.iterdir()):
        if not _exchanged(temporary, path):
            _replaced(temporary, path)
    else:
        if sys.platform == "win32" and path.exists():
            path.rmdir()
        temporary.rename(path)
    _flush_entries(path.parent)


def _exchanged(temporary: Path, path: Path) -> bool:
    """Swap two folders in one step, where the system can (Linux). The old one is then the temporary one."""
    if sys.platform != "linux":
        return False
    try:
        rename = ctypes.CDLL(None, use_errno=True).renameat2
    except (OSError, AttributeError):
        return False
    if rename(_AT_FDCWD, os.fsencode(temporary), _AT_FDCWD, os.fsencode(path), _RENAME_EXCHANGE) == 0:
        return True
    if ctypes.get_errno() in {errno.ENOSYS, errno.EINVAL, errno.ENOTSUP}:  # an old kernel, or a file system without it
        return False
    raise OSError(ctypes.get_errno(), os.strerror(ctypes.get_errno()))


def _replaced(temporary: Path, path: Path) -> None:
    """Swap two folders in two steps: the old one is put aside, and back when the new one cannot take its place."""
    aside = _hidden(path, "old")
    path.rename(aside)
    try:
        temporary.rename(path)
    except BaseException:
        aside.rename(path)
        raise
    shutil.rmtree(aside, ignore_errors=True)


def _reason(error: OSError) -> str:
    return (error.strerror or type(error).__name__).lower()
