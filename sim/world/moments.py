"""Months that are addresses only: no month of a world, but where draws are found that are made once.

Rules name them as `when.ALWAYS`: written as a bare number, each would make numba compile the generator once more.
"""

ALWAYS = 0  # what holds in all months: characters, whom a lever reaches
BEFORE = -1  # who was there before the first month
ORDINARY = 1  # whom a facilitator reaches without policy
