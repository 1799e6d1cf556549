"""The page *Onderbouwing*: what the model rests on, where it fits, and where it does not.

`gather` computes everything once, by a command, and writes `findings.json`, which is shipped; the page only reads
that (`findings`), draws it (`figures`) and puts it into words (`page`). `python -m dashboard.evidence` makes it again.
"""
