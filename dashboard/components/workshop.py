"""The workshop as it is drawn in the browser (`workshop.vue`, with `static/workshop.js` for the map)."""

# A part has no return type of its own.
# mypy: disable-error-code="no-untyped-def"

from collections.abc import Callable
from typing import Any

from dashboard.components.part import part

Data = dict[str, Any]


@part("workshop.vue")
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
