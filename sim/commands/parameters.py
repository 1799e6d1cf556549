"""Which parameters a run uses: a shipped set by name, or a person's own file."""

from __future__ import annotations

from pathlib import Path
from typing import Any

SETS = ("prior-median", "posterior", "posterior-median")
POSTERIOR = Path(__file__).resolve().parent.parent.parent / "calibration" / "posterior"


def chosen_parameters(text: str, command: str) -> str | dict[str, float]:
    """The name of a shipped set, or the values in a file (for the parameters that it names). Raises `InputError`."""
    from sim.engine.problems import InputError, nearest

    if text in SETS:
        if text.startswith("posterior") and not POSTERIOR.is_dir():
            raise InputError(
                command,
                "--parameters",
                f"'{text}': no calibrated parameters are shipped yet; allowed: prior-median, or a file of your own",
            )
        return text
    path = Path(text)
    try:
        there = path.is_file()
    except (OSError, ValueError):
        there = False
    if not there:
        meant = nearest(text, SETS)
        hint = f"did you mean '{meant}'?" if meant else f"allowed: {', '.join(SETS)}, or a file"
        raise InputError(command, "--parameters", f"'{text}' is neither a known set nor a file; {hint}")
    from sim.engine.documents import read_document

    return parse_parameters(read_document(path), path)


def parse_parameters(data: dict[str, Any], file: str | Path) -> dict[str, float]:
    """Values by name, each within the range of its parameter. Raises `InputError`."""
    from sim.engine.problems import InputError, Problem, shown, unknown_name
    from sim.evidence.parameters import PARAMETERS

    for name, value in data.items():
        if name not in PARAMETERS:
            problem = unknown_name(name, PARAMETERS, Problem("parameter", "parameter"))
            raise InputError(file, name, problem.en, problem.nl)
        known = PARAMETERS[name]
        between = f"{known.minimum:g} to {known.maximum:g} ({known.unit})"
        if isinstance(value, bool) or not isinstance(value, int | float):
            raise InputError(file, name, f"{shown(value)} must be a number; allowed: {between}")
        if not known.minimum <= value <= known.maximum:
            raise InputError(file, name, f"{shown(value)} is out of range; allowed: {between}")
    return {name: float(value) for name, value in data.items()}
