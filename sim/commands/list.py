"""`samenspel list`: what there is to choose from, with unit and meaning."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any

import click

from sim.commands.common import output_options, print_json, table

Entry = dict[str, Any]


@click.command("list", short_help="List levers, shocks, indicators, scenarios, worlds and parameters.")
@click.argument("kinds", nargs=-1, metavar="[KIND …]")
@output_options
@click.pass_context
def command(context: click.Context, kinds: tuple[str, ...], quiet: bool, as_json: bool) -> None:
    """List what there is to choose from, with unit and meaning.

    A KIND is levers, shocks, indicators, scenarios, worlds or parameters; without one, all are listed. With
    --quiet only their names are.
    """
    from sim.engine.problems import nearest

    for kind in kinds:
        if kind not in KINDS:
            meant = nearest(kind, KINDS)
            hint = f"did you mean '{meant}'?" if meant else f"there are: {', '.join(KINDS)}"
            raise click.BadParameter(
                f"'{kind[:80]}' cannot be listed; {hint}", ctx=context, param=context.command.params[0]
            )
    wanted = {kind: KINDS[kind]() for kind in KINDS if not kinds or kind in kinds}
    if as_json:
        print_json(wanted)
        return
    for position, (kind, entries) in enumerate(wanted.items()):
        if quiet:
            click.echo("\n".join(str(entry.get("id", entry.get("name"))) for entry in entries))
            continue
        heading = ("\n" if position else "") + kind.upper()
        click.echo("\n".join([heading, *table(ROWS[kind](entries), indent="  ")]))


def words(text: Any) -> dict[str, str]:
    """A text in two languages as plain data."""
    if isinstance(text, Mapping):
        return {"nl": str(text["nl"]), "en": str(text["en"])}
    return {"nl": text.nl, "en": text.en}


def english(text: Any) -> str:
    """The English of a text, whether or not it has two languages."""
    return str(text["en"] if isinstance(text, Mapping) else getattr(text, "en", text))


def _quantity(quantity: Any) -> Entry:
    return {
        "unit": english(quantity.unit),
        "minimum": quantity.minimum,
        "maximum": quantity.maximum,
        "default": quantity.default,
        "meaning": words(quantity.meaning),
    }


def _catalogue(entry: Any) -> Entry:
    return {
        "id": entry.id,
        "name": words(entry.name),
        **_quantity(entry),
        "evidence": entry.evidence,
        "sections": list(entry.sections),
        "level": entry.level,
        "options": {name: _quantity(option) for name, option in entry.options.items()},
    }


def levers() -> list[Entry]:
    """What people can decide to do."""
    from sim.levers import LEVERS

    return [{**_catalogue(lever), "who_can_act": list(lever.who_can_act)} for lever in LEVERS.values()]


def shocks() -> list[Entry]:
    """What happens to people."""
    from sim.shocks import SHOCKS

    return [
        {**_catalogue(shock), "lasts": shock.lasts, "default_months": shock.default_months} for shock in SHOCKS.values()
    ]


def indicators() -> list[Entry]:
    """What is measured."""
    from sim.indicators import INDICATORS

    return [
        {
            "id": name,
            "unit": english(indicator.unit),
            "better": indicator.better,
            "meaning": words(indicator.meaning),
            "denominator": english(indicator.denominator),
        }
        for name, indicator in INDICATORS.items()
    ]


def scenarios() -> list[Entry]:
    """The shipped scenarios."""
    from sim.scenario import shipped_scenarios

    return [
        {"id": name, "name": words(scenario.name), "description": words(scenario.description)}
        for name, scenario in shipped_scenarios().items()
    ]


def worlds() -> list[Entry]:
    """The shipped worlds."""
    from sim.world.files import shipped_worlds

    return [
        {
            "id": name,
            "name": words(world.name),
            "description": words(world.description),
            "first_month": world.first_month,
            "last_month": world.last_month,
            "policy_start": world.policy_start,
        }
        for name, world in shipped_worlds().items()
    ]


def parameters() -> list[Entry]:
    """The numbers of the model."""
    from sim.evidence.parameters import PARAMETERS

    return [
        {
            "name": parameter.name,
            "unit": parameter.unit,
            "prior": {
                "distribution": parameter.prior.distribution,
                "low": parameter.prior.low,
                "high": parameter.prior.high,
            },
            "role": parameter.role,
            "status": parameter.status,
            "source": parameter.source,
            "section": parameter.section,
            "value": parameter.value,
            "minimum": parameter.minimum,
            "maximum": parameter.maximum,
            "process": parameter.process,
            "meaning": dict(parameter.meaning),
        }
        for parameter in PARAMETERS.values()
    ]


KINDS: dict[str, Callable[[], list[Entry]]] = {
    "levers": levers,
    "shocks": shocks,
    "indicators": indicators,
    "scenarios": scenarios,
    "worlds": worlds,
    "parameters": parameters,
}


def _catalogue_rows(entries: list[Entry]) -> list[list[str]]:
    rows = [["id", "range", "default", "unit", "evidence", "sections", "name"]]
    for entry in entries:
        between = f"{entry['minimum']:g}–{entry['maximum']:g}"
        sections = " ".join(f"§{section}" for section in entry["sections"])
        default, unit, evidence = f"{entry['default']:g}", entry["unit"], entry["evidence"]
        rows.append([entry["id"], between, default, unit, evidence, sections, entry["name"]["en"]])
        for name, option in entry["options"].items():
            between = f"{option['minimum']:g}–{option['maximum']:g}"
            rows.append(
                [f"  {name}", between, f"{option['default']:g}", option["unit"], "", "", option["meaning"]["en"]]
            )
    return rows


def _indicator_rows(entries: list[Entry]) -> list[list[str]]:
    rows = [["id", "unit", "better", "meaning"]]
    return rows + [[entry["id"], entry["unit"], entry["better"], entry["meaning"]["en"]] for entry in entries]


def _scenario_rows(entries: list[Entry]) -> list[list[str]]:
    rows = [["id", "description"]]
    return rows + [[entry["id"], entry["description"]["en"]] for entry in entries]


def _world_rows(entries: list[Entry]) -> list[list[str]]:
    rows = [["id", "months", "policy start", "description"]]
    for entry in entries:
        months = f"{entry['first_month']} to {entry['last_month']}"
        rows.append([entry["id"], months, entry["policy_start"], entry["description"]["en"]])
    return rows


def _parameter_rows(entries: list[Entry]) -> list[list[str]]:
    rows = [["name", "value", "prior", "unit", "role", "status", "source", "meaning"]]
    for entry in entries:
        law = entry["prior"]
        fixed = law["distribution"] == "fixed"
        prior = "fixed" if fixed else f"{law['distribution']} {law['low']:g}–{law['high']:g}"
        row = [entry["name"], f"{entry['value']:.4g}", prior, entry["unit"], entry["role"], entry["status"]]
        rows.append([*row, entry["source"], entry["meaning"]["en"]])
    return rows


ROWS: dict[str, Callable[[list[Entry]], list[list[str]]]] = {
    "levers": _catalogue_rows,
    "shocks": _catalogue_rows,
    "indicators": _indicator_rows,
    "scenarios": _scenario_rows,
    "worlds": _world_rows,
    "parameters": _parameter_rows,
}
