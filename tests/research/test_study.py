"""The studies: their files are right, and a page says what the numbers carry."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from sim.research.study import STUDIES, main

NAMES = sorted(json.loads((STUDIES / "studies.json").read_text(encoding="utf-8")))


def test_there_is_a_sweep_for_each_study_and_a_study_for_each_sweep() -> None:
    from sim.research.plan import make_plan

    assert sorted(path.stem for path in STUDIES.glob("*.yaml")) == NAMES
    studies = json.loads((STUDIES / "studies.json").read_text(encoding="utf-8"))
    for name, study in studies.items():
        plan = make_plan(STUDIES / f"{name}.yaml")
        ids = {each.id for each in plan.scenarios}
        assert {each for pair in study["contrasts"] for each in pair} <= ids, name
        assert study.get("group", "all") in plan.sweep.groups
        assert set(study["notes"]) == {"nl", "en"}


@pytest.mark.slow
def test_a_study_is_made_again_the_same(tmp_path: Path) -> None:
    pages = []
    for place in ("a", "b"):
        page = tmp_path / f"{place}.md"
        arguments = ["how-concrete", "--out", str(tmp_path / place), "--page", str(page), "--draws", "12"]
        assert main([*arguments, "--workers", "2"]) == 0
        pages.append(page.read_text(encoding="utf-8"))
    assert pages[0] == pages[1]
    assert "niet geijkt" in pages[0]
    assert "not calibrated" in pages[0]
    assert "| concrete-50 | concrete-25 | all | homes_reached (homes) |" in pages[0]


def test_an_unknown_study_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["nothing", "--out", str(tmp_path / "x")]) == 2
    assert "unknown study 'nothing'; allowed: embedding-and-turnover" in capsys.readouterr().err
