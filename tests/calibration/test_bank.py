"""The bank of single runs."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="func-returns-value, redundant-expr"

from __future__ import annotations

import numpy as np
import pytest

import calibration.bank as room
from calibration.bank import COLUMNS, SHARD, simulate
from calibration.interview import interview
from calibration.reference import finished_worlds
from calibration.space import prior_points, records_of
from sim.comparison import Parameters
from sim.engine.blocks import Cancelled


def test_counts_are_those_of_the_interview_when_all_are_asked(monkeypatch):
    points = prior_points(3, 11)
    bank = simulate(points, 12, keep=False)
    monkeypatch.setattr("calibration.interview.INTERVIEWS", 10_000)
    for r, state in finished_worlds(Parameters("points", records_of(points)), 3, 12):
        told = interview(state, 12, r)
        assert bank.of("formalised")[r].tolist() == [told.formalised, told.supported - told.formalised]
        assert bank.of("effect")[r].tolist() == list(told.effect.values())
        assert bank.of("forms")[r].tolist() == list(told.forms.values())
        assert bank.of("topics")[r].tolist() == list(told.topics.values())
        # One respondent gives no answer about direction.
        assert bank.of("direction")[r].sum() == sum(told.direction.values()) + told.missing


def test_an_unknown_question_is_a_key_error(bank):
    with pytest.raises(KeyError):
        bank.of("weather")


def test_one_thread_is_many():
    points = prior_points(20, 13)
    one, many = simulate(points, 1, keep=False, workers=1), simulate(points, 1, keep=False, workers=4)
    assert np.array_equal(one.counts, many.counts)


def test_no_two_runs_share_their_luck():
    points = np.repeat(prior_points(1, 14), 12, axis=0)
    assert len(np.unique(simulate(points, 1, keep=False).counts, axis=0)) > 8


def test_goes_on_where_it_was_stopped(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMENSPEL_CACHE", str(tmp_path))
    points = prior_points(SHARD + 30, 15)
    whole = simulate(points, 2, keep=False)
    asked = 0

    def stop() -> bool:
        nonlocal asked
        asked += 1
        return asked > SHARD + 5

    with pytest.raises(Cancelled):
        simulate(points, 2, cancelled=stop)
    kept = [path for path in tmp_path.rglob("*.parquet") if not path.name.startswith(".")]
    assert len(kept) == 1
    lived = []
    monkeypatch.setattr(room, "counted", lambda state, real=room.counted: lived.append(1) or real(state))
    again = simulate(points, 2)
    assert np.array_equal(again.counts, whole.counts)
    assert len(lived) == 30


def test_a_damaged_shard_is_run_again(tmp_path, monkeypatch):
    monkeypatch.setenv("SAMENSPEL_CACHE", str(tmp_path))
    points = prior_points(10, 16)
    first = simulate(points, 3)
    (shard,) = tmp_path.rglob("*.parquet")
    shard.write_bytes(shard.read_bytes()[:50])
    assert np.array_equal(simulate(points, 3).counts, first.counts)


def test_a_disk_that_takes_nothing_costs_no_work(tmp_path, monkeypatch):
    blocked = tmp_path / "file"
    blocked.write_text("in the way")
    monkeypatch.setenv("SAMENSPEL_CACHE", str(blocked))
    assert simulate(prior_points(5, 17), 3).counts.shape == (5, len(COLUMNS))
