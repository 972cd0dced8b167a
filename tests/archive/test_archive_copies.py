"""`digest archive backup` and `compact`: the same archive elsewhere, or in less room."""

from __future__ import annotations

import json
import os
import sqlite3
import subprocess
import sys
from collections.abc import Iterator
from contextlib import closing, contextmanager
from pathlib import Path

import pytest
from command import environment
from desk import Desk, Silence, morning
from filelock import FileLock
from upkeeping import CORPUS, DAYS, TOPICS, content, copied, execute

from digest.archive import Archive
from digest.archive.copies import compact, copy
from digest.archive.schema import APPLICATION_ID, MIGRATIONS
from digest.cli import exit_code
from digest.files import written_beside
from digest.model.errors import ArchiveError, LockHeld, UsageError, WriteError

needs_limits = pytest.mark.skipif(os.name != "posix", reason="needs POSIX limits")

#: Both commands with a limit to the size of its files, as on a disk that is nearly full.
NEARLY_FULL = """
import resource, signal, sys
from digest.cli import exit_code
signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
resource.setrlimit(resource.RLIMIT_FSIZE, (100_000, 100_000))
print(exit_code(["archive", "backup", sys.argv[1]]), exit_code(["archive", "export", sys.argv[2]]))
"""


@pytest.fixture
def desk(workspace_with_runs: Path, tmp_path: Path) -> Desk:
    return copied(workspace_with_runs, tmp_path / "desk")


def archive_of(desk: Desk) -> Path:
    return desk.config.digest.archive


def names(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.iterdir())


def much(_folder: Path) -> int:
    return 2**50


def little(_folder: Path) -> int:
    return 100_000


@contextmanager
def opened(path: Path) -> Iterator[sqlite3.Connection]:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        yield db


# Backups.


def test_a_backup_is_an_archive_to_go_on_with(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "backups" / "papers.sqlite3"

    backup = desk.app.upkeep().backup(target)

    assert backup.size == target.stat().st_size
    assert names(target.parent) == ["papers.sqlite3"]
    assert content(target) == content(archive_of(desk))
    other = copied(desk.folder, tmp_path / "other", DIGEST_DIGEST__ARCHIVE=str(target))
    assert archive_of(other) == target
    assert other.status() == desk.status()
    assert other.app.upkeep().verify().findings == ()
    assert {change.action for change in other.app.rebuild(None, None, diff=True)} == {"unchanged"}
    assert other.run_on(DAYS[-1]).requests == 0


def test_a_backup_copied_back_is_the_archive_again(desk: Desk, tmp_path: Path) -> None:
    files, whole = desk.files(), content(archive_of(desk))
    desk.app.upkeep().backup(tmp_path / "papers.sqlite3")
    archive_of(desk).write_bytes(b"what a broken disk leaves")

    archive_of(desk).write_bytes((tmp_path / "papers.sqlite3").read_bytes())

    assert content(archive_of(desk)) == whole
    for day in DAYS:
        desk.path(day).unlink()
    list(desk.app.rebuild(None, None, diff=False))
    assert desk.files() == files


class BackingUp(Silence):
    """Makes a backup at every request of a run."""

    def __init__(self, desk: Desk, folder: Path) -> None:
        super().__init__()
        self._desk = desk
        self._folder = folder
        self.backups: list[Path] = []

    def requested(self, what: str, papers: int) -> None:  # noqa: ARG002
        target = self._folder / f"{len(self.backups)}.sqlite3"
        self._desk.app.upkeep().backup(target)
        self.backups.append(target)


def test_a_backup_is_made_while_a_run_writes(tmp_path: Path) -> None:
    desk = Desk(tmp_path / "desk", CORPUS, topics=TOPICS)
    desk.now = morning(DAYS[0])
    progress = BackingUp(desk, tmp_path / "backups")

    assert desk.app.run(None, None, progress).exit_code == 0

    papers = []
    for target in progress.backups:
        with Archive(target) as archive:
            papers.append(archive.papers.count())
    assert len(papers) > 1
    assert papers == sorted(papers) and papers[-1] > 0


def test_a_backup_has_what_was_committed_and_no_more(desk: Desk, tmp_path: Path) -> None:
    before = content(archive_of(desk))
    with opened(archive_of(desk)) as writer:
        writer.execute("BEGIN IMMEDIATE")
        writer.execute("DELETE FROM version")
        desk.app.upkeep().backup(tmp_path / "papers.sqlite3")
        writer.execute("COMMIT")
    assert content(tmp_path / "papers.sqlite3") == before != content(archive_of(desk))


def test_a_backup_takes_the_place_of_an_earlier_one(desk: Desk, tmp_path: Path) -> None:
    target = tmp_path / "papers.sqlite3"
    desk.app.upkeep().backup(target)
    target.chmod(0o600)
    execute(archive_of(desk), "DELETE FROM run")

    desk.app.upkeep().backup(target)

    assert content(target) == content(archive_of(desk))
    assert target.stat().st_mode & 0o777 == 0o600
    assert names(tmp_path) == ["desk", "papers.sqlite3"]


def test_nothing_else_is_overwritten(desk: Desk, tmp_path: Path) -> None:
    notes, empty, link, other = (
        tmp_path / name for name in ("notes.md", "empty", "link", "other.sqlite3")
    )
    notes.write_bytes(b"mine\n")
    empty.touch()
    link.symlink_to(archive_of(desk))
    desk.app.upkeep().backup(other)
    other.with_name("other.sqlite3.lock").touch()
    before = {path: path.read_bytes() for path in (notes, empty, link, other)}

    for path, why in {
        notes: "it exists and is not a backup",
        empty: "it exists and is not a backup",
        link: "it is the archive itself",
        archive_of(desk): "it is the archive itself",
        other: "it is the archive of a workspace",
    }.items():
        with pytest.raises(UsageError, match=why):
            desk.app.upkeep().backup(path)

    assert before == {path: path.read_bytes() for path in before}


def test_a_damaged_archive_does_not_take_the_place_of_a_good_backup(
    desk: Desk, tmp_path: Path
) -> None:
    target = tmp_path / "papers.sqlite3"
    desk.app.upkeep().backup(target)
    good = target.read_bytes()
    data = bytearray(archive_of(desk).read_bytes())
    for page in range(40, len(data) // 4096, 5):
        data[page * 4096 : page * 4096 + 60] = b"\x00" * 60
    archive_of(desk).write_bytes(data)

    with pytest.raises(ArchiveError, match="damaged"):
        desk.app.upkeep().backup(target)

    assert target.read_bytes() == good
    assert names(tmp_path) == ["desk", "papers.sqlite3"]


def test_a_copy_without_room_is_not_begun(desk: Desk, tmp_path: Path) -> None:
    with pytest.raises(WriteError, match="not enough room on the disk"):
        copy(archive_of(desk), tmp_path / "copy", little)
    assert names(tmp_path) == ["desk"]


@needs_limits
def test_a_disk_that_fills_up_leaves_what_was_there(desk: Desk, tmp_path: Path) -> None:
    targets = [tmp_path / "papers.sqlite3", tmp_path / "papers.jsonl"]
    desk.app.upkeep().backup(targets[0])
    desk.app.upkeep().export(targets[1])
    before = [target.read_bytes() for target in targets]
    assert min(map(len, before)) > 100_000

    result = subprocess.run(
        (sys.executable, "-c", NEARLY_FULL, *targets),
        cwd=desk.folder,
        env=environment(),
        capture_output=True,
        text=True,
        check=False,
        timeout=60,
    )

    assert result.stdout == "1 1\n"
    assert result.stderr.count("Error: ") == 2 and "Traceback" not in result.stderr
    assert [target.read_bytes() for target in targets] == before
    assert names(tmp_path) == ["desk", "papers.jsonl", "papers.sqlite3"]


def test_a_backup_keeps_the_version_of_the_file(tmp_path: Path) -> None:
    old = tmp_path / "old.sqlite3"
    with opened(old) as db:
        MIGRATIONS[0](db)
        db.execute("PRAGMA user_version = 1")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    copy(old, tmp_path / "copy.sqlite3", much)
    with opened(tmp_path / "copy.sqlite3") as db:
        assert db.execute("PRAGMA user_version").fetchone() == (1,)


def test_what_a_killed_backup_left_goes_with_the_next_one(tmp_path: Path) -> None:
    gone = subprocess.Popen((sys.executable, "-c", ""))
    gone.wait()
    target = tmp_path / "a[1].sqlite3"
    left = tmp_path / f".{target.name}.{gone.pid}.digest-part"
    others = [
        tmp_path / f".{target.name}.{os.getppid()}.digest-part",
        tmp_path / f".another.{gone.pid}.digest-part",
    ]
    for path in (left, *others):
        path.touch()

    with written_beside(target) as part:
        part.write_bytes(b"new")

    assert target.read_bytes() == b"new"
    assert names(tmp_path) == sorted(path.name for path in (target, *others))


def test_the_command_makes_a_backup(
    desk: Desk, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    target = tmp_path / "papers.sqlite3"
    assert exit_code(["-C", str(desk.folder), "archive", "backup", str(target), "--json"]) == 0
    told = capsys.readouterr()
    assert json.loads(told.out) == {"path": str(target), "size": target.stat().st_size}
    assert told.err == ""


# Compacting.


def rows(archive: Path) -> list[tuple[str]]:
    """The papers of versions in the order of the file."""
    with opened(archive) as db:
        return db.execute("SELECT paper FROM version ORDER BY rowid").fetchall()


def test_a_compact_archive_is_smaller_and_the_same(desk: Desk) -> None:
    archive = archive_of(desk)
    execute(archive, "DELETE FROM landmark; DELETE FROM version WHERE rowid % 3 = 0")
    order, whole, size = rows(archive), content(archive), archive.stat().st_size

    compaction = desk.app.upkeep().compact()

    assert (compaction.before, compaction.after) == (size, archive.stat().st_size)
    assert compaction.after < compaction.before
    assert rows(archive) == order
    assert sorted(content(archive)) == sorted(whole)


def test_a_compact_archive_goes_on(desk: Desk, tmp_path: Path) -> None:
    other = copied(desk.folder, tmp_path / "other")
    desk.app.upkeep().compact()
    following = DAYS[-1].replace(day=10)
    assert desk.run_on(following).exit_code == other.run_on(following).exit_code == 0
    assert desk.files() == other.files()
    assert desk.app.upkeep().verify().findings == ()


def test_somebody_may_read_while_it_is_compacted(desk: Desk) -> None:
    execute(archive_of(desk), "DELETE FROM landmark")
    with opened(archive_of(desk)) as reader:
        reader.execute("BEGIN")
        before = reader.execute("SELECT * FROM version").fetchall()
        compact(archive_of(desk), much, patience=0.0)
        assert reader.execute("SELECT * FROM version").fetchall() == before
        reader.execute("COMMIT")
    assert desk.app.upkeep().verify().findings == ()


def test_a_run_that_writes_is_waited_for(desk: Desk) -> None:
    with (
        FileLock(f"{archive_of(desk)}.lock", timeout=0),
        pytest.raises(LockHeld, match="another run is using this workspace"),
    ):
        desk.app.upkeep().compact()


def test_without_room_the_archive_stays_as_it_is(desk: Desk) -> None:
    before = archive_of(desk).read_bytes()
    with pytest.raises(WriteError, match="not enough room on the disk"):
        compact(archive_of(desk), little)
    assert archive_of(desk).read_bytes() == before


def test_the_command_tells_both_sizes(desk: Desk, capsys: pytest.CaptureFixture[str]) -> None:
    archive = archive_of(desk)
    execute(archive, "DELETE FROM version")
    before = archive.stat().st_size / 2**20
    assert exit_code(["-C", str(desk.folder), "archive", "compact"]) == 0
    after = archive.stat().st_size / 2**20
    told = f"{archive}: {before:.1f} MiB, now {after:.1f} MiB\n"
    assert capsys.readouterr() == (told, "")


@pytest.mark.parametrize(
    "command", [["backup", "new.sqlite3"], ["compact"], ["export", "new.jsonl"]]
)
def test_without_an_archive_there_is_nothing_to_do(
    desk: Desk,
    command: list[str],
    capsys: pytest.CaptureFixture[str],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    archive_of(desk).unlink()
    monkeypatch.chdir(desk.folder)
    assert exit_code(["archive", *command]) == 1
    assert "the archive does not exist" in capsys.readouterr().err
    assert not archive_of(desk).exists() and not list(desk.folder.glob("new.*"))
