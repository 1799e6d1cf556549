"""A catalogue: a folder with one YAML file an entry, the file's name being the entry's id.

An entry is a number that a person may set, described: unit, range, default, meaning, and how well it is supported.
"""

from __future__ import annotations

from pathlib import Path
from typing import Literal

from pydantic import BaseModel, ConfigDict, Field, model_validator

from sim.engine.checking import check
from sim.engine.documents import read_document
from sim.engine.problems import InputError

Evidence = Literal["interviewed", "inferred", "assumption"]


class Frozen(BaseModel):
    """Plain data: unknown fields are refused, nothing is converted silently, nothing changes afterwards."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, allow_inf_nan=False)


class Text(Frozen):
    """The same words in Dutch and in English."""

    nl: str = Field(min_length=1, max_length=2000)
    en: str = Field(min_length=1, max_length=2000)


class Quantity(Frozen):
    """A number between `minimum` and `maximum` (both included), moved in steps of `step`."""

    minimum: float
    maximum: float
    default: float
    step: float = Field(gt=0)
    unit: Text
    meaning: Text

    @model_validator(mode="after")
    def _ordered(self) -> Quantity:
        if not self.minimum <= self.default <= self.maximum or self.minimum == self.maximum:
            raise ValueError(f"the default {self.default} must lie between {self.minimum} and {self.maximum}")
        return self


class Entry(Quantity):
    """A quantity with a name of its own; `sections` are those of the report it rests on."""

    id: str = Field(pattern=r"^[a-z][a-z0-9_]*$")
    name: Text
    mechanism: str
    evidence: Evidence
    sections: tuple[str, ...] = Field(min_length=1, strict=False)
    options: dict[str, Quantity] = Field(default_factory=dict)


def load_catalogue[Kind: Entry](folder: Path, kind: type[Kind]) -> dict[str, Kind]:
    """All entries of `folder`, by id, in sorted order. Raises `InputError` when a file is wrong."""
    entries: dict[str, Kind] = {}
    for path in sorted(folder.glob("*.yaml")):
        entry = check(kind, read_document(path), path)
        if entry.id != path.stem:
            raise InputError(path, "id", f"'{entry.id}' must be the name of the file, '{path.stem}'")
        entries[entry.id] = entry
    return entries
