"""The page Het model and the full description: from the model's own data, in both languages, and safe to show."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, attr-defined, type-var"

import json
import re
from html.parser import HTMLParser

import numpy as np
import pytest
import yaml
from starlette.applications import Starlette
from starlette.testclient import TestClient

from dashboard import why
from dashboard.evidence.page import page as evidence
from dashboard.explained.citation import ROOT, beside, citation
from dashboard.explained.description import contents, description, rendered, slug
from dashboard.explained.document import ROUTES
from dashboard.explained.figures import acting as acting_in_words
from dashboard.explained.page import ALSO, FIRST_MOVED, link_of, page, steps
from dashboard.language import CATALOGUES, LANGUAGES, catalogue
from dashboard.precomputed import model
from dashboard.state import Choice
from dashboard.terms import TERMS, explained, pieces, without_marks
from sim.evidence.parameters import CALIBRATED, PARAMETERS
from sim.indicators import INDICATORS
from sim.levers import LEVERS
from sim.month import STEPS
from sim.shocks import SHOCKS
from sim.why import LINKS


class Seen(HTMLParser):
    """The tags, names and links of a document."""

    def __init__(self):
        super().__init__()
        self.tags, self.ids, self.links = set(), [], []

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.tags.add(tag)
        if "id" in given:
            self.ids.append(given["id"])
        if "href" in given:
            self.links.append(given["href"])
        assert not [name for name in given if name.startswith("on")]


@pytest.mark.long
@pytest.mark.parametrize("lever", LEVERS)
def test_a_lever_stands_at_a_link_that_it_moves_and_that_the_page_compare_names(lever):
    choice = Choice("reference", (("A", lever.replace("_", "-")),))
    explanation = why.explanation_of(choice, "A", replicates=4)
    outcomes = ("structural_partnership", "understanding", "trust_initiative", "energy", "homes_reached", "active")
    moved = {
        link
        for link in LINKS
        for each in outcomes
        if np.abs(np.nan_to_num(explanation.worlds(link, each, "all"))).any()
    }
    place = link_of(LEVERS[lever])
    assert place in moved
    if lever in FIRST_MOVED:
        assert place == next(link for link in LINKS if link in moved)


@pytest.mark.parametrize("language", LANGUAGES)
def test_everything_the_model_reads_is_on_the_page(language):
    shown = page(language)
    json.dumps(shown, allow_nan=False)
    assert {row["id"] for row in shown["levers"]} == set(LEVERS)
    assert {row["id"] for row in shown["shocks"]} == set(SHOCKS)
    assert {row["id"] for row in shown["indicators"]} == set(INDICATORS)
    on_chain = [lever["id"] for link in shown["chain"] for lever in link["levers"]]
    assert sorted(on_chain) == sorted(LEVERS)
    assert sum(len(link["shocks"]) for link in shown["chain"]) == len(SHOCKS)
    month = shown["figures"][1]
    acting = [step.actors for step in steps(language)]
    assert len(month["table"]["rows"]) == len(STEPS) == len(acting)
    assert month["wide"].count("<circle") == sum(len(actors) for actors in acting)
    assert all(step.owner in actors for step, actors in zip(STEPS, acting, strict=True))
    for version in ("wide", "narrow"):
        told = re.findall(r"<text[^>]*>([^<]*)</text>", month[version])
        assert all(acting_in_words(language, step) in told for step in steps(language))
    assert "265" in shown["figures"][0]["wide"] and "352" in shown["figures"][0]["wide"]


def test_who_acts_beside_the_owner_is_said_of_steps_there_are():
    assert set(ALSO) <= {(step.name, step.owner) for step in STEPS}
    assert ("facilitator", "initiative") in [step.actors for step in steps("nl")]


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_the_model_cannot_say_and_where_its_numbers_come_from(language):
    shown = page(language)
    assert shown["limits"] == evidence(language, model())["limits"] and len(shown["limits"]) >= 6
    told = [int(part) for part in re.findall(r"\d+", shown["numbers"])]
    assert told[1] == len(PARAMETERS) == told[0] + told[2] + told[3] and told[4] == len(CALIBRATED)


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_glossary_is_in_the_order_of_the_alphabet(language):
    names = [term["name"].casefold() for term in page(language)["terms"]]
    assert names == sorted(names) and len(names) == len(TERMS)


def test_every_step_of_the_month_has_words():
    wanted = {f"step.{step.name}.{step.owner}" for step in STEPS} | {f"owner.{step.owner}" for step in STEPS}
    for language in LANGUAGES:
        assert wanted <= set(catalogue(language))


def test_the_pages_say_the_same_in_both_languages():
    dutch, english = page("nl"), page("en")
    for kind in ("levers", "shocks"):
        ranges = [[re.findall(r"[\d.,]+%?", row["range"])[:2] for row in page[kind]] for page in (dutch, english)]
        assert [[end.replace(",", ".") for end in row] for row in ranges[0]] == ranges[1]
    assert [link["id"] for link in dutch["chain"]] == [link["id"] for link in english["chain"]]
    assert dutch["headline"] != english["headline"]


def test_every_term_is_explained_in_both_languages():
    assert len(TERMS) >= 20 and set(INDICATORS) <= set(explained("nl"))
    for language in LANGUAGES:
        for term, words in explained(language).items():
            assert len(words["meaning"].split()) >= 3, f"{language}: {term}"
    assert set(explained("nl")) == set(explained("en"))


def test_every_marked_word_is_a_term():
    marked = re.compile(r"\]\(")
    found = 0
    for language in LANGUAGES:
        for key, words in catalogue(language).items():
            if marked.search(words):
                found += sum(bool(piece["term"]) for piece in pieces(words))
                assert "](" not in without_marks(words), key
    assert found >= 10


def test_a_text_is_taken_apart_and_an_unknown_term_refused():
    assert pieces("Het [vertrouwen](trust) groeit.") == [
        {"words": "Het ", "term": ""},
        {"words": "vertrouwen", "term": "trust"},
        {"words": " groeit.", "term": ""},
    ]
    assert pieces("zonder") == [{"words": "zonder", "term": ""}]
    with pytest.raises(KeyError):
        pieces("[x](no_such_term)")


def test_the_terms_stand_in_one_file():
    for language in LANGUAGES:
        holding = [
            file.name for file in (CATALOGUES / language).glob("*.po") if 'msgid "term.' in file.read_text("utf-8")
        ]
        assert holding == ["terms.po"]


def test_the_description_is_whole_and_its_links_lead_somewhere():
    seen = Seen()
    seen.feed(description())
    assert len(seen.ids) == len(set(seen.ids)) > 40
    inside = [link[1:] for link in seen.links if link.startswith("#")]
    assert len(inside) > 10 and set(inside) <= set(seen.ids)
    assert not [link for link in seen.links if not link.startswith(("#", "https://"))]
    assert {row["anchor"] for row in contents()} <= set(seen.ids)
    assert "made: " not in description() and "&lt;details" not in description()


@pytest.mark.parametrize(
    "hostile",
    [
        "<script>alert(1)</script>",
        "<img src=x onerror=alert(1)>",
        "[x](javascript:alert(1))",
        "[x](data:text/html;base64,PHNjcmlwdD4=)",
        "![x](http://elsewhere.example/x.png 'y')",
        "<a href='//elsewhere.example' onclick='alert(1)'>x</a>",
        "[x](../../etc/passwd)",
        "<details><summary><img src=x onerror=alert(1)></summary>\n\nx\n\n</details>",
    ],
)
def test_nothing_in_a_description_can_act(hostile):
    seen = Seen()
    shown = rendered(f"# Title\n\n{hostile}\n\n| a | b |\n| --- | --- |\n| {hostile} | 2 |\n")
    seen.feed(shown)
    assert not seen.tags & {"script", "details", "iframe", "object", "a"}
    assert "javascript:" not in " ".join(seen.links)
    # A picture from elsewhere is refused by the policy of the document.
    assert ("img" in seen.tags) == hostile.startswith("!")


def test_headings_are_named_as_links_name_them():
    assert slug("1. Purpose and patterns") == "1-purpose-and-patterns"
    assert slug("8. Levers, shocks, costs and indicators") == "8-levers-shocks-costs-and-indicators"


@pytest.fixture(scope="module")
def site():
    with TestClient(Starlette(routes=ROUTES), base_url="http://localhost") as client:
        yield client


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_description_is_a_document_without_scripts(site, language):
    answer = site.get(f"/model/odd?lang={language}")
    assert answer.status_code == 200
    assert f'<html lang="{language}">' in answer.text and '<article id="description" lang="en">' in answer.text
    assert "<script" not in answer.text
    policy = answer.headers["content-security-policy"]
    assert "default-src 'none'" in policy and "unsafe" not in policy and "img-src 'self'" in policy


def test_how_to_cite_is_what_the_file_says():
    file = yaml.safe_load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    found = citation()
    for name in ("title", "version", "license"):
        assert str(file[name]) in found["line"] and str(file[name]) in found["bibtex"]
    assert found["bibtex"].count("{") == found["bibtex"].count("}")


def test_files_are_found_in_a_check_out():
    assert beside("CITATION.cff").is_file() and beside("docs/model.md").is_file()
