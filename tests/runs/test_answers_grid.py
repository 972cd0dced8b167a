"""Status codes at the first, a middle and the last request of a run, a backfill and a schedule.

Every one gives the same bytes as without it, or exit code 3 and a next run that repairs it; the
few that repeating cannot change stop the run, and the next one repairs it as well.
"""

from __future__ import annotations

import shutil
from collections.abc import Callable
from datetime import date, timedelta
from io import StringIO
from pathlib import Path

import pytest
from bells import Bell, EnoughError
from desk import Desk, Silence, morning

from digest.cli.logs import log_to
from digest.config.reloading import CurrentConfig
from digest.fetcher.calendar import Calendar
from digest.model.errors import Blocked, Refused, Unavailable
from digest.model.reports import DayState, RunReport
from digest.runs.alarm import FIRST_PAUSE
from digest.runs.service import Service
from digest.simulator import Corpus, Fault

TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'
DAYS = Calendar().days(date(2026, 3, 4), date(2026, 3, 6))
LATE = morning(DAYS[-1])
CORPUS = Corpus.generate(seed=5, first=date(2026, 3, 2), last=date(2026, 3, 9), per_day=12)
SETTINGS = {"DIGEST_ARXIV__PAGE_SIZE": "8"}

#: What repeating cannot change.
FINAL = {301: Refused, 403: Blocked}
#: Of each hundred some; `test_answers.py` has them all.
LATER = [202, 404, 406, 429, 503]
GRID = [
    *((status, "run") for status in (*LATER, *FINAL)),
    *((status, "backfill") for status in (406, 503, 403)),
]

Way = Callable[[Desk], RunReport]
WAYS: dict[str, Way] = {
    "run": lambda desk: desk.run(at=LATE),
    "backfill": lambda desk: desk.backfill(DAYS[0], DAYS[-1], at=LATE),
}


def desk_in(folder: Path, way: str = "run") -> Desk:
    """A desk with days to make; a run makes those since the last one."""
    desk = Desk(folder, CORPUS, topics=TOPICS, environ=SETTINGS)
    if way == "run":
        assert desk.run_on(DAYS[0]).exit_code == 0
        desk.requests()
    return desk


@pytest.fixture(scope="module")
def calm(tmp_path_factory: pytest.TempPathFactory) -> dict[str, tuple[dict[str, bytes], int]]:
    """What each way makes, and in how many requests up to the last one of the query API."""
    found = {}
    for name, way in WAYS.items():
        desk = desk_in(tmp_path_factory.mktemp(name), name)
        assert way(desk).exit_code == 0
        asked = [
            number for number, one in enumerate(desk.requests(), 1) if "verb" not in one.params
        ]
        found[name] = desk.files(), asked[-1]
    assert found["run"][0] == found["backfill"][0]
    return found


def places(requests: int) -> dict[str, int]:
    return {"first": 0, "middle": requests // 2, "last": requests - 1}


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize(("status", "way"), GRID)
def test_a_status_changes_no_byte(
    status: int, way: str, place: str, tmp_path: Path, calm: dict[str, tuple[dict[str, bytes], int]]
) -> None:
    files, requests = calm[way]
    after = places(requests)[place]

    desk = desk_in(tmp_path / "once", way)
    desk.arxiv.fail(Fault.status(status, after=after))
    report = WAYS[way](desk)
    if status in FINAL:
        assert isinstance(report.failure, FINAL[status]) and report.exit_code == 1
        assert WAYS[way](desk).exit_code == 0
    else:
        assert report.exit_code == 0 and report.failure is None
    assert desk.files() == files
    if status in FINAL:
        return

    desk = desk_in(tmp_path / "lasting", way)
    desk.arxiv.fail(Fault.status(status, after=after, times=20))
    report = WAYS[way](desk)
    assert isinstance(report.failure, Unavailable) and report.exit_code == 3
    assert desk.files().items() <= files.items()
    for _ in range(7):
        report = WAYS[way](desk)
        if report.exit_code == 0:
            break
    assert report.exit_code == 0 and desk.files() == files


@pytest.mark.parametrize("place", ["first", "middle", "last"])
@pytest.mark.parametrize("status", [404, 406, 429])
def test_a_schedule_tries_again_in_minutes(
    status: int, place: str, tmp_path: Path, calm: dict[str, tuple[dict[str, bytes], int]]
) -> None:
    files, requests = calm["run"]
    desk = desk_in(tmp_path)
    desk.arxiv.fail(Fault.status(status, after=places(requests)[place], times=6))
    desk.now = LATE
    ran = []

    def run(_: object) -> RunReport:
        ran.append(desk.now)
        return desk.app.run(None, None, Silence())

    service = Service(
        CurrentConfig(tmp_path, {}),
        Bell(desk, LATE + timedelta(hours=2), {}),
        run,
        log_to(StringIO(), "json"),
        desk.clock,
    )
    with pytest.raises(EnoughError):
        service.serve()
    assert len(ran) >= 2
    assert ran[1] - ran[0] < FIRST_PAUSE + timedelta(minutes=5)
    assert desk.files() == files


@pytest.mark.parametrize("place", ["first", "middle", "last"])
def test_arxivs_own_refusal_stops_and_the_next_run_repairs_it(
    place: str, tmp_path: Path, calm: dict[str, tuple[dict[str, bytes], int]]
) -> None:
    files, requests = calm["run"]
    desk = desk_in(tmp_path)
    desk.arxiv.fail(
        Fault.error_entry("start must be an integer", code=400, after=places(requests)[place])
    )
    report = WAYS["run"](desk)
    assert isinstance(report.failure, Refused)
    assert "start must be an integer" in report.failure.message
    assert WAYS["run"](desk).exit_code == 0
    assert desk.files() == files


@pytest.mark.parametrize("status", LATER)
def test_without_the_list_of_ids_a_day_is_not_confirmed_until_the_next_run(
    status: int, tmp_path: Path, calm: dict[str, tuple[dict[str, bytes], int]]
) -> None:
    files, _ = calm["run"]
    desk = desk_in(tmp_path)
    desk.arxiv.fail(Fault.status(status, times=9, when=lambda asked: "verb" in asked))
    report = WAYS["run"](desk)
    assert (report.exit_code, report.failure) == (3, None)
    assert report.days[-1].state == DayState.UNCONFIRMED
    assert desk.files() == files
    desk = desk_in(tmp_path / "healed")
    desk.arxiv.fail(Fault.status(status, times=2, when=lambda asked: "verb" in asked))
    WAYS["run"](desk)
    assert desk.run(at=LATE + timedelta(hours=1)).exit_code == 0
    assert desk.files() == files


def test_a_stamp_that_cannot_be_kept_is_a_note_of_the_run(
    tmp_path: Path, calm: dict[str, tuple[dict[str, bytes], int]]
) -> None:
    desk = desk_in(tmp_path)
    shutil.rmtree(tmp_path / "cache")
    (tmp_path / "cache").write_text("a file is in the way")
    report = WAYS["run"](desk)
    assert report.exit_code == 0
    assert any("XDG_CACHE_HOME" in note for note in report.notes)
    assert desk.files() == calm["run"][0]
