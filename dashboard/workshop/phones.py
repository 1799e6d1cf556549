"""What phones get: a separate listener on a port of its own that serves plain HTML for answering, and nothing else.

It starts no Solara session and knows no file. It answers to literal addresses and this machine's own names only, takes
answers from its own pages only, and reads at most `LARGEST_BODY` bytes. Who tries many codes has to wait. A phone is a
random token in a cookie: no name, no account; a page that is loaded again keeps its place.
"""

from __future__ import annotations

import html
import logging
import re
import secrets
import socket
import threading
import time
from collections.abc import Iterable
from dataclasses import dataclass
from pathlib import Path
from urllib.parse import parse_qs

import uvicorn
from starlette.applications import Starlette
from starlette.exceptions import HTTPException
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import HTMLResponse, RedirectResponse, Response
from starlette.routing import Route

from dashboard.guard import Guard
from dashboard.language import DEFAULT_LANGUAGE, LANGUAGES, text
from dashboard.workshop.places import filled_in
from dashboard.workshop.predictions import Asked
from dashboard.workshop.room import Room
from dashboard.workshop.rooms import ROOMS
from dashboard.workshop.telling import capital
from dashboard.workshop.tries import Tries

log = logging.getLogger("samenspel.dashboard")

COOKIE = "samenspel_phone"
TOKEN = re.compile(r"[A-Za-z0-9_-]{22}")
CODE = re.compile(r"[0-9]{4}")
NUMBER = re.compile(r"[0-9]{1,3}")
LARGEST_BODY = 1000
LOOK_AGAIN = 3  # seconds after which a waiting page looks again
MOST_CONNECTIONS = 400
POLICY = (
    "default-src 'none'; style-src 'unsafe-inline'; img-src data:; form-action 'self'; base-uri 'none'; "
    "frame-src {frames}; frame-ancestors {around}"
)
NOTICES = {"late": "workshop.phone.late", "unknown": "workshop.phone.choose_one"}  # by what `Room.choose` says
TRIES = Tries()
STYLE = Path(__file__).with_name("phones.css").read_text(encoding="utf-8")


def language_of(request: Request, room: Room | None = None) -> str:
    """The language asked for in the address, or else the room's own."""
    wanted = request.query_params.get("lang", "")
    return wanted if wanted in LANGUAGES else room.language if room is not None else DEFAULT_LANGUAGE


def page(language: str, body: str, *, again: bool = False, room: Room | None = None, status: int = 200) -> Response:
    """A whole page; ``again``: it looks again by itself, without what the address says went wrong."""
    other = next(each for each in LANGUAGES if each != language)
    where = f"/{room.code}" if room is not None else "/"
    code = html.escape(text(language, "workshop.phone.code", code=room.code)) if room is not None else ""
    whole = (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">'
        '<meta name="viewport" content="width=device-width, initial-scale=1">'
        f"<title>Samenspel</title>{refresh(f'{where}?lang={language}') if again else ''}"
        f"<style>{STYLE}</style></head><body><header>Samenspel<span>{code}</span></header><main>{body}</main>"
        f"<footer>{html.escape(text(language, 'workshop.phone.privacy'))} "
        f'<a href="{where}?lang={other}" lang="{other}">{text(other, "workshop.phone.this_language")}</a></footer>'
        "</body></html>"
    )
    return unkept(whole, status)


def refresh(where: str) -> str:
    """What makes a page look again by itself."""
    return f'<meta http-equiv="refresh" content="{LOOK_AGAIN}; url={html.escape(where)}">'


def unkept(whole: str, status: int = 200, *, framed: bool = False) -> Response:
    """An answer that no browser keeps; ``framed``: our own page may show it inside itself, and no other."""
    answer = HTMLResponse(whole, status)
    frames, around = ("'none'", "'self'") if framed else ("'self'", "'none'")
    answer.headers["content-security-policy"] = POLICY.format(frames=frames, around=around)
    answer.headers["cache-control"] = "no-store"
    if framed:
        answer.headers["x-frame-options"] = "SAMEORIGIN"
    return answer


def door(request: Request) -> Response:
    """Where a code is typed."""
    language = language_of(request)
    typed = re.sub(r"\s", "", request.query_params.get("code", ""))
    if typed and TRIES.too_many(address_of(request)):
        return wait_a_minute(language)
    if CODE.fullmatch(typed) and ROOMS.by_code(typed) is not None:
        return RedirectResponse(f"/{typed}?lang={language}", 303)
    if typed:
        TRIES.wrong(address_of(request))
    return page(language, door_form(language, wrong=bool(typed)), status=404 if typed else 200)


def address_of(request: Request) -> str:
    """Where a request comes from."""
    return request.client.host if request.client is not None else ""


def wait_a_minute(language: str) -> Response:
    """What an address gets that tried many wrong codes."""
    return page(language, f"<h1>{html.escape(text(language, 'workshop.phone.many_codes'))}</h1>", status=429)


def refused(request: Request, room: Room | None, language: str) -> Response | None:
    """What somebody gets who does not come in: the code is wrong, or too many were; None: come in. A phone that takes
    part already never has to wait."""
    if room is not None and token_of(request) in room.phones:
        return None
    if TRIES.too_many(address_of(request)):
        return wait_a_minute(language)
    if room is None:
        TRIES.wrong(address_of(request))
        return page(language, door_form(language, wrong=True), status=404)
    return None


def door_form(language: str, *, wrong: bool) -> str:
    """The form for the code, with a sentence when the one given opens nothing."""
    told = f'<p class="n" role="alert">{html.escape(text(language, "workshop.phone.wrong_code"))}</p>' if wrong else ""
    words = html.escape(text(language, "workshop.phone.type_code"))
    return (
        f'{told}<h1><label for="c">{words}</label></h1><form action="/" method="get">'
        f'<input type="hidden" name="lang" value="{language}">'
        '<input class="c" id="c" name="code" inputmode="numeric" autocomplete="off" maxlength="6" required>'
        f"<button>{html.escape(text(language, 'workshop.phone.enter'))}</button></form>"
    )


def room_of(request: Request) -> Room | None:
    """The room of the code in the address; None: there is none. While its leader chooses another session, those who
    take part stay in it."""
    code = request.path_params["code"]
    room = ROOMS.by_code(code) if CODE.fullmatch(code) else None
    return room if room is not None and (room.begun or token_of(request) in room.phones) else None


def come_in(request: Request) -> tuple[Room, str] | Response:
    """The room of a request and its language, or what somebody gets who does not come in."""
    room = room_of(request)
    language = language_of(request, room)
    no = refused(request, room, language)
    if no is not None:
        return no
    assert room is not None
    return room, language


def number_now(room: Room) -> str:
    """The number of the question that was put last, as forms and addresses have it."""
    return str(len(room.asked) - 1)


def token_of(request: Request) -> str:
    """The phone's token; empty: it has none yet."""
    found = request.cookies.get(COOKIE, "")
    return found if TOKEN.fullmatch(found) else ""


def visit(request: Request) -> Response:
    """What a phone sees now: the question, its answer, or that there is nothing to do yet."""
    entered = come_in(request)
    if isinstance(entered, Response):
        return entered
    room, language = entered
    token = token_of(request) or secrets.token_urlsafe(16)
    if not room.join(token):
        return page(language, f"<h1>{html.escape(text(language, 'workshop.phone.full'))}</h1>", room=room, status=503)
    told = request.query_params.get("m", "")
    with room.lock:
        answer = state_page(room, token, language, told, change="change" in request.query_params)
    answer.set_cookie(COOKIE, token, max_age=12 * 3600, httponly=True, samesite="strict", path="/")
    return answer


def state_page(room: Room, token: str, language: str, told: str, *, change: bool) -> Response:
    """The page for where the room and this phone are."""
    asked = room.current
    why, _, number = told.partition("-")
    notice = ""
    if why in NOTICES and number == number_now(room):  # of before a later question: told, and done with
        notice = f'<p class="n" role="alert">{html.escape(text(language, NOTICES[why]))}</p>'
    if asked is None:
        return page(language, notice + waiting(language), again=True, room=room)
    chosen = asked.phones.get(token)
    if asked.open and (chosen is None or change):
        return page(language, notice + question_form(room, asked, chosen, language), room=room)
    name = option_words(room, asked, chosen, language) if chosen else ""
    if asked.open:
        body = (
            f"<h1>{html.escape(text(language, 'workshop.phone.taken'))}</h1>"
            f'<p class="n">{html.escape(name)}</p><p class="s">{waits(language)}</p>'
            f'<a class="b" href="/{room.code}?lang={language}&change=1">'
            f"{html.escape(text(language, 'workshop.phone.change'))}</a>"
        )
    else:
        mine = (
            text(language, "workshop.phone.yours", answer=name) if name else text(language, "workshop.phone.not_yours")
        )
        body = f"<h1>{html.escape(text(language, 'workshop.phone.closed'))}</h1><p>{html.escape(mine)}</p>"
        body += f'<p class="s">{waits(language)}</p>'
    return page(language, notice + body, again=True, room=room)


def waiting(language: str) -> str:
    """That this phone takes part, and that a question will come."""
    words = html.escape(text(language, "workshop.phone.wait"))
    return f'<h1>{words}</h1><p class="s">{waits(language)}</p>'


def waits(language: str) -> str:
    """That the page looks again by itself."""
    return html.escape(text(language, "workshop.phone.look_up"))


def option_words(room: Room, asked: Asked, option: str, language: str) -> str:
    """The words of an answer."""
    found = next((each for each in asked.question.options if each.id == option), None)
    if found is None:
        return ""
    departures = room.departures(asked.future, asked.position)
    return capital(filled_in(found.words[language], room.naming, departures, language))


def question_form(room: Room, asked: Asked, chosen: str | None, language: str) -> str:
    """The question with its answers."""
    number = number_now(room)
    departures = room.departures(asked.future, asked.position)
    words = capital(filled_in(asked.question.words[language], room.naming, departures, language))
    options = "".join(
        f'<label class="o"><input type="radio" name="answer" value="{option.id}" required'
        f"{' checked' if option.id == chosen else ''}><b>{option.id if len(option.id) == 1 else place + 1}</b>"
        f"<span>{html.escape(option_words(room, asked, option.id, language))}</span></label>"
        for place, option in enumerate(asked.question.options)
    )
    return (
        f'<iframe src="/{room.code}/open?lang={language}&number={number}&mark={asked.mark}" '
        f'title="{html.escape(text(language, "workshop.phone.still"))}"></iframe>'
        f'<form action="/{room.code}?lang={language}" method="post"><h1>{html.escape(words)}</h1>'
        f"<fieldset><legend>{html.escape(text(language, 'workshop.phone.legend'))}</legend>{options}</fieldset>"
        f'<input type="hidden" name="number" value="{number}"><input type="hidden" name="mark" value="{asked.mark}">'
        f"<button>{html.escape(text(language, 'workshop.phone.send'))}</button></form>"
    )


def still_open(request: Request) -> Response:
    """Above a question: that it can be answered, or that it is closed and the way on. It looks again by itself, so that
    the page around it need not, and no answer that is being chosen gets lost."""
    entered = come_in(request)
    if isinstance(entered, Response):
        return entered
    room, language = entered
    number, mark = (request.query_params.get(name, "") for name in ("number", "mark"))
    if NUMBER.fullmatch(number) and room.is_open(int(number), mark):
        again = refresh(f"/{room.code}/open?lang={language}&number={number}&mark={mark}")
        body = f'<p class="s">{html.escape(text(language, "workshop.phone.now"))}</p>'
    else:
        again = ""
        body = (
            f'<p class="n" role="alert">{html.escape(text(language, "workshop.phone.over"))} '
            f'<a target="_top" href="/{room.code}?lang={language}">'
            f"{html.escape(text(language, 'workshop.phone.on'))}</a></p>"
        )
    title = html.escape(text(language, "workshop.phone.still"))
    return unkept(
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8"><title>{title}</title>{again}'
        f'<style>{STYLE}</style></head><body class="f">{body}</body></html>',
        framed=True,
    )


async def answer(request: Request) -> Response:
    """A phone answers."""
    raw = b""
    async for chunk in request.stream():
        raw += chunk
        if len(raw) > LARGEST_BODY:
            raise HTTPException(413)
    entered = come_in(request)
    if isinstance(entered, Response):
        return entered
    room, language = entered
    token = token_of(request)
    values = parse_qs(raw.decode("latin-1"), max_num_fields=8)
    number, option, mark = (values.get(name, [""])[0] for name in ("number", "answer", "mark"))
    back = f"/{room.code}?lang={language}"
    if not token or not room.join(token):
        return RedirectResponse(back, 303)  # cookies are off or the room is full: the page says what to do
    if not NUMBER.fullmatch(number):
        return RedirectResponse(back, 303)
    came = room.choose(token, int(number), option, mark)
    return RedirectResponse(f"{back}&m={came}-{number_now(room)}" if came in NOTICES else back, 303)


def explain(request: Request, error: Exception) -> Response:
    """Any error as one sentence."""
    status = error.status_code if isinstance(error, HTTPException) else 500
    language = language_of(request)
    key = "workshop.phone.not_found" if status in (404, 405) else "workshop.phone.refused"
    return page(language, f"<h1>{html.escape(text(language, key))}</h1>", status=status)


def create_phones(hosts: Iterable[str] = ()) -> Starlette:
    """The listener as an ASGI application; ``hosts``: names it answers to, besides literal addresses."""
    return Starlette(
        routes=[
            Route("/", door, methods=["GET"]),
            Route("/{code}", visit, methods=["GET"]),
            Route("/{code}", answer, methods=["POST"]),
            Route("/{code}/open", still_open, methods=["GET"]),
        ],
        middleware=[Middleware(Guard, hosts, any_address=True)],
        exception_handlers={HTTPException: explain, Exception: explain},
    )


@dataclass
class Listener:
    """A listener that runs: its address for phones, and how to stop it."""

    address: str
    server: uvicorn.Server
    thread: threading.Thread

    def stop(self) -> None:
        """Stop listening."""
        self.server.should_exit = True
        self.thread.join(5)


def own_address() -> str:
    """This machine's address on the network that phones may share; loopback when there is no network. Nothing is
    sent."""
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as probe:
        try:
            probe.connect(("192.0.2.1", 9))  # an address of documentation: only the route is looked up
            found: str = probe.getsockname()[0]
        except OSError:
            return "127.0.0.1"
    return found


def start(port: int, host: str = "0.0.0.0") -> Listener:
    """Listen for phones on a port (0: any that is free). Raises OSError when it cannot be used."""
    bound = socket.socket(socket.AF_INET, socket.SOCK_STREAM)
    bound.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
    try:
        bound.bind((host, port))
    except OSError as error:
        bound.close()
        raise OSError(f"port for phones: {port} cannot be used ({error.strerror}); choose another one") from None
    name = own_address() if host == "0.0.0.0" else host
    address = f"http://{name}:{bound.getsockname()[1]}"
    config = uvicorn.Config(
        create_phones(), log_level="warning", access_log=False, server_header=False, limit_concurrency=MOST_CONNECTIONS,
        timeout_keep_alive=5, h11_max_incomplete_event_size=16_384, ws="none", lifespan="off",
    )  # fmt: skip
    server = uvicorn.Server(config)
    thread = threading.Thread(target=server.run, kwargs={"sockets": [bound]}, name="phones", daemon=True)
    thread.start()
    deadline = time.monotonic() + 10
    while not server.started and thread.is_alive() and time.monotonic() < deadline:
        time.sleep(0.01)
    return Listener(address, server, thread)


def lead(port: int) -> tuple[Listener, str]:
    """Let this server have leaders with a token, and phones; returns the listener and the token."""
    listener = start(port)
    ROOMS.token = secrets.token_urlsafe(12)
    ROOMS.phones_at = listener.address
    return listener, ROOMS.token
