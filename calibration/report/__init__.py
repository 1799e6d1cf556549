"""The report of a validation: what was fitted, what it covers, what failed, and what cannot be known.

`data` collects everything as plain rows; `counted`, `proven` and `known` say it in sentences, tables and figures;
`page` puts what failed first; `writing` makes a folder of it. `arviz` gives the same as ArviZ groups.
"""
