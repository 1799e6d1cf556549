"""The parameters: one YAML file a process, each with unit, prior, role, status, source and meaning.

A parameter's value is the median of its prior unless the file says otherwise. ``record_dtype()`` gives the one-row
record in which compiled rules read them by name.
"""

from __future__ import annotations

import hashlib
import math
from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any, Literal

import numpy as np

from sim.engine.documents import read_document

FOLDER = Path(__file__).resolve().parent
Role = Literal["calibrated", "sensitivity", "fixed", "lever"]
Status = Literal["interviewed", "inferred", "assumption"]


@dataclass(frozen=True)
class Prior:
    """A distribution on [low, high]: ``uniform``, ``loguniform`` or ``fixed`` (then low = high = the value)."""

    distribution: str
    low: float
    high: float

    @property
    def median(self) -> float:
        return self.quantile(0.5)

    def quantile(self, u: float | np.ndarray) -> Any:
        """Value at probability ``u`` (0–1), elementwise."""
        if self.distribution == "loguniform":
            return np.exp(math.log(self.low) + np.asarray(u) * math.log(self.high / self.low))[()]
        return (self.low + np.asarray(u) * (self.high - self.low))[()]

    def __str__(self) -> str:
        if self.distribution == "fixed":
            return "fixed"
        return f"{self.distribution}({self.low:g}, {self.high:g})"


@dataclass(frozen=True)
class Parameter:
    """One number of the model: ``minimum`` and ``maximum`` are the ends of its prior (for a fixed one: what a scenario
    may set).
    """

    name: str
    process: str
    unit: str
    prior: Prior
    role: Role
    status: Status
    source: str
    section: str
    meaning: Mapping[str, str]
    minimum: float
    maximum: float

    @cached_property
    def value(self) -> float:
        return float(self.prior.median)


def _read(path: Path) -> list[Parameter]:
    rows = read_document(path)
    found = []
    for name, row in rows.items():
        prior = row["prior"]
        if isinstance(prior, (int, float)):
            law = Prior("fixed", float(prior), float(prior))
        else:
            ((kind, (low, high)),) = prior.items()
            law = Prior(kind, float(low), float(high))
        low, high = row.get("range", (law.low, law.high))
        found.append(
            Parameter(
                name=name,
                process=path.stem,
                unit=row["unit"],
                prior=law,
                role=row.get("role", "fixed"),
                status=row["status"],
                source=row["source"],
                section=str(row.get("section", "")),
                meaning=row["meaning"],
                minimum=float(low),
                maximum=float(high),
            )
        )
    return found


def _read_all() -> dict[str, Parameter]:
    found: dict[str, Parameter] = {}
    for path in sorted(FOLDER.glob("*.yaml")):
        for parameter in _read(path):
            if parameter.name in found:
                raise ValueError(
                    f"{path.name}: {parameter.name}: stands in {found[parameter.name].process}.yaml already"
                )
            found[parameter.name] = parameter
    return found


PARAMETERS: dict[str, Parameter] = _read_all()
CALIBRATED: tuple[str, ...] = tuple(name for name, p in PARAMETERS.items() if p.role == "calibrated")


def record_dtype() -> np.dtype:
    """One float64 field a parameter, in alphabetical order."""
    return np.dtype([(name, np.float64) for name in sorted(PARAMETERS)])


def record(values: Mapping[str, float] | None = None) -> np.ndarray:
    """A one-row record array of all parameters: prior medians, but for the ``values`` given by name (KeyError on an
    unknown one).
    """
    row = np.zeros(1, dtype=record_dtype())
    for name, parameter in PARAMETERS.items():
        row[name] = parameter.value
    for name, value in (values or {}).items():
        if name not in PARAMETERS:
            raise KeyError(name)
        row[name] = value
    return row


def draw_from_prior(rng: np.random.Generator, names: tuple[str, ...] = CALIBRATED) -> dict[str, float]:
    """Independent draws of the named parameters from their priors."""
    return {name: float(PARAMETERS[name].prior.quantile(rng.random())) for name in names}


def parameter_hash(values: np.ndarray) -> str:
    """First 12 hexadecimal digits of a hash over parameter records (one row or many draws)."""
    digest = hashlib.sha256()
    digest.update(",".join(values.dtype.names or ()).encode())
    digest.update(np.ascontiguousarray(values).tobytes())
    return digest.hexdigest()[:12]
