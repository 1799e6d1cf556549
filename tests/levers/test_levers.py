"""The catalogue of levers: complete, in both languages, and each read by the rule it names."""

import re
from pathlib import Path

import pytest

from sim.engine.catalogue import load_catalogue
from sim.engine.problems import InputError
from sim.levers import LEVERS, Lever

RULES = Path(__file__).resolve().parents[2] / "sim" / "rules"

NAMES = {
    "structural_funding",
    "regular_meetings",
    "early_engagement",
    "independent_facilitator",
    "broad_embedding",
    "concrete_agreements",
    "execution_plan_talk",
    "municipal_capacity",
    "perspective_training",
    "governor_engagement",
    "procurement_room",
    "professionalising",
}


def test_the_twelve_levers_are_there():
    assert set(LEVERS) == NAMES


@pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))
def test_a_default_is_a_number_of_whole_steps_and_does_something(lever):
    steps = (lever.default - lever.minimum) / lever.step
    assert lever.default > 0
    assert lever.minimum == 0
    assert abs(steps - round(steps)) < 1e-9


@pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))
def test_words_differ_between_the_languages_and_state_no_markup(lever):
    for text in (lever.name, lever.meaning, *(option.meaning for option in lever.options.values())):
        assert text.nl != text.en
        assert not re.search(r"[<>{}]|TODO", text.nl + text.en)


@pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))
def test_the_rule_that_a_lever_moves_reads_it(lever):
    assert lever.id in (RULES / f"{lever.mechanism}.py").read_text(encoding="utf-8")


@pytest.mark.parametrize("lever", LEVERS.values(), ids=list(LEVERS))
def test_sections_are_those_of_the_report(lever):
    assert all(re.fullmatch(r"[1-7](\.\d){0,2}", section) for section in lever.sections)


def test_the_effect_of_a_facilitator_is_an_assumption():
    # All interviewed initiatives were supported, so their answers cannot tell what support does.
    assert LEVERS["independent_facilitator"].evidence == "assumption"


def test_only_the_municipality_and_those_above_it_pull_the_money_and_staff_levers():
    for name in ("structural_funding", "municipal_capacity"):
        assert set(LEVERS[name].who_can_act) == {"municipality", "state"}


def test_a_file_that_does_not_carry_its_id_is_refused(tmp_path):
    source = (Path(RULES).parent / "levers" / "regular_meetings.yaml").read_text(encoding="utf-8")
    (tmp_path / "other.yaml").write_text(source, encoding="utf-8")
    with pytest.raises(InputError, match="must be the name of the file, 'other'"):
        load_catalogue(tmp_path, Lever)


def test_a_default_outside_the_range_is_refused(tmp_path):
    source = (Path(RULES).parent / "levers" / "regular_meetings.yaml").read_text(encoding="utf-8")
    (tmp_path / "regular_meetings.yaml").write_text(source.replace("default: 6", "default: 60"), encoding="utf-8")
    with pytest.raises(InputError, match="must lie between"):
        load_catalogue(tmp_path, Lever)
