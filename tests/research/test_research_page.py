"""The page on research: its sweep is right, and its Python runs."""

from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest
from ruamel.yaml import YAML

from sim.research.conduct import conduct
from sim.research.plan import plan_of
from sim.research.sweep_file import parse_sweep
from tests.research.trial import Serial

PAGE = (Path(__file__).parent.parent.parent / "docs" / "research.md").read_text(encoding="utf-8")


def fenced(language: str) -> list[str]:
    return re.findall(rf"^```{language}\n(.*?)^```", PAGE, flags=re.MULTILINE | re.DOTALL)


@pytest.mark.filterwarnings("ignore::UserWarning")
def test_the_sweep_and_the_python_of_the_page_run(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (text,) = fenced("yaml")
    data: dict[str, Any] = YAML(typ="safe").load(text)
    plan_of(parse_sweep(data, "my-sweep.yaml"), "my-sweep.yaml")
    smaller = {**data, "worlds": ["my-municipality-small"], "replicates": 2, "design": {**data["design"], "points": 4}}
    monkeypatch.chdir(tmp_path)
    with Path("my-sweep.yaml").open("w", encoding="utf-8") as stream:
        YAML().dump(smaller, stream)
    conduct(plan_of(parse_sweep(smaller, "my-sweep.yaml"), "my-sweep.yaml"), "runs/my-sweep", Serial())
    names: dict[str, Any] = {}
    for block in fenced("python"):
        exec(compile(block, "research.md", "exec"), names)  # noqa: S102
    assert names["difference"].shape == (4, 2)
    assert {"scenario", "month", "homes", "millions"} == set(names["answer"].columns)
    assert len(names["answer"].df()) > 0
    assert {"posterior", "prior"} <= set(names["fit"].children)
    assert len(names["outcomes"]["homes_reached"]) == 4
    assert "homes" in capsys.readouterr().out
