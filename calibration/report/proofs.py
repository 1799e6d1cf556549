"""The long proofs as the report may use them: only those of this model, this interview and this fit.

A proof that is missing, or that belongs to something else, is named with the command that makes it, never used.
"""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from calibration.bank import survey_hash
from calibration.proving import FOLDER, PROOFS, read_proof
from sim.engine.compiling import this_model
from sim.posterior import SHIPPED

Standing = Literal["done", "missing", "other_model", "other_fit"]


@dataclass(frozen=True)
class Proof:
    """One proof. content: its data where ``standing`` is done, else None. command: what makes it. names_fit: whether
    it says which fit it belongs to; one of this model that does not is shown with that said beside it.
    """

    name: str
    standing: Standing
    command: str
    content: dict[str, Any] | None
    names_fit: bool = True


def proofs(posterior: str, fit: Path = SHIPPED, folder: Path = FOLDER) -> dict[str, Proof]:
    """Every proof there could be of the fit with this hash of its parameters, by name."""
    return {name: _proof(name, posterior, fit, folder) for name in PROOFS}


def command_for(name: str, fit: Path = SHIPPED, folder: Path = FOLDER) -> str:
    """The command that makes a proof of a fit."""
    words = ["python -m calibration.proving", name]
    if fit.resolve() != SHIPPED:
        words += ["--posterior", fit.name]
    if folder.resolve() != FOLDER:
        words += ["--out", folder.name]
    return " ".join(words)


def _proof(name: str, posterior: str, fit: Path, folder: Path) -> Proof:
    command = command_for(name, fit, folder)
    found = read_proof(name, folder, posterior)
    if found is not None:
        return Proof(name, "done", str(found.get("made_by", command)), found)
    unnamed = read_proof(name, folder)
    if unnamed is not None and not isinstance(unnamed.get("posterior"), str):
        return Proof(name, "done", str(unnamed.get("made_by", command)), unnamed, names_fit=False)
    return Proof(name, _why_not(folder / f"{name}.json"), command, None)


def _why_not(path: Path) -> Standing:
    try:
        there = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return "missing"
    mine = isinstance(there, dict) and (there.get("model"), there.get("survey")) == (this_model(), survey_hash())
    return "other_fit" if mine else "other_model"
