"""The server: each hole that was seen open in the framework has a test that fails without its mending."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="attr-defined, assignment, return-value, union-attr, arg-type"

import html
import json
import re
import socket

import pytest
from starlette.applications import Starlette
from starlette.responses import PlainTextResponse
from starlette.routing import Route, WebSocketRoute
from starlette.testclient import TestClient
from starlette.websockets import WebSocket, WebSocketDisconnect

from dashboard import document, server
from dashboard.guard import Guard, host_name
from dashboard.language import LANGUAGES, text
from dashboard.navigation import PLACES, title


def guarded(**options):
    """A client of a tiny application behind the guard."""

    async def echo(websocket: WebSocket) -> None:
        await websocket.accept()
        await websocket.send_text("hello")
        await websocket.close()

    async def headers(request):
        return PlainTextResponse("\n".join(request.headers.keys()))

    async def broken(request):
        raise RuntimeError("secret detail")

    application = Starlette(
        routes=[Route("/", headers, methods=["GET", "POST"]), Route("/broken", broken), WebSocketRoute("/ws", echo)]
    )
    return TestClient(Guard(application, **options), base_url="http://localhost:8765", raise_server_exceptions=False)


@pytest.mark.parametrize("host", ["elsewhere.example", "localhost.elsewhere.example", "203.0.113.9", "localhost@x", ""])
def test_a_foreign_host_is_refused(site, host):
    answer = site.get("/", headers={"host": host})
    assert answer.status_code == 400
    assert "Host" in answer.text


def test_two_hosts_are_refused(site):
    assert site.get("/health", headers=[("host", "localhost"), ("host", "elsewhere.example")]).status_code == 400


@pytest.mark.parametrize("host", ["localhost", "LOCALHOST:8765", "127.0.0.1:8765", "[::1]:8765"])
def test_this_machines_own_names_are_accepted(site, host):
    assert site.get("/health", headers={"host": host}).status_code == 200


def test_addresses_are_accepted_only_when_listening_on_all_of_them():
    assert guarded().get("/", headers={"host": "192.0.2.7:8765"}).status_code == 400
    assert guarded(any_address=True).get("/", headers={"host": "192.0.2.7:8765"}).status_code == 200
    assert guarded(any_address=True).get("/", headers={"host": "elsewhere.example"}).status_code == 400


@pytest.mark.parametrize("authority", ["a b", "a/b", "a:b", "a@b", "a\\b", "", "[::1", "a,b"])
def test_a_malformed_host_has_no_name(authority):
    assert host_name(authority) is None


@pytest.mark.parametrize(
    "origin",
    [
        *("http://elsewhere.example", "http://localhost:9999", "null", "file://", ""),
        *("ftp://localhost:8765", "http://localhost:8765@elsewhere.example", "http://localhost:8765.elsewhere.example"),
    ],
)
def test_a_websocket_from_another_page_is_refused(origin):
    with (
        pytest.raises(WebSocketDisconnect),
        guarded().websocket_connect("ws://localhost:8765/ws", headers={"origin": origin}),
    ):
        pass


def test_a_websocket_without_origin_is_refused():
    with pytest.raises(WebSocketDisconnect), guarded().websocket_connect("ws://localhost:8765/ws"):
        pass


def test_a_websocket_of_two_origins_is_refused():
    own, other = (b"origin", b"http://localhost:8765"), (b"origin", b"http://elsewhere.example")
    for origins, refusal in (([own], None), ([own, other], (403, "refused.connect")), ([], (403, "refused.connect"))):
        scope = {"type": "websocket", "headers": [(b"host", b"localhost:8765"), *origins]}
        assert Guard(None).refusal(scope) == refusal


def test_a_websocket_from_our_own_page_is_accepted():
    with guarded().websocket_connect(
        "ws://localhost:8765/ws", headers={"origin": "http://localhost:8765"}
    ) as websocket:
        assert websocket.receive_text() == "hello"


def test_a_websocket_to_a_foreign_host_is_refused():
    headers = {"origin": "http://elsewhere.example"}
    with pytest.raises(WebSocketDisconnect), guarded().websocket_connect("ws://elsewhere.example/ws", headers=headers):
        pass


def test_the_kernel_refuses_a_foreign_origin(site):
    path = "ws://localhost:8765/jupyter/api/kernels/00000000-0000-4000-8000-000000000000/channels?session_id=x"
    with (
        pytest.raises(WebSocketDisconnect),
        site.websocket_connect(path, headers={"origin": "http://elsewhere.example"}),
    ):
        pass


def test_a_post_from_another_page_is_refused():
    assert guarded().post("/", headers={"origin": "http://elsewhere.example"}).status_code == 403
    assert guarded().post("/", headers={"origin": "http://localhost:8765"}).status_code == 200


def test_script_name_headers_do_not_reach_the_application():
    sent = {
        "script-name": "/x",
        "X-Script-Name": "//elsewhere/x",
        "X-Forwarded-Host": "elsewhere",
        "accept": "text/plain",
    }
    seen = guarded().get("/", headers=sent).text.split("\n")
    assert "accept" in seen
    assert not {"script-name", "x-script-name", "x-forwarded-host"} & set(seen)


def test_one_request_cannot_change_the_addresses_of_later_visitors(site):
    poison = {
        "X-Script-Name": "//elsewhere.example/x",
        "Script-Name": "/elsewhere",
        "X-Forwarded-Host": "elsewhere.example",
    }
    for language in ("nl", "en"):
        site.get("/", params={"lang": language}, headers=poison)
        assert "elsewhere" not in site.get("/", params={"lang": language}).text


def test_a_missing_asset_is_not_looked_up_elsewhere(site, monkeypatch):
    asked = []

    def refuse(*arguments, **keywords):
        asked.append(arguments)
        raise OSError("no network in this test")

    monkeypatch.setattr(socket, "getaddrinfo", refuse)
    monkeypatch.setattr("requests.get", refuse)
    assert site.get("/_solara/cdn/nothing@1.2.3/here.js").status_code == 404
    assert site.get("/_solara/cdn/nothing").status_code == 404
    assert asked == []


def test_the_assets_that_the_page_needs_are_on_disk(site):
    document = site.get("/").text
    needed = set(re.findall(r'(?:src|href)="(/[^"]+)"', document))
    assert any("/_solara/cdn/" in address for address in needed)
    assert any("samenspel.css" in address for address in needed)
    assert {address: site.get(address).status_code for address in needed} == dict.fromkeys(needed, 200)


def test_nothing_in_the_document_points_outside(site):
    document = site.get("/").text
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', document) == []


def test_the_page_may_be_zoomed(site):
    viewports = re.findall(r'<meta name="viewport" content="([^"]*)"', site.get("/").text)
    assert viewports == ["width=device-width, initial-scale=1"]


@pytest.mark.parametrize(
    ("query", "language"), [("", "nl"), ("?lang=en", "en"), ("?lang=nl", "nl"), ("?lang=<x>", "nl")]
)
def test_the_document_says_its_language(site, query, language):
    document = site.get(f"/{query}").text
    assert re.search(r"<html[^>]*>", document).group() == f'<html lang="{language}">'
    assert "<x>" not in document


def test_the_framework_is_not_named_to_the_visitor(site):
    document = site.get("/").text
    assert re.search(r"<title>(.*?)</title>", document).group(1) == "Samenspel · beleid vergelijken"
    for phrase in ("Solara ☀️", "Loading resources", "runs on Solara", "Please refresh"):
        assert phrase not in document


def test_every_script_has_the_nonce_of_its_own_answer(site):
    nonces = set()
    for _ in range(2):
        answer = site.get("/")
        nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"]).group(1)
        tags = re.findall(r"<script[^>]*>", answer.text)
        assert len(tags) > 5
        assert all(f'nonce="{nonce}"' in tag for tag in tags)
        nonces.add(nonce)
    assert len(nonces) == 2


def test_the_policy_allows_no_inline_script_and_nothing_from_outside(site):
    policy = dict(
        part.strip().split(" ", 1)
        for part in site.get("/").headers["content-security-policy"].split(";")
        if part.strip()
    )
    assert "'unsafe-inline'" not in policy["script-src"]
    assert policy["default-src"] == policy["object-src"] == policy["frame-ancestors"] == "'none'"
    assert policy["connect-src"] == "'self'"
    assert "http" not in " ".join(policy.values())


@pytest.mark.parametrize("path", ["/", "/health", "/nothing", "/assets/samenspel.css"])
def test_every_answer_has_the_security_headers(site, path):
    headers = site.get(path).headers
    assert headers["x-content-type-options"] == "nosniff"
    assert headers["x-frame-options"] == "DENY"
    assert headers["referrer-policy"] == "same-origin"


def test_an_error_shows_no_detail_and_keeps_the_headers():
    answer = guarded().get("/broken")
    assert answer.status_code == 500
    assert "secret" not in answer.text and "Traceback" not in answer.text
    assert answer.headers["x-frame-options"] == "DENY"


def test_an_error_that_nothing_catches_shows_no_detail_and_keeps_the_headers():
    async def broken(scope, receive, send):
        raise RuntimeError("secret detail")

    client = TestClient(Guard(broken), base_url="http://localhost:8765", raise_server_exceptions=False)
    answer = client.get("/?lang=en")
    assert answer.status_code == 500
    assert answer.text == text("en", "error.server")
    assert answer.headers["x-frame-options"] == "DENY"


def test_the_session_cookie_is_out_of_reach_of_scripts_and_ends_with_the_session(site):
    cookie = site.get("/", headers={"cookie": ""}).headers["set-cookie"]
    assert cookie.startswith("solara-session-id=")
    assert "HttpOnly" in cookie and "samesite=lax" in cookie.lower()
    assert "expires" not in cookie.lower() and "max-age" not in cookie.lower()


def test_a_session_cookie_that_is_not_ours_is_replaced(site):
    cookie = site.get("/", headers={"cookie": "solara-session-id=made-up"}).headers["set-cookie"]
    assert "made-up" not in cookie


def test_a_missing_page_gets_a_sentence_in_the_readers_language(site):
    answer = site.get("/nothing?lang=en", headers={"accept": "text/html"})
    assert answer.status_code == 404
    assert "This page does not exist." in answer.text


@pytest.mark.parametrize("path", ["/resourcez", "/readyz/..%2f", "/_solara/api/evict/x", "/static/public/x"])
def test_routes_that_the_page_does_not_need_are_closed(site, path):
    assert site.get(path).status_code in (404, 405)
    assert site.post(path, headers={"origin": "http://localhost:8765"}).status_code in (404, 405)


@pytest.mark.parametrize(
    "path", ["/assets/../server.py", "/assets/%2e%2e/server.py", "/assets/..%5cserver.py", "/assets//etc/passwd"]
)
def test_no_file_outside_the_assets_is_served(site, path):
    assert site.get(path).status_code == 404


def test_nothing_is_reported_to_anyone_even_when_solara_came_first():
    from solara.server import settings

    settings.telemetry.mixpanel_enable = True  # as when something imported solara before our environment was set
    settings.session.http_only = False
    settings.main.root_path = None
    server.create_app()
    assert settings.telemetry.mixpanel_enable is False
    assert settings.assets.fontawesome_enabled is False
    assert settings.session.http_only is True
    assert settings.main.root_path == ""  # when it is not set, Solara takes it from a visitor's headers


def test_a_prefix_reaches_every_address():
    before = server.warm_up, server.solara_settings.main.root_path
    server.warm_up = lambda: None
    try:
        with TestClient(server.create_app("/samenspel/"), base_url="http://localhost") as client:
            for path in ("/samenspel/", "/"):  # a proxy may or may not cut the prefix off
                document = client.get(path).text
                assert '"/samenspel/assets/samenspel.css' in document
                assert 'solara.rootPath = "/samenspel"' in document
                assert client.get(f"{path}assets/samenspel.css").status_code == 200
            assert client.get("/samenspel/health").json()["status"] == "ok"
            assert "Path=/samenspel/" in client.get("/samenspel/").headers["set-cookie"]
    finally:
        server.warm_up, server.solara_settings.main.root_path = before


@pytest.mark.parametrize("prefix", ["//elsewhere.example", "/a b", "samenspel", "/a/../b?x", '/"x'])
def test_a_strange_prefix_is_refused(prefix):
    with pytest.raises(ValueError, match="root path"):
        server.create_app(prefix)


def test_a_port_that_is_taken_is_said_before_starting():
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        with pytest.raises(OSError, match="choose another one"):
            server.serve(port=taken.getsockname()[1], open_browser=False)


@pytest.mark.parametrize("place", PLACES, ids=lambda place: place.id)
@pytest.mark.parametrize("language", LANGUAGES)
def test_every_page_has_its_own_safe_document(site, place, language):
    answer = site.get(f"{place.path}?lang={language}")
    assert answer.status_code == 200
    document = answer.text
    assert re.search(r"<title>(.*?)</title>", document).group(1) == html.escape(title(place.id, language))
    description = re.search(r'<meta name="description" content="([^"]*)"', document).group(1)
    assert html.unescape(description) == text(language, f"description.{place.id}")
    assert f'<html lang="{language}">' in document
    nonce = re.search(r"'nonce-([^']+)'", answer.headers["content-security-policy"]).group(1)
    assert all(f'nonce="{nonce}"' in tag for tag in re.findall(r"<script[^>]*>", document))
    assert re.findall(r'(?:src|href)="(?:https?:)?//[^"]+"', document) == []
    needed = set(re.findall(r'(?:src|href)="(/[^"]+)"', document))
    assert {address: site.get(address).status_code for address in needed} == dict.fromkeys(needed, 200)


@pytest.mark.parametrize("path", [place.path for place in PLACES] + ["/model/odd"])
def test_one_request_cannot_change_the_addresses_of_any_page(site, path):
    poison = {
        "X-Script-Name": "//elsewhere.example/x",
        "Script-Name": "/elsewhere",
        "X-Forwarded-Host": "elsewhere.example",
        "X-Forwarded-Prefix": "/elsewhere",
        "Forwarded": "host=elsewhere.example",
    }
    for language in LANGUAGES:
        assert "elsewhere" not in site.get(f"{path}?lang={language}", headers=poison).text
        assert "elsewhere" not in site.get(f"{path}?lang={language}").text


def test_a_language_of_a_visitor_never_becomes_markup(site):
    for path in [place.path for place in PLACES] + ["/model/odd", "/nothing"]:
        shown = site.get(f'{path}?lang="><script>alert(1)</script>', headers={"accept": "text/html"}).text
        assert "alert(1)" not in shown


def test_meanings_of_words_cannot_end_their_script(site, monkeypatch):
    held = re.search(r'<script[^>]*id="terms"[^>]*>(.*?)</script>', site.get("/").text, flags=re.S).group(1)
    assert json.loads(held)["trust"]["name"] == text("nl", "term.trust.name")
    hostile = {"x": {"name": "</script><script>alert(1)</script>", "meaning": "<!--"}}
    monkeypatch.setattr(document, "explained", lambda language: hostile)
    made = document.with_language("<html><head></head><body></body></html>", "nl", "")
    assert "alert(1)" in made and "<script>alert(1)" not in made and "<!--" not in made
    held = re.search(r'<script[^>]*id="terms"[^>]*>(.*?)</script>', made, flags=re.S).group(1)
    assert json.loads(held) == hostile


def test_a_proxy_with_https_makes_the_cookie_secure():
    before = server.warm_up
    server.warm_up = lambda: None
    try:
        with TestClient(server.create_app(), base_url="https://localhost") as client:
            assert "secure" in client.get("/").headers["set-cookie"].lower()
    finally:
        server.warm_up = before


def test_idle_sessions_are_ended_and_counted_even_when_solara_came_first():
    from solara.server import settings
    from solara.util import parse_timedelta

    settings.kernel.cull_timeout, settings.kernel.max_per_session = "24h", None
    server.create_app()
    assert parse_timedelta(settings.kernel.cull_timeout) <= 3600  # seconds
    assert 0 < settings.kernel.max_per_session <= 20


@pytest.mark.parametrize("root_path", ["//elsewhere.example", "/a b", "samenspel", "/x/../y", '/"><script>'])
def test_a_root_path_that_could_be_an_address_is_refused(root_path):
    with pytest.raises(ValueError, match="root path"):
        server.create_app(root_path)


def test_a_refusal_speaks_the_readers_language():
    answer = guarded().get("/?lang=en", headers={"host": "elsewhere.example"})
    assert answer.text == text("en", "refused.host")
    assert guarded().get("/", headers={"host": "elsewhere.example"}).text == text("nl", "refused.host")


def test_a_page_cannot_send_long_messages_and_may_be_silent_on_a_busy_machine(monkeypatch):
    given = {}
    monkeypatch.setattr(server.uvicorn, "run", lambda *_, **options: given.update(options))
    server.serve(port=0, open_browser=False)
    assert given["ws_max_size"] <= 1024 * 1024
    assert given["ws_ping_timeout"] >= 60  # seconds
