"""Whether a mechanism's folder is right: its files, their fields, and names that are still free.

Nothing of the folder is imported here: its Python is only parsed. What numba thinks of it is tried later, in the woven
copy (`sim.mechanism.trial`).
"""

from __future__ import annotations

import ast
import keyword
import re
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from pydantic import Field, RootModel, StringConstraints

from sim.engine.catalogue import Frozen, Text
from sim.engine.checking import check
from sim.engine.documents import read_document
from sim.engine.problems import InputError, Problem, one_line, unknown_name

if TYPE_CHECKING:
    from sim.levers import Lever

Name = Annotated[str, StringConstraints(pattern=r"^[a-z][a-z0-9_]*$", max_length=60)]
Draw = Annotated[str, StringConstraints(pattern=r"^[A-Z][A-Z0-9_]*$", max_length=60)]
Pair = Annotated[tuple[float, float], Field(strict=False)]
Feels = Literal["contact", "trust", "agreement", "money", "work"]

MECHANISM = "mechanism.yaml"
COSTS = "costs.yaml"
# Where a rule may be put: after one of these steps of initiatives, which are taken together, row by row.
STEPS_BEFORE = ("contact", "trust", "surprises", "pace", "negotiation", "money", "work", "facilitation", "energy")
ROOMS = {"evidence": ".yaml", "levers": ".yaml", "rules": ".py", "indicators": ".py", "scenarios": ".yaml"}
# Modules that a rule or an indicator may import; of a package, everything in it.
IMPORTS = ("__future__", "math", "sim.engine", "sim.world", "sim.indicators.indicator", "sim.indicators.in_touch")
# What a Mesa agent has already, beside what stands in sim/agents.py.
AGENT = frozenset({"model", "unique_id", "random", "rng", "pos", "cell", "remove", "step", "advance", "create_agents"})
FIRST_DRAW, LAST_DRAW = 200, 255
MOST_FILES, LARGEST = 200, 1_000_000


class Rule(Frozen):
    """Where a rule stands in the month (`after` a step of initiatives), what it does in words, and, for *why*, the
    first link of the chain that feels what it does.
    """

    after: Name
    words: Text
    feels: Feels = "work"


class StateField(Frozen):
    """A number an initiative remembers; it begins at zero."""

    unit: Annotated[str, StringConstraints(min_length=1, max_length=80)]
    meaning: Text


class Shown(Frozen):
    """What an indicator is called on a page: its name, its unit for one and for many, in the middle of a sentence
    (there is more of …), and as the measure of a figure. `counted`: it takes fewer, not less.
    """

    name: Text
    one: Text
    many: Text
    what: Text
    measure: Text
    counted: bool = False


class Mechanism(Frozen):
    """The file `mechanism.yaml`. `draws`: purposes for chance; `fixes`: outcomes that follow from what a lever is;
    `units`: Dutch for units of parameters that the model does not have yet.
    """

    id: Name
    name: Text
    rules: dict[Name, Rule] = Field(min_length=1)
    state: dict[Name, StateField] = Field(default_factory=dict)
    draws: tuple[Draw, ...] = Field(default=(), strict=False)
    indicators: dict[Name, Shown] = Field(default_factory=dict)
    units: dict[str, Annotated[str, StringConstraints(min_length=1, max_length=80)]] = Field(default_factory=dict)
    fixes: dict[Name, Annotated[tuple[Name, ...], Field(strict=False)]] = Field(default_factory=dict)


class Evidence(RootModel[dict[Name, "PriorRow"]]):
    """The parameters of one rule by name."""


class PriorRow(Frozen):
    """One parameter, as in sim/evidence/."""

    unit: str = Field(min_length=1)
    prior: float | dict[Literal["uniform", "loguniform"], Pair]
    role: Literal["calibrated", "sensitivity", "fixed", "lever"] = "fixed"
    status: Literal["interviewed", "inferred", "assumption"]
    source: str = Field(min_length=1)
    section: str = ""
    meaning: Text
    range: Pair | None = None


@dataclass(frozen=True)
class Folder:
    """A folder that is right. `files`: by room, its files in sorted order; `costs`: of its levers, as plain data."""

    path: Path
    mechanism: Mechanism
    files: Mapping[str, tuple[Path, ...]]
    costs: Mapping[str, Any]


def found(folder: str | Path) -> Path:
    """The folder, as an absolute path. Raises `InputError` where there is none, or it holds no mechanism."""
    text = str(folder)
    path = Path(text)
    try:
        path = path.expanduser().resolve()
        there = bool(text.strip()) and path.is_dir()
        described = there and (path / MECHANISM).is_file()
    except (OSError, RuntimeError, ValueError):
        there = described = False
    if not there:
        raise InputError(text or "(nothing)", "--mechanism", "there is no such folder; give that of a mechanism",
                         "deze map is er niet; geef die van een mechanisme")  # fmt: skip
    if not described:
        raise InputError(text, MECHANISM, "is missing; docs/own-mechanism.md says what a folder holds",
                         "ontbreekt; docs/own-mechanism.md zegt wat er in een map moet staan")  # fmt: skip
    return path


def files_of(folder: Path) -> list[Path]:
    """The files of a folder that the model can see, in a fixed order: not its tests, notes or what Python leaves."""
    listed = [folder / name for name in (MECHANISM, COSTS) if (folder / name).is_file()]
    for room, ending in ROOMS.items():
        listed += sorted(path for path in (folder / room).glob(f"*{ending}") if path.name != "__init__.py")
    if len(listed) > MOST_FILES:
        raise InputError(folder, "folder", f"holds {len(listed)} files; at most {MOST_FILES} are allowed")
    for path in listed:
        if path.stat().st_size > LARGEST:
            raise InputError(
                path, "file", "larger than 1 MB, the most that is allowed", "groter dan 1 MB; meer mag niet"
            )
    return listed


def checked(folder: Path, project: Path) -> Folder:
    """All of a folder checked against the project at `project` (the folder that holds `sim`). Raises `InputError`."""
    listed = files_of(folder)
    rooms = {room: tuple(path for path in listed if path.parent.name == room) for room in ROOMS}
    mechanism = check(Mechanism, read_document(folder / MECHANISM), folder / MECHANISM)
    _check_names(folder, mechanism, rooms, project)
    for path in rooms["rules"]:
        check_code(path, functions={"initiative": ["i", "s"], "initiatives": ["s"]})
    for path in rooms["indicators"]:
        check_code(path, functions={"measure": ["i", "s"]}, values=("INDICATOR",))
    parameters = _check_parameters(rooms["evidence"], mechanism, texts_of(project, "nl"))
    levers = _check_levers(rooms["levers"], mechanism)
    with also_known(levers):
        costs = _check_costs(folder, levers)
        _check_fixes(folder, mechanism)
        _check_scenarios(rooms["scenarios"], parameters)
    return Folder(folder, mechanism, rooms, costs)


@contextmanager
def also_known(levers: Mapping[str, Lever]) -> Iterator[None]:
    """The folder's levers are among those of the model for a while: so its scenarios can be checked as any other."""
    from sim.levers import LEVERS

    LEVERS.update(levers)
    try:
        yield
    finally:
        for name in levers:
            del LEVERS[name]


# Names --------------------------------------------------------------------------------------------------------------


def _check_names(folder: Path, mechanism: Mechanism, rooms: Mapping[str, tuple[Path, ...]], project: Path) -> None:
    file, sim = folder / MECHANISM, project / "sim"
    taken = agent_names(sim)
    _same("rules", mechanism.rules, rooms["rules"], folder)
    _same("indicators", mechanism.indicators, rooms["indicators"], folder)
    steps = [*STEPS_BEFORE]
    for name, rule in mechanism.rules.items():
        free(file, f"rules.{name}", name, {*_stems(sim / "rules"), *taken})
        if rule.after not in steps:
            problem = unknown_name(rule.after, steps, Problem("step of initiatives", "stap van initiatieven"))
            raise InputError(file, f"rules.{name}.after", problem.en, problem.nl)
        steps.append(name)
    for name in mechanism.state:
        free(file, f"state.{name}", name, {*state_names(sim), *taken, *mechanism.rules})
    known = {each.targets[0].id for each in ast.walk(_parsed(sim / "world" / "purposes.py"))
             if isinstance(each, ast.Assign) and isinstance(each.targets[0], ast.Name)}  # fmt: skip
    for number, name in enumerate(mechanism.draws):
        free(file, f"draws[{number + 1}]", name, known)
        known.add(name)
    if len(mechanism.draws) > LAST_DRAW - FIRST_DRAW + 1:
        raise InputError(file, "draws", f"has more than {LAST_DRAW - FIRST_DRAW + 1} purposes")
    for room, named in (("evidence", "processes"), ("indicators", "indicators"), ("levers", "levers")):
        there = {*_stems(sim / room), *(_stems(sim / "shocks") if room == "levers" else ())}
        for path in rooms[room]:
            free(path, "file", path.stem, there, f"there is '{path.stem}' among the {named} already")
    for path in rooms["scenarios"]:
        free(path, "file", path.stem, _stems(project / "scenarios"))
    for path in (*rooms["rules"], *rooms["indicators"], *rooms["evidence"]):
        if not path.stem.isidentifier() or keyword.iskeyword(path.stem):
            raise InputError(path, "file", f"'{path.stem}' is not a name that Python can import; use letters and _")


def _same(field: str, named: Iterable[str], files: Iterable[Path], folder: Path) -> None:
    names, stems = set(named), {path.stem for path in files}
    for name in sorted(names - stems):
        raise InputError(folder / field / f"{name}.py", "file", f"there is no such file, but {MECHANISM} names it",
                         f"dit bestand is er niet, maar {MECHANISM} noemt het")  # fmt: skip
    for name in sorted(stems - names):
        raise InputError(folder / MECHANISM, f"{field}.{name}", f"is missing; {field}/{name}.py is there",
                         f"ontbreekt; {field}/{name}.py is er")  # fmt: skip


def free(file: Path, field: str, name: str, taken: Iterable[str], why: str = "") -> None:
    """Raises `InputError` for a name that the model has already."""
    if name in set(taken):
        raise InputError(file, field, why or f"the model has '{name}' already; choose another name",
                         f"'{name}' is er al in het model; kies een andere naam")  # fmt: skip


def _stems(folder: Path) -> set[str]:
    return {path.stem for path in folder.iterdir() if path.suffix in (".py", ".yaml")}


def _parsed(path: Path) -> ast.Module:
    return ast.parse(path.read_text(encoding="utf-8"), path.name)


def agent_names(sim: Path) -> set[str]:
    """What an initiative has already: its fields, properties and steps."""
    names = set(AGENT)
    for each in _parsed(sim / "agents.py").body:
        if isinstance(each, ast.ClassDef) and each.name in ("Entity", "Initiative"):
            for part in each.body:
                if isinstance(part, ast.FunctionDef):
                    names.add(part.name)
                elif isinstance(part, ast.Assign) and isinstance(part.targets[0], ast.Name):
                    names.add(part.targets[0].id)
                elif isinstance(part, ast.AnnAssign) and isinstance(part.target, ast.Name):
                    names.add(part.target.id)
    return names


def state_names(sim: Path) -> set[str]:
    """The fields of an initiative's record, by the tables that it joins."""
    body = _parsed(sim / "world" / "state.py").body
    tables = {ast.unparse(each.targets[0]): each.value for each in body if isinstance(each, ast.Assign)}
    joined = tables["INITIATIVE"]
    assert isinstance(joined, ast.Call)
    words = [
        part.value
        for table in joined.args
        for part in ast.walk(tables[ast.unparse(table)])
        if isinstance(part, ast.Constant)
    ]
    return {name for each in words if isinstance(each, str) for name in each.split()}


# Python -------------------------------------------------------------------------------------------------------------


def check_code(path: Path, functions: Mapping[str, list[str]], values: Iterable[str] = ()) -> None:
    """Raises `InputError` where a file is not Python, imports what it may not, or lacks a function or value."""
    try:
        tree = ast.parse(path.read_bytes(), path.name)
    except (SyntaxError, ValueError, RecursionError, MemoryError) as error:
        line = getattr(error, "lineno", None)
        field = f"line {line}" if line else "file"
        raise InputError(path, field, f"not Python: {one_line(getattr(error, 'msg', None) or str(error))}",
                         f"geen Python: {one_line(getattr(error, 'msg', None) or str(error))}") from None  # fmt: skip
    for line, module in imports(tree):
        if not any(module == each or module.startswith(f"{each}.") for each in IMPORTS):
            allowed = ", ".join(each for each in IMPORTS if each != "__future__")
            raise InputError(path, f"line {line}", f"imports '{module}', which it may not; allowed: {allowed}",
                             f"importeert '{module}', en dat mag niet; toegestaan: {allowed}")  # fmt: skip
    there = {each.name: [argument.arg for argument in each.args.args] for each in tree.body
             if isinstance(each, ast.FunctionDef)}  # fmt: skip
    for name, arguments in functions.items():
        if name not in there:
            raise InputError(path, name, f"is missing; a function {name}({', '.join(arguments)}) is needed",
                             f"ontbreekt; nodig is een functie {name}({', '.join(arguments)})")  # fmt: skip
        if there[name] != arguments:
            raise InputError(path, name, f"takes ({', '.join(there[name])}); it must take ({', '.join(arguments)})")
    assigned = {ast.unparse(target) for each in tree.body for target in _targets(each)}
    for name in values:
        if name not in assigned:
            raise InputError(path, name, "is missing; docs/how-to-add.md says what it holds",
                             "ontbreekt; docs/how-to-add.md zegt wat erin staat")  # fmt: skip


def _targets(statement: ast.stmt) -> list[ast.expr]:
    if isinstance(statement, ast.Assign):
        return statement.targets
    return [statement.target] if isinstance(statement, ast.AnnAssign) else []


def imports(tree: ast.Module) -> Iterator[tuple[int, str]]:
    """Every module that a file imports, with the line. A name from a package counts as the package's module."""
    for each in ast.walk(tree):
        if isinstance(each, ast.Import):
            yield from ((each.lineno, name.name) for name in each.names)
        elif isinstance(each, ast.ImportFrom):
            yield each.lineno, "." * each.level + (each.module or "")


# Data ---------------------------------------------------------------------------------------------------------------


def texts_of(project: Path, language: str) -> dict[str, str]:
    """The texts of the pages by key; only those that stand on one line."""
    found: dict[str, str] = {}
    for path in sorted((project / "dashboard" / "i18n" / language).glob("*.po")):
        pairs = re.findall(r'^msgid "(.+)"\nmsgstr "(.+)"$', path.read_text(encoding="utf-8"), re.MULTILINE)
        found |= dict(pairs)
    return found


def _check_parameters(paths: Iterable[Path], mechanism: Mechanism, texts: Mapping[str, str]) -> dict[str, Any]:
    """The folder's parameters by name, as a scenario needs to know them."""
    from sim.evidence import parameters as shipped

    known: dict[str, Any] = {}
    for path in paths:
        if path.stem not in mechanism.rules:
            raise InputError(
                path, "file", f"carries the name of no rule; {MECHANISM} has: {', '.join(mechanism.rules)}"
            )
        for name, row in check(Evidence, read_document(path), path).root.items():
            if keyword.iskeyword(name):
                raise InputError(path, name, "is a word of Python; choose another name")
            free(path, name, name, {*shipped.PARAMETERS, *known})
            if f"unit.{row.unit}" not in texts and row.unit not in mechanism.units:
                raise InputError(path, f"{name}.unit",
                                 f"'{row.unit}' is new; give the Dutch for it under units in {MECHANISM}",
                                 f"'{row.unit}' is nieuw; geef het Nederlands onder units in {MECHANISM}")  # fmt: skip
            if isinstance(row.prior, dict):
                if len(row.prior) != 1:
                    raise InputError(path, f"{name}.prior", "must be one distribution: uniform or loguniform")
                ((law, (low, high)),) = row.prior.items()
                if not low < high or (law == "loguniform" and low <= 0):
                    raise InputError(path, f"{name}.prior", f"[{low:g}, {high:g}] is no range; the lower comes first")
        known |= {each.name: each for each in shipped._read(path)}
    return known


def _check_levers(paths: Iterable[Path], mechanism: Mechanism) -> dict[str, Lever]:
    from sim.levers import Lever

    levers = {}
    for path in paths:
        lever = check(Lever, read_document(path), path)
        if lever.id != path.stem:
            raise InputError(path, "id", f"'{lever.id}' must be the name of the file, '{path.stem}'")
        if lever.mechanism not in mechanism.rules:
            problem = unknown_name(lever.mechanism, mechanism.rules, Problem("rule", "regel"))
            raise InputError(path, "mechanism", problem.en, problem.nl)
        levers[lever.id] = lever
    return levers


def _check_costs(folder: Path, levers: Mapping[str, Lever]) -> dict[str, Any]:
    from sim.costs import LeverCost

    file = folder / COSTS
    data = read_document(file) if levers or file.is_file() else {}
    for name in data:
        if name not in levers:
            problem = unknown_name(name, levers, Problem("lever of this folder", "maatregel van deze map"))
            raise InputError(file, name[:60], problem.en, problem.nl)
    for name in levers:
        if name not in data:
            raise InputError(file, name, "is missing; say what the lever costs", "ontbreekt; zeg wat de maatregel kost")
    check(RootModel[dict[str, LeverCost]], data, file)
    return data


def _check_fixes(folder: Path, mechanism: Mechanism) -> None:
    from sim.levers import LEVERS

    outcomes = {*_stems(Path(__file__).resolve().parent.parent / "indicators"), *mechanism.indicators}
    for lever, fixed in mechanism.fixes.items():
        if lever not in LEVERS:
            problem = unknown_name(lever, LEVERS, Problem("lever", "maatregel"))
            raise InputError(folder / MECHANISM, f"fixes.{lever}", problem.en, problem.nl)
        for name in fixed:
            if name not in outcomes:
                problem = unknown_name(name, outcomes, Problem("indicator", "uitkomst"))
                raise InputError(folder / MECHANISM, f"fixes.{lever}", problem.en, problem.nl)


def _check_scenarios(paths: Iterable[Path], parameters: Mapping[str, Any]) -> None:
    from sim.evidence.parameters import PARAMETERS
    from sim.scenario import parse_scenario

    for path in paths:
        scenario = parse_scenario(read_document(path), path, {**PARAMETERS, **parameters})
        if scenario.id != path.stem:
            raise InputError(path, "id", f"'{scenario.id}' must be the name of the file, '{path.stem}'")
