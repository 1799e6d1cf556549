"""The pages in Firefox: each opens, a comparison is made and answered, and nothing is asked from elsewhere.

Debian's Firefox is driven over WebDriver BiDi, which it speaks by itself; no driver is needed.
"""

import json
import re
import shutil
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from contextlib import ExitStack
from pathlib import Path
from typing import Any
from urllib.parse import urlsplit

import pytest

sync = pytest.importorskip("websockets.sync.client")
FIREFOX = next(filter(None, map(shutil.which, ("firefox-esr", "firefox"))), None)

pytestmark = [
    pytest.mark.slow,  # a minute and more
    pytest.mark.skipif(FIREFOX is None, reason="Firefox is not on this machine (Debian: firefox-esr)"),
]

PREFERENCES = {
    # Firefox itself asks nothing from outside.
    "app.update.enabled": False,
    "browser.safebrowsing.downloads.enabled": False,
    "browser.search.update": False,
    "browser.shell.checkDefaultBrowser": False,
    "captivedetect.canonicalURL": "",
    "datareporting.policy.dataSubmissionEnabled": False,
    "network.captive-portal-service.enabled": False,
    "network.connectivity-service.enabled": False,
    "toolkit.telemetry.enabled": False,
}


class Firefox:
    """A headless Firefox with one page. `problems` holds what its console and the network complained about."""

    def __init__(self, profile: Path) -> None:
        lines = [f"user_pref({json.dumps(name)}, {json.dumps(value)});" for name, value in PREFERENCES.items()]
        (profile / "user.js").write_text("\n".join(lines), encoding="utf-8")
        command = [str(FIREFOX), "--headless", "--no-remote", "--profile", str(profile), "--remote-debugging-port", "0"]
        self.process = subprocess.Popen(command, stderr=subprocess.PIPE, stdout=subprocess.DEVNULL, text=True)
        self.problems: list[str] = []
        self.requests: list[str] = []
        self._last = 0
        self.closing = ExitStack()
        try:
            self._begin()
        except BaseException:
            self.close()
            raise

    def _begin(self) -> None:
        """Speak to it, in a tab of our own."""
        self.connection = self.closing.enter_context(
            sync.connect(f"{self._address()}/session", max_size=None, open_timeout=60)
        )
        self.ask("session.new", capabilities={})
        self.ask("session.subscribe", events=["log.entryAdded", "network.responseCompleted", "network.fetchError"])
        # A new tab: the first one has no focus, and a key then presses no button.
        self.page = self.ask("browsingContext.create", type="tab")["context"]
        self.ask("browsingContext.setViewport", context=self.page, viewport={"width": 1366, "height": 768})

    def _address(self) -> str:
        """Where it listens; it says so when it is ready."""
        assert self.process.stderr is not None
        for line in self.process.stderr:
            found = re.search(r"WebDriver BiDi listening on (ws://\S+)", line)
            if found:
                # What else it writes must be read, or it would stop for want of room.
                threading.Thread(target=self.process.stderr.read, daemon=True).start()
                return found[1]
        raise AssertionError("Firefox ended before it could be spoken to")

    def ask(self, method: str, seconds: float = 120.0, **given: Any) -> Any:
        """One command and its answer; events that come in between are noted."""
        self._last += 1
        self.connection.send(json.dumps({"id": self._last, "method": method, "params": given}))
        deadline = time.monotonic() + seconds
        while True:
            message = json.loads(self.connection.recv(timeout=max(0.1, deadline - time.monotonic())))
            if message.get("id") == self._last:
                assert message["type"] == "success", message
                return message["result"]
            self._note(message)

    def _note(self, event: dict[str, Any]) -> None:
        given = event.get("params", {})
        if event.get("method") == "log.entryAdded":
            if given["level"] == "error":
                self.problems.append(given["text"])
        elif event.get("method", "").startswith("network."):
            address = given["request"]["url"]
            self.requests.append(address)
            if given.get("response", {}).get("status", 200) >= 400 or "errorText" in given:
                self.problems.append(f"{given.get('errorText', given.get('response', {}).get('status'))} {address}")

    def run(self, expression: str) -> Any:
        """The value of an expression in the page (a text, a number, a truth value, or nothing)."""
        target = {"context": self.page}
        done = self.ask("script.evaluate", expression=expression, target=target, awaitPromise=True)
        assert done["type"] == "success", done
        return done["result"].get("value")

    def open(self, address: str) -> None:
        """Go to an address, and wait until its document is there."""
        self.ask("browsingContext.navigate", context=self.page, url=address, wait="complete")

    def wait(self, true: str, seconds: float = 240.0) -> None:
        """Wait until an expression is true in the page."""
        deadline = time.monotonic() + seconds
        while not self.run(f"Boolean({true})"):
            assert time.monotonic() < deadline, f"not within {seconds} seconds: {true}"
            time.sleep(0.2)

    def type(self, *keys: str) -> None:
        """Press keys, one after another."""
        actions = [{"type": kind, "value": key} for key in keys for kind in ("keyDown", "keyUp")]
        source = {"type": "key", "id": "keyboard", "actions": actions}
        self.ask("input.performActions", context=self.page, actions=[source])

    def click(self, selector: str) -> None:
        """Click where an element is, as a mouse does."""
        found = self.ask("browsingContext.locateNodes", context=self.page, locator={"type": "css", "value": selector})
        node = {"type": "element", "element": {"sharedId": found["nodes"][0]["sharedId"]}}
        self.run(
            f"document.querySelector({json.dumps(selector)}).scrollIntoView({{block: 'center', behavior: 'instant'}})"
        )
        actions = [
            {"type": "pointerMove", "x": 0, "y": 0, "origin": node},
            {"type": "pointerDown", "button": 0},
            {"type": "pointerUp", "button": 0},
        ]
        self.ask(
            "input.performActions",
            context=self.page,
            actions=[{"type": "pointer", "id": "mouse", "actions": actions}],
        )

    def close(self) -> None:
        """End it."""
        self.closing.close()
        self.process.terminate()
        try:
            self.process.wait(20)
        except subprocess.TimeoutExpired:
            self.process.kill()


@pytest.fixture(scope="module")
def firefox() -> Iterator[Firefox]:
    with tempfile.TemporaryDirectory(ignore_cleanup_errors=True) as profile:
        running = Firefox(Path(profile))
        yield running
        running.close()


@pytest.fixture
def fresh(firefox: Firefox) -> Firefox:
    """The same Firefox, of which earlier requests and complaints are forgotten."""
    firefox.open("about:blank")
    firefox.requests.clear()
    firefox.problems.clear()
    return firefox


def nothing_wrong(firefox: Firefox) -> bool:
    """No complaint, and no request to anything but this machine."""
    firefox.run("1")  # what is still on its way comes in first
    elsewhere = {urlsplit(each).hostname for each in firefox.requests if each.startswith(("http", "ws"))}
    # A page that was left says goodbye when it is not there any more to hear the answer.
    assert [each for each in firefox.problems if "/_solara/api/close/" not in each] == []
    assert elsewhere <= {"localhost"}
    return True


@pytest.mark.parametrize("language", ["nl", "en"])
@pytest.mark.parametrize(
    ("path", "ready"),
    [
        ("", "/\\d/.test(document.querySelector('main h1')?.innerText)"),
        ("werksessie", "document.querySelector('main h1, main h2')"),
        ("onderbouwing", "document.querySelector('main.evidence h1')"),
        ("model", "document.querySelector('main.model h1')"),
    ],
)
def test_each_page_opens(fresh, server, path, ready, language):
    fresh.open(f"{server.address}{path}?lang={language}")
    fresh.wait(ready)
    assert fresh.run("document.documentElement.lang") == language
    assert fresh.run("document.documentElement.scrollWidth <= window.innerWidth")
    assert nothing_wrong(fresh)


HEADLINE = "document.querySelector('main h1').innerText"
ANSWERED = (
    "/Klaar|Done/.test(document.querySelector('.st')?.innerText) && document.querySelector('main h1 em')"
    f" && /\\d/.test({HEADLINE})"
)
RIGHT, ENTER = "\ue014", "\ue007"  # keys, as WebDriver writes them


def test_a_comparison_is_made_and_a_slider_moved(fresh, server):
    fresh.open(f"{server.address}?lang=en&world=reference")
    fresh.wait("document.querySelector('[data-policy=regular-meetings][aria-pressed]')")
    fresh.click("[data-policy=regular-meetings]")
    fresh.wait(f"location.search.includes('regular-meetings') && {ANSWERED}")
    before = fresh.run(HEADLINE)
    assert "regular meetings" in before.lower()
    assert fresh.run("document.querySelectorAll('main svg').length") > 4

    fresh.click("[data-edit=A]")
    slider = "document.querySelector('[data-slide=\"lever/regular_meetings\"]')"
    fresh.wait(slider)
    value = fresh.run(f"{slider}.value")
    fresh.run(f"{slider}.focus()")
    fresh.type(RIGHT, RIGHT, RIGHT)
    assert fresh.run(f"{slider}.value") != value
    fresh.wait(f"location.search.includes('own=') && {ANSWERED} && {HEADLINE}.includes('adjusted')")
    assert fresh.run(HEADLINE) != before
    assert nothing_wrong(fresh)


def test_a_comparison_by_keyboard(fresh, server):
    fresh.open(f"{server.address}?world=reference&A=regular-meetings")
    fresh.wait(ANSWERED)
    fresh.run("document.querySelector('[data-policy=structural-funding]').focus()")
    fresh.type(ENTER)
    fresh.wait("document.querySelector('[data-policy=structural-funding]').getAttribute('aria-pressed') === 'true'")
    fresh.wait(f"location.search.includes('B=structural-funding') && {ANSWERED} && document.querySelector('#app .B')")
    assert fresh.run("document.querySelectorAll('main svg').length") > 4
    assert nothing_wrong(fresh)
