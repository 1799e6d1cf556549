"""Answers that were computed before: one that is shipped, to the question the first page opens with, and those that
this machine computed earlier.

    key = key_of(scenarios, world, replicates, seed=SEED)
    result = load(key)          # None: nobody computed it with this model and these parameters
    keep(key, result)           # for the next start of this machine

A key is a hash of everything that decides the numbers: the scenarios, the world and its length, the number of worlds,
the seed, the parameters and the model itself. An answer of another model or of other parameters therefore has another
key, and is never shown. `python -m dashboard.precomputed` makes the shipped one again.
"""

import argparse
import dataclasses
import hashlib
import io
import json
import logging
import lzma
import os
import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import numpy as np

if TYPE_CHECKING:
    from sim.comparison import Parameters
    from sim.result import Result
    from sim.scenario import Scenario
    from sim.world.files import World

log = logging.getLogger("samenspel.dashboard")

SHIPPED = Path(__file__).parent / "shipped"
ENDING = ".npz.xz"
KEPT = 40  # answers on this machine's disk; a megabyte each
LARGEST = 64 * 2**20  # bytes of one answer once unpacked; a longer file is not one of ours
META = "meta"


def model() -> str:
    """The hash of the model."""
    from sim.engine.compiling import this_model

    return this_model()


def key_of(
    scenarios: "Sequence[Scenario]",
    world: "World",
    replicates: int,
    *,
    seed: int,
    months: int | None = None,
    parameters: "str | Parameters" = "prior-median",
) -> str:
    """What this comparison is called on disk: 32 hexadecimal digits. The arguments are those of `sim.compare`; names
    and descriptions count too, because an answer shows them.
    """
    from sim.comparison import load_parameters
    from sim.scenario import scenario_data

    content = {
        "model": model(),
        "parameters": dataclasses.asdict(load_parameters(parameters).described()),
        "scenarios": [scenario_data(scenario) for scenario in scenarios],
        "world": world.model_dump(mode="json", exclude_none=True),
        "months": world.horizon if months is None else months,
        "replicates": replicates,
        "seed": seed,
    }
    return hashlib.sha256(json.dumps(content, sort_keys=True).encode()).hexdigest()[:32]


def folder() -> Path:
    """Where this machine keeps what it computed."""
    from sim.engine.compiling import cache_home

    return cache_home() / "answers"


def load(key: str, *places: Path) -> "Result | None":
    """The answer under a key, from what is shipped or kept; `None` when there is none that can be read."""
    for place in places or (SHIPPED, folder()):
        file = place / f"{key}{ENDING}"
        try:
            packed = file.read_bytes()
        except OSError:
            continue
        try:
            return unpacked(packed)
        except (ValueError, KeyError, TypeError, EOFError, lzma.LZMAError) as problem:
            log.warning("%s: cannot be read (%s); it is computed again", file, problem)
    return None


def keep(key: str, result: "Result", place: Path | None = None, *, kept: int = KEPT) -> bool:
    """Write an answer for the next start, and remove the oldest ones. A disk that cannot be written is no problem for
    the page: then nothing is kept, and the answer is False.
    """
    place = folder() if place is None else place
    try:
        place.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=place, suffix=".part")
        try:
            with os.fdopen(handle, "wb") as opened:
                opened.write(packed(result))
            Path(name).chmod(0o644)
            Path(name).replace(place / f"{key}{ENDING}")
        except BaseException:
            Path(name).unlink(missing_ok=True)
            raise
        for old in sorted(place.glob(f"*{ENDING}"), key=lambda file: file.stat().st_mtime, reverse=True)[kept:]:
            old.unlink(missing_ok=True)
    except OSError as problem:
        log.warning("%s: an answer could not be kept (%s)", place, problem)
        return False
    return True


def packed(result: "Result") -> bytes:
    """A result as one compressed file. Of single worlds only the last month is kept: that is all a page draws."""
    last = result.sampled_months.index(result.months[-1])
    small = dataclasses.replace(
        result, sampled_months=(result.months[-1],), sample_values=result.sample_values[..., last : last + 1]
    )
    values = {field.name: getattr(small, field.name) for field in dataclasses.fields(small)}
    arrays: dict[str, Any] = {name: value for name, value in values.items() if isinstance(value, np.ndarray)}
    meta = {name: value for name, value in values.items() if name not in arrays}
    meta["parameter_set"] = dataclasses.asdict(small.parameter_set)
    arrays[META] = np.frombuffer(json.dumps(meta).encode(), dtype=np.uint8)
    buffer = io.BytesIO()
    np.savez(buffer, **arrays)
    return lzma.compress(buffer.getvalue())


def unpacked(packed: bytes) -> "Result":
    """The result in a file that `packed` made. Raises ValueError, KeyError, TypeError, EOFError or LZMAError."""
    from sim.result import ParameterSet, Result

    reader = lzma.LZMADecompressor()
    content = reader.decompress(packed, max_length=LARGEST)
    if not reader.eof:
        raise ValueError(f"broken off, or more than {LARGEST} bytes")
    with np.load(io.BytesIO(content), allow_pickle=False) as arrays:
        values: dict[str, Any] = {name: arrays[name] for name in arrays.files if name != META}
        values |= json.loads(arrays[META].tobytes())
    values["parameter_set"] = ParameterSet(**values["parameter_set"])
    for field in dataclasses.fields(Result):
        if isinstance(values[field.name], list):
            values[field.name] = tuple(values[field.name])
    result = Result(**values)
    if result.model_hash != model():
        raise ValueError(f"made with model {result.model_hash}; this is {model()}")
    return result


def main() -> None:
    """Compute the answer that the first page opens with, and put it where it is shipped from."""
    from dashboard import simulation
    from dashboard.session import SHARP_WORLDS
    from sim.comparison import compare
    from sim.scenario import load_scenario
    from sim.world.files import load_world

    scenarios = [load_scenario(name) for name in (simulation.AS_NOW, simulation.SUGGESTED)]
    world, parameters = load_world(next(iter(simulation.worlds()))), simulation.parameters()
    result = compare(scenarios, world=world, replicates=SHARP_WORLDS, seed=simulation.SEED, parameters=parameters)
    key = key_of(scenarios, world, SHARP_WORLDS, seed=simulation.SEED, parameters=parameters)
    if not keep(key, result, SHIPPED, kept=1):
        raise SystemExit(2)
    print(SHIPPED / f"{key}{ENDING}")


if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m dashboard.precomputed", description=main.__doc__).parse_args()
    main()
