"""The memo says what it must, in both languages, as HTML and as tagged PDF; nothing in a name becomes markup."""

# Tests reach into the rooms of what they test.
# mypy: disable-error-code="attr-defined"

import io
import json
import re
import zlib
from dataclasses import replace
from html.parser import HTMLParser
from xml.etree import ElementTree

import numpy as np
import pytest
import typst
import yaml
from markupsafe import escape

from dashboard import exports, memo, own, simulation
from dashboard.answer import figures
from dashboard.contrast import contrast
from dashboard.figures import paint
from dashboard.figures.cells import in_words
from dashboard.language import within_sentence
from dashboard.memo.content import title
from dashboard.memo.layout import ACROSS, NOT_PRINTED, printable, wrapped
from dashboard.naming import scenario_name
from dashboard.state import MINE, Choice
from dashboard.words import worth

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
        ("nl", ["werelden met hetzelfde toeval", "Wat het model niet kan zeggen", "afgesteld op de interviews",
                "Met 70 daarvan", "ervaren", "steunde zelf", "aanname", "Wat het kost",
                "samenspel compare as-now structural-funding"]),
        ("en", ["worlds with the same luck", "What the model cannot say", "fitted to the interviews",
                "interviewed 70 of these", "perceive", "itself supported", "assumption", "What it costs",
                "samenspel compare as-now structural-funding"]),
    ],
)  # fmt: skip
def test_the_memo_says_all_it_must(result, language, phrases):
    choice = hostile_choice("gewoon", language)
    parsed = read(memo.html(memo.written(choice, result)))
    for phrase in phrases:
        assert phrase in parsed.words, phrase
    assert ("lang", language) in parsed.attributes
    assert parsed.tags.count("svg") == 2 * len(figures(choice, result)) >= 12  # for a wide page, and for a phone
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
    for phrase in ("42.000 inwoners", "3 initiatieven", "2 × energie besparen", "180\u00a0uur per maand", "maart 2030"):
        assert phrase in written.setting
    assert "van de 3 bij vast overleg en" in written.levels and "bij doorgaan zoals nu" in written.levels


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


@pytest.mark.parametrize("language", ["nl", "en"])
def test_every_policy_is_named_in_the_title_and_has_its_own_answer(result, language):
    choice = hostile_choice("Iets Eigens", language)
    written = memo.written(choice, with_name(result, choice))
    names = [within_sentence(scenario_name(choice, slot)) for slot in ("A", "B", "now")]
    assert all(name in within_sentence(written.title) for name in names)
    assert names[0] in written.headline and len(written.also) == 1
    assert names[1] in written.also[0] and re.search(r"\d+ (van de|of) 100|alle werelden|all worlds", written.also[0])
    assert all(f"{kind} {name}" in written.levels for name in names for kind in [{"nl": "bij", "en": "with"}[language]])
    assert written.also[0] in read(memo.html(written)).words


def test_of_two_policies_that_are_looked_at_each_has_its_answer_against_going_on_as_now(result):
    choice = replace(hostile_choice("gewoon"), view=("A", "B"))
    written = memo.written(choice, result)
    assert len(written.also) == 2 and all("dan bij doorgaan zoals nu" in sentence for sentence in written.also)
    third = replace(choice, policies=(*choice.policies, ("C", "early-engagement")))
    assert title(third, ("A", "B")) == (
        "Structurele financiering vergeleken met gewoon, en op tijd in gesprek met doorgaan zoals nu"
    )


def test_the_memo_says_why_for_every_policy_those_that_are_looked_at_first():
    choice = replace(hostile_choice("gewoon"), view=("B", "now"))
    assert exports.explained_in_memo(choice) == ("B", "A")


def test_a_file_on_paper_can_be_typed_over_and_an_address_copied():
    data = {"levers": [{"lever": "x", "why": "woord " * 60}], "name": {"nl": "a-b " * 50, "en": "it's " * 60}}
    for width in (100, 1000):
        file = wrapped(yaml.safe_dump(data, width=width))
        assert yaml.safe_load(file) == yaml.safe_load(yaml.safe_dump(data))
        assert max(map(len, file.split("\n"))) <= ACROSS
    address = "?world=reference&own=1." + "aB-_9" * 200 + "&v=7.8"
    lines = wrapped(address).split("\n")
    assert "".join(lines) == address and max(map(len, lines)) <= ACROSS


def test_nothing_stands_in_the_margins_of_the_paper(result, monkeypatch):
    from matplotlib import image

    pages = []
    compiled = typst.compile

    def painted(*given, **options):
        options = {**options, "format": "png", "ppi": 40}
        del options["pdf_standards"], options["timestamp"]
        pages.extend(compiled(*given, **options))
        return b""

    monkeypatch.setattr(typst, "compile", painted)
    choice = hostile_choice("W" * 60)
    memo.pdf(memo.written(choice, with_name(result, choice)))
    assert len(pages) >= 4
    for page in pages:
        dots = image.imread(io.BytesIO(page))[:, :, :3]
        beside = round(dots.shape[1] * 18 / 210)  # of the 20 mm on either side
        assert dots[:, :beside].min() > 0.98 and dots[:, -beside:].min() > 0.98


def test_a_number_and_its_unit_stay_together_and_apart():
    assert json.loads(printable(json.dumps({"a": "180\u00a0uur\u202e"}))) == {"a": "180\u00a0uur"}


def test_what_is_true_of_all_worlds_is_said_so_in_the_tables_as_on_the_page():
    found = contrast(np.ones(200))
    assert in_words("nl", "homes_reached", found, rough=False)[0] == "in alle werelden meer: beter"
    assert in_words("nl", "homes_reached", found, rough=True)[0] == "meestal meer: beter"
    assert worth("nl", "homes_reached", found, "higher") == "in alle werelden beter"
    assert worth("nl", "homes_reached", found, "higher", rough=True) == "meestal beter"
