"""Compiling rules to machine code, with a cache that cannot go stale.

Numba keys its cache on the file that holds a function and does not notice an edit of a function it calls in *another*
file. The cache folder is therefore named by a hash of every source and data file that can end up in machine code: edit
any rule and the old folder is not looked at again.
"""

from __future__ import annotations

import hashlib
import os
import shutil
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, cast

import llvmlite.binding as llvm

PACKAGE = Path(__file__).resolve().parent.parent
ROOMS = ("engine", "evidence", "indicators", "levers", "rules", "shocks", "world")
FILES = ("month.py",)
FOLDERS_KEPT = 4
GENERATORS = ("hash", "philox")
X86_64_V3 = ("avx", "avx2", "bmi", "bmi2", "cx16", "f16c", "fma", "lzcnt", "movbe", "popcnt", "sahf", "sse4.2")


def generator() -> str:
    """Name of the addressed generator in use: ``hash`` unless SAMENSPEL_GENERATOR says ``philox`` (a check, three
    times as slow).
    """
    name = os.environ.get("SAMENSPEL_GENERATOR", "hash")
    if name not in GENERATORS:
        raise ValueError(f"SAMENSPEL_GENERATOR: {name!r} is not a generator; allowed: {', '.join(GENERATORS)}")
    return name


def model_sources() -> Iterator[Path]:
    """Every file that determines what the compiled model does, in a fixed order."""
    for room in ROOMS:
        yield from sorted(p for p in (PACKAGE / room).rglob("*") if p.suffix in {".py", ".yaml"})
    for name in FILES:
        yield PACKAGE / name


def model_hash() -> str:
    """First 12 hexadecimal digits of a hash over the model's sources: results of two versions of the model never share
    it.
    """
    digest = hashlib.sha256()
    for path in model_sources():
        digest.update(path.relative_to(PACKAGE).as_posix().encode())
        digest.update(path.read_bytes().replace(b"\r\n", b"\n"))
    return digest.hexdigest()[:12]


LOADED = model_hash()


def this_model() -> str:
    """The hash of the model that this process has loaded, whatever became of its sources since."""
    return LOADED


def cache_home() -> Path:
    """Folder that holds the compiled code: SAMENSPEL_CACHE, else the user's cache folder."""
    if named := os.environ.get("SAMENSPEL_CACHE"):
        return Path(named)
    base = os.environ.get("XDG_CACHE_HOME") or os.environ.get("LOCALAPPDATA") or str(Path.home() / ".cache")
    return Path(base) / "samenspel"


def _prepare_cache() -> Path:
    home = cache_home() / "compiled"
    folder = home / f"{LOADED}-{generator()}"
    try:
        folder.mkdir(parents=True, exist_ok=True)
        os.utime(folder)
        for old in sorted(home.iterdir(), key=lambda p: p.stat().st_mtime, reverse=True)[FOLDERS_KEPT:]:
            shutil.rmtree(old, ignore_errors=True)
    except (
        OSError
    ):  # no home that can be written: numba then falls back on a folder beside the sources or compiles afresh
        return folder
    os.environ["NUMBA_CACHE_DIR"] = str(folder)
    return folder


def target() -> str:
    """The processor to compile for: x86-64-v3 (AVX2, BMI2; a few per cent less time) where this one can run it, else
    what every one of its kind can. The numbers are the same: nothing is fused or reordered for either.
    """
    found = llvm.get_host_cpu_features()
    return "x86-64-v3" if all(found.get(feature) for feature in X86_64_V3) else "generic"


CACHE_FOLDER = _prepare_cache()
os.environ.setdefault("NUMBA_CPU_NAME", target())

import numba  # noqa: E402  (its settings are read when it is first imported)

numba.config.CACHE_DIR = os.environ.get("NUMBA_CACHE_DIR", "")  # type: ignore[attr-defined]


def _jit[F: Callable[..., Any]](function: F, **options: Any) -> F:
    """Numba's `njit` with what all our compiled functions share: no lock held, IEEE arithmetic as written."""
    njit: Any = numba.njit
    return cast("F", njit(nogil=True, error_model="numpy", **options)(function))


def compiled[F: Callable[..., Any]](function: F) -> F:
    """Compile a scalar function, inlined where a rule calls it; callable from Python too."""
    return _jit(function, forceinline=True, no_cfunc_wrapper=True)


def rule[F: Callable[..., Any]](function: F) -> F:
    """Compile a function of the state, to be called by other compiled code only (`entry` gives Python a way in).

    Without reference counting: rules allocate nothing, and counting the references of the state's tables took most of
    the time.
    """
    return _jit(function, forceinline=True, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def plural[F: Callable[..., Any]](function: F) -> F:
    """Compile a loop of a rule over all rows: as `rule`, but not inlined, so that the month compiles fast."""
    return _jit(function, _nrt=False, no_cpython_wrapper=True, no_cfunc_wrapper=True)


def entry[F: Callable[..., Any]](function: F) -> F:
    """Compile a function that Python calls with a state, cached between runs (with all that it calls)."""
    return _jit(function, cache=True, _nrt=False, no_cfunc_wrapper=True)


def filling[F: Callable[..., Any]](function: F) -> F:
    """Compile a function that allocates the array it returns, cached between runs."""
    return _jit(function, cache=True, no_cfunc_wrapper=True)
