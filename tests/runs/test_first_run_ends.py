"""The lower end of a first run's day: held papers that begin its batch are never left out."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest
from desk import Desk, shown

from digest.fetcher.calendar import Calendar
from digest.model.reports import DayState
from digest.simulator import Corpus

TOPICS = '[[topic]]\n[[topic.group]]\nkeywords = ["e"]\n'


@pytest.mark.parametrize("seed", range(5, 9))
def test_held_papers_at_the_start_of_the_first_day_are_fetched(tmp_path: Path, seed: int) -> None:
    corpus = Corpus.generate(seed=seed, first=date(2026, 2, 2), last=date(2026, 3, 12), per_day=40)
    for day in Calendar().days(date(2026, 3, 2), date(2026, 3, 5)):
        desk = Desk(tmp_path / f"{day}", corpus, topics=TOPICS)
        (report,) = desk.run_on(day).days
        announced = {paper.id for paper in corpus.papers(day)}
        found = {name.partition("v")[0] for name in shown(desk.path(day).read_bytes())}

        assert report.state == DayState.COMPLETE
        assert found == announced
