"""Kills a sweep again and again, at random moments or at every write, flush and rename, and goes on with it.

Run by a test as a process of its own: forks of it do the sweep, so that a kill costs no start of Python.
`python killing.py FOLDER random|every SEED TIMES` prints as JSON how often it was killed and how it ended.
"""

from __future__ import annotations

import json
import os
import random
import signal
import sys
import time
import warnings
from collections.abc import Callable
from functools import partial
from pathlib import Path
from typing import Any

sys.path.insert(0, str(Path(__file__).parent.parent.parent))
warnings.simplefilter("ignore", DeprecationWarning)  # forks of a process with threads: ours do nothing meanwhile

from sim.research.conduct import conduct  # noqa: E402
from tests.research.trial import Serial, small  # noqa: E402

PLAN = small()
WHERE = ("open", "write", "fsync", "replace", "unlink")


class HalfWritten:
    """A file that dies in the middle of what it writes."""

    def __init__(self, stream: Any, die: Callable[[], None]) -> None:
        self.stream, self.die = stream, die

    def __enter__(self) -> HalfWritten:
        return self

    def __exit__(self, *_: object) -> None:
        self.stream.close()

    def write(self, content: bytes) -> None:
        self.stream.write(content[: len(content) // 2])
        self.stream.flush()
        self.die()
        self.stream.write(content[len(content) // 2 :])

    def __getattr__(self, name: str) -> Any:
        return getattr(self.stream, name)


def count_down(number: int) -> None:
    """Die at the `number`-th call that touches the disk."""
    left = [number]

    def die() -> None:
        left[0] -= 1
        if left[0] == 0:
            os.kill(os.getpid(), signal.SIGKILL)

    def before_and_after(function: Callable[..., Any]) -> Callable[..., Any]:
        def called(*arguments: Any, **named: Any) -> Any:
            die()
            result = function(*arguments, **named)
            die()
            return result

        return called

    plain_open = Path.open

    def opened(self: Path, mode: str = "r", *arguments: Any, **named: Any) -> Any:
        stream = plain_open(self, mode, *arguments, **named)
        return HalfWritten(stream, die) if mode == "xb" else stream

    os.fsync = before_and_after(os.fsync)
    for name in ("replace", "unlink", "mkdir"):
        setattr(Path, name, before_and_after(getattr(Path, name)))
    Path.open = opened  # type: ignore[method-assign]


def attempt(target: Path, prepare: Callable[[], None]) -> tuple[int, Callable[[], int]]:
    """Start the sweep in a fork; gives its number, and a function that waits for its end (0: it was done)."""
    child = os.fork()
    if child == 0:
        try:
            prepare()
            conduct(PLAN, target, Serial())
            os._exit(0)
        except BaseException as error:
            print(error, file=sys.stderr)
            os._exit(1)
    return child, lambda: os.waitpid(child, 0)[1]


def main(target: Path, how: str, seed: int, times: int) -> dict[str, Any]:
    chance = random.Random(seed)
    conduct(PLAN, target.with_name("warm"), Serial())  # compiled code is fetched
    began = time.monotonic()
    conduct(PLAN, target.with_name("timed"), Serial())
    whole = time.monotonic() - began
    killed, finished, number = 0, 0, 0
    while killed < times:
        if how == "every":
            number += 1
            end = attempt(target, partial(count_down, number))[1]()
        else:
            child, wait = attempt(target, lambda: None)
            time.sleep(chance.uniform(0, whole / 3))
            os.kill(child, signal.SIGKILL)
            end = wait()
        if end not in (0, signal.SIGKILL):
            return {"killed": killed, "error": end}
        killed += end != 0
        if end == 0:
            finished += 1
            if how == "every":  # a whole sweep without meeting its number: every place was met
                break
            # done already: begin anew, so that later kills have something to hit
            for path in target.rglob("*.parquet"):
                path.unlink()
    end = attempt(target, lambda: None)[1]()
    return {"killed": killed, "finished_between": finished, "error": end}


if __name__ == "__main__":
    print(json.dumps(main(Path(sys.argv[1]), sys.argv[2], int(sys.argv[3]), int(sys.argv[4]))))
