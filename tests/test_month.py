"""The month: its steps in words, and the fast way of taking them together gives the bits of one step after another."""

import inspect
import re
from typing import Any

import numpy as np
import pytest

from sim.engine.compiling import entry
from sim.indicators import GROUPS, INDICATORS
from sim.indicators.observe import new_sums, observe
from sim.month import STEPS, advance
from sim.rules import (
    capacity,
    contact,
    energy,
    facilitation,
    money,
    negotiation,
    pace,
    surprises,
    trust,
    turnover,
    work,
)
from sim.schedule import set_from_outside
from sim.world import accounts, begin, build
from sim.world.state import ACTIVE, SLOTS, State, copy_state
from tests.playing import every_lever, every_shock, prior_draws, rows_that_differ, same_bits, scenario, stage

OWNERS = {"initiative", "official", "alderman", "facilitator", "municipality"}


def plain(compiled: Any) -> Any:
    """The Python function that was compiled."""
    return compiled.py_func


@entry
def step_after_step(s: State, months: int) -> None:
    """Months in which each step of the list is taken by everyone before the next begins."""
    begin.monthly_rates(s)
    for _ in range(months):
        begin.tick(s)
        begin.initiatives(s)
        turnover.officials(s)
        turnover.aldermen(s)
        turnover.initiatives(s)
        capacity.municipalities(s)
        pace.municipalities(s)
        contact.initiatives(s)
        trust.initiatives(s)
        surprises.initiatives(s)
        pace.initiatives(s)
        negotiation.initiatives(s)
        money.municipalities(s)
        facilitation.facilitators(s)
        money.initiatives(s)
        work.initiatives(s)
        facilitation.initiatives(s)
        energy.initiatives(s)
        accounts.initiatives(s)
        s.clock[0].month += 1


@entry
def observe_all(s: State, out: np.ndarray, sums: np.ndarray) -> None:
    """What is observed of all rows at once."""
    observe(s, out, sums)


def test_the_test_above_takes_the_steps_of_the_list():
    taken = re.findall(r"^        (\w+)\.(\w+)\(s\)$", inspect.getsource(plain(step_after_step)), re.MULTILINE)
    listed = [(plain(step.rows).__module__.rsplit(".", 1)[1], plain(step.rows).__name__) for step in STEPS]
    assert taken == [("begin", "tick"), *listed]


PLANS = {
    "as now": scenario(),
    "everything at once": scenario(
        levers=every_lever("2019-07", 2.0), shocks=[*every_shock("2020-03"), *every_shock("2021-10")]
    ),
}


@pytest.mark.parametrize("plan", PLANS.values(), ids=list(PLANS))
@pytest.mark.parametrize("parameters", ["prior-median", prior_draws(3)], ids=["median", "draws"])
@pytest.mark.parametrize("few", [build.FEW, 50], ids=["one block", "many blocks"])
def test_steps_taken_together_give_the_bits_of_one_step_after_another(plan, parameters, few, monkeypatch):
    monkeypatch.setattr(build, "FEW", few)
    monkeypatch.setattr(build, "BLOCK", 8)  # so small that a municipality may have more: it is a block by itself then
    ready = stage(months=48, parameters=parameters)
    assert (ready.start.clock["block"][0] == 8) == (few == 50)
    track = ready.track(plan)
    shape = (len(GROUPS), len(INDICATORS))
    for r in range(3):
        together, apart = copy_state(ready.start), copy_state(ready.start)
        ready.begin(together, r)
        ready.begin(apart, r)
        for segment in track.segments:
            months = segment.month_to_exclusive - segment.month_from
            for s in (together, apart):
                set_from_outside(s, segment)
            months_seen = np.empty((months, *shape))
            advance(together, months, months_seen, new_sums())
            step_after_step(apart, months)
            assert same_bits(together, apart), segment.month_from
            last_seen = np.empty(shape)
            observe_all(apart, last_seen, new_sums())
            np.testing.assert_array_equal(months_seen[-1], last_seen)
        assert together.clock["month"][0] == 48


def test_every_step_says_whose_it_is_and_stands_in_the_rule_it_is_named_after():
    for step in STEPS:
        assert step.owner in OWNERS
        assert step.words and not step.words.endswith(".")
        module = plain(step.row).__module__
        assert module == plain(step.rows).__module__
        assert module in (f"sim.rules.{step.name}", "sim.world.begin", "sim.world.accounts")
        assert plain(step.row).__doc__ and plain(step.rows).__doc__
    assert len({(step.name, step.owner) for step in STEPS}) == len(STEPS)


def test_every_rule_has_its_step():
    rules = {
        "capacity",
        "contact",
        "energy",
        "facilitation",
        "money",
        "negotiation",
        "pace",
        "surprises",
        "trust",
        "turnover",
        "work",
    }
    assert rules <= {step.name for step in STEPS}


def test_trust_comes_before_what_it_takes_in_only_the_next_month():
    names = [(step.name, step.owner) for step in STEPS]
    for later in ("surprises", "negotiation", "work"):
        assert names.index(("trust", "initiative")) < names.index((later, "initiative"))
    assert names.index(("turnover", "official")) < names.index(("turnover", "initiative"))
    assert names.index(("capacity", "municipality")) < names.index(("contact", "initiative"))
    assert names[-1][0] == "accounts"


def test_initiatives_that_share_nobody_do_not_feel_each_other():
    """A row writes only what is its owner's: taking one initiative's trust away changes no other that shares no town
    hall and no facilitator.
    """
    ready = stage(months=24)
    one, other = copy_state(ready.start), copy_state(ready.start)
    shape = (len(GROUPS), len(INDICATORS))
    for s in (one, other):
        ready.begin(s, 1)
        advance(s, 12, np.empty((12, *shape)), new_sums())
    town, helper = one.initiatives["municipality"], one.initiatives["facilitator"]
    who = int(np.flatnonzero(one.initiatives["status"] == ACTIVE)[0])
    for name in ("trust", "intentions", "knows"):
        other.ties[name][who * SLOTS : (who + 1) * SLOTS] = 0.0
    advance(one, 1, np.empty((1, *shape)), new_sums())
    advance(other, 1, np.empty((1, *shape)), new_sums())
    differ = np.flatnonzero(rows_that_differ(one.ties, other.ties)) // SLOTS
    assert set(differ.tolist()) == {who}
    apart = (town != town[who]) & (helper != helper[who])
    assert not rows_that_differ(one.initiatives[apart], other.initiatives[apart]).any()
