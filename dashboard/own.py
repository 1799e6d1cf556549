"""What a visitor made: a policy of his own, or his own municipality, as canonical text.

The text is JSON with sorted keys and nothing in it that is as everybody has it, so that equal things have equal text.
It is only ever made from what the simulation's own readers accepted.
"""

import json
import re
import unicodedata
from collections.abc import Collection, Mapping
from functools import lru_cache
from typing import TYPE_CHECKING, Any

from dashboard.language import LANGUAGES, number
from dashboard.language import text as text_of

if TYPE_CHECKING:
    from sim.scenario import Scenario
    from sim.world.files import MunicipalityWorld

Data = dict[str, Any]
LONGEST_NAME = 60
USUAL_TOWN: Data = {"inhabitants": 55000}  # everything else as is usual for its size
TOWN_FIELDS = (
    "inhabitants", "staff_hours_per_month", "posts", "direction_style", "next_election", "vision_adopted",
    "facilitators", "initiatives",
)  # fmt: skip


def canonical(data: Mapping[str, Any]) -> str:
    """Data as text; equal data have equal text."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False)


def cleaned(name: str) -> str:
    """A name that somebody typed: one line, without characters that cannot be seen, not too long."""
    plain = "".join(character if character.isprintable() else " " for character in name)
    return " ".join(plain.split())[:LONGEST_NAME].strip()


def slug(name: str, taken: Collection[str] = ()) -> str:
    """An id for a name: small letters, digits and hyphens, and not one that is taken."""
    from sim.world.entries import RESERVED

    ascii_only = unicodedata.normalize("NFKD", name).encode("ascii", "ignore").decode().lower()
    made = re.sub(r"[^a-z0-9]+", "-", ascii_only).strip("-")[:40].strip("-") or "own-policy"
    if not made[0].isalpha():
        made = f"policy-{made}"
    found, count = made, 1
    while found in taken or found in RESERVED:
        count += 1
        found = f"{made}-{count}"
    return found


# Policies --------------------------------------------------------------------------------------------------------


def described(data: Mapping[str, Any]) -> dict[str, str]:
    """What a policy does, in both languages: its levers with their intensity."""
    from sim.levers import LEVERS
    from sim.shocks import SHOCKS

    found = {}
    for language in LANGUAGES:
        parts = []
        for entry in data.get("levers") or ():
            lever = LEVERS[entry["lever"]]
            unit = getattr(lever.unit, language)
            parts.append(f"{getattr(lever.name, language)}: {number(language, entry['intensity'], 2)} ({unit})")
        parts += [getattr(SHOCKS[entry["shock"]].name, language) for entry in data.get("shocks") or ()]
        parts += [f"{name} = {value:g}" for name, value in (data.get("parameters") or {}).items()]
        found[language] = ("; ".join(parts) or text_of(language, "own.nothing")) + "."
    return {language: words[:2000] for language, words in found.items()}


@lru_cache(maxsize=256)
def doing(text: str) -> str:
    """What a policy does, without what it is called: of two that differ in nothing else the answer is the same."""
    return canonical(
        {key: value for key, value in json.loads(text).items() if key not in ("id", "name", "description")}
    )


def policy(data: Mapping[str, Any], taken: Collection[str] = (), *, description: Any = None) -> str:
    """The canonical text of a policy, checked by the reader of scenario files.

    data: as a scenario file, of which `id` may be left out and `name` may be one text. taken: ids it may not have.
    description: what its maker wrote about it; left out, it is described by what it does, whatever stands in `data`:
    what was written about a policy does not hold any more when the policy is changed. Raises `InputError`.
    """
    from sim.scenario import parse_scenario, scenario_data

    given = {key: value for key, value in data.items() if key not in ("id", "description")}
    name = data.get("name")
    if isinstance(name, str) or name is None:
        plain = cleaned(name or "")
        given["name"] = {language: plain or text_of(language, "own.unnamed") for language in LANGUAGES}
    elif isinstance(name, dict):
        given["name"] = {key: cleaned(value) if isinstance(value, str) else value for key, value in name.items()}
    given["description"] = dict.fromkeys(LANGUAGES, "-") if description is None else description
    label = given["name"].get("nl") if isinstance(given["name"], dict) else ""
    given["id"] = slug(label if isinstance(label, str) else "", taken)
    read = scenario_data(parse_scenario(given, given["id"]))
    if description is None:
        read["description"] = described(read)
    return canonical(read)


def brief(text: str) -> Data:
    """What an address holds of a policy: without what can be made again from the rest."""
    data: Data = json.loads(text)
    names = data.pop("name")
    if not written(text):
        del data["description"]
    return {
        **{key: value for key, value in data.items() if key != "id"},
        "name": names["nl"] if names["nl"] == names["en"] else names,
    }


def written(text: str) -> Data | None:
    """What the maker of a policy wrote about it; `None` where it is described by what it does."""
    data: Data = json.loads(text)
    found: Data = data["description"]
    return None if found == described(data) else found


@lru_cache(maxsize=256)
def scenario(text: str) -> "Scenario":
    """The scenario that a canonical text describes."""
    from sim.scenario import parse_scenario

    data = json.loads(text)
    return parse_scenario(data, data["id"])


# A municipality --------------------------------------------------------------------------------------------------


def town(data: Mapping[str, Any]) -> str:
    """The canonical text of a municipality, checked by the reader of world files. Raises `InputError`."""
    given = {key: value for key, value in data.items() if key in TOWN_FIELDS and value is not None}
    _world(given)
    return canonical(given)


@lru_cache(maxsize=256)
def town_world(text: str) -> "MunicipalityWorld":
    """The world that a canonical text describes."""
    return _world(json.loads(text))


def _world(data: Mapping[str, Any]) -> "MunicipalityWorld":
    from sim.world.files import MunicipalityWorld, parse_world

    world = parse_world({"kind": "municipality", **data}, "my-municipality")
    assert isinstance(world, MunicipalityWorld)
    return world
