"""What arXiv says it has of a scope, against what it said when each day was read.

Within a scope the id sequence proves nothing: an id that arXiv's index did not have yet looks like
one outside of the scope. So the totals of all days that were read are compared with one of today,
over the look-back in two parts. Where a part differs, its days are read again. A paper that left
the scope pays for none that joined it: totals of the same question are compared, never what the
archive holds, and the border between the two parts moves from day to day.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from datetime import date, timedelta

from digest.archive import Archive
from digest.fetcher.calendar import Calendar
from digest.model import Paper, Reading, Window

#: Four of 90,127 papers were held longer; totals are compared so far back.
LOOK_BACK = timedelta(days=120)


class Totals:
    """The totals of a scope's days; `count` asks arXiv for that of a window."""

    def __init__(
        self, archive: Archive, calendar: Calendar, scope: str, count: Callable[[Window], int]
    ) -> None:
        self._archive = archive
        self._calendar = calendar
        self._scope = scope
        self._count = count

    def is_known_before(self, day: date) -> bool:
        """Whether the days before one were read in this scope over the whole look-back."""
        days = self._row(day, day)
        return bool(days) and day - days[0] >= LOOK_BACK

    def add(self, papers: Sequence[Paper]) -> None:
        """Papers of the scope came by their ids: the total of the day they came in on has grown."""
        days = Counter(self._calendar.day_of(paper.published) for paper in papers)
        self._archive.coverage.add_to_readings(self._scope, days)

    def differing(self, day: date, first: date) -> list[date]:
        """The days read in a row up to one whose total is another one now.

        They begin at `first`, or a look-back before the day if that is earlier. Raises FetchError.
        """
        days = self._row(day, min(first, day - LOOK_BACK))
        if not days:
            return []
        readings = self._readings()
        border = day.toordinal() % len(days)
        parts = [part for part in (days[:border], days[border:]) if part]
        found: list[date] = []
        while parts:
            part = parts.pop()
            if self._count(self._window(part)) == self._expected(part, readings):
                continue
            if len(part) == 1:
                found += part
            else:
                parts += [part[: len(part) // 2], part[len(part) // 2 :]]
        return sorted(found)

    def _row(self, day: date, first: date) -> list[date]:
        """The days up to one that were read in this very scope, without one missing in between."""
        readings = self._readings()
        days: list[date] = []
        while day in readings and day >= first:
            days.append(day)
            day = self._calendar.previous(day)
        return days[::-1]

    def _readings(self) -> dict[date, Reading]:
        return self._archive.coverage.readings_in(self._scope)

    def _expected(self, days: Sequence[date], readings: dict[date, Reading]) -> int:
        """What the days came to when they were read.

        A paper of the very second of a border was counted with both of its days.
        """
        borders = [self._window([day]).end for day in days[:-1]]
        twice = self._archive.papers.at(borders)
        return sum(readings[day].total for day in days) - twice

    def _window(self, days: Sequence[date]) -> Window:
        first, last = self._calendar.window(days[0]), self._calendar.window(days[-1])
        if first is None or last is None:
            raise ValueError(f"no announcement days: {days[0]} {days[-1]}")
        return Window(first.start, last.end)
