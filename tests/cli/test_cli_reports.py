"""What a run looks like while it lasts and when it is over."""

from __future__ import annotations

import io
import json
import re
from datetime import UTC, date, datetime
from pathlib import Path

import pytest
from rich.console import Console

from digest.cli.changes import totals_line
from digest.cli.progress import Bar, Lines, progress
from digest.cli.reports import check_lines, cost_line, plan_lines, run_lines, status_lines
from digest.cli.site import site_line
from digest.cli.terminal import show_json
from digest.model import Outcome, Run
from digest.model.changes import RebuildTotals
from digest.model.errors import Unavailable
from digest.model.reports import (
    CheckReport,
    DayReport,
    DayState,
    DayStatus,
    FileCheck,
    PlanReport,
    Progress,
    RunReport,
    SiteReport,
    Standing,
    Status,
    WorkspaceState,
)

FRIDAY = date(2025, 11, 28)
MOMENT = datetime(2025, 11, 28, 6, 30, tzinfo=UTC)
WRITTEN = DayReport(FRIDAY, DayState.COMPLETE, 1493, 2, Path("output/2025-11-28.md"), "written")
LATE = DayReport(
    date(2025, 11, 27),
    DayState.PARTIAL,
    1,
    1,
    Path("output/2025-11-27.md"),
    "rewritten",
    ("2511.00007",),
    ("2511.00003",),
    "3 papers are still missing",
)


def test_a_run_shows_each_day_with_its_file_and_what_is_worth_knowing() -> None:
    assert list(run_lines(RunReport((LATE, WRITTEN), notes=("a note",)))) == [
        "2025-11-27 partial: 1 of 1 paper",
        "  rewritten: output/2025-11-27.md",
        "  joined: 2511.00007",
        "  left: 2511.00003",
        "  3 papers are still missing",
        "2025-11-28 complete: 2 of 1,493 papers",
        "  written: output/2025-11-28.md",
        "a note",
    ]


def test_a_run_without_work_says_so_unless_it_failed() -> None:
    assert list(run_lines(RunReport(()))) == ["Nothing to do: every digest exists."]
    assert list(run_lines(RunReport((), failure=Unavailable("arXiv is down")))) == []


def test_a_plan_without_digest_days_or_without_cost_claims_neither() -> None:
    (line,) = plan_lines(PlanReport((), 0, 0, 0))
    assert line == "Nothing to do: no digest is due in this range."
    assert list(plan_lines(PlanReport((FRIDAY,), 0, 0, 0))) == [
        "digests: 1, from 2025-11-28 to 2025-11-28",
        "Nothing to fetch: their announcement days are complete.",
    ]
    assert list(plan_lines(PlanReport((FRIDAY,), 1, 1493, 3)))[-1] == (
        "time at three seconds each: less than a minute"
    )
    assert list(plan_lines(PlanReport((FRIDAY,), 1, 30000, 61)))[-1] == (
        "time at three seconds each: about 3 min"
    )


@pytest.mark.parametrize(
    ("scope", "told"),
    [("all", "131 not on arXiv"), ("cs.*", "131 outside of the scope or not on arXiv")],
)
def test_ids_outside_of_the_scope_are_not_said_to_be_absent(scope: str, told: str) -> None:
    day = DayStatus(FRIDAY, DayState.COMPLETE, 300, 0, 131, "scope", written=True)
    standing = Standing(WorkspaceState.FRESH, "all is well", "nothing")
    status = Status(standing, scope, (day,), {}, 300, None, None, MOMENT)
    assert f"  {told}" in status_lines(status)


def test_one_digest_is_one() -> None:
    assert totals_line(RebuildTotals(1), diff=False) == "0 of 1 digest changed."
    report = SiteReport(Path("site"), 1, 1, 9, 1, 0)
    assert "1 digest, 1 paper; 1 of 9 files written" in site_line(report)


@pytest.mark.parametrize(
    ("requests", "received", "line"),
    [
        (1, 0, "1 request, 0 papers received."),
        (3, 1, "3 requests, 1 paper received."),
        (1234, 56789, "1,234 requests, 56,789 papers received."),
    ],
)
def test_a_run_tells_its_cost(requests: int, received: int, line: str) -> None:
    assert cost_line(RunReport((), requests, received)) == line


def test_check_shows_each_file_with_its_papers_or_its_problem() -> None:
    files = (FileCheck(Path("a.md"), 12), FileCheck(Path("b.md"), 0, "line 1: no date"))
    assert list(check_lines(CheckReport(files))) == [
        "a.md: 12 papers, exactly in the format",
        "b.md: line 1: no date",
    ]


def test_a_run_is_one_json_object(capsys: pytest.CaptureFixture[str]) -> None:
    failure = Unavailable("arXiv is down\x1b", hint="wait")
    show_json(RunReport((LATE,), requests=3, received=7, failure=failure))
    printed = capsys.readouterr().out
    assert "\x1b" not in printed
    assert json.loads(printed) == {
        "days": [
            {
                "day": "2025-11-27",
                "state": "partial",
                "papers": 1,
                "kept": 1,
                "path": "output/2025-11-27.md",
                "action": "rewritten",
                "joined": ["2511.00007"],
                "left": ["2511.00003"],
                "note": "3 papers are still missing",
            }
        ],
        "requests": 3,
        "received": 7,
        "failure": {"message": "arXiv is down\x1b", "hint": "wait", "exit_code": 3},
        "notes": [],
    }


def test_status_shows_the_archive_then_each_day() -> None:
    days = (
        DayStatus(date(2025, 11, 27), DayState.WAITING, 1200, 3, 1, "sequence", written=False),
        DayStatus(FRIDAY, DayState.COMPLETE, 1493, 0, 0, "sequence", written=True),
    )
    standing = Standing(WorkspaceState.WAITING, "2025-11-27 is late", "the next run asks again")
    run = Run(1, "run", MOMENT, MOMENT, 0, 0, 0, Outcome.STOPPED, "", "", "")
    status = Status(standing, "all", days, {}, 2693, run, None, MOMENT)
    assert list(status_lines(status)) == [
        "waiting: 2025-11-27 is late; the next run asks again",
        "",
        "archive: 2,693 papers",
        "scope: all",
        "last run: 2025-11-28 06:30 UTC, run, 0 s: stopped",
        "next announcement: 2025-11-28 06:30 UTC",
        "",
        "2025-11-27 waiting: 1,200 papers, by sequence",
        "  3 to fetch, 1 not on arXiv, no digest written",
        "2025-11-28 complete: 1,493 papers, by sequence",
    ]


def test_status_of_an_empty_archive() -> None:
    standing = Standing(WorkspaceState.WAITING, "no runs yet", "start one")
    status = Status(standing, "all", (), {}, 0, None, None, MOMENT)
    assert list(status_lines(status)) == [
        "waiting: no runs yet; start one",
        "",
        "archive: 0 papers",
        "scope: all",
        "last run: none yet",
        "next announcement: 2025-11-28 06:30 UTC",
    ]


class Terminal(io.StringIO):
    """A stream that is taken for a terminal."""

    def isatty(self) -> bool:
        return True


def a_run(shown: Progress) -> None:
    shown.days(2)
    shown.waiting(3.0, "arXiv asks for a pause")
    shown.requested("2025-11-28, papers 1 to 1000", 1000)
    shown.requested("papers by id", 1)
    shown.waiting(90.0, "arXiv is busy")
    shown.day_done(WRITTEN)
    shown.waiting(90.0, "\x1b[7m[b]")


def test_progress_is_a_line_with_the_time_for_each_thing_that_happened() -> None:
    stream = io.StringIO()
    with progress(stream) as shown:
        assert isinstance(shown, Lines)
        a_run(shown)
    lines = stream.getvalue().splitlines()
    assert all(re.match(r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d ", line) for line in lines)
    assert [line[20:] for line in lines] == [
        "2 days to do",
        "2025-11-28, papers 1 to 1000: 1,000 papers",
        "papers by id: 1 paper",
        "waiting 90 s: arXiv is busy",
        "2025-11-28 complete: 2 of 1,493 papers",
        r"waiting 90 s: \x1b[7m[b]",
    ]


def test_progress_is_silent_where_nothing_happened() -> None:
    stream = io.StringIO()
    with progress(stream):
        pass
    assert stream.getvalue() == ""


@pytest.mark.parametrize("columns", [40, 80])
def test_progress_on_a_terminal_is_a_bar_that_goes_away(
    columns: int, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("COLUMNS", str(columns))
    monkeypatch.setenv("TERM", "xterm")
    stream = Terminal()
    with progress(stream) as shown:
        assert isinstance(shown, Bar)
        a_run(shown)
    drawn = stream.getvalue()
    assert "━" in drawn
    assert "1/2" in drawn
    assert "waiting 90 s" in drawn
    assert "\x1b[7m" not in drawn
    assert drawn.endswith("\x1b[1A\x1b[2K")
    plain = re.sub(r"\x1b\[[0-9;?]*[A-Za-z]", "", drawn)
    assert max(map(len, re.split(r"[\r\n]", plain))) <= columns
    assert Console().width == columns
