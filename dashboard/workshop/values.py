"""At which parameter values a session runs: one set, the medians of the fit, or of the priors where no fit belongs to
this model. A saved session names its set and holds what differs from the priors, and goes on with it.
"""

from __future__ import annotations

from typing import Annotated, Any

from pydantic import Field

from sim.comparison import Parameters, load_parameters
from sim.engine.catalogue import Frozen
from sim.engine.problems import InputError
from sim.evidence.parameters import parameter_hash, record
from sim.posterior import fits_this_model

Name = Annotated[str, Field(pattern=r"^[a-z][a-z0-9_]{0,63}$")]


class SavedParameters(Frozen):
    """A set as a session file holds it: its name, its hash, and the values that are not the median of their prior."""

    name: str = Field(max_length=80)
    hash: str = Field(pattern=r"^[0-9a-f]{12}$")
    calibrated: bool
    values: dict[Name, float] = Field(default_factory=dict, max_length=400)


def session_parameters() -> Parameters:
    """What a new session runs at: one row."""
    return load_parameters("posterior-median" if fits_this_model() else "prior-median")


def written(parameters: Parameters) -> dict[str, Any]:
    """A set of one row as a session file holds it; all digits, so that it can be made again to the last bit."""
    row, usual = parameters.rows[0], record()[0]
    values = {name: float(row[name]) for name in parameters.rows.dtype.names or () if row[name] != usual[name]}
    described = parameters.described()
    return {"name": described.name, "hash": described.hash, "calibrated": described.calibrated, "values": values}


def made_again(kept: SavedParameters | None) -> Parameters:
    """The set of a saved session. Raises `InputError` where a file names none, or one that this version cannot make."""
    if kept is None:
        raise InputError(
            "session", "parameters",
            "are not named: an earlier version saved this file, and its months cannot be made again; begin the session "
            "anew",
            "staan er niet bij: een eerdere versie bewaarde dit bestand, en dezelfde maanden zijn niet na te maken; "
            "begin de sessie opnieuw",
        )  # fmt: skip
    found = Parameters(kept.name, load_parameters(kept.values).rows, kept.calibrated)
    if parameter_hash(found.rows) != kept.hash:
        raise InputError(
            "session", "parameters",
            f"set {kept.hash} cannot be made with this version of the model; open the file with the version that saved "
            "it, or begin the session anew",
            f"de waarden van set {kept.hash} kent deze versie van het model niet; open het bestand met de versie die "
            "het bewaarde, of begin de sessie opnieuw",
        )  # fmt: skip
    return found


def fitted_parameters() -> Parameters | None:
    """The fitted parameters, many rows: what is not known. None: there are none yet."""
    try:
        return load_parameters("posterior")
    except InputError:
        return None
