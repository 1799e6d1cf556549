"""What every room's tests share: marks that follow from the folder, and the browser that is installed."""

import shutil
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")
# What `make quick` leaves to `make test`: whole worlds run many times, other processes started, many mutated files.
LONG = (
    "calibration",
    "dashboard",
    "engine/test_compiling.py",
    "levers/test_effects.py",
    "model",
    "patterns",
    "properties",
    "research",
    "shocks/test_effects.py",
    "test_cli.py",
    "test_docs.py",
    "test_lean.py",
    "test_why.py",
    "workshop/test_claims.py",
    "workshop/test_guide.py",
    "workshop/test_room.py",
)


def pytest_ignore_collect(collection_path: Path, config: pytest.Config) -> bool | None:
    """`make quick` does not even import what it leaves out: that took half its time."""
    if "not long" in config.option.markexpr and _long(collection_path):
        return True
    return None


def _long(path: Path) -> bool:
    return any((TESTS / each) in (path, *path.parents) for each in LONG)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give everything in tests/browser/ and tests/bench/ the mark of its folder, and what is long its mark."""
    for item in items:
        path = item.path.relative_to(TESTS)
        if path.parts[0] in ("browser", "bench"):
            item.add_marker(path.parts[0])
        if _long(item.path):
            item.add_marker("long")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the installed Chromium or Chrome; without one the test fails, it is not skipped."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium found: run `make browser`")
    return found
