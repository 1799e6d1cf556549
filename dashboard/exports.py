"""What a visitor takes home, and the one thing he can bring: files made from the address, and a policy as YAML.

    GET  /export/memo.pdf · memo.html · results.csv        ?<query of the page>
    GET  /export/figure.png · figure.svg · figure.csv      ?<query>&figure=<id>
    GET  /export/scenario.yaml                             ?<query>&policy=A
    POST /upload                                           ?<query>, the file as body

Each file is made anew from the address, on the pool that all visitors share; results and files are kept by content.
Whatever is wrong is refused with a sentence in the reader's language.
"""

import asyncio
import logging
import re
import threading
from collections.abc import Callable, Sequence
from dataclasses import replace
from datetime import UTC, datetime
from typing import Any
from urllib.parse import unquote

from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, PlainTextResponse, Response
from starlette.routing import Route

from dashboard import explaining, memo, outcomes, own, reproduce, simulation, spreadsheet, why
from dashboard.answer import FIGURE_KINDS, LARGEST_UPLOAD, WHY, address_of, figures, label, over_years
from dashboard.figures import Figure
from dashboard.language import DEFAULT_LANGUAGE, LANGUAGES, named, text
from dashboard.memory import Shelf
from dashboard.naming import with_worlds_named
from dashboard.pool import SHARP, Ticket
from dashboard.session import POOL, RESULTS, SHARP_WORLDS, explained, known
from dashboard.state import NOW, Choice, opened

log = logging.getLogger("samenspel.dashboard")

SECONDS = 180  # that a file may take, waiting included
AT_ONCE = 8  # files that are being made or wait for it; more are refused
SECONDS_OF_UPLOAD = 60  # that a file of at most 64 kB may be on its way
LONGEST_QUERY = 16_000
FILES = Shelf(40_000_000, len)  # what was made, by content
TYPES = {
    "pdf": "application/pdf",
    "html": "text/html; charset=utf-8",
    "csv": "text/csv; charset=utf-8",
    "png": "image/png",
    "svg": "image/svg+xml",
    "yaml": "application/yaml; charset=utf-8",
}
# A file that is opened by itself may load and run nothing.
SEALED = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; font-src data:; frame-ancestors 'none'; sandbox"

_busy = threading.BoundedSemaphore(AT_ONCE)


class RefusedError(Exception):
    """A request that is not followed: a status and a sentence for the reader."""

    def __init__(self, status: int, sentence: str) -> None:
        super().__init__(sentence)
        self.status, self.sentence = status, sentence


def language_of(request: Request) -> str:
    """The language in the address."""
    wanted = request.query_params.get("lang", DEFAULT_LANGUAGE)
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def choice_of(request: Request) -> Choice:
    """The choice in the address. Raises `RefusedError` with a sentence when something in it cannot be followed."""
    query = request.url.query
    if len(query) > LONGEST_QUERY:
        raise RefusedError(414, text(language_of(request), "export.too_long"))
    read = opened(
        query,
        simulation.policies(),
        simulation.worlds(),
        simulation.default_choice(),
        stamp=simulation.stamp(),
        horizons=simulation.horizons,
    )
    if read.faults:
        raise RefusedError(400, " ".join(read.faults))
    return read.choice


def compared(choice: Choice, ticket: Ticket) -> Any:
    """The result of a choice: a kept one, or computed now. Runs on a thread of the pool; `None` when cancelled."""
    result = known(choice)
    if result is None:
        result = simulation.run(choice, SHARP_WORLDS, None, ticket.stopped)
        if result is not None:
            RESULTS.put((choice.question, SHARP_WORLDS), result)
    return None if result is None else simulation.labelled(result, choice)


async def made(
    request: Request,
    choice: Choice,
    name: str,
    make: Callable[[Any, Sequence[Any]], bytes],
    explained_slots: Sequence[str] = (),
) -> bytes:
    """A file from the result of a choice, made on the shared pool from the sharpest there is. Raises `RefusedError`.

    name: what the file is, besides the choice. make: from a result and explanations to bytes; runs on a thread of the
    pool. explained_slots: the policies of which the file says why.

    Files are kept by what they are made of: the number of worlds of the result and of each explanation are part of the
    key, so that a file of hasty reasons is not given any more once there are sharper ones.
    """
    language = choice.language
    if not choice.slots:
        raise RefusedError(400, text(language, "export.nothing"))
    kept = known(choice)
    key = (name, address_of(choice), simulation.stamp(), datetime.now(UTC).date())
    if kept is not None:
        for worlds in ((why.WORLDS,) * len(explained_slots), worlds_of_reasons(choice, explained_slots)):
            file = FILES.get((*key, kept.replicates, worlds))
            if file is not None:
                return bytes(file)
    if not _busy.acquire(blocking=False):
        raise RefusedError(503, text(language, "export.busy"))
    loop = asyncio.get_running_loop()
    future: asyncio.Future[bytes | None] = loop.create_future()

    def settle(value: bytes | None, error: Exception | None) -> None:
        if future.done():
            return
        if error is not None:
            future.set_exception(error)
        else:
            future.set_result(value)

    def work(ticket: Ticket) -> None:
        value, failure = None, None
        try:
            result = compared(choice, ticket)
            if result is not None and not ticket.cancelled():
                because = [explanation(choice, slot, ticket) for slot in explained_slots]
                value = make(result, because)
                worlds = tuple(each.replicates for each in because)
                FILES.put((*key, result.replicates, worlds), value)
        except Exception as error:  # told to the visitor, below
            failure = error
        loop.call_soon_threadsafe(settle, value, failure)

    ticket = POOL.submit(work, SHARP, "export")
    try:
        file = await patiently(request, future)
    finally:
        ticket.cancel()
        _busy.release()
    if file is None:
        raise RefusedError(503, text(language, "export.busy"))
    return file


async def patiently(request: Request, future: "asyncio.Future[bytes | None]") -> bytes | None:
    """Wait for a file, unless it takes too long or the visitor left."""
    language = language_of(request)
    for _ in range(SECONDS * 2):
        done, _ = await asyncio.wait([future], timeout=0.5)
        if done:
            try:
                return future.result()
            except RefusedError:
                raise
            except Exception as error:
                log.exception("an export failed")
                known_reason = callable(getattr(error, "sentence", None))
                raise RefusedError(400 if known_reason else 500, explained(error, language)) from None
        if await request.is_disconnected():
            return None
    return None


def explained_in(choice: Choice) -> tuple[str, ...]:
    """The policies of which the page says why: those that are looked at."""
    return tuple(slot for slot in choice.pair or () if slot != NOW)


def explained_in_memo(choice: Choice) -> tuple[str, ...]:
    """The policies of which the memo says why: all of them, those that are looked at first."""
    return tuple(dict.fromkeys((*explained_in(choice), *choice.slots)))


def worlds_of_reasons(choice: Choice, slots: Sequence[str]) -> tuple[int, ...]:
    """In how many worlds the reasons are worked out that a file would get now, for each of the policies."""
    kept = (explaining.KEPT.get(explaining.key_of(choice, slot)) for slot in slots)
    return tuple(why.HASTY if each is None else each.replicates for each in kept)


def explanation(choice: Choice, slot: str, ticket: Ticket) -> Any:
    """The reasons why a policy differs from going on as now: the kept ones, or else hasty ones, worked out now in fewer
    worlds (they take nearly all the time of a memo, and say in how many). Raises `RefusedError` when the work was
    cancelled half-way.
    """
    found = explaining.KEPT.get(explaining.key_of(choice, slot))
    if found is None:
        found = why.explanation_of(choice, slot, replicates=why.HASTY, cancelled=ticket.stopped)
    if found is None:
        raise RefusedError(503, text(choice.language, "export.busy"))
    return found


def reasons(choice: Choice, slots: Sequence[str], because: Sequence[Any]) -> list[Figure]:
    """Reasons as figures. because: the explanations of these policies."""
    about = outcomes.main(choice)
    found = []
    for slot, each in zip(slots, because, strict=True):
        note = over_years(choice, about)
        drawn = why.figure_of(each, choice.language, about, slot, called=label(choice, slot), note=note)
        found.append(replace(drawn, id=f"{WHY}-{slot}"))
    return found


def file_name(choice: Choice, kind: str, *parts: str) -> str:
    """A name for a download: plain letters only, so that it can stand in a header and on any disk."""
    words = "-".join(["samenspel", *parts, *choice.slots.values()])
    return f"{re.sub(r'[^a-z0-9-]+', '-', words.lower())[:80].strip('-')}.{kind}"


def download(content: bytes, kind: str, name: str) -> Response:
    """A file that the browser saves; opened by itself it can do nothing."""
    headers = {
        "content-disposition": f'attachment; filename="{name}"',
        "content-security-policy": SEALED,
        "cache-control": "no-store",
    }
    return Response(content, media_type=TYPES[kind], headers=headers)


def refused(error: RefusedError) -> Response:
    """A refusal as one sentence."""
    headers = {"cache-control": "no-store"}
    if error.status == 503:
        headers["retry-after"] = "10"
    return PlainTextResponse(error.sentence, error.status, headers=headers)


async def memo_file(request: Request) -> Response:
    """The memo, as PDF or as HTML."""
    kind = request.path_params["kind"]
    try:
        if kind not in ("pdf", "html"):
            raise RefusedError(404, text(language_of(request), "error.not_found"))
        choice = choice_of(request)
        write = memo.pdf if kind == "pdf" else memo.html

        slots = explained_in_memo(choice)

        def make(result: Any, because: Sequence[Any]) -> bytes:
            return write(memo.written(choice, result, reasons(choice, slots, because)))

        content = await made(request, choice, f"memo.{kind}", make, slots)
        return download(content, kind, file_name(choice, kind, "memo"))
    except RefusedError as error:
        return refused(error)


async def figure_file(request: Request) -> Response:
    """One figure, as PNG, SVG or CSV."""
    kind, wanted = request.path_params["kind"], request.query_params.get("figure", "")
    try:
        if kind not in FIGURE_KINDS:
            raise RefusedError(404, text(language_of(request), "error.not_found"))
        choice = choice_of(request)

        slots = tuple(slot for slot in explained_in(choice) if wanted == f"{WHY}-{slot}")

        def make(result: Any, because: Sequence[Any]) -> bytes:
            drawn = {figure.id: figure for figure in reasons(choice, slots, because) or figures(choice, result)}
            if wanted not in drawn:
                raise RefusedError(404, text(choice.language, "export.no_figure", allowed=", ".join(drawn)))
            return figure_bytes(drawn[wanted], kind, memo.notes(choice, result))

        content = await made(request, choice, f"{wanted[:60]}.{kind}", make, slots)
        return download(content, kind, file_name(choice, kind, wanted))
    except RefusedError as error:
        return refused(error)


def figure_bytes(figure: Figure, kind: str, notes: tuple[str, ...]) -> bytes:
    """A figure as a file."""
    if kind == "csv":
        return spreadsheet.figure(figure)
    from dashboard.figures import paint  # matplotlib: only when somebody asks for it

    return paint.png(figure, notes) if kind == "png" else paint.svg(figure, notes)


async def results_file(request: Request) -> Response:
    """All numbers of the comparison as one CSV."""
    try:
        choice = choice_of(request)
        content = await made(request, choice, "results.csv", lambda result, _: spreadsheet.results(choice, result))
        return download(content, "csv", file_name(choice, "csv", "cijfers" if choice.language == "nl" else "figures"))
    except RefusedError as error:
        return refused(error)


async def scenario_file(request: Request) -> Response:
    """The policy under a letter as a scenario file."""
    try:
        choice = choice_of(request)
        slot = request.query_params.get("policy", "")
        if slot not in choice.slots:
            allowed = ", ".join(choice.slots)
            raise RefusedError(404, text(choice.language, "export.no_policy", allowed=allowed or "-"))
        return download(reproduce.scenario_file(choice, slot).encode(), "yaml", f"{choice.slots[slot]}.yaml")
    except RefusedError as error:
        return refused(error)


async def upload(request: Request) -> Response:
    """Read a scenario file; answers with the address of the comparison that holds it and a sentence that says so, or
    with what is wrong in it.

    The body is the file itself; its name stands, percent-encoded, in the header `X-File-Name` and serves messages
    only. At most `LARGEST_UPLOAD` bytes are read.
    """
    language = language_of(request)
    try:
        content = await body_of(request)
        choice = choice_of(request)
        taken = choice if choice.free is not None else None
        if taken is None:
            raise RefusedError(409, text(language, "upload.full"))
        name = shown_name(request.headers.get("x-file-name", ""), language)
        made_choice = await asyncio.to_thread(with_upload, choice, content, name, language)
    except RefusedError as error:
        log.info("an upload was refused: %s", error.sentence)
        return JSONResponse({"fault": error.sentence}, error.status, headers={"cache-control": "no-store"})
    assert taken.free is not None  # looked at above
    name = named(simulation.policy_of(made_choice, taken.free).name, language)
    told = text(language, "upload.done", name=name, letter=taken.free)
    return JSONResponse(
        {"address": made_choice.address(stamp=simulation.stamp()), "told": told}, headers={"cache-control": "no-store"}
    )


async def body_of(request: Request) -> bytes:
    """The body, of which at most one byte more than is allowed is read. Raises `RefusedError`."""
    language = language_of(request)
    too_large = RefusedError(413, text(language, "upload.too_large", kilobytes=LARGEST_UPLOAD // 1024))
    told = request.headers.get("content-length", "")
    if told.isdecimal() and int(told) > LARGEST_UPLOAD:
        raise too_large
    content = b""
    try:
        async with asyncio.timeout(SECONDS_OF_UPLOAD):
            async for part in request.stream():
                content += part[: LARGEST_UPLOAD + 1 - len(content)]
                if len(content) > LARGEST_UPLOAD:
                    raise too_large
    except (ClientDisconnect, TimeoutError):
        raise RefusedError(400, text(language, "upload.offline")) from None
    if not content.strip():
        raise RefusedError(400, text(language, "upload.empty"))
    return content


def shown_name(given: str, language: str) -> str:
    """The name of an upload as messages carry it: its last part only, without what cannot be seen."""
    name = own.cleaned(re.split(r"[/\\]", unquote(given[:600]))[-1])
    return name or text(language, "upload.file")


def in_words(error: Any, language: str) -> str:
    """What is wrong with a file (an `InputError`), with the place named in the reader's language too."""
    line = re.fullmatch(r"line (\d+)", error.field)
    field = text(language, "upload.line", number=line[1]) if line else error.field
    if field == "file":
        field = text(language, "upload.file")
    problem = with_worlds_named(error.problem_nl if language == "nl" else error.problem, language)
    return f"{error.file}: {field}: {problem}"


def with_upload(choice: Choice, content: bytes, file: str, language: str) -> Choice:
    """The choice with the uploaded policy under its first free letter. Raises `RefusedError`."""
    from sim.engine.problems import InputError
    from sim.scenario import read_scenario, scenario_data

    try:
        scenario = read_scenario(content, file)
        taken = {*simulation.policies(), *choice.slots.values(), simulation.AS_NOW}
        data = scenario_data(scenario)
        policy = own.policy(data, taken, description=data["description"])
        letter = choice.free
        assert letter is not None  # the caller looked
        added = replace(choice.with_own(letter, policy), view=(letter, NOW))
        simulation.stage(added).track(simulation.scenario_of(added, letter))  # months and scope that fit this world
    except InputError as error:
        raise RefusedError(422, in_words(error, language)) from None
    query = added.address(stamp=simulation.stamp())
    again = opened(
        query,
        simulation.policies(),
        simulation.worlds(),
        simulation.default_choice(),
        horizons=simulation.horizons,
    )
    if again.faults:  # too long for an address
        raise RefusedError(422, " ".join(again.faults))
    return added


ROUTES = [
    Route("/export/memo.{kind}", memo_file),
    Route("/export/figure.{kind}", figure_file),
    Route("/export/results.csv", results_file),
    Route("/export/scenario.yaml", scenario_file),
    Route("/upload", upload, methods=["POST"]),
]
