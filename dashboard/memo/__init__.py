"""The memo: an answer that stands on its own, for a critical colleague.

    written(choice, result) -> Memo        html(memo) -> bytes        pdf(memo) -> bytes

What it says is put together here, as plain text in the reader's language; `memo.html.j2` and `memo.typ` only lay it
out, and take every word as text, never as markup.
"""

from dashboard.memo.content import Memo, Section, notes, written
from dashboard.memo.layout import html, pdf

__all__ = ["Memo", "Section", "html", "notes", "pdf", "written"]
