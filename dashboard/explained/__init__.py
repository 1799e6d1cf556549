"""The page *Het model*: who is in it, what happens in a month, along which chain a policy works, and which numbers
there are.

Everything is made from the data that the code itself uses: the steps of `sim/month.py`, the links of `sim/why`, the
levers, shocks, indicators and worlds. `page` puts it into words, `figures` draws, `description` turns the full
description (docs/model.md) into a page of its own.
"""
