"""What `compare` and `run` share: their options, and carrying them out."""

from __future__ import annotations

import shlex
from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

import click

from sim.commands.common import WholeNumber, output_options, print_pieces
from sim.commands.interruption import INTERRUPTION, Interrupted
from sim.commands.progress import Progress
from sim.lean import load_numba

if TYPE_CHECKING:
    from sim.result import Result

MOST_REPLICATES = 1_000_000
MOST_MONTHS = 600
MOST_WORKERS = 1024
MOST_SEED = 2**53 - 1
FEW_REPLICATES = 200
GROUPS = 7
INDICATORS = 16

OPTIONS: dict[str, dict[str, Any]] = {
    "--world": {
        "default": "reference",
        "show_default": True,
        "metavar": "W",
        "help": "A world: an id (see `samenspel list worlds`) or a file.",
    },
    "--replicates": {
        "type": WholeNumber(1, MOST_REPLICATES),
        "default": 200,
        "show_default": True,
        "metavar": "N",
        "help": "How many times each scenario lives through the world, with other chance events each time.",
    },
    "--months": {
        "type": WholeNumber(1, MOST_MONTHS),
        "default": None,
        "metavar": "N",
        "help": "Number of months, from the world's first.  [default: the world's own]",
    },
    "--seed": {
        "type": WholeNumber(0, MOST_SEED),
        "default": 1,
        "show_default": True,
        "metavar": "N",
        "help": "Which chance events.",
    },
    "--out": {"default": None, "metavar": "DIR", "help": "Write a result folder."},
    "--workers": {
        "type": WholeNumber(1, MOST_WORKERS),
        "default": None,
        "metavar": "N",
        "help": "Number of threads; the numbers do not depend on it.  [default: all cores]",
    },
    "--parameters": {
        "default": None,
        "metavar": "SET",
        "help": "prior-median, posterior (a draw a replicate), posterior-median, a file with values by name, or a "
        "folder of `samenspel calibrate`.  [default: posterior where it belongs to this model, else prior-median]",
    },
    "--every-month": {
        "is_flag": True,
        "help": "Keep single worlds of every month in runs.parquet, not only of Decembers and the last.",
    },
}


def running_options[F: Callable[..., Any]](function: F) -> F:
    """The options of `compare` and `run`."""
    for name, settings in reversed(OPTIONS.items()):
        function = click.option(name, **settings)(function)
    return output_options(function)


def carry_out(command: str, names: Sequence[str], *, compared: bool, options: Mapping[str, Any]) -> None:
    """Run the scenarios, write what is asked for, and print it.

    Everything that can be known to be wrong is said before the work starts. Raises `InputError`, or `Interrupted`.
    """
    from sim.commands.parameters import chosen_parameters
    from sim.engine.problems import InputError
    from sim.scenario import load_scenarios
    from sim.world.files import load_world

    title = f"samenspel {command}"
    for field, given in (*(("SCENARIO", name) for name in names), ("--world", options["world"])):
        if not given.strip():
            shelf = "worlds" if field == "--world" else "scenarios"
            raise InputError(title, field, f"is an empty name; give an id (see `samenspel list {shelf}`) or a file")
    parameters = chosen_parameters(options["parameters"], title)
    scenarios = load_scenarios(tuple(names))
    world = load_world(options["world"])
    months = options["months"] or world.horizon
    if options["out"] is not None:
        _check_out(options, len(scenarios), months, title)
    load_numba()
    _check_memory(options, len(scenarios), months, title)
    from sim.comparison import Cancelled, compare

    progress = Progress(f"{title}: worlds", quiet=options["quiet"])
    try:
        with progress:
            result = compare(
                scenarios,
                world=world,
                replicates=options["replicates"],
                months=options["months"],
                seed=options["seed"],
                parameters=parameters,
                workers=options["workers"],
                every_month=options["every_month"],
                progress=progress,
                cancelled=INTERRUPTION,
            )
    except Cancelled:
        raise Interrupted from None
    result = _as_asked(result, command, names, compared=compared, options=options)
    if options["out"] is not None:
        try:
            result.write(options["out"])
        except InputError as error:
            raise InputError(title, "--out", f"{error.file}: {error.problem}") from None
    if options["as_json"]:
        from sim.result_files import json_text

        print_pieces(json_text(result))
    elif not options["quiet"]:
        from sim.commands.summary import summary_lines

        click.echo("\n".join(summary_lines(result, options["out"])))


def _check_out(options: Mapping[str, Any], scenarios: int, months: int, title: str) -> None:
    from sim.engine.problems import InputError
    from sim.result_files import bytes_needed, check_result_target

    sampled = _sampled(options, months)
    needed = bytes_needed(scenarios, GROUPS, INDICATORS, months, sampled, options["replicates"])
    try:
        check_result_target(options["out"], bytes_needed=needed)
    except InputError as error:
        raise InputError(title, "--out", f"{error.file}: {error.problem}") from None


def _check_memory(options: Mapping[str, Any], scenarios: int, months: int, title: str) -> None:
    from sim.commands.memory import bytes_to_be_had
    from sim.engine.blocks import cores
    from sim.engine.problems import InputError
    from sim.result_files import memory_needed

    replicates = options["replicates"]
    needed = memory_needed(
        scenarios, GROUPS, INDICATORS, months, _sampled(options, months), replicates, options["workers"] or cores()
    )
    free = bytes_to_be_had()
    if free is None or needed <= free:
        return
    less = "fewer scenarios or months"
    if replicates > FEW_REPLICATES:
        less = f"fewer scenarios or months, or at most {FEW_REPLICATES} replicates"
    if options["every_month"]:
        less = f"no --every-month, or {less}"
    raise InputError(
        title, "memory",
        f"so much at once needs about {needed / 1e6:,.0f} MB, but {free / 1e6:,.0f} MB can be had here; give {less}",
    )  # fmt: skip


def _sampled(options: Mapping[str, Any], months: int) -> int:
    """Number of months of which single worlds are kept, from above."""
    return months if options["every_month"] else months // 12 + 1


def _as_asked(
    result: Result, command: str, names: Sequence[str], *, compared: bool, options: Mapping[str, Any]
) -> Result:
    """The result with the command that was given, and without differences for `run`."""
    from dataclasses import replace

    words = ["samenspel", command, *names, "--world", options["world"], "--replicates", str(options["replicates"])]
    words += [
        "--months",
        str(len(result.months)),
        "--seed",
        str(options["seed"]),
        "--parameters",
        options["parameters"] or result.parameter_set.name,
    ]
    if options["every_month"]:
        words.append("--every-month")
    result = replace(result, command=shlex.join(words))
    return result if compared else result.without_comparison()


def give_at_least(names: Sequence[str], least: int) -> None:
    """Refuse fewer scenarios than a command needs."""
    context = click.get_current_context()
    if len(names) < least:
        few = "at least two scenarios; the first is the one that the others are compared with"
        raise click.BadParameter(
            f"give {few if least == 2 else 'at least one scenario'} (see `samenspel list scenarios`)",
            ctx=context,
            param=next(parameter for parameter in context.command.params if parameter.name == "scenarios"),
        )
