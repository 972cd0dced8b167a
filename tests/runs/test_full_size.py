"""Days of arXiv at full size, over the end of a month, run every morning."""

from __future__ import annotations

from collections import Counter
from datetime import date
from pathlib import Path

from desk import Desk, shown

from digest.config import load
from digest.fetcher.calendar import Calendar
from digest.matcher import Matcher
from digest.model.reports import DayState
from digest.simulator import Corpus

DAYS = Calendar().days(date(2026, 2, 26), date(2026, 3, 3))
CORPUS = Corpus.generate(seed=7, first=date(2025, 11, 3), last=date(2026, 3, 9), per_day=1500)


def test_every_matching_paper_is_shown_once_on_its_day(tmp_path: Path) -> None:
    desk = Desk(tmp_path, CORPUS)
    matcher = Matcher(load(tmp_path, {}).topics)
    requests, sizes = [], []
    expected: dict[str, set[str]] = {}
    for day in DAYS:
        report = desk.run_on(day)
        assert report.exit_code == 0
        requests.append(len(desk.requests()))
        papers = CORPUS.papers(day)  # here, while their texts are still at hand
        sizes.append(len(papers))
        expected[f"{day}.md"] = {paper.id for paper in papers if matcher.match(paper)}

    found = {
        name: {paper.partition("v")[0] for paper in shown(data)}
        for name, data in desk.files().items()
    }
    assert len(DAYS) == 4
    assert found == expected
    assert sum(map(len, found.values())) > 60
    assert max(Counter(paper for papers in found.values() for paper in papers).values()) == 1
    assert {day.state for day in desk.status().days} == {DayState.COMPLETE}
    assert [day.papers for day in desk.status().days] == sizes
    assert requests[0] <= 5, "a first run has the edge of the day before besides"
    assert max(requests[1:]) <= 4
