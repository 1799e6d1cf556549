"""Trust: built slowly, broken fast."""

import numpy as np
import pytest

from sim.rules.trust import capability, friction, refusal_weight, trust_after
from sim.steps import trust_of_initiatives
from sim.world.state import ACTIVE
from tests.playing import end_of, of, outcomes, stage


def test_trust_is_gained_on_what_is_missing_and_lost_from_what_there_is():
    assert trust_after(0.5, 1.0, 0.0, 0.1, 3.0) == pytest.approx(0.55)
    assert trust_after(0.5, 0.0, 1.0, 0.1, 3.0) == pytest.approx(0.35)
    assert trust_after(0.9, 1.0, 0.0, 0.1, 3.0) == pytest.approx(0.91)
    assert trust_after(0.1, 0.0, 1.0, 0.1, 3.0) == pytest.approx(0.07)
    assert trust_after(0.4, 0.0, 0.0, 0.1, 3.0) == 0.4
    assert trust_after(0.5, 0.0, 99.0, 0.2, 5.0) == 0
    assert trust_after(0.5, 99.0, 0.0, 0.2, 5.0) == 1


def test_a_break_takes_more_than_a_kept_promise_gives():
    for trust in (0.3, 0.5, 0.7):
        after = trust_after(trust_after(trust, 1.0, 0.0, 0.1, 3.0), 0.0, 1.0, 0.1, 3.0)
        assert after < trust


def test_understanding_absorbs_friction():
    assert friction(1.0, 0.5, 0.0, 0.8, 0.1) == pytest.approx(1.05)
    assert friction(1.0, 0.0, 1.0, 0.8, 0.1) == pytest.approx(0.2)
    assert friction(0.0, 0.0, 0.5, 0.8, 0.1) == 0


def test_a_refusal_hits_harder_when_the_official_was_keener_than_they_could_bear():
    assert refusal_weight(0.5, 0.5, 2.0) == 1
    assert refusal_weight(0.3, 0.9, 2.0) == 1
    assert refusal_weight(0.9, 0.4, 2.0) == pytest.approx(2.0)


def test_capability_is_the_share_of_evidence_that_is_good():
    assert capability(3.0, 1.0) == pytest.approx(0.75)
    assert capability(1.0, 3.0) == pytest.approx(0.25)


def test_the_harder_a_loss_the_lower_the_trust():
    soft, hard = (stage(months=36, parameters={"loss_over_gain": ratio}) for ratio in (1, 5))
    high, low = (of(outcomes(each, None, 4), "trust_initiative")[:, -1] for each in (soft, hard))
    assert (low < high - 0.02).all()


def test_without_contact_neither_kind_of_trust_rises_toward_the_base():
    """High trust fades; what was below the base stays there, whatever the other kind does."""
    s = end_of(stage(months=24))
    s.initiatives["status"] = ACTIVE
    for name in ("kept", "broken", "refused", "crossed", "gap"):
        s.initiatives[name] = 0.0
    s.ties["met"], s.ties["silent"] = 0.0, 30
    base = float(s.parameters["base_trust"][0])
    s.ties["trust"], s.ties["intentions"] = 0.9, 0.5 * base
    trust_of_initiatives(s)
    faded = s.ties["trust"] < 0.9
    assert faded.sum() > 100 and (s.ties["trust"][faded] > base).all()
    np.testing.assert_array_equal(s.ties["intentions"], 0.5 * base)
    s.ties["trust"], s.ties["intentions"] = 0.5 * base, 0.9
    trust_of_initiatives(s)
    np.testing.assert_array_equal(s.ties["trust"], 0.5 * base)
    np.testing.assert_array_equal(s.ties["intentions"] < 0.9, faded)
