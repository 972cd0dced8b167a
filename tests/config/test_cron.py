"""Cron expressions mean what crontab(5) says, also where APScheduler counts otherwise."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from digest.config.cron import cron_problem, cron_trigger

SUNDAY = datetime(2025, 11, 23, tzinfo=UTC)
DAYS = ("sun", "mon", "tue", "wed", "thu", "fri", "sat")


def week(expression: str) -> str:
    """The weekdays on which an expression fires in one week that begins on a Sunday."""
    trigger = cron_trigger(expression, "UTC")
    fires = []
    moment: datetime | None = SUNDAY
    while moment is not None:
        moment = trigger.get_next_fire_time(None, moment)
        if moment is None or moment >= SUNDAY + timedelta(days=7):
            break
        fires.append(DAYS[(moment.weekday() + 1) % 7])
        moment += timedelta(minutes=1)
    return " ".join(fires)


@pytest.mark.parametrize(
    ("field", "days"),
    [
        ("*", "sun mon tue wed thu fri sat"),
        ("1-5", "mon tue wed thu fri"),
        ("0", "sun"),
        ("7", "sun"),
        ("5-7", "sun fri sat"),
        ("1,3,5", "mon wed fri"),
        ("*/2", "sun tue thu sat"),
        ("1-5/2", "mon wed fri"),
        ("mon-fri", "mon tue wed thu fri"),
        ("Sun-Tue", "sun mon tue"),
        ("sat-sun", "sun sat"),
    ],
)
def test_weekdays_are_those_of_cron(field: str, days: str) -> None:
    assert week(f"30 6 * * {field}") == days


def test_the_time_is_that_of_the_time_zone() -> None:
    trigger = cron_trigger("30 6 * * *", "Asia/Tokyo")
    assert trigger.get_next_fire_time(None, SUNDAY) == datetime(2025, 11, 23, 21, 30, tzinfo=UTC)


@pytest.mark.parametrize(
    ("expression", "named"),
    [
        ("", "0 fields"),
        ("30 6 * * 1-5 2025", "6 fields"),
        ("60 * * * *", "60"),
        ("* 24 * * *", "24"),
        ("x * * * *", "x"),
        ("* * * * 8", "'8' is not a valid weekday"),
        ("* * * * 5-1", "'5-1' is not a valid weekday"),
        ("* * * * mon#1", "is not a valid weekday"),
        ("* * * * ,", "'' is not a valid weekday"),
    ],
)
def test_what_is_wrong_with_an_expression_is_named(expression: str, named: str) -> None:
    problem = cron_problem(expression)
    assert problem is not None
    assert named in problem


def test_a_right_expression_has_no_problem() -> None:
    assert cron_problem("*/15 0-6 1,15 jan-mar mon") is None
