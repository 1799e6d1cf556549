"""The page *Onderbouwing*: what the model rests on, where it fits, and where it does not."""

# Solara exports its names without saying so, and its components have no return type.
# mypy: disable-error-code="attr-defined, no-untyped-def"

from typing import Any

import solara

from dashboard.components.part import part
from dashboard.evidence.page import page
from dashboard.navigation import language_in, title
from dashboard.precomputed import model


@part("../evidence/evidence.vue")
def Evidence(shown: dict[str, Any]):
    """The whole page. `shown`: see `dashboard.evidence.page`."""


@solara.component
def Page():
    language = language_in(solara.use_router().search)
    solara.Title(title("evidence", language))
    Evidence(shown=page(language, model()))
