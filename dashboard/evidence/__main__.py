"""`python -m dashboard.evidence`: make `findings.json` again.

It takes the report of the shipped fit (`python -m calibration.report`) when that belongs to this model. Without one the
page shows what the model gives before any fit, and says so.
"""

import json
from pathlib import Path
from typing import Any

import click
import numpy as np

from dashboard.evidence.findings import SHIPPED, read, written
from dashboard.evidence.gather import DRAWS, SEED, gathered
from sim.engine.compiling import this_model

REPORT = Path(__file__).resolve().parent.parent.parent / "calibration" / "report" / "shipped.json"


def shipped_report() -> dict[str, Any] | None:
    """The report of the shipped fit, when there is one and it was made with this model."""
    if not REPORT.is_file():
        return None
    found: dict[str, Any] = json.loads(REPORT.read_text(encoding="utf-8"))
    if found.get("model") != this_model():
        click.echo(f"{REPORT.name}: is of another model, so it is not used", err=True)
        return None
    return found


@click.command()
@click.option(
    "--report",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="What `samenspel validate --json` printed; left out: the shipped report, if it is of this model.",
)
@click.option(
    "--fitted",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="Fitted draws: Parquet or CSV, a column a parameter.",
)
@click.option("--draws", default=DRAWS, show_default=True, help="Draws from the priors, when there is no report.")
@click.option("--seed", default=SEED, show_default=True)
@click.option("--out", type=click.Path(dir_okay=False, path_type=Path), default=SHIPPED)
def main(report: Path | None, fitted: Path | None, draws: int, seed: int, out: Path) -> None:
    """Compute what the page Onderbouwing shows."""
    columns: dict[str, np.ndarray] = {}
    if fitted is not None:
        import pandas

        table = pandas.read_parquet(fitted) if fitted.suffix == ".parquet" else pandas.read_csv(fitted)
        columns = {str(name): table[name].to_numpy() for name in table.columns}
    document = json.loads(report.read_text(encoding="utf-8")) if report else shipped_report()
    found = gathered(document, columns, draws=draws, seed=seed, told=lambda line: click.echo(line, err=True))
    out.write_text(written(found), encoding="utf-8", newline="\n")
    read(out)
    click.echo(out)


if __name__ == "__main__":
    main()
