"""What the visitor chose, and how it stands in the address.

    /?world=projection&A=structural-funding&B=regular-meetings&view=A-now&lang=en

Each policy keeps its letter (and so its colour) while others come and go. What the visitor made himself (a policy, his
municipality) is packed in one part, `own` (see `dashboard.address`); its letter then says `A=own`. `v` holds the first
characters of the hashes of model and parameters, so that an older link can say that its numbers may have changed.
"""

import json
import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from urllib.parse import parse_qsl, urlencode

from dashboard import own
from dashboard.address import DamagedError, NewerError, packed, unpacked
from dashboard.language import DEFAULT_LANGUAGE, LANGUAGES, named, text

NOW = "now"
MINE = "municipality"  # the world that the visitor describes
OWN = "own"
SLOTS = ("A", "B", "C")
LONGEST = 2000  # characters without what is packed; a longer address is not one of ours
LONGEST_PACKED = 6000
SHOWN = 60  # characters of a faulty value that are shown back
MOST_MONTHS = 600

type Question = tuple[str, str, int, tuple[tuple[str, str], ...]]


@dataclass(frozen=True)
class Choice:
    """A comparison: the world, the policy under each letter, and which two of them the headline is about.

    policies: letter and id. built: id and canonical text (`dashboard.own`) of those that the visitor made. town: the
    canonical text of the visitor's municipality, looked at when `world` is `MINE`. months: the horizon, when it is not
    the world's own. about: the outcome that is looked at (`dashboard.outcomes`; empty: the usual one).
    """

    world: str
    policies: tuple[tuple[str, str], ...] = ()
    view: tuple[str, str] | None = None
    language: str = DEFAULT_LANGUAGE
    built: tuple[tuple[str, str], ...] = ()
    town: str = ""
    months: int | None = None
    about: str = ""

    @property
    def slots(self) -> dict[str, str]:
        """Policy id by letter, in the order of the letters."""
        return dict(sorted(self.policies))

    @property
    def texts(self) -> dict[str, str]:
        """Canonical text by id, of the policies that the visitor made."""
        return dict(self.built)

    @property
    def question(self) -> Question:
        """What the result depends on. The name that a visitor gave is no part of it: a result is given the names of
        who asks for it (`dashboard.simulation.labelled`), so that nobody is shown a name that somebody else typed.
        """
        texts = self.texts
        policies = tuple(
            (OWN, own.doing(texts[policy])) if policy in texts else (policy, "") for policy in self.slots.values()
        )
        return self.world, self.town if self.world == MINE else "", self.months or 0, policies

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

    @property
    def free(self) -> str | None:
        """The first letter that is not in use."""
        return next((letter for letter in SLOTS if letter not in self.slots), None)

    def toggled(self, policy: str) -> "Choice":
        """With the policy under the first free letter, or without it when it was chosen; unchanged when full."""
        if policy in self.slots.values():
            kept = tuple((letter, chosen) for letter, chosen in self.policies if chosen != policy)
            return replace(self, policies=kept, built=tuple(each for each in self.built if each[0] != policy))
        if self.free is None:
            return self
        return replace(self, policies=tuple(sorted((*self.policies, (self.free, policy)))))

    def with_own(self, letter: str, made: str) -> "Choice":
        """With a policy that the visitor made (its canonical text) under a letter, instead of what stood there."""
        name = json.loads(made)["id"]
        others = {slot: policy for slot, policy in self.slots.items() if slot != letter}
        built = {policy: words for policy, words in self.built if policy in others.values()}
        return replace(
            self,
            policies=tuple(sorted({**others, letter: name}.items())),
            built=tuple(sorted({**built, name: made}.items())),
        )

    def address(self, *, language: str | None = None, stamp: str = "") -> str:
        """The query that opens this comparison again. stamp: short hashes of model and parameters."""
        texts = self.texts
        items = [("world", self.world)]
        items += [(letter, OWN if policy in texts else policy) for letter, policy in self.slots.items()]
        if self.months is not None:
            items.append(("months", str(self.months)))
        if self.view and self.pair == self.view:
            items.append(("view", "-".join(self.view)))
        if self.about:
            items.append(("about", self.about))
        shown = language or self.language
        if shown != DEFAULT_LANGUAGE:
            items.append(("lang", shown))
        made = {letter: own.brief(texts[policy]) for letter, policy in self.slots.items() if policy in texts}
        if self.world == MINE and self.town:
            made["town"] = json.loads(self.town)
        if made:
            items.append((OWN, packed(made)))
        if stamp:
            items.append(("v", stamp))
        return "?" + urlencode(items)


@dataclass(frozen=True)
class Opened:
    """What an address holds: the choice, a sentence for everything in it that could not be followed, and sentences on
    what changed since it was made."""

    choice: Choice
    faults: tuple[str, ...] = field(default=())
    notes: tuple[str, ...] = field(default=())


def shortened(value: str) -> str:
    """A faulty value as it is shown back to the reader: short, without characters that cannot be seen."""
    plain = "".join(character if character.isprintable() else "�" for character in value)
    return plain if len(plain) <= SHOWN else plain[:SHOWN] + "…"


def opened(
    query: str,
    policies: Collection[str],
    worlds: Collection[str],
    default: Choice,
    *,
    stamp: str = "",
    horizons: Callable[[Choice], Sequence[int]] | None = None,
) -> Opened:
    """Read an address; whatever is wrong in it is left out and explained, never followed.

    query: the part after `?`, with or without it. policies, worlds: the ids there are (as-now is not a policy).
    default: what is shown when the address says nothing of a world or a policy. stamp: that of the model as it is.
    horizons: the numbers of months that a comparison may run.
    """
    return _Reading((query or "").removeprefix("?"), policies, worlds, default, stamp, horizons).opened()


class _Reading:
    """One address being read."""

    def __init__(
        self,
        query: str,
        policies: Collection[str],
        worlds: Collection[str],
        default: Choice,
        stamp: str,
        horizons: Callable[[Choice], Sequence[int]] | None,
    ) -> None:
        self.policies, self.worlds, self.default = policies, worlds, default
        self.stamp, self.horizons = stamp, horizons
        self.faults: list[str] = []
        self.notes: list[str] = []
        items = parse_qsl(query, keep_blank_values=True) if len(query) <= LONGEST + LONGEST_PACKED else []
        plain = len(query) - sum(len(value) for name, value in items if name == OWN)
        too_long = plain > LONGEST or any(len(value) > LONGEST_PACKED for name, value in items if name == OWN)
        if too_long:
            items = []
        language = dict(items).get("lang", DEFAULT_LANGUAGE)
        self.language = language if language in LANGUAGES else DEFAULT_LANGUAGE
        if too_long:
            self.fault("too_long", longest=LONGEST)
        if language != self.language:
            self.fault("language", value=shortened(language), allowed=", ".join(LANGUAGES))
        self.given: dict[str, str] = {}
        for name, value in items:
            if name in self.given:
                self.fault("twice", name=shortened(name))
            self.given.setdefault(name, value)
        self.unread = False
        self.made = self._made()

    def fault(self, key: str, **values: object) -> None:
        self.faults.append(text(self.language, f"address.{key}", **values))

    def opened(self) -> Opened:
        if not ({"world", *SLOTS} & set(self.given)):
            return Opened(replace(self.default, language=self.language), tuple(self.faults))
        choice = self._months(self._policies(self._world()))
        if "view" in self.given:
            view = tuple(self.given["view"].split("-"))
            if view in choice.pairs:
                choice = replace(choice, view=(view[0], view[1]))
            elif not self.faults:
                self.fault("view", value=shortened(self.given["view"]))
        about = self.given.get("about", "")
        if re.fullmatch(r"[a-z_]{1,40}", about):
            choice = replace(choice, about=about)
        self._compare_stamps()
        return Opened(choice, tuple(self.faults), tuple(self.notes))

    def _made(self) -> dict[str, object]:
        if OWN not in self.given:
            return {}
        try:
            return dict(unpacked(self.given[OWN]))
        except NewerError:
            self.fault("own_newer")
        except DamagedError:
            self.fault("own_damaged")
        self.unread = True
        return {}

    def _world(self) -> Choice:
        world = self.given.get("world", self.default.world)
        if world == MINE:
            try:
                data = self.made.get("town")
                given = data if isinstance(data, dict) else own.USUAL_TOWN
                return Choice(MINE, language=self.language, town=own.town(given))
            except ValueError as error:
                self.fault("town", reason=self._reason(error))
                world = self.default.world
        if world not in self.worlds:
            self.fault("world", value=shortened(world), allowed=self._worlds())
            world = self.default.world
        return Choice(world, language=self.language)

    def _worlds(self) -> str:
        """The worlds there are, as the page calls them (by their id where no names were given)."""
        if not isinstance(self.worlds, Mapping):
            return ", ".join([*sorted(self.worlds), MINE])
        names = (named(world.name, self.language) for world in self.worlds.values())
        return ", ".join([*names, text(self.language, "choose.mine")])

    def _policies(self, choice: Choice) -> Choice:
        for letter in SLOTS:
            policy = self.given.get(letter)
            if policy is None:
                continue
            if policy == OWN:
                choice = self._own(choice, letter)
            elif policy not in self.policies:
                self.fault("policy", letter=letter, value=shortened(policy))
            elif policy in choice.slots.values():
                self.fault("policy_twice", letter=letter, value=policy)
            else:
                choice = replace(choice, policies=(*choice.policies, (letter, policy)))
        return choice

    def _own(self, choice: Choice, letter: str) -> Choice:
        data = self.made.get(letter)
        if not isinstance(data, dict):
            if not self.unread:
                self.fault("own_missing", letter=letter)
            return choice
        try:
            taken = {*self.policies, *choice.slots.values(), "as-now"}
            return choice.with_own(letter, own.policy(data, taken, description=data.get("description")))
        except (ValueError, TypeError, KeyError) as error:
            self.fault("own_policy", letter=letter, reason=self._reason(error))
            return choice

    def _reason(self, error: Exception) -> str:
        sentence = getattr(error, "sentence", None)
        return sentence(self.language) if callable(sentence) else text(self.language, "address.unreadable")

    def _months(self, choice: Choice) -> Choice:
        if "months" not in self.given:
            return choice
        given = self.given["months"]
        months = int(given) if given.isascii() and given.isdecimal() and len(given) <= 3 else 0
        allowed = self.horizons(choice) if self.horizons else range(1, MOST_MONTHS + 1)
        if months not in allowed:
            self.fault("months", value=shortened(given), allowed=", ".join(str(each) for each in allowed[:20]))
            return choice
        return replace(choice, months=months)

    def _compare_stamps(self) -> None:
        made_with = self.given.get("v", "")
        if not self.stamp or not made_with or made_with == self.stamp:
            return
        before, now = made_with.split("."), self.stamp.split(".")
        model = before[0] != now[0]
        parameters = len(before) < 2 or before[1] != now[1]
        kind = "both" if model and parameters else "model" if model else "parameters"
        self.notes.append(text(self.language, f"address.changed_{kind}"))
