"""What tests of the dashboard share: invented results of the right shape, and the application to ask."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type, assignment, attr-defined, return-value, union-attr"

import importlib.util
from pathlib import Path

import pytest

KEPT_IN_TESTS = 60_000_000  # bytes; the server keeps six times as much


@pytest.fixture(scope="session")
def fakes():
    """The module with the invented results; it lies beside the tests and is not a test itself."""
    place = Path(__file__).parent / "fakes.py"
    spec = importlib.util.spec_from_file_location("dashboard_fakes", place)
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture(scope="module", autouse=True)
def little_memory():
    """Memory is given back as the server does it, and a module keeps less of what it computed."""
    from dashboard.allocator import give_memory_back
    from dashboard.simulation import SHELF

    give_memory_back()
    before, SHELF.limit = SHELF.limit, KEPT_IN_TESTS
    yield
    SHELF.limit = before


@pytest.fixture(scope="module")
def site():
    """A client of the whole application, without the warming up."""
    from starlette.testclient import TestClient

    from dashboard import server

    before = server.warm_up
    server.warm_up = lambda: None
    try:
        with TestClient(server.create_app(), base_url="http://localhost:8765") as client:
            yield client
    finally:
        server.warm_up = before
