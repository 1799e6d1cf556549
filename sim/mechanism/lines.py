"""The lines that build a mechanism into a copy of the project: which file gets what, and where.

Files of compiled code spell the model out, because a compiled function cannot look a rule up in a list. So a rule, a
measure, a field stands in each of them: here is which.
"""

from __future__ import annotations

import ast
import json
import os
import shutil
from collections.abc import Callable, Iterator, Mapping, Sequence
from functools import partial
from pathlib import Path
from typing import Any

import yaml

from sim.engine.problems import InputError
from sim.mechanism import edits
from sim.mechanism.check import FIRST_DRAW, Folder, Mechanism, texts_of
from sim.mechanism.edits import MarkError

LANGUAGES = ("nl", "en")
Change = Callable[[str], str]  # from the text of a file to its new text; raises `MarkError`


def built_in(made: Folder, copy: Path) -> None:
    """Put the folder's files in their rooms, and a line in every list. Raises `InputError` naming a list without its
    place.
    """
    for room, paths in made.files.items():
        where = copy / ("scenarios" if room == "scenarios" else f"sim/{room}")
        for path in paths:
            shutil.copy2(path, where / path.name)
    _with_texts(made, copy)
    for name, change in changes(made, copy):
        edited(copy, name, change)


def edited(copy: Path, name: str, change: Change) -> None:
    """Change a file of the copy; it keeps its time, by which numba recognises a source."""
    path = copy / name
    try:
        before = path.stat()
        text = change(path.read_text(encoding="utf-8"))
        if path.suffix == ".py":
            ast.parse(text, name)
    except MarkError as error:
        raise InputError(name, str(error), "the place where a mechanism is put in is not there exactly once; "
                         "this version of the project does not take one",
                         "de plek waar een mechanisme in komt is er niet precies één keer") from None  # fmt: skip
    except (SyntaxError, FileNotFoundError) as error:
        raise InputError(name, "file", f"does not take a mechanism ({type(error).__name__})") from None
    path.write_text(text, encoding="utf-8")
    os.utime(path, ns=(before.st_atime_ns, before.st_mtime_ns))


def changes(made: Folder, copy: Path) -> Iterator[tuple[str, Change]]:
    """Every file of the copy that gets a line, with what changes it; one after another."""
    said = made.mechanism
    for name, rule in said.rules.items():
        before = (copy / "sim" / "month.py").read_text(encoding="utf-8")
        yield "sim/why/driver.py", _driver(name, rule.after, rule.feels, before)
        yield "sim/month.py", _month(name, rule.after, rule.words.en)
        yield "sim/steps.py", _steps(name)
        yield "sim/agents.py", _method(name, rule.words.en)
        yield "sim/why/links.py", _links(name, rule.feels)
    for name, field in said.state.items():
        yield "sim/world/state.py", partial(edits.in_words, name="READ_IN_BOTH", path=("f",), word=name)
        yield "sim/why/links.py", partial(edits.in_words, name="FIELDS", path=("initiatives", "outcome"), word=name)
        view = f"\n\n    {name} = Amount({field.meaning.en!r}, {field.unit!r})"
        yield "sim/agents.py", partial(edits.in_class, name="Initiative", words=view)
    if said.draws:
        yield "sim/world/purposes.py", _purposes(said.draws)
    for name in said.indicators:
        yield "sim/indicators/__init__.py", _listed(name, "MODULES")
        yield "sim/indicators/observe.py", _measured(name, "observe_rows", "part", "part[{}]")
        yield "sim/why/measures.py", _listed(name, "MEASURED")
        yield "sim/why/measures.py", _measured(name, "measure_all", "out", "out[i, {}]", imported=False)
        yield "dashboard/outcomes.py", partial(edits.in_tuple, name="OUTCOMES", words=repr(name))
    if said.indicators:
        yield "sim/commands/running.py", partial(edits.raised, name="INDICATORS", by=len(said.indicators))
    for file in ("sim/commands/running.py", "dashboard/simulation.py"):  # the command that makes a result again
        yield file, partial(edits.in_command, words=f'"--mechanism", {made.path.name!r}')
    if said.fixes:
        yield "dashboard/outcomes.py", _fixes({lever: set(names) for lever, names in said.fixes.items()})
    if made.costs:
        yield "scenarios/costs.yaml", _costs(made.costs)


def _purposes(names: Sequence[str]) -> Change:
    """Purposes of chance, with numbers that the model leaves free."""
    words = "".join(f"\n{name} = {FIRST_DRAW + number}" for number, name in enumerate(names))
    return lambda text: f"{text}{words}\n"


def _fixes(fixed: Mapping[str, set[str]]) -> Change:
    """Outcomes that follow from what a lever is, beside those that the model knows."""
    words = f"\nfor _lever, _fixed in {fixed!r}.items():\n    BY_DEFINITION.setdefault(_lever, set()).update(_fixed)"
    return lambda text: edits.after_node(text, edits.value_of(text, "BY_DEFINITION"), words)


def _costs(costs: Mapping[str, Any]) -> Change:
    """What levers cost, above those of the model."""
    listed = yaml.safe_dump(dict(costs), allow_unicode=True, sort_keys=False, width=10_000)
    indented = "".join(f"  {line}\n" for line in listed.splitlines())

    def change(text: str) -> str:
        rows = text.splitlines(keepends=True)
        place = edits.one([k for k, row in enumerate(rows) if row.rstrip() == "levers:"], "levers")
        return "".join([*rows[: place + 1], indented, *rows[place + 1 :]])

    return change


def _imported(text: str, room: str, name: str) -> str:
    return edits.with_import(text, f"from sim.{room} import {name} as own_{name}")


def _month(name: str, after: str, words: str) -> Change:
    step = f'Step("{name}", "initiative", {words!r}, own_{name}.initiative, own_{name}.initiatives)'

    def change(text: str) -> str:
        halves = [half for half in ("first_half", "second_half") if _calls(text, half, after)]
        half = edits.one(halves, "first_half, second_half")
        call = _calls(text, half, after)[0]
        text = edits.after_statement(text, half, lambda each: edits.is_call(each, call), f"own_{name}.initiative(i, s)")
        text = edits.in_tuple(text, "STEPS", step, lambda each: edits.is_step(each, after))
        return _imported(text, "rules", name)

    return change


def _calls(text: str, half: str, after: str) -> list[str]:
    calls = (f"{after}.initiative", f"own_{after}.initiative")
    return [call for each in ast.walk(edits.function(text, half)) for call in calls if edits.is_call(each, call)]


def _steps(name: str) -> Change:
    one, every = f"{name}_of_one_initiative", f"{name}_of_initiatives"
    functions = (
        f'@entry\ndef {every}(s: State) -> None:\n    """*{name}*, all initiatives."""\n'
        f"    own_{name}.initiatives(s)\n\n\n"
        f'@entry\ndef {one}(row: int, s: State) -> None:\n    """*{name}*, one initiative."""\n'
        f"    own_{name}.initiative(row, s)\n\n\n"
    )

    def change(text: str) -> str:
        text = edits.in_dict(text, "_COMPILED", f'("{name}", "initiative"): ("{name}", {every}, {one})')
        text = edits.before_assignment(text, "_COMPILED", functions)
        return _imported(text, "rules", name)

    return change


def _method(name: str, words: str) -> Change:
    method = f"\n\n    def {name}(self) -> None:\n        {words!r}\n        self.follow_rule({name!r})"
    return lambda text: edits.in_class(text, "Initiative", method)


def _links(name: str, feels: str) -> Change:
    """In *why*: what the step feels, and that it may write any field (a list of them could miss one)."""

    def change(text: str) -> str:
        text = edits.in_dict(text, "FEELS", f'("{name}", "initiative"): {feels!r}')
        return edits.in_dict(text, "WRITES", f'("{name}", "initiative"): None')

    return change


def _driver(name: str, after: str, feels: str, month: str) -> Change:
    """In *why*: the step in the month of the worlds in which only some links are freed. month: sim/month.py without
    it, which says the number of the step that it follows.
    """
    call = f"own_{name}.initiatives(policy if free > {feels.upper()} else now)"

    def change(text: str) -> str:
        try:
            number = edits.step_number(month, after)
        except MarkError:
            raise MarkError("STEPS of sim/month.py") from None
        text = edits.with_step(
            text, "lived_month", number, lambda number: f"{call}\nafter({number}, free, words, tape, plan, room)"
        )
        return _imported(text, "rules", name)

    return change


def _listed(name: str, where: str) -> Change:
    return lambda text: _imported(edits.in_tuple(text, where, f"own_{name}"), "indicators", name)


def _measured(name: str, where: str, target: str, place: str, *, imported: bool = True) -> Change:
    def change(text: str) -> str:
        text = edits.after_numbered(
            text, where, target, lambda number: f"{place.format(number)} = own_{name}.measure(i, s)"
        )
        return _imported(text, "indicators", name) if imported else text

    return change


def _with_texts(made: Folder, copy: Path) -> None:
    """The words of the pages, as a catalogue of their own."""
    for language in LANGUAGES:
        words = texts(made.mechanism, language, texts_of(copy, language))
        place = copy / "dashboard" / "i18n" / language / "mechanism.po"
        place.write_text(catalogue(language, words), encoding="utf-8")


def texts(mechanism: Mechanism, language: str, there: dict[str, str]) -> dict[str, str]:
    """What the pages say of a mechanism in one language, by key. there: the texts there are."""
    words = {f"unit.{unit}": dutch if language == "nl" else unit for unit, dutch in mechanism.units.items()}
    words = {key: said for key, said in words.items() if key not in there}
    for name, rule in mechanism.rules.items():
        words[f"step.{name}.initiative"] = getattr(rule.words, language)
        words[f"process.{name}"] = getattr(mechanism.name, language)
    for name, shown in mechanism.indicators.items():
        given = {"name": shown.name, "unit.one": shown.one, "unit.many": shown.many, "what": shown.what,
                 "measure": shown.measure}  # fmt: skip
        words |= {f"indicator.{name}.{key}": getattr(said, language) for key, said in given.items()}
        like = "homes_reached" if shown.counted else "energy"
        words |= {f"indicator.{name}.{key}": there[f"indicator.{like}.{key}"] for key in ("is", "less", "even")}
    return words


def catalogue(language: str, words: dict[str, str]) -> str:
    """Texts as a gettext catalogue."""
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    quoted = {key: json.dumps(" ".join(said.split()), ensure_ascii=False) for key, said in words.items()}
    return head + "".join(f"\nmsgid {json.dumps(key)}\nmsgstr {said}\n" for key, said in quoted.items())
