"""What the archive knows of announcement days: their ids, what is missing, the papers to show."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence, Set
from datetime import date, timedelta
from typing import NamedTuple

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.fetcher.plan import BEHIND_MONTH_END, DayCoverage
from digest.fetcher.versions import shown, unknown
from digest.fetcher.walk import RULE, Walk, walk
from digest.model import (
    Paper,
    PaperId,
    Period,
    Span,
    Window,
    base_of,
    month_start,
    sequence_of,
)

_NEARBY = timedelta(days=31)


class Works(NamedTuple):
    """Some works of the archive: by their places in the id sequence, the others by their ids."""

    places: frozenset[int]
    old_style: frozenset[str]

    @classmethod
    def of(cls, ids: Iterable[str]) -> Works:
        """The works with these base ids."""
        places = {paper: sequence_of(paper) for paper in ids}
        return cls(
            frozenset(place for place in places.values() if place is not None),
            frozenset(paper for paper, place in places.items() if place is None),
        )


class Announcements:
    """Reads announcement days off the archive; `scope` is the scope's query, "" for all."""

    def __init__(self, archive: Archive, calendar: Calendar, scope: str) -> None:
        self._archive = archive
        self._calendar = calendar
        self._scope = scope
        self._last_walk: tuple[Window, object, Walk, set[int]] | None = None

    @property
    def rule(self) -> str:
        """Tells apart what assigns papers to days: the rule of the walk, and the days put off."""
        return f"{RULE} {self._calendar.name}"

    def days(self, period: Period) -> list[date]:
        """The announcement days that arXiv's schedule has in a period."""
        return sorted(filter(self._calendar.is_announcement_day, period.days))

    def read(self) -> set[date]:
        """The announcement days that were read in today's scope or in all of arXiv."""
        return set(self._archive.coverage.readings(self._scope))

    def coverage(self, day: date, by: date) -> DayCoverage:
        """What is known around a day whose papers are to be shown as of the day `by`."""
        coverage = self._archive.coverage
        window = self._calendar.window(day)
        before, after = self._calendar.previous(day), self._calendar.following(day)
        found, stored = self._walk(window)
        points = found.points
        ids = _stored_in(found, stored, Period.of(day))
        old_style = self._archive.papers.old_style(window) if window else []
        low = month_start(points[0].sequence) if points else 0
        high = points[-1].sequence + BEHIND_MONTH_END if points else 0
        return DayCoverage(
            day=day,
            walk=found,
            papers=stored,
            readings=coverage.readings(self._scope, before, after),
            edges=coverage.edges(before, after),
            asked=coverage.asked(self._scope, low, high),
            earlier=tuple(self._earlier(ids + old_style, by)),
            unnumbered=len(old_style),
            listed=coverage.listed(day),
        )

    def ids(self, period: Period, among: Works | None = None) -> list[str]:
        """The base ids of a period's papers, in no promised order; with `among`, only of those."""
        places: Iterable[int] = self.places(period)
        old_style: Iterable[str] = self._old_style(period)
        if among is not None:
            places = among.places.intersection(places)
            old_style = among.old_style.intersection(old_style)
        return [*map(base_of, places), *old_style]

    def places(self, period: Period) -> Sequence[int]:
        """The places of a period's papers in the id sequence, in no promised order."""
        kept = self._archive.batches.find(period, self.rule)
        return _places_in(*self._walk(self._whole(period)), period) if kept is None else kept

    def ends(self, period: Period) -> tuple[int, ...]:
        """The lowest and the highest of these places; empty without any."""
        places = self.places(period)
        return (min(places), max(places)) if places else ()

    def keep(self, period: Period) -> None:
        """Keep these places, so that they are found quickly until papers near them come."""
        if self._archive.batches.find(period, self.rule) is None:
            found, stored = self._walk(self._whole(period))
            places = _places_in(found, stored, period)
            self._archive.batches.keep(period, self.rule, _walked(found), places)

    def moved(self, periods: Iterable[Period]) -> Iterator[Period]:
        """Those of some periods that have other places than were kept last, if any were.

        What is as it was is kept anew. Periods near each other are walked together.
        """
        stale = [one for one in periods if self._archive.batches.find(one, self.rule) is None]
        for group in _nearby(stale):
            found, stored = self._walk(self._whole(_all_days(group)))
            for period in group:
                places = _places_in(found, stored, period)
                if set(places) != set(self._archive.batches.before(period) or ()):
                    yield period
                else:
                    self._archive.batches.keep(period, self.rule, _walked(found), places)

    def papers(self, period: Period, ids: Sequence[str]) -> Iterator[Paper]:
        """The period's papers, each in the newest version announced by the period's day."""
        for versions in self._archive.papers.versions(ids):
            days = {paper.version: self._calendar.day_of(paper.updated) for paper in versions}
            wanted = shown(days, period.day)
            yield next(paper for paper in versions if paper.version == wanted)

    def days_of(self, ids: Sequence[str]) -> set[date]:
        """The announcement days of some works of the archive."""
        return set(self._each_day(ids))

    def count(self, ids: Sequence[str], days: Set[date]) -> int:
        """How many of some works of the archive were announced on some days."""
        return sum(day in days for day in self._each_day(ids))

    def _each_day(self, ids: Sequence[str]) -> Iterator[date]:
        yield from self.day_by_work(ids).values()
        old_style = [paper for paper in ids if sequence_of(paper) is None]
        yield from map(self._calendar.day_of, self._archive.papers.published(old_style))

    def day_by_work(self, ids: Sequence[str]) -> dict[str, date]:
        """The announcement day of each of some works that has a place in the id sequence."""
        places = {place for place in map(sequence_of, ids) if place is not None}
        if not places:
            return {}
        points, _ = self._archive.coverage.points_near(min(places), max(places), len(places))
        found = walk(points, self._calendar)
        return {
            base_of(point.sequence): day
            for point, day in zip(found.points, found.days, strict=True)
            if point.sequence in places
        }

    def first_announced(self, paper: Paper, days: Mapping[str, date]) -> date:
        """The day on which a work became public; `days` are those of `day_by_work`."""
        return days.get(paper.id) or self._calendar.day_of(paper.published)

    def announced(self, paper: Paper, days: Mapping[str, date]) -> date:
        """The day on which a version became public."""
        first = self.first_announced(paper, days)
        return first if paper.version == 1 else max(first, self._calendar.day_of(paper.updated))

    def _old_style(self, period: Period) -> Iterator[str]:
        """The works of a period without a place in the id sequence."""
        for window in _joined(filter(None, map(self._calendar.window, self.days(period)))):
            yield from self._archive.papers.old_style(window)

    def _whole(self, period: Period) -> Window | None:
        """The submission times of a period; None without an announcement day."""
        windows = [window for window in map(self._calendar.window, self.days(period)) if window]
        return Window(windows[0].start, windows[-1].end) if windows else None

    def _walk(self, window: Window | None) -> tuple[Walk, set[int]]:
        """The walk around a window and the places whose paper is stored.

        The last one is kept: a day is looked at several times before its papers change.
        """
        if window is None:
            return walk((), self._calendar), set()
        places = self._archive.coverage.change()
        if self._last_walk and self._last_walk[:2] == (window, places):
            return self._last_walk[2:]
        points, stored = self._archive.coverage.points_around(window)
        found = walk(points, self._calendar)
        self._last_walk = (window, places, found, stored)
        return found, stored

    def _earlier(self, ids: Sequence[str], by: date) -> Iterator[PaperId]:
        for base, times in self._archive.papers.version_times(ids).items():
            days = {version: self._calendar.day_of(time) for version, time in times.items()}
            for version in unknown(days, by):
                yield PaperId(base, version)


def _nearby(periods: Iterable[Period]) -> Iterator[list[Period]]:
    """Periods in groups without a long time between them; those without a day are left out."""
    group: list[Period] = []
    for period in sorted((one for one in periods if one.days), key=lambda one: min(one.days)):
        if group and min(period.days) - max(group[-1].days) > _NEARBY:
            yield group
            group = []
        group.append(period)
    if group:
        yield group


def _all_days(periods: Sequence[Period]) -> Period:
    return Period(periods[-1].day, frozenset[date]().union(*(one.days for one in periods)))


def _walked(found: Walk) -> Span:
    """From the first to the last place that a walk saw."""
    return Span(found.points[0].sequence, found.points[-1].sequence) if found.points else Span(0, 0)


def _joined(windows: Iterable[Window]) -> Iterator[Window]:
    """Ascending windows, each with those that begin where it ends."""
    joined: Window | None = None
    for window in windows:
        if joined and joined.end == window.start:
            joined = Window(joined.start, window.end)
        else:
            if joined:
                yield joined
            joined = window
    if joined:
        yield joined


def _stored_in(found: Walk, stored: set[int], period: Period) -> list[str]:
    """The base ids of the papers below."""
    return [base_of(place) for place in _places_in(found, stored, period)]


def _places_in(found: Walk, stored: set[int], period: Period) -> list[int]:
    """The points that were announced in a period and whose paper is stored."""
    return [
        point.sequence
        for point, day in zip(found.points, found.days, strict=True)
        if period.holds(day) and point.sequence in stored
    ]
