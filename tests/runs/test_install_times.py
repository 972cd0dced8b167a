"""The times at which an installed entry runs."""

from __future__ import annotations

from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.config.cron import cron_trigger
from digest.config.values import DEFAULT_CRON
from digest.model.errors import UsageError
from digest.runs.install.times import (
    Time,
    busy_times,
    clock,
    cron_fields,
    second_runs,
    together,
    weekly,
)

TIMES = st.builds(Time, st.integers(0, 6), st.integers(0, 23), st.integers(0, 59))


def lines(expression: str, zone: str = "UTC", *, by: str | None = None) -> list[str]:
    """The cron lines of an expression with its second runs, by the clock of another zone."""
    times = second_runs(weekly(expression, "w"), zone)
    moved = clock(times, zone, ZoneInfo(by or zone))
    return sorted(cron_fields(each) for each in together(moved))


def test_the_default_gets_a_minute_of_its_own_and_a_second_run() -> None:
    (line,) = lines(DEFAULT_CRON)
    minute, rest = line.split(maxsplit=1)
    assert rest == "6,18 * * 1-5"
    assert int(minute) not in (0, 30)


@given(st.text())
def test_a_minute_is_never_near_the_full_hour(name: str) -> None:
    minutes = {time.minute for time in weekly(DEFAULT_CRON, name)}
    assert len(minutes) == 1
    assert minutes <= set(range(7, 54))


def test_workspaces_do_not_all_come_in_the_same_minute() -> None:
    chosen = [weekly(DEFAULT_CRON, f"w{n}") for n in range(100)]
    assert len(set(chosen)) > 30
    assert chosen[5] == weekly(DEFAULT_CRON, "w5")


@pytest.mark.parametrize(
    ("expression", "installed"),
    [
        ("5 9 * * *", ["5 9,21 * * *"]),
        ("5 9,15 * * 1-5", ["5 9,15 * * 1-5"]),
        ("15 20 * * 1-5", ["15 20 * * 1-5", "15 8 * * 2-6"]),
        ("15 20 * * sat", ["15 20 * * 6", "15 8 * * 0"]),
        ("0 6 * * mon,fri", ["0 6,18 * * 1,5"]),
        ("*/20 7 * * 5", ["0 7 * * 5", "20 7 * * 5", "40 7 * * 5"]),
    ],
)
def test_an_expression_is_kept_and_a_second_run_added_where_there_is_one_a_day(
    expression: str, installed: list[str]
) -> None:
    assert lines(expression) == sorted(installed)


def test_the_second_run_keeps_away_from_the_busy_hours() -> None:
    # Twelve hours after 13:10 UTC it is 20:10 in New York in winter.
    assert lines("10 13 * * 1") == ["10 13,22 * * 1"]


@given(TIMES, st.sampled_from(["UTC", "Europe/Berlin", "Asia/Tokyo", "America/Los_Angeles"]))
def test_a_second_run_is_later_and_never_in_a_busy_hour(time: Time, zone: str) -> None:
    both = second_runs(frozenset((time,)), zone)
    (second,) = both - {time}
    assert busy_times((second,), zone) == []
    later = (second.weekday - time.weekday) % 7 * 24 + second.hour - time.hour
    assert 9 <= later <= 15
    assert second.minute == time.minute


def test_a_time_of_ones_own_in_the_busy_hours_is_told() -> None:
    # 02:30 is 21:30 in New York in winter only, 23:30 is 19:30 in summer only.
    times = weekly("30 1,2,3,23 * * 1-5", "w")
    assert [str(time) for time in busy_times(times, "UTC")] == ["01:30", "02:30", "23:30"]
    assert busy_times(weekly(DEFAULT_CRON, "w"), "UTC") == []


def test_times_are_put_into_another_zone_with_their_weekdays() -> None:
    assert lines("40 6 * * 1-5", by="Europe/Berlin") == ["40 7,19 * * 1-5"]
    assert lines("40 6 * * 1-5", by="America/Los_Angeles") == ["40 10 * * 1-5", "40 22 * * 0-4"]
    assert lines("40 6,18 * * 1-5", by="Asia/Kolkata") == ["10 0 * * 2-6", "10 12 * * 1-5"]
    assert lines("0 9,17 * * 1-5", "Asia/Tokyo", by="UTC") == ["0 0,8 * * 1-5"]


@pytest.mark.parametrize("expression", ["0 6 1 * *", "0 6 * 1-6 *", "0 6 */2 * *"])
def test_what_is_not_the_same_every_week_is_refused(expression: str) -> None:
    with pytest.raises(UsageError, match="days of the month or months"):
        weekly(expression, "w")


@given(st.frozensets(TIMES, min_size=1, max_size=8))
@settings(max_examples=25)
def test_cron_lines_mean_the_times_they_were_made_of(times: frozenset[Time]) -> None:
    written = [cron_fields(each) for each in together(times)]
    for line in written:
        cron_trigger(line, "UTC")
    meant = [time for line in written for time in weekly(line, "w")]
    assert len(meant) == len(times)
    assert set(meant) == times
