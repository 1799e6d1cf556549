"""The page about the priors: draws, coverage counted by hand, and a command that says what is wrong."""

import re

import numpy as np
import pytest

from calibration.prior_predictive import joint_hits, main, place, share_farther, tolerance, verdict
from calibration.reference import VARIED, finished_worlds, prior_draws
from calibration.targets import Target
from sim.comparison import Parameters
from sim.evidence.parameters import PARAMETERS


def target(answer: str, count: int, n: int = 70) -> Target:
    return Target(f"effect_{answer}", "effect", answer, count, n, 0, "2.2", "fitted")


def test_draws_lie_in_their_priors_and_fixed_ones_stay():
    rows = prior_draws(50, 1)
    for name, parameter in PARAMETERS.items():
        assert rows[name].min() >= parameter.prior.low - 1e-12 and rows[name].max() <= parameter.prior.high + 1e-12
        if name in VARIED:
            assert len(np.unique(rows[name])) == 50
        else:
            assert np.all(rows[name] == parameter.value)
    assert np.array_equal(prior_draws(20, 1), rows[:20])
    assert not np.array_equal(prior_draws(20, 2), rows[:20])


def test_a_draw_a_replicate():
    rows = prior_draws(3, 1)
    used = [state.parameters["step_awaits"][0] for _, state in finished_worlds(Parameters("draws", rows), 3, 1)]
    assert used == rows["step_awaits"].tolist()


def test_where_a_target_lies():
    draws = np.arange(101.0)
    assert place(50, draws) == "inside 5–95%"
    assert place(99, draws) == "inside the range, in its tail"
    assert place(101, draws) == "**outside the range**"


def test_joint_hits_need_every_answer():
    targets = [target("contributed", 59), target("none", 7), target("harmed", 4)]
    assert tolerance(targets[1]) == pytest.approx(1.645 * np.sqrt(70 * 0.1 * 0.9), abs=0.01)
    counts = np.array([[59, 7, 4], [59, 7, 20], [56, 9, 5], [30, 7, 4]])
    assert joint_hits(counts, targets) == 2


def test_an_outlier_has_nobody_farther():
    rng = np.random.default_rng(1)
    first = rng.normal(50, 3, 300).round()
    counts = np.stack([first, 70 - first], axis=1)
    assert share_farther(counts, [target("contributed", 50), target("none", 20)]) > 0.8
    assert share_farther(counts, [target("contributed", 65), target("none", 5)]) == 0.0


def test_the_verdict_names_what_is_not_reached():
    counts = np.stack([np.arange(101), 70 - np.arange(101)], axis=1)
    said = verdict([target("contributed", 130, 200), target("none", 68)], counts)
    assert "Out of range: effect_contributed." in said
    assert "In a tail: effect_none." in said
    assert "0 of 101 draws" in said


def test_the_command_writes_the_same_page_twice(tmp_path):
    first, again = tmp_path / "a" / "page.md", tmp_path / "again.md"
    for out in (first, again):
        assert main(["--draws", "20", "--replicates", "20", "--out", str(out)]) == 0
    text = first.read_text(encoding="utf-8")
    assert text == again.read_text(encoding="utf-8")
    assert "**Not calibrated.**" in text
    assert re.search(r"\| contributed \| 2\.2 \| 59 of 70 \| \d+ \|", text)
    assert re.search(r"\bnan\b", text) is None


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--draws", "0"], "prior_predictive: --draws: 0 is not allowed; allowed: 20 to 1000000"),
        (["--seed", "-1"], "prior_predictive: --seed: -1 is not allowed"),
        (["--targets", "none.yaml"], "none.yaml: file: there is no such file"),
    ],
)
def test_bad_input_is_one_line(arguments, said, capsys):
    assert main(arguments) == 2
    error = capsys.readouterr().err
    assert error.startswith(said) and error.count("\n") == 1
