"""Windows of submission times, and the ids of papers."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta, timezone

import pytest
from hypothesis import given
from hypothesis import strategies as st

from digest.model import PaperId, Window, base_of, month_start, sequence_of

MINUTE = timedelta(minutes=1)
START = datetime(2026, 3, 9, 18, 0, tzinfo=UTC)

starts = st.integers(0, 10**9).map(lambda second: datetime.fromtimestamp(second, UTC))
windows = st.builds(
    lambda start, seconds: Window(start, start + timedelta(seconds=seconds)),
    starts,
    st.integers(61, 10**7),
)


def test_a_window_holds_its_start_and_not_its_end() -> None:
    window = Window(START, START + MINUTE)
    assert START in window
    assert START + MINUTE not in window


@given(windows, st.floats(-0.1, 1.1))
def test_two_halves_hold_exactly_what_the_window_holds(window: Window, part: float) -> None:
    first, second = window.split()
    assert (first.start, second.end) == (window.start, window.end)
    assert first.end == second.start
    assert window.start < first.end < window.end
    moment = window.start + (window.end - window.start) * part
    assert (moment in first) + (moment in second) == (moment in window)


@given(windows)
def test_a_window_is_cut_at_a_full_minute(window: Window) -> None:
    cut = window.split()[0].end
    assert (cut.second, cut.microsecond) == (0, 0)


@given(starts, st.integers(2, 300))
def test_halving_ends_at_single_minutes_that_touch(start: datetime, minutes: int) -> None:
    start = start.replace(second=0)
    todo, done = [Window(start, start + minutes * MINUTE)], []
    while todo:
        part = todo.pop()
        if part.end - part.start > MINUTE:
            todo += reversed(part.split())
        else:
            done.append(part)
    assert [part.start for part in done] == [start + n * MINUTE for n in range(minutes)]


def test_a_minute_cannot_be_split() -> None:
    with pytest.raises(ValueError, match="cannot be split"):
        Window(START, START + MINUTE).split()


@pytest.mark.parametrize("end", [START, START - MINUTE])
def test_an_empty_window_is_refused(end: datetime) -> None:
    with pytest.raises(ValueError, match="empty"):
        Window(START, end)


@pytest.mark.parametrize("zone", [None, timezone(timedelta(hours=-5))])
def test_a_window_of_another_time_zone_is_refused(zone: timezone | None) -> None:
    with pytest.raises(ValueError, match="UTC"):
        Window(START.replace(tzinfo=zone), START + MINUTE)


@pytest.mark.parametrize(
    ("text", "base", "version"),
    [
        ("2511.21669", "2511.21669", None),
        ("2511.21669v12", "2511.21669", 12),
        ("0704.0001v1", "0704.0001", 1),
        ("hep-th/9901001v2", "hep-th/9901001", 2),
        ("math.GT/0309136", "math/0309136", None),
        ("http://arxiv.org/abs/math.GT/0309136v2", "math/0309136", 2),
        (" arXiv:2511.21669v1\n", "2511.21669", 1),
        ("http://arxiv.org/abs/cs/0112017v1", "cs/0112017", 1),
        ("https://www.arxiv.org/abs/2511.21669", "2511.21669", None),
    ],
)
def test_ids_are_read_as_arxiv_writes_them(text: str, base: str, version: int | None) -> None:
    assert PaperId.parse(text) == PaperId(base, version)


@pytest.mark.parametrize(
    "text",
    ["", "abc", "2513.00001", "2511.216", "2511.21669v0", "2511.21669vv1", "9901001", "hep-th/1",
     "2511.21669 v1", "2511.216690", "https://example.org/abs/2511.21669",
     "2511.2166", "1412.00001"],
)  # fmt: skip
def test_what_is_no_id_is_refused_by_name(text: str) -> None:
    with pytest.raises(ValueError, match="is not an arXiv id") as caught:
        PaperId.parse(text)
    assert repr(text) in str(caught.value)


@given(st.sampled_from(["0704", "1412", "1501", "2512"]), st.integers(1, 9_999))
def test_a_place_in_the_sequence_and_its_id_are_inverse(month: str, number: int) -> None:
    place = int(month) * 100_000 + number
    assert sequence_of(base_of(place)) == place
    assert PaperId.parse(base_of(place)).sequence == place
    assert month_start(place) == int(month) * 100_000


def test_the_sequence_goes_on_over_the_month() -> None:
    assert PaperId("2512.00001").sequence == 251200001
    assert (sequence_of("2511.99999") or 0) < (sequence_of("2512.00001") or 0)


def test_ids_have_had_five_digits_since_2015() -> None:
    assert base_of(141200123) == "1412.0123"
    assert base_of(150100123) == "1501.00123"


def test_old_ids_have_no_place_in_the_sequence() -> None:
    assert sequence_of("hep-th/9901001") is None
    assert sequence_of("math.GT/0309136") is None
