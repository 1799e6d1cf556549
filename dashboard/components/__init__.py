"""The parts of the page that are drawn in the browser: small Vue templates that get plain data and send events.

Text reaches them as data and is shown as text. Only the figures, which are made and escaped on the server, are put in
as markup.
"""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

from collections.abc import Callable
from typing import Any

import solara

Data = dict[str, Any]


@solara.component_vue("header.vue", vuetify=False)
def Header(shown: Data):
    """Logo, pages and language. `shown`: see `dashboard.navigation.header`."""


@solara.component_vue("chooser.vue", vuetify=False)
def Chooser(
    shown: Data,
    event_toggle: Callable[[str], None] = lambda _: None,
    event_enter: Callable[[str], None] = lambda _: None,
):
    """Worlds, chosen policies and cards. Events: `toggle` with a policy's id, `enter` with a world's id."""


@solara.component_vue("answer.vue", vuetify=False)
def Answer(
    shown: Data,
    faults: list[str],
    faults_title: str,
    event_look: Callable[[str], None] = lambda _: None,
    event_toggle: Callable[[str], None] = lambda _: None,
    event_stop: Callable[..., None] = lambda _: None,
    event_resume: Callable[..., None] = lambda _: None,
    event_dismiss: Callable[..., None] = lambda _: None,
):
    """Status, headline, figures, notices. Events: `look` with a pair such as `A-now`; stop, resume, dismiss."""


@solara.component_vue("crash.vue", vuetify=False)
def Crash(title: str, explanation: str, again: str):
    """What a visitor sees when a page failed."""
