"""The announcement-day walk: each paper's day, and the ids that a day owns.

Held papers are told from papers in time by their place alone, so the walk can be wrong where the
places allow two readings: see `test_the_one_thing_the_order_cannot_tell`. On invented months of
20 papers a day or more, with the day before known, it is never wrong; of 7,264 papers of months
of 5 a day, 7 were given the day before theirs.
"""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from datetime import UTC, date, datetime, timedelta
from itertools import accumulate, combinations, pairwise
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from digest.fetcher.calendar import Calendar
from digest.fetcher.walk import Walk, walk
from digest.model import Point, Span, month_start, sequence_of
from digest.simulator import Corpus

CALENDAR = Calendar()
MARCH = 2603 * 100_000
FAR = date(2030, 1, 1)

# The announcement days that the examples play on, and moments of their submission windows.
TUE, WED, THU = date(2026, 3, 10), date(2026, 3, 11), date(2026, 3, 12)


def within(day: date, part: float) -> int:
    """The second after a part of a day's submission window."""
    window = CALENDAR.window(day)
    assert window is not None
    start, end = window.start.timestamp(), window.end.timestamp()
    return int(start + part * (end - start))


def batch(day: date, size: int = 5) -> list[int]:
    """Papers in time over the whole of a day's window."""
    return [within(day, (n + 0.5) / size) for n in range(size)]


def points(times: Iterable[int], *, first: int = MARCH + 1, seen: date = FAR) -> list[Point]:
    return [Point(first + n, time, seen) for n, time in enumerate(times)]


def days(times: Sequence[int]) -> list[date]:
    return list(walk(points(times), CALENDAR).days)


HELD = within(date(2026, 2, 18), 0.5)
"""A submission of three weeks before."""


def test_papers_in_time_have_their_calendar_day() -> None:
    assert days([within(TUE, 0), within(TUE, 0.99), within(WED, 0), within(THU, 0.5)]) == [
        TUE,
        TUE,
        WED,
        THU,
    ]


def test_a_held_paper_in_between_has_the_day_of_its_neighbours() -> None:
    assert days([*batch(TUE)[:2], HELD, *batch(TUE)[2:]]) == [TUE] * 6


def test_a_held_paper_at_the_head_of_a_day_has_the_day_of_the_next_in_time_id() -> None:
    assert days([*batch(TUE), HELD, *batch(WED)]) == [TUE] * 5 + [WED] * 6


def test_a_held_paper_at_the_end_of_all_that_is_known_has_the_day_below_it() -> None:
    assert days([*batch(TUE), HELD]) == [TUE] * 6


def test_papers_of_the_same_second_are_in_time() -> None:
    moment = within(TUE, 0.5)
    found = walk(points([moment, moment, moment]), CALENDAR)
    assert found.in_time == (True, True, True)


def test_a_held_paper_is_never_later_than_the_day_it_was_seen() -> None:
    tuesday = points([*batch(TUE), HELD], seen=TUE)
    wednesday = points(batch(WED), first=MARCH + 7, seen=WED)
    assert walk([*tuesday, *wednesday], CALENDAR).days == (TUE,) * 6 + (WED,) * 5


def test_nothing_is_known_of_nothing() -> None:
    nothing = walk([], CALENDAR)
    assert nothing == Walk((), (), ())
    assert nothing.spans(CALENDAR) == {}
    assert nothing.month_ends() == []


def test_the_one_thing_the_order_cannot_tell() -> None:
    # A held paper at the head of a day, newer than all in-time papers of the day before: it
    # stands where a last paper of that day would stand.
    assert days([within(TUE, 0.5), within(TUE, 0.9), within(WED, 0.1)])[1] == TUE


@pytest.mark.parametrize("late", [3, 40, 150])
def test_one_late_submission_early_in_the_ids_misplaces_no_other_paper(late: int) -> None:
    """A mailing of 278 papers, 8 of them held: arXiv's of 2011-02-03 looks like this."""
    rng = Random(late)
    in_time = sorted(within(WED, rng.random() * 0.9) for _ in range(269))
    mailing = [*in_time[:late], within(WED, 0.95), *in_time[late:]]
    for place in sorted(rng.sample(range(1, 277), 8)):
        mailing.insert(place, within(WED, 0) - rng.randrange(1, 25) * 86_400)
    around = [within(TUE, n / 300) for n in range(300)], [within(THU, n / 300) for n in range(300)]
    found = days([*around[0], *mailing, *around[1]])
    assert found == [TUE] * 300 + [WED] * 278 + [THU] * 300
    # By the highest time so far, everything behind the late submission would be held.
    highest = accumulate(mailing, max)
    assert sum(time < most for time, most in zip(mailing, highest, strict=True)) > 100


APRIL = 2604 * 100_000
LAST_OF_MARCH, FIRST_OF_APRIL = date(2026, 3, 31), date(2026, 4, 1)


def test_the_first_held_papers_of_a_month_belong_to_the_months_first_day() -> None:
    end = points(batch(LAST_OF_MARCH), first=MARCH + 20_000)
    start = points([HELD, *batch(FIRST_OF_APRIL)], first=APRIL + 1)
    found = walk([*end, *start], CALENDAR)
    assert found.days == (LAST_OF_MARCH,) * 5 + (FIRST_OF_APRIL,) * 6


def test_the_last_held_papers_of_a_month_belong_to_the_months_last_day() -> None:
    end = points([*batch(LAST_OF_MARCH), HELD], first=MARCH + 20_000)
    start = points(batch(FIRST_OF_APRIL), first=APRIL + 1)
    found = walk([*end, *start], CALENDAR)
    assert found.days == (LAST_OF_MARCH,) * 6 + (FIRST_OF_APRIL,) * 5
    assert found.month_ends() == [MARCH + 20_004]


# The longest run, against trying every subset.


def longest(values: Sequence[int]) -> int:
    for size in range(len(values), 0, -1):
        for chosen in combinations(values, size):
            if all(one <= other for one, other in pairwise(chosen)):
                return size
    return 0


@given(st.lists(st.integers(0, 8), max_size=10))
def test_the_papers_in_time_are_a_longest_run_that_never_goes_back(steps: list[int]) -> None:
    times = [within(TUE, 0) + step for step in steps]
    found = walk(points(times), CALENDAR)
    run = [time for time, kept in zip(times, found.in_time, strict=True) if kept]
    assert run == sorted(run)
    assert len(run) == longest(times)


moments = st.integers(within(date(2026, 2, 23), 0), within(date(2026, 4, 10), 0))


@st.composite
def stretches(draw: st.DrawFn) -> list[Point]:
    """Any stretch of the sequence, however unlikely, over a month's border."""
    places = draw(st.sets(st.integers(1, 60), max_size=40))
    border = draw(st.integers(1, 60))
    return [
        Point(
            MARCH + place if place < border else MARCH + 100_000 + place - border + 1,
            draw(moments),
            draw(st.sampled_from([FAR, TUE, THU])),
        )
        for place in sorted(places)
    ]


@given(stretches())
def test_each_point_has_one_day_not_later_than_it_was_seen(stretch: list[Point]) -> None:
    found = walk(stretch, CALENDAR)
    assert list(found.points) == stretch
    assert len(found.days) == len(found.in_time) == len(stretch)
    for point, day in zip(stretch, found.days, strict=True):
        assert day <= point.seen


@given(stretches())
def test_the_days_of_in_time_papers_never_decrease_with_the_id(stretch: list[Point]) -> None:
    unseen = [point._replace(seen=FAR) for point in stretch]
    found = walk(unseen, CALENDAR)
    in_time = [day for day, kept in zip(found.days, found.in_time, strict=True) if kept]
    assert in_time == sorted(in_time)


@given(stretches())
def test_spans_are_in_order_do_not_overlap_and_hold_their_in_time_ids(
    stretch: list[Point],
) -> None:
    found = walk([point._replace(seen=FAR) for point in stretch], CALENDAR)
    spans = found.spans(CALENDAR)
    ordered = sorted(span for of_day in spans.values() for span in of_day)
    assert all(span.after < span.last for span in ordered)
    assert all(one.last <= other.after for one, other in pairwise(ordered))
    for point, day, kept in zip(found.points, found.days, found.in_time, strict=True):
        owners = [
            owner
            for owner, parts in spans.items()
            if any(part.after < point.sequence <= part.last for part in parts)
        ]
        assert len(owners) <= 1
        assert owners == [day] or not kept


# Invented months, whose true days are known.

#: Papers of the first day have no day before: held ones at the very start may look in time.
FIRST_DAY = date(2026, 2, 16)

#: A seed, papers a day, the share of held ones, the share of ids that are never made public.
Habits = tuple[int, int, float, float]
habits = st.tuples(
    st.integers(0, 10_000),
    st.integers(20, 60),
    st.sampled_from([0.0, 0.04, 0.105, 0.3]),
    st.sampled_from([0.0, 0.02]),
)


def month(habits: Habits) -> tuple[list[Point], list[date]]:
    """An invented month: its points in order, and the day of each in truth."""
    seed, per_day, held, absent = habits
    corpus = Corpus.generate(
        seed=seed,
        first=FIRST_DAY,
        last=date(2026, 3, 13),
        per_day=per_day,
        held=held,
        absent=absent,
    )
    truth = [corpus.announced(base) for base in corpus]
    places = [sequence_of(base) or 0 for base in corpus]
    known = [Point(place, corpus.submitted(index), FAR) for index, place in enumerate(places)]
    return known, truth


@settings(max_examples=25, deadline=None)
@given(habits)
def test_the_days_are_those_of_the_truth(habits: Habits) -> None:
    known, truth = month(habits)
    found = walk(known, CALENDAR)
    wrong = [
        (point, day, true)
        for point, day, true in zip(known, found.days, truth, strict=True)
        if day != true and true > FIRST_DAY
    ]
    assert wrong == []


@settings(max_examples=25, deadline=None)
@given(habits, st.data())
def test_later_ids_change_no_earlier_day(habits: Habits, data: st.DataObject) -> None:
    known, truth = month(habits)
    last = data.draw(st.sampled_from(sorted(set(truth))))
    earlier = [point for point, true in zip(known, truth, strict=True) if true <= last]
    assert walk(earlier, CALENDAR).days == walk(known, CALENDAR).days[: len(earlier)]


@settings(max_examples=25, deadline=None)
@given(habits)
def test_every_id_behind_the_first_day_is_in_the_span_of_its_day(habits: Habits) -> None:
    known, _ = month(habits)
    found = walk(known, CALENDAR)
    spans = {day: parts for day, parts in found.spans(CALENDAR).items() if day >= FIRST_DAY}
    ordered = sorted(span for parts in spans.values() for span in parts)
    for one, other in pairwise(ordered):
        assert other.after == max(one.last, month_start(other.last))
    for point, day in zip(known, found.days, strict=True):
        if day > FIRST_DAY:
            assert any(span.after < point.sequence <= span.last for span in spans[day])


# Spans by example.


def span_of(times: Sequence[int], day: date, first: int = MARCH + 1) -> tuple[Span, ...]:
    return walk(points(times, first=first), CALENDAR).spans(CALENDAR)[day]


def test_a_day_owns_the_ids_behind_the_last_in_time_id_of_the_day_before() -> None:
    known = [
        Point(MARCH + 100, within(TUE, 0.5), FAR),
        Point(MARCH + 110, within(WED, 0.1), FAR),
        Point(MARCH + 120, within(WED, 0.2), FAR),
        Point(MARCH + 130, within(THU, 0.2), FAR),
    ]
    spans = walk(known, CALENDAR).spans(CALENDAR)
    assert spans[WED] == (Span(MARCH + 100, MARCH + 120),)
    assert spans[THU] == (Span(MARCH + 120, MARCH + 130),)


def test_without_the_day_before_a_day_starts_at_its_own_lowest_in_time_id() -> None:
    assert span_of([within(WED, 0.1), within(WED, 0.2)], WED, MARCH + 50) == (
        Span(MARCH + 49, MARCH + 51),
    )
    monday_unknown = [within(date(2026, 3, 9), 0.1), within(WED, 0.2)]
    assert span_of(monday_unknown, WED, MARCH + 50) == (Span(MARCH + 50, MARCH + 51),)
    with_gap = [
        Point(MARCH + 50, within(date(2026, 3, 9), 0.1), FAR),
        Point(MARCH + 60, within(WED, 0.2), FAR),
    ]
    assert walk(with_gap, CALENDAR).spans(CALENDAR)[WED] == (Span(MARCH + 59, MARCH + 60),)


def test_the_first_day_of_a_month_owns_its_ids_from_number_one() -> None:
    known = [
        Point(MARCH + 20_000, within(LAST_OF_MARCH, 0.9), FAR),
        Point(APRIL + 7, within(FIRST_OF_APRIL, 0.1), FAR),
    ]
    spans = walk(known, CALENDAR).spans(CALENDAR)
    assert spans[FIRST_OF_APRIL] == (Span(APRIL, APRIL + 7),)


def test_seconds_and_moments_mean_the_same_day() -> None:
    moment = datetime(2026, 3, 10, 17, 59, 59, tzinfo=UTC)
    for step in (timedelta(0), timedelta(seconds=1)):
        day = CALENDAR.day_of(moment + step)
        assert days([int((moment + step).timestamp())]) == [day]
