"""The tables in which rules read what is set from outside."""

import numpy as np
import pytest

from sim.levers import LEVERS, Lever
from sim.levers.tables import COST_FIELDS, field_names, table_dtype
from sim.shocks import SHOCKS, Shock


@pytest.mark.parametrize("level", ["initiative", "municipality", "post"])
def test_every_field_is_a_float(level):
    dtype = table_dtype(level)
    assert dtype.names == (*field_names(level), *(() if level == "post" else COST_FIELDS))
    assert {dtype[name] for name in dtype.names or ()} == {np.dtype(np.float64)}


def test_every_lever_shock_and_option_has_one_field_at_its_level():
    everything: dict[str, Lever | Shock] = {**LEVERS, **SHOCKS}
    for entry in everything.values():
        expected = [entry.id, *(f"{entry.id}__{option}" for option in entry.options)]
        for level in ("initiative", "municipality", "post"):
            found = [name for name in field_names(level) if name.split("__")[0] == entry.id]
            assert sorted(found) == (sorted(expected) if level == entry.level else [])


@pytest.mark.parametrize("level", ["initiative", "municipality", "post"])
def test_entries_stand_in_sorted_order_each_before_its_options(level):
    names = field_names(level)
    entries = [name for name in names if "__" not in name]
    assert entries == sorted(entries)
    assert names == sorted(names, key=lambda name: (name.split("__")[0], name))
