"""Turnover: what survives a person, and what a successor starts with."""

import numpy as np
import pytest

from sim.rules.turnover import inherited_share, trust_in_successor
from tests.playing import months_of, of, outcomes, scenario, stage


def test_each_bearer_saves_its_part_of_what_the_others_lose():
    assert inherited_share(0.0, 0.0, 0.0, 0.0) == 0
    assert inherited_share(0.3, 0.4, 0.0, 0.0) == pytest.approx(0.58)
    assert inherited_share(0.5, 0.5, 0.5, 0.5) == pytest.approx(1 - 0.5**4)
    assert inherited_share(1.0, 0.0, 0.0, 0.0) == 1


def test_a_successor_starts_between_the_base_and_the_old_with_a_character_of_their_own():
    assert trust_in_successor(0.8, 0.3, 0.0, 0.0, 0.0) == pytest.approx(0.3)
    assert trust_in_successor(0.8, 0.3, 1.0, 0.0, 0.0) == pytest.approx(0.8)
    assert trust_in_successor(0.8, 0.3, 0.5, 0.0, 0.0) == pytest.approx(0.55)
    # after a bad relation a change can help, and an open successor too
    assert trust_in_successor(0.1, 0.3, 0.2, 0.1, 0.0) > 0.1
    assert trust_in_successor(0.8, 0.3, 0.5, 0.0, -0.2) == pytest.approx(0.35)
    assert trust_in_successor(0.9, 0.3, 1.0, 0.5, 0.5) == 1


def test_officials_leave_at_their_hazard_and_posts_stand_empty_for_some_months():
    rate, months = 0.05, 60
    ready = stage(months=months, parameters={"official_leaving_rate": rate})
    left, present, gaps, empty_since = 0, 0, [], {}
    before = None
    for s in months_of(ready):
        if before is not None:
            present += before.sum()
        left += s.posts["just_left"].sum()
        month = int(s.clock["month"][0])
        for j in np.flatnonzero(s.posts["just_left"]):
            empty_since[j] = month
        for j in np.flatnonzero(s.posts["just_arrived"]):
            gaps.append(month - empty_since.pop(j))
        before = s.posts["present"].copy()
    expected = -np.expm1(-rate)
    share = left / (present + len(ready.start.posts))
    assert abs(share - expected) < 4 * np.sqrt(expected * (1 - expected) / present)
    assert min(gaps) >= 3 and max(gaps) <= 10
    assert abs(np.mean(gaps) - 6) < 0.5


def test_a_freeze_leaves_every_vacancy_open():
    ready = stage(months=40)
    frozen = scenario(shocks=[{"shock": "hiring_freeze", "month": "2019-06", "intensity": 1, "months": 36}])
    last = None
    for s in months_of(ready, frozen):
        if s.clock["month"][0] > 6:
            assert not s.posts["just_arrived"].any() or s.clock["month"][0] > 41
            if last is not None:
                assert (s.posts["present"] <= last).all()
        last = s.posts["present"].copy()


def test_everybody_leaves_when_all_are_pushed():
    ready = stage(months=30)
    pushed = scenario(shocks=[{"shock": "official_leaves", "month": "2020-06"}])
    for s in months_of(ready, pushed):
        if s.clock["month"][0] == 18:
            assert (s.posts["present"] == s.posts["just_arrived"]).all()  # but for who came that very month
            assert s.posts["just_left"].sum() > 0.5 * len(s.posts)
            officials = s.ties["person"].reshape(-1, 4)[:, :3] >= 0
            left = s.posts["just_left"][s.ties["person"].reshape(-1, 4)[:, :3]] == 1
            there = np.isin(s.initiatives["status"], (1, 2))[:, None]
            assert (s.ties["knows"].reshape(-1, 4)[:, :3][officials & left & there] == 0).all()


def test_adopted_agreements_do_not_lapse_at_elections():
    ready = stage(months=40)
    adopted = [
        {"lever": "broad_embedding", "intensity": 1, "options": {"council_adoption": 1, "colleagues": 0, "handover": 0}}
    ]
    vote = [{"shock": "election", "month": "2021-06"}]
    fallen = [
        (
            of(outcomes(ready, scenario(levers=levers, shocks=vote), 4), "restarts")
            - of(outcomes(ready, scenario(levers=levers), 4), "restarts")
        )
        for levers in ([], adopted)
    ]
    assert fallen[1][:, 30].mean() < fallen[0][:, 30].mean()
