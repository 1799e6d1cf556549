"""What an entry of a scenario or a world says: which lever or shock, in which months, how much, and for whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sim.engine.catalogue import Frozen, Text
from sim.engine.months import parse_month
from sim.engine.problems import Problem, RefusedError, unknown_name
from sim.engine.shelf import SLUG
from sim.levers import Lever
from sim.shocks import Shock

Size = Literal["small", "medium", "large"]
Ambition = Literal["activate", "save", "heat_network"]


EARLIEST, LATEST = "1900-01", "2200-12"


def _month(text: str) -> str:
    try:
        parse_month(text)
    except ValueError:
        possible = False
    else:
        possible = EARLIEST <= text <= LATEST
    if not possible:
        raise RefusedError(
            f"'{text[:20]}' is not a month; allowed: YYYY-MM, such as 2027-01, from {EARLIEST} to {LATEST}",
            f"'{text[:20]}' is geen maand; toegestaan: JJJJ-MM, zoals 2027-01, van {EARLIEST} tot en met {LATEST}",
        )
    return text


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text) or len(text) > 64:
        raise RefusedError(
            f"'{text[:40]}' cannot be an id; allowed: up to 64 small letters, digits and single hyphens: my-plan",
            f"'{text[:40]}' kan geen id zijn; toegestaan: tot 64 kleine letters, cijfers en losse streepjes: mijn-plan",
        )
    if text in RESERVED:
        raise RefusedError(
            f"'{text}' is a reserved name; choose another id", f"'{text}' is een gereserveerde naam; kies een andere id"
        )
    return text


# Names of results and of devices: an id becomes the name of a file.
RESERVED = frozenset(
    ["all", "none", "prior", "posterior", "summary", "differences", "runs", "manifest", "con", "prn", "aux", "nul"]
) | {f"{device}{number}" for device in ("com", "lpt") for number in range(10)}

MONTH_PATTERN = r"^[0-9]{4}-(0[1-9]|1[0-2])$"
Month = Annotated[str, AfterValidator(_month), Field(json_schema_extra={"pattern": MONTH_PATTERN})]
Slug = Annotated[
    str, AfterValidator(_slug), Field(json_schema_extra={"pattern": rf"^{SLUG.pattern}$", "maxLength": 64})
]


def one_or_more(value: Any) -> Any:
    """A single value where a list may stand means a list of one."""
    return value if isinstance(value, list | tuple) else (value,)


def _distinct(values: tuple[Any, ...]) -> tuple[Any, ...]:
    if len(set(values)) < len(values):
        raise RefusedError("names something twice; name it once", "noemt iets twee keer; één keer mag")
    return values


type Several[Item] = Annotated[
    tuple[Item, ...],
    Field(strict=False, min_length=1, max_length=1000),
    BeforeValidator(one_or_more),
    AfterValidator(_distinct),
]
Number = Annotated[int, Field(ge=0, le=1_000_000)]


class Scope(Frozen):
    """Whom an entry is about: all keys must match (AND), any value of a key will do. An empty scope is everyone.

    `municipality` and `initiative` are numbers, counted from 0.
    """

    size: Several[Size] | None = None
    ambition: Several[Ambition] | None = None
    municipality: Several[Number] | None = None
    initiative: Several[Number] | None = None

    def disjoint_from(self, other: Scope) -> bool:
        """Whether the two provably share nobody: some key is in both and has no value in common."""
        return any(
            mine is not None and theirs is not None and not set(mine) & set(theirs)
            for mine, theirs in ((getattr(self, key), getattr(other, key)) for key in type(self).model_fields)
        )


EVERYONE = Scope()


def plain(value: float) -> str:
    """A number as a person writes it: 24, not 24.0."""
    return str(int(value)) if value == int(value) and abs(value) < 1e15 else repr(float(value))


def check_within(value: float, low: float, high: float, unit: Text, field: str) -> None:
    """Raises `RefusedError` unless `low` ≤ `value` ≤ `high`; the message names the unit."""
    if not low <= value <= high:
        raise RefusedError(
            f"{plain(value)} is out of range; allowed: {plain(low)} to {plain(high)} ({unit.en})",
            f"{plain(value)} kan niet; toegestaan: {plain(low)} tot en met {plain(high)} ({unit.nl})",
            field,
        )


def with_all_options(lever: Lever, options: dict[str, float]) -> dict[str, float]:
    """The options given, checked, and the defaults of those that were not. Raises `RefusedError`."""
    for name, value in options.items():
        if name not in lever.options:
            problem = unknown_name(name, lever.options, Problem(f"option of {lever.id}", f"optie van {lever.id}"))
            raise RefusedError(problem.en, problem.nl, f"options.{name[:40]}")
        option = lever.options[name]
        check_within(value, option.minimum, option.maximum, option.unit, f"options.{name}")
        if option.step == 1 and value != int(value):
            raise RefusedError(
                f"{plain(value)} must be a whole number ({option.unit.en})",
                f"{plain(value)} moet een geheel getal zijn ({option.unit.nl})",
                f"options.{name}",
            )
    return {name: float(options.get(name, option.default)) for name, option in sorted(lever.options.items())}


def check_scope(entry: Lever | Shock, scope: Scope) -> None:
    """Raises `RefusedError` when a lever of municipalities is scoped to some of their initiatives."""
    if isinstance(entry, Lever) and entry.level == "municipality":
        for key in ("ambition", "initiative"):
            if getattr(scope, key) is not None:
                raise RefusedError(
                    f"{entry.id} works on whole municipalities; allowed keys: size, municipality",
                    f"{entry.id} werkt voor hele gemeenten; toegestaan: size, municipality",
                    f"scope.{key}",
                )
