"""Cron expressions, as crontab(5) writes them. APScheduler's only home."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from apscheduler.triggers.cron import CronTrigger

_NAMES = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")
_NAME = re.compile("|".join(_NAMES), re.IGNORECASE)
_NUMBERS = re.compile(r"(?:([0-7])(?:-([0-7]))?|\*)(?:/([1-9]))?")


def cron_problem(expression: str, timezone: str = "UTC") -> str | None:
    """Why a cron expression of five fields cannot be used; None if it can."""
    try:
        cron_trigger(expression, timezone)
    except (ValueError, OverflowError) as error:
        return f"{expression!r} is no cron expression: {error}"
    return None


def cron_trigger(expression: str, timezone: str) -> CronTrigger:
    """APScheduler's trigger for a cron expression. Raises ValueError if it is none."""
    from apscheduler.triggers.cron import CronTrigger

    fields = expression.split()
    if len(fields) != 5:
        raise ValueError(f"it has {len(fields)} fields and not five")
    *rest, weekdays = fields
    named = ",".join(map(_weekdays, weekdays.split(",")))
    return CronTrigger.from_crontab(" ".join((*rest, named)), timezone)


def _weekdays(part: str) -> str:
    """One item of cron's weekday field with a name for each of its days.

    Cron counts from Sunday, 0 or 7; APScheduler counts from Monday, 0, and would run
    `1-5` from Tuesday to Saturday.
    """
    match = _NUMBERS.fullmatch(_NAME.sub(lambda name: str(_NAMES.index(name[0].lower())), part))
    numbers = _numbers(*match.groups()) if match else ()
    if not numbers:
        raise ValueError(f"{part!r} names no weekday (0 to 7, Sunday is both, or sun to sat)")
    return ",".join(_NAMES[number % 7] for number in numbers)


def _numbers(first: str | None, last: str | None, step: str | None) -> Sequence[int]:
    if first is None:
        return range(0, 7, int(step or 1))
    start, end = int(first), int(last or (6 if step else first))
    if end == 0 < start:
        end = 7  # `sat-sun`: the Sunday at the end of the week
    return range(start, end + 1, int(step or 1))
