"""What an entry of a scenario or a world says: which lever or shock, in which months, how much, and for whom."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from pydantic import AfterValidator, BeforeValidator, Field

from sim.engine.catalogue import Frozen, Text
from sim.engine.months import FIRST_YEAR, LAST_YEAR, parse_month
from sim.engine.problems import Problem, Refusal, unknown_name
from sim.engine.shelf import SLUG
from sim.levers import Lever
from sim.shocks import Shock

Size = Literal["small", "medium", "large"]
Ambition = Literal["activate", "save", "heat_network"]


def _month(text: str) -> str:
    try:
        parse_month(text)
    except ValueError:
        raise Refusal(
            f"'{text[:20]}' is not a month; write YYYY-MM with a month from 01 to 12 and a year from {FIRST_YEAR} to {LAST_YEAR}",
            f"'{text[:20]}' is geen maand; schrijf JJJJ-MM, met een maand van 01 tot en met 12 en een jaar van {FIRST_YEAR} tot en met {LAST_YEAR}",
        ) from None
    return text


def _slug(text: str) -> str:
    if not SLUG.fullmatch(text) or len(text) > 64:
        raise Refusal(
            f"'{text[:40]}' cannot be an id; allowed: at most 64 small letters, digits and single hyphens, such as 'my-plan'",
            f"'{text[:40]}' kan geen id zijn; toegestaan: hoogstens 64 kleine letters, cijfers en losse streepjes, zoals 'mijn-plan'",
        )
    if text in RESERVED:
        raise Refusal(
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
        raise Refusal("names something twice; name it once", "noemt iets twee keer; één keer mag")
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


def check_within(value: float, low: float, high: float, unit: Text, field: str) -> None:
    """Raises `Refusal` unless `low` ≤ `value` ≤ `high`; the message names the unit."""
    if not low <= value <= high:
        raise Refusal(
            f"{value:g} is out of range; allowed: {low:g} to {high:g} ({unit.en})",
            f"{value:g} kan niet; toegestaan: {low:g} tot en met {high:g} ({unit.nl})",
            field,
        )


def with_all_options(lever: Lever, options: dict[str, float]) -> dict[str, float]:
    """The options given, checked, and the defaults of those that were not. Raises `Refusal`."""
    for name, value in options.items():
        if name not in lever.options:
            problem = unknown_name(name, lever.options, Problem(f"option of {lever.id}", f"optie van {lever.id}"))
            raise Refusal(problem.en, problem.nl, f"options.{name[:40]}")
        option = lever.options[name]
        check_within(value, option.minimum, option.maximum, option.unit, f"options.{name}")
        if option.step == 1 and value != int(value):
            raise Refusal(
                f"{value:g} must be a whole number from {option.minimum:g} to {option.maximum:g} ({option.unit.en})",
                f"{value:g} moet een geheel getal zijn, van {option.minimum:g} tot en met {option.maximum:g} ({option.unit.nl})",
                f"options.{name}",
            )
    return {name: float(options.get(name, option.default)) for name, option in sorted(lever.options.items())}


def check_scope(entry: Lever | Shock, scope: Scope) -> None:
    """Raises `Refusal` when a lever of municipalities is scoped to some of their initiatives."""
    if isinstance(entry, Lever) and entry.level == "municipality":
        for key in ("ambition", "initiative"):
            if getattr(scope, key) is not None:
                raise Refusal(
                    f"{entry.id} works on whole municipalities; allowed keys: size, municipality",
                    f"{entry.id} werkt voor hele gemeenten; toegestaan: size, municipality",
                    f"scope.{key}",
                )
