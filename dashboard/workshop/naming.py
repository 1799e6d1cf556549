"""Names for initiatives and for whoever holds a seat, generated and plainly fictional; a role may be given another."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from pathlib import Path
from typing import Any

from sim.engine.documents import read_document

FILE = Path(__file__).with_name("names.yaml")
LONGEST_NAME = 32
INITIATIVES_APART, PEOPLE_APART = 10, 13  # so far the names of another municipality begin from those of the first
SEATS_APART = 7  # names of successors in different seats stay apart for this many changes


@cache
def names() -> Mapping[str, Any]:
    """What names.yaml holds."""
    return read_document(FILE)


def clean_name(given: str) -> str:
    """A name as a person typed it: on one line, without what cannot be shown, at most `LONGEST_NAME` characters."""
    plain = "".join(letter if letter.isprintable() else " " for letter in given)
    return " ".join(plain.split())[:LONGEST_NAME].strip()


class Naming:
    """Who is called what in one world. ``own``: names given by hand, by node (``i0`` an initiative, ``p0`` a post,
    ``a0`` an alderman); they hold for the role, whoever fills it. ``town``: which municipality of the session it is;
    another one has other names.
    """

    def __init__(
        self, described: tuple[str | None, ...], posts: int, own: Mapping[str, str] | None = None, town: int = 0
    ) -> None:
        self.described = described
        self.posts = posts
        self.town = town
        self.own: dict[str, str] = dict(own or {})

    def initiative(self, row: int) -> str:
        """The name of an initiative; the same in every language."""
        pool = names()["initiatives"]
        given = self.own.get(f"i{row}") or self.described[row]
        again = row // len(pool)
        place = row + self.town * max(INITIATIVES_APART, len(self.described))
        return given or pool[place % len(pool)] + (f" {again + 1}" if again else "")

    def person(self, node: str, departures: int, language: str) -> str:
        """The name of the holder of a seat (``p0``, ``a0``) after so many departures."""
        if node in self.own:
            return self.own[node]
        pool = names()["people"]
        seat = self.posts + int(node[1:]) if node[0] == "a" else int(node[1:])
        place = seat + departures * max(SEATS_APART, self.posts + 1) + self.town * PEOPLE_APART
        found: str = pool[place % len(pool)][language]
        return found
