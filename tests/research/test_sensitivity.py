"""Sensitivity: a known truth is recovered, chance is told apart, and what does nothing is seen to do nothing."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np
import pytest

from sim.cli import main
from sim.engine.catalogue import Text
from sim.research.conduct import conduct
from sim.research.designs import Axis, Floats, unit_sample
from sim.research.sensitivity import indices_of, parting
from sim.research.sweep_file import Design
from tests.research.trial import SMALL, Serial, small

AXES = [Axis(name, "parameter", name, Text(nl="-", en="-"), 0.0, 1.0) for name in ("x1", "x2", "x3", "x4")]
A, B = 7.0, 0.1


def ishigami(u: Floats) -> Floats:
    """The function of Ishigami and Homma; the fourth input does nothing."""
    x = np.pi * (2 * u - 1)
    return np.asarray(np.sin(x[:, 0]) + A * np.sin(x[:, 1]) ** 2 + B * x[:, 2] ** 4 * np.sin(x[:, 0]))


def known() -> dict[str, tuple[float, float]]:
    """First-order and total indices of that function, worked out by hand."""
    v1 = 0.5 * (1 + B * np.pi**4 / 5) ** 2
    v2 = A**2 / 8
    v13 = B**2 * np.pi**8 * (1 / 18 - 1 / 50)
    v = v1 + v2 + v13
    return {"x1": (v1 / v, (v1 + v13) / v), "x2": (v2 / v, v2 / v), "x3": (0.0, v13 / v), "x4": (0.0, 0.0)}


def runs(design: Design, noise: float, replicates: int) -> Floats:
    """Runs with chance that is partly the same at all points."""
    rng = np.random.default_rng(5)
    y = ishigami(unit_sample(design, AXES))
    return y[:, None] + rng.normal(0, 3, replicates) + rng.normal(0, noise, (len(y), replicates))


def test_sobol_recovers_a_known_truth_under_chance() -> None:
    design = Design(kind="sobol", base=2048)
    found = {index.parameter: index.numbers for index in indices_of(design, AXES, runs(design, 0.5, 8))}
    for name, (first, total) in known().items():
        assert found[name]["S1"] == pytest.approx(first, abs=0.05), name
        assert found[name]["ST"] == pytest.approx(total, abs=0.05), name
        assert found[name]["ST_low"] - 0.01 <= total <= found[name]["ST_high"] + 0.01


def test_what_does_nothing_seems_to_do_something_on_single_noisy_runs_only() -> None:
    design = Design(kind="sobol", base=512)
    noisy = {index.parameter: index.numbers["ST"] for index in indices_of(design, AXES, runs(design, 2.0, 1))}
    averaged = {index.parameter: index.numbers["ST"] for index in indices_of(design, AXES, runs(design, 2.0, 16))}
    assert noisy["x4"] > 0.1
    assert averaged["x4"] < 0.04


def test_morris_ranks_as_it_should() -> None:
    design = Design(kind="morris", trajectories=200)
    found = {index.parameter: index.numbers for index in indices_of(design, AXES, runs(design, 0.1, 8))}
    assert found["x4"]["mu_star"] < 0.2
    assert min(found[name]["mu_star"] for name in ("x1", "x2", "x3")) > 2


def test_chance_is_told_from_not_knowing() -> None:
    rng = np.random.default_rng(1)
    point, replicate, rest = rng.normal(0, 2, (4000, 1)), rng.normal(0, 1, (1, 60)), rng.normal(0, 3, (4000, 60))
    between, chance, noise = parting(point + replicate + rest)
    assert between == pytest.approx(4, rel=0.1)
    assert chance == pytest.approx(9 + 1, rel=0.1)
    assert noise == pytest.approx(9 / 60 / (4 + 9 / 60), rel=0.1)
    assert parting(np.repeat(rng.normal(0, 1, (1, 9)), 5, axis=0))[0] == 0.0


def test_the_command_tells_chance_and_unknowns_apart(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "sweep.yaml"
    data = {**SMALL, "design": {"kind": "sobol", "base": 8}, "keep_months": "horizon"}
    file.write_text(json.dumps(data), encoding="utf-8")
    assert main(["sensitivity", str(file), "--out", str(tmp_path / "o"), "--workers", "1", "--quiet", "--json"]) == 0
    rows = json.loads(capsys.readouterr().out)["sensitivity"]
    assert [(row["quantity"], row["scenario"]) for row in rows[:3]] == [
        ("outcome", "as-now"), ("outcome", "structural-funding"), ("difference", "structural-funding"),
    ]  # fmt: skip
    lever = {index["parameter"]: index for index in rows[0]["indices"]}["structural_funding"]
    assert (lever["S1"], lever["ST"]) == (0.0, 0.0), "as-now has no lever to vary"
    assert 0 < rows[0]["share_chance"] <= 1
    assert main(["sensitivity", str(tmp_path / "o"), "--language", "nl"]) == 0
    told = capsys.readouterr().out
    assert "% door toeval" in told
    assert "niet afgesteld" in told
    assert {path.name for path in (tmp_path / "o" / "sensitivity").iterdir()} == {
        "spread.csv", "indices.csv", "report-nl.md", "report-en.md", "figure.svg",
    }  # fmt: skip
    # The folder can still be gone on with.
    assert main(["sweep", str(file), "--out", str(tmp_path / "o"), "--quiet"]) == 0


def test_another_design_is_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    conduct(small(), tmp_path / "s", Serial())
    assert main(["sensitivity", str(tmp_path / "s")]) == 2
    assert "latin_hypercube says nothing of sensitivity" in capsys.readouterr().err
    assert main(["sensitivity", str(tmp_path)]) == 2
    assert "holds no sweep" in capsys.readouterr().err
