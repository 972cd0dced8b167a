"""Any day, the same bytes: made live, backfilled, or backfilled with interruptions."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from math import ceil
from pathlib import Path

import pytest
from desk import Desk, morning

from digest.fetcher.calendar import Calendar
from digest.model import Paper
from digest.model.errors import UsageError
from digest.simulator import Corpus, Fault

ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["We", "with", "that"]\n'
DAYS = Calendar().days(date(2026, 1, 26), date(2026, 3, 6))
CORPUS = Corpus.generate(
    seed=21, first=date(2025, 9, 1), last=date(2026, 6, 1), per_day=60, revised=0.2
)
LATER = morning(date(2026, 6, 1))


class Killed(BaseException):
    """A process that is killed runs no handler; nothing of ours catches this either."""


class MortalDesk(Desk):
    """A desk whose program dies at its nth look at the clock, which it looks at at every step."""

    lives: int | None = None

    def clock(self) -> datetime:
        if self.lives is not None:
            self.lives -= 1
            if self.lives < 0:
                raise Killed
        return super().clock()


@pytest.fixture(scope="module")
def live(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """The files of daily runs over a month border, with papers held up to 119 days and revised."""
    desk = Desk(tmp_path_factory.mktemp("live"), CORPUS, topics=ALL)
    for day in DAYS:
        assert desk.run_on(day).exit_code == 0
    assert len(desk.files()) == len(DAYS)
    return desk.files()


def test_a_backfill_gives_the_files_of_the_daily_runs_for_few_requests(
    live: dict[str, bytes], tmp_path: Path
) -> None:
    desk = Desk(tmp_path, CORPUS, topics=ALL)

    report = desk.backfill(DAYS[0], DAYS[-1], at=LATER)

    assert report.exit_code == 0
    assert desk.files() == live
    works = [paper for day in DAYS for paper in CORPUS.papers(day)]
    revised = [work for work in works if len(CORPUS.versions(work.id)) > 1]
    held = [
        work
        for day in DAYS
        for work in CORPUS.papers(day)
        if Calendar().day_of(work.published) != day
    ]
    most = ceil(len(works) / 1000) + (len(held) + len(revised)) / 300 + 2 * len(DAYS) + 5
    assert len(desk.requests()) <= most


def test_a_second_backfill_asks_nothing(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, topics=ALL)
    desk.backfill(DAYS[0], DAYS[4], at=LATER)
    before = desk.files()
    desk.requests()

    desk.backfill(DAYS[0], DAYS[4])

    assert desk.requests() == []
    assert desk.files() == before


@pytest.mark.parametrize("step", [1, 3, 7])
def test_a_backfill_killed_again_and_again_and_continued_gives_the_same_files(
    step: int, live: dict[str, bytes], tmp_path: Path
) -> None:
    desk = MortalDesk(tmp_path, CORPUS, topics=ALL)
    first, last = DAYS[8], DAYS[13]
    killed = 0
    lives = 2
    while True:
        desk.lives = lives
        try:
            desk.backfill(first, last, at=LATER)
            break
        except Killed:
            killed += 1
            lives += step

    assert killed >= 3
    wanted = {name: data for name, data in live.items() if f"{first}.md" <= name <= f"{last}.md"}
    assert desk.files() == wanted


def test_backfill_goes_on_after_arxiv_was_down(live: dict[str, bytes], tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, topics=ALL)
    desk.arxiv.fail(Fault.status(503, after=9, times=16))

    down = desk.backfill(DAYS[0], DAYS[9], at=LATER)
    again = desk.backfill(DAYS[0], DAYS[9])

    assert down.exit_code == 3
    assert any("more digests" in note for note in down.notes)
    assert again.exit_code == 0
    assert desk.files() == {name: live[name] for name in sorted(live)[:10]}


def test_a_run_twelve_days_late_writes_the_eight_digests_missed(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, topics=ALL)
    desk.run_on(date(2026, 3, 6))

    report = desk.run(at=datetime(2026, 3, 18, 9, tzinfo=UTC))

    assert [day.day for day in report.days] == Calendar().days(date(2026, 3, 9), date(2026, 3, 18))
    assert len(report.days) == 8
    assert report.exit_code == 0


def test_a_run_ninety_days_late_says_what_to_type(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS, topics=ALL)
    desk.run_on(date(2026, 2, 27))

    report = desk.run(at=morning(date(2026, 5, 28)))

    assert report.days[0].day == date(2026, 4, 28)
    note = next(note for note in report.notes if "digest backfill" in note)
    assert "digest backfill 2026-03-02 2026-04-27" in note


@pytest.mark.parametrize(
    ("first", "last", "words"),
    [
        (date(2026, 3, 5), date(2026, 3, 4), "2026-03-04 is before 2026-03-05"),
        (date(2026, 3, 5), date(2027, 1, 1), "future"),
        (date(2027, 1, 1), None, "future"),
        (date(1991, 8, 13), date(2026, 3, 4), "before arXiv began"),
    ],
)
def test_wrong_ranges_are_refused_with_the_reason(
    first: date, last: date | None, words: str, tmp_path: Path
) -> None:
    desk = Desk(tmp_path, CORPUS, topics=ALL)

    with pytest.raises(UsageError, match=words) as refused:
        desk.backfill(first, last, at=LATER)

    assert refused.value.exit_code == 2


def test_days_before_the_id_sequence_are_proven_by_totals(tmp_path: Path) -> None:
    first, last = date(2007, 3, 1), date(2007, 3, 2)
    corpus = Corpus.of(
        Paper(
            id=f"{archive}/07030{number:02d}",
            version=1,
            url=f"http://arxiv.org/abs/{archive}/07030{number:02d}v1",
            title=f"Paper {number}",
            abstract="We present an invented result.",
            authors=("A. Author",),
            categories=(archive,),
            published=moment,
            updated=moment,
        )
        for number, archive in enumerate(["hep-th", "math", "quant-ph"] * 6)
        for moment in [datetime(2007, 2, 28, 12, tzinfo=UTC) + timedelta(hours=2.5 * number)]
    )
    desk = Desk(tmp_path, corpus, topics=ALL)

    report = desk.backfill(first, last, at=LATER)

    assert report.exit_code == 0
    assert [day.papers for day in report.days] == [len(corpus.papers(d)) for d in (first, last)]
    assert sum(day.papers for day in report.days) > 10
    assert {day.proof for day in desk.status().days} == {"totals"}


@pytest.mark.parametrize("border", [date(2015, 1, 2), date(2017, 1, 3), date(2026, 1, 2)])
def test_ranges_over_a_border_are_the_same_live_and_later(border: date, tmp_path: Path) -> None:
    """Five digits since January 2015, another cutoff since 2017, a new year."""
    days = Calendar().days(border - timedelta(days=6), border + timedelta(days=6))
    corpus = Corpus.generate(
        seed=4, first=days[0] - timedelta(days=40), last=days[-1] + timedelta(days=20), per_day=40
    )
    daily = Desk(tmp_path / "daily", corpus, topics=ALL)
    later = Desk(tmp_path / "later", corpus, topics=ALL)

    for day in days:
        assert daily.run_on(day).exit_code == 0
    later.backfill(days[0], days[-1], at=LATER)

    assert later.files() == daily.files()
    assert len(later.files()) == len(days)
