"""The times of a week at which a workspace runs, whatever starts it.

Cron, launchd and GitHub know no time zone but one of their own, so the times of the configured zone
are put into theirs by the clocks of one week in January. That keeps an entry the same whenever it
is made; and where clocks change as they do in New York, by which arXiv announces, it keeps the
distance to the announcement as well.
"""

from __future__ import annotations

import hashlib
from collections import defaultdict
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta, tzinfo
from zoneinfo import ZoneInfo

from digest.config.cron import cron_trigger
from digest.config.values import DEFAULT_CRON
from digest.model.errors import UsageError

#: A Monday, and the same weekday in summer.
_WINTER = datetime(2026, 1, 5)  # noqa: DTZ001 - the clock of any zone
_SUMMER = datetime(2026, 7, 6)  # noqa: DTZ001
_WEEK = timedelta(days=7)

#: arXiv announces at 20:00 New York; the hours in which everybody asks.
_BUSY = frozenset((19, 20, 21))

#: Hours from a day's only run to the second one, the first of them that is not busy.
_LATER = (12, 9, 15)


@dataclass(frozen=True, order=True, slots=True)
class Time:
    """A time of the week; weekdays count as in `date.weekday`, Monday is 0."""

    weekday: int
    hour: int
    minute: int

    def __str__(self) -> str:
        return f"{self.hour:02}:{self.minute:02}"

    def at(self, week: datetime, zone: str) -> datetime:
        """That time in a week that begins with a Monday."""
        moment = week + timedelta(days=self.weekday, hours=self.hour, minutes=self.minute)
        return moment.replace(tzinfo=ZoneInfo(zone))


@dataclass(frozen=True, slots=True)
class Times:
    """Times with the minute and the weekdays in common."""

    weekdays: tuple[int, ...]
    hours: tuple[int, ...]
    minute: int


def weekly(expression: str, name: str) -> frozenset[Time]:
    """The times of a cron expression in a week.

    The default expression says the hour only: its minute follows from a workspace's name, so that
    not everybody asks arXiv in the same one. Raises UsageError if the weeks are not all alike.
    """
    if expression == DEFAULT_CRON:
        _, *rest = DEFAULT_CRON.split()
        expression = " ".join((str(_minute(name)), *rest))
    _, _, *days, _ = expression.split()
    if days != ["*", "*"]:
        raise UsageError(
            f"install: [schedule] cron: {expression!r} names days of the month or months",
            hint="Only a weekly schedule can be installed; `digest schedule` accepts any "
            "expression.",
        )
    return frozenset(_fires(expression))


def second_runs(times: frozenset[Time], zone: str) -> frozenset[Time]:
    """The times with one more for every day that has only one, for what came late.

    That is twelve hours later, or a little more or less where arXiv is busy then.
    """
    a_day = defaultdict(list)
    for time in times:
        a_day[time.weekday].append(time)
    seconds = (_later(only[0], zone) for only in a_day.values() if len(only) == 1)
    return times | frozenset(seconds)


def busy_times(times: Iterable[Time], zone: str) -> list[Time]:
    """Those in the hours when arXiv is busiest, one of each time of day."""
    return sorted({Time(0, t.hour, t.minute) for t in times if _is_busy(t, zone)})


def clock(times: Iterable[Time], zone: str, other: tzinfo | None) -> frozenset[Time]:
    """The times of a zone by the clock of another one, of this machine if None."""
    moments = (time.at(_WINTER, zone).astimezone(other) for time in times)
    return frozenset(Time(each.weekday(), each.hour, each.minute) for each in moments)


def together(times: Iterable[Time]) -> list[Times]:
    """The times as few entries: first by their weekdays, then by their minute."""
    weekdays = defaultdict(list)
    for time in sorted(times):
        weekdays[time.hour, time.minute].append(time.weekday)
    hours = defaultdict(list)
    for (hour, minute), days in sorted(weekdays.items()):
        hours[tuple(days), minute].append(hour)
    return [Times(days, tuple(each), minute) for (days, minute), each in hours.items()]


def cron_fields(times: Times) -> str:
    """Minute, hours, day, month and weekdays as crontab(5) has them."""
    days = sorted((day + 1) % 7 for day in times.weekdays)
    if len(days) == 7:
        week = "*"
    elif len(days) > 2 and days[-1] - days[0] == len(days) - 1:
        week = f"{days[0]}-{days[-1]}"
    else:
        week = _list(days)
    return f"{times.minute} {_list(times.hours)} * * {week}"


def _list(numbers: Iterable[int]) -> str:
    return ",".join(map(str, numbers))


def _minute(name: str) -> int:
    """Never near the full hour, when most timers of the world go off."""
    return 7 + int.from_bytes(hashlib.sha256(name.encode()).digest()[:4]) % 47


def _fires(expression: str) -> Iterator[Time]:
    trigger = cron_trigger(expression, "UTC")
    start = _WINTER.replace(tzinfo=UTC)
    fire = trigger.get_next_fire_time(None, start)
    while fire is not None and fire < start + _WEEK:
        yield Time(fire.weekday(), fire.hour, fire.minute)
        fire = trigger.get_next_fire_time(None, fire + timedelta(minutes=1))


def _later(time: Time, zone: str) -> Time:
    candidates = [_after(time, hours) for hours in _LATER]
    return next((each for each in candidates if not _is_busy(each, zone)), candidates[0])


def _after(time: Time, hours: int) -> Time:
    days, hour = divmod(time.hour + hours, 24)
    return Time((time.weekday + days) % 7, hour, time.minute)


def _is_busy(time: Time, zone: str) -> bool:
    new_york = ZoneInfo("America/New_York")
    hours = {time.at(week, zone).astimezone(new_york).hour for week in (_WINTER, _SUMMER)}
    return bool(hours & _BUSY)
