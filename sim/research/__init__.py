"""Research at scale: sweeps over many cores or a cluster, sensitivity, and in which worlds a policy fails.

`sweep_file` says what to run, `plan` divides it into shards, `task` runs one, `folder` keeps them, `conduct` sees a
sweep through. `reading`, `sensitivity`, `discovery` and `robustness` start from a finished folder.
"""
