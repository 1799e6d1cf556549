"""`python -m tests.bench`: measure everything and write docs/performance.md (with ``--print``: only print it)."""

from __future__ import annotations

import sys

from tests.bench.report import PAGE, page

if __name__ == "__main__":
    text = page()
    print(text)
    if "--print" not in sys.argv[1:]:
        PAGE.write_text(text.rstrip() + "\n", encoding="utf-8")
