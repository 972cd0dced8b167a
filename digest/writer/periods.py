"""Which announcement days a digest day holds."""

from __future__ import annotations

from collections.abc import Set
from datetime import date, timedelta

from digest.model import Period

_DAY = timedelta(days=1)


class DigestDays:
    """The weekdays on which a digest appears; each digest holds the days since the one before.

    `weekdays` are numbers from Monday, 0; at least one.
    """

    def __init__(self, weekdays: Set[int]) -> None:
        self._weekdays = weekdays

    def latest(self, upto: date) -> Period:
        """The period of the last digest day that is not after `upto`."""
        last = self._back(upto)
        return Period(last, self._back(last - _DAY))

    def between(self, first: date, last: date) -> list[Period]:
        """The periods of the digest days from `first` to `last`, ascending."""
        days = (first + n * _DAY for n in range((last - first).days + 1))
        return [self.latest(day) for day in days if day.weekday() in self._weekdays]

    def _back(self, day: date) -> date:
        while day.weekday() not in self._weekdays:
            day -= _DAY
        return day
