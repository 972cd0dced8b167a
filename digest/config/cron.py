"""Cron expressions, as crontab(5) writes them, by the clock of a time zone.

APScheduler finds the times, and three things are put right here. It counts weekdays from Monday.
Where day and weekday are both named it wants both, and cron either. And on the days on which clocks
change it loses some times and doubles others: here it only reads the face of a clock that never
changes, and what the face shows is looked for in the time zone.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from datetime import UTC, datetime, timedelta
from itertools import islice
from zoneinfo import ZoneInfo

from apscheduler.triggers.base import BaseTrigger
from apscheduler.triggers.cron import CronTrigger

_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAME = re.compile("|".join(_NAMES), re.IGNORECASE)
_NUMBERS = re.compile(r"(?:([0-7])(?:-([0-7]))?|\*)(?:/([1-9]))?")

#: APScheduler's names of the other fields, and what messages call them.
_FIELDS = (
    ("minute", "minute (0 to 59)"),
    ("hour", "hour (0 to 23)"),
    ("day", "day of the month (1 to 31)"),
    ("month", "month (1 to 12, or jan to dec)"),
)

#: From here on an expression is asked whether there is any time at all.
_ANY_MOMENT = datetime(2026, 1, 1, tzinfo=UTC)

_MOMENT = timedelta(microseconds=1)

#: Clocks are never set by more than that.
_CHANGE = timedelta(hours=3)


class CronTimes(BaseTrigger):  # type: ignore[misc]
    """The times of a cron expression in a time zone. Raises ValueError if it is invalid.

    A time that clocks leave out when they are set forward comes as much later as they are set. One
    that they show twice when they are set back counts once, unless the hour is `*` or `*/n`.
    """

    def __init__(self, expression: str, timezone: str) -> None:
        fields = expression.split()
        if len(fields) != 5:
            raise ValueError(f"it has {len(fields)} fields and not five")
        minute, hour, day, month, weekday = fields
        _check(fields)
        named = ",".join(map(_weekdays, weekday.split(",")))
        days = [(day, named)]
        if not day.startswith("*") and not weekday.startswith("*"):
            days = [(day, "*"), ("*", named)]
        self._faces = [
            CronTrigger.from_crontab(" ".join((minute, hour, of_month, month, of_week)), UTC)
            for of_month, of_week in days
        ]
        self._zone = ZoneInfo(timezone)
        self._is_hourly = hour.startswith("*")

    def get_next_fire_time(self, previous: datetime | None, now: datetime) -> datetime | None:
        """The first time at `now` or later, after it if there was one before; None if none."""
        # After a time asleep it is the next one that counts, and not all those slept through.
        start = (now if previous is None else now + _MOMENT).astimezone(UTC)
        found = [each for face in self._faces if (each := self._next(face, start))]
        return min(found).astimezone(self._zone) if found else None

    def _next(self, face: CronTrigger, start: datetime) -> datetime | None:
        """The first instant from `start` on at which clocks show a time of the expression."""
        best: datetime | None = None
        shown = self._shown(start)
        if self._shown(start - _CHANGE) - self._shown(start + _CHANGE) != -2 * _CHANGE:
            shown -= _CHANGE  # clocks change about now, and show some times out of order
        while shown := face.get_next_fire_time(None, shown):
            if best and self._shown(best) < shown:
                break
            instants = [each for each in self._instants(shown) if each >= start]
            best = min([*instants, best] if best else instants, default=None)
            shown += _MOMENT
        return best

    def _instants(self, shown: datetime) -> list[datetime]:
        """When clocks show a time."""
        first, second = (
            shown.replace(tzinfo=self._zone, fold=fold).astimezone(UTC) for fold in (0, 1)
        )
        # The second one is before the first where clocks leave the time out.
        return [first, second] if self._is_hourly and first < second else [first]

    def _shown(self, instant: datetime) -> datetime:
        """What clocks show, as a time in UTC."""
        return instant.astimezone(self._zone).replace(tzinfo=UTC, fold=0)


def cron_problem(expression: str, timezone: str = "UTC") -> str | None:
    """Why a cron expression of five fields cannot be used; None if it can."""
    try:
        first = cron_trigger(expression, timezone).get_next_fire_time(None, _ANY_MOMENT)
    except (ValueError, OverflowError) as error:
        return f"{expression!r} is not a valid cron expression: {error}"
    return None if first else f"{expression!r} matches no day of any year"


def cron_trigger(expression: str, timezone: str) -> CronTimes:
    """The times of a cron expression. Raises ValueError if it is invalid."""
    return CronTimes(expression, timezone)


def next_times(expression: str, timezone: str, after: datetime, count: int) -> Sequence[datetime]:
    """The next times after a moment, in the time zone; at most `count`."""
    return list(islice(_times(cron_trigger(expression, timezone), after), count))


def _times(trigger: CronTimes, after: datetime) -> Iterator[datetime]:
    moment = trigger.get_next_fire_time(after, after)
    while moment:
        yield moment
        moment = trigger.get_next_fire_time(moment, moment.astimezone(UTC))


def _check(fields: Sequence[str]) -> None:
    """Raises ValueError for the first field but that of weekdays that names no time."""
    for (name, called), text in zip(_FIELDS, fields, strict=False):
        try:
            CronTrigger(timezone=UTC, **{name: text})
        except ValueError:
            raise ValueError(f"{text!r} is not a valid {called}") from None


def _weekdays(part: str) -> str:
    """One item of cron's weekday field with a name for each of its days.

    Cron counts from Sunday, 0 or 7; APScheduler counts from Monday, 0, and would run
    `1-5` from Tuesday to Saturday.
    """
    match = _NUMBERS.fullmatch(_NAME.sub(lambda name: str(_NAMES.index(name[0].lower())), part))
    numbers = _numbers(*match.groups()) if match else ()
    if not numbers:
        raise ValueError(f"{part!r} is not a valid weekday (0 to 7, Sunday is both, or sun to sat)")
    return ",".join(_NAMES[number % 7] for number in numbers)


def _numbers(first: str | None, last: str | None, step: str | None) -> Sequence[int]:
    if first is None:
        return range(0, 7, int(step or 1))
    start, end = int(first), int(last or (6 if step else first))
    if end == 0 < start:
        end = 7  # `sat-sun`: the Sunday at the end of the week
    return range(start, end + 1, int(step or 1))
