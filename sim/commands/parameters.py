"""Which parameters a run uses: a shipped set by name, or a person's own file."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from sim.comparison import Parameters

SETS = ("prior-median", "posterior", "posterior-median")
ALLOWED = f"{', '.join(SETS)}, a file, or the folder of a fit"


def chosen_parameters(text: str | None, command: str) -> Parameters:
    """The parameters that a name, a file or a folder of a fit means; None: the default of a comparison. Raises
    `InputError`, of `command` where no file is wrong.
    """
    from sim.engine.problems import InputError, nearest

    if text is None:
        from sim.comparison import default_parameters

        return default_parameters()

    if text not in SETS and not _is_there(text):
        meant = nearest(text, SETS)
        hint = f"did you mean '{meant}'?" if meant else f"allowed: {ALLOWED}"
        raise InputError(command, "--parameters", f"'{text}' is neither a known set nor a file or folder; {hint}")
    from sim.comparison import load_parameters
    from sim.posterior import is_posterior

    if text not in SETS and Path(text).is_dir() and not is_posterior(Path(text)):
        raise InputError(command, "--parameters", f"'{text}' is a folder that holds no fit; allowed: {ALLOWED}")

    if text not in SETS:
        return load_parameters(Path(text))
    try:
        return load_parameters(text)
    except InputError as error:
        raise InputError(command, "--parameters", f"'{text}': {error.problem}") from None


def _is_there(text: str) -> bool:
    try:
        return bool(text.strip()) and Path(text).exists()
    except (OSError, ValueError):
        return False
