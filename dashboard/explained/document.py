"""`/model/odd`: the full description as a plain document, to read, print and link to. It needs no script."""

import html
from functools import cache

from starlette.requests import Request
from starlette.responses import HTMLResponse, Response
from starlette.routing import Route

from dashboard.document import VIEWPORT, asset
from dashboard.explained.description import description
from dashboard.language import text
from dashboard.navigation import BY_ID, header, language_in

POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; base-uri 'none'; form-action 'none'; "
    "frame-ancestors 'none'"
)

MARK = (
    '<svg width="34" height="24" viewBox="0 0 34 24" aria-hidden="true" focusable="false">'
    '<rect x="14" y="3" width="18" height="18" rx="2"/><circle cx="12" cy="12" r="10"/>'
    '<path d="M15 3h4.36a10 10 0 0 1 0 18H15a1 1 0 0 1-1-1V4a1 1 0 0 1 1-1z"/></svg>'
)


def top(language: str, root_path: str) -> str:
    """The menu, as on the other pages; the other language leads to this document in that language."""
    shown = header("model", language, root_path)
    pages = "".join(
        f'<li><a href="{page["address"]}"{" aria-current=true" if page["current"] else ""}>{html.escape(page["name"])}'
        "</a></li>"
        for page in shown["pages"]
    )
    here = BY_ID["model"].path
    languages = "".join(
        f'<b lang="{each["id"]}">{html.escape(each["name"])}</b>'
        if each["current"]
        else f'<a href="{root_path}{here}/odd?lang={each["id"]}" lang="{each["id"]}">{html.escape(each["name"])}</a>'
        for each in shown["languages"]
    )
    words = {key: html.escape(value) for key, value in shown["words"].items()}
    return (
        f'<header class="top"><a class="skip" href="#description">{words["skip"]}</a>'
        f'<a class="logo" href="{shown["home"]}">{MARK}Samenspel</a>'
        f'<nav class="nav" aria-label="{words["menu"]}"><ul>{pages}</ul></nav>'
        f'<nav class="lang" aria-label="{words["language"]}">{languages}</nav></header>'
    )


@cache
def document(language: str, root_path: str) -> str:
    """The whole document."""
    title = html.escape(text(language, "model.odd.title"))
    note = html.escape(text(language, "model.odd.note"))
    return (
        f'<!doctype html><html lang="{language}"><head><meta charset="utf-8">{VIEWPORT}<title>{title}</title>'
        f'<meta name="description" content="{html.escape(text(language, "model.odd.description"))}">'
        '<meta name="color-scheme" content="light dark">'
        f'<link rel="icon" type="image/svg+xml" href="{root_path}/{asset("mark.svg")}">'
        f'<link rel="stylesheet" href="{root_path}/{asset("samenspel.css")}"></head>'
        f'<body><div id="app"><div class="samenspel">{top(language, root_path)}'
        f'<main class="page odd"><p class="note">{note}</p>'
        f'<article id="description" lang="en">{description()}</article></main></div></div></body></html>'
    )


def answer(request: Request) -> Response:
    """The document in the language of the address."""
    language = language_in(request.url.query)
    shown = document(language, request.scope.get("root_path", ""))
    headers = {"content-security-policy": POLICY, "cache-control": "no-cache"}
    return HTMLResponse(shown, headers=headers)


ROUTES = [Route("/model/odd", answer)]
