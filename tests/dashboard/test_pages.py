"""A page that fails shows a calm sentence in the reader's language and never its traceback."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="attr-defined"

import logging

import solara

from dashboard.pages.layout import Layout


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
