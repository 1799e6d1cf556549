"""`import sim`: cheap, and with the names that people use. And the example of an own rule."""

import runpy
import subprocess
import sys
from pathlib import Path

import pytest

import sim

ROOT = Path(sim.__file__).resolve().parent.parent
EXAMPLE = ROOT / "docs" / "examples" / "own_rule.py"


def test_importing_sim_imports_nothing_heavy():
    code = (
        "import sys, sim; "
        "print(sorted({'numba', 'numpy', 'mesa', 'xarray', 'pandas', 'pydantic'} & set(sys.modules)), dir(sim))"
    )
    found = subprocess.run([sys.executable, "-c", code], cwd=ROOT, capture_output=True, text=True, check=True).stdout
    assert found.startswith("[] [")
    assert all(name in found for name in sim.__all__)


def test_the_names_are_there():
    assert sim.load_scenario("as-now").id == "as-now"
    assert sim.load_world("reference").id == "reference"
    result = sim.compare(["as-now"], replicates=2, months=3, seed=1)
    assert result.summary.sizes["month"] == 3
    assert sim.CollaborationModel(months=1).month == 0
    with pytest.raises(AttributeError, match="nothing_of_the_kind"):
        sim.nothing_of_the_kind  # noqa: B018


def test_the_example_of_an_own_rule_does_what_it_says():
    example = runpy.run_path(str(EXAMPLE))
    pairs = example["compare"](replicates=3, months=30)
    assert all(wary < usual for usual, wary in pairs), pairs
