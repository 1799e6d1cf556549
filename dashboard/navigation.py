"""The pages there are: their names, their addresses, and what the top of each page shows.

A page's id is the end of the keys of its texts: `page.<id>` in the menu, `title.<id>` on the browser's tab and
`description.<id>` in search results and shared links.
"""

from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl, urlencode

from dashboard.language import DEFAULT_LANGUAGE, LANGUAGES, text

Data = dict[str, Any]


@dataclass(frozen=True)
class Place:
    """A page: its id, and its path below the dashboard's own address."""

    id: str
    path: str


PLACES = (
    Place("compare", "/"),
    Place("workshop", "/werksessie"),
    Place("evidence", "/onderbouwing"),
    Place("model", "/model"),
)
BY_ID = {place.id: place for place in PLACES}


def language_in(query: str | None) -> str:
    """The language that an address asks for; Dutch when it asks for none, or for one that is not there."""
    wanted = dict(parse_qsl((query or "").removeprefix("?"))).get("lang", DEFAULT_LANGUAGE)
    return wanted if wanted in LANGUAGES else DEFAULT_LANGUAGE


def place_at(path: str | None) -> Place:
    """The page at a path; the first one when there is none."""
    trimmed = "/" + (path or "").strip("/")
    return next((place for place in PLACES if place.path == trimmed), PLACES[0])


def title(page: str, language: str) -> str:
    """What stands on the browser's tab."""
    return text(language, f"title.{page}")


def address(page: str, language: str, root_path: str = "") -> str:
    """The address of a page in a language, without anything chosen on it."""
    query = "" if language == DEFAULT_LANGUAGE else "?" + urlencode({"lang": language})
    return f"{root_path}{BY_ID[page].path}{query}"


def header(page: str, language: str, root_path: str = "") -> Data:
    """What the top of a page shows: all pages with this one marked, and this page in the other language.

    The links keep what was chosen: the template adds it from the address, where each page keeps its own state.
    """
    names = {"nl": "site.dutch", "en": "site.english"}
    return {
        "language": language,
        "default_language": DEFAULT_LANGUAGE,
        "home": address(PLACES[0].id, language, root_path),
        "pages": [
            {
                "id": place.id,
                "name": text(language, f"page.{place.id}"),
                "path": root_path + place.path,
                "address": address(place.id, language, root_path),
                "current": place.id == page,
            }
            for place in PLACES
        ],
        "languages": [
            {
                "id": other,
                "name": text(language, names[other]),
                "address": address(page, other, root_path),
                "current": other == language,
            }
            for other in LANGUAGES
        ],
        "words": {
            "skip": text(language, "site.skip" if page == "compare" else "site.skip_content"),
            "menu": text(language, "site.menu"),
            "language": text(language, "site.language"),
        },
    }
