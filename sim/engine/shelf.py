"""A shelf: a folder of shipped YAML files. A person names one by its id, or gives the path of a file of their own."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path

from sim.engine.problems import InputError, Problem, unknown_name

SLUG = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def ids_on(folder: Path, but: Iterable[str] = ()) -> list[str]:
    """The ids of the files on a shelf, sorted, without those in `but`."""
    return sorted(path.stem for path in folder.glob("*.yaml") if path.stem not in set(but))


def find_file(name: str | Path, folder: Path, kind: Problem, but: Iterable[str] = ()) -> Path:
    """The file that an id or a path means. Raises `InputError`, with a suggestion, when there is none.

    An id wins from a file of the same name in the working directory, so that a command means the same everywhere.
    """
    text = str(name)
    known = ids_on(folder, but)
    if text in known:
        return folder / f"{text}.yaml"
    path = Path(text)
    looks_like_path = isinstance(name, Path) or "/" in text or "\\" in text or path.suffix in (".yaml", ".yml")
    try:
        if path.is_file() or (looks_like_path and "\x00" not in text and len(text) < 4096):
            return path
    except (OSError, ValueError):
        pass
    problem = unknown_name(text, known, kind)
    raise InputError(
        text, kind.en, f"{problem.en} (or give the path of a file)", f"{problem.nl} (of geef het pad van een bestand)"
    )
