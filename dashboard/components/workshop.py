"""The workshop as it is drawn in the browser (`workshop.vue`, with `static/workshop.js` for the map)."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

from collections.abc import Callable
from typing import Any

import solara

Data = dict[str, Any]


@solara.component_vue("workshop.vue", vuetify=False)
def Workshop(
    shown: Data,
    runs: Data,
    log: list[Data],
    file: Data,
    event_enter: Callable[[Data], None] = lambda _: None,
    event_act: Callable[[Data], None] = lambda _: None,
):
    """The whole page. `shown`, `runs`, `log`: see `dashboard.workshop.view`; `file`: one to be
    saved by the browser, when its number is new. Events: `enter` with what the browser
    remembers, `act` with what the leader asks."""
