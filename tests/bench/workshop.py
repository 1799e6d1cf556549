"""The workshop: going on, going back, branching, sixty phones, and memory over a long session."""

from __future__ import annotations

import concurrent.futures
import http.client
import re
import statistics
import subprocess
import sys
import time
import urllib.parse
from functools import partial
from typing import Any

from dashboard.mailbox import Mailbox
from dashboard.pool import Pool
from dashboard.workshop import phones, view
from dashboard.workshop.chronicle import Ground
from dashboard.workshop.futures import Futures, scenario_of
from dashboard.workshop.room import Room
from dashboard.workshop.rooms import ROOMS
from dashboard.workshop.script import load_script
from sim.world.files import World, parse_world
from tests.bench.browsing import browsing
from tests.bench.figures import Figure
from tests.bench.speed import timed

PHONES = 60
ROUNDS = 48  # of a two-hour session: one question every two and a half minutes
MEMORY = f"from tests.bench.workshop import long_session; long_session({ROUNDS})"


def workshop() -> list[Figure]:
    """All of it."""
    return [*months(), *branching(), *answering(), *memory(), *drawing()]


def town(initiatives: int, posts: int) -> World:
    """A municipality of so many initiatives, nine years long."""
    return parse_world(
        {
            "kind": "municipality", "inhabitants": 5000 * initiatives, "posts": posts, "initiatives": initiatives,
            "staff_hours_per_month": 40 * initiatives, "first_month": "2026-01", "policy_start": "2026-01",
            "horizon": 108, "next_election": "2030-03",
        },
        "bench",
    )  # fmt: skip


def months(rounds: int = 5) -> list[Figure]:
    """What the server does for a month at twelve initiatives, and for a step to another month."""
    ground = Ground(town(12, 4))
    nothing = scenario_of("workshop", ())
    live = []
    for _ in range(rounds):
        began = time.thread_time()
        ground.live(nothing, [ground.start])
        live.append((time.thread_time() - began) / ground.months)
    room = Room("0000", Pool(1))
    room.begin(load_script("turnover"), "turnover")
    view.shown(room, "nl")
    step = statistics.median(timed(partial(seen, room, at)) for at in range(1, 40))
    return [
        Figure("a month of 12 initiatives, CPU", 1000 * statistics.median(live), "ms", "time"),
        Figure("telling all screens that the room is in another month, median", 1000 * step, "ms", "time", 300),
    ]


def seen(room: Room, position: int) -> None:
    """The room goes to a month, and what its screens show is made."""
    room.act("seen", position=position)
    view.shown(room, "nl")


def branching(rounds: int = 9) -> list[Figure]:
    """Another future of sixty initiatives with a departure in it, lived to its last month."""
    futures = Futures(Ground(town(60, 8)))
    wall, busy = [], []
    for number in range(rounds):
        began, worked = time.perf_counter(), time.thread_time()
        made = futures.part("nu", 12 + number)
        futures.decide(made.id, "shock", "official_leaves", 12 + number)
        wall.append(time.perf_counter() - began)
        busy.append(time.thread_time() - worked)
        futures.drop(made.id)
    return [
        Figure("another future of 60 initiatives, 8 years, best of some", 1000 * min(wall), "ms", "time", 100),
        Figure("processor time of it, median", 1000 * statistics.median(busy), "ms", "time", 100),
    ]


class Phone:
    """A phone that keeps its cookie; bodies that it read are counted."""

    def __init__(self, address: str, code: str) -> None:
        self.host, self.code = address.removeprefix("http://"), code
        self.cookie, self.largest = "", 0

    def ask(self, data: dict[str, Any] | None = None) -> str:
        """Load the page, or send an answer; the text."""
        connection = http.client.HTTPConnection(self.host, timeout=30)
        headers = {"Cookie": self.cookie} if self.cookie else {}
        if data is None:
            connection.request("GET", f"/{self.code}", headers=headers)
        else:
            headers["Content-Type"] = "application/x-www-form-urlencoded"
            connection.request("POST", f"/{self.code}", urllib.parse.urlencode(data), headers)
        answer = connection.getresponse()
        body = answer.read()
        self.largest = max(self.largest, len(body))
        self.cookie = (answer.getheader("set-cookie") or self.cookie).split(";")[0]
        connection.close()
        return body.decode()

    def answer(self, option: str) -> None:
        """Look, answer, tap again, and look once more."""
        found = re.search(r'name="number" value="(\d+)"', self.ask())
        assert found is not None
        for _ in range(2):
            self.ask({"number": found.group(1), "answer": option})
        assert "<form" not in self.ask()


def look_at(room: Room, _: str) -> None:
    """What a screen is sent is made."""
    view.shown(room, "nl")


def answering() -> list[Figure]:
    """Sixty phones load the page, answer with a double tap, and load it again, all at once, while a screen looks on."""
    listener = phones.start(0, "127.0.0.1")
    room = ROOMS.open()
    room.begin(load_script("turnover"), "turnover")
    screen: Mailbox[str] = Mailbox(partial(look_at, room))
    room.listeners.append(lambda: screen.put("news"))
    room.act("ask", question="months-lost")
    everybody = [Phone(listener.address, room.code) for _ in range(PHONES)]
    worked = time.process_time()
    with concurrent.futures.ThreadPoolExecutor(PHONES) as pool:
        took = timed(lambda: list(pool.map(Phone.answer, everybody, "ABCD" * (PHONES // 4))))
    worked = time.process_time() - worked
    assert room.current is not None
    counts = room.current.counts()
    listener.stop()
    room.listeners.clear()
    screen.close()
    return [
        Figure(f"{PHONES} phones answer at once, each twice, with the pages before and after", took, "s", "time", 5),
        Figure("processor time of it, phones and screen included", worked, "s", "time"),
        Figure("answers that counted", sum(counts.values()), "", "count", PHONES, True),
        Figure("answers that counted twice", sum(counts.values()) - len(room.phones), "", "count", 0),
        Figure("the largest page that a phone got", max(each.largest for each in everybody) / 1000, "kB", "count", 50),
    ]


def resident() -> float:
    """Megabytes that this process holds now. Raises `OSError` elsewhere than on Linux."""
    with open("/proc/self/status", encoding="ascii") as file:  # noqa: PTH123  (a file of the kernel)
        return next(int(line.split()[1]) for line in file if line.startswith("VmRSS")) / 1024


def long_session(rounds: int) -> None:
    """A session of two hours without its pauses; prints the megabytes held after each round."""
    from dashboard.allocator import give_memory_back

    give_memory_back()  # as the server does
    room = Room("0000", Pool(1))
    room.begin(load_script("turnover"), "turnover")
    for round_ in range(rounds):
        one_round(room, round_)
        print(resident(), flush=True)


def one_round(room: Room, number: int) -> None:
    """A quarter of a year by steps, a choice, a branch of a branch, a question with sixty answers, and its worlds."""
    story = room.script.stories[number // 8 % 3] if room.script else room.story
    if room.story.id != story.id:
        room.enter(story)
    start = 12 + number % 8
    for position in range(start, start + 12):
        room.act("seen", position=position)
        view.shown(room, "nl")
    room.act("decide", kind="shock", what="official_leaves", initiative=0, position=start, over=True)
    room.act("part", future="nu", position=start)
    room.act("decide", kind="lever", what="regular_meetings", intensity=2, future="A", position=start + 1, over=True)
    room.act("part", future="A", position=start + 2)
    room.act("ask", question="months-lost", here=True)
    for phone in range(PHONES):
        room.join(f"phone-{phone}")
        room.choose(f"phone-{phone}", len(room.asked) - 1, "ABCD"[phone % 4])
    room.act("show", worlds=200)
    while any(each.running for each in room.weighed.values()):
        time.sleep(0.02)
    for language in ("nl", "en"):
        view.shown(room, language)
        view.log(room, language)
    view.runs(room)
    room.saved()
    for name in [each for each in room.futures.all if each != "nu"]:
        room.act("drop", future=name)
    room.act("withdraw", future="nu", number=room.futures["nu"].decisions[-1].number, over=True)


def memory() -> list[Figure]:
    """A fresh process, the libraries and the compiled rules included."""
    done = subprocess.run([sys.executable, "-c", MEMORY], check=True, capture_output=True, text=True)
    held = [float(line) for line in done.stdout.split()]
    quarter = len(held) // 4
    early, late = statistics.median(held[quarter : 2 * quarter]), statistics.median(held[-quarter:])
    return [
        Figure(f"memory of a session after half an hour ({quarter} questions)", early, "MB", "memory"),
        Figure(f"memory of it after two hours ({len(held)} questions)", late, "MB", "memory", 600),
        Figure("the last half hour against the second", late / early, "times", "ratio", 1.05),
    ]


# In a browser: whether a picture of every month is there in time, going on as it does while playing.
DRAW = """async count => {
    const page = document.querySelector('.ws').__vue__, picture = () => new Promise(requestAnimationFrame);
    page.playing = true;
    await picture();
    const began = performance.now();
    for (let month = 1; month <= count; month += 1) { page.moveTo(month); await picture(); }
    page.playing = false;
    return 1000 * count / (performance.now() - began);
}"""
BACK = """async count => {
    const page = document.querySelector('.ws').__vue__, picture = () => new Promise(requestAnimationFrame), took = [];
    for (let turn = 1; turn <= count; turn += 1) {
        const asked = performance.now();
        page.moveTo((turn * 37) % page.shown.months); await picture(); await picture();
        took.push(performance.now() - asked);
    }
    return took.sort((one, other) => one - other)[Math.floor(count / 2)];
}"""
TOWN = """id: bench
title: {nl: "Meting", en: "Measurement"}
summary: {nl: "Meting", en: "Measurement"}
minutes: 10
stories:
  - id: one
    title: {nl: "Een", en: "One"}
    begin: 2026-06
    municipality: {inhabitants: 60000, posts: 4, initiatives: INITIATIVES, horizon: 108}
steps:
  - {title: {nl: "Begin", en: "Begin"}, minutes: 1, say: {nl: "Dag", en: "Hello"}, story: one}
"""


def worked(session: Any) -> float:
    """Seconds of processor time that the page's own thread has used."""
    metrics = {each["name"]: each["value"] for each in session.send("Performance.getMetrics")["metrics"]}
    return float(metrics["TaskDuration"])


def drawing() -> list[Figure]:
    """Two maps side by side in Chromium, headless; nothing where there is none."""
    with browsing() as there:
        if there is None:
            return []
        drawn, busy, back = maps(*there, 12)
        large, _, _ = maps(*there, 60)
    return [
        Figure("months drawn a second, two maps of 12 initiatives, in Chromium", drawn, "", "time", 10, True),
        Figure("processor time of the page for such a month", 1000 * busy, "ms", "time", 100),
        Figure("going back to another month until it is drawn, median", back, "ms", "time", 300),
        Figure("months drawn a second, two maps of 60 initiatives", large, "", "time", 4, True),
    ]


def maps(browser: Any, address: str, initiatives: int) -> tuple[float, float, float]:
    """Months drawn a second, seconds of the page's processor time a month, and milliseconds to go back to a month."""
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(120_000)
    page.goto(f"{address}werksessie")
    town = TOWN.replace("INITIATIVES", str(initiatives)).encode()
    page.locator("input[type=file]").set_input_files({"name": "town.yaml", "mimeType": "text/yaml", "buffer": town})
    page.locator(".wssvg line").first.wait_for(state="attached")
    page.click("[data-do=part]")
    page.wait_for_function(f"document.querySelectorAll('.wssvg .initiative').length === {2 * initiatives}")
    work = page.context.new_cdp_session(page)
    work.send("Performance.enable", {"timeDomain": "threadTicks"})
    before = worked(work)
    drawn = page.evaluate(DRAW, 100)
    busy = (worked(work) - before) / 100
    back = page.evaluate(BACK, 21)
    page.close()
    return drawn, busy, back
