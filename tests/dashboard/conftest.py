"""Results of the right shape with invented numbers, for tests of the page only."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type, union-attr"

import importlib.util
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def fakes():
    """The module with the invented results; it lies beside the tests and is not a test itself."""
    place = Path(__file__).parent / "fakes.py"
    spec = importlib.util.spec_from_file_location("dashboard_fakes", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module
