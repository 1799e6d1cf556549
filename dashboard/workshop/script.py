"""Ready sessions: a YAML file with stories, questions, roles and the steps a leader goes through.

`load_script` reads a shipped session by its id or a leader's own file by its path; whatever is wrong with it is an
`InputError`. Texts may hold places for names (`places.py`).
"""

from __future__ import annotations

import hashlib
import json
import math
from functools import cached_property
from pathlib import Path
from typing import Annotated, Any, Literal

import numpy as np
from pydantic import Field, model_validator

from dashboard.workshop.chronicle import AS_MANY_MONTHS, Ground
from dashboard.workshop.claims import Claim
from dashboard.workshop.futures import LETTERS, Decision, scenario_of
from dashboard.workshop.measures import MEASURES
from dashboard.workshop.naming import LONGEST_NAME, Naming, clean_name
from dashboard.workshop.places import check_places
from dashboard.workshop.predictions import NOBODY, Option, Question
from dashboard.workshop.purse import Purse
from sim.comparison import Parameters
from sim.engine.catalogue import Frozen, Text
from sim.engine.checking import check
from sim.engine.documents import parse_document, read_document
from sim.engine.problems import InputError, Problem, RefusedError, unknown_name
from sim.engine.shelf import find_file, ids_on
from sim.indicators import GROUPS, INDICATORS
from sim.levers import LEVERS
from sim.scenario import SCENARIOS
from sim.schema import DIALECT
from sim.shocks import SHOCKS
from sim.world.entries import Month, Slug
from sim.world.files import MunicipalityWorld, World, load_world, parse_world
from sim.world.state import ACTIVE, CONTACT, SLOTS, State, copy_state

WORKSHOPS = SCENARIOS / "workshops"
SCHEMA = WORKSHOPS / "schema" / "workshop.schema.json"
SCRIPT_KIND = Problem("session", "werksessie")
LUCKS = 500
Letter = Literal["nu", "A", "B", "C"]
MeasureId = Annotated[str, Field(json_schema_extra={"enum": sorted(MEASURES)})]


class PurseOf(Frozen):
    """What the room may spend a year."""

    hours: float = Field(ge=0, le=1_000_000)
    euros: float = Field(ge=0, le=100_000_000)


class Begun(Frozen):
    """A decision: a shock or a lever from a month on. ``future``: whose (none: all there are)."""

    shock: str | None = None
    lever: str | None = None
    month: Month
    intensity: float | None = None
    options: dict[str, float] = Field(default_factory=dict)
    months: int | None = Field(default=None, ge=1, le=120)
    initiative: int | None = Field(default=None, ge=0, le=199)
    future: Letter | None = None

    @model_validator(mode="after")
    def _one(self) -> Begun:
        if (self.shock is None) == (self.lever is None):
            raise RefusedError("give either a shock or a lever", "geef een shock of een lever, niet allebei")
        known: Any = SHOCKS if self.shock else LEVERS
        name = self.shock or self.lever or ""
        if name not in known:
            kind = Problem("shock", "gebeurtenis") if self.shock else Problem("lever", "maatregel")
            problem = unknown_name(name, known, kind)
            raise RefusedError(problem.en, problem.nl, "shock" if self.shock else "lever")
        return self

    def decision(self, number: int) -> Decision:
        """As a decision of a future."""
        name = self.shock or self.lever or ""
        entry: Any = SHOCKS[name] if self.shock else LEVERS[name]
        return Decision(
            number,
            "shock" if self.shock else "lever",
            name,
            self.month,
            float(entry.default if self.intensity is None else self.intensity),
            dict(self.options),
            {} if self.initiative is None else {"initiative": self.initiative},
            self.months,
        )


class Premise(Frozen):
    """What must hold when the months before ``month`` have gone by, for the story to be told: the first luck in which
    it does is taken. ``trust``: at least so much trust of the initiative in its contact person, who is there;
    ``not_adopted``: at least so many agreements in force that the council did not adopt."""

    month: Month
    initiative: int = Field(default=0, ge=0, le=199)
    trust: float = Field(default=0.0, ge=0, le=1)
    not_adopted: int = Field(default=0, ge=0, le=200)

    def holds(self, s: State) -> bool:
        """Whether it holds in a state."""
        me = s.initiatives[self.initiative]
        tie = s.ties[self.initiative * SLOTS + CONTACT]
        open_agreements = int(((s.agreements["in_force"] == 1) & (s.agreements["adopted"] == 0)).sum())
        trusted = self.trust == 0.0 or (
            me["status"] == ACTIVE and tie["trust"] >= self.trust and s.posts["present"][me["post"]] == 1
        )
        return bool(trusted) and open_agreements >= self.not_adopted


class Story(Frozen):
    """A municipality with its luck, and the month where the room comes in. ``world``: a shipped one, or a municipality
    described here."""

    id: Slug
    title: Text
    world: Slug | None = None
    municipality: dict[str, Any] | None = None
    seed: int = Field(default=1, ge=0, le=2**53 - 1)
    replicate: int = Field(default=0, ge=0, le=2**53 - 1)
    premise: Premise | None = None
    begin: Month
    purse: PurseOf | None = None
    names: dict[str, Annotated[str, Field(min_length=1, max_length=LONGEST_NAME)]] = Field(default_factory=dict)
    decisions: Annotated[tuple[Begun, ...], Field(strict=False, max_length=40)] = ()

    @model_validator(mode="after")
    def _possible(self) -> Story:
        if (self.world is None) == (self.municipality is None):
            raise RefusedError("give either a world or a municipality", "geef een world of een municipality")
        try:
            world = self.setting()
        except InputError as error:
            field = "world" if self.world else f"municipality.{error.field}"
            raise RefusedError(error.problem, error.problem_nl, field) from None
        if not isinstance(world, MunicipalityWorld):
            raise RefusedError(
                f"'{self.world}' is a whole country; a session needs one municipality",
                f"'{self.world}' is een heel land; een werksessie vraagt om één gemeente",
                "world",
            )
        if world.total_months > AS_MANY_MONTHS:
            raise RefusedError(
                f"{world.total_months} months are too long for a session; allowed: at most {AS_MANY_MONTHS}",
                f"{world.total_months} maanden is te lang voor een werksessie; hoogstens {AS_MANY_MONTHS}",
                "municipality.horizon",
            )
        if self.premise is not None and self.premise.initiative >= len(world.initiatives):
            raise RefusedError(
                f"there are initiatives 0 to {len(world.initiatives) - 1}",
                f"er zijn initiatieven 0 tot en met {len(world.initiatives) - 1}",
                "premise.initiative",
            )
        if not world.first_month <= self.begin <= world.last_month:
            raise RefusedError(
                f"{self.begin} lies outside the world; allowed: {world.first_month} to {world.last_month}",
                f"{self.begin} ligt buiten de wereld; toegestaan: {world.first_month} tot en met {world.last_month}",
                "begin",
            )
        return self

    def setting(self) -> World:
        """The world. Raises `InputError`."""
        if self.world is not None:
            return load_world(self.world)
        return parse_world({"kind": "municipality", **(self.municipality or {})}, "municipality")

    @property
    def stamp(self) -> str:
        """Twelve hexadecimal digits that say which world with which luck this is: a saved session goes on in no
        other."""
        luck = (self.seed, self.replicate, str(self.premise), self.begin)
        return hashlib.sha256(f"{self.setting().model_dump_json()}{luck}".encode()).hexdigest()[:12]

    def ground(self, parameters: Parameters | None = None) -> Ground:
        """The world with its luck: the replicate that is named, or the first from there in which the premise holds.
        ``parameters``: one row (left out: what a new session runs at). Raises `InputError` when it holds in none of
        `LUCKS`."""
        ground = Ground(self.setting(), self.seed, self.replicate, parameters)
        if self.premise is None:
            return ground
        stage = ground.stage
        track = stage.track(scenario_of("workshop", [each.decision(k) for k, each in enumerate(self.decisions)]))
        until = min(ground.position(self.premise.month), ground.months)
        out = np.empty((ground.months, len(GROUPS), len(INDICATORS)))
        state = copy_state(stage.start)
        for replicate in range(self.replicate, self.replicate + LUCKS):
            stage.begin(state, replicate)
            stage.run(state, track, replicate, 0, until, out)
            if self.premise.holds(state):
                same = replicate == self.replicate
                return ground if same else Ground(ground.world, self.seed, replicate, ground.stage.parameters)
        raise InputError(
            self.id, "premise", f"holds in none of {LUCKS} worlds", f"geldt in geen van {LUCKS} werelden"
        )  # fmt: skip


class OptionOf(Frozen):
    """An answer. ``below``: its values go up to this one, that one left out; the last answer takes the rest."""

    words: Text
    below: float | None = None


class QuestionOf(Frozen):
    """A question to the room. See `dashboard.workshop.predictions.Question`. ``month``: the month that the page shows
    when it is put (left out: any)."""

    id: Slug
    words: Text
    month: Month | None = None
    measure: MeasureId
    months: int = Field(ge=1, le=120)
    about: int | None = Field(default=None, ge=0, le=199)
    who: bool = False
    against: Letter | None = None
    options: Annotated[tuple[OptionOf, ...], Field(strict=False, max_length=8)] = ()

    @model_validator(mode="after")
    def _possible(self) -> QuestionOf:
        if self.measure not in MEASURES:
            problem = unknown_name(self.measure, MEASURES, Problem("measure", "maat"))
            raise RefusedError(problem.en, problem.nl, "measure")
        if self.who:
            if self.options or self.about is not None:
                raise RefusedError(
                    "the question who has the initiatives as its answers; leave options and about out",
                    "bij de vraag wie zijn de initiatieven de antwoorden; laat options en about weg",
                    "options",
                )
            return self
        if MEASURES[self.measure].together == "none" and self.about is None:
            raise RefusedError(
                "this measure needs one initiative (about), or the question who", "deze maat vraagt om about of who",
                "about",
            )  # fmt: skip
        bounds = [option.below for option in self.options]
        if len(bounds) < 2 or bounds[-1] is not None or None in bounds[:-1] or sorted(bounds[:-1]) != bounds[:-1]:  # type: ignore[type-var]
            raise RefusedError(
                "two answers or more, each but the last with a rising 'below'",
                "ten minste twee antwoorden, elk behalve het laatste met een oplopende 'below'",
                "options",
            )
        return self

    def question(self, naming: Naming, status: Any = None) -> Question:
        """As a question about this world; the question *who* has every initiative, and nobody, as answers."""
        words = {"nl": self.words.nl, "en": self.words.en}
        if self.who:
            rows = range(len(naming.described))
            options = [Option(f"i{row}", dict.fromkeys(("nl", "en"), naming.initiative(row))) for row in rows]
            options.append(Option(NOBODY, {"nl": "Niemand", "en": "Nobody"}))
        else:
            options = [
                Option(
                    chr(ord("A") + number),
                    {"nl": option.words.nl, "en": option.words.en},
                    math.inf if option.below is None else option.below,
                )
                for number, option in enumerate(self.options)
            ]
        return Question(
            self.id, words, self.measure, self.months, tuple(options), self.about, self.who, self.against
        )  # fmt: skip


class Parting(Frozen):
    """A further future: from which one, from which month on, and what it is called. ``without_shocks``: without the
    shocks that were decided in that one (what if not?)."""

    future: Letter = "nu"
    month: Month
    name: Text
    without_shocks: bool = False


class Step(Frozen):
    """A step of the session: what the leader says and does, and what the page does with one press. In this order:
    a story begins, the room goes to a month, futures part, decisions are taken, a question is put, shown, or asked of
    many worlds, and the months go by. ``claims``: what the words say of the world."""

    title: Text
    minutes: float = Field(ge=0, le=120)
    say: Text
    do: Text | None = None
    story: Slug | None = None
    go_to: Month | None = None
    part: Parting | None = None
    decide: Annotated[tuple[Begun, ...], Field(strict=False, max_length=20)] = ()
    play_to: Month | None = None
    question: Slug | None = None
    future: Letter = "nu"
    show: bool = False
    many: int | None = Field(default=None, ge=20, le=1000)
    claims: Annotated[tuple[Claim, ...], Field(strict=False, max_length=20)] = ()

    @property
    def asks(self) -> bool:
        """Whether it puts a question, rather than showing what came of one."""
        return self.question is not None and not self.show and self.many is None


class Role(Frozen):
    """A card for a participant: who they are, what they want, and what to look at."""

    id: Slug
    name: Text
    text: Text
    look: Text


class Script(Frozen):
    """A whole session."""

    id: Slug
    title: Text
    summary: Text
    minutes: int = Field(ge=5, le=240)
    materials: Annotated[tuple[Text, ...], Field(strict=False, max_length=20)] = ()
    roles: Annotated[tuple[Role, ...], Field(strict=False, max_length=12)] = ()
    pitfalls: Annotated[tuple[Text, ...], Field(strict=False, max_length=20)] = ()
    remember: Annotated[tuple[Text, ...], Field(strict=False, max_length=12)] = ()
    talk: Annotated[tuple[Text, ...], Field(strict=False, max_length=12)] = ()
    stories: Annotated[tuple[Story, ...], Field(strict=False, min_length=1, max_length=8)]
    questions: Annotated[tuple[QuestionOf, ...], Field(strict=False, max_length=40)] = ()
    steps: Annotated[tuple[Step, ...], Field(strict=False, min_length=1, max_length=80)]

    @model_validator(mode="after")
    def _hangs_together(self) -> Script:
        _distinct([each.id for each in self.stories], "stories")
        _distinct([each.id for each in self.questions], "questions")
        stories = {each.id: each for each in self.stories}
        questions = {each.id: each for each in self.questions}
        story = self.stories[0]
        there = {LETTERS[0]}
        for number, step in enumerate(self.steps, start=1):
            place = f"steps[{number}]"
            if step.story is not None:
                if step.story not in stories:
                    problem = unknown_name(step.story, stories, Problem("story", "verhaal"))
                    raise RefusedError(problem.en, problem.nl, f"{place}.story")
                story, there = stories[step.story], {LETTERS[0]}
            if step.part is not None:
                _known_future(step.part.future, there, f"{place}.part.future")
                if len(there) == len(LETTERS):
                    raise RefusedError("a fifth future; four are allowed", "een vijfde toekomst; vier mag", place)
                there.add(LETTERS[len(there)])
            for begun in step.decide:
                if begun.future is not None:
                    _known_future(begun.future, there, f"{place}.decide.future")
            _known_future(step.future, there, f"{place}.future")
            for claim in step.claims:
                for name in sorted(claim.futures):
                    _known_future(name, there, f"{place}.claims")
            if (step.show or step.many is not None) and step.question is None:
                raise RefusedError("says no question", "noemt geen vraag", f"{place}.question")
            if step.question is not None:
                if step.question not in questions:
                    problem = unknown_name(step.question, questions, Problem("question", "vraag"))
                    raise RefusedError(problem.en, problem.nl, f"{place}.question")
                asked = questions[step.question]
                if asked.against is not None:
                    _known_future(asked.against, there, f"{place}.question")
                rows = len(getattr(story.setting(), "initiatives", ()))
                if asked.about is not None and asked.about >= rows:
                    raise RefusedError(
                        f"the question is about initiative {asked.about}; there are 0 to {rows - 1}",
                        f"de vraag gaat over initiatief {asked.about}; er zijn er 0 tot en met {rows - 1}",
                        f"{place}.question",
                    )
            self._dates(step, story, place)
            self._names(step, story, place)
        for name in ("materials", "pitfalls", "remember", "talk"):
            for number, words in enumerate(getattr(self, name), start=1):
                check_places(words, self.stories[0].setting(), f"{name}[{number}]")
        for number, role in enumerate(self.roles, start=1):
            for words in (role.name, role.text, role.look):
                check_places(words, self.stories[0].setting(), f"roles[{number}]")
        return self

    def _names(self, step: Step, story: Story, place: str) -> None:
        """Whoever a step speaks of or decides about is there."""
        world = story.setting()
        for name in ("title", "say", "do"):
            if getattr(step, name) is not None:
                check_places(getattr(step, name), world, f"{place}.{name}")
        if step.question is not None:
            asked = self.question(step.question)
            for words in (asked.words, *(option.words for option in asked.options)):
                check_places(words, world, f"{place}.question")
        rows = len(getattr(world, "initiatives", ()))
        for begun in (*story.decisions, *step.decide):
            if begun.initiative is not None and begun.initiative >= rows:
                raise RefusedError(
                    f"there is no initiative {begun.initiative}; there are 0 to {rows - 1}",
                    f"er is geen initiatief {begun.initiative}; er zijn er 0 tot en met {rows - 1}",
                    f"{place}.decide",
                )

    def _dates(self, step: Step, story: Story, place: str) -> None:
        world = story.setting()
        months = [
            *(("decide.month", each.month) for each in step.decide),
            *([("go_to", step.go_to)] if step.go_to else []),
            *([("play_to", step.play_to)] if step.play_to else []),
            *([("part.month", step.part.month)] if step.part else []),
            *(
                ("claims", month)
                for each in step.claims
                for month in (each.month, each.since, each.than_month)
                if month
            ),
        ]
        asked = self.question(step.question) if step.question else None
        if asked is not None and asked.month is not None:
            months.append(("question", asked.month))
        for name, month in months:
            if not world.first_month <= month <= world.last_month:
                raise RefusedError(
                    f"{month} lies outside the world; allowed: {world.first_month} to {world.last_month}",
                    f"{month} ligt buiten de wereld; toegestaan: {world.first_month} tot en met {world.last_month}",
                    f"{place}.{name}",
                )
        try:
            scenario_of("session", [each.decision(number) for number, each in enumerate(step.decide)])
        except InputError as error:
            raise RefusedError(error.problem, error.problem_nl, f"{place}.decide") from None

    def story(self, name: str) -> Story:
        """The story with this id."""
        return next(each for each in self.stories if each.id == name)

    @cached_property
    def towns(self) -> dict[str, int]:
        """Which municipality each story is about, counted from 0: another one has other names, the same one the
        same."""
        found = {
            each.id: (each.world, str(each.municipality), each.seed, each.replicate, each.premise)
            for each in self.stories
        }
        order = list(dict.fromkeys(found.values()))
        return {name: order.index(town) for name, town in found.items()}

    def question(self, name: str) -> QuestionOf:
        """The question with this id."""
        return next(each for each in self.questions if each.id == name)


def _distinct(names: list[str], field: str) -> None:
    if len(set(names)) < len(names):
        raise RefusedError("two have the same id; each must have its own", "twee met dezelfde id; elk een eigen", field)


def _known_future(name: str, there: set[str], field: str) -> None:
    if name not in there:
        allowed = ", ".join(sorted(there))
        raise RefusedError(
            f"future {name} is not there yet; allowed: {allowed}",
            f"toekomst {name} is er nog niet; toegestaan: {allowed}",
            field,
        )


def purse_of(story: Story) -> Purse | None:
    """The story's purse; None: whatever the room likes."""
    return None if story.purse is None else Purse(story.purse.hours, story.purse.euros)


def names_of(story: Story) -> dict[str, str]:
    """Names that the story gives, by node."""
    return {node: clean_name(name) for node, name in story.names.items()}


# Loading -----------------------------------------------------------------------------------------------------------


def parse_script(data: dict[str, Any], file: str | Path) -> Script:
    """The session that plain data describe. Raises `InputError`."""
    return check(Script, data, file)


def read_script(raw: bytes | str, file: str | Path) -> Script:
    """The session in the text of a YAML file, such as an upload. Raises `InputError`."""
    return parse_script(parse_document(raw, file), file)


def load_script(name: str | Path) -> Script:
    """The session with this id (a shipped one) or in the file at this path. Raises `InputError`."""
    path = find_file(name, WORKSHOPS, SCRIPT_KIND)
    return parse_script(read_document(path), path)


def shipped_scripts() -> dict[str, Script]:
    """All shipped sessions by id, *turnover* first."""
    names = sorted(ids_on(WORKSHOPS), key=lambda name: (name != "turnover", name))
    return {name: load_script(name) for name in names}


def schema() -> dict[str, Any]:
    """The JSON Schema of a session file, for editors."""
    made = Script.model_json_schema()
    made["$defs"]["Story"]["properties"]["municipality"] = {
        "type": "object",
        "description": "A municipality as in a world file (scenarios/schema/world.schema.json), without `kind`.",
        "properties": {name: {} for name in sorted(MunicipalityWorld.model_fields)},
        "additionalProperties": False,
    }
    return {"$schema": DIALECT, **made, "title": "Samenspel session"}


def write_schema() -> None:
    """Write the schema to scenarios/workshops/schema/."""
    SCHEMA.write_text(json.dumps(schema(), indent=2, ensure_ascii=False) + "\n", encoding="utf-8")


if __name__ == "__main__":
    write_schema()
