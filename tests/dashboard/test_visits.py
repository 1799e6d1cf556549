"""Opening and closing a page: bounds for everybody and for each browser, and nobody in another's page."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="arg-type, assignment, attr-defined, return-value"

import threading
from contextlib import suppress
from types import SimpleNamespace

import pytest
from solara.server import kernel_context
from starlette.testclient import TestClient
from starlette.websockets import WebSocketDisconnect

from dashboard import server, visits

KERNEL = "00000000-0000-4000-8000-00000000000{}"
MINE, YOURS = "11111111-0000-4000-8000-000000000000", "22222222-0000-4000-8000-000000000000"
HEADER = {"msg_id": "1", "msg_type": "kernel_info_request", "session": "x", "username": "", "date": ""}
ASKS = {"header": HEADER, "content": {}, "channel": "shell", "metadata": {}, "parent_header": {}, "buffers": []}
Looked = kernel_context.PageStatus


@pytest.fixture
def reached(monkeypatch):
    """The kernels that Solara was asked for, while it is not there itself."""
    asked = []

    async def reach(websocket):
        asked.append(websocket.path_params["kernel_id"])
        await websocket.accept()
        await websocket.close()

    monkeypatch.setattr(visits.solara_starlette, "kernel_connection", reach)
    monkeypatch.setattr(kernel_context, "contexts", {})
    return asked


def opened(session, *states):
    """A page as the framework remembers it; `close` notes that it was closed."""
    page = SimpleNamespace(session_id=session, page_status=dict(enumerate(states)), closed_event=threading.Event())
    page.close = lambda reason: page.closed_event.set()
    return page


def connect(site, kernel, session=MINE, page="p"):
    """Open the websocket of a page."""
    headers = {"origin": "http://localhost:8765", "cookie": f"solara-session-id={session}"}
    return site.websocket_connect(
        f"ws://localhost:8765/jupyter/api/kernels/{kernel}/channels?session_id={page}", headers=headers
    )


def visit(site, kernel, **given):
    with suppress(WebSocketDisconnect), connect(site, kernel, **given):
        pass


@pytest.mark.parametrize("kernel", ["x", "..%2f..%2fx", KERNEL.format("z"), KERNEL.format(1) + "0"])
def test_a_made_up_number_of_a_page_is_refused(site, reached, kernel):
    visit(site, kernel)
    assert reached == []


@pytest.mark.parametrize("page", ["", "%00", "a" * 65, "<x>"])
def test_a_page_must_say_which_it_is(site, reached, page):
    visit(site, KERNEL.format(1), page=page)
    assert reached == []
    visit(site, KERNEL.format(1))
    assert reached == [KERNEL.format(1)]


def test_a_page_too_many_is_turned_away_and_one_that_is_open_is_not(site, reached, monkeypatch):
    monkeypatch.setattr(visits, "MOST_PAGES", 1)
    kernel_context.contexts[KERNEL.format(1)] = opened(YOURS, Looked.CONNECTED)
    visit(site, KERNEL.format(2))
    visit(site, KERNEL.format(1), session=YOURS)
    assert reached == [KERNEL.format(1)]


def test_one_browser_cannot_take_the_place_of_all(site, reached, monkeypatch):
    monkeypatch.setattr(visits, "most_of_one", lambda: 2)
    kernel_context.contexts.update({KERNEL.format(i): opened(MINE, Looked.CONNECTED) for i in (1, 2)})
    visit(site, KERNEL.format(3), session=MINE)
    visit(site, KERNEL.format(4), session=YOURS)
    assert reached == [KERNEL.format(4)]


@pytest.mark.parametrize("bound", ["everybody", "one"])
def test_a_page_that_nobody_looks_at_makes_room(site, reached, monkeypatch, bound):
    monkeypatch.setattr(visits, "MOST_PAGES", 3 if bound == "everybody" else 100)
    monkeypatch.setattr(visits, "most_of_one", lambda: 3 if bound == "one" else 100)
    pages = [opened(MINE), opened(MINE, Looked.CONNECTED, Looked.DISCONNECTED), opened(MINE, Looked.DISCONNECTED)]
    kernel_context.contexts.update({KERNEL.format(i): page for i, page in enumerate(pages)})
    visit(site, KERNEL.format(9))
    assert reached == [KERNEL.format(9)]
    assert [page.closed_event.is_set() for page in pages] == [False, False, True]  # the first is only just opening


def test_open_websockets_count_before_their_pages_exist(site, monkeypatch):
    monkeypatch.setattr(visits, "MOST_PAGES", 3)
    monkeypatch.setattr(visits, "most_of_one", lambda: 2)
    monkeypatch.setattr(kernel_context, "contexts", {})
    told = []

    async def stay(websocket):
        await websocket.accept()
        with suppress(WebSocketDisconnect):
            told.append(await websocket.receive_text())

    monkeypatch.setattr(visits.solara_starlette, "kernel_connection", stay)
    with connect(site, KERNEL.format(1)), connect(site, KERNEL.format(2)):
        with pytest.raises(WebSocketDisconnect), connect(site, KERNEL.format(3)):
            pass
        with (
            connect(site, KERNEL.format(4), session=YOURS),
            pytest.raises(WebSocketDisconnect),
            connect(site, KERNEL.format(5), session="3" * 8 + YOURS[8:]),
        ):
            pass
    with connect(site, KERNEL.format(6)) as websocket:  # who left is not counted any more
        websocket.send_text("hello")


def test_another_browser_never_gets_into_a_page(site):
    kernel = KERNEL.format(7)
    with connect(site, kernel, session=MINE) as mine:
        mine.send_json(ASKS)
        assert mine.receive_json()["msg_type"] == "status"
        seen = []
        with suppress(WebSocketDisconnect), connect(site, kernel, session=YOURS) as yours:
            yours.send_json(ASKS)
            while True:
                seen.append(yours.receive_text())
        assert all("msg_type" not in each for each in seen)
        assert kernel_context.contexts[kernel].session_id == MINE

        site.cookies.clear()
        leaving = f"/_solara/api/close/{kernel}"
        own = {"cookie": f"solara-session-id={MINE}"}
        for given in ({"cookie": f"solara-session-id={YOURS}"}, {}):  # another browser cannot close it either
            assert site.post(f"{leaving}?session_id=p", headers=given).status_code == 200
            assert Looked.CLOSED not in kernel_context.contexts[kernel].page_status.values()
        for unknown in ("", "?session_id=other"):
            assert site.post(f"{leaving}{unknown}", headers=own).status_code == 200
            assert Looked.CLOSED not in kernel_context.contexts[kernel].page_status.values()
        closing = kernel_context.contexts[kernel]
        assert site.post(f"{leaving}?session_id=p", headers=own).status_code == 200
        assert closing.closed_event.wait(10)


def test_there_are_files_enough_for_all_pages(monkeypatch):
    monkeypatch.setattr(server, "warm_up", lambda: None)
    resource = pytest.importorskip("resource")
    before = resource.getrlimit(resource.RLIMIT_NOFILE)
    if before[1] != resource.RLIM_INFINITY and before[1] < 4 * visits.MOST_PAGES:
        pytest.skip("the system allows no more")
    try:
        resource.setrlimit(resource.RLIMIT_NOFILE, (512, before[1]))
        with TestClient(server.create_app(), base_url="http://localhost:8765"):
            assert resource.getrlimit(resource.RLIMIT_NOFILE)[0] >= 4 * visits.MOST_PAGES
    finally:
        resource.setrlimit(resource.RLIMIT_NOFILE, before)
