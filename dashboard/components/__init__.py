"""The parts of the page that are drawn in the browser: small Vue templates that get plain data and send events.

Text reaches them as data and is shown as text. Only the figures, which are made and escaped on the server, are put in
as markup.
"""

# A part has no return type of its own.
# mypy: disable-error-code="no-untyped-def"

from collections.abc import Callable
from typing import Any

from dashboard.components.part import part

Data = dict[str, Any]


@part("header.vue")
def Header(shown: Data):
    """Logo, pages and language. `shown`: see `dashboard.navigation.header`."""


@part("history.vue")
def History(shown: Data, event_open: Callable[[str], None] = lambda _: None):
    """Undo, redo, the link, and what was kept on this device. Event: `open` with an address to go to."""


@part("chooser.vue")
def Chooser(
    shown: Data,
    event_toggle: Callable[[str], None] = lambda _: None,
    event_enter: Callable[[str], None] = lambda _: None,
    event_show: Callable[[str], None] = lambda _: None,
    event_until: Callable[[Any], None] = lambda _: None,
    event_build: Callable[..., None] = lambda _: None,
):
    """Worlds, horizon and chosen policies. Events: `toggle` with a policy's id, `enter` with a world's id, `show` with
    a letter, `town` or `cards`, `until` with a number of months, `build`.
    """


@part("cards.vue")
def Cards(shown: Data, event_toggle: Callable[[str], None] = lambda _: None):
    """The shipped policies, filtered by who can do them. Event: `toggle` with a policy's id."""


@part("builder.vue")
def Builder(
    shown: Data,
    event_edit: Callable[[Data], None] = lambda _: None,
    event_close: Callable[..., None] = lambda _: None,
):
    """A policy as sliders. Events: `edit` with key, raw value and the number of the message (`heard` says which was
    dealt with last); `close`.
    """


@part("municipality.vue")
def Municipality(
    shown: Data,
    event_edit: Callable[[Data], None] = lambda _: None,
    event_close: Callable[..., None] = lambda _: None,
):
    """The form for one's own municipality. Events as those of `Builder`."""


@part("equal.vue")
def Equal(shown: Data, event_make: Callable[[str], None] = lambda _: None):
    """The chosen policies at one budget. Event: `make` with the budget as it was typed."""


@part("reproduce.vue")
def Reproduce(shown: Data):
    """The command, lines of Python and files with which somebody else makes the comparison again."""


@part("answer.vue")
def Answer(
    shown: Data,
    older: bool,
    faults: list[str],
    faults_title: str,
    event_look: Callable[[str], None] = lambda _: None,
    event_toggle: Callable[[str], None] = lambda _: None,
    event_stop: Callable[..., None] = lambda _: None,
    event_resume: Callable[..., None] = lambda _: None,
    event_dismiss: Callable[..., None] = lambda _: None,
    event_ask: Callable[[str], None] = lambda _: None,
):
    """Status, headline, figures, notices. older: what is shown answers an earlier choice. Events: `look` with a pair
    such as `A-now`, `ask` with an outcome's id; stop, resume, dismiss.
    """


@part("take.vue")
def Take(shown: Data, event_open: Callable[[str], None] = lambda _: None):
    """Files to take home, and a policy to bring. Event: `open` with the address of the comparison that holds it."""


@part("why.vue")
def Why(
    shown: Data,
    event_tell: Callable[[str], None] = lambda _: None,
    event_close: Callable[..., None] = lambda _: None,
):
    """Why there is a difference. `shown`: see `dashboard.why`. Events: `tell` with a link, `close` of the story."""


@part("crash.vue")
def Crash(title: str, explanation: str, again: str):
    """What a visitor sees when a page failed."""
