"""When `digest schedule` runs: on days on which clocks change, after a failure, by a clock set."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from itertools import pairwise
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config.cron import cron_problem, next_times
from digest.runs.alarm import Alarm, Retries, Ring
from digest.runs.service import time_line

BERLIN, NEW_YORK = "Europe/Berlin", "America/New_York"
NOON = datetime(2026, 3, 10, 12, tzinfo=UTC)
DAY = timedelta(days=1)
SECOND = timedelta(seconds=1)


def fires(expression: str, zone: str, day: date, days: int = 1) -> list[str]:
    """The times from the start of a day of the zone on, as its clocks show them."""
    start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone))
    end = datetime.combine(day + days * DAY, start.time(), ZoneInfo(zone))
    found = next_times(expression, zone, start.astimezone(UTC) - timedelta(seconds=1), 48 * days)
    return [f"{each:%d %H:%M %Z}" for each in found if each < end]


@pytest.mark.parametrize(
    ("expression", "zone", "day", "times"),
    [
        ("30 6 * * *", BERLIN, date(2026, 3, 29), ["29 06:30 CEST"]),
        ("30 6 * * *", BERLIN, date(2026, 10, 25), ["25 06:30 CET"]),
        # 02:30 is not there on the one day, and twice there on the other.
        ("30 2 * * *", BERLIN, date(2026, 3, 29), ["29 03:30 CEST"]),
        ("30 2 * * *", BERLIN, date(2026, 10, 25), ["25 02:30 CEST"]),
        ("30 2 * * *", NEW_YORK, date(2026, 3, 8), ["08 03:30 EDT"]),
        ("30 1 * * *", NEW_YORK, date(2026, 11, 1), ["01 01:30 EDT"]),
        ("0 2,3 * * *", BERLIN, date(2026, 3, 29), ["29 03:00 CEST"]),
        ("30 2,20 * * *", NEW_YORK, date(2026, 3, 8), ["08 03:30 EDT", "08 20:30 EDT"]),
        ("30 6 29 2 *", BERLIN, date(2028, 2, 29), ["29 06:30 CET"]),
    ],
)
def test_where_clocks_change_a_run_is_neither_lost_nor_doubled(
    expression: str, zone: str, day: date, times: list[str]
) -> None:
    assert fires(expression, zone, day) == times


@pytest.mark.parametrize(
    ("zone", "day", "hours"),
    [
        (BERLIN, date(2026, 3, 29), 23),
        (BERLIN, date(2026, 10, 25), 25),
        (NEW_YORK, date(2026, 3, 8), 23),
        (NEW_YORK, date(2026, 11, 1), 25),
    ],
)
def test_every_hour_is_every_hour_that_passes(zone: str, day: date, hours: int) -> None:
    assert len(set(fires("30 * * * *", zone, day))) == hours


@given(
    hour=st.integers(0, 23),
    minute=st.integers(0, 59),
    year=st.integers(2020, 2035),
    # In Santiago clocks change at midnight, on Lord Howe Island by half an hour.
    zone=st.sampled_from([BERLIN, NEW_YORK, "America/Santiago", "Australia/Lord_Howe"]),
)
@settings(max_examples=25)
def test_around_every_change_of_clocks_a_time_of_day_comes_once_a_day(
    hour: int, minute: int, year: int, zone: str
) -> None:
    for day in changes(year, zone):
        start = datetime(day.year, day.month, day.day, tzinfo=ZoneInfo(zone)) - 2 * DAY
        times = next_times(f"{minute} {hour} * * *", zone, start - SECOND, 5)
        days = [each.date() - day for each in times]
        assert days == [n * DAY for n in (-2, -1, 0, 1, 2)]


def changes(year: int, zone: str) -> list[date]:
    """The days on which clocks change."""
    noons = [datetime(year, 1, 1, 12, tzinfo=ZoneInfo(zone)) + n * DAY for n in range(365)]
    found = [
        noon.date() for before, noon in pairwise(noons) if before.utcoffset() != noon.utcoffset()
    ]
    assert found
    return found


def test_day_and_weekday_are_either_of_them_as_cron_has_it() -> None:
    days = [each.day for each in next_times("0 6 13 * 5", "UTC", NOON, 4)]
    assert days == [13, 20, 27, 3]
    assert [each.day for each in next_times("0 6 15 * 5", "UTC", NOON, 3)] == [13, 15, 20]
    assert [each.day for each in next_times("0 6 */10 * 5", "UTC", NOON, 1)] == [1]


def test_an_expression_without_a_day_is_a_mistake() -> None:
    assert cron_problem("0 6 31 2 *") == "'0 6 31 2 *' matches no day of any year"
    assert cron_problem("0 6 29 2 *") is None


@pytest.mark.parametrize(
    ("zone", "line"),
    [
        ("UTC", "Mon 2026-11-23 22:30 UTC"),
        (BERLIN, "Mon 2026-11-23 23:30 CET (22:30 UTC)"),
        ("Asia/Tokyo", "Tue 2026-11-24 07:30 JST (22:30 UTC, 2026-11-23)"),
    ],
)
def test_a_time_is_told_with_its_zone_and_in_utc(zone: str, line: str) -> None:
    moment = datetime(2026, 11, 23, 22, 30, tzinfo=UTC)
    assert time_line(moment.astimezone(ZoneInfo(zone))) == line


# Trying again.


def test_pauses_grow_from_a_quarter_of_an_hour_to_four_hours() -> None:
    retries = Retries()
    moments = [retries.after(NOON, None) for _ in range(7)]
    assert [moment and (moment - NOON) / timedelta(minutes=15) for moment in moments] == [
        *(1, 2, 4, 8, 16),
        *(16, 16),
    ]
    retries.reset()
    assert retries.after(NOON, None) == moments[0]


@settings(max_examples=40)
@given(st.lists(st.one_of(st.none(), st.integers(0, 3000)), max_size=12))
def test_no_retry_is_set_for_the_time_of_a_regular_run_or_a_later_one(
    minutes: list[int | None],
) -> None:
    retries = Retries()
    for left in minutes:
        regular = None if left is None else NOON + timedelta(minutes=left)
        moment = retries.after(NOON, regular)
        assert moment is None or moment >= NOON + timedelta(minutes=15)
        assert moment is None or regular is None or moment < regular


# The alarm, with APScheduler's thread. What it waits for is long over, so it takes no time.


def test_what_passed_while_nobody_waited_rings_once() -> None:
    with Alarm(lambda: datetime.now(UTC)) as alarm:
        alarm.set("0 0 1 1 *", "UTC")
        alarm.set_once(datetime(2020, 1, 1, tzinfo=UTC))
        assert alarm.wait(30) is Ring.AGAIN
        assert alarm.wait(0) is None


def test_what_was_set_for_once_can_be_put_off_and_taken_back() -> None:
    with Alarm(lambda: datetime.now(UTC)) as alarm:
        alarm.set_once(None)
        alarm.set_once(datetime.now(UTC) + DAY)
        alarm.set_once(datetime(2020, 1, 1, tzinfo=UTC))
        assert alarm.wait(30) is Ring.AGAIN
        alarm.set_once(datetime.now(UTC) + DAY)
        alarm.set_once(None)
        assert alarm.wait(0) is None


def test_an_alarm_whose_clock_is_set_back_does_not_wait_for_the_time_it_had_before() -> None:
    now = datetime.now(UTC)
    clock = [now]
    with Alarm(lambda: clock[0]) as alarm:
        alarm.set("0 0 1 1 *", "UTC")
        assert alarm.wait(0) is None
        # What the alarm then takes for the next time is over by APScheduler's own clock.
        clock[0] = now - timedelta(days=800)
        assert alarm.wait(30) is Ring.REGULAR
        regular = alarm.regular()
        assert regular is not None
        assert regular < now
