"""`samenspel compare`: scenarios on the same worlds, the first against each of the others."""

from __future__ import annotations

from typing import Any

import click

from sim.commands.running import carry_out, give_at_least, running_options


@click.command("compare", short_help="Compare scenarios with the first one, on the same worlds.")
@click.argument("scenarios", nargs=-1, metavar="SCENARIO SCENARIO …")
@running_options
def command(scenarios: tuple[str, ...], **options: Any) -> None:
    """Compare scenarios with the first one, each under the same chance events.

    A SCENARIO is an id (see `samenspel list scenarios`) or a file.
    """
    give_at_least(scenarios, 2)
    carry_out("compare", scenarios, compared=True, options=options)
