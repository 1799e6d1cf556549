"""Every claim of the interview report about direction: it holds with its mechanism on, and not with it off."""

import re
from pathlib import Path

import numpy as np
import pytest

from calibration.patterns import CLAIMS, Claim, examine, holds
from calibration.patterns.claim import Finding
from calibration.patterns.experiment import SEED, Arm, Estimate, Experiment, Held, Run, estimate, segments_of, setting
from calibration.patterns.page import page
from sim.comparison import Stage, load_parameters
from sim.evidence.parameters import record
from sim.world.files import load_world
from sim.world.state import State

PAGE = Path(__file__).parent.parent.parent / "docs" / "patterns.md"
PATTERNS = range(1, 22)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_claim_holds_with_its_mechanism_and_not_without(claim: Claim) -> None:
    finding = examine(claim)
    if claim.reason is None:
        assert claim.as_claimed(finding.on), f"{claim.sentence.en} effect {finding.on}"
        assert not claim.as_claimed(finding.off), f"still so with {claim.off.words.en}: {finding.off}"
    else:
        assert not finding.holds, "listed as not reproduced, but it holds: take the reason away"


def test_every_pattern_is_there_and_no_id_twice() -> None:
    ids = [claim.id for claim in CLAIMS]
    assert len(set(ids)) == len(ids)
    assert {int(re.split(r"\D", each)[0]) for each in ids} == set(PATTERNS)


@pytest.mark.parametrize("claim", CLAIMS, ids=lambda claim: claim.id)
def test_claim_is_fully_described(claim: Claim) -> None:
    assert re.fullmatch(r"\d{1,2}[a-z]?", claim.id)
    assert claim.smallest > 0
    assert claim.sections and all(re.fullmatch(r"[2-7](\.\d){0,2}", section) for section in claim.sections)
    for words in (claim.sentence, claim.unit, claim.why, claim.off.words):
        assert words.nl and words.en and words.nl != words.en
    off = claim.off.arm
    assert off.parameters or off.begin or off.held or off.levers


def test_page_lists_every_claim_as_it_is() -> None:
    text = PAGE.read_text(encoding="utf-8")
    listed = re.findall(r"^\| (\d+[a-z]?) \| ([^|]+) \| ([^|]+)<br>", text, flags=re.MULTILINE)
    assert listed == [(claim.id, ", ".join(claim.sections), claim.sentence.en) for claim in CLAIMS]


# The harness -------------------------------------------------------------------------------------------------------


def advanced(run: Run) -> float:
    return float(run.until(12).initiatives["progress"].sum())


def test_two_arms_that_do_not_differ_differ_by_nothing() -> None:
    assert np.all(Experiment({"a": Arm(), "b": Arm()}, advanced, months=12, replicates=4).run() == 0.0)


def test_what_is_held_by_doing_nothing_changes_no_bit() -> None:
    """Months one by one, as with something held, are the months in one go."""
    nothing = Arm(held=(Held(lambda s: None),))
    assert np.all(Experiment({"a": Arm(), "b": nothing}, advanced, months=12, replicates=4).run() == 0.0)


def test_an_arm_is_the_life_that_comparisons_run() -> None:
    stage = Stage(load_world("reference"), 24, SEED, load_parameters("prior-median"))
    expected = stage.outcomes({"now": stage.trunk}, 3)["now"]
    place = setting("reference", 24)
    run = Run(Arm(), place, segments_of(Arm(), place), record(), 3)
    state: State = run.end
    trusts = state.ties["trust"].reshape(-1, 4)[:, 0]
    assert np.isfinite(trusts).all()
    np.testing.assert_array_equal(np.moveaxis(run.outcomes, 0, 2), expected)


def test_draws_are_taken_in_turn() -> None:
    low, high = record({"trust_growth": 0.03}), record({"trust_growth": 0.2})

    def trust(run: Run) -> float:
        return float(run.until(24).ties["trust"].mean())

    one = Experiment({"a": Arm()}, trust, lambda found: found["a"], months=24, replicates=4)
    mixed = one.run(np.concatenate([low, high]))
    np.testing.assert_array_equal(mixed[[0, 2]], one.run(low)[[0, 2]])
    np.testing.assert_array_equal(mixed[[1, 3]], one.run(high)[[1, 3]])


def test_an_estimate_is_a_mean_with_its_99_percent_interval() -> None:
    found = estimate(np.array([1.0, 2.0, 3.0, np.nan]))
    assert found.replicates == 3
    assert found.mean == 2.0
    assert found.high - found.mean == pytest.approx(9.924843 / np.sqrt(3))  # Student's t, 2 degrees of freedom


def test_beyond_needs_the_whole_interval() -> None:
    found = Estimate(0.05, 0.03, 0.07, 10)
    assert found.beyond(0.02, 1)
    assert not found.beyond(0.04, 1)
    assert not found.beyond(0.02, -1)


def test_holds_follows_the_parameters() -> None:
    some = [claim for claim in CLAIMS if claim.id in ("1a", "1b", "17")]
    assert holds(claims=some, replicates=20) == {"1a": True, "1b": True, "17": True}
    uninformed = record({"informing": 0.0})
    assert holds(uninformed, claims=some, replicates=20) == {"1a": True, "1b": False, "17": False}


def test_holds_takes_values_by_name() -> None:
    some = [claim for claim in CLAIMS if claim.id == "8"]
    assert holds({"talks_drain": 0.04}, claims=some, replicates=5) == {"8": True}


def test_page_tells_what_is_not_reproduced() -> None:
    claim = CLAIMS[0]
    lost = Estimate(0.0, -0.01, 0.01, 40)
    text = page([Finding(claim, lost, lost)], "abc")
    assert "0 of 1 claims hold" in text
    assert f"- **{claim.id}**" in text
