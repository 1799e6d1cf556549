"""A room: one session that a leader leads, which any number of screens look at and phones answer to.

Everything a leader can do is `Room.act(what, **values)`; whatever cannot be done leaves the session as it was and
says why. Questions stand in `asking.py`, decisions in `deciding.py`, what the script has it do in
`following.py`, how it is saved in `resuming.py`.
"""

from __future__ import annotations

import logging
import secrets
import threading
import time
from collections.abc import Callable
from typing import Any

from dashboard.language import DEFAULT_LANGUAGE
from dashboard.pool import Pool, Ticket
from dashboard.workshop import asking, deciding, resuming, saving
from dashboard.workshop.asking import Weighed
from dashboard.workshop.calling import label_with
from dashboard.workshop.chronicle import Ground
from dashboard.workshop.following import do_step
from dashboard.workshop.futures import (
    LETTERS,
    MOST_FUTURES,
    ElsewhereError,
    Future,
    Futures,
    RefusedChangeError,
    RewritesError,
    scenario_of,
)
from dashboard.workshop.naming import Naming, clean_name
from dashboard.workshop.predictions import Asked
from dashboard.workshop.purse import Purse
from dashboard.workshop.script import (
    Script,
    Story,
    names_of,
    purse_of,
    read_script,
    shipped_scripts,
)
from dashboard.workshop.telling import Story as Told
from dashboard.workshop.typed import whole
from dashboard.workshop.values import session_parameters
from sim.comparison import Parameters
from sim.engine.problems import InputError

log = logging.getLogger("samenspel.dashboard")

MOST_PHONES = 250
MOST_HOURS, MOST_EUROS = 1_000_000, 100_000_000  # a purse holds a year


class Room:
    """One session. ``key`` opens it for its leader; ``code`` is what phones type."""

    def __init__(
        self, code: str, pool: Pool, key: str | None = None, allow: Callable[[Room, int], None] | None = None
    ) -> None:
        self.key = key or secrets.token_urlsafe(18)
        self.code = code
        self.lock = threading.RLock()
        self.pool = pool
        self.allow = allow  # asked before a story is entered whether its bytes may be had; raises where not
        self.weight = 0
        self.touched = time.monotonic()
        self.listeners: list[Callable[[], None]] = []
        self.language = DEFAULT_LANGUAGE  # of the leader; phones begin in it
        self.script: Script | None = None
        self.source: str | dict[str, Any] = ""
        self.parameters: Parameters  # of the whole session, also when a file brought it
        self.story: Story
        self.futures: Futures
        self.naming: Naming
        self.step = 0
        self.cast: dict[str, int] = {}  # who held each seat when the present step was turned to
        self.position = 0
        self.play: dict[str, Any] = {"on": False, "speed": 1}
        self.by = ""  # the screen that said last where the room is
        self.moved = 0  # counts how often the room itself went to another month
        self.acted = 0  # counts the steps of the script that were done
        self.look: dict[str, Any] = {}  # whom or which entry of the log the leader chose, and on which screen
        self.asked: list[Asked] = []
        self.weighed: dict[int, Weighed] = {}
        self.phones: dict[str, float] = {}
        self.notice: dict[str, Any] | None = None
        self.confirm: dict[str, Any] | None = None
        self.changed = 0  # counts what changes the runs or the log
        self.pursed = 0  # counts how often the purse was set
        self.tickets: list[Ticket] = []
        self._namings: dict[str, Naming] = {}
        self._told: dict[str, tuple[int, Told]] = {}

    # Beginning -------------------------------------------------------------------------------------------------

    @property
    def begun(self) -> bool:
        """Whether a session was chosen."""
        return self.script is not None

    def begin(self, script: Script, source: str | dict[str, Any], parameters: Parameters | None = None) -> None:
        """Begin a session at its first story; ``parameters``: one row (left out: what a new session runs at)."""
        before = vars(self).copy()
        self.script, self.source = script, source
        self.parameters = session_parameters() if parameters is None else parameters
        self.step = 0
        self.asked, self.weighed, self._namings = [], {}, {}
        try:
            self.enter(script.stories[0])
        except Exception:
            vars(self).update(before)  # what cannot be entered leaves the room as it was
            raise

    def enter(self, story: Story) -> None:
        """Enter a story: its world as it is in its first month, nothing decided but what the story says."""
        ground = story.ground(self.parameters)
        weight = MOST_FUTURES * ground.weight
        if self.allow is not None:
            self.allow(self, weight)
        self.weight = weight
        futures = Futures(ground, purse_of(story))
        first = futures[LETTERS[0]]
        decisions = tuple(each.decision(number) for number, each in enumerate(story.decisions, start=1))
        if decisions:
            first.chronicle = ground.live(scenario_of("workshop", decisions), [ground.start])
            first.decisions = decisions
            futures.number = len(decisions)
        self.story, self.futures = story, futures
        described = tuple(each.name for each in getattr(ground.world, "initiatives", ()))
        described = described or (None,) * len(ground.start.initiatives)
        town = self.script.towns[story.id] if self.script is not None else 0
        self.naming = Naming(described, len(ground.start.posts), names_of(story), town)
        self.look = {}
        self.position = ground.position(story.begin)
        self.moved += 1
        futures.seen(self.position)
        self.cast = self.departures()
        asking.stop_all(self)
        self.changed += 1

    def story_at(self, place: int) -> Story:
        """The story of a step, also before the room is there."""
        assert self.script is not None
        named = [step.story for step in self.script.steps[: place + 1] if step.story is not None]
        return self.script.story(named[-1]) if named else self.script.stories[0]

    def cast_at(self, place: int) -> dict[str, int]:
        """How many holders have left each seat where a step speaks of them: when the present step was turned to, or
        in another story in the month in which that begins (nobody, where that is another municipality)."""
        assert self.script is not None
        story = self.story_at(place)
        if story.id == self.story.id:
            return self.cast
        if self.script.towns[story.id] != self.script.towns[self.story.id]:
            return {}
        return self.departures(position=self.ground.position(story.begin))

    def naming_at(self, place: int) -> Naming:
        """Who is called what in the story of a step, also before the room is there."""
        assert self.script is not None
        story = self.story_at(place)
        town = self.script.towns[story.id]
        if town == self.script.towns[self.story.id]:
            return self.naming
        if story.id not in self._namings:
            world = story.setting()
            rows = tuple(each.name for each in getattr(world, "initiatives", ()))
            self._namings[story.id] = Naming(rows, int(getattr(world, "posts", 1)), names_of(story), town)
        return self._namings[story.id]

    @property
    def ground(self) -> Ground:
        """The world of the story."""
        return self.futures.ground

    def told(self, future: Future) -> Told:
        """The story of a future, kept until it changes."""
        kept = self._told.get(future.id)
        if kept is None or kept[1].chronicle is not future.chronicle:
            self._told[future.id] = (self.changed, Told(future.chronicle))
        return self._told[future.id][1]

    def departures(self, future: str = "", position: int | None = None) -> dict[str, int]:
        """How many holders have left each seat at a position (now) of a future (the first)."""
        chosen = self.futures.all.get(future) or next(iter(self.futures.all.values()))
        state = chosen.chronicle.states[self.position if position is None else position]
        posts = {f"p{row}": int(number) for row, number in enumerate(state.posts["departures"])}
        return posts | {f"a{row}": int(number) for row, number in enumerate(state.aldermen["departures"])}

    # Acting ----------------------------------------------------------------------------------------------------

    def act(self, what: str, /, **values: Any) -> bool:
        """Do what the leader asks. What cannot be done becomes a notice; returns whether it was done."""
        method = ACTIONS.get(what)
        with self.lock:
            self.touched = time.monotonic()
            self.notice = None
            done = False
            if method is None or (not self.begun and what not in BEFORE):
                self.notice = {"key": "workshop.refused.unknown", "values": {}}
            else:
                self.confirm = self.confirm if what == "answer" else None
                try:
                    method(self, **values)
                    done = True
                except RewritesError:
                    self.confirm = {"what": what, "values": values}
                except ElsewhereError as error:
                    self.confirm = {"what": what, "values": values, "month": error.position}
                except RefusedChangeError as error:
                    self.notice = {"key": error.key, "values": error.values}
                except InputError as error:
                    self.notice = {"error": error}
                except (TypeError, ValueError, KeyError, OverflowError):
                    log.info("a workshop was asked something that cannot be", exc_info=True)
                    self.notice = {"key": "workshop.refused.unknown", "values": {}}
        self.tell()
        return done

    def tell(self) -> None:
        """Tell all screens that something changed."""
        for listener in list(self.listeners):
            listener()

    def _choose(self, script: str) -> None:
        shipped = shipped_scripts()
        if script not in shipped:
            raise RefusedChangeError("workshop.refused.unknown")
        self.begin(shipped[script], script)

    def _upload(self, text: str, name: str = "session.yaml") -> None:
        text = str(text)
        if len(text) > saving.LONGEST_FILE:
            raise RefusedChangeError("workshop.refused.file_size")
        if "samenspel_session" in text[:2000]:
            self.restore(saving.read_saved(text, str(name)[:80]))
            return
        script = read_script(text, str(name)[:80])
        self.begin(script, script.model_dump(mode="json", exclude_none=True))

    def _seen(self, position: int, playing: bool = False, speed: int = 1, by: str = "") -> None:
        place = max(0, min(int(position), self.ground.months))
        asking.close_beyond(self, place)
        self.position = place
        self.by = str(by)[:40]
        self.play = {"on": bool(playing), "speed": int(speed)}
        self.futures.seen(self.position)

    def _answer(self, choice: str) -> None:
        """Answer to *you have seen this month already*: beside (a new future for each that it is about), over, or
        neither; to *this belongs to another month*: go (there), here, or neither."""
        pending, self.confirm = self.confirm, None
        if pending is None or choice == "neither":
            return
        values = dict(pending["values"])
        if "month" in pending:
            if choice not in ("go", "here"):
                raise ValueError(choice)
            if choice == "go":
                self.move(int(pending["month"]))
            ACTIONS[pending["what"]](self, **{**values, "here": True})
        elif choice == "beside":
            here = values.get("position")
            here = self.position if here is None else int(here)
            if pending["what"] == "withdraw":
                deciding.part(self, str(values["future"]), here, without=values["number"])
                return
            parents = self.parents_of(values)
            added: list[Future] = []
            try:
                for parent in parents:
                    added.append(self.futures.part(parent, here, label_with(values)))
                    deciding.decide(self, **{**values, "future": added[-1].id, "over": True})
            except Exception:
                for each in added:
                    del self.futures.all[each.id]
                raise
            self.move(min([self.position, *(each.parted for each in added)]))
        elif choice == "over":
            ACTIONS[pending["what"]](self, **{**values, "over": True})
        else:
            raise ValueError(choice)

    def parents_of(self, values: dict[str, Any]) -> list[str]:
        """The futures beside which a choice is put: the one it is for, or all."""
        return [str(values["future"])] if values.get("future") else list(self.futures.all)

    def _look(self, focus: str = "", entry: str = "", by: str = "") -> None:
        """The leader chose somebody, or an entry of the log: other screens follow."""
        self.look = {"focus": str(focus)[:40], "entry": str(entry)[:600], "by": str(by)[:40]}

    def _rename(self, node: str, name: str) -> None:
        clean = clean_name(str(name))
        rows = {"i": len(self.naming.described), "p": self.naming.posts, "a": len(self.ground.start.aldermen)}
        if str(node)[:1] not in rows or not str(node)[1:].isdigit() or int(node[1:]) >= rows[node[0]]:
            raise RefusedChangeError("workshop.refused.unknown")
        if clean:
            self.naming.own[node] = clean
        else:
            self.naming.own.pop(node, None)
        self.changed += 1

    def _purse(self, hours: float | str | None = None, euros: float | str | None = None) -> None:
        purse = None
        if hours is not None and euros is not None:
            purse = Purse(
                whole(self.language, "workshop.ui.purse_hours", hours, MOST_HOURS),
                whole(self.language, "workshop.ui.purse_euros", euros, MOST_EUROS),
            )
        self.futures.purse = purse
        self.pursed += 1

    # Questions -------------------------------------------------------------------------------------------------

    @property
    def current(self) -> Asked | None:
        """The question that was put last, in this story."""
        return self.asked[-1] if self.asked and self.asked[-1].story == self.story.id else None

    # The script ------------------------------------------------------------------------------------------------

    def _go(self, step: int) -> None:
        """Turn to a step of the script, without doing it. Going on closes the vote."""
        assert self.script is not None
        place = max(0, min(int(step), len(self.script.steps) - 1))
        to = self.script.steps[place]
        asked = self.current
        if place > self.step and not (to.asks and asked is not None and to.question == asked.question.id):
            asking.close(self)
        self.step = place
        self.cast = self.departures()

    def move(self, position: int) -> None:
        """Bring all screens to another month."""
        if position != self.position:
            asking.close_beyond(self, position)
            self.position = position
            self.moved += 1

    # Phones ----------------------------------------------------------------------------------------------------

    def join(self, token: str) -> bool:
        """A phone comes in, or comes back; False: the room is full."""
        with self.lock:
            known = token in self.phones
            if not known and len(self.phones) >= MOST_PHONES:
                return False
            self.phones[token] = time.monotonic()
        if not known:
            self.tell()
        return True

    def is_open(self, number: int, mark: str = "") -> bool:
        """Whether question ``number`` can be answered now. ``mark``: that of the question on a phone's page
        (`Asked.mark`), so that it is not one with this number in another session; empty: whichever has the number.
        """
        with self.lock:
            asked = self.current
            return asked is not None and asked.open and number == len(self.asked) - 1 and mark in ("", asked.mark)

    def choose(self, token: str, number: int, option: str, mark: str = "") -> str:
        """A phone answers question ``number``. Returns taken, late or unknown; answering again changes the answer.

        ``mark``: see `is_open`.
        """
        with self.lock:
            if token not in self.phones or number < 0:
                return "unknown"
            if not self.is_open(number, mark):
                return "late"  # another question or session is there now, or this one was closed
            asked = self.asked[number]
            if option not in {each.id for each in asked.question.options}:
                return "unknown"
            asked.phones[token] = option
        self.tell()
        return "taken"

    # Coming back -----------------------------------------------------------------------------------------------

    def saved(self) -> str:
        """The session as the text of a file; empty: none has begun."""
        with self.lock:
            return resuming.saved(self)

    def restore(self, kept: saving.Saved) -> None:
        """Go on with a saved session. Raises `InputError`; the room is then as it was."""
        resuming.restore(self, kept)

    def _leave(self) -> None:
        """Back to choosing a session."""
        asking.stop_all(self)
        self.script = None
        self.asked, self.weighed = [], {}
        self._namings, self._told = {}, {}
        del self.story, self.futures, self.naming, self.parameters
        self.weight = 0
        self.changed += 1


ACTIONS: dict[str, Callable[..., None]] = {
    "choose": Room._choose,
    "upload": Room._upload,
    "seen": Room._seen,
    "decide": deciding.decide,
    "withdraw": deciding.withdraw,
    "part": deciding.part,
    "look": Room._look,
    "drop": deciding.drop,
    "answer": Room._answer,
    "rename": Room._rename,
    "purse": Room._purse,
    "ask": asking.ask,
    "close": asking.close,
    "reopen": asking.reopen,
    "hands": asking.hands,
    "show": asking.show,
    "go": Room._go,
    "do_step": do_step,
    "leave": Room._leave,
}
BEFORE = frozenset(["choose", "upload"])
