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

from sim.engine.compiling import this_model
from sim.engine.problems import InputError
from sim.evidence.parameters import PARAMETERS, parameter_hash, record_dtype
from sim.result import INTERVIEWS

DRAWS, MANIFEST = "draws.csv", "manifest.json"
SHIPPED = Path(__file__).resolve().parent.parent / "calibration" / "posterior"
SHIPPED_TARGETS = "interviews-2021"
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
            raise InputError(path, "file", f"is larger than {LARGEST // 1_000_000} MB",
                             f"is groter dan {LARGEST // 1_000_000} MB; meer mag niet")  # fmt: skip
        return path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError):
        raise InputError(path, "file", "cannot be read", "kan niet worden gelezen") from None


def read_values(folder: Path) -> tuple[list[str], np.ndarray]:
    """Names of the fitted parameters and their draws, shape (draws, names), in their own units. Raises `InputError`."""
    path = folder / DRAWS
    try:
        rows = list(csv.reader(text_of(path).splitlines()))
    except csv.Error:
        raise InputError(path, "file", "is not a table of numbers", "is geen tabel met getallen") from None
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
            raise InputError(path, f"line {number + 2}", f"has {len(row)} values; {len(names)} are needed",
                             f"heeft {len(row)} waarden; nodig: {len(names)}")  # fmt: skip
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
        raise InputError(
            path,
            f"line {row + 2}, {name}",
            f"{text[:40]!r} is not allowed; allowed: {parameter.minimum:g} to {parameter.maximum:g} {parameter.unit}",
            f"{text[:40]!r} kan niet; toegestaan: {parameter.minimum:g} tot {parameter.maximum:g}",
        )
    return value


def fits_this_model(folder: Path = SHIPPED) -> bool:
    """Whether a fit is there that belongs to the model as it is now."""
    if not is_posterior(folder):
        return False
    try:
        return bool(read_manifest(folder)["model"] == this_model())
    except InputError:
        return False


@cache
def _records(folder: Path, stamp: tuple[int, int]) -> tuple[np.ndarray, str, int]:
    """The draws as records, their hash, and how many parameters they hold."""
    names, values = read_values(folder)
    rows = np.zeros(len(values), record_dtype())
    for name, parameter in PARAMETERS.items():
        rows[name] = parameter.value
    for k, name in enumerate(names):
        rows[name] = values[:, k]
    return rows, parameter_hash(rows), len(names)


def _kept(folder: Path) -> tuple[np.ndarray, str, int]:
    moment = (folder / DRAWS).stat()
    return _records(folder, (moment.st_mtime_ns, moment.st_size))


def posterior_records(folder: Path = SHIPPED) -> np.ndarray:
    """The draws of a fit as parameter records, shape (draws,), what was not fitted at its median. Raises `InputError`
    where there is no fit, or where it belongs to another version of the model.
    """
    if not is_posterior(folder):
        raise InputError(
            "parameters",
            "posterior",
            "no fitted parameters are there; make them with `samenspel calibrate`, or use prior-median",
            "er zijn nog geen afgestelde parameters; maak ze met `samenspel calibrate`, of gebruik prior-median",
        )
    manifest = read_manifest(folder)
    there, here = manifest["model"][:12], this_model()
    if there != here:
        raise InputError(
            folder.name,
            "model",
            f"was fitted to model {there}, this is {here}; run `samenspel calibrate`, or use prior-median",
            f"is afgesteld op model {there}, dit is {here}; draai `samenspel calibrate`, of gebruik prior-median",
        )
    rows, found, _ = _kept(folder)
    if manifest.get("parameters_hash") != found:
        raise InputError(
            folder / DRAWS,
            "draws",
            f"are not those that {MANIFEST} names; run `samenspel calibrate` again",
            f"zijn niet die waar {MANIFEST} van spreekt; draai `samenspel calibrate` opnieuw",
        )
    return rows.copy()


def fit_in_words(folder: Path = SHIPPED) -> dict[str, Any]:
    """What outputs say of a fit (see `sim.result.ParameterSet`): how many parameters, to what, and what is against
    it.
    """
    manifest = read_manifest(folder)
    targets, sampling = manifest.get("targets"), manifest.get("sampling")
    name = str(targets.get("id", "")) if isinstance(targets, dict) else ""
    agreed = isinstance(sampling, dict) and sampling.get("agreed") is True
    return {
        "fitted": _kept(folder)[2],
        "to": INTERVIEWS if name == SHIPPED_TARGETS else f"the targets {name!r}",
        "doubt": "" if agreed else "its samplers do not agree, so the fit is not to be trusted",
    }


def median_record(rows: np.ndarray) -> np.ndarray:
    """One record: the median of every parameter."""
    found = np.zeros(1, rows.dtype)
    for name in rows.dtype.names or ():
        found[name] = np.median(rows[name])
    return found
