"""A page that fails shows a calm sentence in the reader's language and never its traceback."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="attr-defined"

import ast
import logging
import re
from collections.abc import Callable
from pathlib import Path

import reacton.core
import solara

from dashboard.pages.compare import drawn_once
from dashboard.pages.layout import Layout

ROOM = Path(__file__).parent.parent.parent / "dashboard"


@solara.component
def broken():
    raise RuntimeError("secret detail")


def texts(widget):
    """All text that a tree of widgets would send to the browser."""
    found = []
    for name in widget.keys:
        value = getattr(widget, name)
        if isinstance(value, str) and not name.startswith("_") and name not in ("template", "css", "scoped"):
            found.append(value)
    for child in getattr(widget, "children", []):
        found += texts(child) if hasattr(child, "keys") else [str(child)]
    return found


def test_a_failing_page_is_explained_and_logged(caplog):
    with caplog.at_level(logging.ERROR, logger="samenspel.dashboard"):
        box, context = solara.render(Layout(children=[broken()]), handle_error=False)
    try:
        shown = " ".join(texts(box))
        assert "Deze pagina liep vast" in shown
        assert "secret" not in shown and "Traceback" not in shown
        assert "secret detail" in caplog.text
    finally:
        context.close()


def test_an_event_that_changes_several_things_draws_the_page_once():
    drawn: list[tuple[int, int]] = []
    events: dict[str, Callable[[int], None]] = {}

    @solara.component
    def page():
        once = drawn_once(reacton.core.get_render_context())
        first, second = solara.use_reactive(0), solara.use_reactive(0)

        def both(value):
            first.value = value
            second.value = value

        events.update(plain=both, once=once(both))
        drawn.append((first.value, second.value))
        solara.Text(str(drawn[-1]))

    _, context = solara.render(page(), handle_error=False)
    try:
        events["plain"](1)
        assert drawn == [(0, 0), (1, 0), (1, 1)]
        drawn.clear()
        events["once"](2)
        assert drawn == [(2, 2)]
    finally:
        context.close()


SAYS_SOMETHING = re.compile(
    r"\b(de|het|een|van|niet|wordt|worden|naar|voor|met|zijn|the|of|and|is|are|not|with|for|from|this|that)\b", re.I
)
# Whom these speak to is not a visitor: a programmer, a log, or the command line (which is English).
SPOKEN_ELSEWHERE = {
    "debug",
    "info",
    "warning",
    "error",
    "exception",
    "echo",
    "option",
    "command",
    "argument",
    "print",
    "told",
    "add_argument",
}


def sentences_in(source: str) -> list[str]:
    """Texts in code that read like a sentence and could reach a visitor: no docstrings, errors, logs or commands."""
    tree = ast.parse(source)
    elsewhere = set()
    for node in ast.walk(tree):
        name = getattr(getattr(node, "func", None), "attr", getattr(getattr(node, "func", None), "id", ""))
        if isinstance(node, ast.Raise | ast.Assert) or name in SPOKEN_ELSEWHERE or name.endswith(("Error", "Exit")):
            elsewhere |= {id(part) for part in ast.walk(node)}
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant):
            elsewhere.add(id(node.value))  # a docstring
    return [
        node.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Constant)
        and isinstance(node.value, str)
        and id(node) not in elsewhere
        and len(SAYS_SOMETHING.findall(node.value)) >= 2
    ]


def test_no_sentence_stands_in_the_code():
    found = {
        file.relative_to(ROOM).as_posix(): sentences
        for file in sorted(ROOM.rglob("*.py"))
        if (sentences := sentences_in(file.read_text(encoding="utf-8")))
    }
    assert found == {}


def test_a_sentence_in_the_code_would_be_found():
    assert sentences_in('x = "De keuze van de wethouder"\n') == ["De keuze van de wethouder"]
    assert sentences_in('x = f"{n} of the worlds are not here"\n') == [" of the worlds are not here"]
    assert sentences_in('"""The docstring of this file."""\nraise ValueError("the value is not right")\n') == []
