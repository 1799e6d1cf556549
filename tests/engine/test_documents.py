"""Reading YAML that a stranger may have written."""

import time

import pytest

from sim.engine.documents import MAXIMUM_BYTES, parse_document, read_document
from sim.engine.problems import InputError, one_line


def refusal(raw):
    with pytest.raises(InputError) as caught:
        parse_document(raw, "plan.yaml")
    return str(caught.value)


def test_scalars_have_the_meaning_of_yaml_1_2():
    text = (
        "a: 2027-01\nb: no\nc: on\nd: 1_000\ne: 12:30\nf: true\ng: ~\nh: 0o17\ni: 1e3\nj: '5'\nk: 2027-01-01\nl: -.5\n"
    )
    assert parse_document(text, "x") == {
        "a": "2027-01",
        "b": "no",
        "c": "on",
        "d": "1_000",
        "e": "12:30",
        "f": True,
        "g": None,
        "h": 15,
        "i": 1000.0,
        "j": "5",
        "k": "2027-01-01",
        "l": -0.5,
    }


def test_a_byte_order_mark_and_windows_line_ends_are_fine():
    assert parse_document(b"\xef\xbb\xbfa: 1\r\nb:\r\n  - x\r\n", "x") == {"a": 1, "b": ["x"]}


@pytest.mark.parametrize(
    ("raw", "words"),
    [
        (b"", "the file is empty"),
        (b"# only a remark\n", "the file is empty"),
        (b"- 1\n", "must hold a mapping"),
        (b"just words", "must hold a mapping"),
        (b"a: &x 1\nb: *x", "anchors"),
        (b"a: !!python/object/apply:os.system ['true']", "tag"),
        (b"a: !!str 1", "tag"),
        (b"!x a: 1", "must be plain text"),
        (b"%TAG ! tag:example,2000:\n---\na: 1", "tag"),
        (b"a: 1\nb: 2\na: 3", "a: written twice"),
        (b"a: {b: 1, b: 2}", "a.b: written twice"),
        (b"a: .nan", "not a finite number"),
        (b"a: -.INF", "not a finite number"),
        (b"a: 1e999", "too large"),
        (b"a: " + b"9" * 5000, "too large"),
        (b"a: 1\n---\nb: 2", "more than one document"),
        (b"\x00\x01\x02", "not a text file"),
        (b"\x89PNG\r\n\x1a\n", "not text in UTF-8"),
        (b"? [a, b]\n: 1", "must be plain text"),
        (b'a: "\\x1b[31mred"', "control characters"),
        (b'a: "\\u202e"', "control characters"),
        (b"a: {b: 1", "not valid YAML"),
        (b"a: b: c", "not valid YAML"),
        (b"\ta: 1", "not valid YAML"),
    ],
)
def test_what_is_not_one_plain_mapping_is_refused(raw, words):
    assert words in refusal(raw)


def test_a_file_of_over_a_megabyte_is_refused_unread(tmp_path):
    path = tmp_path / "large.yaml"
    path.write_bytes(b"a: " + b"x" * 50_000_000)
    with pytest.raises(InputError, match="larger than 1 MB"):
        read_document(path)
    parse_document(b"a: " + b"x" * (MAXIMUM_BYTES - 3), "just within")


@pytest.mark.parametrize("raw", [b"[" * 500_000, b"{a: " * 200_000, b"- " * 400_000, b"a: " + b"[" * 40 + b"]" * 40])
def test_deep_nesting_is_refused_quickly(raw):
    began = time.perf_counter()
    assert "nested deeper than 32 levels" in refusal(raw) or "not valid YAML" in refusal(raw)
    assert time.perf_counter() - began < 5


def test_a_bomb_of_aliases_is_refused_before_it_grows():
    bomb = "a0: &a0 [x]\n" + "".join(f"a{i}: &a{i} [{', '.join([f'*a{i - 1}'] * 10)}]\n" for i in range(1, 30))
    assert "anchors" in refusal(bomb)


def test_an_error_is_one_line_without_control_characters():
    error = InputError("a\nb\x1b[2J.yaml", "x\u202ey", "bad\r\nworse\x00")
    assert str(error) == "a b[2J.yaml: xy: bad worse"
    assert one_line("é — ü") == "é — ü"


def test_a_dutch_line_names_the_place_in_dutch():
    for raw, dutch, english in (
        (b"", "plan.yaml: bestand: het bestand is leeg", "plan.yaml: file: the file is empty"),
        (b"a: [1", "plan.yaml: regel ", "plan.yaml: line "),
    ):
        with pytest.raises(InputError) as caught:
            parse_document(raw, "plan.yaml")
        assert caught.value.sentence("nl").startswith(dutch)
        assert caught.value.sentence("en").startswith(english)
    assert InputError("plan.yaml", "line_of_sight", "x").field_nl == "line_of_sight"


def test_a_missing_file_and_a_folder_are_named(tmp_path):
    for path, said in ((tmp_path / "none.yaml", "there is no such file"), (tmp_path, "is a folder; a file is needed")):
        with pytest.raises(InputError, match=said) as caught:
            read_document(path)
        assert caught.value.file == str(path)
