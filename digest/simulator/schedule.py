"""When invented papers are submitted, held and announced: the numbers of a corpus without texts.

Each announcement day has a batch. Most of its papers came in during the day's submission window;
some were held by moderation and are older. Ids are given at announcement, in one sequence a
month; the month is that of the cutoff day in New York. Within a batch ids ascend with submission
time, held papers first as they are older; a few of these stand in between (arXiv's listings of
2024 to 2026).
"""

from __future__ import annotations

from array import array
from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import date
from itertools import pairwise
from random import Random
from typing import Final

from digest.fetcher.calendar import Calendar
from digest.model import Window, base_of

_DAY: Final = 86_400

#: Of the held papers, the share that came in longer than so many days before the batch's window,
#: from 22,589 papers of 2024 to 2026; linear in between. The longest lag seen is 245 days.
_LAGS: Final = (
    (0.0, 1.0),
    (0.02, 0.972),
    (0.25, 0.875),
    (1.0, 0.696),
    (3.0, 0.483),
    (7.0, 0.253),
    (14.0, 0.143),
    (30.0, 0.027),
    (60.0, 0.0078),
    (120.0, 0.0033),
    (245.0, 0.0),
)

#: The share of the held papers that stand in between: 3.2 % in 545 batches.
_ASTRAY: Final = 0.032

#: How busy a day is, from Monday on. Tuesday's batch has a weekend in it.
_WEEKDAYS: Final = (0.92, 1.09, 1.04, 1.0, 0.95)

_LARGEST_NUMBER: Final = 99_999


@dataclass(slots=True)
class Schedule:
    """Columns by work, in the order of ids: sequence number, first submission and announcement.

    `submitted` is in seconds since 1970, `announced` an ordinal day; `revised` has the submission
    times of later versions for the few works that have some.
    """

    sequence: array[int] = field(default_factory=lambda: array("q"))
    submitted: array[int] = field(default_factory=lambda: array("q"))
    announced: array[int] = field(default_factory=lambda: array("l"))
    revised: dict[int, tuple[int, ...]] = field(default_factory=dict)
    absent: set[str] = field(default_factory=set)


@dataclass(frozen=True, slots=True)
class Habits:
    """How authors and moderators behave: see `Corpus.generate`."""

    per_day: int
    held: float
    revised: float
    absent: float


def announce(rng: Random, calendar: Calendar, first: date, last: date, habits: Habits) -> Schedule:
    """Invent every batch from `first` to `last`."""
    schedule = Schedule()
    place = 0
    for day in calendar.days(first, last):
        window = calendar.window(day)
        assert window is not None  # noqa: S101  an announcement day has a window
        month = calendar.first_place(day)
        place = max(place, month)
        for submitted in _batch(rng, window, day, habits):
            place += 1
            while rng.random() < habits.absent:
                schedule.absent.add(base_of(place))
                place += 1
            if place - month > _LARGEST_NUMBER:
                raise ValueError(f"more than {_LARGEST_NUMBER} papers in a month: {day:%Y-%m}")
            if rng.random() < habits.revised:
                schedule.revised[len(schedule.sequence)] = tuple(_revisions(rng, submitted))
            schedule.sequence.append(place)
            schedule.submitted.append(submitted)
            schedule.announced.append(day.toordinal())
    return schedule


def _batch(rng: Random, window: Window, day: date, habits: Habits) -> Sequence[int]:
    """The submission times of a batch in the order of its ids."""
    size = habits.per_day * _WEEKDAYS[day.weekday()] * rng.uniform(0.97, 1.03)
    held = round(size * habits.held)
    in_time = max(1, round(size) - held)
    start, end = int(window.start.timestamp()), int(window.end.timestamp())
    times = sorted(rng.randrange(start, end) for _ in range(in_time))
    for index in range(1, in_time):
        if rng.random() < 1 / 100:  # equal times occur: arXiv has seconds only
            times[index] = times[index - 1]
    ahead: list[int] = []
    for _ in range(held):
        submitted = start - 1 - int(_lag(rng) * _DAY)
        if rng.random() >= _ASTRAY:
            ahead.append(submitted)
        else:  # never behind the last in-time paper: it could not be told from the next day's
            times.insert(rng.randrange(len(times)), submitted)
    return sorted(ahead) + times


def _lag(rng: Random) -> float:
    """How many days before the window a held paper came in."""
    chance = 1 - rng.random()
    for (shorter, above), (longer, below) in pairwise(_LAGS):
        if chance > below:
            return longer - (chance - below) / (above - below) * (longer - shorter)
    return _LAGS[-1][0]


def _revisions(rng: Random, submitted: int) -> Iterator[int]:
    """When the later versions came: a tenth within a day, the others over weeks and months."""
    second = submitted + (rng.randrange(600, _DAY) if rng.random() < 1 / 10 else _weeks(rng))
    yield second
    if rng.random() < 1 / 7:
        yield second + _weeks(rng)


def _weeks(rng: Random) -> int:
    return _DAY + int(min(rng.expovariate(1 / 40), 400.0) * _DAY)
