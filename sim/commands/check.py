"""`samenspel check`: says whether files are right, and if not, what is wrong."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

import click

from sim.commands.common import output_options, print_json

if TYPE_CHECKING:
    from sim.engine.problems import InputError

WORLD_FIELDS = frozenset({"kind", "first_month", "past_from", "horizon", "policy_start", "inhabitants", "facts"})
SWEEP_FIELDS = frozenset({"design", "vary", "keep_months"})
SESSION_FIELDS = frozenset({"stories", "steps", "questions"})
TARGET_FIELDS = frozenset({"source", "orders"})
SCENARIO_FIELDS = frozenset({"levers", "shocks", "costs"})
HEAD_FIELDS = frozenset({"id", "name", "description", "parameters"})
KINDS = ("scenario", "world", "sweep", "target", "session", "parameters")


@click.command("check", short_help="Check scenario, world, sweep, target, session and parameter files.")
@click.argument("files", nargs=-1, required=True, metavar="FILE …")
@output_options
@click.pass_context
def command(context: click.Context, files: tuple[str, ...], quiet: bool, as_json: bool) -> None:
    """Check scenario, world, sweep, target and parameter files, and sessions of the workshop.

    For each file that is wrong there is one line: FILE: FIELD: what is wrong, and what is allowed.
    """
    from sim.engine.problems import InputError

    found: list[dict[str, Any]] = []
    for file in files:
        try:
            told = checked(file)
            found.append({"file": file, "ok": True, **told, "notice": _notice(file, told)})
        except InputError as error:
            found.append(_wrong(file, error))
            print(error, file=sys.stderr)
    if as_json:
        print_json({"files": found})
    elif not quiet:
        for entry in found:
            if entry["ok"]:
                named = f" ({entry['id']})" if entry["id"] else ""
                notice = f"; {entry['notice']}" if entry["notice"] else ""
                click.echo(f"{entry['file']}: a {entry['kind']} file, all right{named}{notice}")
    if not all(entry["ok"] for entry in found):
        context.exit(2)


def _wrong(file: str, error: InputError) -> dict[str, Any]:
    return {"file": file, "ok": False, "field": error.field, "problem": error.problem}


def _notice(file: str, told: dict[str, str | None]) -> str | None:
    """What a person should know of a file that is right: its id is that of another, shipped one."""
    from sim.scenario import SCENARIOS

    folder = {"scenario": SCENARIOS, "world": SCENARIOS / "worlds"}.get(told["kind"] or "")
    if folder is None:
        return None
    shipped = folder / f"{told['id']}.yaml"
    if not shipped.is_file() or shipped.samefile(file):
        return None
    return f"a shipped {told['kind']} has this id too, and results would name both the same: give yours another id"


def checked(file: str) -> dict[str, str | None]:
    """What kind of file it is, and its id. Raises `InputError` when something is wrong with it."""
    from sim.engine.documents import read_document

    data = read_document(file)
    kind = kind_of(data)
    if kind is None:
        from sim.engine.problems import InputError

        raise InputError(file, "file", f"is of no kind that is checked here; allowed: {', '.join(KINDS)}")
    if kind == "world":
        from sim.world.files import parse_world

        return {"kind": kind, "id": parse_world(data, file).id}
    if kind == "target":
        from calibration.targets import parse_targets

        return {"kind": kind, "id": parse_targets(data, file).id}
    if kind == "session":
        from dashboard.workshop.script import parse_script

        return {"kind": kind, "id": parse_script(data, file).id}
    if kind == "parameters":
        from sim.comparison import load_parameters

        load_parameters(Path(file))
        return {"kind": kind, "id": None}
    if kind == "sweep":
        from sim.research.sweep_file import parse_sweep

        return {"kind": kind, "id": parse_sweep(data, file).id}
    from sim.scenario import parse_scenario

    return {"kind": "scenario", "id": parse_scenario(data, file).id}


def kind_of(data: dict[str, Any]) -> str | None:
    """The kind of file that has such fields, one of `KINDS`; None: no kind has them."""
    fields = set(data)
    if "prices" in fields:  # the file of costs, which has levers and shocks too
        return None
    if "questions" in fields and fields & TARGET_FIELDS:
        return "target"
    if fields & SESSION_FIELDS:
        return "session"
    if fields & SWEEP_FIELDS:
        return "sweep"
    if fields & SCENARIO_FIELDS:
        return "scenario"
    if fields & WORLD_FIELDS:
        return "world"
    from sim.evidence.parameters import PARAMETERS

    if fields & set(PARAMETERS):
        return "parameters"
    return "scenario" if fields & HEAD_FIELDS else None
