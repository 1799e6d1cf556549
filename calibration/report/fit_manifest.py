"""Whether the manifest of a fit holds what a report reads from it, each of the right kind."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED
from sim.posterior import MANIFEST

NUMBER, YES_OR_NO, TEXT, NUMBERS = "a number", "true or false", "a text", "a list of numbers"
MAPPING = "a mapping of fields"
DUTCH = {
    NUMBER: "een getal",
    YES_OR_NO: "true of false",
    TEXT: "een tekst",
    NUMBERS: "een lijst getallen",
    MAPPING: "een reeks velden",
}
PARAMETER = dict.fromkeys(("p05", "p50", "p95", "contraction", "rhat", "ess_bulk"), NUMBER)
SAMPLING = dict.fromkeys(("ensembles", "acceptance", "rhat_max", "ess_bulk_min", "ess_tail_min"), NUMBER)
WANTED: dict[str, Any] = {
    "survey": TEXT,
    "parameters": dict.fromkeys(CALIBRATED, PARAMETER),
    "parameters_hash": TEXT,
    "targets": {"id": TEXT, "hash": TEXT},
    "world": {"id": TEXT, "hash": TEXT},
    "sampling": {**SAMPLING, "agreed": YES_OR_NO},
    **dict.fromkeys(("seed", "runs", "fresh_runs", "draws", "polite"), NUMBER),
}
SHIFT = dict.fromkeys(("shift", "sd_ratio"), NUMBER)
ANSWERS = dict.fromkeys(("mean", "spread"), NUMBERS)


def check_manifest(folder: Path, manifest: Mapping[str, Any]) -> None:
    """Raises `InputError` that names the first field that is missing or of another kind."""
    _check(folder, "", manifest, WANTED)
    for name, each in (("check", SHIFT), ("emulator", ANSWERS)):
        found = manifest.get(name)
        if found is not None:
            inside = found if isinstance(found, Mapping) else {}
            rows = {key: each for key, value in inside.items() if name == "check" or isinstance(value, Mapping)}
            _check(folder, name, found, rows)


def _check(folder: Path, field: str, found: Any, wanted: Any) -> None:
    if not isinstance(wanted, Mapping):
        if not _is(found, wanted):
            raise _wrong(folder, field, wanted)
        return
    if not isinstance(found, Mapping):
        raise _wrong(folder, field, MAPPING)
    for name, each in wanted.items():
        inside = f"{field}.{name}" if field else name
        if name not in found:
            raise InputError(
                folder,
                inside,
                f"is missing in {MANIFEST}; make the fit with `samenspel calibrate`",
                f"ontbreekt in {MANIFEST}; maak de afstelling met `samenspel calibrate`",
            )
        _check(folder, inside, found[name], each)


def _is(found: Any, kind: str) -> bool:
    if kind == NUMBERS:
        return isinstance(found, list) and all(_is(each, NUMBER) for each in found)
    if kind == NUMBER:
        return isinstance(found, int | float) and not isinstance(found, bool) and math.isfinite(found)
    return isinstance(found, bool if kind == YES_OR_NO else str)


def _wrong(folder: Path, field: str, kind: str) -> InputError:
    return InputError(
        folder,
        field,
        f"must be {kind} in {MANIFEST}; make the fit with `samenspel calibrate`",
        f"moet {DUTCH[kind]} zijn in {MANIFEST}; maak de afstelling met `samenspel calibrate`",
    )
