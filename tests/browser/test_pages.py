"""What all pages share, in a real browser: menu, language, explained words, small and large screens, paper."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="func-returns-value"

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard.language import LANGUAGES, text
from dashboard.navigation import PLACES, title

PATHS = [place.path for place in PLACES]
READ = ["/onderbouwing", "/model"]
ONE = "?world=reference&A=regular-meetings"


def open_at(visit, path, query="", **options):
    """A page that is drawn."""
    page = visit(path.lstrip("/") + query, **options)
    page.wait_for_selector("main h1, main h2")
    return page


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_each_page_has_its_own_title_and_marks_itself_in_the_menu(visit, place, language):
    page = open_at(visit, place.path, f"?lang={language}")
    assert page.title() == title(place.id, language)
    assert page.evaluate("document.documentElement.lang") == language
    described = page.locator("meta[name=description]").get_attribute("content")
    assert described == text(language, f"description.{place.id}")
    assert page.locator(".nav [aria-current=page]").get_attribute("data-page") == place.id
    assert page.locator(".nav a").count() == len(PLACES)
    assert page.locator("main").count() == page.locator("h1").count() == 1
    assert page.problems == []


@pytest.mark.parametrize("path", PATHS)
def test_no_request_of_any_page_leaves_this_machine(visit, path):
    page = open_at(visit, path)
    page.wait_for_timeout(500)
    assert {urlsplit(each).hostname for each in page.requests if not each.startswith("data:")} == {"localhost"}


def test_the_menu_by_keyboard(visit):
    page = open_at(visit, "/onderbouwing")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(8):
        page.keyboard.press("Tab")
        reached.append(page.evaluate("document.activeElement.dataset.page || ''"))
    assert [each for each in reached if each] == [place.id for place in PLACES]
    page.locator(".nav [data-page=model]").focus()
    ring = page.evaluate("(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))")
    assert ring == "solid 3px"
    page.keyboard.press("Enter")
    page.wait_for_selector("main.model")
    assert urlsplit(page.url).path == "/model"


@pytest.mark.parametrize("path", READ)
def test_the_skip_link_goes_to_the_content(visit, path):
    page = open_at(visit, path)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert page.evaluate("document.activeElement.tagName") == "MAIN"


def test_the_language_keeps_the_page_and_what_was_chosen(visit):
    page = open_at(visit, "/", ONE)
    page.locator(".lang a").click()
    page.wait_for_function("document.documentElement?.lang === 'en'")
    page.wait_for_selector("main h1")
    query = parse_qs(urlsplit(page.url).query)
    assert query["lang"] == ["en"] and query["A"] == ["regular-meetings"] and query["world"] == ["reference"]
    page.locator(".nav [data-page=model]").click()
    page.wait_for_selector("main.model")
    assert page.evaluate("document.documentElement.lang") == "en"
    page.locator(".here a").nth(3).click()
    page.locator(".lang a").click()
    page.wait_for_function("document.documentElement?.lang === 'nl'")
    assert urlsplit(page.url).fragment == "month" and urlsplit(page.url).path == "/model"


def test_a_page_that_was_left_is_as_it_was(visit):
    page = open_at(visit, "/", ONE)
    page.wait_for_function("location.search.includes('regular-meetings')")
    page.locator(".nav [data-page=evidence]").click()
    page.wait_for_selector("main.evidence")
    assert "regular-meetings" not in page.url
    page.locator(".nav [data-page=compare]").click()
    page.wait_for_selector("main.wrap h1")
    assert parse_qs(urlsplit(page.url).query)["A"] == ["regular-meetings"]


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize("language", LANGUAGES)
def test_no_page_scrolls_sideways(visit, path, language):
    page = open_at(visit, path, f"?lang={language}", viewport={"width": 320, "height": 780})
    page.evaluate("document.querySelectorAll('main.page details').forEach((each) => { each.open = true; })")
    for width in (320, 360, 683, 1366, 1920):
        page.set_viewport_size({"width": width, "height": 780})
        page.wait_for_timeout(300)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        beyond = page.evaluate(
            "[...document.querySelectorAll('.top *, main *')]"
            ".filter(e => !e.closest('.scroll, pre, code, .vh, .skip, svg')"
            " && e.checkVisibility() && e.getBoundingClientRect().right > innerWidth + 1)"
            ".map(e => e.outerHTML.slice(0, 80))"
        )
        assert beyond == [], width
        menu = page.locator(".nav a").evaluate_all("all => all.map(e => e.getBoundingClientRect().right)")
        assert max(menu) <= width  # the menu wraps


@pytest.mark.parametrize("path", ["/onderbouwing", "/model", "/model/odd"])
def test_text_of_twice_the_size_still_fits(visit, path):
    page = open_at(visit, path, viewport={"width": 1366, "height": 768})
    page.evaluate("document.documentElement.style.zoom = '2'")
    page.wait_for_timeout(200)
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366


@pytest.mark.parametrize("path", READ)
def test_each_figure_has_a_sentence_a_narrow_version_and_a_table(visit, path):
    page = open_at(visit, path)
    figures = page.locator("main figure").count()
    assert figures >= 2
    assert page.locator("main figure .wide svg[role=img][aria-label]").count() == figures
    assert page.locator("main figure .narrow svg[role=img][aria-label]").count() == figures
    assert page.locator("main .foot details table.t thead th").count() >= 2 * figures
    page.set_viewport_size({"width": 360, "height": 780})
    assert page.locator("main figure .narrow svg").first.is_visible()
    assert not page.locator("main figure .wide svg").first.is_visible()


@pytest.mark.parametrize("path", READ)
def test_english_pages_hold_no_dutch(visit, path):
    page = open_at(visit, path, "?lang=en")
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    page.wait_for_timeout(300)
    shown = page.locator("#app").inner_text()
    found = re.findall(r"\b(het|een|van|gemeente|worden|wordt|niet|geen|vertrouwen|begeleider)\b", shown)
    assert found == []


@pytest.mark.parametrize("path", READ)
def test_dutch_pages_hold_no_english_but_what_says_so(visit, path):
    page = open_at(visit, path)
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    page.wait_for_timeout(300)
    shown = page.evaluate(
        "(() => { const copy = document.querySelector('#app').cloneNode(true);"
        " copy.querySelectorAll('[lang=en], script').forEach(e => e.remove()); return copy.textContent; })()"
    )
    found = re.findall(r"\b(the|and|with|share|months|which|hours a|trust|of a|whether)\b", shown)
    assert found == []


def test_a_word_is_explained_by_keyboard(visit):
    page = open_at(visit, "/model")
    word = page.locator("button.term[data-term=trust]")
    word.focus()
    box = page.locator("#term-explained")
    assert box.is_visible() and text("nl", "term.trust.meaning") in box.inner_text()
    assert word.get_attribute("aria-describedby") == "term-explained"
    assert box.get_attribute("role") == "tooltip"
    page.keyboard.press("Escape")
    assert not box.is_visible() and word.get_attribute("aria-describedby") is None
    page.keyboard.press("Tab")
    assert box.is_visible()
    page.locator("main h1").click()
    assert not box.is_visible()


def test_a_word_is_explained_by_pointer_and_the_pointer_can_go_onto_it(visit):
    page = open_at(visit, "/model", "?lang=en")
    page.locator("button.term[data-term=world]").hover()
    box = page.locator("#term-explained")
    assert text("en", "term.world.meaning") in box.inner_text()
    box.hover()
    page.wait_for_timeout(500)
    assert box.is_visible()
    page.mouse.move(5, 700)
    page.wait_for_timeout(500)
    assert not box.is_visible()


@pytest.mark.parametrize("width", [360, 1366])
def test_an_explanation_stays_on_the_screen(visit, width):
    page = open_at(visit, "/model", viewport={"width": width, "height": 700})
    for word in page.locator("button.term").all():
        word.focus()
        at = page.locator("#term-explained").bounding_box()
        assert at["x"] >= 0 and at["x"] + at["width"] <= width
        assert page.evaluate("document.documentElement.scrollWidth") <= width


def test_nothing_moves_for_who_asked_for_that(visit):
    page = open_at(visit, "/model", reduced_motion="reduce")
    moving = page.evaluate(
        "[...document.querySelectorAll('#app *')].filter(e => { const s = getComputedStyle(e);"
        " return s.animationName !== 'none' || parseFloat(s.transitionDuration) > 0; }).length"
    )
    assert moving == 0


@pytest.mark.parametrize("path", READ)
def test_a_page_can_be_printed(visit, path):
    page = open_at(visit, path)
    page.emulate_media(media="print")
    assert not page.locator(".nav").is_visible() and not page.locator(".lang").is_visible()
    assert page.locator("main h1").is_visible()
    assert page.evaluate("document.documentElement.scrollWidth") <= 1366
    assert page.pdf(format="A4").startswith(b"%PDF")


def test_all_claims_can_be_shown_by_keyboard(visit):
    page = open_at(visit, "/onderbouwing")
    more = page.locator("[data-more]").first
    group = more.get_attribute("data-more")
    before = page.locator(f"#claims-{group} > li").count()
    more.focus()
    page.keyboard.press("Enter")
    page.wait_for_function(f"document.querySelectorAll('#claims-{group} > li').length > {before}")
    assert page.evaluate("document.activeElement.closest('ol').id") == f"claims-{group}"


def test_the_description_is_reached_from_the_model_page_and_needs_no_script(visit):
    page = open_at(visit, "/model")
    page.locator("#odd a").nth(3).click()
    page.wait_for_selector("main.odd")
    assert urlsplit(page.url).path == "/model/odd" and urlsplit(page.url).fragment
    assert page.evaluate("document.scripts.length") == 0
    assert page.problems == []


@pytest.mark.parametrize("path", READ)
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_text_in_figures_can_be_read(visit, path, scheme):
    page = open_at(visit, path, color_scheme=scheme)
    ink = {
        "light": ["rgb(20, 34, 43)", "rgb(69, 84, 94)", "rgb(168, 35, 31)"],  # ink, quiet ink, what is outside
        "dark": ["rgb(238, 243, 242)", "rgb(180, 193, 198)", "rgb(255, 143, 133)"],
    }
    fills = page.locator("main figure .wide svg text").evaluate_all("all => all.map(e => getComputedStyle(e).fill)")
    assert len(fills) > 20 and set(fills) <= set(ink[scheme])


@pytest.mark.parametrize("path", ["/onderbouwing", "/model"])
@pytest.mark.parametrize("language", LANGUAGES)
def test_nothing_in_a_figure_is_cut_off_on_a_phone(visit, path, language):
    page = open_at(visit, path, f"?lang={language}", viewport={"width": 360, "height": 780})
    page.wait_for_selector("main figure .narrow svg")
    outside = page.evaluate(
        "[...document.querySelectorAll('main figure svg text')].filter(t => t.getBoundingClientRect().width)"
        ".filter(t => { const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();"
        " return a.left < b.left - 2 || a.right > b.right + 2 || a.top < b.top - 2 || a.bottom > b.bottom + 3; })"
        ".map(t => t.textContent)"
    )
    assert outside == []
