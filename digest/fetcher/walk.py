"""The announcement-day walk: which day each paper was announced, read off arXiv's id sequence.

arXiv assigns ids at announcement, in one sequence a month, and numbers a batch in order of
submission, held papers first since they are older. So a batch is nearly one ascending run of
submission times, and the order falls where the next batch begins. The same order proves coverage:
between two days' last ids, every number is a paper of the later day.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from itertools import accumulate, groupby, pairwise, zip_longest

from digest.fetcher.calendar import Calendar
from digest.model import Point, Span, month_start

#: The version of the rule: what an earlier one found is found anew.
RULE = 2

#: At most so many held papers with one calendar day begin a batch: a day has about 250 held ones.
_MOST_HELD = 400


@dataclass(frozen=True, slots=True)
class Batch:
    """What was announced on a day in one month: the points from `start` up to `end`.

    `first` is the first one in time. All are indices of the walk's points.
    """

    day: date
    start: int
    first: int
    end: int


@dataclass(frozen=True, slots=True)
class Walk:
    """The points of a stretch of the sequence in id order, and what the walk found.

    `days[i]` is the announcement day of `points[i]`.
    """

    points: tuple[Point, ...]
    days: tuple[date, ...]
    batches: tuple[Batch, ...]

    def spans(self, calendar: Calendar) -> dict[date, tuple[Span, ...]]:
        """The ids of each day: from behind the last id of the day before to its own last one.

        Where numbers are not known between the in-time ids of the day before and its own, they may
        be held papers of its own, and its span begins below the first of them. So spans of two days
        overlap until these are known. A month's numbers start at 1, so its first day starts there.
        Where nothing is known of the announcement day before, a day starts at its own first in-time
        id: held papers below that cannot be told from the papers of the day before.
        """
        spans: dict[date, list[Span]] = {}
        previous: Batch | None = None
        for batch in self.batches:
            first, last = self._place(batch.first), self._place(batch.end - 1)
            after = first - 1
            if self._is_first(batch, calendar):
                after = month_start(first)
            elif previous and previous.day == calendar.previous(batch.day):
                after = self._known_end(previous)
            spans.setdefault(batch.day, []).append(Span(after, last))
            previous = batch
        return {day: tuple(parts) for day, parts in spans.items()}

    def month_ends(self, days: Collection[date], calendar: Calendar) -> list[int]:
        """The highest ids of months that end with one of these days, and that a later one follows.

        Held papers above it would stand in no span, so they are looked for behind these ids.
        """
        ends = []
        for batch, following in pairwise(self.batches):
            last = self._place(batch.end - 1)
            is_end = month_start(last) != month_start(self._place(following.first))
            if is_end and batch.day in days and batch.day == calendar.id_month(last)[1]:
                ends.append(last)
        return ends

    def begins(self, day: date, calendar: Calendar, *, before_was_seen: bool) -> bool:
        """Whether it is known where a day begins: by the day before it, or as its month's first.

        Held papers alone would show the day before in the wrong place, so it must have been seen.
        """
        before = calendar.previous(day)
        return any(
            batch.day == day
            and (
                self._is_first(batch, calendar)
                or (before_was_seen and index > 0 and self.batches[index - 1].day == before)
            )
            for index, batch in enumerate(self.batches)
        )

    def end(self, day: date, calendar: Calendar) -> int | None:
        """The last id that may be one of a day, by the first in-time one of the following day.

        None if that is not known. What stands in between is of the one or of the other.
        """
        for batch, following in pairwise(self.batches):
            if batch.day == day and following.day == calendar.following(day):
                last, first = self._place(batch.end - 1), self._place(following.first)
                return first - 1 if month_start(first) == month_start(last) else last
        return None

    def places_of_others(self, day: date) -> set[int]:
        """The places of the known papers of all other days."""
        return {
            point.sequence for point, of in zip(self.points, self.days, strict=True) if of != day
        }

    def places(self, day: date) -> set[int]:
        """The known ids of a day."""
        return {
            point.sequence
            for batch in self.batches
            if batch.day == day
            for point in self.points[batch.start : batch.end]
        }

    def run_on(self, day: date, following: date) -> bool:
        """Whether the in-time ids of `following` begin right behind the last id of `day`.

        Held papers stand at the start of what is announced together, so two batches are apart.
        """
        ends = [batch for batch in self.batches if batch.day == day]
        starts = [batch for batch in self.batches if batch.day == following]
        return (
            bool(ends and starts)
            and self._place(starts[0].first) == self._place(ends[-1].end - 1) + 1
        )

    def held_before(self, day: date) -> int:
        """How many papers of a day stand before its first one in time."""
        return sum(batch.first - batch.start for batch in self.batches if batch.day == day)

    def _is_first(self, batch: Batch, calendar: Calendar) -> bool:
        """Whether nothing of its month comes before it: by its day, or by the number 1."""
        place = self._place(batch.start)
        return batch.day == calendar.id_month(place)[0] or place == month_start(place) + 1

    def _known_end(self, batch: Batch) -> int:
        """The last id of a batch, or the last one below the first number that is not known.

        One that many papers of the batch follow is surely of that batch.
        """
        indices = range(max(batch.first, batch.end - _MOST_HELD), batch.end)
        return next(
            (
                self._place(index)
                for index in indices[:-1]
                if self._place(index) + 1 != self._place(index + 1)
            ),
            self._place(batch.end - 1),
        )

    def _place(self, index: int) -> int:
        return self.points[index].sequence


def walk(points: Sequence[Point], calendar: Calendar) -> Walk:
    """Assign every point its announcement day; points ascend by sequence, without repeats.

    Each month stands alone, and in it each day, from its first paper in time to the first one of
    the next day. So later ids change no day that another one follows. No paper's day is later
    than the day on which a run saw it.
    """
    batches: list[Batch] = []
    start = 0
    for month, members in groupby(points, key=lambda point: month_start(point.sequence)):
        papers = tuple(members)
        batches += _batches(papers, start, calendar, calendar.id_month(month))
        start += len(papers)
    days = (
        min(batch.day, point.seen) for batch in batches for point in points[batch.start : batch.end]
    )
    return Walk(tuple(points), tuple(days), tuple(batches))


def _batches(
    points: Sequence[Point], offset: int, calendar: Calendar, bounds: tuple[date, date]
) -> Iterator[Batch]:
    """The batches of one month, whose first and last day are `bounds`; `offset` points precede."""
    earliest, latest = bounds
    own = [min(max(calendar.day_of_second(point.published), earliest), latest) for point in points]
    firsts = list(_firsts(points, own))
    start = 0
    for first, following in zip_longest(firsts, firsts[1:]):
        end = len(points)
        if following is not None:
            end = first + _size(points[first : following + 1], own[first : following + 1])
        yield Batch(own[first], offset + start, offset + first, offset + end)
        start = end


def _firsts(points: Sequence[Point], own: Sequence[date]) -> Iterator[int]:
    """The first paper in time of each day: its calendar day is above those of all before it.

    A single one with a wrong time is passed over: the papers around it are in order without it.
    """
    top = date.min
    for index, day in enumerate(own):
        if day > top and not _is_stray(points, index):
            top = day
            yield index


def _is_stray(points: Sequence[Point], index: int) -> bool:
    if not 0 < index < len(points) - 1:
        return False
    before, paper, after = (points[place].published for place in range(index - 1, index + 2))
    return before <= after < paper


def _size(points: Sequence[Point], own: Sequence[date]) -> int:
    """How many papers a day has, of those from its first in time to the next day's, included.

    `own` are their calendar days. Of all places for the boundary it is the one with the longest
    ascending runs on both sides, less a third for each paper behind it whose calendar day is the
    earlier one; on a tie the latest. A paper seen before the next day is before it.
    """
    day, following = own[0], own[-1]
    times = [point.published for point in points]
    before = _run_lengths(times)
    behind = _run_lengths([-time for time in reversed(times)])[::-1]
    late = [*accumulate(day == other for other in reversed(own))][::-1]
    least = max(
        (index + 1 for index, point in enumerate(points[:-1]) if point.seen < following), default=1
    )
    return max(
        range(least, len(points)),
        key=lambda size: (3 * (before[size - 1] + behind[size]) - late[size], size),
    )


def _run_lengths(times: Sequence[int]) -> list[int]:
    """How long the longest run is that never goes back, in the first papers, for each number.

    n log n (patience sorting).
    """
    ends: list[int] = []  # the smallest last time of a run of each length
    lengths: list[int] = []
    for time in times:
        if not ends or time >= ends[-1]:  # nearly always: most papers are in order
            ends.append(time)
        else:
            ends[bisect_right(ends, time)] = time
        lengths.append(len(ends))
    return lengths
