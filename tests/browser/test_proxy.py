"""Behind a reverse proxy, under a prefix, as docs/deployment.md describes it: pages, assets and websocket work."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr, func-returns-value"

import asyncio
import re
import threading
from contextlib import suppress
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import Server

NAME, PREFIX = "samenspel.localhost", "/samenspel"  # browsers find *.localhost on this machine by themselves


class Proxy:
    """A proxy of the smallest kind. cut: take the prefix off the path. keep_host: pass the visitor's Host on."""

    def __init__(self, target: int, *, cut: bool, keep_host: bool) -> None:
        self.target, self.cut, self.keep_host = target, cut, keep_host
        self.loop = asyncio.new_event_loop()
        self.ready = threading.Event()
        self.asked: list[str] = []
        self.thread = threading.Thread(target=self.run, daemon=True)
        self.thread.start()
        assert self.ready.wait(10)

    def run(self) -> None:
        asyncio.set_event_loop(self.loop)
        server = self.loop.run_until_complete(asyncio.start_server(self.serve, "127.0.0.1", 0))
        self.port = server.sockets[0].getsockname()[1]
        self.ready.set()
        self.loop.run_forever()
        server.close()
        going_on = asyncio.all_tasks(self.loop)
        for task in going_on:
            task.cancel()
        self.loop.run_until_complete(asyncio.gather(*going_on, return_exceptions=True))
        self.loop.close()

    def stop(self) -> None:
        """End it and what it still passes on."""
        self.loop.call_soon_threadsafe(self.loop.stop)
        self.thread.join(10)
        assert not self.thread.is_alive()

    def rewritten(self, head: bytes) -> bytes:
        """The head of a request as a proxy sends it on; one request a connection."""
        first, *lines = head.decode("latin-1").split("\r\n")
        method, path, version = first.split(" ")
        self.asked.append(path)
        if self.cut:
            path = path.removeprefix(PREFIX) or "/"
        upgrade = any(line.lower().startswith("upgrade:") for line in lines)
        kept = [line for line in lines if upgrade or not line.lower().startswith("connection:")]
        if not self.keep_host:
            kept = [line for line in kept if not line.lower().startswith("host:")] + [f"Host: 127.0.0.1:{self.target}"]
        kept += [f"X-Forwarded-Prefix: {PREFIX}", "X-Forwarded-Proto: http", f"X-Forwarded-Host: {NAME}"]
        if not upgrade:
            kept.append("Connection: close")
        return "\r\n".join([f"{method} {path} {version}", *filter(None, kept), "", ""]).encode("latin-1")

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        with suppress(OSError, asyncio.IncompleteReadError):
            head = await reader.readuntil(b"\r\n\r\n")
            if not head.split(b" ")[1].startswith(PREFIX.encode()):
                writer.write(b"HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n")
            else:
                back, forth = await asyncio.open_connection("127.0.0.1", self.target)
                forth.write(self.rewritten(head))
                await asyncio.wait(
                    [asyncio.ensure_future(pipe(reader, forth)), asyncio.ensure_future(pipe(back, writer))],
                    return_when=asyncio.FIRST_COMPLETED,
                )
                forth.close()
        writer.close()


async def pipe(source: asyncio.StreamReader, target: asyncio.StreamWriter) -> None:
    """All bytes of one side to the other."""
    with suppress(OSError):
        while data := await source.read(65536):
            target.write(data)
            await target.drain()


@pytest.fixture(scope="module")
def behind():
    running = Server(PREFIX, {"SAMENSPEL_HOSTS": NAME})
    running.start()
    yield running
    running.stop()


@pytest.mark.parametrize(
    ("cut", "keep_host"), [(True, True), (False, True), pytest.param(True, False, marks=pytest.mark.slow)]
)
def test_the_dashboard_works_under_a_prefix(behind, browser, cut, keep_host):
    proxy = Proxy(behind.port, cut=cut, keep_host=keep_host)
    context = browser.new_context()
    page = context.new_page()
    problems, asked = [], []
    page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    try:
        page.goto(f"http://{NAME}:{proxy.port}{PREFIX}/onderbouwing?lang=en")
        page.wait_for_selector("main.evidence h1", timeout=60_000)
        page.locator(".nav [data-page=model]").click()
        page.wait_for_selector("main.model", timeout=60_000)
        assert urlsplit(page.url).path == f"{PREFIX}/model"
        page.locator("#odd a").first.click()
        page.wait_for_selector("main.odd")
        assert urlsplit(page.url).path == f"{PREFIX}/model/odd"
        page.goto(f"http://{NAME}:{proxy.port}{PREFIX}/?world=reference&A=regular-meetings")
        page.wait_for_function("/\\d/.test(document.querySelector('main h1')?.innerText)", timeout=120_000)
        assert re.search(r"\d", page.locator("main h1").inner_text())
        page.locator(".lang a").click()
        page.wait_for_function("document.documentElement?.lang === 'en'")
        assert urlsplit(page.url).path == f"{PREFIX}/" and "regular-meetings" in page.url
        assert any(address.startswith("ws:") for address in asked)
        assert {urlsplit(address).hostname for address in asked if not address.startswith("data:")} == {NAME}
        assert all(urlsplit(address).path.startswith(PREFIX) for address in asked if not address.startswith("data:"))
        assert problems == []
    finally:
        context.close()
        proxy.stop()


def test_a_page_elsewhere_is_refused_behind_a_proxy_too(behind):
    import urllib.error
    import urllib.request

    proxy = Proxy(behind.port, cut=True, keep_host=True)
    request = urllib.request.Request(
        f"http://127.0.0.1:{proxy.port}{PREFIX}/health", headers={"Host": "elsewhere.example"}
    )
    try:
        with pytest.raises(urllib.error.HTTPError) as refused:
            urllib.request.urlopen(request, timeout=10)
        assert refused.value.code == 400
    finally:
        proxy.stop()
