"""Targets: what was counted in interviews, as data that another researcher can replace.

A target file names questions; each has a number asked, the answers counted, how many gave none, the section it
stands in, and its use: **fitted**, **held_out** (only to validate) or **conditioned** (known of a sample that was
chosen, so neither). Orders say which answer came more often where no count was given."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import Field, field_validator, model_validator

from calibration.interview import DIRECTIONS, EFFECTS
from calibration.officials import OFFICIAL_QUESTIONS
from sim.engine.catalogue import Frozen
from sim.engine.checking import check
from sim.engine.documents import read_document
from sim.engine.problems import Problem, RefusedError, unknown_name
from sim.world.state import FORMS, TOPICS

INTERVIEWS_2021 = Path(__file__).parent / "interviews.yaml"
LARGEST_SAMPLE = 1_000_000


@dataclass(frozen=True)
class Question:
    """A question of the virtual interview: its answers, and whether a respondent gives exactly one of them."""

    answers: tuple[str, ...]
    one_answer: bool


QUESTIONS: dict[str, Question] = {
    "formalised": Question(("yes", "no"), one_answer=True),
    "effect": Question(EFFECTS, one_answer=True),
    "direction": Question(DIRECTIONS, one_answer=True),
    "forms": Question((*FORMS, "nothing"), one_answer=False),
    "topics": Question((*TOPICS, "nothing"), one_answer=False),
    "officials": Question(OFFICIAL_QUESTIONS, one_answer=False),
}

Words = Annotated[str, Field(min_length=1, max_length=500)]
Use = Literal["fitted", "held_out", "conditioned"]
Count = Annotated[int, Field(strict=True, ge=0, le=LARGEST_SAMPLE)]


@dataclass(frozen=True)
class Target:
    """One count: ``count`` of ``n`` asked gave ``answer`` to ``question``; ``missing`` of them gave no answer."""

    name: str
    question: str
    answer: str
    count: int
    n: int
    missing: int
    section: str
    use: str


def _known_question(name: str) -> str:
    if name not in QUESTIONS:
        problem = unknown_name(name, QUESTIONS, Problem("question", "vraag"))
        raise RefusedError(problem.en, problem.nl)
    return name


def _known_answer(question: str, answer: str, field: str) -> None:
    if answer not in QUESTIONS[question].answers:
        problem = unknown_name(answer, QUESTIONS[question].answers, Problem("answer", "antwoord"))
        raise RefusedError(problem.en, problem.nl, field)


class Counted(Frozen):
    """What was counted for one question: ``n`` asked, of whom ``missing`` gave no answer."""

    question: str
    n: Annotated[int, Field(strict=True, ge=1, le=LARGEST_SAMPLE)]
    missing: Count = 0
    section: Words
    use: Use
    counts: Annotated[dict[str, Count], Field(min_length=1)]

    @field_validator("question")
    @classmethod
    def _known(cls, name: str) -> str:
        return _known_question(name)

    @model_validator(mode="after")
    def _adds_up(self) -> Counted:
        question = QUESTIONS[self.question]
        answered = self.n - self.missing
        if answered < 0:
            raise RefusedError(
                f"{self.missing} missing of {self.n} asked; at most {self.n} is allowed",
                f"{self.missing} ontbreken van {self.n} gevraagden; meer dan {self.n} kan niet",
                "missing",
            )
        for answer, count in self.counts.items():
            _known_answer(self.question, answer, f"counts.{answer}")
            if count > answered:
                raise RefusedError(
                    f"{count} is more than the sample of {answered} who answered; at most {answered} is allowed",
                    f"{count} is meer dan de {answered} die antwoordden; ten hoogste {answered} kan",
                    f"counts.{answer}",
                )
        if question.one_answer:
            absent = [answer for answer in question.answers if answer not in self.counts]
            if absent:
                raise RefusedError(
                    f"no count for {', '.join(absent)}; every answer to '{self.question}' needs one",
                    f"geen aantal voor {', '.join(absent)}; elk antwoord op '{self.question}' heeft er een nodig",
                    "counts",
                )
            total = sum(self.counts.values())
            if total != answered:
                raise RefusedError(
                    f"the answers add up to {total}, with {self.missing} missing; they must add up to {self.n}",
                    f"de antwoorden tellen op tot {total}, met {self.missing} ontbrekend; dat moet {self.n} zijn",
                    "counts",
                )
        return self


class Order(Frozen):
    """In the answers to ``question``, ``more`` came more often than ``less``; no count was given."""

    question: str
    more: str
    less: str
    section: Words
    use: Literal["held_out", "conditioned"]

    @field_validator("question")
    @classmethod
    def _known(cls, name: str) -> str:
        return _known_question(name)

    @model_validator(mode="after")
    def _possible(self) -> Order:
        for field in ("more", "less"):
            _known_answer(self.question, getattr(self, field), field)
        if self.more == self.less:
            raise RefusedError(
                "the same answer twice; two different ones are needed",
                "tweemaal hetzelfde antwoord; er zijn twee verschillende nodig",
                "less",
            )
        return self


class TargetFile(Frozen):
    """Everything in a target file."""

    id: Words
    source: Words
    questions: Annotated[tuple[Counted, ...], Field(strict=False, min_length=1)]
    orders: Annotated[tuple[Order, ...], Field(strict=False)] = ()

    @model_validator(mode="after")
    def _once(self) -> TargetFile:
        seen: set[tuple[str, str]] = set()
        for k, counted in enumerate(self.questions, start=1):
            for answer in counted.counts:
                if (counted.question, answer) in seen:
                    raise RefusedError(
                        f"'{answer}' to '{counted.question}' was counted before; once is allowed",
                        f"'{answer}' op '{counted.question}' is al eerder geteld; eenmaal kan",
                        f"questions[{k}].counts.{answer}",
                    )
                seen.add((counted.question, answer))
        return self

    def targets(self, use: str | None = None) -> list[Target]:
        """All counts (of one use), in the order of the file."""
        return [
            Target(f"{c.question}_{answer}", c.question, answer, count, c.n, c.missing, c.section, c.use)
            for c in self.questions
            for answer, count in c.counts.items()
            if use is None or c.use == use
        ]


def parse_targets(data: Any, file: str | Path) -> TargetFile:
    """Plain data as a target file. Raises `InputError`."""
    return check(TargetFile, data, file)


def load_targets(path: str | Path = INTERVIEWS_2021) -> TargetFile:
    """The targets in a file. Raises `InputError`: a file that cannot be read, an unknown question or answer, counts
    that exceed the sample or do not add up.
    """
    return parse_targets(read_document(path), path)
