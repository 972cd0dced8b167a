"""`digest schedule` stays up: what it runs when, what it survives, and how it ends."""

from __future__ import annotations

import json
import re
import signal
import sqlite3
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping
from contextlib import closing, contextmanager
from datetime import UTC, date, datetime, timedelta
from io import StringIO
from itertools import pairwise
from pathlib import Path
from typing import Any, NoReturn

import pytest
from bells import Bell, EnoughError
from command import environment, running
from desk import Desk, Silence, morning

from digest.cli import exit_code
from digest.cli.logs import log_to
from digest.config import Config
from digest.config.reloading import CurrentConfig
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar
from digest.model.errors import ConfigError
from digest.model.reports import NO_WAIT, DayReport, DayState, RunReport
from digest.runs.lock import Holder, only_run
from digest.runs.service import Service
from digest.simulator import Corpus, Fault, Simulator, serve

DAYS = Calendar().days(date(2026, 3, 9), date(2026, 3, 20))
CORPUS = Corpus.generate(seed=5, first=DAYS[0], last=DAYS[-1], per_day=12)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["a"]\n'
MINUTE = timedelta(minutes=1)


class Watch:
    """A service at a desk, what it logged, and when it ran."""

    def __init__(self, desk: Desk, run: Callable[[Config], RunReport] | None = None) -> None:
        self.desk = desk
        self.ran: list[datetime] = []
        self._run = run or (lambda _: desk.app.run(None, None, Silence()))
        self.stream = StringIO()

    def serve(
        self,
        first: datetime,
        until: datetime,
        then: Mapping[datetime, Callable[[], object]] | None = None,
    ) -> Bell:
        self.desk.now = first
        bell = Bell(self.desk, until, then or {})
        current = CurrentConfig(self.desk.folder, {})
        service = Service(current, bell, self._once, log_to(self.stream, "json"), self.desk.clock)
        with pytest.raises(EnoughError):
            service.serve()
        return bell

    def _once(self, config: Config) -> RunReport:
        self.ran.append(self.desk.now)
        return self._run(config)

    @property
    def log(self) -> list[dict[str, Any]]:
        return [json.loads(line) for line in self.stream.getvalue().splitlines()]

    def told(self, event: str) -> list[str]:
        return [str(entry["message"]) for entry in self.log if entry["event"] == event]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CORPUS, topics=ALL)


def regular(day: date) -> datetime:
    """The time of the default expression on a day."""
    return datetime(day.year, day.month, day.day, 6, 30, tzinfo=UTC)


def raising(error: Exception) -> Callable[[Config], NoReturn]:
    def run(_: Config) -> NoReturn:
        raise error

    return run


def test_it_runs_at_its_start_and_at_every_time_and_writes_what_is_due(desk: Desk) -> None:
    watch = Watch(desk)
    watch.serve(morning(DAYS[1]), morning(DAYS[4]) + 6 * 60 * MINUTE)
    assert watch.ran == [morning(DAYS[1]), *map(regular, DAYS[1:5])]
    assert [f"{day}.md" in desk.files() for day in DAYS[:6]] == [False, *[True] * 4, False]
    assert watch.told("note")[0].startswith("nothing is due; ")
    assert watch.told("next")[0] == f"next run: Tue {DAYS[1]} 06:30 UTC"


def test_a_waiting_day_is_tried_again_after_growing_pauses_until_it_is_complete(
    desk: Desk,
) -> None:
    start = regular(DAYS[1])
    desk.arxiv.fail(Fault.stale(start + timedelta(hours=3), hours=24))
    watch = Watch(desk)
    watch.serve(start, start + timedelta(hours=20))
    pauses = [(after - before) / MINUTE for before, after in pairwise(watch.ran)]
    assert [round(pause) for pause in pauses] == [15, 30, 60, 120]
    assert desk.path(DAYS[1]).exists()
    assert watch.log[-1]["next"] == regular(DAYS[2]).isoformat()


def test_what_stays_open_is_tried_until_the_next_regular_run_and_then_quickly_again(
    desk: Desk,
) -> None:
    desk.arxiv.fail(Fault.status(503, times=None))
    desk.configure(DIGEST_ARXIV__ATTEMPTS="1")
    watch = Watch(desk)
    start = regular(DAYS[1])
    watch.serve(start, start + timedelta(hours=26))
    hours = [round((moment - start) / timedelta(hours=1), 2) for moment in watch.ran]
    quarters = [round(hour * 4) / 4 for hour in hours]
    assert quarters[:10] == [0, 0.25, 0.75, 1.75, 3.75, 7.75, 11.75, 15.75, 19.75, 23.75]
    assert hours[10:] == [24, 24.25, 24.75, 25.75]
    assert len(watch.told("failed")) == len(watch.ran)


def test_a_partial_digest_waits_for_the_regular_run(desk: Desk) -> None:
    report = RunReport((DayReport(DAYS[1], DayState.PARTIAL),))
    watch = Watch(desk, lambda _: report)
    watch.serve(regular(DAYS[1]), regular(DAYS[2]))
    assert watch.ran == [regular(DAYS[1]), regular(DAYS[2])]


@pytest.mark.parametrize(
    "fault", [Fault.status(403, times=None), Fault.error_entry(code=400, times=None)]
)
def test_an_arxiv_that_says_no_is_not_asked_before_the_regular_run(
    desk: Desk, fault: Fault
) -> None:
    desk.arxiv.fail(fault)
    watch = Watch(desk)
    watch.serve(regular(DAYS[1]), regular(DAYS[2]))
    assert watch.ran == [regular(DAYS[1]), regular(DAYS[2])]
    assert len(desk.requests()) == 2
    assert "arXiv" in watch.told("failed")[0]


def test_another_run_is_named_and_the_workspace_tried_again_later(desk: Desk) -> None:
    start = regular(DAYS[1])
    archive = desk.config.digest.archive
    other = only_run(archive, Holder.this("backfill", start), wait=NO_WAIT, sleep=print)
    watch = Watch(desk)
    other.__enter__()
    watch.serve(start, start + 20 * MINUTE, {start + MINUTE: lambda: other.__exit__(*[None] * 3)})
    assert [round((moment - start) / MINUTE) for moment in watch.ran] == [0, 15]
    (told,) = watch.told("failed")
    assert told.startswith("another run is using this workspace: process ")
    assert "(digest backfill), since 2026-03-10 06:30 UTC" in told
    assert desk.path(DAYS[1]).exists()


def test_a_full_disk_or_a_defect_does_not_end_it(desk: Desk) -> None:
    start = regular(DAYS[1])
    (desk.folder / "templates/digest.md.j2").write_text("{% mistake %}")
    watch = Watch(desk)
    watch.serve(start, start + 20 * MINUTE)
    assert len(watch.ran) == len(watch.told("failed")) == 2
    watch = Watch(desk, raising(ZeroDivisionError("of all things")))
    watch.serve(start, start + 20 * MINUTE)
    assert len(watch.ran) == 2
    failures = [entry for entry in watch.log if entry["event"] == "failed"]
    assert all("ZeroDivisionError: of all things" in entry["traceback"] for entry in failures)


# The configuration, read again.


def edit(file: Path, old: str, new: str) -> Callable[[], object]:
    return lambda: file.write_text(file.read_text().replace(old, new, 1))


def test_a_changed_schedule_is_followed_from_then_on(desk: Desk) -> None:
    start = regular(DAYS[1])
    settings = desk.folder / "config/digest.toml"
    watch = Watch(desk)
    bell = watch.serve(
        start,
        start + timedelta(hours=24),
        {
            start + MINUTE: edit(settings, '"30 6 * * 1-5"', '"0 12 * * *"'),
            start + 2 * MINUTE: edit(settings, '"UTC"', '"America/New_York"'),
            start + 3 * MINUTE: edit(settings, "page_size = 1000", "page_size = 999"),
        },
    )
    new_york = "America/New_York"
    expected = [("30 6 * * 1-5", "UTC"), ("0 12 * * *", "UTC"), ("0 12 * * *", new_york)]
    assert bell.schedules == expected
    assert watch.ran == [start, start.replace(hour=16, minute=0)]
    assert len(watch.told("configuration")) == 3
    assert f"next run: Tue {DAYS[1]} 12:00 EDT (16:00 UTC)" in watch.told("next")


def test_a_wrong_edit_keeps_what_was_right_and_is_told_once_with_all_its_errors(
    desk: Desk,
) -> None:
    start = regular(DAYS[1])
    used: list[Config] = []

    def run(config: Config) -> RunReport:
        used.append(config)
        return RunReport(())

    watch = Watch(desk, run)
    keywords, settings = desk.folder / "config/keywords.toml", desk.folder / "config/digest.toml"
    watch.serve(
        start,
        start + timedelta(hours=49),
        {
            start + MINUTE: edit(keywords, '"a"', "a"),
            start + 2 * MINUTE: edit(settings, "page_size = 1000", "page_size = 0"),
            start + 3 * MINUTE: lambda: None,
            start + timedelta(hours=25): edit(keywords, "[a]", '["b"]'),
            start + timedelta(hours=26): edit(settings, "page_size = 0", "page_size = 10"),
        },
    )
    assert len(watch.ran) == 3
    assert used[0] == used[1] != used[2]
    assert used[2].arxiv.page_size == 10
    wrong = [entry for entry in watch.log if entry["event"] == "configuration"]
    assert [len(entry.get("problems", ())) for entry in wrong] == [1, 2, 1, 0]
    assert wrong[1]["level"] == "error"
    assert "page_size" in wrong[1]["message"]
    assert "keywords.toml:3" in wrong[1]["message"]


def test_a_file_that_comes_or_goes_is_a_change_and_another_date_is_none(desk: Desk) -> None:
    current = CurrentConfig(desk.folder, {})
    keywords = desk.folder / "config/keywords.toml"
    keywords.write_text(keywords.read_text())
    assert not current.look()
    more = desk.folder / "config/topics/more.toml"
    more.parent.mkdir()
    more.write_text(ALL.replace("topic]]", "topic]]\nname = 'more'", 1))
    assert current.look()
    assert not current.look()
    assert len(current.config.topics) == 2
    more.unlink()
    assert current.look()
    before = current.config
    keywords.unlink()
    with pytest.raises(ConfigError, match="file not found"):
        current.look()
    assert not current.look()
    assert current.config == before


# The log.


def test_a_json_log_is_one_object_a_line_and_a_text_log_one_entry_a_line() -> None:
    hostile = 'a\n2026-03-10 06:30:00 done "\x1b[2J'
    for form in ("text", "json"):
        stream = StringIO()
        log_to(stream, form).warning("%s", hostile, extra={"fields": {"event": "note", "n": 3}})
        text = stream.getvalue()
        if form == "json":
            entry = json.loads(text)
            assert datetime.fromisoformat(entry.pop("time")).tzinfo
            assert entry == {"level": "warning", "message": hostile, "event": "note", "n": 3}
            assert text.count("\n") == 1
        else:
            assert re.fullmatch(
                r"\d{4}-\d\d-\d\d \d\d:\d\d:\d\d a\n  2026-03-10 06:30:00 done \"\\x1b\[2J\n", text
            )


# The real command.


def test_the_next_times_are_printed_with_their_zone(
    tmp_path: Path, capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch
) -> None:
    create(tmp_path)
    monkeypatch.setenv("DIGEST_SCHEDULE__TIMEZONE", "Asia/Tokyo")
    assert exit_code(["-C", str(tmp_path), "schedule", "--next", "5"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert len(lines) == len(set(lines)) == 5
    pattern = r"(Mon|Tue|Wed|Thu|Fri) \d{4}-\d\d-\d\d 06:30 JST \(21:30 UTC, \d{4}-\d\d-\d\d\)"
    assert all(re.fullmatch(pattern, line) for line in lines)


def test_a_wrong_configuration_at_the_start_ends_it(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    assert exit_code(["-C", str(tmp_path), "schedule"]) == 2
    assert "file not found" in capsys.readouterr().err


@pytest.fixture
def workspace(tmp_path: Path) -> Path:
    create(tmp_path)
    (tmp_path / "config/keywords.toml").write_text(ALL)
    return tmp_path


@contextmanager
def staying_up(
    folder: Path, *faults: Fault, **variables: str
) -> Iterator[tuple[subprocess.Popen[str], Iterator[dict[str, Any]], dict[str, str]]]:
    """The real command beside a simulated arXiv, what it logs, and the environment for others."""
    latest = Calendar().latest(datetime.now(UTC))
    corpus = Corpus.generate(seed=3, first=latest, last=latest, per_day=12)
    arxiv = Simulator(corpus, now=lambda: datetime.now(UTC), faults=faults)
    with serve(arxiv) as server:
        variables |= {
            "DIGEST_ARXIV__API_URL": server.url,
            "DIGEST_ARXIV__DELAY_SECONDS": "0",
            "XDG_CACHE_HOME": str(folder / "cache"),
        }
        with running("schedule", "--log-format", "json", folder=folder, **variables) as process:
            assert process.stderr is not None
            yield process, map(json.loads, process.stderr), variables


def wait_for(event: str, log: Iterator[dict[str, Any]]) -> None:
    """Read the log up to an event of the first run, which ends with `next`."""
    seen = []
    for entry in log:
        seen.append(entry)
        if entry["event"] in (event, "next"):
            break
    assert seen[-1]["event"] == event, seen


def ended(folder: Path) -> list[tuple[str, str]]:
    with closing(sqlite3.connect(folder / "output/.archive.sqlite3")) as archive:
        return archive.execute("SELECT command, outcome FROM run ORDER BY number").fetchall()


def test_sigterm_ends_it_at_once_and_that_is_no_failure(workspace: Path) -> None:
    with staying_up(workspace) as (process, log, _):
        wait_for("next", log)
        process.send_signal(signal.SIGTERM)
        assert process.wait(timeout=10) == 0
        assert [entry["event"] for entry in log] == ["stopped"]
    assert ended(workspace) == [("run", "done")]


@pytest.mark.parametrize(
    ("number", "fault", "event"),
    [
        (signal.SIGTERM, Fault.hang(after=1), "requested"),
        (signal.SIGINT, Fault.status(503, retry_after=500, after=1), "waiting"),
    ],
    ids=["no answer", "a pause"],
)
def test_a_signal_ends_it_also_in_the_middle_of_a_run_and_nothing_is_lost(
    workspace: Path, number: signal.Signals, fault: Fault, event: str
) -> None:
    with staying_up(workspace, fault) as (process, log, _):
        wait_for(event, log)
        process.send_signal(number)
        assert process.wait(timeout=10) == 0
        assert [entry["event"] for entry in log][-1] == "stopped"
    assert ended(workspace) == [("run", "stopped")]
    left = {path.name for path in (workspace / "output").iterdir()}
    assert left == {".archive.sqlite3", ".archive.sqlite3.lock"}


#: Takes no notice of the signal, and asks SQLite something that takes minutes in one call.
HANGING = """
import signal, sqlite3
from digest.cli.signals import end_within

signal.signal(signal.SIGTERM, lambda *_: None)
end_within(0.1)
print("hanging", flush=True)
numbers = "WITH RECURSIVE n(i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n LIMIT 1e11)"
sqlite3.connect(":memory:").execute(f"{numbers} SELECT count(*) FROM n").fetchall()
"""


def test_it_ends_also_where_the_system_does_not_come_back() -> None:
    with subprocess.Popen(
        (sys.executable, "-c", HANGING), env=environment(), stdout=subprocess.PIPE, text=True
    ) as process:
        try:
            assert process.stdout is not None
            assert process.stdout.readline() == "hanging\n"
            process.send_signal(signal.SIGTERM)
            assert process.wait(timeout=10) == 0
        finally:
            process.kill()
