"""The websocket of a page, and saying goodbye: what is checked before Solara sees it.

Each open page takes a thread and about a megabyte. There is a bound for everybody together and one for each browser (by
its session cookie). Where one is reached, a page that nobody looks at any more makes room; when there is none, the new
page is turned away and tries again by itself. A page is only ever joined or closed by the browser that opened it.
"""

import logging
import re
import threading
from collections import Counter
from collections.abc import Iterable
from contextlib import suppress

import solara.server.settings as solara_settings
import solara.server.starlette as solara_starlette
from anyio import to_thread
from solara.server import kernel_context
from solara.server import server as solara_server
from starlette.requests import Request
from starlette.responses import Response
from starlette.websockets import WebSocket

log = logging.getLogger("samenspel.dashboard")

MOST_PAGES = 400  # that are open at once, by everybody together
MOST_FILES = 8 * MOST_PAGES  # a page takes four: its connection, and three of the event loop of its thread
REFUSED, TRY_LATER = 1008, 1013  # codes with which a websocket is closed
KERNEL = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")
PAGE = re.compile(r"[A-Za-z0-9-]{1,64}")

_lock = threading.Lock()
_open: Counter[str] = Counter()  # websockets by session


def allow_files() -> None:
    """Let this process have as many files open as so many pages take: many systems begin with 256 or 1,024."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return
    allowed, most = resource.getrlimit(resource.RLIMIT_NOFILE)
    wanted = MOST_FILES if most == resource.RLIM_INFINITY else min(MOST_FILES, most)
    if allowed != resource.RLIM_INFINITY and allowed < wanted:
        with suppress(OSError, ValueError):
            resource.setrlimit(resource.RLIMIT_NOFILE, (wanted, most))


async def connection(websocket: WebSocket) -> None:
    """The websocket of a page."""
    kernel, page = websocket.path_params["kernel_id"], websocket.query_params.get("session_id", "")
    session = solara_server.get_session_id_cookie(websocket.cookies) or ""
    known = kernel_context.contexts.get(kernel)
    if not KERNEL.fullmatch(kernel) or not PAGE.fullmatch(page) or (known and known.session_id != session):
        await websocket.close(REFUSED)
        return
    if not _enter(session):
        log.warning("a page was turned away: too many are open")
        await websocket.close(TRY_LATER)
        return
    try:
        if known is None and not await to_thread.run_sync(room, session):
            log.warning("a page was turned away: too many are open")
            await websocket.close(TRY_LATER)
            return
        await solara_starlette.kernel_connection(websocket)
    finally:
        with _lock:
            _open[session] -= 1
            if not _open[session]:
                del _open[session]


def most_of_one() -> int:
    """How many pages one browser may have open at once."""
    return solara_settings.kernel.max_per_session or MOST_PAGES


def _enter(session: str) -> bool:
    """Count a websocket of a session, unless there are too many. A browser that keeps no cookies counts with all
    others that keep none.
    """
    with _lock:
        allowed = _open.total() < MOST_PAGES and (not session or _open[session] < most_of_one())
        if allowed:
            _open[session] += 1
        return allowed


def room(session: str) -> bool:
    """Whether there is room for one more page; one that nobody looks at any more is closed when that is needed.

    Blocks until that page is closed, so it is called on a thread of its own.
    """
    pages = list(kernel_context.contexts.values())
    own = [context for context in pages if context.session_id == session]
    if session and len(own) >= most_of_one():
        return _one_left(own)
    return len(pages) < MOST_PAGES or _one_left(pages)


def _one_left(pages: Iterable[kernel_context.VirtualKernelContext]) -> bool:
    """Close the first of these pages that lost its connection; `False` when all are looked at."""
    for context in pages:
        states = set(context.page_status.values())
        if states and kernel_context.PageStatus.CONNECTED not in states and not context.closed_event.is_set():
            context.close("room was needed")
            return True
    return False


def leave(request: Request) -> Response:
    """A browser tells that a page was closed. Believed only of the browser that opened it."""
    context = kernel_context.contexts.get(request.path_params["kernel_id"])
    page = request.query_params.get("session_id", "")
    session = solara_server.get_session_id_cookie(request.cookies) or ""
    if context is not None and page in context.page_status and session == context.session_id:
        context.page_close(page)
    return Response(headers={"cache-control": "no-store"})
