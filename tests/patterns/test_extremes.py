"""Extreme conditions: numbers stay finite and within their range, and things move the sensible way."""

import numpy as np
import pytest

from calibration.patterns.changes import granted, municipalities, posts, together
from calibration.patterns.experiment import Arm, Held, Run, segments_of, setting
from calibration.patterns.measures import active, contact, homes_share
from sim.engine.problems import InputError
from sim.evidence.parameters import record
from sim.indicators import INDICATORS
from sim.world.files import NationalWorld, World, load_world, parse_world
from sim.world.state import NOT_YET, State

SHARES = {
    "initiatives": "maturity energy recognition backing progress quality waiting gap paid_hours"
    " history_damage history_delivery",
    "ties": "trust intentions knows known",
    "agreements": "concreteness known",
    "municipalities": "style will council_support surplus take_back equal_care",
    "posts": "openness standing",
    "aldermen": "openness priority",
}
COUNTS = (
    "kept broken refused crossed delivered failed homes money_in money_out municipal_hours facilitator_hours restarts"
)
FEW = 1e-9  # rounding


def live(arm: Arm, months: int, world: str | World = "reference", replicate: int = 0) -> Run:
    """One replicate of an arm, lived to the end."""
    place = setting(world, months)
    run = Run(arm, place, segments_of(arm, place), record(), replicate)
    run.until(place.world.past_months + months)
    return run


def check_ranges(s: State) -> None:
    """Numbers are finite; shares lie from 0 to 1; counts are not negative; no more homes than there are."""
    for name, table in s._asdict().items():
        for field in table.dtype.names or ():
            assert np.isfinite(table[field].astype(float)).all(), f"{name}.{field}"
    for name, fields in SHARES.items():
        for field in fields.split():
            values = getattr(s, name)[field]
            assert (values >= -FEW).all() and (values <= 1.0 + FEW).all(), (
                f"{name}.{field}: {values.min()} to {values.max()}"
            )
    for field in COUNTS.split():
        assert (s.initiatives[field] >= 0.0).all(), field
    assert (homes_share(s) <= 1.0 + FEW).all()
    assert (s.initiatives["money_left"] >= -0.01).all()


def check_outcomes(run: Run) -> None:
    """Every indicator is finite in every month, but for averages over nobody."""
    values = run.outcomes
    assert not np.isinf(values).any()
    counted = [k for k, each in enumerate(INDICATORS.values()) if each.kind != "average"]
    assert np.isfinite(values[:, :, counted]).all()


NO_MEETINGS = {"ad_hoc_meetings": 0.0, "governor_talks": 0.0, "bridging": 0.0, "agreed_meetings": 0.0}


def test_no_contact_for_years() -> None:
    run = live(Arm(parameters=NO_MEETINGS, begin=(together,)), 96)
    ordinary = live(Arm(begin=(together,)), 96)
    check_ranges(run.state)
    check_outcomes(run)
    s, now = run.state, ordinary.state
    assert s.initiatives["contact"].max() == 0.0
    assert s.initiatives["commissions"][s.initiatives["met_month"] < 0].sum() == 0
    base = s.parameters["base_understanding"][0]
    there = (s.posts["present"][s.initiatives["post"]] == 1) & active(s) & (s.initiatives["older_tie"] == 0)
    assert np.allclose(contact(s)["knows"][there], base)
    newly_met = (s.initiatives["met_month"] >= 0) & (s.initiatives["older_tie"] == 0)
    assert not newly_met.any()
    assert (s.initiatives["formalised_month"] >= 0).mean() < 0.5 * (now.initiatives["formalised_month"] >= 0).mean()
    assert homes_share(s).mean() < homes_share(now).mean()


def test_no_officials_at_all() -> None:
    """All leave, none come."""
    nobody = posts(present=0, vacant_until=1_000_000)
    run = live(Arm(begin=(together, nobody), held=(Held(nobody),)), 60)
    ordinary = live(Arm(begin=(together,)), 60)
    check_ranges(run.state)
    check_outcomes(run)
    s = run.state
    assert s.initiatives["contact"].max() == 0.0
    assert s.initiatives["commissions"].sum() == 0
    assert (s.posts["present"] == 0).all()
    assert (s.municipalities["hours"] <= ordinary.state.municipalities["hours"]).all()
    assert s.municipalities["hours"].sum() < 0.5 * ordinary.state.municipalities["hours"].sum()
    assert (
        s.initiatives["energy"][active(s)].mean() < ordinary.state.initiatives["energy"][active(ordinary.state)].mean()
    )


def test_endless_money() -> None:
    lavish = Held(granted(1e9, 24))
    run = live(Arm(begin=(together, municipalities(budget_a_year=1e15, budget_left=1e15)), held=(lavish,)), 96)
    ordinary = live(Arm(begin=(together,)), 96)
    check_ranges(run.state)
    check_outcomes(run)
    assert run.state.initiatives["paid_hours"].max() == 1.0
    assert homes_share(run.state).mean() > homes_share(ordinary.state).mean()
    assert (
        run.state.initiatives["months_without_money"].sum() < ordinary.state.initiatives["months_without_money"].sum()
    )


def test_everybody_leaves_every_month() -> None:
    restless = {
        "official_leaving_rate": 100.0, "alderman_leaving_rate": 100.0, "member_leaving_rate": 100.0,
        "vacancy_shortest": 0.0, "vacancy_longest": 0.0,
    }  # fmt: skip
    run = live(Arm(parameters=restless, begin=(together,)), 60)
    ordinary = live(Arm(begin=(together,)), 60)
    check_ranges(run.state)
    check_outcomes(run)
    s, now = run.state, ordinary.state
    assert (s.posts["departures"] >= 29).all()  # every other month: one to leave, one to arrive
    assert contact(s)["knows"].mean() < contact(now)["knows"].mean()
    assert contact(s)["known"].mean() < contact(now)["known"].mean()
    assert (s.initiatives["formalised_month"] >= 0).mean() < (now.initiatives["formalised_month"] >= 0).mean()


def test_nobody_ever_enters() -> None:
    """No initiative comes: counts are zero, averages over nobody are not a number, and town halls go on."""
    run = live(Arm(begin=(lambda s: s.initiatives.__setitem__("entry", 1_000_000),)), 60)
    check_ranges(run.state)
    check_outcomes(run)
    assert (run.state.initiatives["status"] == NOT_YET).all()
    for k, indicator in enumerate(INDICATORS.values()):
        assert np.isnan(run.outcomes[:, :, k]).all() if indicator.kind == "average" else not run.outcomes[:, :, k].any()


@pytest.mark.parametrize("initiatives", [0, []])
def test_a_world_file_without_initiatives_is_refused(initiatives: object) -> None:
    """A world is about initiatives: with none there is no outcome to compare, and a person made a slip."""
    described = {"kind": "municipality", "inhabitants": 18_000, "initiatives": initiatives}
    with pytest.raises(InputError, match="initiatives"):
        parse_world(described, "world.yaml")


def test_one_initiative() -> None:
    world = parse_world({"kind": "municipality", "inhabitants": 18_000, "initiatives": 1}, "world.yaml")
    for replicate in range(20):
        run = live(Arm(), 108, world, replicate)
        check_ranges(run.state)
        check_outcomes(run)
        assert len(run.state.initiatives) == 1


def test_twenty_six_thousand_initiatives() -> None:
    small = load_world("reference")
    assert isinstance(small, NationalWorld)
    many = small.model_copy(update={"initiatives": small.initiatives.model_copy(update={"supported": 26_500})})
    run = live(Arm(begin=(together,)), 3, many)
    check_ranges(run.state)
    check_outcomes(run)
    assert len(run.state.initiatives) == 26_500
    assert active(run.state).mean() > 0.9
    assert (run.state.municipalities["hours_spent"] <= run.state.municipalities["hours"] + FEW).all()
