"""Weaving: a copy of the project in which a mechanism's folder is built in.

    copy = woven(folder)          # the path of a copy; made when it is not there yet

The copy holds the packages `sim`, `calibration`, `dashboard` and `scenarios`, with the folder's files in the rooms
where they belong and a line in every list that spells the model out. It is a model like any other: it has its own
`model_hash`, so its own compiled code, and results that no other model's can be mixed with.

A copy is named by a hash of the project and of the folder, appears whole (written beside, then renamed), and is tried
before it appears: what numba will not compile is refused here.
"""

from __future__ import annotations

import ast
import hashlib
import json
import os
import secrets
import shutil
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path
from typing import Any

from sim.engine.problems import InputError
from sim.mechanism import edits
from sim.mechanism.check import FIRST_DRAW, MECHANISM, Folder, checked, files_of, found
from sim.mechanism.edits import MarkError

PROJECT = Path(__file__).resolve().parent.parent.parent
PACKAGES = ("sim", "calibration", "dashboard", "scenarios")
BESIDE = ("CITATION.cff", "docs/model.md", "docs/model.nl.md")  # what a page shows, where the project has it
MARKER = "woven.json"
KEPT = 6  # copies, beside those that a process is using
ABANDONED = 3600.0  # seconds after which a copy that was never finished is thrown away
LANGUAGES = ("nl", "en")
FORM = "1"  # raise it when the way of weaving changes


def home() -> Path:
    """Where the copies are: in the cache, beside the compiled code."""
    if named := os.environ.get("SAMENSPEL_CACHE"):  # as `sim.engine.compiling`, which would load numba
        return Path(named) / "mechanisms"
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(base) / "samenspel" / "mechanisms"


def sources(project: Path = PROJECT) -> Iterator[Path]:
    """Every file of the project that a copy holds, in a fixed order."""
    for package in PACKAGES:
        yield from sorted(
            path for path in (project / package).rglob("*")
            if path.suffix not in (".pyc", ".pyo") and "__pycache__" not in path.parts and path.is_file()
        )  # fmt: skip
    yield from (path for name in BESIDE if (path := project / name).is_file())


def hash_of(folder: Path, project: Path = PROJECT) -> str:
    """16 hexadecimal digits of a hash over the project and the folder."""
    digest = hashlib.sha256(FORM.encode())
    for root, listed in ((project, sources(project)), (folder, files_of(folder))):
        for path in listed:
            content = path.read_bytes()
            digest.update(f"{path.relative_to(root).as_posix()} {len(content)} ".encode())
            digest.update(content)
    return digest.hexdigest()[:16]


def woven(folder: str | Path, project: Path = PROJECT) -> Path:
    """The copy of the project with this folder built in. Raises `InputError` when something is wrong with the folder,
    when a list misses its place, or when the cache cannot be written.
    """
    path = found(folder)
    try:
        target = home() / hash_of(path, project)
        if is_whole(target):
            os.utime(target)
            return target
        made = checked(path, project)
        target.parent.mkdir(parents=True, exist_ok=True)
        _weave_into(target, made, project)
        tidy(target.parent)
    except OSError as error:
        where, why = error.filename or home(), (error.strerror or type(error).__name__).lower()
        raise InputError(str(where), "file", f"{why}; the mechanism could not be built in") from None
    return target


def _weave_into(target: Path, made: Folder, project: Path) -> None:
    part = target.parent / f".{target.name}.part-{secrets.token_hex(6)}"
    try:
        part.mkdir()
        copied(project, part)
        built_in(made, part)
        tried(made, part)
        _marked(part, made, target.name)
        _put(part, target)
    finally:
        shutil.rmtree(part, ignore_errors=True)


def copied(project: Path, copy: Path) -> None:
    """Copy the project's files, with their times: numba recognises a source by them."""
    for path in sources(project):
        place = copy / path.relative_to(project)
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copy2(path, place)


def _marked(part: Path, made: Folder, name: str) -> None:
    """Write what makes a copy whole: which folder it is of, and how large its files are."""
    for left in part.rglob("__pycache__"):
        shutil.rmtree(left, ignore_errors=True)
    sizes = {path.relative_to(part).as_posix(): path.stat().st_size for path in sorted(part.rglob("*")) if path.is_file()}
    said = {"mechanism": made.mechanism.id, "folder": str(made.path), "hash": name, "files": sizes}
    (part / MARKER).write_text(json.dumps(said), encoding="utf-8")


def _put(part: Path, target: Path) -> None:
    """Give a copy its name. Where another process was first, that one's is as good."""
    for _ in range(5):
        with suppress(OSError):
            part.rename(target)
            return
        if is_whole(target):
            return
        broken = target.parent / f".{target.name}.part-{secrets.token_hex(6)}"
        with suppress(OSError):
            target.rename(broken)
        shutil.rmtree(broken, ignore_errors=True)
    raise InputError(target, "folder", "cannot be replaced; remove it")


def is_whole(copy: Path) -> bool:
    """Whether a copy is there with all its files, none cut short."""
    try:
        sizes = json.loads((copy / MARKER).read_text(encoding="utf-8"))["files"]
        return bool(sizes) and all((copy / name).stat().st_size == size for name, size in sizes.items())
    except (OSError, ValueError, KeyError, TypeError, AttributeError):
        return False


def said_by(copy: Path) -> dict[str, Any] | None:
    """What a copy says of itself; None for a project that is no copy."""
    try:
        found_there: dict[str, Any] = json.loads((copy / MARKER).read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found_there


# Keeping the cache bounded ------------------------------------------------------------------------------------------

_held: list[Any] = []


def hold(copy: Path) -> None:
    """Say, as long as this process lives, that it uses a copy."""
    if sys.platform == "win32":  # there a file that is in use cannot be removed
        return
    import fcntl

    with suppress(OSError):
        opened = (copy / MARKER).open("rb")
        fcntl.flock(opened, fcntl.LOCK_SH | fcntl.LOCK_NB)
        _held.append(opened)


def tidy(folder: Path, *, kept: int = KEPT) -> None:
    """Remove the copies used longest ago, but for those that a process is using, and what was never finished."""
    there = [path for path in folder.iterdir() if path.is_dir()]
    for path in there:
        if path.name.startswith(".") and time.time() - path.stat().st_mtime > ABANDONED:
            shutil.rmtree(path, ignore_errors=True)
    copies = sorted((path for path in there if not path.name.startswith(".")), key=lambda path: path.stat().st_mtime)
    for path in copies[: max(0, len(copies) - kept)]:
        _removed(path)


def _removed(copy: Path) -> None:
    if sys.platform == "win32":
        with suppress(OSError):
            (copy / MARKER).unlink()
            shutil.rmtree(copy, ignore_errors=True)
        return
    import fcntl

    with suppress(OSError), (copy / MARKER).open("rb") as opened:
        fcntl.flock(opened, fcntl.LOCK_EX | fcntl.LOCK_NB)
        aside = copy.parent / f".{copy.name}.part-{secrets.token_hex(6)}"
        copy.rename(aside)
        shutil.rmtree(aside, ignore_errors=True)


# The lines ----------------------------------------------------------------------------------------------------------


def built_in(made: Folder, copy: Path) -> None:
    """Put the folder's files in their rooms, and a line in every list. Raises `InputError` naming a list without its
    place.
    """
    for room, paths in made.files.items():
        where = copy / ("scenarios" if room == "scenarios" else f"sim/{room}")
        for path in paths:
            shutil.copy2(path, where / path.name)
    _with_data(made, copy)
    for name, change in changes(made):
        edited(copy, name, change)


def edited(copy: Path, name: str, change: Callable[[str], str]) -> None:
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


def changes(made: Folder) -> Iterator[tuple[str, Callable[[str], str]]]:
    """Every file that gets a line, with what changes it."""
    for name, rule in made.mechanism.rules.items():
        yield "sim/why/driver.py", _driver(made, name)
        yield "sim/month.py", _month(name, rule.after, rule.words.en)
        yield "sim/steps.py", _steps(name)
        yield "sim/agents.py", _method(name, rule.words.en)
        yield "sim/why/links.py", _links(name, rule.feels)
    for name, field in made.mechanism.state.items():
        yield "sim/world/state.py", lambda text, name=name: edits.in_words(text, "INITIATIVE", ("f",), name)
        yield "sim/why/links.py", lambda text, name=name: edits.in_words(text, "FIELDS", ("initiatives", "outcome"), name)
        yield "sim/agents.py", lambda text, name=name, field=field: edits.in_class(
            text, "Initiative", f"\n\n    {name} = Amount({field.meaning.en!r}, {field.unit!r})"
        )
    if made.mechanism.draws:
        yield "sim/world/purposes.py", lambda text: text + "".join(
            f"\n{name} = {FIRST_DRAW + number}" for number, name in enumerate(made.mechanism.draws)
        ) + "\n"  # fmt: skip
    for name in made.mechanism.indicators:
        yield "sim/indicators/__init__.py", _listed(name, "MODULES")
        yield "sim/indicators/observe.py", _measured(name, "observe", "part", "part[{}]")
        yield "sim/why/measures.py", lambda text, name=name: _listed(name, "MEASURED")(
            _measured(name, "measure_all", "out", "out[i, {}]", imported=False)(text)
        )
        yield "dashboard/outcomes.py", lambda text, name=name: edits.in_tuple(text, "OUTCOMES", repr(name))
    if made.mechanism.indicators:
        count = len(made.mechanism.indicators)
        yield "sim/commands/running.py", lambda text: edits.raised(text, "INDICATORS", count)
    if made.mechanism.fixes:
        fixed = {lever: set(names) for lever, names in made.mechanism.fixes.items()}
        yield "dashboard/outcomes.py", lambda text: edits.after_node(
            text,
            edits.value_of(text, "BY_DEFINITION"),
            f"\nfor _lever, _fixed in {fixed!r}.items():\n    BY_DEFINITION.setdefault(_lever, set()).update(_fixed)",
        )


def _imported(text: str, room: str, name: str) -> str:
    return edits.with_import(text, f"from sim.{room} import {name} as own_{name}")


def _month(name: str, after: str, words: str) -> Callable[[str], str]:
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


def _steps(name: str) -> Callable[[str], str]:
    one, every = f"{name}_of_one_initiative", f"{name}_of_initiatives"
    functions = (
        f'@entry\ndef {every}(s: State) -> None:\n    """*{name}*, all initiatives."""\n    own_{name}.initiatives(s)\n\n\n'
        f'@entry\ndef {one}(row: int, s: State) -> None:\n    """*{name}*, one initiative."""\n'
        f"    own_{name}.initiative(row, s)\n\n\n"
    )

    def change(text: str) -> str:
        text = edits.in_dict(text, "_COMPILED", f'("{name}", "initiative"): ("{name}", {every}, {one})')
        text = edits.before_assignment(text, "_COMPILED", functions)
        return _imported(text, "rules", name)

    return change


def _method(name: str, words: str) -> Callable[[str], str]:
    method = f"\n\n    def {name}(self) -> None:\n        {words!r}\n        self.follow_rule({name!r})"
    return lambda text: edits.in_class(text, "Initiative", method)


def _links(name: str, feels: str) -> Callable[[str], str]:
    """In *why*: what the step feels, and that it may write any field (a list of them could miss one)."""

    def change(text: str) -> str:
        text = edits.in_dict(text, "FEELS", f'("{name}", "initiative"): {feels!r}')
        return edits.in_dict(text, "WRITES", f'("{name}", "initiative"): None')

    return change


def _driver(made: Folder, name: str) -> Callable[[str], str]:
    """In *why*: the step in the month of the worlds in which only some links are freed. STEPS says its number."""
    rule = made.mechanism.rules[name]

    def change(text: str) -> str:
        listed = (PROJECT / "sim" / "month.py").read_text(encoding="utf-8")
        for other, each in made.mechanism.rules.items():
            if other == name:
                break
            listed = _month(other, each.after, each.words.en)(listed)
        call = f"own_{name}.initiatives(policy if free > {rule.feels.upper()} else now)"
        text = edits.with_step(
            text, "lived_month", edits.step_number(listed, rule.after),
            lambda number: f"{call}\nafter({number}, free, words, tape, plan, room)",
        )  # fmt: skip
        return _imported(text, "rules", name)

    return change


def _listed(name: str, where: str) -> Callable[[str], str]:
    return lambda text: _imported(edits.in_tuple(text, where, f"own_{name}"), "indicators", name)


def _measured(name: str, where: str, target: str, place: str, *, imported: bool = True) -> Callable[[str], str]:
    def change(text: str) -> str:
        text = edits.after_numbered(
            text, where, target, lambda number: f"{place.format(number)} = own_{name}.measure(i, s)"
        )
        return _imported(text, "indicators", name) if imported else text

    return change


def _with_data(made: Folder, copy: Path) -> None:
    """What the levers cost, and the words of the pages."""
    if made.costs:
        import yaml

        listed = yaml.safe_dump(dict(made.costs), allow_unicode=True, sort_keys=False, width=10_000)
        indented = "".join(f"  {line}\n" for line in listed.splitlines())

        def costs(text: str) -> str:
            lines = text.splitlines(keepends=True)
            place = edits.one([k for k, line in enumerate(lines) if line.rstrip() == "levers:"], "levers")
            return "".join([*lines[: place + 1], indented, *lines[place + 1 :]])

        edited(copy, "scenarios/costs.yaml", costs)
    for language in LANGUAGES:
        words = {f"step.{name}.initiative": getattr(rule.words, language) for name, rule in made.mechanism.rules.items()}
        for name, shown in made.mechanism.indicators.items():
            words |= {
                f"indicator.{name}.name": getattr(shown.name, language),
                f"indicator.{name}.unit.one": getattr(shown.one, language),
                f"indicator.{name}.unit.many": getattr(shown.many, language),
            }
        (copy / "dashboard" / "i18n" / language / "mechanism.po").write_text(catalogue(language, words), encoding="utf-8")


def catalogue(language: str, words: dict[str, str]) -> str:
    """Texts as a gettext catalogue."""
    head = f'msgid ""\nmsgstr ""\n"Language: {language}\\n"\n"Content-Type: text/plain; charset=utf-8\\n"\n'
    quoted = {key: json.dumps(" ".join(said.split()), ensure_ascii=False) for key, said in words.items()}
    return head + "".join(f"\nmsgid {json.dumps(key)}\nmsgstr {said}\n" for key, said in quoted.items())


# The trial ----------------------------------------------------------------------------------------------------------


def tried(made: Folder, copy: Path) -> None:
    """Compile the folder's rules and measures on their own, in a process of their own. Raises `InputError` with what
    numba said.
    """
    scratch = copy / ".trial"
    names = [*(f"rules/{name}" for name in made.mechanism.rules), *(f"indicators/{name}" for name in made.mechanism.indicators)]
    kept_out = ("SAMENSPEL_MECHANISM", "PYTHONSTARTUP")
    environment = {name: value for name, value in os.environ.items() if name not in kept_out}
    environment |= {"SAMENSPEL_CACHE": str(scratch), "PYTHONPATH": path_of(copy), "PYTHONDONTWRITEBYTECODE": "1"}
    environment.pop("NUMBA_CACHE_DIR", None)
    try:
        ended = subprocess.run(
            [sys.executable, "-P", "-m", "sim.mechanism.trial", *names],
            env=environment, capture_output=True, text=True, encoding="utf-8", errors="replace", check=False, cwd=copy,
        )  # fmt: skip
    finally:
        shutil.rmtree(scratch, ignore_errors=True)
    try:
        document: dict[str, str] = json.loads(ended.stdout.splitlines()[-1])
    except (ValueError, IndexError):
        last = (ended.stderr.strip().splitlines() or ["it ended without a word"])[-1]
        raise InputError(made.path / MECHANISM, "file", f"the model with it does not start: {last}") from None
    if document:
        raise InputError(made.path / document["file"], document["field"], document["problem"])


def path_of(copy: Path, others: Iterable[str] = ()) -> str:
    """A PYTHONPATH with the copy first."""
    there = os.environ.get("PYTHONPATH")
    return os.pathsep.join([str(copy), *others, *([there] if there else [])])
