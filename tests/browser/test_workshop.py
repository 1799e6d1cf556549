"""The page *Werksessie* in a real browser: *Wisseling* from opening to closing, with thirty phones."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="func-returns-value, union-attr"

import concurrent.futures
import itertools
import json
import os
import re
import socket
import subprocess
import sys
import time
import urllib.parse
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@pytest.fixture(scope="module")
def leading():
    """`samenspel serve --workshop` in a process of its own: the addresses it printed."""
    command = [sys.executable, "-m", "sim.cli", "serve", "--workshop", "--no-open", "--json"]
    command += ["--port", str(free_port()), "--phones-port", str(free_port())]
    process = subprocess.Popen(command, cwd=ROOT, env=dict(os.environ), stdout=subprocess.PIPE, text=True)
    addresses = json.loads(process.stdout.readline())
    deadline = time.monotonic() + 300
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"{addresses['address']}health", timeout=2) as answer:
                if json.load(answer)["warm"]:
                    break
        except OSError:
            pass
        assert process.poll() is None
        time.sleep(0.2)
    yield addresses
    process.terminate()
    process.wait(20)


@pytest.fixture
def window(browser):
    """Opens windows that share one browser, as a leader's laptop does; each remembers its problems."""
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)

    def opened(address):
        page = context.new_page()
        page.set_default_timeout(60_000)
        page.problems = []
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on("console", lambda told: page.problems.append(told.text) if told.type == "error" else None)
        page.goto(address)
        return page

    yield opened
    context.close()


def phone():
    """A phone with cookies of its own."""
    return urllib.request.build_opener(urllib.request.HTTPCookieProcessor())


def answered(opener, address, code, option):
    """A phone looks at the question and answers; returns the page it ends on."""
    first = opener.open(f"{address}/{code}", timeout=30).read().decode()
    number = re.search(r'name="number" value="(\d+)"', first).group(1)
    data = urllib.parse.urlencode({"number": number, "answer": option}).encode()
    return opener.open(f"{address}/{code}", data, timeout=30).read().decode()


def date_of(page):
    return page.locator(".wsdate").inner_text().lower()


def begin(page, script="turnover"):
    page.locator(f"[data-script={script}]").click()
    page.locator(".wssvg line").first.wait_for(state="attached")


def turn_to(page, step):
    """Go on to a step of the script."""
    page.click("[data-do=next]")
    page.wait_for_function(f"document.querySelector('.wscount').innerText.trim().startsWith('{step} /')")


def put_question(page):
    """Begin the session and put its first question to the room."""
    begin(page)
    for step in (2, 3):
        turn_to(page, step)
    page.click("[data-do=do_step]")


def played_to(page, words):
    page.wait_for_function("words => document.querySelector('.wsdate').innerText.toLowerCase() === words", arg=words)
    page.wait_for_function("document.querySelector('[data-do=play]').getAttribute('aria-pressed') === 'false'")


def dark(page):
    """What the dark buttons beside the map say."""
    return [each.strip() for each in page.locator(".wsside .btn.p").all_inner_texts()]


def test_hands_that_are_being_typed_stay_when_an_answer_comes_in(leading, window):
    page = window(leading["workshop"])
    put_question(page)
    page.locator(".wsq .wsjoin b").wait_for()
    address, code = page.locator(".wsq .wsjoin b").inner_text().rsplit("/", 1)
    hands = page.locator(".wsan .hands").last
    hands.fill("4")
    answered(phone(), f"http://{address}", code, "A")
    page.wait_for_function("document.querySelector('.wsjoined').innerText.startsWith('1 van 1')")
    assert hands.input_value() == "4"
    hands.blur()
    page.wait_for_function("document.querySelector('.wsjoined').innerText.includes('antwoorden in totaal: 5')")
    assert hands.input_value() == "4"
    hands.focus()
    page.keyboard.press("g")  # to the large view, also from a box for hands
    page.wait_for_function("!document.querySelector('.wsstep')")
    page.keyboard.press("g")
    page.locator(".wsstep").wait_for()


def cut(page):
    """What stands beside the map and does not fit, by how many pixels."""
    return page.locator(".wsside .wstext").evaluate_all("all => all.map(each => each.scrollHeight - each.clientHeight)")


def test_going_on_closes_the_vote_and_the_leader_can_read_the_steps(leading, window):
    page = window(leading["workshop"])
    begin(page)
    for step in (2, 3):
        assert max(cut(page)) <= 1
        turn_to(page, step)
    assert max(cut(page)) <= 1 and page.locator(".wsearly .qr").is_visible()
    page.click("[data-do=do_step]")
    page.locator(".wsq .wsjoin b").wait_for()
    assert page.locator(".wsstep .say").is_visible() and page.locator(".wsq .qr").is_visible()
    address, code = page.locator(".wsq .wsjoin b").inner_text().rsplit("/", 1)
    there = phone()
    assert "Uw voorspelling is binnen" in answered(there, f"http://{address}", code, "A")
    turn_to(page, 4)
    assert "De vraag is gesloten" in there.open(f"http://{address}/{code}", timeout=30).read().decode()
    assert page.locator(".wsstep .say").is_visible() and max(cut(page)) <= 1
    page.click("[data-speed='3']")
    page.click("[data-do=do_step]")
    page.wait_for_function("document.querySelector('.wsdate').innerText.toLowerCase() !== 'mei 2028'")
    page.reload()
    page.locator(".wssvg line").first.wait_for(state="attached")
    assert dark(page) == ["Speel verder"]


def test_moving_time_on_closes_the_vote_at_once(leading, window):
    page = window(leading["workshop"])
    put_question(page)
    page.locator("[data-do=close]").wait_for()
    page.evaluate("document.querySelector('.ws').__vue__.scrub(31)")  # the slider is not let go of yet
    page.locator("[data-do=reopen]").wait_for()
    page.evaluate("document.querySelector('.ws').__vue__.scrub(29)")


def test_the_large_view_has_the_button_that_comes_next(leading, window):
    page = window(leading["workshop"])
    begin(page)
    for step in (2, 3):
        turn_to(page, step)
    page.keyboard.press("g")
    page.click("[data-speed='3']")
    lead = page.locator("[data-do=lead]")
    for words in ("Stel de vraag", "Stemmen sluiten", "Volgende ›", "Laat het gebeuren"):
        page.wait_for_function("words => document.querySelector('[data-do=lead]').innerText === words", arg=words)
        assert page.locator(".wsstep").count() == 0 and page.locator(".wsmain .btn").count() == 0
        lead.click()
    played_to(page, "mei 2029")
    page.wait_for_function("document.querySelector('[data-do=lead]').innerText === 'Volgende ›'")
    assert page.locator(".wscount").inner_text() == "4 / 13"
    with page.context.expect_page() as opened:
        page.keyboard.press("g")
        page.click("[data-do=second]")
    opened.value.locator(".wssvg line").first.wait_for(state="attached")
    assert opened.value.locator("[data-do=lead]").count() == 0


@pytest.mark.parametrize("size", [(1366, 768), (390, 844), (1920, 1080)])
def test_the_address_for_phones_stands_on_one_line(leading, window, size):
    page = window(leading["workshop"])
    page.set_viewport_size({"width": size[0], "height": size[1]})
    begin(page)
    for large in (False, True):
        if large:
            page.click("[data-do=big]")
        lines = page.locator(".wsearly .wsjoin b").evaluate(
            "each => { const range = document.createRange(); range.selectNodeContents(each);"
            " return [range.getClientRects().length, each.getBoundingClientRect().right] }"
        )
        assert lines[0] == 1 and lines[1] <= size[0]
        assert page.evaluate("document.documentElement.scrollWidth") <= size[0]


def test_names_are_those_of_who_is_there_this_month(leading, window):
    page = window(leading["workshop"])
    begin(page)
    page.click("[data-do=names]")
    there = page.locator(".seat .label").all_text_contents()
    fields = page.locator(".wssheet label")
    names = [each.split(" ")[-1] for each in fields.all_inner_texts()]
    told = [each.get_attribute("placeholder").split(" ")[-1] for each in fields.locator("input").all()]
    assert names == told and set(there) <= set(names)
    assert set(there) <= {each.split(" ")[-1] for each in page.locator(".wslog option").all_inner_texts()}


def test_a_purse_that_cannot_be_stays_as_it_was_typed(leading, window):
    page = window(leading["workshop"])
    begin(page)
    page.click("[data-do=purse]")
    hours, euros = page.locator(".wssheet input").all()
    assert (hours.input_value(), euros.input_value()) == ("200", "15.000")
    hours.fill("1,5")
    page.click("[data-do=purse_set]")
    page.locator(".wssheet .wswarn").wait_for()
    assert "Uren per jaar: «1,5» kan niet" in page.locator(".wssheet .wswarn").inner_text()
    assert hours.input_value() == "1,5"
    hours.fill("150")
    euros.fill("12.500")
    page.click("[data-do=purse_set]")
    page.wait_for_function("!document.querySelector('.wssheet')")
    assert "150\u00a0uur en €\u00a012.500" in page.locator(".wspurse").inner_text()


def test_a_step_that_was_paused_goes_on_to_where_it_stops(leading, window):
    page = window(leading["workshop"])
    begin(page)
    for step in (2, 3, 4):
        turn_to(page, step)
    page.click("[data-speed='3']")
    page.click("[data-do=do_step]")
    page.wait_for_function("document.querySelector('.wsdate').innerText.toLowerCase() !== 'mei 2028'")
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('[data-do=play]').getAttribute('aria-pressed') === 'false'")
    assert date_of(page) != "mei 2029"
    page.keyboard.press(" ")
    played_to(page, "mei 2029")
    page.click("[data-do=decided]")
    page.locator(".wssheet").wait_for()
    page.click("[data-do=decided]")
    page.wait_for_function("!document.querySelector('.wssheet')")


@pytest.mark.slow
def test_verloop_from_opening_to_closing_with_thirty_phones(leading, window, tmp_path):
    page = window(leading["workshop"])
    begin(page)
    assert "sleutel" not in page.url  # the key does not stand on the wall
    page.click("[data-speed='3']")
    with page.expect_popup() as popup:
        page.click("[data-do=second]")
    wall = popup.value
    wall.set_viewport_size({"width": 1920, "height": 1080})
    wall.locator(".wssvg line").first.wait_for(state="attached")
    plays = {
        4: "mei 2029",
        5: "mei 2030",
        6: "maart 2030",
        7: "mei 2028",
        9: "mei 2029",
        10: "februari 2030",
        12: "april 2030",
    }
    phones = [phone() for _ in range(30)]
    for step in range(1, 14):
        if step > 1:
            assert dark(page) == ["Volgende ›"], f"before step {step}"  # one dark button leads on
            turn_to(page, step)
        button = page.locator("[data-do=do_step]")
        if step == 1:
            assert "Begonnen" in page.locator(".wsdone").inner_text() and not button.count()
            assert page.locator(".wsearly .qr").is_visible() and wall.locator(".wsearly .qr").is_visible()
        if step == 2:
            page.locator("[data-node=i0]").first.click()
            wall.locator(".tie.lit").first.wait_for(state="attached")
            assert page.locator(".tie.lit").count() == wall.locator(".tie.lit").count()
            page.keyboard.press("Escape")
        if step in plays:
            assert re.search(r"Dat duurt ± \d+ seconden?\b", page.locator(".plays").inner_text())
        if button.count():
            assert dark(page) == [button.inner_text().strip()]
            button.click()
        if step == 6:  # what if not: the two futures side by side
            page.wait_for_function("document.querySelectorAll('.wsmap').length === 2")
        if step in (3, 8, 11):  # a question: everybody predicts
            page.locator(".wsq .wsjoin b").wait_for()
            assert dark(page) == ["Stemmen sluiten"]
            address, code = page.locator(".wsq .wsjoin b").inner_text().rsplit("/", 1)
            with concurrent.futures.ThreadPoolExecutor(30) as pool:
                where = (f"http://{address}", code)
                pages = list(pool.map(answered, phones, *([each] * 30 for each in where), "ABC" * 10))
            assert all("Uw voorspelling is binnen" in each for each in pages)
            page.wait_for_function("document.querySelector('.wsjoined').innerText.startsWith('30 van 30 telefoons')")
            page.locator(".wsan .hands").last.fill("4")
            page.locator(".wsan .hands").last.blur()
            page.wait_for_function("document.querySelector('.wsjoined').innerText.includes('antwoorden in totaal: 34')")
            page.click("[data-do=close]")
            page.locator("[data-do=reopen]").wait_for()
        if step in plays:
            played_to(page, plays[step])
            wall.wait_for_function(
                "words => document.querySelector('.wsdate').innerText.toLowerCase() === words", arg=plays[step]
            )
        if step in (5, 9, 12):  # this world among two hundred
            page.wait_for_function("document.querySelector('.wskey')?.innerText.includes('200 werelden')")
            outcome = page.locator(".wsoutcome").inner_text()
            assert re.search(r"In deze wereld: [A-D], .*\d+ van de 34 in de zaal kozen dat", outcome)
            told = re.search(r"Van de 200 werelden met ander toeval: A (\d+), B (\d+), C (\d+), D (\d+)", outcome)
            marks = page.locator(".wsan li > b small").all_inner_texts()
            assert list(told.groups()) == marks and sum(map(int, marks)) == 200
            assert page.locator(".wsan .hit").count() == 1
            chose = page.locator(".wsan li > b").evaluate_all("all => all.map(each => each.firstChild.textContent)")
            assert chose == ["10", "10", "10", "4"]
            page.screenshot(path=str(tmp_path / f"leader-{step:02}.png"))
            wall.screenshot(path=str(tmp_path / f"wall-{step:02}.png"))
            assert wall.locator(".wsmore").bounding_box()["y"] + wall.locator(".wsmore").bounding_box()["height"] < 1080
        assert wall.evaluate("document.documentElement.scrollHeight") <= 1080
        assert not page.locator(".wswarn").count()  # what the script says is so
    assert page.locator(".wsmap").count() == 2
    assert not page.problems


def test_a_question_in_another_month_and_leaving_are_asked_about(leading, window):
    page = window(leading["workshop"])
    begin(page)
    for _ in range(3):
        page.keyboard.press("ArrowRight")
    turn_to(page, 2)
    turn_to(page, 3)
    page.click("[data-do=do_step]")
    page.locator("[data-do=go_there]").wait_for()
    assert "Deze vraag hoort bij mei 2028. U bent in augustus 2028." in page.locator(".wsnotice.ask").inner_text()
    page.click("[data-do=go_there]")
    page.locator("[data-do=close]").wait_for()
    assert date_of(page) == "mei 2028"
    page.click("[data-do=leave]")
    assert "U bent bezig met Wisseling (mei 2028). Stoppen?" in page.locator(".wssheet").inner_text()
    page.click("[data-do=leave_no]")
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    page.click("[data-do=leave]")
    page.click("[data-do=leave_yes]")
    page.locator(".wscard").first.wait_for()
    assert "Wisseling · juni 2028" in page.locator(".wsresume").inner_text()
    page.click("[data-do=resume]")
    page.locator(".wssvg line").first.wait_for(state="attached")
    assert date_of(page) == "juni 2028"


def test_a_purse_that_is_too_small_keeps_what_was_set(leading, window):
    page = window(leading["workshop"])
    begin(page)
    page.click("[data-measure=broad_embedding]")
    assert "144\u00a0uur" in page.locator(".wscost").inner_text()
    assert "over 56 van 200\u00a0uur" in page.locator(".wscost").inner_text()
    page.click("[data-do=decide]")
    page.wait_for_function("document.querySelector('[data-do=decided]').innerText.includes('(1)')")
    assert page.locator(".wssheet").count() == 0
    page.click("[data-measure=regular_meetings]")
    page.locator(".wssheet input[type=range]").first.fill("12")
    page.click("[data-do=decide]")
    page.locator(".wssheet .wswarn").wait_for()
    assert "In «Zoals het gaat» is het budget te klein" in page.locator(".wssheet .wswarn").inner_text()
    assert page.locator(".wssheet input[type=range]").first.input_value() == "12"


@pytest.mark.slow
@pytest.mark.parametrize("script", ["money", "pace"])
def test_the_first_question_of_the_other_sessions(leading, window, tmp_path, script):
    page = window(leading["workshop"])
    begin(page, script)
    page.click("[data-speed='3']")
    for step in (2, 3):
        turn_to(page, step)
        page.click("[data-do=do_step]")
    page.locator("[data-do=close]").click()
    turn_to(page, 4)
    page.click("[data-do=do_step]")
    played_to(page, "december 2029")
    page.wait_for_function("document.querySelector('.wsoutcome')?.innerText.includes('200 werelden met ander toeval')")
    page.screenshot(path=str(tmp_path / f"{script}.png"))
    assert not page.locator(".wswarn").count() and not page.problems


def test_without_the_key_nobody_leads(leading, window):
    page = window(leading["address"] + "werksessie")
    page.locator("#ws-token").wait_for()
    page.locator("#ws-token").fill("wrong")
    page.keyboard.press("Enter")
    page.wait_for_timeout(500)
    assert page.locator(".wscard").count() == 0
    page.locator("#ws-token").fill(leading["workshop"].rsplit("=", 1)[1])
    page.keyboard.press("Enter")
    page.locator(".wscard").first.wait_for()


def test_the_whole_address_opens_too_and_the_session_of_the_window_goes_on(leading, window):
    page = window(leading["workshop"])
    begin(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(500)
    page.evaluate("sessionStorage.setItem('samenspel.werksessie.token', 'of another day')")
    page.reload()  # as after the server was started anew: its key is another
    page.locator("#ws-token").wait_for()
    assert "Uw sessie is bewaard" in page.locator(".wsstart").inner_text()
    page.locator("#ws-token").fill(f" {leading['workshop']} ")
    page.keyboard.press("Enter")
    page.locator(".wssvg line").first.wait_for(state="attached")
    assert date_of(page) == "juni 2028"


def test_keys_step_and_play_and_the_projector_hides_the_script(leading, window):
    page = window(leading["workshop"])
    begin(page)
    assert date_of(page) == "mei 2028"
    page.keyboard.press("ArrowRight")
    assert date_of(page) == "juni 2028"
    page.keyboard.press("ArrowLeft")
    page.keyboard.press("ArrowLeft")
    assert date_of(page) == "april 2028"
    page.click("[data-speed='3']")
    page.keyboard.press(" ")
    page.wait_for_function("document.querySelector('[data-do=play]').getAttribute('aria-pressed') === 'true'")
    page.wait_for_timeout(800)
    page.keyboard.press(" ")
    assert date_of(page) != "april 2028"
    page.keyboard.press("g")
    assert page.locator(".wsstep").count() == 0 and page.locator(".wspal").count() == 0
    assert not page.locator("header.top").is_visible()
    page.set_viewport_size({"width": 1024, "height": 768})
    assert page.evaluate("document.documentElement.scrollWidth") <= 1024
    page.keyboard.press("g")
    page.locator(".wsstep").wait_for()


def test_a_loaded_page_keeps_the_session_and_a_second_screen_follows(leading, window):
    page = window(leading["workshop"])
    begin(page)
    page.keyboard.press("ArrowRight")
    page.click("[data-event=election]")
    page.click("[data-do=decide]")
    page.wait_for_function("document.querySelector('[data-do=decided]').innerText.includes('(1)')")
    page.reload()
    page.locator("[data-do=decided]", has_text="(1)").wait_for()
    assert date_of(page) == "juni 2028"
    with page.expect_popup() as popup:
        page.click("[data-do=second]")
    second = popup.value
    second.locator(".wssvg line").first.wait_for(state="attached")
    page.keyboard.press("ArrowRight")
    second.wait_for_function("document.querySelector('.wsdate').innerText.toLowerCase() === 'juli 2028'")
    assert second.locator(".wspal").count() == 0


def test_a_future_is_closed_only_after_asking_and_one_official_leaves(leading, window):
    page = window(leading["workshop"])
    begin(page)
    page.click("[data-event=official_leaves]")
    whom = page.locator(".wssheet select").first
    assert whom.evaluate("box => box.selectedOptions[0].innerText") == "mevrouw Ketel"
    page.click("[data-do=decide]")
    page.wait_for_function("document.querySelector('[data-do=decided]').innerText.includes('(1)')")
    page.click("[data-do=decided]")
    assert "De ambtenaar vertrekt (mevrouw Ketel)" in page.locator(".wssheet").inner_text()
    page.click("[data-do=what_if_not]")
    page.wait_for_function("document.querySelectorAll('.wsmap').length === 2")
    page.locator("[data-do=drop]").last.click()
    assert "«Zonder vertrek Ketel» sluiten?" in page.locator(".wssheet").inner_text()
    page.click("[data-do=drop_no]")
    assert page.locator(".wsmap").count() == 2
    page.locator("[data-do=drop]").last.click()
    page.click("[data-do=drop_yes]")
    page.wait_for_function("document.querySelectorAll('.wsmap').length === 1")


def test_what_a_later_step_shows_is_not_shown_before_it(leading, window):
    page = window(leading["workshop"])
    begin(page)
    turn_to(page, 2)
    turn_to(page, 3)
    page.click("[data-do=do_step]")
    page.locator("[data-do=close]").wait_for()
    assert page.locator("[data-do=show]").count() == 0  # the departure has yet to come
    page.click("[data-do=close]")
    page.locator("[data-do=reopen]").wait_for()
    assert page.locator("[data-do=show]").count() == 0


def test_the_question_who_has_its_answers_below_each_other(leading, window):
    page = window(leading["workshop"])
    begin(page)
    page.locator("select", has=page.locator("option", has_text="Vraag stellen")).select_option("who-loses")
    page.locator("[data-do=close]").wait_for()
    boxes = [each.bounding_box() for each in page.locator(".wsan li").all()]
    assert len(boxes) == 7
    assert all(one["x"] == other["x"] and one["y"] < other["y"] for one, other in itertools.pairwise(boxes))
    assert page.locator(".wsq .qr").is_visible()


def test_two_leaders_do_not_see_each_others_session(leading, browser):
    seen = []
    for script in ("money", "pace"):
        context = browser.new_context()
        page = context.new_page()
        page.goto(leading["workshop"])
        begin(page, script)
        seen.append((context, page))
    assert [page.locator(".wstitle b").inner_text() for _, page in seen] == ["Geld", "Tempo"]
    for context, _ in seen:
        context.close()


def test_a_saved_file_opens_again_and_a_broken_one_is_told(leading, window, tmp_path):
    page = window(leading["workshop"])
    begin(page)
    page.keyboard.press("ArrowRight")
    page.wait_for_timeout(300)
    with page.expect_download() as download:
        page.click("[data-do=save]")
    file = tmp_path / "session.yaml"
    download.value.save_as(file)
    page.click("[data-do=leave]")
    page.click("[data-do=leave_yes]")
    page.locator(".wscard").first.wait_for()
    broken = tmp_path / "broken.yaml"
    broken.write_text(file.read_text(encoding="utf-8").replace("position: ", "position: -"), encoding="utf-8")
    page.locator("input[type=file]").set_input_files(broken)
    assert "position" in page.locator(".wsnotice").inner_text()
    page.locator("input[type=file]").set_input_files(file)
    page.locator(".wssvg line").first.wait_for(state="attached")
    assert date_of(page) == "juni 2028"


def test_sixty_initiatives_can_be_played(leading, window, tmp_path):
    rows = "\n".join("        - {ambition: save, maturity: building}" for _ in range(60))
    own = tmp_path / "large.yaml"
    own.write_text(
        f"""id: large
title: {{nl: "Groot", en: "Large"}}
summary: {{nl: "Groot", en: "Large"}}
minutes: 10
stories:
  - id: one
    title: {{nl: "Een", en: "One"}}
    begin: 2026-06
    municipality:
      inhabitants: 300000
      posts: 8
      initiatives:
{rows}
steps:
  - {{title: {{nl: "Begin", en: "Begin"}}, minutes: 1, say: {{nl: "Dag", en: "Hello"}}, story: one}}
""",
        encoding="utf-8",
    )
    page = window(leading["workshop"])
    page.locator("input[type=file]").set_input_files(own)
    page.locator(".wssvg line").first.wait_for(state="attached")
    assert page.locator(".initiative").count() == 60
    page.click("[data-do=part]")
    page.wait_for_function("document.querySelectorAll('.initiative').length === 120")
    page.click("[data-speed='3']")
    before = date_of(page)
    page.click("[data-do=play]")
    page.wait_for_function("document.querySelector('.ws').__vue__.at >= 6")  # how fast: tests/bench/workshop.py
    page.click("[data-do=play]")
    assert date_of(page) != before
    assert not page.problems
