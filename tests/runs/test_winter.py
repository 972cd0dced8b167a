"""A winter of announcement days, small: made every morning, at its end, and again.

The campaign does the same with a whole year at full size.
"""

from __future__ import annotations

from datetime import date, timedelta
from pathlib import Path

from desk import Desk, morning

from digest.fetcher.calendar import Calendar
from digest.fetcher.deferrals import DEFERRED
from digest.model.reports import DayState
from digest.simulator import Corpus

MOST_PAPERS = '[[topic]]\n[[topic.group]]\nkeywords = ["with", "from"]\n'
DAYS = Calendar().days(date(2025, 12, 1), date(2026, 12, 31))[:32]
CORPUS = Corpus.generate(
    seed=31,
    first=date(2025, 6, 2),
    last=date(2026, 4, 10),
    per_day=15,
    revised=0.2,
    absent=0.005,
)


def test_a_winter_of_mornings_a_backfill_and_a_rebuild_are_the_same_files(tmp_path: Path) -> None:
    """With holidays, papers held up to 119 days or revised, ids never used, month borders."""
    assert len([day for day in DEFERRED if DAYS[0] < day < DAYS[-1]]) >= 2
    live = Desk(tmp_path / "live", CORPUS, topics=MOST_PAPERS)
    for day in DAYS:
        live.run_on(day)
    live.backfill(DAYS[-10], DAYS[-1], at=live.now + timedelta(days=6))
    expected = live.files()
    assert list(expected) == [f"{day}.md" for day in DAYS]
    assert {day.state for day in live.status().days} == {DayState.COMPLETE}

    later = Desk(tmp_path / "later", CORPUS, topics=MOST_PAPERS)
    later.backfill(DAYS[0], DAYS[-1], at=morning(date(2026, 4, 10)))
    assert later.files() == expected
    assert later.backfill(DAYS[0], DAYS[-1], at=later.now + timedelta(days=4)).exit_code == 0
    assert later.files() == expected

    for day in DAYS[::2]:
        live.path(day).unlink()
    changes = list(live.app.rebuild(None, None, diff=False))
    assert len(changes) == 32
    assert live.files() == expected
