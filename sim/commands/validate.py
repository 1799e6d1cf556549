"""`samenspel validate`: a report on the fit, with what failed in it."""

from __future__ import annotations

import click

from sim.commands.common import WholeNumber, output_options, print_json
from sim.commands.interruption import INTERRUPTION, Interrupted
from sim.commands.progress import Progress

DEFAULT_OUT = "validation"
FEWEST, MOST = 20, 1_000_000


@click.command("validate", short_help="Report on the fit: targets, held-out counts, patterns, diagnostics.")
@click.option(
    "--out", default=None, metavar="DIR", help=f"Where the report goes.  [default: {DEFAULT_OUT}; none with --json]"
)
@click.option("--parameters", default=None, metavar="DIR", help="Folder of a fit.  [default: the shipped one]")
@click.option(
    "--targets", default=None, metavar="FILE", help="Counts it was fitted to.  [default: the interviews of 2021]"
)
@click.option("--world", default=None, metavar="W", help="World it was fitted in.  [default: reference]")
@click.option(
    "--worlds",
    type=WholeNumber(FEWEST, MOST),
    default=1000,
    show_default=True,
    metavar="N",
    help="Fresh worlds to interview.",
)
@click.option(
    "--workers",
    type=WholeNumber(1, 1024),
    default=None,
    metavar="N",
    help="Number of threads; the numbers do not depend on it.  [default: all cores]",
)
@output_options
def command(
    out: str | None,
    parameters: str | None,
    targets: str | None,
    world: str | None,
    worlds: int,
    workers: int | None,
    quiet: bool,
    as_json: bool,
) -> None:
    """Write a report on the fit, in Dutch and English: what was fitted, what it covers, and what failed.

    Fresh worlds are interviewed at draws of the fit. Proofs that take long (`python -m calibration.proving`) are
    read; one that is missing or belongs to another fit is named, never used. That a claim fails is a finding: the
    exit status stays 0.
    """
    from pathlib import Path

    from calibration.report.data import collect, document, undone
    from calibration.report.page import report
    from calibration.report.writing import check_folder, write_report
    from sim.engine.blocks import Cancelled
    from sim.posterior import SHIPPED

    folder = out if out is not None or as_json else DEFAULT_OUT
    if folder is not None:
        check_folder(folder)
    try:
        with Progress("samenspel validate: worlds", quiet=quiet) as progress:
            data = collect(
                Path(parameters) if parameters is not None else SHIPPED,
                targets=targets,
                world=world,
                worlds=worlds,
                workers=workers,
                progress=progress,
                cancelled=INTERRUPTION,
            )
    except Cancelled:
        raise Interrupted from None
    if folder is not None:
        with Progress("samenspel validate: figures", quiet=quiet) as progress:
            write_report(folder, data, progress)
    if as_json:
        print_json(document(data))
    elif not quiet:
        made = report("en", data)
        lines = [made.headline, ""]
        lines += [f"Failed: {sentence}" for sentence in made.failed] or ["No claim failed."]
        lines += [f"Not done: {name}; {data['proofs'][name]['command']}" for name in undone(data)]
        click.echo("\n".join([*lines, "", f"Written to {folder}: report-nl.html, report-en.html, figures."]))
