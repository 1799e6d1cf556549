"""The page Onderbouwing: every number comes from the findings, with and without a fit, and what fails is said."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, index"

import copy
import json
import re

import numpy as np
import pytest

from calibration.patterns import CLAIMS
from dashboard.evidence import gather
from dashboard.evidence import page as pages
from dashboard.evidence.assumed import claim_assumed, policy_assumed, rest_on_assumptions
from dashboard.evidence.figures import place_in_prior, wilson, without_polite
from dashboard.evidence.findings import findings, read, shown_rows, written
from dashboard.evidence.gather import after_a_fit, before_a_fit, picture
from dashboard.evidence.signs import covered, most_by_luck, signs, surely_below
from dashboard.evidence.turning import margin
from dashboard.language import LANGUAGES, catalogue, text
from dashboard.precomputed import model
from sim.evidence.parameters import CALIBRATED, PARAMETERS
from sim.levers import LEVERS


def shown(found, language="nl", monkeypatch=None):
    """The page for some findings."""
    monkeypatch.setattr(pages, "findings", lambda: found)
    pages.page.cache_clear()
    try:
        return pages.page(language, found["model"])
    finally:
        pages.page.cache_clear()


@pytest.fixture
def fit():
    """Findings after an invented fit: one count outside, one claim that fails, one parameter that stays wide."""
    rng = np.random.default_rng(1)
    before = findings()
    report = {
        "parameters": {"name": "posterior", "hash": "0" * 12},
        **{
            part: [
                {"name": row["name"], "section": row["section"], "observed": row["observed"], "inside": True,
                 "p05": row["observed"] - 3.0, "p50": row["observed"] + 1.0, "p95": row["observed"] + 4.0}
                for row in before[part]
            ]
            for part in ("targets", "held_out")
        },
        "patterns": [
            {"id": row["id"], "section": row["section"], "holds": True, "share_of_draws": 0.9, "reason": None}
            for row in before["patterns"]
        ],
        "contraction": dict.fromkeys(CALIBRATED, 0.6),
    }  # fmt: skip
    report["held_out"][0].update(p05=30.0, p50=33.0, p95=40.0, inside=False)
    report["patterns"][0].update(share_of_draws=0.2, holds=False, reason="Te zwak: niet te zien.")
    report["patterns"][1].update(share_of_draws=0.6)
    report["contraction"][CALIBRATED[0]] = 0.02
    draws = {name: PARAMETERS[name].prior.quantile(rng.random(400)) for name in CALIBRATED}
    return {"model": "abc", "seed": 1, "claims": before["claims"], **after_a_fit(report, draws)}


def test_the_findings_are_of_this_model():
    assert findings()["model"] == model(), "made with another model: run python -m dashboard.evidence"


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_page_is_plain_data_without_gaps(language):
    page = pages.page(language, model())
    written_out = json.dumps(page, allow_nan=False)
    assert "{" not in re.sub(r'[{}"]', "", page["headline"])
    assert len(page["parameters"]["chosen"]) == len(CALIBRATED)
    assert sum(len(process["rows"]) for process in page["parameters"]["processes"]) == len(PARAMETERS)
    assert sum(len(group["rows"]) for group in page["patterns"]["groups"]) == len(findings()["patterns"])
    assert "evidence.answer." not in json.dumps([page["counts"], page["officials"], page["orders"]])
    assert "NaN" not in written_out


@pytest.fixture
def unfitted():
    """Findings when no fit is shipped: a few draws from the priors, claims at their medians."""
    claims = [{**row, "share_of_draws": None} for row in findings()["patterns"]]
    made = {"model": findings()["model"], "claims": findings()["claims"], "patterns_at": "prior", "patterns": claims}
    return {**made, **before_a_fit(6, 1), "contraction": {}, "sbc": None, "posterior": {}}


def test_before_a_fit_it_says_so_and_shows_no_posterior(unfitted, monkeypatch):
    page = shown(unfitted, "nl", monkeypatch)
    assert page["headline"].startswith("Nog niet afgesteld")
    assert all(not row["after"] and not row["picture"] for row in page["parameters"]["chosen"])
    assert all(row["share"] is None for group in page["patterns"]["groups"] for row in group["rows"])


@pytest.mark.parametrize("language", LANGUAGES)
def test_after_a_fit_the_failures_are_shown(fit, language, monkeypatch):
    page = shown(fit, language, monkeypatch)
    assert not page["headline"].startswith(("Nog niet", "Not tuned"))
    held_out = page["counts"][1]
    assert catalogue(language)["evidence.counts.outside"] in held_out["wide"]
    assert page["headline"].startswith(("Van de 2 aparte toetsen slaagt er 1.", "Of the 2 separate tests 1 passes."))
    assert len(held_out["failures"]) == 1 and "30" in held_out["failures"][0] and not page["counts"][0]["failures"]
    assert "var(--bad)" in held_out["wide"] and "var(--bad)" in held_out["narrow"]
    groups = {group["id"]: group["rows"] for group in page["patterns"]["groups"]}
    assert list(groups) == ["not", "sometimes", "holds"]
    assert groups["not"][0]["id"] == "1a" and groups["not"][0]["reason"] == "Te zwak: niet te zien."
    assert groups["sometimes"][0]["id"] == "1b"
    assert page["patterns"]["whole"] == 20  # pattern 1 does not hold as a whole
    first = page["parameters"]["chosen"][0]
    assert first["prior_only"] and first["picture"].startswith("<svg")
    assert first["narrowed"] == catalogue(language)["evidence.parameters.hardly"]
    assert f"{len(CALIBRATED) - 1}" in page["parameters"]["title"]


def test_how_far_the_fit_can_be_trusted_is_said(fit, monkeypatch):
    def duel(draws):
        return {
            "first": "structural-funding",
            "second": "as-now",
            "outcome": "homes_reached",
            "mean": 1.0,
            "draws": draws,
        }

    variants = [{"label": label, "contests": [duel(draws)]} for label, draws in (("as told", 0.99), ("polite", 0.6))]
    report = {
        **{part: fit[part] for part in ("targets", "held_out", "patterns", "contraction")},
        "fit": {"parameters_hash": "abcdef"},
        "worlds": 500,
        "sbc": {"fits": 300, "holm_p": 0.2, "coverage90": {"a": 0.88, "b": 0.93}},
        "parameters": [{"name": CALIBRATED[0], "p05": 9.0, "p50": 12.0, "p95": 20.0, "shares": [0.25] * 4}],
        "proofs": {"respondents": {"standing": "done", "content": {"variants": variants}}},
    }
    found = {"model": "abc", "seed": 1, "claims": findings()["claims"], **after_a_fit(report, {})}
    assert found["parameters"]["hash"] == "abcdef" and found["draws"] == 500
    assert found["respondents"] == {"count": 1, "stood": 1, "changed": 1, "passed": 0}
    page = shown(found, "nl", monkeypatch)
    assert "300" in page["trusted"][0] and "88% tot 93%" in page["trusted"][0]
    assert len(page["trusted"]) == 3 and page["command"] == "samenspel validate"
    first, second = page["parameters"]["chosen"][:2]
    assert first["after"] == "9 tot 20" and first["picture"] and not second["picture"]


def test_claims_that_were_not_tried_with_the_fit_are_those_of_the_priors(fit, monkeypatch):
    untried = [{**row, "holds": None, "share_of_draws": None} for row in fit["patterns"]]
    report = {**{part: fit[part] for part in ("targets", "held_out", "contraction")}, "patterns": untried}
    monkeypatch.setattr(gather, "claims", lambda told: findings()["patterns"])
    found = gather.gathered(report, {})
    assert found["calibrated"] and found["patterns_at"] == "prior"
    page = shown(found, "nl", monkeypatch)
    assert [row["id"] for row in page["summary"]] == ["held_out", "targets", "parameters"]
    assert all(row["holds"] is not None for row in found["patterns"])


def test_a_count_that_chose_a_range_is_no_independent_test_and_that_is_said():
    row = next(each for each in findings()["held_out"] if each["name"] == "heat_gone")
    assert row["chosen_with"] == ["exit_rate"] and "29 of 78" in PARAMETERS["exit_rate"].source
    for language in LANGUAGES:
        notes = pages.page(language, model())["counts"][1]["notes"]
        assert len(notes) == 2 and PARAMETERS["exit_rate"].meaning[language] in notes[0]
        assert notes[1] == text(language, "evidence.note.heat.gone")


def test_the_better_policy_comes_first_and_the_lead_says_how_much_was_interviewed():
    shown = pages.page("nl", model())
    for group in (*shown["turning"]["open"], *shown["turning"]["standing"]):
        for row in group["rows"]:
            assert row["share"] >= 50 or "doorgaan zoals nu" in row["name"]
    lead = "".join(piece["words"] for piece in shown["lead"])
    of = [sum(each.status == status for each in PARAMETERS.values()) for status in ("interviewed", "assumption")]
    assert f"Bij {of[0]} van de {len(PARAMETERS)} getallen komt het verband uit de interviews" in lead
    assert f"{of[1]} aangenomen" in lead


def test_a_fixed_phrase_on_a_source_is_translated_and_the_rest_stays_english():
    assert pages.said_of("nl", "no source") == {"source": "geen bron", "source_english": ""}
    assert pages.said_of("nl", "one quote: the line lapsed") == {
        "source": "één citaat:",
        "source_english": "the line lapsed",
    }
    assert pages.said_of("nl", "NOS 2014") == {"source": "", "source_english": "NOS 2014"}
    said = [parameter.source for parameter in PARAMETERS.values()]
    fixed = [key.removeprefix("evidence.said.") for key in catalogue("nl") if key.startswith("evidence.said.")]
    assert fixed and [phrase for phrase in fixed if not any(each.startswith(phrase) for each in said)] == []


def test_comparisons_that_may_turn_round_are_listed_with_what_they_rest_on():
    found = findings()["choices"]
    page = pages.page("nl", model())
    rows = [row for group in page["turning"]["open"] for row in group["rows"]]
    assert len(rows) == sum(row["changes_sign"] for row in found["contests"]) == page["turning"]["changing"]
    assert all(5 <= row["share"] <= 95 for row in rows)
    standing = [row for group in page["turning"]["standing"] for row in group["rows"]]
    assert len(rows) + len(standing) == len(found["contests"])
    words = catalogue("nl")
    for row in rows + standing:
        assert (words["evidence.weak.assumed"] in row["marks"]) == ("independent-facilitator" in row["id"])
    marks = {group["outcome"]: group["marks"] for group in page["turning"]["open"]}
    assert marks[words["indicator.active.name"]] == [words["evidence.weak.failed"]]
    assert marks[words["indicator.homes_reached.name"]] == []
    shown_summary = {row["id"]: row["value"] for row in page["summary"]}
    assert shown_summary["turning"] == f"{len(rows)} van {len(found['contests'])}"


def test_only_worth_above_noise_is_to_be_found_out_first():
    for choice in findings()["choices"]["worth"]:
        if choice["finding"] == "first":
            assert 2 * choice["error"] < choice["value"] <= choice["everything"]
        if choice["finding"] == "nothing":
            assert choice["value"] == 0


def test_emergent_claims_come_first_and_what_rests_on_assumptions_is_marked(fit, monkeypatch):
    fit["tried"] = {"draws": 50, "replicates": 20}
    fit["signs"]["claims"] = 18
    fit["patterns"][2].update(share_of_draws=0.76, prior_share=0.98)
    fit["patterns"][3].update(share_of_draws=0.8, prior_share=0.9)  # within the noise of two times 50 versions
    page = shown(fit, "nl", monkeypatch)
    rows = {group["id"]: group["rows"] for group in page["patterns"]["groups"]}["holds"]
    labels = [row["label"] for row in rows]
    assert labels == sorted(labels, reverse=True) and set(labels) == {"emergent", "built in"}
    assumed = {row["id"] for row in rows if catalogue("nl")["evidence.weak.assumed"] in row["marks"]}
    assert assumed == {"20a", "20b", "20c", "20d"}
    worse = fit["patterns"][2]["id"]
    assert next(row for row in rows if row["id"] == worse)["marks"] == ["vooraf 98%"]
    assert worse in page["patterns"]["about"][-1]
    within = fit["patterns"][3]["id"]
    assert not next(row for row in rows if row["id"] == within)["marks"]
    assert within not in page["patterns"]["about"][-1]


def test_an_order_that_fails_is_marked():
    page = pages.page("en", model())
    shares = [row["share_of_draws"] for row in findings()["orders"]]
    came = ["holds" if share >= 0.75 else "sometimes" if share >= 0.5 else "not" for share in shares]
    told = {row["why"]: row["standing"] for row in page["orders"] if row["why"]}
    assert len(told) == 2  # both orders with a covenant, of which the model has too many
    expected = [
        "sometimes" if row["why"] and each == "holds" else each for row, each in zip(page["orders"], came, strict=True)
    ]
    assert [row["standing"] for row in page["orders"]] == expected and "not" in came


@pytest.mark.parametrize(("p05", "standings", "whys"), [(25.0, ["holds", "sometimes"], 2), (5.0, ["holds"] * 2, 0)])
def test_an_order_that_a_missed_count_helps_gets_no_tick(p05, standings, whys):
    missed = {"question": "forms", "answer": "covenant", "observed": 18, "p05": p05, "p95": 41.0, "inside": p05 < 18}
    orders = [
        {"question": "forms", "more": more, "less": less, "section": "7.1", "share_of_draws": 0.99}
        for more, less in (("money", "covenant"), ("covenant", "policy"))
    ]
    shown = pages.orders("en", {"held_out": [missed], "targets": [], "orders": orders})
    assert [row["standing"] for row in shown] == standings
    assert sum(bool(row["why"]) for row in shown) == whys


def test_a_count_that_is_missed_the_other_way_hinders_instead():
    missed = {"question": "forms", "answer": "covenant", "observed": 50, "p05": 20.0, "p95": 41.0, "inside": False}
    order = {"question": "forms", "more": "covenant", "less": "policy", "section": "7.1", "share_of_draws": 0.99}
    (row,) = pages.orders("en", {"held_out": [missed], "targets": [], "orders": [order]})
    assert row["standing"] == "holds"
    assert catalogue("en")["evidence.orders.hindered"] in row["why"] and "too seldom" in row["why"]


def test_bounds_of_bad_signs_are_those_of_the_binomial_distribution():
    # By hand: of 3 ranges of 90%, none is missed with .729, one with .243 (together .972); of 9, .387 + .387 + .172 =
    # .947 for at most two.
    assert (most_by_luck(3, 0.1), most_by_luck(9, 0.1)) == (1, 3)
    assert surely_below(4, 0.5) == -1 and surely_below(5, 0.5) == 0  # all five go wrong with 1/32
    found = covered([0.9, 0.9, 0.5], 300)
    assert found["outside"] == 1 and found["least"] < 0.9 < found["most"]


def test_the_shipped_bounds_belong_to_the_shipped_findings():
    assert findings()["signs"] == json.loads(json.dumps(signs(findings())))


@pytest.mark.parametrize("language", LANGUAGES)
def test_each_check_says_what_would_be_bad_and_how_bad_it_is(fit, language, monkeypatch):
    words = catalogue(language)
    page = pages.page(language, model())
    targets, held_out = (figure["bad"] for figure in page["counts"])
    assert words["evidence.bad.yes"] in held_out and words["evidence.bad.no"] not in held_out
    assert words["evidence.bad.no"] in targets and f"{100 * findings()['together']:.0f}%" in targets
    assert words["evidence.bad.no"] in page["trusted"][0]
    assert "36%" in page["patterns"]["about"][1]  # 18 of 50
    worse = shown({**fit, "together": 0.01}, language, monkeypatch)["counts"][0]["bad"]
    assert words["evidence.bad.yes"] in worse and "1%" in worse


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_claim_says_from_where_its_effect_counts(language):
    claims = findings()["claims"]
    for group in pages.page(language, model())["patterns"]["groups"]:
        for row in group["rows"]:
            about = claims[row["id"]]
            assert about["why"][language] in row["effect"] and about["unit"][language] in row["effect"]
            within = catalogue(language)["evidence.claim.bar_within"].split("{", maxsplit=1)[0]
            assert row["effect"].startswith(within) == about["within"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_no_uncertainty_is_left_unnamed(language):
    page = pages.page(language, model())
    assert "±" not in json.dumps(page, ensure_ascii=False)
    first = next(choice for choice in findings()["choices"]["worth"] if choice["finding"] == "first")
    assert margin(language, first["value"], first["error"]) in page["turning"]["worth"][0]["sentence"]
    assert margin("en", 73.04, 21.06) == "38 to 110" and margin("en", 1.0, 2.0).startswith("0 to ")


def test_the_mark_of_assumptions_follows_the_measures():
    assert [lever.id for lever in LEVERS.values() if rest_on_assumptions([lever.id])] == ["independent_facilitator"]
    assert not policy_assumed("as-now") and policy_assumed("independent-facilitator")
    assumed = [id for id, claim in findings()["claims"].items() if claim["assumed"]]
    assert assumed == [claim.id for claim in CLAIMS if claim_assumed(claim)] == ["20a", "20b", "20c", "20d"]
    choices = findings()["choices"]
    for row in (*choices["contests"], *choices["worth"]):
        assert ("assumed" in row["weak"]) == ("independent-facilitator" in (row["first"], row["second"]))


def test_what_to_find_out_first_is_marked_as_its_neighbours_are():
    words = catalogue("nl")
    facilitator = [row for row in pages.page("nl", model())["turning"]["worth"] if "begeleider" in row["sentence"]]
    assert len(facilitator) == 1 and all(words["evidence.weak.assumed"] in row["marks"] for row in facilitator)
    active = next(row for row in facilitator if "actieve initiatieven" in row["sentence"])
    assert words["evidence.weak.failed"] in active["marks"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_all_emergent_claims_that_are_counted_are_shown_at_once(language):
    patterns = pages.page(language, model())["patterns"]
    at_once = [row for group in patterns["groups"] for row in group["rows"][: group["first"]]]
    emergent = [row for row in at_once if row["label"] == "emergent"]
    assert len(emergent) == patterns["by_label"]["emergent"][1]


def test_each_count_names_its_own_source():
    page = pages.page("en", model())
    sources = {row[0]: row[-1] for figure in page["counts"] for row in figure["table"]["rows"]}
    rows = [row for part in ("targets", "held_out") for row in findings()[part]]
    for row in shown_rows(rows):
        own = sources[pages.label("en", row)]
        assert str(row["n"]) in own and row["section"] in own
        assert ("interviews, §" in own) == (row["n"] == 70)
        assert ("no interview" in own) == (row["name"] == "formalised_yes")
    assert "Lokale Energie Monitor 2023" in page["counts"][1]["wide"]
    assert "no interview" in page["counts"][0]["narrow"]


def test_a_number_that_piles_up_at_its_end_is_named(fit, monkeypatch):
    fit["posterior"][CALIBRATED[1]].update(piled_at="high", piled_share=0.2)
    page = shown(fit, "nl", monkeypatch)
    told = {row["name"]: row["piled"] for row in page["parameters"]["chosen"]}
    assert "20%" in told.pop(CALIBRATED[1]) and not any(told.values())


def test_findings_of_another_model_are_called_outdated(fit, monkeypatch):
    monkeypatch.setattr(pages, "findings", lambda: fit)
    pages.page.cache_clear()
    assert pages.page("nl", "another")["outdated"]
    assert not pages.page("nl", "abc")["outdated"]
    pages.page.cache_clear()


def test_text_of_a_report_is_shown_as_text(fit, monkeypatch):
    hostile = copy.deepcopy(fit)
    hostile["targets"][0].update(name="<script>alert(1)</script>", question="<b>", answer="x")
    page = shown(hostile, "nl", monkeypatch)
    assert "<script>" not in page["counts"][0]["wide"] + page["counts"][0]["narrow"]
    assert "&lt;script&gt;" in page["counts"][0]["wide"]


@pytest.mark.parametrize("language", LANGUAGES)
def test_every_count_that_is_shown_has_words(language):
    for row in (*findings()["targets"], *findings()["held_out"], *findings().get("conditioned", [])):
        assert f"evidence.answer.{row['question']}.{row['answer']}" in catalogue(language)


def test_every_unit_and_process_has_words():
    for parameter in PARAMETERS.values():
        for language in LANGUAGES:
            assert catalogue(language)[f"unit.{parameter.unit}"]
            assert catalogue(language)[f"process.{parameter.process}"]


def test_a_file_says_what_it_lacks(tmp_path):
    broken = copy.deepcopy(findings())
    del broken["patterns"][3]["holds"]
    (tmp_path / "f.json").write_text(written(broken), encoding="utf-8")
    with pytest.raises(ValueError, match=r"f.json: patterns 4: holds missing"):
        read(tmp_path / "f.json")
    del broken["held_out"]
    (tmp_path / "f.json").write_text(written(broken), encoding="utf-8")
    with pytest.raises(ValueError, match="held_out: is missing"):
        read(tmp_path / "f.json")


def test_what_is_written_is_read_back(tmp_path):
    (tmp_path / "f.json").write_text(written(findings()), encoding="utf-8")
    assert read(tmp_path / "f.json") == findings()


def test_counts_before_a_fit_come_from_the_virtual_interview():
    found = before_a_fit(6, 3)
    rows = {row["name"]: row for row in found["targets"]}
    assert rows["formalised_yes"]["observed"] == 121 and rows["formalised_yes"]["n"] == 265
    yes, no = (rows[f"formalised_{answer}"]["p50"] for answer in ("yes", "no"))
    assert 0 < yes < 265 and abs(yes + no - 265) <= 1
    for row in (*found["targets"], *found["held_out"]):
        assert 0 <= row["p05"] <= row["p50"] <= row["p95"] <= row["n"]
        assert row["inside"] == (row["p05"] <= row["observed"] <= row["p95"])


def test_a_picture_counts_draws_on_the_scale_of_the_prior():
    law = PARAMETERS["agreement_rate"].prior  # even on a logarithmic scale
    drawn = picture("agreement_rate", law.quantile(np.linspace(0.001, 0.999, 2400)))
    assert max(drawn["shares"]) - min(drawn["shares"]) < 0.002
    assert sum(drawn["shares"]) == pytest.approx(1, abs=1e-3)
    assert place_in_prior(law.low, law.high, law.median, "loguniform") == pytest.approx(0.5)


def test_politeness_is_the_arithmetic_of_shares():
    assert without_polite(59 / 70, 0.0) == 59 / 70
    assert without_polite(0.9, 0.5) == pytest.approx(0.8)
    assert without_polite(0.1, 0.2) == 0.0
    low, high = wilson(59, 70)
    assert (round(low, 2), round(high, 2)) == (0.74, 0.91)  # as the design page has it
