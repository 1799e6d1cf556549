"""What surrounds every page: the top with the menu, and a calm sentence when a page fails."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import logging

import solara

from dashboard.components import Crash, Header
from dashboard.language import text
from dashboard.navigation import header, language_in, place_at

log = logging.getLogger("samenspel.dashboard")


@solara.component
def Layout(children=[]):  # noqa: B006 - Solara passes the page as a list
    """The top and the page itself; or, when it failed, what to do now. A traceback goes to the log, never to the
    visitor.
    """
    error, _ = solara.use_exception()
    router = solara.use_router()
    language = language_in(router.search)
    if error is not None:
        log.error("a page failed", exc_info=error)
        Crash(
            title=text(language, "crash.title"),
            explanation=text(language, "crash.text"),
            again=text(language, "site.refresh_now"),
        )
    else:
        with solara.Div(classes=["samenspel"]):
            Header(shown=header(place_at(router.path).id, language, router.root_path))
            solara.Div(children=children)
