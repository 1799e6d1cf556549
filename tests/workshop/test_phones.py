"""Sixty phones answer; whatever is wrong gets a sentence, and nothing else is served."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import concurrent.futures
import re
import time
import urllib.error
import urllib.parse
import urllib.request

import pytest

from dashboard.workshop import phones
from dashboard.workshop.rooms import ROOMS
from dashboard.workshop.script import load_script
from dashboard.workshop.tries import MOST_ADDRESSES, MOST_WRONG, SECONDS, Tries


@pytest.fixture(scope="module")
def listener():
    running = phones.start(0, "127.0.0.1")
    yield running
    running.stop()


@pytest.fixture
def room():
    made = ROOMS.open()
    made.begin(load_script("turnover"), "turnover")
    return made


class Phone:
    """A phone that keeps its cookie, and does not go after redirects by itself unless asked."""

    def __init__(self, listener) -> None:
        self.address = listener.address
        self.cookie = ""

    def ask(self, path, data=None, **headers):
        request = urllib.request.Request(
            self.address + path,
            data if data is None or isinstance(data, bytes) else urllib.parse.urlencode(data).encode(),
        )
        for name, value in {"Cookie": self.cookie, **headers}.items():
            if value:
                request.add_header(name, value)
        try:
            answer = OPENER.open(request, timeout=20)
        except urllib.error.HTTPError as error:
            answer = error
        text = answer.read().decode()
        given = answer.headers.get("set-cookie")
        if given:
            self.cookie = given.split(";")[0]
        return answer.status, text, answer.headers


class Stay(urllib.request.HTTPRedirectHandler):
    """Leave redirects to the test."""

    def redirect_request(self, *_, **__):
        return None


OPENER = urllib.request.build_opener(Stay)


def test_sixty_phones_answer_within_five_seconds_all_counted_none_twice(listener, room):
    assert room.act("ask", question="months-lost")
    everybody = [Phone(listener) for _ in range(60)]
    choices = ["ABCD"[k % 4] for k in range(60)]

    def answer(k):
        phone = everybody[k]
        status, text, _ = phone.ask(f"/{room.code}")
        assert status == 200 and "<form" in text
        for _ in range(2):  # a double tap
            status, _, headers = phone.ask(f"/{room.code}", {"number": 0, "answer": choices[k]})
            assert status == 303 and headers["location"].startswith(f"/{room.code}")
        return phone.ask(f"/{room.code}")[1]

    began = time.monotonic()
    with concurrent.futures.ThreadPoolExecutor(60) as pool:
        pages = list(pool.map(answer, range(60)))
    assert time.monotonic() - began < 5
    assert room.current.counts() == {"A": 15, "B": 15, "C": 15, "D": 15}
    assert len(room.phones) == 60
    assert all("Uw voorspelling is binnen" in text for text in pages)


def test_a_phone_that_reloads_keeps_its_place_and_may_change_its_mind(listener, room):
    room.act("ask", question="months-lost")
    phone = Phone(listener)
    phone.ask(f"/{room.code}")
    phone.ask(f"/{room.code}", {"number": 0, "answer": "B"})
    assert "maanden" in phone.ask(f"/{room.code}")[1]
    assert "checked" in phone.ask(f"/{room.code}?change=1")[1]
    phone.ask(f"/{room.code}", {"number": 0, "answer": "A"})
    assert room.current.counts() == {"A": 1, "B": 0, "C": 0, "D": 0}
    assert len(room.phones) == 1


def too_late(listener, room):
    """A phone that answers a question just after it was closed, and the headers of what it gets."""
    room.act("ask", question="months-lost")
    phone = Phone(listener)
    phone.ask(f"/{room.code}")
    room.act("close")
    _, _, headers = phone.ask(f"/{room.code}", {"number": 0, "answer": "A"})
    return phone, headers


def test_a_late_answer_is_told_and_not_counted(listener, room):
    phone, headers = too_late(listener, room)
    assert "m=late" in headers["location"]
    assert "telt niet mee" in phone.ask(headers["location"])[1]
    assert sum(room.current.counts().values()) == 0


def test_an_answer_after_the_leader_went_on_is_not_counted(listener, room):
    room.act("go", step=2)
    room.act("do_step")
    phone, other = Phone(listener), Phone(listener)
    for each in (phone, other):
        assert "<form" in each.ask(f"/{room.code}")[1]
    phone.ask(f"/{room.code}", {"number": 0, "answer": "B"})
    room.act("go", step=3)
    room.act("do_step")
    for each in (phone, other):
        assert "m=late" in each.ask(f"/{room.code}", {"number": 0, "answer": "A"})[2]["location"]
        shown = each.ask(f"/{room.code}")[1]
        assert "<form" not in shown and "gesloten" in shown
    assert room.current.counts() == {"A": 0, "B": 1, "C": 0, "D": 0}


def test_what_came_too_late_is_told_once_and_not_above_the_next_question(listener, room):
    phone, headers = too_late(listener, room)
    shown = phone.ask(headers["location"])[1]
    assert "telt niet mee" in shown
    on = re.search(r'http-equiv="refresh" content="\d+; url=([^"]+)"', shown).group(1)
    assert "m=" not in on and "telt niet mee" not in phone.ask(on.replace("&amp;", "&"))[1]
    room.act("ask", question="who-loses")
    assert "telt niet mee" not in phone.ask(headers["location"])[1]


def test_a_phone_stays_in_the_room_while_its_leader_chooses_another_session(listener, room):
    phone, stranger = Phone(listener), Phone(listener)
    assert "U doet mee" in phone.ask(f"/{room.code}")[1]
    room.act("ask", question="months-lost")
    room.act("leave")
    assert "gesloten" in phone.ask(f"/{room.code}/open?number=0")[1]
    assert "m=late" in phone.ask(f"/{room.code}", {"number": 0, "answer": "A"})[2]["location"]
    status, shown, _ = phone.ask(f"/{room.code}")
    assert status == 200 and "U doet mee" in shown and "refresh" in shown
    assert stranger.ask(f"/{room.code}")[0] == 404
    room.begin(load_script("turnover"), "turnover")
    room.act("ask", question="months-lost")
    assert "<form" in phone.ask(f"/{room.code}")[1]


def test_a_form_that_nobody_sent_says_by_itself_that_its_question_is_closed(listener, room):
    room.act("ask", question="months-lost")
    phone = Phone(listener)
    form = phone.ask(f"/{room.code}")[1]
    below = re.search(r'<iframe src="([^"]+)"', form).group(1).replace("&amp;", "&")
    status, shown, headers = phone.ask(below)
    assert status == 200 and "refresh" in shown and "Kies één" in shown and "gesloten" not in shown
    assert headers["x-frame-options"] == "SAMEORIGIN"
    assert "frame-ancestors 'self'" in headers["content-security-policy"]
    room.act("close")
    closed = phone.ask(below)[1]
    assert "gesloten" in closed and "refresh" not in closed and f'target="_top" href="/{room.code}' in closed
    room.act("reopen")
    assert "gesloten" not in phone.ask(below)[1]
    room.act("ask", question="who-loses")  # another question is open: the form is still of the one before
    assert "gesloten" in phone.ask(below)[1]
    assert Phone(listener).ask(below.replace(room.code, "0000"))[0] == 404


def form_of(shown):
    """The hidden fields of the form on a page, and the address of the frame above it."""
    fields = dict(re.findall(r'type="hidden" name="(\w+)" value="([^"]*)"', shown))
    return fields, re.search(r'<iframe src="([^"]+)"', shown).group(1).replace("&amp;", "&")


def test_a_form_of_a_session_that_was_here_before_does_not_count(listener, room):
    phone = Phone(listener)
    room.act("ask", question="months-lost")
    fields, frame = form_of(phone.ask(f"/{room.code}")[1])
    assert fields["number"] == "0" and "gesloten" not in phone.ask(frame)[1]
    room.act("leave")
    script = load_script("money")
    room.begin(script, "money")
    room.act("ask", question=script.questions[0].id)
    assert room.current.open and len(room.asked) == 1
    assert "gesloten" in phone.ask(frame)[1]
    option = room.current.question.options[0].id
    assert "m=late" in phone.ask(f"/{room.code}", {**fields, "answer": option})[2]["location"]
    assert sum(room.current.counts().values()) == 0
    fields, frame = form_of(phone.ask(f"/{room.code}")[1])
    assert "gesloten" not in phone.ask(frame)[1]
    phone.ask(f"/{room.code}", {**fields, "answer": option})
    assert room.current.counts()[option] == 1


@pytest.mark.parametrize("number", [0, 7])
def test_a_page_that_still_shows_another_question_is_told_so(listener, room, number):
    room.act("ask", question="months-lost")
    room.act("ask", question="who-loses")
    phone = Phone(listener)
    phone.ask(f"/{room.code}")
    assert room.choose(phone_token(room), 1, "i2") == "taken"
    _, _, headers = phone.ask(f"/{room.code}", {"number": number, "answer": "A"})
    shown = phone.ask(headers["location"])[1]
    assert "Kies één van de antwoorden" not in shown
    assert "telt niet mee" in shown and "Uw voorspelling is binnen" in shown
    assert sum(room.current.counts().values()) == 1


def phone_token(room):
    """The token of the phone that came last."""
    return list(room.phones)[-1]


@pytest.mark.parametrize("answer", ["<script>alert(1)</script>", "E", "", "A" * 900])
def test_an_answer_that_is_none_is_not_counted(listener, room, answer):
    room.act("ask", question="months-lost")
    phone = Phone(listener)
    phone.ask(f"/{room.code}")
    status, text, headers = phone.ask(f"/{room.code}", {"number": 0, "answer": answer})
    assert status == 303 and "<script" not in text
    assert "Kies één van de antwoorden" in phone.ask(headers["location"])[1]
    assert sum(room.current.counts().values()) == 0


def test_a_wrong_code_gets_a_sentence(listener):
    for path in ("/0000", "/?code=0000", "/abcd", "/%3Cscript%3E"):
        status, text, _ = Phone(listener).ask(path)
        assert status == 404
        assert "Deze code opent geen werksessie" in text
        assert "<script" not in text


def test_who_tries_many_codes_has_to_wait_but_phones_that_take_part_do_not(listener, room, monkeypatch):
    monkeypatch.setattr(phones, "TRIES", Tries())
    room.act("ask", question="months-lost")
    here = Phone(listener)
    assert here.ask(f"/{room.code}")[0] == 200
    stranger = Phone(listener)
    wrong = next(f"{code}" for code in range(1000, 9999) if ROOMS.by_code(f"{code}") is None)
    for k in range(MOST_WRONG):
        assert stranger.ask(f"/?code={wrong}" if k % 2 else f"/{wrong}")[0] == 404
    for path in (f"/{wrong}", f"/{room.code}", f"/?code={room.code}"):  # right or wrong is not told
        status, text, _ = stranger.ask(path)
        assert status == 429 and "Wacht een minuut" in text
    assert stranger.ask("/")[0] == 200
    assert here.ask(f"/{room.code}", {"number": 0, "answer": "A"})[0] == 303
    assert "Uw voorspelling is binnen" in here.ask(f"/{room.code}")[1]
    assert len(room.phones) == 1


def test_wrong_codes_are_counted_by_address_and_forgotten():
    now = [0.0]
    tries = Tries(lambda: now[0])
    for _ in range(MOST_WRONG):
        tries.wrong("a")
    assert tries.too_many("a") and not tries.too_many("b")
    now[0] = SECONDS
    assert not tries.too_many("a")
    for number in range(MOST_ADDRESSES + 5):
        tries.wrong(str(number))
    assert len(tries._wrong) == MOST_ADDRESSES


def test_a_foreign_host_or_origin_is_refused(listener, room):
    room.act("ask", question="months-lost")
    phone = Phone(listener)
    phone.ask(f"/{room.code}")
    for host in ("evil.example", "evil.example:80", "127.0.0.1@evil.example"):
        assert phone.ask(f"/{room.code}", Host=host)[0] == 400
    for origin in ("http://evil.example", "null", "http://127.0.0.1:1"):
        assert phone.ask(f"/{room.code}", {"number": 0, "answer": "A"}, Origin=origin)[0] == 403
    assert phone.ask(f"/{room.code}", {"number": 0, "answer": "A"}, Origin=listener.address)[0] == 303
    assert sum(room.current.counts().values()) == 1


def test_a_large_body_is_refused_and_nothing_else_is_served(listener, room):
    phone = Phone(listener)
    phone.ask(f"/{room.code}")
    assert phone.ask(f"/{room.code}", b"x" * 100_000)[0] == 413
    for path in (
        "/werksessie",
        "/assets/samenspel.css",
        "/health",
        "/jupyter/api/kernels/x/channels",
        "/_solara/cdn/x",
    ):
        assert phone.ask(path)[0] == 404
    assert phone.ask(f"/{room.code}", None)[0] == 200


def test_pages_are_small_plain_and_bear_their_policy(listener, room):
    room.act("ask", question="who-loses")
    phone = Phone(listener)
    for path in ("/", f"/{room.code}", f"/{room.code}?lang=en"):
        _, text, headers = phone.ask(path)
        assert len(text.encode()) < 50_000
        assert "<script" not in text and "http://" not in text and "https://" not in text
        assert "default-src 'none'" in headers["content-security-policy"]
        assert headers["x-frame-options"] == "DENY"
    assert re.search(r"HttpOnly.*SameSite=strict", Phone(listener).ask(f"/{room.code}")[2]["set-cookie"], re.IGNORECASE)


def test_two_rooms_do_not_mix(listener, room):
    other = ROOMS.open()
    other.begin(load_script("turnover"), "turnover")
    room.act("ask", question="months-lost")
    other.act("ask", question="months-lost")
    phone = Phone(listener)
    phone.ask(f"/{room.code}")
    phone.ask(f"/{room.code}", {"number": 0, "answer": "C"})
    assert sum(room.current.counts().values()) == 1
    assert sum(other.current.counts().values()) == 0
    assert not other.phones


def test_a_name_with_markup_is_shown_as_text(listener, room):
    room.act("rename", node="i0", name="<b>x</b>")
    room.act("ask", question="who-loses")
    text = Phone(listener).ask(f"/{room.code}")[1]
    assert "&lt;b&gt;x&lt;/b&gt;" in text and "<b>x</b>" not in text
