"""The dashboard in a real Chromium: from opening it, and from moving a slider, to what the reader sees."""

from __future__ import annotations

import statistics
from typing import Any

from tests.bench.browsing import browsing
from tests.bench.figures import Figure

TWO = "?world=reference&A=regular-meetings&B=structural-funding"
ROUNDS = 20
OPENINGS = 5

# Milliseconds from opening until the first paint, and until the headline of the answer is in a picture.
OPENED = """() => new Promise(done => {
    const look = () => {
        if (document.querySelector('#answer h1 em')) requestAnimationFrame(() => done({
            first: performance.getEntriesByName('first-contentful-paint')[0].startTime, answer: performance.now() }));
        else requestAnimationFrame(look);
    };
    look();
})"""
# Milliseconds from a move of the slider until the rough answer, the sharp one and the reasons are in a picture. The
# page first says that what it shows is older (or nothing): only what comes after that answers the move.
MOVED = """level => new Promise((done, failed) => {
    const slider = document.querySelector('[data-slide="lever/regular_meetings"]');
    const page = document.querySelector('#answer').__vue__;
    const began = performance.now(), seen = {};
    let asked = false;
    slider.value = level;
    slider.dispatchEvent(new Event('input', { bubbles: true }));
    slider.dispatchEvent(new Event('change', { bubbles: true }));
    const look = () => {
        const took = performance.now() - began, whys = [...document.querySelectorAll('#why')];
        const there = page.shown.headline.length && !page.older;
        if (!there) asked = true;
        else if (asked) {
            if (!('rough' in seen)) seen.rough = took;
            if (!('sharp' in seen) && page.shown.phase === 'done') seen.sharp = took;
        }
        if ('sharp' in seen && whys.length && whys.every(why => why.getAttribute('aria-busy') === 'false')) {
            seen.why = took - seen.sharp;
            return requestAnimationFrame(() => done(seen));
        }
        if (took > 60000) return failed(new Error(`in a minute only ${JSON.stringify(seen)}, ${whys.length} reasons`));
        requestAnimationFrame(look);
    };
    look();
})"""


def painted() -> list[Figure]:
    """Times in a browser of which nothing is kept yet; nothing where there is no Chromium."""
    with browsing() as there:
        if there is None:
            return []
        browser, address = there
        opened = [_opened(browser, address) for _ in range(OPENINGS)]
        moved = _moved(browser, address)

    def middle(name: str, of: list[dict[str, float]]) -> float:
        return statistics.median(each[name] for each in of) / 1000

    return [
        Figure(f"opening it until something is painted, median of {OPENINGS}", middle("first", opened), "s", "time", 4),
        Figure("opening it until the first answer is painted", middle("answer", opened), "s", "time", 4),
        Figure(f"slider to rough answer, median of {ROUNDS}", middle("rough", moved), "s", "time", 1),
        Figure("slider to sharp answer", middle("sharp", moved), "s", "time", 4),
        Figure("why, after the sharp answer", middle("why", moved), "s", "time", 10),
    ]


def _opened(browser: Any, address: str) -> dict[str, float]:
    context = browser.new_context(viewport={"width": 1366, "height": 768})
    page = context.new_page()
    page.goto(address, wait_until="commit")
    seen: dict[str, float] = page.evaluate(OPENED)
    context.close()
    return seen


def _moved(browser: Any, address: str) -> list[dict[str, float]]:
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(120_000)
    page.goto(address + TWO)
    page.locator("[data-edit=A]").click()
    page.wait_for_selector("#build")
    page.wait_for_function("document.querySelector('#answer').__vue__.shown.phase === 'done'")
    found = [page.evaluate(MOVED, str(1 + (7 * turn) % 23)) for turn in range(1, ROUNDS + 2)]
    page.close()
    return found[1:]  # the first fills the memory
