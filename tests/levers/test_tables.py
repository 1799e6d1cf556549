"""The tables in which rules read what is set from outside."""

import numpy as np
import pytest

from sim.levers import LEVERS, Lever
from sim.levers.tables import COST_FIELDS, field_names, table_dtype
from sim.shocks import SHOCKS, Shock


@pytest.mark.parametrize("level", ["initiative", "municipality", "post"])
def test_every_field_is_a_float(level):
    dtype = table_dtype(level)
    costs = set() if level == "post" else set(COST_FIELDS)
    assert set(dtype.names or ()) == {*field_names(level), *costs}
    assert {dtype[name] for name in dtype.names or ()} == {np.dtype(np.float64)}


def test_every_lever_shock_and_option_has_one_field_at_its_level():
    everything: dict[str, Lever | Shock] = {**LEVERS, **SHOCKS}
    for entry in everything.values():
        expected = [entry.id, *(f"{entry.id}__{option}" for option in entry.options)]
        for level in ("initiative", "municipality", "post"):
            found = [name for name in field_names(level) if name.split("__")[0] == entry.id]
            assert sorted(found) == (sorted(expected) if level == entry.level else [])


@pytest.mark.parametrize("level", ["initiative", "municipality", "post"])
def test_what_is_read_each_month_lies_together(level):
    """Intensities, then costs, then options, each in sorted order."""
    names = list(table_dtype(level).names or ())
    options = [name for name in names if "__" in name]
    costs = [] if level == "post" else list(COST_FIELDS)
    intensities = names[: len(names) - len(options) - len(costs)]
    assert names == [*sorted(intensities), *costs, *sorted(options)]
    assert field_names(level) == [*intensities, *options]
