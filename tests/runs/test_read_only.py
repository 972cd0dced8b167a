"""A workspace that can only be read: it is read as ever, and what would write says that it cannot.

Nothing of it is changed, not even for a moment.
"""

from __future__ import annotations

import fcntl
import json
import shutil
import sqlite3
from contextlib import closing
from datetime import date
from pathlib import Path

import pytest
from desk import Desk
from protected import protected, python

from digest.archive import Archive
from digest.archive.schema import MIGRATIONS
from digest.fetcher.calendar import Calendar
from digest.simulator import Corpus

DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 4))
CORPUS = Corpus.generate(seed=3, first=date(2025, 11, 3), last=date(2026, 4, 1), per_day=40)

#: Each command's exit code, output and messages, all of them by one process.
EVERY = """
import contextlib, io, json, sys
from digest.cli import exit_code
told = []
for arguments in json.loads(sys.argv[1]):
    out, err = (io.TextIOWrapper(io.BytesIO(), "utf-8") for _ in range(2))
    with contextlib.redirect_stdout(out), contextlib.redirect_stderr(err):
        code = exit_code(arguments)
        out.flush(), err.flush()
    told.append((code, *(each.buffer.getvalue().decode() for each in (out, err))))
print(json.dumps(told))
"""


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    desk = Desk(tmp_path_factory.mktemp("made") / "workspace", CORPUS)
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    return desk.folder


def archive_of(folder: Path) -> Path:
    return folder / "output" / ".archive.sqlite3"


def told(folder: Path, *commands: list[str]) -> list[tuple[int, str, str]]:
    """The exit code, output and messages of commands that may only read the workspace."""
    before = contents(folder)
    with protected(folder):
        found = json.loads(
            python(EVERY, json.dumps([["-C", str(folder), *each] for each in commands]))
        )
    assert contents(folder) == before
    return [tuple(one) for one in found]


def contents(folder: Path) -> dict[str, bytes]:
    return {
        str(path.relative_to(folder)): path.read_bytes()
        for path in folder.rglob("*")
        if path.is_file()
    }


def test_what_only_reads_does_so(folder: Path, tmp_path: Path) -> None:
    digest = str(folder / "output" / f"{DAYS[0]}.md")
    expected = {
        ("status",): "complete",
        ("log",): "done",
        ("check", digest): "exactly in the format",
        ("export", str(DAYS[0]), "--format", "csv"): "announced",
        ("archive", "verify"): "sound",
        ("archive", "backup", str(tmp_path / "copy.sqlite3")): "MiB",
        ("archive", "export", str(tmp_path / "papers.jsonl")): "rows",
        ("keywords", "list"): "sparse",
        ("keywords", "explain", "2603.00001"): "technique",
        ("keywords", "preview", str(folder / "config/keywords.toml")): "nothing changes",
        ("rebuild", "--diff"): "0 of 3 digests would change",
        ("schedule", "--next", "1"): "UTC",
        ("install", "cron"): str(folder),
        ("import", digest): "already known",
    }
    for (command, word), (code, output, messages) in zip(
        expected.items(), told(folder, *map(list, expected)), strict=True
    ):
        assert code == 0, (command, messages)
        assert word in output + messages, (command, output, messages)
    with Archive(tmp_path / "copy.sqlite3") as copy:
        assert copy.papers.count()


def test_what_writes_says_that_it_cannot(folder: Path) -> None:
    day = str(DAYS[0])
    lock = f"cannot lock the workspace: {archive_of(folder)}.lock: Permission denied"
    expected = {
        ("run",): lock,
        ("backfill", day): lock,
        ("rebuild",): lock,
        ("site",): lock,
        ("archive", "compact"): lock,
        ("import", "--yes", str(folder / "output" / f"{day}.md")): lock,
        ("keywords", "exclude", "foo", "--yes"): "cannot write: ",
        ("status", "--prometheus", str(folder / "x.prom")): "cannot write: ",
        ("archive", "backup", str(folder / "x.sqlite3")): f"see whether {folder} can be written to",
    }
    for (command, word), (code, _, messages) in zip(
        expected.items(), told(folder, *map(list, expected)), strict=True
    ):
        assert (command, code) == (command, 1)
        assert word in messages, (command, messages)


def test_a_run_that_could_write_no_digest_asks_arxiv_nothing(tmp_path: Path) -> None:
    """The archive may be elsewhere: papers would come that nobody can be shown."""
    desk = Desk(tmp_path / "w", CORPUS, environ={"DIGEST_DIGEST__ARCHIVE": "archive/a.sqlite3"})
    (tmp_path / "w" / "archive").mkdir()
    with protected(desk.folder / "output"):
        ((code, _, messages),) = json.loads(
            python(
                EVERY,
                json.dumps([["-C", str(desk.folder), "run"]]),
                DIGEST_DIGEST__ARCHIVE="archive/a.sqlite3",
            )
        )
    assert code == 1
    assert f"cannot write: {desk.folder}/output: Permission denied" in messages


READ = """
import sys
from pathlib import Path
from digest.archive import Archive
from digest.model.errors import ArchiveError
try:
    with Archive(Path(sys.argv[1])) as archive:
        print(archive.papers.count())
        if sys.argv[2:]:
            path = Path(sys.argv[1])
            path.chmod(0o644)
            with path.open("r+b") as file:
                file.truncate(path.stat().st_size + 4096)
            archive.papers.count()
except ArchiveError as error:
    print(error.message, error.hint, sep="|")
"""


def copied(folder: Path, tmp_path: Path) -> Path:
    path = tmp_path / "output" / ".archive.sqlite3"
    path.parent.mkdir()
    path.write_bytes(archive_of(folder).read_bytes())
    return path


def test_what_a_run_has_stored_is_seen_while_it_lasts(folder: Path, tmp_path: Path) -> None:
    path = copied(folder, tmp_path)
    papers = int(python(READ, str(path)))
    with Archive(path) as archive:
        archive.papers.store([CORPUS.papers(date(2026, 3, 9))[0]], date(2026, 3, 9))
        with protected(path.parent):
            assert int(python(READ, str(path))) == papers + 1
    with protected(path.parent):
        assert int(python(READ, str(path))) == papers + 1


def test_a_file_that_changes_under_the_reader_is_not_believed(folder: Path, tmp_path: Path) -> None:
    path = copied(folder, tmp_path)
    with protected(path.parent):
        _, refusal = python(READ, str(path), "and change it").splitlines()
    assert refusal == f"the archive was written to while it was read: {path}|try again"


def test_a_file_of_an_earlier_version_is_not_brought_to_this_one(tmp_path: Path) -> None:
    path = tmp_path / "output" / ".archive.sqlite3"
    Archive(path).close()
    with closing(sqlite3.connect(path)) as db:
        db.execute(f"PRAGMA user_version = {len(MIGRATIONS) - 1}")
    with protected(path.parent):
        assert "it was written by an earlier arxiv-daily-digest" in python(READ, str(path))


NOTE = """
import sys
from pathlib import Path
from digest.archive import Archive
from digest.model.errors import ArchiveError
with Archive(Path(sys.argv[1])) as archive:
    try:
        archive.ledger.note_warned(True)
    except ArchiveError as error:
        print(error.message)
    print(archive.papers.count())
"""


def test_a_file_that_cannot_be_written_is_named(folder: Path, tmp_path: Path) -> None:
    path = copied(folder, tmp_path)
    with protected(path.parent):
        refusal, papers = python(NOTE, str(path)).splitlines()
    assert refusal == (f"the archive cannot be used: {path}: attempt to write a readonly database")
    assert int(papers)


HELD = """
import sys
from pathlib import Path
from digest.runs.lock import is_held
print(is_held(Path(sys.argv[1])))
"""


def test_whether_a_run_works_there_is_told_by_its_lock(tmp_path: Path) -> None:
    path = tmp_path / "output" / ".archive.sqlite3"
    lock = path.with_name(f"{path.name}.lock")
    path.parent.mkdir()
    with protected(path.parent):
        assert python(HELD, str(path)) == "False\n"
    with lock.open("wb") as file, protected(path.parent):
        assert python(HELD, str(path)) == "False\n"
        fcntl.flock(file, fcntl.LOCK_EX)
        assert python(HELD, str(path)) == "True\n"


@pytest.mark.parametrize(("log", "code"), [(b"", 0), (b"not taken in yet", 1)])
def test_a_log_without_its_index_is_told_where_it_holds_anything(
    folder: Path, tmp_path: Path, log: bytes, code: int
) -> None:
    copy = tmp_path / "copy"
    shutil.copytree(folder, copy)
    archive_of(copy).with_name(".archive.sqlite3-wal").write_bytes(log)
    ((found, _, err),) = told(copy, ["status"])
    assert found == code
    assert ("a run left its log" in err) == bool(log)
