"""`samenspel calibrate`: fit the parameters to the interview outcomes."""

from __future__ import annotations

from typing import Any

import click

from sim.commands.common import WholeNumber, output_options, print_json, table
from sim.commands.interruption import INTERRUPTION, Interrupted
from sim.commands.progress import Progress

MOST_RUNS = 10_000_000


@click.command("calibrate")
@click.option("--targets", default=None, metavar="FILE", help="Counts to fit.  [default: the interviews of 2021]")
@click.option("--world", default=None, metavar="W", help="World the interviews were held in.  [default: reference]")
@click.option(
    "--out", default=None, metavar="DIR", help="Where the fit goes.  [default: the shipped calibration/posterior]"
)
@click.option(
    "--runs",
    type=WholeNumber(500, MOST_RUNS),
    default=None,
    metavar="N",
    help="Independent runs to learn from.  [default: 20000]",
)
@click.option(
    "--seed", type=WholeNumber(0, 2**31), default=1, show_default=True, metavar="N", help="Of points, luck and walkers."
)
@click.option(
    "--workers",
    type=WholeNumber(1, 1024),
    default=None,
    metavar="N",
    help="Number of threads; the numbers do not depend on it.  [default: all cores]",
)
@click.option("--quick", is_flag=True, help="A rough fit within a minute, to try things out; not to be shipped.")
@output_options
def command(
    targets: str | None,
    world: str | None,
    out: str | None,
    runs: int | None,
    seed: int,
    workers: int | None,
    quick: bool,
    quiet: bool,
    as_json: bool,
) -> None:
    """Fit the parameters to what was counted in interviews.

    Stopped half-way, it goes on where it was and ends the same. `samenspel compare --parameters DIR` uses the fit; the
    shipped one is used by default.
    """
    from dataclasses import replace

    from calibration.fit import QUICK, Plan
    from calibration.fit import calibrate as fitted
    from calibration.posterior_files import KIND, write_posterior
    from calibration.targets import INTERVIEWS_2021, load_targets
    from sim.engine.blocks import Cancelled
    from sim.engine.folders import check_target
    from sim.engine.problems import InputError
    from sim.posterior import SHIPPED
    from sim.world.files import load_world

    own = {"--targets": targets, "--world": world, "--runs": runs, "--quick": quick, "--seed": seed != 1}
    if out is None and (used := [name for name, value in own.items() if value]):
        raise InputError(
            "samenspel calibrate",
            "--out",
            f"must be given with {', '.join(used)}; without it the fit would replace the shipped one, which every "
            "comparison uses",
        )
    folder = out or str(SHIPPED)
    check_target(folder, KIND, bytes_needed=2_000_000)
    file = load_targets(targets or INTERVIEWS_2021)
    setting = load_world(world) if world else None
    plan = QUICK if quick else Plan()
    plan = replace(plan, runs=runs) if runs is not None else plan
    progress = Progress("samenspel calibrate: worlds", quiet=quiet)

    def tell(step: str, done: int, total: int) -> None:
        name = f"samenspel calibrate: {step}"
        if progress.what != name:
            progress.what, progress.first_done = name, None
        progress(done, total)

    try:
        with progress:
            found = fitted(
                file, world=setting, seed=seed, plan=plan, workers=workers, progress=tell, cancelled=INTERRUPTION
            )
    except Cancelled:
        raise Interrupted from None
    write_posterior(folder, found.values, found.manifest)
    if as_json:
        print_json({"out": folder, **found.manifest})
    elif not quiet:
        click.echo("\n".join(summary(found.manifest, folder)))


def summary(manifest: dict[str, Any], folder: str) -> list[str]:
    """The fit in lines for a person."""
    rows = [["parameter", "prior", "5%", "median", "95%", "contraction", ""]]
    for name, found in manifest["parameters"].items():
        note = "prior only" if found["contraction"] < 0.1 else ""
        numbers = [f"{found[key]:.3g}" for key in ("p05", "p50", "p95")]
        rows.append([name, found["prior"], *numbers, f"{found['contraction']:.2f}", note])
    sampling = manifest["sampling"]
    agreed = "agree" if sampling["agreed"] else "DO NOT agree: sample longer before using this"
    lines = [f"Fitted to {manifest['targets']['id']}, model {manifest['model']}, seed {manifest['seed']}.", ""]
    lines += table(rows, right=(2, 3, 4, 5))
    agreement = f"R-hat at most {sampling['rhat_max']:.3f}, effective draws at least {sampling['ess_bulk_min']:,}"
    lines += ["", f"{sampling['ensembles']} independent ensembles {agreed} ({agreement})."]
    if manifest["check"]:
        shift = max(abs(row["shift"]) for row in manifest["check"].values())
        again = f"Fitted again from {manifest['fresh_runs']:,} fresh runs near the answer"
        lines.append(f"{again}, means move by at most {shift:.2f} of their spread.")
    lines.append(f"Written to {folder}.")
    return lines
