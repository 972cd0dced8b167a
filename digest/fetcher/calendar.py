"""When arXiv makes a submission public: its published schedule, as data and pure functions.

Monday to Friday has a cutoff; what came in before it is announced together, at 20:00 New York
time of the same day, Friday's batch on Sunday (https://info.arxiv.org/help/availability.html).
In UTC that is midnight (summer) or one o'clock (winter) of the following day, so announcement
days run from Monday to Friday.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from functools import cache
from hashlib import sha256
from zoneinfo import ZoneInfo

from digest.fetcher.deferrals import DEFERRED
from digest.model import Window

NEW_YORK = ZoneInfo("America/New_York")
PUBLIC_AT = time(20, 0)

#: arXiv's first day; nothing is older.
FIRST_DAY = date(1991, 8, 14)


@dataclass(frozen=True, slots=True)
class Era:
    """A time of one cutoff: `cutoff` in New York, on every cutoff day from `since` on."""

    since: date
    cutoff: time


#: The cutoff was 16:00 until the end of 2016 and has been 14:00 since.
ERAS = (Era(FIRST_DAY, time(16, 0)), Era(date(2017, 1, 1), time(14, 0)))

_FRIDAY = 4
_DAY = timedelta(days=1)
_HOUR = 3600
_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)


class Calendar:
    """arXiv's announcement schedule, with more deferred cutoff days than the published ones."""

    def __init__(self, deferred: Iterable[date] = ()) -> None:
        self._deferred = DEFERRED | frozenset(deferred)
        self._year = cache(self._cutoffs_of_year)
        self._day_of_hour = cache(self._day_of_one_hour)

    def put_off(self, day: date) -> None:
        """Learn that arXiv announced nothing on a day: its papers came on the following one."""
        cutoff_day = _cutoff_day(day)
        if cutoff_day is not None:
            self._deferred |= {cutoff_day}
            self._year.cache_clear()
            self._day_of_hour.cache_clear()

    @property
    def name(self) -> str:
        """Tells calendars apart: equal for equal days put off."""
        days = " ".join(day.isoformat() for day in sorted(self._deferred))
        return sha256(days.encode()).hexdigest()[:12]

    def day_of(self, submitted: datetime) -> date:
        """The announcement day of a paper submitted at that moment and not held.

        A paper of the cutoff's very second belongs to the next announcement.
        """
        return self.day_of_second(int(submitted.timestamp()))

    def day_of_second(self, submitted: int) -> date:
        """`day_of`, for seconds since 1970."""
        return self._day_of_hour(submitted // _HOUR)  # every cutoff is on the hour

    def id_month(self, sequence: int) -> tuple[date, date]:
        """The first and the last announcement day of the month that a place of ids belongs to.

        An id's month is that of the cutoff day in New York: of 2025-06-02, which has Friday's
        papers, the ids begin with 2505 (26 of 26 months that were looked at).
        """
        year, month = divmod(sequence // 100_000, 100)
        first = date(2000 + year, month, 1)
        last = (first + 31 * _DAY).replace(day=1) - _DAY
        while not self._has_cutoff(first):
            first += _DAY
        while not self._has_cutoff(last):
            last -= _DAY
        return _announced(first), _announced(last)

    def first_place(self, day: date) -> int:
        """The place before the first id of the month that an announcement day's ids belong to."""
        cutoff_day = day - (3 * _DAY if day.weekday() == 0 else _DAY)
        return (cutoff_day.year % 100 * 100 + cutoff_day.month) * 100_000

    def window(self, day: date) -> Window | None:
        """The submission times announced on a day; None if the schedule has none on it."""
        cutoff_day = _cutoff_day(day)
        if cutoff_day is None or not self._has_cutoff(cutoff_day):
            return None
        previous = cutoff_day - _DAY
        while not self._has_cutoff(previous):
            previous -= _DAY
        return Window(_cutoff(previous), _cutoff(cutoff_day))

    def is_announcement_day(self, day: date) -> bool:
        """Whether the schedule has an announcement on that UTC date."""
        cutoff_day = _cutoff_day(day)
        return cutoff_day is not None and self._has_cutoff(cutoff_day)

    def days(self, first: date, last: date) -> list[date]:
        """The announcement days from `first` to `last`, both included."""
        length = (last - first).days + 1
        every = (first + timedelta(days=n) for n in range(length))
        return [day for day in every if self.is_announcement_day(day)]

    def latest(self, now: datetime) -> date:
        """The last announcement day that is public by now."""
        day = now.date()
        while not (self.is_announcement_day(day) and public_at(day) <= now):
            day -= _DAY
        return day

    def next(self, now: datetime) -> datetime:
        """When arXiv next makes papers public."""
        day = now.date()
        while not (self.is_announcement_day(day) and public_at(day) > now):
            day += _DAY
        return public_at(day)

    def previous(self, day: date) -> date:
        """The announcement day before a date."""
        day -= _DAY
        while not self.is_announcement_day(day):
            day -= _DAY
        return day

    def following(self, day: date) -> date:
        """The announcement day after a date."""
        day += _DAY
        while not self.is_announcement_day(day):
            day += _DAY
        return day

    def _has_cutoff(self, day: date) -> bool:
        return day.weekday() <= _FRIDAY and day not in self._deferred

    def _day_of_one_hour(self, hour: int) -> date:
        submitted = hour * _HOUR
        year = (_EPOCH + timedelta(seconds=submitted)).year
        while True:
            cutoffs, days = self._year(year)
            index = bisect_right(cutoffs, submitted)
            if index < len(cutoffs):
                return days[index]
            year += 1

    def _cutoffs_of_year(self, year: int) -> tuple[list[int], list[date]]:
        """Seconds of the year's cutoffs, ascending, and the announcement day of each."""
        first = date(year, 1, 1)
        days = [first + timedelta(days=n) for n in range(366)]
        days = [day for day in days if day.year == year and self._has_cutoff(day)]
        return [int(_cutoff(day).timestamp()) for day in days], [_announced(day) for day in days]


def public_at(day: date) -> datetime:
    """The moment at which an announcement day's papers become public: 20:00 New York before it."""
    return datetime.combine(day - _DAY, PUBLIC_AT, NEW_YORK).astimezone(UTC)


def _cutoff(day: date) -> datetime:
    era = next(era for era in reversed(ERAS) if day >= era.since or era is ERAS[0])
    return datetime.combine(day, era.cutoff, NEW_YORK).astimezone(UTC)


def _announced(cutoff_day: date) -> date:
    return cutoff_day + (3 * _DAY if cutoff_day.weekday() == _FRIDAY else _DAY)


def _cutoff_day(day: date) -> date | None:
    """The cutoff day whose batch is announced on a UTC date; None on Saturday and Sunday."""
    if day.weekday() > _FRIDAY:
        return None
    return day - (3 * _DAY if day.weekday() == 0 else _DAY)
