"""No wrong "complete": whatever single answer fails or lies, in every scope, run and backfill.

A day that is called complete has the papers that arXiv announced on it. What else a run says is
repaired by later ones.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import UTC, date, datetime, timedelta
from functools import cache
from pathlib import Path

import pytest
from desk import Desk, morning, shown

from digest.fetcher.calendar import Calendar
from digest.model.reports import DayState, RunReport
from digest.simulator import Corpus, Fault

ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'
CORPUS = Corpus.generate(seed=3, first=date(2026, 1, 5), last=date(2026, 4, 10), per_day=40)
DAYS = Calendar().days(date(2026, 3, 4), date(2026, 3, 6))
LATER = datetime(2026, 4, 2, 6, tzinfo=UTC)
SCOPES = {"all": "all", "categories": '["cs.*", "math.*"]', "topics": "topics"}

#: What a single answer can do, and two or three in a row; told the first request that it hits.
FAULTS: Mapping[str, Callable[[int], list[Fault]]] = {
    "outage": lambda at: [Fault.outage(after=at, times=1)],
    "two outages": lambda at: [Fault.outage(after=at, times=2)],
    "short, and the total agrees": lambda at: [
        Fault.short_page(missing=3, after=at, times=1),
        Fault.moving_total(by=-3, after=at, times=1),
    ],
    "five times 500": lambda at: [Fault.status(500, after=at, times=5)],
    "429, then 500": lambda at: [
        Fault.status(429, after=at, times=4),
        Fault.status(500, after=at + 4, times=1),
    ],
}


def begin(folder: Path, scope: str) -> Desk:
    return Desk(folder, CORPUS, topics=ALL, environ={"DIGEST_ARXIV__SCOPE": SCOPES[scope]})


def first_run(desk: Desk) -> RunReport:
    return desk.run_on(DAYS[0])


def daily_run(desk: Desk) -> RunReport:
    return desk.run_on(DAYS[1])


def backfill(desk: Desk) -> RunReport:
    return desk.backfill(DAYS[0], DAYS[1], at=LATER)


WAYS = {"first run": first_run, "daily run": daily_run, "backfill": backfill}


def prepare(desk: Desk, way: str) -> int:
    """What comes before the run that is tried; how many requests that took."""
    if way == "daily run":
        first_run(desk)
    return len(desk.arxiv.log)


@cache
def undisturbed(base: Path, scope: str, way: str) -> tuple[dict[str, bytes], int]:
    """The files of a run without faults, and how many requests it takes."""
    desk = begin(base / f"{scope} {way}", scope)
    before = prepare(desk, way)
    report = WAYS[way](desk)
    assert report.exit_code == 0
    return desk.files(), len(desk.arxiv.log) - before


@pytest.fixture(scope="module")
def base(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("undisturbed")


def wrong(desk: Desk, report: RunReport, files: Mapping[str, bytes]) -> list[date]:
    """The days that are called complete and are not as they should be."""
    return [
        day.day
        for day in report.days
        if day.state == DayState.COMPLETE
        and desk.files().get(f"{day.day}.md") != files[f"{day.day}.md"]
    ]


@pytest.mark.parametrize("way", WAYS)
@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("fault", FAULTS)
def test_no_answer_makes_a_wrong_complete_day(
    fault: str, scope: str, way: str, base: Path, tmp_path: Path
) -> None:
    files, requests = undisturbed(base, scope, way)
    for at in range(requests):
        desk = begin(tmp_path / f"{at}", scope)
        desk.arxiv.fail(*FAULTS[fault](prepare(desk, way) + at))

        report = WAYS[way](desk)

        assert wrong(desk, report, files) == [], f"request {at}"
        for _ in range(3):  # of two faults in a row the second may hit the next run
            if not report.exit_code:
                break
            now = desk.now + timedelta(hours=3)
            again = desk.backfill(*DAYS[:2], at=now) if way == "backfill" else desk.run(at=now)
            assert wrong(desk, again, files) == [], f"request {at}"
            report = again
        assert report.exit_code == 0, f"request {at}"
        assert desk.files() == files, f"request {at}"


# An index that lags or has lost a part, and agrees with itself.

LAGS: Mapping[str, Callable[[datetime], Fault]] = {
    "the newest ids": lambda until: Fault.stale(
        until, ids={paper.id for paper in CORPUS.papers(DAYS[1])[-15:]}, index_only=True
    ),
    "a third of all": lambda until: Fault.lost_shard(until),
}


@pytest.mark.parametrize("scope", SCOPES)
@pytest.mark.parametrize("lag", LAGS)
def test_an_index_that_lags_makes_no_wrong_complete_day(
    lag: str, scope: str, base: Path, tmp_path: Path
) -> None:
    files, _ = undisturbed(base, scope, "daily run")
    desk = begin(tmp_path, scope)
    prepare(desk, "daily run")
    desk.arxiv.fail(LAGS[lag](morning(DAYS[1]) + timedelta(hours=3)))

    report = daily_run(desk)

    assert wrong(desk, report, files) == []
    assert report.exit_code == 3
    later = desk.run(at=morning(DAYS[1]) + timedelta(hours=6))
    assert later.exit_code == 0
    assert desk.files() == files


@pytest.mark.parametrize("scope", SCOPES)
def test_a_day_whose_end_nothing_confirms_is_written_and_asked_again(
    scope: str, base: Path, tmp_path: Path
) -> None:
    """OAI-PMH has the lists of a day some hours later than the query API, and may be down."""
    files, _ = undisturbed(base, scope, "daily run")
    desk = begin(tmp_path, scope)
    prepare(desk, "daily run")
    desk.arxiv.fail(Fault.status(503, times=2, when=lambda asked: "verb" in asked))

    report = daily_run(desk)

    assert [day.state for day in report.days] == [DayState.UNCONFIRMED]
    assert (report.exit_code, desk.files()) == (3, files)
    assert desk.status().days[-1].state == DayState.UNCONFIRMED
    assert "nothing shows yet that it is whole" in report.days[0].note

    again = desk.run(at=desk.now + timedelta(hours=1))
    assert [(day.state, day.action) for day in again.days] == [(DayState.COMPLETE, "unchanged")]
    assert desk.run().requests == 0


def test_later_ids_confirm_a_day(tmp_path: Path) -> None:
    desk = begin(tmp_path, "all")
    desk.arxiv.fail(Fault.status(503, times=2, when=lambda asked: "verb" in asked))
    assert [day.state for day in first_run(desk).days] == [DayState.UNCONFIRMED]

    report = daily_run(desk)

    assert {day.day: day.state for day in report.days} == dict.fromkeys(DAYS[:2], DayState.COMPLETE)


def test_what_joins_an_unconfirmed_day_is_told(base: Path, tmp_path: Path) -> None:
    files, _ = undisturbed(base, "all", "first run")
    late = {paper.id for paper in CORPUS.papers(DAYS[0])[-10:]}
    desk = begin(tmp_path, "all")
    desk.arxiv.fail(
        Fault.stale(morning(DAYS[0]) + timedelta(hours=2), ids=late, index_only=True),
        Fault.status(503, times=2, when=lambda asked: "verb" in asked),
    )
    assert [day.state for day in first_run(desk).days] == [DayState.UNCONFIRMED]
    assert set(shown(desk.path(DAYS[0]).read_bytes())) < set(shown(files[f"{DAYS[0]}.md"]))

    report = desk.run(at=morning(DAYS[0]) + timedelta(hours=4))

    assert report.exit_code == 0
    assert desk.files() == files
    assert {paper.partition("v")[0] for paper in report.days[0].joined} == late
