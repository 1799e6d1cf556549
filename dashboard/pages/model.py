"""The page *Het model*: how it works, in pictures and plain language."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

from typing import Any

import solara

from dashboard.components.part import part
from dashboard.explained.page import page
from dashboard.navigation import language_in, title


@part("../explained/model.vue")
def Model(shown: dict[str, Any]):
    """The whole page. `shown`: see `dashboard.explained.page`."""


@solara.component
def Page():
    router = solara.use_router()
    language = language_in(router.search)
    solara.Title(title("model", language))
    Model(shown=page(language, router.root_path))
