"""The answer in a real browser: which outcome it is about, figures that can be read, names that are only names."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="func-returns-value"

import json
from urllib.parse import parse_qs, urlsplit

import pytest

TWO = "?world=reference&A=structural-funding&B=regular-meetings"
HOSTILE = "<img src=x onerror=alert(1)><script>alert(2)</script>"


def answered(page):
    """Wait for the sharp answer and give its headline."""
    page.wait_for_function("document.querySelector('.st')?.innerText.match(/Klaar|Done/)")
    return page.locator("h1").inner_text()


def test_another_outcome_by_keyboard(visit):
    page = visit(TWO)
    assert "structurele samenwerking" in answered(page)
    page.locator("#about").focus()
    page.keyboard.press("ArrowDown")
    page.wait_for_function("document.querySelector('h1').innerText.includes('bereikte woningen')")
    assert parse_qs(urlsplit(page.url).query)["about"] == ["homes_reached"]
    assert page.locator("#worlds-homes_reached").count() == 1
    assert "Structurele samenwerking:" in page.locator(".two").inner_text()
    again = visit("?" + urlsplit(page.url).query)
    assert "bereikte woningen" in answered(again)
    assert page.problems == []


def test_an_outcome_that_a_measure_fixes_by_itself_cannot_be_chosen(visit):
    page = visit(TWO + "&about=months_without_money")
    assert "structurele samenwerking" in answered(page)
    assert page.locator("#about option[value=months_without_money]").is_disabled()
    assert "volgt uit de maatregel zelf" in page.locator("#about option[value=months_without_money]").inner_text()


def test_figures_stand_in_order_each_with_a_sentence_and_a_table_with_headers(visit):
    page = visit(TWO)
    answered(page)
    ids = page.evaluate("[...document.querySelectorAll('.figures > .card')].map(card => card.id.split('-')[0])")
    assert ids == ["worlds", "paths", "luck", "differences", "others", "groups", "cost"]
    for part in ids:
        card = page.locator(f".figures > .{part}")
        assert len(card.locator("svg[role=img]").first.get_attribute("aria-label")) > 40
        assert card.locator("table thead th[scope=col]").count() >= 2
        assert card.locator("table tbody th[scope=row]").count() >= 1
        assert card.locator("table caption").count() == 1
    assert "aanname" in page.locator(".figures > .cost .bdg").inner_text()


@pytest.mark.parametrize("width", [360, 820, 1366, 1920])
def test_letters_in_figures_are_never_small(visit, width):
    page = visit(TWO, viewport={"width": width, "height": 800})
    answered(page)
    smallest = page.evaluate(
        "Math.min(...[...document.querySelectorAll('.figures svg text')].filter(t => t.getBoundingClientRect().width)"
        ".map(t => { const svg = t.ownerSVGElement; return parseFloat(getComputedStyle(t).fontSize)"
        " * svg.getBoundingClientRect().width / svg.viewBox.baseVal.width; }))"
    )
    assert smallest >= 11.9


@pytest.mark.parametrize("width", [360, 1366])
def test_nothing_in_a_figure_is_cut_off(visit, width):
    page = visit(TWO + "&C=independent-facilitator", viewport={"width": width, "height": 800})
    answered(page)
    outside = page.evaluate(
        "[...document.querySelectorAll('.figures svg text')].filter(t => t.getBoundingClientRect().width).filter(t => {"
        " const a = t.getBoundingClientRect(), b = t.ownerSVGElement.getBoundingClientRect();"
        " return a.left < b.left - 2 || a.right > b.right + 2 || a.top < b.top - 2 || a.bottom > b.bottom + 3; })"
        ".map(t => t.closest('.card').id + ': ' + t.textContent)"
    )
    assert outside == []


def test_a_hostile_name_is_only_text(visit):
    page = visit(TWO)
    alarms = []
    page.on("dialog", lambda dialog: (alarms.append(dialog.message), dialog.dismiss()))
    answered(page)
    policy = {
        "id": "mine",
        "name": {"nl": HOSTILE, "en": HOSTILE},
        "description": {"nl": HOSTILE, "en": HOSTILE},
        "levers": [{"lever": "regular_meetings", "intensity": 5}],
    }
    page.locator("#bring").set_input_files(
        {"name": f"{HOSTILE}.yaml", "mimeType": "application/yaml", "buffer": json.dumps(policy).encode()}
    )
    page.wait_for_function("document.querySelectorAll('.chosen li').length === 4")
    answered(page)
    assert "<img src=x" in page.locator(".chosen").inner_text()
    page.locator("[data-pair=C-now]").click()
    page.wait_for_function("document.querySelector('h1').innerText.includes('onerror')")
    assert page.locator("img").count() == 0 and alarms == []
    assert (
        page.evaluate("[...document.querySelectorAll('script')].some(s => s.textContent.includes('alert(2)'))") is False
    )


def test_it_can_be_printed(visit):
    page = visit(TWO)
    answered(page)
    page.emulate_media(media="print")
    assert not page.locator(".dock").is_visible() and not page.locator(".left").is_visible()
    assert page.locator("h1").is_visible() and page.locator(".figures > .cost").is_visible()
    for part in (".save", ".bring", ".take .out"):
        assert not page.locator(part).first.is_visible()
