"""The dashboard of a fresh server, in Chromium."""

from __future__ import annotations

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def browsing() -> Iterator[tuple[Any, str] | None]:
    """A headless browser and the address of a server that has computed nothing yet; `None` without a Chromium."""
    path = shutil.which("chromium")
    if path is None:
        yield None
        return
    from playwright.sync_api import sync_playwright

    from tests.browser.conftest import FLAGS, Server

    server = Server()
    server.start()
    try:
        with sync_playwright() as playwright:
            browser = playwright.chromium.launch(executable_path=path, args=FLAGS)
            yield browser, server.address
            browser.close()
    finally:
        server.stop()
