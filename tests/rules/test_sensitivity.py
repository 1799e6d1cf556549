"""No dead number: every parameter that is not known for sure moves the world between the ends of its prior."""

import pytest

from sim.evidence.parameters import PARAMETERS, Parameter
from sim.world.state import State
from tests.playing import end_of, every_lever, every_shock, same_bits, scenario, stage
from tests.rules.test_declarations import RULES

MONTHS = 60
# Some parameters belong to a lever or a shock, so all of them are at work; with money for two years at a time, so that
# some of it is renewed, and with grants of which a part is left running when the rules of the state change.
LEVERS_AT_WORK = [
    {**each, "options": {"horizon": 24}} if each["lever"] == "structural_funding" else each
    for each in every_lever("2019-06", 0.6)
]
SHOCKS_AT_WORK = [
    {**each, "intensity": 0.2} if each["shock"] == "subsidy_stops" else each
    for each in (*every_shock("2020-03"), *every_shock("2021-09"))
]
BUSY = scenario(levers=LEVERS_AT_WORK, shocks=SHOCKS_AT_WORK)
OF_RULES = {name: each for name, each in PARAMETERS.items() if each.process in (*RULES, "accounts")}
UNCERTAIN = [name for name, each in OF_RULES.items() if each.role in ("calibrated", "sensitivity")]
FIXED = [name for name in OF_RULES if name not in UNCERTAIN]


def lived(name: str, value: float, replicate: int) -> State:
    return end_of(stage(months=MONTHS, parameters={name: value}), BUSY, replicate)


def ends(each: Parameter) -> tuple[float, float]:
    """The ends of the prior; of a fixed number the value and, away from it, as far as is allowed."""
    if each.prior.low < each.prior.high:
        return each.prior.low, each.prior.high
    return each.value, each.maximum if each.maximum > each.value else each.minimum


def moves(name: str) -> bool:
    low, high = ends(PARAMETERS[name])
    assert low != high
    return any(
        not same_bits(lived(name, low, r), lived(name, high, r), but=("parameters", "monthly")) for r in range(3)
    )


@pytest.mark.parametrize("name", UNCERTAIN)
def test_an_uncertain_parameter_moves_the_world(name):
    assert moves(name)


@pytest.mark.parametrize("name", FIXED)
def test_a_fixed_parameter_is_at_work_too(name):
    assert moves(name)


def test_calibrated_parameters_are_the_twelve_of_the_design():
    assert sum(each.role == "calibrated" for each in PARAMETERS.values()) in range(10, 14)
