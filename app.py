"""For `solara run app.py` while developing. `samenspel serve` starts the whole server, with its guard."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def, no-untyped-call"

import dataclasses

import solara

from dashboard.document import STATIC
from dashboard.pages import Layout
from dashboard.pages import routes as pages


@solara.component
def StyledLayout(children=[]):  # noqa: B006 - Solara passes the page as a list
    """The pages' own layout, with the style sheet that our own server would link to."""
    solara.Style(STATIC / "samenspel.css")
    Layout(children=children)


routes = [dataclasses.replace(page, layout=StyledLayout if page.layout else None) for page in pages]
