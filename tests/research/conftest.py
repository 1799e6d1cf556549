"""The small sweep, as a fixture; what it is stands in trial.py."""

from __future__ import annotations

import pytest

from sim.research.plan import Plan
from tests.research.trial import small


@pytest.fixture
def plan() -> Plan:
    return small()
