"""Target files: the shipped one says what the report says, and a wrong one gets one clear line."""

import copy

import pytest

from calibration.targets import INTERVIEWS_2021, QUESTIONS, load_targets, parse_targets
from sim.cli import main
from sim.engine.documents import read_document
from sim.engine.problems import InputError


@pytest.fixture
def data():
    return copy.deepcopy(read_document(INTERVIEWS_2021))


def question(data, name):
    return next(q for q in data["questions"] if q["question"] == name)


def refused(data) -> str:
    with pytest.raises(InputError) as caught:
        parse_targets(data, "own.yaml")
    assert "\n" not in str(caught.value)
    assert caught.value.problem_nl != caught.value.problem or "'" in caught.value.problem
    return str(caught.value)


def test_the_shipped_counts():
    file = load_targets()
    counts = {t.name: (t.count, t.n, t.use) for t in file.targets()}
    assert counts["formalised_yes"] == (121, 265, "fitted")
    assert [counts[f"effect_{a}"][0] for a in QUESTIONS["effect"].answers] == [59, 7, 4]
    assert [counts[f"direction_{a}"][0] for a in QUESTIONS["direction"].answers] == [29, 11, 10, 9, 10]
    assert counts["forms_covenant"] == (18, 70, "held_out")
    assert counts["topics_roles"] == (23, 70, "held_out")
    assert {t.missing for t in file.targets() if t.question == "direction"} == {1}
    assert {t.question for t in file.targets("fitted")} == {"formalised", "effect", "direction"}
    assert {t.n for t in file.targets("conditioned")} == {5}


def test_counts_that_exceed_the_sample(data):
    question(data, "forms")["counts"]["covenant"] = 71
    assert refused(data) == (
        "own.yaml: questions[4].counts.covenant: 71 is more than the sample of 70 who answered; at most 70 is allowed"
    )


def test_classes_that_do_not_add_up(data):
    question(data, "direction")["missing"] = 0
    assert "questions[3].counts: the answers add up to 69, with 0 missing; they must add up to 70" in refused(data)


def test_a_class_that_is_left_out(data):
    del question(data, "effect")["counts"]["none"]
    assert "questions[2].counts: no count for none" in refused(data)


def test_an_unknown_question_and_answer(data):
    data["questions"][1]["question"] = "efect"
    assert "questions[2].question: unknown question 'efect'; did you mean 'effect'?" in refused(data)
    data["questions"][1] = {"question": "forms", "n": 70, "section": "2", "use": "fitted", "counts": {"mony": 3}}
    assert "counts.mony: unknown answer 'mony'; did you mean 'money'?" in refused(data)


def test_a_count_given_twice(data):
    data["questions"].append(question(data, "forms"))
    assert "questions[7].counts.covenant: 'covenant' to 'forms' was counted before" in refused(data)


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("n", 0),
        ("n", 70.5),
        ("n", True),
        ("missing", -1),
        ("missing", 71),
        ("use", "fit"),
        ("section", ""),
        ("counts", {}),
    ],
)
def test_impossible_values(data, field, value):
    question(data, "effect")[field] = value
    assert refused(data).startswith(f"own.yaml: questions[2].{field}: ")


@pytest.mark.parametrize("count", [-1, 2.5, "7", None, True])
def test_impossible_counts(data, count):
    question(data, "effect")["counts"]["harmed"] = count
    assert refused(data).startswith("own.yaml: questions[2].counts.harmed: ")


def test_an_unknown_field(data):
    data["question"] = []
    assert "did you mean 'questions'?" in refused(data)


def test_impossible_orders(data):
    data["orders"][0]["less"] = "money"
    assert "orders[1].less: the same answer twice" in refused(data)
    data["orders"][0]["less"] = "covenants"
    assert "orders[1].less: unknown answer 'covenants'; did you mean 'covenant'?" in refused(data)


def test_a_file_that_is_not_there(tmp_path):
    with pytest.raises(InputError, match="there is no such file"):
        load_targets(tmp_path / "none.yaml")


def test_samenspel_check_knows_target_files(tmp_path, capsys):
    assert main(["check", str(INTERVIEWS_2021)]) == 0
    assert "a target file, all right (interviews-2021)" in capsys.readouterr().out
    wrong = tmp_path / "own.yaml"
    wrong.write_text(INTERVIEWS_2021.read_text(encoding="utf-8").replace("harmed: 4", "harmed: 40"), encoding="utf-8")
    assert main(["check", str(wrong)]) == 2
    assert "must add up to 70" in capsys.readouterr().err
