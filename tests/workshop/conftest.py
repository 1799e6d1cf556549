"""A small municipality whose session every test of the workshop plays."""

import pytest

from dashboard.workshop.chronicle import Ground
from dashboard.workshop.futures import Futures
from sim.world.files import parse_world

TOWN = {
    "kind": "municipality",
    "inhabitants": 62000,
    "staff_hours_per_month": 260,
    "posts": 3,
    "first_month": "2026-01",
    "policy_start": "2026-01",
    "horizon": 48,
    "next_election": "2028-03",
    "initiatives": 6,
}


def town(**other):
    """The world, with other fields."""
    return parse_world({**TOWN, **other}, "town")


@pytest.fixture(scope="session")
def ground():
    """The world with its luck; it never changes."""
    return Ground(town(), 23, 0)


@pytest.fixture
def futures(ground):
    """A session that has just begun."""
    return Futures(ground)
