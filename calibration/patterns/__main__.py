"""``python -m calibration.patterns --out docs/patterns.md``: run every claim, with its mechanism on and off."""

from __future__ import annotations

from pathlib import Path

import click

from calibration.patterns import CLAIMS, examine
from calibration.patterns.page import page
from sim.engine.compiling import this_model


@click.command()
@click.option(
    "--out", type=click.Path(dir_okay=False, path_type=Path), help="File to write; left out: standard output."
)
def main(out: Path | None) -> None:
    """Put every claim of the interview report about direction to the test, and write how each fares."""
    findings = []
    for claim in CLAIMS:
        findings.append(examine(claim))
        click.echo(f"{claim.id:4} {'holds' if findings[-1].holds else 'does not hold'}", err=True)
    text = page(findings, this_model())
    if out is None:
        click.echo(text)
    else:
        out.write_text(text, encoding="utf-8", newline="\n")


if __name__ == "__main__":
    main()
