"""The page *Werksessie*: one living municipality that a room watches, changes and predicts."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import logging
from base64 import b64encode
from typing import Any

import solara
import solara.server.kernel_context

from dashboard.components.workshop import Workshop
from dashboard.document import asset
from dashboard.language import text
from dashboard.mailbox import Mailbox
from dashboard.navigation import language_in, title
from dashboard.pool import SHARP
from dashboard.workshop import guide, saving, view
from dashboard.workshop.futures import RefusedChangeError
from dashboard.workshop.room import Room
from dashboard.workshop.rooms import ROOMS
from dashboard.workshop.script import shipped_scripts
from sim.engine.problems import InputError

log = logging.getLogger("samenspel.dashboard")
Data = dict[str, Any]
LONGEST_TOKEN = 100


class Screen:
    """One browser window: which room it looks at, and what it was last sent."""

    def __init__(self, language: str, tell: Any) -> None:
        self.language = language
        self.room: Room | None = None
        self.aside: Data | None = None
        self.papers = 0
        self.sent: tuple[str, int] | None = None
        self.tell = tell
        self.post: Mailbox[str] = Mailbox(self._deliver)

    def enter(self, data: Data) -> None:
        """Come in with what the browser remembered: the leader's token, a room, and its last saved session."""
        key, token = str(data.get("room") or "")[:LONGEST_TOKEN], str(data.get("token") or "")[:LONGEST_TOKEN]
        if not ROOMS.may_lead(token):
            self.aside = view.locked(self.language)
            self.post.put("aside")
            return
        self.leave()
        try:
            room = ROOMS.open(key)
        except RefusedChangeError as error:
            self.aside = view.start(self.language, text(self.language, error.key, **error.values))
            self.post.put("aside")
            return
        kept = data.get("saved")
        if not room.begun and isinstance(kept, str) and 0 < len(kept) <= saving.LONGEST_FILE:
            try:  # this server was started anew: the browser brings the session back
                with room.lock:
                    room.restore(saving.read_saved(kept))
            except InputError as error:
                log.info("a saved session could not be taken up again", exc_info=True)
                room.notice = {"error": error}
        self.room = room
        room.language = self.language
        room.listeners.append(self.refresh)
        self.refresh()

    def act(self, data: Data) -> None:
        """What the leader asks."""
        if self.room is None:
            return
        values = data.get("values")
        values = values if isinstance(values, dict) else {}
        if data.get("what") == "paper":
            self.paper(
                **{name: str(value)[:64] for name, value in values.items() if name in ("script", "kind", "form")}
            )
            return
        self.room.act(str(data.get("what")), **values)

    def paper(self, script: str = "", kind: str = "guide", form: str = "pdf") -> None:
        """Make a guide or a handout, of a shipped session or (no name) of the one that goes on, and have it saved."""
        room = self.room
        assert room is not None
        chosen = shipped_scripts().get(script) or room.script
        parameters = room.parameters if room.begun and chosen is room.script else None
        if chosen is None or kind not in guide.KINDS or form not in ("html", "pdf"):
            return

        def work(_: Any) -> None:
            name, content = guide.made(chosen, kind, self.language, form, parameters)
            self.papers += 1
            type_ = "application/pdf" if form == "pdf" else "text/html"
            self.tell(
                {"file": {"number": self.papers, "name": name, "type": type_, "data": b64encode(content).decode()}}
            )

        room.pool.submit(work, SHARP)

    def refresh(self) -> None:
        """Something changed: have it sent, as it is by then."""
        self.post.put("news")

    def _deliver(self, _: str) -> None:
        """Send what the room is now; the runs and the log only when they changed."""
        room = self.room
        if room is None:
            if self.aside is not None:
                self.tell({"shown": self.aside})
            return
        with room.lock:
            news: Data = {"shown": view.shown(room, self.language)}
            state = (room.key if room.begun else "", room.changed)
            if state != self.sent:
                self.sent = state
                news["runs"] = view.runs(room)
                news["log"] = view.log(room, self.language)
        self.tell(news)

    def leave(self) -> None:
        """Look at the room no more."""
        if self.room is not None and self.refresh in self.room.listeners:
            self.room.listeners.remove(self.refresh)
        self.room = None
        self.sent = None

    def close(self) -> None:
        """The window was closed."""
        self.leave()
        self.post.close()


@solara.component
def Page():
    router = solara.use_router()
    language = language_in(router.search)
    shown = solara.use_reactive({"screen": "waiting", "language": language, "words": view.words(language)})
    runs = solara.use_reactive({"version": -1})
    log_of = solara.use_reactive([])
    file = solara.use_reactive({"number": 0})

    def begin() -> Screen:
        context = solara.server.kernel_context.get_current_context()

        def tell(news: Data) -> None:
            with context:  # a thread has no kernel of its own: without this the page is never told
                if "file" in news:
                    file.value = news["file"]
                    return
                if "runs" in news:
                    runs.value, log_of.value = news["runs"], news["log"]
                shown.value = news["shown"]

        return Screen(language, tell)

    screen = solara.use_memo(begin, [])
    solara.use_effect(lambda: screen.close, [])
    solara.Title(title("workshop", language))
    root = router.root_path or ""
    assets = {"js": f"{root}/{asset('workshop.js')}", "css": f"{root}/{asset('workshop.css')}"}
    Workshop(
        shown={**shown.value, "assets": assets},
        runs=runs.value,
        log=log_of.value,
        file=file.value,
        event_enter=screen.enter,
        event_act=screen.act,
    )
