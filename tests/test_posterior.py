"""The fit that is shipped: it belongs to this model, and every comparison uses it unless told otherwise."""

from __future__ import annotations

import json
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
from sim.posterior import DRAWS, SHIPPED, fits_this_model, posterior_records, read_manifest, read_values
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


def test_a_spoilt_line_of_draws_is_told_in_both_languages(elsewhere):
    draws = elsewhere / DRAWS
    lines = draws.read_text().splitlines()
    first = lines[0].split(",")[0]
    for spoilt, dutch, english in (
        (lines[1] + ",1", "regel 2: heeft 13 waarden; nodig: 12", "line 2: has 13 values; 12 are needed"),
        (
            ",".join(["veel", *lines[1].split(",")[1:]]),
            f"regel 2, {first}: 'veel' kan niet; toegestaan: ",
            f"line 2, {first}: 'veel' is not allowed; allowed: ",
        ),
    ):
        draws.write_text("\n".join([lines[0], spoilt, *lines[2:]]))
        with pytest.raises(InputError) as caught:
            read_values(elsewhere)
        assert dutch in caught.value.sentence("nl")
        assert english in caught.value.sentence("en")


def test_without_a_fit_the_medians_of_the_priors_are_used_and_said_to_be_so(elsewhere):
    (elsewhere / DRAWS).unlink()
    assert default_parameters().name == "prior-median"
    with pytest.raises(InputError, match="no fitted parameters"):
        load_parameters("posterior-median")


def test_draws_that_were_changed_after_the_fit_are_refused(tmp_path):
    for name in ("manifest.json", DRAWS):
        (tmp_path / name).write_bytes((SHIPPED / name).read_bytes())
    assert len(posterior_records(tmp_path)) > 1
    lines = (tmp_path / DRAWS).read_text().splitlines()
    (tmp_path / DRAWS).write_text("\n".join([lines[0], lines[2], lines[1], *lines[3:]]))
    with pytest.raises(InputError, match="are not those that manifest.json names"):
        posterior_records(tmp_path)


def test_outputs_say_how_many_parameters_were_fitted_and_to_what(tmp_path):
    assert load_parameters("posterior").described().notice == (
        f"calibrated: {len(CALIBRATED)} parameters are fitted to the interview outcomes; "
        "all other parameters are fixed at the middle of their prior"
    )
    own = json.loads((SHIPPED / "manifest.json").read_text())
    own["targets"]["id"] = "ten-more-none"
    own["sampling"]["agreed"] = False
    (tmp_path / "manifest.json").write_text(json.dumps(own))
    (tmp_path / DRAWS).write_bytes((SHIPPED / DRAWS).read_bytes())
    notice = load_parameters(tmp_path).described().notice
    assert "fitted to the targets 'ten-more-none'" in notice
    assert notice.endswith("its samplers do not agree, so the fit is not to be trusted")
    assert load_parameters("prior-median").described().notice.startswith("not calibrated")
