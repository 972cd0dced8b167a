"""`digest archive verify`: each thing that is wrong is named, and nothing is changed."""

from __future__ import annotations

import json
import shutil
import sqlite3
from collections.abc import Iterator
from contextlib import closing, suppress
from pathlib import Path
from random import Random

import pytest
from command import digest
from desk import Desk
from upkeeping import DAYS, copied, execute

from digest.archive.schema import APPLICATION_ID, MIGRATIONS
from digest.archive.soundness import Inspection, WrittenDigest
from digest.cli import exit_code
from digest.model.errors import ArchiveError
from digest.runs.upkeep import strange_files

DAY = DAYS[1]
ONE = "(SELECT min(id) FROM paper)"


@pytest.fixture
def desk(workspace_with_runs: Path, tmp_path: Path) -> Desk:
    return copied(workspace_with_runs, tmp_path / "desk")


def archive_of(desk: Desk) -> Path:
    return desk.config.digest.archive


def findings(desk: Desk) -> list[str]:
    return [str(finding) for finding in desk.app.upkeep().verify().findings]


# The archive.


def test_what_runs_make_is_sound(desk: Desk) -> None:
    before = archive_of(desk).read_bytes()

    verdict = desk.app.upkeep().verify()

    assert verdict.findings == () and verdict.exit_code == 0
    assert (verdict.papers, verdict.digests, verdict.imported) == (desk.status().papers, 5, 0)
    assert archive_of(desk).read_bytes() == before


@pytest.mark.parametrize(
    ("harm", "found"),
    [
        (
            f"UPDATE paper SET sequence = 999999999 WHERE id = {ONE}",
            "its place in the sequence is not that of its id",
        ),
        (
            f"UPDATE paper SET id = 'nonsense' WHERE id = {ONE}",
            "paper nonsense: its place in the sequence is not that of its id",
        ),
        (f"DELETE FROM version WHERE paper = {ONE}", "no version of it is stored"),
        (
            f"UPDATE paper SET seen = '2025-02-30' WHERE id = {ONE}",
            "the day on which it was seen is not a date",
        ),
        (
            "UPDATE version SET version = 0 WHERE paper = '2503.00001' AND version = 1",
            "version 2503.00001v0: versions count from 1",
        ),
        (
            "UPDATE version SET content = x'0123' WHERE paper = '2503.00001' AND version = 1",
            "version 2503.00001v1: its texts cannot be unpacked",
        ),
        (
            "INSERT INTO version (paper, version, updated, content) "
            "SELECT '2503.09999', 1, updated, content FROM version LIMIT 1",
            "what it belongs to is not in paper",
        ),
        (
            "INSERT INTO landmark VALUES (250399999, 1, '')",
            "landmark 250399999: the day on which it was seen is not a date",
        ),
        (
            f"UPDATE held SET digest = '2025-03-09' WHERE day = '{DAY}'",
            f"held {DAY}: it is no date, or is held by a digest that was not written",
        ),
        (
            f"UPDATE digest SET badges = '[' WHERE day = '{DAY}'",
            f"digest {DAY}: its badges are not a JSON list",
        ),
        ("UPDATE mark SET value = 99999", "mark composed: it stands for changes"),
        (
            "INSERT INTO imported VALUES ('2501.00001', 1, 'x', '2025-01-01', '', '', '', '')",
            "imported 2501.00001: the day",
        ),
        (
            f"UPDATE batch SET high = low WHERE day = '{DAY}'",
            f"batch {DAY}: it has places outside the stretch that it was found in",
        ),
        (
            f"UPDATE batch SET places = x'010203' WHERE day = '{DAY}'",
            f"batch {DAY}: its places are not a list of numbers",
        ),
        (
            f"UPDATE batch SET low = 0, places = x'01000000' WHERE day = '{DAY}'",
            f"batch {DAY}: it has places of which no paper is stored",
        ),
    ],
)
def test_what_must_hold_and_does_not_is_found(desk: Desk, harm: str, found: str) -> None:
    execute(archive_of(desk), harm)

    told = findings(desk)

    assert [line for line in told if found in line], told


def test_one_trouble_of_many_rows_is_told_in_a_few_lines(desk: Desk) -> None:
    execute(archive_of(desk), "UPDATE version SET version = -version")
    (rows,) = query(archive_of(desk), "SELECT count(*) FROM version")

    told = findings(desk)

    assert len(told) == 11
    assert told[-1] == f"version: the same {rows[0] - 10} times more"


def query(archive: Path, sql: str) -> list[tuple[int]]:
    with closing(sqlite3.connect(archive)) as db:
        return db.execute(sql).fetchall()


@pytest.mark.parametrize("seed", range(12))
def test_a_damaged_file_is_no_surprise(desk: Desk, seed: int) -> None:
    archive = archive_of(desk)
    random = Random(seed)
    data = bytearray(archive.read_bytes())
    for _ in range(random.choice([1, 3, 30])):
        place = random.randrange(len(data))
        harm = random.randbytes(random.choice([1, 40, 4000]))
        data[place : place + len(harm)] = harm[: len(data) - place]
    if seed % 5 == 0:
        del data[random.randrange(len(data)) :]
    archive.write_bytes(data)

    with suppress(ArchiveError):
        desk.app.upkeep().verify()
    assert archive.read_bytes() == data


def test_a_page_that_is_overwritten_is_found(desk: Desk) -> None:
    archive = archive_of(desk)
    data = bytearray(archive.read_bytes())
    # Behind the first pages of the tables: without these nothing can be read at all.
    for page in range(60, len(data) // 4096, 5):
        data[page * 4096 : page * 4096 + 60] = b"\x00" * 60
    archive.write_bytes(data)

    result = digest("-C", str(desk.folder), "archive", "verify")

    assert result.returncode == 1
    assert "Traceback" not in result.stderr
    assert "file: " in result.stdout and "restore a backup" in result.stderr


@pytest.mark.parametrize("version", range(1, len(MIGRATIONS) + 1))
def test_a_file_of_an_earlier_version_stays_one(tmp_path: Path, version: int) -> None:
    path = tmp_path / "old.sqlite3"
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for step in MIGRATIONS[:version]:
            step(db)
        db.execute(f"PRAGMA user_version = {version}")
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
    before = path.read_bytes()

    inspection = Inspection(path)

    assert inspection.findings() == []
    assert (inspection.papers(), inspection.digests()) == (0, {})
    assert path.read_bytes() == before


@pytest.mark.parametrize("data", [b"", b"SQLite format 3\x00 no, it is not", b"# Notes\n" * 999])
def test_a_file_that_is_no_archive_is_said_to_be_none(desk: Desk, data: bytes) -> None:
    archive_of(desk).write_bytes(data)
    with pytest.raises(ArchiveError, match="the archive cannot be used"):
        desk.app.upkeep().verify()
    assert archive_of(desk).read_bytes() == data


def test_without_an_archive_it_is_said_and_none_is_made(desk: Desk) -> None:
    archive_of(desk).unlink()
    with pytest.raises(ArchiveError, match="the archive does not exist"):
        desk.app.upkeep().verify()
    assert not archive_of(desk).exists()


# The digest files.


def test_files_that_are_not_what_was_written_are_named(desk: Desk) -> None:
    missing, changed, unreadable = map(desk.path, DAYS[:3])
    missing.unlink()
    changed.write_bytes(changed.read_bytes() + b"mine\n")
    unreadable.unlink()
    unreadable.mkdir()

    assert findings(desk) == [
        f"digest {DAYS[0]}: its file is missing: {missing}",
        f"digest {DAYS[1]}: its file was edited since: {changed}",
        f"digest {DAYS[2]}: its file cannot be read: {unreadable}: Is a directory",
    ]


def test_a_digest_that_was_imported_is_said_to_be(desk: Desk) -> None:
    foreign = desk.path(DAYS[0])
    foreign.write_bytes(
        desk.path(DAYS[1]).read_bytes().replace(str(DAYS[1]).encode(), b"2024-12-31")
    )
    foreign = foreign.rename(foreign.with_name("2024-12-31.md"))
    desk.app.rebuild(None, None, diff=False)
    assert list(desk.app.rebuild(DAYS[0], DAYS[0], diff=False))
    assert desk.app.import_digests([foreign], really=True).exit_code == 0
    verdict = desk.app.upkeep().verify()
    assert (verdict.findings, verdict.digests, verdict.imported) == ((), 6, 1)

    foreign.write_bytes(b"mine\n")

    assert findings(desk) == [f"digest 2024-12-31: the imported file was edited since: {foreign}"]


def test_a_run_that_was_killed_before_or_after_writing_leaves_nothing_wrong(desk: Desk) -> None:
    execute(archive_of(desk), f"UPDATE digest SET intended = 'another' WHERE day = '{DAYS[0]}'")
    execute(
        archive_of(desk),
        f"UPDATE digest SET intended = sha256, sha256 = NULL WHERE day = '{DAYS[1]}'",
    )
    assert findings(desk) == []


def test_a_file_that_a_run_writes_meanwhile_is_looked_at_again(tmp_path: Path) -> None:
    def ledger() -> Iterator[dict[str, WrittenDigest]]:
        """It is read, then the file is written, then it is read again."""
        yield {"2025-03-03": WrittenDigest("complete", "before", None)}
        (tmp_path / "2025-03-03.md").write_bytes(b"new")
        while True:
            yield {"2025-03-03": WrittenDigest("complete", "before", NEW)}

    readings = ledger()
    assert strange_files(lambda: next(readings), tmp_path) == []


NEW = "11507a0e2f5e69d5dfa40a62a1bd7b6ee57e6bcd85c67c9b8431b36fff21c437"


# The command.


def test_the_command_tells_in_one_line_that_all_is_well(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["-C", str(desk.folder), "archive", "verify"]) == 0
    assert capsys.readouterr() == (f"sound: {desk.status().papers} papers, 5 digests\n", "")


def test_the_command_tells_each_finding_and_what_to_do(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.path(DAY).unlink()
    command = ["-C", str(desk.folder), "archive", "verify"]
    what = f"its file is missing: {desk.path(DAY)}"

    assert exit_code(command) == 1
    told = capsys.readouterr()
    assert told.out == f"digest {DAY}: {what}\n"
    assert "digest rebuild" in told.err

    assert exit_code([*command, "--json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert report["findings"] == [{"where": f"digest {DAY}", "what": what}]


def test_rebuild_mends_what_it_is_said_to_mend(desk: Desk) -> None:
    whole = desk.files()
    shutil.move(desk.path(DAY), desk.folder / "elsewhere.md")
    desk.path(DAYS[0]).write_bytes(b"mine\n")
    for day in (DAY, DAYS[0]):
        list(desk.app.rebuild(day, day, diff=False))
    assert findings(desk) == []
    assert desk.files() == {**whole, f"{DAYS[0]}.md.orig": b"mine\n"}
