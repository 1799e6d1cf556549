"""The command `samenspel`. Each command has its own file in `sim/commands/`, and imports what is heavy only when it
runs.

Exit status: 0 when all went well; 2, with one line `FILE: FIELD: what is wrong, and what is allowed` on standard
error, for bad input; 130 when
interrupted.
"""

from __future__ import annotations

import importlib
import os
import sys
from collections.abc import Sequence
from pathlib import Path

import click

from sim.commands.interruption import Interrupted, watching_for_interruption
from sim.lean import collect_seldom
from sim.mechanism.start import run_anew, taken_out

COMMANDS = {
    "serve": "sim.commands.serve",
    "compare": "sim.commands.compare",
    "run": "sim.commands.run",
    "check": "sim.commands.check",
    "list": "sim.commands.list",
    "calibrate": "sim.commands.calibrate",
    "validate": "sim.commands.validate",
    "sweep": "sim.commands.sweep",
    "sensitivity": "sim.commands.sensitivity",
    "discover": "sim.commands.discover",
}
BAD_INPUT, INTERRUPTED, OUR_FAULT = 2, 130, 1
GENERATORS = ("hash", "philox")  # those of sim/engine/compiling.py, which is too heavy to import for a mistake


class Lazy(click.Group):
    """A group whose commands are imported when they are asked for."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        """The names, in the order of a person's first steps."""
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        """The command with this name."""
        if cmd_name not in COMMANDS:
            return None
        command: click.Command = importlib.import_module(COMMANDS[cmd_name]).command
        return command


def _show_version(context: click.Context, _: click.Parameter, wanted: bool) -> None:
    if wanted and not context.resilient_parsing:
        from sim.result_files import version_of

        click.echo(f"samenspel {version_of('samenspel')}")
        context.exit()


@click.group(cls=Lazy, context_settings={"help_option_names": ["-h", "--help"]}, no_args_is_help=False)
@click.option(
    "--version", is_flag=True, is_eager=True, expose_value=False, callback=_show_version, help="Show the version."
)
@click.option(
    "--mechanism", metavar="FOLDER", expose_value=False,
    help="Build in the mechanism of this folder (docs/own-mechanism.md); also SAMENSPEL_MECHANISM.",
)  # fmt: skip
def program() -> None:
    """Samenspel: try a way of working together on a simulated world of residents' initiatives and municipalities.

    Start with `samenspel serve` for the dashboard, or `samenspel compare as-now structural-funding`.
    """
    from sim.engine.problems import InputError, shown

    name = os.environ.get("SAMENSPEL_GENERATOR", GENERATORS[0])
    if name not in GENERATORS:
        problem = f"'{shown(name)}' is not a generator; allowed: {', '.join(GENERATORS)}"
        raise InputError("samenspel", "SAMENSPEL_GENERATOR", problem)


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one command and return its exit status; without `arguments`, those of the process."""
    own_process = arguments is None
    if own_process:
        collect_seldom()
    _open_what_is_closed()
    try:
        words = list(sys.argv[1:]) if arguments is None else list(arguments)
        if (strange := _not_text(words)) is not None:
            _say(f"samenspel: {strange}: is not text in UTF-8; give the file or folder another name")
            return BAD_INPUT
        folder, words = taken_out(words)
        if folder is not None:
            return _run_in(folder, words, own_process)
        with watching_for_interruption():
            status = _run(words)
    except (Interrupted, KeyboardInterrupt):
        status = INTERRUPTED
        _say("samenspel: interrupted")
    if status == INTERRUPTED and own_process:
        # Threads of the calculation may still be in compiled code: nothing is left to wait for.
        os._exit(status)
    return status


def _run_in(folder: str, words: list[str], own_process: bool) -> int:
    """Run one command in the copy of the project that holds a mechanism."""
    from sim.engine.problems import InputError

    try:
        return run_anew(folder, words, own_process=own_process)
    except InputError as error:
        _say(str(error))
        return BAD_INPUT


def _run(arguments: list[str]) -> int:
    from sim.engine.problems import InputError, one_line

    try:
        with program.make_context("samenspel", arguments) as context:
            program.invoke(context)
        sys.stdout.flush()
        return 0
    except click.exceptions.Exit as end:  # --help, --version, or a command that says with what status to end
        return end.exit_code
    except InputError as error:
        _say(str(error))
        return BAD_INPUT
    except click.UsageError as error:
        _say(usage_problem(error))
        return BAD_INPUT
    except click.ClickException as error:
        _say(f"samenspel: {one_line(error.format_message())}")
        return BAD_INPUT
    except click.Abort:
        return INTERRUPTED
    except BrokenPipeError:
        # Whoever read our output has seen enough (`samenspel list | head`).
        _silence()
        return 0
    except OSError as error:
        _say(
            f"samenspel: {one_line(str(error.filename or 'standard output'))}: {one_line(error.strerror or str(error))}"
        )
        _silence()
        return BAD_INPUT
    except MemoryError:
        _say("samenspel: memory: this machine has too little for so much at once; give fewer scenarios or months")
        return BAD_INPUT
    except (Exception, RecursionError) as error:
        if os.environ.get("SAMENSPEL_TRACEBACK"):
            raise
        _say(
            f"samenspel: a fault of ours: {type(error).__name__}: {one_line(str(error))} "
            "(set SAMENSPEL_TRACEBACK=1 to see where)"
        )
        return OUR_FAULT


def _open_what_is_closed() -> None:
    """Standard streams that the process was started without (`samenspel list >&-`) lead nowhere, so that no file
    that is opened later takes their place.
    """
    for name, mode in (("stdin", "r"), ("stdout", "w"), ("stderr", "w")):
        if getattr(sys, name) is None:
            setattr(sys, name, Path(os.devnull).open(mode, encoding="utf-8"))  # noqa: SIM115 (until the process ends)


def _not_text(words: Sequence[str]) -> str | None:
    """The first word that holds bytes that are no UTF-8, as it can be shown: no result can say how it was made."""
    from sim.engine.problems import one_line

    for word in words:
        try:
            word.encode("utf-8")
        except UnicodeEncodeError:
            return one_line(word.encode("utf-8", "replace").decode("utf-8")) or "?"
    return None


def _silence() -> None:
    """Send what Python still flushes at its end nowhere: standard output cannot be written to."""
    sys.stdout = Path(os.devnull).open("w", encoding="utf-8")  # noqa: SIM115 (open until the process ends)


def usage_problem(error: click.UsageError) -> str:
    """A mistake on the command line in the same form as one in a file: COMMAND: OPTION: what is wrong."""
    from sim.engine.problems import nearest, one_line

    where = error.ctx.command_path if error.ctx else "samenspel"
    if isinstance(error, click.NoSuchOption):
        known = [option for parameter in (error.ctx.command.params if error.ctx else []) for option in parameter.opts]
        meant = nearest(error.option_name, known)
        hint = f"did you mean '{meant}'?" if meant else f"see '{where} --help'"
        return one_line(f"{where}: {error.option_name}: there is no such option; {hint}")
    if isinstance(error, click.MissingParameter) and error.param is not None:
        return one_line(f"{where}: {_label(error.param)}: is missing; see '{where} --help'")
    if isinstance(error, click.BadParameter) and error.param is not None:
        return one_line(f"{where}: {_label(error.param)}: {error.message}")
    if isinstance(error, click.BadOptionUsage):
        return one_line(f"{where}: {error.option_name}: {_lowered(error.message)}; see '{where} --help'")
    word = error.message.split("'")[1] if error.message.startswith("No such command '") else None
    if word is not None:
        meant = nearest(word, COMMANDS)
        hint = f"did you mean '{meant}'?" if meant else f"there are: {', '.join(COMMANDS)}"
        return one_line(f"samenspel: {word}: there is no such command; {hint}")
    return one_line(f"{where}: command line: {_lowered(error.message)}; see '{where} --help'")


def _label(parameter: click.Parameter) -> str:
    longest = max(parameter.opts, key=len)
    return (
        longest
        if isinstance(parameter, click.Option)
        else (parameter.metavar or longest).upper().split()[0].strip("[]…")
    )


def _lowered(message: str) -> str:
    return (message[:1].lower() + message[1:]).rstrip(".")


def _say(line: str) -> None:
    try:
        print(line.encode("utf-8", "replace").decode("utf-8"), file=sys.stderr, flush=True)
    except (OSError, ValueError):
        return  # nobody can be told


if __name__ == "__main__":
    sys.exit(main())
