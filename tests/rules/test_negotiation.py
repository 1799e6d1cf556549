"""Negotiation: what speeds an agreement, how concrete it is, and whether a next stage is granted."""

import math

import pytest

from calibration.patterns.changes import together
from calibration.patterns.experiment import Arm, Run, segments_of, setting
from sim.evidence.parameters import record
from sim.rules.negotiation import closing_hazard, concreteness_of, next_stage_log_odds
from sim.steps import negotiation_of_initiatives
from sim.world.state import copy_state
from tests.playing import of, outcomes, stage


def test_an_agreement_comes_sooner_with_trust_hours_and_support():
    assert closing_hazard(0.1, 0.5, 2.0, 0.5, 0.0, 0.0) == pytest.approx(0.1)
    assert closing_hazard(0.1, 1.0, 2.0, 0.5, 0.0, 0.0) == pytest.approx(0.1 * math.e)
    assert closing_hazard(0.1, 0.5, 2.0, 1.0, 0.0, 0.0) == pytest.approx(0.1 * math.exp(0.5))
    assert closing_hazard(0.1, 0.5, 2.0, 0.5, 1.0, 0.0) == pytest.approx(0.1 * math.e)
    assert closing_hazard(0.1, 0.5, 2.0, 0.5, 0.0, 1.0) == pytest.approx(0.1 / math.e)
    assert closing_hazard(0.0, 1.0, 3.0, 1.0, 1.0, 0.0) == 0


def test_the_long_term_stays_abstract():
    assert concreteness_of(0.0, 0.35, 0.4, 0.3, 0.0, 0.0) == pytest.approx(0.55)
    assert concreteness_of(1.0, 0.35, 0.4, 0.3, 0.0, 0.0) == pytest.approx(0.20)
    assert concreteness_of(0.0, 0.35, 0.4, 0.3, 0.5, 0.0) == pytest.approx(0.80)
    assert concreteness_of(0.0, 0.35, 1.0, 1.0, 1.0, 9.0) == 1
    assert concreteness_of(1.0, 0.5, 0.0, 0.0, 0.0, -9.0) == 0


def test_a_next_stage_is_likelier_with_trust_roles_and_a_talk_and_not_for_who_was_left_out():
    names = ("base", "trust", "roles", "talked", "priority", "short_perspective", "left_out")
    middle = dict(zip(names, (0.5, 0.5, 0.0, 0.0, 0.5, 0.0, 0.0), strict=True))
    odds = next_stage_log_odds(*middle.values())
    assert odds == pytest.approx(0.5)
    for name, sign in (
        ("trust", 1),
        ("roles", 1),
        ("talked", 1),
        ("priority", 1),
        ("short_perspective", -1),
        ("left_out", -1),
    ):
        assert sign * (next_stage_log_odds(*{**middle, name: middle[name] + 0.5}.values()) - odds) > 0


def test_nobody_agrees_where_talks_never_open():
    rare, usual = (stage(months=36, parameters={"opening_rate": rate, "agreement_rate": 0.03}) for rate in (0.03, 0.15))
    few, many = (of(outcomes(each, None, 3), "formalised")[:, -1] for each in (rare, usual))
    assert (few < many).all()


def lived(arm: Arm, months: int = 48) -> Run:
    """One replicate of a world that differs like this."""
    place = setting("reference", months)
    run = Run(arm, place, segments_of(arm, place), record(), 0)
    run.until(months)
    return run


def test_to_sign_an_agreement_is_no_decision_taken_together():
    """That counts what the two do afterwards: otherwise short agreements, signed each year anew, would score."""
    run = lived(Arm(begin=(together,), parameters={"step_rate": 0.0, "decision_rate": 0.0}))
    assert run.state.ledger["agreements"].sum() > 100
    assert (run.state.initiatives["decisions_24"] == 0).all()


def test_only_money_that_is_promised_for_years_makes_agreements_for_years():
    start = lived(Arm(begin=(together,)), 24).state
    start.posts["present"] = 1
    start.parameters["agreement_rate"], start.parameters["refusal_rate"] = 1e9, 0.0
    start.initiatives["talks_opened"], start.agreements["pending"] = 23, 0
    now = int(start.clock["month"][0])

    def for_years(share: float, horizon: float) -> float:
        state = copy_state(start)
        state.on_initiative["structural_funding"], state.on_initiative["structural_funding__amount"] = share, 10_000.0
        state.on_initiative["structural_funding__horizon"] = horizon
        negotiation_of_initiatives(state)
        fresh = state.agreements["start"] == now
        assert fresh.sum() > 200
        return float((state.agreements["horizon"][fresh] == 48).mean())

    assert for_years(1.0, 12.0) == for_years(0.0, 48.0)
    assert for_years(1.0, 30.0) > for_years(1.0, 12.0) + 0.05
    assert for_years(1.0, 48.0) > for_years(1.0, 30.0) + 0.05
