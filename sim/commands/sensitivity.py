"""`samenspel sensitivity`: how much of the spread is chance, and how much is not knowing which parameter."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

import click

from sim.commands.common import output_options, print_json
from sim.commands.sweep import carry_out, crew_options, need_research

if TYPE_CHECKING:
    from sim.research.reading import SweepResult

TITLE = "samenspel sensitivity"


@click.command("sensitivity", short_help="Which unknowns matter, and how much is chance (Morris, Sobol).")
@click.argument("sweep", metavar="SWEEP")
@click.option("--out", default=None, metavar="DIR", help="The folder of the runs; give it again to go on.")
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Of the summary.")
@crew_options
@output_options
def command(
    sweep: str,
    out: str | None,
    language: str,
    scheduler: str | None,
    workers: int | None,
    yes: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run SWEEP (a file or id, with a morris or sobol design) in DIR and analyse it; or analyse the folder of one
    that is finished.

    Tables, a figure and a report in two languages are put in DIR/sensitivity.
    """
    need_research(TITLE)
    result = finished_sweep(sweep, out, TITLE, scheduler=scheduler, workers=workers, yes=yes, quiet=quiet)
    from sim.research.sensitivity import analyse
    from sim.research.sensitivity_report import report, write

    found = analyse(result)
    folder = write(result, found)
    if as_json:
        rows = [
            {
                "quantity": each.quantity,
                "scenario": each.scenario,
                "indicator": each.indicator,
                "group": each.group,
                "world": each.world,
                "unit": each.unit,
                "mean": each.mean,
                "variance": each.spread,
                "share_chance": each.chance if each.chance == each.chance else None,
                "indices": [{"parameter": index.parameter, **index.numbers} for index in each.ranked],
            }
            for each in found
        ]
        print_json({"folder": str(folder), "sensitivity": rows})
    elif not quiet:
        click.echo(report(result, found, language))
        click.echo(f"Written to {folder}.")


def finished_sweep(
    sweep: str, out: str | None, title: str, *, scheduler: str | None, workers: int | None, yes: bool, quiet: bool
) -> SweepResult:
    """A finished sweep: of a folder, or of a file that is run in `out` first. Raises `InputError`."""
    from sim.engine.problems import InputError
    from sim.research.plan import make_plan
    from sim.research.reading import open_sweep

    if Path(sweep).is_dir():
        if out is not None:
            raise InputError(title, "--out", f"{sweep} is a folder with runs already; leave --out away")
        return open_sweep(sweep)
    if out is None:
        raise InputError(title, "--out", "is missing; give the folder for the runs")
    carry_out(make_plan(sweep), out, title, scheduler=scheduler, workers=workers, yes=yes, quiet=quiet)
    return open_sweep(out)
