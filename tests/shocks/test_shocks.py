"""The catalogue of shocks."""

from pathlib import Path

import pytest

from sim.shocks import SHOCKS

RULES = Path(__file__).resolve().parents[2] / "sim" / "rules"

NAMES = {
    "official_leaves",
    "alderman_falls",
    "election",
    "subsidy_stops",
    "hiring_freeze",
    "capacity_boost",
    "crossing_campaign",
    "left_out_of_vision",
    "national_rule_change",
}


def test_the_nine_shocks_are_there():
    assert set(SHOCKS) == NAMES


@pytest.mark.parametrize("shock", SHOCKS.values(), ids=list(SHOCKS))
def test_the_rule_that_a_shock_moves_reads_it(shock):
    assert shock.id in (RULES / f"{shock.mechanism}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("shock", SHOCKS.values(), ids=list(SHOCKS))
def test_only_a_shock_that_lasts_takes_more_than_a_month(shock):
    assert (shock.default_months > 1) == shock.lasts


@pytest.mark.parametrize("shock", SHOCKS.values(), ids=list(SHOCKS))
def test_a_shock_does_something_by_default(shock):
    assert 0 == shock.minimum < shock.default <= shock.maximum


def test_an_official_leaves_a_post_and_an_alderman_a_municipality():
    assert SHOCKS["official_leaves"].level == "post"
    assert SHOCKS["alderman_falls"].level == "municipality"
