"""One folder, woven once for all tests of this room, and a way to run Python or the command in it."""

import json
import os
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parent.parent.parent
EXAMPLE = ROOT / "docs" / "examples" / "volunteer-allowance"
Ended = subprocess.CompletedProcess[str]


class Woven:
    """Processes in which the example is built in; they share one cache, so the model is compiled once."""

    def __init__(self, cache: Path) -> None:
        self.cache = cache

    def environment(self, folder: Path | None = EXAMPLE, **more: str) -> dict[str, str]:
        """The variables of a process with a mechanism, or without any."""
        kept = {name: value for name, value in os.environ.items() if not name.startswith(("SAMENSPEL_", "NUMBA_CACHE"))}
        named = {} if folder is None else {"SAMENSPEL_MECHANISM": str(folder)}
        return {**kept, "SAMENSPEL_CACHE": str(self.cache), **named, **more}

    def python(self, code: str, folder: Path | None = EXAMPLE) -> Any:
        """What a piece of Python leaves in `answer`, as JSON."""
        ended = self.run([sys.executable, "-c", f"{code}\nimport json; print(json.dumps(answer))"], folder)
        assert ended.returncode == 0, ended.stderr
        return json.loads(ended.stdout.splitlines()[-1])

    def command(self, *words: str, folder: Path | None = None) -> Ended:
        """The command `samenspel`; folder: in the environment, beside what the words say."""
        return self.run([str(Path(sys.executable).with_name("samenspel")), *words], folder)

    def run(self, words: list[str], folder: Path | None) -> Ended:
        """A process, until it ends."""
        return subprocess.run(
            words, env=self.environment(folder), cwd=ROOT, capture_output=True, text=True, check=False, timeout=900
        )


@pytest.fixture(scope="session")
def woven(tmp_path_factory: pytest.TempPathFactory) -> Woven:
    """The example, woven when it is first needed."""
    return Woven(tmp_path_factory.mktemp("cache"))


@pytest.fixture
def changed(tmp_path: Path) -> Callable[..., Path]:
    """A copy of the example with files written anew (their text), left out (None), or with one text for another."""
    import shutil

    def made(files: dict[str, str | None] | None = None, **replaced: tuple[str, str, str]) -> Path:
        folder = tmp_path / "mechanism"
        shutil.copytree(EXAMPLE, folder, ignore=shutil.ignore_patterns("__pycache__"))
        for name, text in (files or {}).items():
            if text is None:
                (folder / name).unlink()
            else:
                (folder / name).write_text(text, encoding="utf-8")
        for file, old, new in replaced.values():
            text = (folder / file).read_text(encoding="utf-8")
            assert old in text
            (folder / file).write_text(text.replace(old, new), encoding="utf-8")
        return folder

    return made
