"""A bank of independent single runs: for each point of the parameter cube one world, lived once, with its own luck.

A likelihood learned from such runs sees how much a world varies from run to run. Runs that share their chance events
would hide it, however many are averaged (measured: 90% intervals that cover half of the truths), so no two runs of a
bank share a number.

A bank keeps everything that the virtual interview could count among all that had formalised: who samples 70 of them,
and which target file is fitted, is decided later, so the same bank serves every target file. Shards are kept by what
determines them (model, interview, world, seed, points): a calibration that was stopped goes on where it was.
"""

from __future__ import annotations

import hashlib
import os
import secrets
import shutil
import threading
from collections.abc import Callable, Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import pyarrow as pa
import pyarrow.parquet as pq

from calibration.interview import DIRECTIONS, EFFECTS, classes
from calibration.reference import WORLD, lived
from calibration.space import records_of
from sim.comparison import Parameters, Stage
from sim.engine.blocks import in_order
from sim.engine.compiling import cache_home, this_model
from sim.world.build import build
from sim.world.files import World, load_world
from sim.world.state import FORMS, TOPICS, State, copy_state

SHARD = 500  # runs; a few seconds of work, the most that a kill can cost
MODELS_KEPT = 3
SURVEY_SOURCES = ("interview.py", "addressed.py")
JOINT = tuple((effect, direction) for effect in EFFECTS for direction in DIRECTIONS)
COLUMNS = (
    "formalised",
    *(f"effect={effect},direction={direction}" for effect, direction in JOINT),
    *(f"forms={name}" for name in (*FORMS, "nothing")),
    *(f"topics={name}" for name in (*TOPICS, "nothing")),
)


@dataclass(frozen=True, eq=False)
class Bank:
    """Single runs.

    unit: points of the cube, shape (runs, parameters). counts: int64, shape (runs, len(COLUMNS)), among all that had
    formalised. supported: number of initiatives in the world.
    """

    unit: np.ndarray
    counts: np.ndarray
    supported: int

    def __len__(self) -> int:
        return len(self.unit)

    def of(self, question: str) -> np.ndarray:
        """Counts of one question among all that could answer it, shape (runs, answers), in the question's order:
        *formalised* yes and no of all supported; *effect* and *direction* of the formalised, one class each; *forms*
        and *topics* of the formalised, several each. KeyError on another question.
        """
        formalised = self.counts[:, 0]
        if question == "formalised":
            return np.stack([formalised, self.supported - formalised], axis=1)
        if question in ("effect", "direction"):
            axis = 2 if question == "effect" else 1
            found: np.ndarray = self.joint.sum(axis=axis)
            return found
        columns = [k for k, name in enumerate(COLUMNS) if name.startswith(f"{question}=")]
        if not columns:
            raise KeyError(question)
        return self.counts[:, columns]

    @property
    def joint(self) -> np.ndarray:
        """Formalised initiatives by effect and direction, shape (runs, effects, directions)."""
        return self.counts[:, 1 : 1 + len(JOINT)].reshape(-1, len(EFFECTS), len(DIRECTIONS))


def counted(state: State) -> np.ndarray:
    """What one finished world adds to a bank: int64, shape (len(COLUMNS),)."""
    told = classes(state)
    joint = np.zeros((len(EFFECTS), len(DIRECTIONS)), dtype=np.int64)
    np.add.at(joint, (told["effect"], told["direction"]), 1)
    named = []
    for answer, bits in (("forms", FORMS), ("topics", TOPICS)):
        named += [int(np.sum((told[answer] & bit) > 0)) for bit in bits.values()]
        named.append(int(np.sum(told[answer] == 0)))
    return np.concatenate([[len(told)], joint.ravel(), named]).astype(np.int64)


def survey_hash() -> str:
    """First 12 hexadecimal digits of a hash over what counts a world's answers: a fit belongs to one of these."""
    digest = hashlib.sha256()
    for name in SURVEY_SOURCES:
        digest.update((Path(__file__).parent / name).read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


def world_of(name: str | Path | World = WORLD) -> World:
    """The world that is fitted: the one in which the interviews were held, or another researcher's. Raises
    `InputError`.
    """
    return name if isinstance(name, World) else load_world(name)


def simulate(
    unit: np.ndarray,
    seed: int,
    *,
    world: World | None = None,
    workers: int | None = None,
    keep: bool = True,
    progress: Callable[[int, int], None] | None = None,
    cancelled: Callable[[], bool] | None = None,
) -> Bank:
    """One independent run at each point.

    unit: shape (runs, parameters). seed: of the luck; run r is replicate r of it. keep: remember finished shards
    between runs. ``progress(done, total)`` counts runs. Raises `Cancelled` when ``cancelled()`` is true; finished
    shards stay.
    """
    setting = world_of() if world is None else world
    shards = [unit[first : first + SHARD] for first in range(0, len(unit), SHARD)]
    base = _content(setting, seed)
    folder = _folder() if keep else None
    paths = [folder / _name(base, k, points) if folder else None for k, points in enumerate(shards)]
    found = [_read(path, len(points)) for path, points in zip(paths, shards, strict=True)]
    total, done = len(unit), sum(len(each) for each in found if each is not None)
    if progress is not None:
        progress(done, total)
    for k, points in enumerate(shards):
        if found[k] is not None:
            continue
        counts = np.empty((len(points), len(COLUMNS)), dtype=np.int64)
        for r, row in enumerate(_runs(points, setting, seed, k * SHARD, workers, cancelled)):
            counts[r] = row
            done += 1
            if progress is not None:
                progress(done, total)
        found[k] = counts
        path = paths[k]
        if path is not None:
            _write(path, counts)
    everything = [each for each in found if each is not None]
    counts = np.concatenate(everything) if everything else np.empty((0, len(COLUMNS)), np.int64)
    return Bank(np.asarray(unit), counts, _initiatives(setting))


def _runs(
    points: np.ndarray,
    world: World,
    seed: int,
    first: int,
    workers: int | None,
    cancelled: Callable[[], bool] | None,
) -> Iterator[np.ndarray]:
    """The counts of one shard's runs, in order; run r of it is replicate ``first + r``."""
    # Repeated to a whole shard's length, so that row (first + r) modulo that length is row r for a shorter one too.
    rows = np.resize(records_of(points), SHARD)
    stage = Stage(world, world.horizon, seed, Parameters("points", rows))
    own = threading.local()

    def work(r: int) -> np.ndarray:
        if not hasattr(own, "state"):
            own.state = copy_state(stage.start)
        return counted(lived(stage, first + r, own.state))

    yield from in_order(work, 0, len(points), workers=workers, cancelled=cancelled)


def _initiatives(world: World) -> int:
    return len(build(world, months=world.horizon).initiatives)


def _content(world: World, seed: int) -> str:
    """What determines every shard but its points."""
    counting = hashlib.sha256(Path(__file__).read_bytes().replace(b"\r\n", b"\n")).hexdigest()
    return f"{this_model()} {survey_hash()} {counting} {world.model_dump_json()} {seed}"


def _name(base: str, shard: int, points: np.ndarray) -> str:
    digest = hashlib.sha256(f"{base} {shard}".encode())
    digest.update(np.ascontiguousarray(points, dtype=np.float64).tobytes())
    return f"{digest.hexdigest()[:32]}.parquet"


def _folder() -> Path | None:
    """Where shards of this model are kept; those of older models are dropped. None where nothing can be written."""
    home = cache_home() / "bank"
    folder = home / this_model()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        for old in sorted(home.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)[MODELS_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    except OSError:
        return None
    return folder


def _read(path: Path | None, runs: int) -> np.ndarray | None:
    """A finished shard; None where there is none, or where it cannot be read (then it is run again)."""
    if path is None or not path.exists():
        return None
    try:
        table = pq.read_table(path)
    except (OSError, pa.ArrowException):
        return None
    if table.column_names != list(COLUMNS) or table.num_rows != runs:
        return None
    return np.stack([table[name].to_numpy() for name in COLUMNS], axis=1)


def _write(path: Path, counts: np.ndarray) -> None:
    """Write a shard whole, or not at all: a full disk costs the memory of the work, not the work."""
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}")
    try:
        with temporary.open("wb") as file:
            pq.write_table(pa.table({name: counts[:, k] for k, name in enumerate(COLUMNS)}), file)
            file.flush()
            os.fsync(file.fileno())
        temporary.replace(path)
    except OSError:
        with suppress(OSError):
            temporary.unlink(missing_ok=True)
