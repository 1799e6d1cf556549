"""Parts of the page: Vue templates that get plain data, which the framework takes as it is.

Left to itself it walks through every value of every part, at every drawing: once to look for components among them,
once to see what changed, once to look for widgets. With some thousands of values that took more time than all else
that a page does.
"""

# Solara exports its names without saying so.
# mypy: disable-error-code="attr-defined"

import inspect
from collections.abc import Callable
from functools import wraps
from typing import Any

import solara


class Plain:
    """Plain data (numbers, words, lists and mappings of them), in a box that nobody looks into."""

    __hash__ = None  # type: ignore[assignment]

    def __init__(self, data: Any) -> None:
        self.data = data

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Plain) and self.data == other.data

    def __repr__(self) -> str:
        return f"Plain({self.data!r})"


def part(template: str) -> Callable[[Callable[..., None]], Callable[..., Any]]:
    """Makes a part of a Vue template, as `solara.component_vue` does; what it is given must be plain data.

    template: a file, seen from the file of the function. Arguments that begin with `event_` are its events.
    """

    def made(describe: Callable[..., None]) -> Callable[..., Any]:
        given = [name for name in inspect.signature(describe).parameters if not name.startswith("event_")]
        component = solara.component_vue(template, vuetify=False, to_json=dict.fromkeys(given, _sent))(describe)

        @wraps(describe)
        def element(**values: Any) -> Any:
            return component(**{name: _boxed(value) if name in given else value for name, value in values.items()})

        return element

    return made


def _boxed(value: Any) -> Any:
    return Plain(value) if isinstance(value, dict | list) else value


def _sent(value: Any, _: Any) -> Any:
    return value.data if isinstance(value, Plain) else value
