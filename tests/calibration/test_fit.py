"""The fit as a whole, with little work."""

from __future__ import annotations

import json
from dataclasses import replace

import numpy as np
import pytest

from calibration.bank import world_of
from calibration.fit import QUICK, Fit, calibrate, contraction
from calibration.posterior_files import read_unit, write_posterior
from calibration.predictive import predictive
from calibration.targets import parse_targets
from sim.comparison import compare, load_parameters
from sim.engine.compiling import model_hash
from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED, PARAMETERS

PLAN = replace(QUICK, fresh=0)


@pytest.fixture(scope="module")
def fit(bank) -> Fit:
    return calibrate(plan=PLAN)


def own_targets(**effect: int) -> dict:
    return {
        "id": "own",
        "source": "another year",
        "questions": [
            {"question": "formalised", "n": 265, "section": "own", "use": "fitted", "counts": {"yes": 160, "no": 105}},
            {"question": "effect", "n": sum(effect.values()), "section": "own", "use": "fitted", "counts": effect},
        ],
    }


def test_the_ensembles_agree(fit):
    assert fit.agreement.holds()
    assert fit.manifest["sampling"]["agreed"] is True


def test_the_counts_teach_something_and_not_everything(fit):
    narrower = dict(zip(CALIBRATED, contraction(fit.unit), strict=True))
    assert narrower["felt_bar"] > 0.7
    assert narrower["loss_over_gain"] < 0.2


def test_draws_lie_within_their_priors_and_are_what_is_written(fit, tmp_path):
    for k, name in enumerate(CALIBRATED):
        law = PARAMETERS[name].prior
        assert law.low <= fit.values[:, k].min() <= fit.values[:, k].max() <= law.high
    write_posterior(tmp_path / "fit", fit.values, fit.manifest)
    assert np.allclose(read_unit(tmp_path / "fit"), fit.unit, atol=1e-12)
    rows = load_parameters(tmp_path / "fit").rows
    assert np.array_equal(rows[CALIBRATED[0]], fit.values[:, 0])
    assert json.loads((tmp_path / "fit" / "manifest.json").read_text())["model"] == model_hash()


def test_the_same_seed_gives_the_same_draws_and_manifest(fit):
    again = calibrate(plan=PLAN, workers=1)
    assert np.array_equal(again.values, fit.values)
    assert again.manifest == fit.manifest


def test_other_targets_give_another_fit_without_touching_code(fit, bank):
    harmed = calibrate(parse_targets(own_targets(contributed=30, none=20, harmed=20), "own.yaml"), plan=PLAN)
    assert set(harmed.emulator.models) == {"formalised", "effect"}
    there = harmed.emulator.probabilities(harmed.unit)["effect"].mean(axis=0)
    here = fit.emulator.probabilities(fit.unit)["effect"].mean(axis=0)
    assert there[2] > here[2] + 0.02  # as far as the priors let it
    assert harmed.emulator.probabilities(harmed.unit)["formalised"][:, 0].mean() > 0.52


def test_polite_answers_lower_what_is_believed(fit):
    polite = calibrate(plan=PLAN, polite=0.2)
    here, there = (f.emulator.probabilities(f.unit)["direction"][:, 0].mean() for f in (fit, polite))
    assert there < here - 0.03


def test_a_fit_of_nothing_is_refused():
    rows = [{"question": "formalised", "n": 265, "section": "own", "use": "held_out", "counts": {"yes": 1, "no": 264}}]
    with pytest.raises(InputError, match="at least one is needed"):
        calibrate(parse_targets({"id": "own", "source": "own", "questions": rows}, "own.yaml"), plan=PLAN)


def test_fresh_worlds_of_the_fit_give_the_counts_back(fit, interviews):
    found = predictive(fit.unit, interviews, world_of(), worlds=150, heat=False)
    rows = {row.name: row for row in found.of("fitted")}
    assert len(rows) == 10
    assert all(row.p05 <= row.p50 <= row.p95 for row in rows.values())
    # A rough fit: the middle lies near what was counted, in units of the interval.
    for row in rows.values():
        assert abs(row.p50 - row.observed) < 1.2 * (row.p95 - row.p05), row.name
    prior = predictive(np.random.default_rng(1).random((150, 12)), interviews, world_of(), worlds=150, heat=False)
    off = [abs(r.p50 - r.observed) for r in found.of("fitted")], [abs(r.p50 - r.observed) for r in prior.of("fitted")]
    assert sum(off[0]) < 0.5 * sum(off[1])


def test_heat_initiatives_are_among_what_is_held_out(fit, interviews):
    found = predictive(fit.unit, interviews, world_of(), worlds=20)
    (heat,) = (row for row in found.of("held_out") if row.question == "heat")
    assert (heat.observed, heat.n) == (29, 78)
    assert 0 <= heat.p05 <= heat.p95 <= 78


def test_a_comparison_takes_a_draw_a_replicate(fit, tmp_path):
    write_posterior(tmp_path / "fit", fit.values, fit.manifest)
    result = compare(["as-now", "regular-meetings"], parameters=tmp_path / "fit", replicates=4, months=6)
    assert result.parameter_set.calibrated
    assert result.parameter_set.hash == fit.manifest["parameters_hash"]


def test_a_fit_of_another_model_is_refused(fit, tmp_path):
    write_posterior(tmp_path / "fit", fit.values, {**fit.manifest, "model": "0" * 12})
    with pytest.raises(InputError, match="was fitted to model 000000000000"):
        load_parameters(tmp_path / "fit")


@pytest.mark.parametrize(
    ("name", "text", "problem"),
    [
        ("draws.csv", "", "needs a line of names"),
        ("draws.csv", "weather\n1\n", "no parameter"),
        ("draws.csv", "felt_bar\n9\n", "allowed: 0.05 to 0.3"),
        ("draws.csv", "felt_bar\nnan\n", "allowed: 0.05 to 0.3"),
        ("draws.csv", "felt_bar\n0.1,0.2\n", "1 are needed"),
        ("manifest.json", "{", "not JSON"),
        ("manifest.json", "[]", "says not which model"),
    ],
)
def test_a_damaged_fit_is_refused_in_one_line(fit, tmp_path, name, text, problem):
    write_posterior(tmp_path / "fit", fit.values, fit.manifest)
    (tmp_path / "fit" / name).write_text(text)
    with pytest.raises(InputError, match=problem) as told:
        load_parameters(tmp_path / "fit")
    assert "\n" not in str(told.value)
