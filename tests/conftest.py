"""What every room's tests share: marks that follow from the folder, and the browser that is installed."""

import shutil
from pathlib import Path

import pytest

TESTS = Path(__file__).parent
BROWSERS = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Give everything in tests/browser/ and tests/bench/ the mark of its folder, so that none is forgotten."""
    for item in items:
        folder = item.path.relative_to(TESTS).parts[0]
        if folder in ("browser", "bench"):
            item.add_marker(folder)


@pytest.fixture(scope="session")
def chromium() -> str:
    """Return the path of the installed Chromium or Chrome; without one the test fails, it is not skipped."""
    found = next((path for name in BROWSERS if (path := shutil.which(name))), None)
    if found is None:
        pytest.fail("no Chromium found: run `make browser`")
    return found
