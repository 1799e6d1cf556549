"""What surrounds every page: nothing that can be seen, and a calm sentence when a page fails."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

import logging

import solara

from dashboard.components import Crash
from dashboard.language import DEFAULT_LANGUAGE, LANGUAGES, text

log = logging.getLogger("samenspel.dashboard")


@solara.component
def Layout(children=[]):  # noqa: B006 - Solara passes the page as a list
    """The page itself; or, when it failed, what to do now. A traceback goes to the log, never to the visitor."""
    error, _ = solara.use_exception()
    router = solara.use_router()
    if error is not None:
        log.error("a page failed", exc_info=error)
        wanted = dict(item.split("=", 1) for item in (router.search or "").lstrip("?").split("&") if "=" in item)
        language = wanted.get("lang", DEFAULT_LANGUAGE)
        known = language if language in LANGUAGES else DEFAULT_LANGUAGE
        Crash(
            title=text(known, "crash.title"),
            explanation=text(known, "crash.text"),
            again=text(known, "site.refresh_now"),
        )
    else:
        solara.Div(children=children, classes=["samenspel"])
