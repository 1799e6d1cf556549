"""Taking home and bringing, in a real browser: files arrive, the page stays where it was, a bad file is explained."""

from pathlib import Path
from urllib.parse import urlsplit

import pytest

ONE = "?world=reference&A=structural-funding"
GOOD = b"""
id: mine
name: {nl: Ons plan, en: Our plan}
description: {nl: d, en: d}
levers:
  - {lever: regular_meetings, intensity: 3}
"""


def answered(page):
    """Wait for the sharp answer and give its headline."""
    page.wait_for_function("document.querySelector('.st')?.innerText.match(/Klaar|Done/)")
    return page.locator("h1").inner_text()


def saved(page, selector):
    """Click a link, and give the name and the bytes of the file that comes."""
    with page.expect_download() as waiting:
        page.locator(selector).first.click()
    return waiting.value.suggested_filename, Path(waiting.value.path()).read_bytes()


def brought(page, content, name="plan.yaml"):
    """Choose a file in the page."""
    page.locator("#bring").set_input_files({"name": name, "mimeType": "application/yaml", "buffer": content})


def test_what_was_brought_is_said_beside_the_button(visit):
    page = visit(ONE)
    answered(page)
    brought(page, GOOD)
    page.wait_for_function("document.querySelector('[data-part=brought]').innerText === '«Ons plan» is nu B.'")
    page.wait_for_function("location.search.includes('view=B-now')")


@pytest.mark.parametrize("language", ["nl", pytest.param("en", marks=pytest.mark.slow)])
def test_everything_can_be_taken_home_and_the_page_stays(visit, language):
    page = visit(f"{ONE}&lang={language}")
    answered(page)
    address = page.url
    name, content = saved(page, "[data-export=memo_pdf]")
    assert name == "samenspel-memo-structural-funding.pdf" and content.startswith(b"%PDF")
    _, content = saved(page, "[data-export=memo_html]")
    assert f'lang="{language}"'.encode() in content and b"structural-funding" in content
    _, content = saved(page, "[data-export=results_csv]")
    assert b"homes_reached" in content
    _, content = saved(page, "[data-export=scenario_A]")
    assert content.startswith(b"id: structural-funding")
    assert page.locator(".take [role=status]").inner_text().endswith("opgeslagen." if language == "nl" else "saved.")
    page.locator(".figures .others .save summary").click()
    for i, begin in enumerate((b"\x89PNG", b"<?xml", b"\xef\xbb\xbf")):
        _, content = saved(page, f".figures .others .save a:nth-of-type({i + 1})")
        assert content.startswith(begin)
    # The page was not left, and still listens.
    assert page.url == address
    page.locator("#about").select_option("homes_reached")
    homes = "bereikte woningen" if language == "nl" else "homes reached"
    page.wait_for_function(f"document.querySelector('h1').innerText.includes('{homes}')")
    assert page.problems == []
    assert {urlsplit(each).hostname for each in page.requests if not each.startswith(("data:", "blob:"))} == {
        "localhost"
    }


def test_the_memo_opens_by_itself_and_asks_for_nothing(visit, tmp_path):
    page = visit(ONE)
    answered(page)
    _, content = saved(page, "[data-export=memo_html]")
    file = tmp_path / "memo.html"
    file.write_bytes(content)
    alone = page.context.new_page()
    asked, troubles = [], []
    alone.on("request", lambda request: asked.append(request.url))
    alone.on("console", lambda told: troubles.append(told.text) if told.type == "error" else None)
    alone.set_viewport_size({"width": 360, "height": 700})
    alone.goto(file.as_uri())
    assert [each for each in asked if not each.startswith(("data:", "file:"))] == [] and troubles == []
    assert alone.evaluate("document.documentElement.scrollWidth") <= 360
    assert alone.locator("svg[role=img]:visible").count() >= 6 and alone.locator("h1").count() == 1
    widths = alone.locator("svg[role=img]:visible").evaluate_all(
        "all => all.map(e => [e.clientWidth, e.viewBox.baseVal.width])"
    )
    assert all(shown >= drawn for shown, drawn in widths)  # letters on a phone are not smaller than they were drawn


def test_a_policy_is_brought(visit):
    page = visit(ONE)
    answered(page)
    brought(page, GOOD)
    page.wait_for_function("document.querySelector('.chosen').innerText.includes('Ons plan')")
    answered(page)
    assert "B=own" in page.url
    assert "ons plan" in answered(visit("?" + urlsplit(page.url).query + "&view=B-now")).lower()


@pytest.mark.parametrize(
    ("content", "says"),
    [
        (GOOD.replace(b"regular_meetings", b"regular_meetingz"), "levers[1].lever"),
        (b"\x89PNG\r\n\x1a\n", "plan.yaml"),
        (GOOD.replace(b"intensity: 3", b'intensity: "1.250,5"'), "intensity"),
        (GOOD.replace(b"intensity: 3", b"intensity: 99999"), "intensity"),
        (b"", "leeg"),
        (b"x" * 50_000_000, "64\u00a0kB"),
    ],
    ids=["unknown lever", "not yaml", "dutch number", "out of range", "empty", "50 MB"],
)
def test_a_bad_file_is_explained_and_the_comparison_stays(visit, content, says, tmp_path):
    page = visit(ONE)
    answered(page)
    address = page.url
    (tmp_path / "plan.yaml").write_bytes(content)
    page.locator("#bring").set_input_files(tmp_path / "plan.yaml")
    fault = page.locator(".bring .fault[role=alert]")
    fault.wait_for()
    assert says in fault.inner_text()
    assert page.url == address and page.locator(".chosen li").count() == 2
    assert "structurele financiering" in page.locator("h1").inner_text()
    brought(page, GOOD)  # and the next one works
    page.wait_for_function("document.querySelector('.chosen').innerText.includes('Ons plan')")
    fault.wait_for(state="detached")


def test_the_file_field_is_reached_with_the_keyboard(visit):
    page = visit(ONE)
    answered(page)
    page.locator("#bring").focus()
    ring = page.evaluate("getComputedStyle(document.querySelector('.file')).outlineStyle")
    assert ring == "solid"
    assert page.locator("#bring").evaluate("e => e.labels[0].innerText.trim()") == "Kies een bestand"


def test_a_file_that_is_made_is_said_so_and_one_that_is_refused_says_why(visit):
    page = visit(ONE)
    answered(page)
    page.route("**/export/memo.pdf*", lambda route: route.fulfill(status=503, content_type="text/plain", body="Druk."))
    page.locator("[data-export=memo_pdf]").click()
    page.locator(".take .fault[role=alert]").wait_for()
    assert page.locator(".take .fault").inner_text() == "Druk."
    page.unroute("**/export/memo.pdf*")
    held = []
    page.route("**/export/results.csv*", lambda route: held.append(route))
    page.locator("[data-export=results_csv]").click()
    page.wait_for_function("document.querySelector('.take [role=status]').innerText.includes('wordt gemaakt')")
    assert page.locator(".take .fault").count() == 0
    with page.expect_download():
        held[0].continue_()
    page.wait_for_function("document.querySelector('.take [role=status]').innerText.includes('opgeslagen')")


def test_the_memo_is_one_key_away_from_the_choices(visit):
    page = visit(ONE)
    answered(page)
    page.locator("[data-do=memo]").focus()
    page.keyboard.press("Enter")
    page.wait_for_function("document.activeElement.matches('[data-export=memo_pdf]')")
