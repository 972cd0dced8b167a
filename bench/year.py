"""A workspace with a year of invented arXiv, all of it archived and every digest written."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from pathlib import Path

from bench.corpus import ENVIRON, PAPERS_A_DAY
from digest.app import App
from digest.app.world import real_world
from digest.archive import Archive, DigestRecord
from digest.config import load
from digest.config.workspace import create
from digest.fetcher.calendar import Calendar
from digest.model import Period
from digest.model.reports import DayState
from digest.simulator import Corpus

DAYS = 250

_FIRST = date(2025, 1, 6)
_SEED = 1


def first_days(number: int) -> list[date]:
    """So many announcement days from the first of the year on."""
    return Calendar().days(_FIRST, _FIRST + timedelta(days=2 * number))[:number]


def make(workspace: Path, papers_a_day: int = PAPERS_A_DAY, keywords: str | None = None) -> int:
    """Put the papers straight into an archive; returns how many they are. Takes some minutes.

    `keywords` is the text of a keyword file; by default it is that of a new workspace.
    """
    create(workspace)
    if keywords is not None:
        (workspace / "config/keywords.toml").write_text(keywords, encoding="utf-8")
    year = first_days(DAYS)
    corpus = Corpus.generate(seed=_SEED, first=year[0], last=year[-1], per_day=papers_a_day)
    config = load(workspace, ENVIRON)
    calendar = Calendar()
    with Archive(config.digest.archive) as archive:
        for day in year:
            archive.papers.store(corpus.papers(day), day)
            record = DigestRecord(Period.of(day), DayState.COMPLETE, 0, None)
            archive.ledger.settle(record, datetime.now(UTC))
        _, change = archive.papers.changed_since(0)
        archive.ledger.mark_composed(change, calendar.name)
        papers = archive.papers.count()
    for _ in App(config, real_world()).rebuild(None, None, diff=False):
        pass
    return papers
