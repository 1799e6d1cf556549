"""The HTML document around the page, made from Solara's own template.

Solara's template forbids zooming, has no language, loads inline scripts without a nonce and names itself. The document
is made once per language and kept; each visitor's copy only gets its own nonce.
"""

import hashlib
import html
import json
import re
from functools import cache
from pathlib import Path

from dashboard.language import LANGUAGES, text
from dashboard.navigation import title
from dashboard.terms import explained

STATIC = Path(__file__).parent / "static"
NONCE = "@@nonce@@"
STYLES = ("samenspel.css", "builder.css", "why.css", "reading.css")
VIEWPORT = '<meta name="viewport" content="width=device-width, initial-scale=1">'
# What Solara's own template says, as patterns, and what we say instead. Whole sentences before their parts.
STOCK = (
    (r"Loading resources", "site.loading"),
    (r"\{\{ *loading_text *\}\}", "site.loading"),  # its script would put "Loading app" there
    (r"Restoring session…", "site.restoring"),
    (r"Server\s+disconnected\.", "site.disconnected"),
    (r"App is disconnected,[^<>\"']*?page\.", "site.lost"),
    (r"Could not restore[^.<>\"']*\.[^.<>\"']*\.", "site.lost"),
    (r"Please refresh the page", "site.refresh"),
    (r"Refresh now", "site.refresh_now"),
    (r"(?<=>)\s*Cancel\s*(?=</v-btn>)", "site.not_now"),
)
POLICY = (
    "default-src 'none'; base-uri 'self'; object-src 'none'; frame-ancestors 'none'; form-action 'self'; "
    # Vue compiles its templates in the browser: that is what needs 'unsafe-eval'.
    "script-src 'self' 'unsafe-eval' 'nonce-{nonce}'; style-src 'self' 'unsafe-inline'; "
    "img-src 'self' data:; font-src 'self' data:; connect-src 'self'"
)


@cache
def asset(path: str) -> str:
    """Address of a file of `static/`, with a hash of its content, so that a browser never keeps an old one."""
    return f"assets/{path}?v={hashlib.sha256((STATIC / path).read_bytes()).hexdigest()[:12]}"


def with_language(document: str, language: str, root_path: str, page: str = "compare") -> str:
    """Solara's document for a page in a language: zoomable, with our style sheet, icon, title and description, and a
    nonce on each script. page: an id of `dashboard.navigation.PLACES`.
    """
    if language not in LANGUAGES:
        raise ValueError(f"language: {language!r} is unknown; allowed: {', '.join(LANGUAGES)}")
    head = (
        f'<meta name="description" content="{html.escape(text(language, f"description.{page}"))}">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="{root_path}/{asset("mark.svg")}">'
        + "".join(f'<link rel="stylesheet" href="{root_path}/{asset(name)}">' for name in STYLES)
    )
    document = re.sub(r"<html[^>]*>", f'<html lang="{language}">', document, count=1)
    document = re.sub(r"<title>.*?</title>", f"<title>{html.escape(title(page, language))}</title>", document)
    document = re.sub(r'<meta name="viewport"[^>]*>', VIEWPORT, document)
    document = re.sub(r'<link rel="icon"[^>]*>\s*', "", document)
    for stock, key in STOCK:
        document = re.sub(stock, html.escape(text(language, key)).replace("\\", r"\\"), document)
    document = document.replace("</head>", f"{head}</head>", 1)
    comeback = (
        f'<script src="{root_path}/{asset("comeback.js")}" data-health="{root_path}/health" '
        f'data-words="{html.escape(text(language, "site.disconnected"))}"></script>'
    )
    # "<" written as an escape, so that no text can end the script element.
    meanings = json.dumps(explained(language), ensure_ascii=False).replace("<", "\\u003c")
    terms = (
        f'<script id="terms" type="application/json">{meanings}</script>'
        f'<script src="{root_path}/{asset("terms.js")}"></script>'
    )
    document = document.replace("</html>", f"{comeback}{terms}</html>", 1)
    noscript = f"<noscript><p>{html.escape(text(language, 'site.noscript'))}</p></noscript>"
    document = re.sub(r"(<body[^>]*>)", lambda match: match.group(1) + noscript, document, count=1)
    return re.sub(r"<script(?=[\s>])", f'<script nonce="{NONCE}"', document)
