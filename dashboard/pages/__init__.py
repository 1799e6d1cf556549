"""The pages, as Solara routes; Solara finds them here by name (`SOLARA_APP=dashboard.pages`)."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import solara

from dashboard.environment import settle
from dashboard.pages.compare import Page as Compare
from dashboard.pages.layout import Layout

settle()

routes = [solara.Route(path="/", component=Compare, layout=Layout, label="Samenspel")]
