"""The folder of a sweep: shards that appear whole or not at all, and what is needed to go on after any interruption.

| file | holds |
| --- | --- |
| manifest.json | the sweep in full, what its numbers depend on, how many shards, the hash of the points |
| points.parquet | one row a point: world, seed, and the value of everything that is varied |
| shards/00012-<hash>.parquet | one shard; the hash is of its bytes, number and sweep |
| results.parquet | all shards in one file, in order: what to read |
| finished.json | written last: the hash of every shard and of the results, and runs that could not be done |
| attempts.jsonl | when it was worked on, by how many workers (the only file that two equal sweeps differ in) |

A shard is written beside its place, flushed, and renamed; its name holds the hash of its bytes, so a shard that was
cut short or changed is found out without any list that could itself be torn. One process at a time may work in a
folder.
"""

from __future__ import annotations

import hashlib
import json
import os
import re
import secrets
import shutil
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from filelock import FileLock, Timeout

from sim.engine.problems import InputError
from sim.research.plan import FORMAT, Plan
from sim.research.points_table import write_points
from sim.research.task import Done, digest_of

MANIFEST, POINTS, FINISHED, ATTEMPTS, LOCK, SHARDS = (
    "manifest.json", "points.parquet", "finished.json", "attempts.jsonl", ".lock", "shards",
)  # fmt: skip
ANALYSES = ("sensitivity", "discovery")
RESULTS = "results.parquet"
ROWS_IN_A_GROUP = 250_000
OURS = frozenset({RESULTS, MANIFEST, POINTS, FINISHED, ATTEMPTS, LOCK, SHARDS, *ANALYSES})
SHARD_NAME = re.compile(r"([0-9]{5,})-([0-9a-f]{24})\.parquet")
BYTES_AROUND = 3_000
BYTES_A_NUMBER = 9
WORDS = {
    "sweep": ("another sweep", "een andere sweep"),
    "design": ("another design", "een ander ontwerp"),
    "parameters": ("other parameters", "andere parameters"),
    "costs": ("other costs", "andere kosten"),
    "model": ("another version of the model", "een andere versie van het model"),
    "generator": ("another generator of chance", "een andere toevalsgenerator"),
    "versions": ("other versions of the packages that make the numbers", "andere versies van de pakketten"),
}


@dataclass
class SweepFolder:
    """An open folder: which shards are there is known by their names."""

    path: Path
    plan: Plan
    found: dict[int, list[str]] = field(default_factory=dict)

    # Shards ---------------------------------------------------------------------------------------------------------

    @property
    def shards(self) -> Path:
        """The folder of the shards."""
        return self.path / SHARDS

    def look(self) -> None:
        """See which shards are there, and clear away what an interruption left."""
        self.found = {}
        for entry in os.scandir(self.shards):
            name = SHARD_NAME.fullmatch(entry.name)
            if name is not None and int(name[1]) < self.plan.shards:
                self.found.setdefault(int(name[1]), []).append(entry.name)
            else:
                _remove(Path(entry.path))
        for leftover in self.path.glob(".*.part"):
            _remove(leftover)

    def is_sound(self, shard: int) -> bool:
        """Whether a shard is there, whole and unchanged; anything else under its number is removed."""
        sound = False
        for name in sorted(self.found.get(shard, [])):
            path = self.shards / name
            told = SHARD_NAME.fullmatch(name)
            try:
                same = told is not None and digest_of(path.read_bytes(), self.plan.identity, shard) == told[2]
            except OSError:
                same = False
            if same and not sound:
                sound = True
                self.found[shard] = [name]
            else:
                _remove(path)
        if not sound:
            self.found.pop(shard, None)
        return sound

    def put(self, done: Done) -> None:
        """Write a shard. Raises `InputError` when that cannot be done; nothing half-written stays."""
        name = f"{done.shard:05d}-{done.digest}.parquet"
        for other in self.found.get(done.shard, []):
            if other != name:
                _remove(self.shards / other)
        write_whole(self.shards / name, done.content)
        self.found[done.shard] = [name]

    # Around it ------------------------------------------------------------------------------------------------------

    def finish(self, failed: Mapping[int, str], before: Mapping[str, Any] | None = None) -> dict[str, Any]:
        """Put all shards in one file, and say that the sweep is done. `before` is what was said the last time: a
        results file that it vouches for is kept.
        """
        digests = {}
        for shard in range(self.plan.shards):
            names = self.found.get(shard)
            told = SHARD_NAME.fullmatch(names[0]) if names else None
            if told is not None:
                digests[f"{shard:05d}"] = told[2]
        results = self._results(digests, before)
        document = {
            "format": FORMAT,
            "results": results,
            "identity": self.plan.identity,
            "runs": self.plan.runs,
            "points": self.plan.points,
            "shards": digests,
            "failed": [failed_entry(self.plan, shard, why) for shard, why in sorted(failed.items())],
        }
        write_whole(self.path / FINISHED, json_bytes(document))
        return document

    def _results(self, digests: Mapping[str, str], before: Mapping[str, Any] | None) -> str:
        """Write results.parquet, a group of rows at a time, and give its hash."""
        path = self.path / RESULTS
        said = before.get("results") if before is not None and before.get("shards") == digests else None
        if said is not None and file_digest(path) == said:
            return str(said)
        temporary = self.path / f".{secrets.token_hex(6)}.part"
        try:
            merge([self.shards / f"{shard}-{digest}.parquet" for shard, digest in sorted(digests.items())], temporary)
            with temporary.open("rb+") as stream:
                os.fsync(stream.fileno())
            temporary.replace(path)
            flush_entries(self.path)
        except OSError as error:
            raise _full(self.path, error) from None
        finally:
            _remove(temporary)
        return str(file_digest(path))

    def unfinish(self) -> dict[str, Any] | None:
        """Take away the word that the sweep is done, and give what it said."""
        try:
            said = json.loads((self.path / FINISHED).read_text(encoding="utf-8"))
        except (OSError, ValueError):
            said = None
        _remove(self.path / FINISHED)
        return said if isinstance(said, dict) else None

    def note(self, **what: Any) -> None:
        """Add a line to the record of attempts."""
        line = json.dumps({"time": datetime.now(UTC).isoformat(timespec="seconds"), **what})
        with suppress(OSError), (self.path / ATTEMPTS).open("a", encoding="utf-8") as stream:
            stream.write(line + "\n")


def file_digest(path: Path) -> str | None:
    """The hash of a file, read a piece at a time; None when it cannot be read."""
    try:
        with path.open("rb") as stream:
            return hashlib.file_digest(stream, lambda: hashlib.blake2b(digest_size=16)).hexdigest()
    except OSError:
        return None


def merge(shards: Sequence[Path], target: Path) -> None:
    """Write shards one after another in one file, with little of them in memory at once."""
    import pyarrow
    import pyarrow.parquet

    if not shards:
        target.touch()
        return
    writer = None
    try:
        waiting: list[Any] = []
        for number, path in enumerate(shards, start=1):
            waiting.append(pyarrow.parquet.ParquetFile(path).read())
            if writer is None:
                writer = pyarrow.parquet.ParquetWriter(target, waiting[0].schema, compression="zstd")
            if sum(each.num_rows for each in waiting) >= ROWS_IN_A_GROUP or number == len(shards):
                whole = pyarrow.concat_tables(waiting).unify_dictionaries().combine_chunks()
                writer.write_table(whole, row_group_size=whole.num_rows)
                waiting = []
    finally:
        if writer is not None:
            writer.close()


def failed_entry(plan: Plan, shard: int, why: str) -> dict[str, Any]:
    """What is told of a shard that could not be done: its points, and why."""
    units = plan.shard(shard)
    first, last = plan.unit(units[0]), plan.unit(units[-1])
    return {"shard": shard, "points": [first.point, last.point], "replicates": [first.first, last.last], "why": why}


def json_bytes(document: Any) -> bytes:
    """A JSON document for people and programs."""
    return (json.dumps(document, indent=2, sort_keys=True, ensure_ascii=False, allow_nan=False) + "\n").encode()


def manifest_of(plan: Plan, points_hash: str | None) -> dict[str, Any]:
    """How to make the sweep again, what its numbers depend on, and the hash of the file of its points."""
    from sim.indicators import INDICATORS

    return {
        "format": FORMAT,
        "identity": plan.identity,
        "depends_on": plan.depends_on,
        "sweep": plan.document,
        "parameters": {
            "name": plan.base.name,
            "calibrated": plan.base.calibrated,
            "notice": plan.base.described().notice,
        },
        "points": plan.points,
        "points_hash": points_hash,
        "runs": plan.runs,
        "shards": plan.shards,
        "units": {name: INDICATORS[name].unit["en"] for name in plan.sweep.indicators},
        "axes": [
            {"name": axis.name, "target": axis.target, "key": axis.key, "option": axis.option,
             "scenario": axis.scenario, "unit": axis.unit.en, "low": axis.low, "high": axis.high, "law": axis.law,
             "values": list(axis.values) if axis.values else None}
            for axis in plan.axes
        ],
    }  # fmt: skip


def bytes_needed(plan: Plan) -> int:
    """About how much room a sweep takes on disk, from above."""
    months = max(len(plan.kept_months(world)) for world in plan.worlds)
    if plan.sweep.keep == "runs":
        rows = plan.runs
    else:
        rows = plan.points * (8 * len(plan.scenarios) + 11 * (len(plan.scenarios) - 1))
    cells = rows * len(plan.sweep.groups) * months * len(plan.sweep.indicators)
    return plan.shards * BYTES_AROUND + 2 * cells * BYTES_A_NUMBER + plan.points * (len(plan.axes) + 3) * BYTES_A_NUMBER


# Opening -----------------------------------------------------------------------------------------------------------


@contextmanager
def opened(target: str | Path, plan: Plan, *, field: str = "--out") -> Iterator[SweepFolder]:
    """The folder of a sweep, new or one to go on with, held for this process alone.

    Raises `InputError` when it holds something else, another sweep or one of another model, when somebody else is
    working in it, when it cannot be written, or when the disk lacks the room.
    """
    path = _checked(target, plan, field)
    made = not path.exists()
    try:
        (path / SHARDS).mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise _cannot(target, field, error) from None
    lock = FileLock(path / LOCK)
    try:
        lock.acquire(timeout=0)
    except Timeout:
        raise InputError(
            str(target), field, "another process is working in this folder; wait for it, or give another folder",
            "een ander proces werkt in deze map; wacht daarop, of geef een andere map",
        ) from None  # fmt: skip
    except OSError as error:
        raise _cannot(target, field, error) from None
    try:
        folder = SweepFolder(path, plan)
        try:
            _begin(folder, target, field)
        except BaseException:
            if made:
                shutil.rmtree(path, ignore_errors=True)
            raise
        folder.look()
        yield folder
    finally:
        lock.release()


def check_target(target: str | Path, plan: Plan, *, field: str = "--out") -> None:
    """Raises `InputError` where `opened` would, as far as that can be seen without writing."""
    _checked(target, plan, field)


def _checked(target: str | Path, plan: Plan, field: str) -> Path:
    text = str(target)
    if not text.strip() or "\0" in text:
        raise InputError(text or "(nothing)", field, "is not the name of a folder; give one, for example out/first")
    path = Path(text).expanduser().absolute()
    if path.exists():
        if not path.is_dir():
            raise InputError(text, field, "is a file; give a folder that is new, empty, or of this sweep")
        try:
            strange = sorted(entry.name for entry in path.iterdir() if not _may_be_there(entry.name))
        except OSError as error:
            raise _cannot(target, field, error) from None
        if strange:
            raise InputError(
                text, field, f"holds other things ({strange[0]}); give a folder that is new, empty, or of this sweep"
            )
        if (path / MANIFEST).exists():
            _check_same(path, text, plan, field)
    ancestor = path
    while not ancestor.exists() and ancestor != ancestor.parent:
        ancestor = ancestor.parent
    _check_room(ancestor, path, text, plan, field)
    return path


def _may_be_there(name: str) -> bool:
    return name in OURS or re.fullmatch(r"\..*\.part", name) is not None


def _check_room(ancestor: Path, path: Path, text: str, plan: Plan, field: str) -> None:
    try:
        trial = ancestor / f".{secrets.token_hex(6)}.part"
        with trial.open("xb"):
            pass
        trial.unlink()
        free = shutil.disk_usage(ancestor).free
        there = sum(entry.stat().st_size for entry in os.scandir(path / SHARDS)) if (path / SHARDS).is_dir() else 0
    except OSError as error:
        raise _cannot(text, field, error) from None
    needed = bytes_needed(plan) - there
    if free < needed:
        wanted, left = (f"{n / 1e6:,.0f} MB" for n in (needed, free))
        raise InputError(
            text, field,
            f"may need {wanted}, but the disk has {left} left; choose another disk, fewer indicators or months, or "
            "keep: summaries",
            f"kan {wanted} nodig hebben, maar op de schijf is {left} vrij; kies een andere schijf of bewaar minder",
        )  # fmt: skip


def _check_same(path: Path, text: str, plan: Plan, field: str) -> None:
    try:
        manifest = json.loads((path / MANIFEST).read_text(encoding="utf-8"))
        theirs = manifest["depends_on"]
        ours = manifest["format"] == FORMAT
    except (OSError, ValueError, KeyError, TypeError, RecursionError):
        raise InputError(
            text, field, f"holds a {MANIFEST} that is not of a sweep; give another folder",
            f"bevat een {MANIFEST} die niet van een sweep is; geef een andere map",
        ) from None  # fmt: skip
    if ours and manifest.get("identity") == plan.identity:
        return
    mine = plan.depends_on
    kinds = [each for each in WORDS if isinstance(theirs, dict) and theirs.get(each) != mine[each]]
    en, nl = WORDS[kinds[0] if kinds else "sweep"]
    raise InputError(
        text, field, f"holds the results of {en}; give another folder, or remove this one",
        f"bevat de uitkomsten van {nl}; geef een andere map, of gooi deze weg",
    )  # fmt: skip


def _begin(folder: SweepFolder, target: str | Path, field: str) -> None:
    """Write what comes before the shards, where it is not there whole and unchanged: the points first, and the
    manifest that vouches for them last.
    """
    manifest, points = folder.path / MANIFEST, folder.path / POINTS
    there = b""
    if manifest.exists():
        _check_same(folder.path, str(target), folder.plan, field)
        there = manifest.read_bytes()
    try:
        if not there or file_digest(points) != json.loads(there).get("points_hash"):
            write_points(folder.plan, points)
        content = json_bytes(manifest_of(folder.plan, file_digest(points)))
        if content != there:
            write_whole(manifest, content)
            flush_entries(folder.path.parent)
    except OSError as error:
        raise _cannot(target, field, error) from None


def _cannot(target: str | Path, field: str, error: OSError) -> InputError:
    reason = (error.strerror or type(error).__name__).lower()
    return InputError(
        str(target), field, f"cannot be written ({reason}); give a folder you may write to",
        f"kan niet worden beschreven ({reason}); geef een map waarin u mag schrijven",
    )  # fmt: skip


# Writing -----------------------------------------------------------------------------------------------------------


def write_whole(path: Path, content: bytes) -> None:
    """Write a file so that it is there whole or not at all, and stays so after a power cut."""
    temporary = path.parent / f".{secrets.token_hex(6)}.part"
    try:
        with temporary.open("xb") as stream:
            stream.write(content)
            stream.flush()
            os.fsync(stream.fileno())
        temporary.replace(path)
        flush_entries(path.parent)
    except OSError as error:
        raise _full(path.parent, error) from None
    finally:
        _remove(temporary)


def _full(folder: Path, error: OSError) -> InputError:
    reason = (error.strerror or type(error).__name__).lower()
    return InputError(
        str(folder), "--out",
        f"cannot be written ({reason}); what was done is kept: make room and give the same command again",
        f"kan niet worden beschreven ({reason}); wat klaar is blijft: maak ruimte en geef dezelfde opdracht weer",
    )  # fmt: skip


def flush_entries(folder: Path) -> None:
    """See to it that a folder's names are on the disk."""
    if sys.platform == "win32":
        return
    descriptor = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)


def _remove(path: Path) -> None:
    with suppress(OSError):
        path.unlink(missing_ok=True)
