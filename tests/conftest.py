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
)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give everything in tests/browser/ and tests/bench/ the mark of its folder, and what is long its mark."""
    for item in items:
        path = item.path.relative_to(TESTS)
        if path.parts[0] in ("browser", "bench"):
            item.add_marker(path.parts[0])
        if any(path.is_relative_to(each) for each in LONG):
            item.add_marker("long")


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the installed Chromium or Chrome; without one the test fails, it is not skipped."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium found: run `make browser`")
    return found
