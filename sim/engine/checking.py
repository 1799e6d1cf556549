"""Checking plain data against a pydantic model, with errors for people."""

from __future__ import annotations

import re
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import numpy as np
from pydantic import BaseModel, ValidationError

from sim.engine.problems import InputError, Problem, RefusedError, shown, unknown_name


def check[Model: BaseModel](
    model: type[Model], data: Any, file: str | Path, context: dict[str, Any] | None = None
) -> Model:
    """`data` as a `model`, or the `InputError` of the first thing that is wrong with it.

    `context` is handed to the model's validators.
    """
    try:
        return model.model_validate(data, context=context)
    except ValidationError as error:
        raise _first_problem(error, model, data, file) from None
    except RecursionError:
        raise InputError(file, "file", "nested too deep", "te diep genest") from None


def whole_number(name: str, value: object, least: int, most: int) -> int:
    """``value`` as an int; raises TypeError or ValueError, naming the argument, where it is none in the range."""
    if isinstance(value, bool) or not isinstance(value, int | np.integer):
        raise TypeError(f"{name}: {value!r} is not a whole number; allowed: {least} to {most}")
    if not least <= value <= most:
        raise ValueError(f"{name}: {value} is out of range; allowed: {least} to {most}")
    return int(value)


def _first_problem(error: ValidationError, model: type[BaseModel], data: Any, file: str | Path) -> InputError:
    details = error.errors(include_url=False)
    # An unknown field explains the missing one that it was meant to be.
    detail: Any = next((d for d in details if d["type"] == "extra_forbidden"), details[0])
    place = _place(detail, data)
    problem = _problem(detail, model, place)
    raised = detail.get("ctx", {}).get("error")
    if isinstance(raised, RefusedError) and raised.field:
        place = (*place, raised.field)
    return InputError(file, dotted(place), problem.en, problem.nl)


def _place(detail: Any, data: Any) -> tuple[Any, ...]:
    """Where in the file a problem is. A part that the data hold there is a field, whatever it is called."""
    place: list[Any] = []
    here = data
    for k, part in enumerate(detail["loc"]):
        held = part in here if isinstance(here, dict) else isinstance(here, list) and part in range(len(here))
        named = detail["type"] in ("missing", "extra_forbidden") and k == len(detail["loc"]) - 1
        if held or named or not _is_marker(part):
            place.append(part)
            here = here[part] if held else None
    return tuple(place)


def _is_marker(part: Any) -> bool:
    """Whether it looks like pydantic's name for the member of a union it tried, which is no field of the file."""
    return isinstance(part, str) and bool(
        re.fullmatch(r"[a-z-]+\[.*\]|(list|tuple|int|float|str|dict|bool|none|function)", part)
    )


def dotted(place: Iterable[Any]) -> str:
    """`levers[2].intensity` for ('levers', 1, 'intensity'): people count from one."""
    field = ""
    for part in place:
        field += f"[{part + 1}]" if isinstance(part, int) else (f".{part}" if field else str(part))
    return field


def _problem(detail: Any, model: type[BaseModel], place: tuple[Any, ...]) -> Problem:
    kind, context, given = detail["type"], detail.get("ctx", {}), detail.get("input")
    raised = context.get("error")
    if isinstance(raised, RefusedError):
        return raised.problem
    if kind == "extra_forbidden":
        return unknown_name(str(place[-1]), fields_at(model, place[:-1]), Problem("field", "veld"))
    if kind in ("literal_error", "enum"):
        allowed = re.findall(r"'([^']*)'", context["expected"])
        return unknown_name(given, allowed, Problem("value", "waarde"))
    if kind == "missing":
        return Problem("missing; it must be given", "ontbreekt; dit veld is nodig")
    given_text, given_nl = shown(given), shown(given, "nl")
    quoted, quoted_nl = (f"'{each}'" if isinstance(given, str) else each for each in (given_text, given_nl))
    bounds = {
        "greater_than_equal": ("at least", "ten minste", "ge"),
        "less_than_equal": ("at most", "ten hoogste", "le"),
        "greater_than": ("more than", "meer dan", "gt"),
        "less_than": ("less than", "minder dan", "lt"),
    }
    if kind in bounds:
        en, nl, key = bounds[kind]
        return Problem(f"{given_text} is out of range; {en} {context[key]} is allowed",
                       f"{given_nl} kan niet; toegestaan is {nl} {context[key]}")  # fmt: skip
    wanted = {
        "int": ("a whole number", "een geheel getal"),
        "float": ("a number", "een getal"),
        "bool": ("true or false", "true of false"),
        "string": ("text", "tekst"),
        "list": ("a list", "een lijst"),
        "tuple": ("a list", "een lijst"),
        "dict": ("a mapping (field: value)", "regels als veld: waarde"),
        "model": ("a mapping (field: value)", "regels als veld: waarde"),
        "finite": ("a finite number", "een eindig getal"),
    }
    lengths = {
        "string_too_long": ("longer than {max_length} characters", "langer dan {max_length} tekens"),
        "string_too_short": ("shorter than {min_length} characters", "korter dan {min_length} tekens"),
        "too_long": ("has more than {max_length} entries", "heeft meer dan {max_length} onderdelen"),
        "too_short": (
            "has too few entries; at least {min_length} needed",
            "heeft te weinig onderdelen; ten minste {min_length} nodig",
        ),
    }
    if kind in lengths:
        return Problem(*(sentence.format(**context) for sentence in lengths[kind]))
    if kind == "string_pattern_mismatch":
        return Problem(f"'{given_text}' does not have the form {context['pattern']}",
                       f"'{given_nl}' heeft niet de vorm {context['pattern']}")  # fmt: skip
    for start, (en, nl) in wanted.items():
        if kind.startswith(start):
            return Problem(f"{quoted} must be {en}", f"{quoted_nl} moet {nl} zijn")
    return Problem(f"{quoted}: {detail['msg']}", f"{quoted_nl} kan hier niet; kijk of de waarde van de goede soort is")


def fields_at(model: type[BaseModel], place: tuple[Any, ...]) -> list[str]:
    """The names of the fields that the model at `place` below `model` has."""
    here: list[Any] = [model]
    for part in place:
        if isinstance(part, int):
            continue
        models = [found for annotation in here for found in _models(annotation)]
        fields = [found.model_fields[part].annotation for found in models if part in found.model_fields]
        # A name that is no field is the key of a mapping, whose values are the same models.
        here = fields or here
    return sorted({name for annotation in here for found in _models(annotation) for name in found.model_fields})


def _models(annotation: Any) -> list[type[BaseModel]]:
    if isinstance(annotation, type) and issubclass(annotation, BaseModel):
        return [annotation]
    return [found for inner in getattr(annotation, "__args__", ()) for found in _models(inner)]
