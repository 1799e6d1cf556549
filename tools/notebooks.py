"""Runs the notebooks of docs/notebooks/ and keeps what they show, so that a reader sees it without running anything.

    python -m tools.notebooks                     # all of them
    python -m tools.notebooks 01-first-steps      # one

A notebook is run by this Python, in an empty folder, from the first cell to the last; no kernel needs to be installed.
What depends on the moment (times, versions of Python) is not kept, so the file changes only when its content does.
"""

from __future__ import annotations

import argparse
import os
import sys
import tempfile
from collections.abc import Sequence
from pathlib import Path

import nbformat
from jupyter_client.kernelspec import KernelSpecManager
from jupyter_client.manager import AsyncKernelManager
from nbclient import NotebookClient

ROOT = Path(__file__).parent.parent
FOLDER = ROOT / "docs" / "notebooks"
SECONDS_A_CELL = 900
METADATA = {
    "kernelspec": {"display_name": "Python 3 (ipykernel)", "language": "python", "name": "python3"},
    "language_info": {"name": "python"},
}


def notebooks() -> list[Path]:
    """The notebooks, in the order in which they are read."""
    return sorted(FOLDER.glob("[0-9]*.ipynb"))


def read(path: Path) -> nbformat.NotebookNode:
    """A notebook file."""
    return nbformat.read(path, as_version=4)


def executed(notebook: nbformat.NotebookNode, folder: Path) -> nbformat.NotebookNode:
    """The notebook with what its cells gave, run in `folder`, where it may write. Raises `CellExecutionError`."""
    book = nbformat.from_dict(notebook)
    # Only the kernel that comes with ipykernel: the one of this very Python, whatever else is installed.
    manager = AsyncKernelManager(kernel_spec_manager=KernelSpecManager(kernel_dirs=[]), kernel_name="python3")
    with tempfile.TemporaryDirectory() as private:
        manager.connection_file = str(Path(private) / "kernel.json")
        if os.name == "posix":
            manager.transport = "ipc"  # files in that folder; elsewhere ports of this machine
        client = NotebookClient(
            book,
            km=manager,
            timeout=SECONDS_A_CELL,
            record_timing=False,
            coalesce_streams=True,
            resources={"metadata": {"path": str(folder)}},
            extra_arguments=[f"--IPKernelApp.ipython_dir={private}"],
        )
        client.execute(cleanup_kc=True)  # the kernel ends here, whatever happens
    book.metadata = nbformat.from_dict(METADATA)
    for cell in book.cells:
        cell.metadata = nbformat.from_dict({})
    return book


def text(notebook: nbformat.NotebookNode) -> list[str]:
    """What the cells of code say in text, a string a cell; of a figure only that it is there."""
    found = []
    for cell in notebook.cells:
        if cell.cell_type == "code":
            parts = [each.get("text") or each.get("data", {}).get("text/plain", "") for each in cell.outputs]
            found.append("".join(parts))
    return found


def main(names: Sequence[str]) -> int:
    """Run notebooks (none given: all) and write what they show into them; exit status 0, or 2 for an unknown name."""
    known = {path.stem: path for path in notebooks()}
    unknown = [name for name in names if name not in known]
    if unknown:
        print(f"{unknown[0]}: name: no such notebook; allowed: {', '.join(known)}", file=sys.stderr)
        return 2
    for name in names or known:
        with tempfile.TemporaryDirectory() as folder:
            book = executed(read(known[name]), Path(folder))
        nbformat.write(book, known[name])
        print(f"{known[name].relative_to(ROOT)} is current")
    return 0


if __name__ == "__main__":
    parser = argparse.ArgumentParser(prog="python -m tools.notebooks", description=(__doc__ or "").splitlines()[0])
    parser.add_argument("names", nargs="*", metavar="NAME", help="which, such as 01-first-steps (default: all)")
    sys.exit(main(parser.parse_args().names))
