"""Which announcement days a digest day holds."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta

from digest.model import Period

_DAY = timedelta(days=1)
_FRIDAY = 4


class DigestDays:
    """The days on which a digest appears; each digest holds the days since the one before.

    `weekdays` are numbers from Monday, 0; with `month_end` the last Monday-to-Friday day of every
    month is one, too. There is at least one.
    """

    def __init__(self, weekdays: Set[int], *, month_end: bool = False) -> None:
        self._weekdays = weekdays
        self._month_end = month_end

    def latest(self, upto: date) -> Period:
        """The period of the last digest day that is not after `upto`."""
        last = self._back(upto)
        return Period.since(last, self._back(last - _DAY))

    def next(self, since: date) -> date:
        """The first digest day that is not before `since`."""
        while not self._is_one(since):
            since += _DAY
        return since

    def between(self, first: date, last: date) -> list[Period]:
        """The periods of the digest days from `first` to `last`, ascending."""
        days = (first + n * _DAY for n in range((last - first).days + 1))
        return [self.latest(day) for day in days if self._is_one(day)]

    def _is_one(self, day: date) -> bool:
        return day.weekday() in self._weekdays or (self._month_end and _ends_month(day))

    def _back(self, day: date) -> date:
        while not self._is_one(day):
            day -= _DAY
        return day


def _ends_month(day: date) -> bool:
    """Whether a Monday-to-Friday day is the last such day of its month."""
    following = day + (3 * _DAY if day.weekday() == _FRIDAY else _DAY)
    return day.weekday() <= _FRIDAY and following.month != day.month
