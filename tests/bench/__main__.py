"""`python -m tests.bench`: measure everything and write docs/performance.md; with ``--only HEADING ...`` these parts
only, and with ``--print`` nothing is written.
"""

from __future__ import annotations

import argparse

from tests.bench.report import PAGE, measured_again, page

if __name__ == "__main__":
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--only", nargs="+", metavar="HEADING")
    parser.add_argument("--print", action="store_true")
    chosen = parser.parse_args()
    text = measured_again(PAGE.read_text(encoding="utf-8"), chosen.only) if chosen.only else page()
    print(text)
    if not chosen.print:
        PAGE.write_text(text.rstrip() + "\n", encoding="utf-8")
