"""The record of runs: nothing that ran is missing in it, however it ended."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Iterator
from contextlib import closing
from datetime import UTC, date, datetime, timedelta
from importlib.metadata import version
from pathlib import Path

import pytest
from desk import Desk, Silence, morning

from digest.archive import Archive
from digest.archive.runs import RUNS_KEPT
from digest.archive.schema import APPLICATION_ID, MIGRATIONS
from digest.cli import exit_code
from digest.cli.runs import length, log_lines, run_line
from digest.fetcher.calendar import Calendar
from digest.model import Outcome, Run
from digest.model.errors import ArchiveError, LockHeld, TemplateError, UsageError
from digest.model.reports import RunLog
from digest.runs.recording import fingerprint
from digest.simulator import Corpus, Fault

NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
SECOND = timedelta(seconds=1)
DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 13))
CORPUS = Corpus.generate(seed=5, first=DAYS[0], last=DAYS[-1], per_day=12)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["a"]\n'


@pytest.fixture
def archive() -> Iterator[Archive]:
    with Archive(":memory:") as archive:
        yield archive


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CORPUS, topics=ALL)


def last(desk: Desk) -> Run:
    return desk.app.log().runs[0]


def test_a_run_is_on_record_from_its_start_and_complete_with_its_end(archive: Archive) -> None:
    number = archive.runs.begin("run", NOON, "1.2", "abc")
    begun = Run(number, "run", NOON, None, 0, 0, 0, Outcome.RUNNING, "", "1.2", "abc")
    assert archive.runs.latest() == [begun]
    archive.runs.end(number, NOON + SECOND, Outcome.FAILED, "why", requests=1, papers=2, digests=3)
    ended = Run(number, "run", NOON, NOON + SECOND, 1, 2, 3, Outcome.FAILED, "why", "1.2", "abc")
    assert archive.runs.latest() == [ended]


def test_runs_of_the_same_second_and_of_a_clock_set_back_are_all_kept_in_their_order(
    archive: Archive,
) -> None:
    starts = [NOON, NOON, NOON - timedelta(hours=1), NOON]
    for start in starts:
        archive.runs.end(archive.runs.begin("run", start, "", ""), start, Outcome.DONE)
    assert [run.started for run in archive.runs.latest()] == starts[::-1]
    assert [run.started for run in archive.runs.latest(3)] == starts[:0:-1]


def test_a_run_without_an_end_is_broken_off_when_the_next_one_begins(archive: Archive) -> None:
    for _ in range(2):
        archive.runs.begin("run", NOON, "", "")
    assert [(run.outcome, run.ended) for run in archive.runs.latest()] == [
        (Outcome.RUNNING, None),
        (Outcome.BROKEN_OFF, None),
    ]


def test_the_last_thousand_runs_are_kept(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    Archive(path).close()
    with closing(sqlite3.connect(path)) as db, db:
        rows = [(number, "run", number, "done", "", "") for number in range(1, 1501)]
        names = "number, command, started, outcome, version, configuration"
        db.executemany(f"INSERT INTO run ({names}) VALUES (?, ?, ?, ?, ?, ?)", rows)
    with Archive(path) as archive:
        assert archive.runs.begin("run", NOON, "", "") == 1501
        kept = [run.number for run in archive.runs.latest(9999)]
    assert RUNS_KEPT == 1000
    assert kept == list(range(1501, 501, -1))


def test_runs_of_earlier_versions_stay_on_record(tmp_path: Path) -> None:
    path = tmp_path / "archive"
    before = [(5, 9, 3, 7, "failed: arXiv blocks: HTTP 403"), (1, 2, 1, 4, "done")]
    before.append((20, 21, 0, 0, "some days are not complete yet"))
    with closing(sqlite3.connect(path, isolation_level=None)) as db:
        db.execute(f"PRAGMA application_id = {APPLICATION_ID}")
        for step in MIGRATIONS[:4]:
            step(db)
        db.execute("PRAGMA user_version = 4")
        db.executemany("INSERT INTO run VALUES (?, ?, ?, ?, ?)", before)
    with Archive(path) as archive:
        runs = archive.runs.latest()
    assert [(run.started.second, run.outcome, run.problem) for run in runs] == [
        (20, Outcome.INCOMPLETE, ""),
        (5, Outcome.FAILED, "arXiv blocks: HTTP 403"),
        (1, Outcome.DONE, ""),
    ]
    assert (runs[1].requests, runs[1].papers) == (3, 7)


def test_a_run_is_kept_with_what_it_cost_and_made(desk: Desk) -> None:
    report = desk.run_on(DAYS[3])
    run = last(desk)
    assert (run.command, run.outcome, run.problem) == ("run", Outcome.DONE, "")
    assert (run.requests, run.papers, run.digests) == (report.requests, report.received, 1)
    assert run.papers >= 12
    assert run.started == morning(DAYS[3])
    assert run.ended is not None
    assert run.ended > run.started
    assert run.version == version("arxiv-daily-digest")
    assert run.configuration == fingerprint(desk.config)
    desk.configure(DIGEST_DIGEST__PATIENCE_HOURS="35")
    assert run.configuration != fingerprint(desk.config)


def test_every_command_that_changes_the_workspace_is_kept_and_no_other(desk: Desk) -> None:
    desk.run_on(DAYS[3])
    desk.backfill(DAYS[1], DAYS[2])
    desk.path(DAYS[1]).unlink()
    list(desk.app.rebuild(None, None, diff=True))
    list(desk.app.rebuild(None, None, diff=False))
    elsewhere = desk.folder / "old.md"
    elsewhere.write_bytes(desk.path(DAYS[3]).read_bytes())
    desk.app.import_digests([elsewhere], really=False)
    desk.app.import_digests([elsewhere], really=True)
    desk.app.plan(DAYS[0], DAYS[0], Silence())
    desk.status()
    kept = [(run.command, run.digests, run.outcome) for run in desk.app.log().runs]
    assert kept == [
        ("import", 0, "done"),
        ("rebuild", 1, "done"),
        ("backfill", 2, "done"),
        ("run", 1, "done"),
    ]


def test_what_arxiv_does_to_a_run_is_on_record(desk: Desk) -> None:
    desk.arxiv.fail(Fault.status(503, times=None))
    report = desk.run_on(DAYS[3])
    run = last(desk)
    assert report.failure is not None
    assert (run.outcome, run.problem) == (Outcome.INCOMPLETE, report.failure.message)
    assert (run.requests, run.digests) == (report.requests, 0)
    assert run.requests > 0


def test_a_block_is_a_failure(desk: Desk) -> None:
    desk.arxiv.fail(Fault.status(403, times=None))
    desk.run_on(DAYS[3])
    assert last(desk).outcome == Outcome.FAILED
    assert "HTTP 403" in last(desk).problem


def test_a_run_that_fails_before_it_asks_anything_is_on_record(desk: Desk) -> None:
    (desk.folder / "templates/digest.md.j2").write_text("{% mistake %}")
    with pytest.raises(TemplateError) as failed:
        desk.run_on(DAYS[3])
    assert (last(desk).outcome, last(desk).problem) == (Outcome.FAILED, failed.value.message)


@pytest.mark.parametrize(
    ("error", "outcome", "problem"),
    [
        (KeyboardInterrupt(), Outcome.STOPPED, ""),
        (ZeroDivisionError("a secret"), Outcome.FAILED, "ZeroDivisionError"),
    ],
)
def test_a_run_that_is_stopped_or_crashes_keeps_what_it_had_cost(
    error: BaseException, outcome: Outcome, problem: str, desk: Desk
) -> None:
    class Breaking(Silence):
        def requested(self, what: str, papers: int) -> None:  # noqa: ARG002
            raise error

    desk.now = morning(DAYS[3])
    with pytest.raises(type(error)):
        desk.app.run(None, None, Breaking())
    run = last(desk)
    assert (run.outcome, run.problem, run.requests) == (outcome, problem, 1)
    assert run.papers > 0
    assert run.ended is not None


def test_a_rebuild_that_nobody_reads_to_its_end_was_stopped(desk: Desk) -> None:
    desk.backfill(DAYS[0], DAYS[2], at=morning(DAYS[3]))
    changes = desk.app.rebuild(None, None, diff=False)
    next(iter(changes))
    assert last(desk).outcome == Outcome.RUNNING
    del changes
    assert last(desk).outcome == Outcome.STOPPED


def test_a_command_without_the_lock_and_one_that_makes_no_sense_leave_no_record(
    desk: Desk,
) -> None:
    desk.backfill(DAYS[0], DAYS[1], at=morning(DAYS[3]))
    before = desk.app.log()
    unfinished = desk.app.rebuild(None, None, diff=False)
    next(iter(unfinished))
    during = desk.app.log()
    with pytest.raises(LockHeld):
        desk.run()
    assert desk.app.log() == during
    del unfinished
    with pytest.raises(UsageError):
        desk.run(DAYS[3] + timedelta(days=9))
    assert desk.app.log().runs[1:] == before.runs


def test_a_full_disk_at_the_end_does_not_hide_what_went_wrong_before(desk: Desk) -> None:
    class Spoiling(Silence):
        def requested(self, what: str, papers: int) -> None:  # noqa: ARG002
            with closing(sqlite3.connect(desk.folder / "output/.archive.sqlite3")) as db:
                db.execute("DROP TABLE run")
            raise KeyboardInterrupt

    desk.now = morning(DAYS[3])
    with pytest.raises(KeyboardInterrupt):
        desk.app.run(None, None, Spoiling())
    with pytest.raises(ArchiveError, match="no such table"):
        desk.app.log()


# What `digest log` prints.


def test_the_log_is_a_table_newest_first() -> None:
    long = timedelta(hours=2, minutes=5)
    late = NOON + 5 * SECOND
    runs = (
        Run(3, "backfill", NOON, NOON + long, 1234, 456789, 30, Outcome.DONE, "", "", ""),
        Run(2, "run", NOON, late, 6, 0, 0, Outcome.INCOMPLETE, "arXiv\nis down", "", ""),
        Run(1, "run", NOON, None, 0, 0, 0, Outcome.BROKEN_OFF, "", "", ""),
    )
    assert list(log_lines(RunLog(runs))) == [
        "started (UTC)     command         took  requests   papers  digests  ended",
        "2026-03-10 12:00  backfill  2 h 05 min     1,234  456,789       30  done",
        "2026-03-10 12:00  run              5 s         6        0        0  "
        "incomplete: arXiv is down",
        "2026-03-10 12:00  run                          0        0        0  broken off",
    ]
    assert list(log_lines(RunLog(()))) == ["No runs yet."]
    assert run_line(runs[1]) == "2026-03-10 12:00 UTC, run, 5 s: incomplete: arXiv is down"
    assert run_line(runs[2]) == "2026-03-10 12:00 UTC, run: broken off"


@pytest.mark.parametrize(("took", "words"), [(0, "0 s"), (65, "1 min 05 s"), (-1, "")])
def test_how_long_a_run_took(took: int, words: str) -> None:
    run = Run(1, "run", NOON, NOON + took * SECOND, 0, 0, 0, Outcome.DONE, "", "", "")
    assert length(run) == words


def test_the_command_prints_as_many_runs_as_wanted_also_as_json(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    def told(*arguments: str) -> str:
        assert exit_code(["-C", str(desk.folder), "log", *arguments]) == 0
        return capsys.readouterr().out

    assert told() == "No runs yet.\n"
    assert json.loads(told("--json")) == {"runs": []}
    assert not (desk.folder / "output/.archive.sqlite3").exists()
    desk.run_on(DAYS[3])
    desk.run_on(DAYS[4])
    assert told("--limit", "1").count("\n") == 2
    runs = json.loads(told("--json"))["runs"]
    assert [run["started"] for run in runs] == [
        morning(day).isoformat() for day in (DAYS[4], DAYS[3])
    ]
    assert runs[0] | {"requests": 0, "papers": 0, "ended": ""} == {
        "number": 2,
        "command": "run",
        "started": morning(DAYS[4]).isoformat(),
        "ended": "",
        "requests": 0,
        "papers": 0,
        "digests": 1,
        "outcome": "done",
        "problem": "",
        "version": version("arxiv-daily-digest"),
        "configuration": fingerprint(desk.config),
    }


def test_titles_of_problems_cannot_move_the_cursor(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    desk.run_on(DAYS[3])
    with Archive(desk.folder / "output/.archive.sqlite3") as archive:
        archive.runs.end(1, NOON, Outcome.FAILED, "\x1b[2J")
    exit_code(["-C", str(desk.folder), "log"])
    assert "\\x1b[2J" in capsys.readouterr().out
