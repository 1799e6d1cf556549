"""A recipe for SLURM: a Python file that asks for jobs, makes them a Dask cluster, and runs the sweep on it."""

from __future__ import annotations

import math
import shlex
from pathlib import Path

from sim.research.plan import Plan
from sim.research.reckon import core_hours

CORES_A_JOB = 16
MEMORY_A_JOB = "28GB"
HOURS_AIMED_AT = 4.0
MOST_JOBS = 32

TEXT = '''"""Runs the sweep {name} on SLURM, as {jobs} jobs of {cores} cores: about {hours:,.1f} core hours.

Run it where jobs can be handed in, such as a login node of Snellius (in tmux, or as a small job of its own):

    python {script}

It may be stopped, and run again: the sweep goes on where it was. Change the partition, the account and what must be
loaded first to what your cluster wants; `print(cluster.job_script())` shows what is handed in.
"""

import subprocess
import sys

from dask_jobqueue import SLURMCluster

if __name__ == "__main__":
    cluster = SLURMCluster(
        queue="{partition}",                    # the partition
        # account="your-account",
        cores={cores},
        processes={cores},                           # one process a core: a run that fails takes nothing else along
        memory="{memory}",
        walltime="{walltime}",
        job_script_prologue=[
            # "module load 2024 Python/3.12.3-GCCcore-13.3.0",
            # "source $HOME/samenspel/.venv/bin/activate",
        ],
        local_directory="$TMPDIR",
        death_timeout=120,
    )
    cluster.scale(jobs={jobs})
    command = [sys.executable, "-m", "sim.cli", "sweep", {file}, "--out", {out}, "--yes"]
    sys.exit(subprocess.call([*command, "--scheduler", cluster.scheduler_address]))
'''


def recipe(
    plan: Plan, file: str | Path, out: str | Path, *, partition: str = "rome", script: str = "sweep_on_slurm.py"
) -> str:
    """The text of the recipe. Core hours are reckoned at this machine's speed; hours of a job hold twice as much."""
    hours = core_hours(plan)
    jobs = max(1, min(MOST_JOBS, math.ceil(plan.shards / CORES_A_JOB), math.ceil(hours / CORES_A_JOB / HOURS_AIMED_AT)))
    wall = max(1, math.ceil(2 * hours / jobs / CORES_A_JOB))
    return TEXT.format(
        name=plan.sweep.id,
        script=shlex.quote(script),
        jobs=jobs,
        cores=CORES_A_JOB,
        memory=MEMORY_A_JOB,
        hours=hours,
        partition=partition,
        walltime=f"{min(wall, 120):02d}:00:00",
        file=repr(str(file)),
        out=repr(str(out)),
    )
