"""The set-up itself: pinned packages without addresses, targets that exist, a wheel with all its data."""

import re
import subprocess
import sys
import tomllib
import zipfile
from pathlib import Path

import pytest
from packaging.requirements import Requirement
from packaging.utils import canonicalize_name
from ruamel.yaml import YAML

from tools.constraints import constraints, pinned_versions

ROOT = Path(__file__).parent.parent
PINNED = (ROOT / "requirements" / "all.txt").read_text(encoding="utf-8")
PROJECT = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
LOCK_NAMES = {"package-lock.json", "npm-shrinkwrap.json", "yarn.lock", "pnpm-lock.yaml", "uv.lock", "poetry.lock"}
LOCK_NAMES |= {"pdm.lock", "Pipfile.lock", "pylock.toml"}
DATA_FOLDERS = ("sim", "calibration", "dashboard", "scenarios")


def tracked_files() -> list[Path]:
    """Return the files git knows of, relative to the root."""
    # A checkout made by another user is still this project's.
    listing = ["git", "-c", "safe.directory=*", "ls-files", "-z"]
    listed = subprocess.run(listing, cwd=ROOT, capture_output=True, text=True, check=True).stdout
    return [Path(name) for name in listed.split("\0") if name and (ROOT / name).is_file()]


def run_script(name: str, **environment: str) -> subprocess.CompletedProcess[str]:
    """Run tools/<name> with nothing but the given environment variables."""
    command = ["/bin/sh", str(ROOT / "tools" / name)]
    return subprocess.run(command, env=environment, capture_output=True, text=True, timeout=60, check=False)


def makefile_targets() -> set[str]:
    """Return the names `make` accepts."""
    text = (ROOT / "Makefile").read_text(encoding="utf-8")
    return set(re.findall(r"^([a-z][a-z-]*):", text, flags=re.MULTILINE))


@pytest.mark.parametrize("path", ["requirements/all.txt", "constraints.txt"])
def test_pinned_packages_name_no_host(path: str) -> None:
    text = (ROOT / path).read_text(encoding="utf-8")
    assert "://" not in text
    assert not re.search(r"^\s*--(index-url|extra-index-url|find-links|trusted-host)", text, flags=re.MULTILINE)


def test_no_lock_file_holds_addresses() -> None:
    locks = [path for path in tracked_files() if path.name in LOCK_NAMES]
    assert [path for path in locks if "://" in (ROOT / path).read_text(encoding="utf-8")] == []


def test_every_pinned_package_has_a_hash() -> None:
    blocks = re.split(r"^(?=\S+==)", PINNED, flags=re.MULTILINE)[1:]
    assert len(blocks) == len(pinned_versions(PINNED))
    assert [block.split("==")[0] for block in blocks if "--hash=sha256:" not in block] == []


def test_constraints_agree_with_the_pinned_packages() -> None:
    assert (ROOT / "constraints.txt").read_text(encoding="utf-8") == constraints(PINNED)


def test_constraints_keep_names_and_versions_and_drop_hashes() -> None:
    made = constraints("# a note\nruamel-yaml==0.19.1 \\\n    --hash=sha256:00\n    # via x==2\nnumpy==2.5.5\n")
    assert made.splitlines()[1:] == ["ruamel-yaml==0.19.1", "numpy==2.5.5"]


def test_what_the_project_asks_for_is_pinned_within_its_range() -> None:
    versions = {canonicalize_name(name): version for name, version in pinned_versions(PINNED).items()}
    groups = [PROJECT["dependencies"], *PROJECT["optional-dependencies"].values()]
    asked = [Requirement(line) for group in groups for line in group]
    missing = [wish.name for wish in asked if canonicalize_name(wish.name) not in versions]
    outside = [
        str(wish) for wish in asked if not wish.specifier.contains(versions.get(canonicalize_name(wish.name), "0"))
    ]
    assert (missing, outside) == ([], [])


def test_python_version_file_names_a_version_the_project_accepts() -> None:
    wanted = (ROOT / ".python-version").read_text(encoding="utf-8").strip()
    assert Requirement(f"python{PROJECT['requires-python']}").specifier.contains(wanted)


def test_targets_named_in_the_documents_exist() -> None:
    named: dict[str, str] = {}
    for path in tracked_files():
        if path.suffix == ".md":
            text = (ROOT / path).read_text(encoding="utf-8")
            code = re.findall(r"`[^`\n]+`|^```.*?^```", text, flags=re.MULTILINE | re.DOTALL)
            named |= {name: str(path) for part in code for name in re.findall(r"(?:^|[`\s])make ([a-z-]+)", part)}
    assert {name: path for name, path in named.items() if name not in makefile_targets()} == {}


def test_the_promised_targets_exist() -> None:
    assert {"setup", "run", "test", "quick", "slow", "bench", "lint"} <= makefile_targets()


def test_no_python_gives_one_clear_request(tmp_path: Path) -> None:
    done = run_script("find_python.sh", PATH=str(tmp_path), HOME=str(tmp_path))
    assert done.returncode != 0
    assert done.stdout == ""
    assert "3.13 or 3.12" in done.stderr


def test_a_python_that_is_too_old_is_refused_by_name(tmp_path: Path) -> None:
    old = tmp_path / "python"
    old.write_text("#!/bin/sh\nexit 1\n", encoding="utf-8")
    old.chmod(0o755)
    done = run_script("find_python.sh", PATH=str(tmp_path), HOME=str(tmp_path), SAMENSPEL_PYTHON=str(old))
    assert done.returncode != 0
    assert str(old) in done.stderr


def test_a_usable_python_is_found(tmp_path: Path) -> None:
    done = run_script("find_python.sh", PATH=str(tmp_path), HOME=str(tmp_path), SAMENSPEL_PYTHON=sys.executable)
    assert done.returncode == 0
    assert Path(done.stdout.strip()).exists()


def test_no_browser_says_what_to_install(tmp_path: Path) -> None:
    done = run_script("browser.sh", PATH=str(tmp_path))
    assert done.returncode != 0
    assert "chromium" in done.stderr


def test_the_administrator_gets_debians_browser_after_a_fresh_list_of_packages(tmp_path: Path) -> None:
    calls, browser = tmp_path / "calls", tmp_path / "chromium"
    programs = {
        "id": "echo 0",
        "env": 'shift; exec "$@"',
        "apt-get": f"echo $1 >> {calls}\n[ $1 != install ] || {{ : > {browser}; /bin/chmod +x {browser}; }}",
    }
    for name, body in programs.items():
        (tmp_path / name).write_text(f"#!/bin/sh\n{body}\n", encoding="utf-8")
        (tmp_path / name).chmod(0o755)
    done = run_script("browser.sh", PATH=str(tmp_path))
    assert (done.returncode, done.stdout.strip()) == (0, str(browser))
    assert calls.read_text(encoding="utf-8").split() == ["update", "install"]


def test_an_installed_browser_is_used_as_it_is(tmp_path: Path) -> None:
    browser = tmp_path / "google-chrome"
    browser.write_text("#!/bin/sh\n", encoding="utf-8")
    browser.chmod(0o755)
    done = run_script("browser.sh", PATH=str(tmp_path))
    assert (done.returncode, done.stdout.strip()) == (0, str(browser))


def test_citation_and_project_agree() -> None:
    citation = YAML(typ="safe").load((ROOT / "CITATION.cff").read_text(encoding="utf-8"))
    assert (citation["version"], citation["license"]) == (PROJECT["version"], PROJECT["license"])
    assert (ROOT / "LICENSE").read_text(encoding="utf-8").startswith("EUROPEAN UNION PUBLIC LICENCE v. 1.2")


def test_the_wheel_holds_all_code_data_and_assets(tmp_path: Path) -> None:
    build = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(tmp_path)]
    subprocess.run(build, cwd=ROOT, capture_output=True, check=True, timeout=120)
    (wheel,) = tmp_path.glob("samenspel-*.whl")
    inside = set(zipfile.ZipFile(wheel).namelist())
    expected = {path.as_posix() for path in tracked_files() if path.parts[0] in DATA_FOLDERS and len(path.parts) > 1}
    assert expected
    assert expected - inside == set()
    assert not [name for name in inside if name.startswith(("tests/", "tools/"))]
