"""The command `samenspel calibrate`: exit statuses, one line for bad input, killed and gone on."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest

from sim.cli import main
from sim.posterior import DRAWS, MANIFEST, SHIPPED

RUNS = "1000"


def lines_of(capsys) -> list[str]:
    return capsys.readouterr().err.strip().splitlines()


@pytest.mark.parametrize(
    ("text", "problem"),
    [
        ("counts: {contributed: 80, none: 0, harmed: 0}", "more than the sample"),
        ("counts: {contributed: 50, none: 7, harmed: 4}", "must add up to 70"),
        ("counts: {contributed: 59, none: 7, hurt: 4}", "hurt"),
    ],
)
def test_targets_that_cannot_be_are_one_line_and_status_2(tmp_path, capsys, text, problem):
    file = tmp_path / "own.yaml"
    file.write_text(
        f"id: own\nsource: own\nquestions:\n  - {{question: effect, n: 70, section: own, use: fitted, {text}}}\n"
    )
    assert main(["calibrate", "--targets", str(file), "--out", str(tmp_path / "out")]) == 2
    (line,) = lines_of(capsys)
    assert problem in line
    assert str(file) in line
    assert not (tmp_path / "out").exists()


def test_an_unknown_question_is_one_line_and_status_2(tmp_path, capsys):
    file = tmp_path / "own.yaml"
    file.write_text(
        "id: own\nsource: own\nquestions:\n  - {question: effects, n: 1, section: o, use: fitted, counts: {a: 1}}\n"
    )
    assert main(["calibrate", "--targets", str(file), "--out", str(tmp_path / "out")]) == 2
    (line,) = lines_of(capsys)
    assert "did you mean 'effect'?" in line


def test_a_folder_that_is_not_ours_is_not_touched(tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("years of work")
    assert main(["calibrate", "--quick", "--out", str(tmp_path)]) == 2
    assert len(lines_of(capsys)) == 1
    assert (tmp_path / "thesis.txt").read_text() == "years of work"


def test_too_few_runs_are_refused(capsys):
    assert main(["calibrate", "--runs", "10"]) == 2
    assert "500" in lines_of(capsys)[0]


def command(out: Path, cache: Path) -> subprocess.Popen[bytes]:
    words = [sys.executable, "-m", "sim.cli", "calibrate", "--quick", "--runs", RUNS, "--quiet", "--out", str(out)]
    # Shards go to a folder of the test; compiled rules stay where they are.
    program = (
        "import sys, pathlib, calibration.bank as bank; from sim.cli import main;"
        f"bank.cache_home = lambda: pathlib.Path({str(cache)!r}); sys.exit(main(sys.argv[1:]))"
    )
    return subprocess.Popen([sys.executable, "-c", program, *words[3:]], env=dict(os.environ))


@pytest.mark.slow
def test_killed_it_goes_on_and_ends_the_same(tmp_path):
    whole, stopped = tmp_path / "whole", tmp_path / "stopped"
    assert command(whole, tmp_path / "cache-1").wait(timeout=600) == 0
    cache = tmp_path / "cache-2"
    process = command(stopped, cache)
    deadline = time.monotonic() + 600
    while not list(cache.rglob("[!.]*.parquet")) and time.monotonic() < deadline:
        time.sleep(0.05)
    process.send_signal(signal.SIGKILL)
    process.wait()
    assert not stopped.exists()
    kept = {path: path.stat().st_mtime_ns for path in cache.rglob("[!.]*.parquet")}
    assert kept
    assert command(stopped, cache).wait(timeout=600) == 0
    assert all(path.stat().st_mtime_ns == moment for path, moment in kept.items())
    assert (stopped / DRAWS).read_bytes() == (whole / DRAWS).read_bytes()
    assert json.loads((stopped / MANIFEST).read_text()) == json.loads((whole / MANIFEST).read_text())


@pytest.mark.parametrize("words", [["--quick"], ["--runs", "600"], ["--seed", "2"], ["--targets", "own.yaml"]])
def test_a_fit_of_another_kind_never_takes_the_place_of_the_shipped_one_unasked(words, capsys):
    kept = (SHIPPED / "manifest.json").read_bytes()
    assert main(["calibrate", *words]) == 2
    said = capsys.readouterr().err
    assert said.count("\n") == 1
    assert "--out" in said and words[0] in said
    assert (SHIPPED / "manifest.json").read_bytes() == kept
