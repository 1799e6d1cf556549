"""The builder: a policy as sliders, made from the data of the levers, and what happens when one is moved.

An edit goes from the canonical text of a policy (`dashboard.own`) to the next one, through the reader of scenario
files. What the reader refuses becomes a sentence that names the field and what is allowed; the policy stays as it was.
"""

import json
import re
from collections import Counter
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from types import SimpleNamespace
from typing import Any

from dashboard import own, prices, simulation
from dashboard.figures.svg import swatch
from dashboard.language import LANGUAGES, month_name, named, number, plural, text
from dashboard.naming import words
from dashboard.numerals import typed_number
from dashboard.state import MINE, Choice

Data = dict[str, Any]
SIZES = ("small", "medium", "large")
AMBITIONS = ("activate", "save", "heat_network")
PARAMETERS = ("official_leaving_rate", "alderman_leaving_rate", "member_leaving_rate", "handover_chance")
SCOPES = {"size": SIZES, "ambition": AMBITIONS}
LONGEST = 200  # characters of anything that is typed


@dataclass(frozen=True)
class Edited:
    """The policy after an edit (its canonical text), or a sentence on why it stays as it was."""

    made: str | None
    fault: str = ""


class RefusedEditError(ValueError):
    """What was typed cannot be: the sentence for the reader."""


# From one policy to the next ---------------------------------------------------------------------------------------


def started(choice: Choice, slot: str) -> str:
    """The canonical text of what stands under a letter, to be changed: an own policy as it is, a shipped one as a copy
    with a name that says so."""
    from sim.scenario import scenario_data

    made = choice.texts.get(choice.slots[slot])
    if made is not None:
        return made
    scenario = simulation.scenario_of(choice, slot)
    data = json.loads(json.dumps(scenario_data(scenario)))
    data["name"] = {
        language: text(language, "builder.copy_name", name=name)
        for language, name in simulation.words(scenario.name).items()
    }
    return own.policy(data, taken(choice, slot))


def empty(choice: Choice, slot: str) -> str:
    """The canonical text of a policy without anything in it yet."""
    return own.policy({"levers": []}, taken(choice, slot))


def taken(choice: Choice, slot: str) -> set[str]:
    """The ids that the policy under a letter may not have."""
    return {
        simulation.AS_NOW,
        *simulation.policies(),
        *(name for letter, name in choice.slots.items() if letter != slot),
    }


def edited(choice: Choice, slot: str, key: str, raw: str) -> Edited:
    """The policy under a letter after one control was set. key: see `_set`; raw: what was typed or slid to."""
    from sim.schedule import check_in_world

    raw = raw[:LONGEST]
    data = json.loads(started(choice, slot))
    if isinstance(data["name"], dict) and data["name"]["nl"] == data["name"]["en"]:
        data["name"] = data["name"]["nl"]
    language = choice.language
    try:
        _set(data, key, raw, choice)
        # A name says nothing of what the policy does: what was written about it still holds.
        before = choice.texts.get(choice.slots[slot])
        description = own.written(before) if key == "name" and before is not None else None
        made = own.policy(data, taken(choice, slot), description=description)
        check_in_world(own.scenario(made), simulation.setting(choice), months=choice.months, file=label(key, language))
    except RefusedEditError as refused:
        return Edited(None, str(refused))
    except ValueError as error:
        problem = getattr(error, "problem_nl" if language == "nl" else "problem", None)
        if problem is None:
            raise
        return Edited(None, text(language, "builder.fault", field=label(key, language), problem=problem))
    return Edited(made)


def _set(data: Data, key: str, raw: str, choice: Choice) -> None:
    """Set one thing in the data of a policy.

    key: `name`, `lever/<lever>[.<n>]`, `option/<lever>[.<n>]/<option>`, `start`, `end`, `scope/size`,
    `scope/ambition`, `scope/municipality`, `add` (a shock, by its id), `shock/<n>` (its month), `strength/<n>/<shock>`,
    `lasts/<n>/<shock>` (months), `drop/<n>` (a shock), `parameter/<name>`.
    """
    kind, _, rest = key.partition("/")
    entries: list[Data] = data.setdefault("levers", [])
    if kind == "name":
        data["name"] = raw
    elif kind == "lever":
        _set_lever(entries, rest, _number(raw, key, choice))
    elif kind == "option":
        row, _, option = rest.rpartition("/")
        _entry(entries, row).setdefault("options", {})[option] = _number(raw, key, choice)
    elif kind in ("start", "end"):
        month = month_in(raw, key, choice) if raw.strip() else ""
        for entry in entries:
            if month:
                entry[kind] = month
            else:
                entry.pop(kind, None)
    elif kind == "scope":
        _set_scope(entries, rest, raw, choice)
    elif kind == "shock":
        data["shocks"][int(rest)]["month"] = month_in(raw, key, choice)
    elif kind == "add":
        data.setdefault("shocks", []).append({"shock": raw, "month": usual_month(choice)})
    elif kind == "strength":
        data["shocks"][int(rest.partition("/")[0])]["intensity"] = _number(raw, key, choice)
    elif kind == "lasts":
        months = _number(raw, key, choice)
        data["shocks"][int(rest.partition("/")[0])]["months"] = int(months) if months.is_integer() else months
    elif kind == "drop":
        del data["shocks"][int(rest)]
    elif kind == "parameter":
        if raw.strip():
            data.setdefault("parameters", {})[rest] = _number(raw, key, choice)
        else:
            data.get("parameters", {}).pop(rest, None)
    else:
        raise KeyError(key)


def usual_month(choice: Choice) -> str:
    """When a shock happens unless another month is chosen: a year after policies start, or else in the last month."""
    from sim.engine.months import add_months

    world = simulation.setting(choice)
    last = add_months(world.first_month, (choice.months or world.horizon) - 1)
    return min(add_months(world.policy_start, 12), last)


def _set_lever(entries: list[Data], row: str, intensity: float) -> None:
    """An intensity; a lever that was not in use yet gets the months and scope that all others share."""
    from sim.levers import LEVERS

    found = _find(entries, row)
    if found is not None:
        found["intensity"] = intensity
        return
    if row not in LEVERS:
        raise KeyError(row)
    fresh: Data = {"lever": row, "intensity": intensity}
    for field in ("start", "end"):
        shared = {entry.get(field) for entry in entries}
        if len(shared) == 1 and None not in shared:
            fresh[field] = shared.pop()
    scopes = [entry.get("scope", {}) for entry in entries]
    if scopes and all(scope == scopes[0] for scope in scopes):
        kept = {name: value for name, value in scopes[0].items() if _may(row, name)}
        if kept:
            fresh["scope"] = kept
    entries.append(fresh)


def _set_scope(entries: list[Data], field: str, raw: str, choice: Choice) -> None:
    if field not in (*SCOPES, "municipality"):
        raise KeyError(field)
    parts = [part for part in re.split(r"[\s,;]+", raw) if part]
    values: list[Any] = parts
    if field == "municipality":
        if not all(part.isascii() and part.isdecimal() and len(part) < 7 for part in parts):
            raise RefusedEditError(text(choice.language, "builder.fault_towns", typed=own.cleaned(raw)))
        values = sorted({int(part) for part in parts})
        last = simulation.stage(choice).layout.rows["municipality"] - 1
        beyond = ", ".join(str(value) for value in values if value > last)
        if beyond:
            raise RefusedEditError(text(choice.language, "builder.fault_no_town", numbers=beyond, last=last))
    elif set(parts) == set(SCOPES[field]):
        values = []  # all of them is everyone
    for entry in entries:
        scope = {name: value for name, value in entry.get("scope", {}).items() if name != field}
        if values and _may(entry["lever"], field):
            scope[field] = values
        entry.pop("scope", None)
        if scope:
            entry["scope"] = scope


def _may(lever: str, field: str) -> bool:
    from sim.levers import LEVERS

    return field not in ("ambition", "initiative") or LEVERS[lever].level == "initiative"


def _find(entries: list[Data], row: str) -> Data | None:
    lever, _, nth = row.partition(".")
    same = [entry for entry in entries if entry["lever"] == lever]
    place = int(nth or 0)
    return same[place] if place < len(same) else None


def _entry(entries: list[Data], row: str) -> Data:
    found = _find(entries, row)
    if found is None:
        _set_lever(entries, row, 0.0)
        found = entries[-1]
    return found


def _number(raw: str, key: str, choice: Choice) -> float:
    # A slider writes numbers as programs do, with an equals sign before them.
    typed, language = raw.removeprefix("="), choice.language
    value = typed_number("en" if raw.startswith("=") else language, typed)
    low, high, unit = limits(key, language)
    if value is not None and low <= value <= high:
        return value
    kind = "range" if value is not None else "number" if typed.strip() else "empty"
    sentence = text(
        language,
        f"builder.fault_{kind}",
        field=label(key, language),
        typed=own.cleaned(typed),
        low=_text_of(language, low),
        high=_text_of(language, high),
        unit=unit,
    )
    raise RefusedEditError(f"{sentence} {text(language, 'builder.share_too')}" if _is_share(key) else sentence)


def _is_share(key: str) -> bool:
    """Whether a control is a share, so that a percentage can be typed too."""
    from sim.evidence.parameters import PARAMETERS as ALL
    from sim.levers import LEVERS

    kind, _, rest = key.partition("/")
    if kind == "parameter":
        return ALL[rest].unit in ("share", "chance") and ALL[rest].maximum == 1
    lever = LEVERS.get(rest.partition(".")[0])
    return kind == "lever" and lever is not None and lever.maximum == 1


def month_in(raw: str, key: str, choice: Choice, field: str = "") -> str:
    """A month that was typed and lies in the world of a choice. field: what the control is called, when it is not one
    of the builder. Raises `RefusedEditError`.
    """
    world, language, month = simulation.setting(choice), choice.language, raw.strip()
    field = field or label(key, language)
    bounds = {"low": world.first_month, "high": world.last_month}
    if not re.fullmatch(r"[0-9]{4}-(0[1-9]|1[0-2])", month):
        typed = own.cleaned(raw)
        sentence = text(language, "builder.fault_month", field=field, typed=typed, usual=world.policy_start, **bounds)
        raise RefusedEditError(sentence)
    if not world.first_month <= month <= world.last_month:
        name = named(simulation.words(world.name), language)
        raise RefusedEditError(text(language, "builder.fault_outside", field=field, month=month, world=name, **bounds))
    return month


def limits(key: str, language: str) -> tuple[float, float, str]:
    """The lowest and highest value of a control, and its unit."""
    from sim.evidence.parameters import PARAMETERS as ALL
    from sim.levers import LEVERS
    from sim.scenario import LONGEST_SHOCK
    from sim.shocks import SHOCKS

    kind, _, rest = key.partition("/")
    if kind == "parameter":
        parameter = ALL[rest]
        return parameter.minimum, parameter.maximum, text(language, f"unit.{parameter.unit}")
    if kind == "lasts":
        return 1, LONGEST_SHOCK, text(language, "builder.months")
    if kind == "strength":
        shock = SHOCKS[rest.partition("/")[2]]
        return shock.minimum, shock.maximum, getattr(shock.unit, language)
    row, _, option = rest.partition("/")
    lever = LEVERS[row.partition(".")[0]]
    quantity = lever.options[option] if option else lever
    return quantity.minimum, quantity.maximum, getattr(quantity.unit, language)


def label(key: str, language: str) -> str:
    """What a control is called in a sentence."""
    from sim.levers import LEVERS
    from sim.shocks import SHOCKS

    kind, _, rest = key.partition("/")
    row, _, option = rest.partition("/")
    lever = LEVERS.get(row.partition(".")[0])
    if kind in ("lever", "option") and lever is not None:
        name = getattr(lever.name, language)
        return f"{name}, {getattr(lever.options[option].unit, language)}" if option in lever.options else name
    if kind == "scope":
        return text(language, f"builder.scope_{rest}")
    if kind == "parameter":
        return parameter_name(rest, language)
    if kind in ("strength", "lasts"):
        return getattr(SHOCKS[rest.partition("/")[2]].name, language)
    if kind == "add":
        return text(language, "builder.shock")
    return text(language, f"builder.{'month' if kind in ('shock', 'drop') else kind}")


def parameter_name(name: str, language: str) -> str:
    """What a parameter says, as the parameter file puts it."""
    from sim.evidence.parameters import PARAMETERS as ALL

    meaning = named(ALL[name].meaning, language)
    return meaning[:1].upper() + meaning[1:]


# What is shown -----------------------------------------------------------------------------------------------------


def builder(
    choice: Choice,
    slot: str,
    front: Collection[str] | None = None,
    drafts: Mapping[str, tuple[str, str]] | None = None,
) -> Data:
    """What the builder shows. front: rows that come first; None: those in use. A page gives the rows that were in use
    when the builder was opened, so that a slider never leaves the hand or the keyboard that moves it. drafts: by
    control, what was typed there that could not be, and the sentence on it.
    """
    from sim.levers import LEVERS
    from sim.shocks import SHOCKS

    language, drafts = choice.language, drafts or {}
    scenario = simulation.scenario_of(choice, slot)
    used = in_use(scenario)
    rows = [_row(choice, scenario, key, entry, drafts) for key, entry in zip(used, scenario.levers, strict=True)]
    rows += [_row(choice, scenario, lever, None, drafts) for lever in LEVERS if lever not in used]
    in_front, order = set(used if front is None else front), list(LEVERS)
    first = sorted((row for row in rows if row["key"] in in_front), key=lambda row: order.index(row["lever"]))
    later = sorted((row for row in rows if row["key"] not in in_front), key=lambda row: row["name"])
    own_name = named(simulation.policy_of(choice, slot).name, language)
    total = prices.of_scenario(choice, scenario)
    fixed = [_shock(choice, nth, shock, SHOCKS, drafts) for nth, shock in enumerate(scenario.shocks)]
    return {
        "slot": slot,
        "swatch": swatch(slot),
        "title": text(language, "builder.title", slot=slot),
        "name": drafts["name"][0] if "name" in drafts else own_name,
        "faults": {key: sentence for key, (_, sentence) in drafts.items()},
        "rows": first,
        "more": later,
        "more_title": plural(language, "builder.more", len(later), count=len(later)),
        "actors": [{"id": actor, "name": text(language, f"actor.{actor}")} for actor in simulation.ACTORS],
        "total": prices.words(language, total),
        "counted": prices.basis(choice, scenario),
        "when": _when(choice, scenario, drafts),
        "scope": _scope(choice, scenario, drafts),
        "shocks": fixed,
        "events": [{"id": shock.id, "name": getattr(shock.name, language)} for shock in SHOCKS.values()],
        "parameters": [_parameter(choice, scenario, name, drafts) for name in _parameters(scenario)],
        "words": words(language, "builder.", "badge.", "actor."),
    }


def in_use(scenario: Any) -> tuple[str, ...]:
    """The rows of a policy's levers, in its order: `<lever>`, and `<lever>.<n>` for one that is there again."""
    seen: Counter[str] = Counter()
    rows = []
    for entry in scenario.levers:
        nth = seen[entry.lever]
        seen[entry.lever] += 1
        rows.append(f"{entry.lever}.{nth}" if nth else entry.lever)
    return tuple(rows)


def _text_of(language: str, value: float) -> str:
    return number(language, value, 4)


def _row(choice: Choice, scenario: Any, row: str, entry: Any, drafts: Mapping[str, tuple[str, str]]) -> Data:
    from sim.levers import LEVERS

    language = choice.language
    lever = LEVERS[row.partition(".")[0]]
    intensity = entry.intensity if entry is not None else 0.0
    cost = prices.of_entry(choice, scenario, entry) if entry is not None else prices.Yearly()
    key = f"lever/{row}"
    used = bool(entry is not None and entry.intensity)
    return {
        "key": row,
        "lever": lever.id,
        "used": used,
        "control": _control(language, key, lever, intensity, drafts),
        "name": getattr(lever.name, language),
        "meaning": getattr(lever.meaning, language),
        "badge": lever.evidence,
        "badge_words": text(language, f"badge.{lever.evidence}"),
        "who": list(lever.who_can_act),
        "who_words": ", ".join(text(language, f"actor.{actor}") for actor in lever.who_can_act),
        "cost": prices.words(language, cost) if used else text(language, "price.zero"),
        "basis": getattr(_basis(scenario, lever.id), language),
        "options": [
            {
                "yes_no": option.minimum == 0 and option.maximum == 1 and option.step == 1 and name != "form",
                **_control(
                    language,
                    f"option/{row}/{name}",
                    option,
                    entry.options[name] if entry is not None else option.default,
                    drafts,
                ),
                "meaning": getattr(option.meaning, language),
            }
            for name, option in lever.options.items()
        ],
    }


def _basis(scenario: Any, lever: str) -> Any:
    from sim.costs import load_costs

    return load_costs(scenario).levers[lever].basis


def _control(language: str, key: str, quantity: Any, value: float, drafts: Mapping[str, tuple[str, str]]) -> Data:
    """A slider with its number box."""
    return {
        "key": key,
        "minimum": quantity.minimum,
        "maximum": quantity.maximum,
        "step": quantity.step,
        "value": value,
        "text": drafts[key][0] if key in drafts else _text_of(language, value),
        "unit": getattr(quantity.unit, language),
        "share": quantity.maximum == 1 and quantity.step < 1,
        "percent": text(language, "builder.percent", percent=number(language, 100 * value, 0)),
        "fault": drafts[key][1] if key in drafts else "",
    }


def _when(choice: Choice, scenario: Any, drafts: Mapping[str, tuple[str, str]]) -> Data:
    """The months that all levers of a policy share; where they differ, that is said."""
    world, language = simulation.setting(choice), choice.language
    shown: Data = {"minimum": world.first_month, "maximum": world.last_month}
    for field in ("start", "end"):
        values = {getattr(entry, field) for entry in scenario.levers}
        shared = next(iter(values)) if len(values) == 1 else None
        shown[field] = drafts[field][0] if field in drafts else shared or ""
        shown[f"{field}_mixed"] = len(values) > 1
        shown[f"{field}_fault"] = drafts[field][1] if field in drafts else ""
    shown["usual_start"] = text(language, "builder.usual_start", month=month_name(language, world.policy_start))
    shown["usual_end"] = text(language, "builder.usual_end", month=month_name(language, world.last_month))
    return shown


def _scope(choice: Choice, scenario: Any, drafts: Mapping[str, tuple[str, str]]) -> Data:
    """Whom the levers of a policy are for; those of whole municipalities cannot be kept to an ambition."""
    from sim.levers import LEVERS

    language = choice.language
    shown: Data = {"groups": [], "whole": "", "mine": choice.world == MINE}
    for field, values in SCOPES.items():
        about = [entry for entry in scenario.levers if _may(entry.lever, field)]
        sets = {getattr(entry.scope, field) for entry in about}
        chosen = next(iter(sets)) if len(sets) == 1 else None
        shown["groups"].append(
            {
                "key": f"scope/{field}",
                "title": text(language, f"builder.scope_{field}"),
                "mixed": len(sets) > 1,
                "values": [
                    {"id": value, "name": text(language, f"{field}.{value}"), "on": chosen is None or value in chosen}
                    for value in values
                ],
            }
        )
    whole = [
        getattr(LEVERS[entry.lever].name, language) for entry in scenario.levers if not _may(entry.lever, "ambition")
    ]
    limited = any(entry.scope.ambition is not None for entry in scenario.levers)
    if whole and limited:
        shown["whole"] = text(language, "builder.whole", levers=", ".join(dict.fromkeys(whole)))
    towns = {entry.scope.municipality for entry in scenario.levers}
    numbers = next(iter(towns)) if len(towns) == 1 else None
    key = "scope/municipality"
    shown["towns"] = drafts[key][0] if key in drafts else ", ".join(str(each) for each in numbers or ())
    shown["towns_fault"] = drafts[key][1] if key in drafts else ""
    return shown


def _shock(choice: Choice, nth: int, shock: Any, catalogue: Any, drafts: Mapping[str, tuple[str, str]]) -> Data:
    from sim.scenario import LONGEST_SHOCK

    key, language, kind = f"shock/{nth}", choice.language, catalogue[shock.shock]
    name = getattr(kind.name, language)
    strength = _control(language, f"strength/{nth}/{kind.id}", kind, shock.intensity, drafts)
    controls = [{**strength, "title": text(language, "builder.shock_strength")}]
    if kind.lasts:
        length = f"lasts/{nth}/{kind.id}"
        unit = SimpleNamespace(**{each: text(each, "builder.months") for each in LANGUAGES})
        months = SimpleNamespace(minimum=1, maximum=LONGEST_SHOCK, step=1, unit=unit)
        controls.append(
            {
                **_control(language, length, months, shock.months, drafts),
                "title": text(language, "builder.shock_months"),
            }
        )
    return {
        "key": key,
        "drop": f"drop/{nth}",
        "name": name,
        "meaning": getattr(kind.meaning, language),
        "badge": kind.evidence,
        "badge_words": text(language, f"badge.{kind.evidence}"),
        "controls": controls,
        "month": drafts[key][0] if key in drafts else shock.month,
        "fault": drafts[key][1] if key in drafts else "",
        "remove": text(language, "builder.remove", name=name),
    }


def _parameters(scenario: Any) -> tuple[str, ...]:
    """The circumstances that can be set: those about people who leave, and any other that the policy sets."""
    return tuple(dict.fromkeys([*PARAMETERS, *scenario.parameters]))


def _parameter(choice: Choice, scenario: Any, name: str, drafts: Mapping[str, tuple[str, str]]) -> Data:
    from sim.evidence.parameters import PARAMETERS as ALL

    key, language = f"parameter/{name}", choice.language
    given = scenario.parameters.get(name)
    return {
        "key": key,
        "name": parameter_name(name, language),
        "unit": text(language, "builder.parameter_usual", value=_text_of(language, ALL[name].value)),
        "text": drafts[key][0] if key in drafts else "" if given is None else _text_of(language, given),
        "fault": drafts[key][1] if key in drafts else "",
    }
