"""Answers computed before: the same numbers, never those of another model, and no harm from a bad file or disk."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, arg-type"

import lzma

import numpy as np
import pytest

import sim
from dashboard import precomputed, session, simulation
from dashboard.session import SHARP_WORLDS
from sim.scenario import load_scenario
from sim.world.files import load_world

NAMES = ("as-now", "structural-funding")


@pytest.fixture(scope="module")
def result():
    return sim.compare(list(NAMES), world="reference", replicates=4, seed=3)


def key(names=NAMES, world="reference", replicates=4, **options):
    scenarios = [load_scenario(name) for name in names]
    return precomputed.key_of(scenarios, load_world(world), replicates, **{"seed": 3, **options})


def test_what_is_kept_comes_back_with_the_same_numbers(result, tmp_path):
    assert precomputed.keep(key(), result, tmp_path)
    again = precomputed.load(key(), tmp_path)
    np.testing.assert_array_equal(again.summary_values, result.summary_values)
    np.testing.assert_array_equal(again.difference_values, result.difference_values)
    for one in ("paired", "verdict"):
        before, after = (getattr(each, one)("structural-funding", "homes_reached") for each in (result, again))
        if one == "paired":
            np.testing.assert_array_equal(after.sel(month="2021-12"), before.sel(month="2021-12"))
        else:
            assert after == before
    assert again.parameter_set == result.parameter_set
    assert again.command == result.command
    assert again.documents[1]["name"]["nl"] == result.documents[1]["name"]["nl"]


def test_everything_that_decides_the_numbers_is_in_the_key():
    scenario = [load_scenario("as-now"), load_scenario("structural-funding")]
    other = scenario[1].model_copy(update={"levers": tuple(
        entry.model_copy(update={"intensity": 0.25}) for entry in scenario[1].levers
    )})  # fmt: skip
    keys = [
        key(),
        key(("as-now", "regular-meetings")),
        key(("structural-funding", "as-now")),
        key(world="projection"),
        key(replicates=5),
        key(seed=4),
        key(months=24),
        key(parameters={"trust_growth": 0.1}),
        precomputed.key_of([scenario[0], other], load_world("reference"), 4, seed=3),
    ]
    assert len(set(keys)) == len(keys)
    assert key() == key()


def test_another_model_has_another_key_and_its_answer_is_not_shown(result, tmp_path, monkeypatch):
    before = key()
    precomputed.keep(before, result, tmp_path)
    monkeypatch.setattr(precomputed, "model", lambda: "another")
    assert key() != before
    assert precomputed.load(before, tmp_path) is None  # also when it lies there under a right name


@pytest.mark.parametrize(
    "spoil", [lambda b: b[:-40], lambda _: b"", lambda _: b"not xz", lambda _: lzma.compress(b"x")]
)
def test_a_damaged_file_is_computed_again(result, tmp_path, spoil, caplog):
    precomputed.keep(key(), result, tmp_path)
    (file,) = tmp_path.iterdir()
    file.write_bytes(spoil(file.read_bytes()))
    assert precomputed.load(key(), tmp_path) is None
    assert "cannot be read" in caplog.text


def test_a_file_that_unpacks_without_end_is_refused(tmp_path, monkeypatch):
    monkeypatch.setattr(precomputed, "LARGEST", 10_000)
    (tmp_path / f"{'0' * 32}.npz.xz").write_bytes(lzma.compress(bytes(1_000_000)))
    assert precomputed.load("0" * 32, tmp_path) is None


def test_a_disk_that_cannot_be_written_is_no_problem(result, tmp_path):
    (tmp_path / "file").write_text("in the way")
    assert precomputed.keep(key(), result, tmp_path / "file") is False


def test_the_oldest_make_room(result, tmp_path):
    for number in range(4):
        precomputed.keep(f"{number:032x}", result, tmp_path, kept=2)
    assert len(list(tmp_path.iterdir())) == 2


def test_the_first_pages_answer_is_shipped_for_this_model():
    shipped = precomputed.load(session._key_on_disk(simulation.default_choice()), precomputed.SHIPPED)
    assert shipped is not None, "not of this model and these parameters: run python -m dashboard.precomputed"
    assert shipped.replicates == SHARP_WORLDS
