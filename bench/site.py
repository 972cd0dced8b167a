"""The site of a year: made from nothing, and brought up to date when one more day has come."""

from __future__ import annotations

import shutil
from datetime import UTC, datetime
from pathlib import Path
from time import perf_counter

from bench import year
from bench.corpus import ENVIRON
from bench.measure import Row, medians
from digest.app import App
from digest.app.world import real_world
from digest.archive import Archive, DigestRecord
from digest.config import load
from digest.fetcher.calendar import Calendar
from digest.model import Period
from digest.model.reports import DayState
from digest.simulator import Corpus

#: Together with these keywords, about 40 papers a digest.
_PAPERS_A_DAY = 52
KEYWORDS = """
[[topic]]
name = "wide"
[[topic.group]]
name = "methods"
color = "F08080"
keywords = ["model", "scal", "sampling", "estimator", "approximation", "algorithm", "network"]
[[topic.group]]
name = "fields"
color = "FF8C00"
keywords = ["noise", "data", "field", "limit", "language", "quantum"]
"""

#: Each takes many seconds.
_RUNS = 5

#: The seconds that it may take.
_YEAR, _DAY = 20.0, 2.0


def measure(workspace: Path) -> list[Row]:
    """A row for the year and one for a day more, each against the time that it may take."""
    year.make(workspace, _PAPERS_A_DAY, KEYWORDS)
    with_site = workspace.with_name(f"{workspace.name}-made")
    more = workspace.with_name(f"{workspace.name}-more")

    def whole() -> float:
        shutil.rmtree(with_site, ignore_errors=True)
        shutil.copytree(workspace, with_site)
        return _site(with_site)

    def one_more() -> float:
        shutil.rmtree(more, ignore_errors=True)
        shutil.copytree(with_site, more)
        _one_more(more)
        return _site(more)

    all_days, day = medians([whole, one_more], _RUNS)
    with _app(workspace).editions() as editions:
        papers = sum(record.papers for record in editions.records())
    return [
        Row(f"`digest site`, a year of {papers:,} papers", "20 seconds", all_days, _YEAR, 1),
        Row("`digest site`, one more day", "2 seconds", day, _DAY, 1),
    ]


def _app(workspace: Path) -> App:
    return App(load(workspace, ENVIRON), real_world())


def _site(workspace: Path) -> float:
    start = perf_counter()
    _app(workspace).site()
    return perf_counter() - start


def _one_more(workspace: Path) -> None:
    """Put the day after the last one into the archive, and make its digest."""
    calendar = Calendar()
    last = year.first_days(year.DAYS)[-1]
    after = calendar.following(last)
    corpus = Corpus.generate(seed=2, first=after, last=after, per_day=_PAPERS_A_DAY)
    with Archive(load(workspace, ENVIRON).digest.archive) as archive:
        archive.papers.store(corpus.papers(after), after)
        record = DigestRecord(Period.of(after), DayState.COMPLETE, 0, None)
        archive.ledger.settle(record, datetime.now(UTC))
    for _ in _app(workspace).rebuild(after, after, diff=False):
        pass
