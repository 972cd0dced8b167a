"""arXiv's announcement schedule: cutoffs, eras, deferred days, what is public when."""

from __future__ import annotations

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.fetcher.calendar import FIRST_DAY, Calendar, public_at
from digest.fetcher.deferrals import DEFERRED
from digest.model import Window

CALENDAR = Calendar()
NEW_YORK = ZoneInfo("America/New_York")
SECOND = timedelta(seconds=1)
DAY = timedelta(days=1)

moments = st.datetimes(
    min_value=datetime(1991, 8, 14),  # noqa: DTZ001  hypothesis wants them naive
    max_value=datetime(2035, 12, 31),  # noqa: DTZ001
    timezones=st.just(UTC),
).map(lambda moment: moment.replace(microsecond=0))
dates = st.dates(min_value=FIRST_DAY + timedelta(days=7), max_value=date(2035, 12, 31))


def new_york(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=NEW_YORK).astimezone(UTC)


# A week of summer time and a week of winter time; the cutoffs are New York's 14:00.
@pytest.mark.parametrize(
    ("first", "last", "day", "public"),
    [
        ("2026-05-07 14:00", "2026-05-08 13:59:59", date(2026, 5, 11), "2026-05-11 00:00"),
        ("2026-05-08 14:00", "2026-05-11 13:59:59", date(2026, 5, 12), "2026-05-12 00:00"),
        ("2026-05-11 14:00", "2026-05-12 13:59:59", date(2026, 5, 13), "2026-05-13 00:00"),
        ("2026-05-12 14:00", "2026-05-13 13:59:59", date(2026, 5, 14), "2026-05-14 00:00"),
        ("2026-05-13 14:00", "2026-05-14 13:59:59", date(2026, 5, 15), "2026-05-15 00:00"),
        ("2026-02-05 14:00", "2026-02-06 13:59:59", date(2026, 2, 9), "2026-02-09 01:00"),
        ("2026-02-06 14:00", "2026-02-09 13:59:59", date(2026, 2, 10), "2026-02-10 01:00"),
        ("2026-02-09 14:00", "2026-02-10 13:59:59", date(2026, 2, 11), "2026-02-11 01:00"),
        ("2026-02-10 14:00", "2026-02-11 13:59:59", date(2026, 2, 12), "2026-02-12 01:00"),
        ("2026-02-11 14:00", "2026-02-12 13:59:59", date(2026, 2, 13), "2026-02-13 01:00"),
    ],
)
def test_the_published_table_of_the_week(first: str, last: str, day: date, public: str) -> None:
    assert CALENDAR.day_of(new_york(first)) == day
    assert CALENDAR.day_of(new_york(last)) == day
    assert CALENDAR.window(day) == Window(new_york(first), new_york(last) + SECOND)
    assert public_at(day) == datetime.fromisoformat(public).replace(tzinfo=UTC)


def test_nothing_is_announced_on_friday_and_saturday_evening() -> None:
    assert CALENDAR.window(date(2026, 5, 9)) is None
    assert CALENDAR.window(date(2026, 5, 10)) is None


def test_a_paper_of_the_cutoffs_very_second_belongs_to_the_next_announcement() -> None:
    cutoff = new_york("2026-05-12 14:00")
    assert CALENDAR.day_of(cutoff - SECOND) == date(2026, 5, 13)
    assert CALENDAR.day_of(cutoff) == date(2026, 5, 14)


def test_the_newest_paper_of_a_recorded_page_was_announced_the_evening_before() -> None:
    # Recorded at 18:06 UTC on Wednesday 2026-05-13: nothing submitted after Tuesday 17:59:47.
    newest = datetime(2026, 5, 12, 17, 59, 47, tzinfo=UTC)
    assert CALENDAR.day_of(newest) == CALENDAR.latest(datetime(2026, 5, 13, 18, 6, tzinfo=UTC))


def test_the_cutoff_was_four_in_the_afternoon_until_2016() -> None:
    assert CALENDAR.day_of(new_york("2016-12-14 15:59:59")) == date(2016, 12, 15)
    assert CALENDAR.day_of(new_york("2016-12-14 16:00")) == date(2016, 12, 16)
    assert CALENDAR.day_of(new_york("2017-01-04 13:59:59")) == date(2017, 1, 5)
    assert CALENDAR.day_of(new_york("2017-01-04 14:00")) == date(2017, 1, 6)


def test_the_window_over_the_change_of_the_cutoff_reaches_from_the_old_to_the_new() -> None:
    # Friday 2016-12-30 at 16:00 to Monday 2017-01-02 at 14:00.
    change = CALENDAR.window(date(2017, 1, 3))
    assert change == Window(new_york("2016-12-30 16:00"), new_york("2017-01-02 14:00"))


def test_a_deferred_thursday_waits_for_friday_and_comes_out_on_monday() -> None:
    # 2026-11-26 is Thanksgiving.
    assert not CALENDAR.is_announcement_day(date(2026, 11, 27))
    assert CALENDAR.window(date(2026, 11, 27)) is None
    assert CALENDAR.day_of(new_york("2026-11-25 14:00")) == date(2026, 11, 30)
    assert CALENDAR.day_of(new_york("2026-11-27 13:59:59")) == date(2026, 11, 30)
    assert CALENDAR.following(date(2026, 11, 26)) == date(2026, 11, 30)


@pytest.mark.parametrize("friday", [date(2026, 6, 19), date(2026, 7, 3), date(2026, 12, 25)])
def test_a_deferred_friday_leaves_monday_without_an_announcement(friday: date) -> None:
    assert friday.weekday() == 4
    assert friday in DEFERRED
    assert not CALENDAR.is_announcement_day(friday + 3 * DAY)
    noon = datetime.combine(friday, datetime.min.time(), NEW_YORK) + timedelta(hours=12)
    assert CALENDAR.day_of(noon.astimezone(UTC)) == friday + 4 * DAY


def test_more_days_can_be_deferred() -> None:
    calendar = Calendar([date(2027, 3, 10)])
    assert calendar.day_of(new_york("2027-03-10 12:00")) == date(2027, 3, 12)
    assert CALENDAR.day_of(new_york("2027-03-10 12:00")) == date(2027, 3, 11)


def test_a_deferred_last_day_of_the_year_waits_for_the_next_year() -> None:
    # Both Thursday 2026-12-31 and Friday 2027-01-01 put off.
    calendar = Calendar([date(2027, 1, 1)])
    assert calendar.day_of(new_york("2026-12-31 12:00")) == date(2027, 1, 5)


@given(moments)
def test_every_moment_lies_in_the_window_of_its_day_and_in_no_other(moment: datetime) -> None:
    day = CALENDAR.day_of(moment)
    for other in (CALENDAR.previous(day), day, CALENDAR.following(day)):
        window = CALENDAR.window(other)
        assert window is not None
        assert (moment in window) == (other == day)


@given(moments)
def test_nothing_is_announced_before_it_was_submitted(moment: datetime) -> None:
    day = CALENDAR.day_of(moment)
    assert moment < public_at(day)
    # The longest wait of the schedule: a deferred cutoff before a weekend.
    assert public_at(day) - moment < timedelta(days=8)


@given(dates)
def test_windows_of_successive_days_touch(some: date) -> None:
    day = CALENDAR.following(some)
    window, following = CALENDAR.window(day), CALENDAR.window(CALENDAR.following(day))
    assert window is not None
    assert following is not None
    assert window.end == following.start


@given(dates)
def test_previous_following_and_the_list_of_days_agree(some: date) -> None:
    before, after = CALENDAR.previous(some), CALENDAR.following(some)
    between = [some] if CALENDAR.is_announcement_day(some) else []
    assert before < some < after
    assert CALENDAR.days(before, after) == [before, *between, after]


@given(dates)
def test_a_date_is_an_announcement_day_if_it_has_a_window(some: date) -> None:
    assert CALENDAR.is_announcement_day(some) == (CALENDAR.window(some) is not None)


@given(moments.filter(lambda moment: moment.year > 1991))
def test_the_latest_day_is_public_and_the_next_one_is_not(moment: datetime) -> None:
    latest, following = CALENDAR.latest(moment), CALENDAR.next(moment)
    assert public_at(latest) <= moment < following
    assert following == public_at(CALENDAR.following(latest))


def test_a_day_is_public_from_the_very_second_on() -> None:
    day = date(2026, 5, 13)
    assert CALENDAR.latest(public_at(day)) == day
    assert CALENDAR.latest(public_at(day) - SECOND) == date(2026, 5, 12)
    assert CALENDAR.next(public_at(day)) == public_at(date(2026, 5, 14))


@pytest.mark.parametrize(
    ("day", "hour"),
    [
        (date(2026, 3, 6), 1),  # winter time ends on Sunday 2026-03-08 at two in the morning,
        (date(2026, 3, 9), 0),  # before that evening's announcement
        (date(2026, 10, 30), 0),  # summer time ends on Sunday 2026-11-01
        (date(2026, 11, 2), 1),
    ],
)
def test_eight_in_the_evening_stays_eight_through_daylight_saving(day: date, hour: int) -> None:
    moment = public_at(day)
    assert moment.hour == hour
    assert moment.astimezone(NEW_YORK).time().isoformat() == "20:00:00"
