"""For `solara run app.py` while developing. `samenspel serve` starts the whole server, with its guard."""

from dashboard import environment  # noqa: F401  isort: skip - Solara reads its settings while it is imported

from dashboard.document import STATIC
from dashboard.pages import routes as pages

import solara

import dataclasses


@solara.component
def StyledLayout(children=[]):  # noqa: B006 - Solara passes the page as a list
    """The pages' own layout, with the style sheet that our own server would link to."""
    solara.Style(STATIC / "samenspel.css")
    pages[0].layout(children=children)


routes = [dataclasses.replace(page, layout=StyledLayout) for page in pages]
