"""The studies: their files are right, and a page says what the numbers carry and no more."""

from __future__ import annotations

import json
import re
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import numpy as np
import pytest

from sim.indicators import INDICATORS
from sim.research.study import STUDIES, entries, main
from sim.research.study_answers import answer
from sim.research.study_case import Found, Study
from sim.research.study_numbers import Decider, Share, chance_share, difference_of
from sim.research.study_page import chance_words, entry_problems, first_sentence, index
from sim.research.study_words import LANGUAGES, WORDS, catalogue, everyday, number, page_catalogue

ENTRIES = entries()
NAMES = list(ENTRIES)
SENTENCE_END = re.compile(r"[.?!](?=\s|$)")


def page_of(name: str) -> str:
    return (STUDIES / f"{name}.md").read_text(encoding="utf-8")


def answers_on(text: str) -> dict[str, list[str]]:
    """The sentences of the answer on a page, by language."""
    dutch, english = text.split('<a id="english"></a>')
    return {"nl": dutch.split("\n\n")[2].splitlines(), "en": english.strip().split("\n\n")[1].splitlines()}


# Files ------------------------------------------------------------------------------------------------------------


def test_there_is_a_sweep_and_a_page_for_each_study() -> None:
    for suffix in ("yaml", "md"):
        assert sorted(path.stem for path in STUDIES.glob(f"*.{suffix}") if path.stem != "README") == sorted(NAMES)


@pytest.mark.parametrize("name", NAMES)
def test_a_study_names_what_its_sweep_has(name: str) -> None:
    from sim.research.plan import make_plan

    entry, plan = ENTRIES[name], make_plan(STUDIES / f"{name}.yaml")
    ids = {each.id for each in plan.scenarios}
    assert entry_problems(entry) == []
    for spec in entry["contrasts"]:
        assert {*spec["more"], *spec["less"]} <= ids
        assert spec.get("group", "all") in plan.sweep.groups
    assert {entry.get("about", "homes_reached"), *entry.get("columns", [])} <= set(plan.sweep.indicators)
    assert set(entry.get("names", {})) <= ids
    assert {each for budget in entry.get("budgets", {}).values() for each in budget} <= ids
    assert plan.sweep.chance == "fresh"
    assert plan.sweep.design.kind == "posterior"


def test_what_a_lever_fixes_by_itself_is_no_headline() -> None:
    from dashboard.outcomes import BY_DEFINITION
    from sim.research.plan import make_plan

    for name, entry in ENTRIES.items():
        scenarios = make_plan(STUDIES / f"{name}.yaml").scenarios
        used = [e.lever for s in scenarios for e in s.levers] + [e.shock for s in scenarios for e in s.shocks]
        fixed = set().union(*(BY_DEFINITION.get(each, set()) for each in used))
        assert entry.get("about", "homes_reached") not in fixed


def test_texts_are_there_in_both_languages() -> None:
    assert set(catalogue("nl")) == set(catalogue("en"))
    for key, words in catalogue("nl").items():
        fields = [set(re.findall(r"\{(\w+)\}", each)) for each in (words, catalogue("en")[key])]
        assert fields[0] == fields[1], key
    for name, said in everyday().items():
        assert set(said["what"]) == set(said["more"]) == set(LANGUAGES), name
    for entry in ENTRIES.values():
        for key in ("caveat", "costs", "lever", "event", "measure", "give", "lead", "subject"):
            assert key not in entry or set(entry[key]) == set(LANGUAGES)
    assert json.loads(WORDS.read_text(encoding="utf-8"))


# Pages ------------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("name", NAMES)
def test_an_answer_is_three_sentences_of_plain_words(name: str) -> None:
    for language, sentences in answers_on(page_of(name)).items():
        assert len(sentences) == 3
        for sentence in sentences:
            assert len(SENTENCE_END.findall(sentence)) == 1, sentence
            assert not re.search(r"correlat|posterior|prior\b|parameter|median|log-odds|hazard|_", sentence), sentence
        assert sentences[2] == ENTRIES[name]["caveat"][language]


@pytest.mark.parametrize("name", NAMES)
def test_numbers_and_names_are_those_of_the_language(name: str) -> None:
    answers = answers_on(page_of(name))
    dutch, english = (" ".join(answers[language]) for language in LANGUAGES)
    assert not re.search(r"\d,\d{3}\b", dutch), "a thousand with a comma is English"
    assert not re.search(r"\d\.\d{3}\b", english), "a thousand with a point is Dutch"
    for indicator in INDICATORS:
        words = [page_catalogue(language)[f"indicator.{indicator}.what"] for language in LANGUAGES]
        if words[0] != words[1]:
            assert words[1] not in dutch
            assert words[0] not in english


@pytest.mark.parametrize("name", NAMES)
def test_a_page_says_whether_it_is_calibrated_shows_its_figures_and_how_it_was_made(name: str) -> None:
    text = page_of(name)
    assert "getallen van het model zijn afgesteld op de interviews" in text
    assert "numbers of the model are calibrated to the interviews" in text
    assert f"python -m sim.research.study {name} --out" in text
    for language in LANGUAGES:
        assert f"(figures/{name}-{language}.svg)" in text
        assert (STUDIES / "figures" / f"{name}-{language}.svg").is_file()
    assert "\n\n*Daarnaast, " in text
    assert "\n\n*Beside it, " in text
    for alternative in re.findall(r"!\[(.*?)\]\(", text):
        assert len(alternative) > 40


@pytest.mark.parametrize("name", NAMES)
def test_every_assumption_on_a_page_is_in_everyday_words(name: str) -> None:
    for parameter in re.findall(r"\(`(\w+)`\) \|", page_of(name)):
        assert parameter in everyday()


@pytest.mark.parametrize("name", NAMES)
def test_a_page_calls_its_scenarios_what_they_are_called_today(name: str) -> None:
    from sim.research.plan import make_plan

    scenarios = make_plan(STUDIES / f"{name}.yaml").scenarios
    names = {each.id: {"nl": each.name.nl, "en": each.name.en} for each in scenarios}
    result: Any = SimpleNamespace(names=names)
    none = difference_of(np.zeros((2, 2)))
    found = tuple(Found(spec, none, ()) for spec in ENTRIES[name]["contrasts"])
    study = Study(result, ENTRIES[name], str(ENTRIES[name].get("about", "homes_reached")), found)
    for language, text in zip(LANGUAGES, page_of(name).split('<a id="english"></a>'), strict=True):
        for each in found:
            assert f"\n| {study.label(each.spec, language)} | " in text


def test_pages_belong_to_this_model() -> None:
    from sim.engine.compiling import model_hash

    assert {re.findall(r"Model `(\w+)`", page_of(name))[0] for name in NAMES} == {model_hash()}


def test_the_index_is_made_from_the_pages() -> None:
    made = index(STUDIES, NAMES)
    assert made == (STUDIES / "README.md").read_text(encoding="utf-8")
    for name in NAMES:
        question, told = first_sentence(page_of(name), "nl")
        assert f"[{question}]({name}.md)" in made
        assert told == answers_on(page_of(name))["nl"][0]


# Numbers ----------------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("share", [0.0, 0.3, 0.8, 1.0])
def test_the_share_of_chance_is_found_back(share: float) -> None:
    rng = np.random.default_rng(4)
    found = []
    for _ in range(40):
        between, within = rng.normal(size=(150, 1)), rng.normal(size=(150, 3))
        found.append(chance_share(np.sqrt(1 - share) * between + np.sqrt(share) * within))
    assert np.mean([each.estimate for each in found]) == pytest.approx(share, abs=0.02)
    covered = sum(each.low - 1e-9 <= share <= each.high + 1e-9 for each in found)
    assert covered >= 32  # 36 of 40 expected


def test_a_share_that_reaches_beyond_is_said_with_its_bound_only() -> None:
    rng = np.random.default_rng(1)
    luck_only = chance_share(rng.normal(size=(150, 3)))
    assert luck_only.luck == "most"
    assert chance_words("nl", luck_only).startswith("ten minste ")
    assert chance_share(rng.normal(size=(150, 1)) + 0.1 * rng.normal(size=(150, 3))).luck == "least"
    assert chance_words("en", Share(-0.02, 0.0, 0.13)) == "at most 13%"
    assert chance_words("nl", Share(0.4, 0.31, 0.49)) == "40% (31% tot 49%)"
    assert chance_share(np.zeros((150, 3))).luck == "none"


def test_of_hundred_never_says_more_than_the_worlds_do() -> None:
    values = np.array([[1.0] * 3] * 112 + [[1.0, -1.0, 0.0]] + [[-1.0] * 3] * 37)
    found = difference_of(values)
    assert (found.higher, found.same, found.lower) == (337, 1, 112)
    assert found.order == "more_often"  # 337 of 450 is less than three quarters
    assert found.of_hundred == (74, 0, 26)


@pytest.mark.parametrize(
    ("value", "nl", "en"),
    [
        (3112.0, "+3.100", "+3,100"),
        (-0.456, "−0,46", "−0.46"),
        (0.0, "0", "0"),
        (12_345_678.0, "+12.000.000", "+12,000,000"),
    ],
)
def test_numbers_are_written_as_the_language_does(value: float, nl: str, en: str) -> None:
    assert number("nl", value, signed=True) == nl
    assert number("en", value, signed=True) == en


# Sentences --------------------------------------------------------------------------------------------------------


def made_up(kind: str, more: list[np.ndarray], deciders: tuple[Decider, ...] = (), **extra: Any) -> Study:
    """A study with these differences between scenarios a, b, c … and the one before."""
    names = {each: {"nl": f"Beleid {each}", "en": f"Policy {each}"} for each in "abcdef"}
    specs = [{"more": ["bcdef"[k]], "less": ["abcdef"[k]]} for k in range(len(more))]
    found = tuple(Found(spec, difference_of(v), deciders) for spec, v in zip(specs, more, strict=True))
    caveat = {"nl": "Let op.", "en": "Mind."}
    result: Any = SimpleNamespace(names=names, scenarios=tuple("abcdef"))
    return Study(result, {"kind": kind, "caveat": caveat, **extra}, "homes_reached", found)


def spread(middle: float, width: float = 1.0) -> np.ndarray:
    return middle + width * np.random.default_rng(2).normal(size=(150, 3))


def test_a_pair_is_told_in_the_words_its_worlds_carry() -> None:
    clear = answer(made_up("pair", [spread(1000, 300)]), "nl")[0]
    assert clear.startswith(
        "Meestal: in 100 van de 100 werelden met hetzelfde toeval zijn er bij beleid b meer bereikte"
    )
    assert "en in de helft van de werelden gaat het om " in clear
    assert answer(made_up("pair", [spread(-0.5)]), "en")[0].startswith("More often than not: in 6")
    assert "fewer homes reached with policy b than with policy a" in answer(made_up("pair", [spread(-0.5)]), "en")[0]
    unclear = answer(made_up("pair", [spread(0.0)]), "nl")[0]
    assert unclear.startswith("Geen duidelijke volgorde: in 5")
    assert "ligt het verschil tussen 0,77 minder en 0,66 meer" in unclear
    assert answer(made_up("pair", [np.zeros((150, 3))]), "nl")[0].startswith("Gelijk: in alle werelden")


def test_what_it_hangs_on_is_told_with_the_side_it_works_on() -> None:
    strongest = (Decider("progress_rate", 0.6), Decider("exit_rate", -0.4))
    told = answer(made_up("pair", [spread(5.0)], strongest), "nl")[1]
    assert told.startswith("Het verschil hangt het meest af van hoe snel het werk van een initiatief vooruitgaat")
    assert ": gaat dat sneller, dan wordt het groter, en van de verschillen" in told
    assert "dan wordt het kleiner" in answer(made_up("pair", [spread(-5.0)], strongest), "nl")[1]
    assert "is dat gunstig voor beleid b" in answer(made_up("pair", [spread(0.0)], strongest), "nl")[1]
    assert "hangt niet duidelijk van één aanname af" in answer(made_up("pair", [spread(5.0)]), "nl")[1]


def test_several_places_are_parted_by_what_is_clear() -> None:
    study = made_up("places", [spread(5.0), spread(0.0), spread(-5.0)])
    for each in study.found:
        each.spec["less"] = ["a"]
    told = answer(study, "en")[0]
    assert told.index("mostly more homes reached with policy b") < told.index("no clear order with policy c")
    assert told.index("no clear order with policy c") < told.index("mostly fewer homes reached with policy d")


def test_the_best_of_several_places_is_said_first() -> None:
    study = made_up("places", [spread(-5.0), spread(-4.0)])
    for each in study.found:
        each.spec["less"] = ["a"]
    assert answer(study, "nl")[0].startswith("Beleid a komt er het beste uit: vergeleken daarmee, in 100 werelden")
    assert answer(study, "en")[0].startswith("Policy a comes out best: compared with it, in 100 worlds")


# The command ------------------------------------------------------------------------------------------------------


def test_an_unknown_study_is_one_line(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["nothing", "--out", str(tmp_path / "x")]) == 2
    assert "unknown study 'nothing'; allowed: adoption-before-elections" in capsys.readouterr().err


def test_drawn_from_the_fit_what_was_fitted_and_from_the_priors_the_rest() -> None:
    from sim.comparison import load_parameters
    from sim.research.designs import varied_parameters
    from sim.research.study_draws import drawn_parameters, fitted_names

    found = drawn_parameters({"kind": "posterior", "draws": 20, "seed": 3})
    assert found is not None
    fit = load_parameters("posterior").rows
    fitted = fitted_names(fit)
    assert len(fitted) == 12
    for name in fitted:
        assert set(found.rows[name]) <= set(fit[name])
    for name in varied_parameters("all"):
        assert len(np.unique(found.rows[name])) > 1
    assert drawn_parameters({"kind": "prior", "draws": 20}) is None


@pytest.mark.long
def test_a_few_states_at_the_priors_say_so(tmp_path: Path) -> None:
    page = tmp_path / "few.md"
    arguments = ["room-in-procurement", "--out", str(tmp_path / "few"), "--page", str(page), "--draws", "4"]
    assert main([*arguments, "--parameters", "prior", "--workers", "1"]) == 0
    text = page.read_text(encoding="utf-8")
    assert "*Niet afgesteld: alle 139 getallen" in text
    assert "*Not calibrated: all 139 numbers" in text
    assert "--parameters prior --draws 4\n" in text
    assert "–" in text  # a share of luck that four states cannot give


@pytest.mark.long
def test_all_pages_and_their_list_are_made_by_one_command(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    from sim.research import study

    name, pages = "room-in-procurement", tmp_path / "pages"
    monkeypatch.setattr(study, "entries", lambda: {name: ENTRIES[name]})
    arguments = ["--all", "--out", str(tmp_path / "runs"), "--page", str(pages), "--draws", "4", "--workers", "1"]
    assert main([*arguments, "--parameters", "prior"]) == 0
    assert sorted(path.name for path in pages.iterdir()) == ["README.md", "figures", f"{name}.md"]
    question, told = first_sentence((pages / f"{name}.md").read_text(encoding="utf-8"), "en")
    assert f"[{question}]({name}.md#english)**\\\n{told}" in (pages / "README.md").read_text(encoding="utf-8")
    assert f"{name}.md: " in capsys.readouterr().err


@pytest.mark.slow
def test_a_page_made_again_is_the_one_that_is_there(tmp_path: Path) -> None:
    name = "room-in-procurement"
    page = tmp_path / f"{name}.md"
    assert main([name, "--out", str(tmp_path / "runs"), "--page", str(page), "--workers", "2"]) == 0
    assert page.read_text(encoding="utf-8") == page_of(name)
    for language in LANGUAGES:
        figure = f"figures/{name}-{language}.svg"
        assert (tmp_path / figure).read_bytes() == (STUDIES / figure).read_bytes()
