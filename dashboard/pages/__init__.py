"""The pages, as Solara routes; Solara finds them here by name (`SOLARA_APP=dashboard.pages`)."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import solara

from dashboard.environment import settle
from dashboard.navigation import PLACES
from dashboard.pages.compare import Page as Compare
from dashboard.pages.evidence import Page as Evidence
from dashboard.pages.layout import Layout
from dashboard.pages.model import Page as Model
from dashboard.pages.workshop import Page as Workshop

settle()

COMPONENTS = {"compare": Compare, "workshop": Workshop, "evidence": Evidence, "model": Model}
# The layout of the first route surrounds all of them.
routes = [
    solara.Route(
        path=place.path.strip("/") or "/",
        component=COMPONENTS[place.id],
        layout=Layout if place.path == "/" else None,
        label="Samenspel",
    )
    for place in PLACES
]
