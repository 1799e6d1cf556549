"""A real server on a free port and a real browser."""

import json
import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent.parent
FLAGS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
START = (
    "import sys; from dashboard.server import serve; "
    "serve(port=int(sys.argv[1]), open_browser=False, root_path=sys.argv[2])"
)


class Server:
    """The dashboard in a process of its own, that can be killed and started again on the same port.

    root_path: the prefix a proxy shows it under. environment: variables that are set besides those of this process.
    """

    def __init__(self, root_path: str = "", environment: dict[str, str] | None = None) -> None:
        self.root_path, self.environment = root_path, environment or {}
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.address = f"http://localhost:{self.port}/"
        self.process: subprocess.Popen[bytes] | None = None

    def start(self, seconds: float = 300) -> None:
        """Start it and wait until it answers and its rules are compiled (slow the first time)."""
        command = [sys.executable, "-c", START, str(self.port), self.root_path]
        self.process = subprocess.Popen(command, cwd=ROOT, env={**os.environ, **self.environment})
        deadline = time.monotonic() + seconds
        while True:
            try:
                with urllib.request.urlopen(f"{self.address}health", timeout=2) as answer:
                    if json.load(answer)["warm"]:
                        return
            except (urllib.error.URLError, OSError):
                pass
            assert self.process.poll() is None, "the server ended while starting"
            assert time.monotonic() < deadline, f"the server was not ready within {seconds} seconds"
            time.sleep(0.2)

    def stop(self) -> None:
        """Kill it, as a power cut would."""
        if self.process is not None:
            self.process.send_signal(signal.SIGKILL)
            self.process.wait(10)
            self.process = None


@pytest.fixture(scope="session")
def server() -> Iterator[Server]:
    """One server for all browser tests."""
    running = Server()
    running.start()
    yield running
    running.stop()


@pytest.fixture
def own_server() -> Iterator[Server]:
    """A server that a test may kill."""
    running = Server()
    running.start()
    yield running
    running.stop()


@pytest.fixture(scope="session")
def browser(chromium: str):
    """One browser for all tests."""
    api = pytest.importorskip("playwright.sync_api")
    with api.sync_playwright() as playwright:
        running = playwright.chromium.launch(executable_path=chromium, args=FLAGS)
        yield running
        running.close()


@pytest.fixture
def visit(server: Server, browser) -> Iterator[Callable]:
    """Opens pages: `visit(query, **context options)` gives a page that remembers `requests` and `problems`."""
    contexts = []

    def opened(query: str = "", **options):
        context = browser.new_context(**{"viewport": {"width": 1366, "height": 768}, **options})
        contexts.append(context)
        page = context.new_page()
        page.set_default_timeout(240_000)
        page.requests, page.problems = [], []
        page.on("request", lambda request: page.requests.append(request.url))
        page.on("websocket", lambda websocket: page.requests.append(websocket.url))
        page.on("pageerror", lambda error: page.problems.append(str(error)))
        page.on(
            "response",
            lambda answer: page.problems.append(f"{answer.status} {answer.url}") if answer.status >= 400 else None,
        )
        page.on("console", lambda told: page.problems.append(told.text) if told.type == "error" else None)
        page.goto(server.address + query)
        return page

    yield opened
    for context in contexts:
        context.close()
