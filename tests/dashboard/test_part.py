"""What a part of the page is given is sent as it is, and drawn again only when it changed."""

# Solara exports its names without saying so.
# mypy: disable-error-code="attr-defined"

import json
from pathlib import Path
from typing import Any

import solara

from dashboard.components.part import Plain, part

TEMPLATE = "../../dashboard/components/equal.vue"


@part(TEMPLATE)
def Written(shown: dict[str, Any], older: bool = False, event_make: Any = None) -> None:  # noqa: N802
    """A part for these tests."""


class Untouched(dict[str, Any]):
    """A mapping that tells who looks into it."""

    looked = 0

    def values(self) -> Any:
        type(self).looked += 1
        return super().values()


def test_the_template_is_there():
    assert (Path(__file__).parent / TEMPLATE).is_file()


def test_the_browser_gets_plain_data():
    heard: list[Any] = []
    box, context = solara.render(
        Written(shown={"a": [1, {"b": "two"}]}, older=True, event_make=heard.append), handle_error=False
    )
    widget = box.children[0]
    state = widget.get_state()
    assert json.loads(json.dumps(state["shown"])) == {"a": [1, {"b": "two"}]}
    assert state["older"] is True
    widget.vue_make("now")
    assert heard == ["now"]
    context.close()


def test_nobody_walks_through_it_and_it_is_sent_when_it_changed_only():
    box, context = solara.render(Written(shown=Untouched(a=1)), handle_error=False)
    sent: list[Any] = []
    box.children[0].observe(sent.append, "shown")
    context.render(Written(shown=Untouched(a=1)))
    assert not sent
    context.render(Written(shown=Untouched(a=2)))
    assert len(sent) == 1 and box.children[0].shown == Plain({"a": 2})
    assert not Untouched.looked
    context.close()
