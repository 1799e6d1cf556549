"""What every request passes first: who may ask, from where, and which headers go back.

Pure ASGI, so that it also sees websockets. It refuses a foreign `Host` (a page elsewhere that points its own name at
this machine) and a foreign `Origin` (a page elsewhere that opens a websocket here), removes headers with which one
request could change the addresses in pages of later visitors, and adds the security headers.
"""

import ipaddress
import logging
from collections.abc import Awaitable, Callable, Iterable, MutableMapping
from typing import Any
from urllib.parse import urlsplit

from dashboard.language import text
from dashboard.navigation import language_in

log = logging.getLogger("samenspel.dashboard")

Scope = MutableMapping[str, Any]
Receive = Callable[[], Awaitable[MutableMapping[str, Any]]]
Send = Callable[[MutableMapping[str, Any]], Awaitable[None]]
Application = Callable[[Scope, Receive, Send], Awaitable[None]]

LOOPBACK = frozenset({"localhost", "127.0.0.1", "::1"})
READING = frozenset({"GET", "HEAD", "OPTIONS"})
STRIPPED = frozenset({b"script-name", b"x-script-name", b"x-forwarded-host", b"x-forwarded-prefix", b"x-original-url"})
HEADERS = (
    (b"x-content-type-options", b"nosniff"),
    (b"x-frame-options", b"DENY"),
    (b"referrer-policy", b"same-origin"),  # "no-referrer" would make browsers send Origin: null on our own forms
    (b"cross-origin-opener-policy", b"same-origin"),
    (b"cross-origin-resource-policy", b"same-origin"),
    (b"permissions-policy", b"camera=(), microphone=(), geolocation=(), payment=(), usb=()"),
)


def host_name(authority: str) -> str | None:
    """The name in a `Host` header without its port, in lower case; `None` when it is not a plain host."""
    if not authority or any(character in authority for character in "/\\@?# \t,"):
        return None
    try:
        parts = urlsplit(f"//{authority}")
        parts.port  # noqa: B018 - raises on a port that is no number
        name = parts.hostname
    except ValueError:
        return None
    return name.rstrip(".") if name else None


def is_address(name: str) -> bool:
    """Whether a host name is a literal IP address."""
    try:
        ipaddress.ip_address(name)
    except ValueError:
        return False
    return True


class Guard:
    """ASGI middleware around the whole application.

    Parameters
    ----------
    application: what is guarded.
    hosts: host names that may be asked for, besides this machine's loopback names.
    any_address: also accept any literal IP address (when the server listens on all of them). A rebinding attack
        needs a *name*, so a literal address is safe.
    root_path: prefix under which a reverse proxy shows the dashboard, e.g. `/samenspel`; empty for none.
    """

    def __init__(
        self, application: Application, hosts: Iterable[str] = (), *, any_address: bool = False, root_path: str = ""
    ) -> None:
        self.application = application
        self.hosts = LOOPBACK | {host.lower() for host in hosts}
        self.any_address = any_address
        self.root_path = root_path.rstrip("/")

    def accepts_host(self, name: str | None) -> bool:
        """Whether this server answers to that name."""
        return name is not None and (name in self.hosts or (self.any_address and is_address(name)))

    def accepts_origin(self, origin: str, authority: str) -> bool:
        """Whether a page of that origin may open a websocket or post here: only our own pages may."""
        parts = urlsplit(origin)
        if parts.scheme not in ("http", "https") or not parts.netloc:
            return False
        return parts.netloc.lower() == authority.lower() or host_name(parts.netloc) in self.hosts - LOOPBACK

    def refusal(self, scope: Scope) -> tuple[int, str] | None:
        """Status and key of the sentence with which a request is refused, or `None` when it may pass."""
        headers = [(name.lower(), value.decode("latin-1")) for name, value in scope["headers"]]
        authorities = [value for name, value in headers if name == b"host"]
        if len(authorities) != 1 or not self.accepts_host(host_name(authorities[0])):
            return 400, "refused.host"
        origins = [value for name, value in headers if name == b"origin"]
        if scope["type"] == "websocket":
            if len(origins) != 1 or not self.accepts_origin(origins[0], authorities[0]):
                return 403, "refused.connect"
        elif scope["method"] not in READING and any(
            not self.accepts_origin(origin, authorities[0]) for origin in origins
        ):
            return 403, "refused.send"
        return None

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        if scope["type"] not in ("http", "websocket"):
            await self.application(scope, receive, send)
            return
        refusal = self.refusal(scope)
        if refusal is not None:
            await refuse(scope, receive, send, *refusal)
            return
        scope = dict(scope)
        scope["headers"] = [(name, value) for name, value in scope["headers"] if name.lower() not in STRIPPED]
        self.place(scope)
        if scope["type"] == "websocket":
            await self.application(scope, receive, send)
        else:
            await self.answer(scope, receive, with_headers(send))

    async def answer(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Pass a request on; an error that nothing else caught becomes one sentence, with all headers."""
        started = False

        async def watched(message: MutableMapping[str, Any]) -> None:
            nonlocal started
            started = started or message["type"] == "http.response.start"
            await send(message)

        try:
            await self.application(scope, receive, watched)
        except Exception:
            log.exception("error while answering %s", scope["path"])
            if started:
                raise
            await refuse(scope, receive, send, 500, "error.server")

    def place(self, scope: Scope) -> None:
        """Put the request under the root path, whether or not the proxy cut the prefix off."""
        scope["root_path"] = self.root_path
        path = scope["path"]
        if self.root_path and not (path == self.root_path or path.startswith(self.root_path + "/")):
            scope["path"] = self.root_path + path


def with_headers(send: Send) -> Send:
    """A `send` that adds the security headers an answer does not have yet."""

    async def guarded(message: MutableMapping[str, Any]) -> None:
        if message["type"] == "http.response.start":
            present = {name.lower() for name, _ in message.get("headers", ())}
            added = [header for header in HEADERS if header[0] not in present]
            message = {**message, "headers": [*message.get("headers", ()), *added]}
        await send(message)

    return guarded


async def refuse(scope: Scope, receive: Receive, send: Send, status: int, key: str) -> None:
    """Answer with one plain sentence, in the language of the address, and nothing else."""
    sentence = text(language_in(scope.get("query_string", b"").decode("latin-1")), key)
    if scope["type"] == "websocket":
        await receive()
        await send({"type": "websocket.close", "code": 1008, "reason": sentence})
        return
    body = sentence.encode()
    headers = [(b"content-type", b"text/plain; charset=utf-8"), (b"content-length", str(len(body)).encode())]
    guarded = with_headers(send)
    await guarded({"type": "http.response.start", "status": status, "headers": headers})
    await guarded({"type": "http.response.body", "body": b"" if scope["method"] == "HEAD" else body})
