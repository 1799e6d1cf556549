"""The left-hand side of *Vergelijken* in a real browser: sliders, my municipality, steps back and forth, own links."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="func-returns-value, attr-defined"

import re
from urllib.parse import parse_qs, urlsplit

import pytest

from dashboard import own
from dashboard.state import Choice

ONE = "?world=reference&A=regular-meetings"
TOWN = "?world=municipality&A=regular-meetings"
MEETINGS = '[data-key="lever/regular_meetings"]'
SLIDE = '[data-slide="lever/regular_meetings"]'
HOSTILE = '<img src=x onerror="window.hacked=1"><script>window.hacked=1</script>'
NAMELESS = """[...document.querySelectorAll('.left input, .left select, .left button, .left textarea')].filter(e =>
  !(e.labels && e.labels.length && [...e.labels].some(l => l.textContent.trim())) && !e.getAttribute('aria-label')
  && !e.textContent.trim()).map(e => e.outerHTML.slice(0, 120))"""
WIDE = """[...document.querySelectorAll('#app .samenspel *')]
  .filter(e => !e.closest('.scroll, code, pre, .vh, .skip, svg')
  && e.getBoundingClientRect().right > innerWidth + 1).map(e => e.outerHTML.slice(0, 80))"""


def answered(page, words=""):
    """Wait for the sharp answer (with these words in it) and give its headline."""
    page.wait_for_function(
        "words => /Klaar|Done/.test(document.querySelector('.st')?.innerText) && document.querySelector('h1 em')"
        " && document.querySelector('h1').innerText.toLowerCase().includes(words.toLowerCase())",
        arg=words,
    )
    return page.locator("h1").inner_text()


def build(page, slot="A"):
    """Open the builder of a policy."""
    page.locator(f"[data-edit={slot}]").click()
    page.wait_for_selector("#build")


def settled(page, pattern):
    """Wait until the address says so."""
    page.wait_for_function("pattern => new RegExp(pattern).test(location.search)", arg=pattern)


def tab_to(page, wanted, most=120):
    """Press Tab until the element has the keyboard."""
    for _ in range(most):
        if page.evaluate("wanted => document.activeElement.matches(wanted)", wanted):
            return
        page.keyboard.press("Tab")
    raise AssertionError(f"the keyboard never reached {wanted}")


def test_a_slider_changes_the_answer_and_the_link_opens_it_again(visit):
    page = visit(ONE)
    before = answered(page)
    build(page)
    page.locator(SLIDE).fill("20")
    settled(page, "own=")
    sentence = answered(page, "aangepast")
    assert sentence != before and page.locator(MEETINGS).input_value() == "20"
    assert len(page.url) < 500
    again = visit("?" + urlsplit(page.url).query)
    assert answered(again) == sentence
    build(again)
    assert again.locator(MEETINGS).input_value() == "20"


def test_what_is_typed_in_dutch_counts_and_nonsense_stays_with_a_sentence(visit):
    page = visit("?world=reference&A=structural-funding")
    build(page)
    page.locator('[data-lever="structural_funding"] summary').click()
    amount = page.locator('[data-key="option/structural_funding/amount"]')
    amount.fill("1.250,5")
    amount.press("Enter")
    settled(page, "own=")
    answered(page)
    assert amount.input_value() == "1.250,5"
    address = page.url
    for nonsense, said in (("heel veel", "is geen getal"), ("99.000", "0 tot en met 60.000")):
        amount.fill(nonsense)
        amount.press("Enter")
        page.wait_for_function(
            "said => [...document.querySelectorAll('.bad')].some(e => e.innerText.includes(said))", arg=said
        )
        assert amount.input_value() == nonsense and amount.get_attribute("aria-invalid") == "true"
        assert "Structurele financiering" in page.locator(".bad").first.inner_text()
    assert page.url == address
    amount.fill("2.000")
    amount.press("Enter")
    page.wait_for_function("!document.querySelector('.bad')")


def test_a_hostile_name_is_text_everywhere(visit):
    page = visit(ONE)
    build(page)
    name = page.locator('[data-key="name"]')
    name.fill(HOSTILE)
    name.press("Enter")
    settled(page, "own=")
    answered(page, "<img src=x")
    assert "<img src=x" in page.locator(".chosen").inner_text()
    page.locator("[data-part=reproduce] summary").click()
    assert page.locator("[data-part=reproduce] pre").count() == 3
    again = visit("?" + urlsplit(page.url).query)
    answered(again)
    for each in (page, again):
        assert each.evaluate("window.hacked") is None
        assert each.locator("#app img").count() == 0


def test_my_municipality_and_a_policy_by_keyboard_alone(visit):
    page = visit("?world=reference&lang=en")
    page.wait_for_selector("[data-do=suggest]")
    tab_to(page, '[data-world="municipality"]')
    page.keyboard.press("Enter")
    page.wait_for_selector("#town")
    page.wait_for_function("document.activeElement.id === 'town'")
    tab_to(page, '[data-size="small"]')
    page.keyboard.press("Enter")
    page.wait_for_function("document.querySelector('.setting .note')?.innerText.includes('18,000')")
    tab_to(page, '[data-key="inhabitants"]')
    page.keyboard.press("Control+A")
    page.keyboard.type("21,500")
    page.keyboard.press("Tab")
    page.wait_for_function("document.querySelector('.setting .note')?.innerText.includes('21,500')")
    page.keyboard.press("Escape")
    page.wait_for_selector("#town", state="detached")
    page.wait_for_function("document.activeElement.dataset.do === 'town'")
    tab_to(page, "[data-do=build]")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.id === 'build'")
    tab_to(page, SLIDE)
    page.keyboard.press("ArrowRight")
    settled(page, "own=")  # the page has heard of it before the next press: the slider stays under the keyboard
    answered(page, "own policy")
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    page.wait_for_function("meetings => document.querySelector(meetings).value === '4'", arg=MEETINGS)
    tab_to(page, "#answer *, .column *")
    answered(page, "own policy")
    shown = page.locator("#app").inner_text()
    for dutch in ("gemeente", "Vast overleg", "Stel ", "per jaar", "inwoners", "Klaar", "kosten"):
        assert dutch not in shown
    found = parse_qs(urlsplit(page.url).query)
    assert found["world"] == ["municipality"] and found["A"] == ["own"] and found["lang"] == ["en"]


def test_undo_and_redo_and_changes_within_a_second_are_one_step(visit):
    page = visit(ONE)
    answered(page)
    build(page)
    page.locator(SLIDE).evaluate(  # in the page itself, so that they are within a second on a busy machine too
        """slider => ["8", "10", "14"].forEach(value => {
          slider.value = value;
          slider.dispatchEvent(new Event("input", { bubbles: true }));
          slider.dispatchEvent(new Event("change", { bubbles: true }));
        })"""
    )
    settled(page, "own=")
    assert answered(page, "aangepast") and page.locator(MEETINGS).input_value() == "14"
    page.wait_for_timeout(1200)
    page.locator('[data-policy], [data-do="close"]').first.click()
    page.locator("[data-policy=broad-embedding]").click()
    settled(page, "B=broad-embedding")
    page.locator("[data-do=undo]").click()
    page.wait_for_function("!location.search.includes('broad-embedding')")
    assert "own=" in page.url
    page.keyboard.press("Control+z")
    settled(page, "A=regular-meetings")
    assert page.locator("[data-do=undo]").is_disabled()
    page.locator("[data-do=redo]").click()
    settled(page, "A=own")
    page.keyboard.press("Control+y")
    settled(page, "B=broad-embedding")
    assert page.locator("[data-do=redo]").is_disabled()


def test_steps_and_a_policy_of_ones_own_survive_a_restart(own_server, browser):
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.set_default_timeout(240_000)
    page.goto(own_server.address + ONE)
    answered(page)
    build(page)
    page.locator(SLIDE).fill("20")
    sentence = answered(page, "aangepast")
    own_server.stop()
    page.locator(".offline").wait_for()
    own_server.start()
    page.locator(".offline").wait_for(state="detached")
    assert answered(page) == sentence
    page.locator("[data-do=undo]").click()
    settled(page, "A=regular-meetings")
    page.locator("[data-do=redo]").click()
    settled(page, "A=own")
    context.close()


def test_kept_under_a_name_reopened_and_removed(visit):
    page = visit(ONE)
    answered(page)
    page.locator(".history .kept summary").click()
    page.locator(".history .kept input").fill("Voor de wethouder <b>")
    page.locator("[data-do=keep]").click()
    page.locator(".history li").wait_for()
    page.locator("[data-policy=broad-embedding]").click()
    settled(page, "B=broad-embedding")
    page.reload()
    page.locator(".history .kept summary").click()
    assert "Voor de wethouder <b>" in page.locator(".history li").inner_text()
    page.locator("[data-do=reopen]").click()
    page.wait_for_function("!location.search.includes('broad-embedding')")
    page.locator("[data-do=forget]").click()
    page.locator(".history li").wait_for(state="detached")
    page.reload()
    page.locator(".history .kept summary").click()
    assert page.locator(".history li").count() == 0


def test_equal_cost_says_what_it_did(visit):
    page = visit(ONE + "&B=structural-funding")
    answered(page)
    page.locator("[data-part=equal] summary").click()
    budget = page.locator('[data-key="budget"]')
    budget.fill("niets")
    page.locator("[data-do=equal]").click()
    page.wait_for_selector("[data-part=equal] .bad")
    assert budget.input_value() == "niets"
    budget.fill("€ 600.000")
    budget.press("Enter")
    page.wait_for_selector(".told li >> nth=1")
    assert all("€\u00a0600.000" in line for line in page.locator(".told li").all_inner_texts())
    assert page.locator(".chosen small").all_inner_texts()[1:] == ["vraagt ± €\u00a0600.000 per jaar"] * 2
    answered(page, "gelijke kosten")


def test_who_can_act_filters_cards_and_sliders(visit):
    page = visit(ONE)
    answered(page)
    page.locator("[data-do=who]").select_option("province")
    page.wait_for_function("document.querySelectorAll('[data-policy]').length === 1")
    assert page.locator("[data-policy]").get_attribute("data-policy") == "independent-facilitator"


def test_the_horizon_shortens_the_answer(visit):
    page = visit(ONE)
    answered(page)
    page.locator("[data-do=until]").select_option("24")
    settled(page, "months=24")
    page.wait_for_function(
        "document.querySelector('.card h2')?.innerText && document.body.innerText.includes('eind 2020')"
    )
    answered(page)


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?world=reference&A=own&own=1.AAAA&B=regular-meetings", "beschadigd"),
        pytest.param("?world=reference&A=own&own=7.AAAA&B=regular-meetings", "nieuwere versie", marks=pytest.mark.slow),
        pytest.param("?world=municipality&own=1.AAAA&B=regular-meetings", "beschadigd", marks=pytest.mark.slow),
        ("?world=reference&B=regular-meetings&months=7", "12, 24, 36"),
        ("?world=reference&B=regular-meetings&v=000000.000000", "het model en de parameters veranderd"),
    ],
)
def test_a_link_that_is_damaged_or_old_is_explained_and_the_rest_holds(visit, query, said):
    page = visit(query)
    page.locator(".fault.soft").wait_for()
    assert said in page.locator(".fault.soft").inner_text()
    answered(page, "vast overleg")
    assert page.problems == []


def test_two_visitors_do_not_see_each_other(visit):
    pages = []
    for name in ("Geheim van Ede", "Plan van Zwolle"):
        made = own.policy({"name": name, "levers": [{"lever": "regular_meetings", "intensity": 7}]})
        pages.append(visit(Choice("reference").with_own("A", made).address()))
    for page, mine, theirs in zip(pages, ("Ede", "Zwolle"), ("Zwolle", "Ede"), strict=True):
        answered(page, mine)
        assert theirs not in page.content()


@pytest.mark.parametrize("panel", ["[data-edit=A]", "[data-do=town]"])
@pytest.mark.parametrize(("widths", "scale"), [((360, 320), 1), ((683,), 2)])
def test_no_sideways_scrolling_with_a_panel_open(visit, panel, widths, scale):
    page = visit(TOWN, viewport={"width": widths[0], "height": 780}, device_scale_factor=scale)
    answered(page)
    page.locator(panel).click()
    page.wait_for_selector(".build")
    page.evaluate("document.querySelectorAll('.left details').forEach(each => { each.open = true; })")
    for width in widths:
        page.set_viewport_size({"width": width, "height": 780})
        page.wait_for_timeout(200)
        assert page.evaluate("document.documentElement.scrollWidth") <= width
        assert page.evaluate(WIDE) == []


@pytest.mark.parametrize("query", [ONE, TOWN + "&lang=en"])
def test_every_control_has_a_name(visit, query):
    page = visit(query)
    answered(page)
    assert page.evaluate(NAMELESS) == []
    build(page)
    assert page.evaluate(NAMELESS) == []
    if "municipality" in query:
        page.locator("[data-do=town]").click()
        page.wait_for_selector("#town")
        assert page.evaluate(NAMELESS) == []


def test_a_slider_that_is_moved_quickly_ends_where_it_was_left(visit):
    page = visit(ONE)
    build(page)
    for value in range(1, 24):
        page.locator(SLIDE).fill(str(value))
    answered(page, "aangepast")
    assert page.locator(MEETINGS).input_value() == "23" and page.locator(SLIDE).input_value() == "23"
    assert re.search("own=", page.url) and page.problems == []


def test_what_is_being_typed_is_left_alone_when_an_answer_comes(visit):
    page = visit(ONE)
    answered(page)
    build(page)
    page.locator(MEETINGS).fill("9")
    page.keyboard.press("Tab")
    name = page.locator("#build [data-key=name]")
    name.fill("")
    name.press_sequentially("Overleg om de zes weken", delay=120)  # the answer comes in between
    answered(page, "aangepast")
    assert name.input_value() == "Overleg om de zes weken"
    page.keyboard.press("Tab")
    answered(page, "overleg om de zes weken")


def test_what_was_typed_and_put_back_follows_the_server_again(visit):
    page = visit(ONE)
    answered(page)
    build(page)
    name = page.locator("#build [data-key=name]")
    kept = name.input_value()
    name.fill("Iets anders")
    name.fill(kept)
    page.keyboard.press("Tab")
    page.locator(MEETINGS).fill("9")
    page.keyboard.press("Tab")
    page.wait_for_function("kept => document.querySelector('#build [data-key=name]').value !== kept", arg=kept)


def test_cards_are_found_by_a_word(visit):
    page = visit(ONE)
    answered(page)
    page.locator("[data-do=search]").fill("facilitator zonder zin")
    assert page.locator(".cards .pol").count() == 0
    page.locator("[data-do=search]").fill("overleg")
    assert 0 < page.locator(".cards .pol").count() < 8


@pytest.mark.parametrize(
    ("language", "event"), [("nl", "Vacaturestop"), pytest.param("en", "Hiring freeze", marks=pytest.mark.slow)]
)
def test_an_event_is_added_set_and_taken_away_with_the_keyboard(visit, language, event):
    page = visit(f"{TOWN}&lang={language}")
    page.set_default_timeout(60_000)
    answered(page)
    build(page)
    tab_to(page, "[data-part=events] > summary")
    page.keyboard.press("Enter")
    tab_to(page, "[data-key=event]")
    page.keyboard.type(event[:6])
    page.keyboard.press("Tab")
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('[data-key=\"shock/0\"]')")
    assert event in page.locator("[data-shock]").inner_text()
    page.keyboard.press("Control+a")
    page.keyboard.type("2029-03")
    page.keyboard.press("Tab")
    page.wait_for_function("!document.querySelector('.build .bad')")
    settled(page, "own=")
    page.wait_for_timeout(1000)  # the event was sent first, then its month: the address follows both
    answered(page)
    packed = parse_qs(urlsplit(page.url).query)["own"][0]
    length = page.locator('[data-key="lasts/0/hiring_freeze"]')
    length.fill("7")
    length.press("Enter")
    page.wait_for_function("packed => !location.search.includes(packed)", arg=packed)
    assert page.evaluate(NAMELESS) == [] and page.evaluate(WIDE) == []
    again = visit(urlsplit(page.url).query and f"?{urlsplit(page.url).query}")
    answered(again)
    build(again)
    assert again.locator('[data-key="shock/0"]').input_value() == "2029-03"
    assert again.locator('[data-key="lasts/0/hiring_freeze"]').input_value() == "7"
    tab_to(page, '[data-do="drop/0"]')
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('[data-key=event]')")
    assert page.locator("[data-shock]").count() == 0 and page.problems == []


def test_the_answer_follows_the_policy_that_is_made_or_adjusted(visit):
    page = visit(ONE)
    answered(page)
    page.locator("[data-do=build]").click()
    settled(page, "view=B-now")
    page.locator('[data-slide="lever/broad_embedding"]').evaluate(
        "slider => { slider.value = 0.5; slider.dispatchEvent(new Event('input', { bubbles: true })); }"
    )
    page.wait_for_function("document.querySelector('[data-key=\"lever/broad_embedding\"]').value === '0,5'")
    answered(page, "eigen beleid")
    assert page.locator("[data-pair=B-now]").get_attribute("aria-pressed") == "true"
    page.locator("[data-pair=A-now]").click()  # what a person chose himself stands while he adjusts the same policy
    settled(page, "view=A-now")
    before = page.url
    page.locator('[data-key="lever/broad_embedding"]').fill("0,7")
    page.keyboard.press("Tab")
    page.wait_for_function("before => location.href !== before", arg=before)
    assert "view=A-now" in page.url
    page.locator("[data-pair=B-now]").click()
    settled(page, "view=B-now")
    build(page, "A")
    page.locator(SLIDE).fill("20")
    settled(page, "view=A-now")


def test_a_name_keeps_the_answer_and_a_slider_keeps_it_until_there_is_another(visit):
    page = visit(ONE)
    answered(page)
    build(page)
    page.locator(MEETINGS).fill("9")
    page.keyboard.press("Tab")
    answered(page, "aangepast")
    page.evaluate(
        """() => { window.seen = new Set(); window.empty = 0; new MutationObserver(() => {
          window.seen.add(document.querySelector('.st')?.innerText || '');
          if (!document.querySelector('h1 em')) window.empty += 1;
        }).observe(document.getElementById('app'), { subtree: true, childList: true, characterData: true }); }"""
    )
    name = page.locator("#build [data-key=name]")
    name.fill("Ons plan")
    page.keyboard.press("Tab")
    answered(page, "ons plan")
    assert not [said for said in page.evaluate("[...window.seen]") if "ruw" in said or "vorige" in said]
    page.locator(MEETINGS).fill("10")
    page.keyboard.press("Tab")
    page.wait_for_function("[...window.seen].some(said => said.includes('vorige'))")
    assert page.evaluate("window.empty") == 0
    answered(page, "ons plan")
    assert page.evaluate("window.empty") == 0


def test_an_open_builder_stays_open_in_the_other_language(visit):
    page = visit(ONE)
    answered(page)
    build(page)
    page.locator("[hreflang=en]").click()
    page.wait_for_function("document.querySelector('#build h3')?.innerText.startsWith('Adjust')")
    # closed and on to the other language before the server has heard of it: closed is closed
    page.evaluate("for (const at of ['#build [data-do=close]', '[hreflang=nl]']) document.querySelector(at).click()")
    page.wait_for_function("document.documentElement?.lang === 'nl' && document.querySelector('.chosen')")
    assert page.locator("#build").count() == 0


def test_what_cannot_be_is_said_at_the_field_in_words_of_the_page(visit):
    page = visit(ONE)
    answered(page)
    build(page)
    page.locator("#build summary", has_text="Voor wie").click()
    towns = page.locator('[data-key="scope/municipality"]')
    towns.fill("999999")
    towns.press("Enter")
    page.wait_for_function("document.querySelector('.bad')?.innerText.includes('0 tot en met 163')")
    assert towns.get_attribute("aria-invalid") == "true" and "Klaar" in page.locator(".bar .st").inner_text()
    page.locator("#build summary", has_text="Wanneer").click()
    start = page.locator("#build [data-key=start]")
    start.press_sequentially("maart 2020")
    start.press("Enter")
    page.wait_for_function("[...document.querySelectorAll('.bad')].some(e => e.innerText.includes('«maart 2020»'))")
    assert start.input_value() == "maart 2020"


def test_initiatives_that_could_not_be_none_follow_when_there_are_others(visit):
    page = visit(TOWN)
    answered(page)
    page.locator("[data-do=town]").click()
    page.wait_for_selector("#town")
    cells = page.locator(".grid input")
    for i in range(cells.count()):
        if cells.nth(i).input_value() != "0":
            cells.nth(i).fill("0")
            cells.nth(i).press("Enter")
            page.wait_for_timeout(300)
    page.wait_for_selector("#town .bad")
    assert page.locator("#town .bad").all_inner_texts() == ["Vul ten minste één initiatief in."]
    cells.nth(0).fill("3")
    cells.nth(0).press("Enter")
    page.wait_for_selector("#town .bad", state="detached")
    page.wait_for_function("document.querySelector('.setting .note')?.innerText.includes('3 initiatieven')")


def test_the_ring_around_a_slider_covers_nothing(visit):
    for width in (1366, 390):
        page = visit(ONE, viewport={"width": width, "height": 768})
        build(page)
        page.locator(MEETINGS).focus()
        page.keyboard.press("Tab")
        assert page.evaluate(
            """([box, slide]) => {
              const ring = document.querySelector(slide), style = getComputedStyle(ring);
              const out = parseFloat(style.outlineWidth) + parseFloat(style.outlineOffset);
              return ring.matches(':focus-visible') && ring.getBoundingClientRect().top - out
                >= document.querySelector(box).getBoundingClientRect().bottom;
            }""",
            [MEETINGS, SLIDE],
        )
