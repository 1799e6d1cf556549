"""Both languages are complete, and numbers are written as each language does."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="attr-defined"

import ast
import re
from html.parser import HTMLParser
from pathlib import Path
from string import Formatter

import pytest

from dashboard import language
from dashboard.language import LANGUAGES, catalogue, end_of, month_name, number, rounded, text


class TextOnly(HTMLParser):
    """Collects the text between the tags."""

    found = ""

    def handle_data(self, data):
        self.found += data + " "


ROOM = Path(language.__file__).parent


def fields(template: str) -> set[str]:
    """The names that a text asks for."""
    return {name for _, name, _, _ in Formatter().parse(template) if name}


def test_no_key_is_missing_or_extra():
    assert set(catalogue("nl")) == set(catalogue("en"))


def test_both_languages_fill_in_the_same_values():
    assert [key for key in catalogue("nl") if fields(catalogue("nl")[key]) != fields(catalogue("en")[key])] == []


def test_both_languages_have_the_same_rooms():
    rooms = [{file.name for file in (language.CATALOGUES / name).iterdir()} for name in language.LANGUAGES]
    assert rooms[0] == rooms[1] != set()


@pytest.mark.parametrize("name", language.LANGUAGES)
def test_no_text_is_empty(name):
    assert [key for key, value in catalogue(name).items() if not value.strip()] == []


def test_every_key_that_the_code_names_exists():
    used = set()
    for file in ROOM.rglob("*.py"):
        for node in ast.walk(ast.parse(file.read_text(encoding="utf-8"))):
            called = getattr(node.func, "id", "") if isinstance(node, ast.Call) else ""
            if called in ("text", "plural") and len(node.args) > 1 and isinstance(node.args[1], ast.Constant):
                key = str(node.args[1].value)
                used |= {key, f"{key}.one"} if called == "plural" else {key}
    for file in ROOM.rglob("*.vue"):
        written = file.read_text(encoding="utf-8")
        used |= set(re.findall(r"words\['([^']+)'\]", written))
        said = set(re.findall(r"\bsay\('(\w+)'", written))
        used |= {f"workshop.ui.{key}{one}" for key in said for one in ("", ".one")}
    assert len(used) > 40
    assert used - set(catalogue("nl")) == set()


def test_the_templates_hold_no_text_of_their_own():
    for file in ROOM.rglob("*.vue"):
        reader = TextOnly()
        reader.feed(file.read_text(encoding="utf-8").split("<script>")[0])
        words = re.sub(r"\{\{.*?\}\}", " ", reader.found, flags=re.S)
        spoken = {word for word in words.split() if any(character.isalpha() for character in word)}
        assert spoken <= {"Samenspel", "OK"}, file.name


@pytest.mark.parametrize(
    ("value", "dutch", "english"),
    [
        (2900, "2.900", "2,900"),
        (-4.5, "−4,5", "−4.5"),
        (0.043, "0,04", "0.04"),
        (41, "41", "41"),
        (float("nan"), "niet gemeten", "not measured"),
    ],
)
def test_numbers_look_like_the_language(value, dutch, english):
    assert number("nl", value) == dutch
    assert number("en", value) == english


def test_a_sign_is_shown_when_asked_for():
    assert [number("nl", value, signed=True) for value in (3, 0, -3)] == ["+3", "0", "−3"]


@pytest.mark.parametrize(
    ("value", "kept"), [(2874, 2900), (41, 41), (154, 150), (7, 7), (0, 0), (-2874, -2900), (99.6, 100)]
)
def test_no_false_precision(value, kept):
    assert rounded(value) == kept


def test_dates():
    assert end_of("nl", "2034-12") == "eind 2034"
    assert end_of("nl", "2030-03") == "eind maart 2030"
    assert end_of("en", "2030-03") == "end of March 2030"


def test_a_missing_value_is_an_error_and_not_a_gap():
    with pytest.raises(KeyError):
        text("nl", "worlds.title.more", name="x")


@pytest.mark.parametrize("spoken", LANGUAGES)
def test_no_lock_is_taken_for_a_number(spoken, monkeypatch):
    number(spoken, 1)  # the first of a language reads its conventions
    month_name(spoken, "2027-01")

    def load(*_):
        raise AssertionError("the conventions were read again, which takes a lock that all threads share")

    monkeypatch.setattr("babel.localedata.load", load)
    assert number(spoken, 12345.678, 2) == {"nl": "12.345,68", "en": "12,345.68"}[spoken]
    assert "2029" in month_name(spoken, "2029-02")
