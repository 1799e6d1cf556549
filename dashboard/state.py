"""What the visitor chose, and how it stands in the address.

    /?world=projection&A=structural-funding&B=regular-meetings&view=A-now&lang=en

Each policy keeps its letter (and so its colour) while others come and go.
"""

from collections.abc import Collection
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from dashboard.language import DEFAULT_LANGUAGE, LANGUAGES, text

NOW = "now"
SLOTS = ("A", "B", "C")
LONGEST = 2000  # characters; a longer address is not one of ours
SHOWN = 60  # characters of a faulty value that are shown back


@dataclass(frozen=True)
class Choice:
    """A comparison: the world, the policy under each letter, and which two of them the headline is about."""

    world: str
    policies: tuple[tuple[str, str], ...] = ()
    view: tuple[str, str] | None = None
    language: str = DEFAULT_LANGUAGE

    @property
    def slots(self) -> dict[str, str]:
        """Policy id by letter, in the order of the letters."""
        return dict(sorted(self.policies))

    @property
    def pair(self) -> tuple[str, str] | None:
        """The two the headline is about: what was chosen, or else the first policy against going on as now."""
        here = {NOW, *self.slots}
        if self.view and set(self.view) <= here:
            return self.view
        return (next(iter(self.slots)), NOW) if self.slots else None

    @property
    def pairs(self) -> tuple[tuple[str, str], ...]:
        """All pairs that can be compared: each policy with going on as now, then with one another."""
        letters = list(self.slots)
        with_now = [(letter, NOW) for letter in letters]
        return (*with_now, *((a, b) for i, a in enumerate(letters) for b in letters[i + 1 :]))

    def toggled(self, policy: str) -> "Choice":
        """With the policy under the first free letter, or without it when it was chosen; unchanged when full."""
        slots = self.slots
        if policy in slots.values():
            kept = tuple((letter, chosen) for letter, chosen in self.policies if chosen != policy)
            return replace(self, policies=kept)
        free = [letter for letter in SLOTS if letter not in slots]
        if not free:
            return self
        return replace(self, policies=tuple(sorted((*self.policies, (free[0], policy)))))

    def address(self, *, language: str | None = None) -> str:
        """The query that opens this comparison again."""
        items = [("world", self.world), *self.slots.items()]
        if self.view and self.pair == self.view:
            items.append(("view", "-".join(self.view)))
        shown = language or self.language
        if shown != DEFAULT_LANGUAGE:
            items.append(("lang", shown))
        return "?" + urlencode(items)


@dataclass(frozen=True)
class Opened:
    """What an address holds: the choice, and a sentence for everything in it that could not be followed."""

    choice: Choice
    faults: tuple[str, ...] = field(default=())


def shortened(value: str) -> str:
    """A faulty value as it is shown back to the reader: short, without characters that cannot be seen."""
    plain = "".join(character if character.isprintable() else "�" for character in value)
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


def opened(query: str, policies: Collection[str], worlds: Collection[str], default: Choice) -> Opened:
    """Read an address; whatever is wrong in it is left out and explained, never followed.

    query: the part after `?`, with or without it. policies, worlds: the ids there are (as-now is not a policy).
    default: what is shown when the address says nothing of a world or a policy.
    """
    query = (query or "").removeprefix("?")
    items = parse_qsl(query[:LONGEST], keep_blank_values=True) if len(query) <= LONGEST else []
    given: dict[str, str] = {}
    language = dict(items).get("lang", DEFAULT_LANGUAGE)
    known = language if language in LANGUAGES else DEFAULT_LANGUAGE
    faults = []

    def fault(key: str, **values: object) -> None:
        faults.append(text(known, f"address.{key}", **values))

    if len(query) > LONGEST:
        fault("too_long", longest=LONGEST)
    if language != known:
        fault("language", value=shortened(language), allowed=", ".join(LANGUAGES))
    for name, value in items:
        if name in given:
            fault("twice", name=shortened(name))
        given.setdefault(name, value)

    world = given.get("world", default.world)
    if world not in worlds:
        fault("world", value=shortened(world), allowed=", ".join(sorted(worlds)))
        world = default.world
    chosen: list[tuple[str, str]] = []
    for letter in SLOTS:
        policy = given.get(letter)
        if policy is None:
            continue
        if policy not in policies:
            fault("policy", letter=letter, value=shortened(policy))
        elif policy in dict(chosen).values() or policy in {other for _, other in chosen}:
            fault("policy_twice", letter=letter, value=policy)
        else:
            chosen.append((letter, policy))
    if not ({"world", *SLOTS} & set(given)):
        return Opened(replace(default, language=known), tuple(faults))
    choice = Choice(world, tuple(chosen), None, known)
    if "view" in given:
        view = tuple(given["view"].split("-"))
        if view in choice.pairs:
            choice = replace(choice, view=(view[0], view[1]))
        elif not faults:
            fault("view", value=shortened(given["view"]))
    return Opened(choice, tuple(faults))
