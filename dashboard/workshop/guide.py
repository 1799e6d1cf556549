"""The leader's guide, the role cards and the handout of a session, made from the session's own file: HTML and tagged
PDF, in Dutch and English. What usually comes out is computed, not written down.

    python -m dashboard.workshop.guide turnover --out DIR
"""

from __future__ import annotations

import argparse
import json
from dataclasses import asdict, dataclass, field
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any, Literal

from dashboard.language import LANGUAGES, month_name, number, plural, text
from dashboard.pool import Pool
from dashboard.workshop.calling import decision_name, future_name
from dashboard.workshop.following import do_step, step_done
from dashboard.workshop.naming import Naming
from dashboard.workshop.places import filled_in
from dashboard.workshop.predictions import Asked, Outcome, Spread, many_worlds, outcome
from dashboard.workshop.room import Room
from dashboard.workshop.script import Script, load_script
from dashboard.workshop.telling import capital
from dashboard.workshop.values import fitted_parameters, session_parameters
from dashboard.workshop.view import PACE, footing, label
from dashboard.workshop.weighing import USUAL, marks_of, surprise
from sim.comparison import Parameters

FOLDER = Path(__file__).resolve().parent
WORLDS = 200
Kind = Literal["guide", "handout", "cards"]
KINDS = ("guide", "handout", "cards")


@dataclass(frozen=True)
class Rehearsed:
    """A question as it comes out when the script is followed, and how many of the worlds gave each answer: with other
    luck alone, and (``unknown``; None: there is no fit) with other values of what is not known too."""

    asked: Asked
    room: Room
    outcome: Outcome
    spread: Spread
    unknown: Spread | None
    departures: dict[str, int]


@dataclass(frozen=True)
class Scene:
    """A step of the script as it is met: the names that hold then, what the page will do, and whether it has done so
    already when the leader comes to it."""

    naming: Naming
    departures: dict[str, int]
    does: dict[str, tuple[str, ...]]
    begun: bool = False


@dataclass
class Part:
    """A part of a document: a heading with paragraphs, points, a table or cards."""

    title: str
    paragraphs: list[str] = field(default_factory=list)
    points: list[str] = field(default_factory=list)
    steps: list[dict[str, Any]] = field(default_factory=list)
    head: list[str] = field(default_factory=list)
    rows: list[list[str]] = field(default_factory=list)
    cards: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Paper:
    """A guide or a handout: plain data, without markup."""

    kind: Kind
    language: str
    title: str
    subtitle: str
    description: str
    warning: str
    made_by: str
    page: str
    parts: list[Part]


def rehearse(
    script: Script, worlds: int = WORLDS, parameters: Parameters | None = None
) -> tuple[list[Scene], list[Rehearsed]]:
    """Go through the whole script without an audience: its scenes, and each question's outcome the last time that it
    is shown."""
    room = Room("0000", Pool(0))
    room.begin(script, script.id, parameters)
    scenes: list[Scene] = []
    asked: list[tuple[Asked, Room]] = []
    fitted = fitted_parameters()
    for place, step in enumerate(script.steps):
        room.step = place
        begun = place == 0 and step.story is not None and step_done(room)
        if step.story is not None:
            _finish(asked, room)
        if step.show or step.many is not None:
            until = step.play_to or (room.ground.month_name(room.current.end) if room.current else None)
            does: dict[str, tuple[str, ...]] = {each: _plays(room, until, each) for each in LANGUAGES}
            if step.play_to is None and room.current is not None:
                room._seen(room.current.end)
        else:
            before = room.position
            do_step(room, here=True)
            does = {language: _does(room, step, before, language) for language in LANGUAGES}
            if step.question is not None and room.current is not None:
                asked.append((room.current, room))
        scenes.append(Scene(room.naming, room.departures(), does, begun))
        if step.play_to is not None:
            room._seen(room.ground.position(step.play_to) + 1)
    _finish(asked, room)
    found = []
    for put, where in asked:
        futures = where.futures.all
        found.append(
            Rehearsed(
                put,
                where,
                outcome(where.ground, put, futures),
                many_worlds(where.ground, put, futures, worlds),
                many_worlds(where.ground, put, futures, worlds, parameters=fitted) if fitted is not None else None,
                where.departures(put.future, put.position),
            )
        )
    return scenes, found


def _finish(asked: list[tuple[Asked, Room]], room: Room) -> None:
    """Before a story ends: keep its futures for the questions that were put in it."""
    if not asked:
        return
    kept = Room("0000", room.pool)
    for name in ("script", "source", "story", "futures", "naming", "position"):
        setattr(kept, name, getattr(room, name))
    for place, (put, where) in enumerate(asked):
        if where is room:
            asked[place] = (put, kept)


def _plays(room: Room, until: str | None, language: str) -> tuple[str, ...]:
    """Until when the months go by, and how long that takes; empty: they do not."""
    months = 0 if until is None else room.ground.position(until) + 1 - room.position
    if until is None or months <= 0:
        return ()
    slow, fast = (max(1, round(months / PACE[speed])) for speed in (1, 3))
    when = month_name(language, until, short=False)
    return (
        plural(
            language, "workshop.guide.play", slow, month=when, slow=number(language, slow), fast=number(language, fast)
        ),
    )


def _does(room: Room, step: Any, before: int, language: str) -> tuple[str, ...]:
    """What the page does in a step, in words, once it was done; ``before``: where the room was."""
    made = []
    if step.story is not None:
        made.append(text(language, "workshop.guide.story", name=getattr(room.story.title, language)))
    if step.go_to is not None:
        made.append(text(language, "workshop.guide.go_to", month=month_name(language, step.go_to, short=False)))
    if step.part is not None:
        made.append(
            text(
                language, "workshop.guide.part", name=getattr(step.part.name, language),
                month=month_name(language, step.part.month, short=False),
            )
        )  # fmt: skip
        if step.story is None and room.position < before:
            shown = month_name(language, room.ground.month_name(room.position), short=False)
            made.append(text(language, "workshop.guide.goes_back", month=shown))
    for begun in step.decide:
        name = decision_name(room, begun.decision(0), language, begun.future or "nu")
        when = month_name(language, begun.month, short=False)
        if begun.future and len(room.futures.all) > 1:
            whose = future_name(room.futures[begun.future], language)
            made.append(text(language, "workshop.guide.in_future", future=whose, name=name, month=when))
        else:
            made.append(text(language, "workshop.guide.decide", name=name, month=when))
    return (*made, *_plays(room, step.play_to, language))


def usually(rehearsed: Rehearsed, language: str) -> str:
    """How firmly the worlds point to one answer."""
    share = max(rehearsed.spread.share(option.id) for option in rehearsed.asked.question.options)
    key = "firm" if share >= 0.75 else "often" if share >= USUAL else "open"
    return text(language, f"workshop.guide.{key}")


def guide(script: Script, language: str, worlds: int = WORLDS, parameters: Parameters | None = None) -> Paper:
    """The leader's guide; ``parameters``: one row (left out: what a new session runs at)."""
    parameters = session_parameters() if parameters is None else parameters
    scenes, questions = rehearse(script, worlds, parameters)
    first = scenes[0].departures

    def told(words: Any, departures: dict[str, int] | None = None, naming: Naming | None = None) -> str:
        chosen = scenes[0].naming if naming is None else naming
        return capital(filled_in(getattr(words, language), chosen, departures or first, language))

    def word(key: str, **values: object) -> str:
        return text(language, f"workshop.guide.{key}", **values)

    steps = []
    for place, (step, scene) in enumerate(zip(script.steps, scenes, strict=True), start=1):
        before = scenes[max(0, place - 2)].departures
        names = before if step.story is None else scene.departures
        steps.append(
            {
                "number": place,
                "title": told(step.title, names, scene.naming),
                "minutes": word("minutes", minutes=number(language, step.minutes)),
                "say": told(step.say, names, scene.naming),
                "asks": word("asks", words=told(script.question(str(step.question)).words, names, scene.naming))
                if step.asks
                else "",
                "do": " ".join(
                    [
                        *([told(step.do, names, scene.naming)] if step.do else []),
                        *([word("close", button=text(language, "workshop.ui.close"))] if step.asks else []),
                    ]
                ),
                "does": [word("begun")] if scene.begun else list(scene.does[language]),
                "button": text(language, "workshop.ui.next") if scene.begun else label(step, language),
                "onward": bool(scene.begun),  # this button comes last; what lets something happen comes first
            }
        )
    parts = [
        Part(word("goal"), [told(script.summary)]),
        Part(word("materials"), points=[told(each) for each in script.materials]),
        Part(word("before"), points=[word(f"before_{k}") for k in range(1, 9)]),
        Part(word("plan"), [word("plan_text")], steps=steps),
        Part(
            word("usually"),
            [
                word("usually_text", worlds=worlds),
                word("unknown_too" if all(each.unknown for each in questions) else "luck_alone"),
                footing(parameters, language),
            ],
        ),
    ]
    for each in questions:
        asked = each.asked
        options = []
        for option in asked.question.options:
            mark = word("here") if option.id == each.outcome.option else ""
            words = marks_of(asked)[option.id] + ". "
            words += capital(filled_in(option.words[language], each.room.naming, each.departures, language))
            counts = [
                word("of_worlds", count=spread.counts[option.id], worlds=worlds)
                for spread in (each.spread, each.unknown)
                if spread is not None
            ]
            options.append([words, *counts, mark])
        parts.append(
            Part(
                capital(filled_in(asked.question.words[language], each.room.naming, each.departures, language)),
                [usually(each, language) + " " + word(f"surprise_{surprise(each.spread, each.outcome.option)}")],
                head=[
                    word("answer"),
                    word("in_worlds"),
                    *([word("in_unknown")] if each.unknown else []),
                    word("this_world"),
                ],
                rows=options,
            )
        )
    parts += [
        Part(word("pitfalls"), points=[told(each) for each in script.pitfalls]),
        Part(word("talk"), points=[told(each) for each in script.talk]),
        Part(word("trouble"), points=[word(f"trouble_{k}") for k in range(1, 7)]),
    ]
    return Paper(
        "guide", language, word("title", name=told(script.title)),
        word("subtitle", minutes=script.minutes, steps=len(script.steps)), told(script.summary), word("warning"),
        word("made_by"), word("page"), [part for part in parts if part.title],
    )  # fmt: skip


def _roles(script: Script, told: Any, language: str) -> list[dict[str, str]]:
    return [
        {
            "name": told(role.name),
            "text": told(role.text),
            "look": text(language, "workshop.guide.look", words=told(role.look)),
        }
        for role in script.roles
    ]


def handout(script: Script, language: str, worlds: int = WORLDS, parameters: Parameters | None = None) -> Paper:
    """The handout of one page, for afterwards: how to read the map, what to remember, how often it came out so, what
    to talk about. ``parameters``: one row (left out: what a new session runs at)."""
    parameters = session_parameters() if parameters is None else parameters
    told, word = _speaking(script, language)
    _, questions = rehearse(script, worlds, parameters)
    parts = [
        Part(word("map"), points=[word(f"map_{k}") for k in range(1, 5)]),
        Part(word("remember"), points=[told(each) for each in script.remember]),
        Part(
            word("how_often"),
            [word("how_sure", worlds=worlds), footing(parameters, language)],
            points=[commonest(each, worlds, language) for each in questions],
        ),
        Part(word("talk"), points=[told(each) for each in script.talk]),
    ]
    return Paper(
        "handout", language, told(script.title), told(script.summary), told(script.summary), word("warning"),
        word("made_by"), word("page"), [part for part in parts if part.points],
    )  # fmt: skip


def commonest(each: Rehearsed, worlds: int, language: str) -> str:
    """A question with the answer that came out most, and in how many worlds."""
    question = each.asked.question
    most = max(question.options, key=lambda option: each.spread.counts[option.id])
    asked, answer = (
        capital(filled_in(words[language], each.room.naming, each.departures, language))
        for words in (question.words, most.words)
    )
    told = text(
        language, "workshop.guide.most", question=asked, answer=answer, count=each.spread.counts[most.id],
        worlds=worlds,
    )  # fmt: skip
    if each.unknown is not None:
        told += " " + text(language, "workshop.guide.most_unknown", count=each.unknown.counts[most.id])
    return told


def cards(script: Script, language: str) -> Paper:
    """Role cards to cut out, for before; nothing of what comes out stands on them."""
    told, word = _speaking(script, language)
    return Paper(
        "cards", language, word("cards_title", name=told(script.title)), word("cards_text"), word("cards_text"),
        word("warning"), word("made_by"), word("page"),
        [Part(word("roles"), cards=_roles(script, told, language))] if script.roles else [],
    )  # fmt: skip


def _speaking(script: Script, language: str) -> tuple[Any, Any]:
    """How a session's texts and the fixed words are told, with the names of its first story."""
    room = Room("0000", Pool(0))
    room.begin(script, script.id)
    names = room.departures()

    def told(words: Any) -> str:
        return capital(filled_in(getattr(words, language), room.naming, names, language))

    def word(key: str, **values: object) -> str:
        return text(language, f"workshop.guide.{key}", **values)

    return told, word


# On paper ----------------------------------------------------------------------------------------------------------


@cache
def template() -> Any:
    """The HTML template; everything that is put in it is escaped."""
    from jinja2 import Environment, FileSystemLoader, StrictUndefined

    environment = Environment(
        loader=FileSystemLoader(FOLDER), autoescape=True, undefined=StrictUndefined, trim_blocks=True,
        lstrip_blocks=True,
    )  # fmt: skip
    return environment.get_template("guide.html.j2")


def html(paper: Paper) -> bytes:
    """The paper as one HTML file that needs nothing else and runs nothing."""
    from dashboard.memo.layout import embedded_font, palette

    made: str = template().render(paper=paper, font=embedded_font(), palette=palette()["light"])
    return made.encode()


def pdf(paper: Paper) -> bytes:
    """The paper as tagged PDF (PDF/UA-1), with language, title and headings."""
    import typst

    from dashboard.memo.layout import FONTS, printable

    made = typst.compile(
        str(FOLDER / "guide.typ"),
        root=str(FOLDER),
        font_paths=[str(FONTS)],
        ignore_system_fonts=True,
        sys_inputs={"paper": printable(json.dumps(asdict(paper)))},
        format="pdf",
        pdf_standards=["ua-1"],
        timestamp=int(datetime.now(UTC).timestamp()),
    )
    assert isinstance(made, bytes)  # one document
    return made


def made(
    script: Script, kind: str, language: str, form: str, parameters: Parameters | None = None
) -> tuple[str, bytes]:
    """A file: its name and what is in it; ``parameters``: of a session that goes on. Raises ValueError for a kind,
    language or form that there is not."""
    if kind not in KINDS or language not in LANGUAGES or form not in ("html", "pdf"):
        raise ValueError(f"{kind}, {language}, {form}: not known")
    if kind == "cards":
        paper = cards(script, language)
    else:
        paper = (guide if kind == "guide" else handout)(script, language, parameters=parameters)
    name = text(language, f"workshop.guide.file_{kind}")
    return f"samenspel-{script.id}-{name}-{language}.{form}", html(paper) if form == "html" else pdf(paper)


def main() -> None:
    """Write all papers of a session to a folder."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("script", help="id of a shipped session, or the path of a file")
    parser.add_argument("--out", type=Path, default=Path())
    given = parser.parse_args()
    script = load_script(given.script)
    given.out.mkdir(parents=True, exist_ok=True)
    for kind in KINDS:
        for language in LANGUAGES:
            for form in ("html", "pdf"):
                name, content = made(script, kind, language, form)
                (given.out / name).write_bytes(content)
                print(given.out / name)


if __name__ == "__main__":
    main()
