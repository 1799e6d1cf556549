"""How a replicate begins: characters addressed by number, months of adoption, entry, and half-lives a month."""

import numpy as np
import pytest
from scipy import stats

from sim.evidence.parameters import record
from sim.world.files import NationalWorld, load_world
from sim.world.state import ACTIVE, NOT_YET, STOPPED, copy_state
from tests.playing import months_of, stage


def begun(ready, replicate):
    s = copy_state(ready.start)
    ready.begin(s, replicate)
    return s


def test_a_half_life_halves():
    s = begun(stage(months=1), 0)
    for half_life, keep in (("trust_half_life", "trust_keep"), ("history_half_life", "history_keep")):
        assert s.monthly[keep][0] ** record()[half_life][0] == pytest.approx(0.5)
    lost = s.monthly["understanding_loss"][0]
    assert (1 - lost) ** record()["understanding_half_life"][0] == pytest.approx(0.5)


def test_the_same_number_has_the_same_character_in_worlds_of_any_length():
    """Officials and municipalities are addressed by number, so the same rows of one world are the same in every run of
    it.
    """
    ready = stage(months=30)
    first, again, other = begun(ready, 4), begun(stage(months=30), 4), begun(ready, 5)
    for table in ("municipalities", "posts", "aldermen", "facilitators"):
        assert getattr(first, table).tobytes() == getattr(again, table).tobytes()
        assert getattr(first, table).tobytes() != getattr(other, table).tobytes()


def test_characters_are_drawn_as_the_parameters_say():
    ready = stage(months=1)
    worlds = [begun(ready, r) for r in range(20)]
    openness = np.concatenate([s.posts["openness"] for s in worlds])
    sd = record()["openness_sd"][0]
    expected = stats.norm(0.5, sd)
    inside = (openness > 0) & (openness < 1)
    assert abs((~inside).mean() - 2 * expected.cdf(0)) < 0.01
    assert abs(openness.mean() - 0.5) < 4 * sd / np.sqrt(len(openness))
    assert abs(np.quantile(openness, 0.84) - (0.5 + sd)) < 0.02
    style = np.concatenate([s.municipalities["style"] for s in worlds])
    assert abs(np.quantile(style, 0.84) - (0.5 + record()["style_sd"][0])) < 0.03
    fte = np.concatenate([s.municipalities["fte"] for s in worlds])
    low = np.tile(ready.start.municipalities["fte_low"], 20)
    high = np.tile(ready.start.municipalities["fte_high"], 20)
    assert (fte >= low).all() and (fte <= high).all()
    assert abs(np.mean(np.log(fte / low) / np.log(high / low)) - 0.5) < 0.02


def test_a_style_that_was_described_is_kept():
    world = load_world("my-municipality-medium").model_copy(update={"direction_style": 0.73})
    assert begun(stage(world, months=3), 0).municipalities["style"][0] == 0.73


def test_visions_are_adopted_by_the_timetable():
    """The share of municipalities that adopted by a month is that of the world's file, between its points too."""
    ready = stage(months=1)
    months = np.concatenate([begun(ready, r).municipalities["vision_month"] for r in range(30)])
    world = load_world("reference")
    assert isinstance(world, NationalWorld)
    points = [(world.engine_month(point.month), point.share) for point in world.vision]
    for month, share in points:
        assert abs((months <= month).mean() - share) < 4 * np.sqrt(max(share * (1 - share), 1e-4) / len(months))
    (first, low), (second, high) = points[1], points[2]
    middle = (first + second) // 2
    between = low + (high - low) * (middle - first) / (second - first)
    assert abs((months <= middle).mean() - between) < 0.04


def test_a_vision_is_adopted_once_in_its_month():
    ready = stage(months=48)
    adopted = None
    for s in months_of(ready):
        town, month = s.municipalities, int(s.clock["month"][0]) - 1
        assert (town["vision_adopted"] == (town["vision_month"] <= month)).all()
        just = town["vision_just_adopted"] == 1
        assert (town["vision_month"][just] == month).all()
        if adopted is not None:
            assert (town["vision_adopted"] >= adopted).all()
        adopted = town["vision_adopted"].copy()


def test_initiatives_enter_in_their_month_with_a_character():
    ready = stage(months=40)
    for s in months_of(ready):
        month = int(s.clock["month"][0]) - 1
        came = s.initiatives["entry"] == month
        assert np.isin(s.initiatives["status"][came], (ACTIVE, STOPPED)).all()  # a few stop at once
        waiting = s.initiatives["entry"] > month
        assert (s.initiatives["status"][waiting] == NOT_YET).all()
        assert not s.initiatives["energy"][waiting].any()
        assert (s.initiatives["energy"][came] > 0.3).all()
        if month == 0:
            older = s.initiatives["older_tie"] == 1
            assert older.sum() > 5
            assert (s.initiatives["met_month"][older] == 0).all()
            trust = s.ties["trust"].reshape(-1, 4)[:, 0]
            assert trust[older].mean() > trust[came & ~older].mean() + 0.1


def test_characters_of_initiatives_go_with_their_number():
    """Initiative 12 starts the same in the reference and in the projection with the same luck, but for its town hall's
    people.
    """
    reference, projection = stage(months=36), stage("projection", months=1)
    one, other = next(months_of(reference)), next(months_of(projection))
    there = np.flatnonzero(one.initiatives["entry"] == 0)
    assert len(there) > 50
    for name in ("ambition", "size", "homes_in_reach", "older_tie"):
        assert (one.initiatives[name][there] == other.initiatives[name][there]).all(), name
