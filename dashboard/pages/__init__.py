"""The pages, as Solara routes; Solara finds them here by name (`SOLARA_APP=dashboard.pages`)."""

from dashboard import environment  # noqa: F401  isort: skip - Solara reads its settings while it is imported

import solara

from dashboard.pages.compare import Page as Compare
from dashboard.pages.layout import Layout

routes = [solara.Route(path="/", component=Compare, layout=Layout, label="Samenspel")]
