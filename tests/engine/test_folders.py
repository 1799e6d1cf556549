"""Result folders appear whole or not at all, and never over something else."""

from __future__ import annotations

import os
import signal
import subprocess
import sys
import textwrap
import time
from pathlib import Path

import pytest

from sim.engine import folders
from sim.engine.folders import Kind, check_target, whole_folder
from sim.engine.problems import InputError

KIND = Kind("note", frozenset({"note.txt", "more.txt"}), lambda folder: (folder / "note.txt").is_file())


def write(target: Path, text: str) -> None:
    with whole_folder(target, KIND) as folder:
        (folder / "note.txt").write_text(text, encoding="utf-8")


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_folder_appears_with_all_that_was_written_and_nothing_beside_it(tmp_path: Path) -> None:
    target = tmp_path / "results" / "first"
    write(target, "one")
    assert (target / "note.txt").read_text(encoding="utf-8") == "one"
    assert names(tmp_path / "results") == ["first"]


@pytest.mark.parametrize("in_one_step", [True, False])
def test_an_earlier_result_is_replaced_as_a_whole(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, in_one_step: bool
) -> None:
    if not in_one_step:
        monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    target = tmp_path / "first"
    write(target, "one")
    (target / "more.txt").write_text("more", encoding="utf-8")
    write(target, "two")
    assert names(target) == ["note.txt"]
    assert (target / "note.txt").read_text(encoding="utf-8") == "two"
    assert names(tmp_path) == ["first"]


def test_an_empty_folder_may_be_filled(tmp_path: Path) -> None:
    (tmp_path / "empty").mkdir()
    write(tmp_path / "empty", "one")
    assert names(tmp_path / "empty") == ["note.txt"]


@pytest.mark.parametrize("interruption", [KeyboardInterrupt, RuntimeError, SystemExit])
@pytest.mark.parametrize("earlier", [True, False])
def test_an_interruption_leaves_everything_as_it_was(
    tmp_path: Path, interruption: type[BaseException], earlier: bool
) -> None:
    target = tmp_path / "results" / "first"
    if earlier:
        write(target, "one")

    def broken_off() -> None:
        with whole_folder(target, KIND) as folder:
            (folder / "note.txt").write_text("half", encoding="utf-8")
            raise interruption

    with pytest.raises(interruption):
        broken_off()
    if earlier:
        assert (target / "note.txt").read_text(encoding="utf-8") == "one"
        assert names(tmp_path / "results") == ["first"]
    else:
        assert names(tmp_path) == []


def test_a_disk_error_while_writing_is_told_in_one_line(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="no space left on device"), whole_folder(tmp_path / "first", KIND):
        raise OSError(28, "No space left on device")
    assert names(tmp_path) == []


def test_a_failing_swap_puts_the_old_result_back(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    target = tmp_path / "first"
    write(target, "one")
    monkeypatch.setattr(folders, "_exchanged", lambda *_: False)
    rename = Path.rename

    def fails_for_the_new_one(path: Path, to: Path) -> Path:
        if ".part-" in path.name:
            raise OSError(5, "Input/output error")
        return rename(path, to)

    monkeypatch.setattr(Path, "rename", fails_for_the_new_one)
    with pytest.raises(InputError, match="input/output error"):
        write(target, "two")
    assert (target / "note.txt").read_text(encoding="utf-8") == "one"
    assert names(tmp_path) == ["first"]


def test_a_folder_that_holds_something_else_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.docx").write_text("years of work", encoding="utf-8")
    with pytest.raises(InputError, match="holds other things"):
        check_target(tmp_path, KIND)
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept" / "more.txt").write_text("", encoding="utf-8")  # our name, but not one of our results
    with pytest.raises(InputError, match="not an earlier note"):
        write(tmp_path / "kept", "x")
    assert names(tmp_path) == ["kept", "thesis.docx"]


def test_what_was_put_there_meanwhile_is_not_overwritten(tmp_path: Path) -> None:
    target = tmp_path / "first"

    def overtaken() -> None:
        with whole_folder(target, KIND) as folder:
            (folder / "note.txt").write_text("one", encoding="utf-8")
            target.mkdir()
            (target / "thesis.docx").write_text("years of work", encoding="utf-8")

    with pytest.raises(InputError, match="holds other things"):
        overtaken()
    assert names(target) == ["thesis.docx"]


@pytest.mark.parametrize("name", ["", "  ", "a\0b", "/", "x" * 5000])
def test_what_is_not_a_folder_name_is_refused(name: str) -> None:
    with pytest.raises(InputError) as refused:
        check_target(name, KIND)
    assert str(refused.value).count("\n") == 0
    assert refused.value.field == "--out"


def test_a_file_or_a_place_inside_a_file_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("", encoding="utf-8")
    with pytest.raises(InputError, match="is a file"):
        check_target(tmp_path / "file", KIND)
    with pytest.raises(InputError, match="file is a file"):
        check_target(tmp_path / "file" / "below" / "it", KIND)


@pytest.mark.skipif(not Path("/proc/self").exists(), reason="needs a file system that nobody may write to")
def test_a_place_that_cannot_be_written_is_refused_before_the_work() -> None:
    with pytest.raises(InputError, match="cannot be written"):
        check_target("/proc/samenspel", KIND)


@pytest.mark.skipif(sys.platform == "win32" or os.geteuid() == 0, reason="the administrator may write everywhere")
def test_a_folder_without_permission_is_refused_before_the_work(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(InputError, match="cannot be written"):
            check_target(tmp_path / "first", KIND)
    finally:
        tmp_path.chmod(0o700)


def test_a_disk_that_is_too_small_is_told_before_the_work(tmp_path: Path) -> None:
    with pytest.raises(InputError, match="the disk has"):
        check_target(tmp_path / "first", KIND, bytes_needed=10**18)
    assert names(tmp_path) == []


def test_checking_leaves_nothing_behind(tmp_path: Path) -> None:
    assert check_target(tmp_path / "a" / "b", KIND) == tmp_path / "a" / "b"
    assert names(tmp_path) == []


def test_a_link_to_a_result_replaces_what_it_points_at(tmp_path: Path) -> None:
    write(tmp_path / "first", "one")
    (tmp_path / "latest").symlink_to(tmp_path / "first", target_is_directory=True)
    write(tmp_path / "latest", "two")
    assert (tmp_path / "latest").is_symlink()
    assert (tmp_path / "first" / "note.txt").read_text(encoding="utf-8") == "two"


@pytest.mark.skipif(sys.platform == "win32", reason="signals")
def test_control_c_leaves_nothing(tmp_path: Path) -> None:
    script = textwrap.dedent("""
        import signal, sys, time
        from pathlib import Path
        from sim.engine.folders import Kind, whole_folder
        signal.signal(signal.SIGINT, signal.default_int_handler)  # what was started in the background ignores it
        with whole_folder(sys.argv[1], Kind("note", frozenset({"note.txt"}), lambda folder: True)) as folder:
            (folder / "note.txt").write_text("half")
            print("writing", flush=True)
            time.sleep(30)
    """)
    command = [sys.executable, "-c", script, str(tmp_path / "first")]
    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as process:
        assert process.stdout is not None
        assert process.stdout.readline() == "writing\n"
        assert len(names(tmp_path)) == 1, "the work goes on in a hidden folder"
        started = time.monotonic()
        process.send_signal(signal.SIGINT)
        process.wait(timeout=10)
        assert time.monotonic() - started < 2
    assert names(tmp_path) == []
