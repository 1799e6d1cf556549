"""`samenspel validate`: a report whole or not at all, one JSON document, and one line where something is wrong."""

import json

import pytest

from calibration.report import writing
from calibration.report.layout import Drawn
from sim.cli import main
from tests.calibration.making import make_fit

WORLDS = ("--worlds", "20")


@pytest.fixture(scope="module")
def fit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fits") / "fit"
    make_fit(folder)
    return str(folder)


def refused(capsys, *arguments):
    assert main(["validate", *arguments]) == 2
    told = capsys.readouterr()
    assert told.out == "" and told.err.count("\n") == 1
    return told.err


def test_a_report_in_both_languages_with_its_figures_and_numbers(fit, tmp_path, capsys):
    out = tmp_path / "report"
    assert main(["validate", "--parameters", fit, "--out", str(out), *WORLDS]) == 0
    told = capsys.readouterr().out
    assert "Not done: sbc; python -m calibration.proving sbc" in told and "Failed: " in told
    assert "Hoe goed is dit model afgesteld op de interviews?" in (out / "report-nl.html").read_text(encoding="utf-8")
    assert "How well is this model fitted to the interviews?" in (out / "report-en.html").read_text(encoding="utf-8")
    for name in ("targets-nl.svg", "held-out-en.png", "parameters-en.svg"):
        assert (out / name).stat().st_size > 1000
    first = (out / "validation.json").read_bytes()
    assert main(["validate", "--parameters", fit, "--json", "--workers", "1", *WORLDS]) == 0
    assert json.loads(capsys.readouterr().out) == json.loads(first)


def test_json_alone_writes_no_folder(fit, tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["validate", "--parameters", fit, "--json", *WORLDS]) == 0
    document = json.loads(capsys.readouterr().out)
    assert set(document) == {"targets", "held_out", "patterns", "sbc", "contraction"}
    assert document["sbc"]["fits"] == 0 and document["patterns"][0]["holds"] is None
    assert list(tmp_path.iterdir()) == []


def test_an_earlier_report_stays_when_the_new_one_fails_halfway(fit, tmp_path, monkeypatch, capsys):
    out = tmp_path / "report"
    monkeypatch.setattr(writing, "drawn", lambda _: Drawn(b"<svg/>", b"<svg/>", b""))  # drawing takes long
    assert main(["validate", "--parameters", fit, "--out", str(out), "--quiet", *WORLDS]) == 0
    told = capsys.readouterr()
    assert told.out == "" and told.err == ""
    before = {path.name: path.read_bytes() for path in out.iterdir()}
    (out / "validation.json").write_text("{}", encoding="utf-8")
    before["validation.json"] = b"{}"

    def full(*_):
        raise OSError(28, "No space left on device")

    monkeypatch.setattr(writing, "html", full)
    assert "no space left" in refused(capsys, "--parameters", fit, "--out", str(out), "--quiet", *WORLDS)
    assert {path.name: path.read_bytes() for path in out.iterdir()} == before
    assert [path.name for path in tmp_path.iterdir()] == ["report"]


def test_what_is_not_ours_is_left_alone(fit, tmp_path, capsys):
    (tmp_path / "thesis.txt").write_text("mine", encoding="utf-8")
    assert "thesis.txt" in refused(capsys, "--parameters", fit, "--out", str(tmp_path), *WORLDS)
    assert (tmp_path / "thesis.txt").read_text(encoding="utf-8") == "mine"


def test_bad_input_is_one_line(fit, tmp_path, capsys):
    assert "--worlds" in refused(capsys, "--worlds", "3")
    assert "no folder of a fit" in refused(capsys, "--parameters", str(tmp_path), "--out", str(tmp_path / "r"))
    make_fit(tmp_path / "old", model="0" * 12)
    line = refused(capsys, "--parameters", str(tmp_path / "old"), "--out", str(tmp_path / "r"))
    assert "model" in line and "samenspel calibrate" in line
    made_with = ("--parameters", str(tmp_path / "odd"), "--out", str(tmp_path / "r"))
    for part, held in (("targets", {}), ("sampling", []), ("parameters", {}), ("runs", "many"), ("check", [1])):
        make_fit(tmp_path / "odd", **{part: held})
        line = refused(capsys, *made_with)
        assert f": {part}" in line and "manifest.json" in line and "samenspel calibrate" in line
    own = tmp_path / "own.yaml"
    own.write_text(
        'id: own\nsource: "s"\nquestions:\n'
        '  - {question: formalised, n: 10, section: "0", use: fitted, counts: {"yes": 4, "no": 6}}\n',
        encoding="utf-8",
    )
    line = refused(capsys, "--parameters", fit, "--targets", str(own), "--out", str(tmp_path / "r"))
    assert "other counts" in line
    assert "no/such" in refused(capsys, "--parameters", fit, "--world", "no/such", "--out", str(tmp_path / "r"))
    assert not (tmp_path / "r").exists()
