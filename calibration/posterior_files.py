"""The fitted parameters as files: ``draws.csv`` (a row a draw, in the parameters' own units) and ``manifest.json``
(what they were fitted to, with what, and how well). `sim.posterior` reads them for every comparison.
"""

from __future__ import annotations

import csv
import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import numpy as np

from calibration.space import unit_of
from sim.engine.folders import Kind, whole_folder
from sim.evidence.parameters import CALIBRATED
from sim.posterior import DRAWS, MANIFEST, is_posterior, read_manifest, read_values

DIGITS = 9  # significant; what is written is what is used
KIND = Kind("posterior", frozenset({DRAWS, MANIFEST}), is_posterior)


def rounded(values: np.ndarray) -> np.ndarray:
    """Values as they will be written, so that what was diagnosed is what is used."""
    return np.vectorize(lambda x: float(f"{x:.{DIGITS}g}"), otypes=[float])(values)


def write_posterior(folder: str | Path, values: np.ndarray, manifest: Mapping[str, Any]) -> None:
    """Write draws (draws, parameters) and their manifest, whole or not at all. Raises `InputError`."""
    with whole_folder(folder, KIND) as inside:
        with (inside / DRAWS).open("w", encoding="utf-8", newline="") as file:
            writer = csv.writer(file, lineterminator="\n")
            writer.writerow(CALIBRATED)
            writer.writerows([[f"{x:.{DIGITS}g}" for x in row] for row in values])
        text = json.dumps(manifest, indent=1, ensure_ascii=False, allow_nan=False)
        (inside / MANIFEST).write_text(text + "\n", encoding="utf-8")


def read_unit(folder: str | Path) -> np.ndarray:
    """The draws as points of the cube, shape (draws, parameters). Raises `InputError`."""
    names, values = read_values(Path(folder))
    order = [names.index(name) for name in CALIBRATED]
    return np.clip(unit_of(values[:, order]), 0.0, 1.0)


def described(folder: str | Path) -> dict[str, Any]:
    """The manifest. Raises `InputError`."""
    return read_manifest(Path(folder))
