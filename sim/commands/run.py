"""`samenspel run`: scenarios on the same worlds, without comparing them."""

from __future__ import annotations

from typing import Any

import click

from sim.commands.running import carry_out, give_at_least, running_options


@click.command("run", short_help="Run scenarios without comparing them.")
@click.argument("scenarios", nargs=-1, metavar="SCENARIO …")
@running_options
def command(scenarios: tuple[str, ...], **options: Any) -> None:
    """Run one or more scenarios, without comparing them.

    A SCENARIO is an id (see `samenspel list scenarios`) or a file.
    """
    give_at_least(scenarios, 1)
    carry_out("run", scenarios, compared=False, options=options)
