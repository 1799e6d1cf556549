"""The memo says what it must, in both languages, as HTML and as tagged PDF; nothing in a name becomes markup."""

# Tests reach into the rooms of what they test.
# mypy: disable-error-code="attr-defined"

import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import pytest
from markupsafe import escape

from dashboard import memo, own, simulation
from dashboard.answer import figures
from dashboard.figures import paint
from dashboard.memo.layout import NOT_PRINTED
from dashboard.state import MINE, Choice

HOSTILE = [
    '<script>alert("x")</script>',
    "=HYPERLINK(http://elsewhere.example)",
    "\u202eexe.fdp \u2066x\u2069 شركة",
    "Naam " + "x" * 5000,
    r"$\frac{1}{0}$ #panic() *b* _c_ @ref `raw` \u{41} ]]>",
    "{{ 7*7 }} {% raw %} ${x} %s {0}",
    "</title></style></svg><img src=x onerror=alert(1)>",
]


def hostile_choice(name, language="nl"):
    """A comparison with a policy that somebody gave a hostile name."""
    made = own.policy({"name": name, "levers": [{"lever": "regular_meetings", "intensity": 4}]}, ())
    return Choice("reference", (("A", "structural-funding"),), None, language).with_own("B", made)


@pytest.fixture(scope="module")
def result():
    """A real comparison, of 200 worlds."""
    return simulation.run(hostile_choice("gewoon"), 200)


def with_name(result, choice):
    """The same result for a policy of another name: its id differs."""
    identity = choice.slots["B"]
    return replace(result, scenarios=(*result.scenarios[:2], identity))


def streams(pdf):
    """Everything in a PDF as readable bytes: itself, and its streams inflated."""
    found = [pdf]
    for packed in re.findall(rb"stream\r?\n(.*?)\r?\nendstream", pdf, re.S):
        try:
            found.append(zlib.decompress(packed))
        except zlib.error:
            continue
    return b"\n".join(found)


class Tags(HTMLParser):
    """Collects the tags, attributes and text of a document."""

    def __init__(self):
        super().__init__()
        self.tags, self.attributes, self.words = [], [], ""

    def handle_starttag(self, tag, attrs):
        self.tags.append(tag)
        self.attributes += attrs

    def handle_data(self, data):
        self.words += data


def read(document):
    """A parsed HTML document."""
    parsed = Tags()
    parsed.feed(document.decode())
    return parsed


@pytest.mark.parametrize(
    ("language", "phrases"),
    [
        ("nl", ["werelden met hetzelfde toeval", "Wat het model niet kan zeggen", "bijgesteld, zodat het model past",
                "70 van de 121", "ervaren", "zelf steunde", "aanname", "Wat het kost",
                "samenspel compare as-now structural-funding"]),
        ("en", ["worlds with the same luck", "What the model cannot say", "adjusted so that the model fits",
                "70 of the 121", "perceive", "supported itself", "assumption", "What it costs",
                "samenspel compare as-now structural-funding"]),
    ],
)  # fmt: skip
def test_the_memo_says_all_it_must(result, language, phrases):
    choice = hostile_choice("gewoon", language)
    parsed = read(memo.html(memo.written(choice, result)))
    for phrase in phrases:
        assert phrase in parsed.words, phrase
    assert ("lang", language) in parsed.attributes
    assert parsed.tags.count("svg") == len(figures(choice, result)) >= 6
    assert [name for name, _ in parsed.attributes].count("aria-label") >= parsed.tags.count("svg")
    assert parsed.tags.count("th") > 20 and parsed.tags.count("caption") >= 8


def test_the_html_needs_and_runs_nothing(result):
    document = memo.html(memo.written(hostile_choice("gewoon"), result))
    parsed = read(document)
    assert not {"script", "iframe", "link", "img", "object", "form"} & set(parsed.tags)
    outward = [value for name, value in parsed.attributes if name in ("src", "href", "action")]
    assert outward == []
    assert b"default-src 'none'" in document
    assert re.findall(rb"url\((?!\"?data:)", document) == []


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_is_text_in_the_html(result, name):
    choice = hostile_choice(name)
    clean, dirty = (
        read(memo.html(memo.written(each, with_name(result, each)))) for each in (hostile_choice("gewoon"), choice)
    )
    extra = {tag: dirty.tags.count(tag) - clean.tags.count(tag) for tag in ("script", "img", "style", "title")}
    assert set(extra.values()) == {0}
    assert not [key for key, _ in dirty.attributes if key.startswith("on")]
    assert own.cleaned(name)[:20] in dirty.words


@pytest.mark.parametrize("name", HOSTILE)
def test_a_hostile_name_does_no_harm_in_the_pdf(result, name):
    choice = hostile_choice(name)
    content = memo.pdf(memo.written(replace(choice, view=("B", "now")), with_name(result, choice)))
    inside = streams(content)
    assert content.startswith(b"%PDF-1.7")
    for risky in (b"/JavaScript", b"/JS ", b"/Launch", b"/URI", b"/EmbeddedFile", b"/OpenAction"):
        assert risky not in inside


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_pdf_is_tagged_for_screen_readers(result, language):
    choice = hostile_choice("gewoon", language)
    written = memo.written(choice, result)
    inside = streams(memo.pdf(written))
    assert b"pdfuaid:part>1<" in inside
    assert f"/Lang({language})".encode() in inside.replace(b"/Lang (", b"/Lang(")
    assert b"/MarkInfo" in inside and b"/StructTreeRoot" in inside
    printed = [figure for figure in written.figures if not figure.id.startswith(NOT_PRINTED)]
    assert inside.count(b"/Alt") >= len(printed) >= 5
    assert inside.count(b"/S/Figure") + inside.count(b"/S /Figure") >= len(printed)
    assert b"/TH" in inside and b"/H1" in inside
    assert len(re.findall(rb"/Type\s*/Page\b", inside)) <= 5


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_first_page_has_the_question_the_answer_the_cost_and_the_limits(result, language):
    choice = hostile_choice("gewoon", language)
    written = memo.written(choice, result)
    document = memo.html(written).decode()
    parts = [written.title, written.setting, written.headline, written.costs.title, written.limits.title]
    places = [document.index(f">{escape(part)}<") for part in parts]
    assert places == sorted(places) and places[-1] < document.index("<figure>")
    assert len(written.limits.points) == 3
    assert result.model_hash not in written.foot and document.count(result.model_hash[:12]) == 1
    head, rows = written.costs.tables[0].head, written.costs.tables[0].rows
    assert len(rows) == 2 and {len(row) for row in rows} == {len(head)}
    assert rows[0][1] not in ("0", "–") and rows[0][3] not in ("0", "–")  # asked: euros, hours of volunteers


def test_a_municipality_is_described_in_words_and_counts_stand_against_how_many_there_are():
    initiatives = [{"ambition": "save"}, {"ambition": "save"}, {"ambition": "heat_network"}]
    town = own.town({"inhabitants": 42000, "staff_hours_per_month": 180, "next_election": "2030-03",
                     "initiatives": initiatives})  # fmt: skip
    choice = Choice(MINE, (("A", "regular-meetings"),), town=town)
    written = memo.written(choice, simulation.run(choice, 50))
    for phrase in ("42.000 inwoners", "3 initiatieven", "2 × energie besparen", "180 uur per maand", "maart 2030"):
        assert phrase in written.setting
    assert written.levels.count("van de 3 bij") == 2


def test_the_memo_and_the_page_give_the_same_numbers(result):
    choice = hostile_choice("gewoon")
    written = memo.written(choice, result)
    tables = {figure.id: figure.table for figure in written.figures}
    assert tables == {figure.id: figure.table for figure in figures(choice, result)}
    assert result.command in read(memo.html(written)).words


def test_what_is_not_shipped_stands_in_the_memo(result):
    choice = hostile_choice("gewoon")
    code = dict(memo.written(choice, result).sections[-1].code)
    text = next(content for name, content in code.items() if "gewoon" in name)
    from sim.scenario import read_scenario

    assert read_scenario(text.encode(), "x.yaml").levers[0].intensity == 4


@pytest.mark.parametrize("name", HOSTILE)
def test_a_figure_on_paper_is_well_formed_whatever_the_name(result, name):
    choice = hostile_choice(name)
    for figure in figures(choice, with_name(result, choice))[:2]:
        for content in (paint.svg(figure, [name]), paint.svg(figure, bare=True)):
            tags = {element.tag.rsplit("}", 1)[-1] for element in ElementTree.fromstring(content).iter()}
            assert not {"script", "foreignObject", "image", "a"} & tags
    assert paint.png(figure, [name]).startswith(b"\x89PNG")


def test_paper_has_the_colours_of_the_page():
    from dashboard.memo.layout import palette

    light = palette()["light"]
    different = {name for name, value in paint.PALETTE.items() if light.get(name, "").upper() != value}
    assert different <= {"page", "surface"}  # paper is white


def test_everything_in_a_drawing_is_painted(result):
    choice = hostile_choice("gewoon")
    for figure in figures(choice, result):
        root = ElementTree.fromstring(figure.wide)
        drawn = paint.sheet(figure, bare=True)
        axes = drawn.axes[0]
        words = [element for element in root.iter() if element.tag == "text"]
        shapes = [
            element for element in root.iter() if element.tag in ("rect", "circle", "polyline", "polygon", "path")
        ]
        assert len(axes.texts) >= len(words)
        assert len(axes.patches) >= len(shapes) > 0


@pytest.mark.parametrize("language", ["nl", "en"])
def test_the_limits_are_those_of_the_page_on_evidence_all_of_them_and_no_others(result, language):
    from dashboard.evidence.findings import findings
    from dashboard.evidence.limits import limits

    written = memo.written(hostile_choice("gewoon", language), result)
    points = [*written.limits.points, *(point for section in written.sections for point in section.points)]
    assert sorted(points) == sorted(limits(language, findings()))


def test_the_memo_says_which_amount_is_for_a_budget(result):
    choice = hostile_choice("gewoon")
    said = memo.written(choice, result).costs.paragraphs[0]
    assert "Voor uw begroting" in said and "A Structurele financiering €" in said and "alle gemeenten samen" in said
    rows = answer_prices(choice, result)
    assert [row.budget >= row.asked.euros > 0 and row.budget >= row.euros.high for row in rows] == [True, True]


def answer_prices(choice, result):
    """What the policies cost."""
    from dashboard.answer import prices

    return prices(result, choice, ("A", "now"), "structural_partnership", 3.0)


def test_who_gains_least_stands_in_the_memo_as_on_the_page(result):
    from dashboard.answer import least_words

    choice = hostile_choice("gewoon")
    written = memo.written(choice, result)
    assert written.least == least_words(result, choice, ("A", "now"), "structural_partnership") != ""
    assert written.least in read(memo.html(written)).words
