"""A visitor without a browser: opens the page over its websocket, moves a slider, and reads what comes back.

It speaks to a running server as the page's own script does (Jupyter messages, of which only the states of the page's
parts and events matter here), so all but the drawing in the browser is in it: websocket, session, computing, figures.
"""

from __future__ import annotations

import asyncio
import json
import time
import urllib.request
import uuid
from collections.abc import Callable
from contextlib import suppress
from typing import Any, cast

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed

QUERY = "/?world=reference&A=regular-meetings&B=structural-funding"
SLIDER = "lever/regular_meetings"


class Visitor:
    """One open page. port: of a server on this machine. Use it with `async with`.

    After `move`, `rough` and `sharp` are the seconds until that answer had come in, or `None`. `fault` is what the page
    said when something failed, and `bytes` what came in.
    """

    def __init__(self, port: int, query: str = QUERY) -> None:
        self.port, self.query = port, query
        self.rough: float | None = None
        self.sharp: float | None = None
        self.fault = ""
        self.bytes = 0
        self._parts: dict[str, dict[str, Any]] = {}
        self._session = uuid.uuid4().hex
        self._begun = 0.0
        self._moves = 0
        self._asked = False  # whether the page has shown, since the last move, that its answer is not there yet
        self._news = asyncio.Condition()
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None

    async def __aenter__(self) -> Visitor:
        """Open the page, and the builder of the first policy."""
        cookie = await asyncio.to_thread(self._cookie)
        self._socket = await connect(
            f"ws://localhost:{self.port}/jupyter/api/kernels/{uuid.uuid4()}/channels?session_id={self._session}",
            additional_headers={"Cookie": cookie},
            origin=cast(Any, f"http://localhost:{self.port}"),
            max_size=None,
            open_timeout=120,
            ping_timeout=120,
        )
        self._reader = asyncio.create_task(self._read())
        control = uuid.uuid4().hex
        await self._send("comm_open", {"comm_id": control, "target_name": "solara.control", "data": {}})
        themes: dict[str, Any] = {"light": {}, "dark": {}}
        arguments = {"path": self.query, "dark": False, "themes": themes, "appName": None}
        await self._send("comm_msg", {"comm_id": control, "data": {"method": "run", "args": arguments}})
        await self._until(lambda: self._part("show") is not None)
        await self._event("show", "A")
        await self._until(lambda: self._part("edit") is not None)
        return self

    async def __aexit__(self, *_: object) -> None:
        """Close the page."""
        if self._socket is not None:
            await self._socket.close()
        if self._reader is not None:
            await self._reader

    async def move(self, level: float) -> None:
        """Move the slider of regular meetings."""
        self._moves += 1
        self.rough = self.sharp = None
        self._asked = False
        self._begun = time.perf_counter()
        await self._event("edit", {"key": SLIDER, "raw": f"={level}", "seq": self._moves})

    async def answered(self, seconds: float = 120.0) -> float:
        """Seconds from the last move to its rough answer. Raises `TimeoutError`, or `ConnectionError`."""
        await self._until(lambda: self.rough is not None, seconds)
        assert self.rough is not None
        return self.rough

    def _cookie(self) -> str:
        with urllib.request.urlopen(f"http://localhost:{self.port}{self.query}", timeout=120) as answer:
            return str(answer.headers["set-cookie"]).partition(";")[0]

    def _part(self, event: str) -> dict[str, Any] | None:
        """The part of the page that takes an event."""
        return next((part for part in self._parts.values() if event in (part.get("events") or ())), None)

    async def _event(self, event: str, data: Any) -> None:
        name = next(name for name, part in self._parts.items() if event in (part.get("events") or ()))
        content = {"event": event, "data": data}
        await self._send("comm_msg", {"comm_id": name, "data": {"method": "custom", "content": content}})

    async def _send(self, kind: str, content: dict[str, Any]) -> None:
        assert self._socket is not None
        header = {"msg_id": uuid.uuid4().hex, "msg_type": kind, "session": self._session, "username": "", "date": ""}
        message = {"header": header, "content": content, "channel": "shell"}
        await self._socket.send(json.dumps({**message, "metadata": {}, "parent_header": {}, "buffers": []}))

    async def _until(self, true: Callable[[], bool], seconds: float = 300.0) -> None:
        """Wait for something to become true; the reader looks after each message."""

        def over() -> bool:
            return true() or self._reader is None or self._reader.done()

        async with asyncio.timeout(seconds), self._news:
            await self._news.wait_for(over)
        if not true():
            assert self._socket is not None
            raise ConnectionError(f"closed: {self._socket.close_code} {self._socket.close_reason} {self.fault}".strip())

    async def _read(self) -> None:
        """Keep the state of every part of the page, and note when answers come in."""
        assert self._socket is not None
        try:
            with suppress(ConnectionClosed):
                async for frame in self._socket:
                    self.bytes += len(frame)
                    self._take(json.loads(frame))
                    async with self._news:
                        self._news.notify_all()
        finally:
            asyncio.get_running_loop().call_soon(asyncio.ensure_future, self._tell())

    async def _tell(self) -> None:
        async with self._news:
            self._news.notify_all()

    def _take(self, message: dict[str, Any]) -> None:
        content = message["content"]
        name, data = content.get("comm_id"), content.get("data", {})
        if message["msg_type"] == "comm_close":
            self._parts.pop(name, None)
        elif message["msg_type"] == "comm_open" or data.get("method") == "update":
            self._parts.setdefault(name, {}).update(data["state"])
            if "shown" in data["state"] or "older" in data["state"]:
                self._look()

    def _look(self) -> None:
        """Whether the answer to the last move is there: the builder heard it, and then one came that is not older."""
        builder, shown = self._part("edit"), self._part("ask")
        if builder is None or shown is None or not self._moves or builder["shown"]["heard"] < self._moves:
            return
        standing = shown["shown"]
        self.fault = self.fault or standing.get("fault", "")
        if shown["older"] or not standing["headline"]:
            self._asked = True
            return
        if not self._asked:  # the builder's news of a drawing comes before the answer's: this is the answer before
            return
        took = time.perf_counter() - self._begun
        if self.rough is None:
            self.rough = took
        if standing["phase"] == "done" and self.sharp is None:
            self.sharp = took
