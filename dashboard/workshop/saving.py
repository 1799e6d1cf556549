"""A session as a file: what was decided and answered, not what came of it. Read back, the same model on the same
platform lives it through to the last bit.
"""

from __future__ import annotations

import time
from typing import Annotated, Any, Literal

import yaml
from pydantic import Field

from dashboard.workshop.futures import LETTERS, MOST_DECISIONS, Decision
from dashboard.workshop.naming import LONGEST_NAME
from dashboard.workshop.values import SavedParameters
from sim.engine.catalogue import Frozen
from sim.engine.checking import check
from sim.engine.documents import parse_document
from sim.world.entries import Month

LONGEST_FILE = 400_000
Letter = Literal["nu", "A", "B", "C"]
Node = Annotated[str, Field(pattern=r"^[ipa][0-9]{1,3}$")]
Token = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{8,64}$")]
Answer = Annotated[str, Field(pattern=r"^([A-H]|i[0-9]{1,3}|nobody)$")]


class SavedDecision(Frozen):
    """A decision of a future."""

    number: int = Field(ge=1, le=10**6)
    kind: Literal["shock", "lever"]
    what: str = Field(max_length=64)
    month: Month
    intensity: float
    options: dict[str, float] = Field(default_factory=dict)
    scope: dict[str, Any] = Field(default_factory=dict)
    months: int | None = None

    def decision(self) -> Decision:
        """As the session holds it."""
        return Decision(**self.model_dump())


class SavedFuture(Frozen):
    """A future: its letter, its name, whence it parted, and its decisions."""

    id: Letter
    name: dict[str, Annotated[str, Field(max_length=80)]] = Field(default_factory=dict)
    parent: Letter | None = None
    parted: int = Field(ge=0, le=600)
    reached: int = Field(ge=0, le=600)
    decisions: Annotated[tuple[SavedDecision, ...], Field(strict=False, max_length=MOST_DECISIONS)] = ()


class SavedQuestion(Frozen):
    """A question that was put, with its answers."""

    question: str = Field(max_length=64)
    future: Letter
    position: int = Field(ge=0, le=600)
    open: bool
    shown: bool
    phones: dict[Token, Answer] = Field(default_factory=dict, max_length=400)
    hands: dict[Answer, Annotated[int, Field(ge=0, le=1000)]] = Field(default_factory=dict)


class Saved(Frozen):
    """A session. ``script``: the id of a shipped session, or a leader's own in full. ``parameters``: the set that it
    runs at; ``world``: the stamp of its story (left out by versions that did not name them)."""

    samenspel_session: Literal[1]
    saved: str = Field(max_length=40)
    model: str = Field(max_length=80)
    parameters: SavedParameters | None = None
    world: str = Field(default="", max_length=12)
    script: str | dict[str, Any]
    story: str = Field(max_length=64)
    step: int = Field(ge=0, le=200)
    position: int = Field(ge=0, le=600)
    names: dict[Node, Annotated[str, Field(max_length=LONGEST_NAME)]] = Field(default_factory=dict)
    purse: Annotated[tuple[float, float], Field(strict=False)] | None = None
    futures: Annotated[tuple[SavedFuture, ...], Field(strict=False, min_length=1, max_length=len(LETTERS))]
    questions: Annotated[tuple[SavedQuestion, ...], Field(strict=False, max_length=200)] = ()


def written(data: dict[str, Any]) -> str:
    """The text of a session file."""
    return yaml.safe_dump(data, allow_unicode=True, sort_keys=False, width=120)


def read_saved(raw: str, file: str = "session.yaml") -> Saved:
    """The session in the text of a file. Raises `InputError`."""
    return check(Saved, parse_document(raw, file), file)


def now() -> str:
    """The date and time of saving."""
    return time.strftime("%Y-%m-%d %H:%M")
