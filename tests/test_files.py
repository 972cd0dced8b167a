"""A file is the old one or the new one, and nothing is left beside it."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from digest.files import keep_aside, remove_leftovers, replace
from digest.model.errors import WriteError

needs_limits = pytest.mark.skipif(os.name != "posix", reason="needs POSIX permissions and limits")

FULL_DISK = """
import resource, signal, sys
from pathlib import Path
from digest.model.errors import WriteError
from digest.files import replace
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (1000, 1000))
try:
    replace(Path(sys.argv[1]), b"x" * 100_000)
except WriteError as error:
    print(error.message)
    print(error.hint)
"""


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def test_a_file_is_written_with_its_folders_and_nothing_else(tmp_path: Path) -> None:
    path = tmp_path / "output" / "day.md"
    assert replace(path, b"new\n")
    assert path.read_bytes() == b"new\n"
    assert names(path.parent) == ["day.md"]


def test_an_equal_file_is_not_touched(tmp_path: Path) -> None:
    path = tmp_path / "day.md"
    path.write_bytes(b"same")
    os.utime(path, (1, 1))
    before = path.stat()
    assert not replace(path, b"same")
    after = path.stat()
    assert (after.st_ino, after.st_mtime) == (before.st_ino, before.st_mtime)


@needs_limits
def test_who_has_the_old_file_open_reads_the_old_file(tmp_path: Path) -> None:
    path = tmp_path / "day.md"
    path.write_bytes(b"old")
    with path.open("rb") as reader:
        replace(path, b"new and longer")
        assert reader.read() == b"old"
    assert path.read_bytes() == b"new and longer"


@needs_limits
@pytest.mark.parametrize(("umask", "mode"), [(0o022, 0o644), (0o002, 0o664), (0o077, 0o600)])
def test_a_new_file_has_the_permissions_of_the_umask(tmp_path: Path, umask: int, mode: int) -> None:
    before = os.umask(umask)
    try:
        replace(tmp_path / "day.md", b"x")
    finally:
        os.umask(before)
    assert (tmp_path / "day.md").stat().st_mode & 0o777 == mode


@needs_limits
def test_a_file_keeps_its_permissions(tmp_path: Path) -> None:
    path = tmp_path / "keywords.toml"
    path.write_bytes(b"old")
    path.chmod(0o640)
    replace(path, b"new")
    assert path.stat().st_mode & 0o777 == 0o640


@needs_limits
def test_of_a_symbolic_link_the_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").mkdir()
    link = tmp_path / "day.md"
    link.symlink_to(tmp_path / "real" / "day.md")
    replace(link, b"x")
    assert link.is_symlink()
    assert names(tmp_path / "real") == ["day.md"]


@needs_limits
@pytest.mark.parametrize("old", [None, b"old"])
def test_a_full_disk_leaves_the_old_file_and_no_other(tmp_path: Path, old: bytes | None) -> None:
    path = tmp_path / "day.md"
    if old is not None:
        path.write_bytes(old)
    run = [sys.executable, "-c", FULL_DISK, str(path)]
    said = subprocess.run(run, capture_output=True, text=True, check=True).stdout
    assert said.startswith(f"cannot write: {path}: File too large\nfree space on the disk")
    assert names(tmp_path) == ([] if old is None else ["day.md"])
    assert old is None or path.read_bytes() == old


def test_a_path_that_cannot_be_written_is_named(tmp_path: Path) -> None:
    (tmp_path / "file").write_bytes(b"")
    with pytest.raises(WriteError, match=r"cannot write: .*file/day\.md: "):
        replace(tmp_path / "file" / "day.md", b"x")
    (tmp_path / "folder").mkdir()
    with pytest.raises(WriteError, match=r"cannot write: .*folder: "):
        replace(tmp_path / "folder", b"x")
    assert names(tmp_path) == ["file", "folder"]


def test_a_changed_file_is_kept_aside_and_stays(tmp_path: Path) -> None:
    path = tmp_path / "day.md"
    for text, kept in ((b"a", ".orig"), (b"b", ".orig.2"), (b"c", ".orig.3"), (b"b", ".orig.2")):
        path.write_bytes(text)
        assert keep_aside(path) == tmp_path / f"day.md{kept}"
        assert (tmp_path / f"day.md{kept}").read_bytes() == path.read_bytes() == text
    assert names(tmp_path) == ["day.md", "day.md.orig", "day.md.orig.2", "day.md.orig.3"]


def test_a_file_that_is_gone_cannot_be_kept_aside(tmp_path: Path) -> None:
    with pytest.raises(WriteError, match=r"day\.md: No such file"):
        keep_aside(tmp_path / "day.md")


@needs_limits
def test_what_a_killed_process_left_is_removed_and_nothing_else(tmp_path: Path) -> None:
    killed = (
        "import os, sys; from pathlib import Path; from digest.files import replace\n"
        "Path.replace = lambda *_: os.kill(os.getpid(), 9)\n"
        "replace(Path(sys.argv[1]), b'new')"
    )
    path = tmp_path / "day.md"
    path.write_bytes(b"old")
    (tmp_path / ".archive.sqlite3").write_bytes(b"")
    (tmp_path / ".day.md.tmp").write_bytes(b"")
    subprocess.run([sys.executable, "-c", killed, str(path)], check=False)
    assert len(names(tmp_path)) == 4
    assert path.read_bytes() == b"old"
    (left,) = remove_leftovers(tmp_path)
    assert left.name.startswith(".day.md.")
    assert names(tmp_path) == [".archive.sqlite3", ".day.md.tmp", "day.md"]


def test_a_folder_that_is_not_there_has_no_leftovers(tmp_path: Path) -> None:
    assert remove_leftovers(tmp_path / "nowhere") == []
