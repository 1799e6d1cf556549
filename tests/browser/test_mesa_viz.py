"""The same model in Mesa's own viewer: docs/examples/in_mesa_viz.py, opened, stepped, and made anew."""

import contextlib
import re
import socket
import subprocess
import sys
import time
import urllib.request
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
EXAMPLE = ROOT / "docs" / "examples" / "in_mesa_viz.py"


@pytest.fixture(scope="module")
def viewer():
    """The address of the viewer, served as its first lines say."""
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    command = [
        str(Path(sys.executable).with_name("solara")),
        "run",
        str(EXAMPLE),
        "--port",
        str(port),
        "--no-open",
        "--production",
    ]
    address = f"http://localhost:{port}/"
    server = subprocess.Popen(command, cwd=ROOT, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        deadline = time.monotonic() + 120
        while time.monotonic() < deadline:
            assert server.poll() is None
            with contextlib.suppress(OSError), urllib.request.urlopen(address, timeout=30):
                break
            time.sleep(0.3)
        yield address
    finally:
        server.kill()
        server.wait(10)


def test_a_researcher_steps_the_model_and_makes_another(viewer, browser):
    page = browser.new_page(viewport={"width": 1366, "height": 768})
    page.set_default_timeout(90_000)
    page.goto(viewer)
    step = page.get_by_role("button", name="Step")
    step.wait_for()
    page.get_by_text("2018-12: ").wait_for()
    for months, name in enumerate(("2019-01", "2019-02"), start=1):
        step.click()
        page.get_by_text(f"{name}: ").wait_for()
        page.get_by_text(f"Time: {months}.0").wait_for()
    assert page.get_by_text(re.compile(r"2019-02: [1-9]\d* active")).count() == 1
    page.get_by_role("button", name="policy").first.click()
    page.get_by_role("option", name="structural-funding").click()
    page.get_by_role("button", name="Reset").click()
    page.get_by_text("2018-12: ").wait_for()
    page.get_by_text("Time: 0.0").wait_for()
    assert "structural-funding" in page.get_by_role("button", name="policy").first.inner_text()
    page.close()
