"""The page *Werksessie*."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import reacton.ipyvuetify as rv
import solara

from dashboard.language import text
from dashboard.navigation import language_in, title


@solara.component
def Page():
    language = language_in(solara.use_router().search)
    solara.Title(title("workshop", language))
    with rv.Html(tag="main", class_="page"):
        rv.Html(tag="h1", children=[text(language, "page.workshop")])
