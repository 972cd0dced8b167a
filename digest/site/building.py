"""The site from the editions: what its docstring of `build` tells, in that order."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from concurrent.futures import Future, ThreadPoolExecutor
from datetime import date
from itertools import groupby

from digest.archive import DigestRecord
from digest.config import Config
from digest.editions import Editions
from digest.matcher import Matcher
from digest.report import DayState, SiteReport
from digest.site.addresses import day_page
from digest.site.colors import stylesheet
from digest.site.extra import check
from digest.site.likeness import WINDOW, Likeness, Place
from digest.site.looks import Looks
from digest.site.memory import Day, Memory, Pages, fingerprint
from digest.site.months import day_name, short_name
from digest.site.overviews import Overviews
from digest.site.pages import Site, program
from digest.site.search import month_index
from digest.site.views import Link, choices, day_of, paper_view, similar


def build(config: Config, editions: Editions) -> SiteReport:
    """Bring the site up to date with the digests: only what differs is made and written.

    Day by day: the page, with similar papers of the days before. Then, of what is remembered of
    all days: the start page, keywords, authors, and the search of each month that has changed.
    Raises UsageError if the extra `site` is not installed, WriteError and ArchiveError.
    """
    check()
    return _Building(config, editions).build()


class _Building:
    """One build."""

    def __init__(self, config: Config, editions: Editions) -> None:
        output = config.digest.output
        self._folder = output / "site"
        self._memory = Memory(output / ".site")
        self._before = self._memory.pages()
        self._site = Site(self._folder, self._before, config.site.url)
        self._looks = Looks(config.topics)
        self._matcher = Matcher(config.topics, config.digest.style)
        self._editions = editions
        self._made_with = fingerprint(
            program(), config.topics, config.digest.style, config.site.url
        )
        self._days: dict[date, Day] = {}
        self._likeness = Likeness()

    def build(self) -> SiteReport:
        records = self._editions.records()
        altered, change = self._editions.altered(self._before.change)
        known = set(altered)
        with ThreadPoolExecutor(1) as beside:
            indexes: dict[str, tuple[str, Future[list[tuple[str, bytes]]] | None]] = {}
            numbered = list(enumerate(records))
            for month, group in groupby(numbered, key=lambda pair: _month(pair[1].period.day)):
                days = [self._day(records, number, known) for number, _ in group]
                mark = fingerprint(self._made_with, days)
                is_known = self._before.months.get(month) == mark
                indexes[month] = (
                    mark,
                    None
                    if is_known and self._site.whole(f"search/{month}")
                    else beside.submit(lambda days=days: list(month_index(days))),  # type: ignore[misc]
                )
            days = list(self._days.values())
            Overviews(self._site, self._looks).write(days)
            self._site.static(stylesheet((name, color) for color, name in self._looks.classes.items()))
            for month, (_, index) in indexes.items():
                self._write_index(month, index)
        self._write_months(list(indexes))
        removed = self._site.remove_others()
        self._memory.keep_pages(
            Pages(change, self._site.files, {month: mark for month, (mark, _) in indexes.items()})
        )
        self._memory.forget_others(self._days)
        papers = sum(len(day.papers) for day in days)
        return SiteReport(
            self._folder, len(days), papers, len(self._site.files), self._site.written, removed
        )

    def _day(self, records: Sequence[DigestRecord], number: int, altered: set[str]) -> Day:
        """A day as it is remembered, or made anew with its page."""
        record = records[number]
        of = record.period.day
        first, last = number, number + 1
        while first and records[first - 1].period.day > of - WINDOW:
            first -= 1
        key = fingerprint(
            self._made_with,
            [(one.period, one.sha256, one.made_with) for one in records[first:last]],
            record.state,
            [one.period.day for one in records[number - 1 if number else 0 : number + 2]],
        )
        day = self._memory.day(of)
        if (
            day is None
            or day.key != key
            or not altered.isdisjoint(paper.id for paper in day.papers)
            or not self._site.has(day_page(of), key)
        ):
            day = self._made(records, number, key)
        self._days[of] = day
        return day

    def _made(self, records: Sequence[DigestRecord], number: int, key: str) -> Day:
        record = records[number]
        edition = self._editions.edition(record)
        day = day_of(edition, self._matcher, key)
        self._days[day.day] = day
        self._look_around(day.day)
        papers = [
            paper_view(shown, brief, self._looks, list(self._similar(day.day, brief.id)))
            for shown, brief in zip(edition.shown, day.papers, strict=True)
        ]
        words = [word for brief in day.papers for word in self._looks.words(brief.keywords)]
        self._site.page(
            day_page(day.day),
            "day",
            short_name(day.day),
            key,
            day={"iso": day.day.isoformat(), "name": day_name(day.day)},
            papers=papers,
            partial=record.state == DayState.PARTIAL,
            earlier=_beside(records[number - 1 : number]),
            later=_beside(records[number + 1 : number + 2]),
            keywords=choices((word.slug, word.name) for word in words),
            categories=choices((name, name) for paper in papers for name in paper.categories),
        )
        self._memory.keep_day(day)
        return day

    def _look_around(self, of: date) -> None:
        """Have the papers of the last thirty days at hand, to find those that are like another."""
        wanted = {day for day in self._days if of - WINDOW < day <= of}
        for day in self._likeness.days - wanted:
            self._likeness.drop(day)
        for day in sorted(wanted - self._likeness.days):
            papers = self._days[day].papers
            self._likeness.add(day, ((one.id, one.title, one.abstract) for one in papers))

    def _similar(self, of: date, paper: str) -> Iterator[object]:
        for place in self._likeness.like(Place(of, paper)):
            found = next(one for one in self._days[place.day].papers if one.id == place.paper)
            yield similar(place.day, found)

    def _write_index(self, month: str, index: Future[list[tuple[str, bytes]]] | None) -> None:
        folder = f"search/{month}"
        if index is None:
            self._site.keep(folder)
            return
        for name, data in index.result():
            self._site.file(f"{folder}/{name}", data)

    def _write_months(self, months: Sequence[str]) -> None:
        with_papers = [
            month
            for month in reversed(months)
            if any(day.papers for of, day in self._days.items() if _month(of) == month)
        ]
        names = ", ".join(f'"{month}"' for month in with_papers)
        self._site.file("search/months.json", f"[{names}]\n".encode())


def _beside(records: Sequence[DigestRecord]) -> Link | None:
    """The day of a list of at most one."""
    if not records:
        return None
    day = records[0].period.day
    return Link(short_name(day), day_page(day).removeprefix("day/"))


def _month(day: date) -> str:
    return f"{day:%Y-%m}"
