"""How a workspace stands: one state at any time, for people, monitors and Prometheus."""

from __future__ import annotations

import json
import os
import re
import stat
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk, Silence, morning
from hypothesis import given
from hypothesis import strategies as st

from digest.archive import Archive, DayRecord
from digest.cli import exit_code
from digest.cli.prometheus import exposition
from digest.fetcher.calendar import Calendar, public_at
from digest.model import Outcome, Run
from digest.model.reports import DayState, Standing, Status, WorkspaceState
from digest.runs.standing import UNSEEN_HOURS, Records, standing
from digest.simulator import Corpus, Fault

HOUR = timedelta(hours=1)
DAYS = Calendar().days(date(2026, 3, 2), date(2026, 3, 13))
CORPUS = Corpus.generate(seed=5, first=DAYS[0], last=DAYS[-1], per_day=12)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["a"]\n'
PATIENCE = timedelta(hours=36)
NEXT = datetime(2026, 3, 16, tzinfo=UTC)
NOON = datetime(2026, 3, 13, 12, tzinfo=UTC)
LONG_AGO = NOON - timedelta(days=9)

FRESH, WAITING, QUIET, STALLED, FAILED = (
    WorkspaceState.FRESH,
    WorkspaceState.WAITING,
    WorkspaceState.QUIET,
    WorkspaceState.STALLED,
    WorkspaceState.FAILED,
)


def run(outcome: Outcome, started: datetime = NOON, command: str = "run") -> Run:
    has_end = outcome not in {Outcome.RUNNING, Outcome.BROKEN_OFF}
    problem = "no room" if outcome == Outcome.FAILED else ""
    ended = started + HOUR if has_end else None
    return Run(1, command, started, ended, 0, 0, 0, outcome, problem, "", "")


def due(*days: date) -> dict[date, datetime]:
    return {of: public_at(of) for of in days}


def day(of: date, state: DayState = DayState.COMPLETE) -> DayRecord:
    return DayRecord(of, state, 5, 0, 0, "sequence")


# The table.

MOMENTS = st.integers(-20, 150).map(lambda hours: public_at(DAYS[0]) + hours * HOUR)
DUE = st.lists(st.sampled_from(DAYS[:4]), unique=True, max_size=2).map(sorted)
RUNS = st.lists(
    st.builds(
        run,
        st.sampled_from(list(Outcome)),
        MOMENTS,
        st.sampled_from(["run", "backfill", "rebuild", "import"]),
    ),
    max_size=3,
)
NEWEST = st.none() | st.builds(day, st.sampled_from(DAYS), st.sampled_from(list(DayState)))


@given(
    RUNS,
    DUE,
    DUE,
    NEWEST,
    st.sampled_from(DAYS),
    MOMENTS,
    st.integers(0, 60).map(lambda hours: hours * HOUR),
)
def test_exactly_the_state_of_the_table_results(
    runs: list[Run],
    waiting: list[date],
    unseen: list[date],
    newest: DayRecord | None,
    announced: date,
    now: datetime,
    patience: timedelta,
) -> None:
    """The table of `digest.runs.standing` again, each row as a condition of its own."""

    def waited(of: date) -> timedelta:
        began = [public_at(of)]
        began += [one.started for one in runs if one is runs[-1] and one.started <= now]
        began += [
            one.ended
            for one in runs
            if one.outcome == "done" and one.command in ("run", "backfill")
            if one.ended and one.ended <= now
        ]
        return now - max(began)

    own = [one.outcome for one in runs if one.outcome in ("done", "incomplete", "failed")]
    failed = own[:1] == ["failed"]
    overdue = any(waited(of) > patience for of in waiting) or any(
        waited(of) > max(patience, timedelta(hours=36)) for of in set(unseen) - set(waiting)
    )
    is_due = bool(waiting or unseen or newest is None)
    is_silent = now - public_at(announced) >= timedelta(days=1)
    is_quiet = newest is not None and (newest.state == "quiet" or is_silent)
    table = {
        FAILED: failed,
        STALLED: not failed and overdue,
        WAITING: not failed and not overdue and is_due,
        QUIET: not failed and not overdue and not is_due and is_quiet,
        FRESH: not failed and not overdue and not is_due and not is_quiet,
    }
    records = Records(runs, due(*waiting), due(*unseen), newest, announced)
    found = standing(records, now, patience, NEXT)

    assert [state for state, holds in table.items() if holds] == [found.state]
    assert found.is_healthy == (found.state in (FRESH, WAITING, QUIET))
    assert found.why and found.then
    assert "\n" not in str(found)


@pytest.mark.parametrize(
    ("command", "outcome", "expected"),
    [
        ("run", Outcome.DONE, WAITING),
        ("backfill", Outcome.DONE, WAITING),
        ("rebuild", Outcome.DONE, STALLED),
        ("import", Outcome.DONE, STALLED),
        ("run", Outcome.INCOMPLETE, STALLED),
        ("run", Outcome.STOPPED, STALLED),
    ],
)
def test_only_what_leaves_nothing_open_lets_days_wait_anew(
    command: str, outcome: Outcome, expected: WorkspaceState
) -> None:
    runs = [run(outcome, NOON - 9 * HOUR, command), run(Outcome.INCOMPLETE, LONG_AGO)]
    records = Records(runs, due(DAYS[7]), {}, day(DAYS[7]), DAYS[9])
    assert standing(records, NOON, PATIENCE, NEXT).state == expected
    ahead = [replace(runs[0], ended=NOON + HOUR), runs[1]]
    assert standing(replace(records, runs=ahead), NOON, PATIENCE, NEXT).state == STALLED


@pytest.mark.parametrize(("hours", "expected"), [(35, WAITING), (37, STALLED)])
def test_a_day_that_no_run_looked_for_may_wait_until_the_next_day_even_without_patience(
    hours: int, expected: WorkspaceState
) -> None:
    records = Records([run(Outcome.DONE, LONG_AGO)], {}, due(DAYS[9]), day(DAYS[8]), DAYS[9])
    now = public_at(DAYS[9]) + hours * HOUR
    assert standing(records, now, timedelta(0), NEXT).state == expected


THEN = "arXiv announces next on Monday 2026-03-16 00:00 UTC"
DONE = run(Outcome.DONE)


@pytest.mark.parametrize(
    ("records", "line"),
    [
        (
            Records([], {}, {}, None, DAYS[9]),
            "waiting: no runs yet; `digest run` writes the latest digest",
        ),
        (
            Records([DONE], {}, {}, day(DAYS[9]), DAYS[9]),
            f"fresh: 2026-03-13 is complete; {THEN}",
        ),
        (
            Records([DONE], {}, {}, day(DAYS[9], DayState.WAITING), DAYS[9]),
            f"fresh: 2026-03-13 is in a digest; {THEN}",
        ),
        (
            Records([DONE], {}, {}, day(DAYS[8]), DAYS[8]),
            f"quiet: arXiv has announced nothing since 2026-03-12; {THEN}",
        ),
        (
            Records([DONE], {}, {}, day(DAYS[8], DayState.QUIET), DAYS[9]),
            f"quiet: arXiv announced nothing on 2026-03-12; {THEN}",
        ),
        (
            Records([run(Outcome.INCOMPLETE)], due(DAYS[8]), {}, day(DAYS[8]), DAYS[9]),
            "waiting: 2026-03-12 is not complete yet; the next run asks again",
        ),
        (
            Records([DONE], {}, due(*DAYS[8:]), day(DAYS[7]), DAYS[9]),
            "waiting: 2 days from 2026-03-12 on are not fetched yet; the next run does it",
        ),
        (
            Records([run(Outcome.DONE, LONG_AGO)], due(*DAYS[6:8]), {}, day(DAYS[7]), DAYS[9]),
            "stalled: 2026-03-10 has waited for 3 days and is not complete; "
            "every run asks again; `digest log` shows why the runs did not finish",
        ),
        (
            Records([run(Outcome.DONE, LONG_AGO)], {}, due(*DAYS[7:]), day(DAYS[6]), DAYS[9]),
            "stalled: 2026-03-11 has waited for 60 h and no run has looked for it; "
            "check that runs are started; `digest run` writes what is missing",
        ),
        (
            Records([run(Outcome.STOPPED), run(Outcome.FAILED)], {}, {}, day(DAYS[9]), DAYS[9]),
            "failed: `digest run` of 2026-03-13 12:00 UTC: no room; "
            "fix this, then run `digest run`",
        ),
    ],
)
def test_the_line_says_why_and_what_happens_next(records: Records, line: str) -> None:
    assert str(standing(records, NOON, PATIENCE, NEXT)) == line


# A workspace through its days.


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path, CORPUS, topics=ALL)


def state(desk: Desk, at: datetime | None = None) -> WorkspaceState:
    desk.now = at or desk.now
    return desk.status().standing.state


def test_a_week_of_a_workspace(desk: Desk) -> None:
    assert state(desk, morning(DAYS[0])) == WAITING
    assert not (desk.folder / "output/.archive.sqlite3").exists()
    desk.run_on(DAYS[0])
    assert state(desk) == FRESH
    assert state(desk, public_at(DAYS[1]) - HOUR) == FRESH
    assert state(desk, public_at(DAYS[1])) == WAITING
    assert state(desk, public_at(DAYS[1]) + UNSEEN_HOURS * HOUR) == WAITING
    assert state(desk, public_at(DAYS[1]) + (UNSEEN_HOURS + 1) * HOUR) == STALLED
    desk.run()
    assert state(desk) == FRESH
    assert desk.status().last_success == desk.app.log().runs[0].ended
    desk.run_on(DAYS[4])
    assert DAYS[4].weekday() == 4
    assert state(desk) == FRESH
    assert state(desk, public_at(DAYS[5]) - HOUR) == QUIET


def test_an_arxiv_that_is_down_makes_a_day_wait_and_then_stall(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.status(503, times=None))
    desk.run_on(DAYS[1])
    assert state(desk) == WAITING
    assert state(desk, public_at(DAYS[1]) + PATIENCE) == WAITING
    assert state(desk, public_at(DAYS[1]) + PATIENCE + HOUR) == STALLED
    assert desk.status().last_success == desk.app.log().runs[1].ended


def test_a_failure_lasts_until_a_run_comes_to_another_end(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.status(403, times=6))
    desk.run_on(DAYS[1])
    assert state(desk) == FAILED
    desk.arxiv.log.clear()
    with Archive(desk.folder / "output/.archive.sqlite3") as archive:
        archive.runs.begin("run", desk.now, "", "")
    assert desk.status().last_run is not None
    assert desk.status().last_run == desk.app.log().runs[0]
    assert desk.app.log().runs[0].outcome == Outcome.BROKEN_OFF
    assert state(desk) == FAILED


def test_days_that_a_stopped_backfill_left_do_not_stall_at_once(desk: Desk) -> None:
    class Stopping(Silence):
        def requested(self, what: str, papers: int) -> None:  # noqa: ARG002
            raise KeyboardInterrupt

    desk.now = morning(DAYS[9])
    with pytest.raises(KeyboardInterrupt):
        desk.app.backfill(DAYS[0], DAYS[9], Stopping())
    assert state(desk) == WAITING
    assert state(desk, desk.now + 37 * HOUR) == STALLED


def test_days_longer_ago_than_runs_go_back_do_not_count(desk: Desk) -> None:
    desk.arxiv.fail(Fault.status(503, times=8))
    desk.run_on(DAYS[0])
    desk.configure(DIGEST_DIGEST__CATCH_UP_DAYS="2")
    desk.run_on(DAYS[7])
    waiting = [day.day for day in desk.status().days if day.state == DayState.WAITING]
    assert waiting and max(waiting) < DAYS[5]
    assert state(desk) == FRESH


def test_days_between_weekly_digests_are_not_due(desk: Desk) -> None:
    desk.configure(DIGEST_DIGEST__DAYS='["fri"]')
    desk.run_on(DAYS[4])
    assert state(desk) == FRESH
    assert state(desk, morning(DAYS[8])) == FRESH
    desk.arxiv.fail(Fault.status(503, times=None))
    assert state(desk, morning(DAYS[9])) == WAITING
    desk.run()
    assert state(desk) == WAITING
    assert state(desk, morning(DAYS[9]) + PATIENCE) == STALLED


def test_a_day_that_arxiv_skips_waits_until_the_next_one_shows_it(tmp_path: Path) -> None:
    skipped = DAYS[3]
    calendar = Calendar({skipped - timedelta(days=1)})
    corpus = Corpus.generate(seed=5, first=DAYS[0], last=DAYS[-1], per_day=12, calendar=calendar)
    desk = Desk(tmp_path, corpus, topics=ALL)
    desk.run_on(DAYS[2])
    desk.run_on(skipped)
    assert state(desk) == WAITING
    desk.run_on(DAYS[4])
    assert desk.status().days_by_state == {"complete": 2, "quiet": 1}
    assert state(desk) == FRESH


def test_a_day_that_is_configured_to_be_skipped_is_not_due(desk: Desk) -> None:
    desk.run_on(DAYS[0])
    desk.arxiv.fail(Fault.status(503, times=None))
    desk.run_on(DAYS[1])
    desk.configure(DIGEST_ARXIV__DEFERRED=f"[{DAYS[0]}]", DIGEST_DIGEST__DAYS='["tue", "fri"]')
    assert state(desk, morning(DAYS[2])) == FRESH
    assert desk.status().standing.why == f"{DAYS[0]} is complete"


# On the command line.


def told(desk: Desk, capsys: pytest.CaptureFixture[str], *arguments: str) -> tuple[int, str]:
    code = exit_code(["-C", str(desk.folder), "status", *arguments])
    return code, capsys.readouterr().out


def test_a_monitor_goes_by_one_line_and_the_exit_code(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    code, line = told(desk, capsys, "--healthy")
    assert (code, line.count("\n")) == (0, 1)
    assert line.startswith("waiting: no runs yet; ")
    desk.run_on(DAYS[0])  # by the real clock long ago
    code, line = told(desk, capsys, "--healthy")
    assert (code, line.count("\n")) == (1, 1)
    assert line.startswith("stalled: ")
    code, full = told(desk, capsys)
    assert (code, full.partition("\n")[0]) == (0, line.strip())
    code, as_json = told(desk, capsys, "--healthy", "--json")
    assert code == 1
    status = json.loads(as_json)
    assert line == "{state}: {why}; {then}\n".format(**status["standing"])
    assert status["last_run"]["outcome"] == "done"
    assert status["days_by_state"] == {"complete": 1}


SAMPLE = re.compile(r'(\w+)\{((?:\w+="(?:[^"\\\n]|\\[\\n"])*",?)+)\} (-?[\d.]+(?:e[+-]?\d+)?)')


def samples(text: str) -> dict[str, float]:
    """Each sample, after a look at every line of the text as Prometheus' grammar has it."""
    assert text.endswith("\n")
    described: list[str] = []
    found: dict[str, float] = {}
    for line in text.splitlines():
        if line.startswith("# HELP "):
            name = line.split()[2]
            assert name not in described
            described.append(name)
        elif line.startswith("# TYPE "):
            assert line.split()[2:] == [described[-1], "gauge"]
        else:
            match = SAMPLE.fullmatch(line)
            assert match, line
            assert match[1] == described[-1]
            key = f"{match[1]} {match[2].partition(',')[2]}".strip()
            assert key not in found
            found[key] = float(match[3])
    return found


LATEST = Run(9, "run", NOON, NOON + HOUR, 3, 1493, 1, Outcome.DONE, "", "0.1.0", "abc")
STATUS = Status(
    Standing(FRESH, "", ""), "all", (), {"complete": 8, "waiting": 2}, 1234567, LATEST, NOON, NEXT
)


def test_prometheus_gets_every_number() -> None:
    found = samples(exposition(STATUS, "/home/papers"))
    name = "arxiv_digest_"
    for one in WorkspaceState:
        assert found[f'{name}state state="{one}"'] == (one == FRESH)
    for of in DayState:
        assert found[f'{name}days state="{of}"'] == STATUS.days_by_state.get(of, 0)
    info = 'last_run_info command="run",outcome="done",version="0.1.0"'
    assert found[name + info] == 1
    assert {key.removeprefix(name): value for key, value in found.items() if "=" not in key} == {
        "papers": 1234567,
        "next_announcement_timestamp_seconds": NEXT.timestamp(),
        "last_success_timestamp_seconds": NOON.timestamp(),
        "last_run_start_timestamp_seconds": NOON.timestamp(),
        "last_run_end_timestamp_seconds": NOON.timestamp() + 3600,
        "last_run_duration_seconds": 3600,
        "last_run_requests": 3,
        "last_run_papers": 1493,
        "last_run_digests": 1,
    }


@given(st.text(st.characters(exclude_categories=["Cs"])))
def test_whatever_a_folder_is_called_the_lines_stay_lines(workspace: str) -> None:
    text = exposition(STATUS, workspace)
    lines = text.split("\n")
    assert len(lines) == len(exposition(STATUS, "").split("\n"))
    (label,) = {
        match[1] for line in lines if (match := re.search(r'\{workspace="((?:[^"\\]|\\.)*)"', line))
    }
    signs = {"\\\\": "\\", "\\n": "\n", '\\"': '"'}
    assert re.sub(r"\\.", lambda match: signs[match[0]], label) == workspace


def test_prometheus_file_is_replaced_whole_and_readable_by_the_collector(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    file = desk.folder / "metrics" / "digest.prom"
    umask = os.umask(0o022)
    try:
        assert told(desk, capsys, "--prometheus", str(file)) == (0, "")
    finally:
        os.umask(umask)
    assert stat.S_IMODE(file.stat().st_mode) == 0o644
    assert samples(file.read_text())['arxiv_digest_state state="waiting"'] == 1
    assert "last_run" not in file.read_text()
    desk.run_on(DAYS[0])
    code, line = told(desk, capsys, "--prometheus", str(file), "--healthy")
    assert (code, line.partition(":")[0]) == (1, "stalled")
    assert samples(file.read_text())['arxiv_digest_state state="stalled"'] == 1
    assert [path.name for path in file.parent.iterdir()] == ["digest.prom"]
    code, shown = told(desk, capsys, "--prometheus", "-")
    assert (code, samples(shown).keys()) == (0, samples(file.read_text()).keys())
    assert f'workspace="{desk.folder}"' in shown


def test_a_run_that_goes_on_has_no_end_yet(desk: Desk) -> None:
    class Looking(Silence):
        def requested(self, what: str, papers: int) -> None:  # noqa: ARG002
            seen.append(desk.status())

    seen: list[Status] = []
    desk.now = morning(DAYS[0])
    desk.app.run(None, None, Looking())
    status = seen[0]
    assert status.last_run is not None
    assert status.last_run.outcome == Outcome.RUNNING
    assert status.standing.state == WAITING
    found = samples(exposition(status, "x"))
    assert "arxiv_digest_last_run_start_timestamp_seconds" in found
    assert "arxiv_digest_last_run_end_timestamp_seconds" not in found
