"""Fitted parameters as data: which there are, whether they belong to this model, and reading them.

A folder of a fit holds ``draws.csv`` (names of parameters, then a row a draw) and ``manifest.json``. The shipped one
is `calibration/posterior/`. A fit of another version of the model is refused, never silently used.
"""

from __future__ import annotations

import csv
import json
import math
from functools import cache
from pathlib import Path
from typing import Any

import numpy as np

from sim.engine.compiling import model_hash
from sim.engine.problems import InputError
from sim.evidence.parameters import PARAMETERS, record_dtype

DRAWS, MANIFEST = "draws.csv", "manifest.json"
SHIPPED = Path(__file__).resolve().parent.parent / "calibration" / "posterior"
LARGEST = 64_000_000  # bytes
MOST_DRAWS = 1_000_000


def is_posterior(path: Path) -> bool:
    """Whether a path is a folder that holds a fit."""
    try:
        return (path / MANIFEST).is_file() and (path / DRAWS).is_file()
    except (OSError, ValueError):
        return False


def read_manifest(folder: Path) -> dict[str, Any]:
    """What a fit says of itself. Raises `InputError` where it cannot be read."""
    found = json_of(folder / MANIFEST)
    if not isinstance(found, dict) or not isinstance(found.get("model"), str):
        raise InputError(
            folder / MANIFEST,
            "model",
            "says not which model it was fitted to; make it with `samenspel calibrate`",
            "zegt niet bij welk model het hoort; maak het met `samenspel calibrate`",
        )
    return found


def json_of(path: Path) -> Any:
    """A JSON file. Raises `InputError`."""
    text = text_of(path)
    try:
        return json.loads(text)
    except ValueError:
        raise InputError(path, "file", "is not JSON", "is geen JSON") from None


def text_of(path: Path) -> str:
    """A file's text. Raises `InputError`."""
    try:
        if path.stat().st_size > LARGEST:
            raise InputError(path, "file", f"is larger than {LARGEST // 1_000_000} MB", "is te groot")
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(path, "file", "cannot be read", "kan niet worden gelezen") from None


def read_values(folder: Path) -> tuple[list[str], np.ndarray]:
    """Names of the fitted parameters and their draws, shape (draws, names), in their own units. Raises `InputError`."""
    path = folder / DRAWS
    rows = list(csv.reader(text_of(path).splitlines()))
    names = rows[0] if rows else []
    if not names or len(set(names)) != len(names) or len(rows) < 2 or len(rows) > MOST_DRAWS:
        raise InputError(
            path, "file", "needs a line of names and at least one draw", "heeft een regel namen en een trekking nodig"
        )
    for name in names:
        if name not in PARAMETERS:
            raise InputError(path, name[:80], "is no parameter of this model", "is geen parameter van dit model")
    values = np.empty((len(rows) - 1, len(names)))
    for number, row in enumerate(rows[1:]):
        if len(row) != len(names):
            raise InputError(path, f"line {number + 2}", f"has {len(row)} values; {len(names)} are needed")
        for k, text in enumerate(row):
            values[number, k] = _number(path, number, names[k], text)
    return names, values


def _number(path: Path, row: int, name: str, text: str) -> float:
    parameter = PARAMETERS[name]
    try:
        value = float(text)
    except ValueError:
        value = math.nan
    if not parameter.minimum <= value <= parameter.maximum:
        allowed = f"{parameter.minimum:g} to {parameter.maximum:g} {parameter.unit}"
        raise InputError(path, f"line {row + 2}, {name}", f"{text[:40]!r} is not allowed; allowed: {allowed}")
    return value


def fits_this_model(folder: Path = SHIPPED) -> bool:
    """Whether a fit is there that belongs to the model as it is now."""
    if not is_posterior(folder):
        return False
    try:
        return bool(read_manifest(folder)["model"] == model_hash())
    except InputError:
        return False


@cache
def _records(folder: Path, stamp: tuple[int, int]) -> np.ndarray:
    names, values = read_values(folder)
    rows = np.zeros(len(values), record_dtype())
    for name, parameter in PARAMETERS.items():
        rows[name] = parameter.value
    for k, name in enumerate(names):
        rows[name] = values[:, k]
    return rows


def posterior_records(folder: Path = SHIPPED) -> np.ndarray:
    """The draws of a fit as parameter records, shape (draws,), what was not fitted at its median. Raises `InputError`
    where there is no fit, or where it belongs to another version of the model.
    """
    if not is_posterior(folder):
        raise InputError(
            "parameters",
            "posterior",
            "no fitted parameters are there; make them with `samenspel calibrate`, or use prior-median",
            "er zijn nog geen geijkte parameters; maak ze met `samenspel calibrate`, of gebruik prior-median",
        )
    there, here = read_manifest(folder)["model"][:12], model_hash()
    if there != here:
        raise InputError(
            folder.name,
            "model",
            f"was fitted to model {there}, this is {here}; run `samenspel calibrate`, or use prior-median",
            f"is geijkt op model {there}, dit is {here}; draai `samenspel calibrate`, of gebruik prior-median",
        )
    moment = (folder / DRAWS).stat()
    return _records(folder, (moment.st_mtime_ns, moment.st_size)).copy()


def median_record(rows: np.ndarray) -> np.ndarray:
    """One record: the median of every parameter."""
    found = np.zeros(1, rows.dtype)
    for name in rows.dtype.names or ():
        found[name] = np.median(rows[name])
    return found
