"""Which parameters a run uses: a shipped set by name, or a person's own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.comparison import Parameters

SETS = ("prior-median", "posterior", "posterior-median")


def chosen_parameters(text: str | None, command: str) -> Parameters:
    """The parameters that a name, a file or a folder of a fit means; None: the default of a comparison. Raises
    `InputError`, of `command` where no file is wrong.
    """
    from sim.engine.problems import InputError, nearest

    if text is None:
        from sim.comparison import default_parameters

        return default_parameters()

    if text not in SETS and not _is_file(text):
        meant = nearest(text, SETS)
        hint = f"did you mean '{meant}'?" if meant else f"allowed: {', '.join(SETS)}, or a file"
        raise InputError(command, "--parameters", f"'{text}' is neither a known set nor a file; {hint}")
    from sim.comparison import load_parameters

    if text not in SETS:
        return load_parameters(Path(text))
    try:
        return load_parameters(text)
    except InputError as error:
        raise InputError(command, "--parameters", f"'{text}': {error.problem}") from None


def _is_file(text: str) -> bool:
    try:
        return Path(text).exists()
    except (OSError, ValueError):
        return False
