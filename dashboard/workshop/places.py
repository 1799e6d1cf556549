"""Places for names in the texts of a session: ``{i2}`` an initiative, ``{p0}`` whoever holds a post (``{p0:1}``: held
it after one departure), ``{a0}`` the alderman."""

from __future__ import annotations

import re
from typing import Any

from dashboard.language import LANGUAGES
from dashboard.workshop.naming import Naming
from sim.engine.problems import RefusedError
from sim.world.files import World

PLACE = re.compile(r"\{([ipa]\d{1,3})(?::(\d{1,2}))?\}")
BRACED = re.compile(r"\{[^{}]*\}?")


def filled_in(words: str, naming: Naming, departures: dict[str, int], language: str) -> str:
    """A text with names in its places; ``departures``: how many holders have left each seat."""

    def name(found: re.Match[str]) -> str:
        node = found.group(1)
        if node[0] == "i":
            row = int(node[1:])
            return naming.initiative(row) if row < len(naming.described) else node
        gone = departures.get(node, 0) if found.group(2) is None else int(found.group(2))
        return naming.person(node, gone, language)

    return PLACE.sub(name, words)


def check_places(words: Any, world: World, field: str) -> None:
    """Whether every place in a text (in both languages) is somebody in this world. Raises `RefusedError`."""
    rows = {"i": len(getattr(world, "initiatives", ())), "p": int(getattr(world, "posts", 1)), "a": 1}
    for language in LANGUAGES:
        for braced in BRACED.findall(getattr(words, language)):
            found = PLACE.fullmatch(braced)
            if found is None or int(found.group(1)[1:]) >= rows[found.group(1)[0]]:
                allowed = f"{{i0}}–{{i{rows['i'] - 1}}}, {{p0}}–{{p{rows['p'] - 1}}}, {{a0}}"
                raise RefusedError(
                    f"{braced} is nobody in this municipality; allowed: {allowed}",
                    f"{braced} is niemand in deze gemeente; toegestaan: {allowed}",
                    f"{field}.{language}",
                )
