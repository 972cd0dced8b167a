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
from itertools import pairwise

from digest.fetcher.calendar import Calendar
from digest.model import Point, Span, month_start


@dataclass(frozen=True, slots=True)
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
        for batch in self._batches():
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
        batches = self._batches()
        return [
            batch.last
            for batch, following in pairwise(batches)
            if month_start(batch.last) != month_start(following.first)
        ]

    def run_on(self, day: date, following: date) -> bool:
        """Whether the in-time ids of `following` begin right behind the last one of `day`.

        Held papers stand at the start of what is announced together, so two batches are apart.
        """
        batches = self._batches()
        ends = [batch.last for batch in batches if batch.day == day]
        starts = [batch.first for batch in batches if batch.day == following]
        return bool(ends and starts) and starts[0] == ends[-1] + 1

    def _batches(self) -> list[_Batch]:
        """The in-time ids of one day in one month, in order."""
        batches: list[_Batch] = []
        for point, day, in_time in zip(self.points, self.days, self.in_time, strict=True):
            if not in_time:
                continue
            last = batches[-1] if batches else None
            if last and last.day == day and month_start(last.last) == month_start(point.sequence):
                last.last = point.sequence
            else:
                batches.append(_Batch(day, point.sequence, point.sequence))
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
    in_time = _longest_non_decreasing([point.published for point in points])
    calendar_days = [
        calendar.day_of_second(point.published) if kept else None
        for point, kept in zip(points, in_time, strict=True)
    ]
    above: list[date | None] = [None] * len(points)
    day_above: date | None = None
    month = None
    for index in range(len(points) - 1, -1, -1):
        if month != month_start(points[index].sequence):
            month, day_above = month_start(points[index].sequence), None
        day_above = calendar_days[index] or day_above
        above[index] = day_above
    days: list[date] = []
    below: date | None = None
    for point, own, next_day in zip(points, calendar_days, above, strict=True):
        below = own or below
        found = own or next_day or below or calendar.day_of_second(point.published)
        days.append(min(found, point.seen))
    return Walk(tuple(points), tuple(days), tuple(in_time))


def _longest_non_decreasing(values: Sequence[int]) -> list[bool]:
    """Which values belong to a longest non-decreasing subsequence, n log n (patience sorting)."""
    ends: list[int] = []  # the smallest last value of a subsequence of each length
    where: list[int] = []  # where that last value stands
    before: list[int] = []  # what stands before each value in its subsequence, -1 at the start
    for index, value in enumerate(values):
        length = bisect_right(ends, value)
        before.append(where[length - 1] if length else -1)
        if length == len(ends):
            ends.append(value)
            where.append(index)
        else:
            ends[length] = value
            where[length] = index
    kept = [False] * len(values)
    index = where[-1] if where else -1
    while index >= 0:
        kept[index] = True
        index = before[index]
    return kept
