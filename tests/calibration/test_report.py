"""The report: what failed stands first, nothing of another model is used, and it is the same in both languages."""

import copy
import json
import re
import string

import numpy as np
import pytest

from calibration.predictive import predictive
from calibration.report import known, proven
from calibration.report.__main__ import FILE
from calibration.report.arviz import inference_data
from calibration.report.content import parameter_name
from calibration.report.counted import at_the_edge, not_independent
from calibration.report.data import (
    COUNT_COLUMNS,
    PATTERN_COLUMNS,
    checked_manifest,
    citing,
    collect,
    document,
    piled_at,
    rank_curves,
    to_ship,
)
from calibration.report.language import LANGUAGES, catalogue, number, significant
from calibration.report.layout import drawn, html
from calibration.report.page import report
from calibration.report.proofs import proofs
from calibration.report.writing import FIGURES, as_json
from calibration.space import prior_points
from calibration.targets import load_targets
from sim.engine.compiling import model_hash
from sim.engine.problems import InputError
from sim.evidence.parameters import CALIBRATED, PARAMETERS
from sim.posterior import SHIPPED, read_manifest
from sim.world.files import load_world
from tests.calibration.making import make_fit, make_proofs

WORLDS = 20


@pytest.fixture(scope="module")
def fit(tmp_path_factory):
    folder = tmp_path_factory.mktemp("fits") / "fit"
    manifest = make_fit(folder)
    proofs = folder.parent / "proof"
    make_proofs(proofs, manifest["parameters_hash"])
    return folder


@pytest.fixture(scope="module")
def made(fit):
    return collect(fit, worlds=WORLDS, proof_folder=fit.parent / "proof")


@pytest.fixture
def data(made):
    return copy.deepcopy(made)


def without_proofs(data):
    bare = copy.deepcopy(data)
    for proof in bare["proofs"].values():
        proof |= {"standing": "missing", "content": None}
    for row in bare["patterns"]:
        row |= {"holds": None, "share_of_draws": None}
    bare["sbc"] = {"fits": 0, "holm_p": None, "coverage90": {}}
    return bare


def everything_passes(data):
    for part in ("targets", "held_out", "conditioned"):
        for row in data[part]:
            row["inside"] = True
    for row in data["orders"]:
        row["share_of_draws"] = 1.0
    data["together"] = 0.5
    return without_proofs(data)


# Language -----------------------------------------------------------------------------------------------------------


def test_the_languages_have_the_same_texts_with_the_same_gaps():
    nl, en = (catalogue(language) for language in LANGUAGES)
    assert set(nl) == set(en)
    for key in nl:
        gaps = [{field for _, field, _, _ in string.Formatter().parse(words[key]) if field} for words in (nl, en)]
        assert gaps[0] == gaps[1], key


def test_every_fitted_parameter_has_a_name_and_a_unit_in_both_languages():
    for language in LANGUAGES:
        for name in CALIBRATED:
            assert parameter_name(language, name) != name
            assert f"unit.{PARAMETERS[name].unit}" in catalogue(language)


def test_numbers_as_each_language_writes_them():
    assert number("nl", 1234.5, 1) == "1.234,5" and number("en", 1234.5, 1) == "1,234.5"
    assert number("en", -0.004, 2, signed=True) == "0.00" and number("en", 0.5, 2, signed=True) == "+0.50"
    assert significant("nl", 0.012345) == "0,0123" and significant("en", -1234567) == "−1,230,000"


# What failed stands first ---------------------------------------------------------------------------------------------


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_held_out_count_outside_the_range_is_told_first_and_in_its_section(data, language):
    passing = everything_passes(data)
    assert report(language, passing).failed == ()
    row = next(row for row in passing["held_out"] if row["name"] == "forms_covenant")
    row |= {"p05": 24.0, "p95": 41.0, "inside": False}
    made = report(language, passing)
    assert len(made.failed) == 1
    assert "18" in made.failed[0] and "70" in made.failed[0] and "24" in made.failed[0] and "41" in made.failed[0]
    assert catalogue(language)["cause.forms_covenant.above"] in made.failed[0]
    section = next(s for s in made.sections if s.id == "held-out")
    assert made.failed[0] in section.points
    assert 0 in section.pictures[0].table.wrong


def test_the_known_cause_is_only_given_on_its_own_side(data):
    passing = everything_passes(data)
    row = next(row for row in passing["held_out"] if row["name"] == "forms_covenant")
    row |= {"p05": 3.0, "p95": 9.0, "inside": False}
    assert catalogue("en")["cause.unknown"] in report("en", passing).failed[0]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_kind_of_failure_is_told(data, language):
    data["fit"]["sampling"]["rhat_max"] = 1.2
    told = report(language, data).failed
    words = catalogue(language)
    assert words["sampling.failed"] in told
    assert any("12c" in sentence and "1a" in sentence for sentence in told)
    first = words["answer.effect.contributed"]
    assert sum(first in sentence for sentence in told) == 2  # coverage, and the curve that leaves its band
    assert any(parameter_name(language, CALIBRATED[0]) in sentence for sentence in told)


def test_orders_and_town_halls_fail_too(data):
    passing = everything_passes(data)
    passing["orders"][0]["share_of_draws"] = 0.4
    passing["conditioned"][0]["inside"] = False
    passing["together"] = 0.01
    assert len(report("en", passing).failed) == 3


def test_a_count_at_the_edge_is_named(data):
    row = {"inside": True, "observed": 9, "p05": 2.0, "p95": 10.0}
    assert at_the_edge(row) and not at_the_edge(row | {"p95": 11.0})
    assert not at_the_edge(row | {"observed": 11, "inside": False})


def test_a_claim_holds_from_three_quarters_of_the_draws(data):
    rows = {row["id"]: row for row in data["patterns"]}
    assert rows["12c"]["holds"] is False and rows["1a"]["holds"] is False and rows["1b"]["holds"] is True
    section = next(s for s in report("en", data).sections if s.id == "patterns")
    assert len(section.points) == 2


def test_a_check_that_is_too_weak_says_so(data):
    assert proven.exact("en", data).notice == ""
    data["proofs"]["exact"]["content"]["effective"] = 20.0
    assert "0.22" in proven.exact("en", data).notice
    data["proofs"]["sbc"]["content"]["fits"] = 24
    assert "24" in proven.sbc("en", data).notice


# What one would have to find out first --------------------------------------------------------------------------------


def test_only_worth_above_noise_is_named(data):
    choice = data["proofs"]["choices"]["content"]["worth"][0]
    assert known.found_out(choice) == "first"
    unsure = ({"value": 0.15}, {"error": 0.3}, {"error": None}, {"value": 1.5, "share": 1.5})
    for changed, finding in (*((each, "unclear") for each in unsure), ({"value": 0.0}, "nothing")):
        doubtful = copy.deepcopy(choice)
        doubtful["parameters"][0] |= changed
        assert known.found_out(doubtful) == finding
        data["proofs"]["choices"]["content"]["worth"] = [doubtful]
        section = known.worth("en", data)
        assert section.points == (
            catalogue("en")[f"worth.{finding}"].format(
                duels="Structural funding against regular meetings (active initiatives)"
            ),
        )
        assert bool(section.tables[0].rows) == (finding == "unclear")  # what is worth nothing has no row


def test_more_than_everything_is_not_a_share():
    assert known.share_of_all("en", {"share": 1.44}) == catalogue("en")["worth.undetermined"]
    assert known.share_of_all("en", {"share": 0.5}) == "50%"


def test_a_difference_has_as_many_decimals_as_its_error():
    row = {"mean": 20.5, "error": 0.244, "outcome": "active"}
    assert known._difference("en", row).startswith("+20.5 ± 0.5 ")
    assert known._difference("en", row | {"mean": 4039.0, "error": 91.7}).startswith("+4,039 ± 180 ")
    assert known._difference("en", row | {"mean": 0.19, "error": 0.043}).startswith("+0.19 ± 0.08 ")


def test_what_a_comparison_says_and_rests_on(data):
    row = {"first": "structural-funding", "second": "independent-facilitator", "outcome": "active"}
    stands = row | {"draws": 0.0, "changes_sign": False}
    assert known.verdict("nl", stands) == "staat: de tweede is beter"
    assert known.verdict("nl", stands | {"second": "as-now", "draws": 1.0}) == "staat: beter dan nu"
    missed = everything_passes(data)
    assert known.weak_parts(missed, row) == ["assumed"]
    next(each for each in missed["held_out"] if each["name"] == "heat_gone")["inside"] = False
    assert known.weak_parts(missed, row) == ["failed", "assumed"]
    assert known.weak_parts(missed, row | {"second": "as-now", "outcome": "homes_reached"}) == []


def test_conclusions_that_pass_the_bar_are_counted_apart_from_those_that_fall(data):
    content = data["proofs"]["respondents"]["content"]
    assert known.standing_as_told(content) == (1, 0)
    content["variants"][0]["contests"][0]["draws"] = 0.9
    content["variants"][1]["contests"][0]["draws"] = 0.96
    assert known.standing_as_told(content) == (0, 1) and known.flips(content) == []


def test_a_held_out_count_that_chose_a_range_is_named():
    assert citing(29, 78) == ["exit_rate"] and citing(18, 70) == []
    row = {"observed": 29, "n": 78, "chosen_with": ["exit_rate"], "inside": False}
    assert "29 of 78" in not_independent("en", row) and "misses it even so" in not_independent("en", row)
    assert not_independent("en", row | {"chosen_with": []}) == ""


def test_draws_at_the_end_of_a_prior_are_seen():
    prior = PARAMETERS[CALIBRATED[0]].prior
    at = np.linspace(0.0005, 0.9995, 1000)
    for place, end in ((at**3, "low"), (1.0 - at**3, "high"), (at, "")):
        drawn = prior.quantile(place)
        shares = np.histogram(drawn, bins=prior.quantile(np.linspace(0, 1, 25)))[0] / len(drawn)
        found, held = piled_at(prior, drawn, shares)
        assert found == end and (held > 0.125) == bool(end)


def test_two_checks_of_one_quantity_are_put_together(data):
    proof = data["proofs"]["sbc"]["content"]
    lowest = min(proof["coverage"], key=lambda row: row["share"])
    proof["outside_band"] = [lowest["name"]]
    assert "without correction" in proven.twice("en", proof)
    proof["outside_band"] = []
    assert proven.twice("en", proof) == ""


def test_a_conclusion_that_rests_on_frank_answers_is_named(data):
    content = data["proofs"]["respondents"]["content"]
    assert [(v["label"], after["draws"]) for v, _, after in known.flips(content)] == [("20% polite", 0.7)]
    content["variants"][1]["contests"][0]["draws"] = 0.96
    assert known.flips(content) == []


# Proofs: only of this model and this fit ------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("head", "standing"),
    [
        ({"model": "0" * 12}, "other_model"),
        ({"survey": "0" * 12}, "other_model"),
        ({"posterior": "0" * 12}, "other_fit"),
    ],
)
def test_a_proof_of_something_else_is_named_and_not_used(data, tmp_path, head, standing):
    make_proofs(tmp_path / "proof", "mine", **head)
    found = proofs("mine", folder=tmp_path / "proof")
    assert {proof.standing for proof in found.values()} == {standing}
    assert all(proof.content is None for proof in found.values())
    bare = without_proofs(data)
    for proof in bare["proofs"].values():
        proof["standing"] = standing
    told = report("en", bare).undone
    assert len(told) == 6 and all("belongs to another" in sentence for sentence in told)


def test_a_missing_proof_is_named_with_its_command(tmp_path):
    found = proofs("mine", folder=tmp_path)
    assert list(found) == ["sbc", "recovery", "choices", "respondents", "exact", "patterns"]
    assert found["sbc"].standing == "missing"
    assert found["sbc"].command == f"python -m calibration.proving sbc --out {tmp_path.name}"
    (tmp_path / "sbc.json").write_text("[", encoding="utf-8")
    assert proofs("mine", folder=tmp_path)["sbc"].standing == "missing"


def test_a_proof_that_names_no_fit_is_shown_with_that_said(data, tmp_path):
    make_proofs(tmp_path / "proof", "mine", posterior=None)
    found = proofs("mine", folder=tmp_path / "proof")["patterns"]
    assert found.standing == "done" and not found.names_fit
    assert proven.sbc("en", data).notice == ""
    data["proofs"]["patterns"]["names_fit"] = False
    section = next(s for s in report("en", data).sections if s.id == "patterns")
    assert "does not say to which fit" in section.notice


# Refusals -------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("changed", "field"),
    [
        ({"model": "0" * 12}, "model"),
        ({"survey": "0" * 12}, "survey"),
        ({"targets": {"id": "own", "hash": "x"}}, "targets"),
    ],
)
def test_a_fit_of_something_else_is_refused(tmp_path, changed, field):
    make_fit(tmp_path / "fit", **changed)
    with pytest.raises(InputError) as caught:
        checked_manifest(tmp_path / "fit", load_targets(), load_world("reference"))
    assert caught.value.field == field
    assert caught.value.problem_nl != caught.value.problem


def test_a_fit_of_another_world_is_refused(fit):
    changed = load_world("reference").model_copy(update={"horizon": 30})
    for other in (load_world("projection"), changed):
        with pytest.raises(InputError, match="world"):
            checked_manifest(fit, load_targets(), other)


def test_a_folder_without_a_fit_is_refused(tmp_path):
    with pytest.raises(InputError, match="no folder of a fit"):
        collect(tmp_path, worlds=WORLDS)


# Numbers --------------------------------------------------------------------------------------------------------------


def test_the_document_has_the_promised_columns(data):
    found = document(data)
    assert list(found) == ["targets", "held_out", "patterns", "sbc", "contraction"]
    assert all(tuple(row) == COUNT_COLUMNS for part in ("targets", "held_out") for row in found[part])
    assert all(tuple(row) == PATTERN_COLUMNS for row in found["patterns"])
    assert set(found["sbc"]) == {"fits", "holm_p", "coverage90"}
    assert found["sbc"]["holm_p"] == 0.004 and found["sbc"]["coverage90"]["log likelihood"] == 0.9
    assert set(found["contraction"]) == set(CALIBRATED)
    assert {row["name"] for row in found["held_out"]} == {"forms_covenant", "topics_roles", "heat_gone"}
    assert json.loads(as_json(found)) == found


def test_counts_stand_beside_their_own_worlds(fit, data):
    unit = prior_points(200, 5)
    unit[:, 0] = 0.25 + unit[:, 0] / 4.0
    found = predictive(unit, load_targets(), load_world("reference"), worlds=WORLDS)
    for row in found.rows:
        mine = next(r for part in ("targets", "held_out", "conditioned") for r in data[part] if r["name"] == row.name)
        assert mine["p50"] == pytest.approx(row.p50, abs=2) and mine["p05"] <= mine["p25"] <= mine["p50"] <= mine["p75"]
        assert mine["inside"] == (mine["p05"] <= mine["observed"] <= mine["p95"])


def test_what_was_narrowed_is_seen_as_such(data):
    rows = {row["name"]: row for row in data["parameters"]}
    first = rows[CALIBRATED[0]]
    assert first["contraction"] > 0.9 and not first["prior_only"]
    assert sum(first["shares"][:6]) == 0 and sum(first["shares"]) == pytest.approx(1, abs=1e-3)
    assert sum(row["prior_only"] for row in rows.values()) >= len(rows) - 3
    assert data["directions"]["eigenvalues"][0] < 0.1


def test_ranks_that_are_even_stay_at_zero_and_others_leave_the_band(data):
    places, away, band = rank_curves(data["proofs"]["sbc"]["content"])
    assert places[-1] == 1.0 and np.allclose(away[0], 0.0)
    assert away[1, 0] == pytest.approx(0.95)
    assert np.max(np.abs(away[1]) - band) > 0.5


def test_what_is_shipped_belongs_to_the_shipped_fit():
    shipped = json.loads(FILE.read_text(encoding="utf-8"))
    manifest = read_manifest(SHIPPED)
    command = "run `samenspel calibrate` and `python -m calibration.report`"
    assert shipped["model"] == model_hash(), command
    assert shipped["fit"]["parameters_hash"] == manifest["parameters_hash"], command
    assert shipped["fit"]["shipped"] and document(shipped)["held_out"]


def test_what_is_shipped_holds_all_but_the_raw_ranks(data):
    kept = to_ship(data)
    assert "ranks" not in kept["proofs"]["sbc"]["content"] and "ranks" in data["proofs"]["sbc"]["content"]
    assert kept["model"] == data["model"] and json.loads(as_json(kept)) == json.loads(json.dumps(kept))


def test_a_report_of_what_is_shipped_can_be_made(data):
    ids = {picture.id for section in report("en", to_ship(data)).sections for picture in section.pictures}
    assert "sbc-coverage" in ids and "sbc-ranks" not in ids


def test_arviz_groups(fit, data):
    targets = load_targets()
    found = predictive(prior_points(5, 1), targets, load_world("reference"), worlds=5)
    tree = inference_data(fit, found, targets, prior_draws=50)
    assert tree["posterior"][CALIBRATED[0]].shape == (1, 200) and tree["prior"][CALIBRATED[0]].shape == (1, 50)
    assert int(tree["observed_data"]["forms_covenant"]) == 18
    assert tree["posterior_predictive"]["heat_gone"].shape == (1, 5)
    row = next(row for row in found.rows if row.name == "effect_none")
    assert float(np.median(tree["posterior_predictive"]["effect_none"])) == row.p50


# The page -------------------------------------------------------------------------------------------------------------


def pictures(made):
    return [picture for section in made.sections for picture in section.pictures]


def test_all_figures_are_known_and_named_once(data):
    ids = [picture.id for picture in pictures(report("nl", data))]
    assert sorted(ids) == sorted(FIGURES)


def test_a_figure_is_drawn_the_same_twice_and_narrower_for_a_phone(data):
    picture = next(p for p in pictures(report("nl", data)) if p.id == "held-out")
    first, second = drawn(picture), drawn(picture)
    assert first == second
    widths = [float(re.findall(rb'width="([\d.]+)pt"', svg)[0]) for svg in (first.wide, first.narrow)]
    assert widths[0] > 2 * widths[1]


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_needs_nothing_else_and_escapes_what_others_wrote(data, language):
    data["fit"]["targets"]["id"] = "<script>alert(1)</script>"
    made = report(language, data)
    blank = {picture.id: drawn_blank() for picture in pictures(made)}
    page = html(made, blank)
    assert "<script" not in page and "&lt;script&gt;" in page
    outward = re.findall(r"""(?:src|href|url)\s*[=(]\s*["']?(?!data:|#|report-)([^"'\s>)]+)""", page)
    assert outward == []
    assert f'<html lang="{language}">' in page
    ids = re.findall(r' id="([^"]+)"', page)
    assert len(ids) == len(set(ids))
    assert page.count("<table") >= len(made.sections) / 2 and page.count("alt=") == len(blank)
    assert catalogue(language)["report.coalition"] in page


def test_the_page_without_any_proof(data):
    made = report("nl", without_proofs(data))
    assert len(made.undone) == 6
    assert {"targets", "held-out", "five", "parameters", "directions"} == {p.id for p in pictures(made)}


def drawn_blank():
    from calibration.report.layout import Drawn

    return Drawn(b"<svg/>", b"<svg/>", b"")


def test_own_target_files_keep_their_own_names(data):
    from calibration.report.content import count_name

    row = replace_row(data["held_out"][0], question="forms", answer="handshake", name="forms_handshake")
    assert count_name("nl", row) == "forms_handshake"


def replace_row(row, **changed):
    return dict(row) | changed


def test_tables_say_what_their_figure_draws(data):
    picture = next(p for p in pictures(report("en", data)) if p.id == "sbc-coverage")
    rows = {cells[0]: cells for cells in picture.table.rows}
    assert rows["Recording contributed"][1] == "50%"
    assert picture.table.wrong == {1}
