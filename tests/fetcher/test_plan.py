"""What to ask arXiv next, situation by situation."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta

import pytest

from digest.fetcher.calendar import Calendar, public_at
from digest.fetcher.plan import (
    BEHIND_MONTH_END,
    AskIds,
    DayCoverage,
    ReadEdge,
    ReadList,
    ReadWindow,
    Step,
    Terms,
    begins,
    gaps,
    is_confirmed,
    needs_reading,
    next_step,
)
from digest.fetcher.walk import walk
from digest.model import Asked, Edge, Listed, PaperId, Point, Reading

CALENDAR = Calendar()
MARCH = 2603 * 100_000
MON, TUE, WED, THU = (date(2026, 3, n) for n in (9, 10, 11, 12))
BEGAN = public_at(TUE) + timedelta(hours=5)
HOUR = timedelta(hours=1)

WHOLE = Reading(3, 3, BEGAN)
EMPTY = Reading(0, 0, BEGAN)
SHORT = Reading(3, 2, BEGAN)


def point(place: int, day: date, part: float = 0.5) -> Point:
    window = CALENDAR.window(day)
    assert window is not None
    moment = window.start + (window.end - window.start) * part
    return Point(MARCH + place, int(moment.timestamp()), WED)


#: Numbers 1 and 2 are Monday's, 3, 5, 6 Tuesday's, 8 and 9 Wednesday's: 4 and 7 are missing.
POINTS = [
    *(point(1, MON, 0.1), point(2, MON, 0.9)),
    *(point(3, TUE, 0.1), point(5, TUE, 0.2), point(6, TUE, 0.3)),
    *(point(8, WED, 0.1), point(9, WED, 0.2)),
]


def coverage(
    points: Iterable[Point] = POINTS,
    *,
    readings: Mapping[date, Reading] | None = None,
    edges: Mapping[tuple[date, bool], Edge] | None = None,
    asked: Mapping[str, Asked] | None = None,
    earlier: Iterable[PaperId] = (),
    only_known: Iterable[int] = (),
) -> DayCoverage:
    """What is known around Tuesday; `only_known` are places whose paper is not stored."""
    known = list(points)
    stored = {point.sequence for point in known} - {MARCH + place for place in only_known}
    return DayCoverage(
        day=TUE,
        walk=walk(known, CALENDAR),
        papers=stored,
        readings=readings or {},
        edges=edges or {},
        asked=asked or {},
        earlier=tuple(earlier),
    )


def ids(*places: int) -> AskIds:
    return AskIds(tuple(PaperId(f"2603.{place:05d}") for place in places))


TERMS = Terms(
    wanted={TUE},
    latest=TUE,
    began=BEGAN,
    fresh_since=public_at(TUE),
    everything=True,
    has_versions=True,
    has_list=False,
    batch=300,
)
SCOPED = replace(TERMS, everything=False)
LATER = replace(TERMS, latest=WED)
BOTH = replace(LATER, wanted={TUE, WED})

BEFORE = BEGAN - HOUR
SEEN = Edge(3, BEFORE)
NOTHING_NOW, NOTHING_BEFORE = Edge(0, BEGAN), Edge(0, BEFORE)
ASKED_NOW = Asked(BEGAN, BEGAN, settled=False)
ASKED_BEFORE = Asked(BEFORE, BEFORE, settled=False)
SETTLED = Asked(BEFORE, BEFORE, settled=True)
READ = {TUE: WHOLE}
ALL_READ = {MON: WHOLE, TUE: WHOLE}
BOTH_ENDS = {MON: WHOLE, TUE: WHOLE, WED: WHOLE}
FIRST_OF_SECOND = PaperId("2603.00003", 1)
BOTH_GAPS = ("2603.00004", "2603.00007")


@pytest.mark.parametrize(
    ("situation", "terms", "step"),
    [
        pytest.param(coverage([]), TERMS, ReadWindow(TUE), id="a first run reads the day"),
        pytest.param(
            coverage(readings=READ), TERMS, ReadEdge(MON, newest=True),
            id="then looks at the end of the day before",
        ),
        pytest.param(
            coverage(readings=READ, edges={(MON, False): SEEN}), TERMS, ReadEdge(MON, newest=True),
            id="of which the start tells nothing",
        ),
        pytest.param(
            coverage(readings=READ, edges={(MON, True): SEEN}), TERMS, ids(4, 7),
            id="then asks for the missing ids",
        ),
        pytest.param(
            coverage(readings=READ, edges={(MON, True): NOTHING_NOW}), TERMS, ids(4, 7),
            id="an end without papers is not looked at twice in a run",
        ),
        pytest.param(
            coverage(readings=READ, edges={(MON, True): NOTHING_BEFORE}), TERMS,
            ReadEdge(MON, newest=True), id="but by the next run",
        ),
        pytest.param(
            coverage(readings={TUE: WHOLE, MON: EMPTY}), TERMS, ReadEdge(MON, newest=True),
            id="a day before that was read in vain tells nothing",
        ),
        pytest.param(
            coverage(readings={MON: WHOLE, TUE: WHOLE, WED: EMPTY}), BOTH,
            ReadEdge(WED, newest=False), id="nor does a day after",
        ),
        pytest.param(
            coverage(readings={MON: WHOLE}), TERMS, ReadWindow(TUE),
            id="an ordinary day reads the day",
        ),
        pytest.param(
            coverage(readings=ALL_READ), TERMS, ids(4, 7), id="and asks for what is missing"
        ),
        pytest.param(
            coverage(readings=ALL_READ, only_known=[2, 3]), TERMS, ids(3, 4, 7),
            id="a place that is known without its paper is missing, another day's is not",
        ),
        pytest.param(
            coverage(readings=ALL_READ, asked=dict.fromkeys(BOTH_GAPS, ASKED_NOW)), TERMS, None,
            id="an id is asked for once a run",
        ),
        pytest.param(
            coverage(readings=ALL_READ, asked=dict.fromkeys(BOTH_GAPS, ASKED_BEFORE)), TERMS,
            ids(4, 7),
            id="and again in the next run",
        ),
        pytest.param(
            coverage(readings=ALL_READ, asked=dict.fromkeys(BOTH_GAPS, SETTLED)), TERMS, None,
            id="and not when it is settled",
        ),
        pytest.param(
            coverage(readings=ALL_READ), LATER, ReadEdge(WED, newest=False),
            id="the start of the day after, if that is public",
        ),
        pytest.param(
            coverage(readings=ALL_READ), BOTH, ReadWindow(WED),
            id="or all of it, if it is wanted",
        ),
        pytest.param(
            coverage(readings=ALL_READ, edges={(WED, False): SEEN}), LATER, ids(4, 7),
            id="also those up to the next day's first, which may be of either",
        ),
        pytest.param(
            coverage(readings=BOTH_ENDS), BOTH, ids(4, 7), id="both neighbours read"
        ),
        pytest.param(
            coverage([], readings={TUE: EMPTY, MON: WHOLE}), TERMS, None,
            id="an empty answer is not asked for twice in a run",
        ),
        pytest.param(
            coverage([], readings={TUE: Reading(0, 0, BEFORE), MON: WHOLE}), TERMS,
            ReadWindow(TUE), id="but by the next run",
        ),
        pytest.param(
            coverage(readings={TUE: Reading(3, 2, BEFORE), MON: WHOLE}), TERMS,
            ReadWindow(TUE), id="like a reading that was not whole",
        ),
        pytest.param(
            coverage(readings={TUE: Reading(3, 3, BEFORE), MON: WHOLE}), TERMS, ids(4, 7),
            id="a whole reading is good for later runs",
        ),
        pytest.param(
            coverage(readings={TUE: Reading(3, 3, public_at(TUE) - HOUR), MON: WHOLE}), TERMS,
            ReadWindow(TUE), id="if it was made after the day was public",
        ),
        pytest.param(
            coverage(readings=ALL_READ), SCOPED, ReadEdge(TUE, newest=True),
            id="in a scope, the end of the day itself is looked at",
        ),
        pytest.param(
            coverage(readings=ALL_READ, edges={(MON, True): SEEN, (TUE, True): SEEN}), SCOPED,
            ids(4, 7),
            id="for the numbers between the scope's papers",
        ),
        pytest.param(
            coverage(readings=ALL_READ, earlier=[FIRST_OF_SECOND]), TERMS,
            AskIds((PaperId("2603.00004"), PaperId("2603.00007"), FIRST_OF_SECOND)),
            id="earlier versions are asked for with the missing ids",
        ),
        pytest.param(
            coverage(
                readings=ALL_READ, earlier=[FIRST_OF_SECOND],
                asked={
                    "2603.00003v1": ASKED_NOW, **dict.fromkeys(BOTH_GAPS, SETTLED)
                },
            ),
            TERMS, None, id="and like them once a run",
        ),
        pytest.param(
            coverage(readings=ALL_READ, earlier=[FIRST_OF_SECOND]), replace(TERMS, batch=1),
            ids(4), id="no more ids than go into one request",
        ),
    ],
)  # fmt: skip
def test_the_next_step(situation: DayCoverage, terms: Terms, step: Step | None) -> None:
    assert next_step(situation, terms, CALENDAR) == step


def test_the_end_of_a_month_is_looked_behind() -> None:
    april, day = 2604 * 100_000, date(2026, 4, 1)
    window = CALENDAR.window(day)
    assert window is not None
    last = int(window.start.timestamp())
    known = walk([Point(MARCH + 20_000, last, THU), Point(april + 1, last + 90_000, THU)], CALENDAR)
    before, after = CALENDAR.previous(day), CALENDAR.following(day)
    situation = DayCoverage(
        day,
        known,
        {MARCH + 20_000, april + 1},
        {before: WHOLE, day: WHOLE, after: WHOLE},
        {},
        {"2603.20003": SETTLED},
    )
    terms = replace(TERMS, latest=after, wanted={day, after}, fresh_since=BEGAN)
    step = next_step(situation, terms, CALENDAR)
    behind = [20_000 + n for n in range(1, BEHIND_MONTH_END + 1) if n != 3]
    assert step == ids(*behind)


def test_gaps_are_what_is_neither_stored_nor_settled() -> None:
    assert gaps(coverage(), CALENDAR) == [MARCH + 4, MARCH + 7]
    assert gaps(coverage(asked={"2603.00004": ASKED_NOW}), CALENDAR) == [MARCH + 4, MARCH + 7]
    assert gaps(coverage(asked=dict.fromkeys(BOTH_GAPS, SETTLED)), CALENDAR) == []


@pytest.mark.parametrize(
    ("reading", "needed"),
    [
        (None, True),
        (WHOLE, False),
        (EMPTY, False),
        (SHORT, False),
        (WHOLE._replace(read_at=BEFORE), False),
        (EMPTY._replace(read_at=BEFORE), True),
        (SHORT._replace(read_at=BEFORE), True),
        (WHOLE._replace(read_at=public_at(TUE) - timedelta(seconds=1)), True),
        (WHOLE._replace(read_at=public_at(TUE)), False),
    ],
)
def test_a_day_is_read_once_a_run_until_it_is_whole_and_fresh(
    reading: Reading | None, needed: bool
) -> None:
    assert needs_reading(reading, TERMS) == needed


@pytest.mark.parametrize(
    ("total", "received", "whole"), [(3, 3, True), (3, 4, True), (3, 2, False), (0, 0, False)]
)
def test_an_empty_answer_proves_nothing(total: int, received: int, whole: bool) -> None:
    assert Reading(total, received, datetime(2026, 3, 10, tzinfo=UTC)).whole == whole


WITHOUT_WEDNESDAY = POINTS[:-2]
LISTS = replace(TERMS, has_list=True)


def test_the_end_of_the_newest_day_is_asked_of_something_that_is_not_the_index() -> None:
    situation = coverage(WITHOUT_WEDNESDAY, readings=ALL_READ)
    assert next_step(situation, TERMS, CALENDAR) == ids(4)
    assert next_step(situation, LISTS, CALENDAR) == ReadList(TUE)
    assert not is_confirmed(situation, CALENDAR)

    listed = replace(situation, listed=Listed(MARCH + 8, BEGAN))
    assert next_step(listed, LISTS, CALENDAR) == ids(4, 7, 8)
    assert is_confirmed(listed, CALENDAR)


def test_a_list_that_is_not_whole_confirms_nothing_and_is_read_again_by_the_next_run() -> None:
    situation = coverage(WITHOUT_WEDNESDAY, readings=ALL_READ)
    broken = replace(situation, listed=Listed(None, BEGAN))
    assert next_step(broken, LISTS, CALENDAR) == ids(4)
    assert not is_confirmed(broken, CALENDAR)
    before = replace(situation, listed=Listed(None, BEFORE))
    assert next_step(before, LISTS, CALENDAR) == ReadList(TUE)


def test_a_day_before_that_only_held_papers_show_was_not_seen() -> None:
    assert not begins(coverage([point(2, MON), *POINTS[2:]], readings=READ), CALENDAR)
    assert begins(coverage([point(2, MON), *POINTS[2:]], readings=ALL_READ), CALENDAR)
