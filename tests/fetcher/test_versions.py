"""Which version a digest day shows, and which ones have to be fetched to know it."""

from __future__ import annotations

from datetime import date, timedelta

from hypothesis import given
from hypothesis import strategies as st

from digest.fetcher.versions import shown, unknown

MONDAY = date(2026, 3, 9)

#: The days of all versions of a work, the first one's first; each may be known or not.
histories = st.lists(st.integers(0, 6), min_size=1, max_size=6).map(
    lambda steps: {
        number: MONDAY + timedelta(days=sum(steps[:number])) for number in range(1, len(steps) + 1)
    }
)
by_days = st.integers(0, 40).map(lambda n: MONDAY + timedelta(days=n))


@given(histories, by_days)
def test_with_all_versions_known_the_newest_announced_by_the_day_is_shown(
    history: dict[int, date], by: date
) -> None:
    expected = 1
    for version in sorted(history):
        if history[version] <= by:
            expected = version
    assert shown(history, by) == expected
    assert list(unknown(history, by)) == []


@given(histories, by_days, st.data())
def test_fetching_the_unknown_ones_is_enough_and_nothing_less_is(
    history: dict[int, date], by: date, data: st.DataObject
) -> None:
    # arXiv gives the newest version unasked, so it is always known.
    newest = max(history)
    some = data.draw(st.sets(st.sampled_from(sorted(history)))) | {newest}
    known = {version: history[version] for version in some}
    asked = set(unknown(known, by))

    fetched = known | {version: history[version] for version in asked}
    assert shown(fetched, by) == shown(history, by)
    # Each of the versions asked for is the one to show in some history with the same known days.
    for version in asked:
        later = {v: (by if v <= version else by + timedelta(days=1)) for v in history}
        possible = later | known
        assert version not in known
        assert shown(possible, by) == version


def test_where_the_first_version_is_not_known_the_oldest_known_is_shown() -> None:
    later = MONDAY + timedelta(days=3)
    assert shown({3: later, 2: later}, MONDAY) == 2
    assert list(unknown({3: later}, MONDAY)) == [1, 2]


def test_a_version_of_the_very_day_is_shown() -> None:
    assert shown({1: MONDAY, 2: MONDAY + timedelta(days=1)}, MONDAY + timedelta(days=1)) == 2
