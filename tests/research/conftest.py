"""The small sweep, as a fixture; its helpers stand in conftest_research.py."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))

from conftest_research import small

from sim.research.plan import Plan


@pytest.fixture
def plan() -> Plan:
    return small()
