"""A small bank of runs and its emulator, made once for all tests of the fit."""

from __future__ import annotations

import pytest

from calibration.bank import Bank, simulate
from calibration.emulator import Emulator, fit_emulator
from calibration.fit import QUICK
from calibration.space import prior_points
from calibration.targets import TargetFile, load_targets


@pytest.fixture(scope="session")
def interviews() -> TargetFile:
    return load_targets()


@pytest.fixture(scope="session")
def bank() -> Bank:
    return simulate(prior_points(QUICK.runs, 1), 1)


@pytest.fixture(scope="session")
def emulator(bank: Bank, interviews: TargetFile) -> Emulator:
    return fit_emulator(bank, interviews)
