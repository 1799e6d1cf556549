"""The page *Vergelijken* in a real browser, on the real simulation."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="func-returns-value"

import re
from urllib.parse import urlsplit

import pytest

ONE = "?world=reference&A=structural-funding"
TWO = "?world=reference&A=structural-funding&B=regular-meetings"
EMPTY = "?world=reference"
SHARP = re.compile(r"werelden met hetzelfde toeval|worlds with the same luck")


def answered(page):
    """Wait for the sharp answer and give its headline."""
    page.wait_for_function("document.querySelector('.st')?.innerText.match(/Klaar|Done/)")
    return page.locator("h1").inner_text()


def focused(page):
    """What has the keyboard: its policy, world or other mark, or its text."""
    return page.evaluate(
        "(e => [e.dataset.policy, e.dataset.world, e.dataset.pair, e.dataset.do, e.id, e.innerText].find(Boolean))"
        "(document.activeElement)"
    )


def test_the_example_is_answered_without_a_click(visit):
    page = visit()
    sentence = answered(page)
    forms = r"In alle werelden met |(Meestal|Vaker wel dan niet|Geen duidelijke volgorde|Meestal gelijk|Gelijk): in "
    assert re.match(forms, sentence)
    assert SHARP.search(sentence) and "doorgaan zoals nu" in sentence
    assert "Bereikte woningen:" in page.locator(".two").inner_text()
    assert page.locator(".notice").inner_text().startswith("Afgesteld.")
    assert page.problems == []


def test_choosing_a_card_gives_a_headline_and_an_address(visit):
    page = visit(EMPTY)
    page.locator("[data-policy=regular-meetings]").click()
    assert "vast overleg" in answered(page)
    assert urlsplit(page.url).query.startswith("world=reference&A=regular-meetings&v=")
    assert page.locator("[data-policy=regular-meetings]").get_attribute("aria-pressed") == "true"


def test_the_address_opens_the_same_comparison_again(visit):
    first = visit(TWO + "&view=A-B")
    sentence = answered(first)
    assert urlsplit(first.url).query.startswith(urlsplit(TWO + "&view=A-B").query)
    assert answered(visit("?" + urlsplit(first.url).query)) == sentence
    assert "structurele financiering" in sentence and "vast overleg" in sentence


def test_another_pair_and_another_world(visit):
    page = visit(TWO)
    answered(page)
    page.locator("[data-pair=B-now]").click()
    page.wait_for_function("document.querySelector('h1').innerText.includes('vast overleg')")
    assert "view=B-now" in page.url
    before = page.locator("#paths-structural_partnership").text_content()
    page.locator("[data-world=projection]").click()
    page.wait_for_function("document.querySelector('#paths-structural_partnership')?.textContent.includes('2034')")
    assert "2034" not in before and "world=projection" in page.url


def test_at_most_three_policies(visit):
    page = visit(TWO)
    page.locator("[data-policy=broad-embedding]").click()
    page.wait_for_selector("[data-policy=municipal-capacity][aria-disabled=true]")
    page.locator("[data-policy=municipal-capacity]").click(force=True)
    page.wait_for_timeout(300)
    assert page.locator(".chosen li").count() == 4
    assert "Haal er eerst één weg" in page.locator(".count").inner_text()


def test_the_whole_comparison_with_the_keyboard_only(visit):
    page = visit(EMPTY)
    page.wait_for_selector("[data-do=suggest]")
    page.keyboard.press("Tab")
    assert page.evaluate("document.activeElement.className") == "skip"
    reached = []
    for _ in range(60):
        page.keyboard.press("Tab")
        reached.append(focused(page))
        if reached[-1] == "regular-meetings":
            break
    assert reached[-1] == "regular-meetings"
    assert "reference" in reached
    ring = page.evaluate("(s => s.outlineStyle + ' ' + s.outlineWidth)(getComputedStyle(document.activeElement))")
    assert ring == "solid 3px"
    page.keyboard.press("Enter")
    assert "vast overleg" in answered(page)
    assert focused(page) == "regular-meetings"
    for _ in range(60):
        page.keyboard.press("Tab")
        if page.evaluate("document.activeElement.tagName") == "SUMMARY" and page.evaluate(
            "!!document.activeElement.closest('.card')"
        ):
            break
    page.keyboard.press("Enter")
    assert page.locator(".card details[open] table tbody tr").count() >= 3
    page.keyboard.press("Escape")


def test_the_skip_link_goes_to_the_answer(visit):
    page = visit(ONE)
    answered(page)
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    assert focused(page) == "answer"


def test_removing_a_policy_keeps_the_keyboard_on_the_page(visit):
    page = visit(ONE)
    answered(page)
    page.locator(".chosen [data-do=remove]").focus()
    page.keyboard.press("Enter")
    page.wait_for_selector("[data-do=suggest]")
    assert focused(page) == "structural-funding"


def test_no_request_leaves_this_machine(visit):
    page = visit(TWO)
    answered(page)
    page.locator("[data-policy=broad-embedding]").click()
    page.wait_for_timeout(500)
    assert len(page.requests) > 5
    assert {urlsplit(address).hostname for address in page.requests if not address.startswith("data:")} == {"localhost"}


@pytest.mark.parametrize("query", [EMPTY, TWO + "&C=recommendations&lang=en"])
def test_no_sideways_scrolling(visit, query):
    page = visit(query, viewport={"width": 320, "height": 780})
    page.wait_for_selector("[data-do=suggest]") if query == EMPTY else answered(page)
    for width in (320, 360, 820, 1366):
        page.set_viewport_size({"width": width, "height": 780})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width, width
        wide = page.evaluate(
            "[...document.querySelectorAll('#app .samenspel *')].filter(e => !e.closest('.scroll, code, .vh, .skip')"
            " && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"
        )
        assert wide == [], width


def test_english_is_complete(visit):
    page = visit(TWO + "&lang=en")
    sentence = answered(page)
    assert "worlds with the same luck" in sentence and "regular meetings" not in sentence
    assert page.evaluate("document.documentElement.lang") == "en"
    shown = page.locator("#app").inner_text()
    for dutch in ("werelden", "Afgesteld", "aanname", "Vergelijk", "zoals nu", "woningen", "gemeente"):
        assert dutch not in shown
    page.locator(".lang a").click()
    assert "werelden met hetzelfde toeval" in answered(page)
    assert page.evaluate("document.documentElement.lang") == "nl"
    assert page.locator(".chosen li").count() == 3


def test_a_damaged_address_is_refused_politely_and_runs_nothing(visit):
    alarms = []
    page = visit("?world=mars&A=%3Cimg%20src%3Dx%20onerror%3Dalert(1)%3E&B=regular-meetings")
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    fault = page.locator(".fault.soft")
    fault.wait_for()
    assert "mars" in fault.inner_text() and "<img src=x onerror=alert(1)>" in fault.inner_text()
    assert page.locator("img").count() == 0
    fault.locator("button").click()
    fault.wait_for(state="detached")
    assert alarms == []


def test_stopping_and_going_on(visit):
    page = visit("?world=projection&A=procurement-room&B=professionalising&C=execution-plan-talk")
    page.locator("[data-do=stop]").click()
    page.locator("[data-do=resume]").wait_for()
    assert "Gestopt" in page.locator(".st").inner_text()
    page.locator("[data-do=resume]").click()
    page.locator("[data-do=stop]").wait_for()
    page.wait_for_function("/^Nog ruw: [1-9]|^Klaar/.test(document.querySelector('.st').innerText)")


def test_many_quick_changes_end_at_the_last_one(visit):
    page = visit(EMPTY)
    card = page.locator("[data-policy=concrete-agreements]")
    for _ in range(10):
        card.click()
    page.locator("[data-policy=early-engagement]").click()
    page.wait_for_function("document.querySelectorAll('.chosen li').length === 2")
    # until then the answer of a change before it may stand there, and be ready
    page.wait_for_function("document.querySelector('h1')?.innerText.includes('op tijd in gesprek')")
    assert "op tijd in gesprek" in answered(page)
    assert page.problems == []


def test_each_figure_has_a_sentence_and_a_table(visit):
    page = visit(TWO)
    answered(page)
    # What may come later, the reasons, has tests of its own.
    figures = page.locator(".answer .card:not(.reasons) figure, .card:not(.reasons) figure")
    assert figures.count() >= 6
    for k in range(figures.count()):
        assert figures.nth(k).locator("svg[role=img][aria-label]").count() == 2, k
    assert page.locator(".card:not(.reasons) details table").count() >= figures.count()


def test_the_answer_is_announced(visit):
    page = visit(ONE)
    answered(page)
    assert page.locator("[aria-live=polite] h1").count() == 1


def test_dark_and_light_have_their_own_colours(visit):
    colours = []
    for scheme in ("light", "dark"):
        page = visit(ONE, color_scheme=scheme)
        answered(page)
        colours.append(
            page.evaluate(
                "['h1', 'body'].map(e => getComputedStyle(document.querySelector(e)))"
                ".map((style, i) => i ? style.backgroundColor : style.color)"
            )
        )
    assert colours == [["rgb(20, 34, 43)", "rgb(245, 246, 243)"], ["rgb(238, 243, 242)", "rgb(16, 25, 30)"]]


def test_nothing_moves_for_who_asked_for_that(visit):
    page = visit(ONE, reduced_motion="reduce")
    page.wait_for_selector(".pg i")
    assert page.evaluate("getComputedStyle(document.querySelector('.pg i')).animationName") == "none"


def test_the_framework_does_not_show(visit):
    page = visit(ONE)
    answered(page)
    assert page.title() == "Samenspel · beleid vergelijken"
    assert "solara" not in page.locator("body").inner_text().lower()
    assert page.locator(".v-app-bar, .v-toolbar, .v-navigation-drawer").count() == 0
