"""Behind nginx, with the example of docs/deployment as it stands there: pages, websocket, an upload and the memo."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="union-attr"

import http.client
import os
import shutil
import socket
import subprocess
import time
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import urlsplit

import pytest

from tests.browser.conftest import ROOT, Server

NGINX = shutil.which("nginx") or shutil.which("nginx", path="/usr/sbin")
NAME, PREFIX = "samenspel.localhost", "/samenspel"  # browsers find *.localhost on this machine by themselves
ANSWERED = "/Klaar|Done/.test(document.querySelector('.st')?.innerText) && document.querySelector('main h1 em')"
AROUND = """
{user}
pid {folder}/pid;
error_log {folder}/error.log;
events {{}}
http {{
    access_log {folder}/access.log;
    client_body_temp_path {folder}/body;
    proxy_temp_path {folder}/proxy;
    fastcgi_temp_path {folder}/fastcgi;
    uwsgi_temp_path {folder}/uwsgi;
    scgi_temp_path {folder}/scgi;
    {http}
    server {{
        listen 127.0.0.1:{port};
        server_name {name};
        {location}
    }}
}}
"""

pytestmark = pytest.mark.skipif(NGINX is None, reason="nginx is not on this machine (Debian: nginx-light)")


@pytest.fixture(scope="module")
def proxied(tmp_path_factory) -> Iterator[str]:
    """The dashboard behind nginx; gives its address."""
    running = Server(PREFIX, {"SAMENSPEL_HOSTS": NAME})
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    folder: Path = tmp_path_factory.mktemp("nginx")
    example = (ROOT / "docs" / "deployment" / "nginx.conf").read_text(encoding="utf-8")
    assert example.count("127.0.0.1:8765") == 1
    http_part, location, rest = example.replace("127.0.0.1:8765", f"127.0.0.1:{running.port}").partition("location ")
    user = "user root;" if os.geteuid() == 0 else ""  # it would give up its rights, and could not write in this folder
    block = location + rest
    settings = AROUND.format(user=user, folder=folder, http=http_part, port=port, name=NAME, location=block)
    (folder / "nginx.conf").write_text(settings, encoding="utf-8")
    command = [str(NGINX), "-c", str(folder / "nginx.conf"), "-e", str(folder / "error.log"), "-g", "daemon off;"]
    running.start()
    nginx = subprocess.Popen(command)
    try:
        deadline = time.monotonic() + 30
        while True:
            try:
                socket.create_connection(("127.0.0.1", port), 1).close()
                break
            except OSError:
                assert nginx.poll() is None and time.monotonic() < deadline, "nginx did not start"
                time.sleep(0.1)
        yield f"http://{NAME}:{port}{PREFIX}/"
    finally:
        nginx.terminate()
        nginx.wait(20)
        running.stop()


@pytest.mark.slow
def test_a_comparison_an_upload_and_a_memo_behind_nginx(proxied, browser):
    context = browser.new_context(viewport={"width": 1366, "height": 768}, accept_downloads=True)
    page = context.new_page()
    page.set_default_timeout(240_000)
    problems, asked = [], []
    page.on("response", lambda answer: problems.append(answer.url) if answer.status >= 400 else None)
    page.on("console", lambda told: problems.append(told.text) if told.type == "error" else None)
    page.on("request", lambda request: asked.append(request.url))
    page.on("websocket", lambda websocket: asked.append(websocket.url))
    try:
        page.goto(f"{proxied}?world=reference&A=regular-meetings&lang=en")
        page.wait_for_function(ANSWERED)
        page.locator("[data-edit=A]").click()
        page.locator('[data-slide="lever/regular_meetings"]').fill("20")
        page.wait_for_function(
            f"location.search.includes('own=') && {ANSWERED}"
            " && document.querySelector('main h1').innerText.includes('adjusted')"
        )
        page.locator("input[type=file]").first.set_input_files(str(ROOT / "scenarios" / "structural-funding.yaml"))
        page.wait_for_function(f"location.search.includes('B=') && {ANSWERED}")
        with page.expect_download() as started:
            page.locator("[data-export=memo_pdf]").click()
        assert Path(started.value.path()).read_bytes().startswith(b"%PDF")
        page.locator(".nav [data-page=evidence]").click()
        page.wait_for_selector("main.evidence h1")

        addresses = [address for address in asked if not address.startswith(("data:", "blob:"))]
        assert any(address.startswith("ws:") for address in addresses)
        assert {urlsplit(address).hostname for address in addresses} == {NAME}
        assert all(urlsplit(address).path.startswith(f"{PREFIX}/") for address in addresses)
        assert [cookie["path"] for cookie in context.cookies()] == [f"{PREFIX}/"]
        assert problems == []
    finally:
        context.close()


@pytest.mark.slow
def test_nginx_leads_to_the_page_and_refuses_what_is_too_large_or_elsewhere(proxied):
    port = urlsplit(proxied).port
    for method, path, host, length, expected in (
        ("GET", PREFIX, NAME, 0, 301),  # without the last slash
        ("GET", f"{PREFIX}/health", NAME, 0, 200),
        ("GET", f"{PREFIX}/health", "elsewhere.example", 0, 400),
        ("POST", f"{PREFIX}/upload", NAME, 100_000, 413),
        ("POST", f"{PREFIX}/upload", NAME, 2_000_000, 413),
    ):
        connection = http.client.HTTPConnection("127.0.0.1", port, timeout=60)
        connection.request(method, path, body=b"x" * length or None, headers={"Host": host})
        assert connection.getresponse().status == expected, (method, path, host, length)
        connection.close()
