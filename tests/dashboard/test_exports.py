"""Files that a visitor takes home, and the one he brings: from the address alone, bounded, refused with a sentence."""

# Tests reach into the rooms of what they test.
# mypy: disable-error-code="arg-type, attr-defined"

import asyncio
import csv
import io
import re
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from urllib.parse import quote

import pytest
from starlette.requests import Request
from starlette.testclient import TestClient

from dashboard import builder, exports, simulation
from dashboard.exports import LARGEST_UPLOAD
from dashboard.session import RESULTS, SHARP_WORLDS
from dashboard.state import Choice

ONE = "world=reference&A=regular-meetings"
GOOD = b"""
id: mine
name: {nl: Mijn plan, en: My plan}
description: {nl: d, en: d}
levers:
  - {lever: regular_meetings, intensity: 3}
"""


@pytest.fixture(scope="module")
def client():
    """The application, without a network."""
    from dashboard.server import create_app

    choice = Choice("reference", (("A", "regular-meetings"),))
    RESULTS.put((choice.question, SHARP_WORLDS), simulation.run(choice, SHARP_WORLDS))
    return TestClient(create_app(), base_url="http://localhost")


@pytest.fixture(autouse=True)
def forget():
    """Files of one test are not those of the next."""
    exports.FILES = exports.Shelf(40_000_000, len)


@pytest.mark.parametrize(
    ("path", "kind", "begin"),
    [
        ("memo.pdf", "application/pdf", b"%PDF-1.7"),
        ("memo.html", "text/html", b"<!doctype html>"),
        ("results.csv", "text/csv", b"\xef\xbb\xbfkind,letter"),
        ("figure.png&figure=others", "image/png", b"\x89PNG"),
        ("figure.svg&figure=paths-structural_partnership", "image/svg+xml", b"<?xml"),
        ("figure.svg&figure=why-A", "image/svg+xml", b"<?xml"),
        ("figure.csv&figure=groups-structural_partnership", "text/csv", b"\xef\xbb\xbfgroup"),
        ("scenario.yaml&policy=A", "application/yaml", b"id: regular-meetings"),
    ],
)
def test_each_file_is_made_from_the_address(client, path, kind, begin):
    name, _, more = path.partition("&")
    answer = client.get(f"/export/{name}?{ONE}&{more}")
    assert answer.status_code == 200, answer.text
    assert answer.headers["content-type"].startswith(kind)
    assert answer.content.startswith(begin)
    assert answer.headers["content-disposition"].startswith('attachment; filename="')
    assert "sandbox" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


def test_a_file_is_made_once(client, monkeypatch):
    first = client.get(f"/export/memo.html?{ONE}")
    monkeypatch.setattr(exports.memo, "written", lambda *_: pytest.fail("made again"))
    assert client.get(f"/export/memo.html?{ONE}").content == first.content


def test_another_outcome_and_language_are_other_files(client):
    dutch = client.get(f"/export/memo.html?{ONE}").text
    english = client.get(f"/export/memo.html?{ONE}&lang=en").text
    homes = client.get(f"/export/memo.html?{ONE}&about=homes_reached").text
    assert 'lang="nl"' in dutch and 'lang="en"' in english
    assert "structurele samenwerking" in dutch and "bereikte woningen" in homes


def test_the_numbers_of_the_csv_are_those_of_the_result(client):
    rows = list(csv.DictReader(io.StringIO(client.get(f"/export/results.csv?{ONE}").content.decode("utf-8-sig"))))
    result = RESULTS.get((Choice("reference", (("A", "regular-meetings"),)).question, SHARP_WORLDS))
    month = result.months[-1]
    [row] = [
        each
        for each in rows
        if (each["kind"], each["policy"], each["group"], each["indicator"], each["month"])
        == ("difference from as-now", "regular-meetings", "all", "homes_reached", month)
    ]
    assert float(row["p50"]) == result.difference_at("regular-meetings", "homes_reached")["p50"]
    assert row["unit"] == "homes" and row["letter"] == "A"
    assert {each["worlds"] for each in rows} == {str(result.replicates)}


@pytest.mark.parametrize(
    ("query", "status", "says"),
    [
        ("memo.pdf?world=mars", 400, "mars"),
        (f"memo.pdf?world=reference&A={quote('<img src=x>')}", 400, "<img src=x>"),
        ("memo.pdf?world=reference", 400, "Kies eerst beleid"),
        ("memo.pdf?world=reference&lang=en", 400, "First choose a policy"),
        (f"memo.exe?{ONE}", 404, "bestaat niet"),
        (f"figure.png?{ONE}&figure=../../etc/passwd", 404, "others"),
        (f"scenario.yaml?{ONE}&policy=B", 404, "A"),
        (f"scenario.yaml?{ONE}&policy=../costs", 404, "A"),
        (f"memo.pdf?{ONE}&own={'x' * 20000}", 414, "te lang"),
    ],
)
def test_what_cannot_be_followed_is_refused_with_a_sentence(client, query, status, says):
    answer = client.get(f"/export/{query}")
    assert answer.status_code == status
    assert answer.headers["content-type"].startswith("text/plain")
    assert says in answer.text and "Traceback" not in answer.text


def test_no_more_than_so_many_at_once(client, monkeypatch):
    monkeypatch.setattr(exports, "_busy", threading.BoundedSemaphore(1))
    exports._busy.acquire()
    answer = client.get(f"/export/memo.html?{ONE}")
    assert answer.status_code == 503 and answer.headers["retry-after"]
    exports._busy.release()
    assert client.get(f"/export/memo.html?{ONE}").status_code == 200
    # And it was given back.
    assert exports._busy.acquire(blocking=False)


def test_a_failure_is_one_sentence(client, monkeypatch):
    def broken(*_):
        raise RuntimeError("/secret/path")

    monkeypatch.setattr(exports.memo, "written", broken)
    answer = client.get(f"/export/memo.html?{ONE}")
    assert answer.status_code == 500 and "secret" not in answer.text and "lukte niet" in answer.text


def sent(client, content, query=ONE, **headers):
    """An upload, as the page sends it."""
    return client.post(f"/upload?{query}", content=content, headers=headers)


def test_an_uploaded_policy_stands_in_the_address(client):
    answer = sent(client, GOOD, **{"x-file-name": "plan.yaml"})
    assert answer.status_code == 200
    address = answer.json()["address"]
    assert "A=regular-meetings" in address and "B=own" in address
    again = client.get(f"/export/scenario.yaml{address}&policy=B")
    assert "Mijn plan" in again.text and "intensity: 3" in again.text
    assert "view=B-now" in address and answer.json()["told"] == "«Mijn plan» is nu B."


def test_what_was_written_about_an_uploaded_policy_is_kept_until_the_policy_changes(client):
    written = "Wat wij met de wijken afspraken."
    content = GOOD.replace(b"nl: d", f"nl: {written}".encode())
    address = sent(client, content).json()["address"]
    assert written in client.get(f"/export/scenario.yaml{address}&policy=B").text
    choice = exports.opened(
        address, simulation.policies(), simulation.worlds(), simulation.default_choice(), horizons=simulation.horizons
    ).choice
    for key, raw, kept in (("name", "Ons plan", True), ("lever/regular_meetings", "5", False)):
        changed = choice.with_own("B", builder.edited(choice, "B", key, raw).made)
        assert (written in simulation.scenario_of(changed, "B").description.nl) == kept


def test_what_is_saved_can_be_opened(client):
    saved = client.get(f"/export/scenario.yaml?{ONE}&policy=A").content
    assert sent(client, saved).status_code == 200


@pytest.mark.parametrize(
    ("content", "status", "says"),
    [
        (b"", 400, "leeg"),
        (b"   \n", 400, "leeg"),
        (GOOD.replace(b"regular_meetings", b"regular_meetingz"), 422, "plan.yaml: levers[1].lever"),
        (GOOD.replace(b"intensity: 3", b"intensity: 3000"), 422, "intensity"),
        (GOOD.replace(b"intensity: 3", b'intensity: "1.250,5"'), 422, "intensity"),
        (GOOD + b"  - {lever: regular_meetings, intensity: 2}\n", 422, "overlapt"),
        (b"\x89PNG\r\n\x1a\n\x00\x00", 422, "plan.yaml"),
        (b"- 1\n- 2\n", 422, "plan.yaml"),
        (b"a: &x [1]\nb: *x\n", 422, "plan.yaml"),
        (b"id: !!python/object/apply:os.system [id]\n", 422, "tag"),
        (b"[" * 5000, 422, "plan.yaml"),
        (b"a: [1,\n", 422, "plan.yaml: regel "),
        (b"\xff\xfe\xfd", 422, "plan.yaml: bestand: "),
        (b"id: x\n" * 3, 422, "plan.yaml"),
        (b"x" * (LARGEST_UPLOAD + 1), 413, "64\u00a0kB"),
    ],
)
def test_a_bad_upload_names_the_field_and_what_is_allowed(client, content, status, says):
    answer = sent(client, content, **{"x-file-name": "plan.yaml"})
    assert answer.status_code == status
    assert says in answer.json()["fault"]


def test_fifty_megabytes_are_refused_at_once(client):
    begun = time.monotonic()
    answer = sent(client, b"x" * 50_000_000)
    assert answer.status_code == 413 and time.monotonic() - begun < 1


def body_of(request):
    """The body, read in a thread of its own: in this one a browser's loop may be running."""
    with ThreadPoolExecutor(1) as thread:
        return thread.submit(asyncio.run, exports.body_of(request)).result()


def test_a_body_that_says_it_is_large_is_not_waited_for():
    async def never():
        raise AssertionError("the body was read")

    headers = [(b"content-length", b"50000000")]
    request = Request({"type": "http", "method": "POST", "headers": headers, "query_string": b""}, never)
    with pytest.raises(exports.RefusedError) as refused:
        body_of(request)
    assert refused.value.status == 413


def test_a_body_that_never_ends_is_not_waited_for(monkeypatch):
    async def slow():
        await asyncio.sleep(30)
        raise AssertionError("it was waited for")

    monkeypatch.setattr(exports, "SECONDS_OF_UPLOAD", 0.05)
    request = Request({"type": "http", "method": "POST", "headers": [], "query_string": b""}, slow)
    with pytest.raises(exports.RefusedError) as refused:
        body_of(request)
    assert refused.value.status == 400


def test_the_name_of_a_download_holds_plain_letters_only():
    choice = Choice("reference", (("A", "regular-meetings"),))
    made = exports.file_name(choice, "csv", 'x"; y=é\r\nSet-Cookie: a/../b')
    assert re.fullmatch(r"[a-z0-9-]+\.csv", made) and ".." not in made


def test_a_body_that_says_it_is_small_is_not_believed(client):
    read = 0

    def endless():
        nonlocal read
        for _ in range(1000):
            read += 8192
            yield b"x" * 8192

    answer = client.post(f"/upload?{ONE}", content=endless(), headers={"content-length": "10"})
    assert answer.status_code == 413


@pytest.mark.parametrize(
    "name",
    [
        "../../../etc/passwd",
        "..\\..\\x.yaml",
        quote("<script>alert(1)</script>.yaml"),
        quote("\u202ex\r\nSet-Cookie: a"),
        "x" * 5000,
    ],
)
def test_a_hostile_file_name_is_only_a_name(client, name):
    answer = sent(client, b"id: 1", **{"x-file-name": name})
    fault = answer.json()["fault"]
    assert answer.status_code == 422
    assert "/etc/" not in fault and "\n" not in fault and "\u202e" not in fault and len(fault) < 600
    assert answer.headers["content-type"] == "application/json" and "set-cookie" not in answer.headers


def test_there_is_no_fourth_policy(client):
    three = "world=reference&A=regular-meetings&B=broad-embedding&C=early-engagement"
    answer = sent(client, GOOD, three)
    assert answer.status_code == 409 and "drie" in answer.json()["fault"]


def test_only_our_own_pages_may_send_and_only_our_own_name_is_answered(client):
    assert sent(client, GOOD, origin="http://elsewhere.example").status_code == 403
    assert client.get(f"/export/memo.html?{ONE}", headers={"host": "elsewhere.example"}).status_code == 400
    assert sent(client, GOOD, origin="http://localhost").status_code == 200
    assert client.get("/upload").status_code == 405


def test_an_upload_in_english_is_answered_in_english(client):
    assert "too large" in sent(client, b"x" * 70_000, f"{ONE}&lang=en").json()["fault"]
    assert "unknown lever" in sent(client, GOOD.replace(b"meetings", b"meetingz"), f"{ONE}&lang=en").json()["fault"]


@pytest.mark.slow
def test_a_memo_of_hasty_reasons_is_made_again_once_there_are_sharper_ones(client, monkeypatch):
    from dashboard import explaining, why

    choice = Choice("reference", (("A", "regular-meetings"),))
    monkeypatch.setattr(explaining, "KEPT", explaining.Shelf(100, lambda _: 1))
    memo = f"/export/memo.html?{ONE}"
    hasty = client.get(memo).text
    assert f"{why.HASTY} paren van werelden" in hasty
    sharper = why.explanation_of(choice, "A", replicates=why.HASTY + 5)
    explaining.KEPT.put(explaining.key_of(choice, "A"), sharper)
    assert f"{why.HASTY + 5} paren van werelden" in client.get(memo).text
    explaining.KEPT.put(explaining.key_of(choice, "A"), why.explanation_of(choice, "A"))
    assert f"{why.WORLDS} paren van werelden" in (sharpest := client.get(memo).text)
    explaining.KEPT.drop(explaining.key_of(choice, "A"))  # forgotten: the sharpest file that there was still holds
    assert client.get(memo).text == sharpest


@pytest.mark.slow
def test_a_memo_is_made_again_once_there_are_more_worlds(client):
    from dashboard.session import FINE_WORLDS

    choice = Choice("reference", (("A", "regular-meetings"),))
    assert "200 werelden" in client.get(f"/export/memo.html?{ONE}").text
    RESULTS.put((choice.question, FINE_WORLDS), simulation.run(choice, FINE_WORLDS))
    try:
        assert "500 werelden" in client.get(f"/export/memo.html?{ONE}").text
    finally:
        RESULTS.drop((choice.question, FINE_WORLDS))


def test_a_date_is_never_of_another_day(client, monkeypatch):
    from datetime import UTC, datetime

    class Later(datetime):
        @classmethod
        def now(cls, zone=None):
            return datetime(2031, 5, 6, tzinfo=UTC)

    first = client.get(f"/export/memo.html?{ONE}").text
    monkeypatch.setattr(exports, "datetime", Later)
    monkeypatch.setattr("dashboard.memo.content.datetime", Later)
    assert "6 mei 2031" not in first and "6 mei 2031" in client.get(f"/export/memo.html?{ONE}").text
