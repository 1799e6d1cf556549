"""`python -m calibration.report`: validate the shipped fit and write `calibration/report/shipped.json`."""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from pathlib import Path

from calibration.predictive import WORLDS
from calibration.report.data import collect, to_ship, undone
from calibration.report.writing import as_json
from sim.engine.problems import InputError
from sim.posterior import SHIPPED

FILE = Path(__file__).parent / "shipped.json"


def main(arguments: Sequence[str] | None = None) -> int:
    """The command; exit status 0, or 2 and one line for bad input."""
    parser = argparse.ArgumentParser(
        prog="python -m calibration.report", description="Write the validation of the shipped fit as plain data."
    )
    parser.add_argument("--parameters", type=Path, default=SHIPPED, help="folder of the fit")
    parser.add_argument("--out", type=Path, default=FILE)
    parser.add_argument("--worlds", type=int, default=WORLDS)
    chosen = parser.parse_args(arguments)
    try:
        if not 20 <= chosen.worlds <= 1_000_000:
            raise InputError("report", "--worlds", f"{chosen.worlds} is not allowed; allowed: 20 to 1000000")
        data = collect(chosen.parameters, worlds=chosen.worlds)
        chosen.out.write_text(as_json(to_ship(data)), encoding="utf-8", newline="\n")
    except InputError as error:
        print(error, file=sys.stderr)
        return 2
    except OSError as error:
        print(f"{chosen.out}: file: cannot be written ({error.strerror})", file=sys.stderr)
        return 2
    for name in undone(data):
        print(f"not done for this version of the model: {name}; {data['proofs'][name]['command']}", file=sys.stderr)
    return 0


if __name__ == "__main__":
    sys.exit(main())
