"""Guide and handout are made from the session: complete, in both languages, as HTML and tagged PDF."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import html as escaping
import re

import pytest

from dashboard.language import LANGUAGES
from dashboard.workshop import guide
from dashboard.workshop.script import load_script


@pytest.fixture(scope="module")
def turnover():
    return load_script("turnover")


@pytest.mark.parametrize("language", LANGUAGES)
def test_the_guide_tells_every_step_and_what_usually_comes_out(turnover, language):
    paper = guide.guide(turnover, language, worlds=20)
    steps = next(part.steps for part in paper.parts if part.steps)
    assert [step["title"] for step in steps] == [getattr(step.title, language) for step in turnover.steps]
    tables = [part for part in paper.parts if part.rows]
    assert len(tables) == 3
    for part in tables:
        for column in (1, 2):  # with other luck, and with other values of what is not known too
            counts = [int(re.match(r"\d+", row[column]).group()) for row in part.rows]
            assert sum(counts) == 20
        assert sum(bool(row[3]) for row in part.rows) == 1
        assert len(part.head) == 4
    made = guide.html(paper).decode()
    assert (
        "{i0}" not in made and "{p0}" not in made and "<script" not in made and "http" not in made.split("</style>")[1]
    )
    assert escaping.escape(steps[3]["say"], quote=False)[:30] in made.replace("&#39;", "'")


def unused(script):
    """How many questions no step puts."""
    return len({each.id for each in script.questions} - {step.question for step in script.steps})


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("name", ["turnover", "money", "pace"])
def test_the_handout_is_one_page_of_tagged_pdf(name, language):
    paper = guide.handout(load_script(name), language, worlds=20)
    often = next(part for part in paper.parts if part.paragraphs)
    assert len(often.points) == len(load_script(name).questions) - unused(load_script(name))
    assert all(re.search(r"\d+ (van de|of) 20 ", point) for point in often.points)
    content = guide.pdf(paper)
    assert content.startswith(b"%PDF")
    assert b"/MarkInfo" in content and b"/StructTreeRoot" in content
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == 1


@pytest.mark.parametrize("name", ["turnover", "money", "pace"])
def test_role_cards_are_a_paper_of_their_own_without_the_answers(name):
    script = load_script(name)
    paper = guide.cards(script, "nl")
    assert len(paper.parts) == 1 and len(paper.parts[0].cards) == len(script.roles)
    made = guide.html(paper).decode()
    assert not any(escaping.escape(each.nl, quote=False) in made for each in script.remember)
    assert not any(part.cards for part in guide.handout(script, "nl", worlds=20).parts)
    content = guide.pdf(paper)
    assert content.startswith(b"%PDF") and len(re.findall(rb"/Type\s*/Page\b", content)) == 1


def test_the_guide_says_what_the_leader_presses_and_how_long_it_takes(turnover):
    paper = guide.guide(turnover, "nl", worlds=20)
    steps = next(part.steps for part in paper.parts if part.steps)
    for place in (3, 8, 11):
        step = steps[place - 1]
        asked = turnover.steps[place - 1].question
        assert "Stemmen sluiten" in step["do"]
        words = re.split(r"\{\w+\}", turnover.question(asked).words.nl)
        assert all(each in step["asks"] for each in words)  # what is said is what stands on the screen
    assert "± 12 seconden" in steps[3]["does"][-1]
    assert "gaat terug naar mei 2028" in " ".join(steps[5]["does"])
    assert steps[0]["button"] == "Volgende" and "al begonnen" in steps[0]["does"][0]  # choosing began it
    assert ".venv/bin/samenspel serve --workshop" in guide.html(paper).decode()


def test_without_a_fit_the_guide_says_that_it_is_luck_alone(turnover, monkeypatch):
    monkeypatch.setattr(guide, "fitted_parameters", lambda: None)
    paper = guide.guide(turnover, "nl", worlds=20)
    assert all(len(part.head) == 3 for part in paper.parts if part.rows)
    assert "Dit is alleen toeval" in guide.html(paper).decode()
    assert guide.pdf(paper).startswith(b"%PDF")


def test_the_guide_is_pdf_with_its_language(turnover):
    content = guide.pdf(guide.guide(turnover, "nl", worlds=20))
    assert re.search(rb"/Lang\s*\(nl|/Lang\s*<6E6C", content) or b"/Lang(nl" in content


def test_a_rehearsal_gives_what_the_room_will_see(turnover):
    from dashboard.workshop.rooms import ROOMS

    _, rehearsed = guide.rehearse(turnover, worlds=20)
    room = ROOMS.open()
    room.begin(turnover, "turnover")
    for place in range(5):
        room.act("go", step=place)
        if place != 1:
            room.act("do_step")
    assert room.weighed[0].outcome == rehearsed[0].outcome


def test_markup_in_a_session_is_shown_as_text(turnover):
    paper = guide.handout(
        turnover.model_copy(update={"title": type(turnover.title)(nl="<b>x</b>", en="<b>x</b>")}), "nl", worlds=20
    )
    assert "<h1>&lt;b&gt;x&lt;/b&gt;</h1>" in guide.html(paper).decode()
    assert guide.pdf(paper).startswith(b"%PDF")


def test_an_unknown_paper_is_refused(turnover):
    with pytest.raises(ValueError, match="not known"):
        guide.made(turnover, "poem", "nl", "pdf")


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize(("name", "pages"), [("turnover", 4), ("money", 3), ("pace", 3)])
def test_the_guide_has_no_last_page_of_a_few_lines(name, pages, language):
    content = guide.pdf(guide.guide(load_script(name), language))
    assert len(re.findall(rb"/Type\s*/Page\b", content)) == pages
