"""The full description of the model (docs/model.md, ODD+D) as a page: rendered by markdown-it, nothing of it trusted.

Raw HTML in the text is shown as text, except for the comments and the folding that the file itself uses. A link that
leads to a file of the project is shown as its words.
"""

import re
from collections.abc import Sequence
from functools import cache
from typing import Any

from markdown_it import MarkdownIt
from markdown_it.token import Token

from dashboard.explained.citation import beside

COMMENT = re.compile(r"<!--.*?-->\n?", re.DOTALL)
FOLD = re.compile(r"^<details><summary>([^<]*)</summary>\s*$", re.MULTILINE)
UNFOLD = re.compile(r"^</details>\s*$", re.MULTILINE)
OUTSIDE = ("https://", "http://")


def slug(words: str) -> str:
    """What a heading is called in an address, as the links in the file have it: `1-purpose-and-patterns`."""
    return re.sub(r"[^\w\- ]", "", words.lower()).replace(" ", "-")


def plain(tokens: Sequence[Token] | None) -> str:
    """The words of a piece of a line."""
    return "".join(token.content for token in tokens or () if token.type in ("text", "code_inline"))


def prepared(source: str) -> str:
    """The text without comments; a folding becomes a paragraph with its words, because everything is shown."""
    return UNFOLD.sub("", FOLD.sub(r"**\1**\n", COMMENT.sub("", source)))


def parsed(source: str) -> list[Token]:
    """The pieces of the text, with a name on each heading, levels one lower, and only links that can be followed."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    tokens = reader.parse(prepared(source))
    for k, token in enumerate(tokens):
        if token.type == "heading_open":
            token.attrSet("id", slug(plain(tokens[k + 1].children)))
        if token.type == "table_open":
            token.attrSet("class", "t")
        if token.type == "th_open":
            token.attrSet("scope", "col")
        if token.children:
            token.children = followed(token.children)
    return tokens


def followed(pieces: Sequence[Token]) -> list[Token]:
    """A line in which a link to a file is only its words, and one to another site does not tell where it came from."""
    kept, dropped = [], 0
    for piece in pieces:
        if piece.type == "link_open":
            target = str(piece.attrGet("href") or "")
            if not target.startswith(("#", *OUTSIDE)):
                dropped += 1
                continue
            if target.startswith(OUTSIDE):
                piece.attrSet("rel", "noreferrer noopener")
        if piece.type == "link_close" and dropped:
            dropped -= 1
            continue
        kept.append(piece)
    return kept


def scrolling(html: str) -> str:
    """Wide tables and blocks of code scroll by themselves, by keyboard too."""
    html = html.replace('<table class="t">', '<div class="scroll" tabindex="0"><table class="t">')
    return html.replace("</table>", "</table></div>").replace("<pre>", '<pre tabindex="0">')


@cache
def source() -> str:
    """The text of the description. Raises `OSError` when it is not there."""
    return beside("docs/model.md").read_text(encoding="utf-8")


def rendered(text: str) -> str:
    """A Markdown text as HTML that is safe to show."""
    reader = MarkdownIt("commonmark", {"html": False}).enable("table")
    options: Any = reader.options
    return scrolling(reader.renderer.render(parsed(text), options, {}))


@cache
def description() -> str:
    """The description as HTML."""
    return rendered(source())


@cache
def contents() -> list[dict[str, str]]:
    """The main headings, with their names in the address."""
    tokens = parsed(source())
    return [
        {"name": plain(tokens[k + 1].children), "anchor": str(token.attrGet("id"))}
        for k, token in enumerate(tokens)
        if token.type == "heading_open" and token.tag == "h2"
    ]
