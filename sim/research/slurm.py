"""A recipe for SLURM: a Python file that asks for jobs, makes them a Dask cluster, and runs the sweep on it."""

from __future__ import annotations

import math
import os
import shlex
from pathlib import Path

from sim.mechanism.start import VARIABLE
from sim.research.plan import Plan
from sim.research.reckon import core_hours

CORES_A_JOB = 16
MEMORY_A_JOB = "28GB"
HOURS_AIMED_AT = 4.0
MOST_JOBS = 32

TEXT = '''"""Runs the sweep {name} on SLURM, as {jobs} of {cores} cores: about {hours:,.1f} core hours.

Run it where jobs can be handed in, such as a login node of Snellius (in tmux, or as a small job of its own):

    python {script}

It may be stopped, and run again: the sweep goes on where it was. Change the partition, the account and what must be
loaded first to what your cluster wants; `print(cluster.job_script())` shows what is handed in.
"""

import contextlib
{imports}import signal
import subprocess
import sys
import time

from dask_jobqueue import SLURMCluster

JOBS = {number}
SECONDS_BETWEEN_LOOKS = 15
MOST_LOOKS_WITHOUT_JOBS = 8


def in_the_queue() -> set[str] | None:
    """Numbers of your jobs that wait or run; None when SLURM does not answer."""
    told = subprocess.run(["squeue", "--me", "--noheader", "--format=%i"], capture_output=True, text=True)
    return set(told.stdout.split()) if told.returncode == 0 else None


def watch(cluster: SLURMCluster, sweep: subprocess.Popen) -> int:
    """Ask for jobs anew when all have come to the end of their time; gives the sweep's exit status."""
    worked, without = False, 0
    while sweep.poll() is None:
        time.sleep(SECONDS_BETWEEN_LOOKS)
        queue, mine = in_the_queue(), {{str(job.job_id) for job in cluster.workers.values()}}
        worked = worked or bool(cluster.scheduler_info["workers"])
        if queue is None or mine & queue:
            without = 0
        elif worked:
            worked = False
            cluster.scale(0)
            while cluster.workers:
                time.sleep(1)
            cluster.scale(jobs=JOBS)
        else:
            without += 1
            if without >= MOST_LOOKS_WITHOUT_JOBS:
                sweep.terminate()
                sys.exit("SLURM took no jobs, or they ended before a worker came; slurm-*.out says why.")
    return sweep.returncode


if __name__ == "__main__":{mechanism}
    signal.signal(signal.SIGINT, signal.default_int_handler)  # dask_jobqueue had taken Control-C for itself
    cluster = SLURMCluster(
        queue={partition!r},  # the partition
        # account="your-account",
        # interface="ib0",  # where the nodes reach the machine that this runs on, if not at its usual address
        cores={cores},
        processes={cores},  # one process a core: a run that fails takes nothing else along
        memory="{memory}",
        walltime="{walltime}",
        job_script_prologue=[
            # "module load 2024 Python/3.12.3-GCCcore-13.3.0",
            # "source $HOME/samenspel/.venv/bin/activate",
        ],
        local_directory="${{TMPDIR:-/tmp}}",
        death_timeout=120,
    )
    cluster.scale(jobs=JOBS)
    command = [sys.executable, "-m", "sim.cli", "sweep", {file}, "--out", {out}, "--yes"]
    sweep = subprocess.Popen([*command, "--scheduler", cluster.scheduler_address])
    with contextlib.closing(cluster):
        try:
            sys.exit(watch(cluster, sweep))
        except KeyboardInterrupt:
            sys.exit(sweep.wait())
'''
MECHANISM = """
    os.environ["SAMENSPEL_MECHANISM"] = {folder!r}  # jobs have it too, and must see the folder"""


def recipe(
    plan: Plan, file: str | Path, out: str | Path, *, partition: str = "rome", script: str = "sweep_on_slurm.py"
) -> str:
    """The text of the recipe. Core hours are reckoned at this machine's speed; hours of a job hold twice as much."""
    hours = core_hours(plan)
    jobs = max(1, min(MOST_JOBS, math.ceil(plan.shards / CORES_A_JOB), math.ceil(hours / CORES_A_JOB / HOURS_AIMED_AT)))
    wall = max(1, math.ceil(2 * hours / jobs / CORES_A_JOB))
    folder = os.environ.get(VARIABLE)
    return TEXT.format(
        name=plan.sweep.id,
        script=shlex.quote(script),
        jobs="one job" if jobs == 1 else f"{jobs} jobs",
        number=jobs,
        imports="" if folder is None else "import os\n",
        mechanism="" if folder is None else MECHANISM.format(folder=folder),
        cores=CORES_A_JOB,
        memory=MEMORY_A_JOB,
        hours=hours,
        partition=partition,
        walltime=f"{min(wall, 120):02d}:00:00",
        file=repr(str(file)),
        out=repr(str(out)),
    )
