"""A Dask cluster: workers that die or hang, and a scheduler that goes away; nothing is lost, nothing done twice."""

from __future__ import annotations

import contextlib
import os
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from sim.engine.problems import InputError
from sim.research.cluster import DaskCrew
from sim.research.conduct import conduct
from sim.research.plan import Plan
from sim.research.task import run_task
from tests.research.faulty import dies_on_three, hangs_on_three, slow
from tests.research.trial import Serial, contents, small


@pytest.fixture(scope="module")
def whole(tmp_path_factory: pytest.TempPathFactory) -> Path:
    target = tmp_path_factory.mktemp("whole") / "sweep"
    conduct(small(), target, Serial())
    return target


class Cluster:
    """A scheduler and a worker process or two, as a person starts them."""

    def __init__(self, folder: Path, workers: int = 2) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.folder = folder
        self.address = f"tcp://127.0.0.1:{self.port}"
        self.environment = {**os.environ, "PYTHONPATH": str(Path(__file__).parent.parent.parent), "TMPDIR": str(folder)}
        self.scheduler = self.start_scheduler()
        self.workers = [self.start_worker() for _ in range(workers)]

    def start_scheduler(self) -> subprocess.Popen[bytes]:
        return self._start("scheduler", "--host", "127.0.0.1", "--port", str(self.port), "--no-dashboard")

    def start_worker(self) -> subprocess.Popen[bytes]:
        return self._start("worker", self.address, "--nthreads", "1", "--no-dashboard", "--local-directory",
                           str(self.folder), "--death-timeout", "60")  # fmt: skip

    def _start(self, *words: str) -> subprocess.Popen[bytes]:
        log = (self.folder / f"{words[0]}.log").open("ab")
        return subprocess.Popen([sys.executable, "-m", "dask", *words], env=self.environment, stdout=log, stderr=log,
                                start_new_session=True)  # fmt: skip

    def kill(self, process: subprocess.Popen[bytes]) -> None:
        """Kill a process and its own children."""
        with contextlib.suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)
        process.wait()

    def stop(self) -> None:
        for process in [*self.workers, self.scheduler]:
            self.kill(process)

    def crew(self, run: Callable[..., Any], **options: Any) -> DaskCrew:
        """A crew once the scheduler answers and a worker is there."""
        crew, began = None, time.monotonic()
        while crew is None:
            try:
                crew = DaskCrew(self.address, run=run, **options)
            except InputError:
                assert time.monotonic() - began < 60
        crew._client.wait_for_workers(len(self.workers), timeout=60)
        return crew


@pytest.fixture
def cluster(tmp_path: Path) -> Iterator[Cluster]:
    folder = tmp_path / "cluster"
    folder.mkdir()
    found = Cluster(folder)
    yield found
    found.stop()


def test_a_cluster_on_this_machine_gives_the_same_files(whole: Path, plan: Plan, tmp_path: Path) -> None:
    conduct(plan, tmp_path / "s", DaskCrew("local", 2))
    assert contents(tmp_path / "s") == contents(whole)


def test_a_worker_that_is_killed_costs_nothing(whole: Path, plan: Plan, tmp_path: Path, cluster: Cluster) -> None:
    crew = cluster.crew(slow)

    def kill(done: int, _: int) -> None:
        if done == 2 and len(cluster.workers) == 2:
            cluster.kill(cluster.workers.pop())

    outcome = conduct(plan, tmp_path / "s", crew, progress=kill)
    assert len(cluster.workers) == 1
    assert outcome.failed == []
    assert outcome.done_now == plan.shards
    assert contents(tmp_path / "s") == contents(whole)


@pytest.mark.slow
def test_workers_that_come_late_lose_nothing_and_are_all_used(
    whole: Path, plan: Plan, tmp_path: Path, cluster: Cluster
) -> None:
    """As when jobs wait in the queue of a cluster: for longer than a task may take."""
    crew = cluster.crew(slow, patience=25)
    while cluster.workers:
        cluster.kill(cluster.workers.pop())

    def come() -> None:
        time.sleep(30)
        cluster.workers += [cluster.start_worker() for _ in range(2)]

    seen = []
    late = threading.Thread(target=come)
    late.start()
    outcome = conduct(plan, tmp_path / "s", crew, progress=lambda *_: seen.append(crew.workers))
    late.join()
    assert outcome.failed == []
    assert max(seen) == 2
    assert contents(tmp_path / "s") == contents(whole)


@pytest.mark.slow
def test_a_scheduler_that_starts_anew_is_found_again(whole: Path, plan: Plan, tmp_path: Path, cluster: Cluster) -> None:
    crew = cluster.crew(slow, come_back=90)

    def restart() -> None:
        for process in [*cluster.workers, cluster.scheduler]:
            cluster.kill(process)
        time.sleep(2)
        cluster.scheduler = cluster.start_scheduler()
        cluster.workers = [cluster.start_worker()]

    helper = threading.Thread(target=restart)

    def once(done: int, _: int) -> None:
        if done == 2 and helper.ident is None:
            helper.start()

    outcome = conduct(plan, tmp_path / "s", crew, progress=once)
    helper.join()
    assert outcome.failed == []
    assert contents(tmp_path / "s") == contents(whole)


@pytest.mark.slow
def test_a_scheduler_that_stays_away_is_said_and_what_was_done_is_kept(
    whole: Path, plan: Plan, tmp_path: Path, cluster: Cluster
) -> None:
    crew = cluster.crew(slow, come_back=1)

    def stop(done: int, _: int) -> None:
        if done == 2:
            cluster.stop()

    with pytest.raises(InputError, match="went away and did not come back; what was done is kept"):
        conduct(plan, tmp_path / "s", crew, progress=stop)
    assert len(list((tmp_path / "s" / "shards").iterdir())) >= 2
    outcome = conduct(plan, tmp_path / "s", Serial())
    assert outcome.done_now <= plan.shards - 2
    assert contents(tmp_path / "s") == contents(whole)


@pytest.mark.slow
@pytest.mark.parametrize("run", [dies_on_three, hangs_on_three])
def test_a_task_that_ends_its_worker_each_time_is_named(
    whole: Path, plan: Plan, tmp_path: Path, cluster: Cluster, run: Any
) -> None:
    patience = 30 if run is hangs_on_three else None  # seconds in which a worker also starts, on a busy machine
    outcome = conduct(plan, tmp_path / "s", cluster.crew(run, patience=patience))
    (failed,) = outcome.failed
    assert failed["shard"] == 3
    assert outcome.done_now == plan.shards - 1
    conduct(plan, tmp_path / "s", Serial())
    assert contents(tmp_path / "s") == contents(whole)


def test_no_scheduler_is_said_in_one_line(plan: Plan, tmp_path: Path) -> None:
    with pytest.raises(InputError, match="there is no Dask scheduler at") as caught:
        DaskCrew("tcp://127.0.0.1:1", run=run_task)
    assert "\n" not in str(caught.value)
    with pytest.raises(InputError, match="there is no Dask scheduler at nonsense"):
        DaskCrew("nonsense://", run=run_task)
