"""The archive: what is stored comes back, twice is once, and foreign files stay as they are."""

from __future__ import annotations

import random
import sqlite3
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from pathlib import Path

import pytest
from asking import invented
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.archive import Archive, DayRecord, DigestRecord
from digest.archive.schema import APPLICATION_ID, MIGRATIONS
from digest.model import Asked, Edge, Outcome, Paper, PaperId, Period, Reading, Window, sequence_of
from digest.model.errors import ArchiveError

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
TODAY, TOMORROW = date(2026, 3, 11), date(2026, 3, 12)
DAY = timedelta(days=1)
WINDOW = Window(NOON, NOON + DAY)


def versions_of(number: int, count: int) -> list[Paper]:
    published = NOON + timedelta(minutes=number)
    return [
        invented(
            f"2603.{number:05d}",
            published,
            version=version,
            updated=published + (version - 1) * DAY,
            title=f"Paper {number}, version {version}",
        )
        for version in range(1, count + 1)
    ]


PAPERS = [
    paper for number, count in ((1, 1), (2, 3), (3, 2)) for paper in versions_of(number, count)
]
IDS = ["2603.00001", "2603.00002", "2603.00003"]


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive(":memory:") as archive:
        yield archive


def everything(archive: Archive) -> list[list[Paper]]:
    return list(archive.papers.versions(IDS))


# Papers.


def test_papers_come_back_as_they_were_stored(archive: Archive) -> None:
    full = replace(
        PAPERS[0], comment="12 pages", doi="10.1/x", journal_ref="J. 1", abstract="Two\n  lines\t🙂"
    )
    bare = replace(PAPERS[1], authors=(), categories=(), abstract="")
    assert archive.papers.store([full, bare], TODAY) == 2
    assert everything(archive) == [[full], [bare]]
    assert archive.papers.count() == 2


def test_stored_twice_is_stored_once(archive: Archive) -> None:
    assert archive.papers.store(PAPERS, TODAY) == 3
    state = everything(archive), archive.papers.changed_since(0)
    assert archive.papers.store(PAPERS, TOMORROW) == 0
    assert (everything(archive), archive.papers.changed_since(0)) == state


@settings(max_examples=30, deadline=None)
@given(st.permutations(PAPERS), st.lists(st.integers(0, 6), max_size=3))
def test_the_order_and_the_pages_in_which_papers_come_do_not_matter(
    papers: list[Paper], cuts: list[int]
) -> None:
    with Archive(":memory:") as archive:
        borders = [0, *sorted(cuts), len(papers)]
        for start, end in pairwise(borders):
            archive.papers.store(papers[start:end], TODAY)
        assert everything(archive) == [PAPERS[:1], PAPERS[1:4], PAPERS[4:]]
        points, stored = archive.coverage.points_around(WINDOW)
        assert [point.sequence for point in points] == [sequence_of(name) for name in IDS]
        assert stored == {point.sequence for point in points}


def test_a_paper_that_arxiv_edits_is_kept_as_told_last(archive: Archive) -> None:
    archive.papers.store(PAPERS, TODAY)
    edited = replace(PAPERS[0], title="Without the typo")
    assert archive.papers.store([edited], TODAY) == 0
    assert everything(archive)[0] == [edited]


def test_changes_are_told_since_the_last_look(archive: Archive) -> None:
    archive.papers.store(PAPERS[:1], TODAY)
    changed, first = archive.papers.changed_since(0)
    assert changed == IDS[:1]
    archive.papers.store([*PAPERS[1:2], PAPERS[0]], TODAY)
    assert archive.papers.changed_since(first) == (IDS[1:2], first + 1)
    archive.papers.store(PAPERS[2:3], TODAY)
    assert archive.papers.changed_since(first + 1) == (IDS[1:2], first + 2)
    assert archive.papers.changed_since(first + 2) == ([], first + 2)


def test_more_papers_than_one_statement_takes_are_found(archive: Archive) -> None:
    many = [versions_of(number, 1)[0] for number in range(1, 1203)]
    archive.papers.store(many, TODAY)
    found = list(archive.papers.versions([paper.id for paper in many]))
    assert found == [[paper] for paper in many]


def test_times_are_told_of_revised_works_only(archive: Archive) -> None:
    archive.papers.store(PAPERS, TODAY)
    times = archive.papers.version_times([*IDS, "2603.00009"])
    assert times == {
        paper.id: {other.version: other.updated for other in PAPERS if other.id == paper.id}
        for paper in PAPERS
        if paper.version > 1
    }


def test_papers_are_counted_with_both_ends_of_a_window_as_arxiv_does(archive: Archive) -> None:
    moments = [NOON - timedelta(seconds=1), NOON, NOON + DAY, NOON + DAY + timedelta(seconds=1)]
    archive.papers.store(
        [invented(f"2603.{n:05d}", moment) for n, moment in enumerate(moments, 1)], TODAY
    )
    assert archive.papers.count(WINDOW) == 2


def test_works_with_old_ids_are_found_by_their_time(archive: Archive) -> None:
    archive.papers.store([invented("hep-th/9901001", NOON), *PAPERS], TODAY)
    assert archive.papers.old_style(WINDOW) == ["hep-th/9901001"]
    assert archive.papers.old_style(Window(NOON + DAY, NOON + 2 * DAY)) == []
    assert len(archive.coverage.points_around(WINDOW)[0]) == 3


def test_a_work_was_seen_when_it_first_came(archive: Archive) -> None:
    archive.papers.store(PAPERS[:1], TODAY)
    archive.papers.store([*versions_of(1, 2), *PAPERS[1:]], TOMORROW)
    points, _ = archive.coverage.points_around(WINDOW)
    assert [point.seen for point in points] == [TODAY, TOMORROW, TOMORROW]


# Coverage.


def test_edges_tell_places_and_no_papers(archive: Archive) -> None:
    archive.coverage.add_edge(TODAY, PAPERS[:1], TODAY, NOON, newest=True)
    archive.coverage.add_edge(TOMORROW, [], TODAY, NOON, newest=False)
    archive.papers.store(PAPERS[1:2], TODAY)
    points, stored = archive.coverage.points_around(WINDOW)
    assert [point.sequence for point in points] == [sequence_of(name) for name in IDS[:2]]
    assert stored == {sequence_of(IDS[1])}
    assert archive.coverage.edges() == {
        (TODAY, True): Edge(1, NOON),
        (TOMORROW, False): Edge(0, NOON),
    }
    assert archive.papers.count() == 1


def test_nothing_is_known_around_an_empty_window(archive: Archive) -> None:
    archive.papers.store(PAPERS, TODAY)
    assert archive.coverage.points_around(Window(NOON - DAY, NOON)) == ([], set())


def test_the_places_around_are_some_batches_on_both_sides(archive: Archive) -> None:
    archive.papers.store([versions_of(n, 1)[0] for n in range(1, 4001)], TODAY)
    place = sequence_of("2603.02000") or 0

    few, _ = archive.coverage.points_near(place, place, 1)
    many, _ = archive.coverage.points_near(place, place, 300)

    assert (few[0].sequence - place, few[-1].sequence - place) == (-1002, 1002)
    assert (many[0].sequence - place, many[-1].sequence - place) == (-1501, 1501)


def test_a_day_read_in_all_of_arxiv_is_read_in_every_scope(archive: Archive) -> None:
    narrow, wide = Reading(5, 5, NOON), Reading(9, 9, NOON)
    archive.coverage.add_reading("(cat:cs.*)", TODAY, narrow)
    assert archive.coverage.readings("(cat:cs.*)") == {TODAY: narrow}
    assert archive.coverage.readings("") == {}
    archive.coverage.add_reading("", TODAY, wide)
    archive.coverage.add_reading("", TOMORROW, wide)
    assert archive.coverage.readings("(cat:cs.*)") == {TODAY: wide, TOMORROW: wide}


def test_a_later_reading_replaces_the_earlier_one(archive: Archive) -> None:
    archive.coverage.add_reading("", TODAY, Reading(0, 0, NOON))
    archive.coverage.add_reading("", TODAY, Reading(5, 5, NOON + DAY))
    assert archive.coverage.readings("") == {TODAY: Reading(5, 5, NOON + DAY)}


LOW, HIGH = 2603 * 100_000, 2604 * 100_000


def asked(archive: Archive, scope: str = "") -> dict[str, Asked]:
    return archive.coverage.asked(scope, LOW, HIGH)


def test_an_id_is_settled_when_asked_for_again_after_the_time(archive: Archive) -> None:
    wanted, patience = [PaperId("2603.00004"), PaperId("2603.00002", 1)], 3 * DAY
    for moment, settled in (
        (NOON, False),
        (NOON + patience - timedelta(seconds=1), False),
        (NOON + patience, True),
    ):
        archive.coverage.add_asked("", wanted, moment, patience)
        told = Asked(NOON, moment, settled)
        assert asked(archive) == {"2603.00004": told, "2603.00002v1": told}


def test_without_patience_an_id_is_settled_at_once(archive: Archive) -> None:
    archive.coverage.add_asked("(x)", [PaperId("2603.00004")], NOON, timedelta(0))
    assert asked(archive, "(x)") == {"2603.00004": Asked(NOON, NOON, settled=True)}
    assert asked(archive) == {}


def test_a_paper_that_comes_after_all_is_not_missing(archive: Archive) -> None:
    for scope in ("", "(x)"):
        archive.coverage.add_asked(scope, [PaperId("2603.00002")], NOON, timedelta(0))
    archive.coverage.add_asked("", [PaperId("2603.00002", 1)], NOON, DAY)
    archive.papers.store(PAPERS[1:2], TODAY)
    assert asked(archive) == asked(archive, "(x)") == {}


# The ledger.


def test_a_digest_is_known_by_what_is_and_by_what_was_to_be_written(archive: Archive) -> None:
    period = Period.of(TOMORROW)
    record = DigestRecord(period, "complete", 5, "old", badges=("low-bit", "a b", '"'))
    archive.ledger.settle(record, NOON)
    archive.ledger.intend(replace(record, sha256=None, intended="new"), NOON)
    assert archive.ledger.digests() == {TOMORROW: replace(record, intended="new", stale=True)}
    archive.ledger.settle(replace(record, sha256="new", papers=6), NOON)
    assert archive.ledger.digests() == {TOMORROW: replace(record, sha256="new", papers=6)}


def test_days_and_marks_come_back(archive: Archive) -> None:
    records = [DayRecord(day, "complete", 5, 0, 1, "sequence") for day in (TODAY, TOMORROW)]
    archive.ledger.add_days(reversed(records))
    archive.ledger.add_days([replace(records[0], gaps=2)])
    assert archive.ledger.days() == [replace(records[0], gaps=2), records[1]]
    assert archive.ledger.composed("rule") == 0
    archive.ledger.mark_composed(7, "rule")
    assert archive.ledger.composed("rule") == 7
    assert archive.ledger.composed("another rule") == 0


# Files.


def use_all(archive: Archive) -> None:
    """Every kind of reading there is."""
    list(archive.papers.versions(IDS))
    archive.papers.version_times(IDS)
    archive.papers.changed_since(0)
    archive.papers.count()
    archive.coverage.points_around(WINDOW)
    archive.coverage.readings("")
    archive.coverage.edges()
    archive.coverage.asked("", LOW, HIGH)
    archive.ledger.digests()
    archive.ledger.days()
    archive.runs.latest()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    """An archive's file with some hundred papers."""
    path = tmp_path / "some" / "folder" / "archive.sqlite3"
    with Archive(path) as archive:
        archive.papers.store([versions_of(number, 1)[0] for number in range(1, 301)], TODAY)
        archive.coverage.add_asked("", [PaperId("2603.00999")], NOON, DAY)
        archive.coverage.add_reading("", TODAY, Reading(300, 300, NOON))
    return path


def test_what_was_stored_is_there_after_closing(file: Path) -> None:
    with Archive(file) as archive:
        assert archive.papers.count() == 300
        assert archive.coverage.readings("") == {TODAY: Reading(300, 300, NOON)}
    assert [path.name for path in file.parent.iterdir()] == [file.name]


def test_a_transaction_that_fails_leaves_nothing(file: Path) -> None:
    def page() -> Iterator[Paper]:
        yield versions_of(301, 1)[0]
        raise ZeroDivisionError

    with Archive(file) as archive:
        with pytest.raises(ZeroDivisionError):
            archive.papers.store(page(), TODAY)
        assert archive.papers.count() == 300
        assert archive.papers.store([versions_of(301, 1)[0]], TODAY) == 1


def sql(path: Path, *statements: str) -> None:
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        for statement in statements:
            db.execute(statement)


def refused(path: Path, **how: float) -> ArchiveError:
    """Open a file that is no archive: the error, after a look at the bytes."""
    before = path.read_bytes()
    with pytest.raises(ArchiveError) as caught, Archive(path, **how) as archive:
        use_all(archive)
    assert path.read_bytes() == before
    assert str(path) in caught.value.message
    assert caught.value.hint
    return caught.value


@pytest.mark.parametrize(
    "statement",
    [
        "CREATE TABLE paper (id TEXT)",
        "PRAGMA user_version = 1",
        "PRAGMA application_id = 77",
    ],
)
def test_the_file_of_another_program_is_refused(statement: str, tmp_path: Path) -> None:
    path = tmp_path / "other.sqlite3"
    sql(path, statement)
    assert "another program" in refused(path).message


def test_a_newer_file_is_refused(file: Path) -> None:
    sql(file, f"PRAGMA user_version = {len(MIGRATIONS) + 1}")
    error = refused(file)
    assert "newer" in error.message
    assert "upgrade" in error.hint


@pytest.mark.parametrize("data", [b"# 2026-03-11\n", b"SQLite format 3", bytes(5000)])
def test_a_file_of_another_kind_is_refused(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "archive.sqlite3"
    path.write_bytes(data)
    refused(path)


@pytest.mark.parametrize("part", [0.005, 0.02, 0.2, 0.5, 0.9])
def test_a_truncated_file_is_refused(part: float, file: Path) -> None:
    data = file.read_bytes()
    file.write_bytes(data[: int(len(data) * part)])
    refused(file)


@pytest.mark.parametrize("seed", range(5))
def test_a_file_with_random_pages_is_refused(seed: int, file: Path) -> None:
    data = bytearray(file.read_bytes())
    data[4096:] = random.Random(seed).randbytes(len(data) - 4096)
    file.write_bytes(data)
    refused(file)


def test_a_folder_in_the_files_place_is_refused(tmp_path: Path) -> None:
    with pytest.raises(ArchiveError, match=str(tmp_path)):
        Archive(tmp_path)


def test_a_file_in_the_folders_place_is_refused(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(ArchiveError, match="file"):
        Archive(tmp_path / "file" / "archive.sqlite3")


WRITES: list[Callable[[Archive], object]] = [
    lambda archive: archive.papers.store(PAPERS, TODAY),
    lambda archive: archive.coverage.add_edge(TODAY, PAPERS, TODAY, NOON, newest=True),
    lambda archive: archive.coverage.add_reading("", TODAY, Reading(1, 1, NOON)),
    lambda archive: archive.coverage.add_asked("", [PaperId("2603.00001")], NOON, DAY),
    lambda archive: archive.ledger.add_days([]),
    lambda archive: archive.ledger.mark_composed(1, "rule"),
    lambda archive: archive.runs.begin("run", NOON, "", ""),
    lambda archive: archive.runs.end(1, NOON, Outcome.DONE),
    lambda archive: archive.runs.forget(1),
    lambda archive: archive.ledger.settle(DigestRecord(Period.of(TODAY), "", 0, ""), NOON),
    lambda archive: archive.ledger.intend(DigestRecord(Period.of(TODAY), "", 0, ""), NOON),
]


@pytest.mark.parametrize("write", WRITES)
def test_while_another_process_writes_reading_works_and_writing_is_an_error(
    write: Callable[[Archive], object], file: Path
) -> None:
    with (
        Archive(file, patience=0.0) as archive,
        closing(sqlite3.connect(file, isolation_level=None)) as other,
    ):
        other.execute("BEGIN IMMEDIATE")
        use_all(archive)
        with pytest.raises(ArchiveError, match="locked") as caught:
            write(archive)
        assert str(file) in caught.value.message
        other.execute("ROLLBACK")
        write(archive)


def test_a_file_that_is_locked_altogether_cannot_be_opened(file: Path) -> None:
    with closing(sqlite3.connect(file, isolation_level=None)) as other:
        other.execute("PRAGMA locking_mode = EXCLUSIVE")
        other.execute("BEGIN EXCLUSIVE")
        with pytest.raises(ArchiveError, match="locked"):
            Archive(file, patience=0.0)


# Versions of the file.


def test_a_file_of_every_earlier_version_is_brought_to_this_one(tmp_path: Path) -> None:
    def schema(path: Path) -> list[tuple[str, str]]:
        with closing(sqlite3.connect(path)) as db:
            return db.execute("SELECT name, sql FROM sqlite_master ORDER BY name").fetchall()

    Archive(tmp_path / "new").close()
    for version in range(len(MIGRATIONS) + 1):
        path = tmp_path / f"version-{version}"
        with closing(sqlite3.connect(path, isolation_level=None)) as db:
            db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
            db.execute(f"PRAGMA user_version = {version}")
            for step in MIGRATIONS[:version]:
                step(db)
        with Archive(path) as archive:
            archive.papers.store(PAPERS, TODAY)
        assert schema(path) == schema(tmp_path / "new")


def test_a_migration_that_fails_leaves_the_file_as_it_was(tmp_path: Path) -> None:
    path = tmp_path / "half"
    sql(path, f"PRAGMA application_id = {APPLICATION_ID}", "CREATE TABLE run (x)")
    assert "already exists" in refused(path).message
