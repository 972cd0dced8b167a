"""The announcement-day walk: each paper's day, and the ids that a day owns.

Held papers are told from papers in time by their place alone, so the walk can be wrong where the
places allow two readings: see `test_the_one_thing_the_order_cannot_tell`. On arXiv's own listings
`test_real_listings.py` judges it.
"""

from __future__ import annotations

from collections import Counter
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


def test_held_papers_newer_than_the_last_of_the_day_before_have_the_day_of_their_block() -> None:
    # 2510.01189 to 01303 were held until 2025-10-03; the paper behind them came in before the
    # cutoff of 10-02, and later than every paper that was announced in time on that day.
    block = [HELD + hours * 3_600 for hours in range(0, 240, 10)]
    late = within(TUE, 0.95)
    assert days([*batch(TUE), *block, late, *batch(WED)]) == [TUE] * 5 + [WED] * 30


def test_a_single_submission_with_a_wrong_time_begins_no_day() -> None:
    tuesday = batch(TUE, 20)
    assert days([*tuesday[:10], within(THU, 0.5), *tuesday[10:], *batch(WED)]) == (
        [TUE] * 21 + [WED] * 5
    )


def test_a_held_paper_at_the_head_of_a_day_has_the_day_of_the_next_in_time_id() -> None:
    assert days([*batch(TUE), HELD, *batch(WED)]) == [TUE] * 5 + [WED] * 6


def test_a_held_paper_at_the_end_of_all_that_is_known_has_the_day_below_it() -> None:
    assert days([*batch(TUE), HELD]) == [TUE] * 6


def test_a_held_paper_is_never_later_than_the_day_it_was_seen() -> None:
    tuesday = points([*batch(TUE), HELD], seen=TUE)
    wednesday = points(batch(WED), first=MARCH + 7, seen=WED)
    assert walk([*tuesday, *wednesday], CALENDAR).days == (TUE,) * 6 + (WED,) * 5


def test_nothing_is_known_of_nothing() -> None:
    nothing = walk([], CALENDAR)
    assert nothing == Walk((), (), ())
    assert nothing.spans(CALENDAR) == {}
    assert nothing.month_ends([TUE], CALENDAR) == []


def test_the_one_thing_the_order_cannot_tell() -> None:
    # A held paper at the head of a day, newer than all in-time papers of the day before: it
    # stands where a last paper of that day would stand.
    assert days([within(TUE, 0.5), within(TUE, 0.9), within(WED, 0.1)])[1] == TUE


def test_a_day_outside_of_the_months_own_is_moved_into_it() -> None:
    # A submission of the very last second before the cutoff of 31 March, with an id of April.
    window = CALENDAR.window(LAST_OF_MARCH)
    assert window is not None
    last = int(window.end.timestamp()) - 1
    assert walk(points([last], first=APRIL + 1), CALENDAR).days == (FIRST_OF_APRIL,)
    assert walk(points([last + 1], first=MARCH + 1), CALENDAR).days == (LAST_OF_MARCH,)


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
# What came in until the cutoff of 31 March has ids of March.
LAST_OF_MARCH, FIRST_OF_APRIL = date(2026, 4, 1), date(2026, 4, 2)


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
    assert found.month_ends([LAST_OF_MARCH], CALENDAR) == [MARCH + 20_005]
    assert found.month_ends([FIRST_OF_APRIL], CALENDAR) == []
    middle = points(batch(TUE))
    # A paper of a Tuesday that was held until April does not make it the end of March.
    held_until = [*middle, *start]
    assert walk(held_until, CALENDAR).month_ends([TUE], CALENDAR) == []


# The boundary, against trying every place and every subset.


def longest(values: Sequence[int]) -> int:
    for size in range(len(values), 0, -1):
        for chosen in combinations(values, size):
            if all(one <= other for one, other in pairwise(chosen)):
                return size
    return 0


@given(st.lists(st.tuples(st.booleans(), st.integers(0, 9)), max_size=8))
def test_a_day_ends_where_the_runs_on_both_sides_are_longest(
    between: list[tuple[bool, int]],
) -> None:
    first, following = within(TUE, 0.1), within(WED, 0.1)
    times = [within(TUE, 0.2 + step / 20) if late else HELD + step for late, step in between]

    found = days([first, *times, following])

    every = [first, *times, following]
    of_tuesday = [True, *(late for late, _ in between), False]

    def worth(size: int) -> tuple[int, int]:
        runs = longest(every[:size]) + longest(every[size:])
        return 3 * runs - sum(of_tuesday[size:]), size

    size = max(range(1, len(every)), key=worth)
    assert found == [TUE] * size + [WED] * (len(every) - size)


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
    assert len(found.days) == len(stretch)
    for point, day in zip(stretch, found.days, strict=True):
        assert day <= point.seen


@given(stretches())
def test_days_never_go_back_within_a_month(stretch: list[Point]) -> None:
    found = walk([point._replace(seen=FAR) for point in stretch], CALENDAR)
    for (one, day), (other, following) in pairwise(zip(found.points, found.days, strict=True)):
        assert day <= following or month_start(one.sequence) < month_start(other.sequence)


@given(stretches())
def test_spans_of_a_month_are_in_order_and_hold_the_ids_of_their_day(stretch: list[Point]) -> None:
    found = walk([point._replace(seen=FAR) for point in stretch], CALENDAR)
    spans = found.spans(CALENDAR)
    ordered = sorted(span for of_day in spans.values() for span in of_day)
    assert all(span.after < span.last for span in ordered)
    assert all(one.after <= other.after for one, other in pairwise(ordered))
    for point, day in zip(found.points, found.days, strict=True):
        owners = [
            owner
            for owner, parts in spans.items()
            if any(part.after < point.sequence <= part.last for part in parts)
        ]
        # Held papers at the head of what is known may be of a day that is not known.
        assert not owners or day in owners


# Invented months, whose true days are known.

#: Papers of the first day have no day before: held ones at the very start may look in time.
FIRST_DAY = date(2026, 2, 16)

#: A seed, papers a day, the share of held ones, the share of ids that are never made public.
Habits = tuple[int, int, float, float]
habits = st.tuples(
    st.integers(0, 10_000),
    st.integers(20, 60),
    st.sampled_from([0.0, 0.04, 0.159, 0.3]),
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
    wrong = Counter(
        true
        for day, true in zip(found.days, truth, strict=True)
        if day != true and true > FIRST_DAY
    )
    # A held paper that is newer than the last paper in time of the day before may pass for one.
    assert sum(wrong.values()) <= max(5, len(truth) // 100)


@settings(max_examples=25, deadline=None)
@given(habits, st.data())
def test_later_ids_change_no_earlier_day(habits: Habits, data: st.DataObject) -> None:
    known, truth = month(habits)
    last = data.draw(st.sampled_from(sorted(set(truth))))
    whole = walk(known, CALENDAR).days
    earlier = [point for point, true in zip(known, truth, strict=True) if true <= last]
    cut = walk(earlier, CALENDAR).days
    for one, other in zip(cut, whole, strict=False):
        assert one == other or one >= last


@settings(max_examples=25, deadline=None)
@given(habits)
def test_every_id_behind_the_first_day_is_in_the_span_of_its_day(habits: Habits) -> None:
    known, _ = month(habits)
    found = walk(known, CALENDAR)
    spans = {day: parts for day, parts in found.spans(CALENDAR).items() if day >= FIRST_DAY}
    ordered = sorted(span for parts in spans.values() for span in parts)
    for one, other in pairwise(ordered):
        assert other.after <= max(one.last, month_start(other.last))
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
    # 111 to 119 may be held papers of Thursday, and 120 one of them.
    assert spans[THU] == (Span(MARCH + 110, MARCH + 130),)
    known[1:3] = [Point(MARCH + 101 + n, within(WED, 0.1 + n / 200), FAR) for n in range(20)]
    spans = walk(known, CALENDAR).spans(CALENDAR)
    assert spans[THU] == (Span(MARCH + 120, MARCH + 130),)


def test_a_number_that_many_papers_of_its_day_follow_is_no_held_one_of_the_next_day() -> None:
    known = [Point(MARCH + n, within(TUE, n / 1000), FAR) for n in range(1, 800) if n != 200]
    known.append(Point(MARCH + 900, within(WED, 0.5), FAR))

    assert walk(known, CALENDAR).spans(CALENDAR)[WED] == (Span(MARCH + 799, MARCH + 900),)


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
