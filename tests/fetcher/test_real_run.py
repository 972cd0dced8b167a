"""The whole program on two days as arXiv really announced them, where `DIGEST_REAL` has them.

The order and the times of the papers are arXiv's; ids are renumbered without holes, since the
listings hold a part of arXiv only, and texts are invented.
"""

from __future__ import annotations

import csv
import gzip
import os
from collections.abc import Iterator
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import pytest
from desk import Desk, shown

from digest.model import Paper
from digest.model.reports import DayState
from digest.simulator import Corpus

FOLDER = os.environ.get("DIGEST_REAL")

pytestmark = pytest.mark.skipif(
    not FOLDER, reason="DIGEST_REAL names no folder with arXiv's real listings"
)

BEFORE, DAY = date(2025, 10, 2), date(2025, 10, 3)
ALL = '[[topic]]\n[[topic.group]]\nkeywords = ["invented"]\n'


def announced() -> Iterator[tuple[datetime, date]]:
    """Submission and day of the first papers of October 2025, in the order of their ids.

    One that no listing has is of the day of the next one.
    """
    day, unlisted = BEFORE, list[datetime]()
    with gzip.open(Path(FOLDER or "") / "announced-open.csv.gz", "rt", encoding="ascii") as file:
        for row in csv.DictReader(file):
            if not row["id"].startswith("2510."):
                continue
            unlisted.append(datetime.fromisoformat(row["published"]).astimezone(UTC))
            if row["listed"]:
                listed = date.fromisoformat(row["listed"])
                # A listing that has a paper weeks later was caught late.
                day = max(day, listed) if listed - day <= timedelta(days=4) else day
                yield from ((at, day) for at in unlisted)
                unlisted.clear()
            if day > DAY + timedelta(days=7):
                return


@pytest.fixture(scope="module")
def corpus() -> Corpus:
    papers, days = [], {}
    for number, (at, day) in enumerate(announced(), start=1):
        paper = Paper(
            id=f"2510.{number:05}",
            version=1,
            url=f"http://arxiv.org/abs/2510.{number:05}v1",
            title=f"Work {number}",
            abstract="An invented text.",
            authors=("A. Author",),
            categories=("cs.AI",),
            published=at,
            updated=at,
        )
        papers.append(paper)
        days[paper.id] = day
    return Corpus.of(papers, days)


def test_the_run_of_a_day_with_a_young_held_block(tmp_path: Path, corpus: Corpus) -> None:
    desk = Desk(tmp_path, corpus, topics=ALL)
    desk.run_on(BEFORE)
    before = desk.path(BEFORE).read_bytes()

    report = desk.run_on(DAY)

    assert [day.day for day in report.days] == [DAY]
    assert [day.state for day in report.days] == [DayState.COMPLETE]
    shown_ids = {paper.partition("v")[0] for paper in shown(desk.path(DAY).read_bytes())}
    assert shown_ids == {paper.id for paper in corpus.papers(DAY)}
    assert len(shown_ids) == 240
    assert desk.path(BEFORE).read_bytes() == before
