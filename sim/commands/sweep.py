"""`samenspel sweep`: a design of many runs, in a folder, resumable."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import click

from sim.commands.common import WholeNumber, output_options, print_json
from sim.commands.interruption import INTERRUPTION, Interrupted
from sim.commands.progress import Progress, in_words

if TYPE_CHECKING:
    from sim.research.conduct import Crew, Outcome
    from sim.research.plan import Plan

MOST_WORKERS = 1024
TITLE = "samenspel sweep"


def crew_options[F: Any](function: F) -> F:
    """Who does the work, and the consent that large work needs."""
    function = click.option(
        "--yes", is_flag=True, help="Go on without asking, however many core hours or bytes it takes."
    )(function)
    function = click.option(
        "--workers",
        type=WholeNumber(1, MOST_WORKERS),
        default=None,
        metavar="N",
        help="Number of processes on this machine; the numbers do not depend on it.  [default: one a core]",
    )(function)
    return click.option(
        "--scheduler",
        default=None,
        metavar="ADDRESS",
        help="A Dask scheduler, such as tcp://node:8786, or 'local' for a Dask cluster on this machine.",
    )(function)


@click.command("sweep", short_help="Run a design of many runs; resumable, on one machine or a cluster.")
@click.argument("file", metavar="FILE")
@click.option("--out", default=None, metavar="DIR", help="The folder of the results; give it again to go on.")
@crew_options
@click.option("--slurm", is_flag=True, help="Run nothing; print a recipe that runs it on a SLURM cluster.")
@output_options
def command(
    file: str,
    out: str | None,
    scheduler: str | None,
    workers: int | None,
    yes: bool,
    slurm: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Run the sweep in FILE (a file, or the id of a shipped one) and keep its results in DIR.

    Stopped on the way, by anything, it goes on where it was when the same command is given again; the result is the
    same to the last bit.
    """
    from sim.engine.problems import InputError

    need_research(TITLE)
    from sim.research.plan import make_plan

    if out is None:
        raise InputError(TITLE, "--out", "is missing; give the folder for the results")
    plan = make_plan(file)
    if slurm:
        from sim.research.slurm import recipe

        text = recipe(plan, file, out)
        if as_json:
            print_json({"sweep": plan.sweep.id, "folder": out, "recipe": text})
        else:
            click.echo(text)
        return
    outcome = carry_out(plan, out, TITLE, scheduler=scheduler, workers=workers, yes=yes, quiet=quiet)
    if as_json:
        print_json({"folder": str(outcome.folder), "done_now": outcome.done_now, **outcome.document})
    elif not quiet:
        click.echo("\n".join(_summary(plan, outcome)))


def need_research(title: str) -> None:
    """Raises `InputError` when the packages for research are not installed."""
    from sim.engine.problems import InputError

    try:
        import filelock  # noqa: F401
        import SALib  # noqa: F401
    except ImportError as error:
        raise InputError(
            title, error.name or "a package", "is not installed; install the project with its extra 'research'"
        ) from None


def carry_out(
    plan: Plan, out: str, title: str, *, scheduler: str | None, workers: int | None, yes: bool, quiet: bool
) -> Outcome:
    """Run a plan in a folder, or go on with it. Raises `InputError` or `Interrupted`."""
    from sim.engine.blocks import Cancelled
    from sim.engine.problems import InputError
    from sim.research.conduct import conduct
    from sim.research.folder import check_target
    from sim.research.reckon import consent_needed

    if not yes and (hours := consent_needed(plan)) is not None:
        raise InputError(
            title,
            "--yes",
            f"{plan.runs:,} runs take about {hours:,.0f} core hours at this machine's speed; give --yes to go on",
        )
    try:
        check_target(out, plan)
    except InputError as error:
        raise InputError(title, "--out", f"{error.file}: {error.problem}") from None
    crew = crew_for(scheduler, workers, title)
    if crew.workers == 0 and not quiet:
        click.echo(f"{title}: there are no workers at {scheduler} yet; waiting for them", err=True)
    progress = Progress(f"{title}: pieces", quiet=quiet)
    try:
        with progress:
            return conduct(plan, out, crew, progress=progress, cancelled=INTERRUPTION)
    except Cancelled:
        raise Interrupted from None


def crew_for(scheduler: str | None, workers: int | None, title: str) -> Crew:
    """Processes here, or a Dask cluster. Raises `InputError` when there is no scheduler at the address."""
    if scheduler is None:
        from sim.research.crew import LocalCrew

        return LocalCrew(workers)
    from sim.research.cluster import DaskCrew

    return DaskCrew(scheduler, workers, title=title)


def _summary(plan: Plan, outcome: Outcome) -> list[str]:
    from sim.research.folder import RESULTS

    lines = [
        f"{plan.runs:,} runs at {plan.points:,} points, in {plan.shards:,} pieces, of which {outcome.done_now:,} now.",
        f"Parameters {plan.base.name}, {plan.base.described().notice}.",
    ]
    for each in outcome.failed:
        first, last = each["points"]
        lines.append(f"Could not be done: points {first:,} to {last:,}, because {each['why']}.")
    lines += [
        f"Written to {outcome.folder}. To read it, with DuckDB for instance:",
        f"  SELECT * FROM '{outcome.folder}/{RESULTS}' JOIN '{outcome.folder}/points.parquet' USING (point)",
    ]
    return lines


__all__ = ["carry_out", "command", "crew_for", "crew_options", "in_words", "need_research"]
