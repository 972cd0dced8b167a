"""Workspaces with a few days of papers whose abstracts a test names."""

from __future__ import annotations

import json
from collections.abc import Sequence
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from desk import Desk, morning

from digest.archive import Archive, DigestRecord
from digest.fetcher.calendar import Calendar
from digest.model import Paper, Period
from digest.simulator import Corpus

CALENDAR = Calendar()
#: A week inside its month: the announcement of Monday, March 3, still has ids of February.
FIVE_DAYS = CALENDAR.days(date(2025, 3, 10), date(2025, 3, 14))


def topics(keywords: Sequence[str], more: str = "") -> str:
    return f"[[topic]]\n{more}[[topic.group]]\nkeywords = {json.dumps(keywords)}\n"


def papers(days: Sequence[date], *abstracts: str) -> list[Paper]:
    """Each day has a paper with each abstract; ids count up from 2503.00001."""
    found: list[Paper] = []
    for day in days:
        window = CALENDAR.window(day)
        assert window
        for number, abstract in enumerate(abstracts, 1):
            paper = f"2503.{len(found) + 1:05d}"
            moment = window.start + timedelta(minutes=number)
            url = f"http://arxiv.org/abs/{paper}v1"
            found.append(
                Paper(
                    paper, 1, url, f"Title {number}", abstract, ("A",), ("cs.CL",), moment, moment
                )
            )
    return found


def followed(
    folder: Path, keywords: Sequence[str], days: Sequence[date], *abstracts: str, more: str = ""
) -> Desk:
    """A workspace that ran on every one of the days."""
    days = list(days)
    corpus = Corpus.of(papers(days, *abstracts))
    desk = Desk(folder, corpus, topics=topics(keywords, more))
    desk.now = morning(days[-1])
    desk.backfill(days[0], days[-1])
    return desk


def written(folder: Path, keywords: Sequence[str], first: date, *, days: int) -> Desk:
    """A workspace that made so many digests without any paper."""
    desk = Desk(folder, Corpus.of(()), topics=topics(keywords))
    with Archive(folder / "output/.archive.sqlite3") as archive:
        for day in CALENDAR.days(first, first + timedelta(days=2 * days))[:days]:
            record = DigestRecord(Period.of(day), "complete", 0, None)
            archive.ledger.settle(record, datetime(2025, 6, 1, tzinfo=UTC))
    return desk
