"""Writes constraints.txt: the exact versions of requirements/all.txt, without the hashes."""

import re
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
HEADER = "# The exact versions of requirements/all.txt, for `pip install -c`. Made by `make requirements`.\n"


def pinned_versions(requirements: str) -> dict[str, str]:
    """Return name -> exact version of a requirements file's text, in the file's order."""
    return dict(re.findall(r"^([A-Za-z0-9._-]+)==([^\s;\\]+)", requirements, flags=re.MULTILINE))


def constraints(requirements: str) -> str:
    """Return the text of the constraints file that belongs to a requirements file's text."""
    return HEADER + "".join(f"{name}=={version}\n" for name, version in pinned_versions(requirements).items())


def main() -> int:
    """Write the file; exit status 0."""
    text = (ROOT / "requirements" / "all.txt").read_text(encoding="utf-8")
    (ROOT / "constraints.txt").write_text(constraints(text), encoding="utf-8")
    return 0


if __name__ == "__main__":
    sys.exit(main())
