"""Accessibility of every page, in both languages, light and dark, wide and narrow: axe-core finds nothing serious."""

# What is None or of another type here makes the test fail by itself.
# mypy: disable-error-code="attr-defined"

import pytest

from dashboard.navigation import PLACES

PATHS = [*(place.path for place in PLACES), pytest.param("/model/odd", marks=pytest.mark.slow)]
SERIOUS = {"serious", "critical"}
RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "best-practice"]
ANSWERED = "document.querySelectorAll('.card figure svg').length > 3"


@pytest.fixture(scope="session")
def axe():
    """axe-core, as it comes with its package."""
    return pytest.importorskip("axe_playwright_python.sync_playwright").Axe()


def opened(visit, path, language, **options):
    """A page that has drawn what it has to show."""
    query = "?world=reference&A=structural-funding&B=regular-meetings" if path == "/" else "?"
    page = visit(path.lstrip("/") + query + f"&lang={language}", **options)
    page.wait_for_selector("main h1")
    if path == "/":
        page.wait_for_function(ANSWERED)
    page.wait_for_timeout(300)
    return page


def findings(axe, page):
    """What axe finds, a line each: impact, rule, and the first elements."""
    found = axe.run(page, options={"runOnly": RULES, "resultTypes": ["violations"]}).response["violations"]
    return {
        f"{each['impact']} {each['id']}: {each['help']}: "
        + "; ".join(str(node["target"]) + " " + node["html"][:120] for node in each["nodes"][:3])
        for each in found
        if each["impact"] in SERIOUS
    }


@pytest.mark.parametrize("path", PATHS)
@pytest.mark.parametrize(
    ("scheme", "width", "language"),
    [
        ("light", 1366, "nl"),
        ("dark", 360, "en"),
        pytest.param("light", 1366, "en", marks=pytest.mark.slow),
        pytest.param("dark", 360, "nl", marks=pytest.mark.slow),
    ],
)
def test_axe_finds_nothing_serious(axe, visit, path, scheme, width, language):
    page = opened(visit, path, language, color_scheme=scheme, viewport={"width": width, "height": 780})
    assert findings(axe, page) == set()


@pytest.mark.parametrize("path", [pytest.param("/onderbouwing", marks=pytest.mark.slow), "/model"])
def test_axe_finds_nothing_serious_in_what_unfolds(axe, visit, path):
    page = opened(visit, path, "nl")
    page.evaluate("document.querySelectorAll('main details').forEach((each) => { each.open = true; })")
    page.wait_for_timeout(500)
    assert findings(axe, page) == set()


def test_axe_would_find_something(axe, visit):
    page = opened(visit, "/onderbouwing", "nl")
    page.evaluate("document.querySelector('main h1').insertAdjacentHTML('afterend', '<button></button>')")
    assert any("button-name" in line for line in findings(axe, page))
