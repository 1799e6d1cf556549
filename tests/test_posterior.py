"""The fit that is shipped: it belongs to this model, and every comparison uses it unless told otherwise."""

from __future__ import annotations

import shutil

import numpy as np
import pytest

from calibration.bank import survey_hash
from calibration.fit import Plan, described_world, targets_hash
from calibration.targets import load_targets
from sim import posterior
from sim.comparison import compare, default_parameters, load_parameters
from sim.engine.compiling import model_hash
from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED, PARAMETERS, parameter_hash
from sim.posterior import DRAWS, SHIPPED, fits_this_model, posterior_records, read_manifest
from sim.world.files import load_world

AGAIN = "the rules, the interview, the targets or the world changed: run `samenspel calibrate`"


def test_the_shipped_fit_belongs_to_this_model():
    manifest = read_manifest(SHIPPED)
    assert manifest["model"] == model_hash(), AGAIN
    assert manifest["survey"] == survey_hash(), AGAIN
    assert manifest["targets"]["hash"] == targets_hash(load_targets()), AGAIN
    assert manifest["world"] == described_world(load_world("reference")), AGAIN


def test_the_shipped_fit_is_a_whole_one_and_its_diagnostics_hold():
    manifest = read_manifest(SHIPPED)
    assert manifest["runs"] >= Plan().runs
    assert manifest["sampling"]["rhat_max"] <= 1.01
    assert manifest["sampling"]["ess_bulk_min"] >= 1000
    assert manifest["polite"] == 0.0
    for name, row in manifest["check"].items():
        assert abs(row["shift"]) < 0.15, name
        assert 0.85 < row["sd_ratio"] < 1.2, name


def test_its_draws_are_those_that_its_manifest_names():
    rows = posterior_records()
    assert parameter_hash(rows) == read_manifest(SHIPPED)["parameters_hash"]
    for name in PARAMETERS:
        spread = np.ptp(rows[name])
        assert (spread > 0.0) == (name in CALIBRATED), name


def test_a_comparison_uses_it_by_default_a_draw_a_replicate():
    assert default_parameters().name == "posterior"
    result = compare(["as-now", "regular-meetings"], replicates=3, months=6)
    assert result.parameter_set.calibrated
    same = compare(["as-now", "regular-meetings"], replicates=3, months=6, parameters="posterior")
    assert result.summary.equals(same.summary)
    assert result.parameter_set.hash == read_manifest(SHIPPED)["parameters_hash"]


def test_its_median_is_one_record():
    median = load_parameters("posterior-median")
    assert median.calibrated
    assert len(median.rows) == 1
    assert median.rows["felt_bar"][0] == pytest.approx(np.median(posterior_records()["felt_bar"]))


@pytest.fixture
def elsewhere(tmp_path, monkeypatch):
    """A copy of the shipped fit that may be spoilt."""
    folder = tmp_path / "posterior"
    shutil.copytree(SHIPPED, folder)
    monkeypatch.setattr(posterior, "SHIPPED", folder)
    for function in (fits_this_model, posterior_records):
        monkeypatch.setattr(function, "__defaults__", (folder,))
    return folder


def test_a_fit_of_other_rules_is_never_used_silently(elsewhere):
    manifest = elsewhere / "manifest.json"
    manifest.write_text(manifest.read_text().replace(model_hash(), "f" * 12))
    assert default_parameters().name == "prior-median"
    assert not default_parameters().calibrated
    with pytest.raises(InputError, match="samenspel calibrate"):
        load_parameters("posterior")


def test_without_a_fit_the_medians_of_the_priors_are_used_and_said_to_be_so(elsewhere):
    (elsewhere / DRAWS).unlink()
    assert default_parameters().name == "prior-median"
    with pytest.raises(InputError, match="no fitted parameters"):
        load_parameters("posterior-median")
