"""A mechanism of somebody's own: a folder outside the project with a rule, parameters, a lever, an indicator.

`check` says whether a folder is right, `weave` makes a copy of the project in which it is built in, and `start` sees to
it that a process whose SAMENSPEL_MECHANISM names a folder imports that copy. docs/own-mechanism.md is the guide.
"""
