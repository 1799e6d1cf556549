"""Our own ASGI application, in which Solara is mounted.

    create_app(root_path="") -> Starlette      serve(host, port, open_browser, root_path)

Only the routes that the page needs are taken from Solara. Its document, its static files and its asset mount are
served by our own routes, because the originals take addresses from request headers and look for missing files on the
internet.
"""

import logging
import os
import re
import secrets
import socket
import threading
import uuid
import webbrowser
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from importlib import import_module

import solara.server.settings as solara_settings
import solara.server.starlette as solara_starlette
import uvicorn
from solara.server import server as solara_server
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.middleware.gzip import GZipMiddleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, JSONResponse, PlainTextResponse, Response
from starlette.routing import Mount, Route, WebSocketRoute
from starlette.staticfiles import StaticFiles
from starlette.types import Scope

from dashboard.allocator import give_memory_back
from dashboard.document import NONCE, POLICY, STATIC, with_language
from dashboard.environment import settle
from dashboard.explained.document import ROUTES as DESCRIPTION
from dashboard.exports import ROUTES as EXPORTS
from dashboard.guard import LOOPBACK, Guard
from dashboard.language import text
from dashboard.listening import proper_root_path, usable_port
from dashboard.navigation import PLACES, Place, language_in
from dashboard.simulation import WARM, warm_up
from dashboard.visits import allow_files, connection, leave

log = logging.getLogger("samenspel.dashboard")
SESSION_COOKIE = solara_server.COOKIE_KEY_SESSION_ID
YEAR = "public, max-age=31536000, immutable"
LONGEST_MESSAGE = 256 * 1024  # bytes that a page may send at once; files do not come this way
SECONDS_OF_SILENCE = 60  # after which a page is thought to be gone; a busy machine may take long to answer a ping
LISTENS_EVERYWHERE = frozenset({"0.0.0.0", "::", ""})


class Files(StaticFiles):
    """Static files that carry their version in the address, so a browser may keep them."""

    def file_response(self, full_path, stat_result, scope: Scope, status_code: int = 200) -> Response:  # type: ignore[no-untyped-def]
        response = super().file_response(full_path, stat_result, scope, status_code)
        if scope.get("query_string", b"").startswith(b"v=") or re.search(r"@\d+\.\d+\.\d+/", scope["path"]):
            response.headers["cache-control"] = YEAR
        return response


def language_of(request: Request) -> str:
    """The language in the address; Dutch when there is none or it is unknown."""
    return language_in(request.url.query)


class Page:
    """Serves the document of a page: made once per language, with a fresh nonce for every visitor."""

    def __init__(self, place: Place, root_path: str) -> None:
        self.place = place
        self.root_path = root_path
        self.documents: dict[str, str] = {}
        self.lock = threading.Lock()

    def document(self, language: str) -> str:
        """The document in a language, with a placeholder where the nonce goes."""
        with self.lock:
            if language not in self.documents:
                content = solara_server.read_root(self.place.path, self.root_path)
                if content is None:
                    raise HTTPException(404)
                self.documents[language] = with_language(content, language, self.root_path, self.place.id)
            return self.documents[language]

    def answer(self, request: Request) -> Response:
        """The document for one visitor, with the policy for its scripts and the session cookie."""
        nonce = secrets.token_urlsafe(18)
        response = HTMLResponse(self.document(language_of(request)).replace(NONCE, nonce))
        response.headers["content-security-policy"] = POLICY.format(nonce=nonce)
        response.headers["cache-control"] = "no-store"
        session = request.cookies.get(SESSION_COOKIE, "")
        if not re.fullmatch(r"[0-9a-f-]{36}", session):
            session = str(uuid.uuid4())
        response.set_cookie(
            SESSION_COOKIE,
            session,
            path=f"{self.root_path}/",
            httponly=True,
            samesite="lax",
            secure=request.url.scheme == "https",
        )
        return response


def health(request: Request) -> Response:
    """For the page that waits for the server to come back, and for whoever watches over it. warm: rules compiled."""
    return JSONResponse({"status": "ok", "warm": WARM.is_set()}, headers={"cache-control": "no-store"})


def kernel(request: Request) -> Response:
    """The page asks whether its kernel is there before it reconnects; the websocket itself decides."""
    return JSONResponse({"id": request.path_params["kernel_id"], "name": "samenspel"})


def explain(request: Request, error: Exception) -> Response:
    """Any error as one sentence, never a traceback."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    if status == 500:
        log.exception("error while answering %s", request.url.path, exc_info=error)
    language = language_of(request)
    key = "error.not_found" if status == 404 else "error.server" if status >= 500 else "error.request"
    if "text/html" not in request.headers.get("accept", ""):
        return PlainTextResponse(text(language, key), status)
    home = f"{request.scope.get('root_path', '')}/?lang={language}"
    body = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1"><title>Samenspel</title></head>'
        f'<body><h1>Samenspel</h1><p>{text(language, key)}</p><p><a href="{home}">{text(language, "error.home")}</a>'
        "</p></body></html>"
    )
    policy = "default-src 'none'; base-uri 'none'; frame-ancestors 'none'"
    return HTMLResponse(body, status, headers={"content-security-policy": policy})


@asynccontextmanager
async def lifespan(application: Starlette) -> AsyncIterator[None]:
    """Start and stop Solara with the server, and let the simulation compile while the visitor reads."""
    give_memory_back()
    allow_files()
    import_module("xarray")  # brings pandas: reacton trips over one that another thread is still importing
    async with solara_starlette.lifespan(application):
        warm_up()
        yield


def create_app(root_path: str = "", *, hosts: Sequence[str] = (), any_address: bool = False) -> Starlette:
    """The dashboard as an ASGI application.

    Parameters
    ----------
    root_path: the prefix a reverse proxy shows it under, such as `/samenspel`; empty for none.
    hosts: names it answers to besides `localhost`; names in `SAMENSPEL_HOSTS` (comma-separated) are added.
    any_address: answer to literal IP addresses too.
    """
    root_path = proper_root_path(root_path)
    settle()
    solara_settings.main.root_path = root_path  # once set, Solara never takes it from a visitor's headers
    named = [name.strip() for name in os.environ.get("SAMENSPEL_HOSTS", "").split(",") if name.strip()]
    return Starlette(
        routes=[
            *(Route(place.path, Page(place, root_path).answer) for place in PLACES),
            *DESCRIPTION,
            *EXPORTS,
            Route("/health", health),
            Mount("/assets", Files(directory=STATIC)),
            Route("/jupyter/api/kernels/{kernel_id}", kernel),
            WebSocketRoute("/jupyter/api/kernels/{kernel_id}/{name}", connection),
            Route("/_solara/api/close/{kernel_id}", leave, methods=["POST"]),
            Mount("/_solara/cdn", Files(directory=solara_settings.assets.proxy_cache_dir, check_dir=False)),
            Mount("/static/assets", solara_starlette.StaticAssets()),
            Mount("/jupyter/nbextensions", solara_starlette.StaticNbFiles()),
            Mount("/static", Files(directory=solara_server.solara_static)),
        ],
        middleware=[
            Middleware(Guard, [*hosts, *named], any_address=any_address, root_path=root_path),
            Middleware(GZipMiddleware, minimum_size=1000),
        ],
        exception_handlers={HTTPException: explain, Exception: explain},
        lifespan=lifespan,
    )


def open_when_ready(address: str, host: str, port: int) -> None:
    """Open the browser as soon as the server accepts a connection; give up silently after half a minute."""
    for _ in range(150):
        try:
            socket.create_connection((host, port), timeout=0.2).close()
        except OSError:
            threading.Event().wait(0.2)
        else:
            webbrowser.open(address)
            return


def serve(host: str = "127.0.0.1", port: int = 8765, open_browser: bool = True, root_path: str = "") -> None:
    """Serve the dashboard until interrupted.

    Raises `OSError` with a sentence for people when the port is taken, and `ValueError` for a bad root path.
    """
    everywhere = host in LISTENS_EVERYWHERE
    application = create_app(root_path, hosts=[] if everywhere else [host], any_address=everywhere)
    if everywhere:
        log.warning("listening on every network address of this machine: others on the network can open the dashboard")
    port = usable_port(host, port)
    name = "localhost" if host in LISTENS_EVERYWHERE | LOOPBACK else host
    address = f"http://{name}:{port}{root_path.rstrip('/')}/"
    print(f"Samenspel: {address}", flush=True)
    if open_browser:
        target = "127.0.0.1" if everywhere else host
        threading.Thread(target=open_when_ready, args=(address, target, port), daemon=True).start()
    uvicorn.run(
        application,
        host=host,
        port=port,
        log_level="warning",
        access_log=False,
        server_header=False,
        ws_max_size=LONGEST_MESSAGE,
        ws_ping_timeout=SECONDS_OF_SILENCE,
    )
