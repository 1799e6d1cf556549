"""`samenspel discover`: in which worlds a policy fails, and which package is robust."""

from __future__ import annotations

import click

from sim.commands.common import FiniteNumber, output_options, print_json
from sim.commands.sensitivity import finished_sweep
from sim.commands.sweep import crew_options, need_research

TITLE = "samenspel discover"


@click.command("discover", short_help="In which worlds a policy fails (PRIM), and which package is robust.")
@click.argument("sweep", metavar="SWEEP")
@click.option("--out", default=None, metavar="DIR", help="The folder of the runs; give it again to go on.")
@click.option("--policy", "policies", multiple=True, metavar="SCENARIO", help="A policy to look at.  [default: all]")
@click.option("--indicator", default="homes_reached", show_default=True, metavar="ID", help="The outcome to judge by.")
@click.option(
    "--bar", type=FiniteNumber(), default=0.0, show_default=True, metavar="X",
    help="An improvement of X or less, in the outcome's unit, counts as a failure.",
)  # fmt: skip
@click.option(
    "--budget", type=FiniteNumber(0), default=None, metavar="EUROS",
    help="Leave out packages that cost more public euros an initiative, over all months.",
)  # fmt: skip
@click.option("--language", type=click.Choice(["en", "nl"]), default="en", show_default=True, help="Of the summary.")
@crew_options
@output_options
def command(
    sweep: str,
    out: str | None,
    policies: tuple[str, ...],
    indicator: str,
    bar: float,
    budget: float | None,
    language: str,
    scheduler: str | None,
    workers: int | None,
    yes: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run SWEEP (a file or id) in DIR and look where its policies fail; or look in the folder of one that is finished.

    Boxes, a table of packages and a report in two languages are put in DIR/discovery.
    """
    from dataclasses import asdict

    need_research(TITLE)
    result = finished_sweep(sweep, out, TITLE, scheduler=scheduler, workers=workers, yes=yes, quiet=quiet)
    from sim.research.discovery import discover
    from sim.research.discovery_report import report, write
    from sim.research.robustness import compare_packages

    found = [discover(result, policy, indicator, bar) for policy in policies or result.scenarios[1:]]
    several = len(result.scenarios) > 2 or budget is not None
    comparison = compare_packages(result, indicator, bar=bar, budget=budget) if several else None
    folder = write(result, found, comparison)
    if as_json:
        print_json(
            {
                "folder": str(folder),
                "discoveries": [asdict(each) for each in found],
                "packages": None if comparison is None else asdict(comparison),
            }
        )
    elif not quiet:
        click.echo(report(result, found, comparison, language))
        click.echo(f"Written to {folder}.")
