"""The unit cube of the calibrated parameters."""

from __future__ import annotations

from dataclasses import replace

import numpy as np
import pytest

from calibration.space import check_priors, prior_points, records_of, unit_of, values_of
from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED, PARAMETERS, Prior


def test_there_and_back():
    unit = prior_points(50, 3)
    assert np.allclose(unit_of(values_of(unit)), unit)


def test_values_lie_within_their_priors_and_the_middle_is_the_median():
    low, high = values_of(np.zeros(len(CALIBRATED))), values_of(np.ones(len(CALIBRATED)))
    for k, name in enumerate(CALIBRATED):
        assert low[k] == pytest.approx(PARAMETERS[name].prior.low)
        assert high[k] == pytest.approx(PARAMETERS[name].prior.high)
    middle = records_of(np.full((1, len(CALIBRATED)), 0.5))
    assert all(middle[name][0] == pytest.approx(PARAMETERS[name].value) for name in PARAMETERS)


def test_first_points_do_not_depend_on_how_many_are_asked_for():
    assert np.array_equal(prior_points(10, 5), prior_points(100, 5)[:10])


@pytest.mark.parametrize(
    "law",
    [
        Prior("fixed", 1.0, 1.0),
        Prior("uniform", 1.0, 1.0),
        Prior("uniform", 2.0, 1.0),
        Prior("loguniform", 0.0, 1.0),
        Prior("loguniform", -1.0, 1.0),
        Prior("uniform", 0.0, float("inf")),
        Prior("uniform", float("nan"), 1.0),
    ],
)
def test_an_impossible_prior_is_refused_by_name(law):
    name = CALIBRATED[0]
    broken = {**PARAMETERS, name: replace(PARAMETERS[name], prior=law)}
    with pytest.raises(InputError, match=rf"{PARAMETERS[name].process}\.yaml: {name}\.prior: .*(allowed|needs)"):
        check_priors(broken)


def test_the_priors_as_they_are_pass():
    check_priors()
