"""The announcement-day walk: which day each paper was announced, read off arXiv's id sequence.

arXiv assigns ids at announcement, so id order is announcement order. The longest run of papers
whose submission times never go back was announced in time, each on its calendar day; every other
paper was held and came out with the in-time papers around it. The same order proves coverage:
between two days' last in-time ids, every number is a paper of the later day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from functools import cached_property
from itertools import compress, pairwise

from digest.fetcher.calendar import Calendar
from digest.model import Point, Span, month_start


@dataclass(frozen=True)
class Walk:
    """The points of a stretch of the sequence in id order, and what the walk found.

    `days[i]` is the announcement day of `points[i]`; `in_time[i]` says that it was not held.
    """

    points: tuple[Point, ...]
    days: tuple[date, ...]
    in_time: tuple[bool, ...]

    def spans(self, calendar: Calendar) -> dict[date, tuple[Span, ...]]:
        """The ids of each day: from behind the last in-time id before it to its own last one.

        A month's numbers start at 1, so its first day starts there. Where nothing is known of
        the announcement day before, a day starts at its own lowest in-time id: held papers below
        that cannot be told from the papers of the day before.
        """
        spans: dict[date, list[Span]] = {}
        previous: _Batch | None = None
        for batch in self._batches:
            after = batch.first - 1
            if previous and previous.day >= calendar.previous(batch.day):
                after = max(previous.last, month_start(batch.first))
            spans.setdefault(batch.day, []).append(Span(after, batch.last))
            previous = batch
        return {day: tuple(parts) for day, parts in spans.items()}

    def month_ends(self) -> list[int]:
        """The highest in-time id of each month that a later month follows.

        Held papers above it would stand in no span, so they are looked for behind these ids.
        """
        batches = self._batches
        return [
            batch.last
            for batch, following in pairwise(batches)
            if month_start(batch.last) != month_start(following.first)
        ]

    def run_on(self, day: date, following: date) -> bool:
        """Whether the in-time ids of `following` begin right behind the last one of `day`.

        Held papers stand at the start of what is announced together, so two batches are apart.
        """
        batches = self._batches
        ends = [batch.last for batch in batches if batch.day == day]
        starts = [batch.first for batch in batches if batch.day == following]
        return bool(ends and starts) and starts[0] == ends[-1] + 1

    @cached_property
    def _batches(self) -> list[_Batch]:
        """The in-time ids of one day in one month, in order."""
        batches: list[_Batch] = []
        last: _Batch | None = None
        for point, day in compress(zip(self.points, self.days, strict=True), self.in_time):
            place = point.sequence
            if last and last.day == day and month_start(last.first) == month_start(place):
                last.last = place
            else:
                last = _Batch(day, place, place)
                batches.append(last)
        return batches


@dataclass(slots=True)
class _Batch:
    day: date
    first: int
    last: int


def walk(points: Sequence[Point], calendar: Calendar) -> Walk:
    """Assign every point its announcement day; points ascend by sequence, without repeats.

    A held paper's day is that of the next in-time paper of its month, failing that of the last
    one before it, and never later than the day on which a run saw it.
    """
    run = _longest_non_decreasing([point.published for point in points])
    in_time = [False] * len(points)
    days: list[date] = []
    day: date | None = None
    cutoff = -1
    for index in run:
        point = points[index]
        in_time[index] = True
        before = day
        if day is None or point.published >= cutoff:  # times never go back: once a day is enough
            cutoff, day = calendar.cutoff_of_second(point.published)
        if len(days) < index:
            month = month_start(point.sequence)
            for held in points[len(days) : index]:
                found = day if held.sequence > month else before
                days.append(_day_of_held(held, found, calendar))
        days.append(min(day, point.seen))
    days += [_day_of_held(held, day, calendar) for held in points[len(days) :]]
    return Walk(tuple(points), tuple(days), tuple(in_time))


def _day_of_held(point: Point, found: date | None, calendar: Calendar) -> date:
    """The day found for it, or its calendar day, if it was not seen before that."""
    return min(found or calendar.day_of_second(point.published), point.seen)


def _longest_non_decreasing(values: Sequence[int]) -> list[int]:
    """Where a longest non-decreasing subsequence stands, n log n (patience sorting)."""
    ends: list[int] = []  # the smallest last value of a subsequence of each length
    where: list[int] = []  # where that last value stands
    before: list[int] = []  # what stands before each value in its subsequence, -1 at the start
    for index, value in enumerate(values):
        if not ends or value >= ends[-1]:  # nearly always: most papers are in time
            before.append(where[-1] if where else -1)
            ends.append(value)
            where.append(index)
        else:
            length = bisect_right(ends, value)
            before.append(where[length - 1] if length else -1)
            ends[length] = value
            where[length] = index
    found: list[int] = []
    index = where[-1] if where else -1
    while index >= 0:
        found.append(index)
        index = before[index]
    return found[::-1]
